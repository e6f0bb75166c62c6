/* A finished record into the store: its exact JSON, and rows for those who ask in SQL. Rows are a function of
 * the record alone. */
#include "ingest/store_int.h"

#include "base/utf8.h"
#include "ingest/squeeze.h"
#include "schema/value.h"
#include "schema/write.h"

#include <string.h>

enum { JSON_LEVEL = 6 }; /* of zlib: kept for good */

/* The record in hand. */
struct target {
    struct tolka_store *store;
    int64_t report;
    const struct tolka_record *record;
    struct tolka_error *err;
};

#define RUN(target, text, ...) tolka_sql_run((target)->store->sql, (target)->err, text, __VA_ARGS__)

/* A box as four values, all null when it is none. */
#define BOX(box) edge(box, (box).x0), edge(box, (box).y0), edge(box, (box).x1), edge(box, (box).y1)

static int64_t edge(struct tolka_box box, int at)
{
    return tolka_box_is_empty(box) ? TOLKA_SQL_NULL : at;
}

static enum tolka_status put_json(const struct target *target, const void *json, size_t length)
{
    struct tolka_strbuf small = {0};
    enum tolka_status status = tolka_squeeze(json, length, JSON_LEVEL, &small, target->err);

    if (!status)
        status = RUN(target,
                     "INSERT INTO record (report_id, size, json) VALUES (?1, ?2, ?3) "
                     "ON CONFLICT (report_id) DO UPDATE SET size = ?2, json = ?3",
                     "iib", target->report, (int64_t)length, tolka_strbuf_text(&small), small.length);
    tolka_strbuf_release(&small);
    return status;
}

static enum tolka_status put_pages(const struct target *target)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < target->record->page_count; i++) {
        const struct tolka_page_summary *page = &target->record->pages[i];
        const int64_t id = tolka_page_id(target->report, page->page);
        if (page->page < 1 || page->page > MAX_PAGES) /* its id would be another report's */
            return tolka_error_set(target->err, TOLKA_ERR_LIMIT, "has a page %d", page->page);
        status = RUN(target,
                     "INSERT INTO page (id, report_id, page, width, height, dpi, origin, rotation, skew, "
                     "confidence, text) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                     "iiiiiitirrt", id, target->report, (int64_t)page->page, (int64_t)page->width,
                     (int64_t)page->height, (int64_t)page->dpi,
                     page->origin == TOLKA_ORIGIN_TEXT ? "text" : "ocr", (int64_t)page->rotation_deg,
                     (double)page->skew_deg, (double)page->confidence, page->text ? page->text : "");
        if (!status && !tolka_sql_is_shared(target->store->sql)) /* else an index of the page itself */
            status = RUN(target, "INSERT INTO page_text (rowid, text) VALUES (?1, ?2)", "it", id,
                         page->text ? page->text : "");
    }
    return status;
}

static enum tolka_status put_sheet(const struct target *target, const struct tolka_table *table,
                                   int64_t number)
{
    int64_t first = table->page_count ? table->pages[0] : 0, last = first;

    for (size_t i = 0; i < table->page_count; i++)
        last = table->pages[i] > last ? table->pages[i] : last;
    return RUN(
        target,
        "INSERT INTO sheet (report_id, number, name, kind, caption, unit, first_page, last_page, x0, y0, x1, "
        "y1, header_rows, "
        "row_count, column_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        "iittttiiiiiiiii", target->report, number, table->id, table->kind, table->caption,
        tolka_unit_name(table->unit), first, last, BOX(table->box), (int64_t)table->header_rows,
        (int64_t)table->row_count, (int64_t)table->column_count);
}

static enum tolka_status put_columns(const struct target *target, const struct tolka_table *table,
                                     int64_t number)
{
    enum tolka_status status = TOLKA_OK;

    for (int c = 0; !status && c < table->column_count; c++) {
        const struct tolka_column *column = &table->columns[c];
        status = RUN(
            target,
            "INSERT INTO sheet_column (report_id, number, col, label, period_from, period_to, unit, role) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            "iiittttt", target->report, number, (int64_t)c, column->label ? column->label : "",
            column->period.from, column->period.to, tolka_unit_name(column->unit), column->role);
    }
    return status;
}

static enum tolka_status put_fact(const struct target *target, const struct tolka_table *table, int row,
                                  int column, int64_t id)
{
    const char *period_to = table->columns[column].period.to ? table->columns[column].period.to
                                                             : target->record->report.period.to;

    return RUN(target,
               "INSERT INTO fact (cell_id, kind, item, period_to, status) VALUES (?1, ?2, ?3, ?4, ?5)",
               "itttt", id, table->kind, table->rows[row].item, period_to,
               tolka_cell_status_name(tolka_table_cell(table, row, column)->status));
}

static enum tolka_status put_cell(const struct target *target, const struct tolka_table *table,
                                  int64_t number, int row, int column, int64_t id)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const char *raw = cell->raw ? cell->raw : "", *text = cell->text ? cell->text : "";

    return RUN(target,
               "INSERT INTO cell (id, report_id, number, row, col, page, x0, y0, x1, y1, mantissa, scale, "
               "unit, confidence, status, text, raw) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
               "iiiiiiiiiiiitrttt", id, target->report, number, (int64_t)row, (int64_t)column,
               (int64_t)cell->page, BOX(cell->box), cell->has_value ? cell->value.mantissa : TOLKA_SQL_NULL,
               cell->has_value ? (int64_t)cell->value.scale : TOLKA_SQL_NULL,
               cell->has_value ? tolka_unit_name(cell->unit) : NULL, (double)cell->confidence,
               tolka_cell_status_name(cell->status), text, strcmp(raw, text) ? raw : NULL);
}

static enum tolka_status put_rows(const struct target *target, const struct tolka_table *table,
                                  int64_t number, int64_t *cells)
{
    enum tolka_status status = TOLKA_OK;

    for (int r = 0; !status && r < table->row_count; r++) {
        status = RUN(target,
                     "INSERT INTO sheet_row (report_id, number, row, item, is_total, is_group) VALUES (?1, "
                     "?2, ?3, ?4, ?5, ?6)",
                     "iiitii", target->report, number, (int64_t)r, table->rows[r].item,
                     (int64_t)table->rows[r].is_total, (int64_t)table->rows[r].is_group);
        for (int c = 0; !status && c < table->column_count; c++) {
            const int64_t id = tolka_cell_id(target->report, (*cells)++);
            if (*cells >= INT64_C(1) << CELL_BITS)
                return tolka_error_set(target->err, TOLKA_ERR_LIMIT,
                                       "%s: a report with more cells than a store keeps",
                                       target->store->name);
            status = put_cell(target, table, number, r, c, id);
            if (!status && tolka_cell_is_fact(table, r, c))
                status = put_fact(target, table, r, c, id);
        }
    }
    return status;
}

static enum tolka_status put_check(const struct target *target, const struct tolka_check *check,
                                   int64_t number, int64_t position)
{
    struct tolka_strbuf cells = {0};
    char expected[32], found[32], off[32];
    enum tolka_status status;

    tolka_decimal_format(check->expected, expected);
    tolka_decimal_format(check->found, found);
    tolka_decimal_format(check->off, off);
    for (size_t i = 0; i < check->cell_count; i++)
        tolka_strbuf_addf(&cells, "%s[%d,%d]", i ? "," : "[", check->cells[i].row, check->cells[i].column);
    tolka_strbuf_add_str(&cells, check->cell_count ? "]" : "[]");
    if (cells.failed)
        status = tolka_error_set(target->err, TOLKA_ERR_MEMORY, "out of memory");
    else
        status = RUN(target,
                     "INSERT INTO verdict (report_id, number, position, rule, page, cells, expected, found, "
                     "off, verdict) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                     "iiitittttt", target->report, number, position, check->rule, (int64_t)check->page,
                     tolka_strbuf_text(&cells), expected, found, off, tolka_verdict_name(check->verdict));
    tolka_strbuf_release(&cells);
    return status;
}

static enum tolka_status put_tables(const struct target *target)
{
    int64_t cells = 0;
    enum tolka_status status = TOLKA_OK;

    for (size_t t = 0; !status && t < target->record->table_count; t++) {
        const struct tolka_table *table = &target->record->tables[t];
        const int64_t number = (int64_t)t + 1;
        status = put_sheet(target, table, number);
        if (!status)
            status = put_columns(target, table, number);
        if (!status)
            status = put_rows(target, table, number, &cells);
        for (size_t i = 0; !status && i < table->check_count; i++)
            status = put_check(target, &table->checks[i], number, (int64_t)i);
    }
    return status;
}

static enum tolka_status put_sections(const struct target *target)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < target->record->section_count; i++) {
        const struct tolka_section *section = &target->record->sections[i];
        status = RUN(target,
                     "INSERT INTO section (report_id, position, level, number, title, page) VALUES (?1, ?2, "
                     "?3, ?4, ?5, ?6)",
                     "iiitti", target->report, (int64_t)i, (int64_t)section->level, section->number,
                     section->title, (int64_t)section->page);
    }
    for (size_t i = 0; !status && i < target->record->goal_count; i++) {
        const struct tolka_goal *goal = &target->record->goals[i];
        status =
            RUN(target,
                "INSERT INTO goal (report_id, position, goal, activity, assessment, fulfilment, page, sheet) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                "iittttit", target->report, (int64_t)i, goal->goal, goal->activity, goal->assessment,
                goal->fulfilment, (int64_t)goal->page, goal->table);
    }
    for (size_t i = 0; !status && i < target->record->signature_count; i++) {
        const struct tolka_signature *signature = &target->record->signatures[i];
        status = RUN(target,
                     "INSERT INTO signature (report_id, position, name, role, place, page) VALUES (?1, ?2, "
                     "?3, ?4, ?5, ?6)",
                     "iittti", target->report, (int64_t)i, signature->name, signature->role, signature->place,
                     (int64_t)signature->page);
    }
    return status;
}

static enum tolka_status put_corrections(const struct target *target)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < target->record->correction_count; i++) {
        const struct tolka_correction *correction = &target->record->corrections[i];
        status =
            RUN(target,
                "INSERT INTO correction (report_id, position, page, x0, y0, x1, y1, \"from\", \"to\", "
                "confidence, reason) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                "iiiiiiittrt", target->report, (int64_t)i, (int64_t)correction->page, BOX(correction->box),
                correction->from, correction->to, (double)correction->confidence, correction->reason);
    }
    return status;
}

/* The record's problems; stage, signal and seconds come from the fault that was noted in work. */
static enum tolka_status put_problems(const struct target *target)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < target->record->problems.count; i++) {
        const struct tolka_diag *problem = &target->record->problems.items[i];
        status =
            RUN(target,
                "INSERT INTO problem (report_id, position, page, code, message, stage, signal, seconds) "
                "SELECT ?1, ?2, ?3, ?4, ?5, f.stage, coalesce(f.signal, 0), coalesce(f.seconds, 0) FROM "
                "(SELECT 1) AS one "
                "LEFT JOIN fault f ON f.report_id = ?1 AND f.page = ?3 AND f.code = ?4 AND f.message = ?5",
                "iiitt", target->report, (int64_t)i, (int64_t)problem->page, problem->code, problem->message);
    }
    return status;
}

static enum tolka_status delete_rows(const struct target *target)
{
    static const char *const BY_REPORT[] = {
        "DELETE FROM sheet WHERE report_id = ?1",     "DELETE FROM sheet_column WHERE report_id = ?1",
        "DELETE FROM sheet_row WHERE report_id = ?1", "DELETE FROM verdict WHERE report_id = ?1",
        "DELETE FROM section WHERE report_id = ?1",   "DELETE FROM goal WHERE report_id = ?1",
        "DELETE FROM signature WHERE report_id = ?1", "DELETE FROM correction WHERE report_id = ?1",
        "DELETE FROM problem WHERE report_id = ?1",
    };
    static const char FORGET_TEXT[] = "INSERT INTO page_text (page_text, rowid, text) "
                                      "SELECT 'delete', id, text FROM page WHERE id BETWEEN ?1 AND ?2";
    static const char *const BY_PAGE[] = {FORGET_TEXT, "DELETE FROM page WHERE id BETWEEN ?1 AND ?2"};
    const size_t first = tolka_sql_is_shared(target->store->sql);
    static const char *const BY_CELL[] = {
        "DELETE FROM fact WHERE cell_id BETWEEN ?1 AND ?2",
        "DELETE FROM cell WHERE id BETWEEN ?1 AND ?2",
    };
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < sizeof BY_REPORT / sizeof *BY_REPORT; i++)
        status = RUN(target, BY_REPORT[i], "i", target->report);
    for (size_t i = first; !status && i < sizeof BY_PAGE / sizeof *BY_PAGE; i++)
        status = RUN(target, BY_PAGE[i], "ii", tolka_page_id(target->report, 0),
                     tolka_page_id(target->report, MAX_PAGES));
    for (size_t i = 0; !status && i < sizeof BY_CELL / sizeof *BY_CELL; i++)
        status = RUN(target, BY_CELL[i], "ii", tolka_cell_id(target->report, 0),
                     tolka_cell_id(target->report + 1, 0) - 1);
    return status;
}

char *tolka_store_fold(struct tolka_arena *arena, const char *text)
{
    const size_t length = text ? strlen(text) : 0;
    char *folded =
        text ? tolka_arena_alloc(arena, length * 3 + 5) : NULL; /* no byte grows to more than three */
    size_t out = 0;

    for (size_t at = 0; folded && at < length;) {
        uint32_t code;
        at += tolka_utf8_decode(text + at, length - at, &code);
        out += tolka_utf8_encode(tolka_utf8_lower(code), folded + out);
    }
    return folded;
}

static int64_t count_facts(const struct tolka_record *record)
{
    int64_t count = 0;

    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];
        for (int row = 0; row < table->row_count; row++) {
            for (int column = 0; column < table->column_count; column++)
                count += tolka_cell_is_fact(table, row, column);
        }
    }
    return count;
}

static enum tolka_status put_description(const struct target *target)
{
    const struct tolka_record *record = target->record;
    struct tolka_arena scratch = {0};
    enum tolka_status status =
        RUN(target,
            "UPDATE report SET kind = ?2, title = ?3, organisation = ?4, organisation_key = ?5, orgnr = ?6, "
            "dnr = ?7, period_from = ?8, "
            "period_to = ?9, decided = ?10, pages = ?11, pages_read = ?12, facts = ?13, has_record = 1 WHERE "
            "id = ?1",
            "itttttttttiii", target->report, record->report.kind, record->report.title,
            record->report.organisation, tolka_store_fold(&scratch, record->report.organisation),
            record->report.orgnr, record->report.dnr, record->report.period.from, record->report.period.to,
            record->report.decided, (int64_t)record->source.pages, (int64_t)record->page_count,
            count_facts(record));

    tolka_arena_release(&scratch);
    return status;
}

static enum tolka_status write_rows(const struct target *target, bool had_one, const void *json,
                                    size_t length)
{
    enum tolka_status status =
        had_one ? delete_rows(target)
                : RUN(target, "DELETE FROM problem WHERE report_id = ?1", "i", target->report);

    if (!status)
        status = put_json(target, json, length);
    if (!status)
        status = put_description(target);
    if (!status)
        status = put_pages(target);
    if (!status)
        status = put_tables(target);
    if (!status)
        status = put_sections(target);
    if (!status)
        status = put_corrections(target);
    if (!status)
        status = tolka_store_put_likeness(target->store, target->report, target->record, target->err);
    return status ? status : put_problems(target);
}

static enum tolka_status take_record(const struct target *target, const struct tolka_work *work,
                                     const void *json, size_t length)
{
    int64_t had_one = 0;
    char now[TIME_SIZE];
    enum tolka_status status = tolka_store_check_claim(target->store, work, target->err);

    if (!status)
        status = tolka_sql_number(target->store->sql, target->err, &had_one,
                                  "SELECT has_record FROM report WHERE id = ?1", "i", target->report);
    if (!status)
        status = write_rows(target, had_one != 0, json, length);
    if (!status)
        status = tolka_store_drop_work(target->store, target->report, target->err);
    if (!status)
        status = tolka_store_drop_content(target->store, target->report, target->err);
    tolka_store_now(target->store, now);
    if (!status)
        status = RUN(target, "UPDATE report SET state = 'done', done_at = ?2 WHERE id = ?1", "it",
                     target->report, now);
    target->store->reports_done += status == TOLKA_OK;
    return status;
}

enum tolka_status tolka_store_put_record(struct tolka_store *store, const struct tolka_work *work,
                                         const struct tolka_record *record, const void *json,
                                         size_t json_length, struct tolka_error *err)
{
    const struct target target = {store, work->report, record, err};
    enum tolka_status status = tolka_store_need_run(store, err);

    if (!status && work->kind != TOLKA_WORK_FINISH)
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: not the end of a report's work", store->name);
    if (!status)
        status = tolka_store_enter_apart(store, err);
    if (status)
        return status;
    return tolka_store_leave_apart(store, take_record(&target, work, json, json_length), err);
}

enum tolka_status tolka_store_replace_record(struct tolka_store *store, int64_t report,
                                             const struct tolka_record *record, const void *json,
                                             size_t json_length, struct tolka_error *err)
{
    const struct target target = {store, report, record, err};
    int64_t had_one = 0;
    enum tolka_status status = tolka_store_enter_apart(store, err);

    if (status)
        return status;
    status = tolka_sql_number(store->sql, err, &had_one, "SELECT has_record FROM report WHERE id = ?1", "i",
                              report);
    if (!status && !had_one)
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: has no record of report %lld", store->name,
                                 (long long)report);
    if (!status)
        status = write_rows(&target, true, json, json_length);
    return tolka_store_leave_apart(store, status, err);
}
