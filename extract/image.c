/*
 * Leptonica behind image.h.
 *
 * Deskew: the skew that makes the rows' ink vary most (Postl's method, Leptonica's pixFindSkewSweepAndSearch)
 * on a reduced binary picture. Rulings: openings of the deskewed binary picture by long thin bricks, after a
 * small closing that bridges broken lines. Specks: components far smaller than the print that no print stands
 * near.
 */
#include "extract/image.h"

#include "extract/leaders.h"
#include "extract/specks.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tolka_picture {
    PIX *pix;    /* what is recognised */
    PIX *binary; /* the same at 1 bit, without rulings; after prepare */
    int dpi;
    int scale;
    int letter_px; /* height of a common letter */
    int rotation_deg;
    float skew_deg;
};

enum { LEAST_DPI = 50, MOST_DPI = 2400 };

/* A ruling is this many times as long as it is thick. */
enum { RULING_RATIO = 8 };

/* ... and LETTERS_LONG times as a letter is high. In those units: the run of ink that no stroke of print
 * reaches, a piece of a broken line, and the breaks between pieces. */
enum { LETTERS_LONG = 4 };
static const float RUN_LETTERS_ACROSS = 1.1F, RUN_LETTERS_DOWN = 1.7F, PIECE_LETTERS = 0.6F,
                   GAP_LETTERS = 2.5F;

/*
 * Share of a ruling's length that is ink. Stems of letters that stand over one another in lines of text reach
 * 0.6; a thick ruling is never broken, but a row of words may look like one that is.
 */
static const float LEAST_DRAWN_ACROSS = 0.5F, LEAST_DRAWN_DOWN = 0.68F, LEAST_DRAWN_THICK = 0.96F;

/* Share of a ruling's length that may have ink close beside it: other rulings, descenders of underlined text.
 */
static const float MOST_INK_BESIDE = 0.2F, MOST_INK_BESIDE_THICK = 0.08F;

static const double A4_WIDTH_INCHES = 8.27;

/* Skew below this (degrees) harms nobody; Leptonica trusts an angle from a confidence of 3 on. */
static const float LEAST_SKEW_DEG = 0.1F, MOST_SKEW_DEG = 5.5F, LEAST_SKEW_CONFIDENCE = 3.0F;

static void ignore_text(const char *text)
{
    (void)text;
}

static void quiet(void)
{
    leptSetStderrHandler(ignore_text);
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
    return !even || replace(pix, even); /* a picture too small or too dark for it stays as it is */
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
        good = replace(&picture->pix, pixClone(binary));
    } else if (good) {
        good = replace(&dirt, pixDilateBrick(NULL, dirt, 5, 5)) && pixSubtract(dirt, dirt, binary) != NULL;
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
    good = gray && replace(&picture->pix, pixRotateAMGray(gray, angle * 3.14159265F / 180, 255));
    pixDestroy(&gray);
    picture->skew_deg = -angle;
    return good && replace(&picture->binary, binarize(picture->pix));
}

/* Share of the ruling's length over which there is ink in its own rows (from = 0) or `from` .. `to` - 1 px
 * outside of them. */
static float ink_along(PIX *binary, struct tolka_box box, bool vertical, int from, int to)
{
    const int length = vertical ? tolka_box_height(box) : tolka_box_width(box);
    const int start = vertical ? box.x0 : box.y0;
    int dark = 0;

    for (int i = 0; i < length; i++) {
        l_uint32 value = 0;
        for (int k = start + from; k < start + to && !value; k++)
            pixGetPixel(binary, vertical ? k : box.x0 + i, vertical ? box.y0 + i : k,
                        &value); /* stays 0 outside */
        dark += value != 0;
    }
    return (float)dark / (float)length;
}

/* Long and thin, mostly drawn, and nothing stands on it: serifs that touch make a line too, but letters stand
 * on that. */
static bool is_ruling(const struct tolka_picture *picture, struct tolka_box box, bool vertical)
{
    const int length = vertical ? tolka_box_height(box) : tolka_box_width(box);
    const int thick = vertical ? tolka_box_width(box) : tolka_box_height(box);
    const int away = picture->dpi / 70 + 1;
    const bool thin = thick <= picture->dpi / 40;
    float drawn, beside;

    if (length < picture->dpi / 3 || length < LETTERS_LONG * picture->letter_px ||
        length < RULING_RATIO * thick)
        return false;
    if (length < 2 * picture->dpi && thick > picture->dpi / 25)
        return false;
    drawn = ink_along(picture->binary, box, vertical, 0, thick);
    beside = fmaxf(ink_along(picture->binary, box, vertical, -away, 1 - away),
                   ink_along(picture->binary, box, vertical, thick + away - 1, thick + away));
    if (thin)
        return drawn > (vertical ? LEAST_DRAWN_DOWN : LEAST_DRAWN_ACROSS) && beside < MOST_INK_BESIDE;
    return drawn > LEAST_DRAWN_THICK && beside < MOST_INK_BESIDE_THICK;
}

/* `shape` begins at row `top`. A straight line is blanked as the rectangle that it fills, with all its
 * fragments; a bent one only where it was found. */
static void paint_ruling(PIX *drawn, PIX *shape, int top, struct tolka_box box, int straight_px)
{
    const int w = tolka_box_width(box), h = tolka_box_height(box);

    if ((w < h ? w : h) <= straight_px)
        pixRasterop(drawn, box.x0, box.y0, w, h, PIX_SET, NULL, 0, 0);
    else
        pixRasterop(drawn, box.x0, box.y0, w, h, PIX_PAINT, shape, 0, box.y0 - top);
}

/* Does any pixel of the `at`-th row (across a vertical ruling) hold ink? */
static bool row_has_ink(PIX *binary, struct tolka_box box, int at)
{
    return ink_along(binary, (struct tolka_box){box.x0, box.y0 + at, box.x1, box.y0 + at + 1}, true, 0,
                     tolka_box_width(box)) > 0;
}

/* Rows at the end of a vertical ruling (its lower one when `below`) that are a short piece and a wide break:
 * a letter's stem, most likely. */
static int loose_end(const struct tolka_picture *picture, struct tolka_box box, bool below)
{
    const int high = tolka_box_height(box);
    int piece = 0, gap = 0;

    while (piece < high && row_has_ink(picture->binary, box, below ? high - 1 - piece : piece))
        piece++;
    while (piece + gap < high &&
           !row_has_ink(picture->binary, box, below ? high - 1 - piece - gap : piece + gap))
        gap++;
    if ((float)piece < RUN_LETTERS_DOWN * (float)picture->letter_px && 3 * gap > 2 * picture->letter_px)
        return piece + gap;
    return 0;
}

static struct tolka_box without_loose_ends(const struct tolka_picture *picture, struct tolka_box box)
{
    enum { MAX_CUTS = 4 };

    for (int i = 0, cut = 1; i < MAX_CUTS && cut > 0; i++) {
        const int above = loose_end(picture, box, false);
        int below;
        box.y0 += above;
        below = tolka_box_is_empty(box) ? 0 : loose_end(picture, box, true);
        box.y1 -= below;
        cut = tolka_box_is_empty(box) ? 0 : above + below;
    }
    return box;
}

/* Appends each component of `lines` that is a ruling, and paints it into `drawn`. */
static bool add_rulings(const struct tolka_picture *picture, PIX *lines, bool vertical,
                        struct tolka_page *page, PIX *drawn)
{
    PIXA *shapes = NULL;
    BOXA *boxes = pixConnComp(lines, &shapes, 8);
    const bool good = boxes != NULL;

    for (int i = 0; good && i < boxaGetCount(boxes); i++) {
        l_int32 x, y, w, h;
        struct tolka_ruling *ruling;
        struct tolka_box box;
        PIX *shape;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        box = (struct tolka_box){x, y, x + w, y + h};
        if (vertical && h >= picture->dpi / 3)
            box = without_loose_ends(picture, box);
        if (!is_ruling(picture, box, vertical))
            continue;
        ruling = tolka_page_add_ruling(page);
        if (!ruling)
            break;
        *ruling = (struct tolka_ruling){.box = box, .vertical = vertical};
        shape = pixaGetPix(shapes, i, L_CLONE);
        paint_ruling(drawn, shape, y, box, picture->dpi / 40);
        pixDestroy(&shape);
    }
    pixaDestroy(&shapes);
    boxaDestroy(&boxes);
    return good;
}

static PIX *open_runs(const struct tolka_picture *picture, bool vertical, float letters)
{
    const int run = (int)(letters * (float)picture->letter_px) + 1;

    return pixOpenBrick(NULL, picture->binary, vertical ? 1 : run, vertical ? run : 1);
}

/*
 * Runs of ink along one axis, joined over the breaks that thin lines get in coarse scans. Of the pieces so
 * joined at least one must be longer than any letter's stroke.
 */
static PIX *long_runs(const struct tolka_picture *picture, bool vertical)
{
    const int gap = (int)(GAP_LETTERS * (float)picture->letter_px) + 1;
    PIX *seeds = open_runs(picture, vertical, vertical ? RUN_LETTERS_DOWN : RUN_LETTERS_ACROSS);
    PIX *pieces = open_runs(picture, vertical, PIECE_LETTERS), *lines = NULL;

    if (pieces)
        replace(&pieces, pixCloseSafeBrick(NULL, pieces, vertical ? 3 : gap, vertical ? gap : 3));
    if (seeds && pieces)
        lines = pixSeedfillBinary(NULL, seeds, pieces, 8);
    pixDestroy(&seeds);
    pixDestroy(&pieces);
    return lines;
}

/* Rulings go to `page` and out of both pictures: read along, they come out as letters. */
static bool take_rulings(struct tolka_picture *picture, struct tolka_page *page)
{
    PIX *across = long_runs(picture, false), *down = long_runs(picture, true);
    PIX *drawn = pixCreateTemplate(picture->binary);
    bool good = across && down && drawn && add_rulings(picture, across, false, page, drawn) &&
                add_rulings(picture, down, true, page, drawn);

    if (good && page->ruling_count > 0) {
        good = replace(&drawn, pixDilateBrick(NULL, drawn, 5, 5));
        if (good) {
            pixSubtract(picture->binary, picture->binary, drawn);
            good =
                replace(&picture->pix, pixCopy(NULL, picture->pix)); /* the file's own pixels may be shared */
        }
        if (good && pixGetDepth(picture->pix) == 1)
            pixSubtract(picture->pix, picture->pix, drawn);
        else if (good)
            pixSetMasked(picture->pix, drawn, 255);
    }
    pixDestroy(&across);
    pixDestroy(&down);
    pixDestroy(&drawn);
    return good;
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
    if (!take_rulings(picture, page))
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
