/*
 * Leptonica behind image.h.
 *
 * Deskew: the skew that makes the rows' ink vary most (Postl's method, Leptonica's pixFindSkewSweepAndSearch) on a reduced binary picture.
 * Rulings: openings of the deskewed binary picture by long thin bricks, after a small closing that bridges broken lines.
 * Specks: components far smaller than the print that no print stands near.
 */
#include "extract/image.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tolka_picture {
    PIX *pix;    /* what is recognised */
    PIX *binary; /* the same at 1 bit, without rulings; after prepare */
    int dpi;
    int scale;
    int rotation_deg;
    float skew_deg;
};

enum { DEFAULT_DPI = 300, LEAST_DPI = 50, MOST_DPI = 2400 };

static const double A4_WIDTH_INCHES = 8.27;

/* Skew below this (degrees) harms nobody; Leptonica trusts an angle from a confidence of 3 on. */
static const float LEAST_SKEW_DEG = 0.1F, MOST_SKEW_DEG = 5.5F, LEAST_SKEW_CONFIDENCE = 3.0F;

static void quiet(void)
{
    setLeptDebugOK(0);
    setMsgSeverity(L_SEVERITY_NONE);
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
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "a picture of %.0f x %.0f pixels is too large", width, height);
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

enum tolka_status tolka_picture_decode(const void *bytes, size_t length, int number, struct tolka_picture **out, struct tolka_error *err)
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

/* Replaces *pix by `next`; false, with *pix gone, when there is none. */
static bool replace(PIX **pix, PIX *next)
{
    pixDestroy(pix);
    *pix = next;
    return next != NULL;
}

static bool turn_pix(PIX **pix, struct tolka_turn turn)
{
    if (turn.transpose && !(replace(pix, pixRotate90(*pix, 1)) && replace(pix, pixFlipLR(NULL, *pix))))
        return false;
    if (turn.flip_x && !replace(pix, pixFlipLR(NULL, *pix)))
        return false;
    return !turn.flip_y || replace(pix, pixFlipTB(NULL, *pix));
}

/* Pixels that are not square (fax) are made so by enlarging the coarser side. */
static bool square_pix(PIX **pix, float x_dpi, float y_dpi)
{
    const float finer = fmaxf(x_dpi, y_dpi);

    if (x_dpi <= 0 || y_dpi <= 0 || fabsf(x_dpi - y_dpi) < 0.05F * finer)
        return true;
    if ((double)pixGetWidth(*pix) * pixGetHeight(*pix) * (finer / x_dpi) * (finer / y_dpi) > TOLKA_MAX_PIXELS)
        return true;
    return replace(pix, pixScale(*pix, finer / x_dpi, finer / y_dpi));
}

enum tolka_status tolka_picture_from_samples(const struct tolka_samples *samples, struct tolka_turn turn, struct tolka_picture **out,
                                             struct tolka_error *err)
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

static PIX *binarize(PIX *pix)
{
    PIX *binary = NULL;

    if (pixGetDepth(pix) == 1)
        return pixCopy(NULL, pix);
    if (pixOtsuAdaptiveThreshold(pix, pixGetWidth(pix), pixGetHeight(pix), 0, 0, 0.1F, NULL, &binary))
        return NULL;
    return binary;
}

static float find_skew(PIX *binary, int dpi)
{
    const int reduction = dpi >= 150 ? 4 : 2;
    l_float32 angle = 0, confidence = 0;

    if (pixFindSkewSweepAndSearch(binary, &angle, &confidence, reduction, reduction / 2, MOST_SKEW_DEG, 0.5F, 0.01F))
        return 0;
    if (confidence < LEAST_SKEW_CONFIDENCE || fabsf(angle) < LEAST_SKEW_DEG)
        return 0;
    return angle;
}

static bool deskew(struct tolka_picture *picture)
{
    PIX *binary = binarize(picture->pix);
    PIX *gray;
    float angle;
    bool good;

    if (!binary)
        return false;
    angle = find_skew(binary, picture->dpi);
    pixDestroy(&binary);
    if (angle == 0)
        return true;
    gray = pixConvertTo8(picture->pix, 0);
    good = gray && replace(&picture->pix, pixRotateAMGray(gray, angle * 3.14159265F / 180, 255));
    pixDestroy(&gray);
    picture->skew_deg = -angle;
    return good;
}

/* Appends each component of `lines` that is long and thin. */
static bool add_rulings(PIX *lines, bool vertical, int least_px, struct tolka_page *page)
{
    BOXA *boxes = pixConnCompBB(lines, 8);

    if (!boxes)
        return false;
    for (int i = 0; i < boxaGetCount(boxes); i++) {
        l_int32 x, y, w, h;
        struct tolka_ruling *ruling;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if ((vertical ? h : w) < least_px || (vertical ? h < 5 * w : w < 5 * h))
            continue;
        ruling = tolka_page_add_ruling(page);
        if (ruling)
            *ruling = (struct tolka_ruling){.box = {x, y, x + w, y + h}, .vertical = vertical};
    }
    boxaDestroy(&boxes);
    return true;
}

static bool find_rulings(struct tolka_picture *picture, struct tolka_page *page)
{
    const int open_px = picture->dpi / 4, least_px = picture->dpi / 3;
    PIX *across = pixOpenBrick(NULL, picture->binary, open_px, 1);
    PIX *down = pixOpenBrick(NULL, picture->binary, 1, open_px);
    bool good = across && down && add_rulings(across, false, least_px, page) && add_rulings(down, true, least_px, page);

    if (good) {
        pixSubtract(picture->binary, picture->binary, across);
        pixSubtract(picture->binary, picture->binary, down);
    }
    pixDestroy(&across);
    pixDestroy(&down);
    return good;
}

void tolka_picture_measure(const struct tolka_picture *picture, struct tolka_page *page)
{
    page->width = pixGetWidth(picture->pix) / picture->scale;
    page->height = pixGetHeight(picture->pix) / picture->scale;
    page->dpi = picture->dpi;
}

enum tolka_status tolka_picture_prepare(struct tolka_picture *picture, struct tolka_page *page, struct tolka_error *err)
{
    quiet();
    if (!deskew(picture) || !(picture->binary = binarize(picture->pix)))
        return out_of_memory(err);
    tolka_picture_measure(picture, page);
    page->rotation_deg = picture->rotation_deg;
    page->skew_deg = picture->skew_deg;
    if (!find_rulings(picture, page))
        return out_of_memory(err);
    pixSetResolution(picture->pix, picture->dpi, picture->dpi);
    return TOLKA_OK;
}

float tolka_picture_ink(const struct tolka_picture *picture, struct tolka_box box)
{
    BOX *area = boxCreate(box.x0, box.y0, tolka_box_width(box), tolka_box_height(box));
    PIX *clip = area ? pixClipRectangle(picture->binary, area, NULL) : NULL;
    l_float32 share = 0;

    if (clip)
        pixForegroundFraction(clip, &share);
    pixDestroy(&clip);
    boxDestroy(&area);
    return share;
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
