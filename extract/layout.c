/*
 * Lines. Words that overlap by half their height stand on one row, whatever the columns (columns.c parts them,
 * when tables are known). A recogniser's lines keep their order; what was found late gets its place.
 */
#include "extract/layout.h"
#include "extract/layout_int.h"

#include <stdlib.h>
#include <string.h>

static int compare_ints(int a, int b)
{
    return (a > b) - (a < b);
}

/* A word with what sorting needs. */
struct placed {
    struct tolka_word word;
    int row;
    int center_y;
};

static int by_height(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    int order = compare_ints(p->center_y, q->center_y);

    return order ? order : compare_ints(p->word.box.x0, q->word.box.x0);
}

static int by_row(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    int order = compare_ints(p->row, q->row);

    if (!order)
        order = compare_ints(p->word.box.x0, q->word.box.x0);
    return order ? order : compare_ints(p->word.box.y0, q->word.box.y0);
}

/* Half of the lower of the two lies beside the other. */
static bool stand_side_by_side(struct tolka_box a, struct tolka_box b)
{
    const int top = a.y0 > b.y0 ? a.y0 : b.y0, bottom = a.y1 < b.y1 ? a.y1 : b.y1;
    const int lower = tolka_box_height(a) < tolka_box_height(b) ? tolka_box_height(a) : tolka_box_height(b);

    return 2 * (bottom - top) >= lower;
}

enum { OPEN_ROWS = 8, LOOK_BACK = 6 };

/* Pieces of a line stand no further apart than this share of the size; columns do. */
static const float PIECE_GAP = 1.2F;

/* Gives each word (sorted by height) its row: the latest rows are looked at, the nearest wins. Returns the
 * number of rows. */
static int assign_rows(struct placed *words, size_t count)
{
    struct tolka_box rows[OPEN_ROWS];
    int row_count = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tolka_box box = words[i].word.box;
        int best = -1;
        for (int r = row_count - 1; r >= 0 && r >= row_count - OPEN_ROWS; r--) {
            if (stand_side_by_side(rows[r % OPEN_ROWS], box)) {
                best = r;
                break;
            }
        }
        if (best < 0) {
            best = row_count++;
            rows[best % OPEN_ROWS] = box;
        }
        words[i].row = best;
    }
    return row_count;
}

static bool add_rows(struct tolka_page *page, const struct placed *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tolka_line *line;
        if (i == 0 || words[i].row != words[i - 1].row) {
            line = tolka_page_add_line(page);
            if (!line)
                return false;
            line->first_word = (int)i;
        }
        line = &page->lines[page->line_count - 1];
        page->words[i] = words[i].word;
        page->words[i].line = (int)page->line_count - 1;
        line->word_count++;
        line->box = tolka_box_union(line->box, words[i].word.box);
        if ((float)tolka_box_height(words[i].word.box) > line->size_px)
            line->size_px = (float)tolka_box_height(words[i].word.box);
    }
    return true;
}

static bool most_is_bold(const struct tolka_page *page, const struct tolka_line *line)
{
    int bold = 0;

    for (int i = 0; i < line->word_count; i++)
        bold += (page->words[line->first_word + i].flags & TOLKA_WORD_BOLD) != 0;
    return 2 * bold > line->word_count;
}

/* Rows are lines of one column until columns are found. */
static bool number_blocks(struct tolka_page *page)
{
    bool *starts = tolka_arena_array(&page->arena, page->line_count + 1, sizeof *starts);
    int *gaps = tolka_arena_array(&page->arena, page->line_count + 1, sizeof *gaps), block = -1;

    if (!starts || !gaps)
        return false;
    for (size_t i = 0; i < page->line_count; i++)
        page->lines[i].bold = most_is_bold(page, &page->lines[i]);
    tolka_paragraphs_mark(page, page->lines, (int)page->line_count, starts, gaps);
    for (size_t i = 0; i < page->line_count; i++)
        page->lines[i].block = block += starts[i];
    return true;
}

/* Pieces of one printed line: side by side, with no more than a wide blank between them. */
static bool continues(const struct tolka_line *line, const struct tolka_line *piece)
{
    const int gap =
        piece->box.x0 >= line->box.x1 ? piece->box.x0 - line->box.x1 : line->box.x0 - piece->box.x1;
    const float size = line->size_px > piece->size_px ? line->size_px : piece->size_px;

    return gap >= 0 && (float)gap <= PIECE_GAP * size && stand_side_by_side(line->box, piece->box);
}

/* Where an unplaced line belongs: behind the last line above it that it stands under, else behind the last
 * that ends above it, else first. */
static size_t place_of(const struct tolka_line *order, size_t count, const struct tolka_line *line)
{
    const int middle = (line->box.y0 + line->box.y1) / 2;
    size_t under = 0, after = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tolka_box box = order[i].box;
        if ((box.y0 + box.y1) / 2 > middle)
            continue;
        after = i + 1;
        if (box.x0 < line->box.x1 && line->box.x0 < box.x1)
            under = i + 1;
    }
    return under ? under : after;
}

/* Which lines, in reading order, make up the page: `next[i]` is the line that goes on with line i, -1 at its
 * end. */
struct ordering {
    struct tolka_line *order; /* first_word is the index of the line that it was */
    size_t count;
    int *next;
};

static bool join_piece(struct ordering *ordering, struct tolka_line *line, const struct tolka_line *piece,
                       int index)
{
    int tail = line->first_word;

    if (!continues(line, piece))
        return false;
    while (ordering->next[tail] >= 0)
        tail = ordering->next[tail];
    ordering->next[tail] = index;
    line->box = tolka_box_union(line->box, piece->box);
    return true;
}

static void insert_line(struct ordering *ordering, const struct tolka_line *line, int index)
{
    const bool unplaced = line->block == TOLKA_BLOCK_UNPLACED;
    const size_t at = unplaced ? place_of(ordering->order, ordering->count, line) : ordering->count;
    const size_t from = !unplaced && ordering->count > LOOK_BACK ? ordering->count - LOOK_BACK : 0;

    for (size_t i = from; i < ordering->count; i++) {
        if (join_piece(ordering, &ordering->order[i], line, index))
            return;
    }
    memmove(&ordering->order[at + 1], &ordering->order[at], (ordering->count - at) * sizeof *line);
    ordering->order[at] = *line;
    ordering->order[at].first_word = index;
    if (unplaced)
        ordering->order[at].block = at > 0 ? ordering->order[at - 1].block : 0;
    ordering->count++;
}

static int by_left_edge(const void *a, const void *b)
{
    const struct tolka_word *p = a, *q = b;

    return compare_ints(p->box.x0, q->box.x0);
}

/* Copies the words of each line and its pieces together; lines keep what the first piece said of size and
 * weight. */
static void rewrite(struct tolka_page *page, const struct ordering *ordering, const struct tolka_line *old,
                    struct tolka_word *words)
{
    size_t at = 0;

    for (size_t i = 0; i < ordering->count; i++) {
        struct tolka_line *line = &page->lines[i];
        int piece = ordering->order[i].first_word;
        *line = ordering->order[i];
        line->first_word = (int)at;
        for (bool alone = ordering->next[piece] < 0; piece >= 0; piece = ordering->next[piece]) {
            memcpy(words + at, page->words + old[piece].first_word,
                   (size_t)old[piece].word_count * sizeof *words);
            at += (size_t)old[piece].word_count;
            line->word_count = (int)at - line->first_word;
            if (!alone)
                qsort(words + line->first_word, (size_t)line->word_count, sizeof *words, by_left_edge);
        }
        for (int k = 0; k < line->word_count; k++)
            words[line->first_word + k].line = (int)i;
    }
    page->line_count = ordering->count;
    memcpy(page->words, words, at * sizeof *words);
    page->word_count = at;
}

/* A recogniser's lines keep their order; late finds get their places, and pieces of one line are joined. */
static enum tolka_status order_lines(struct tolka_page *page, struct tolka_error *err)
{
    const size_t count = page->line_count;
    struct tolka_line *old = tolka_arena_array(&page->arena, count, sizeof *old);
    struct tolka_word *words = tolka_arena_array(&page->arena, page->word_count + 1, sizeof *words);
    struct ordering ordering = {.order = tolka_arena_array(&page->arena, count + 1, sizeof *old),
                                .next = tolka_arena_array(&page->arena, count, sizeof(int))};

    if (!old || !words || !ordering.order || !ordering.next)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's layout");
    memcpy(old, page->lines, count * sizeof *old);
    for (size_t i = 0; i < count; i++)
        ordering.next[i] = -1;
    for (size_t i = 0; i < count; i++)
        insert_line(&ordering, &old[i], (int)i);
    rewrite(page, &ordering, old, words);
    return TOLKA_OK;
}

enum tolka_status tolka_layout_order(struct tolka_page *page, struct tolka_error *err)
{
    struct placed *words;

    if (page->word_count == 0)
        return TOLKA_OK;
    if (page->line_count > 0)
        return order_lines(page, err);
    words = tolka_arena_array(&page->arena, page->word_count, sizeof *words);
    if (!words)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's layout");
    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        words[i] = (struct placed){*word, 0, (word->box.y0 + word->box.y1) / 2};
    }
    qsort(words, page->word_count, sizeof *words, by_height);
    assign_rows(words, page->word_count);
    qsort(words, page->word_count, sizeof *words, by_row);
    if (!add_rows(page, words, page->word_count) || !number_blocks(page))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's layout");
    return TOLKA_OK;
}
