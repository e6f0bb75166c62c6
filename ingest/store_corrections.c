/* What people found, into the store: kept beside the records, and taken into them. */
#include "ingest/store_corrections.h"

#include "ingest/store_int.h"
#include "schema/record_read.h"
#include "schema/write.h"

#include <string.h>

/* One amendment, in place of an earlier one of its place. */
static enum tolka_status keep(struct tolka_store *store, int64_t report, const struct tolka_amendment *a,
                              struct tolka_error *err)
{
    const bool boxed = !tolka_box_is_empty(a->box);
    struct tolka_strbuf line = {0};
    enum tolka_status status;

    tolka_amendment_write(a, &line);
    if (line.failed)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    else
        status =
            tolka_sql_run(store->sql, err,
                          "INSERT INTO amendment (report_id, page, x0, y0, x1, y1, sheet, row, col, raw, "
                          "said, made, made_by, made_at, "
                          "line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
                          "ON CONFLICT (report_id, page, x0, y0, x1, y1, sheet, row, col) DO UPDATE SET raw "
                          "= ?10, said = ?11, "
                          "made = ?12, made_by = ?13, made_at = ?14, line = ?15",
                          "iiiiiitiitttttt", report, (int64_t)a->page, (int64_t)a->box.x0, (int64_t)a->box.y0,
                          (int64_t)a->box.x1, (int64_t)a->box.y1, boxed || !a->table ? "" : a->table,
                          boxed ? (int64_t)0 : (int64_t)a->row, boxed ? (int64_t)0 : (int64_t)a->column,
                          a->raw, a->text, a->to, a->by, a->at, tolka_strbuf_text(&line));
    tolka_strbuf_release(&line);
    return status;
}

/* Writes the record that was amended, and keeps what was taken in. */
static enum tolka_status put_amended(struct tolka_store *store, int64_t report,
                                     const struct tolka_record *record,
                                     const struct tolka_amendment *amendments, size_t count,
                                     const struct tolka_amend_outcome *outcomes, struct tolka_error *err)
{
    struct tolka_strbuf json = {0};
    enum tolka_status status = TOLKA_OK;
    bool changed = false;

    for (size_t i = 0; !status && i < count; i++) {
        if (outcomes[i].result != TOLKA_AMEND_DONE)
            continue;
        changed = true;
        status = keep(store, report, &amendments[i], err);
    }
    if (changed && !status) {
        tolka_write_json(record, &json);
        status = json.failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory")
                             : tolka_store_replace_record(store, report, record, json.data, json.length, err);
    }
    tolka_strbuf_release(&json);
    return status;
}

static enum tolka_status amend_record(struct tolka_store *store, int64_t report,
                                      const struct tolka_rules *rules,
                                      const struct tolka_amendment *amendments, size_t count,
                                      struct tolka_amend_outcome *outcomes, struct tolka_error *err)
{
    struct tolka_record record = {0};
    struct tolka_strbuf json = {0};
    enum tolka_status status = tolka_store_read_json(store, report, &json, err);

    if (!status)
        status = tolka_record_read_json(json.data, json.length, &record, err);
    if (!status)
        status = tolka_amend(rules, &record, amendments, count, outcomes, err);
    if (!status)
        status = put_amended(store, report, &record, amendments, count, outcomes, err);
    tolka_strbuf_release(&json);
    tolka_record_release(&record);
    return status;
}

static enum tolka_status find_report(struct tolka_store *store, const char *sha256, int64_t *report,
                                     bool *has_record, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query, "SELECT id, has_record FROM report WHERE sha256 = ?1", "t", sha256);

    *report = 0;
    if (tolka_sql_next(query, &status, err)) {
        *report = tolka_sql_int(query, 0);
        *has_record = tolka_sql_int(query, 1) != 0;
    }
    tolka_sql_done(query);
    return status;
}

static enum tolka_status amend_report(struct tolka_store *store, const struct tolka_rules *rules,
                                      const struct tolka_amendment *amendments, size_t count,
                                      struct tolka_amend_outcome *outcomes, struct tolka_error *err)
{
    int64_t report = 0;
    bool has_record = false;
    enum tolka_status status = find_report(store, amendments->sha256, &report, &has_record, err);

    if (!status && has_record)
        return amend_record(store, report, rules, amendments, count, outcomes, err);
    for (size_t i = 0; !status && i < count; i++)
        outcomes[i] =
            (struct tolka_amend_outcome){TOLKA_AMEND_REFUSED, report ? "this report has not been read yet"
                                                                     : "the store has no such report"};
    return status;
}

enum tolka_status tolka_store_amend(struct tolka_store *store, const struct tolka_rules *rules,
                                    const struct tolka_amendment *amendments, size_t count,
                                    struct tolka_amend_outcome *outcomes, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < count;) {
        size_t end = i;

        while (end < count && strcmp(amendments[end].sha256, amendments[i].sha256) == 0)
            end++;
        status = tolka_store_begin(store, err);
        if (!status)
            status = amend_report(store, rules, &amendments[i], end - i, &outcomes[i], err);
        if (!status)
            status = tolka_store_commit(store, err);
        else
            tolka_store_rollback(store);
        i = end;
    }
    return status;
}

enum tolka_status tolka_store_each_amendment(struct tolka_store *store, int64_t report,
                                             bool (*take)(const char *line, void *data), void *data,
                                             struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query,
                                               "SELECT line FROM amendment WHERE report_id = ?1 "
                                               "ORDER BY page, y0, x0, y1, x1, sheet, row, col",
                                               "i", report);

    while (tolka_sql_next(query, &status, err) && take(tolka_sql_word(query, 0), data))
        continue;
    tolka_sql_done(query);
    return status;
}
