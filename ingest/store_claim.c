/* Work out: claims, by one ingest on a file or by many machines on a database. */
#include "ingest/store_int.h"

#include <stdlib.h>
#include <string.h>

/* What a run claims after it was taken for dead would never be taken back from it: it comes to life again
 * first. */
static enum tolka_status check_alive(struct tolka_store *store, struct tolka_error *err)
{
    int64_t alive = 0;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &alive,
        "SELECT ended_at IS NULL FROM run WHERE id = ?1 " TOLKA_SQL_SHARED("FOR SHARE"), "i", store->run);

    if (status || alive)
        return status;
    return tolka_sql_run(store->sql, err, "UPDATE run SET ended_at = NULL, lease_until = ?2 WHERE id = ?1",
                         "ii", store->run, tolka_store_now_ms(store) + store->lease_ms);
}

/* Reads pieces of work from rows of ten columns; `*claim`, unless 0, is their claim. */
static enum tolka_status read_work(struct tolka_store *store, struct tolka_sql_query *query, int64_t claim,
                                   struct tolka_work *work, size_t *count, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    while (tolka_sql_next(query, &status, err)) {
        struct tolka_work *next = &work[(*count)++];
        const int64_t page = tolka_sql_int(query, 1);
        *next = (struct tolka_work){.report = tolka_sql_int(query, 0),
                                    .kind = page == 0             ? TOLKA_WORK_OPEN
                                            : page == FINISH_PAGE ? TOLKA_WORK_FINISH
                                                                  : TOLKA_WORK_PAGE,
                                    .page = page == FINISH_PAGE ? 0 : (int)page,
                                    .attempt = (int)tolka_sql_int(query, 2) + 1,
                                    .lost = (int)tolka_sql_int(query, 3),
                                    .pages = (int)tolka_sql_int(query, 4),
                                    .bytes = tolka_sql_int(query, 5),
                                    .claim = claim ? claim : tolka_store_next_claim(store),
                                    .path = strdup(tolka_sql_word(query, 7))};
        strncpy(next->sha256, tolka_sql_word(query, 6), sizeof next->sha256 - 1);
        if (!next->path)
            status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    tolka_sql_done(query);
    return status;
}

#define WORK_COLUMNS                                                                                         \
    "SELECT w.report_id, w.page, w.attempts, w.lost, r.pages, r.bytes, r.sha256, r.path FROM "

static enum tolka_status mark_claimed(struct tolka_store *store, const struct tolka_work *work,
                                      struct tolka_error *err)
{
    return tolka_sql_run(store->sql, err,
                         "UPDATE work SET run_id = ?3, claim = ?4 WHERE report_id = ?1 AND page = ?2", "iiii",
                         work->report, tolka_work_page(work), store->run, work->claim);
}

/* One writer at a time: what is read is still so when it is marked. */
static enum tolka_status claim_alone(struct tolka_store *store, struct tolka_work *work, size_t max,
                                     size_t *count, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query,
        WORK_COLUMNS "work w JOIN report r ON r.id = w.report_id "
                     "WHERE w.recipe_id = ?1 AND w.run_id IS NULL ORDER BY w.report_id, w.page LIMIT ?2",
        "ii", store->recipe, (int64_t)max);

    if (!status)
        status = read_work(store, query, 0, work, count, err);
    for (size_t i = 0; !status && i < *count; i++)
        status = mark_claimed(store, &work[i], err);
    return status;
}

/* Rows that another is at are passed over, so many may claim at the same time. */
#define CLAIM(condition, order)                                                                              \
    "WITH next AS (SELECT report_id, page FROM work WHERE recipe_id = ?1 AND run_id IS NULL AND " condition  \
    " ORDER BY " order                                                                                       \
    "report_id, page LIMIT ?4 FOR UPDATE SKIP LOCKED), w AS (UPDATE work SET run_id = ?2, "                  \
    "claim = ?3 FROM next WHERE work.report_id = next.report_id AND work.page = next.page RETURNING "        \
    "work.*) " WORK_COLUMNS "w JOIN report r ON r.id = w.report_id ORDER BY 1, 2"

/*
 * Among many machines, in this order: pages of reports that this run opened, for which it has the file; what
 * nobody has begun; and when there is neither, what others opened. What its holder lost by
 * dying goes before all; a suspect (TOLKA_STORE_SUSPECT losses) is held one at a time, for two in one hand
 * could not be told apart. Not what was lost once or twice: a fast machine that dies leaves hundreds of
 * pages, of which one is guilty at most.
 */
static enum tolka_status claim_shared(struct tolka_store *store, struct tolka_work *work, size_t max,
                                      size_t *count, struct tolka_error *err)
{
    static const struct {
        const char *sql;
        bool one, last;
    } CLAIMS[] = {
        {CLAIM("lost > 2 AND NOT EXISTS (SELECT 1 FROM work m WHERE m.run_id = ?2 AND m.lost > 2)", ""), true,
         false},
        {CLAIM("lost > 0 AND lost < 3", ""), false, false},
        {CLAIM("lost = 0 AND near = ?2", ""), false, false},
        {CLAIM("lost = 0 AND near IS NULL", ""), false, false},
        {CLAIM("lost = 0 AND near IS NOT NULL", "near, "), false, true},
    };
    enum tolka_status status = TOLKA_OK;

    _Static_assert(TOLKA_STORE_SUSPECT == 3, "as the claims say");
    for (size_t i = 0; !status && i < sizeof CLAIMS / sizeof *CLAIMS && *count < max; i++) {
        const int64_t claim = tolka_store_next_claim(store),
                      room = CLAIMS[i].one ? 1 : (int64_t)(max - *count);
        struct tolka_sql_query *query;
        if (CLAIMS[i].last && *count)
            break;
        status = tolka_sql_query(store->sql, err, &query, CLAIMS[i].sql, "iiii", store->recipe, store->run,
                                 claim, room);
        if (!status)
            status = read_work(store, query, claim, work, count, err);
    }
    return status;
}

enum tolka_status tolka_store_claim(struct tolka_store *store, struct tolka_work *work, size_t max,
                                    size_t *count, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    *count = 0;
    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    status = check_alive(store, err);
    if (!status && tolka_sql_is_shared(store->sql))
        status = claim_shared(store, work, max, count, err);
    else if (!status)
        status = claim_alone(store, work, max, count, err);
    status = tolka_store_leave(store, status, err);
    for (; status && *count > 0; (*count)--)
        tolka_work_release(&work[*count - 1]);
    return status;
}
