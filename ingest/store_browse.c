/*
 * Lists that go on after a place: reports, organisations, problems. Each is walked along an index from the
 * key of the last row shown, so that no row before it is read and none is sorted.
 */
#include "ingest/browse.h"
#include "ingest/store_int.h"

#include <string.h>

/* ---- Reports ---- */

#define REPORT_COLUMNS                                                                                       \
    "SELECT r.id, r.state, r.has_record, r.path, r.sha256, r.bytes, r.pages, "                               \
    "(SELECT count(*) FROM problem p WHERE p.report_id = r.id), r.kind, r.title, r.organisation, r.orgnr, "  \
    "r.period_from, r.period_to FROM report r "
#define BY_PATH "INDEXED BY report_path "
#define AFTER_PATH "(r.path > ?1 OR (r.path = ?1 AND r.id > ?2)) AND r.path >= ?1 "

static const char ALL_REPORTS[] =
    REPORT_COLUMNS BY_PATH "WHERE " AFTER_PATH "AND r.superseded = 0 ORDER BY r.path, r.id LIMIT ?3";
static const char REPORTS_OF_STATE[] =
    REPORT_COLUMNS "WHERE r.superseded = 0 AND r.state = ?4 AND " AFTER_PATH "ORDER BY r.path, r.id LIMIT ?3";
static const char REPORTS_OF_KIND[] =
    REPORT_COLUMNS "WHERE r.superseded = 0 AND r.kind = ?4 AND " AFTER_PATH "ORDER BY r.path, r.id LIMIT ?3";
static const char ONE_REPORT[] = REPORT_COLUMNS "WHERE r.id = ?1 AND r.superseded = 0";
static const char REPORTS_OF_ORGANISATION[] = REPORT_COLUMNS "WHERE " TOLKA_REPORTS_BEFORE("r") "LIMIT ?4";

static enum tolka_report_state state_of(const char *text, int pages)
{
    if (strcmp(text, "done") == 0)
        return TOLKA_REPORT_DONE;
    if (strcmp(text, "failed") == 0)
        return TOLKA_REPORT_FAILED;
    return pages > 0 ? TOLKA_REPORT_WORKING : TOLKA_REPORT_WAITING;
}

static struct tolka_store_report read_report(struct tolka_sql_query *query)
{
    const int pages = (int)tolka_sql_int(query, 6);

    return (struct tolka_store_report){
        .report = tolka_sql_int(query, 0),
        .state = state_of(tolka_sql_word(query, 1), pages),
        .has_record = tolka_sql_int(query, 2) != 0,
        .path = tolka_sql_word(query, 3),
        .sha256 = tolka_sql_word(query, 4),
        .bytes = tolka_sql_int(query, 5),
        .pages = pages,
        .problems = (int)tolka_sql_int(query, 7),
        .kind = tolka_sql_text(query, 8),
        .title = tolka_sql_text(query, 9),
        .organisation = tolka_sql_text(query, 10),
        .orgnr = tolka_sql_text(query, 11),
        .period_from = tolka_sql_text(query, 12),
        .period_to = tolka_sql_text(query, 13),
    };
}

/* Takes the rows of a query that begun with `status`. */
static enum tolka_status walk_reports(struct tolka_sql_query *query, enum tolka_status status,
                                      tolka_browse_report_fn *take, void *data, struct tolka_error *err)
{
    bool go_on = true;

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_store_report report = read_report(query);
        go_on = take(&report, data);
    }
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_browse_reports(struct tolka_store *store, const char *state, const char *kind,
                                       const char *path, int64_t report, int limit,
                                       tolka_browse_report_fn *take, void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const char *from = path ? path : "";
    enum tolka_status status;

    if (kind || state)
        status = tolka_sql_query(store->sql, err, &query, kind ? REPORTS_OF_KIND : REPORTS_OF_STATE, "tiit",
                                 from, report, (int64_t)limit, kind ? kind : state);
    else
        status = tolka_sql_query(store->sql, err, &query, ALL_REPORTS, "tii", from, report, (int64_t)limit);
    return walk_reports(query, status, take, data, err);
}

enum tolka_status tolka_browse_report(struct tolka_store *store, int64_t report, tolka_browse_report_fn *take,
                                      void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const enum tolka_status status = tolka_sql_query(store->sql, err, &query, ONE_REPORT, "i", report);

    return walk_reports(query, status, take, data, err);
}

enum tolka_status tolka_browse_reports_of(struct tolka_store *store, const char *name, const char *before,
                                          int64_t report, int limit, tolka_browse_report_fn *take, void *data,
                                          struct tolka_error *err)
{
    struct tolka_arena scratch = {0};
    struct tolka_sql_query *query = NULL;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, REPORTS_OF_ORGANISATION, "ttii",
                        tolka_store_fold(&scratch, name), before, report, (int64_t)limit);

    status = walk_reports(query, status, take, data, err);
    tolka_arena_release(&scratch);
    return status;
}

enum tolka_status tolka_browse_page(struct tolka_store *store, int64_t report, int page, bool *found,
                                    struct tolka_strbuf *text, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    enum tolka_status status;

    *found = false;
    if (page < 1 || page > MAX_PAGES)
        return TOLKA_OK;
    status = tolka_sql_query(store->sql, err, &query, "SELECT text FROM page WHERE id = ?1", "i",
                             tolka_page_id(report, page));
    *found = tolka_sql_next(query, &status, err);
    if (*found)
        tolka_strbuf_add_str(text, tolka_sql_word(query, 0));
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_browse_page_frame(struct tolka_store *store, int64_t report, int page, bool *found,
                                          struct tolka_page_summary *frame, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    enum tolka_status status;

    *found = false;
    if (page < 1 || page > MAX_PAGES)
        return TOLKA_OK;
    status = tolka_sql_query(
        store->sql, err, &query,
        "SELECT page, width, height, dpi, origin, rotation, skew, confidence FROM page WHERE id = ?1", "i",
        tolka_page_id(report, page));
    *found = tolka_sql_next(query, &status, err);
    if (*found)
        *frame = (struct tolka_page_summary){
            .page = (int)tolka_sql_int(query, 0),
            .width = (int)tolka_sql_int(query, 1),
            .height = (int)tolka_sql_int(query, 2),
            .dpi = (int)tolka_sql_int(query, 3),
            .origin = strcmp(tolka_sql_word(query, 4), "text") == 0 ? TOLKA_ORIGIN_TEXT : TOLKA_ORIGIN_OCR,
            .rotation_deg = (int)tolka_sql_int(query, 5),
            .skew_deg = (float)tolka_sql_real(query, 6),
            .confidence = (float)tolka_sql_real(query, 7),
        };
    tolka_sql_done(query);
    return status;
}

/* ---- Organisations ---- */

#define HAS_NAME "organisation_key IS NOT NULL "

/* Leaps from one name to the next in the index: names are far fewer than reports. */
static const char ORGANISATIONS[] =
    "WITH RECURSIVE name (text) AS (SELECT (SELECT min(organisation_key) FROM report WHERE " HAS_NAME
    "AND organisation_key > ?1) UNION ALL SELECT (SELECT min(organisation_key) FROM report WHERE " HAS_NAME
    "AND organisation_key > name.text) FROM name WHERE name.text IS NOT NULL) "
    "SELECT name.text, (SELECT organisation FROM report WHERE " HAS_NAME
    "AND organisation_key = name.text LIMIT 1), "
    "(SELECT min(period_to) FROM report WHERE " HAS_NAME "AND organisation_key = name.text), "
    "(SELECT max(period_to) FROM report WHERE " HAS_NAME "AND organisation_key = name.text) "
    "FROM name WHERE name.text IS NOT NULL LIMIT ?2";

enum tolka_status
tolka_browse_organisations(struct tolka_store *store, const char *key, int limit,
                           bool (*take)(const struct tolka_browse_organisation *organisation, void *data),
                           void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    bool go_on = true;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, ORGANISATIONS, "ti", key, (int64_t)limit);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_organisation organisation = {
            tolka_sql_word(query, 0), tolka_sql_word(query, 1), tolka_sql_text(query, 2),
            tolka_sql_text(query, 3)};
        go_on = take(&organisation, data);
    }
    tolka_sql_done(query);
    return status;
}

/* ---- Problems ---- */

#define PROBLEM_COLUMNS                                                                                      \
    "SELECT p.report_id, p.position, p.page, r.path, p.code, p.message FROM problem p "                      \
    "CROSS JOIN report r ON r.id = p.report_id "
#define AFTER_PROBLEM "p.report_id >= ?1 AND (p.report_id > ?1 OR p.position > ?2) AND r.superseded = 0 "

static const char PROBLEMS[] =
    PROBLEM_COLUMNS "WHERE " AFTER_PROBLEM "ORDER BY p.report_id, p.position LIMIT ?3";
static const char PROBLEMS_OF_CODE[] =
    PROBLEM_COLUMNS "WHERE p.code = ?4 AND " AFTER_PROBLEM "ORDER BY p.report_id, p.position LIMIT ?3";
static const char MISSING[] =
    "SELECT 0, 0, 0, path, code, message FROM missing WHERE path > ?1 ORDER BY path LIMIT ?2";

static enum tolka_status walk_problems(struct tolka_sql_query *query, enum tolka_status status,
                                       bool (*take)(const struct tolka_browse_problem *problem, void *data),
                                       void *data, struct tolka_error *err)
{
    bool go_on = true;

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_problem problem = {
            tolka_sql_int(query, 0),  (int)tolka_sql_int(query, 1), (int)tolka_sql_int(query, 2),
            tolka_sql_word(query, 3), tolka_sql_word(query, 4),     tolka_sql_word(query, 5)};
        go_on = take(&problem, data);
    }
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_browse_problems(struct tolka_store *store, const char *code, int64_t report,
                                        int position, int limit,
                                        bool (*take)(const struct tolka_browse_problem *problem, void *data),
                                        void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const enum tolka_status status = code ? tolka_sql_query(store->sql, err, &query, PROBLEMS_OF_CODE, "iiit",
                                                            report, (int64_t)position, (int64_t)limit, code)
                                          : tolka_sql_query(store->sql, err, &query, PROBLEMS, "iii", report,
                                                            (int64_t)position, (int64_t)limit);

    return walk_problems(query, status, take, data, err);
}

enum tolka_status tolka_browse_missing(struct tolka_store *store, const char *path, int limit,
                                       bool (*take)(const struct tolka_browse_problem *problem, void *data),
                                       void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, MISSING, "ti", path, (int64_t)limit);

    return walk_problems(query, status, take, data, err);
}
