/*
 * Writing PDFs with MuPDF. A file is changed by appending where that can be (PDF 32000-1, 7.5.6), so that all
 * of its objects stay as they are; one that had to be mended or is new is written whole.
 */
#include "extract/pdf_writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What encryption takes for chance must come out the same again. */
static const uint16_t SEED[7] = {0x330E, 0, 0, 0xE66D, 0xDEEC, 5, 11};

bool tolka_pdf_writer_init(struct tolka_pdf_writer *w, fz_context *ctx, pdf_document *doc)
{
    *w = (struct tolka_pdf_writer){.doc = doc, .fonts = calloc(1, sizeof *w->fonts)};
    memcpy(ctx->seed48, SEED, sizeof SEED);
    return w->fonts != NULL;
}

pdf_obj *tolka_pdf_writer_stream(fz_context *ctx, struct tolka_pdf_writer *w, const void *bytes,
                                 size_t length, pdf_obj *dict)
{
    size_t packed_length = 0;
    unsigned char *packed = fz_new_deflated_data(ctx, &packed_length, bytes, length, FZ_DEFLATE_BEST);
    fz_buffer *volatile buffer = NULL;
    pdf_obj *volatile ref = NULL;

    fz_var(buffer);
    fz_try(ctx)
    {
        buffer = fz_new_buffer_from_data(ctx, packed, packed_length);
        packed = NULL;
        pdf_dict_del(ctx, dict, PDF_NAME(DecodeParms));
        pdf_dict_put(ctx, dict, PDF_NAME(Filter), PDF_NAME(FlateDecode));
        ref = pdf_add_stream(ctx, w->doc, buffer, dict, 1);
    }
    fz_always(ctx) fz_drop_buffer(ctx, buffer);
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

pdf_obj *tolka_pdf_writer_content(fz_context *ctx, struct tolka_pdf_writer *w,
                                  const struct tolka_strbuf *bytes)
{
    pdf_obj *dict = pdf_new_dict(ctx, w->doc, 2);
    pdf_obj *volatile ref = NULL;

    if (bytes->failed)
        fz_throw(ctx, FZ_ERROR_MEMORY, "out of memory");
    fz_try(ctx) ref = tolka_pdf_writer_stream(ctx, w, tolka_strbuf_text(bytes), bytes->length, dict);
    fz_always(ctx) pdf_drop_obj(ctx, dict);
    fz_catch(ctx) fz_rethrow(ctx);
    return ref;
}

pdf_obj *tolka_pdf_own_dict(fz_context *ctx, pdf_document *doc, pdf_obj *dict, pdf_obj *key, pdf_obj *now)
{
    pdf_obj *copy = pdf_is_dict(ctx, now) ? pdf_copy_dict(ctx, now) : pdf_new_dict(ctx, doc, 2);

    pdf_dict_put_drop(ctx, dict, key, copy);
    return copy;
}

/* Font 0 needs no more than its name: its encoding is its own; the others say widths and Unicode when all
 * pages are done. */
static pdf_obj *font_ref(fz_context *ctx, struct tolka_pdf_writer *w, int font)
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

static void finish_font(fz_context *ctx, struct tolka_pdf_writer *w, int font)
{
    struct tolka_strbuf map = {0};
    pdf_obj *dict = w->font_refs[font], *widths;

    pdf_dict_put_int(ctx, dict, PDF_NAME(FirstChar), TOLKA_PDF_EXTRA_FIRST);
    pdf_dict_put_int(ctx, dict, PDF_NAME(LastChar), 255);
    widths = pdf_dict_put_array(ctx, dict, PDF_NAME(Widths), TOLKA_PDF_EXTRA_SIZE);
    for (int i = 0; i < TOLKA_PDF_EXTRA_SIZE; i++)
        pdf_array_push_int(ctx, widths, TOLKA_PDF_EXTRA_WIDTH);
    tolka_pdf_fonts_to_unicode(w->fonts, font, &map);
    fz_try(ctx) pdf_dict_put_drop(ctx, dict, PDF_NAME(ToUnicode), tolka_pdf_writer_content(ctx, w, &map));
    fz_always(ctx) tolka_strbuf_release(&map);
    fz_catch(ctx) fz_rethrow(ctx);
}

void tolka_pdf_writer_add_fonts(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *page)
{
    pdf_obj *resources = pdf_dict_get_inheritable(ctx, page, PDF_NAME(Resources));
    pdf_obj *old_fonts = pdf_dict_get(ctx, resources, PDF_NAME(Font)), *fonts;

    resources = tolka_pdf_own_dict(ctx, w->doc, page, PDF_NAME(Resources), resources);
    if (!pdf_dict_len(ctx, old_fonts)) {
        if (!w->font_list)
            w->font_list = pdf_add_new_dict(ctx, w->doc, 2);
        pdf_dict_put(ctx, resources, PDF_NAME(Font), w->font_list);
        fonts = w->font_list;
    } else {
        fonts = tolka_pdf_own_dict(ctx, w->doc, resources, PDF_NAME(Font), old_fonts);
    }
    for (int font = 0; font < tolka_pdf_fonts_count(w->fonts); font++)
        pdf_dict_puts(ctx, fonts, tolka_pdf_font_name(font), font_ref(ctx, w, font));
}

/* The turn and the picture's place are undone. */
fz_matrix tolka_pdf_shares(const struct tolka_page *page)
{
    const float w = (float)page->width, h = (float)page->height;
    const bool placed = page->place[2] > page->place[0] && page->place[3] > page->place[1];
    const float x0 = placed ? page->place[0] : 0, y0 = placed ? page->place[1] : 0;
    const float x1 = placed ? page->place[2] : 1, y1 = placed ? page->place[3] : 1;
    fz_matrix m = fz_scale(1 / w, 1 / h);

    if (page->rotation_deg == 90)
        m = fz_concat(m, fz_make_matrix(0, -1, 1, 0, 0, 1));
    else if (page->rotation_deg == 180)
        m = fz_concat(m, fz_make_matrix(-1, 0, 0, -1, 1, 1));
    else if (page->rotation_deg == 270)
        m = fz_concat(m, fz_make_matrix(0, 1, -1, 0, 1, 0));
    return fz_concat(m, fz_make_matrix(x1 - x0, 0, 0, y1 - y0, x0, y0));
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

/*
 * A file is changed by appending when writing it whole would do harm: it would unpack object streams, undo an
 * encryption or break a signature. Else it is written whole with the same objects, which is shorter.
 */
static bool wants_appending(fz_context *ctx, pdf_document *doc)
{
    enum { SIGNATURES_EXIST = 1 };
    const int flags = pdf_to_int(ctx, pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/AcroForm/SigFlags"));

    if (!doc->file || !pdf_can_be_saved_incrementally(ctx, doc))
        return false;
    return doc->has_xref_streams || doc->crypt || (flags & SIGNATURES_EXIST);
}

void tolka_pdf_writer_save(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_strbuf *out)
{
    enum { UNUSED = 1, UNUSED_AND_NUMBERS }; /* what MuPDF leaves out; numbers of a file of others stay */
    struct sink sink = {out, out->length, out->length};
    pdf_write_options options = pdf_default_write_options;
    fz_output *output;

    for (int font = 1; font <= TOLKA_PDF_EXTRA_FONTS; font++) {
        if (w->font_refs[font])
            finish_font(ctx, w, font);
    }
    output = fz_new_output(ctx, 0, &sink, sink_write, NULL, NULL);

    output->seek = sink_seek;
    output->tell = sink_tell;
    output->as_stream = sink_as_stream;
    output->truncate = sink_truncate;
    options.do_incremental = wants_appending(ctx, w->doc);
    options.do_garbage = options.do_incremental ? 0 : w->doc->file ? UNUSED : UNUSED_AND_NUMBERS;
    options.dont_regenerate_id = 1;
    fz_try(ctx)
    {
        pdf_write_document(ctx, w->doc, output, &options);
        fz_close_output(ctx, output);
    }
    fz_always(ctx) fz_drop_output(ctx, output);
    fz_catch(ctx) fz_rethrow(ctx);
}

void tolka_pdf_writer_release(struct tolka_pdf_writer *w, fz_context *ctx)
{
    for (int i = 0; i <= TOLKA_PDF_EXTRA_FONTS; i++)
        pdf_drop_obj(ctx, w->font_refs[i]);
    pdf_drop_obj(ctx, w->font_list);
    tolka_arena_release(&w->arena);
    free(w->fonts);
}
