/*
 * Headings over several columns that are too short to reach over the gutter: the white of the gutter runs on
 * beside them. In the height of such a heading the other columns are white, and the text goes on under it at
 * one height on both sides; what stands above it is read before it, column by column.
 */
#include "base/order.h"
#include "extract/layout_int.h"

#include <limits.h>
#include <stdlib.h>

/* Times the usual size: print of a heading over columns. In sizes of the usual print: how far the columns
 * over it end apart, and begin apart under it, how high the white is beside the heading's own size, and how
 * far the heading begins from the leftmost column's edge. */
static const float LARGE = 1.35F, ENDS_APART = 2.7F, BEGINS_APART = 1.0F, LEAST_WHITE = 0.8F, WHITE = 5.0F,
                   SAME_EDGE = 0.5F;

/* What one side of a gutter has above and below a line's height. */
struct side {
    int x0;           /* of all its print, in the gutter's height */
    int above, below; /* the nearest print's edges; INT_MIN and INT_MAX when there is none */
    bool white;       /* in the line's own height */
};

static struct side look(const struct tolka_page *page, struct tolka_box gutter, bool right,
                        const struct tolka_line *head)
{
    struct side side = {INT_MAX, INT_MIN, INT_MAX, true};

    for (int i = 0; i < (int)page->word_count; i++) {
        const struct tolka_box box = page->words[i].box;
        const int middle = (box.y0 + box.y1) / 2;
        if ((i >= head->first_word && i < head->first_word + head->word_count) || middle < gutter.y0 ||
            middle >= gutter.y1 || (box.x0 + box.x1 > gutter.x0 + gutter.x1) != right)
            continue;
        side.x0 = box.x0 < side.x0 ? box.x0 : side.x0;
        if (middle < head->box.y0)
            side.above = box.y1 > side.above ? box.y1 : side.above;
        else if (middle >= head->box.y1)
            side.below = box.y0 < side.below ? box.y0 : side.below;
        else
            side.white = false;
    }
    return side;
}

static bool heads_columns(const struct tolka_page *page, struct tolka_box gutter,
                          const struct tolka_line *head, float size_px)
{
    struct side left, right;
    float gap_px;

    if (head->size_px < LARGE * size_px || head->grid >= 0 || head->box.y0 <= gutter.y0 ||
        head->box.y1 >= gutter.y1 || head->box.x1 > (gutter.x0 + gutter.x1) / 2)
        return false;
    left = look(page, gutter, false, head);
    right = look(page, gutter, true, head);
    gap_px = right.below > right.above ? (float)right.below - (float)right.above : 0;
    return left.white && right.white && left.above > INT_MIN && right.above > INT_MIN &&
           left.below < INT_MAX && right.below < INT_MAX &&
           (float)abs(head->box.x0 - left.x0) <= SAME_EDGE * size_px &&
           (float)abs(left.above - right.above) <= ENDS_APART * size_px &&
           (float)abs(left.below - right.below) <= BEGINS_APART * size_px &&
           gap_px >= head->size_px + LEAST_WHITE * size_px && gap_px <= head->size_px + WHITE * size_px;
}

/* The size of most lines; 0 when out of memory or without lines. */
static float usual_size(const struct tolka_page *page, struct tolka_arena *scratch)
{
    float *sizes = tolka_arena_array(scratch, page->line_count + 1, sizeof *sizes);

    for (size_t i = 0; sizes && i < page->line_count; i++)
        sizes[i] = page->lines[i].size_px;
    if (!sizes || !page->line_count)
        return 0;
    return tolka_median_floats(sizes, page->line_count);
}

int tolka_gutters_split_at_heads(const struct tolka_page *page, struct tolka_arena *scratch,
                                 struct tolka_gutter gutters[TOLKA_MAX_GUTTERS], int count)
{
    const float size_px = count ? usual_size(page, scratch) : 0;

    for (int g = 0; g < count && size_px > 0; g++) {
        for (size_t l = 0; l < page->line_count && count < TOLKA_MAX_GUTTERS && !gutters[g].notes; l++) {
            if (!heads_columns(page, gutters[g].box, &page->lines[l], size_px))
                continue;
            gutters[count] = gutters[g];
            gutters[count++].box.y0 = page->lines[l].box.y1;
            gutters[g].box.y1 = page->lines[l].box.y0;
        }
    }
    return count;
}
