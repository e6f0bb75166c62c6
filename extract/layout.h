/* Layout: reading order and the role of each line; geometry only. */
#ifndef TOLKA_EXTRACT_LAYOUT_H
#define TOLKA_EXTRACT_LAYOUT_H

#include "base/error.h"
#include "extract/page.h"

enum {
    TOLKA_BLOCK_UNPLACED = -1, /* block of a recognised line that was found late: ordering gives it its place */
};

/*
 * Groups words into lines and puts lines into reading order: words of a line contiguous in page->words, blocks ascending.
 * For sources without lines of their own (a text layer); recognised pages are only put in order. Error MEMORY.
 */
enum tolka_status tolka_layout_order(struct tolka_page *page, struct tolka_error *err);

/*
 * Puts columns and side notes one behind another, after grids are found: lines that cross a gutter are parted, words and lines move, and
 * grids follow. Error MEMORY.
 */
enum tolka_status tolka_layout_columns(struct tolka_page *page, struct tolka_error *err);

/*
 * Where a table was taken over a gutter together with another column's running text: the number of its part of the page (0..*parts - 1) for
 * each word, in `scratch`, for tables to be looked for in each part alone. *parts is 1 where all is well. NULL when out of memory.
 */
int *tolka_gutters_part_words(struct tolka_page *page, struct tolka_arena *scratch, int *parts);

/* A mark of a list: a bullet or a dash; "1.", "12)" or "a)". */
bool tolka_is_bullet(const char *word);
bool tolka_is_item_number(const char *word);

/* Over all pages of a report: marks running headers, footers, page numbers and headings (role, heading_level). Call after grids are found. */
void tolka_layout_roles(struct tolka_page *pages, size_t page_count);

#endif
