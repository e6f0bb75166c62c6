/*
 * The store: reports, their work and their records in a database. What ingest, facts, search, export and
 * status know of it is this header; the engine behind it (SQLite today) is chosen by the store's name.
 * ingest/ and cli/ may include this.
 *
 * A store holds *files* (a path and the content that lay there), *reports* (one a content, by its SHA-256),
 * the *work* that is left of them, and for every finished report its record: the exact JSON of `tolka
 * convert` and rows for SQL (docs/store.md).
 *
 * Work of a report, in this order: OPEN (how many pages?), a PAGE each, FINISH (the report half over all
 * pages that came out). Work is claimed by a run, with a lease: a run that dies loses its claims to others.
 * Results are only taken from the run that holds the claim.
 *
 * Every call that writes is one transaction, durable when it returns; between begin and commit many calls are
 * one. A handle belongs to one thread and to the process that opened it: a forked child must not touch it.
 *
 * Errors, besides MEMORY and ARGUMENT, all with the store's name in the message:
 *   IO      it cannot be read or written (missing, no right, read-only, a broken disk)
 *   FULL    no space left; nothing of this transaction was written
 *   LOCKED  another program kept it locked for longer than we wait; try again
 *   FORMAT  no store of ours, or damaged
 *   VERSION made by a newer program
 *   LIMIT   the store cannot hold what it was given (too large, or against its rules)
 *   STALE   the claim is not ours any longer (its lease ran out, or the report was queued anew): drop the
 * result, go on
 */
#ifndef TOLKA_INGEST_STORE_H
#define TOLKA_INGEST_STORE_H

#include "base/error.h"
#include "base/strbuf.h"
#include "schema/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tolka_store;

/* ---- Open and close ---- */

enum tolka_store_mode {
    TOLKA_STORE_READ,   /* must exist; nothing is written, so a store of an older program is refused */
    TOLKA_STORE_WRITE,  /* must exist; brought to this program's schema */
    TOLKA_STORE_CREATE, /* made when it is not there */
};

/* Opens the store called `name`: the path of an SQLite file. `*out` is the caller's to close. */
enum tolka_status tolka_store_open(const char *name, enum tolka_store_mode mode, struct tolka_store **out,
                                   struct tolka_error *err);

/* Closes; an open batch is undone, a run that did not end keeps its claims until its lease is over. NULL
 * allowed. */
void tolka_store_close(struct tolka_store *store);

/*
 * A batch: the calls between begin and commit are one transaction, which is far quicker for many small ones.
 * It keeps other writers out, so it should last milliseconds, not wait for work. A call that fails inside a
 * batch with another error than STALE undoes the whole batch (commit then fails too). Rollback undoes it at
 * will, and does nothing without a batch. A record that the store cannot hold (LIMIT of put_record and
 * replace_record) undoes nothing but its own call.
 */
enum tolka_status tolka_store_begin(struct tolka_store *store, struct tolka_error *err);
enum tolka_status tolka_store_commit(struct tolka_store *store, struct tolka_error *err);
void tolka_store_rollback(struct tolka_store *store);

/* ---- A run: who works, and how ---- */

/* With what reports are read; what was done by the same recipe is not done again. All strings are borrowed
 * for the call. */
struct tolka_store_recipe {
    const char *program;      /* TOLKA_VERSION */
    const char *model_sha256; /* "" without a model */
    const char *rules_sha256;
    const char *options; /* what else changes a record, in a fixed order: "ocr=auto pages=1-3"; "" for none */
};

/*
 * Begins this handle's run (one at a time). Claims last `lease_s` seconds and as long as the heart beats.
 * Takes back the claims of runs whose lease is over, and at once those of runs of this machine whose process
 * is gone.
 */
enum tolka_status tolka_store_run_begin(struct tolka_store *store, const struct tolka_store_recipe *recipe,
                                        int lease_s, struct tolka_error *err);

/*
 * To be called at least three times in a lease: extends it, and takes back the claims of the dead. A run that
 * came too late (a machine that slept) has lost its claims: their results give STALE; it can go on claiming.
 */
enum tolka_status tolka_store_run_beat(struct tolka_store *store, struct tolka_error *err);

/* Ends the run and gives back its claims. */
enum tolka_status tolka_store_run_end(struct tolka_store *store, struct tolka_error *err);

/* ---- Files in ---- */

struct tolka_store_source {
    const char *path;   /* as given by the user: it goes into the record. Any bytes but NUL */
    const char *sha256; /* 64 hex digits */
    int64_t bytes;
    int64_t modified_ns; /* time of last change, to know an unchanged file again without reading it */
    int pages;           /* 0: not known, OPEN comes first */
};

enum tolka_store_enqueue_flag {
    TOLKA_STORE_REDO = 1,         /* do it again even if it is done (unless it was queued in this very run) */
    TOLKA_STORE_RETRY_FAILED = 2, /* do it again if it failed as a whole */
};

enum tolka_store_answer {
    TOLKA_STORE_QUEUED,    /* new content, or content that is done anew: another recipe, REDO, RETRY_FAILED */
    TOLKA_STORE_CHANGED,   /* queued, and another content was known under this path: that report is superseded
                              (if no other path has it) */
    TOLKA_STORE_WAITING,   /* queued already, perhaps in part done */
    TOLKA_STORE_DONE,      /* done by this recipe: nothing to do */
    TOLKA_STORE_FAILED,    /* failed as a whole by this recipe: nothing to do */
    TOLKA_STORE_DUPLICATE, /* the same content is known under another path: recorded, nothing more to do */
};

enum { TOLKA_STORE_SHORT_PATH = 640 };

/* Takes a file in. Needs a run. Enqueue in a fixed order (sorted paths): the first path of a content is the
 * one its record names. LIMIT when the path is too long for the store, which undoes nothing else; up to
 * TOLKA_STORE_SHORT_PATH bytes are not. */
enum tolka_status tolka_store_enqueue(struct tolka_store *store, const struct tolka_store_source *source,
                                      unsigned flags, enum tolka_store_answer *answer,
                                      struct tolka_error *err);

/* Writes the SHA-256 that `path` had when it was taken in with this size and time of change; "" when it is
 * not known as such. */
enum tolka_status tolka_store_known_sha256(struct tolka_store *store, const char *path, int64_t bytes,
                                           int64_t modified_ns, char sha256[65], struct tolka_error *err);

/* What went wrong with a report, a page of it, or a file that could not even be taken in. Borrowed strings.
 */
struct tolka_store_problem {
    int page;         /* 0: the report or file as a whole */
    const char *code; /* snake_case: "crash", "timeout", "unreadable", ... */
    const char *message;
    const char *stage; /* what the worker was at: "open", "recognize", ...; NULL unknown */
    int signal;        /* that killed the worker; 0: none */
    double seconds;    /* spent on it; 0 unknown. Not part of the dump */
};

/* A file that cannot be taken in (missing, unreadable, a broken link): kept by path until it can be. One a
 * path, of which a shared store keeps the first TOLKA_STORE_SHORT_PATH bytes. Needs no run; within one, a
 * report that waits for this file is queued anew as of the next path with its content. */
enum tolka_status tolka_store_put_missing(struct tolka_store *store, const char *path,
                                          const struct tolka_store_problem *problem, struct tolka_error *err);

/* ---- Work out, results in ---- */

enum tolka_work_kind { TOLKA_WORK_OPEN, TOLKA_WORK_PAGE, TOLKA_WORK_FINISH };

enum { TOLKA_STORE_SUSPECT = 3 }; /* losses from which on work is suspected to take its holder down */

struct tolka_work {
    int64_t report; /* the store's number of it */
    enum tolka_work_kind kind;
    int page;    /* of PAGE, from 1; else 0 */
    int attempt; /* 1 the first time; one more after each tolka_store_fail with `again` */
    int lost; /* runs that died while they held it: their own fault most of the time, but not of a page that
                 kills its host */
    int64_t claim; /* which claim this is: a fence against late results */
    int pages;     /* of the report; 0 while not known */
    int64_t bytes;
    char sha256[65];
    char *path; /* owned: tolka_work_release */
};

/* Frees what `work` holds; it is all-zero afterwards. The claim is not given back. */
void tolka_work_release(struct tolka_work *work);

/*
 * Claims up to `max` pieces of work of this run's recipe into `work`, reports in the order they came in,
 * pages in order, so that the pages of a report stay together; `*count` says how many (0: nothing waits,
 * though others may hold some: see tolka_store_queue).
 */
enum tolka_status tolka_store_claim(struct tolka_store *store, struct tolka_work *work, size_t max,
                                    size_t *count, struct tolka_error *err);

/* Counts an attempt before it is begun, and keeps the claim: work that takes its host down says in `attempt`
 * how often, when it is claimed again. Not within a batch. */
enum tolka_status tolka_store_count_attempt(struct tolka_store *store, const struct tolka_work *work,
                                            struct tolka_error *err);

/* Gives a claim back untried. */
enum tolka_status tolka_store_release(struct tolka_store *store, const struct tolka_work *work,
                                      struct tolka_error *err);

/*
 * Result of OPEN: the report has `pages` pages (1 or more), its PAGE work exists now. Pages 1 .. `keep` of
 * them are claimed for this run at once, into `work_out[0 .. keep-1]` (keep 0 and NULL: none); `keep` is at
 * most `pages`.
 */
enum tolka_status tolka_store_opened(struct tolka_store *store, const struct tolka_work *work, int pages,
                                     int keep, struct tolka_work *work_out, struct tolka_error *err);

/*
 * Result of PAGE: its packed bytes (extract/pagepack.h). `finish` (NULL allowed) is filled with the FINISH
 * work, claimed for this run, when this was the last page of the report that was left, else it is all-zero.
 * Putting the same result again is OK and changes nothing.
 */
enum tolka_status tolka_store_put_page(struct tolka_store *store, const struct tolka_work *work,
                                       const void *bytes, size_t length, struct tolka_work *finish,
                                       struct tolka_error *err);

/* Adds a problem to a report without deciding the work: a damaged file that was mended. The same page, code
 * and message only once. */
enum tolka_status tolka_store_note(struct tolka_store *store, const struct tolka_work *work,
                                   const struct tolka_store_problem *problem, struct tolka_error *err);

/*
 * Work that failed. With `again` it waits for another attempt. Without, the problem is recorded and the work
 * is over: a PAGE is missing from its report (`finish` as in put_page); after OPEN or FINISH the report as a
 * whole is failed.
 */
enum tolka_status tolka_store_fail(struct tolka_store *store, const struct tolka_work *work,
                                   const struct tolka_store_problem *problem, bool again,
                                   struct tolka_work *finish, struct tolka_error *err);

/* For FINISH: calls `take` with the packed bytes of each page that came out, in page order. `take` returns
 * false to stop. */
enum tolka_status tolka_store_each_page(struct tolka_store *store, const struct tolka_work *work,
                                        bool (*take)(int page, const void *bytes, size_t length, void *data),
                                        void *data, struct tolka_error *err);

/* For FINISH: the problems noted so far, by page (0 first), code and message: they belong into the record. */
enum tolka_status tolka_store_each_problem(struct tolka_store *store, const struct tolka_work *work,
                                           bool (*take)(const struct tolka_store_problem *problem,
                                                        void *data),
                                           void *data, struct tolka_error *err);

/*
 * Result of FINISH: the record with its exact JSON (what `convert` writes). Rows and full text are made from
 * `record`; those of an earlier record of the report are replaced, its packed pages and work are dropped.
 */
enum tolka_status tolka_store_put_record(struct tolka_store *store, const struct tolka_work *work,
                                         const struct tolka_record *record, const void *json,
                                         size_t json_length, struct tolka_error *err);

/* Replaces the record of a finished report outside of work (corrections by a person). ARGUMENT when `report`
 * has none. */
enum tolka_status tolka_store_replace_record(struct tolka_store *store, int64_t report,
                                             const struct tolka_record *record, const void *json,
                                             size_t json_length, struct tolka_error *err);

/* What is left to do by this run's recipe, in pieces of work as known now. */
struct tolka_store_queue {
    int64_t waiting; /* can be claimed */
    int64_t mine;    /* claimed by this run */
    int64_t others;  /* claimed by others, who may die */
};
enum tolka_status tolka_store_queue(struct tolka_store *store, struct tolka_store_queue *queue,
                                    struct tolka_error *err);

/* ---- Looking in ---- */

struct tolka_store_counts {
    int64_t files, duplicates,
        missing; /* paths; those that share a report with an earlier one; those not taken in */
    int64_t reports, waiting, working, done, failed, superseded; /* `done` with problems too */
    int64_t with_problems;                                       /* of `done` */
    int64_t pages_done, pages_failed, pages_left;                /* left: of opened reports */
    int64_t facts;
    int64_t runs_alive;
    double pages_per_s; /* of the last run that did pages; 0 unknown */
};
enum tolka_status tolka_store_count(struct tolka_store *store, struct tolka_store_counts *counts,
                                    struct tolka_error *err);

/* Calls `take` with each code of problem there is and how often, by code: of reports, of pages, of files that
 * were not taken in. */
enum tolka_status tolka_store_each_problem_code(struct tolka_store *store,
                                                bool (*take)(const char *code, int64_t count, void *data),
                                                void *data, struct tolka_error *err);

/* Calls `take` with each problem and the path of its report or file, by path and page. */
enum tolka_status tolka_store_all_problems(struct tolka_store *store,
                                           bool (*take)(const char *path,
                                                        const struct tolka_store_problem *problem,
                                                        void *data),
                                           void *data, struct tolka_error *err);

/* Calls `take` with each path whose content is that of a report that another path names, by that path. */
enum tolka_status tolka_store_each_duplicate(struct tolka_store *store,
                                             bool (*take)(const char *path, const char *same, void *data),
                                             void *data, struct tolka_error *err);

/*
 * Calls `take` with each report whose text is nearly that of another with the same period, in the order of
 * reports: the same paper scanned twice, most likely. `like` is the first of them by path, `likeness` the
 * share of text in common, 0.5 to 1.
 */
enum tolka_status tolka_store_each_near_duplicate(struct tolka_store *store,
                                                  bool (*take)(const char *path, const char *like,
                                                               double likeness, void *data),
                                                  void *data, struct tolka_error *err);

enum tolka_report_state {
    TOLKA_REPORT_WAITING,
    TOLKA_REPORT_WORKING,
    TOLKA_REPORT_DONE,
    TOLKA_REPORT_FAILED,
    TOLKA_REPORT_SUPERSEDED
};

/* A report as listed. Borrowed for the call; NULL: the report does not say. */
struct tolka_store_report {
    int64_t report;
    enum tolka_report_state state;
    bool has_record;
    const char *path, *sha256;
    int64_t bytes;
    int pages, problems;
    const char *kind, *title, *organisation, *orgnr, *period_from, *period_to;
};

/* Calls `take` with each report that is not superseded, by path. `take` returns false to stop. */
enum tolka_status tolka_store_each_report(struct tolka_store *store,
                                          bool (*take)(const struct tolka_store_report *report, void *data),
                                          void *data, struct tolka_error *err);

/* Which facts; NULL or empty: any. Dates are ISO 8601, texts are compared without regard to case. */
struct tolka_store_filter {
    const char *kind; /* of the table */
    const char *report_kind;
    const char *item;
    const char *organisation; /* a part of its name, or its number */
    const char *from,
        *to; /* the fact's period (its column's, else its report's) ends in from .. to, both included */
    const char *status;
};

/*
 * Calls `take` with each fact, in the same shape as `convert` writes them (schema/write.h), in an order that
 * depends on the store and the filter alone: by report and reading order, or by period first where that is
 * how they are found. `take` returns false to stop.
 */
struct tolka_fact;
enum tolka_status tolka_store_each_fact(struct tolka_store *store, const struct tolka_store_filter *filter,
                                        bool (*take)(const struct tolka_fact *fact, void *data), void *data,
                                        struct tolka_error *err);

/* A page that holds the words. Borrowed for the call. */
struct tolka_store_hit {
    int64_t report;
    int page;
    const char *path, *sha256, *organisation, *title, *period_to;
    const char *snippet; /* some words around, the hits between U+0002 and U+0003 */
};

/*
 * Searches the pages' text for all of `words` (any text: it is taken as words, "in quotes" as a phrase, word*
 * as a beginning). The first hundred pages, or `limit` if that is more, in the order of reports: those that
 * hold the words most often come first. ARGUMENT when there is no word in it.
 */
enum tolka_status tolka_store_search(struct tolka_store *store, const char *words, size_t limit,
                                     bool (*take)(const struct tolka_store_hit *hit, void *data), void *data,
                                     struct tolka_error *err);

/* Appends the JSON of a finished report's record, byte for byte as it was put. ARGUMENT when `report` has
 * none. */
enum tolka_status tolka_store_read_json(struct tolka_store *store, int64_t report, struct tolka_strbuf *out,
                                        struct tolka_error *err);

/*
 * Appends the store's contents as text in an order and with names of their own: the same for two stores with
 * the same files and records, whatever the order, times, runs and numbers. For tests.
 */
enum tolka_status tolka_store_dump(struct tolka_store *store, struct tolka_strbuf *out,
                                   struct tolka_error *err);

#endif
