/*
 * Reading order. Words that overlap by half their height stand on one row. Rows one under another that leave the same strip of the page
 * empty, with prose on both sides, are columns: the left one is read before the right one. What is left side by side is a table's row.
 */
#include "extract/layout.h"

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

enum { OPEN_ROWS = 8 };

/* Gives each word (sorted by height) its row: the latest rows are looked at, the nearest wins. Returns the number of rows. */
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
    int block = 0;

    for (size_t i = 0; i < count; i++) {
        struct tolka_line *line;
        if (i == 0 || words[i].row != words[i - 1].row) {
            line = tolka_page_add_line(page);
            if (!line)
                return false;
            line->first_word = (int)i;
            line->block = block;
        }
        line = &page->lines[page->line_count - 1];
        page->words[i] = words[i].word;
        page->words[i].line = (int)page->line_count - 1;
        line->word_count++;
        line->box = tolka_box_union(line->box, words[i].word.box);
        line->size_px = (float)tolka_box_height(line->box);
    }
    return true;
}

enum tolka_status tolka_layout_order(struct tolka_page *page, struct tolka_error *err)
{
    struct placed *words;

    if (page->line_count > 0 || page->word_count == 0)
        return TOLKA_OK;
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
    if (!add_rows(page, words, page->word_count))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's layout");
    return TOLKA_OK;
}
