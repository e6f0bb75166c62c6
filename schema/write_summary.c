/*
 * A report for a terminal: its description, its statements as aligned tables, what was repaired and what went
 * wrong. Each figure carries a mark: confirmed by the report's own arithmetic, doubtful, repaired, or part of
 * a sum that the report itself has wrong.
 */
#include "schema/write.h"

#include "base/utf8.h"

#include <string.h>

enum {
    MAX_LABEL_WIDTH = 48,
    MAX_CELL_WIDTH = 22,
    MAX_COLUMNS = 12,
    MAX_REPAIRS = 10, /* shown; the JSON has all */
    MAX_PROBLEMS = 10,
};

struct summary {
    const struct tolka_record *record;
    struct tolka_strbuf *out;
    bool color;
};

static void paint(struct summary *s, const char *code)
{
    if (s->color)
        tolka_strbuf_addf(s->out, "\033[%sm", code);
}

static void pad(struct summary *s, size_t count)
{
    while (count--)
        tolka_strbuf_add_char(s->out, ' ');
}

/* Appends at most `width` characters of `text`, padded to it on the left or right; a cut is shown by an
 * ellipsis. */
static void add_fitted(struct summary *s, const char *text, size_t width, bool right)
{
    size_t count = tolka_utf8_count(text), length = 0;

    if (right && count < width)
        pad(s, width - count);
    if (count <= width) {
        tolka_strbuf_add_str(s->out, text);
    } else {
        for (size_t n = 0; n < width - 1; n++) {
            length++;
            while (((unsigned char)text[length] & 0xC0) == 0x80)
                length++;
        }
        tolka_strbuf_add(s->out, text, length);
        tolka_strbuf_add_str(s->out, "\xE2\x80\xA6");
    }
    if (!right && count < width)
        pad(s, width - count);
}

static void add_field(struct summary *s, const char *name, const char *value)
{
    if (!value)
        return;
    paint(s, "2");
    add_fitted(s, name, 14, false);
    paint(s, "0");
    tolka_strbuf_addf(s->out, "%s\n", value);
}

static void add_description(struct summary *s)
{
    const struct tolka_record *record = s->record;
    const struct tolka_period period = record->report.period;

    paint(s, "1");
    tolka_strbuf_addf(s->out, "%s\n",
                      record->report.title  ? record->report.title
                      : record->source.path ? record->source.path
                                            : "(no title)");
    paint(s, "0");
    add_field(s, "organisation", record->report.organisation);
    add_field(s, "number", record->report.orgnr);
    add_field(s, "kind", record->report.kind);
    add_field(s, "case", record->report.dnr);
    if (period.from && period.to) {
        paint(s, "2");
        add_fitted(s, "period", 14, false);
        paint(s, "0");
        tolka_strbuf_addf(s->out, "%s to %s\n", period.from, period.to);
    }
    add_field(s, "decided", record->report.decided);
    paint(s, "2");
    add_fitted(s, "pages", 14, false);
    paint(s, "0");
    tolka_strbuf_addf(s->out, "%d, tables %zu, goals %zu, signatures %zu\n", record->source.pages,
                      record->table_count, record->goal_count, record->signature_count);
}

static bool is_statement(const struct tolka_table *table)
{
    static const char *const KINDS[] = {"income_statement", "balance_sheet",   "cash_flow",
                                        "budget",           "budget_followup", "project_costs"};

    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(table->kind, KINDS[i]) == 0)
            return true;
    }
    return false;
}

/* True when the cell is the checked one of a sum that the report has wrong. */
static bool is_misprint(const struct tolka_table *table, int row, int column)
{
    for (size_t i = 0; i < table->check_count; i++) {
        const struct tolka_check *check = &table->checks[i];

        if (check->verdict == TOLKA_CHECK_MISPRINT && check->cell_count && check->cells[0].row == row &&
            check->cells[0].column == column)
            return true;
    }
    return false;
}

struct mark {
    const char *sign, *color;
};

static struct mark mark_of(const struct tolka_table *table, int row, int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);

    if (is_misprint(table, row, column))
        return (struct mark){"!", "31"};
    if (cell->status == TOLKA_CELL_DOUBTFUL)
        return (struct mark){"?", "33"};
    if (cell->status == TOLKA_CELL_REPAIRED || cell->status == TOLKA_CELL_CORRECTED)
        return (struct mark){"~", "36"};
    if (cell->status == TOLKA_CELL_CONFIRMED && cell->has_value)
        return (struct mark){"\xE2\x9C\x93", "32"};
    return (struct mark){" ", "0"};
}

static size_t column_width(const struct tolka_table *table, int column, size_t limit)
{
    size_t width = 1;

    for (int r = 0; r < table->row_count; r++) {
        size_t count = tolka_utf8_count(tolka_table_cell(table, r, column)->text);

        width = count > width ? count : width;
    }
    return width < limit ? width : limit;
}

/* The page and the lowest confidence of a row that has figures. */
static void add_row_end(struct summary *s, const struct tolka_table *table, int row)
{
    float lowest = 1;
    int values = 0;

    for (int c = 1; c < table->column_count; c++) {
        const struct tolka_cell *cell = tolka_table_cell(table, row, c);

        values += cell->has_value;
        if (cell->has_value && cell->confidence < lowest)
            lowest = cell->confidence;
    }
    if (!values)
        return;
    paint(s, "2");
    tolka_strbuf_addf(s->out, "  p. %d  %d %%", tolka_table_cell(table, row, 0)->page,
                      (int)(lowest * 100 + 0.5F));
    paint(s, "0");
}

static void add_row(struct summary *s, const struct tolka_table *table, int row, const size_t *widths,
                    int columns)
{
    const bool strong = row < table->header_rows || table->rows[row].is_total;

    tolka_strbuf_add_str(s->out, "  ");
    for (int c = 0; c < columns; c++) {
        struct mark mark = row < table->header_rows ? (struct mark){" ", "0"} : mark_of(table, row, c);

        if (c > 0)
            tolka_strbuf_add_str(s->out, "  ");
        if (strong)
            paint(s, "1");
        add_fitted(s, tolka_table_cell(table, row, c)->text, widths[c], c > 0);
        if (strong)
            paint(s, "0");
        if (c == 0)
            continue;
        tolka_strbuf_add_char(s->out, ' ');
        paint(s, mark.color);
        tolka_strbuf_add_str(s->out, mark.sign);
        paint(s, "0");
    }
    if (row >= table->header_rows)
        add_row_end(s, table, row);
    tolka_strbuf_add_char(s->out, '\n');
}

static void add_table(struct summary *s, const struct tolka_table *table)
{
    const int columns = table->column_count < MAX_COLUMNS ? table->column_count : MAX_COLUMNS;
    const char *unit = tolka_unit_name(table->unit);
    size_t widths[MAX_COLUMNS];
    size_t holding = 0;

    for (int c = 0; c < columns; c++)
        widths[c] = column_width(table, c, c == 0 ? MAX_LABEL_WIDTH : MAX_CELL_WIDTH);
    for (size_t i = 0; i < table->check_count; i++)
        holding += table->checks[i].verdict == TOLKA_CHECK_HOLDS;
    tolka_strbuf_add_char(s->out, '\n');
    paint(s, "1");
    tolka_strbuf_add_str(s->out, table->caption ? table->caption : table->kind);
    paint(s, "0");
    tolka_strbuf_addf(s->out, "  (%s%s%s, %zu of %zu checks hold)\n", table->kind, unit ? ", " : "",
                      unit ? unit : "", holding, table->check_count);
    for (int r = 0; r < table->row_count; r++)
        add_row(s, table, r, widths, columns);
}

static void add_repairs(struct summary *s)
{
    const struct tolka_record *record = s->record;

    if (!record->correction_count)
        return;
    tolka_strbuf_addf(s->out, "\n%zu repairs\n", record->correction_count);
    for (size_t i = 0; i < record->correction_count && i < MAX_REPAIRS; i++) {
        const struct tolka_correction *c = &record->corrections[i];

        tolka_strbuf_addf(s->out, "  p. %d  %s \xE2\x86\x92 %s  (%s)\n", c->page, c->from, c->to,
                          c->reason ? c->reason : "repair");
    }
    if (record->correction_count > MAX_REPAIRS)
        tolka_strbuf_addf(s->out, "  and %zu more\n", record->correction_count - MAX_REPAIRS);
}

static void add_problems(struct summary *s)
{
    const struct tolka_diags *problems = &s->record->problems;

    if (!problems->count)
        return;
    tolka_strbuf_addf(s->out, "\n%zu problems\n", problems->count);
    for (size_t i = 0; i < problems->count && i < MAX_PROBLEMS; i++)
        tolka_strbuf_addf(s->out, "  p. %d  %s: %s\n", problems->items[i].page, problems->items[i].code,
                          problems->items[i].message);
    if (problems->count > MAX_PROBLEMS)
        tolka_strbuf_addf(s->out, "  and %zu more\n", problems->count - MAX_PROBLEMS);
}

void tolka_write_summary(const struct tolka_record *record, bool color, struct tolka_strbuf *out)
{
    struct summary s = {record, out, color};
    bool any = false;

    add_description(&s);
    for (size_t i = 0; i < record->table_count; i++) {
        if (!is_statement(&record->tables[i]))
            continue;
        add_table(&s, &record->tables[i]);
        any = true;
    }
    if (any)
        tolka_strbuf_add_str(out, "\n  \xE2\x9C\x93 confirmed by arithmetic   ? doubtful   ~ repaired   ! "
                                  "does not add up in the report itself\n");
    add_repairs(&s);
    add_problems(&s);
}
