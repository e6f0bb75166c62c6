/*
 * The pixels of a page of a PDF, made only when recognition wants them: a page that is one image is decoded
 * as it lies in the file, any other is rendered.
 */
#include "extract/pdf_int.h"

#include "extract/image.h"

#include <math.h>

/* MuPDF places an image by the matrix of its unit square, top left corner at (0, 0): which axes it swaps and
 * mirrors is the turn. */
static struct tolka_turn turn_of(fz_matrix m)
{
    const bool transpose = fabsf(m.b) + fabsf(m.c) > fabsf(m.a) + fabsf(m.d);

    return (struct tolka_turn){transpose, (transpose ? m.c : m.a) < 0, (transpose ? m.b : m.d) < 0};
}

/* A mask's samples say how much is painted: black where they are full. */
static void invert_samples(fz_pixmap *pix)
{
    for (ptrdiff_t i = 0; i < pix->stride * pix->h; i++)
        pix->samples[i] = (unsigned char)~pix->samples[i];
}

static enum tolka_status copy_scan(struct tolka_pdf *pdf, fz_pixmap *gray,
                                   const struct tolka_pdf_survey *survey, struct tolka_picture **out,
                                   struct tolka_error *err)
{
    const fz_matrix m = pdf->scan_ctm;
    struct tolka_samples samples = {gray->samples,      gray->w, gray->h, (size_t)gray->stride, 0, 0,
                                    pdf->scan->bpc == 1};

    samples.x_dpi = (float)gray->w * (float)survey->dpi / hypotf(m.a, m.b);
    samples.y_dpi = (float)gray->h * (float)survey->dpi / hypotf(m.c, m.d);
    if (pdf->scan->imagemask)
        invert_samples(gray);
    return tolka_picture_from_samples(&samples, turn_of(m), out, err);
}

static fz_pixmap *render(fz_context *ctx, fz_document *doc, int number, const struct tolka_pdf_survey *survey)
{
    struct tolka_pdf_survey size = {0};
    fz_pixmap *volatile pix = NULL;
    fz_device *volatile dev = NULL;
    fz_page *page = fz_load_page(ctx, doc, number - 1);
    fz_irect box = {0, 0, survey->width, survey->height};
    fz_matrix frame;

    fz_try(ctx)
    {
        frame = tolka_pdf_page_frame(ctx, page, &size);
        pix = fz_new_pixmap_with_bbox(ctx, fz_device_gray(ctx), box, NULL, 0);
        fz_clear_pixmap_with_value(ctx, pix, 255);
        dev = fz_new_draw_device(ctx, frame, pix);
        fz_run_page(ctx, page, dev, fz_identity, NULL);
        fz_close_device(ctx, dev);
    }
    fz_always(ctx)
    {
        fz_drop_device(ctx, dev);
        fz_drop_page(ctx, page);
    }
    fz_catch(ctx)
    {
        fz_drop_pixmap(ctx, pix);
        fz_rethrow(ctx);
    }
    return pix;
}

/* Gray and alpha in pairs become gray over white paper, in place. */
static void flatten(fz_pixmap *pix)
{
    for (int y = 0; y < pix->h; y++) {
        unsigned char *row = pix->samples + y * pix->stride;
        for (int x = 0; x < pix->w; x++)
            row[x] = (unsigned char)(row[2 * x] + 255 - row[2 * x + 1]);
    }
}

static fz_pixmap *decode_gray(fz_context *ctx, fz_image *image)
{
    fz_pixmap *volatile pix = fz_get_unscaled_pixmap_from_image(ctx, image);
    fz_pixmap *gray = NULL;

    if (pix->n == 1)
        return pix;
    fz_try(ctx) gray =
        fz_convert_pixmap(ctx, pix, fz_device_gray(ctx), NULL, NULL, fz_default_color_params, 1);
    fz_always(ctx) fz_drop_pixmap(ctx, pix);
    fz_catch(ctx) fz_rethrow(ctx);
    if (gray && gray->n == 2)
        flatten(gray);
    return gray;
}

enum tolka_status tolka_pdf_decode_image(const void *bytes, size_t length, struct tolka_picture **out,
                                         struct tolka_error *err)
{
    struct tolka_pdf pdf = {.ctx = tolka_pdf_new_context()};
    fz_context *ctx = pdf.ctx;
    fz_buffer *volatile buffer = NULL;
    fz_image *volatile image = NULL;
    fz_pixmap *volatile pix = NULL;
    volatile enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!ctx)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    fz_try(ctx)
    {
        buffer = fz_new_buffer_from_shared_data(ctx, bytes, length);
        image = fz_new_image_from_buffer(ctx, buffer);
        tolka_pdf_refuse_large(ctx, &pdf, image);
        pix = decode_gray(ctx, image);
        status = tolka_picture_from_samples(
            &(struct tolka_samples){pix->samples, pix->w, pix->h, (size_t)pix->stride, (float)image->xres,
                                    (float)image->yres, image->bpc == 1 && image->n == 1},
            (struct tolka_turn){0}, out, err);
    }
    fz_always(ctx)
    {
        fz_drop_pixmap(ctx, pix);
        fz_drop_image(ctx, image);
        fz_drop_buffer(ctx, buffer);
    }
    fz_catch(ctx) status = tolka_pdf_caught(&pdf, err);
    fz_drop_context(ctx);
    return status;
}

enum tolka_status tolka_pdf_picture(struct tolka_pdf *pdf, int number, const struct tolka_pdf_survey *survey,
                                    struct tolka_picture **out, struct tolka_error *err)
{
    fz_context *ctx = pdf->ctx;
    fz_pixmap *volatile pix = NULL;
    enum tolka_status status = TOLKA_OK;

    *out = NULL;
    fz_try(ctx) pix = survey->is_scan ? decode_gray(ctx, pdf->scan) : render(ctx, pdf->doc, number, survey);
    fz_catch(ctx) return tolka_pdf_caught(pdf, err);
    if (!pix)
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "no picture");
    if (survey->is_scan)
        status = copy_scan(pdf, pix, survey, out, err);
    else
        status = tolka_picture_from_samples(&(struct tolka_samples){pix->samples, pix->w, pix->h,
                                                                    (size_t)pix->stride, (float)survey->dpi,
                                                                    (float)survey->dpi, false},
                                            (struct tolka_turn){0}, out, err);
    fz_drop_pixmap(ctx, pix);
    fz_empty_store(ctx);
    return status;
}
