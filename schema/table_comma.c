/*
 * Figures that lost their decimal comma. A report prints a column, or a row of shares, with the same number
 * of decimals all along; a poor copy loses commas among ones and sevens first. A whole number among decimal
 * ones is marked doubtful and offered with the comma put back: the checks take that reading where it adds up.
 */
#include "schema/table_int.h"

#include "base/utf8.h"
#include "schema/doubt.h"
#include "schema/value.h"

#include <string.h>

enum {
    MAX_DECIMALS = 3,
    COLUMN_DECIMALS = 4, /* decimal figures of a column beside which a whole one is odd, and how many times */
    ROW_DECIMALS = 2,    /* as many as whole ones they must be; the same, along a row */
    TABLE_DECIMALS =
        12,        /* the same, over a table that was read badly, where there must be as many as whole ones */
    HUNDRED = 100, /* the whole of shares is printed without decimals */
    MAX_FIGURE = 40, /* bytes */
};

/* The mean confidence of the figures of a table that lost no commas. */
static const float WELL_READ = 0.9F;

/* The other figures of a row or a column: whole ones, and those with each number of decimals. */
struct forms {
    int whole, decimal[MAX_DECIMALS + 1];
};

/* Figures of another unit say nothing of `than`. */
static void count_form(struct forms *forms, const struct tolka_cell *cell, const struct tolka_cell *than)
{
    if (!cell->has_value || cell == than || (than->has_value && cell->unit != than->unit))
        return;
    if (cell->value.scale > 0 && cell->value.scale <= MAX_DECIMALS)
        forms->decimal[cell->value.scale]++;
    else if (cell->value.scale == 0 && cell->value.mantissa != 0 && cell->value.mantissa != HUNDRED)
        forms->whole++;
}

/* The number of decimals that all decimal figures have, 0 when they differ or are too few beside the whole
 * ones. */
static int usual_decimals(const struct forms *forms, int least, int times)
{
    int scale = 0;

    for (int i = 1; i <= MAX_DECIMALS; i++) {
        if (!forms->decimal[i])
            continue;
        if (scale)
            return 0;
        scale = i;
    }
    return scale && forms->decimal[scale] >= least && forms->decimal[scale] >= times * forms->whole ? scale
                                                                                                    : 0;
}

static bool has_decimals(const struct forms *forms)
{
    return forms->decimal[1] + forms->decimal[2] + forms->decimal[3] > 0;
}

static bool is_note(const struct tolka_table *table, int column)
{
    const char *role = table->columns[column].role;

    return role && strcmp(role, "note") == 0;
}

/* True when the figure is many times larger than every decimal one of its row. */
static bool is_far_larger(const struct tolka_table *table, int row, const struct tolka_cell *cell)
{
    bool any = false;

    for (int c = 1; cell->has_value && c < table->column_count; c++) {
        const struct tolka_cell *other = tolka_table_cell(table, row, c);

        if (!other->has_value || other->value.scale == 0 || other->unit != cell->unit)
            continue;
        if (!tolka_doubt_is_times_larger(cell->value, other->value))
            return false;
        any = true;
    }
    return any;
}

/* The number of decimals of a table whose figures were read badly, so that half of them may lack the comma.
 */
static int decimals_of_table(const struct tolka_table *table, const struct tolka_cell *than)
{
    struct forms all = {0};
    float sum = 0;
    int count = 0;

    for (int i = table->header_rows * table->column_count; i < table->row_count * table->column_count; i++) {
        if (is_note(table, i % table->column_count) || !table->cells[i].has_value)
            continue;
        count_form(&all, &table->cells[i], than);
        sum += table->cells[i].confidence;
        count++;
    }
    return sum < WELL_READ * (float)count ? usual_decimals(&all, TABLE_DECIMALS, 1) : 0;
}

/* How many decimals the figure at (row, column) should have and has not, 0 for none. Whole figures along the
 * row speak for a whole one, and so does a column without any decimal figure, unless it is a year beside
 * others. */
static int lost_decimals(const struct tolka_table *table, int row, int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    struct forms down = {0}, along = {0};
    int scale, least;

    for (int r = table->header_rows; r < table->row_count; r++)
        count_form(&down, tolka_table_cell(table, r, column), cell);
    for (int c = 1; c < table->column_count; c++) {
        if (!is_note(table, c))
            count_form(&along, tolka_table_cell(table, row, c), cell);
    }
    if ((!has_decimals(&down) && !table->columns[column].period.to) ||
        (along.whole > 0 && !has_decimals(&along)))
        return 0;
    least = is_far_larger(table, row, cell) ? 0 : ROW_DECIMALS;
    scale = usual_decimals(&along, least, least);
    if (!scale)
        scale = usual_decimals(&down, COLUMN_DECIMALS, COLUMN_DECIMALS);
    if (scale || !has_decimals(&down))
        return scale;
    return decimals_of_table(table, cell);
}

/* Writes the figure of `text` with a comma before its last `decimals` digits; false when it is more than a
 * number and a percent sign. */
static bool put_comma(const char *text, int decimals, char out[MAX_FIGURE])
{
    int digits = 0, n = 0;

    for (const char *c = text; *c; c++)
        digits += tolka_is_digit(*c);
    if (digits <= decimals || strlen(text) + 2 > MAX_FIGURE)
        return false;
    for (const char *c = text; *c; c++) {
        if (tolka_is_digit(*c)) {
            if (digits-- == decimals)
                out[n++] = ',';
            out[n++] = *c;
        } else if ((*c == '-' && c == text) || (*c == '%' && !c[1])) {
            out[n++] = *c;
        } else if (*c != ' ') {
            return false;
        }
    }
    out[n] = '\0';
    return true;
}

/* Writes a figure whose digits fell apart at the wrong place ("-1 24,9") without its spaces. */
static bool close_up(const char *text, char out[MAX_FIGURE])
{
    struct tolka_decimal value;
    enum tolka_unit unit;
    int n = 0;

    if (!strchr(text, ',') || strlen(text) >= MAX_FIGURE)
        return false;
    for (const char *c = text; *c; c++) {
        if (*c != ' ')
            out[n++] = *c;
    }
    out[n] = '\0';
    return tolka_value_parse(out, &value, &unit);
}

/* Puts the reading in front of the cell's others. */
static bool offer(struct tolka_table_builder *builder, struct tolka_cell *cell, const char *reading)
{
    struct tolka_alternative *list =
        tolka_arena_array(builder->arena, cell->alternative_count + 1, sizeof *list);

    if (!list)
        return false;
    list[0] = (struct tolka_alternative){tolka_arena_strdup(builder->arena, reading), cell->confidence};
    if (cell->alternative_count)
        memcpy(list + 1, cell->alternatives, cell->alternative_count * sizeof *list);
    cell->alternatives = list;
    cell->alternative_count++;
    return list[0].text != NULL;
}

bool tolka_table_doubt_commas(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    const struct tolka_table *table = &draft->table;
    char reading[MAX_FIGURE];

    if (draft->page->origin != TOLKA_ORIGIN_OCR)
        return true;
    for (int i = table->header_rows * table->column_count; i < table->row_count * table->column_count; i++) {
        const int row = i / table->column_count, column = i % table->column_count;
        struct tolka_cell *cell = &table->cells[i];
        int decimals;

        if (column == 0 || !draft->numeric[column] || is_note(table, column) || !*cell->text ||
            (cell->has_value &&
             (cell->value.scale > 0 || cell->value.mantissa == 0 || cell->value.mantissa == HUNDRED)))
            continue;
        decimals = lost_decimals(table, row, column);
        if (!decimals || !(put_comma(cell->text, decimals, reading) ||
                           (!cell->has_value && close_up(cell->text, reading))))
            continue;
        cell->status = TOLKA_CELL_DOUBTFUL;
        if (!offer(builder, cell, reading))
            return false;
    }
    return true;
}
