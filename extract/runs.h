/* Runs of dark pixels in the rows of a bilevel picture. Plain bits; ink.c, rulings.c include this. */
#ifndef TOLKA_EXTRACT_RUNS_H
#define TOLKA_EXTRACT_RUNS_H

#include <stdint.h>

/* Rows of 32-bit words, the most significant bit leftmost, 1 for dark. */
struct tolka_bits {
    uint32_t *words;
    int width, height; /* px */
    int stride;        /* words from one row to the next */
};

/* Clears every run of dark pixels in a row that is shorter than `least` (px). */
void tolka_runs_open(struct tolka_bits bits, int least);

/* Fills every gap between two dark pixels of a row that is shorter than `least` (px). */
void tolka_runs_close(struct tolka_bits bits, int least);

#endif
