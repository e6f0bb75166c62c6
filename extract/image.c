/* Pictures decoded and wrapped; prepare.c makes them ready, ink.c looks at them. */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_DPI = 50, MOST_DPI = 2400 };

static const double A4_WIDTH_INCHES = 8.27, A3_WIDTH_INCHES = 11.7;

/* Programs that do not know the resolution state 72 or 96; scanners begin at 100. */
static const double PLACEHOLDER_DPI = 96;

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
void tolka_pix_quiet(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, silence);
}

static enum tolka_status out_of_memory(struct tolka_error *err)
{
    return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
}

/* The stated resolution when it is believable, else what makes the picture as wide as an A4 sheet. A
 * placeholder that would make a larger sheet than A3 is not believable. */
static int believable_dpi(const PIX *pix, double stated)
{
    const double width = pixGetWidth(pix), height = pixGetHeight(pix);
    const double inches = stated > 0 ? fmin(width, height) / stated : 0;
    double guess = fmin(width, height) / A4_WIDTH_INCHES;

    if (stated >= LEAST_DPI && stated <= MOST_DPI && inches >= 2 &&
        inches <= (stated <= PLACEHOLDER_DPI ? 1.01 * A3_WIDTH_INCHES : 50))
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
    picture->factor = 1;
    picture->was_bilevel = pixGetDepth(pix) == 1;
    picture->dpi = picture->file_dpi = believable_dpi(pix, stated_dpi);
    picture->file_width = pixGetWidth(pix);
    picture->file_height = pixGetHeight(pix);
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
    tolka_pix_quiet();
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
    tolka_pix_quiet();
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

static void pack_bits(l_uint32 *row, const unsigned char *samples, int width)
{
    for (int x = 0; x < width; x++) {
        if (samples[x] < 128)
            SET_DATA_BIT(row, x);
    }
}

static void pack_bytes(l_uint32 *row, const unsigned char *samples, int width)
{
    for (int x = 0; x < width; x++)
        SET_DATA_BYTE(row, x, samples[x]);
}

static PIX *pix_from_samples(const struct tolka_samples *samples)
{
    PIX *pix = pixCreate(samples->width, samples->height, samples->bilevel ? 1 : 8);

    for (int y = 0; pix && y < samples->height; y++) {
        l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        (samples->bilevel ? pack_bits : pack_bytes)(row, samples->data + (size_t)y * samples->stride,
                                                    samples->width);
    }
    return pix;
}

struct tolka_bits tolka_pix_bits(PIX *pix)
{
    return (struct tolka_bits){pixGetData(pix), pixGetWidth(pix), pixGetHeight(pix), pixGetWpl(pix)};
}

bool tolka_pix_replace(PIX **pix, PIX *next)
{
    pixDestroy(pix);
    *pix = next;
    return next != NULL;
}

struct tolka_box tolka_boxa_box(BOXA *boxes, int at)
{
    l_int32 x = 0, y = 0, w = 0, h = 0;

    boxaGetBoxGeometry(boxes, at, &x, &y, &w, &h);
    return (struct tolka_box){x, y, x + w, y + h};
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
    tolka_pix_quiet();
    if (status)
        return status;
    pix = pix_from_samples(samples);
    if (pix && square_pix(&pix, samples->x_dpi, samples->y_dpi) && turn_pix(&pix, turn))
        *out = wrap(pix, fmaxf(samples->x_dpi, samples->y_dpi));
    return *out ? TOLKA_OK : out_of_memory(err);
}

struct Pix *tolka_picture_pix(const struct tolka_picture *picture)
{
    return picture->pix;
}

void tolka_picture_measure(const struct tolka_picture *picture, struct tolka_page *page)
{
    page->width = pixGetWidth(picture->pix);
    page->height = pixGetHeight(picture->pix);
    page->dpi = picture->dpi;
}

void tolka_picture_restore(const struct tolka_picture *picture, struct tolka_page *page)
{
    const bool on_side = picture->rotation_deg % 180 != 0;

    if (picture->factor == 1)
        return;
    tolka_page_scale(page, 1 / (double)picture->factor);
    page->width = on_side ? picture->file_height : picture->file_width;
    page->height = on_side ? picture->file_width : picture->file_height;
    page->dpi = picture->file_dpi;
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
