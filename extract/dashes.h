/* Hyphens and dashes inside of words, told by their length. recognize.c includes this. */
#ifndef TOLKA_EXTRACT_DASHES_H
#define TOLKA_EXTRACT_DASHES_H

#include "extract/page.h"

struct tolka_ink;
struct tolka_picture;

/* An ink's width against the size of print. */
bool tolka_dash_is_long(int width_px, float size_px);

/* Does a box of ink look like a hyphen or a dash in print of this size? */
bool tolka_dash_is_shaped(struct tolka_box ink, float size_px);

/* The same, and the box is mostly ink. */
bool tolka_dash_is_inked(const struct tolka_ink *ink, float size_px);

/* Puts an en dash (January–June) where the Swedish model, which has none, said a hyphen and the ink is longer
 * than one. Lines must have their size_px. */
void tolka_dashes_settle(const struct tolka_picture *picture, struct tolka_page *page);

#endif
