/* Thousands spaces with a speck in them. recognize.c includes this. */
#ifndef TOLKA_EXTRACT_GROUPS_H
#define TOLKA_EXTRACT_GROUPS_H

#include "extract/page.h"

/*
 * Parts words like "7.641" into their groups on a page whose other figures have spaces between theirs. Lines
 * must have their size_px. Memory that runs out leaves words as they are.
 */
void tolka_groups_settle(struct tolka_page *page);

#endif
