/*
 * Columns: lines that cross a gutter are parted there, and the page is cut along its gutters, the tallest
 * first: what stands above it, its left side, its right side, what stands below it. A side that holds notes
 * goes between the paragraphs of the other, each note where it stands.
 */
#include "extract/layout.h"
#include "extract/layout_int.h"

#include "base/utf8.h"

#include <string.h>

/* A note stands beside a paragraph that begins within this share of the size of the note's first line. */
static const float SAME_TOP = 0.8F;

enum {
    LEAST_TEXT_WORDS = 20,
    NOTE_LINES = 8, /* more without white between them are no note beside the text */
    LONE_NOTE_LINES = 4,
};

/* Share of the size: white that parts notes. */
static const float NOTE_GAP = 2;

struct piece {
    struct tolka_line line; /* first_word: where its words were */
    bool starts;            /* a paragraph */
};

struct sorting {
    struct tolka_page *page;
    struct tolka_arena scratch;
    const struct tolka_word_place *places;
    struct piece *pieces, *spare;
    struct tolka_line *lines;
    bool *starts;
    int *gaps;
    size_t count, capacity;
};

static int center_x(struct tolka_box box)
{
    return (box.x0 + box.x1) / 2;
}

static int center_y(struct tolka_box box)
{
    return (box.y0 + box.y1) / 2;
}

/* A gutter lies between word `i` of the page, which is the last of a piece, and the next. */
static bool is_parted(const struct tolka_page *page, int i, const struct tolka_gutter *gutters, int count)
{
    const struct tolka_box a = page->words[i].box, b = page->words[i + 1].box;

    for (int g = 0; g < count; g++) {
        const int middle = center_x(gutters[g].box), y = center_y(b);
        if (center_x(a) < middle && middle < center_x(b) && y >= gutters[g].box.y0 && y < gutters[g].box.y1)
            return true;
    }
    return false;
}

/* The grid that holds most of the piece's words, -1. */
static int grid_of(const struct sorting *s, const struct tolka_line *line)
{
    int votes = 0, grid = -1;

    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        votes += s->places[i].grid >= 0 ? 1 : -1;
        grid = s->places[i].grid >= 0 ? s->places[i].grid : grid;
    }
    return votes > 0 ? grid : -1;
}

static bool add_piece(struct sorting *s, const struct tolka_line *whole, int first, int count)
{
    struct piece *pieces = tolka_arena_grow(&s->scratch, s->pieces, s->count, &s->capacity, sizeof *pieces);
    struct tolka_line *line;
    int highest = 0, bold = 0;

    if (!pieces)
        return false;
    s->pieces = pieces;
    pieces[s->count] = (struct piece){.line = *whole};
    line = &pieces[s->count++].line;
    if (count == whole->word_count)
        return true;
    line->first_word = first;
    line->word_count = count;
    line->box = (struct tolka_box){0};
    for (int i = first; i < first + count; i++) {
        const struct tolka_word *word = &s->page->words[i];
        line->box = tolka_box_union(line->box, word->box);
        highest = tolka_box_height(word->box) > highest ? tolka_box_height(word->box) : highest;
        bold += (word->flags & TOLKA_WORD_BOLD) != 0;
    }
    line->grid = grid_of(s, line);
    line->bold = 2 * bold > count;
    if (s->page->origin == TOLKA_ORIGIN_TEXT)
        line->size_px = (float)highest;
    return true;
}

static bool cut_lines(struct sorting *s, const struct tolka_gutter *gutters, int count)
{
    for (size_t l = 0; l < s->page->line_count; l++) {
        const struct tolka_line *line = &s->page->lines[l];
        const int end = line->first_word + line->word_count;
        int first = line->first_word;
        for (int i = first; i < end; i++) {
            if (i + 1 < end && !is_parted(s->page, i, gutters, count))
                continue;
            if (!add_piece(s, line, first, i + 1 - first))
                return false;
            first = i + 1;
        }
    }
    return true;
}

/* Where a piece stands to a gutter. */
enum side { ABOVE, LEFT, RIGHT, BELOW, SIDES };

static enum side side_of(const struct piece *piece, const struct tolka_gutter *gutter)
{
    const int y = center_y(piece->line.box);

    return y < gutter->box.y0                                  ? ABOVE
           : y >= gutter->box.y1                               ? BELOW
           : center_x(piece->line.box) < center_x(gutter->box) ? LEFT
                                                               : RIGHT;
}

/* Puts the pieces of each side together in their order and counts them. */
static void part(struct sorting *s, size_t first, size_t count, const struct tolka_gutter *gutter,
                 size_t counts[SIDES])
{
    size_t at = first;

    for (int side = 0; side < SIDES; side++) {
        const size_t from = at;
        for (size_t i = first; i < first + count; i++) {
            if ((int)side_of(&s->pieces[i], gutter) == side)
                s->spare[at++] = s->pieces[i];
        }
        counts[side] = at - from;
    }
    memcpy(s->pieces + first, s->spare + first, count * sizeof *s->pieces);
}

/* A column's lines: text of a page's own is parted into paragraphs, a recogniser has done so. */
static void finish_column(struct sorting *s, size_t first, size_t count)
{
    if (s->page->origin == TOLKA_ORIGIN_TEXT) {
        for (size_t i = 0; i < count; i++)
            s->lines[i] = s->pieces[first + i].line;
        tolka_paragraphs_mark(s->page, s->lines, (int)count, s->starts, s->gaps);
        for (size_t i = 0; i < count; i++)
            s->pieces[first + i].starts = s->starts[i];
        return;
    }
    for (size_t i = first; i < first + count; i++)
        s->pieces[i].starts = i == first || s->pieces[i].line.block != s->pieces[i - 1].line.block;
}

/* True for a paragraph of the running text before which the note goes. */
static bool follows_note(const struct piece *paragraph, const struct piece *note, bool notes_left)
{
    const float slack = SAME_TOP * note->line.size_px,
                below = (float)(paragraph->line.box.y0 - note->line.box.y0);

    return paragraph->starts && (notes_left ? below >= -slack : below > slack);
}

/* Puts the notes, `left` pieces from `first` on or the `right` behind them, between the others' paragraphs.
 */
static void set_notes(struct sorting *s, size_t first, size_t left, size_t right, bool notes_left)
{
    size_t text = notes_left ? first + left : first, note = notes_left ? first : first + left;
    const size_t text_end = text + (notes_left ? right : left), note_end = note + (notes_left ? left : right);

    for (size_t at = first; at < first + left + right;) {
        if (note == note_end ||
            (text < text_end && !follows_note(&s->pieces[text], &s->pieces[note], notes_left))) {
            s->spare[at++] = s->pieces[text++];
            continue;
        }
        do
            s->spare[at++] = s->pieces[note++];
        while (note < note_end && !s->pieces[note].starts);
    }
    memcpy(s->pieces + first, s->spare + first, (left + right) * sizeof *s->pieces);
}

/* Several notes of few lines each, white between them, or a single one that is short. */
static bool are_short(const struct sorting *s, size_t first, size_t count)
{
    int lines = 0, notes = 0, longest = 0;

    for (size_t i = first; i < first + count; i++) {
        const struct tolka_line *line = &s->pieces[i].line;
        const bool goes_on =
            i > first && (float)(line->box.y0 - s->pieces[i - 1].line.box.y1) <= NOTE_GAP * line->size_px;
        lines = goes_on ? lines + 1 : 1;
        notes += !goes_on;
        longest = lines > longest ? lines : longest;
    }
    return longest <= (notes > 1 ? NOTE_LINES : LONE_NOTE_LINES);
}

/* Puts the pieces in order. Calls itself once for each side of a gutter, with one gutter less: no deeper than
 * there are gutters, TOLKA_MAX_GUTTERS. */
static void order_region(struct sorting *s, size_t first, size_t count, const struct tolka_gutter *gutters,
                         int gutter_count)
{
    size_t counts[SIDES] = {0};

    for (; gutter_count > 0; gutters++, gutter_count--) {
        part(s, first, count, gutters, counts);
        if (counts[LEFT] && counts[RIGHT])
            break;
    }
    if (gutter_count == 0) {
        finish_column(s, first, count);
        return;
    }
    for (int side = 0, at = 0; side < SIDES; at += (int)counts[side], side++)
        order_region(s, first + (size_t)at, counts[side], gutters + 1, gutter_count - 1);
    if (gutters->notes &&
        are_short(s, first + counts[ABOVE] + (gutters->notes == TOLKA_NOTES_LEFT ? 0 : counts[LEFT]),
                  counts[gutters->notes == TOLKA_NOTES_LEFT ? LEFT : RIGHT]))
        set_notes(s, first + counts[ABOVE], counts[LEFT], counts[RIGHT], gutters->notes == TOLKA_NOTES_LEFT);
}

/* Writes lines and words of the page anew; grids follow their words. */
static bool rewrite(struct sorting *s)
{
    struct tolka_page *page = s->page;
    struct tolka_word *words = tolka_arena_array(&s->scratch, page->word_count + 1, sizeof *words);
    int *moved = tolka_arena_array(&s->scratch, page->word_count + 1, sizeof *moved), at = 0, block = -1;

    if (!words || !moved)
        return false;
    while (page->line_count < s->count) {
        if (!tolka_page_add_line(page))
            return false;
    }
    page->line_count = s->count;
    for (size_t l = 0; l < s->count; l++) {
        struct tolka_line *line = &page->lines[l];
        block += s->pieces[l].starts;
        *line = s->pieces[l].line;
        line->first_word = at;
        line->block = block;
        for (int i = 0; i < line->word_count; i++, at++) {
            words[at] = page->words[s->pieces[l].line.first_word + i];
            words[at].line = (int)l;
            moved[s->pieces[l].line.first_word + i] = at;
        }
    }
    memcpy(page->words, words, (size_t)at * sizeof *words);
    page->word_count = (size_t)at;
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int i = 0; i < grid->cells[c].word_count; i++)
                grid->cells[c].words[i] = moved[grid->cells[c].words[i]];
        }
    }
    return true;
}

static bool sort(struct sorting *s, const struct tolka_gutter *gutters, int count)
{
    if (!cut_lines(s, gutters, count))
        return false;
    s->spare = tolka_arena_array(&s->scratch, s->count + 1, sizeof *s->spare);
    s->lines = tolka_arena_array(&s->scratch, s->count + 1, sizeof *s->lines);
    s->starts = tolka_arena_array(&s->scratch, s->count + 1, sizeof *s->starts);
    s->gaps = tolka_arena_array(&s->scratch, s->count + 1, sizeof *s->gaps);
    if (!s->spare || !s->lines || !s->starts || !s->gaps)
        return false;
    order_region(s, 0, s->count, gutters, count);
    return rewrite(s);
}

/* Rows of a table begin with a capital or a figure, lines of running text that stand side by side do not. */
static bool is_running_text(const struct tolka_page *page, const struct tolka_grid *grid)
{
    int filled = 0, words = 0, small = 0;

    for (int c = 0; c < grid->row_count * grid->column_count; c++) {
        const struct tolka_grid_cell *cell = &grid->cells[c];
        if (!cell->word_count)
            continue;
        filled++;
        words += cell->word_count;
        small += tolka_utf8_is_small(tolka_utf8_first(page->words[cell->words[0]].text));
    }
    return !grid->ruled && words >= LEAST_TEXT_WORDS && words >= 3 * filled && 2 * small > filled;
}

/* Columns of running text that were taken for a table are none. */
static void dissolve_text_grids(struct tolka_page *page)
{
    size_t kept = 0;

    for (size_t g = 0; g < page->grid_count; g++) {
        const bool text = is_running_text(page, &page->grids[g]);
        for (size_t l = 0; l < page->line_count; l++) {
            if (page->lines[l].grid == (int)g)
                page->lines[l].grid = text ? -1 : (int)kept;
        }
        if (!text)
            page->grids[kept++] = page->grids[g];
    }
    page->grid_count = kept;
}

/* Every word stands in one line, and lines follow one another. */
static bool lines_hold_words(const struct tolka_page *page)
{
    size_t at = 0;

    for (size_t i = 0; i < page->line_count; i++) {
        if (page->lines[i].word_count < 0 || (size_t)page->lines[i].first_word != at)
            return false;
        at += (size_t)page->lines[i].word_count;
    }
    return at == page->word_count;
}

enum tolka_status tolka_layout_columns(struct tolka_page *page, struct tolka_error *err)
{
    struct sorting s = {.page = page};
    struct tolka_gutter gutters[TOLKA_MAX_GUTTERS];
    bool good = true;

    if (!page->plain_text && lines_hold_words(page)) {
        int count;
        dissolve_text_grids(page);
        count = tolka_gutters_find(page, &s.scratch, gutters);
        s.places = tolka_page_word_places(page, &s.scratch);
        good = s.places && (count == 0 || (count > 0 && sort(&s, gutters, count)));
    }
    tolka_arena_release(&s.scratch);
    return good ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's columns");
}
