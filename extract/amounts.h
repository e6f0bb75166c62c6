/* Where a word of digits has lost its thousands spaces, and one of letters its space: geometry only. engine.c
 * and figures.c include this. */
#ifndef TOLKA_EXTRACT_AMOUNTS_H
#define TOLKA_EXTRACT_AMOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLKA_AMOUNT_CHARS = 32 };

/*
 * `text` has `count` characters (at most TOLKA_AMOUNT_CHARS), the ink of the i-th reaches from x0[i] to
 * x1[i]; `coarse`: that is known roughly only. Returns a bit for each character before which there is a
 * space: 1 << i.
 */
uint32_t tolka_amount_breaks(const uint32_t *text, const float *x0, const float *x1, size_t count,
                             bool coarse);

/*
 * Shares the runs of ink, in which neighbouring digits may touch, among `count` characters: as many to each
 * as its width suggests, so that it comes out even. Fills x0 and x1; false when it does not come out.
 */
bool tolka_amount_share_runs(const int *first, const int *end, size_t run_count, float *x0, float *x1,
                             size_t count);

struct tolka_run;

enum { TOLKA_AMOUNT_BLANKS = 4 };

/*
 * Where the lost spaces of a figure are by the blanks in its ink alone, for print that touches: between
 * groups of digits, and between the last digit and the letters of a unit ("595kr"). `size` is that of the
 * print, px. Returns a bit for each of the `count` characters before which there is a space, and the blanks
 * of these in order, at most TOLKA_AMOUNT_BLANKS; 0 when any blank lies where no space can be.
 */
uint32_t tolka_amount_spaces(const uint32_t *text, size_t count, const struct tolka_run *runs,
                             size_t run_count, float size, struct tolka_run *blanks);

/*
 * The blanks between the runs of a word's ink, of print of `size` px, that are too wide to lie between
 * letters: words were read as one. Writes at most `max` and returns their number; 0 where they cannot be told
 * from the others or are more.
 */
size_t tolka_amount_blanks(const struct tolka_run *runs, size_t run_count, float size,
                           struct tolka_run *blanks, size_t max);

#endif
