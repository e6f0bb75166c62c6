/*
 * What all pages of a running server share: the store's name, who may write, and counts that are not made
 * anew for each page. Safe from several threads. serve/ only.
 */
#ifndef TOLKA_SERVE_SITE_H
#define TOLKA_SERVE_SITE_H

#include "ingest/store.h"
#include "schema/rules.h"
#include "serve/security.h"

#include <pthread.h>

struct tolka_site {
    const char *store_name; /* borrowed */
    const struct tolka_rules *rules;
    bool read_only;
    char key[TOLKA_SECRET_LENGTH + 1];   /* in every address */
    char token[TOLKA_SECRET_LENGTH + 1]; /* in every form */
    struct tolka_hosts hosts;
    pthread_key_t stores; /* a connection a thread */
    pthread_mutex_t lock; /* of what follows */
    struct tolka_store_counts counts;
    int64_t counted_ms;      /* 0: not yet */
    pthread_mutex_t drawing; /* of pictures */
    pthread_mutex_t writing;
    struct tolka_store *writer; /* opened when first needed */
};

/* Fills the site; `key` NULL: a new one is made. Errors as tolka_store_open and tolka_secret_make. */
enum tolka_status tolka_site_init(struct tolka_site *site, const char *store_name, bool read_only,
                                  const char *key, const struct tolka_rules *rules, struct tolka_error *err);

/* Closes what it has, but for the connections of other threads: those close as their threads end. */
void tolka_site_release(struct tolka_site *site);

/* This thread's connection for reading; NULL with an error. Closed when the thread ends. */
struct tolka_store *tolka_site_store(struct tolka_site *site, struct tolka_error *err);

/* The store's counts, a few seconds old at most. */
enum tolka_status tolka_site_count(struct tolka_site *site, struct tolka_store *store,
                                   struct tolka_store_counts *counts, struct tolka_error *err);

/* The connection for writing, held by this thread until it is given back (always, also after an error). NULL
 * with an error. */
struct tolka_store *tolka_site_hold_writer(struct tolka_site *site, struct tolka_error *err);
void tolka_site_give_writer(struct tolka_site *site);

#endif
