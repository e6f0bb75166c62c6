/*
 * The store as text, for comparing two: reports go by their content's hash, everything else by its report and
 * its place in it. What differs between two ingests of the same files and does not matter (numbers, runs,
 * times, seconds spent) is left out.
 */
#include "ingest/store_int.h"

#include "ingest/squeeze.h"
#include "schema/hash.h"

#include <string.h>

#define OF_REPORT "JOIN report r ON r.id = t.report_id ORDER BY r.sha256, "

static const struct {
    const char *name, *sql;
} PARTS[] = {
    {"file", "SELECT f.path, r.sha256, f.bytes, r.path FROM file f JOIN report r ON r.id = f.report_id ORDER "
             "BY f.path"},
    {"missing", "SELECT path, code, message FROM missing ORDER BY path"},
    {"report", "SELECT r.sha256, r.path, r.bytes, r.pages, r.state, r.superseded, r.has_record, r.kind, "
               "r.title, r.organisation, "
               "r.organisation_key, r.orgnr, r.dnr, r.period_from, r.period_to, r.decided, c.program, "
               "c.model_sha256, c.rules_sha256, "
               "c.options FROM report r JOIN recipe c ON c.id = r.recipe_id ORDER BY r.sha256"},
    {"work", "SELECT r.sha256, t.page, t.attempts FROM work t " OF_REPORT "t.page"},
    {"fault", "SELECT r.sha256, t.page, t.code, t.message, t.stage, t.signal FROM fault t " OF_REPORT
              "t.page, t.code, t.message"},
    {"page", "SELECT r.sha256, t.page, t.width, t.height, t.dpi, t.origin, t.rotation, t.skew, t.confidence, "
             "t.text FROM page t " OF_REPORT "t.page"},
    {"sheet", "SELECT r.sha256, t.* FROM sheet t " OF_REPORT "t.number"},
    {"sheet_column", "SELECT r.sha256, t.* FROM sheet_column t " OF_REPORT "t.number, t.col"},
    {"sheet_row", "SELECT r.sha256, t.* FROM sheet_row t " OF_REPORT "t.number, t.row"},
    {"cell", "SELECT r.sha256, t.number, t.row, t.col, t.page, t.x0, t.y0, t.x1, t.y1, t.mantissa, t.scale, "
             "t.unit, t.confidence, "
             "t.status, t.text, t.raw FROM cell t " OF_REPORT "t.id"},
    {"fact", "SELECT r.sha256, t.number, t.row, t.col, f.kind, f.item, f.period_to, f.status FROM fact f "
             "JOIN cell t ON t.id = f.cell_id " OF_REPORT "t.id"},
    {"verdict", "SELECT r.sha256, t.* FROM verdict t " OF_REPORT "t.number, t.position"},
    {"section", "SELECT r.sha256, t.* FROM section t " OF_REPORT "t.position"},
    {"goal", "SELECT r.sha256, t.* FROM goal t " OF_REPORT "t.position"},
    {"signature", "SELECT r.sha256, t.* FROM signature t " OF_REPORT "t.position"},
    {"correction", "SELECT r.sha256, t.* FROM correction t " OF_REPORT "t.position"},
    {"amendment", "SELECT r.sha256, t.line FROM amendment t " OF_REPORT
                  "t.page, t.y0, t.x0, t.y1, t.x1, t.sheet, t.row, t.col"},
    {"problem",
     "SELECT r.sha256, t.position, t.page, t.code, t.message, t.stage, t.signal FROM problem t " OF_REPORT
     "t.position"},
    {"likeness",
     "SELECT r.sha256, b.hash FROM likeness_band b JOIN likeness t ON t.report_id = b.report_id " OF_REPORT
     "b.hash"},
    {"word", "SELECT term, doc, cnt FROM page_word ORDER BY term"}, /* of SQLite; the last */
};

/* One value: quoted text with line breaks as \n, a number, or nothing. */
static void add_value(struct tolka_strbuf *out, const char *text)
{
    tolka_strbuf_add_char(out, '\t');
    for (; text && *text; text++) {
        if (*text == '\n' || *text == '\t' || *text == '\\')
            tolka_strbuf_addf(out, "\\%c", *text == '\n' ? 'n' : *text == '\t' ? 't' : '\\');
        else
            tolka_strbuf_add_char(out, *text);
    }
    if (!text)
        tolka_strbuf_add_str(out, "-");
}

/* Rows that begin with their report's hash and hold its number: the number is passed over. */
static bool is_number_column(struct tolka_sql_query *query, const char *sql, int column)
{
    return column == 1 && strstr(sql, "t.*") && tolka_sql_column_count(query) > 1;
}

static enum tolka_status dump_part(struct tolka_store *store, const char *name, const char *sql,
                                   struct tolka_strbuf *out, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query, sql, "");

    while (tolka_sql_next(query, &status, err)) {
        tolka_strbuf_add_str(out, name);
        for (int c = 0; c < tolka_sql_column_count(query); c++) {
            if (!is_number_column(query, sql, c))
                add_value(out, tolka_sql_text(query, c));
        }
        tolka_strbuf_add_char(out, '\n');
    }
    tolka_sql_done(query);
    return status;
}

/* The JSON of each record, by its own hash: how it was deflated does not matter. */
static enum tolka_status dump_records(struct tolka_store *store, struct tolka_strbuf *out,
                                      struct tolka_error *err)
{
    struct tolka_sql_query *query;
    struct tolka_strbuf json = {0};
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT r.sha256, t.size, t.json FROM record t JOIN report r ON r.id = t.report_id "
                        "ORDER BY r.sha256",
                        "");

    while (tolka_sql_next(query, &status, err)) {
        char sha256[65];
        size_t length;
        const void *bytes = tolka_sql_blob(query, 2, &length);
        tolka_strbuf_truncate(&json, 0);
        status = tolka_unsqueeze(bytes, length, (size_t)tolka_sql_int(query, 1), &json, err);
        if (!status && tolka_sha256_hex(json.data, json.length, sha256) == TOLKA_OK)
            tolka_strbuf_addf(out, "record\t%s\t%zu\t%s\n", tolka_sql_text(query, 0), json.length, sha256);
    }
    tolka_sql_done(query);
    tolka_strbuf_release(&json);
    return status;
}

enum tolka_status tolka_store_dump(struct tolka_store *store, struct tolka_strbuf *out,
                                   struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    const size_t count = sizeof PARTS / sizeof *PARTS - tolka_sql_is_shared(store->sql);

    for (size_t i = 0; !status && i < count; i++)
        status = dump_part(store, PARTS[i].name, PARTS[i].sql, out, err);
    if (!status)
        status = dump_records(store, out, err);
    return !status && out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : status;
}
