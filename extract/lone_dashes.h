/* Dashes that stand alone in a cell, found by their ink. recognize.c includes this. */
#ifndef TOLKA_EXTRACT_LONE_DASHES_H
#define TOLKA_EXTRACT_LONE_DASHES_H

#include "extract/image.h"
#include "extract/page.h"

/*
 * Adds a word "-" or "–", a line of its own, for each flat blob of ink that no word of `page` covers, alone
 * on a row of print and in a column of figures. Call when the page's words are tidied. Out of memory, or over
 * the page's bounds, it adds no more.
 */
void tolka_lone_dashes_add(const struct tolka_picture *picture, struct tolka_page *page);

#endif
