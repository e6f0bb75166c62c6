/*
 * The crew: worker processes that are started once, shut in (sandbox.h), used for many pages and files,
 * watched, and replaced. Its user gives it tasks as long as it has room and attends to it; results come by
 * call-back. The calling process never parses a file.
 *
 * A worker that dies or hangs is replaced and its task tried once more, alone: in a fresh worker that does
 * nothing else before or after, while the others go on. Then the task has failed. A worker that was killed
 * from outside (SIGKILL: a person, the kernel out of memory) says less of its task, so that is tried more
 * often.
 *
 * Time is what the worker had of it. While the master itself stood still (stopped, or kept busy elsewhere) no
 * deadline comes nearer; a worker that is ready to run but is not let, or is stopped, is given more, up to a
 * bound. ingest/ only.
 */
#ifndef TOLKA_INGEST_CREW_H
#define TOLKA_INGEST_CREW_H

#include "base/error.h"
#include "schema/pipeline.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

enum { TOLKA_MAX_JOBS = 256 };

enum tolka_task_kind {
    TOLKA_TASK_OPEN,   /* how many pages does the file have? */
    TOLKA_TASK_PAGE,   /* one page of the file */
    TOLKA_TASK_REPORT, /* a report of a parcel (report.h) */
};

struct tolka_task {
    enum tolka_task_kind kind;
    int64_t file;     /* the file's number, above 0: a worker keeps its last file open for further pages */
    int fd;           /* borrowed until the answer: the file, or the parcel */
    const char *name; /* borrowed until the answer: the file's, for messages */
    int page;
    int timeout_s; /* by the clock, and of processor */
    void *data;    /* the caller's own */
};

/* How a task ended. Borrowed for the call. */
struct tolka_answer {
    enum tolka_status status;
    int pages;         /* of OPEN */
    bool damaged;      /* of OPEN */
    const char *bytes; /* of PAGE and REPORT */
    size_t length;
    const char *code; /* when it failed: "crash", "timeout", "unreadable", ... static */
    const char *message;
    const char *stage; /* what the worker was at when it was lost; NULL unknown */
    int signal;        /* that ended the worker, 0 none */
    double seconds;    /* from the order to the answer */
};

struct tolka_crew_options {
    const struct tolka_pipeline *pipeline;
    int jobs;          /* workers, 1..TOLKA_MAX_JOBS */
    int recycle_tasks; /* a worker is replaced after so many; 0: a good number */
    int recycle_mb;    /* and when it holds so much memory; 0: a good number */
    void (*on_answer)(const struct tolka_task *task, const struct tolka_answer *answer, void *data);
    void *data;
};

struct tolka_crew;

/* An empty crew: workers are started when there is work. `options` is copied. NULL when out of memory. */
struct tolka_crew *tolka_crew_new(const struct tolka_crew_options *options);

/* True when a task can be given. */
bool tolka_crew_has_room(const struct tolka_crew *crew);

/* Tasks in hand. */
int tolka_crew_busy(const struct tolka_crew *crew);

/* Gives a task to a worker that has its file open, else to a free or new one. Error IO: no worker could be
 * started. */
enum tolka_status tolka_crew_give(struct tolka_crew *crew, const struct tolka_task *task,
                                  struct tolka_error *err);

/*
 * Waits for `wait_ms` at most for answers, deaths and deadlines and acts on them; returns early when one of
 * `others` (NULL, 0: none) has events, or a signal comes that `mask` (NULL: as it is) lets in. Error IO or
 * LIBRARY: workers cannot be started or shut in.
 */
enum tolka_status tolka_crew_attend(struct tolka_crew *crew, int wait_ms, struct pollfd *others,
                                    nfds_t other_count, const sigset_t *mask, struct tolka_error *err);

/* Forgets every task and file without an answer: their workers are killed. */
void tolka_crew_abandon(struct tolka_crew *crew);

/* Workers lost over their task, and workers replaced by plan, so far. */
void tolka_crew_statistics(const struct tolka_crew *crew, int *lost, int *replaced);

/* Ends all workers and frees. NULL allowed. */
void tolka_crew_free(struct tolka_crew *crew);

#endif
