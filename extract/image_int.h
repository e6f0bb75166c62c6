/*
 * Inside of a picture: what image.c (decoding), prepare.c, turn.c, rulings.c, ink.c and image_draw.c share, the only files
 * that include Leptonica. Nobody else includes this.
 */
#ifndef TOLKA_EXTRACT_IMAGE_INT_H
#define TOLKA_EXTRACT_IMAGE_INT_H

#include "extract/image.h"
#include "extract/runs.h"

struct Boxa;
struct Pix;

struct tolka_picture {
    struct Pix *pix;    /* what is recognised */
    struct Pix *binary; /* the same at 1 bit, without rulings; after prepare */
    int dpi;            /* of pix */
    float factor;       /* px of pix per px of the file's picture; after prepare */
    int file_width, file_height, file_dpi;
    bool was_bilevel; /* in the file */
    bool is_grainy;
    int letter_px;    /* height of a common letter */
    int rotation_deg; /* the clockwise turn that made it upright */
    float skew_deg;
};

/* Replaces `*pix` by `next`; false, with `*pix` gone, when there is none. */
bool tolka_pix_replace(struct Pix **pix, struct Pix *next);

/* The box at `at`, which must be less than their number. */
struct tolka_box tolka_boxa_box(struct Boxa *boxes, int at);

/* Keeps Leptonica from printing; before any call of it. */
void tolka_pix_quiet(void);

/* The bits of a bilevel picture, borrowed. */
struct tolka_bits tolka_pix_bits(struct Pix *pix);

/* The quarter turns (clockwise, 0 to 3) that make the page upright; -1 when that cannot be told. */
int tolka_turn_find(struct Pix *binary, int dpi);

/* Rulings go to `page` and out of both pictures: read along, they come out as letters. False when out of
 * memory. */
bool tolka_picture_take_rulings(struct tolka_picture *picture, struct tolka_page *page);

/* Follows a thin ruling that runs across, beyond the ends of `piece`, over its breaks; paints what it adds into
 * `drawn` and returns the whole. */
struct tolka_box tolka_ruling_follow(const struct tolka_picture *picture, struct tolka_box piece,
                                     struct Pix *drawn);

#endif
