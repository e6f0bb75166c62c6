/*
 * `tolka serve`: an archive in a browser. The only file behind this header that knows of HTTP's library is
 * server.c. cli/ may include this.
 */
#ifndef TOLKA_SERVE_SERVER_H
#define TOLKA_SERVE_SERVER_H

#include "base/error.h"
#include "schema/rules.h"

#include <stdbool.h>

struct tolka_server_options {
    const char *store;        /* borrowed as long as the server runs */
    const char *address;      /* to listen at: "127.0.0.1", "::1", "0.0.0.0", ... */
    int port;                 /* 0: any that is free */
    const char *const *hosts; /* further names, as browsers call us: "arkiv.example" or with a port */
    int host_count;
    const char *key; /* 32 hexadecimal digits; NULL: a new one */
    bool read_only;
    const struct tolka_rules *rules; /* for checks that are made anew; NULL with read_only */
    int threads;                     /* 0: a good number */
};

struct tolka_server;

/* Starts to answer, in threads of its own. `*out` is the caller's to stop. Errors: those of opening the
 * store; IO: it cannot listen there; ARGUMENT: the address, a host or the key is none. */
enum tolka_status tolka_server_start(const struct tolka_server_options *options, struct tolka_server **out,
                                     struct tolka_error *err);

/* Where a browser finds it, key and all: "http://127.0.0.1:8017/KEY/". */
const char *tolka_server_url(const struct tolka_server *server);

/* Lets the requests in hand be answered, and ends. NULL allowed. */
void tolka_server_stop(struct tolka_server *server);

#endif
