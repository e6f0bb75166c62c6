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
        e->image = add_packed(ctx, w->doc, turned, tiff->length, dict);
    }
    fz_always(ctx) pdf_drop_obj(ctx, dict);
    fz_catch(ctx) fz_rethrow(ctx);
}

/* A JPEG strip may leave its tables to a directory entry: they go in behind the start mark (TIFF technical
 * note 2). */
static void embed_tiff_jpeg(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                            const struct tolka_tiff_page *tiff)
{
    struct tolka_strbuf jpeg = {0};
    const unsigned char *bytes = e->source->bytes;
    const size_t tables =
        tiff->tables_length > 4 ? tiff->tables_length - 4 : 0; /* without start and end marks */

    tolka_strbuf_add(&jpeg, bytes + tiff->offset, 2);
    if (tables)
        tolka_strbuf_add(&jpeg, bytes + tiff->tables + 2, tables);
    tolka_strbuf_add(&jpeg, bytes + tiff->offset + 2, tiff->length - 2);
    fz_try(ctx)
    {
        if (jpeg.failed)
            fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
        embed_jpeg(ctx, w, e, jpeg.data, jpeg.length);
    }
    fz_always(ctx) tolka_strbuf_release(&jpeg);
    fz_catch(ctx) fz_rethrow(ctx);
}

/* The JPEG kinds that mean the same in a PDF: gray, and YCbCr as such. */
static bool is_plain_jpeg(const struct tolka_tiff_page *tiff)
{
    return tiff->compression == TOLKA_TIFF_JPEG && tiff->length > 4 &&
           ((tiff->photometric == 1 && tiff->samples == 1) || (tiff->photometric == 6 && tiff->samples == 3));
}

/* False when it cannot go in as it lies. */
static bool embed_tiff(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e, int number)
{
    struct tolka_tiff_page tiff;

    if (!tolka_tiff_page_read(e->source->bytes, e->source->length, number, &tiff))
        return false;
    e->x_dpi = tiff.x_dpi;
    e->y_dpi = tiff.y_dpi;
    if (!tiff.length || tiff.width > TOLKA_MAX_PIXELS || tiff.height > TOLKA_MAX_PIXELS / tiff.width)
        return false;
    e->width = (int)tiff.width;
    e->height = (int)tiff.height;
    if ((tiff.compression == TOLKA_TIFF_FAX4 || tiff.compression == TOLKA_TIFF_FAX3) && tiff.bits == 1 &&
        tiff.samples == 1)
        embed_fax(ctx, w, e, &tiff);
    else if (is_plain_jpeg(&tiff))
        embed_tiff_jpeg(ctx, w, e, &tiff);
    return e->image != NULL;
}

static bool is_bilevel(const fz_pixmap *pix)
{
    if (pix->n != 1)
        return false;
    for (int y = 0; y < pix->h; y++) {
        const unsigned char *row = pix->samples + y * pix->stride;
        for (int x = 0; x < pix->w; x++) {
            if (row[x] != 0 && row[x] != 255)
                return false;
        }
    }
    return true;
}

static void pack_bilevel(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                         const fz_pixmap *pix)
{
    const size_t stride = ((size_t)pix->w + 7) / 8;
    unsigned char *bits = tolka_arena_array(&w->arena, (size_t)pix->h, stride);
    fz_buffer *volatile packed = NULL;
    pdf_obj *volatile dict = NULL;

    if (!bits)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    for (int y = 0; y < pix->h; y++) {
        const unsigned char *row = pix->samples + y * pix->stride;
        for (int x = 0; x < pix->w; x++) /* MuPDF's packer takes 1 for white */
            bits[(size_t)y * stride + (size_t)x / 8] |= (unsigned char)(row[x] ? 0x80 >> x % 8 : 0);
    }
    fz_try(ctx)
    {
        packed = fz_compress_ccitt_fax_g4(ctx, bits, pix->w, pix->h);
        dict = image_dict(ctx, w->doc, pix->w, pix->h, 1);
        put_fax(ctx, dict, -1, pix->w, pix->h, false);
        e->image = add_packed(ctx, w->doc, packed->data, packed->len, dict);
    }
    fz_always(ctx)
    {
        fz_drop_buffer(ctx, packed);
        pdf_drop_obj(ctx, dict);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

static unsigned char paeth(int left, int above, int corner)
{
    const int p = left + above - corner, a = abs(p - left), b = abs(p - above), c = abs(p - corner);

    return (unsigned char)(a <= b && a <= c ? left : b <= c ? above : corner);
}

static void filter_row(const unsigned char *row, const unsigned char *above, size_t length, size_t step,
                       unsigned char *out)
{
    *out++ = 4; /* PNG's number of Paeth's filter */
    for (size_t i = 0; i < length; i++) {
        const int left = i >= step ? row[i - step] : 0, corner = above && i >= step ? above[i - step] : 0;
        out[i] = (unsigned char)(row[i] - paeth(left, above ? above[i] : 0, corner));
    }
}

static void pack_color(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e,
                       const fz_pixmap *pix)
{
    const size_t length = (size_t)pix->w * pix->n, stride = length + 1;
    unsigned char *rows = tolka_arena_array(&w->arena, (size_t)pix->h, stride);
    pdf_obj *volatile dict = NULL;

    if (!rows)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    for (int y = 0; y < pix->h; y++) {
        const unsigned char *row = pix->samples + y * pix->stride;
        filter_row(row, y ? row - pix->stride : NULL, length, pix->n, rows + (size_t)y * stride);
    }
    fz_try(ctx)
    {
        dict = image_dict(ctx, w->doc, pix->w, pix->h, 8);
        pdf_dict_put(ctx, dict, PDF_NAME(ColorSpace),
                     pix->n == 1 ? PDF_NAME(DeviceGray) : PDF_NAME(DeviceRGB));
        e->image = tolka_pdf_writer_stream(ctx, w, rows, (size_t)pix->h * stride, dict);
        put_predictor(ctx, pdf_resolve_indirect(ctx, e->image), pix->n, 8, pix->w);
    }
    fz_always(ctx) pdf_drop_obj(ctx, dict);
    fz_catch(ctx) fz_rethrow(ctx);
}

static fz_pixmap *decode(fz_context *ctx, const struct tolka_pdf_embedding *e, int number)
{
    fz_buffer *volatile buffer = NULL;
    fz_image *volatile image = NULL;
    fz_pixmap *volatile pix = NULL;

    if (e->source->is_tiff)
        return fz_load_tiff_subimage(ctx, e->source->bytes, e->source->length, number - 1);
    fz_try(ctx)
    {
        buffer = fz_new_buffer_from_copied_data(ctx, e->source->bytes, e->source->length);
        image = fz_new_image_from_buffer(ctx, buffer);
        pix = fz_get_unscaled_pixmap_from_image(ctx, image);
    }
    fz_always(ctx)
    {
        fz_drop_image(ctx, image);
        fz_drop_buffer(ctx, buffer);
    }
    fz_catch(ctx) fz_rethrow(ctx);
    return pix;
}

/* Lays samples with alpha, which are multiplied by it already, on white paper. */
static void lay_on_white(const fz_pixmap *flat, fz_pixmap *opaque)
{
    const size_t n = opaque->n;

    for (size_t i = 0; i < (size_t)flat->w * (size_t)flat->h; i++) {
        const unsigned char *from = flat->samples + i * (n + 1);
        for (size_t k = 0; k < n; k++)
            opaque->samples[i * n + k] = (unsigned char)(from[k] + 255 - from[n]);
    }
}

/* Gray or RGB without alpha; consumes `pix`. */
static fz_pixmap *plain(fz_context *ctx, fz_pixmap *pix)
{
    fz_pixmap *volatile flat = NULL;
    fz_pixmap *volatile opaque = NULL;
    fz_colorspace *space =
        fz_pixmap_colorspace(ctx, pix) == fz_device_gray(ctx) ? fz_device_gray(ctx) : fz_device_rgb(ctx);

    if (!pix->alpha && pix->n == fz_colorspace_n(ctx, space))
        return pix;
    fz_try(ctx)
    {
        flat = fz_convert_pixmap(ctx, pix, space, NULL, NULL, fz_default_color_params, 1);
        opaque =
            flat->alpha ? fz_new_pixmap(ctx, space, flat->w, flat->h, NULL, 0) : fz_keep_pixmap(ctx, flat);
        if (flat->alpha)
            lay_on_white(flat, opaque);
    }
    fz_always(ctx)
    {
        fz_drop_pixmap(ctx, pix);
        fz_drop_pixmap(ctx, flat);
    }
    fz_catch(ctx) fz_rethrow(ctx);
    return opaque;
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
