/* Which of a picture's connected components are dirt: geometry only. image.c includes this. */
#ifndef TOLKA_EXTRACT_SPECKS_H
#define TOLKA_EXTRACT_SPECKS_H

#include "base/box.h"

#include <stddef.h>

/* A connected component of dark pixels. */
struct tolka_blob {
    struct tolka_box box;
    int area; /* dark pixels */
    bool is_speck;
    bool is_leader; /* a dot of a dot leader */
};

/* The height of a common letter (px), from the heights of all blobs; dpi / 12 (a letter of 10 pt print) where
 * there are too few. */
int tolka_specks_letter_height(const struct tolka_blob *blobs, size_t count, int dpi);

/*
 * Sets is_speck of each blob that is much smaller than print and neither a letter's dot nor a mark on the
 * baseline. `keep_faint`: in a blurred gray picture the dark core of a dot may be a pixel or two, so size
 * alone condemns nothing. False when out of memory (then nothing is marked).
 */
bool tolka_specks_mark(struct tolka_blob *blobs, size_t count, int letter_px, bool keep_faint);

#endif
