/*
 * What the files of the ingest share: ingest.c (the loop), feed.c (files in), desk.c (work out to workers),
 * results.c (answers into the store), shelf.c (files that are open). ingest/ only.
 */
#ifndef TOLKA_INGEST_INGEST_INT_H
#define TOLKA_INGEST_INGEST_INT_H

#include "ingest/crew.h"
#include "ingest/ingest.h"
#include "ingest/shelf.h"
#include "ingest/walk.h"
#include "ingest/watch.h"

#include <stdbool.h>

enum { TOLKA_FEED_MAX = 256, TOLKA_HELD_MAX = 512, TOLKA_KEEP_MAX = 16, TOLKA_CLAIM_MAX = 512 };

/* A file that waits to be written into the store. */
struct tolka_fed {
    char *path; /* owned */
    char sha256[65];
    int64_t bytes, modified_ns;
    char *problem; /* owned; why it cannot be taken in, NULL: it can */
};

/* A worker's answer that waits to be written into the store. */
struct tolka_held {
    struct tolka_work work;
    enum tolka_status status;
    int pages;
    bool damaged;
    char *bytes; /* owned */
    size_t length;
    const char *code, *stage;
    char *message; /* owned */
    int signal;
    double seconds;
};

/* Work in a worker's hands. */
struct tolka_flight {
    struct tolka_work work;
    int parcel_fd; /* of FINISH, else -1 */
    bool used;
};

/* Work that this run holds and nobody has begun. A ring. */
struct tolka_queue {
    struct tolka_work *items;
    size_t first, count, capacity;
};

struct tolka_ingest {
    const struct tolka_ingest_options *options;
    struct tolka_store *store;
    struct tolka_crew *crew;
    struct tolka_error *err;
    struct tolka_ingest_counts counts;
    int64_t begun_ms, beat_ms, tick_ms, recipe_ms;

    struct tolka_walk *walk;
    bool walking;
    struct tolka_watch *watch;
    struct tolka_fed fed[TOLKA_FEED_MAX];
    size_t fed_count;

    struct tolka_held held[TOLKA_HELD_MAX];
    size_t held_count, held_bytes;
    int64_t held_since_ms;

    struct tolka_queue finishes, waiting;
    int clashes;    /* with others at the same rows, in a row */
    int64_t dry_ms; /* when the store had no work to claim; 0: it may have */
    double rate;    /* answers a second, smoothed */
    int64_t rate_ms;
    int answers; /* since rate_ms */

    struct tolka_flight flights[TOLKA_MAX_JOBS];
    struct tolka_shelf shelf;
    bool alone;   /* a suspect is in hand (desk.c): nothing else may be */
    int64_t told; /* the last report that was said to be gone */
};

void tolka_ingest_tell(struct tolka_ingest *in, enum tolka_ingest_event_kind kind, const char *path, int page,
                       const char *code, const char *message);

/* queue: false when out of memory, `work` is released then. Pop gives the work to the caller; false when
 * empty. */
bool tolka_queue_push(struct tolka_queue *queue, const struct tolka_work *work);
bool tolka_queue_pop(struct tolka_queue *queue, struct tolka_work *work);
const struct tolka_work *tolka_queue_first(const struct tolka_queue *queue); /* borrowed; NULL when empty */
void tolka_queue_release(struct tolka_queue *queue);
void tolka_queue_cut(struct tolka_queue *queue,
                     size_t count); /* releases the last ones, until `count` are left */

/* feed.c: walks and hashes for a moment; puts what was fed into the store, within a batch; forgets it. */
enum tolka_status tolka_feed_step(struct tolka_ingest *in);
enum tolka_status tolka_feed_path(struct tolka_ingest *in, const char *path, const struct stat *info);
enum tolka_status tolka_feed_problem(struct tolka_ingest *in, const char *path, const char *message);
enum tolka_status tolka_feed_store(struct tolka_ingest *in);
void tolka_feed_clear(struct tolka_ingest *in);

/* outage.c: after an error: true when the store was out of reach and is back; the error is cleared then. */
bool tolka_ingest_recover(struct tolka_ingest *in);

/* desk.c: gives work to the crew while it has room. */
enum tolka_status tolka_desk_hand_out(struct tolka_ingest *in);

/* results.c: the crew's call-back; takes work down as failed that is not even tried (`code` is static); puts
 * what is held into the store, within a batch; forgets it. */
void tolka_results_take(const struct tolka_task *task, const struct tolka_answer *answer, void *data);
void tolka_results_refuse(struct tolka_ingest *in, struct tolka_work *work, const char *code,
                          const char *message);
enum tolka_status tolka_results_store(struct tolka_ingest *in);
void tolka_results_clear(struct tolka_ingest *in);

#endif
