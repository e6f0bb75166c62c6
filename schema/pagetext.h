/* The text of a page as people read it. schema/ and writers only. */
#ifndef TOLKA_SCHEMA_PAGETEXT_H
#define TOLKA_SCHEMA_PAGETEXT_H

#include "base/strbuf.h"
#include "extract/page.h"
#include "normalize/normalize.h"

/*
 * The repaired words of a cell joined by one space, a word that was hyphenated at a line's end joined again (`model` NULL: by shape alone).
 * In the arena; NULL when out of memory.
 */
char *tolka_cell_text(const struct tolka_page *page, const struct tolka_grid_cell *cell, const struct tolka_model *model,
                      struct tolka_arena *arena);

/*
 * The repaired text of `page` in reading order with its line breaks; tables row by row, cells parted by a tab; running headers, footers
 * and page numbers last. In the arena; NULL when out of memory.
 */
char *tolka_page_text(const struct tolka_page *page, const struct tolka_model *model, struct tolka_arena *arena);

/* False for a line that was read so badly that it is handwriting or specks rather than print: it is no heading. */
bool tolka_line_is_legible(const struct tolka_page *page, const struct tolka_line *line);

#endif
