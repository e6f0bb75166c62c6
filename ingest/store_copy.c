/*
 * One store into another, row by row: tables and columns are the same in both engines, so a table is a SELECT
 * here and an INSERT there. Numbers of reports, and all that is made of them, stay what they are. What
 * belongs to one machine's work at hand (claims, runs that live) does not come along: it waits.
 */
#include "ingest/store_share.h"

#include "ingest/sql_int.h"
#include "ingest/store_int.h"

#include <string.h>

enum { MAX_COLUMNS = 20 };

/* A table: its columns, the letters of their values (tolka_sql_run) and its key. */
struct table {
    const char *select, *insert, *types;
};

/* clang-format off */
#define V2 "(?1, ?2)"
#define V3 "(?1, ?2, ?3)"
#define V4 "(?1, ?2, ?3, ?4)"
#define V5 "(?1, ?2, ?3, ?4, ?5)"
#define V6 "(?1, ?2, ?3, ?4, ?5, ?6)"
#define V7 "(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
#define V8 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
#define V10 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
#define V11 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
#define V13 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
#define V15 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
#define V17 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
#define V20 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)"

#define TABLE(name, columns, values, types) {"SELECT " columns " FROM " name, "INSERT INTO " name " (" columns ") VALUES " values, types}

static const struct table TABLES[] = {
    TABLE("recipe", "id, program, model_sha256, rules_sha256, options", V5, "itttt"),
    TABLE("run", "id, recipe_id, host, pid, pid_started, lease_ms, lease_until, started_at, beat_at, ended_at, pages_done, pages_failed, "
          "reports_done", V13, "iitiiiitttiii"),
    TABLE("report", "id, sha256, path, bytes, pages, state, superseded, recipe_id, run_id, done_at, has_record, kind, title, organisation, "
          "organisation_key, orgnr, dnr, period_from, period_to, decided", V20, "ittiitiiitittttttttt"),
    TABLE("file", "path, report_id, bytes, modified_ns", V4, "tiii"),
    TABLE("missing", "path, code, message", V3, "ttt"),
    TABLE("work", "report_id, page, recipe_id, attempts, lost", V5, "iiiii"),
    TABLE("packed", "id, size, bytes", V3, "iib"),
    TABLE("fault", "report_id, page, code, message, stage, signal, seconds", V7, "iitttir"),
    TABLE("record", "report_id, size, json", V3, "iib"),
    TABLE("page", "id, report_id, page, width, height, dpi, origin, rotation, skew, confidence, text", V11, "iiiiiitirrt"),
    TABLE("sheet", "report_id, number, name, kind, caption, unit, first_page, last_page, x0, y0, x1, y1, header_rows, row_count, column_count",
          V15, "iittttiiiiiiiii"),
    TABLE("sheet_column", "report_id, number, col, label, period_from, period_to, unit, role", V8, "iiittttt"),
    TABLE("sheet_row", "report_id, number, row, item, is_total, is_group", V6, "iiitii"),
    TABLE("cell", "id, report_id, number, row, col, page, x0, y0, x1, y1, mantissa, scale, unit, confidence, status, text, raw", V17,
          "iiiiiiiiiiiitrttt"),
    TABLE("fact", "cell_id, kind, item, period_to, status", V5, "itttt"),
    TABLE("verdict", "report_id, number, position, rule, page, cells, expected, found, off, verdict", V10, "iiitittttt"),
    TABLE("section", "report_id, position, level, number, title, page", V6, "iiitti"),
    TABLE("goal", "report_id, position, goal, activity, assessment, fulfilment, page, sheet", V8, "iittttit"),
    TABLE("signature", "report_id, position, name, role, place, page", V6, "iittti"),
    TABLE("correction", "report_id, position, page, x0, y0, x1, y1, \"from\", \"to\", confidence, reason", V11, "iiiiiiittrt"),
    TABLE("amendment", "report_id, page, x0, y0, x1, y1, sheet, row, col, raw, said, made, made_by, made_at, line", V15, "iiiiiitiitttttt"),
    TABLE("problem", "report_id, position, page, code, message, stage, signal, seconds", V8, "iiitttir"),
    TABLE("likeness", "report_id, hashes", V2, "ib"),
    TABLE("likeness_band", "hash, report_id", V2, "ii"),
};
/* clang-format on */

/* After all tables: what is derived, and what lives. `sqlite` or `postgres` NULL: nothing to do there. */
static const struct {
    const char *sqlite, *postgres;
} AFTER[] = {
    {"UPDATE run SET ended_at = beat_at WHERE ended_at IS NULL",
     "UPDATE run SET ended_at = beat_at WHERE ended_at IS NULL"},
    {"UPDATE report SET pages_read = (SELECT count(*) FROM page WHERE page.id BETWEEN report.id * 1048576 "
     "AND "
     "report.id * 1048576 + 1048575), facts = (SELECT count(*) FROM fact WHERE cell_id BETWEEN report.id * "
     "16777216 AND report.id * 16777216 + 16777215)",
     "UPDATE report SET pages_read = (SELECT count(*) FROM page WHERE page.id BETWEEN report.id * 1048576 "
     "AND "
     "report.id * 1048576 + 1048575), facts = (SELECT count(*) FROM fact WHERE cell_id BETWEEN report.id * "
     "16777216 AND report.id * 16777216 + 16777215)"},
    {"INSERT INTO page_text (rowid, text) SELECT id, text FROM page", NULL},
    {NULL,
     "SELECT setval(pg_get_serial_sequence('recipe', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM recipe), "
     "FALSE), setval(pg_get_serial_sequence('run', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM run), "
     "FALSE), "
     "setval(pg_get_serial_sequence('report', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM report), FALSE)"},
};

static struct tolka_sql_value read_value(struct tolka_sql_query *row, int column, char type)
{
    struct tolka_sql_value value = {.type = type, .is_null = tolka_sql_is_null(row, column)};

    if (value.is_null)
        return value;
    switch (type) {
    case 'i':
        value.number = tolka_sql_int(row, column);
        break;
    case 'r':
        value.real = tolka_sql_real(row, column);
        break;
    case 't':
        value.bytes = tolka_sql_text(row, column);
        break;
    default:
        value.bytes = tolka_sql_blob(row, column, &value.length);
        break;
    }
    return value;
}

static enum tolka_status copy_table(struct tolka_store *from, struct tolka_store *to,
                                    const struct table *table, struct tolka_error *err)
{
    const size_t count = strlen(table->types);
    struct tolka_sql_value values[MAX_COLUMNS];
    struct tolka_sql_query *row;
    enum tolka_status status = tolka_sql_query(from->sql, err, &row, table->select, "");

    while (tolka_sql_next(row, &status, err)) {
        for (size_t i = 0; i < count; i++)
            values[i] = read_value(row, (int)i, table->types[i]);
        status = tolka_sql_run_values(to->sql, err, table->insert, table->types, values);
    }
    tolka_sql_done(row);
    return status;
}

static enum tolka_status copy_all(struct tolka_store *from, struct tolka_store *to, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < sizeof TABLES / sizeof *TABLES; i++)
        status = copy_table(from, to, &TABLES[i], err);
    for (size_t i = 0; !status && i < sizeof AFTER / sizeof *AFTER; i++) {
        const char *text = tolka_sql_choose(to->sql, AFTER[i].sqlite, AFTER[i].postgres);
        if (text)
            status = tolka_sql_run(to->sql, err, text, "");
    }
    return status;
}

enum tolka_status tolka_store_copy(struct tolka_store *from, struct tolka_store *to, struct tolka_error *err)
{
    int64_t there = 0;
    enum tolka_status status = tolka_store_begin(to, err);

    if (status)
        return status;
    status = tolka_sql_number(to->sql, err, &there,
                              "SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM missing) + "
                              "(SELECT count(*) FROM recipe)",
                              "");
    if (!status && there)
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: is not empty", to->name);
    if (!status)
        status = tolka_sql_snapshot(from->sql, err);
    if (!status)
        status = copy_all(from, to, err);
    tolka_sql_rollback(from->sql);
    if (!status)
        return tolka_store_commit(to, err);
    tolka_store_rollback(to);
    return status;
}
