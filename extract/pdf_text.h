/*
 * The words of a page as the content of a PDF page: text that is not painted, each word in its place. Plain
 * bytes, no MuPDF. pdf_write.c includes this.
 */
#ifndef TOLKA_EXTRACT_PDF_TEXT_H
#define TOLKA_EXTRACT_PDF_TEXT_H

#include "base/strbuf.h"
#include "extract/page.h"

#include <stdint.h>

enum {
    TOLKA_PDF_EXTRA_FIRST = 33, /* the first code of an extra font */
    TOLKA_PDF_EXTRA_SIZE = 256 - TOLKA_PDF_EXTRA_FIRST,
    TOLKA_PDF_EXTRA_FONTS = 4,
    TOLKA_PDF_EXTRA_WIDTH = 556, /* of each of its characters, thousandths of the size */
    TOLKA_PDF_MAX_EXTRAS = TOLKA_PDF_EXTRA_SIZE * TOLKA_PDF_EXTRA_FONTS,
};

/*
 * The fonts of one document: font 0 is Helvetica in WinAnsiEncoding, fonts 1 and on hold what that encoding
 * lacks, in the order in which it came. All-zero is a document without text.
 */
struct tolka_pdf_fonts {
    uint32_t extras[TOLKA_PDF_MAX_EXTRAS];
    int extra_count;
};

/* The number of fonts with all that was written so far. */
int tolka_pdf_fonts_count(const struct tolka_pdf_fonts *fonts);

/* The name of a font in a page's resources, static; font 0 .. TOLKA_PDF_EXTRA_FONTS. */
const char *tolka_pdf_font_name(int font);

/* Appends the CMap that takes the codes of font `font` (1 and on) to Unicode. */
void tolka_pdf_fonts_to_unicode(const struct tolka_pdf_fonts *fonts, int font, struct tolka_strbuf *out);

/*
 * Appends the repaired words of `page` to `out`, line by line. `frame` takes pixels of its upright picture to
 * the PDF page's own space (a b c d e f as in the cm operator); words whose flag in `skip` (NULL: none) is
 * set are left out. Check out->failed.
 */
void tolka_pdf_text_write(const struct tolka_page *page, const float frame[6], const bool *skip,
                          struct tolka_pdf_fonts *fonts, struct tolka_strbuf *out);

#endif
