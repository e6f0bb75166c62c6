/*
 * Work out, results in. The table `work` holds only what is left to do: a claim writes its run into the row,
 * a result deletes the row. When no row of a report is left, FINISH is put there. Every claim has a number of
 * its own (run and count), so that a result that comes late, after the work went to another run or was queued
 * anew, finds another number and is refused.
 */
#include "ingest/store_int.h"

#include "ingest/squeeze.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_LEVEL = 1 }; /* of zlib: packed pages are kept for minutes only */

void tolka_work_release(struct tolka_work *work)
{
    free(work->path);
    *work = (struct tolka_work){0};
}

static enum tolka_status stale(const struct tolka_store *store, struct tolka_error *err)
{
    return tolka_error_set(err, TOLKA_ERR_STALE, "%s: this work went to another", store->name);
}

enum tolka_status tolka_store_check_claim(struct tolka_store *store, const struct tolka_work *work,
                                          struct tolka_error *err)
{
    int64_t claim = 0;
    enum tolka_status status =
        tolka_sql_number(store->sql, err, &claim,
                         "SELECT w.claim FROM report r CROSS JOIN work w ON w.report_id = r.id WHERE r.id = "
                         "?1 AND w.page = ?2 " TOLKA_SQL_SHARED("FOR NO KEY UPDATE OF r FOR UPDATE OF w"),
                         "ii", work->report, tolka_work_page(work));

    if (status)
        return status;
    return claim && claim == work->claim ? TOLKA_OK : stale(store, err);
}

enum tolka_status tolka_store_release(struct tolka_store *store, const struct tolka_work *work,
                                      struct tolka_error *err)
{
    enum tolka_status status = tolka_store_enter(store, err);

    if (status)
        return status;
    status = tolka_store_check_claim(store, work, err);
    if (!status)
        status = tolka_sql_run(store->sql, err,
                               "UPDATE work SET run_id = NULL, claim = 0 WHERE report_id = ?1 AND page = ?2",
                               "ii", work->report, tolka_work_page(work));
    return tolka_store_leave(store, status, err);
}

enum tolka_status tolka_store_count_attempt(struct tolka_store *store, const struct tolka_work *work,
                                            struct tolka_error *err)
{
    enum tolka_status status = tolka_store_enter(store, err);

    if (status)
        return status;
    status = tolka_store_check_claim(store, work, err);
    if (!status)
        status = tolka_sql_run(store->sql, err,
                               "UPDATE work SET attempts = attempts + 1 WHERE report_id = ?1 AND page = ?2",
                               "ii", work->report, tolka_work_page(work));
    return tolka_store_leave(store, status, err);
}

/* Work that follows from `work` and is claimed with it. */
static enum tolka_status follow(struct tolka_store *store, const struct tolka_work *work,
                                enum tolka_work_kind kind, int page, struct tolka_work *out,
                                struct tolka_error *err)
{
    *out = *work;
    out->path = strdup(work->path);
    out->kind = kind;
    out->page = page;
    out->attempt = 1;
    out->lost = 0;
    out->claim = tolka_store_next_claim(store);
    return out->path ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}

/* FINISH, claimed for this run where the caller takes it on. */
static enum tolka_status insert_finish(struct tolka_store *store, int64_t report,
                                       const struct tolka_work *claimed, struct tolka_error *err)
{
    return tolka_sql_run(
        store->sql, err,
        "INSERT INTO work (report_id, page, recipe_id, run_id, claim, near) VALUES (?1, ?2, ?3, ?4, "
        "?5, ?6)",
        "iiiiii", report, (int64_t)FINISH_PAGE, store->recipe, claimed ? store->run : TOLKA_SQL_NULL,
        claimed ? claimed->claim : INT64_C(0), claimed ? TOLKA_SQL_NULL : store->run);
}

static enum tolka_status delete_work(struct tolka_store *store, const struct tolka_work *work,
                                     struct tolka_error *err)
{
    return tolka_sql_run(store->sql, err, "DELETE FROM work WHERE report_id = ?1 AND page = ?2", "ii",
                         work->report, tolka_work_page(work));
}

/* Rows for all pages of a report, of which the first `keep` are claimed: their claims follow `claim`. */
static enum tolka_status insert_pages(struct tolka_store *store, int64_t report, int pages, int keep,
                                      int64_t claim, struct tolka_error *err)
{
    return tolka_sql_run(
        store->sql, err,
        "WITH RECURSIVE numbers (page) AS (SELECT 1 UNION ALL SELECT page + 1 FROM numbers "
        "WHERE page < ?2) INSERT INTO work (report_id, page, recipe_id, run_id, claim, near) SELECT "
        "?1, page, ?3, CASE WHEN page <= ?4 THEN ?5 END, CASE WHEN page <= ?4 THEN ?6 + page ELSE 0 "
        "END, CASE WHEN page > ?4 THEN ?5 END FROM numbers",
        "iiiiii", report, (int64_t)pages, store->recipe, (int64_t)keep, store->run, claim);
}

static enum tolka_status take_opened(struct tolka_store *store, const struct tolka_work *work, int pages,
                                     int keep, struct tolka_work *work_out, struct tolka_error *err)
{
    const int64_t claim = tolka_store_this_claim(store);
    enum tolka_status status = tolka_store_check_claim(store, work, err);

    if (!status)
        status = delete_work(store, work, err);
    if (!status)
        status = tolka_sql_run(store->sql, err, "UPDATE report SET pages = ?2 WHERE id = ?1", "ii",
                               work->report, (int64_t)pages);
    if (!status)
        status = insert_pages(store, work->report, pages, keep, claim, err);
    for (int page = 1; !status && page <= keep; page++) {
        status = follow(store, work, TOLKA_WORK_PAGE, page, &work_out[page - 1], err);
        work_out[page - 1].pages = pages;
    }
    return !status && pages > keep ? tolka_store_tell_waiting(store, err) : status;
}

enum tolka_status tolka_store_opened(struct tolka_store *store, const struct tolka_work *work, int pages,
                                     int keep, struct tolka_work *work_out, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    if (work->kind != TOLKA_WORK_OPEN || pages < 1 || pages > MAX_PAGES || keep < 0 || keep > pages ||
        (keep && !work_out))
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a report of %d pages", store->name, pages);
    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    for (int i = 0; i < keep; i++)
        work_out[i] = (struct tolka_work){0};
    status = tolka_store_leave(store, take_opened(store, work, pages, keep, work_out, err), err);
    for (int i = 0; status && i < keep; i++)
        tolka_work_release(&work_out[i]);
    return status;
}

static enum tolka_status add_finish(struct tolka_store *store, const struct tolka_work *work,
                                    struct tolka_work *finish, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    if (finish)
        status = follow(store, work, TOLKA_WORK_FINISH, 0, finish, err);
    return status ? status : insert_finish(store, work->report, finish, err);
}

/* When nothing of a report is left to do, it can be finished. */
static enum tolka_status look_for_end(struct tolka_store *store, const struct tolka_work *work,
                                      struct tolka_work *finish, struct tolka_error *err)
{
    int64_t left = 0;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &left, "SELECT EXISTS (SELECT 1 FROM work WHERE report_id = ?1)", "i", work->report);

    return status || left ? status : add_finish(store, work, finish, err);
}

/* `small` is the page, deflated; `size` its bytes before. */
static enum tolka_status take_page_alone(struct tolka_store *store, const struct tolka_work *work,
                                         const struct tolka_strbuf *small, size_t size,
                                         struct tolka_work *finish, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_check_claim(store, work, err);

    if (!status)
        status = tolka_sql_run(store->sql, err, "INSERT INTO packed (id, size, bytes) VALUES (?1, ?2, ?3)",
                               "iib", tolka_page_id(work->report, work->page), (int64_t)size,
                               tolka_strbuf_text(small), small->length);
    if (!status)
        status = delete_work(store, work, err);
    return status ? status : look_for_end(store, work, finish, err);
}

/* Where machines share the store nobody waits for the lock of the report's row (pages of a report come one
 * after another), and the rest is one statement: it sees what others did to the report before they let go of
 * the lock, and of its own doing nothing yet. */
static enum tolka_status take_page_shared(struct tolka_store *store, const struct tolka_work *work,
                                          const struct tolka_strbuf *small, size_t size,
                                          struct tolka_work *finish, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = TOLKA_OK;
    bool ours = false, left = true;

    if (store->within.report != work->report)
        status = tolka_sql_run(store->sql, err, "SELECT 1 FROM report WHERE id = ?1 FOR NO KEY UPDATE", "i",
                               work->report);
    store->within.report = work->report;
    if (!status)
        status = tolka_sql_query(
            store->sql, err, &query,
            "WITH gone AS (DELETE FROM work WHERE report_id = ?1 AND page = ?2 AND claim = ?3 AND claim <> 0 "
            "RETURNING "
            "1), kept AS (INSERT INTO packed (id, size, bytes) SELECT ?4, ?5, ?6 FROM gone) SELECT EXISTS "
            "(SELECT 1 "
            "FROM gone), EXISTS (SELECT 1 FROM work WHERE report_id = ?1 AND page <> ?2)",
            "iiiiib", work->report, tolka_work_page(work), work->claim,
            tolka_page_id(work->report, work->page), (int64_t)size, tolka_strbuf_text(small), small->length);
    if (status)
        return status;
    if (tolka_sql_next(query, &status, err)) {
        ours = tolka_sql_int(query, 0) != 0;
        left = tolka_sql_int(query, 1) != 0;
    }
    tolka_sql_done(query);
    if (!status && !ours)
        return stale(store, err);
    return status || left ? status : add_finish(store, work, finish, err);
}

/* True when this very page has a result already: then a second one is not news. */
static bool is_done(struct tolka_store *store, const struct tolka_work *work)
{
    int64_t there = 0;

    tolka_sql_number(store->sql, NULL, &there, "SELECT 1 FROM packed WHERE id = ?1", "i",
                     tolka_page_id(work->report, work->page));
    return there != 0;
}

static enum tolka_status take_page(struct tolka_store *store, const struct tolka_work *work,
                                   const void *bytes, size_t length, struct tolka_work *finish,
                                   struct tolka_error *err)
{
    struct tolka_error refused = {0};
    struct tolka_strbuf small = {0};
    enum tolka_status status = tolka_squeeze(bytes, length, PAGE_LEVEL, &small, &refused);

    if (!status)
        status = (tolka_sql_is_shared(store->sql) ? take_page_shared : take_page_alone)(
            store, work, &small, length, finish, &refused);
    tolka_strbuf_release(&small);
    store->pages_done += status == TOLKA_OK;
    if (status == TOLKA_ERR_STALE && is_done(store, work))
        return TOLKA_OK;
    return status ? tolka_error_set(err, status, "%s", refused.message) : TOLKA_OK;
}

enum tolka_status tolka_store_put_page(struct tolka_store *store, const struct tolka_work *work,
                                       const void *bytes, size_t length, struct tolka_work *finish,
                                       struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    if (finish)
        *finish = (struct tolka_work){0};
    if (!status && work->kind != TOLKA_WORK_PAGE)
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: not work on a page", store->name);
    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    status = tolka_store_leave(store, take_page(store, work, bytes, length, finish, err), err);
    if (status && finish)
        tolka_work_release(finish);
    return status;
}

static enum tolka_status insert_fault(struct tolka_store *store, const struct tolka_work *work,
                                      const struct tolka_store_problem *problem, struct tolka_error *err)
{
    return tolka_sql_run(store->sql, err,
                         "INSERT INTO fault (report_id, page, code, message, stage, signal, seconds) VALUES "
                         "(?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                         "ON CONFLICT DO NOTHING",
                         "iitttir", work->report, (int64_t)problem->page, problem->code, problem->message,
                         problem->stage, (int64_t)problem->signal, problem->seconds);
}

enum tolka_status tolka_store_note(struct tolka_store *store, const struct tolka_work *work,
                                   const struct tolka_store_problem *problem, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_enter(store, err);

    if (status)
        return status;
    status = tolka_store_check_claim(store, work, err);
    if (!status)
        status = insert_fault(store, work, problem, err);
    return tolka_store_leave(store, status, err);
}

/* The report as a whole is failed: its faults are all that is said of it. */
static enum tolka_status fail_report(struct tolka_store *store, int64_t report, struct tolka_error *err)
{
    char now[TIME_SIZE];
    enum tolka_status status =
        tolka_sql_run(store->sql, err, "DELETE FROM problem WHERE report_id = ?1", "i", report);

    tolka_store_now(store, now);
    if (!status)
        status = tolka_sql_run(
            store->sql, err,
            "INSERT INTO problem (report_id, position, page, code, message, stage, signal, seconds) "
            "SELECT report_id, row_number() OVER (ORDER BY page, code, message) - 1, page, code, message, "
            "stage, signal, "
            "seconds FROM fault WHERE report_id = ?1",
            "i", report);
    if (!status)
        status = tolka_store_drop_work(store, report, err);
    if (!status)
        status = tolka_store_drop_content(store, report, err);
    if (!status)
        status =
            tolka_sql_run(store->sql, err, "UPDATE report SET state = 'failed', done_at = ?2 WHERE id = ?1",
                          "it", report, now);
    return status;
}

static enum tolka_status take_failure(struct tolka_store *store, const struct tolka_work *work,
                                      const struct tolka_store_problem *problem, bool again,
                                      struct tolka_work *finish, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_check_claim(store, work, err);

    if (status)
        return status;
    if (again)
        return tolka_sql_run(store->sql, err,
                             "UPDATE work SET run_id = NULL, claim = 0, attempts = attempts + 1 WHERE "
                             "report_id = ?1 AND page = ?2",
                             "ii", work->report, tolka_work_page(work));
    status = insert_fault(store, work, problem, err);
    if (!status && work->kind != TOLKA_WORK_PAGE)
        return fail_report(store, work->report, err);
    if (!status)
        status = delete_work(store, work, err);
    if (!status)
        status = look_for_end(store, work, finish, err);
    store->pages_failed += status == TOLKA_OK;
    return status;
}

enum tolka_status tolka_store_fail(struct tolka_store *store, const struct tolka_work *work,
                                   const struct tolka_store_problem *problem, bool again,
                                   struct tolka_work *finish, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    if (finish)
        *finish = (struct tolka_work){0};
    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    status = tolka_store_leave(store, take_failure(store, work, problem, again, finish, err), err);
    if (status && finish)
        tolka_work_release(finish);
    return status;
}

enum tolka_status tolka_store_each_page(struct tolka_store *store, const struct tolka_work *work,
                                        bool (*take)(int page, const void *bytes, size_t length, void *data),
                                        void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    struct tolka_strbuf page = {0};
    bool go_on = true;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query, "SELECT id, size, bytes FROM packed WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        "ii", tolka_page_id(work->report, 0), tolka_page_id(work->report, MAX_PAGES));

    while (go_on && tolka_sql_next(query, &status, err)) {
        size_t length;
        const void *bytes = tolka_sql_blob(query, 2, &length);
        tolka_strbuf_truncate(&page, 0);
        status = tolka_unsqueeze(bytes, length, (size_t)tolka_sql_int(query, 1), &page, err);
        go_on = !status && take((int)(tolka_sql_int(query, 0) - tolka_page_id(work->report, 0)),
                                tolka_strbuf_text(&page), page.length, data);
    }
    tolka_sql_done(query);
    tolka_strbuf_release(&page);
    return status;
}

enum tolka_status tolka_store_each_problem(struct tolka_store *store, const struct tolka_work *work,
                                           bool (*take)(const struct tolka_store_problem *problem,
                                                        void *data),
                                           void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    struct tolka_store_problem problem;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT page, code, message, stage, signal, seconds FROM fault WHERE report_id = ?1 "
                        "ORDER BY page, code, message",
                        "i", work->report);

    while (tolka_store_next_problem(query, 0, &problem, &status, err) && take(&problem, data))
        continue;
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_store_queue(struct tolka_store *store, struct tolka_store_queue *queue,
                                    struct tolka_error *err)
{
    int64_t claimed = 0;
    enum tolka_status status = tolka_store_need_run(store, err);

    *queue = (struct tolka_store_queue){0};
    if (!status)
        status = tolka_sql_number(store->sql, err, &queue->waiting,
                                  "SELECT count(*) FROM work WHERE recipe_id = ?1 AND run_id IS NULL", "i",
                                  store->recipe);
    if (!status)
        status = tolka_sql_number(store->sql, err, &queue->mine,
                                  "SELECT count(*) FROM work WHERE recipe_id = ?1 AND run_id = ?2", "ii",
                                  store->recipe, store->run);
    if (!status)
        status = tolka_sql_number(store->sql, err, &claimed,
                                  "SELECT count(*) FROM work WHERE recipe_id = ?1 AND run_id IS NOT NULL",
                                  "i", store->recipe);
    queue->others = claimed - queue->mine;
    return status;
}
