/*
 * A page's picture: decoding, and what makes it readable (turn, deskew, light, specks, rulings). Only the
 * files that share image_int.h include Leptonica; document.c, pdf.c and recognize.c include this.
 */
#ifndef TOLKA_EXTRACT_IMAGE_H
#define TOLKA_EXTRACT_IMAGE_H

#include "base/error.h"
#include "base/strbuf.h"
#include "extract/page.h"

#include <stdint.h>

struct Pix;
struct tolka_picture;

enum {
    TOLKA_MAX_PIXELS =
        200 * 1000 * 1000, /* an A0 sheet at 600 dpi is 560 million, an A3 one at 1000 dpi 190 million */
};

/* How samples are to be turned upright: first mirrored along the diagonal, then left-right, then top-bottom.
 */
struct tolka_turn {
    bool transpose, flip_x, flip_y;
};

/* Rows of 8-bit gray samples, 0 black, `stride` bytes apart. */
struct tolka_samples {
    const unsigned char *data;
    int width, height;
    size_t stride;
    float x_dpi, y_dpi; /* 0 when not known */
    bool bilevel;       /* only black and white are meant */
};

/*
 * Decodes page `number` (from 1) of a TIFF file in memory. `*out` is the caller's to free.
 * Errors FORMAT (damaged), LIMIT (more than TOLKA_MAX_PIXELS: told from the header, nothing is allocated),
 * MEMORY.
 */
enum tolka_status tolka_picture_decode(const void *bytes, size_t length, int number,
                                       struct tolka_picture **out, struct tolka_error *err);

/* As decode, but only the header of the first page is looked at. Errors FORMAT, LIMIT. */
enum tolka_status tolka_picture_check(const void *bytes, size_t length, struct tolka_error *err);

/* Copies samples and turns them. `*out` is the caller's to free. Errors LIMIT, MEMORY. */
enum tolka_status tolka_picture_from_samples(const struct tolka_samples *samples, struct tolka_turn turn,
                                             struct tolka_picture **out, struct tolka_error *err);

/*
 * Makes `picture` ready for recognition: upright, deskewed, evenly lit, without specks, at a resolution that
 * suits the recogniser. Sets width, height, dpi, rotation_deg and skew_deg of `page` and appends its rulings,
 * all in the prepared picture's frame; tolka_picture_restore() takes them to the file's. Errors MEMORY.
 */
enum tolka_status tolka_picture_prepare(struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err);

/* Takes a page that was read from a prepared picture to the resolution that the picture had in its file. */
void tolka_picture_restore(const struct tolka_picture *picture, struct tolka_page *page);

/* Sets width, height and dpi of `page` and nothing else. */
void tolka_picture_measure(const struct tolka_picture *picture, struct tolka_page *page);

/* Columns first .. end - 1 with ink, between columns without. */
struct tolka_run {
    int first, end;
};

/* What stands in a box of a prepared picture, rulings left out. */
struct tolka_ink {
    int dark;             /* dark pixels */
    float stroke_px;      /* mean length of the rows' dark runs: about the width of a stem */
    struct tolka_box box; /* around the dark pixels */
};

struct tolka_ink tolka_picture_ink(const struct tolka_picture *picture, struct tolka_box box);

/* Writes a byte for each pixel of the box, row by row: 1 for dark, 0 for light or outside of the picture. */
void tolka_picture_copy_ink(const struct tolka_picture *picture, struct tolka_box box, unsigned char *out);

/* The runs of columns with ink in the box from left to right; returns their number, which may be more than
 * the `max` that are written. */
size_t tolka_picture_runs(const struct tolka_picture *picture, struct tolka_box box, struct tolka_run *runs,
                          size_t max);

/* The box cut down to the most rows on end with ink: print without the rulings and the dirt over and under it. Empty where there
 * is no ink. */
struct tolka_box tolka_picture_rows(const struct tolka_picture *picture, struct tolka_box box);

/*
 * Ink that no word of `page` covers and that is of the height of letters: boxes of at most `max` such
 * stretches, top to bottom; returns how many.
 */
size_t tolka_picture_leftovers(const struct tolka_picture *picture, const struct tolka_page *page,
                               struct tolka_box *boxes, size_t max);

/* As leftovers, but single blobs that may be hyphens or dashes. */
size_t tolka_picture_flats(const struct tolka_picture *picture, const struct tolka_page *page,
                           struct tolka_box *boxes, size_t max);

/* The prepared pixels, borrowed; for recognize.c. */
struct Pix *tolka_picture_pix(const struct tolka_picture *picture);

/* Of the prepared pixels. */
int tolka_picture_dpi(const struct tolka_picture *picture);

/*
 * Appends a PNG of the picture (NULL: blank paper), as it was before it was prepared, with the boxes of `page` on it: words green, orange
 * when read badly, red when hardly read, blue when repaired; headings' lines purple, page furniture's brown; rulings cyan; tables magenta
 * with their cells. At most 1,700 pixels wide. Error MEMORY.
 */
enum tolka_status tolka_picture_draw(const struct tolka_picture *picture, const struct tolka_page *page, struct tolka_strbuf *png,
                                     struct tolka_error *err);

/*
 * Appends the picture as it was before it was prepared, turned clockwise by `rotation_deg` and small, as PNG or JPEG: at
 * most `max_bytes` where that leaves it legible. Error MEMORY.
 */
enum tolka_status tolka_picture_shrink(const struct tolka_picture *picture, int rotation_deg, size_t max_bytes,
                                       struct tolka_strbuf *out, struct tolka_error *err);

void tolka_picture_free(struct tolka_picture *picture);

#endif
