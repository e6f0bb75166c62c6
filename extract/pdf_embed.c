/*
 * Pictures into a PDF. What PDF can hold as
 * it lies in the file goes there as it lies: a JPEG (DCTDecode), the rows of a PNG without transparency or
 * interlace (FlateDecode with PNG's predictor), the one strip of a fax or JPEG TIFF. Anything else is decoded
 * and packed again without loss: bilevel by CCITT group 4, the rest deflated over Paeth's predictor (PNG
 * specification, 9.4).
 */
#include "extract/image.h"
#include "extract/pdf_writer.h"
#include "extract/tiff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The entries that every image has. The caller drops it. */
static pdf_obj *image_dict(fz_context *ctx, pdf_document *doc, int width, int height, int bits)
{
    pdf_obj *dict = pdf_new_dict(ctx, doc, 9);

    pdf_dict_put(ctx, dict, PDF_NAME(Type), PDF_NAME(XObject));
    pdf_dict_put(ctx, dict, PDF_NAME(Subtype), PDF_NAME(Image));
    pdf_dict_put_int(ctx, dict, PDF_NAME(Width), width);
    pdf_dict_put_int(ctx, dict, PDF_NAME(Height), height);
    pdf_dict_put_int(ctx, dict, PDF_NAME(BitsPerComponent), bits);
    return dict;
}

/* Adds a stream whose bytes are packed already. */
static pdf_obj *add_packed(fz_context *ctx, pdf_document *doc, const void *bytes, size_t length,
                           pdf_obj *dict)
{
    fz_buffer *buffer = fz_new_buffer_from_copied_data(ctx, bytes, length);
    pdf_obj *volatile ref = NULL;

    fz_try(ctx) ref = pdf_add_stream(ctx, doc, buffer, dict, 1);
    fz_always(ctx) fz_drop_buffer(ctx, buffer);
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

static void put_predictor(fz_context *ctx, pdf_obj *dict, int colors, int bits, int columns)
{
    pdf_obj *parms = pdf_dict_put_dict(ctx, dict, PDF_NAME(DecodeParms), 4);

    pdf_dict_put_int(ctx, parms, PDF_NAME(Predictor), 15);
    pdf_dict_put_int(ctx, parms, PDF_NAME(Colors), colors);
    pdf_dict_put_int(ctx, parms, PDF_NAME(BitsPerComponent), bits);
    pdf_dict_put_int(ctx, parms, PDF_NAME(Columns), columns);
}

static void put_fax(fz_context *ctx, pdf_obj *dict, int k, int width, int height, bool black_is_1)
{
    pdf_obj *parms = pdf_dict_put_dict(ctx, dict, PDF_NAME(DecodeParms), 5);

    pdf_dict_put(ctx, dict, PDF_NAME(ColorSpace), PDF_NAME(DeviceGray));
    pdf_dict_put(ctx, dict, PDF_NAME(Filter), PDF_NAME(CCITTFaxDecode));
    pdf_dict_put_int(ctx, parms, PDF_NAME(K), k);
    pdf_dict_put_int(ctx, parms, PDF_NAME(Columns), width);
    pdf_dict_put_int(ctx, parms, PDF_NAME(Rows), height);
    if (black_is_1)
        pdf_dict_put_bool(ctx, parms, PDF_NAME(BlackIs1), 1);
}

/* What a PNG's chunks say; the data of the picture is gathered. */
struct png {
    const unsigned char *header, *palette;
    size_t palette_length;
    float dpi;
    bool transparent;
    struct tolka_strbuf data;
};

static bool read_png(const unsigned char *bytes, size_t length, struct png *png)
{
    static const float METER_INCHES = 39.3701F;

    for (size_t at = 8; at + 12 <= length;) {
        const size_t size = big_endian(bytes + at);
        const unsigned char *type = bytes + at + 4, *data = bytes + at + 8;
        if (size > length - at - 12)
            return false;
        if (memcmp(type, "IHDR", 4) == 0 && size >= 13)
            png->header = data;
        else if (memcmp(type, "PLTE", 4) == 0)
            png->palette = data, png->palette_length = size;
        else if (memcmp(type, "tRNS", 4) == 0)
            png->transparent = true;
        else if (memcmp(type, "pHYs", 4) == 0 && size >= 9 && data[8] == 1)
            png->dpi = (float)big_endian(data) / METER_INCHES;
        else if (memcmp(type, "IDAT", 4) == 0)
            tolka_strbuf_add(&png->data, data, size);
        else if (memcmp(type, "IEND", 4) == 0)
            return png->header && png->data.length && !png->data.failed;
        at += size + 12;
    }
    return false;
}

static void put_png_color(fz_context *ctx, pdf_obj *dict, const struct png *png)
{
    enum { GRAY = 0, INDEXED = 3 };
    pdf_obj *space;

    if (png->header[9] != INDEXED) {
        pdf_dict_put(ctx, dict, PDF_NAME(ColorSpace),
                     png->header[9] == GRAY ? PDF_NAME(DeviceGray) : PDF_NAME(DeviceRGB));
        return;
    }
    space = pdf_dict_put_array(ctx, dict, PDF_NAME(ColorSpace), 4);
    pdf_array_push(ctx, space, PDF_NAME(Indexed));
    pdf_array_push(ctx, space, PDF_NAME(DeviceRGB));
    pdf_array_push_int(ctx, space, (int64_t)png->palette_length / 3 - 1);
    pdf_array_push_string(ctx, space, (const char *)png->palette, png->palette_length);
}

/* False when it cannot go in as it lies. */
static bool embed_png(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e)
{
    struct png png = {0};
    pdf_obj *volatile dict = NULL;
    bool fits = read_png(e->source->bytes, e->source->length, &png);

    /* gray, RGB or palette; not interlaced */
    fits = fits && !png.transparent && png.header[12] == 0 &&
           (png.header[9] == 0 || png.header[9] == 2 ||
            (png.header[9] == 3 && png.palette_length >= 3 && png.palette_length <= 768));
    if (!fits) {
        tolka_strbuf_release(&png.data);
        return false;
    }
    e->width = (int)big_endian(png.header);
    e->height = (int)big_endian(png.header + 4);
    e->x_dpi = e->y_dpi = png.dpi;
    fz_try(ctx)
    {
        dict = image_dict(ctx, w->doc, e->width, e->height, png.header[8]);
        put_png_color(ctx, dict, &png);
        put_predictor(ctx, dict, png.header[9] == 2 ? 3 : 1, png.header[8], e->width);
        pdf_dict_put(ctx, dict, PDF_NAME(Filter), PDF_NAME(FlateDecode));
        e->image = add_packed(ctx, w->doc, png.data.data, png.data.length, dict);
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, dict);
        tolka_strbuf_release(&png.data);
    }
    fz_catch(ctx) fz_rethrow(ctx);
    return true;
}

/* MuPDF passes a JPEG's bytes on, with what PDF must know of its colours. */
static void embed_jpeg(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                       const void *bytes, size_t length)
{
    fz_buffer *buffer = fz_new_buffer_from_copied_data(ctx, bytes, length);
    fz_image *volatile image = NULL;

    fz_try(ctx)
    {
        image = fz_new_image_from_buffer(ctx, buffer);
        e->width = image->w;
        e->height = image->h;
        if (!e->x_dpi) {
            e->x_dpi = (float)image->xres;
            e->y_dpi = (float)image->yres;
        }
        e->image = pdf_add_image(ctx, w->doc, image);
    }
    fz_always(ctx)
    {
        fz_drop_image(ctx, image);
        fz_drop_buffer(ctx, buffer);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

static unsigned char reversed(unsigned char byte)
{
    byte = (unsigned char)(byte >> 4 | byte << 4);
    byte = (unsigned char)((byte & 0xCC) >> 2 | (byte & 0x33) << 2);
    return (unsigned char)((byte & 0xAA) >> 1 | (byte & 0x55) << 1);
}

static void embed_fax(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                      const struct tolka_tiff_page *tiff)
{
    const unsigned char *strip = e->source->bytes + tiff->offset;
    const int k = tiff->compression == TOLKA_TIFF_FAX4 ? -1 : (int)(tiff->fax_options & 1);
    unsigned char *turned = tolka_arena_alloc(&w->arena, tiff->length);
    pdf_obj *volatile dict = NULL;

    if (!turned)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    for (size_t i = 0; i < tiff->length; i++)
        turned[i] = tiff->fill_order == 2 ? reversed(strip[i]) : strip[i];
    fz_try(ctx)
    {
        dict = image_dict(ctx, w->doc, e->width, e->height, 1);
        put_fax(ctx, dict, k, e->width, e->height, tiff->photometric == 1);
            const int n = opaque->n;
            for (size_t i = 0; i < (size_t)flat->w * (size_t)flat->h; i++) {
                for (int k = 0; k < n; k++)
                    opaque->samples[i * n + k] = (unsigned char)(flat->samples[i * (n + 1) + k] + 255 -
                                                                 flat->samples[i * (n + 1) + n]);
            }
            fz_drop_pixmap(ctx, flat);
            flat = opaque;
        }
    }
    fz_always(ctx) fz_drop_pixmap(ctx, pix);
    fz_catch(ctx)
    {
        fz_drop_pixmap(ctx, flat);
        fz_rethrow(ctx);
    }
    return flat;
}

static void embed_decoded(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                          int number)
{
    fz_pixmap *pix = plain(ctx, decode(ctx, e, number));

    fz_try(ctx)
    {
        e->width = pix->w;
        e->height = pix->h;
        if (!e->x_dpi) {
            e->x_dpi = (float)pix->xres;
            e->y_dpi = (float)pix->yres;
        }
        if (is_bilevel(pix))
            pack_bilevel(ctx, w, e, pix);
        else
            pack_color(ctx, w, e, pix);
    }
    fz_always(ctx) fz_drop_pixmap(ctx, pix);
    fz_catch(ctx) fz_rethrow(ctx);
}

void tolka_pdf_embed(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e, int number)
{
    const unsigned char *bytes = e->source->bytes;

    if (e->source->is_tiff) {
        if (embed_tiff(ctx, w, e, number))
            return;
    } else if (bytes[0] == 0xFF) {
        embed_jpeg(ctx, w, e, bytes, e->source->length);
        return;
    } else if (embed_png(ctx, w, e)) {
        return;
    }
    embed_decoded(ctx, w, e, number);
}
