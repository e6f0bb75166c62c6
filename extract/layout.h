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

/* Over all pages of a report: marks running headers, footers, page numbers and headings (role, heading_level). Call after grids are found. */
void tolka_layout_roles(struct tolka_page *pages, size_t page_count);

#endif
