/*
 * Inside of a picture: what image.c and rulings.c share, the only two files that include Leptonica. Nobody
 * else includes this.
 */
#ifndef TOLKA_EXTRACT_IMAGE_INT_H
#define TOLKA_EXTRACT_IMAGE_INT_H

#include "extract/image.h"

struct Pix;

struct tolka_picture {
    struct Pix *pix;    /* what is recognised */
    struct Pix *binary; /* the same at 1 bit, without rulings; after prepare */
    int dpi;
    int scale;
    int letter_px; /* height of a common letter */
    int rotation_deg;
    float skew_deg;
};

/* Replaces `*pix` by `next`; false, with `*pix` gone, when there is none. */
bool tolka_pix_replace(struct Pix **pix, struct Pix *next);

/* Rulings go to `page` and out of both pictures: read along, they come out as letters. False when out of
 * memory. */
bool tolka_picture_take_rulings(struct tolka_picture *picture, struct tolka_page *page);

#endif
