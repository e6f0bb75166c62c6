/* Pages with grids for tests of tables, written as arrays of cells. */
#ifndef TOLKA_TESTS_GRID_PAGES_H
#define TOLKA_TESTS_GRID_PAGES_H

#include "extract/page.h"

enum { GRID_PAGES_LEFT_PX = 100 };

/* A page with one grid; `cells` row by row, words parted by spaces, '|' before a word begins a new line. */
void grid_pages_make(struct tolka_page *page, int number, int rows, int columns, const char *const *cells);

/* Adds the words of `text` to the page and the cell, one line of the page a text line; `grid`: the lines'
 * grid, -1 for none. */
void grid_pages_add_words(struct tolka_page *page, struct tolka_grid_cell *cell, const char *text, int x,
                          int y, int grid);

#endif
