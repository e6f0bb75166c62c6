/*
 * Symbols that the Swedish model cannot say: where one may hide, and what a second reading makes of it.
 * recognize.c includes this and brings the second engine.
 */
#ifndef TOLKA_EXTRACT_SYMBOLS_H
#define TOLKA_EXTRACT_SYMBOLS_H

#include "extract/page.h"

struct tolka_picture;

enum { TOLKA_READING_BYTES = 128 };

/* Reads the line of print in `box` again and writes it, without white space, to `text`; false when it cannot.
 */
typedef bool tolka_reread_fn(void *user, struct tolka_box box, char text[TOLKA_READING_BYTES]);

/*
 * Looks again at what may be a percent or a section sign beside a figure. A word is altered (flag
 * TOLKA_WORD_SECOND_LOOK) only when the second reading agrees with the first on all else. `picture` (NULL:
 * unknown) tells whether a sign stood apart from its figure. Error-free: memory that runs out leaves words as
 * they are.
 */
void tolka_symbols_settle(struct tolka_page *page, const struct tolka_picture *picture,
                          tolka_reread_fn *reread, void *user);

#endif
