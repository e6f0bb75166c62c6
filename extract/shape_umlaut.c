/*
 * A ü is told by its two dots and by what stands under them: two stems with nothing between them down to the
 * foot. An ö is closed above, an ä as well.
 */
#include "extract/image.h"
#include "extract/shapes.h"
#include "extract/shapes_int.h"

#include <stdlib.h>

enum { MOST_WORD_PX = 2000 };

/* A dot of a ü, in the upper part of a word `height` px high: not cut off below, small and compact. */
static bool is_dot(const struct tolka_glyph *upper, const struct tolka_part *part, int height)
{
    const int wide = tolka_box_width(part->box), high = tolka_box_height(part->box);

    return part->box.y1 < upper->height && 25 * high > 2 * height && 4 * high < height + 4 &&
           2 * wide >= high && wide <= 2 * high;
}

/* Two dots of one letter side by side. */
static bool is_pair(const struct tolka_part *left, const struct tolka_part *right, int height)
{
    const int apart = right->box.x0 - left->box.x1;

    return apart > 0 && 2 * apart < height && abs(right->box.y0 - left->box.y0) * 10 <= height &&
           left->area < 2 * right->area && right->area < 2 * left->area;
}

/* No ink in column `x` between the rows. */
static bool is_open_column(const struct tolka_glyph *word, int x, int top, int foot)
{
    for (int y = top; y < foot; y++) {
        if (word->ink[y * word->width + x])
            return false;
    }
    return true;
}

/* Between the dots all is open down to the foot, but for the serif of the right stem that reaches in at the
 * top; the foot is closed, and a stem stands on either side. */
static bool is_open_above(const struct tolka_glyph *word, const struct tolka_part *left,
                          const struct tolka_part *right)
{
    const int first = left->box.x1, end = right->box.x0, foot = word->height * 3 / 5;
    int open = 0, closed = 0, stems = 0, rows = 0;

    for (int x = first; x < end; x++)
        open += is_open_column(word, x, left->box.y0, foot);
    for (int y = word->height / 2; y < foot; y++, rows++) {
        const unsigned char *row = word->ink + y * word->width;
        bool before = false, after = false;
        for (int x = left->box.x0 - tolka_box_width(left->box);
             x < right->box.x1 + tolka_box_width(right->box); x++) {
            if (x < 0 || x >= word->width || !row[x])
                continue;
            before |= x < first;
            after |= x >= end;
        }
        stems += before && after;
    }
    for (int y = foot; y < word->height; y++)
        closed += word->ink[y * word->width + (first + end) / 2];
    return 2 * open > end - first && closed > 0 && stems == rows;
}

/* No other dot stands nearer to either: j beside ä has three dots in a row. */
static bool are_nearest(const struct tolka_part *dots, size_t count, size_t left, size_t right)
{
    const int apart = dots[right].box.x0 - dots[left].box.x1;

    for (size_t i = 0; i < count; i++) {
        if (i != left && i != right &&
            (abs(dots[left].box.x0 - dots[i].box.x1) <= apart ||
             abs(dots[i].box.x0 - dots[right].box.x1) <= apart))
            return false;
    }
    return true;
}

static size_t find_dots(const struct tolka_glyph *word, struct tolka_part *dots)
{
    struct tolka_glyph upper = *word;
    size_t count = 0;

    upper.height = word->height / 2;
    if (!tolka_glyph_find_parts(&upper, false))
        return 0;
    for (int i = 0; i < upper.part_count; i++) {
        if (is_dot(&upper, &upper.parts[i], word->height))
            dots[count++] = upper.parts[i];
    }
    return count;
}

size_t tolka_shape_find_umlauts(const struct tolka_picture *picture, struct tolka_box word, int *middles,
                                size_t max)
{
    const struct tolka_box tight = tolka_picture_ink(picture, word).box;
    struct tolka_part dots[TOLKA_GLYPH_PARTS];
    struct tolka_glyph glyph;
    size_t found = 0, count;

    if (!tolka_glyph_load(picture, tight, MOST_WORD_PX, &glyph))
        return 0;
    count = find_dots(&glyph, dots);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count && found < max; k++) {
            if (is_pair(&dots[i], &dots[k], glyph.height) && are_nearest(dots, count, i, k) &&
                is_open_above(&glyph, &dots[i], &dots[k]))
                middles[found++] = tight.x0 + (dots[i].box.x0 + dots[k].box.x1) / 2;
        }
    }
    free(glyph.ink);
    return found;
}
