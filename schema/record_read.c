/*
 * The tree is walked once, a function a kind of thing. The first thing that is not what it should be ends it,
 * with its name in the message. Texts are copied; counts come from the tree itself, so they are as large as
 * the JSON was.
 */
#include "schema/record_read.h"

#include "schema/jsontree.h"
#include "schema/value.h"

#include <limits.h>
#include <string.h>

enum { FORMAT_VERSION = 1, MAX_PAGE = 10000000, MAX_SIDE_PX = 1 << 24, MAX_COLUMNS = 4096 };

struct reading {
    struct tolka_record *record;
    struct tolka_arena *arena;
    bool no_memory;
    const char *bad; /* name of what is wrong; NULL: all is well */
};

static bool complain(struct reading *r, const char *name)
{
    if (!r->bad)
        r->bad = name;
    return false;
}

/* A text; `*out` is "" or NULL where it is null or missing. */
static const char *take_text(struct reading *r, const struct tolka_json_node *parent, const char *name,
                             const char *missing)
{
    const struct tolka_json_node *at = tolka_json_member(parent, name);
    const char *text = tolka_json_text(at);

    if (tolka_json_is_null(at))
        return missing;
    if (!text) {
        complain(r, name);
        return missing;
    }
    text = tolka_arena_strdup(r->arena, text);
    r->no_memory = r->no_memory || !text;
    return text ? text : missing;
}

static int take_int(struct reading *r, const struct tolka_json_node *parent, const char *name, int low,
                    int high)
{
    int64_t value = 0;

    if (!tolka_json_whole(tolka_json_member(parent, name), low, high, &value))
        complain(r, name);
    return r->bad ? low : (int)value;
}

/* From 1; 0 where it is not there. */
static int take_number(struct reading *r, const struct tolka_json_node *parent, const char *name)
{
    return tolka_json_is_null(tolka_json_member(parent, name)) ? 0
                                                               : take_int(r, parent, name, 1, MAX_SIDE_PX);
}

static float take_real(struct reading *r, const struct tolka_json_node *parent, const char *name, double low,
                       double high)
{
    double value = 0;

    if (!tolka_json_number(tolka_json_member(parent, name), &value) || value < low || value > high) {
        complain(r, name);
        return (float)low;
    }
    return (float)value;
}

static bool take_truth(struct reading *r, const struct tolka_json_node *parent, const char *name)
{
    const struct tolka_json_node *at = tolka_json_member(parent, name);
    bool value = false;

    if (!tolka_json_is_null(at) && !tolka_json_truth(at, &value))
        complain(r, name);
    return value;
}

static struct tolka_decimal take_decimal(struct reading *r, const struct tolka_json_node *parent,
                                         const char *name)
{
    struct tolka_decimal value = {0};

    if (!tolka_json_exact(tolka_json_member(parent, name), &value))
        complain(r, name);
    return value;
}

/* Four edges, or null for an empty box. */
static struct tolka_box take_box(struct reading *r, const struct tolka_json_node *parent)
{
    const struct tolka_json_node *at = tolka_json_member(parent, "bbox");
    int64_t edge[4] = {0};

    if (tolka_json_is_null(at))
        return (struct tolka_box){0};
    if (tolka_json_length(at) != 4)
        complain(r, "bbox");
    for (size_t i = 0; !r->bad && i < 4; i++) {
        if (!tolka_json_whole(tolka_json_element(at, i), -MAX_SIDE_PX, MAX_SIDE_PX, &edge[i]))
            complain(r, "bbox");
    }
    return (struct tolka_box){(int)edge[0], (int)edge[1], (int)edge[2], (int)edge[3]};
}

static struct tolka_period take_period(struct reading *r, const struct tolka_json_node *parent)
{
    const struct tolka_json_node *at = tolka_json_member(parent, "period");

    return (struct tolka_period){take_text(r, at, "from", NULL), take_text(r, at, "to", NULL)};
}

/* Which of the names it is; `names` gives NULL for "null". */
static int take_word(struct reading *r, const struct tolka_json_node *parent, const char *name,
                     const char *(*names)(int), int last)
{
    const struct tolka_json_node *at = tolka_json_member(parent, name);
    const char *text = tolka_json_text(at);

    for (int i = 0; i <= last; i++) {
        const char *known = names(i);
        if (text && known ? strcmp(text, known) == 0 : !known && tolka_json_is_null(at))
            return i;
    }
    complain(r, name);
    return 0;
}

static const char *unit_name(int unit)
{
    return tolka_unit_name((enum tolka_unit)unit);
}

static const char *status_name(int status)
{
    return tolka_cell_status_name((enum tolka_cell_status)status);
}

static const char *verdict_name(int verdict)
{
    return tolka_verdict_name((enum tolka_verdict)verdict);
}

static const char *origin_name(int origin)
{
    return origin == TOLKA_ORIGIN_TEXT ? "text" : "ocr";
}

/* Room for the list `name`, whose length goes to `*count`. */
static void *make_list(struct reading *r, const struct tolka_json_node *list, size_t *count, size_t size)
{
    void *items = tolka_arena_array(r->arena, tolka_json_length(list) + 1, size);

    r->no_memory = r->no_memory || !items;
    *count = items && !r->bad ? tolka_json_length(list) : 0;
    return items;
}

static void take_head(struct reading *r, const struct tolka_json_node *root)
{
    struct tolka_record *record = r->record;
    const struct tolka_json_node *source = tolka_json_member(root, "source"),
                                 *report = tolka_json_member(root, "report");
    const char *sha256 = take_text(r, source, "sha256", "");
    int64_t bytes = 0;

    record->source.path = take_text(r, source, "path", NULL);
    if (*sha256 && (strlen(sha256) != 64 || strspn(sha256, "0123456789abcdef") != 64))
        complain(r, "sha256");
    else
        memcpy(record->source.sha256, sha256, strlen(sha256) + 1);
    if (!tolka_json_whole(tolka_json_member(source, "bytes"), 0, INT64_MAX, &bytes))
        complain(r, "bytes");
    record->source.bytes = bytes;
    record->source.pages = take_int(r, source, "pages", 0, MAX_PAGE);
    record->report.kind = take_text(r, report, "kind", NULL);
    record->report.title = take_text(r, report, "title", NULL);
    record->report.organisation = take_text(r, report, "organisation", NULL);
    record->report.orgnr = take_text(r, report, "orgnr", NULL);
    record->report.dnr = take_text(r, report, "dnr", NULL);
    record->report.decided = take_text(r, report, "decided", NULL);
    record->report.period = take_period(r, report);
}

static void take_pages(struct reading *r, const struct tolka_json_node *list)
{
    r->record->pages = make_list(r, list, &r->record->page_count, sizeof *r->record->pages);
    r->record->page_capacity = r->record->page_count;
    for (size_t i = 0; i < r->record->page_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        r->record->pages[i] = (struct tolka_page_summary){
            .page = take_int(r, at, "page", 1, MAX_PAGE),
            .width = take_int(r, at, "width", 0, MAX_SIDE_PX),
            .height = take_int(r, at, "height", 0, MAX_SIDE_PX),
            .dpi = take_int(r, at, "dpi", 0, MAX_SIDE_PX),
            .origin = (enum tolka_origin)take_word(r, at, "origin", origin_name, TOLKA_ORIGIN_TEXT),
            .rotation_deg = take_int(r, at, "rotation", 0, 359),
            .skew_deg = take_real(r, at, "skew", -360, 360),
            .confidence = take_real(r, at, "confidence", 0, 1),
            .text = take_text(r, at, "text", ""),
        };
    }
}

static void take_cell(struct reading *r, const struct tolka_json_node *at, struct tolka_cell *cell)
{
    struct tolka_decimal printed;
    enum tolka_unit unit;

    *cell = (struct tolka_cell){
        .text = take_text(r, at, "text", ""),
        .raw = take_text(r, at, "raw", ""),
        .page = take_int(r, at, "page", 1, MAX_PAGE),
        .box = take_box(r, at),
        .confidence = take_real(r, at, "confidence", 0, 1),
        .status = (enum tolka_cell_status)take_word(r, at, "status", status_name, TOLKA_CELL_CORRECTED),
        .unit = (enum tolka_unit)take_word(r, at, "unit", unit_name, TOLKA_UNIT_COUNT),
        .has_value = !tolka_json_is_null(tolka_json_member(at, "value")),
    };
    if (!cell->has_value)
        return;
    cell->value = take_decimal(r, at, "value");
    /* The zeros that a report prints after the point say how exact it is; JSON leaves them out. */
    if (tolka_value_parse(cell->text, &printed, &unit) && tolka_decimal_compare(printed, cell->value) == 0)
        cell->value = printed;
}

static void take_rows(struct reading *r, const struct tolka_json_node *list, struct tolka_table *table)
{
    size_t count;

    table->rows = make_list(r, list, &count, sizeof *table->rows);
    if (count > INT_MAX / MAX_COLUMNS) {
        complain(r, "rows");
        return;
    }
    table->row_count = (int)count;
    table->cells = tolka_arena_array(r->arena, count * (size_t)table->column_count + 1, sizeof *table->cells);
    r->no_memory = r->no_memory || !table->cells;
    for (int row = 0; row < table->row_count && table->cells && !r->bad; row++) {
        const struct tolka_json_node *at = tolka_json_element(list, (size_t)row),
                                     *cells = tolka_json_member(at, "cells");
        table->rows[row] = (struct tolka_row){take_text(r, at, "item", NULL), take_truth(r, at, "is_total"),
                                              take_truth(r, at, "is_group")};
        if (tolka_json_length(cells) != (size_t)table->column_count)
            complain(r, "cells");
        for (int c = 0; c < table->column_count && !r->bad; c++)
            take_cell(r, tolka_json_element(cells, (size_t)c), tolka_table_cell(table, row, c));
    }
}

static void take_columns(struct reading *r, const struct tolka_json_node *list, struct tolka_table *table)
{
    size_t count;

    table->columns = make_list(r, list, &count, sizeof *table->columns);
    if (count > MAX_COLUMNS) {
        complain(r, "columns");
        return;
    }
    table->column_count = (int)count;
    for (size_t c = 0; c < count && !r->bad; c++) {
        const struct tolka_json_node *at = tolka_json_element(list, c);
        table->columns[c] =
            (struct tolka_column){take_text(r, at, "label", ""), take_period(r, at),
                                  (enum tolka_unit)take_word(r, at, "unit", unit_name, TOLKA_UNIT_COUNT),
                                  take_text(r, at, "role", NULL)};
    }
}

static void take_table(struct reading *r, const struct tolka_json_node *at, struct tolka_table *table)
{
    const struct tolka_json_node *pages = tolka_json_member(at, "pages");

    table->id = take_text(r, at, "id", "");
    table->kind = take_text(r, at, "kind", "other");
    table->caption = take_text(r, at, "caption", NULL);
    table->unit = (enum tolka_unit)take_word(r, at, "unit", unit_name, TOLKA_UNIT_COUNT);
    table->box = take_box(r, at);
    table->pages = make_list(r, pages, &table->page_count, sizeof *table->pages);
    for (size_t i = 0; i < table->page_count && !r->bad; i++) {
        int64_t page = 1;
        if (!tolka_json_whole(tolka_json_element(pages, i), 1, MAX_PAGE, &page))
            complain(r, "pages");
        table->pages[i] = (int)page;
    }
    take_columns(r, tolka_json_member(at, "columns"), table);
    if (!r->bad)
        take_rows(r, tolka_json_member(at, "rows"), table);
    table->header_rows = take_int(r, at, "header_rows", 0, table->row_count);
}

/* The number of the table called `id`, `own` when there is no name; -1 when there is no such table. */
static int find_table(const struct tolka_record *record, const char *id, int own)
{
    if (!id)
        return own;
    for (size_t t = 0; t < record->table_count; t++) {
        if (strcmp(record->tables[t].id, id) == 0)
            return (int)t;
    }
    return -1;
}

static void take_addends(struct reading *r, const struct tolka_json_node *list, int own,
                         struct tolka_check *check)
{
    check->addends = make_list(r, list, &check->addend_count, sizeof *check->addends);
    for (size_t i = 0; i < check->addend_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        int64_t sign = 0, row = 0, column = 0;
        if (!tolka_json_whole(tolka_json_element(at, 0), -1, 1, &sign) ||
            !tolka_json_whole(tolka_json_element(at, 1), 0, INT_MAX, &row) ||
            !tolka_json_whole(tolka_json_element(at, 2), 0, INT_MAX, &column))
            complain(r, "addends");
        check->addends[i] = (struct tolka_check_addend){
            find_table(r->record, tolka_json_text(tolka_json_element(at, 3)), own), (int)row, (int)column,
            (int)sign};
    }
    if (!r->bad && !tolka_check_fits(r->record, check))
        complain(r, "addends");
}

static void take_check(struct reading *r, const struct tolka_json_node *at, int own,
                       struct tolka_check *check)
{
    const struct tolka_table *table = &r->record->tables[own];
    const struct tolka_json_node *cells = tolka_json_member(at, "cells");

    check->rule = take_text(r, at, "rule", "");
    check->page = take_int(r, at, "page", 1, MAX_PAGE);
    check->cells = make_list(r, cells, &check->cell_count, sizeof *check->cells);
    for (size_t i = 0; i < check->cell_count && !r->bad; i++) {
        const struct tolka_json_node *cell = tolka_json_element(cells, i);
        int64_t row = 0, column = 0;
        if (!tolka_json_whole(tolka_json_element(cell, 0), 0, table->row_count - 1, &row) ||
            !tolka_json_whole(tolka_json_element(cell, 1), 0, table->column_count - 1, &column))
            complain(r, "cells");
        check->cells[i] = (struct tolka_cell_ref){(int)row, (int)column};
    }
    if (!r->bad)
        take_addends(r, tolka_json_member(at, "addends"), own, check);
    if (!tolka_json_is_null(tolka_json_member(at, "whole")))
        check->whole = take_decimal(r, at, "whole");
    check->slack = take_truth(r, at, "slack");
    check->expected = take_decimal(r, at, "expected");
    check->found = take_decimal(r, at, "found");
    check->off = take_decimal(r, at, "off");
    check->verdict = (enum tolka_verdict)take_word(r, at, "verdict", verdict_name, TOLKA_CHECK_MISPRINT);
}

/* All tables first: a check may name cells of a later one. */
static void take_tables(struct reading *r, const struct tolka_json_node *list)
{
    r->record->tables = make_list(r, list, &r->record->table_count, sizeof *r->record->tables);
    for (size_t t = 0; t < r->record->table_count && !r->bad; t++)
        take_table(r, tolka_json_element(list, t), &r->record->tables[t]);
    for (size_t t = 0; t < r->record->table_count && !r->bad; t++) {
        struct tolka_table *table = &r->record->tables[t];
        const struct tolka_json_node *checks = tolka_json_member(tolka_json_element(list, t), "checks");
        table->checks = make_list(r, checks, &table->check_count, sizeof *table->checks);
        table->check_capacity = table->check_count;
        for (size_t i = 0; i < table->check_count && !r->bad; i++)
            take_check(r, tolka_json_element(checks, i), (int)t, &table->checks[i]);
    }
}

static void take_sections(struct reading *r, const struct tolka_json_node *list)
{
    struct tolka_record *record = r->record;

    record->sections = make_list(r, list, &record->section_count, sizeof *record->sections);
    record->section_capacity = record->section_count;
    for (size_t i = 0; i < record->section_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        record->sections[i] =
            (struct tolka_section){take_int(r, at, "level", 0, 99), take_text(r, at, "number", NULL),
                                   take_text(r, at, "title", NULL), take_int(r, at, "page", 1, MAX_PAGE)};
    }
}

static void take_goals(struct reading *r, const struct tolka_json_node *list)
{
    struct tolka_record *record = r->record;

    record->goals = make_list(r, list, &record->goal_count, sizeof *record->goals);
    record->goal_capacity = record->goal_count;
    for (size_t i = 0; i < record->goal_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        record->goals[i] =
            (struct tolka_goal){take_text(r, at, "goal", NULL),       take_text(r, at, "activity", NULL),
                                take_text(r, at, "assessment", NULL), take_text(r, at, "fulfilment", NULL),
                                take_int(r, at, "page", 0, MAX_PAGE), take_text(r, at, "table", NULL)};
    }
}

static void take_signatures(struct reading *r, const struct tolka_json_node *list)
{
    struct tolka_record *record = r->record;

    record->signatures = make_list(r, list, &record->signature_count, sizeof *record->signatures);
    record->signature_capacity = record->signature_count;
    for (size_t i = 0; i < record->signature_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        record->signatures[i] =
            (struct tolka_signature){take_text(r, at, "name", NULL), take_text(r, at, "role", NULL),
                                     take_text(r, at, "place", NULL), take_int(r, at, "page", 0, MAX_PAGE)};
    }
}

static void take_corrections(struct reading *r, const struct tolka_json_node *list)
{
    struct tolka_record *record = r->record;

    record->corrections = make_list(r, list, &record->correction_count, sizeof *record->corrections);
    record->correction_capacity = record->correction_count;
    for (size_t i = 0; i < record->correction_count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        record->corrections[i] =
            (struct tolka_correction){take_int(r, at, "page", 1, MAX_PAGE), take_box(r, at),
                                      take_text(r, at, "from", ""),         take_text(r, at, "to", ""),
                                      take_real(r, at, "confidence", 0, 1), take_text(r, at, "reason", NULL),
                                      take_text(r, at, "by", NULL),         take_text(r, at, "at", NULL),
                                      take_number(r, at, "line"),           take_number(r, at, "word")};
    }
}

static void take_problems(struct reading *r, const struct tolka_json_node *list)
{
    struct tolka_diags *problems = &r->record->problems;

    problems->items = make_list(r, list, &problems->count, sizeof *problems->items);
    problems->capacity = problems->count;
    for (size_t i = 0; i < problems->count && !r->bad; i++) {
        const struct tolka_json_node *at = tolka_json_element(list, i);
        const bool whole = tolka_json_is_null(tolka_json_member(at, "page"));
        problems->items[i] =
            (struct tolka_diag){whole ? 0 : take_int(r, at, "page", 1, MAX_PAGE),
                                take_text(r, at, "code", ""), take_text(r, at, "message", "")};
    }
}

static enum tolka_status check_format(const struct tolka_json_node *root, struct tolka_error *err)
{
    int64_t format;

    if (!tolka_json_text(tolka_json_member(root, "tolka")) ||
        !tolka_json_whole(tolka_json_member(root, "format"), 1, INT_MAX, &format))
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "no record of a report");
    if (format > FORMAT_VERSION)
        return tolka_error_set(err, TOLKA_ERR_VERSION, "a record of format %d, from a newer program",
                               (int)format);
    return TOLKA_OK;
}

enum tolka_status tolka_record_read_json(const char *text, size_t length, struct tolka_record *record,
                                         struct tolka_error *err)
{
    struct reading r = {.record = record, .arena = &record->arena};
    struct tolka_json_node *root = NULL;
    enum tolka_status status = tolka_json_read(text, length, &root, err);

    if (!status)
        status = check_format(root, err);
    if (!status) {
        take_head(&r, root);
        take_pages(&r, tolka_json_member(root, "pages"));
        take_tables(&r, tolka_json_member(root, "tables"));
        take_sections(&r, tolka_json_member(root, "sections"));
        take_goals(&r, tolka_json_member(root, "goals"));
        take_signatures(&r, tolka_json_member(root, "signatures"));
        take_corrections(&r, tolka_json_member(root, "corrections"));
        take_problems(&r, tolka_json_member(root, "problems"));
    }
    if (r.no_memory)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    else if (!status && r.bad)
        status =
            tolka_error_set(err, TOLKA_ERR_FORMAT, "a damaged record: `%s` is not what it should be", r.bad);
    tolka_json_free(root);
    if (status)
        tolka_record_release(record);
    return status;
}
