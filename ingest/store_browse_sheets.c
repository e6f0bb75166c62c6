/* Tables, checks and figures of a store, page by page. A table's cells lie one after another, so the place of
 * its first is counted from the sizes of the tables before it. */
#include "ingest/browse.h"
#include "ingest/store_int.h"

enum { MAX_SCALE = 9 }; /* of a decimal: record.h */

static struct tolka_decimal read_decimal(struct tolka_sql_query *query, int column)
{
    const int64_t scale = tolka_sql_int(query, column + 1);

    return (struct tolka_decimal){tolka_sql_int(query, column),
                                  scale < 0 || scale > MAX_SCALE ? 0 : (int)scale};
}

/* ---- Tables ---- */

static const char SHEETS[] =
    "SELECT s.number, s.name, s.kind, s.caption, s.unit, s.first_page, s.last_page, s.header_rows, "
    "s.row_count, "
    "s.column_count, (SELECT count(*) FROM verdict v WHERE v.report_id = s.report_id AND v.number = s.number "
    "AND "
    "v.verdict <> 'holds') FROM sheet s WHERE s.report_id = ?1 AND s.number > ?2 ORDER BY s.number LIMIT ?3";

enum tolka_status tolka_browse_sheets(struct tolka_store *store, int64_t report, int number, int limit,
                                      bool (*take)(const struct tolka_browse_sheet *sheet, void *data),
                                      void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    bool go_on = true;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, SHEETS, "iii", report, (int64_t)number, (int64_t)limit);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_sheet sheet = {
            (int)tolka_sql_int(query, 0), tolka_sql_word(query, 1),     tolka_sql_word(query, 2),
            tolka_sql_text(query, 3),     tolka_sql_text(query, 4),     (int)tolka_sql_int(query, 5),
            (int)tolka_sql_int(query, 6), (int)tolka_sql_int(query, 7), (int)tolka_sql_int(query, 8),
            (int)tolka_sql_int(query, 9), (int)tolka_sql_int(query, 10)};
        go_on = take(&sheet, data);
    }
    tolka_sql_done(query);
    return status;
}

static const char CELLS[] =
    "SELECT c.row, c.col, c.page, c.x0, c.y0, c.x1, c.y1, c.text, coalesce(c.raw, c.text), c.status, c.unit, "
    "c.mantissa, c.scale, c.confidence FROM cell c WHERE c.id BETWEEN ?1 AND ?2 AND c.number = ?3 ORDER BY "
    "c.id "
    "LIMIT ?4";

static struct tolka_browse_cell read_cell(struct tolka_sql_query *query)
{
    return (struct tolka_browse_cell){
        .row = (int)tolka_sql_int(query, 0),
        .column = (int)tolka_sql_int(query, 1),
        .page = (int)tolka_sql_int(query, 2),
        .box = {(int)tolka_sql_int(query, 3), (int)tolka_sql_int(query, 4), (int)tolka_sql_int(query, 5),
                (int)tolka_sql_int(query, 6)},
        .text = tolka_sql_word(query, 7),
        .raw = tolka_sql_word(query, 8),
        .status = tolka_sql_word(query, 9),
        .unit = tolka_sql_text(query, 10),
        .has_value = !tolka_sql_is_null(query, 11),
        .value = read_decimal(query, 11),
        .confidence = tolka_sql_real(query, 13),
    };
}

enum tolka_status tolka_browse_cells(struct tolka_store *store, int64_t report, int sheet, int row, int limit,
                                     bool (*take)(const struct tolka_browse_cell *cell, void *data),
                                     void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    int64_t before = 0, columns = 0;
    bool go_on = true;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &before,
        "SELECT coalesce(sum(row_count * column_count), 0) FROM sheet WHERE report_id = ?1 AND number < ?2",
        "ii", report, (int64_t)sheet);

    if (!status)
        status = tolka_sql_number(store->sql, err, &columns,
                                  "SELECT column_count FROM sheet WHERE report_id = ?1 AND number = ?2", "ii",
                                  report, (int64_t)sheet);
    before += row * columns;
    if (!status)
        status = tolka_sql_query(store->sql, err, &query, CELLS, "iiii", tolka_cell_id(report, before),
                                 tolka_cell_id(report, before + limit - 1), (int64_t)sheet, (int64_t)limit);
    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_cell cell = read_cell(query);
        go_on = take(&cell, data);
    }
    tolka_sql_done(query);
    return status;
}

/* ---- Checks ---- */

#define CHECK_COLUMNS                                                                                        \
    "SELECT v.report_id, v.number, v.position, v.page, v.rule, v.cells, v.expected, v.found, v.off, "        \
    "v.verdict, "                                                                                            \
    "r.path, r.organisation, r.period_to, (SELECT s.kind FROM sheet s WHERE s.report_id = v.report_id AND "  \
    "s.number = v.number) FROM verdict v CROSS JOIN report r ON r.id = v.report_id "

static const char SHEET_CHECKS[] =
    CHECK_COLUMNS "WHERE v.report_id = ?1 AND v.number = ?2 ORDER BY v.position LIMIT ?3";
static const char FAILED_CHECKS[] =
    CHECK_COLUMNS "WHERE v.verdict = ?1 AND v.verdict <> 'holds' AND r.superseded = 0 AND v.report_id >= ?2 "
                  "AND (v.report_id > ?2 "
                  "OR (v.number >= ?3 AND (v.number > ?3 OR v.position > ?4))) ORDER BY v.report_id, "
                  "v.number, v.position LIMIT ?5";

static enum tolka_status walk_checks(struct tolka_sql_query *query, enum tolka_status status,
                                     bool (*take)(const struct tolka_browse_check *check, void *data),
                                     void *data, struct tolka_error *err)
{
    bool go_on = true;

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_check check = {
            tolka_sql_int(query, 0),      (int)tolka_sql_int(query, 1), (int)tolka_sql_int(query, 2),
            (int)tolka_sql_int(query, 3), tolka_sql_word(query, 4),     tolka_sql_word(query, 5),
            tolka_sql_word(query, 6),     tolka_sql_word(query, 7),     tolka_sql_word(query, 8),
            tolka_sql_word(query, 9),     tolka_sql_word(query, 10),    tolka_sql_text(query, 11),
            tolka_sql_text(query, 12),    tolka_sql_word(query, 13)};
        go_on = take(&check, data);
    }
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_browse_sheet_checks(struct tolka_store *store, int64_t report, int sheet, int limit,
                                            bool (*take)(const struct tolka_browse_check *check, void *data),
                                            void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, SHEET_CHECKS, "iii", report, (int64_t)sheet, (int64_t)limit);

    return walk_checks(query, status, take, data, err);
}

enum tolka_status tolka_browse_checks(struct tolka_store *store, const char *verdict, int64_t report,
                                      int sheet, int position, int limit,
                                      bool (*take)(const struct tolka_browse_check *check, void *data),
                                      void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    const enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, FAILED_CHECKS, "tiiii", verdict, report, (int64_t)sheet,
                        (int64_t)position, (int64_t)limit);

    return walk_checks(query, status, take, data, err);
}

/* ---- Figures ---- */

#define FIGURE_COLUMNS                                                                                       \
    "SELECT f.item, f.kind, (SELECT l.text FROM cell l WHERE l.id = c.id - c.col), k.label, k.role, "        \
    "f.period_to, "                                                                                          \
    "r.period_to, c.mantissa, c.scale, c.unit, f.status, c.report_id, c.number, c.row, c.col, c.page "
#define WITH_COLUMN                                                                                          \
    "CROSS JOIN sheet_column k ON k.report_id = c.report_id AND k.number = c.number AND k.col = c.col "

static const char FIGURES[] = FIGURE_COLUMNS
    "FROM (SELECT q.id, q.period_to FROM report q WHERE " TOLKA_REPORTS_BEFORE("q") "LIMIT ?4) r "
    "CROSS JOIN fact f ON f.cell_id BETWEEN r.id * 16777216 AND r.id * 16777216 + 16777215 AND f.item IS NOT "
    "NULL "
    "CROSS JOIN cell c ON c.id = f.cell_id " WITH_COLUMN "LIMIT ?5";
static const char DOUBTFUL[] =
    FIGURE_COLUMNS ", f.cell_id, c.text, r.path FROM fact f CROSS JOIN cell c ON c.id = f.cell_id CROSS JOIN "
                   "report r ON r.id = "
                   "c.report_id " WITH_COLUMN "WHERE f.status = 'doubtful' AND f.status IN ('doubtful', "
                   "'corrected') AND f.cell_id > ?1 AND r.superseded = 0 "
                   "ORDER BY f.cell_id LIMIT ?2";

static struct tolka_browse_figure read_figure(struct tolka_sql_query *query)
{
    return (struct tolka_browse_figure){
        .item = tolka_sql_text(query, 0),
        .kind = tolka_sql_word(query, 1),
        .label = tolka_sql_word(query, 2),
        .column = tolka_sql_word(query, 3),
        .role = tolka_sql_text(query, 4),
        .period_to = tolka_sql_text(query, 5),
        .report_to = tolka_sql_text(query, 6),
        .value = read_decimal(query, 7),
        .unit = tolka_sql_text(query, 9),
        .status = tolka_sql_word(query, 10),
        .report = tolka_sql_int(query, 11),
        .sheet = (int)tolka_sql_int(query, 12),
        .row = (int)tolka_sql_int(query, 13),
        .column_number = (int)tolka_sql_int(query, 14),
        .page = (int)tolka_sql_int(query, 15),
    };
}

enum tolka_status tolka_browse_figures(struct tolka_store *store, const char *name, const char *before,
                                       int64_t report, int report_limit, int limit,
                                       bool (*take)(const struct tolka_browse_figure *figure, void *data),
                                       void *data, struct tolka_error *err)
{
    struct tolka_arena scratch = {0};
    struct tolka_sql_query *query = NULL;
    bool go_on = true;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, FIGURES, "ttiii", tolka_store_fold(&scratch, name), before, report,
                        (int64_t)report_limit, (int64_t)limit);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_figure figure = read_figure(query);
        go_on = take(&figure, data);
    }
    tolka_sql_done(query);
    tolka_arena_release(&scratch);
    return status;
}

enum tolka_status tolka_browse_doubtful(struct tolka_store *store, int64_t after, int limit,
                                        bool (*take)(int64_t place, const struct tolka_browse_figure *figure,
                                                     const char *text, const char *path, void *data),
                                        void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query = NULL;
    bool go_on = true;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, DOUBTFUL, "ii", after, (int64_t)limit);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_browse_figure figure = read_figure(query);
        go_on = take(tolka_sql_int(query, 16), &figure, tolka_sql_word(query, 17), tolka_sql_word(query, 18),
                     data);
    }
    tolka_sql_done(query);
    return status;
}
