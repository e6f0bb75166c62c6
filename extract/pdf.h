/*
 * A PDF behind a plain interface: what a page holds (glyphs, drawn lines, images) and its pixels. pdf*.c are
 * the only files that include MuPDF; document.c and textlayer.c include this.
 */
#ifndef TOLKA_EXTRACT_PDF_H
#define TOLKA_EXTRACT_PDF_H

#include "base/error.h"
#include "base/strbuf.h"
#include "extract/page.h"

#include <stdint.h>

struct tolka_pdf;
struct tolka_picture;

/* One glyph of a page's own text, in px at the survey's dpi; (x, y) is its origin on the baseline, (end_x,
 * end_y) that of the next. */
struct tolka_glyph {
    uint32_t code; /* Unicode; U+FFFD where the font does not say */
    float x, y, end_x, end_y;
    float size_px;
    float ascent, descent; /* as shares of the size, descent negative */
    bool bold;
    bool visible;
};

/* What a page holds. All-zero is empty; release frees. */
struct tolka_pdf_survey {
    int width, height; /* px at `dpi`, upright */
    int dpi;
    struct tolka_glyph *glyphs; /* in the order of drawing */
    size_t glyph_count, glyph_capacity;
    struct tolka_ruling *rulings;
    size_t ruling_count, ruling_capacity;
    size_t visible_count; /* glyphs that a reader sees, white space apart */
    size_t image_count;
    size_t path_count; /* drawn shapes other than rulings */
    float image_cover; /* share of the page that its images cover, 0..1 */
    bool is_scan;      /* one image covers the page and nothing else is seen */
    float place[4];    /* of that image: x0, y0, x1, y1 as shares of the page's width and height */
};

/* Reads `bytes` (borrowed until free). Errors FORMAT, ENCRYPTED, MEMORY; their messages lack the file's name.
 */
enum tolka_status tolka_pdf_open(const void *bytes, size_t length, struct tolka_pdf **out,
                                 struct tolka_error *err);

int tolka_pdf_page_count(const struct tolka_pdf *pdf);

/* True when MuPDF had to mend the file, so far. */
bool tolka_pdf_was_damaged(const struct tolka_pdf *pdf);

/* Fills the empty `survey` with page `number` (from 1). Errors FORMAT, LIMIT, MEMORY. */
enum tolka_status tolka_pdf_survey(struct tolka_pdf *pdf, int number, struct tolka_pdf_survey *survey,
                                   struct tolka_error *err);

/*
 * The pixels of the page that was surveyed last: its image as it lies in the file when `survey->is_scan`,
 * else the page rendered in gray at the survey's dpi. `*out` is the caller's to free. Errors FORMAT, LIMIT,
 * MEMORY.
 */
enum tolka_status tolka_pdf_picture(struct tolka_pdf *pdf, int number, const struct tolka_pdf_survey *survey,
                                    struct tolka_picture **out, struct tolka_error *err);

/*
 * Decodes a PNG or JPEG file in memory: MuPDF's decoders report to us, Leptonica's print. Errors FORMAT,
 * LIMIT, MEMORY; what was cut off may come out as paper.
 */
enum tolka_status tolka_pdf_decode_image(const void *bytes, size_t length, struct tolka_picture **out,
                                         struct tolka_error *err);

/*
 * Appends a searchable copy of the PDF to `out`: the words of each of `pages` that was recognised stand unpainted in their places, and
 * an older such text is gone from those pages. Every other page and all pictures stay as they are. The bytes depend on the input alone.
 * Errors FORMAT, MEMORY.
 */
enum tolka_status tolka_pdf_write(struct tolka_pdf *pdf, const struct tolka_page *pages, size_t page_count, struct tolka_strbuf *out,
                                  struct tolka_error *err);

/* A file of pictures, borrowed: a TIFF, or one PNG or JPEG. */
struct tolka_pdf_pictures {
    const unsigned char *bytes;
    size_t length;
    bool is_tiff;
    int page_count;
};

/* As tolka_pdf_write, of pictures: each becomes a page that holds it without loss, where it can be as it lies in the file. */
enum tolka_status tolka_pdf_write_pictures(const struct tolka_pdf_pictures *source, const struct tolka_page *pages, size_t page_count,
                                           struct tolka_strbuf *out, struct tolka_error *err);

void tolka_pdf_survey_release(struct tolka_pdf_survey *survey);

void tolka_pdf_free(struct tolka_pdf *pdf);

#endif
