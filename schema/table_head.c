/*
 * Which rows are the heading, and what the columns are.
 *
 * In a table of figures the heading is the rows above the first amount that have something in a column of
 * figures: years, dates, periods, "Not", "Budget". A year as a heading is told from an amount by its four
 * digits without a space. A row that has only a label is a group heading inside the table unless a heading
 * row follows it. A table of words has one header row when that row stands out: bold, upper case, or much
 * shorter than the rest.
 */
#include "schema/table_int.h"

#include "base/utf8.h"
#include "schema/value.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_HEADER_ROWS = 8,
    MAX_HEADING_CHARS = 60, /* of a heading cell; longer is content */
    MAX_TEXT_HEAD_CHARS = 40,
    SHORTER_FACTOR = 2, /* how much shorter a heading of words is than what stands below it */
    MIN_SPOILT_DIGITS = 4,
    MIN_WORD_LETTERS = 4,
    MIN_YEAR_DIGITS = 2, /* of a year that was misread */
    MAX_YEAR_DIGITS = 5,
    MAX_YEARS = 12,
    MAX_LABELLED_HEADS = 2, /* heading rows that all have a label: more are no heading */
    FIRST_YEAR = 1950,
    LAST_YEAR = 2060,
};

enum cell_kind { CELL_EMPTY, CELL_AMOUNT, CELL_YEAR, CELL_DASH, CELL_WORDS };

static bool is_plain_year(const char *text)
{
    int year = 0;

    if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
        return false;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    return year >= FIRST_YEAR && year <= LAST_YEAR;
}

/* "Utfall 2401-2408": a word is no misread figure. */
static bool begins_with_word(const char *text)
{
    int letters = 0;

    for (uint32_t code; *text; letters++) {
        text += tolka_utf8_decode(text, strlen(text), &code);
        if (!tolka_utf8_is_letter(code))
            break;
    }
    return letters >= MIN_WORD_LETTERS;
}

/* An amount that was read so badly that it has no value: mostly digits, but no year, date or period. */
static bool is_spoilt_amount(const char *text)
{
    size_t digits = 0, letters = 0, run = 0;

    if (begins_with_word(text))
        return false;
    for (const char *c = text; *c; c++) {
        bool digit = *c >= '0' && *c <= '9';

        run = digit ? run + 1 : 0;
        digits += digit;
        letters += (*c | 0x20) >= 'a' && (*c | 0x20) <= 'z';
        if (run == 6 && (strncmp(c - 5, "19", 2) == 0 || strncmp(c - 5, "20", 2) == 0) && c[-1] <= '1' &&
            c[1] == '-')
            return false; /* "202401-202408" */
        if (run == 4 && (strncmp(c - 3, "19", 2) == 0 || strncmp(c - 3, "20", 2) == 0) &&
            !(c[1] >= '0' && c[1] <= '9'))
            return false;
    }
    return digits >= MIN_SPOILT_DIGITS && digits > letters && strlen(text) <= MAX_HEADING_CHARS;
}

static enum cell_kind cell_kind(const struct tolka_cell *cell)
{
    char date[11];

    if (!*cell->text)
        return CELL_EMPTY;
    if (!cell->has_value && tolka_date_parse(cell->text, date))
        return CELL_WORDS;
    if (!cell->has_value && is_spoilt_amount(cell->text))
        return CELL_AMOUNT;
    if (cell->has_value)
        return is_plain_year(cell->text) ? CELL_YEAR : CELL_AMOUNT;
    for (const char *c = cell->text; *c;) {
        uint32_t code;

        c += tolka_utf8_decode(c, strlen(c), &code);
        if (code != '-' && code != '.' && code != '_' && !tolka_utf8_is_space(code) &&
            !(code >= 0x2010 && code <= 0x2015) && code != 0x2212)
            return CELL_WORDS;
    }
    return CELL_DASH;
}

/* A column of figures: amounts in it, and no more words than amounts below the first of them. */
static bool is_numeric_column(const struct tolka_table *table, int column)
{
    int amounts = 0, words = 0, years = 0, filled = 0;

    for (int r = 0; r < table->row_count; r++) {
        enum cell_kind kind = cell_kind(tolka_table_cell(table, r, column));

        amounts += kind == CELL_AMOUNT || (kind == CELL_DASH && amounts > 0);
        words += kind == CELL_WORDS && amounts > 0;
        years += kind == CELL_YEAR;
        filled += kind != CELL_EMPTY;
    }
    if (amounts == 0 && years > 1 && years == filled)
        return column > 0; /* a column of counts that all look like years */
    return amounts > 0 && amounts >= words;
}

/* The year that a text of digits states; 0 for another figure, -1 for what is no figure. */
static int read_year(const char *text)
{
    int digits = 0;

    for (const char *c = text; *c; c++) {
        if (!tolka_is_digit(*c) && *c != ' ' && *c != '.')
            return -1;
        digits += tolka_is_digit(*c);
    }
    if (digits < MIN_YEAR_DIGITS || digits > MAX_YEAR_DIGITS)
        return -1;
    return is_plain_year(text) ? atoi(text) : 0;
}

bool tolka_table_is_split_year(const char *text)
{
    enum { LONG = 8, SHORT = 6, CENTURY = 100, YEAR_BYTES = 4 };
    const size_t length = strlen(text);
    char first[YEAR_BYTES + 1] = "";

    if ((length != LONG && length != SHORT) || strspn(text, "0123456789") != length)
        return false;
    memcpy(first, text, YEAR_BYTES);
    return is_plain_year(first) &&
           (atoi(first) + 1) % (length == SHORT ? CENTURY : CENTURY * CENTURY) == atoi(text + YEAR_BYTES);
}

int tolka_table_year_at(const struct tolka_table *table, int row, int column)
{
    int years[MAX_YEARS], count = 0, known = 0, at = -1, a = -1, b = -1, step;

    for (int c = 1; c < table->column_count && count < MAX_YEARS; c++) {
        const int year = read_year(tolka_table_cell(table, row, c)->text);

        if (year < 0)
            continue;
        at = c == column ? count : at;
        a = a < 0 && year ? count : a;
        b = year ? count : b;
        known += year > 0;
        years[count++] = year;
    }
    if (at < 0 || known < 2 || 2 * known < count)
        return 0;
    step = years[b] > years[a] ? 1 : -1;
    for (int i = 0; i < count; i++) {
        if (years[i] && years[i] != years[a] + step * (i - a))
            return 0;
    }
    return years[a] + step * (at - a);
}

/* What a row has in the columns of figures (a label column, the first, does not count). */
struct row_shape {
    int amounts, headings, years;
    bool long_words;
};

static struct row_shape row_shape(const struct tolka_table_draft *draft, int row)
{
    struct row_shape shape = {0};

    for (int c = 1; c < draft->table.column_count; c++) {
        const struct tolka_cell *cell = tolka_table_cell(&draft->table, row, c);
        enum cell_kind kind = cell_kind(cell);

        if (!draft->numeric[c]) {
            shape.headings += kind == CELL_WORDS && tolka_utf8_count(cell->text) <= MAX_HEADING_CHARS &&
                              draft->bold_head && row == 0;
            continue;
        }
        if (kind == CELL_AMOUNT &&
            (tolka_table_year_at(&draft->table, row, c) || tolka_table_is_split_year(cell->text)))
            kind = CELL_YEAR;
        shape.amounts += kind == CELL_AMOUNT || kind == CELL_DASH;
        shape.headings += kind == CELL_WORDS || kind == CELL_YEAR;
        shape.years += kind == CELL_YEAR;
        shape.long_words |= kind == CELL_WORDS && tolka_utf8_count(cell->text) > MAX_HEADING_CHARS;
    }
    return shape;
}

static int count_labels(const struct tolka_table *table, int rows)
{
    int labels = 0;

    for (int r = 0; r < rows; r++)
        labels += *tolka_table_cell(table, r, 0)->text != '\0';
    return labels;
}

static int figure_header_rows(const struct tolka_table_draft *draft)
{
    int rows = 0;

    for (int r = 0; r < draft->table.row_count && r < MAX_HEADER_ROWS; r++) {
        struct row_shape shape = row_shape(draft, r);

        if (shape.amounts > 0 || shape.long_words)
            break;
        if (shape.headings > 0)
            rows = r + 1;
        else if (rows > 0)
            break;
    }
    /* Labels and what is told of them, from the first row on. */
    if (rows > MAX_LABELLED_HEADS && draft->table.column_count == 2 &&
        count_labels(&draft->table, rows) == rows)
        return 0;
    return rows < draft->table.row_count ? rows : 0;
}

bool tolka_table_is_upper(const char *text)
{
    size_t length = strlen(text);
    bool letters = false;

    for (size_t at = 0; at < length;) {
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (!tolka_utf8_is_letter(code))
            continue;
        letters = true;
        if (!tolka_utf8_is_upper(code))
            return false;
    }
    return letters;
}

/* Mean length in characters of the filled cells of rows first..last-1. */
static double mean_length(const struct tolka_table *table, int first, int last)
{
    size_t chars = 0, cells = 0;

    for (int r = first; r < last; r++) {
        for (int c = 0; c < table->column_count; c++) {
            const char *text = tolka_table_cell(table, r, c)->text;

            chars += tolka_utf8_count(text);
            cells += *text != '\0';
        }
    }
    return cells ? (double)chars / (double)cells : 0;
}

static bool is_upper_row(const struct tolka_table *table, int row)
{
    for (int c = 0; c < table->column_count; c++) {
        const char *text = tolka_table_cell(table, row, c)->text;

        if (*text && !tolka_table_is_upper(text))
            return false;
    }
    return true;
}

static int word_header_rows(const struct tolka_table_draft *draft)
{
    const struct tolka_table *table = &draft->table;
    int filled = 0;

    if (table->row_count < 2)
        return 0;
    for (int c = 0; c < table->column_count; c++) {
        const struct tolka_cell *cell = tolka_table_cell(table, 0, c);
        size_t length = strlen(cell->text);

        filled += length > 0;
        if (tolka_utf8_count(cell->text) > MAX_TEXT_HEAD_CHARS ||
            (length > 0 && strchr(".;:", cell->text[length - 1])) || cell->has_value)
            return 0;
    }
    if (filled < 2 || filled < table->column_count - 1)
        return 0;
    if (draft->bold_head || (is_upper_row(table, 0) && !is_upper_row(table, 1)))
        return 1;
    return mean_length(table, 0, 1) * SHORTER_FACTOR < mean_length(table, 1, table->row_count);
}

bool tolka_table_find_head(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    struct tolka_table *table = &draft->table;
    bool figures = false;

    draft->numeric = tolka_arena_array(builder->arena, (size_t)table->column_count, sizeof *draft->numeric);
    if (!draft->numeric)
        return false;
    for (int c = 0; c < table->column_count; c++) {
        draft->numeric[c] = is_numeric_column(table, c);
        figures = figures || (c > 0 && draft->numeric[c]);
    }
    table->header_rows = figures ? figure_header_rows(draft) : word_header_rows(draft);
    return true;
}

/* The heading cells of a column in one line. */
static const char *column_label(struct tolka_table_builder *builder, const struct tolka_table *table,
                                int column)
{
    size_t last_start = 0;

    tolka_strbuf_truncate(&builder->scratch, 0);
    for (int r = 0; r < table->header_rows; r++) {
        const char *text = tolka_table_cell(table, r, column)->text;

        if (*text)
            tolka_table_append_word(builder, text, true, &last_start);
    }
    return tolka_arena_strdup(builder->arena, tolka_strbuf_text(&builder->scratch));
}

/* The period of a heading in a higher row that spans `column`: the nearest to the left with nothing of its
 * own between. */
static bool spanning_period(struct tolka_table_builder *builder, const struct tolka_table *table, int column,
                            struct tolka_period *period)
{
    for (int r = 0; r + 1 < table->header_rows; r++) {
        int c = column;

        while (c > 1 && !*tolka_table_cell(table, r, c)->text)
            c--;
        if (c < column && tolka_period_parse(tolka_table_cell(table, r, c)->text, builder->arena, period))
            return true;
    }
    return false;
}

/* Percent when every value of the column says so. */
static enum tolka_unit unit_of_values(const struct tolka_table *table, int column)
{
    int values = 0;

    for (int r = table->header_rows; r < table->row_count; r++) {
        const struct tolka_cell *cell = tolka_table_cell(table, r, column);

        if (cell->has_value && cell->unit != TOLKA_UNIT_PERCENT)
            return TOLKA_UNIT_NONE;
        values += cell->has_value;
    }
    return values ? TOLKA_UNIT_PERCENT : TOLKA_UNIT_NONE;
}

bool tolka_table_label_columns(struct tolka_table_builder *builder, struct tolka_table *table)
{
    table->columns = tolka_arena_array(builder->arena, (size_t)table->column_count, sizeof *table->columns);
    if (!table->columns)
        return false;
    for (int c = 0; c < table->column_count; c++) {
        struct tolka_column *column = &table->columns[c];

        column->label = column_label(builder, table, c);
        if (!column->label)
            return false;
        column->unit = tolka_unit_parse(column->label);
        if (c == 0)
            continue;
        if (!tolka_period_parse(column->label, builder->arena, &column->period) && table->header_rows > 1)
            spanning_period(builder, table, c, &column->period);
        if (column->unit == TOLKA_UNIT_NONE)
            column->unit = unit_of_values(table, c);
    }
    return true;
}
