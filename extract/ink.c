/* Where the ink of a prepared picture lies. */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>
#include <string.h>

static struct tolka_box clip_to_binary(const struct tolka_picture *picture, struct tolka_box box)
{
    const int width = pixGetWidth(picture->binary), height = pixGetHeight(picture->binary);

    box.x0 = box.x0 < 0 ? 0 : box.x0;
    box.y0 = box.y0 < 0 ? 0 : box.y0;
    box.x1 = box.x1 > width ? width : box.x1;
    box.y1 = box.y1 > height ? height : box.y1;
    return box;
}

struct tolka_ink tolka_picture_ink(const struct tolka_picture *picture, struct tolka_box box)
{
    struct tolka_ink ink = {0};
    int runs = 0;

    box = clip_to_binary(picture, box);
    for (int y = box.y0; y < box.y1; y++) {
        const l_uint32 *row = pixGetData(picture->binary) + (size_t)y * (size_t)pixGetWpl(picture->binary);
        bool before = false;
        for (int x = box.x0; x < box.x1; x++) {
            const bool dark = GET_DATA_BIT(row, x);
            if (dark)
                ink.box = tolka_box_union(ink.box, (struct tolka_box){x, y, x + 1, y + 1});
            ink.dark += dark;
            runs += dark && !before;
            before = dark;
        }
    }
    ink.stroke_px = runs ? (float)ink.dark / (float)runs : 0;
    return ink;
}

void tolka_picture_copy_ink(const struct tolka_picture *picture, struct tolka_box box, unsigned char *out)
{
    const struct tolka_box in = clip_to_binary(picture, box);
    const size_t width = (size_t)tolka_box_width(box);

    memset(out, 0, width * (size_t)tolka_box_height(box));
    for (int y = in.y0; y < in.y1; y++) {
        const l_uint32 *row = pixGetData(picture->binary) + (size_t)y * (size_t)pixGetWpl(picture->binary);
        for (int x = in.x0; x < in.x1; x++)
            out[(size_t)(y - box.y0) * width + (size_t)(x - box.x0)] = GET_DATA_BIT(row, x);
    }
}

static bool column_has_ink(const struct tolka_picture *picture, int x, int y0, int y1)
{
    const l_uint32 *row = pixGetData(picture->binary) + (size_t)y0 * (size_t)pixGetWpl(picture->binary);

    for (int y = y0; y < y1; y++, row += pixGetWpl(picture->binary)) {
        if (GET_DATA_BIT(row, x))
            return true;
    }
    return false;
}

size_t tolka_picture_runs(const struct tolka_picture *picture, struct tolka_box box, struct tolka_run *runs,
                          size_t max)
{
    size_t count = 0;
    bool before = false;

    box = clip_to_binary(picture, box);
    for (int x = box.x0; x < box.x1; x++) {
        const bool ink = column_has_ink(picture, x, box.y0, box.y1);
        if (ink && !before && ++count <= max)
            runs[count - 1].first = x;
        if (ink && count <= max)
            runs[count - 1].end = x + 1;
        before = ink;
    }
    return count;
}

static bool row_has_ink(const struct tolka_picture *picture, int y, int x0, int x1)
{
    const l_uint32 *row = pixGetData(picture->binary) + (size_t)y * (size_t)pixGetWpl(picture->binary);

    for (int x = x0; x < x1; x++) {
        if (GET_DATA_BIT(row, x))
            return true;
    }
    return false;
}

struct tolka_box tolka_picture_rows(const struct tolka_picture *picture, struct tolka_box box)
{
    const struct tolka_box in = clip_to_binary(picture, box);
    struct tolka_box found = {in.x0, in.y0, in.x1, in.y0};
    int first = in.y0;

    for (int y = in.y0; y < in.y1; y++) {
        if (!row_has_ink(picture, y, in.x0, in.x1))
            first = y + 1;
        else if (y + 1 - first > found.y1 - found.y0)
            found = (struct tolka_box){in.x0, first, in.x1, y + 1};
    }
    return found;
}

/* The binary picture without what the words cover. */
static PIX *uncovered(const struct tolka_picture *picture, const struct tolka_page *page)
{
    PIX *rest = pixCopy(NULL, picture->binary);
    const int rim = picture->letter_px / 4;

    for (size_t i = 0; rest && i < page->word_count; i++) {
        const struct tolka_box box = page->words[i].box;
        pixRasterop(rest, box.x0 - rim, box.y0 - rim, tolka_box_width(box) + 2 * rim,
                    tolka_box_height(box) + 2 * rim, PIX_CLR, NULL, 0, 0);
    }
    return rest;
}

static bool is_print_sized(struct tolka_box box, int letter)
{
    const int w = tolka_box_width(box), h = tolka_box_height(box);

    return 3 * h >= 2 * letter && h <= 4 * letter && 10 * w >= letter && h <= 8 * w;
}

/* As flat as a hyphen is, or flatter, and of the length of one to a long dash. */
static bool is_flat(struct tolka_box box, int letter)
{
    const int w = tolka_box_width(box), h = tolka_box_height(box);

    return 2 * w >= 3 * h && 4 * w >= letter && w <= 3 * letter;
}

/* The boxes of what hangs together in `pix` and is of the shape, top to bottom; consumes `pix`. */
static size_t list_boxes(PIX *pix, int letter, bool is_shaped(struct tolka_box, int), struct tolka_box *boxes,
                         size_t max)
{
    BOXA *found = pix ? pixConnCompBB(pix, 8) : NULL;
    size_t count = 0;

    for (int i = 0; found && i < boxaGetCount(found) && count < max; i++) {
        const struct tolka_box box = tolka_boxa_box(found, i);
        if (is_shaped(box, letter))
            boxes[count++] = box;
    }
    boxaDestroy(&found);
    pixDestroy(&pix);
    return count;
}

size_t tolka_picture_leftovers(const struct tolka_picture *picture, const struct tolka_page *page,
                               struct tolka_box *boxes, size_t max)
{
    PIX *rest = uncovered(picture, page);

    if (rest)
        tolka_runs_close(tolka_pix_bits(rest), picture->letter_px);
    return list_boxes(rest, picture->letter_px, is_print_sized, boxes, max);
}

size_t tolka_picture_flats(const struct tolka_picture *picture, const struct tolka_page *page,
                           struct tolka_box *boxes, size_t max)
{
    return list_boxes(uncovered(picture, page), picture->letter_px, is_flat, boxes, max);
}
