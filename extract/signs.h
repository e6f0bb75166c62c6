/* Signs that the Swedish model cannot say, where their shape tells them: no engine is asked. recognize.c and
 * symbols.c include this. */
#ifndef TOLKA_EXTRACT_SIGNS_H
#define TOLKA_EXTRACT_SIGNS_H

#include "extract/page.h"

struct tolka_picture;

/*
 * Puts % § ½ # * and ü where the ink of a word, or of a piece of it, has their shape (flag
 * TOLKA_WORD_SECOND_LOOK); a sign that stands apart becomes a word of its own. Lines must have their size_px.
 * Memory that runs out leaves words as they are.
 */
void tolka_signs_settle(const struct tolka_picture *picture, struct tolka_page *page);

/* The width, as a share of the size, from which on a gap after the character is a blank. */
float tolka_signs_blank_after(char character);

/*
 * Makes two words of word `at`: the first `head` bytes of its text, whose ink ends before column `end`, and
 * the rest, from column `x` on. False, and nothing is changed, when memory runs out. Pointers into
 * page->words are no longer good.
 */
bool tolka_signs_split_word(struct tolka_page *page, size_t at, size_t head, int end, int x);

#endif
