/*
 * Signs told by the shape of their ink alone: what no engine says, or says at random. A box holds the sign
 * and nothing else. Blurred print is often not known again; other print is hardly ever taken for a sign.
 * symbols.c includes this.
 */
#ifndef TOLKA_EXTRACT_SHAPES_H
#define TOLKA_EXTRACT_SHAPES_H

#include "base/box.h"

#include <stddef.h>

struct tolka_picture;

enum tolka_shape {
    TOLKA_SHAPE_OTHER,
    TOLKA_SHAPE_PERCENT,  /* % */
    TOLKA_SHAPE_HALF,     /* ½ */
    TOLKA_SHAPE_SECTION,  /* § */
    TOLKA_SHAPE_NUMBER,   /* # */
    TOLKA_SHAPE_SLENDER,  /* a blurred § or something else as slender, but no $ */
    TOLKA_SHAPE_STAR,     /* *, wherever it stands */
};

/* The sign whose ink `box` of the prepared picture holds. OTHER as well for a box that is too small or too
 * large, or without memory. */
enum tolka_shape tolka_shape_of(const struct tolka_picture *picture, struct tolka_box box);

/* The middles (columns) of what has the shape of a ü in the box of a word, left to right: at most `max`; returns their number. */
size_t tolka_shape_find_umlauts(const struct tolka_picture *picture, struct tolka_box word, int *middles, size_t max);

#endif
