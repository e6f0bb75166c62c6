/*
 * What a store needs that many machines work on (PostgreSQL): a connection that may be lost, news of work,
 * files that not all machines see. For a store of SQLite these do nothing, or say so. ingest/ and cli/ may
 * include this.
 */
#ifndef TOLKA_INGEST_STORE_SHARE_H
#define TOLKA_INGEST_STORE_SHARE_H

#include "ingest/store.h"

/* True for a store that several machines may write to at the same time. */
bool tolka_store_is_shared(const struct tolka_store *store);

/* True when the connection is gone: calls fail with IO until it is opened again. */
bool tolka_store_is_lost(const struct tolka_store *store);

/* Opens the connection again; an open batch is undone, the run goes on (it may have lost its claims
 * meanwhile). */
enum tolka_status tolka_store_reopen(struct tolka_store *store, struct tolka_error *err);

/*
 * Gives back each claim of this run that `is_held` does not know: what was claimed in a transaction of which
 * we never learned that it was committed. `page` is 0 for OPEN, -1 for FINISH.
 */
enum tolka_status tolka_store_reconcile(struct tolka_store *store,
                                        bool (*is_held)(int64_t report, int page, int64_t claim, void *data),
                                        void *data, struct tolka_error *err);

/* VERSION when all that waits is for another recipe than this run's: the message says for which. */
enum tolka_status tolka_store_check_recipe(struct tolka_store *store, struct tolka_error *err);

/* A descriptor that becomes readable when there may be new work, -1 without; and whether it has been so since
 * the last call. */
int tolka_store_wake_fd(const struct tolka_store *store);
bool tolka_store_heard(struct tolka_store *store);

/* Keeps the content of a file in the store, in pieces, until its report is done; nothing is done when it is
 * there. Errors IO and STALE when the file cannot be read, or is not what its hash says. Not within a batch.
 */
enum tolka_status tolka_store_upload(struct tolka_store *store, const char *path, const char *sha256,
                                     struct tolka_error *err);

/* Writes a content that was uploaded to `fd`; `*found` false when the store does not have it. */
enum tolka_status tolka_store_download(struct tolka_store *store, const char *sha256, int fd, bool *found,
                                       struct tolka_error *err);

/*
 * Copies all of `from` into `to`, which is empty: files, reports, records, what waits and what people found.
 * Claims are not copied: what was in hand waits. One transaction. ARGUMENT when `to` is not empty.
 */
enum tolka_status tolka_store_copy(struct tolka_store *from, struct tolka_store *to, struct tolka_error *err);

/* A run that is alive. Borrowed for the call. */
struct tolka_store_run {
    const char *host; /* the machine's name */
    int64_t pid, pages_done, pages_failed, reports_done;
    double pages_per_s;
    double silent_s; /* since its last beat */
};

/* Calls `take` with each run that is alive, by host. `take` returns false to stop. */
enum tolka_status tolka_store_each_run(struct tolka_store *store,
                                       bool (*take)(const struct tolka_store_run *run, void *data),
                                       void *data, struct tolka_error *err);

#endif
