/*
 * A sign is told by its topology first: the separate parts of its ink and the holes in them, then by where
 * these lie. A percent sign has a hole at the upper left and one at the lower right, a section sign one in
 * its middle; a half is three parts without holes, the outer two of half the height. All measures are shares
 * of the sign's own box, so size and resolution do not matter as long as a hole is more than a pixel.
 */
#include "extract/shapes.h"

#include "extract/image.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_PX = 8, MOST_PX = 256, MOST_WORD_PX = 2000, MAX_PARTS = 32 };

/* Parts and holes smaller than this share of the box are dirt. */
static const float LEAST_AREA = 0.004F;

/* A part of the ink, or a hole in it. */
struct part {
    struct tolka_box box;
    int area;
};

struct glyph {
    int width, height;
    unsigned char *ink; /* width * height: 1 dark */
    struct part parts[MAX_PARTS], holes[MAX_PARTS];
    int part_count, hole_count; /* MAX_PARTS + 1: too many */
};

/* The horizontal and vertical middle of a part, as shares of the glyph's box. */
static float across(const struct glyph *glyph, const struct part *part)
{
    return (float)(part->box.x0 + part->box.x1) / 2 / (float)glyph->width;
}

static float down(const struct glyph *glyph, const struct part *part)
{
    return (float)(part->box.y0 + part->box.y1) / 2 / (float)glyph->height;
}

static float width_of(const struct glyph *glyph, const struct part *part)
{
    return (float)tolka_box_width(part->box) / (float)glyph->width;
}

static float height_of(const struct glyph *glyph, const struct part *part)
{
    return (float)tolka_box_height(part->box) / (float)glyph->height;
}

/* Fills the connected part of `colour` at `from` with SEEN. Dark pixels hang together at their corners too,
 * light ones do not. */
enum { SEEN = 2 };

static struct part take_part(struct glyph *glyph, int from, unsigned char *seen, int *stack)
{
    const int width = glyph->width, height = glyph->height, colour = glyph->ink[from];
    struct part part = {{0}, 0};
    int top = 0;

    seen[from] = SEEN;
    stack[top++] = from;
    while (top > 0) {
        const int at = stack[--top], x = at % width, y = at / width;
        part.area++;
        part.box = tolka_box_union(part.box, (struct tolka_box){x, y, x + 1, y + 1});
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                const int next = at + dy * width + dx;
                if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height || (!colour && dx && dy))
                    continue;
                if (seen[next] || glyph->ink[next] != colour)
                    continue;
                seen[next] = SEEN;
                stack[top++] = next;
            }
        }
    }
    return part;
}

static void keep_part(struct part *parts, int *count, struct part part)
{
    if (*count < MAX_PARTS)
        parts[*count] = part;
    *count += *count <= MAX_PARTS;
}

static bool touches_rim(const struct glyph *glyph, struct tolka_box box)
{
    return box.x0 == 0 || box.y0 == 0 || box.x1 == glyph->width || box.y1 == glyph->height;
}

/* Fills in the parts of the ink and, where they are wanted, the holes. False when there are too many, or no
 * memory. */
static bool find_parts(struct glyph *glyph, bool with_holes)
{
    const int size = glyph->width * glyph->height;
    const int least = (int)(LEAST_AREA * (float)size) + 1;
    unsigned char *seen = calloc((size_t)size, 1);
    int *stack = malloc((size_t)size * sizeof *stack);
    const bool good = seen && stack;

    for (int i = 0; good && i < size; i++) {
        struct part part;
        if (seen[i] || (!glyph->ink[i] && !with_holes))
            continue;
        part = take_part(glyph, i, seen, stack);
        if (part.area < least)
            continue;
        if (glyph->ink[i])
            keep_part(glyph->parts, &glyph->part_count, part);
        else if (!touches_rim(glyph, part.box))
            keep_part(glyph->holes, &glyph->hole_count, part);
    }
    free(seen);
    free(stack);
    return good && glyph->part_count <= MAX_PARTS && glyph->hole_count <= MAX_PARTS;
}

/* Dark runs along a row, or down a column. */
static int count_runs(const struct glyph *glyph, bool along_row, float share)
{
    const int length = along_row ? glyph->width : glyph->height;
    const int at = (int)(share * (float)(along_row ? glyph->height : glyph->width));
    int runs = 0, before = 0;

    for (int i = 0; i < length; i++) {
        const int ink = glyph->ink[along_row ? at * glyph->width + i : i * glyph->width + at];
        runs += ink && !before;
        before = ink;
    }
    return runs;
}

/* Share of the box's pixels that are dark; the box in shares of the glyph's. */
static float fill_of(const struct glyph *glyph, float x0, float y0, float x1, float y1)
{
    const int left = (int)(x0 * (float)glyph->width), right = (int)(x1 * (float)glyph->width);
    const int top = (int)(y0 * (float)glyph->height), bottom = (int)(y1 * (float)glyph->height);
    int dark = 0;

    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++)
            dark += glyph->ink[y * glyph->width + x];
    }
    return right > left && bottom > top ? (float)dark / (float)((right - left) * (bottom - top)) : 0;
}

static int largest_hole(const struct glyph *glyph)
{
    int largest = 0;

    for (int i = 0; i < glyph->hole_count; i++)
        largest = glyph->holes[i].area > largest ? glyph->holes[i].area : largest;
    return largest;
}

/* Two rings of half the height on either side of a stroke that leans to the right. Where they touch it small
 * holes come about. */
static bool is_percent(const struct glyph *glyph, float aspect)
{
    const int least = largest_hole(glyph) / 4;
    int upper = 0, lower = 0, large = 0;

    for (int i = 0; i < glyph->hole_count; i++) {
        const struct part *hole = &glyph->holes[i];
        if (hole->area <= least)
            continue;
        if (height_of(glyph, hole) > 0.5F || width_of(glyph, hole) > 0.4F)
            return false;
        large++;
        upper += across(glyph, hole) < 0.42F && down(glyph, hole) < 0.42F;
        lower += across(glyph, hole) > 0.58F && down(glyph, hole) > 0.58F;
    }
    return aspect > 0.7F && aspect < 1.5F && upper == 1 && lower == 1 && large == 2 &&
           fill_of(glyph, 0.7F, 0.0F, 1.0F, 0.2F) < 0.5F && fill_of(glyph, 0.0F, 0.8F, 0.3F, 1.0F) < 0.5F;
}

/* The stroke between the two figures of a half. */
static const struct part *find_slash(const struct glyph *glyph)
{
    for (int i = 0; i < glyph->part_count; i++) {
        if (height_of(glyph, &glyph->parts[i]) > 0.85F)
            return &glyph->parts[i];
    }
    return NULL;
}

/* A 2 stands on a foot as broad as itself; a 4 does not. */
static bool has_foot(const struct glyph *glyph, const struct part *part)
{
    const int last = part->box.y1 - 1 - tolka_box_height(part->box) / 12;
    int dark = 0;

    for (int x = part->box.x0; x < part->box.x1; x++)
        dark += glyph->ink[last * glyph->width + x];
    return 10 * dark > 7 * tolka_box_width(part->box);
}

static bool is_half(const struct glyph *glyph, float aspect)
{
    const struct part *slash = find_slash(glyph);
    int one = 0, two = 0;

    if (glyph->part_count != 3 || !slash || glyph->hole_count > 0 || aspect < 0.7F || aspect > 1.6F)
        return false;
    for (int i = 0; i < glyph->part_count; i++) {
        const struct part *part = &glyph->parts[i];
        const float high = height_of(glyph, part);
        if (part == slash || high < 0.35F || high > 0.7F)
            continue;
        one += across(glyph, part) < 0.4F && down(glyph, part) < 0.45F &&
               tolka_box_height(part->box) > tolka_box_width(part->box);
        two += across(glyph, part) > 0.6F && down(glyph, part) > 0.55F && has_foot(glyph, part);
    }
    return one == 1 && two == 1;
}

/* One loop half way down, with an open bow over and under it. */
static bool is_section(const struct glyph *glyph, float aspect)
{
    const struct part *hole = &glyph->holes[0];

    return glyph->hole_count == 1 && glyph->part_count == 1 && aspect > 0.25F && aspect < 0.72F &&
           height_of(glyph, hole) > 0.12F && height_of(glyph, hole) < 0.5F && down(glyph, hole) > 0.4F &&
           down(glyph, hole) < 0.6F && across(glyph, hole) > 0.35F && across(glyph, hole) < 0.65F &&
           count_runs(glyph, false, 0.5F) >= 4;
}

/* Two strokes down, two across. */
static bool is_number(const struct glyph *glyph, float aspect)
{
    const struct part *hole = &glyph->holes[0];

    return glyph->hole_count == 1 && glyph->part_count == 1 && aspect > 0.55F && aspect < 1.3F &&
           across(glyph, hole) > 0.35F && across(glyph, hole) < 0.65F && down(glyph, hole) > 0.35F &&
           down(glyph, hole) < 0.65F && height_of(glyph, hole) < 0.5F &&
           count_runs(glyph, true, 0.08F) == 2 && count_runs(glyph, true, 0.92F) == 2 &&
           count_runs(glyph, false, 0.08F) <= 2 && count_runs(glyph, false, 0.92F) <= 2 &&
           count_runs(glyph, true, 0.5F) == 2;
}

/* A row of the lower half with several dark runs: the lower rays. */
static bool has_lower_rays(const struct glyph *glyph)
{
    for (int share = 55; share < 98; share += 5) {
        if (count_runs(glyph, true, (float)share / 100) >= 2)
            return true;
    }
    return false;
}

/* Rays from a dark middle, none of them as broad as the whole. */
static bool is_star(const struct glyph *glyph, float aspect)
{
    return glyph->hole_count == 0 && glyph->part_count == 1 && aspect > 0.75F && aspect < 1.3F &&
           fill_of(glyph, 0.36F, 0.36F, 0.64F, 0.62F) > 0.7F && fill_of(glyph, 0, 0, 1, 1) < 0.72F &&
           fill_of(glyph, 0, 0, 0.2F, 0.2F) < 0.6F && fill_of(glyph, 0.8F, 0, 1, 0.2F) < 0.6F &&
           has_lower_rays(glyph);
}

/* What is left of a section sign whose loop is blurred: slender, of one part, its ends bows and not the ends
 * of the stroke that a dollar sign has. */
static bool is_slender(const struct glyph *glyph, float aspect)
{
    return glyph->part_count == 1 && aspect > 0.25F && aspect < 0.72F &&
           fill_of(glyph, 0, 0, 1, 0.07F) > 0.3F && fill_of(glyph, 0, 0.93F, 1, 1) > 0.3F;
}

static enum tolka_shape tell(const struct glyph *glyph)
{
    const float aspect = (float)glyph->width / (float)glyph->height;

    if (is_percent(glyph, aspect))
        return TOLKA_SHAPE_PERCENT;
    if (is_half(glyph, aspect))
        return TOLKA_SHAPE_HALF;
    if (is_number(glyph, aspect))
        return TOLKA_SHAPE_NUMBER;
    if (is_section(glyph, aspect))
        return TOLKA_SHAPE_SECTION;
    if (is_star(glyph, aspect))
        return TOLKA_SHAPE_STAR;
    return is_slender(glyph, aspect) ? TOLKA_SHAPE_SLENDER : TOLKA_SHAPE_OTHER;
}

static bool load(const struct tolka_picture *picture, struct tolka_box box, int most_width,
                 struct glyph *glyph)
{
    *glyph = (struct glyph){.width = tolka_box_width(box), .height = tolka_box_height(box)};
    if (glyph->width < LEAST_PX || glyph->height < LEAST_PX || glyph->width > most_width ||
        glyph->height > MOST_PX)
        return false;
    glyph->ink = calloc((size_t)glyph->width * (size_t)glyph->height, 1);
    if (glyph->ink)
        tolka_picture_copy_ink(picture, box, glyph->ink);
    return glyph->ink != NULL;
}

enum tolka_shape tolka_shape_of(const struct tolka_picture *picture, struct tolka_box box)
{
    enum tolka_shape shape = TOLKA_SHAPE_OTHER;
    struct glyph glyph;

    if (!load(picture, tolka_picture_ink(picture, box).box, MOST_PX, &glyph))
        return TOLKA_SHAPE_OTHER;
    if (find_parts(&glyph, true))
        shape = tell(&glyph);
    free(glyph.ink);
    return shape;
}

/* A dot of a ü, in the upper part of a word `height` px high: not cut off below, small and compact. */
static bool is_dot(const struct glyph *upper, const struct part *part, int height)
{
    const int wide = tolka_box_width(part->box), high = tolka_box_height(part->box);

    return part->box.y1 < upper->height && 25 * high > 2 * height && 4 * high < height + 4 &&
           2 * wide >= high && wide <= 2 * high;
}

/* Two dots of one letter side by side. */
static bool is_pair(const struct part *left, const struct part *right, int height)
{
    const int apart = right->box.x0 - left->box.x1;

    return apart > 0 && 2 * apart < height && abs(right->box.y0 - left->box.y0) * 10 <= height &&
           left->area < 2 * right->area && right->area < 2 * left->area;
}

/* Between the dots all is open down to the foot, which is closed, and a stem stands on either side. */
static bool is_open_above(const struct glyph *word, const struct part *left, const struct part *right)
{
    const int first = left->box.x1, end = right->box.x0, foot = word->height * 3 / 5;
    int closed = 0, stems = 0, rows = 0;

    for (int y = left->box.y0; y < foot; y++) {
        for (int x = first; x < end; x++) {
            if (word->ink[y * word->width + x])
                return false;
        }
    }
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
    return closed > 0 && stems == rows;
}

/* No other dot stands nearer to either: j beside ä has three dots in a row. */
static bool are_nearest(const struct part *dots, size_t count, size_t left, size_t right)
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

static size_t find_dots(const struct glyph *word, struct part *dots)
{
    struct glyph upper = *word;
    size_t count = 0;

    upper.height = word->height / 2;
    if (!find_parts(&upper, false))
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
    struct part dots[MAX_PARTS];
    struct glyph glyph;
    size_t found = 0, count;

    if (!load(picture, tight, MOST_WORD_PX, &glyph))
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
