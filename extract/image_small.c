/*
 * A page's picture for showing: upright, gray, small enough to be sent. Print has few shades, so sixteen in a
 * PNG are mostly both smaller and crisper than a JPEG; photographs are the other way round: the smaller of
 * both is taken.
 */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>

enum { SHADES = 16, JPEG_QUALITY = 55 };

/* Widths to try; the first is 150 dpi of an A4 sheet, which is still legible when enlarged. */
static const int WIDTHS_PX[] = {1240, 1050, 880, 700, 500};

static PIX *shrink(const struct tolka_picture *picture, int rotation_deg, int width_px)
{
    PIX *gray = pixConvertTo8(picture->pix, 0),
        *turned = gray ? pixRotateOrth(gray, rotation_deg / 90 % 4) : NULL;
    PIX *small = NULL;

    if (turned)
        small = pixGetWidth(turned) > width_px ? pixScaleToSize(turned, width_px, 0) : pixClone(turned);
    pixDestroy(&gray);
    pixDestroy(&turned);
    return small;
}

/* Appends the picture in the shorter of two ways if it takes no more than `max_bytes` (or anyway when
 * `last`). */
static bool encode(PIX *small, size_t max_bytes, bool last, struct tolka_strbuf *out)
{
    PIX *few = pixThresholdTo4bpp(small, SHADES, 0);
    l_uint8 *png = NULL, *jpeg = NULL;
    size_t png_bytes = 0, jpeg_bytes = 0;
    const bool has_png = few && pixWriteMemPng(&png, &png_bytes, few, 0) == 0,
               has_jpeg = pixWriteMemJpeg(&jpeg, &jpeg_bytes, small, JPEG_QUALITY, 0) == 0;
    const bool use_png = has_png && (!has_jpeg || png_bytes <= jpeg_bytes);
    const size_t bytes = use_png ? png_bytes : jpeg_bytes;
    const bool good = (has_png || has_jpeg) && (last || bytes <= max_bytes);

    if (good)
        tolka_strbuf_add(out, use_png ? png : jpeg, bytes);
    lept_free(png);
    lept_free(jpeg);
    pixDestroy(&few);
    return good;
}

enum tolka_status tolka_picture_shrink(const struct tolka_picture *picture, int rotation_deg,
                                       size_t max_bytes, struct tolka_strbuf *out, struct tolka_error *err)
{
    const size_t count = sizeof WIDTHS_PX / sizeof *WIDTHS_PX;

    for (size_t i = 0; i < count; i++) {
        PIX *small = shrink(picture, rotation_deg, WIDTHS_PX[i]);
        const bool good = small && encode(small, max_bytes, i + 1 == count, out);

        pixDestroy(&small);
        if (good)
            break;
        if (i + 1 == count)
            out->failed = true;
    }
    return out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture")
                       : TOLKA_OK;
}
