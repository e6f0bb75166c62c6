/* What a copy leaves of hairlines. prepare.c includes this. */
#ifndef TOLKA_EXTRACT_CRUMBS_H
#define TOLKA_EXTRACT_CRUMBS_H

#include "base/box.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Sets is_crumb[i] for each of `count` blobs of a deskewed page that is low and one of many in a row between
 * lines of print, whose letters are `letter_px` high. Blobs that are not crumbs get false.
 */
void tolka_crumbs_mark(const struct tolka_box *blobs, size_t count, int letter_px, bool *is_crumb);

#endif
