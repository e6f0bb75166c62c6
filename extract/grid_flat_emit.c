/*
 * From lines of text without geometry to a grid. The figures are moved to where their columns would stand, so
 * that whoever reads the page's geometry afterwards (captions, tables that go on over a page break) finds a
 * table in it.
 */
#include "base/utf8.h"
#include "extract/grid_flat.h"

#include <string.h>

static const float DOUBT_CONFIDENCE = 0.5F; /* of figures that could be read otherwise as well */
static const float COLUMN_SPACE = 2.0F;     /* white space between columns, in units */

enum { MAX_NOTE = 99 };

struct emission {
    struct grid_search *search;
    struct flat_line *lines;
    int body, last, columns;
    const struct flat_heads *heads;
    bool notes; /* a column of note numbers stands before the figures */
    int column_count, rows;
    int *words, *cells, count;
};

static const struct flat_split *split_of(const struct flat_line *line)
{
    return line->role == FLAT_FIGURES && line->split_count ? &line->splits[line->chosen] : NULL;
}

bool flat_is_note(const struct flat_token *token)
{
    return token->kind == FLAT_NUMBER && !token->sign && token->lead <= 2 && token->hundredths > 0 &&
           token->hundredths <= 100 * MAX_NOTE;
}

bool flat_starts_low(const struct grid_search *search, const struct flat_line *line)
{
    const char *text = search->page->words[line->first_word].text;

    return *text == '(' || tolka_utf8_is_small(tolka_utf8_first(text));
}

static bool ends_broken(const struct emission *e, const struct flat_line *line)
{
    const char *text = e->search->page->words[line->first_word + line->word_count - 1].text;
    const size_t n = strlen(text);

    return n > 1 && text[n - 1] == '-';
}

/* The line goes on with the row above it: a label that wraps, before or after its figures. */
static bool goes_on(const struct emission *e, int i)
{
    const struct flat_line *line = &e->lines[i], *above = &e->lines[i - 1];

    if (i == e->body || line->blanks > 1)
        return false;
    if (line->role == FLAT_FIGURES)
        return above->role == FLAT_LABEL && line->blanks == 0 &&
               (line->word_count == 0 || ends_broken(e, above) || flat_starts_low(e->search, line));
    return line->role == FLAT_LABEL && flat_starts_low(e->search, line);
}

static void number_rows(struct emission *e)
{
    e->rows = e->heads->count == 0 ? 0 : e->heads->one_row ? 1 : e->heads->count;
    for (int i = e->body; i <= e->last; i++) {
        const bool repeat = e->lines[i].role == FLAT_HEAD;
        e->lines[i].row = repeat ? -1 : goes_on(e, i) ? e->rows - 1 : e->rows++;
    }
}

static void put(struct emission *e, int word, int row, int column)
{
    e->words[e->count] = word;
    e->cells[e->count++] = row * e->column_count + column;
}

static void put_heads(struct emission *e)
{
    const struct flat_heads *heads = e->heads;

    for (int i = 0; i < heads->count; i++) {
        const struct flat_line *line = &e->lines[heads->first + i];
        const int words = line->word_count + line->tail_count;
        for (int w = 0; w < words; w++) {
            const int word = line->first_word + w;
            put(e, word, heads->one_row ? 0 : i, heads->column[word - heads->first_word]);
        }
    }
}

/* Moves a piece's words so that they end at x1, its groups close together. */
static void place_piece(struct emission *e, const struct flat_line *line, int first, int end, int x1)
{
    const int narrow = grid_px(e->search, 0.2F);

    for (int i = end - 1; i >= first; i--) {
        struct tolka_box *box = &e->search->page->words[line->tail[i].word].box;
        const int width = tolka_box_width(*box);
        box->x1 = x1;
        box->x0 = x1 - width;
        x1 = box->x0 - narrow;
    }
}

static int width_of_piece(const struct emission *e, const struct flat_line *line, int first, int end)
{
    int width = 0;

    for (int i = first; i < end; i++)
        width += tolka_box_width(e->search->page->words[line->tail[i].word].box) + grid_px(e->search, 0.2F);
    return width;
}

/* Where the labels end. */
static int label_edge(const struct emission *e)
{
    int edge = 0;

    for (int i = e->body; i <= e->last; i++) {
        const struct flat_line *line = &e->lines[i];
        const struct flat_split *split = split_of(line);
        const int end = line->first_word + line->word_count + (split ? split->absorbed : 0);
        for (int w = line->first_word; w < end; w++) {
            const int x1 = e->search->page->words[w].box.x1;
            edge = x1 > edge ? x1 : edge;
        }
    }
    return edge;
}

/* Draws the columns apart. */
static void place_columns(struct emission *e)
{
    int edge = label_edge(e);

    for (int c = 0; c < e->columns; c++) {
        int width = 0;
        for (int i = e->body; i <= e->last; i++) {
            const struct flat_split *split = split_of(&e->lines[i]);
            const int mine = split && split->first[c] >= 0
                                 ? width_of_piece(e, &e->lines[i], split->first[c], split->end[c])
                                 : 0;
            width = mine > width ? mine : width;
        }
        edge += grid_px(e->search, COLUMN_SPACE) + width;
        for (int i = e->body; i <= e->last; i++) {
            const struct flat_split *split = split_of(&e->lines[i]);
            if (split && split->first[c] >= 0)
                place_piece(e, &e->lines[i], split->first[c], split->end[c], edge);
        }
    }
    if (edge > e->search->page->width)
        e->search->page->width = edge;
}

static void put_line(struct emission *e, const struct flat_line *line)
{
    const struct flat_split *split = split_of(line);
    const int absorbed = split ? split->absorbed : 0, labels = line->word_count + absorbed;
    const bool bare = e->notes && line->note_word < 0 && absorbed == 1 && flat_is_note(&line->tail[0]);

    for (int w = 0; w < labels; w++) {
        const int word = line->first_word + w;
        const bool note =
            e->notes && ((line->note_word >= 0 && word >= line->note_word) || (bare && w == labels - 1));
        put(e, word, line->row, note);
    }
    for (int c = 0; split && c < e->columns; c++) {
        for (int i = split->first[c]; i >= 0 && i < split->end[c]; i++) {
            struct tolka_word *word = &e->search->page->words[line->tail[i].word];
            if (line->doubted && word->confidence > DOUBT_CONFIDENCE)
                word->confidence = DOUBT_CONFIDENCE;
            put(e, line->tail[i].word, line->row, 1 + e->notes + c);
        }
    }
}

static void mend_line_boxes(struct emission *e)
{
    for (int i = e->body; i <= e->last; i++) {
        struct tolka_line *line = &e->search->page->lines[e->lines[i].line];
        line->box = e->search->page->words[line->first_word].box;
        for (int w = 1; w < line->word_count; w++)
            line->box = tolka_box_union(line->box, e->search->page->words[line->first_word + w].box);
    }
}

bool flat_table_emit(struct grid_search *search, struct flat_line *lines, int body, int last, int columns,
                     int grid_columns, const struct flat_heads *heads)
{
    struct emission e = {
        .search = search, .lines = lines, .body = body, .last = last, .columns = columns, .heads = heads};
    const int first = heads->count ? heads->first : body;
    const struct tolka_line *from = &search->page->lines[lines[first].line],
                            *to = &search->page->lines[lines[last].line];
    const size_t words = (size_t)(to->first_word + to->word_count - from->first_word) + 1;

    e.words = tolka_arena_array(&search->scratch, words, sizeof *e.words);
    e.cells = tolka_arena_array(&search->scratch, words, sizeof *e.cells);
    if (!e.words || !e.cells)
        return false;
    e.notes = grid_columns > columns;
    e.column_count = 1 + grid_columns;
    number_rows(&e);
    place_columns(&e);
    put_heads(&e);
    for (int i = body; i <= last; i++) {
        if (lines[i].row >= 0)
            put_line(&e, &lines[i]);
    }
    mend_line_boxes(&e);
    return e.count == 0 || grid_emit(search, e.rows, e.column_count, e.words, e.cells, e.count, false);
}
