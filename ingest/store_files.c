/*
 * Files in: what a path and its content mean to the store. A report is a content; the first path that had it
 * gives its record the name. When that path goes over to another content, the report passes to the next path
 * that has it (and is done anew: its record names the path), or is superseded when there is none.
 */
#include "ingest/store_int.h"

#include <stdio.h>
#include <string.h>

enum state { QUEUED, DONE, FAILED };

/* Any store holds a path of so many bytes. PostgreSQL has no index over more than some 2,600 (it says LIMIT),
 * and takes four for a byte that is not UTF-8. */
enum { SHORT_PATH = TOLKA_STORE_SHORT_PATH };

/* What is known of the content in hand. */
struct known {
    int64_t id; /* 0: new */
    int64_t recipe;
    enum state state;
    bool superseded, fresh; /* fresh: done since this run began */
    bool same_path;         /* its record names the path in hand */
    bool path_stands;       /* the path that its record names still has this content */
};

static enum tolka_status add_work(struct tolka_store *store, int64_t report, int pages,
                                  struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    if (pages == 0)
        return tolka_sql_run(store->sql, err,
                             "INSERT INTO work (report_id, page, recipe_id) VALUES (?1, 0, ?2)", "ii", report,
                             store->recipe);
    for (int64_t page = 1; !status && page <= pages; page++)
        status = tolka_sql_run(store->sql, err,
                               "INSERT INTO work (report_id, page, recipe_id) VALUES (?1, ?2, ?3)", "iii",
                               report, page, store->recipe);
    return status;
}

enum tolka_status tolka_store_drop_work(struct tolka_store *store, int64_t report, struct tolka_error *err)
{
    enum tolka_status status =
        tolka_sql_run(store->sql, err, "DELETE FROM work WHERE report_id = ?1", "i", report);

    if (!status)
        status = tolka_sql_run(store->sql, err, "DELETE FROM packed WHERE id BETWEEN ?1 AND ?2", "ii",
                               tolka_page_id(report, 0), tolka_page_id(report, MAX_PAGES));
    if (!status)
        status = tolka_sql_run(store->sql, err, "DELETE FROM fault WHERE report_id = ?1", "i", report);
    return status;
}

enum tolka_status tolka_store_drop_content(struct tolka_store *store, int64_t report, struct tolka_error *err)
{
    return tolka_sql_is_shared(store->sql)
               ? tolka_sql_run(store->sql, err,
                               "DELETE FROM content WHERE sha256 = (SELECT sha256 FROM report WHERE id = ?1)",
                               "i", report)
               : TOLKA_OK;
}

static enum tolka_status requeue(struct tolka_store *store, int64_t report, int pages,
                                 struct tolka_error *err)
{
    enum tolka_status status = tolka_store_drop_work(store, report, err);

    if (!status)
        status = tolka_sql_run(store->sql, err,
                               "UPDATE report SET state = 'queued', superseded = 0, recipe_id = ?2, run_id = "
                               "?3, pages = ?4, done_at = NULL "
                               "WHERE id = ?1",
                               "iiii", report, store->recipe, store->run, (int64_t)pages);
    return status ? status : add_work(store, report, pages, err);
}

static enum tolka_status insert_report(struct tolka_store *store, const struct tolka_store_source *source,
                                       int64_t *report, struct tolka_error *err)
{
    enum tolka_status status =
        tolka_sql_number(store->sql, err, report,
                         "INSERT INTO report (sha256, path, bytes, pages, state, recipe_id, run_id) "
                         "VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6) RETURNING id",
                         "ttiiii", source->sha256, source->path, source->bytes, (int64_t)source->pages,
                         store->recipe, store->run);

    return status ? status : add_work(store, *report, source->pages, err);
}

/* The path goes over to another content: what becomes of the report that it leaves? */
static enum tolka_status leave_report(struct tolka_store *store, int64_t report, const char *path,
                                      struct tolka_error *err)
{
    struct tolka_sql_query *query;
    bool last = false, named = false;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query,
                                               "SELECT (SELECT min(path) FROM file WHERE report_id = ?1) IS "
                                               "NULL, path = ?2 FROM report WHERE id = ?1",
                                               "it", report, path);

    if (tolka_sql_next(query, &status, err)) {
        last = tolka_sql_int(query, 0);
        named = tolka_sql_int(query, 1);
    }
    tolka_sql_done(query);
    if (!status && last) {
        status =
            tolka_sql_run(store->sql, err, "UPDATE report SET superseded = 1 WHERE id = ?1", "i", report);
        return status ? status : tolka_store_drop_work(store, report, err);
    }
    if (!status && named) {
        status = tolka_sql_run(
            store->sql, err,
            "UPDATE report SET path = (SELECT min(path) FROM file WHERE report_id = ?1) WHERE id = ?1", "i",
            report);
        return status ? status : requeue(store, report, 0, err);
    }
    return status;
}

static enum tolka_status look_up(struct tolka_store *store, const struct tolka_store_source *source,
                                 struct known *known, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    const char *state;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query,
        "SELECT r.id, r.recipe_id, r.state, r.superseded, coalesce(r.done_at >= ?3, FALSE), r.path = ?2, "
        "EXISTS (SELECT 1 FROM file f WHERE f.path = r.path AND f.report_id = r.id) "
        "FROM report r WHERE r.sha256 = ?1",
        "ttt", source->sha256, source->path, store->started);

    *known = (struct known){0};
    if (tolka_sql_next(query, &status, err)) {
        state = tolka_sql_word(query, 2);
        *known = (struct known){.id = tolka_sql_int(query, 0),
                                .recipe = tolka_sql_int(query, 1),
                                .state = strcmp(state, "done") == 0     ? DONE
                                         : strcmp(state, "failed") == 0 ? FAILED
                                                                        : QUEUED,
                                .superseded = tolka_sql_int(query, 3) != 0,
                                .fresh = tolka_sql_int(query, 4) != 0,
                                .same_path = tolka_sql_int(query, 5) != 0,
                                .path_stands = tolka_sql_int(query, 6) != 0};
    }
    tolka_sql_done(query);
    return status;
}

static enum tolka_status put_file(struct tolka_store *store, const struct tolka_store_source *source,
                                  int64_t report, struct tolka_error *err)
{
    enum tolka_status status =
        tolka_sql_run(store->sql, err,
                      "INSERT INTO file (path, report_id, bytes, modified_ns) VALUES (?1, ?2, ?3, ?4) "
                      "ON CONFLICT (path) DO UPDATE SET report_id = ?2, bytes = ?3, modified_ns = ?4",
                      "tiii", source->path, report, source->bytes, source->modified_ns);

    return status ? status
                  : tolka_sql_run(store->sql, err, "DELETE FROM missing WHERE path = ?1", "t", source->path);
}

/* A content that is known already: is there anything to do? */
static enum tolka_status take_known(struct tolka_store *store, const struct tolka_store_source *source,
                                    const struct known *known, unsigned flags,
                                    enum tolka_store_answer *answer, struct tolka_error *err)
{
    bool anew = known->recipe != store->recipe || (known->superseded && known->state == QUEUED);
    enum tolka_status status;

    const bool duplicate = !known->same_path && known->path_stands;

    anew = anew || (!known->same_path && !duplicate) ||
           (known->state != QUEUED && (flags & TOLKA_STORE_REDO) && !known->fresh) ||
           (known->state == FAILED && (flags & TOLKA_STORE_RETRY_FAILED) && !known->fresh);
    if (duplicate) { /* what is to be done anew is done as of the path that its record names */
        *answer = TOLKA_STORE_DUPLICATE;
        return anew ? requeue(store, known->id, source->pages, err) : TOLKA_OK;
    }
    if (anew) {
        *answer = TOLKA_STORE_QUEUED;
        status = tolka_sql_run(store->sql, err, "UPDATE report SET path = ?2 WHERE id = ?1", "it", known->id,
                               source->path);
        return status ? status : requeue(store, known->id, source->pages, err);
    }
    *answer = known->state == DONE     ? TOLKA_STORE_DONE
              : known->state == FAILED ? TOLKA_STORE_FAILED
                                       : TOLKA_STORE_WAITING;
    if (known->superseded)
        return tolka_sql_run(store->sql, err, "UPDATE report SET superseded = 0 WHERE id = ?1", "i",
                             known->id);
    return TOLKA_OK;
}

/* Where several may take files in at the same time, one does: the others wait for the end of its transaction.
 * What is done when a content is new, or moves, looks at several rows. */
static enum tolka_status take_turn(struct tolka_store *store, struct tolka_error *err)
{
    if (!tolka_sql_is_shared(store->sql) || store->within.turn)
        return TOLKA_OK;
    store->within.turn = true;
    return tolka_sql_run(store->sql, err, "SELECT 0 FROM pg_advisory_xact_lock(1953459308)", "");
}

static enum tolka_status take_file(struct tolka_store *store, const struct tolka_store_source *source,
                                   unsigned flags, enum tolka_store_answer *answer, struct tolka_error *err)
{
    struct known known;
    int64_t before = 0, report;
    enum tolka_status status = take_turn(store, err);

    if (!status)
        status = tolka_sql_number(store->sql, err, &before, "SELECT report_id FROM file WHERE path = ?1", "t",
                                  source->path);
    if (!status)
        status = look_up(store, source, &known, err);
    if (!status)
        status = tolka_store_tell_waiting(store, err);
    if (status)
        return status;
    report = known.id;
    if (!report) {
        *answer = TOLKA_STORE_QUEUED;
        status = insert_report(store, source, &report, err);
    }
    if (!status)
        status = put_file(store, source, report, err);
    if (!status && known.id)
        status = take_known(store, source, &known, flags, answer, err);
    if (!status && before && before != report) {
        status = leave_report(store, before, source->path, err);
        if (*answer == TOLKA_STORE_QUEUED)
            *answer = TOLKA_STORE_CHANGED;
    }
    return status;
}

enum tolka_status tolka_store_enqueue(struct tolka_store *store, const struct tolka_store_source *source,
                                      unsigned flags, enum tolka_store_answer *answer,
                                      struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    if (!status && (!source->path || !source->sha256 || strlen(source->sha256) != 64 || source->pages < 0 ||
                    source->pages > MAX_PAGES))
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: not how a file is taken in", store->name);
    if (status || strlen(source->path) <= SHORT_PATH) {
        status = status ? status : tolka_store_enter(store, err);
        return status ? status : tolka_store_leave(store, take_file(store, source, flags, answer, err), err);
    }
    status = store->batch ? take_turn(store, err) : TOLKA_OK; /* what is locked apart is not locked after */
    if (!status)
        status = tolka_store_enter_apart(store, err);
    if (status)
        return status;
    status = tolka_store_leave_apart(store, take_file(store, source, flags, answer, err), err);
    store->within.told &= !status;
    return status;
}

enum tolka_status tolka_store_known_sha256(struct tolka_store *store, const char *path, int64_t bytes,
                                           int64_t modified_ns, char sha256[65], struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT r.sha256 FROM file f JOIN report r ON r.id = f.report_id "
                        "WHERE f.path = ?1 AND f.bytes = ?2 AND f.modified_ns = ?3",
                        "tii", path, bytes, modified_ns);

    sha256[0] = '\0';
    if (tolka_sql_next(query, &status, err))
        snprintf(sha256, 65, "%s", tolka_sql_word(query, 0));
    tolka_sql_done(query);
    return status;
}

/* A report that waits for a file which is gone passes to the next path that has its content: the file may
 * have got another name. */
static enum tolka_status pass_on(struct tolka_store *store, const char *path, struct tolka_error *err)
{
    int64_t report = 0;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &report,
        "SELECT r.id FROM file f JOIN report r ON r.id = f.report_id WHERE f.path = ?1 AND r.path = ?1 AND "
        "r.state = 'queued' AND EXISTS (SELECT 1 FROM file o WHERE o.report_id = r.id AND o.path <> ?1)",
        "t", path);

    if (status || !report)
        return status;
    status = tolka_sql_run(store->sql, err, "DELETE FROM file WHERE path = ?1", "t", path);
    if (!status) /* the content is not missing */
        status = tolka_sql_run(store->sql, err, "DELETE FROM missing WHERE path = ?1", "t", path);
    return status ? status : leave_report(store, report, path, err);
}

enum tolka_status tolka_store_put_missing(struct tolka_store *store, const char *path,
                                          const struct tolka_store_problem *problem, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_enter(store, err);
    char kept[SHORT_PATH + 1];

    if (status)
        return status;
    if (tolka_sql_is_shared(store->sql) && strlen(path) > SHORT_PATH) {
        snprintf(kept, sizeof kept, "%.*s", SHORT_PATH, path);
        path = kept;
    }
    status = take_turn(store, err);
    if (!status)
        status = tolka_sql_run(store->sql, err,
                               "INSERT INTO missing (path, code, message) VALUES (?1, ?2, ?3) "
                               "ON CONFLICT (path) DO UPDATE SET code = ?2, message = ?3",
                               "ttt", path, problem->code, problem->message);
    if (!status && store->run)
        status = pass_on(store, path, err);
    return tolka_store_leave(store, status, err);
}
