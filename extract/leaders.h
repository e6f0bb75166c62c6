/* Dot leaders: the rows of dots between a title and its page number, or under a signature. Pure geometry. */
#ifndef TOLKA_EXTRACT_LEADERS_H
#define TOLKA_EXTRACT_LEADERS_H

#include "extract/specks.h"

/* Sets is_leader of each blob that is a dot of a leader; letters are `letter_px` high. False when out of
 * memory. */
bool tolka_leaders_mark(struct tolka_blob *blobs, size_t count, int letter_px);

#endif
