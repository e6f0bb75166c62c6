/*
 * MuPDF behind pdf.h. One pass of a page through a device of our own (the survey) tells what it is: text with
 * its places, thin filled shapes and strokes as rulings, images with their share of the page. Pixels are made
 * in a second step and only when recognition wants them.
 *
 * A text is seen by a reader when it is painted (not mode 3, not transparent), lies on the page, is not
 * covered by an image that fills the page and is not white on white.
 */
#include "extract/pdf.h"

#include "extract/image.h"

#include <math.h>
#include <mupdf/fitz.h>
#include <mupdf/pdf.h>
#include <stdlib.h>
#include <string.h>

enum {
    RENDER_DPI = 300,
    MIN_DPI = 20,                 /* a page so large that it must be made coarser than this is refused */
    MAX_RENDER_PIXELS = 60000000, /* A2 at 300 dpi is 35 million */
    MAX_GLYPHS = 500000,
    MAX_SURVEY_RULINGS = 20000,
    MAX_PAINTS = 2000,
    STORE_BYTES = 64 << 20,
    WARNING_BYTES = 160,
};

/* A drawn line is at most this thick (pt) and at least this long (pt, and times its thickness). */
static const float RULING_MAX_PT = 3.5F, RULING_MIN_PT = 8, RULING_MIN_RATIO = 3;

/* An image counts as the page itself when it covers this share of it. */
static const float SCAN_COVER = 0.9F;

struct tolka_pdf {
    fz_context *ctx;
    fz_document *doc;
    int page_count;
    bool damaged;
    bool over_limit;
    fz_image *scan; /* of the page surveyed last, kept */
    fz_matrix scan_ctm;
};

struct survey_device {
    fz_device super;
    struct tolka_pdf *pdf;
    struct tolka_pdf_survey *survey;
    fz_rect page;               /* px */
    fz_rect paints[MAX_PAINTS]; /* shapes that are not white: white text may stand on them */
    size_t paint_count;
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

static float rect_area(fz_rect r)
{
    return fz_is_empty_rect(r) ? 0 : (r.x1 - r.x0) * (r.y1 - r.y0);
}

/* 0 black .. 1 white. */
static float lightness(fz_context *ctx, fz_colorspace *cs, const float *color)
{
    float gray[FZ_MAX_COLORS] = {0};

    if (!cs || !color)
        return 0;
    fz_convert_color(ctx, cs, color, fz_device_gray(ctx), gray, NULL, fz_default_color_params);
    return gray[0];
}

static void note_paint(struct survey_device *dev, fz_rect rect)
{
    if (dev->paint_count < MAX_PAINTS && !fz_is_empty_rect(rect))
        dev->paints[dev->paint_count++] = rect;
}

static bool stands_on_paint(const struct survey_device *dev, float x, float y)
{
    for (size_t i = 0; i < dev->paint_count; i++) {
        const fz_rect *r = &dev->paints[i];
        if (x >= r->x0 && x <= r->x1 && y >= r->y0 && y <= r->y1)
            return true;
    }
    return false;
}

static void *grow(fz_context *ctx, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t larger = *capacity ? *capacity * 2 : 256;

    if (count < *capacity)
        return items;
    items = realloc(items, larger * size);
    if (!items)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    *capacity = larger;
    return items;
}

static void add_ruling(fz_context *ctx, struct survey_device *dev, fz_rect rect)
{
    struct tolka_pdf_survey *s = dev->survey;
    const float scale = s->dpi / 72.0F;
    float wide, high, thick, length;

    rect = fz_intersect_rect(rect, dev->page);
    wide = rect.x1 - rect.x0;
    high = rect.y1 - rect.y0;
    thick = fminf(wide, high);
    length = fmaxf(wide, high);
    if (!(length >= RULING_MIN_PT * scale) || thick > RULING_MAX_PT * scale ||
        length < RULING_MIN_RATIO * thick || s->ruling_count >= MAX_SURVEY_RULINGS)
        return;
    s->rulings = grow(ctx, s->rulings, s->ruling_count, &s->ruling_capacity, sizeof *s->rulings);
    s->rulings[s->ruling_count++] = (struct tolka_ruling){
        .box = {(int)floorf(rect.x0), (int)floorf(rect.y0), (int)ceilf(rect.x1 + 0.01F),
                (int)ceilf(rect.y1 + 0.01F)},
        .vertical = high > wide,
    };
}

/* The walk over a stroked path: each straight piece along an axis is a ruling. */
struct stroke_walk {
    struct survey_device *dev;
    fz_matrix ctm;
    float half_px;
    fz_point start, at;
};

static void walk_move(fz_context *ctx, void *arg, float x, float y)
{
    struct stroke_walk *walk = arg;

    (void)ctx;
    walk->start = walk->at = fz_transform_point_xy(x, y, walk->ctm);
}

static void walk_to(fz_context *ctx, struct stroke_walk *walk, fz_point to)
{
    fz_rect rect = {fminf(walk->at.x, to.x), fminf(walk->at.y, to.y), fmaxf(walk->at.x, to.x),
                    fmaxf(walk->at.y, to.y)};

    if (fminf(rect.x1 - rect.x0, rect.y1 - rect.y0) < 1.5F) {
        if (rect.x1 - rect.x0 > rect.y1 - rect.y0)
            rect = (fz_rect){rect.x0, rect.y0 - walk->half_px, rect.x1, rect.y1 + walk->half_px};
        else
            rect = (fz_rect){rect.x0 - walk->half_px, rect.y0, rect.x1 + walk->half_px, rect.y1};
        add_ruling(ctx, walk->dev, rect);
    }
    walk->at = to;
}

static void walk_line(fz_context *ctx, void *arg, float x, float y)
{
    struct stroke_walk *walk = arg;

    walk_to(ctx, walk, fz_transform_point_xy(x, y, walk->ctm));
}

static void walk_curve(fz_context *ctx, void *arg, float x1, float y1, float x2, float y2, float x3, float y3)
{
    struct stroke_walk *walk = arg;

    (void)ctx, (void)x1, (void)y1, (void)x2, (void)y2;
    walk->dev->survey->path_count++;
    walk->at = fz_transform_point_xy(x3, y3, walk->ctm);
}

static void walk_close(fz_context *ctx, void *arg)
{
    struct stroke_walk *walk = arg;

    walk_to(ctx, walk, walk->start);
}

static void survey_stroke_path(fz_context *ctx, fz_device *super, const fz_path *path,
                               const fz_stroke_state *stroke, fz_matrix ctm, fz_colorspace *cs,
                               const float *color, float alpha, fz_color_params params)
{
    static const fz_path_walker WALKER = {
        .moveto = walk_move, .lineto = walk_line, .curveto = walk_curve, .closepath = walk_close};
    struct survey_device *dev = (struct survey_device *)super;
    struct stroke_walk walk = {
        .dev = dev, .ctm = ctm, .half_px = stroke->linewidth * fz_matrix_expansion(ctm) / 2};

    (void)params;
    if (alpha == 0 || lightness(ctx, cs, color) > 0.97F)
        return;
    dev->survey->path_count++;
    fz_walk_path(ctx, path, &WALKER, &walk);
}

static void survey_fill_path(fz_context *ctx, fz_device *super, const fz_path *path, int even_odd,
                             fz_matrix ctm, fz_colorspace *cs, const float *color, float alpha,
                             fz_color_params params)
{
    struct survey_device *dev = (struct survey_device *)super;
    fz_rect rect = fz_bound_path(ctx, path, NULL, ctm);
    const float light = lightness(ctx, cs, color);

    (void)even_odd, (void)params;
    if (alpha == 0 || light > 0.97F)
        return;
    note_paint(dev, rect);
    add_ruling(ctx, dev, rect);
    dev->survey->path_count++;
}

static bool glyph_is_visible(const struct survey_device *dev, const struct tolka_glyph *g, bool painted,
                             bool white)
{
    const float x = (g->x + g->end_x) / 2, y = g->y - g->size_px * 0.3F;

    if (!painted || g->size_px < dev->survey->dpi / 72.0F) /* smaller than 1 pt */
        return false;
    if (x < dev->page.x0 || x > dev->page.x1 || y < dev->page.y0 || y > dev->page.y1)
        return false;
    return !white || stands_on_paint(dev, x, y);
}

static void add_glyph(fz_context *ctx, struct survey_device *dev, const fz_text_span *span,
                      const fz_text_item *item, fz_matrix ctm, bool painted, bool white)
{
    struct tolka_pdf_survey *s = dev->survey;
    fz_matrix trm = fz_concat(span->trm, ctm);
    fz_point at = fz_transform_point_xy(item->x, item->y, ctm);
    float advance = item->gid >= 0 ? fz_advance_glyph(ctx, span->font, item->gid, span->wmode) : 0;
    struct tolka_glyph *g;

    if (item->ucs < 0 || s->glyph_count >= MAX_GLYPHS)
        return;
    s->glyphs = grow(ctx, s->glyphs, s->glyph_count, &s->glyph_capacity, sizeof *s->glyphs);
    g = &s->glyphs[s->glyph_count++];
    *g = (struct tolka_glyph){.code = (uint32_t)item->ucs,
                              .x = at.x,
                              .y = at.y,
                              .end_x = at.x + advance * trm.a,
                              .end_y = at.y + advance * trm.b,
                              .size_px = fz_matrix_expansion(trm),
                              .ascent = fz_font_ascender(ctx, span->font),
                              .descent = fz_font_descender(ctx, span->font),
                              .bold = fz_font_is_bold(ctx, span->font)};
    if (!g->bold && fz_font_name(ctx, span->font))
        g->bold =
            strstr(fz_font_name(ctx, span->font), "Bold") || strstr(fz_font_name(ctx, span->font), "Black");
    g->visible = glyph_is_visible(dev, g, painted, white);
}

static void add_text(fz_context *ctx, fz_device *super, const fz_text *text, fz_matrix ctm, bool painted,
                     bool white)
{
    for (const fz_text_span *span = text->head; span; span = span->next) {
        for (int i = 0; i < span->len; i++)
            add_glyph(ctx, (struct survey_device *)super, span, &span->items[i], ctm, painted, white);
    }
}

static void survey_fill_text(fz_context *ctx, fz_device *dev, const fz_text *text, fz_matrix ctm,
                             fz_colorspace *cs, const float *color, float alpha, fz_color_params params)
{
    (void)params;
    add_text(ctx, dev, text, ctm, alpha > 0, lightness(ctx, cs, color) > 0.97F);
}

static void survey_stroke_text(fz_context *ctx, fz_device *dev, const fz_text *text,
                               const fz_stroke_state *stroke, fz_matrix ctm, fz_colorspace *cs,
                               const float *color, float alpha, fz_color_params params)
{
    (void)stroke;
    survey_fill_text(ctx, dev, text, ctm, cs, color, alpha, params);
}

static void survey_clip_text(fz_context *ctx, fz_device *dev, const fz_text *text, fz_matrix ctm,
                             fz_rect scissor)
{
    (void)scissor;
    add_text(ctx, dev, text, ctm, true, false);
}

static void survey_ignore_text(fz_context *ctx, fz_device *dev, const fz_text *text, fz_matrix ctm)
{
    add_text(ctx, dev, text, ctm, false, false);
}

static void hide_text_so_far(struct tolka_pdf_survey *survey)
{
    for (size_t i = 0; i < survey->glyph_count; i++)
        survey->glyphs[i].visible = false;
}

static void refuse_large(fz_context *ctx, struct tolka_pdf *pdf, const fz_image *image)
{
    if ((int64_t)image->w * image->h <= TOLKA_MAX_PIXELS)
        return;
    pdf->over_limit = true;
    fz_throw(ctx, FZ_ERROR_GENERIC, "a picture of %d x %d pixels is too large", image->w, image->h);
}

static void note_image(fz_context *ctx, struct survey_device *dev, fz_image *image, fz_matrix ctm,
                       float alpha)
{
    fz_rect rect = fz_transform_rect(fz_unit_rect, ctm);
    fz_rect seen = fz_intersect_rect(rect, dev->page);
    const float cover = rect_area(seen) / rect_area(dev->page);

    refuse_large(ctx, dev->pdf, image);
    dev->survey->image_count++;
    dev->survey->image_cover = fminf(1, dev->survey->image_cover + cover);
    note_paint(dev, seen);
    if (cover < SCAN_COVER || alpha < 1 || image->mask)
        return;
    if (!image->imagemask)
        hide_text_so_far(dev->survey);
    if (rect_area(seen) < SCAN_COVER * rect_area(rect) || dev->pdf->scan)
        return;
    dev->pdf->scan = fz_keep_image(ctx, image);
    dev->pdf->scan_ctm = ctm;
}

static void survey_fill_image(fz_context *ctx, fz_device *super, fz_image *image, fz_matrix ctm, float alpha,
                              fz_color_params params)
{
    (void)params;
    note_image(ctx, (struct survey_device *)super, image, ctm, alpha);
}

static void survey_fill_image_mask(fz_context *ctx, fz_device *super, fz_image *image, fz_matrix ctm,
                                   fz_colorspace *cs, const float *color, float alpha, fz_color_params params)
{
    (void)params;
    if (lightness(ctx, cs, color) < 0.5F)
        note_image(ctx, (struct survey_device *)super, image, ctm, alpha);
}

static void survey_fill_shade(fz_context *ctx, fz_device *super, fz_shade *shade, fz_matrix ctm, float alpha,
                              fz_color_params params)
{
    struct survey_device *dev = (struct survey_device *)super;

    (void)alpha, (void)params;
    note_paint(dev, fz_bound_shade(ctx, shade, ctm));
    dev->survey->path_count++;
}

static struct survey_device *new_survey_device(fz_context *ctx, struct tolka_pdf *pdf,
                                               struct tolka_pdf_survey *survey)
{
    struct survey_device *dev = fz_new_derived_device(ctx, struct survey_device);

    dev->super.fill_path = survey_fill_path;
    dev->super.stroke_path = survey_stroke_path;
    dev->super.fill_text = survey_fill_text;
    dev->super.stroke_text = survey_stroke_text;
    dev->super.clip_text = survey_clip_text;
    dev->super.ignore_text = survey_ignore_text;
    dev->super.fill_shade = survey_fill_shade;
    dev->super.fill_image = survey_fill_image;
    dev->super.fill_image_mask = survey_fill_image_mask;
    dev->pdf = pdf;
    dev->survey = survey;
    dev->page = (fz_rect){0, 0, survey->width, survey->height};
    return dev;
}

static enum tolka_status caught(const struct tolka_pdf *pdf, struct tolka_error *err)
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

enum tolka_status tolka_pdf_open(const void *bytes, size_t length, struct tolka_pdf **out,
                                 struct tolka_error *err)
{
    struct tolka_pdf *pdf = calloc(1, sizeof *pdf);
    fz_stream *volatile stream = NULL;
    volatile enum tolka_status status = TOLKA_OK;
    fz_context *ctx;

    *out = NULL;
    if (!pdf || !(pdf->ctx = fz_new_context(NULL, NULL, STORE_BYTES))) {
        free(pdf);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    ctx = pdf->ctx;
    fz_set_warning_callback(ctx, note_damage, pdf);
    fz_set_error_callback(ctx, ignore_message, NULL);
    fz_try(ctx)
    {
        stream = fz_open_memory(ctx, bytes, length);
        pdf->doc = (fz_document *)pdf_open_document_with_stream(ctx, stream);
        if (pdf_needs_password(ctx, (pdf_document *)pdf->doc) &&
            !pdf_authenticate_password(ctx, (pdf_document *)pdf->doc, ""))
            status =
                tolka_error_set(err, TOLKA_ERR_ENCRYPTED, "the PDF is encrypted and asks for a password");
        else
            pdf->page_count = fz_count_pages(ctx, pdf->doc);
    }
    fz_always(ctx) fz_drop_stream(ctx, stream);
    fz_catch(ctx) status = caught(pdf, err);
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

/* The page's size in px at RENDER_DPI, or coarser for a sheet beyond the limit, and the matrix from page
 * space to those pixels. */
static fz_matrix page_frame(fz_context *ctx, fz_page *page, struct tolka_pdf_survey *survey)
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

static void finish_survey(struct tolka_pdf *pdf, struct tolka_pdf_survey *s)
{
    for (size_t i = 0; i < s->glyph_count; i++)
        s->visible_count += s->glyphs[i].visible && s->glyphs[i].code > ' ';
    s->is_scan = pdf->scan && s->image_count == 1 && s->visible_count == 0 && s->path_count == 0;
}

enum tolka_status tolka_pdf_survey(struct tolka_pdf *pdf, int number, struct tolka_pdf_survey *survey,
                                   struct tolka_error *err)
{
    fz_context *ctx = pdf->ctx;
    fz_page *volatile page = NULL;
    struct survey_device *volatile dev = NULL;
    volatile enum tolka_status status = TOLKA_OK;
    fz_matrix frame;

    fz_drop_image(ctx, pdf->scan);
    pdf->scan = NULL;
    fz_try(ctx)
    {
        page = fz_load_page(ctx, pdf->doc, number - 1);
        frame = page_frame(ctx, page, survey);
        dev = new_survey_device(ctx, pdf, survey);
        fz_run_page(ctx, page, &dev->super, frame, NULL);
        fz_close_device(ctx, &dev->super);
    }
    fz_always(ctx)
    {
        fz_drop_device(ctx, dev ? &dev->super : NULL);
        fz_drop_page(ctx, page);
    }
    fz_catch(ctx) status = caught(pdf, err);
    if (!status)
        finish_survey(pdf, survey);
    return status;
}

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
        frame = page_frame(ctx, page, &size);
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
    if (gray->n == 2)
        flatten(gray);
    return gray;
}

enum tolka_status tolka_pdf_decode_image(const void *bytes, size_t length, struct tolka_picture **out,
                                         struct tolka_error *err)
{
    struct tolka_pdf pdf = {.ctx = fz_new_context(NULL, NULL, STORE_BYTES)};
    fz_context *ctx = pdf.ctx;
    fz_buffer *volatile buffer = NULL;
    fz_image *volatile image = NULL;
    fz_pixmap *volatile pix = NULL;
    volatile enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!ctx)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    fz_set_warning_callback(ctx, ignore_message, NULL);
    fz_set_error_callback(ctx, ignore_message, NULL);
    fz_try(ctx)
    {
        buffer = fz_new_buffer_from_shared_data(ctx, bytes, length);
        image = fz_new_image_from_buffer(ctx, buffer);
        refuse_large(ctx, &pdf, image);
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
    fz_catch(ctx) status = caught(&pdf, err);
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
    fz_catch(ctx) return caught(pdf, err);
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

void tolka_pdf_survey_release(struct tolka_pdf_survey *survey)
{
    free(survey->glyphs);
    free(survey->rulings);
    *survey = (struct tolka_pdf_survey){0};
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
