/*
 * What a page of a PDF is: one pass of it through a MuPDF device of our own tells its text with its places,
 * thin filled shapes and strokes as rulings, images with their share of the page.
 *
 * A text is seen by a reader when it is painted (not mode 3, not transparent), lies on the page, is not
 * covered by an image that fills the page and is not white on white.
 */
#include "extract/pdf_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_GLYPHS = 500000,
    MAX_SURVEY_RULINGS = 20000,
    MAX_PAINTS = 2000,
};

/* A drawn line is at most this thick (pt) and at least this long (pt, and times its thickness). */
static const float RULING_MAX_PT = 3.5F, RULING_MIN_PT = 8, RULING_MIN_RATIO = 3;

/* An image counts as the page itself when it covers this share of it. */
static const float SCAN_COVER = 0.9F;

struct survey_device {
    fz_device super;
    struct tolka_pdf *pdf;
    struct tolka_pdf_survey *survey;
    fz_rect page;               /* px */
    fz_rect paints[MAX_PAINTS]; /* shapes that are not white: white text may stand on them */
    size_t paint_count;
};

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

static void note_image(fz_context *ctx, struct survey_device *dev, fz_image *image, fz_matrix ctm,
                       float alpha)
{
    fz_rect rect = fz_transform_rect(fz_unit_rect, ctm);
    fz_rect seen = fz_intersect_rect(rect, dev->page);
    const float cover = rect_area(seen) / rect_area(dev->page);

    tolka_pdf_refuse_large(ctx, dev->pdf, image);
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

static void finish_survey(struct tolka_pdf *pdf, struct tolka_pdf_survey *s)
{
    for (size_t i = 0; i < s->glyph_count; i++)
        s->visible_count += s->glyphs[i].visible && s->glyphs[i].code > ' ';
    s->is_scan = pdf->scan && s->image_count == 1 && s->visible_count == 0 && s->path_count == 0;
    if (s->is_scan) {
        const fz_rect rect = fz_transform_rect(fz_unit_rect, pdf->scan_ctm);
        s->place[0] = rect.x0 / (float)s->width;
        s->place[1] = rect.y0 / (float)s->height;
        s->place[2] = rect.x1 / (float)s->width;
        s->place[3] = rect.y1 / (float)s->height;
    }
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
        frame = tolka_pdf_page_frame(ctx, page, survey);
        dev = new_survey_device(ctx, pdf, survey);
        fz_run_page(ctx, page, &dev->super, frame, NULL);
        fz_close_device(ctx, &dev->super);
    }
    fz_always(ctx)
    {
        fz_drop_device(ctx, dev ? &dev->super : NULL);
        fz_drop_page(ctx, page);
    }
    fz_catch(ctx) status = tolka_pdf_caught(pdf, err);
    if (!status)
        finish_survey(pdf, survey);
    return status;
}
void tolka_pdf_survey_release(struct tolka_pdf_survey *survey)
{
    free(survey->glyphs);
    free(survey->rulings);
    *survey = (struct tolka_pdf_survey){0};
}
