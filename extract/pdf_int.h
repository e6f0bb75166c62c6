/*
 * Inside of a PDF: what the files extract/pdf*.c share. They are the only ones that include MuPDF, and nobody
 * else includes this. MuPDF's errors are thrown by longjmp: none leaves these files.
 */
#ifndef TOLKA_EXTRACT_PDF_INT_H
#define TOLKA_EXTRACT_PDF_INT_H

#include "extract/pdf.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

struct tolka_pdf {
    fz_context *ctx;
    fz_document *doc;
    int page_count;
    bool damaged;
    bool over_limit;
    fz_image *scan; /* of the page surveyed last, kept */
    fz_matrix scan_ctm;
};

/* A context whose warnings and errors print nothing; NULL when out of memory. The caller drops it. */
fz_context *tolka_pdf_new_context(void);

/* In an fz_catch: what was thrown, as an error of ours. */
enum tolka_status tolka_pdf_caught(const struct tolka_pdf *pdf, struct tolka_error *err);

/* Throws, and notes in `pdf` that a limit is why, when the picture has more than TOLKA_MAX_PIXELS. */
void tolka_pdf_refuse_large(fz_context *ctx, struct tolka_pdf *pdf, const fz_image *image);

/*
 * Sets the page's size in px at the dpi of recognition, or coarser for a sheet beyond the limit, and gives
 * the matrix from page space to those pixels. Throws when the page has no size or is too large.
 */
fz_matrix tolka_pdf_page_frame(fz_context *ctx, fz_page *page, struct tolka_pdf_survey *survey);

#endif
