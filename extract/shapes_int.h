/* The ink of a sign or a word as pixels: what shapes.c and shape_umlaut.c share. Nobody else includes this.
 */
#ifndef TOLKA_EXTRACT_SHAPES_INT_H
#define TOLKA_EXTRACT_SHAPES_INT_H

#include "base/box.h"

#include <stdbool.h>

struct tolka_picture;

enum { TOLKA_GLYPH_MOST_PX = 256, TOLKA_GLYPH_PARTS = 32 };

/* A part of the ink, or a hole in it. */
struct tolka_part {
    struct tolka_box box;
    int area;
};

struct tolka_glyph {
    int width, height;
    unsigned char *ink; /* width * height: 1 dark; to be freed */
    struct tolka_part parts[TOLKA_GLYPH_PARTS], holes[TOLKA_GLYPH_PARTS];
    int part_count, hole_count; /* TOLKA_GLYPH_PARTS + 1: too many */
};

/* Copies the ink in `box`. False, and nothing is to be freed, when it is smaller than print, wider than
 * `most_width`, higher than TOLKA_GLYPH_MOST_PX, or memory runs out. */
bool tolka_glyph_load(const struct tolka_picture *picture, struct tolka_box box, int most_width,
                      struct tolka_glyph *glyph);

/* Fills in the parts of the ink and, where they are wanted, the holes. False when there are too many, or no
 * memory. */
bool tolka_glyph_find_parts(struct tolka_glyph *glyph, bool with_holes);

#endif
