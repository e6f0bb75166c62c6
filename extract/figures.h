/* What the recogniser left out of a figure, told by its ink: the minus and the decimal comma. recognize.c
 * includes this. */
#ifndef TOLKA_EXTRACT_FIGURES_H
#define TOLKA_EXTRACT_FIGURES_H

#include "extract/page.h"

struct tolka_picture;

/*
 * Lowers the confidence of words of digits whose ink is much too wide or too narrow for so many, as the page's
 * other figures go: a digit was lost or read twice.
 */
void tolka_figures_doubt(const struct tolka_picture *picture, struct tolka_page *page);

/*
 * Gives words of digits the minus before them and the decimal comma in them that stand in the picture but not
 * in their text; what was read becomes their first alternative. Lines must have their size_px. Memory that
 * runs out leaves words as they are.
 */
void tolka_figures_settle(const struct tolka_picture *picture, struct tolka_page *page);

#endif
