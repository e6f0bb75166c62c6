/*
 * Bulk ingest: files and folders into a store, by a crew of workers. The store holds the plan (what is to be
 * done, by whom, what came out); this process walks, hashes, hands out and writes down, and can be killed at
 * any moment: the next run goes on. cli/ may include this.
 */
#ifndef TOLKA_INGEST_INGEST_H
#define TOLKA_INGEST_INGEST_H

#include "base/error.h"
#include "ingest/store.h"
#include "schema/pipeline.h"

#include <signal.h>
#include <stdint.h>

/* How far a run has come. */
struct tolka_ingest_counts {
    int64_t files;     /* looked at */
    int64_t queued;    /* taken in to be done: new, changed or done anew */
    int64_t unchanged; /* done before, by the same recipe: nothing to do */
    int64_t failed_before;
    int64_t duplicates; /* the same content under another path */
    int64_t missing;    /* could not be taken in, or vanished before they were read */
    int64_t other;      /* in folders, of no kind that is read */
    int64_t reports_done, with_problems, reports_failed;
    int64_t pages_done, pages_failed;
    int64_t reports_left, pages_left; /* known so far; pages of reports not yet opened are not */
    int64_t reports_opened, pages_opened;
    int64_t workers_lost, workers_replaced;
    double seconds;
    bool walking;     /* there may be more files */
    bool interrupted; /* by a person; what is left is in the store */
};

enum tolka_ingest_event_kind {
    TOLKA_INGEST_TICK,    /* a good moment to show the counts */
    TOLKA_INGEST_PAGE,    /* a page came back from a worker */
    TOLKA_INGEST_REPORT,  /* a report is finished and stored */
    TOLKA_INGEST_PROBLEM, /* of a page, a report (page 0) or a file */
    TOLKA_INGEST_NOTICE,  /* something a person should know: `message` */
};

/* Borrowed for the call. */
struct tolka_ingest_event {
    enum tolka_ingest_event_kind kind;
    const char *path;
    int page;
    const char *code, *message;
    const struct tolka_ingest_counts *counts;
};

struct tolka_ingest_options {
    struct tolka_store *store; /* open for writing */
    const struct tolka_store_recipe *recipe;
    const struct tolka_pipeline *pipeline;
    char *const *paths;
    int path_count;
    int jobs, page_timeout_s;
    bool redo;         /* do again what is done */
    bool retry_failed; /* do again what failed as a whole */
    bool watch;        /* go on with what comes, until interrupted */
    bool enqueue_only; /* take files in and do nothing of the work */
    bool upload;       /* of a shared store: keep the files in it too */
    bool worker;       /* of a shared store: VERSION when all that waits is another recipe's */
    bool stay;         /* wait for more work when nothing is left, until interrupted */
    /* Set by signal handlers, NULL: never. Interrupted once: finish what is in hand; twice: stop now. Woken:
     * walk again (watch). */
    const volatile sig_atomic_t *interrupts, *wakes;
    const sigset_t *mask; /* what to let in while waiting, NULL: as it is */
    /* Called when `visitor_fd` has something to read; -1 or 0: there is none. */
    int visitor_fd;
    void (*on_visitor)(int fd, const struct tolka_ingest_counts *counts, void *data);
    void (*on_event)(const struct tolka_ingest_event *event, void *data);
    void *data;
};

/*
 * Takes everything in and does all work that waits in the store, other runs' leftovers too. `*counts` is
 * filled in any case. Errors: the store's, and IO or LIBRARY when no worker can be started.
 */
enum tolka_status tolka_ingest_run(const struct tolka_ingest_options *options,
                                   struct tolka_ingest_counts *counts, struct tolka_error *err);

#endif
