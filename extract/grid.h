/*
 * Table grids from words and rulings: pure geometry, no language. Finds ruled, half-ruled and unruled tables
 * and appends them to page->grids; sets line.grid.
 */
#ifndef TOLKA_EXTRACT_GRID_H
#define TOLKA_EXTRACT_GRID_H

#include "base/error.h"
#include "extract/page.h"

/* Finds all tables of `page`. Words and lines must be filled. Error MEMORY. */
enum tolka_status tolka_grids_find(struct tolka_page *page, struct tolka_error *err);

#endif
