/*
 * One walk over the fields of record.h serves both ways, so that writer and reader cannot come apart: each
 * `pass_` function writes the field it is given, or fills it. Numbers are the machine's own (both ends are
 * one program on one machine), texts a length (-1: NULL) and bytes, lists a count and elements. In reading, a
 * count is checked against the bytes that are left before room is made for it.
 */
#include "schema/recordpack.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

static const char MAGIC[4] = {'t', 'R', 'c', '2'};

enum { MAX_TEXT_BYTES = 1 << 26, MAX_LIST = 1 << 26, MAX_SIDE_PX = 1 << 24, MAX_SCALE = 9 };

/* The fewest bytes that an element takes: a count that promises more than the bytes can hold is a lie. */
enum {
    INT_BYTES = 4,
    REF_BYTES = 8,
    ROW_BYTES = 12,
    PROBLEM_BYTES = 12,
    SIGNATURE_BYTES = 16,
    SECTION_BYTES = 16,
    COLUMN_BYTES = 20,
    GOAL_BYTES = 24,
    PAGE_BYTES = 36,
    ADDEND_BYTES = 16,
    CORRECTION_BYTES = 52,
    CHECK_BYTES = 72,
    CELL_BYTES = 56,
    TABLE_BYTES = 56,
};

enum text_kind { TEXT, TEXT_OR_NULL, RAW_BYTES /* a path: any bytes, or NULL */ };

struct walk {
    struct tolka_strbuf *out; /* NULL in reading */
    const char *at;
    size_t left;
    struct tolka_arena *arena;
    bool bad, no_memory;
};

static void pass_bytes(struct walk *w, void *field, size_t size)
{
    if (w->out) {
        tolka_strbuf_add(w->out, field, size);
    } else if (w->bad || w->left < size) {
        w->bad = true;
        memset(field, 0, size);
    } else {
        memcpy(field, w->at, size);
        w->at += size;
        w->left -= size;
    }
}

/* An integer from `low` to `high`. */
static void pass_int(struct walk *w, int *field, int low, int high)
{
    pass_bytes(w, field, sizeof *field);
    if (!w->out && (*field < low || *field > high)) {
        w->bad = true;
        *field = low;
    }
}

static void pass_float(struct walk *w, float *field)
{
    pass_bytes(w, field, sizeof *field);
    if (!w->out && !isfinite(*field)) {
        w->bad = true;
        *field = 0;
    }
}

static void pass_bool(struct walk *w, bool *field)
{
    int value = *field;

    pass_int(w, &value, 0, 1);
    *field = value;
}

#define PASS_ENUM(w, field, last)                                                                            \
    do {                                                                                                     \
        int value_ = (int)(field);                                                                           \
        pass_int(w, &value_, 0, last);                                                                       \
        (field) = value_;                                                                                    \
    } while (0)

static void take_text(struct walk *w, const char **field, size_t length, enum text_kind kind)
{
    *field = NULL;
    if (length > w->left || memchr(w->at, 0, length) ||
        (kind != RAW_BYTES && tolka_utf8_valid_prefix(w->at, length) != length)) {
        w->bad = true;
        return;
    }
    *field = tolka_arena_strndup(w->arena, w->at, length);
    w->no_memory |= !*field;
    w->bad |= !*field;
    w->at += length;
    w->left -= length;
}

static void pass_text(struct walk *w, const char **field, enum text_kind kind)
{
    int length = w->out && *field ? (int)strnlen(*field, MAX_TEXT_BYTES) : -1;

    pass_int(w, &length, kind == TEXT ? 0 : -1, MAX_TEXT_BYTES);
    if (w->out && length > 0)
        tolka_strbuf_add(w->out, *field, (size_t)length);
    else if (!w->out && length >= 0 && !w->bad)
        take_text(w, field, (size_t)length, kind);
}

/* The count of a list whose elements take at least `least` bytes each, and in reading room for it. */
static void *pass_list(struct walk *w, void *items, size_t *count, size_t size, size_t least)
{
    int number = (int)*count;

    pass_int(w, &number, 0, MAX_LIST);
    if (w->out)
        return items;
    if ((size_t)number > w->left / least)
        w->bad = true;
    *count = w->bad ? 0 : (size_t)number;
    items = tolka_arena_array(w->arena, *count + 1, size);
    if (!items) {
        w->bad = w->no_memory = true;
        *count = 0;
    }
    return items;
}

static void pass_box(struct walk *w, struct tolka_box *box)
{
    pass_int(w, &box->x0, -MAX_SIDE_PX, MAX_SIDE_PX);
    pass_int(w, &box->y0, -MAX_SIDE_PX, MAX_SIDE_PX);
    pass_int(w, &box->x1, -MAX_SIDE_PX, MAX_SIDE_PX);
    pass_int(w, &box->y1, -MAX_SIDE_PX, MAX_SIDE_PX);
}

static void pass_decimal(struct walk *w, struct tolka_decimal *value)
{
    pass_bytes(w, &value->mantissa, sizeof value->mantissa);
    pass_int(w, &value->scale, 0, MAX_SCALE);
}

static void pass_period(struct walk *w, struct tolka_period *period)
{
    pass_text(w, &period->from, TEXT_OR_NULL);
    pass_text(w, &period->to, TEXT_OR_NULL);
}

static void pass_head(struct walk *w, struct tolka_record *record)
{
    pass_text(w, &record->source.path, RAW_BYTES);
    pass_bytes(w, record->source.sha256, sizeof record->source.sha256);
    record->source.sha256[sizeof record->source.sha256 - 1] = '\0';
    pass_bytes(w, &record->source.bytes, sizeof record->source.bytes);
    pass_int(w, &record->source.pages, 0, MAX_LIST);
    pass_text(w, &record->report.kind, TEXT_OR_NULL);
    pass_text(w, &record->report.title, TEXT_OR_NULL);
    pass_text(w, &record->report.organisation, TEXT_OR_NULL);
    pass_text(w, &record->report.orgnr, TEXT_OR_NULL);
    pass_text(w, &record->report.dnr, TEXT_OR_NULL);
    pass_text(w, &record->report.decided, TEXT_OR_NULL);
    pass_period(w, &record->report.period);
}

static void pass_pages(struct walk *w, struct tolka_record *record)
{
    record->pages = pass_list(w, record->pages, &record->page_count, sizeof *record->pages, PAGE_BYTES);
    for (size_t i = 0; i < record->page_count && !w->bad; i++) {
        struct tolka_page_summary *page = &record->pages[i];
        pass_int(w, &page->page, 0, MAX_LIST);
        pass_int(w, &page->width, 0, MAX_SIDE_PX);
        pass_int(w, &page->height, 0, MAX_SIDE_PX);
        pass_int(w, &page->dpi, 0, MAX_SIDE_PX);
        PASS_ENUM(w, page->origin, TOLKA_ORIGIN_TEXT);
        pass_int(w, &page->rotation_deg, -360, 360);
        pass_float(w, &page->skew_deg);
        pass_float(w, &page->confidence);
        pass_text(w, &page->text, TEXT);
    }
}

static void pass_cell(struct walk *w, struct tolka_cell *cell)
{
    pass_text(w, &cell->text, TEXT);
    pass_text(w, &cell->raw, TEXT);
    pass_bool(w, &cell->has_value);
    pass_decimal(w, &cell->value);
    PASS_ENUM(w, cell->unit, TOLKA_UNIT_COUNT);
    pass_int(w, &cell->page, 0, MAX_LIST);
    pass_box(w, &cell->box);
    pass_float(w, &cell->confidence);
    PASS_ENUM(w, cell->status, TOLKA_CELL_CORRECTED);
}

static void pass_check(struct walk *w, struct tolka_check *check, const struct tolka_table *table)
{
    pass_text(w, &check->rule, TEXT);
    pass_int(w, &check->page, 0, MAX_LIST);
    check->cells = pass_list(w, check->cells, &check->cell_count, sizeof *check->cells, REF_BYTES);
    for (size_t i = 0; i < check->cell_count && !w->bad; i++) {
        pass_int(w, &check->cells[i].row, 0, table->row_count - 1);
        pass_int(w, &check->cells[i].column, 0, table->column_count - 1);
    }
    check->addends = pass_list(w, check->addends, &check->addend_count, sizeof *check->addends, ADDEND_BYTES);
    for (size_t i = 0; i < check->addend_count && !w->bad; i++) {
        pass_int(w, &check->addends[i].table, 0, MAX_LIST); /* these three: addends_fit() */
        pass_int(w, &check->addends[i].row, 0, MAX_LIST);
        pass_int(w, &check->addends[i].column, 0, MAX_LIST);
        pass_int(w, &check->addends[i].sign, -1, 1);
    }
    pass_decimal(w, &check->whole);
    pass_bool(w, &check->slack);
    pass_decimal(w, &check->expected);
    pass_decimal(w, &check->found);
    pass_decimal(w, &check->off);
    PASS_ENUM(w, check->verdict, TOLKA_CHECK_MISPRINT);
}

static void pass_columns(struct walk *w, struct tolka_table *table)
{
    size_t count = (size_t)table->column_count;

    table->columns = pass_list(w, table->columns, &count, sizeof *table->columns, COLUMN_BYTES);
    table->column_count = (int)count;
    for (int i = 0; i < table->column_count && !w->bad; i++) {
        pass_text(w, &table->columns[i].label, TEXT_OR_NULL);
        pass_period(w, &table->columns[i].period);
        PASS_ENUM(w, table->columns[i].unit, TOLKA_UNIT_COUNT);
        pass_text(w, &table->columns[i].role, TEXT_OR_NULL);
    }
}

static void pass_rows(struct walk *w, struct tolka_table *table)
{
    size_t count = (size_t)table->row_count;

    table->rows = pass_list(w, table->rows, &count, sizeof *table->rows, ROW_BYTES);
    table->row_count = (int)count;
    for (int i = 0; i < table->row_count && !w->bad; i++) {
        pass_text(w, &table->rows[i].item, TEXT_OR_NULL);
        pass_bool(w, &table->rows[i].is_total);
        pass_bool(w, &table->rows[i].is_group);
    }
}

static void pass_cells(struct walk *w, struct tolka_table *table)
{
    const size_t expected = (size_t)table->row_count * (size_t)table->column_count;
    size_t count = expected;

    table->cells = pass_list(w, table->cells, &count, sizeof *table->cells, CELL_BYTES);
    if (!w->out && count != expected)
        w->bad = true;
    for (size_t i = 0; i < count && !w->bad; i++)
        pass_cell(w, &table->cells[i]);
}

static void pass_table(struct walk *w, struct tolka_table *table)
{
    pass_text(w, &table->id, TEXT);
    pass_text(w, &table->kind, TEXT);
    pass_text(w, &table->caption, TEXT_OR_NULL);
    PASS_ENUM(w, table->unit, TOLKA_UNIT_COUNT);
    table->pages = pass_list(w, table->pages, &table->page_count, sizeof *table->pages, INT_BYTES);
    for (size_t i = 0; i < table->page_count && !w->bad; i++)
        pass_int(w, &table->pages[i], 0, MAX_LIST);
    pass_box(w, &table->box);
    pass_columns(w, table);
    pass_rows(w, table);
    pass_int(w, &table->header_rows, 0, table->row_count);
    pass_cells(w, table);
    table->checks = pass_list(w, table->checks, &table->check_count, sizeof *table->checks, CHECK_BYTES);
    for (size_t i = 0; i < table->check_count && !w->bad; i++)
        pass_check(w, &table->checks[i], table);
}

static void pass_text_lists(struct walk *w, struct tolka_record *record)
{
    record->sections =
        pass_list(w, record->sections, &record->section_count, sizeof *record->sections, SECTION_BYTES);
    for (size_t i = 0; i < record->section_count && !w->bad; i++) {
        pass_int(w, &record->sections[i].level, 0, MAX_LIST);
        pass_text(w, &record->sections[i].number, TEXT_OR_NULL);
        pass_text(w, &record->sections[i].title, TEXT_OR_NULL);
        pass_int(w, &record->sections[i].page, 0, MAX_LIST);
    }
    record->goals = pass_list(w, record->goals, &record->goal_count, sizeof *record->goals, GOAL_BYTES);
    for (size_t i = 0; i < record->goal_count && !w->bad; i++) {
        pass_text(w, &record->goals[i].goal, TEXT_OR_NULL);
        pass_text(w, &record->goals[i].activity, TEXT_OR_NULL);
        pass_text(w, &record->goals[i].assessment, TEXT_OR_NULL);
        pass_text(w, &record->goals[i].fulfilment, TEXT_OR_NULL);
        pass_int(w, &record->goals[i].page, 0, MAX_LIST);
        pass_text(w, &record->goals[i].table, TEXT_OR_NULL);
    }
    record->signatures = pass_list(w, record->signatures, &record->signature_count,
                                   sizeof *record->signatures, SIGNATURE_BYTES);
    for (size_t i = 0; i < record->signature_count && !w->bad; i++) {
        pass_text(w, &record->signatures[i].name, TEXT_OR_NULL);
        pass_text(w, &record->signatures[i].role, TEXT_OR_NULL);
        pass_text(w, &record->signatures[i].place, TEXT_OR_NULL);
        pass_int(w, &record->signatures[i].page, 0, MAX_LIST);
    }
}

static void pass_traces(struct walk *w, struct tolka_record *record)
{
    record->corrections = pass_list(w, record->corrections, &record->correction_count,
                                    sizeof *record->corrections, CORRECTION_BYTES);
    for (size_t i = 0; i < record->correction_count && !w->bad; i++) {
        struct tolka_correction *correction = &record->corrections[i];
        pass_int(w, &correction->page, 0, MAX_LIST);
        pass_box(w, &correction->box);
        pass_text(w, &correction->from, TEXT_OR_NULL);
        pass_text(w, &correction->to, TEXT_OR_NULL);
        pass_float(w, &correction->confidence);
        pass_text(w, &correction->reason, TEXT_OR_NULL);
        pass_text(w, &correction->by, TEXT_OR_NULL);
        pass_text(w, &correction->at, TEXT_OR_NULL);
        pass_int(w, &correction->line, 0, MAX_LIST);
        pass_int(w, &correction->word, 0, MAX_LIST);
    }
    record->problems.items = pass_list(w, record->problems.items, &record->problems.count,
                                       sizeof *record->problems.items, PROBLEM_BYTES);
    for (size_t i = 0; i < record->problems.count && !w->bad; i++) {
        pass_int(w, &record->problems.items[i].page, 0, MAX_LIST);
        pass_text(w, &record->problems.items[i].code, TEXT);
        pass_text(w, &record->problems.items[i].message, RAW_BYTES); /* it may name a file */
    }
}

/* A check may name cells of tables that come after its own. */
static bool addends_fit(const struct tolka_record *record)
{
    for (size_t t = 0; t < record->table_count; t++) {
        for (size_t i = 0; i < record->tables[t].check_count; i++) {
            if (!tolka_check_fits(record, &record->tables[t].checks[i]))
                return false;
        }
    }
    return true;
}

static void pass_record(struct walk *w, struct tolka_record *record)
{
    char magic[sizeof MAGIC];

    memcpy(magic, MAGIC, sizeof magic);
    pass_bytes(w, magic, sizeof magic);
    if (memcmp(magic, MAGIC, sizeof magic) != 0)
        w->bad = true;
    pass_head(w, record);
    pass_pages(w, record);
    record->tables = pass_list(w, record->tables, &record->table_count, sizeof *record->tables, TABLE_BYTES);
    for (size_t i = 0; i < record->table_count && !w->bad; i++)
        pass_table(w, &record->tables[i]);
    w->bad = w->bad || !addends_fit(record);
    pass_text_lists(w, record);
    pass_traces(w, record);
}

void tolka_record_pack(const struct tolka_record *record, struct tolka_strbuf *out)
{
    struct walk w = {.out = out};

    pass_record(&w, (struct tolka_record *)record); /* in writing nothing of it changes */
}

enum tolka_status tolka_record_unpack(const void *bytes, size_t length, struct tolka_record *record,
                                      struct tolka_error *err)
{
    struct walk w = {.at = bytes, .left = length, .arena = &record->arena};

    pass_record(&w, record);
    if (!w.bad && w.left == 0)
        return TOLKA_OK;
    tolka_record_release(record);
    return w.no_memory ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory in unpacking a record")
                       : tolka_error_set(err, TOLKA_ERR_FORMAT, "damaged packed record");
}
