/* A page as blocks of lines in reading order, for the writers of layouts (ALTO, hOCR). Only schema/ includes
 * this. */
#ifndef TOLKA_SCHEMA_BLOCKS_H
#define TOLKA_SCHEMA_BLOCKS_H

#include "extract/page.h"
#include "normalize/normalize.h"

enum tolka_block_kind { TOLKA_BLOCK_TEXT, TOLKA_BLOCK_TABLE, TOLKA_BLOCK_HEADER, TOLKA_BLOCK_FOOTER };

/* A line of a block: some words of a line of the page, left to right. */
struct tolka_block_line {
    const int *words; /* indices into page->words */
    int word_count;
    const char *hyphen_of; /* the whole word whose first half ends this line, else NULL */
    bool continues;        /* its first word is the other half of such a word */
    struct tolka_box box;  /* this and all boxes below: in the picture as scanned */
};

/* A paragraph, or what a table's cell holds. */
struct tolka_block_part {
    const struct tolka_block_line *lines;
    int line_count;
    int row, column; /* of a cell, from 0 */
    struct tolka_box box;
};

struct tolka_block {
    enum tolka_block_kind kind;
    int heading_level;                    /* 1..6 of a heading, else 0 */
    int grid;                             /* of a table, else -1 */
    const struct tolka_block_part *parts; /* one, or a table's cells that are not empty */
    int part_count;
    struct tolka_box box;
};

/* The blocks of `page` in reading order, page furniture last, in `arena`; NULL when out of memory. `model`
 * (NULL: shape alone) joins halves. */
struct tolka_block *tolka_page_blocks(const struct tolka_page *page, const struct tolka_model *model,
                                      struct tolka_arena *arena, size_t *count);

#endif
