/*
 * A picture made ready for recognition.
 *
 * Deskew: the skew that makes the rows' ink vary most (Postl's method, Leptonica's pixFindSkewSweepAndSearch)
 * on a reduced binary picture. Specks: components far smaller than the print that no print stands near.
 */
#include "extract/image_int.h"

#include "extract/crumbs.h"
#include "extract/leaders.h"
#include "extract/specks.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

/* Dark enough to be print on evenly lit gray, where paper is near BACKGROUND. */
enum { BACKGROUND = 220, PRINT = 160, TILE = 32, DARK = 60 };

/* Skew below this (degrees) harms nobody; Leptonica trusts an angle from a confidence of 3 on. */
static const float LEAST_SKEW_DEG = 0.1F, MOST_SKEW_DEG = 7, LEAST_SKEW_CONFIDENCE = 3;

/* Resolutions between COARSE and FINE are read as they are, others are brought near READING_DPI first: the
 * recogniser scales each line to 36 px anyway, and time grows with the pixels. */
enum { COARSE_DPI = 170, FINE_DPI = 360, READING_DPI = 300 };

/* Pictures up to this resolution are smoothed when their paper's gray values vary so much within a tile:
 * faxes and poor JPEG files have 5 to 9, fair ones 1 to 2. */
enum { GRAINY_DPI = 250, GRAIN_TILE = 12 };
static const float GRAINY = 3.5F;

/* Paper is as dark as so many standard deviations of its grain below its usual brightness. */
static const float GRAIN_REACH = 3;

static PIX *binarize(PIX *pix)
{
    return pixGetDepth(pix) == 1 ? pixCopy(NULL, pix) : pixThresholdToBinary(pix, PRINT);
}

/* Gray pages: the paper's brightness, measured tile by tile, is made the same everywhere. */
static bool even_light(PIX **pix)
{
    PIX *even;

    if (pixGetDepth(*pix) == 1)
        return true;
    even = pixBackgroundNorm(*pix, NULL, NULL, TILE, TILE, DARK, TILE * TILE / 3, BACKGROUND, 2, 1);
    return !even || tolka_pix_replace(pix, even); /* a picture too small or too dark for it stays as it is */
}

static struct tolka_blob *find_blobs(PIX *binary, PIXA **shapes, size_t *count)
{
    BOXA *boxes = pixConnComp(binary, shapes, 8);
    struct tolka_blob *blobs = NULL;
    NUMA *areas = boxes ? pixaCountPixels(*shapes) : NULL;

    *count = areas ? (size_t)boxaGetCount(boxes) : 0;
    blobs = areas ? calloc(*count + 1, sizeof *blobs) : NULL;
    for (size_t i = 0; blobs && i < *count; i++) {
        blobs[i].box = tolka_boxa_box(boxes, (int)i);
        numaGetIValue(areas, (l_int32)i, &blobs[i].area);
    }
    numaDestroy(&areas);
    boxaDestroy(&boxes);
    return blobs;
}

/* A dark margin of the scanner: a large blob that lies along an edge of the picture. */
static bool is_dark_edge(struct tolka_box box, int width, int height, int dpi)
{
    const bool at_side = box.x0 <= 1 || box.x1 >= width - 1, at_end = box.y0 <= 1 || box.y1 >= height - 1;

    return (at_side && tolka_box_height(box) > dpi / 2) || (at_end && tolka_box_width(box) > dpi / 2);
}

/* Takes dirt out of `binary` and puts it into the returned mask. */
static PIX *take_dirt(PIX *binary, int dpi, bool keep_faint, int *letter_px)
{
    PIXA *shapes = NULL;
    size_t count;
    struct tolka_blob *blobs = find_blobs(binary, &shapes, &count);
    PIX *dirt = blobs ? pixCreateTemplate(binary) : NULL;

    if (dirt) {
        *letter_px = tolka_specks_letter_height(blobs, count, dpi);
        tolka_specks_mark(blobs, count, *letter_px, keep_faint);
        tolka_leaders_mark(blobs, count, *letter_px);
    }
    for (size_t i = 0; dirt && i < count; i++) {
        const struct tolka_box box = blobs[i].box;
        PIX *shape;
        if (!blobs[i].is_speck && !blobs[i].is_leader &&
            !is_dark_edge(box, pixGetWidth(binary), pixGetHeight(binary), dpi))
            continue;
        shape = pixaGetPix(shapes, (l_int32)i, L_CLONE);
        pixRasterop(dirt, box.x0, box.y0, tolka_box_width(box), tolka_box_height(box), PIX_PAINT, shape, 0,
                    0);
        pixDestroy(&shape);
    }
    if (dirt)
        pixSubtract(binary, binary, dirt);
    free(blobs);
    pixaDestroy(&shapes);
    return dirt;
}

/* Specks and dark edges become paper; in gray also the rim around them. */
static bool clean(struct tolka_picture *picture)
{
    PIX *binary = picture->binary;
    PIX *dirt = take_dirt(binary, picture->dpi, pixGetDepth(picture->pix) > 1, &picture->letter_px);
    bool good = dirt != NULL;

    if (good && pixGetDepth(picture->pix) == 1) {
        good = tolka_pix_replace(&picture->pix, pixClone(binary));
    } else if (good) {
        good = tolka_pix_replace(&dirt, pixDilateBrick(NULL, dirt, 5, 5)) &&
               pixSubtract(dirt, dirt, binary) != NULL;
        if (good)
            pixSetMasked(picture->pix, dirt, BACKGROUND);
    }
    pixDestroy(&dirt);
    return good;
}

/* A page with few lines, as a statement is, leaves the reduced picture in doubt: it is looked at once more,
 * finer. */
static float find_skew(PIX *binary, int dpi)
{
    l_float32 angle = 0, confidence = 0;

    for (int reduction = dpi >= 150 ? 4 : 2; reduction > 1 && confidence < LEAST_SKEW_CONFIDENCE;
         reduction /= 2)
        if (pixFindSkewSweepAndSearch(binary, &angle, &confidence, reduction, reduction / 2, MOST_SKEW_DEG,
                                      0.5F, 0.01F))
            return 0;
    return confidence < LEAST_SKEW_CONFIDENCE || fabsf(angle) < LEAST_SKEW_DEG ? 0 : angle;
}

/* Turns the picture upright by its skew; what was bilevel becomes gray on the way, which keeps its edges
 * smooth. */
static bool deskew(struct tolka_picture *picture)
{
    const float angle = find_skew(picture->binary, picture->dpi);
    PIX *gray;
    bool good;

    if (angle == 0)
        return true;
    gray = pixConvertTo8(picture->pix, 0);
    good = gray && tolka_pix_replace(&picture->pix, pixRotateAMGray(gray, angle * 3.14159265F / 180, 255));
    pixDestroy(&gray);
    picture->skew_deg = -angle;
    return good && tolka_pix_replace(&picture->binary, binarize(picture->pix));
}

/* Coarse pictures are enlarged twice, fine ones reduced; boxes are taken back by tolka_picture_restore(). */
static bool fit_resolution(struct tolka_picture *picture)
{
    float factor = 1;
    PIX *gray;
    bool good;

    if (picture->dpi < COARSE_DPI)
        factor = 2;
    else if (picture->dpi > FINE_DPI)
        factor = (float)READING_DPI / (float)picture->dpi;
    if (factor == 1 ||
        (double)pixGetWidth(picture->pix) * pixGetHeight(picture->pix) * factor * factor > TOLKA_MAX_PIXELS)
        return true;
    if (pixGetDepth(picture->pix) == 1 && factor < 1)
        gray = pixScaleToGray(picture->pix, factor);
    else
        gray = pixConvertTo8(picture->pix, 0);
    good = gray && tolka_pix_replace(&picture->pix, pixGetDepth(picture->pix) == 1 && factor < 1
                                                        ? pixClone(gray)
                                                        : pixScaleGeneral(gray, factor, factor, 0, 0));
    pixDestroy(&gray);
    picture->factor = factor;
    picture->dpi = (int)lroundf((float)picture->dpi * factor);
    return good;
}

static void smooth_row(const l_uint32 *const rows[3], l_uint32 *out, int width)
{
    int before = 0, here = 0;

    for (int x = 0; x <= width; x++) {
        const int at = x < width ? x : width - 1;
        const int next =
            GET_DATA_BYTE(rows[0], at) + 2 * GET_DATA_BYTE(rows[1], at) + GET_DATA_BYTE(rows[2], at);
        if (x == 0)
            here = next;
        else
            SET_DATA_BYTE(out, x - 1, (before + 2 * here + next + 8) / 16);
        before = here;
        here = next;
    }
}

static int by_value(const void *a, const void *b)
{
    const float p = *(const float *)a, q = *(const float *)b;

    return (p > q) - (p < q);
}

/* The standard deviation within a tile of paper; -1 for one that holds print. */
static float tile_grain(const l_uint32 *row, size_t stride, int x0)
{
    double sum = 0, squares = 0;

    for (int y = 0; y < GRAIN_TILE; y++, row += stride) {
        for (int x = x0; x < x0 + GRAIN_TILE; x++) {
            const int value = GET_DATA_BYTE(row, x);
            if (value < PRINT)
                return -1;
            sum += value;
            squares += (double)value * value;
        }
    }
    sum /= GRAIN_TILE * GRAIN_TILE;
    return (float)sqrt(fmax(0, squares / (GRAIN_TILE * GRAIN_TILE) - sum * sum));
}

/* The median grain of the paper over some tiles of a gray picture. */
static float find_grain(PIX *gray)
{
    enum { STEP = 3 * GRAIN_TILE, MAX_TILES = 4000 };
    float found[MAX_TILES] = {0};
    size_t count = 0;

    for (int y = 0; y + GRAIN_TILE <= pixGetHeight(gray); y += STEP) {
        for (int x = 0; x + GRAIN_TILE <= pixGetWidth(gray) && count < MAX_TILES; x += STEP) {
            const size_t stride = (size_t)pixGetWpl(gray);
            const float grain = tile_grain(pixGetData(gray) + (size_t)y * stride, stride, x);
            if (grain >= 0)
                found[count++] = grain;
        }
    }
    qsort(found, count, sizeof *found, by_value);
    return count ? found[count / 2] : 0;
}

/* Binomial smoothing over 3 x 3 pixels, of gray pictures that are coarse and grainy: the recogniser reads the
 * grain at the edges of print. */
static bool smooth(struct tolka_picture *picture)
{
    PIX *gray = picture->pix;
    const int width = pixGetWidth(gray), height = pixGetHeight(gray);
    PIX *out;

    if (!picture->is_grainy)
        return true;
    out = pixCreateTemplate(gray);
    for (int y = 0; out && y < height; y++) {
        const size_t stride = (size_t)pixGetWpl(gray);
        const l_uint32 *row = pixGetData(gray) + (size_t)y * stride;
        const l_uint32 *const rows[3] = {y > 0 ? row - stride : row, row,
                                         y + 1 < height ? row + stride : row};
        smooth_row(rows, pixGetData(out) + (size_t)y * stride, width);
    }
    return tolka_pix_replace(&picture->pix, out);
}

/*
 * Makes gray paper of one brightness. The recogniser takes a line's black and white from the local extremes
 * along its middle row: where print is sparse, as in tables, most of them are the paper's grain, which it
 * then reads as print. What was smoothed has little left, and its faint edges are needed.
 */
static bool level_paper(struct tolka_picture *picture)
{
    NUMA *map;
    float least;
    bool good;

    if (picture->is_grainy || picture->was_bilevel || pixGetDepth(picture->pix) == 1)
        return true;
    map = numaMakeSequence(0, 1, 256);
    least = BACKGROUND - GRAIN_REACH * find_grain(picture->pix);
    for (int v = 0; map && v < 256; v++) {
        if ((float)v >= least)
            numaSetValue(map, v, BACKGROUND);
    }
    good = map && pixTRCMap(picture->pix, NULL, map) == 0;
    numaDestroy(&map);
    return good;
}

/* Makes a box and the gray rim around it paper. */
static void blank(struct tolka_picture *picture, struct tolka_box box)
{
    const int rim = pixGetDepth(picture->pix) > 1, w = tolka_box_width(box), h = tolka_box_height(box);

    pixRasterop(picture->binary, box.x0, box.y0, w, h, PIX_CLR, NULL, 0, 0);
    pixRasterop(picture->pix, box.x0 - rim, box.y0 - rim, w + 2 * rim, h + 2 * rim, rim ? PIX_SET : PIX_CLR,
                NULL, 0, 0);
}

/* Takes out what is left of broken hairlines. */
static bool sweep_crumbs(struct tolka_picture *picture)
{
    BOXA *found = picture->was_bilevel ? pixConnCompBB(picture->binary, 8) : NULL;
    const size_t count = found ? (size_t)boxaGetCount(found) : 0;
    struct tolka_box *boxes = calloc(count + 1, sizeof *boxes);
    bool *is_crumb = calloc(count + 1, sizeof *is_crumb);
    const bool good = boxes && is_crumb;

    for (size_t i = 0; good && i < count; i++)
        boxes[i] = tolka_boxa_box(found, (int)i);
    if (good)
        tolka_crumbs_mark(boxes, count, picture->letter_px, is_crumb);
    for (size_t i = 0; good && i < count; i++) {
        if (is_crumb[i])
            blank(picture, boxes[i]);
    }
    free(boxes);
    free(is_crumb);
    boxaDestroy(&found);
    return good;
}

/* Turns a page that lies on its side or its head. */
static bool make_upright(struct tolka_picture *picture)
{
    const int quarters = tolka_turn_find(picture->binary, picture->dpi);

    if (quarters <= 0)
        return true;
    picture->rotation_deg = 90 * quarters;
    return tolka_pix_replace(&picture->pix, pixRotateOrth(picture->pix, quarters)) &&
           tolka_pix_replace(&picture->binary, pixRotateOrth(picture->binary, quarters));
}

enum tolka_status tolka_picture_prepare(struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err)
{
    tolka_pix_quiet();
    if (!fit_resolution(picture) || !even_light(&picture->pix))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
    picture->is_grainy =
        !picture->was_bilevel && picture->file_dpi <= GRAINY_DPI && find_grain(picture->pix) >= GRAINY;
    if (!tolka_pix_replace(&picture->binary, binarize(picture->pix)) || !make_upright(picture) ||
        !clean(picture) || !deskew(picture))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
    tolka_picture_measure(picture, page);
    page->rotation_deg = picture->rotation_deg;
    page->skew_deg = picture->skew_deg;
    if (!tolka_picture_take_rulings(picture, page) || !sweep_crumbs(picture) || !smooth(picture) ||
        !level_paper(picture))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
    pixSetResolution(picture->pix, picture->dpi, picture->dpi);
    return TOLKA_OK;
}
