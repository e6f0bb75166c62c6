/*
 * A sign is told by its topology first: the separate parts of its ink and the holes in them, then by where
 * these lie. A percent sign has a hole at the upper left and one at the lower right, a section sign one in
 * its middle; a half is three parts without holes, the outer two of half the height. All measures are shares
 * of the sign's own box, so size and resolution do not matter as long as a hole is more than a pixel.
 */
#include "extract/shapes.h"

#include "extract/image.h"
#include "extract/shapes_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PX = 8 };

/* Parts and holes smaller than this share of the box are dirt. */
static const float LEAST_AREA = 0.004F;

/* The horizontal and vertical middle of a part, as shares of the glyph's box. */
static float across(const struct tolka_glyph *glyph, const struct tolka_part *part)
{
    return (float)(part->box.x0 + part->box.x1) / 2 / (float)glyph->width;
}

static float down(const struct tolka_glyph *glyph, const struct tolka_part *part)
{
    return (float)(part->box.y0 + part->box.y1) / 2 / (float)glyph->height;
}

static float width_of(const struct tolka_glyph *glyph, const struct tolka_part *part)
{
    return (float)tolka_box_width(part->box) / (float)glyph->width;
}

static float height_of(const struct tolka_glyph *glyph, const struct tolka_part *part)
{
    return (float)tolka_box_height(part->box) / (float)glyph->height;
}

/* Fills the connected part of `colour` at `from` with SEEN. Dark pixels hang together at their corners too,
 * light ones do not. */
enum { SEEN = 2 };

static struct tolka_part take_part(struct tolka_glyph *glyph, int from, unsigned char *seen, int *stack)
{
    const int width = glyph->width, height = glyph->height, colour = glyph->ink[from];
    struct tolka_part part = {{0}, 0};
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

static void keep_part(struct tolka_part *parts, int *count, struct tolka_part part)
{
    if (*count < TOLKA_GLYPH_PARTS)
        parts[*count] = part;
    *count += *count <= TOLKA_GLYPH_PARTS;
}

static bool touches_rim(const struct tolka_glyph *glyph, struct tolka_box box)
{
    return box.x0 == 0 || box.y0 == 0 || box.x1 == glyph->width || box.y1 == glyph->height;
}

bool tolka_glyph_find_parts(struct tolka_glyph *glyph, bool with_holes)
{
    const int size = glyph->width * glyph->height;
    const int least = (int)(LEAST_AREA * (float)size) + 1;
    unsigned char *seen = calloc((size_t)size, 1);
    int *stack = malloc((size_t)size * sizeof *stack);
    const bool good = seen && stack;

    for (int i = 0; good && i < size; i++) {
        struct tolka_part part;
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
    return good && glyph->part_count <= TOLKA_GLYPH_PARTS && glyph->hole_count <= TOLKA_GLYPH_PARTS;
}

/* Dark runs along a row, or down a column. */
static int count_runs(const struct tolka_glyph *glyph, bool along_row, float share)
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
static float fill_of(const struct tolka_glyph *glyph, float x0, float y0, float x1, float y1)
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

static int largest_hole(const struct tolka_glyph *glyph)
{
    int largest = 0;

    for (int i = 0; i < glyph->hole_count; i++)
        largest = glyph->holes[i].area > largest ? glyph->holes[i].area : largest;
    return largest;
}

/* Two rings of half the height on either side of a stroke that leans to the right. Where they touch it small
 * holes come about. */
static bool is_percent(const struct tolka_glyph *glyph, float aspect)
{
    const int least = largest_hole(glyph) / 4;
    int upper = 0, lower = 0, large = 0;

    for (int i = 0; i < glyph->hole_count; i++) {
        const struct tolka_part *hole = &glyph->holes[i];
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
static const struct tolka_part *find_slash(const struct tolka_glyph *glyph)
{
    for (int i = 0; i < glyph->part_count; i++) {
        if (height_of(glyph, &glyph->parts[i]) > 0.85F)
            return &glyph->parts[i];
    }
    return NULL;
}

/* A 2 stands on a foot as broad as itself; a 4 does not. */
static bool has_foot(const struct tolka_glyph *glyph, const struct tolka_part *part)
{
    const int last = part->box.y1 - 1 - tolka_box_height(part->box) / 12;
    int dark = 0;

    for (int x = part->box.x0; x < part->box.x1; x++)
        dark += glyph->ink[last * glyph->width + x];
    return 10 * dark > 7 * tolka_box_width(part->box);
}

/* A 1 at the upper left and a 2 at the lower right, beside a stroke or what is left when it is cut out. */
static bool has_one_and_two(const struct tolka_glyph *glyph, const struct tolka_part *slash)
{
    int one = 0, two = 0;

    for (int i = 0; i < glyph->part_count; i++) {
        const struct tolka_part *part = &glyph->parts[i];
        if (part == slash || height_of(glyph, part) < 0.35F || height_of(glyph, part) > 0.7F)
            continue;
        one += across(glyph, part) < 0.4F && down(glyph, part) < 0.45F &&
               tolka_box_height(part->box) > tolka_box_width(part->box);
        two += across(glyph, part) > 0.6F && down(glyph, part) > 0.55F && has_foot(glyph, part);
    }
    return one == 1 && two == 1;
}

/* A stroke that leans to the right: its middle in row y is top_x + slope * y. */
struct stroke {
    float top_x, slope, half_width;
};

/* The middle of the last dark run of a row, or of the first; -1 in an empty one. */
static float run_middle(const struct tolka_glyph *glyph, int y, bool last)
{
    const unsigned char *row = glyph->ink + y * glyph->width;
    const int step = last ? -1 : 1;
    int from = last ? glyph->width - 1 : 0, to;

    while (from >= 0 && from < glyph->width && !row[from])
        from += step;
    for (to = from; to >= 0 && to < glyph->width && row[to];)
        to += step;
    return from == to ? -1 : (float)(from + to - step) / 2;
}

/* The width of the dark run at a place, 0 where it is light. */
static int width_at(const struct tolka_glyph *glyph, float x, int y)
{
    const unsigned char *row = glyph->ink + y * glyph->width;
    int left = (int)lroundf(x), right = left;

    if (left < 0 || left >= glyph->width || !row[left])
        return 0;
    while (left > 0 && row[left - 1])
        left--;
    while (right + 1 < glyph->width && row[right + 1])
        right++;
    return right + 1 - left;
}

/* The stroke from the last ink near the top to the first near the bottom, when it is dark all along. */
static bool find_stroke(const struct tolka_glyph *glyph, struct stroke *stroke)
{
    static const float TOP = 0.12F, BOTTOM = 0.9F, LEAN = 0.3F;
    const int top = (int)(TOP * (float)glyph->height), bottom = (int)(BOTTOM * (float)glyph->height);
    const float upper = run_middle(glyph, top, true), lower = run_middle(glyph, bottom, false);
    int light = 0, least = glyph->width;

    if (lower < 0 || upper - lower < LEAN * (float)glyph->width)
        return false;
    stroke->slope = (lower - upper) / (float)(bottom - top);
    stroke->top_x = upper - stroke->slope * (float)top;
    for (int y = top; y <= bottom; y++) {
        const int width = width_at(glyph, stroke->top_x + stroke->slope * (float)y, y);
        light += width == 0;
        least = width > 0 && width < least ? width : least;
    }
    stroke->half_width = (float)least / 2 + 1;
    return 10 * light <= bottom - top;
}

/* Where print is blurred the three parts of a half touch: its stroke is cut out along its line. */
static bool is_touching_half(const struct tolka_glyph *glyph)
{
    struct tolka_glyph cut = {.width = glyph->width, .height = glyph->height};
    struct stroke stroke;
    bool is_half = false;

    if (glyph->part_count > 2 || glyph->hole_count > 1 || !find_stroke(glyph, &stroke))
        return false;
    cut.ink = malloc((size_t)glyph->width * (size_t)glyph->height);
    if (!cut.ink)
        return false;
    for (int i = 0; i < glyph->width * glyph->height; i++) {
        const int y = i / glyph->width, x = i % glyph->width;
        const float middle = stroke.top_x + stroke.slope * (float)y;
        cut.ink[i] = glyph->ink[i] && fabsf((float)x - middle) > stroke.half_width;
    }
    if (tolka_glyph_find_parts(&cut, true))
        is_half = cut.hole_count == 0 && has_one_and_two(&cut, NULL);
    free(cut.ink);
    return is_half;
}

static bool is_half(const struct tolka_glyph *glyph, float aspect)
{
    const struct tolka_part *slash = find_slash(glyph);

    if (aspect < 0.7F || aspect > 1.6F)
        return false;
    if (glyph->part_count == 3 && slash && glyph->hole_count == 0)
        return has_one_and_two(glyph, slash);
    return is_touching_half(glyph);
}

/* One loop half way down, with an open bow over and under it. */
static bool is_section(const struct tolka_glyph *glyph, float aspect)
{
    const struct tolka_part *hole = &glyph->holes[0];

    return glyph->hole_count == 1 && glyph->part_count == 1 && aspect > 0.25F && aspect < 0.72F &&
           height_of(glyph, hole) > 0.12F && height_of(glyph, hole) < 0.5F && down(glyph, hole) > 0.4F &&
           down(glyph, hole) < 0.6F && across(glyph, hole) > 0.35F && across(glyph, hole) < 0.65F &&
           count_runs(glyph, false, 0.5F) >= 4;
}

/* Two strokes down, two across. */
static bool is_number(const struct tolka_glyph *glyph, float aspect)
{
    const struct tolka_part *hole = &glyph->holes[0];

    return glyph->hole_count == 1 && glyph->part_count == 1 && aspect > 0.55F && aspect < 1.3F &&
           across(glyph, hole) > 0.35F && across(glyph, hole) < 0.65F && down(glyph, hole) > 0.35F &&
           down(glyph, hole) < 0.65F && height_of(glyph, hole) < 0.5F &&
           count_runs(glyph, true, 0.08F) == 2 && count_runs(glyph, true, 0.92F) == 2 &&
           count_runs(glyph, false, 0.08F) <= 3 && count_runs(glyph, false, 0.92F) <= 3 &&
           count_runs(glyph, true, 0.5F) == 2;
}

/* A row of the lower half with several dark runs: the lower rays. */
static bool has_lower_rays(const struct tolka_glyph *glyph)
{
    for (int share = 55; share < 98; share += 5) {
        if (count_runs(glyph, true, (float)share / 100) >= 2)
            return true;
    }
    return false;
}

/* Rays from a dark middle, none of them as broad as the whole. */
static bool is_star(const struct tolka_glyph *glyph, float aspect)
{
    return glyph->hole_count == 0 && glyph->part_count == 1 && aspect > 0.75F && aspect < 1.3F &&
           fill_of(glyph, 0.36F, 0.36F, 0.64F, 0.62F) > 0.7F && fill_of(glyph, 0, 0, 1, 1) < 0.72F &&
           fill_of(glyph, 0, 0, 0.2F, 0.2F) < 0.6F && fill_of(glyph, 0.8F, 0, 1, 0.2F) < 0.6F &&
           has_lower_rays(glyph);
}

/* The share of the height at either end, and how much of it is dark at least: section signs have 0.4 to 0.7
 * there, dollar signs up to 0.3. */
static const float SLENDER_END = 0.13F, SLENDER_FILL = 0.36F;

/* What is left of a section sign whose loop is blurred: slender, of one part, its ends bows and not the ends
 * of the stroke that a dollar sign has. */
static bool is_slender(const struct tolka_glyph *glyph, float aspect)
{
    return glyph->part_count == 1 && aspect > 0.25F && aspect < 0.72F &&
           fill_of(glyph, 0, 0, 1, SLENDER_END) > SLENDER_FILL &&
           fill_of(glyph, 0, 1 - SLENDER_END, 1, 1) > SLENDER_FILL;
}

static enum tolka_shape tell(const struct tolka_glyph *glyph)
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

bool tolka_glyph_load(const struct tolka_picture *picture, struct tolka_box box, int most_width,
                      struct tolka_glyph *glyph)
{
    *glyph = (struct tolka_glyph){.width = tolka_box_width(box), .height = tolka_box_height(box)};
    if (glyph->width < LEAST_PX || glyph->height < LEAST_PX || glyph->width > most_width ||
        glyph->height > TOLKA_GLYPH_MOST_PX)
        return false;
    glyph->ink = calloc((size_t)glyph->width * (size_t)glyph->height, 1);
    if (glyph->ink)
        tolka_picture_copy_ink(picture, box, glyph->ink);
    return glyph->ink != NULL;
}

enum tolka_shape tolka_shape_of(const struct tolka_picture *picture, struct tolka_box box)
{
    enum tolka_shape shape = TOLKA_SHAPE_OTHER;
    struct tolka_glyph glyph;

    if (!tolka_glyph_load(picture, tolka_picture_ink(picture, box).box, TOLKA_GLYPH_MOST_PX, &glyph))
        return TOLKA_SHAPE_OTHER;
    if (tolka_glyph_find_parts(&glyph, true))
        shape = tell(&glyph);
    free(glyph.ink);
    return shape;
}
