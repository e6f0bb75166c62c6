/*
 * MuPDF behind pdf.h: opening a file, and what the other files of it share. pdf_survey.c tells what a page
 * holds, pdf_picture.c makes its pixels.
 */
#include "extract/pdf_int.h"

#include "extract/image.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    RENDER_DPI = 300,
    MIN_DPI = 20,                 /* a page so large that it must be made coarser than this is refused */
    MAX_RENDER_PIXELS = 60000000, /* A2 at 300 dpi is 35 million */
    STORE_BYTES = 64 << 20,
    WARNING_BYTES = 160,
};

static void ignore_message(void *user, const char *message)
{
    (void)user;
    (void)message;
}

static void note_damage(void *user, const char *message)
{
    struct tolka_pdf *pdf = user;

    if (strstr(message, "repair") || strstr(message, "premature") || strstr(message, "truncated"))
        pdf->damaged = true;
}

/*
 * A context and its documents belong to one thread, so MuPDF needs no locks of its own, but for what it keeps outside of contexts: the
 * allocators that it lends to its libraries (OpenJPEG, HarfBuzz), under the lock called FREETYPE. That one is the process's.
 */
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;

static void lock(void *user, int which)
{
    (void)user;
    if (which == FZ_LOCK_FREETYPE)
        pthread_mutex_lock(&shared_lock);
}

static void unlock(void *user, int which)
{
    (void)user;
    if (which == FZ_LOCK_FREETYPE)
        pthread_mutex_unlock(&shared_lock);
}

fz_context *tolka_pdf_new_context(void)
{
    const fz_locks_context locks = {NULL, lock, unlock};
    fz_context *ctx = fz_new_context(NULL, &locks, STORE_BYTES);

    if (ctx) {
        fz_set_warning_callback(ctx, ignore_message, NULL);
        fz_set_error_callback(ctx, ignore_message, NULL);
    }
    return ctx;
}

void tolka_pdf_refuse_large(fz_context *ctx, struct tolka_pdf *pdf, const fz_image *image)
{
    if ((int64_t)image->w * image->h <= TOLKA_MAX_PIXELS)
        return;
    pdf->over_limit = true;
    fz_throw(ctx, FZ_ERROR_GENERIC, "a picture of %d x %d pixels is too large", image->w, image->h);
}
enum tolka_status tolka_pdf_caught(const struct tolka_pdf *pdf, struct tolka_error *err)
{
    fz_context *ctx = pdf->ctx;
    enum tolka_status status = fz_caught(ctx) == FZ_ERROR_MEMORY ? TOLKA_ERR_MEMORY
                               : pdf->over_limit                 ? TOLKA_ERR_LIMIT
                                                                 : TOLKA_ERR_FORMAT;
    char message[WARNING_BYTES];

    snprintf(message, sizeof message, "%s", fz_caught_message(ctx));
    message[strcspn(message, "\r\n")] = '\0';
    return tolka_error_set(err, status, "%s", message);
}
fz_matrix tolka_pdf_page_frame(fz_context *ctx, fz_page *page, struct tolka_pdf_survey *survey)
{
    fz_rect bounds = fz_bound_page(ctx, page);
    const float wide = bounds.x1 - bounds.x0, high = bounds.y1 - bounds.y0;
    double dpi = RENDER_DPI;

    if (!(wide >= 1) || !(high >= 1))
        fz_throw(ctx, FZ_ERROR_GENERIC, "the page has no size");
    if ((double)wide * high * dpi * dpi / (72.0 * 72.0) > MAX_RENDER_PIXELS)
        dpi = floor(72 * sqrt(MAX_RENDER_PIXELS / ((double)wide * high)));
    if (dpi < MIN_DPI)
        fz_throw(ctx, FZ_ERROR_GENERIC, "a page of %.0f x %.0f points is too large", wide, high);
    survey->dpi = (int)dpi;
    survey->width = (int)ceil(wide * dpi / 72);
    survey->height = (int)ceil(high * dpi / 72);
    return fz_concat(fz_translate(-bounds.x0, -bounds.y0), fz_scale((float)dpi / 72, (float)dpi / 72));
}
enum tolka_status tolka_pdf_open(const void *bytes, size_t length, struct tolka_pdf **out,
                                 struct tolka_error *err)
{
    struct tolka_pdf *pdf = calloc(1, sizeof *pdf);
    fz_stream *volatile stream = NULL;
    volatile enum tolka_status status = TOLKA_OK;
    fz_context *ctx;

    *out = NULL;
    if (!pdf || !(pdf->ctx = tolka_pdf_new_context())) {
        free(pdf);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    ctx = pdf->ctx;
    fz_set_warning_callback(ctx, note_damage, pdf);
    fz_try(ctx)
    {
        stream = fz_open_memory(ctx, bytes, length);
        pdf->doc = (fz_document *)pdf_open_document_with_stream(ctx, stream);
        if (pdf_needs_password(ctx, (pdf_document *)pdf->doc) &&
            !pdf_authenticate_password(ctx, (pdf_document *)pdf->doc, ""))
            status =
                tolka_error_set(err, TOLKA_ERR_ENCRYPTED,
                                "the PDF is encrypted and asks for a password; save it without one first");
        else
            pdf->page_count = fz_count_pages(ctx, pdf->doc);
    }
    fz_always(ctx) fz_drop_stream(ctx, stream);
    fz_catch(ctx) status = tolka_pdf_caught(pdf, err);
    if (!status && pdf->page_count < 1)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "the PDF has no pages");
    if (status)
        tolka_pdf_free(pdf);
    else
        *out = pdf;
    return status;
}

int tolka_pdf_page_count(const struct tolka_pdf *pdf)
{
    return pdf->page_count;
}

bool tolka_pdf_was_damaged(const struct tolka_pdf *pdf)
{
    return pdf->damaged || pdf_was_repaired(pdf->ctx, (pdf_document *)pdf->doc);
}
void tolka_pdf_free(struct tolka_pdf *pdf)
{
    if (!pdf)
        return;
    fz_drop_image(pdf->ctx, pdf->scan);
    fz_drop_document(pdf->ctx, pdf->doc);
    fz_drop_context(pdf->ctx);
    free(pdf);
}
