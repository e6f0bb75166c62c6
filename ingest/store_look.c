/* Looking into a store: counts, reports, records, facts. */
#include "ingest/store_int.h"

#include "ingest/squeeze.h"
#include "schema/write.h"

#include <string.h>

static enum tolka_status rate_of_last_run(struct tolka_store *store, struct tolka_store_counts *counts,
                                          struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query,
        tolka_sql_choose(
            store->sql,
            "SELECT pages_done / max((julianday(beat_at) - julianday(started_at)) * 86400.0, 0.001) FROM run "
            "WHERE pages_done > 0 ORDER BY id DESC LIMIT 1",
            "WITH r AS (SELECT id, ended_at, pages_done / CAST(greatest(extract(epoch FROM CAST(beat_at AS "
            "TIMESTAMPTZ) - CAST(started_at AS TIMESTAMPTZ)), 0.001) AS DOUBLE PRECISION) AS rate FROM run "
            "WHERE pages_done > 0 ORDER BY id DESC LIMIT 10000) SELECT coalesce((SELECT sum(rate) FROM r "
            "WHERE "
            "ended_at IS NULL), (SELECT rate FROM r ORDER BY id DESC LIMIT 1))"),
        "");

    if (tolka_sql_next(query, &status, err))
        counts->pages_per_s = tolka_sql_real(query, 0);
    tolka_sql_done(query);
    return status;
}

static enum tolka_report_state read_state(struct tolka_sql_query *query, int column)
{
    static const char *const NAMES[] = {"waiting", "working", "done", "failed"};
    const char *text = tolka_sql_text(query, column);

    for (int i = 0; text && i < 4; i++) {
        if (strcmp(text, NAMES[i]) == 0)
            return (enum tolka_report_state)i;
    }
    return TOLKA_REPORT_SUPERSEDED;
}

/* The reports that stand, by their state, from an index that holds all that is asked. */
static enum tolka_status count_reports(struct tolka_store *store, struct tolka_store_counts *counts,
                                       struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query,
        "SELECT CASE WHEN state <> 'queued' THEN state WHEN pages > 0 THEN 'working' ELSE 'waiting' END, "
        "count(*), CAST(sum(pages_read) AS BIGINT), CAST(sum(facts) AS BIGINT) FROM report WHERE superseded "
        "= 0 GROUP BY 1",
        "");

    while (tolka_sql_next(query, &status, err)) {
        int64_t *const places[] = {&counts->waiting, &counts->working, &counts->done, &counts->failed};
        const enum tolka_report_state state = read_state(query, 0);
        if (state == TOLKA_REPORT_SUPERSEDED)
            continue;
        *places[state] = tolka_sql_int(query, 1);
        counts->reports += tolka_sql_int(query, 1);
        counts->pages_done += tolka_sql_int(query, 2);
        counts->facts += tolka_sql_int(query, 3);
    }
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_store_count(struct tolka_store *store, struct tolka_store_counts *counts,
                                    struct tolka_error *err)
{
    static const struct {
        size_t place;
        const char *sql;
    } COUNTS[] = {
        {offsetof(struct tolka_store_counts, files), "SELECT count(*) FROM file"},
        {offsetof(struct tolka_store_counts, missing), "SELECT count(*) FROM missing"},
        {offsetof(struct tolka_store_counts, superseded), "SELECT count(*) FROM report WHERE superseded = 1"},
        {offsetof(struct tolka_store_counts, with_problems),
         "SELECT count(DISTINCT p.report_id) FROM problem p JOIN report r ON r.id = p.report_id "
         "WHERE r.superseded = 0 AND r.state = 'done'"},
        {offsetof(struct tolka_store_counts, pages_done), "SELECT count(*) FROM packed"},
        {offsetof(struct tolka_store_counts, pages_failed),
         "SELECT count(*) FROM (SELECT DISTINCT report_id, page FROM problem WHERE page > 0 AND NOT EXISTS "
         "(SELECT 1 FROM page g WHERE g.id = report_id * 1048576 + problem.page) "
         "UNION SELECT report_id, page FROM fault WHERE page > 0) AS failed"},
        {offsetof(struct tolka_store_counts, pages_left),
         "SELECT count(*) FROM work WHERE page BETWEEN 1 AND 2147483646"},
        {offsetof(struct tolka_store_counts, runs_alive), "SELECT count(*) FROM run WHERE ended_at IS NULL"},
    };
    enum tolka_status status = TOLKA_OK;

    *counts = (struct tolka_store_counts){0};
    for (size_t i = 0; !status && i < sizeof COUNTS / sizeof *COUNTS; i++)
        status = tolka_sql_number(store->sql, err, (int64_t *)((char *)counts + COUNTS[i].place),
                                  COUNTS[i].sql, "");
    if (!status)
        status = count_reports(store, counts, err);
    counts->duplicates =
        counts->files - counts->reports; /* each report has one path that is not a duplicate */
    return status ? status : rate_of_last_run(store, counts, err);
}

enum tolka_status tolka_store_each_problem_code(struct tolka_store *store,
                                                bool (*take)(const char *code, int64_t count, void *data),
                                                void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query, "SELECT code, count(*) FROM problems GROUP BY code ORDER BY code", "");

    while (tolka_sql_next(query, &status, err) &&
           take(tolka_sql_word(query, 0), tolka_sql_int(query, 1), data))
        continue;
    tolka_sql_done(query);
    return status;
}

bool tolka_store_next_problem(struct tolka_sql_query *query, int column, struct tolka_store_problem *problem,
                              enum tolka_status *status, struct tolka_error *err)
{
    if (!tolka_sql_next(query, status, err))
        return false;
    *problem = (struct tolka_store_problem){.page = (int)tolka_sql_int(query, column),
                                            .code = tolka_sql_word(query, column + 1),
                                            .message = tolka_sql_word(query, column + 2),
                                            .stage = tolka_sql_text(query, column + 3),
                                            .signal = (int)tolka_sql_int(query, column + 4),
                                            .seconds = tolka_sql_real(query, column + 5)};
    return true;
}

enum tolka_status tolka_store_all_problems(struct tolka_store *store,
                                           bool (*take)(const char *path,
                                                        const struct tolka_store_problem *problem,
                                                        void *data),
                                           void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    struct tolka_store_problem problem;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT path, page, code, message, stage, signal, seconds FROM problems "
                        "ORDER BY path, page NULLS FIRST, code, message",
                        "");

    while (tolka_store_next_problem(query, 1, &problem, &status, err) &&
           take(tolka_sql_word(query, 0), &problem, data))
        continue;
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_store_each_report(struct tolka_store *store,
                                          bool (*take)(const struct tolka_store_report *report, void *data),
                                          void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    bool go_on = true;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query,
        "SELECT report_id, state, has_record, path, sha256, bytes, pages, problems, kind, title, "
        "organisation, orgnr, period_from, period_to FROM reports ORDER BY path, report_id",
        "");

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_store_report report = {
            .report = tolka_sql_int(query, 0),
            .state = read_state(query, 1),
            .has_record = tolka_sql_int(query, 2) != 0,
            .path = tolka_sql_word(query, 3),
            .sha256 = tolka_sql_word(query, 4),
            .bytes = tolka_sql_int(query, 5),
            .pages = (int)tolka_sql_int(query, 6),
            .problems = (int)tolka_sql_int(query, 7),
            .kind = tolka_sql_text(query, 8),
            .title = tolka_sql_text(query, 9),
            .organisation = tolka_sql_text(query, 10),
            .orgnr = tolka_sql_text(query, 11),
            .period_from = tolka_sql_text(query, 12),
            .period_to = tolka_sql_text(query, 13),
        };
        go_on = take(&report, data);
    }
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_store_read_json(struct tolka_store *store, int64_t report, struct tolka_strbuf *out,
                                        struct tolka_error *err)
{
    struct tolka_sql_query *query;
    const void *bytes;
    size_t length;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query, "SELECT size, json FROM record WHERE report_id = ?1", "i", report);

    if (tolka_sql_next(query, &status, err)) {
        bytes = tolka_sql_blob(query, 1, &length);
        status = tolka_unsqueeze(bytes, length, (size_t)tolka_sql_int(query, 0), out, err);
    } else if (!status) {
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: has no record of report %lld", store->name,
                                 (long long)report);
    }
    tolka_sql_done(query);
    return status;
}
