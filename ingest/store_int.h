/* What the files of the store share. ingest/store*.c only. */
#ifndef TOLKA_INGEST_STORE_INT_H
#define TOLKA_INGEST_STORE_INT_H

#include "ingest/sql.h"
#include "ingest/store.h"

enum {
    PAGE_BITS = 20, /* of a page's id: report << PAGE_BITS | page */
    CELL_BITS = 24, /* of a cell's id: report << CELL_BITS | count of cells before it */
    MAX_PAGES = 1000000,
    FINISH_PAGE = 2147483647, /* stands for FINISH in work.page, after all pages; OPEN is 0 */
    TIME_SIZE = 32,
};

struct tolka_store {
    struct tolka_sql *sql;
    const struct tolka_store_schema *schema;
    const char *name; /* for messages */
    char *address;    /* what it was opened as */
    int patience_ms;
    bool batch, broken; /* within begin and commit; this batch is undone already */
    /* What this transaction has done already, which need not be done twice. Of a shared store. */
    struct {
        bool turn, told; /* it is our turn to take files in; who waits was told */
        int64_t report;  /* whose row is locked; 0: none */
        int64_t now_ms;  /* the server's clock; 0: not asked */
    } within;
    /* the run */
    int64_t run, recipe, lease_ms, claims;
    char started[TIME_SIZE];
    int64_t pages_done, pages_failed, reports_done; /* since the last beat */
};

/* Reports `r` of the organisation ?1 after the end ?2 and the number ?3 of a period, along the index that has
 * them in this order. */
#define TOLKA_REPORTS_BEFORE(r)                                                                              \
    r ".organisation_key = ?1 AND (coalesce(" r ".period_to, '') < ?2 OR (coalesce(" r                       \
      ".period_to, '') = ?2 AND " r ".id < ?3)) AND " r ".organisation_key IS NOT NULL AND " r               \
      ".superseded = 0 ORDER BY " r ".period_to DESC NULLS LAST, " r ".id DESC "

static inline int64_t tolka_page_id(int64_t report, int page)
{
    return report * (INT64_C(1) << PAGE_BITS) + page;
}

static inline int64_t tolka_cell_id(int64_t report, int64_t count)
{
    return report * (INT64_C(1) << CELL_BITS) + count;
}

/* What stands for a piece of work in work.page. */
static inline int64_t tolka_work_page(const struct tolka_work *work)
{
    return work->kind == TOLKA_WORK_OPEN ? 0 : work->kind == TOLKA_WORK_FINISH ? FINISH_PAGE : work->page;
}

/* The number of the newest claim, and of a new one: of this run alone. */
static inline int64_t tolka_store_this_claim(const struct tolka_store *store)
{
    return store->run * (INT64_C(1) << 32) + store->claims;
}

static inline int64_t tolka_store_next_claim(struct tolka_store *store)
{
    store->claims++;
    return tolka_store_this_claim(store);
}

/* Begins the transaction of one call; within a batch it is the batch's. */
enum tolka_status tolka_store_enter(struct tolka_store *store, struct tolka_error *err);

/* Ends it: keeps what was written when `status` is OK, else undoes it (STALE within a batch undoes nothing:
 * such calls write nothing). */
enum tolka_status tolka_store_leave(struct tolka_store *store, enum tolka_status status,
                                    struct tolka_error *err);

/* As enter and leave, for a call that within a batch undoes itself alone when it ends with LIMIT. */
enum tolka_status tolka_store_enter_apart(struct tolka_store *store, struct tolka_error *err);
enum tolka_status tolka_store_leave_apart(struct tolka_store *store, enum tolka_status status,
                                          struct tolka_error *err);

/* ARGUMENT when the handle has no run. */
enum tolka_status tolka_store_need_run(const struct tolka_store *store, struct tolka_error *err);

/* The part of a heartbeat that is a run's own: it lives until its lease is over, and its counts are kept. */
enum tolka_status tolka_store_extend_lease(struct tolka_store *store, struct tolka_error *err);

/* Who waits for work looks again when the transaction is over. Within a transaction. */
enum tolka_status tolka_store_tell_waiting(struct tolka_store *store, struct tolka_error *err);

/* Now in UTC, ISO 8601 with milliseconds; and as milliseconds since 1970: by the clock of this machine, or of
 * the server where many machines share a store, which is asked once a transaction. Within a transaction. */
void tolka_store_now(struct tolka_store *store, char out[TIME_SIZE]);
int64_t tolka_store_now_ms(struct tolka_store *store);

/* How a store is made and known in an engine. */
struct tolka_store_schema {
    const char *const *migrations; /* number n makes version n + 1 of version n */
    int version;                   /* the newest: how many they are */
    const char *objects;           /* how many tables and the like there are: 0 for an empty database */
    const char *mark;              /* 0x746f6c6b ("tolk") for a store of ours */
    const char *stamped;           /* its version */
    const char *begin;             /* begins the transaction in which it is brought up to date */
    const char *stamp;             /* a format for printf: the version */
    const char *settings;          /* of a connection */
};
extern const struct tolka_store_schema tolka_store_sqlite, tolka_store_postgres;

/* Steps to the next row and reads a problem from six columns of it as of `column`: page, code, message,
 * stage, signal, seconds. False as tolka_sql_next. */
bool tolka_store_next_problem(struct tolka_sql_query *query, int column, struct tolka_store_problem *problem,
                              enum tolka_status *status, struct tolka_error *err);

/* OK when `work` is claimed by this run with this claim, else STALE. */
enum tolka_status tolka_store_check_claim(struct tolka_store *store, const struct tolka_work *work,
                                          struct tolka_error *err);

/* The text in lower case, for finding it whatever its case; NULL for NULL or without memory. */
char *tolka_store_fold(struct tolka_arena *arena, const char *text);

/* Keeps the sketch of the record's text, in place of an earlier one. */
enum tolka_status tolka_store_put_likeness(struct tolka_store *store, int64_t report,
                                           const struct tolka_record *record, struct tolka_error *err);

/* Drops the content of `report` that was uploaded: its work is done. */
enum tolka_status tolka_store_drop_content(struct tolka_store *store, int64_t report,
                                           struct tolka_error *err);

/* Drops what is known of the work of `report`. */
enum tolka_status tolka_store_drop_work(struct tolka_store *store, int64_t report, struct tolka_error *err);

#endif
