/*
 * The searchable PDF. A PDF is not written anew: what changes is appended to it where that can be (PDF
 * 32000-1, 7.5.6), so that all of its objects stay as they are; a file that had to be mended or has no such
 * end is written whole. A page gets one more content stream and one or two more fonts in its resources; old
 * text that nobody sees is taken out of its content and of the forms that it draws (ocrmypdf puts text
 * there), in copies, for other pages may draw the same form. Nothing of the time or of chance goes into the
 * file.
 */
#include "extract/pdf_content.h"
#include "extract/pdf_int.h"
#include "extract/pdf_text.h"
#include "extract/textlayer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What encryption takes for chance must come out the same again. */
static const uint16_t SEED[7] = {0x330E, 0, 0, 0xE66D, 0xDEEC, 5, 11};

enum { MAX_FORM_DEPTH = 4, MAX_OVERLAPS = 50000000 };

struct pdf_writer {
    pdf_document *doc;
    struct tolka_pdf_fonts *fonts;
    pdf_obj *font_refs[1 + TOLKA_PDF_EXTRA_FONTS]; /* NULL until needed */
    struct tolka_arena arena;                      /* of the page being written */
};

/* A deflated stream object. */
static pdf_obj *add_stream(fz_context *ctx, pdf_document *doc, const char *bytes, size_t length,
                           pdf_obj *dict)
{
    size_t packed_length = 0;
    unsigned char *packed =
        fz_new_deflated_data(ctx, &packed_length, (const unsigned char *)bytes, length, FZ_DEFLATE_BEST);
    fz_buffer *volatile buffer = NULL;
    pdf_obj *volatile ref = NULL;

    fz_var(buffer);
    fz_try(ctx)
    {
        buffer = fz_new_buffer_from_data(ctx, packed, packed_length);
        packed = NULL;
        pdf_dict_del(ctx, dict, PDF_NAME(DecodeParms));
        pdf_dict_put(ctx, dict, PDF_NAME(Filter), PDF_NAME(FlateDecode));
        ref = pdf_add_stream(ctx, doc, buffer, dict, 1);
    }
    fz_always(ctx) fz_drop_buffer(ctx, buffer);
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

static pdf_obj *add_plain_stream(fz_context *ctx, pdf_document *doc, const struct tolka_strbuf *bytes)
{
    pdf_obj *dict = pdf_new_dict(ctx, doc, 2);
    pdf_obj *volatile ref = NULL;

    if (bytes->failed)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    fz_try(ctx) ref = add_stream(ctx, doc, tolka_strbuf_text(bytes), bytes->length, dict);
    fz_always(ctx) pdf_drop_obj(ctx, dict);
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

/* Replaces `dict`'s entry `key` by a copy that the caller may change; an empty one when there is none.
 * Borrowed. */
static pdf_obj *own_dict(fz_context *ctx, pdf_document *doc, pdf_obj *dict, pdf_obj *key, pdf_obj *now)
{
    pdf_obj *copy = pdf_is_dict(ctx, now) ? pdf_copy_dict(ctx, now) : pdf_new_dict(ctx, doc, 2);

    pdf_dict_put_drop(ctx, dict, key, copy);
    return copy;
}

static pdf_obj *strip_form(fz_context *ctx, struct pdf_writer *w, pdf_obj *form, bool all, bool hidden,
                           int depth);

/*
 * Strips the forms that `content` draws: where one changes, `owner` gets a copy of `resources` that names the
 * new one. True when any did.
 */
static bool strip_drawn(fz_context *ctx, struct pdf_writer *w, const struct tolka_pdf_content *content,
                        pdf_obj *owner, pdf_obj *resources, bool all, int depth)
{
    pdf_obj *own = NULL;

    for (size_t i = 0; i < content->drawn_count && depth < MAX_FORM_DEPTH; i++) {
        pdf_obj *objects = pdf_dict_get(ctx, own ? own : resources, PDF_NAME(XObject));
        pdf_obj *drawn = pdf_dict_gets(ctx, objects, content->drawn[i]), *stripped;
        if (pdf_dict_get(ctx, drawn, PDF_NAME(Subtype)) != PDF_NAME(Form))
            continue;
        stripped = strip_form(ctx, w, drawn, all, content->drawn_hidden[i], depth + 1);
        if (!stripped)
            continue;
        if (!own) {
            own = own_dict(ctx, w->doc, owner, PDF_NAME(Resources), resources);
            objects = own_dict(ctx, w->doc, own, PDF_NAME(XObject), objects);
        }
        pdf_dict_puts_drop(ctx, objects, content->drawn[i], stripped);
    }
    return own != NULL;
}

/* A copy of `form` without its unseen text, NULL when it has none. */
static pdf_obj *strip_form(fz_context *ctx, struct pdf_writer *w, pdf_obj *form, bool all, bool hidden,
                           int depth)
{
    struct tolka_pdf_content content = {0};
    struct tolka_strbuf bytes = {0};
    fz_buffer *volatile buffer = NULL;
    pdf_obj *volatile copy = NULL;
    pdf_obj *volatile ref = NULL;

    fz_try(ctx)
    {
        buffer = pdf_load_stream(ctx, form);
        tolka_pdf_content_strip((const char *)buffer->data, buffer->len, all, hidden, &content, &w->arena,
                                &bytes);
        if (bytes.failed)
            fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
        copy = pdf_copy_dict(ctx, form);
        if (strip_drawn(ctx, w, &content, copy, pdf_dict_get(ctx, form, PDF_NAME(Resources)), all, depth) ||
            content.stripped)
            ref = add_stream(ctx, w->doc, tolka_strbuf_text(&bytes), bytes.length, copy);
    }
    fz_always(ctx)
    {
        fz_drop_buffer(ctx, buffer);
        pdf_drop_obj(ctx, copy);
        tolka_strbuf_release(&bytes);
    }
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

static fz_buffer *load_content(fz_context *ctx, pdf_document *doc, pdf_obj *contents)
{
    fz_stream *stream = pdf_open_contents_stream(ctx, doc, contents);
    fz_buffer *volatile buffer = NULL;

    fz_try(ctx) buffer = fz_read_all(ctx, stream, 0);
    fz_always(ctx) fz_drop_stream(ctx, stream);
    fz_catch(ctx) fz_rethrow(ctx);
    return buffer;
}

/* What must stand around the old content so that ours meets a fresh state. */
static void wrap(const struct tolka_pdf_content *content, struct tolka_strbuf *before,
                 struct tolka_strbuf *after)
{
    const bool wrapped = content->is_odd || content->below || content->above;

    for (int i = 0; i < content->below + wrapped; i++)
        tolka_strbuf_add_str(before, "q\n");
    tolka_strbuf_add_str(after, "\n");
    for (int i = 0; i < content->above + wrapped; i++)
        tolka_strbuf_add_str(after, "Q\n");
}

static void push_streams(fz_context *ctx, pdf_obj *array, pdf_obj *contents)
{
    if (!pdf_is_array(ctx, contents)) {
        if (contents)
            pdf_array_push(ctx, array, contents);
        return;
    }
    for (int i = 0; i < pdf_array_len(ctx, contents); i++)
        pdf_array_push(ctx, array, pdf_array_get(ctx, contents, i));
}

/* The page's content as it lies there, with streams before and after it. */
static void surround_content(fz_context *ctx, struct pdf_writer *w, pdf_obj *page,
                             const struct tolka_strbuf *before, const struct tolka_strbuf *after)
{
    pdf_obj *array = pdf_new_array(ctx, w->doc, 3);

    fz_try(ctx)
    {
        if (before->length)
            pdf_array_push_drop(ctx, array, add_plain_stream(ctx, w->doc, before));
        push_streams(ctx, array, pdf_dict_get(ctx, page, PDF_NAME(Contents)));
        pdf_array_push_drop(ctx, array, add_plain_stream(ctx, w->doc, after));
        pdf_dict_put(ctx, page, PDF_NAME(Contents), array);
    }
    fz_always(ctx) pdf_drop_obj(ctx, array);
    fz_catch(ctx) fz_rethrow(ctx);
}

static void replace_content(fz_context *ctx, struct pdf_writer *w, pdf_obj *page, struct tolka_strbuf *before,
                            const struct tolka_strbuf *stripped, const struct tolka_strbuf *after)
{
    tolka_strbuf_add(before, tolka_strbuf_text(stripped), stripped->length);
    tolka_strbuf_add(before, tolka_strbuf_text(after), after->length);
    pdf_dict_put_drop(ctx, page, PDF_NAME(Contents), add_plain_stream(ctx, w->doc, before));
}

/* Font 0 needs no more than its name: its encoding is its own; the others say widths and Unicode when all
 * pages are done. */
static pdf_obj *font_ref(fz_context *ctx, struct pdf_writer *w, int font)
{
    pdf_obj *dict;

    if (w->font_refs[font])
        return w->font_refs[font];
    dict = pdf_new_dict(ctx, w->doc, 8);
    pdf_dict_put(ctx, dict, PDF_NAME(Type), PDF_NAME(Font));
    pdf_dict_put(ctx, dict, PDF_NAME(Subtype), PDF_NAME(Type1));
    pdf_dict_put_name(ctx, dict, PDF_NAME(BaseFont), "Helvetica");
    pdf_dict_put(ctx, dict, PDF_NAME(Encoding), PDF_NAME(WinAnsiEncoding));
    w->font_refs[font] = pdf_add_object_drop(ctx, w->doc, dict);
    return w->font_refs[font];
}

static void finish_fonts(fz_context *ctx, struct pdf_writer *w)
{
    for (int font = 1; font <= TOLKA_PDF_EXTRA_FONTS; font++) {
        struct tolka_strbuf map = {0};
        pdf_obj *dict = w->font_refs[font], *widths;
        if (!dict)
            continue;
        pdf_dict_put_int(ctx, dict, PDF_NAME(FirstChar), TOLKA_PDF_EXTRA_FIRST);
        pdf_dict_put_int(ctx, dict, PDF_NAME(LastChar), 255);
        widths = pdf_dict_put_array(ctx, dict, PDF_NAME(Widths), TOLKA_PDF_EXTRA_SIZE);
        for (int i = 0; i < TOLKA_PDF_EXTRA_SIZE; i++)
            pdf_array_push_int(ctx, widths, TOLKA_PDF_EXTRA_WIDTH);
        tolka_pdf_fonts_to_unicode(w->fonts, font, &map);
        fz_try(ctx) pdf_dict_put_drop(ctx, dict, PDF_NAME(ToUnicode), add_plain_stream(ctx, w->doc, &map));
        fz_always(ctx) tolka_strbuf_release(&map);
        fz_catch(ctx) fz_rethrow(ctx);
    }
}

static void add_fonts(fz_context *ctx, struct pdf_writer *w, pdf_obj *page)
{
    pdf_obj *resources = pdf_dict_get_inheritable(ctx, page, PDF_NAME(Resources));
    pdf_obj *old_fonts = pdf_dict_get(ctx, resources, PDF_NAME(Font)), *fonts;

    resources = own_dict(ctx, w->doc, page, PDF_NAME(Resources), resources);
    fonts = own_dict(ctx, w->doc, resources, PDF_NAME(Font), old_fonts);
    for (int font = 0; font < tolka_pdf_fonts_count(w->fonts); font++)
        pdf_dict_puts(ctx, fonts, tolka_pdf_font_name(font), font_ref(ctx, w, font));
}

/* Takes the old text off the page and puts `text` on it. */
static void change_page(fz_context *ctx, struct pdf_writer *w, pdf_obj *page, bool all,
                        const struct tolka_strbuf *text)
{
    struct tolka_pdf_content content = {0};
    struct tolka_strbuf before = {0}, stripped = {0}, after = {0};
    fz_buffer *volatile buffer = NULL;
    pdf_obj *resources = pdf_dict_get_inheritable(ctx, page, PDF_NAME(Resources));

    fz_try(ctx)
    {
        buffer = load_content(ctx, w->doc, pdf_dict_get(ctx, page, PDF_NAME(Contents)));
        tolka_pdf_content_strip((const char *)buffer->data, buffer->len, all, false, &content, &w->arena,
                                &stripped);
        strip_drawn(ctx, w, &content, page, resources, all, 0);
        wrap(&content, &before, &after);
        tolka_strbuf_add(&after, tolka_strbuf_text(text), text->length);
        if (before.failed || stripped.failed || after.failed)
            fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
        if (content.stripped)
            replace_content(ctx, w, page, &before, &stripped, &after);
        else
            surround_content(ctx, w, page, &before, &after);
        add_fonts(ctx, w, page);
    }
    fz_always(ctx)
    {
        fz_drop_buffer(ctx, buffer);
        tolka_strbuf_release(&before);
        tolka_strbuf_release(&stripped);
        tolka_strbuf_release(&after);
        tolka_arena_release(&w->arena);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

/* From deskewed pixels to shares of the page as a viewer shows it: the skew, the turn and the picture's place
 * are undone. */
static fz_matrix shares_of_shown(const struct tolka_page *page)
{
    const float w = (float)page->width, h = (float)page->height;
    const float angle = page->skew_deg * 3.14159265F / 180, c = cosf(angle), s = sinf(angle);
    const bool placed = page->place[2] > page->place[0] && page->place[3] > page->place[1];
    const float x0 = placed ? page->place[0] : 0, y0 = placed ? page->place[1] : 0;
    const float x1 = placed ? page->place[2] : 1, y1 = placed ? page->place[3] : 1;
    fz_matrix m = fz_concat(fz_translate(-w / 2, -h / 2), fz_make_matrix(c, s, -s, c, w / 2, h / 2));

    m = fz_concat(m, fz_scale(1 / w, 1 / h));
    if (page->rotation_deg == 90)
        m = fz_concat(m, fz_make_matrix(0, -1, 1, 0, 0, 1));
    else if (page->rotation_deg == 180)
        m = fz_concat(m, fz_make_matrix(-1, 0, 0, -1, 1, 1));
    else if (page->rotation_deg == 270)
        m = fz_concat(m, fz_make_matrix(0, 1, -1, 0, 1, 0));
    return fz_concat(m, fz_make_matrix(x1 - x0, 0, 0, y1 - y0, x0, y0));
}

/* Words that the page shows as text of its own: a glyph stands in the middle of them. NULL when there are
 * none. */
__attribute__((noinline)) /* its variables stay out of a frame that longjmp returns to */
static bool *
find_shown_words(struct tolka_arena *arena, const struct tolka_page *page,
                 const struct tolka_pdf_survey *survey)
{
    const fz_matrix m =
        fz_concat(shares_of_shown(page), fz_scale((float)survey->width, (float)survey->height));
    bool *shown;

    if (!survey->visible_count || !tolka_textlayer_is_readable(survey) ||
        (double)survey->glyph_count * (double)page->word_count > MAX_OVERLAPS)
        return NULL;
    shown = tolka_arena_array(arena, page->word_count + 1, sizeof *shown);
    for (size_t i = 0; shown && i < page->word_count; i++) {
        const struct tolka_box box = page->words[i].box;
        const fz_rect rect =
            fz_transform_rect(fz_make_rect((float)box.x0, (float)box.y0, (float)box.x1, (float)box.y1), m);
        for (size_t k = 0; k < survey->glyph_count && !shown[i]; k++) {
            const struct tolka_glyph *g = &survey->glyphs[k];
            const float x = (g->x + g->end_x) / 2, y = g->y - g->size_px / 4;
            shown[i] = g->visible && x > rect.x0 && x < rect.x1 && y > rect.y0 && y < rect.y1;
        }
    }
    return shown;
}

/* From deskewed pixels to the PDF page's own space. */
static fz_matrix page_frame(fz_context *ctx, pdf_page *pdf_page, const struct tolka_page *page)
{
    fz_rect bounds = fz_bound_page(ctx, (fz_page *)pdf_page), media;
    fz_matrix own;

    pdf_page_transform(ctx, pdf_page, &media, &own);
    return fz_concat(
        fz_concat(shares_of_shown(page),
                  fz_make_matrix(bounds.x1 - bounds.x0, 0, 0, bounds.y1 - bounds.y0, bounds.x0, bounds.y0)),
        fz_invert_matrix(own));
}

static void write_page(fz_context *ctx, struct pdf_writer *w, const struct tolka_page *page,
                       const struct tolka_pdf_survey *survey)
{
    struct pdf_page *volatile target = NULL;
    struct tolka_strbuf text = {0};
    bool *const shown = find_shown_words(&w->arena, page, survey);
    fz_matrix m;

    fz_try(ctx)
    {
        target = pdf_load_page(ctx, w->doc, page->number - 1);
        m = page_frame(ctx, target, page);
        tolka_pdf_text_write(page, (const float[6]){m.a, m.b, m.c, m.d, m.e, m.f}, shown, w->fonts, &text);
        change_page(ctx, w, target->obj, survey->visible_count == 0, &text);
    }
    fz_always(ctx)
    {
        fz_drop_page(ctx, (fz_page *)target);
        tolka_strbuf_release(&text);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

/* The file being written, in memory: what is appended to a file needs a place that can be read again. */
struct sink {
    struct tolka_strbuf *out;
    size_t start, at; /* of the file and of what is written next, in `out` */
};

static void sink_write(fz_context *ctx, void *state, const void *bytes, size_t length)
{
    struct sink *sink = state;
    const size_t room = sink->out->length - sink->at, over = length < room ? length : room;

    if (over)
        memcpy(sink->out->data + sink->at, bytes, over);
    tolka_strbuf_add(sink->out, (const char *)bytes + over, length - over);
    if (sink->out->failed)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    sink->at += length;
}

static void sink_seek(fz_context *ctx, void *state, int64_t offset, int whence)
{
    struct sink *sink = state;
    const int64_t length = (int64_t)(sink->out->length - sink->start);
    const int64_t to = whence == SEEK_SET   ? offset
                       : whence == SEEK_END ? length + offset
                                            : (int64_t)(sink->at - sink->start) + offset;

    if (to < 0 || to > length)
        fz_throw(ctx, FZ_ERROR_GENERIC, "the PDF was written out of order");
    sink->at = sink->start + (size_t)to;
}

static int64_t sink_tell(fz_context *ctx, void *state)
{
    const struct sink *sink = state;

    (void)ctx;
    return (int64_t)(sink->at - sink->start);
}

static fz_stream *sink_as_stream(fz_context *ctx, void *state)
{
    const struct sink *sink = state;

    return fz_open_memory(ctx, (const unsigned char *)tolka_strbuf_text(sink->out) + sink->start,
                          sink->out->length - sink->start);
}

static void sink_truncate(fz_context *ctx, void *state)
{
    struct sink *sink = state;

    (void)ctx;
    tolka_strbuf_truncate(sink->out, sink->at);
}

static void save(fz_context *ctx, pdf_document *doc, struct tolka_strbuf *out)
{
    struct sink sink = {out, out->length, out->length};
    pdf_write_options options = pdf_default_write_options;
    fz_output *output = fz_new_output(ctx, 0, &sink, sink_write, NULL, NULL);

    output->seek = sink_seek;
    output->tell = sink_tell;
    output->as_stream = sink_as_stream;
    output->truncate = sink_truncate;
    options.do_incremental = pdf_can_be_saved_incrementally(ctx, doc);
    options.dont_regenerate_id = 1;
    fz_try(ctx)
    {
        pdf_write_document(ctx, doc, output, &options);
        fz_close_output(ctx, output);
    }
    fz_always(ctx) fz_drop_output(ctx, output);
    fz_catch(ctx) fz_rethrow(ctx);
}

static enum tolka_status survey_and_write(struct tolka_pdf *pdf, struct pdf_writer *w,
                                          const struct tolka_page *page, struct tolka_error *err)
{
    fz_context *ctx = pdf->ctx;
    struct tolka_pdf_survey survey = {0};
    volatile enum tolka_status status;

    if (page->origin != TOLKA_ORIGIN_OCR || page->width < 1 || page->height < 1 ||
        page->number > pdf->page_count)
        return TOLKA_OK;
    status = tolka_pdf_survey(pdf, page->number, &survey, err);
    if (!status) {
        fz_try(ctx) write_page(ctx, w, page, &survey);
        fz_catch(ctx) status = tolka_pdf_caught(pdf, err);
    }
    tolka_pdf_survey_release(&survey);
    return status;
}

enum tolka_status tolka_pdf_write(struct tolka_pdf *pdf, const struct tolka_page *pages, size_t page_count,
                                  struct tolka_strbuf *out, struct tolka_error *err)
{
    fz_context *ctx = pdf->ctx;
    struct pdf_writer w = {.doc = (pdf_document *)pdf->doc, .fonts = calloc(1, sizeof *w.fonts)};
    volatile enum tolka_status status = TOLKA_OK;

    if (!w.fonts)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    memcpy(ctx->seed48, SEED, sizeof SEED);
    for (size_t i = 0; i < page_count && !status; i++)
        status = survey_and_write(pdf, &w, &pages[i], err);
    if (!status) {
        fz_try(ctx)
        {
            finish_fonts(ctx, &w);
            save(ctx, w.doc, out);
        }
        fz_catch(ctx) status = tolka_pdf_caught(pdf, err);
    }
    for (int i = 0; i <= TOLKA_PDF_EXTRA_FONTS; i++)
        pdf_drop_obj(ctx, w.font_refs[i]);
    tolka_arena_release(&w.arena);
    free(w.fonts);
    return status;
}
