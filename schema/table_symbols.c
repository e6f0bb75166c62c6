/*
 * Signs that a recogniser of words does not know, in the cells of a table, where their place tells them: the
 * square of "m²", the percent sign behind a figure or at the end of a heading or a label, a nought read as a
 * letter, thousands parted by a speck. Only pages that were recognised are touched; `raw` keeps what was
 * read.
 */
#include "schema/table_int.h"
#include "schema/value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_BYTES = 300,    /* longer cells are prose */
    MAX_PERCENT = 1000, /* figures of a column of percentages are smaller */
    HUNDRED = 100,
    MIN_GROUPED = 3, /* amounts parted by spaces that show how a table parts its thousands */
    MIN_NOTES = 2,   /* numbers that make a column one of note numbers */
};

/* What a percent sign is read as: never a word of a heading. */
static const char *const PERCENT_LETTERS[] = {"Yo",  "Y0",  "Vo", "V0", "Po", "%o", "%0",  "°/o",
                                              "0/0", "O/o", "9%", "9o", "/o", "Ye", "Yo.", "Yp"};

/* The same, but figures: only behind a comma or in brackets, over small figures. */
static const char *const PERCENT_FIGURES[] = {"20", "26", "70", "76", "90", "96", "94",
                                              "06", "00", "40", "46", "36", "86", "6"};

static bool is_listed(const char *word, size_t length, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && memcmp(list[i], word, length) == 0)
            return true;
    }
    return false;
}

static bool set_text(struct tolka_cell *cell, const char *text)
{
    struct tolka_decimal value;
    enum tolka_unit unit;

    if (!text)
        return false;
    cell->text = text;
    cell->status = TOLKA_CELL_REPAIRED;
    if (tolka_value_parse(text, &value, &unit)) {
        cell->has_value = true;
        cell->value = value;
        cell->unit = unit;
    }
    return true;
}

/* The first "m?" that stands where only a square metre can: behind a space, a slash or a digit. */
static const char *find_square(const char *text)
{
    for (const char *at = strstr(text, "m?"); at; at = strstr(at + 1, "m?")) {
        const char before = at > text ? at[-1] : ' ';

        if ((before == ' ' || before == '/' || isdigit((unsigned char)before)) &&
            (!at[2] || at[2] == ' ' || at[2] == ',' || at[2] == ')' || at[2] == '.'))
            return at;
    }
    return NULL;
}

static bool mend_squares(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    const char *at;

    while ((at = find_square(cell->text))) {
        if (!set_text(cell, tolka_arena_printf(builder->arena, "%.*sm\xC2\xB2%s", (int)(at - cell->text),
                                               cell->text, at + 2)))
            return false;
    }
    return true;
}

/* The last word of a text, without a closing bracket; `*opened`: behind a comma or a bracket. */
static const char *last_word(const char *text, size_t *length, bool *opened)
{
    const char *end = text + strlen(text), *start;

    if (end > text && end[-1] == ')')
        end--;
    for (start = end; start > text && start[-1] != ' ' && start[-1] != '('; start--)
        ;
    *length = (size_t)(end - start);
    *opened = start > text && (start[-1] == '(' || (start - text > 1 && start[-2] == ','));
    return start;
}

/* Puts a percent sign for the last word of the cell where it can only be one; `small`: what it stands for is
 * small figures. */
static bool mend_percent(struct tolka_table_builder *builder, struct tolka_cell *cell, bool small)
{
    size_t length;
    bool opened;
    const char *word = last_word(cell->text, &length, &opened);

    if (word == cell->text ||
        !(is_listed(word, length, PERCENT_LETTERS, sizeof PERCENT_LETTERS / sizeof *PERCENT_LETTERS) ||
          (opened && small &&
           is_listed(word, length, PERCENT_FIGURES, sizeof PERCENT_FIGURES / sizeof *PERCENT_FIGURES))))
        return true;
    return set_text(cell, tolka_arena_printf(builder->arena, "%.*s%%%s", (int)(word - cell->text), cell->text,
                                             word + length));
}

/* Specks at the ends of a label: a quote that is never closed, a bar, a lone dash behind it; a colon lost in
 * "S:a". */
static bool mend_label(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    static const char *const SPECKS[] = {"\"", "\xE2\x80\x9D", "\xE2\x80\x9C", "|", "_", "<", "=", "~", "'",
                                         "-"};
    const char *start = cell->text;
    size_t length = strlen(start);

    for (size_t i = 0; i < sizeof SPECKS / sizeof *SPECKS; i++) {
        const size_t size = strlen(SPECKS[i]);

        if (strncmp(start, SPECKS[i], size) == 0 &&
            (isalpha((unsigned char)start[size]) || start[size] & 0x40) && !strstr(start + size, SPECKS[i])) {
            start += size;
            length -= size;
            i = (size_t)-1;
        }
    }
    while (length > 3 && start[length - 2] == ' ' && strchr("-|_.,'~=<", start[length - 1]))
        length -= 2;
    if (strncmp(start, "S a ", 4) == 0) /* "S:a bundet eget kapital" */
        return set_text(cell, tolka_arena_printf(builder->arena, "S:a %.*s", (int)length - 4, start + 4));
    if (length == strlen(cell->text))
        return true;
    return set_text(cell, tolka_arena_printf(builder->arena, "%.*s", (int)length, start));
}

/* Specks at the ends of a heading's words: "<jan-aug", "Utfall_". */
static bool mend_heading(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    static const char SPECKS[] = "<>|~_=^";
    char *text = tolka_arena_strdup(builder->arena, cell->text);
    size_t kept = 0;

    if (!text)
        return false;
    for (size_t at = 0; cell->text[at];) {
        size_t length = strcspn(cell->text + at, " "), start = strspn(cell->text + at, SPECKS), end = length;

        while (end > start && strchr(SPECKS, cell->text[at + end - 1]))
            end--;
        if (start < end) {
            if (kept)
                text[kept++] = ' ';
            memmove(text + kept, cell->text + at + start, end - start);
            kept += end - start;
        }
        at += length + (cell->text[at + length] == ' ');
    }
    text[kept] = '\0';
    return kept == 0 || strcmp(text, cell->text) == 0 || set_text(cell, text);
}

static size_t dash_bytes(const char *text)
{
    if (*text == '-')
        return 1;
    return strncmp(text, "\xE2\x80\x93", 3) == 0 || strncmp(text, "\xE2\x80\x94", 3) == 0 ? 3 : 0;
}

/* "2022-07-01 —-2023-06-30": one dash, read as several. */
static bool mend_dashes(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    const char *at = cell->text;
    size_t first = 0, more = 0;

    for (; *at; at++) {
        first = dash_bytes(at);
        more = first ? dash_bytes(at + first) : 0;
        if (more)
            break;
    }
    return !more || set_text(cell, tolka_arena_printf(builder->arena, "%.*s\xE2\x80\x93%s",
                                                      (int)(at - cell->text), cell->text, at + first + more));
}

/* "2022-12-32": a month's last day, its last figure misread; no other day begins with a 3. */
static bool mend_last_of_month(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    for (const char *at = cell->text; (at = strstr(at, "-3")); at++) {
        const int month = at - cell->text >= 7 && at[-3] == '-' ? atoi(at - 2) : 0;
        const bool long_month = month == 2 ? false : (month + month / 8) % 2 == 1;
        const char last = long_month ? '1' : '0';

        if (month < 1 || month > 12 || month == 2 || !isdigit((unsigned char)at[2]) || at[2] <= last ||
            isdigit((unsigned char)at[3]))
            continue;
        return set_text(cell, tolka_arena_printf(builder->arena, "%.*s%c%s", (int)(at + 2 - cell->text),
                                                 cell->text, last, at + 3));
    }
    return true;
}

/* A misread year among years that follow each other, or a broken one without its slash. */
static bool mend_year(struct tolka_table_builder *builder, const struct tolka_table *table, int row,
                      int column)
{
    struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const int year = tolka_table_year_at(table, row, column);

    if (tolka_table_is_split_year(cell->text))
        return set_text(cell, tolka_arena_printf(builder->arena, "%.4s/%s", cell->text, cell->text + 4));
    if (!year || atoi(cell->text) == year)
        return true;
    return set_text(cell, tolka_arena_printf(builder->arena, "%d", year));
}

/* "ljanuari": the first of a month, its 1 taken for a letter and joined. */
static bool mend_first_of_month(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    static const char *const MONTHS[] = {"januari",   "februari", "mars",     "april",
                                         "maj",       "juni",     "juli",     "augusti",
                                         "september", "oktober",  "november", "december"};

    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        const char *at = strstr(cell->text, MONTHS[i]);
        const size_t before = at ? (size_t)(at - cell->text) : 0;

        if (before && strchr("lI|", at[-1]) && (before == 1 || at[-2] == ' ') &&
            !isalpha((unsigned char)at[strlen(MONTHS[i])]))
            return set_text(cell,
                            tolka_arena_printf(builder->arena, "%.*s1 %s", (int)before - 1, cell->text, at));
    }
    return true;
}

/* The number in a cell of note numbers ("7", "Not 12"); NULL when it is none. */
static const char *note_number(const char *text)
{
    if (strncasecmp(text, "not ", 4) == 0)
        text += 4;
    return strlen(text) <= 2 ? text : NULL;
}

static bool is_note_column(const struct tolka_table *table, int column)
{
    int notes = 0, others = 0;

    for (int r = table->header_rows; r < table->row_count; r++) {
        const char *text = tolka_table_cell(table, r, column)->text, *number = note_number(text);

        if (!*text)
            continue;
        if (number && strspn(number, "0123456789") == strlen(number))
            notes++;
        else
            others++;
    }
    return notes >= MIN_NOTES && notes >= 2 * others;
}

/* Letters that a note's number is read as: "Not H" for 11, "i" for 1. */
static bool mend_note_number(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    static const char *const READ[] = {"H", "ll", "II", "Il", "lI", "i",  "I",  "l", "|",
                                       "!", "S",  "B",  "Z",  "z",  "IO", "lO", "IS"};
    static const char *const MEANT[] = {"11", "11", "11", "11", "11", "1",  "1",  "1", "1",
                                        "1",  "5",  "8",  "2",  "2",  "10", "10", "15"};
    const char *number = note_number(cell->text);

    for (size_t i = 0; number && i < sizeof READ / sizeof *READ; i++) {
        if (strcmp(number, READ[i]) == 0)
            return set_text(cell, tolka_arena_printf(builder->arena, "%.*s%s", (int)(number - cell->text),
                                                     cell->text, MEANT[i]));
    }
    return true;
}

static bool is_percent(const struct tolka_cell *cell)
{
    return cell->has_value && strchr(cell->text, '%') != NULL;
}

/* A bare figure up to a hundred among percentages, along its row or down its column, has lost its sign. */
static bool is_among_percents(const struct tolka_table *table, int row, int column)
{
    int down[2] = {0, 0}, along[2] = {0, 0};

    for (int r = table->header_rows; r < table->row_count; r++) {
        const struct tolka_cell *cell = tolka_table_cell(table, r, column);
        down[is_percent(cell)] += cell->has_value;
    }
    for (int c = 1; c < table->column_count; c++) {
        const struct tolka_cell *cell = tolka_table_cell(table, row, c);
        along[is_percent(cell)] += cell->has_value;
    }
    return (down[1] > 1 && down[1] > down[0]) || (along[1] > 1 && along[1] > along[0]);
}

static bool is_small(const struct tolka_cell *cell)
{
    int64_t whole = llabs((long long)cell->value.mantissa);

    for (int i = 0; i < cell->value.scale; i++)
        whole /= 10;
    return whole < MAX_PERCENT;
}

/* True when the row's figures (`row` >= 0), or the column's, are there and all small. */
static bool figures_are_small(const struct tolka_table *table, int row, int column)
{
    int figures = 0;
    const int count = row >= 0 ? table->column_count : table->row_count;

    for (int i = row >= 0 ? 1 : table->header_rows; i < count; i++) {
        const struct tolka_cell *cell = tolka_table_cell(table, row >= 0 ? row : i, row >= 0 ? i : column);

        if (!cell->has_value)
            continue;
        if (!is_small(cell))
            return false;
        figures++;
    }
    return figures > 0;
}

/* Among amounts parted by spaces a full stop between thousands is a speck. */
static bool mend_stops(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    struct tolka_decimal value;
    enum tolka_unit unit;
    char *text;

    if (!strchr(cell->text, '.') || strchr(cell->text, ','))
        return true;
    text = tolka_arena_strdup(builder->arena, cell->text);
    if (!text)
        return false;
    for (char *c = text; *c; c++) {
        if (*c == '.' && isdigit((unsigned char)c[1]) && isdigit((unsigned char)c[2]) &&
            isdigit((unsigned char)c[3]) && !isdigit((unsigned char)c[4]))
            *c = ' ';
    }
    return strchr(text, '.') || !tolka_value_parse(text, &value, &unit) || set_text(cell, text);
}

/* "61 %.", "(31 814).", "20.2", "20;2": a speck behind the figure, another sign than a comma in it. */
static bool mend_point(struct tolka_table_builder *builder, struct tolka_cell *cell)
{
    enum { DECIMALS = 2 };
    struct tolka_decimal value;
    enum tolka_unit unit;
    char *text = tolka_arena_strdup(builder->arena, cell->text), *point;

    if (!text)
        return false;
    for (size_t end = strlen(text); end > 1 && strchr(".,:;'", text[end - 1]); end--)
        text[end - 1] = '\0';
    point = strpbrk(text, ".;");
    if (point && !strchr(text, ',') && strspn(point + 1, "0123456789") == strlen(point + 1) && point[1] &&
        strlen(point + 1) <= DECIMALS)
        *point = ',';
    return strcmp(text, cell->text) == 0 || !tolka_value_parse(text, &value, &unit) || set_text(cell, text);
}

static int count_grouped(const struct tolka_table *table)
{
    int grouped = 0;

    for (int i = table->header_rows * table->column_count; i < table->row_count * table->column_count; i++)
        grouped += table->cells[i].has_value && strchr(table->cells[i].text, ' ') != NULL;
    return grouped;
}

static bool mend_lost_percent(struct tolka_table_builder *builder, const struct tolka_table *table, int row,
                              int column)
{
    struct tolka_cell *cell = tolka_table_cell(table, row, column);

    if (!cell->has_value || cell->unit != TOLKA_UNIT_NONE || cell->value.scale != 0 ||
        cell->value.mantissa < 0 || cell->value.mantissa > HUNDRED || !is_among_percents(table, row, column))
        return true;
    return set_text(cell, tolka_arena_printf(builder->arena, "%s %%", cell->text));
}

static bool mend_figure(struct tolka_table_builder *builder, struct tolka_cell *cell, bool numeric,
                        bool spaced)
{
    if (numeric && (strcmp(cell->text, "O") == 0 || strcmp(cell->text, "o") == 0))
        return set_text(cell, "0");
    if ((spaced && !mend_stops(builder, cell)) || (numeric && !mend_point(builder, cell)))
        return false;
    return !isdigit((unsigned char)*cell->text) || cell->has_value || mend_percent(builder, cell, false);
}

static bool mend_cell(struct tolka_table_builder *builder, struct tolka_table_draft *draft, int row,
                      int column, bool spaced)
{
    const struct tolka_table *table = &draft->table;
    struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const bool head = row < table->header_rows;
    bool good = mend_squares(builder, cell);

    if (good && head)
        good = mend_heading(builder, cell) && mend_dashes(builder, cell) &&
               mend_first_of_month(builder, cell) && mend_last_of_month(builder, cell) &&
               mend_year(builder, table, row, column);
    if (good && (head || column == 0))
        return mend_label(builder, cell) &&
               mend_percent(builder, cell, figures_are_small(table, head ? -1 : row, column));
    return good && mend_figure(builder, cell, draft->numeric[column], spaced) &&
           mend_lost_percent(builder, table, row, column);
}

bool tolka_table_mend_symbols(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    const struct tolka_table *table = &draft->table;
    const bool spaced = count_grouped(table) >= MIN_GROUPED;
    bool good = true;

    if (draft->page->origin != TOLKA_ORIGIN_OCR)
        return true;
    for (int c = 0; good && c < table->column_count; c++) {
        const bool notes = c > 0 && is_note_column(table, c);

        for (int r = 0; good && r < table->row_count; r++) {
            struct tolka_cell *cell = tolka_table_cell(table, r, c);

            if (!*cell->text || strlen(cell->text) > MAX_BYTES)
                continue;
            if (notes && r >= table->header_rows)
                good = mend_note_number(builder, cell);
            else
                good = mend_cell(builder, draft, r, c, spaced);
        }
    }
    return good;
}
