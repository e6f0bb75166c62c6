/*
 * Leptonica behind image.h.
 *
 * Deskew: the skew that makes the rows' ink vary most (Postl's method, Leptonica's pixFindSkewSweepAndSearch)
 * on a reduced binary picture. Specks: components far smaller than the print that no print stands near.
 */
#include "extract/image_int.h"

#include "extract/leaders.h"
#include "extract/specks.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_DPI = 50, MOST_DPI = 2400 };

static const double A4_WIDTH_INCHES = 8.27;

/* Skew below this (degrees) harms nobody; Leptonica trusts an angle from a confidence of 3 on. */
static const float LEAST_SKEW_DEG = 0.1F, MOST_SKEW_DEG = 5.5F, LEAST_SKEW_CONFIDENCE = 3.0F;

static void ignore_text(const char *text)
{
    (void)text;
}

static void silence(void)
{
    leptSetStderrHandler(ignore_text);
    setLeptDebugOK(0);
    setMsgSeverity(L_SEVERITY_NONE);
}

/* Leptonica's messages are the process's, not a picture's: set once, whichever thread comes first. */
static void quiet(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, silence);
}

static enum tolka_status out_of_memory(struct tolka_error *err)
{
    return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
}

/* The stated resolution when it is believable, else what makes the picture as wide as an A4 sheet. */
static int believable_dpi(const PIX *pix, double stated)
{
    const double width = pixGetWidth(pix), height = pixGetHeight(pix);
    const double inches = stated > 0 ? fmin(width, height) / stated : 0;
    double guess = fmin(width, height) / A4_WIDTH_INCHES;

    if (stated >= LEAST_DPI && stated <= MOST_DPI && inches >= 2 && inches <= 50)
        return (int)lround(stated);
    return (int)lround(fmin(fmax(guess, LEAST_DPI), MOST_DPI));
}

/* 1 bit or 8-bit gray, no colour map, alpha over white; consumes `pix`. */
static PIX *plain_pix(PIX *pix)
{
    PIX *flat = pix, *gray;

    if (!pix)
        return NULL;
    if (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4)
        flat = pixRemoveAlpha(pix);
    else
        flat = pixClone(pix);
    pixDestroy(&pix);
    if (flat && pixGetDepth(flat) == 1 && !pixGetColormap(flat))
        return flat;
    gray = flat ? pixConvertTo8(flat, 0) : NULL;
    pixDestroy(&flat);
    return gray;
}

static struct tolka_picture *wrap(PIX *pix, double stated_dpi)
{
    struct tolka_picture *picture = pix ? calloc(1, sizeof *picture) : NULL;

    if (!picture) {
        pixDestroy(&pix);
        return NULL;
    }
    picture->pix = pix;
    picture->scale = 1;
    picture->dpi = believable_dpi(pix, stated_dpi);
    return picture;
}

static enum tolka_status check_size(double width, double height, struct tolka_error *err)
{
    if (width < 1 || height < 1)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "the picture has no size");
    if (width * height > TOLKA_MAX_PIXELS)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "a picture of %.0f x %.0f pixels is too large", width,
                               height);
    return TOLKA_OK;
}

/* Leptonica's header readers know all types but a TIFF's later pages. */
static enum tolka_status check_header(const void *bytes, size_t length, int number, struct tolka_error *err)
{
    l_int32 format = IFF_UNKNOWN, w = 0, h = 0, bps, spp, iscmap, res;
    int failed;

    if (number > 1)
        failed = readHeaderMemTiff(bytes, length, number - 1, &w, &h, &bps, &spp, &res, &iscmap, &format);
    else
        failed = pixReadHeaderMem(bytes, length, &format, &w, &h, &bps, &spp, &iscmap);
    if (failed)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "the picture is damaged: its header cannot be read");
    return check_size(w, h, err);
}

enum tolka_status tolka_picture_check(const void *bytes, size_t length, struct tolka_error *err)
{
    quiet();
    return check_header(bytes, length, 1, err);
}

static PIX *read_page(const void *bytes, size_t length, int number)
{
    size_t offset = 0;
    PIX *pix = NULL;

    if (number == 1)
        return pixReadMem(bytes, length);
    for (int i = 1; i <= number; i++) {
        pixDestroy(&pix);
        pix = pixReadMemFromMultipageTiff(bytes, length, &offset);
        if (!pix || (i < number && offset == 0))
            break;
    }
    return pix;
}

enum tolka_status tolka_picture_decode(const void *bytes, size_t length, int number,
                                       struct tolka_picture **out, struct tolka_error *err)
{
    enum tolka_status status;
    PIX *pix;
    int dpi;

    *out = NULL;
    quiet();
    status = check_header(bytes, length, number, err);
    if (status)
        return status;
    pix = read_page(bytes, length, number);
    if (!pix)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "the picture is damaged and cannot be decoded");
    dpi = pixGetXRes(pix);
    *out = wrap(plain_pix(pix), dpi);
    return *out ? TOLKA_OK : out_of_memory(err);
}

static PIX *pix_from_samples(const struct tolka_samples *samples)
{
    PIX *pix = pixCreate(samples->width, samples->height, 8);
    PIX *binary;

    if (!pix)
        return NULL;
    for (int y = 0; y < samples->height; y++) {
        l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < samples->width; x++)
            SET_DATA_BYTE(row, x, samples->data[(size_t)y * samples->stride + (size_t)x]);
    }
    if (!samples->bilevel)
        return pix;
    binary = pixThresholdToBinary(pix, 128);
    pixDestroy(&pix);
    return binary;
}

bool tolka_pix_replace(PIX **pix, PIX *next)
{
    pixDestroy(pix);
    *pix = next;
    return next != NULL;
}

static bool turn_pix(PIX **pix, struct tolka_turn turn)
{
    if (turn.transpose &&
        !(tolka_pix_replace(pix, pixRotate90(*pix, 1)) && tolka_pix_replace(pix, pixFlipLR(NULL, *pix))))
        return false;
    if (turn.flip_x && !tolka_pix_replace(pix, pixFlipLR(NULL, *pix)))
        return false;
    return !turn.flip_y || tolka_pix_replace(pix, pixFlipTB(NULL, *pix));
}

/* Pixels that are not square (fax) are made so by enlarging the coarser side. */
static bool square_pix(PIX **pix, float x_dpi, float y_dpi)
{
    const float finer = fmaxf(x_dpi, y_dpi);

    if (x_dpi <= 0 || y_dpi <= 0 || fabsf(x_dpi - y_dpi) < 0.05F * finer)
        return true;
    if ((double)pixGetWidth(*pix) * pixGetHeight(*pix) * (finer / x_dpi) * (finer / y_dpi) > TOLKA_MAX_PIXELS)
        return true;
    return tolka_pix_replace(pix, pixScale(*pix, finer / x_dpi, finer / y_dpi));
}

enum tolka_status tolka_picture_from_samples(const struct tolka_samples *samples, struct tolka_turn turn,
                                             struct tolka_picture **out, struct tolka_error *err)
{
    enum tolka_status status = check_size(samples->width, samples->height, err);
    PIX *pix;

    *out = NULL;
    quiet();
    if (status)
        return status;
    pix = pix_from_samples(samples);
    if (pix && square_pix(&pix, samples->x_dpi, samples->y_dpi) && turn_pix(&pix, turn))
        *out = wrap(pix, fmaxf(samples->x_dpi, samples->y_dpi));
    return *out ? TOLKA_OK : out_of_memory(err);
}

/* Dark enough to be print on evenly lit gray, where paper is near BACKGROUND. */
enum { BACKGROUND = 220, PRINT = 160, TILE = 32, DARK = 60 };

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
        l_int32 x, y, w, h;
        boxaGetBoxGeometry(boxes, (l_int32)i, &x, &y, &w, &h);
        blobs[i].box = (struct tolka_box){x, y, x + w, y + h};
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
    PIX *binary = binarize(picture->pix);
    PIX *dirt =
        binary ? take_dirt(binary, picture->dpi, pixGetDepth(picture->pix) > 1, &picture->letter_px) : NULL;
    bool good = dirt != NULL;

    if (good && pixGetDepth(picture->pix) == 1) {
        good = tolka_pix_replace(&picture->pix, pixClone(binary));
    } else if (good) {
        good = tolka_pix_replace(&dirt, pixDilateBrick(NULL, dirt, 5, 5)) &&
               pixSubtract(dirt, dirt, binary) != NULL;
        if (good)
            pixSetMasked(picture->pix, dirt, BACKGROUND);
    }
    picture->binary = binary;
    pixDestroy(&dirt);
    return good;
}

static float find_skew(PIX *binary, int dpi)
{
    const int reduction = dpi >= 150 ? 4 : 2;
    l_float32 angle = 0, confidence = 0;

    if (pixFindSkewSweepAndSearch(binary, &angle, &confidence, reduction, reduction / 2, MOST_SKEW_DEG, 0.5F,
                                  0.01F))
        return 0;
    if (confidence < LEAST_SKEW_CONFIDENCE || fabsf(angle) < LEAST_SKEW_DEG)
        return 0;
    return angle;
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

void tolka_picture_measure(const struct tolka_picture *picture, struct tolka_page *page)
{
    page->width = pixGetWidth(picture->pix) / picture->scale;
    page->height = pixGetHeight(picture->pix) / picture->scale;
    page->dpi = picture->dpi;
}

enum tolka_status tolka_picture_prepare(struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err)
{
    quiet();
    if (!even_light(&picture->pix) || !clean(picture) || !deskew(picture))
        return out_of_memory(err);
    tolka_picture_measure(picture, page);
    page->rotation_deg = picture->rotation_deg;
    page->skew_deg = picture->skew_deg;
    if (!tolka_picture_take_rulings(picture, page))
        return out_of_memory(err);
    pixSetResolution(picture->pix, picture->dpi, picture->dpi);
    return TOLKA_OK;
}

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

static bool is_print_sized(const struct tolka_picture *picture, struct tolka_box box)
{
    const int w = tolka_box_width(box), h = tolka_box_height(box), letter = picture->letter_px;

    return 3 * h >= 2 * letter && h <= 4 * letter && 10 * w >= letter && h <= 8 * w;
}

size_t tolka_picture_leftovers(const struct tolka_picture *picture, const struct tolka_page *page,
                               struct tolka_box *boxes, size_t max)
{
    PIX *rest = uncovered(picture, page),
        *joined = rest ? pixCloseSafeBrick(NULL, rest, picture->letter_px, 1) : NULL;
    BOXA *found = joined ? pixConnCompBB(joined, 8) : NULL;
    size_t count = 0;

    for (int i = 0; found && i < boxaGetCount(found) && count < max; i++) {
        l_int32 x, y, w, h;
        struct tolka_box box;
        boxaGetBoxGeometry(found, i, &x, &y, &w, &h);
        box = (struct tolka_box){x, y, x + w, y + h};
        if (is_print_sized(picture, box))
            boxes[count++] = box;
    }
    boxaDestroy(&found);
    pixDestroy(&joined);
    pixDestroy(&rest);
    return count;
}

struct Pix *tolka_picture_pix(const struct tolka_picture *picture)
{
    return picture->pix;
}

int tolka_picture_scale(const struct tolka_picture *picture)
{
    return picture->scale;
}

int tolka_picture_dpi(const struct tolka_picture *picture)
{
    return picture->dpi;
}

void tolka_picture_free(struct tolka_picture *picture)
{
    if (!picture)
        return;
    pixDestroy(&picture->pix);
    pixDestroy(&picture->binary);
    free(picture);
}
