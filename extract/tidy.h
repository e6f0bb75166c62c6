/* What a recogniser's words are made better by without recognising again: the look of the ink under them.
 * recognize.c and engine.c include this. */
#ifndef TOLKA_EXTRACT_TIDY_H
#define TOLKA_EXTRACT_TIDY_H

#include "extract/image.h"
#include "extract/page.h"

/*
 * Drops words that are no print (nothing under them, remains of rulings, specks), tells bullets and dashes by
 * their shape, and sets each line's box, size_px and bold and each word's TOLKA_WORD_BOLD. Lines left without
 * words go.
 */
void tolka_tidy_words(const struct tolka_picture *picture, struct tolka_page *page);

/* The size of print (ascender to descender, px) that a word of this text and box height has. */
float tolka_tidy_size(const char *text, int height_px);

#endif
