/*
 * Inside of the writing of PDFs: what pdf_write.c and pdf_pictures.c share; pdf_writer.c holds it. All of it
 * throws as MuPDF does. Nobody else includes this.
 */
#ifndef TOLKA_EXTRACT_PDF_WRITER_H
#define TOLKA_EXTRACT_PDF_WRITER_H

#include "extract/pdf_int.h"
#include "extract/pdf_text.h"

struct tolka_pdf_writer {
    pdf_document *doc; /* borrowed */
    struct tolka_pdf_fonts *fonts;
    pdf_obj *font_refs[1 + TOLKA_PDF_EXTRA_FONTS]; /* NULL until needed */
    pdf_obj *font_list;       /* what pages without fonts of their own share; NULL until needed */
    struct tolka_arena arena; /* of the page being written */
    int forms;                /* of the page being written, looked through for unseen text */
};

/* False when out of memory. Writing is the same again each time from here on, also where MuPDF asks for
 * chance. */
bool tolka_pdf_writer_init(struct tolka_pdf_writer *w, fz_context *ctx, pdf_document *doc);

/* Adds a stream with the entries of `dict` (changed), deflated. The caller drops the reference. */
pdf_obj *tolka_pdf_writer_stream(fz_context *ctx, struct tolka_pdf_writer *w, const void *bytes,
                                 size_t length, pdf_obj *dict);

/* As above, of a buffer and without further entries; throws when the buffer had failed. */
pdf_obj *tolka_pdf_writer_content(fz_context *ctx, struct tolka_pdf_writer *w,
                                  const struct tolka_strbuf *bytes);

/* Puts a copy of `now` (NULL or no dictionary: an empty one) into `dict` as `key`; borrowed, to be changed by
 * the caller. */
pdf_obj *tolka_pdf_own_dict(fz_context *ctx, pdf_document *doc, pdf_obj *dict, pdf_obj *key, pdf_obj *now);

/* Adds the fonts to the resources of a page object. */
void tolka_pdf_writer_add_fonts(fz_context *ctx, struct tolka_pdf_writer *w, pdf_obj *page);

/* From pixels of the upright picture of `page` to shares of the page as a viewer shows it. */
fz_matrix tolka_pdf_shares(const struct tolka_page *page);

/* A picture on its way into the file. */
struct tolka_pdf_embedding {
    const struct tolka_pdf_pictures *source; /* borrowed */
    pdf_obj *image;                          /* the image object; the caller drops it */
    int width, height;
    float x_dpi, y_dpi; /* 0 when not known */
};

/* Adds picture `number` (from 1) of the source without loss and fills the rest of `e`. */
void tolka_pdf_embed(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_pdf_embedding *e, int number);

/* Completes the fonts and appends the file to `out`. */
void tolka_pdf_writer_save(fz_context *ctx, struct tolka_pdf_writer *w, struct tolka_strbuf *out);

void tolka_pdf_writer_release(struct tolka_pdf_writer *w, fz_context *ctx);

#endif
