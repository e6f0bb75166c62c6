/*
 * The searchable copy of a PDF. A page gets one more content stream and one or two more fonts in its
 * resources; old text that nobody sees is taken out of its content and of the forms that it draws (ocrmypdf
 * puts text there), in copies, for other pages may draw the same form. Nothing of the time or of chance goes
 * into the file.
 */
#include "extract/pdf_content.h"
#include "extract/pdf_writer.h"
#include "extract/textlayer.h"

enum { MAX_FORM_DEPTH = 4, MAX_OVERLAPS = 50000000 };

/* Forms that draw forms, or themselves, multiply. What a page draws beyond so many stays as it is. */
enum { MAX_FORMS = 1000 };

static pdf_obj *strip_form(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *form, bool all, bool hidden,
                           int depth);

/*
 * Strips the forms that `content` draws: where one changes, `owner` gets a copy of `resources` that names the
 * new one. True when any did.
 */
static bool strip_drawn(fz_context *ctx, struct tolka_pdf_writer *w, const struct tolka_pdf_content *content,
                        pdf_obj *owner, pdf_obj *resources, bool all, int depth)
{
    pdf_obj *own = NULL;

    for (size_t i = 0; i < content->drawn_count && depth < MAX_FORM_DEPTH && w->forms < MAX_FORMS; i++) {
        pdf_obj *objects = pdf_dict_get(ctx, own ? own : resources, PDF_NAME(XObject));
        pdf_obj *drawn = pdf_dict_gets(ctx, objects, content->drawn[i]), *stripped;
        if (pdf_dict_get(ctx, drawn, PDF_NAME(Subtype)) != PDF_NAME(Form))
            continue;
        w->forms++;
        stripped = strip_form(ctx, w, drawn, all, content->drawn_hidden[i], depth + 1);
        if (!stripped)
            continue;
        if (!own) {
            own = tolka_pdf_own_dict(ctx, w->doc, owner, PDF_NAME(Resources), resources);
            objects = tolka_pdf_own_dict(ctx, w->doc, own, PDF_NAME(XObject), objects);
        }
        pdf_dict_puts_drop(ctx, objects, content->drawn[i], stripped);
    }
    return own != NULL;
}

/* A copy of `form` without its unseen text, NULL when it has none. */
static pdf_obj *strip_form(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *form, bool all, bool hidden,
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
            ref = tolka_pdf_writer_stream(ctx, w, tolka_strbuf_text(&bytes), bytes.length, copy);
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
    tolka_strbuf_add_str(after, content->text_open ? "\nET\n" : "\n");
    for (int i = 0; i < content->marks_open; i++)
        tolka_strbuf_add_str(after, "EMC\n");
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
static void surround_content(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *page,
                             const struct tolka_strbuf *before, const struct tolka_strbuf *after)
{
    pdf_obj *array = pdf_new_array(ctx, w->doc, 3);

    fz_try(ctx)
    {
        if (before->length)
            pdf_array_push_drop(ctx, array, tolka_pdf_writer_content(ctx, w, before));
        push_streams(ctx, array, pdf_dict_get(ctx, page, PDF_NAME(Contents)));
        pdf_array_push_drop(ctx, array, tolka_pdf_writer_content(ctx, w, after));
        pdf_dict_put(ctx, page, PDF_NAME(Contents), array);
    }
    fz_always(ctx) pdf_drop_obj(ctx, array);
    fz_catch(ctx) fz_rethrow(ctx);
}

static void replace_content(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *page,
                            struct tolka_strbuf *before, const struct tolka_strbuf *stripped,
                            const struct tolka_strbuf *after)
{
    tolka_strbuf_add(before, tolka_strbuf_text(stripped), stripped->length);
    tolka_strbuf_add(before, tolka_strbuf_text(after), after->length);
    pdf_dict_put_drop(ctx, page, PDF_NAME(Contents), tolka_pdf_writer_content(ctx, w, before));
}

/* Takes the old text off the page and puts `text` on it. */
static void change_page(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *page, bool all,
                        const struct tolka_strbuf *text)
{
    struct tolka_pdf_content content = {0};
    struct tolka_strbuf before = {0}, stripped = {0}, after = {0};
    fz_buffer *volatile buffer = NULL;
    pdf_obj *resources = pdf_dict_get_inheritable(ctx, page, PDF_NAME(Resources));

    w->forms = 0;
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
        tolka_pdf_writer_add_fonts(ctx, w, page);
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

/* Words that the page shows as text of its own: a glyph stands in the middle of them. NULL when there are
 * none. */
__attribute__((noinline)) /* its variables stay out of a frame that longjmp returns to */
static bool *
find_shown_words(struct tolka_arena *arena, const struct tolka_page *page,
                 const struct tolka_pdf_survey *survey)
{
    const fz_matrix m =
        fz_concat(tolka_pdf_shares(page), fz_scale((float)survey->width, (float)survey->height));
    bool *shown;

    if (!survey->visible_count || !tolka_textlayer_is_readable(survey) ||
        (double)survey->glyph_count * (double)page->word_count > MAX_OVERLAPS)
        return NULL;
    shown = tolka_arena_array(arena, page->word_count + 1, sizeof *shown);
    for (size_t i = 0; shown && i < page->word_count; i++) {
        const struct tolka_box box = tolka_page_to_image(page, page->words[i].box);
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

/* From pixels of the upright picture to the PDF page's own space. */
static fz_matrix page_frame(fz_context *ctx, pdf_page *pdf_page, const struct tolka_page *page)
{
    fz_rect bounds = fz_bound_page(ctx, (fz_page *)pdf_page), media;
    fz_matrix own;

    pdf_page_transform(ctx, pdf_page, &media, &own);
    return fz_concat(
        fz_concat(tolka_pdf_shares(page),
                  fz_make_matrix(bounds.x1 - bounds.x0, 0, 0, bounds.y1 - bounds.y0, bounds.x0, bounds.y0)),
        fz_invert_matrix(own));
}

static void write_page(fz_context *ctx, struct tolka_pdf_writer *w, const struct tolka_page *page,
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

static enum tolka_status survey_and_write(struct tolka_pdf *pdf, struct tolka_pdf_writer *w,
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
    struct tolka_pdf_writer w;
    volatile enum tolka_status status = TOLKA_OK;

    if (!tolka_pdf_writer_init(&w, ctx, (pdf_document *)pdf->doc))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < page_count && !status; i++)
        status = survey_and_write(pdf, &w, &pages[i], err);
    if (!status) {
        fz_try(ctx) tolka_pdf_writer_save(ctx, &w, out);
        fz_catch(ctx) status = tolka_pdf_caught(pdf, err);
    }
    tolka_pdf_writer_release(&w, ctx);
    return status;
}
