/* Where a word of digits has lost its thousands spaces: geometry only. recognize.c includes this. */
#ifndef TOLKA_EXTRACT_AMOUNTS_H
#define TOLKA_EXTRACT_AMOUNTS_H

#include <stddef.h>
#include <stdint.h>

enum { TOLKA_AMOUNT_CHARS = 32 };

/*
 * `text` has `count` characters (at most TOLKA_AMOUNT_CHARS), the ink of the i-th reaches from x0[i] to x1[i]. Returns a bit for each
 * character before which there is a space: 1 << i.
 */
uint32_t tolka_amount_breaks(const uint32_t *text, const float *x0, const float *x1, size_t count);

#endif
