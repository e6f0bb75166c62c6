/*
 * A searchable PDF of pictures: each page is its picture, as pdf_embed.c puts it there, with the words
 * unpainted on it.
 */
#include "extract/pdf_writer.h"

#include <math.h>

static const float DEFAULT_DPI = 300;

/* The page's size in points: as recognition took the picture's resolution, else as the file tells it. */
static fz_rect page_box(const struct tolka_pdf_embedding *e, const struct tolka_page *page)
{
    const float dpi = page && page->dpi > 0 ? (float)page->dpi : 0;
    const float x_dpi = dpi > 0 && e->x_dpi == e->y_dpi ? dpi : e->x_dpi >= 1 ? e->x_dpi : DEFAULT_DPI;
    const float y_dpi = dpi > 0 && e->x_dpi == e->y_dpi ? dpi : e->y_dpi >= 1 ? e->y_dpi : DEFAULT_DPI;

    return fz_make_rect(0, 0, roundf((float)e->width * 7200 / x_dpi) / 100,
                        roundf((float)e->height * 7200 / y_dpi) / 100);
}

static void write_content(const struct tolka_page *page, fz_rect box, struct tolka_pdf_fonts *fonts,
                          struct tolka_strbuf *out)
{
    fz_matrix m;

    tolka_strbuf_addf(out, "q\n%g 0 0 %g 0 0 cm\n/Picture Do\nQ\n", (double)box.x1, (double)box.y1);
    if (!page || page->width < 1 || page->height < 1 || !page->word_count)
        return;
    m = fz_concat(tolka_pdf_shares(page), fz_make_matrix(box.x1, 0, 0, -box.y1, 0, box.y1));
    tolka_pdf_text_write(page, (const float[6]){m.a, m.b, m.c, m.d, m.e, m.f}, NULL, fonts, out);
}

static void add_page(fz_context *ctx, struct tolka_pdf_writer *w, const struct tolka_pdf_embedding *e,
                     const struct tolka_page *page)
{
    const fz_rect box = page_box(e, page);
    struct tolka_strbuf content = {0};
    pdf_obj *volatile resources = NULL;
    pdf_obj *volatile target = NULL;
    fz_buffer *volatile empty = NULL;

    write_content(page, box, w->fonts, &content);
    fz_try(ctx)
    {
        resources = pdf_new_dict(ctx, w->doc, 2);
        pdf_dict_puts(ctx, pdf_dict_put_dict(ctx, resources, PDF_NAME(XObject), 1), "Picture", e->image);
        empty = fz_new_buffer(ctx, 1);
        target = pdf_add_page(ctx, w->doc, box, 0, resources, empty);
        pdf_dict_del(ctx, target, PDF_NAME(Rotate));
        pdf_dict_put_drop(ctx, target, PDF_NAME(Contents), tolka_pdf_writer_content(ctx, w, &content));
        if (page && page->word_count)
            tolka_pdf_writer_add_fonts(ctx, w, target);
        pdf_insert_page(ctx, w->doc, -1, target);
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, resources);
        pdf_drop_obj(ctx, target);
        fz_drop_buffer(ctx, empty);
        tolka_strbuf_release(&content);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

static const struct tolka_page *lookup_page(const struct tolka_page *pages, size_t count, int number)
{
    for (size_t i = 0; i < count; i++) {
        if (pages[i].number == number)
            return &pages[i];
    }
    return NULL;
}

static void write_page(fz_context *ctx, struct tolka_pdf_writer *w, const struct tolka_pdf_pictures *source,
                       int number, const struct tolka_page *page)
{
    struct tolka_pdf_embedding e = {.source = source};

    fz_try(ctx)
    {
        tolka_pdf_embed(ctx, w, &e, number);
        add_page(ctx, w, &e, page);
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, e.image);
        tolka_arena_release(&w->arena);
    }
    fz_catch(ctx) fz_rethrow(ctx);
}

static void write_pages(fz_context *ctx, struct tolka_pdf_writer *w, const struct tolka_pdf_pictures *source,
                        const struct tolka_page *pages, size_t page_count)
{
    for (int number = 1; number <= source->page_count; number++)
        write_page(ctx, w, source, number, lookup_page(pages, page_count, number));
}

enum tolka_status tolka_pdf_write_pictures(const struct tolka_pdf_pictures *source,
                                           const struct tolka_page *pages, size_t page_count,
                                           struct tolka_strbuf *out, struct tolka_error *err)
{
    struct tolka_pdf pdf = {.ctx = tolka_pdf_new_context()};
    fz_context *ctx = pdf.ctx;
    pdf_document *volatile doc = NULL;
    struct tolka_pdf_writer w = {0};
    volatile enum tolka_status status = TOLKA_OK;

    if (!ctx)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    fz_try(ctx)
    {
        doc = pdf_create_document(ctx);
        if (!tolka_pdf_writer_init(&w, ctx, doc))
            fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
        write_pages(ctx, &w, source, pages, page_count);
        tolka_pdf_writer_save(ctx, &w, out);
    }
    fz_always(ctx)
    {
        tolka_pdf_writer_release(&w, ctx);
        pdf_drop_document(ctx, doc);
    }
    fz_catch(ctx) status = tolka_pdf_caught(&pdf, err);
    fz_drop_context(ctx);
    return status;
}
