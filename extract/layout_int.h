/* Internals shared by layout.c, columns.c, gutter*.c and paragraphs.c only. */
#ifndef TOLKA_EXTRACT_LAYOUT_INT_H
#define TOLKA_EXTRACT_LAYOUT_INT_H

#include "extract/page.h"

enum { TOLKA_MAX_GUTTERS = 24 };

/* Which side of a gutter holds notes: little text, set beside the other side's running text. */
enum tolka_notes_side { TOLKA_NOTES_NONE, TOLKA_NOTES_LEFT, TOLKA_NOTES_RIGHT };

/* A strip of white that parts two columns. */
struct tolka_gutter {
    struct tolka_box box;
    enum tolka_notes_side notes;
};

/* The columns' gutters of a page whose grids are found, the tallest first. Returns how many, -1 when out of memory. */
int tolka_gutters_find(const struct tolka_page *page, struct tolka_arena *scratch, struct tolka_gutter gutters[TOLKA_MAX_GUTTERS]);

/* Cuts gutters beside headings that stand over their columns; returns how many there are then. `gutters` has room for TOLKA_MAX_GUTTERS. */
int tolka_gutters_split_at_heads(const struct tolka_page *page, struct tolka_arena *scratch,
                                 struct tolka_gutter gutters[TOLKA_MAX_GUTTERS], int count);

/* Says of each of `count` lines that follow one another in one column whether it begins a paragraph: `starts[i]`. `gaps` is room for as many
 * numbers. */
void tolka_paragraphs_mark(const struct tolka_page *page, const struct tolka_line *lines, int count, bool *starts, int *gaps);

#endif
