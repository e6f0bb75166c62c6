/* The files that workers read now: each is opened once, and known to be what was hashed. ingest/ only. */
#ifndef TOLKA_INGEST_SHELF_H
#define TOLKA_INGEST_SHELF_H

#include "base/error.h"
#include "ingest/store.h"

enum { TOLKA_SHELF_MAX = 288 }; /* more than workers: a file in use is never closed */

struct tolka_shelf {
    struct tolka_shelf_file {
        int64_t report; /* 0: empty place */
        int fd, users;
        int64_t bytes, modified_ns, used; /* `used`: when last, by count */
    } files[TOLKA_SHELF_MAX];
    int64_t uses;
};

enum tolka_shelf_answer {
    TOLKA_SHELF_OK,
    TOLKA_SHELF_GONE,    /* cannot be opened: the error says why */
    TOLKA_SHELF_CHANGED, /* holds something else than what was hashed */
    TOLKA_SHELF_FAILED,  /* the store failed: the error says why */
};

/* Takes the file of `work` down for use: its descriptor, borrowed until put back, in `*fd`. */
enum tolka_shelf_answer tolka_shelf_take(struct tolka_shelf *shelf, struct tolka_store *store,
                                         const struct tolka_work *work, int *fd, struct tolka_error *err);

/* Puts it back. False when the file changed since it was taken: what was read of it is void. */
bool tolka_shelf_put(struct tolka_shelf *shelf, int64_t report);

/* Closes all. */
void tolka_shelf_clear(struct tolka_shelf *shelf);

#endif
