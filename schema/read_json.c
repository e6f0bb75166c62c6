/* The JSON of one report taken apart by jansson, which bounds depth and refuses what is no JSON. The only
 * file that includes it. */
#include "schema/read_json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* No report comes near these. */
enum { MAX_TABLES = 20000, MAX_ROWS = 100000, MAX_COLUMNS = 1000, MAX_CELLS = 2000000 };

/* A value has at most so many decimals; more than they would not fit the mantissa. */
enum { DECIMALS = 3 };
static const double LARGEST_VALUE = 1e13;

struct reader {
    struct tolka_record *record;
    bool failed; /* out of memory */
};

/* A string of the object in the record's arena; NULL where there is none. */
static const char *read_text(struct reader *r, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key)), *copy;

    if (!text)
        return NULL;
    copy = tolka_arena_strdup(&r->record->arena, text);
    r->failed = r->failed || !copy;
    return copy;
}

static const char *read_text_or(struct reader *r, const json_t *object, const char *key, const char *other)
{
    const char *text = read_text(r, object, key);

    return text ? text : other;
}

static enum tolka_unit read_unit(const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "unit"));

    for (int unit = 0; name && unit <= TOLKA_UNIT_COUNT; unit++) {
        const char *known = tolka_unit_name((enum tolka_unit)unit);

        if (known && strcmp(known, name) == 0)
            return (enum tolka_unit)unit;
    }
    return TOLKA_UNIT_NONE;
}

static struct tolka_period read_period(struct reader *r, const json_t *object)
{
    const json_t *period = json_object_get(object, "period");

    return (struct tolka_period){read_text(r, period, "from"), read_text(r, period, "to")};
}

static struct tolka_cell read_cell(struct reader *r, const json_t *from)
{
    const json_t *value = json_object_get(from, "value");
    struct tolka_cell cell = {
        .text = read_text_or(r, from, "text", ""), .unit = read_unit(from), .confidence = 1};
    const double number = json_number_value(value);

    cell.raw = cell.text;
    if (!json_is_number(value) || fabs(number) > LARGEST_VALUE)
        return cell;
    cell.has_value = true;
    cell.value = (struct tolka_decimal){llround(number * pow(10, DECIMALS)), DECIMALS};
    return cell;
}

static bool read_rows(struct reader *r, const json_t *rows, struct tolka_table *table)
{
    struct tolka_arena *arena = &r->record->arena;

    table->rows = tolka_arena_array(arena, (size_t)table->row_count + 1, sizeof *table->rows);
    table->cells = tolka_arena_array(arena, (size_t)table->row_count * (size_t)table->column_count + 1,
                                     sizeof *table->cells);
    if (!table->rows || !table->cells)
        return false;
    for (int row = 0; row < table->row_count; row++) {
        const json_t *from = json_array_get(rows, (size_t)row), *cells = json_object_get(from, "cells");

        table->rows[row] = (struct tolka_row){.item = read_text(r, from, "item")};
        for (int column = 0; column < table->column_count; column++)
            *tolka_table_cell(table, row, column) = read_cell(r, json_array_get(cells, (size_t)column));
    }
    return true;
}

static bool read_columns(struct reader *r, const json_t *columns, struct tolka_table *table)
{
    table->columns =
        tolka_arena_array(&r->record->arena, (size_t)table->column_count + 1, sizeof *table->columns);
    for (int i = 0; table->columns && i < table->column_count; i++) {
        const json_t *from = json_array_get(columns, (size_t)i);

        table->columns[i] = (struct tolka_column){.label = read_text_or(r, from, "label", ""),
                                                  .period = read_period(r, from)};
    }
    return table->columns != NULL;
}

static bool read_table(struct reader *r, const json_t *from, struct tolka_table *table)
{
    const json_t *columns = json_object_get(from, "columns"), *rows = json_object_get(from, "rows");
    const size_t column_count = json_array_size(columns), row_count = json_array_size(rows);
    const json_int_t header_rows = json_integer_value(json_object_get(from, "header_rows"));

    *table = (struct tolka_table){.id = read_text_or(r, from, "id", ""),
                                  .kind = read_text_or(r, from, "kind", "other")};
    table->caption = read_text(r, from, "caption");
    table->unit = read_unit(from);
    if (row_count > MAX_ROWS || column_count > MAX_COLUMNS || row_count * column_count > MAX_CELLS)
        return true;
    table->row_count = (int)row_count;
    table->column_count = (int)column_count;
    table->header_rows = header_rows > 0 && header_rows <= (json_int_t)row_count ? (int)header_rows : 0;
    return read_columns(r, columns, table) && read_rows(r, rows, table);
}

static bool read_tables(struct reader *r, const json_t *from)
{
    const size_t count = json_array_size(from) < MAX_TABLES ? json_array_size(from) : MAX_TABLES;

    r->record->tables = tolka_arena_array(&r->record->arena, count + 1, sizeof *r->record->tables);
    if (!r->record->tables)
        return false;
    for (; r->record->table_count < count; r->record->table_count++) {
        const size_t i = r->record->table_count;

        if (!read_table(r, json_array_get(from, i), &r->record->tables[i]))
            return false;
    }
    return true;
}

static void read_report(struct reader *r, const json_t *from)
{
    r->record->report.kind = read_text(r, from, "kind");
    r->record->report.title = read_text(r, from, "title");
    r->record->report.organisation = read_text(r, from, "organisation");
    r->record->report.orgnr = read_text(r, from, "orgnr");
    r->record->report.dnr = read_text(r, from, "dnr");
    r->record->report.decided = read_text(r, from, "decided");
    r->record->report.period = read_period(r, from);
}

static bool read_goals(struct reader *r, const json_t *from)
{
    const size_t count = json_array_size(from) < MAX_ROWS ? json_array_size(from) : MAX_ROWS;
    struct tolka_goal *goals = tolka_arena_array(&r->record->arena, count + 1, sizeof *goals);

    for (size_t i = 0; goals && i < count; i++)
        goals[i] = (struct tolka_goal){.fulfilment = read_text(r, json_array_get(from, i), "fulfilment")};
    r->record->goals = goals;
    r->record->goal_count = goals ? count : 0;
    return goals != NULL;
}

static bool read_signatures(struct reader *r, const json_t *from)
{
    const size_t count = json_array_size(from) < MAX_ROWS ? json_array_size(from) : MAX_ROWS;
    struct tolka_signature *signatures = tolka_arena_array(&r->record->arena, count + 1, sizeof *signatures);

    for (size_t i = 0; signatures && i < count; i++)
        signatures[i] = (struct tolka_signature){.name = read_text(r, json_array_get(from, i), "name")};
    r->record->signatures = signatures;
    r->record->signature_count = signatures ? count : 0;
    return signatures != NULL;
}

enum tolka_status tolka_read_json(const char *text, size_t length, struct tolka_record *record,
                                  struct tolka_error *err)
{
    struct reader r = {.record = record};
    json_error_t why;
    json_t *root = json_loadb(text, length, 0, &why);
    enum tolka_status status = TOLKA_OK;

    if (!root)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "line %d: %s", why.line, why.text);
    if (!json_is_string(json_object_get(root, "tolka")) || !json_is_array(json_object_get(root, "tables"))) {
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "no report that tolka converted");
    } else {
        read_report(&r, json_object_get(root, "report"));
        if (!read_tables(&r, json_object_get(root, "tables")) ||
            !read_goals(&r, json_object_get(root, "goals")) ||
            !read_signatures(&r, json_object_get(root, "signatures")) || r.failed)
            status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    json_decref(root);
    return status;
}
