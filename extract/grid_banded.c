/*
 * Tables of text with rules between the rows and none between the columns. Rules of one width over each other
 * are the rows' borders; a column begins where, in all lines between them, white space is followed by words
 * that begin flush. That space may be hardly wider than one between words: a single line would not tell.
 * Tables of amounts are left to white space alone, which knows what an amount is.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>

/* In units of the median word height, but for the shares. */
static const float SAME_END = 1.5f;     /* between the ends of two rules of a table */
static const float TALLEST_ROW = 45.0f; /* between two rules */
static const float RIVER = 0.5f;        /* white space between columns */
static const float WIDE_RIVER = 2.0f;   /* so wide that few lines are enough */
static const float CLEAR_RIVER = 1.2f;  /* wider than any space between words */
static const float FLUSH = 0.6f;
static const float FLUSH_SHARE = 0.7f; /* of a column's lines that begin flush */
/* between a rule and the line above or below it that belongs to the table */
static const float LINE_GAP = 1.0f;
/* of the words beyond the first column: more is a table of amounts */
static const float FIGURE_SHARE = 0.4f;
static const float FILLED_SHARE = 0.6f; /* of the rows that have more than one cell */

enum {
    MAX_RULES = 200,
    MAX_COLUMNS = 12,
    LEAST_RULES = 3,
    LOOK_AHEAD = 64,
    LEAST_LINES = 5,
    LEAST_FLUSH = 3,
    OUTER_LINES = 4,
    MAX_BANDS = 100
};

struct band {
    const struct tolka_ruling *rules[MAX_RULES]; /* from top to bottom */
    int rule_count;
    int x0, x1;              /* of the rules */
    int first_row, last_row; /* visual rows */
    int starts[MAX_COLUMNS]; /* where columns begin; starts[0] is left of all */
    int column_count;
};

struct span {
    int x0, x1;
};

static int across(const struct tolka_ruling *rule)
{
    return (rule->box.y0 + rule->box.y1) / 2;
}

static bool same_ends(const struct grid_search *search, const struct tolka_ruling *a,
                      const struct tolka_ruling *b)
{
    const int near = grid_px(search, SAME_END);

    return abs(a->box.x0 - b->box.x0) <= near && abs(a->box.x1 - b->box.x1) <= near;
}

/* The rules from `first` on that have its ends; marks them in `used`. */
static void gather_rules(const struct grid_search *search, int first, unsigned char *used, struct band *band)
{
    *band = (struct band){.rules = {&search->rules[first]}, .rule_count = 1};
    for (int i = first + 1; i < search->rule_count && i <= first + LOOK_AHEAD && band->rule_count < MAX_RULES;
         i++) {
        const struct tolka_ruling *rule = &search->rules[i], *last = band->rules[band->rule_count - 1];

        if (across(rule) - across(last) > grid_px(search, TALLEST_ROW))
            break;
        if (used[i] || !same_ends(search, band->rules[0], rule))
            continue;
        used[i] = 1;
        band->rules[band->rule_count++] = rule;
        first = i;
    }
    band->x0 = band->rules[0]->box.x0 - grid_px(search, SAME_END);
    band->x1 = band->rules[0]->box.x1 + grid_px(search, SAME_END);
}

/* Whether a token is the table's; `box` of it. */
static bool token_in(const struct grid_search *search, const struct band *band, int token,
                     struct tolka_box *box)
{
    *box = search->page->words[search->tokens[token].word].box;
    return search->tokens[token].kind != GRID_LEADER && (box->x0 + box->x1) / 2 > band->x0 &&
           (box->x0 + box->x1) / 2 < band->x1;
}

static int first_token(const struct grid_search *search, int r)
{
    return search->chunks[search->rows[r].first_chunk].first_token;
}

static int end_token(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];
    const struct grid_chunk *last = &search->chunks[row->first_chunk + row->chunk_count - 1];

    return last->first_token + last->token_count;
}

/* The row of the table that a height lies in: 0 above the first rule. */
static int band_row(const struct band *band, int y)
{
    int row = 0;

    while (row < band->rule_count && y > across(band->rules[row]))
        row++;
    return row;
}

/* The visual rows between the first rule and the last; false when there are hardly any. */
static bool find_rows(const struct grid_search *search, struct band *band)
{
    const int top = across(band->rules[0]), bottom = across(band->rules[band->rule_count - 1]);

    band->first_row = search->row_count;
    band->last_row = -1;
    for (int r = 0; r < search->row_count; r++) {
        const int y = (search->rows[r].box.y0 + search->rows[r].box.y1) / 2;

        if (y <= top || y >= bottom)
            continue;
        band->first_row = r < band->first_row ? r : band->first_row;
        band->last_row = r;
    }
    return band->last_row > band->first_row;
}

static int by_left(const void *a, const void *b)
{
    const struct span *p = a, *q = b;

    return (p->x0 > q->x0) - (p->x0 < q->x0);
}

/* Of the lines that have words from x on: how many, and how many begin there. */
static void count_flush(const struct grid_search *search, const struct band *band, int x, int *lines,
                        int *flush)
{
    *lines = *flush = 0;
    for (int r = band->first_row; r <= band->last_row; r++) {
        for (int t = first_token(search, r); t < end_token(search, r); t++) {
            struct tolka_box box;

            if (!token_in(search, band, t, &box) || box.x0 < x)
                continue;
            ++*lines;
            *flush += box.x0 - x <= grid_px(search, FLUSH);
            break;
        }
    }
}

/* Whether a column begins at x, right of white space `gap` wide: the fewer its lines, the more has to be
 * flush. */
static bool starts_column(const struct grid_search *search, const struct band *band, int x, int gap)
{
    int lines, flush;

    count_flush(search, band, x, &lines, &flush);
    if ((float)flush < FLUSH_SHARE * (float)lines)
        return false;
    if (gap >= grid_px(search, WIDE_RIVER) || lines >= LEAST_LINES)
        return true;
    return flush == lines && lines >= LEAST_FLUSH && band->last_row - band->first_row + 1 >= LEAST_LINES;
}

/* Where columns begin; none when some may do so. `spans` are the words of all lines from left to right. */
static void find_columns(const struct grid_search *search, struct band *band, const struct span *spans,
                         int count)
{
    int right = spans[0].x1;

    band->starts[0] = spans[0].x0;
    band->column_count = 1;
    for (int i = 1; i < count; i++) {
        const int gap = spans[i].x0 - right;

        right = spans[i].x1 > right ? spans[i].x1 : right;
        if (gap < grid_px(search, RIVER))
            continue;
        if (starts_column(search, band, spans[i].x0, gap) && band->column_count < MAX_COLUMNS) {
            band->starts[band->column_count++] = spans[i].x0;
        } else if (gap >= grid_px(search, CLEAR_RIVER)) {
            band->column_count = 0;
            return;
        }
    }
}

static bool sweep_columns(const struct grid_search *search, struct band *band)
{
    const int first = first_token(search, band->first_row), end = end_token(search, band->last_row);
    struct span *spans = malloc((size_t)(end - first) * sizeof *spans);
    int count = 0;

    if (!spans)
        return false;
    for (int t = first; t < end; t++) {
        struct tolka_box box;
        if (token_in(search, band, t, &box))
            spans[count++] = (struct span){box.x0, box.x1};
    }
    qsort(spans, (size_t)count, sizeof *spans, by_left);
    if (count)
        find_columns(search, band, spans, count);
    free(spans);
    return true;
}

/* The column of a word that begins at x0, be it a little left of the others. */
static int column_at(const struct grid_search *search, const struct band *band, int x0)
{
    int column = 0;

    while (column + 1 < band->column_count && x0 + grid_px(search, RIVER) > band->starts[column + 1])
        column++;
    return column;
}

/* Whether a visual row beyond the rules has its words in the columns; in two of them or more when it is the
 * first such. */
static bool row_fits(const struct grid_search *search, const struct band *band, int r, bool first)
{
    int before = -1, filled = 0;

    for (int t = first_token(search, r); t < end_token(search, r); t++) {
        struct tolka_box box;
        int column;

        if (!token_in(search, band, t, &box))
            return false;
        column = column_at(search, band, box.x0);
        if (column + 1 < band->column_count && box.x1 > band->starts[column + 1])
            return false;
        if (column != before && box.x0 - band->starts[column] > grid_px(search, FLUSH))
            return false;
        filled += column != before;
        before = column;
    }
    return filled > (first ? 1 : 0);
}

/* Takes in the lines right above the first rule, where the rules stand under their rows, and right below the
 * last one, where they stand over them. */
static void take_outer_rows(const struct grid_search *search, struct band *band)
{
    int y = band->rules[0]->box.y0;

    for (int n = 0; n < OUTER_LINES && band->first_row > 0; n++) {
        const struct tolka_box *box = &search->rows[band->first_row - 1].box;

        if (y - box->y1 > grid_px(search, LINE_GAP) || !row_fits(search, band, band->first_row - 1, n == 0))
            break;
        y = box->y0;
        band->first_row--;
    }
    y = band->rules[band->rule_count - 1]->box.y1;
    for (int n = 0; n < OUTER_LINES && band->last_row + 1 < search->row_count; n++) {
        const struct tolka_box *box = &search->rows[band->last_row + 1].box;

        if (box->y0 - y > grid_px(search, LINE_GAP) || !row_fits(search, band, band->last_row + 1, n == 0))
            break;
        y = box->y1;
        band->last_row++;
    }
}

/* Whether most rows have more than one cell; `seen` has a zero for each cell. */
static bool rows_are_filled(const struct band *band, const int *cells, int count, unsigned char *seen)
{
    int rows = 0, filled = 0;

    for (int i = 0; i < count; i++)
        seen[cells[i]] = 1;
    for (int r = 0; r <= band->rule_count; r++) {
        int used = 0;

        for (int c = 0; c < band->column_count; c++)
            used += seen[r * band->column_count + c];
        rows += used > 0;
        filled += used > 1;
    }
    return rows > 1 && (float)filled >= FILLED_SHARE * (float)rows;
}

/* Puts the band's words into cells and returns how many there are; 0 when it is a table of amounts. */
static int place_words(const struct grid_search *search, const struct band *band, int *words, int *cells)
{
    int count = 0, figures = 0, beyond = 0;

    for (int t = first_token(search, band->first_row); t < end_token(search, band->last_row); t++) {
        struct tolka_box box;
        int column;

        if (!token_in(search, band, t, &box))
            continue;
        column = column_at(search, band, box.x0);
        words[count] = search->tokens[t].word;
        cells[count++] = band_row(band, (box.y0 + box.y1) / 2) * band->column_count + column;
        beyond += column > 0;
        figures += column > 0 && search->tokens[t].kind != GRID_TEXT;
    }
    return (float)figures < FIGURE_SHARE * (float)beyond ? count : 0;
}

static bool emit_band(struct grid_search *search, const struct band *band)
{
    const size_t most = (size_t)(end_token(search, band->last_row) - first_token(search, band->first_row));
    const int rows = band->rule_count + 1;
    int *words = malloc(most * sizeof *words), *cells = malloc(most * sizeof *cells);
    unsigned char *seen = calloc((size_t)(rows * band->column_count), 1);
    bool good = words && cells && seen;

    if (good) {
        const int count = place_words(search, band, words, cells);

        if (count && rows_are_filled(band, cells, count, seen))
            good = grid_emit(search, rows, band->column_count, words, cells, count, true);
    }
    free(words);
    free(cells);
    free(seen);
    return good;
}

bool grid_find_banded(struct grid_search *search)
{
    unsigned char *used = tolka_arena_alloc(&search->scratch, (size_t)search->rule_count + 1);
    struct band *band = tolka_arena_alloc(&search->scratch, sizeof *band);
    bool good = used && band;

    for (int i = 0, bands = 0; good && i < search->rule_count && bands < MAX_BANDS; i++) {
        if (used[i])
            continue;
        gather_rules(search, i, used, band);
        if (band->rule_count < LEAST_RULES)
            continue;
        bands++;
        if (!find_rows(search, band))
            continue;
        good = sweep_columns(search, band);
        if (!good || band->column_count < 2)
            continue;
        take_outer_rows(search, band);
        good = emit_band(search, band);
    }
    return good;
}
