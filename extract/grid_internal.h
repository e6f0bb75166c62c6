/*
 * Internals shared by the grid_*.c files only. A search holds the page cut into tokens (words that matter),
 * chunks (tokens no further apart than a word space: a label or one cell's line) and visual rows (chunks on
 * one baseline).
 */
#ifndef TOLKA_EXTRACT_GRID_INTERNAL_H
#define TOLKA_EXTRACT_GRID_INTERNAL_H

#include "extract/page.h"

enum grid_kind {
    GRID_NOISE, /* speckle, remains of rulings */
    GRID_TEXT,
    GRID_FIGURE, /* an amount, a share, a year, a date */
    GRID_DASH,   /* a dash that stands for no amount */
    GRID_LEADER, /* dots or underscores that lead the eye, or wait for a signature */
};

struct grid_token {
    int word; /* index into page->words */
    enum grid_kind kind;
    int column; /* of the table that is being built, -1 outside */
};

struct grid_chunk {
    struct tolka_box box;
    int first_token, token_count;
    int row;
    enum grid_kind kind;
    bool period; /* a figure that is a year or a date */
    int group;   /* region that has claimed it as a figure, -1 */
};

struct grid_row {
    struct tolka_box box;
    int centre_px;
    int first_chunk, chunk_count;
    bool spans; /* heads over several columns of the table that is being built */
};

struct grid_search {
    struct tolka_page *page;
    struct tolka_arena scratch;
    float slope;          /* what is left of the page's skew: px down for each px to the right */
    float unit_px;        /* median height of a word's box: about 0.75 em */
    float advance_px;     /* median width of a letter, 0 where there are too few words to say */
    unsigned char *taken; /* by word: 1 when it stands in a grid */
    struct grid_token *tokens;
    struct grid_chunk *chunks;
    struct grid_row *rows;
    int token_count, chunk_count, row_count;
    struct tolka_ruling *rules; /* horizontal rulings, broken ones joined, from top to bottom */
    int rule_count;
};

/* A rectangle of visual rows that may be a table; only chunks that touch x0..x1 belong to it. */
struct grid_region {
    int first_row, last_row;
    int x0_px, x1_px;
};

/* A column: the span that its cells fill. */
struct grid_column {
    int x0_px, x1_px;
    int support;  /* rows with a cell in it */
    bool figures; /* most of its cells are figures */
};

/* What a table's rows were made of: visual row first_row + i goes to table row row_of[i] (-1: none). */
struct grid_draft {
    struct grid_region region;
    struct grid_column *columns;
    int column_count;
    int *row_of;
    int row_count;
};

enum { GRID_MAX_EDGES = 600 };

/* Rulings that cross, and the cells that they make. */
struct grid_lattice {
    const struct tolka_ruling **lines; /* of this lattice */
    int line_count;
    int xs[GRID_MAX_EDGES], ys[GRID_MAX_EDGES];
    int x_count, y_count;
    int lost[GRID_MAX_EDGES], lost_count;  /* verticals that are not drawn */
    unsigned char *wall_left, *wall_above; /* by cell */
    int *root;                             /* by cell: the first cell that it is one with */
};

/* grid_measure.c: false only when memory is out. */
bool grid_search_init(struct grid_search *search, struct tolka_page *page);
bool grid_is_large_word(const struct grid_search *search, int word);

/* grid_tokens.c: every function returns false only when memory is out. */
bool grid_search_rows(
    struct grid_search *search); /* cuts the words that are not taken into tokens, chunks and rows */
bool grid_search_rules(struct grid_search *search);
enum grid_kind grid_word_kind(const struct tolka_word *word, float unit_px);
bool grid_is_sentence(const struct grid_search *search, const struct grid_chunk *chunk);
bool grid_text_is_period(const char *text);
bool grid_rule_between(const struct grid_search *search, int y0_px, int y1_px, int x0_px, int x1_px,
                       float share);
bool grid_join_rulings(struct grid_search *search, bool vertical, struct tolka_ruling **out, int *count);

/* grid_emit.c */
bool grid_order_words(struct grid_search *search, int *words, int count);
bool grid_emit(struct grid_search *search, int row_count, int column_count, const int *words,
               const int *cells, int word_count, bool ruled);
bool grid_emit_draft(struct grid_search *search,
                     const struct grid_draft *draft); /* the tokens that have a column */

/* grid_ruled.c, grid_unruled.c, grid_textual.c, grid_banded.c: append the tables that they find. */
bool grid_find_ruled(struct grid_search *search);
bool grid_find_unruled(struct grid_search *search);
bool grid_find_textual(struct grid_search *search);
bool grid_find_banded(struct grid_search *search);

/* grid_walls.c: raises and mends the walls of a lattice whose edges are known; the interval of sorted `at`
 * that holds a position, -1. */
bool grid_lattice_walls(struct grid_search *search, struct grid_lattice *lat);
int grid_interval(const int *at, int count, int position);

/* grid_columns.c */
bool grid_columns_find(struct grid_search *search, const struct grid_region *region,
                       struct grid_draft *draft);
void grid_columns_assign(struct grid_search *search, struct grid_draft *draft);

/* The column that shares most with x0..x1, else the nearest. */
int grid_best_column(const struct grid_draft *draft, int x0, int x1);

/* grid_heads.c: sees to it that the heads of a row, which have columns already, stand over the right ones;
 * sets row->spans. */
void grid_heads_assign(struct grid_search *search, const struct grid_draft *draft, struct grid_row *row);

/* A part of a visual row. */
struct grid_stretch {
    int row, x0_px, x1_px;
};

/* grid_heads.c: whether two stretches have years or dates, and the same ones. */
bool grid_same_periods(const struct grid_search *search, struct grid_stretch a, struct grid_stretch b);

/* grid_lines.c */
bool grid_lines_join(struct grid_search *search, struct grid_draft *draft);

/* Figures that stand under each other; grid_groups.c. */
struct grid_group;

struct grid_groups {
    struct grid_group *items;
    size_t count, capacity;
};

bool grid_groups_find(struct grid_search *search, struct grid_groups *all);

/* The rows of a group with its heads; false when another table has them already. */
bool grid_groups_region(const struct grid_search *search, struct grid_groups *all, size_t index,
                        struct grid_region *region);

/* Boxes further off than any page is large are left out: sums of their sides must not overflow. */
static inline bool grid_is_sane(struct tolka_box box)
{
    enum { FARTHEST_PX = 1 << 20 };

    return box.x0 > -FARTHEST_PX && box.y0 > -FARTHEST_PX && box.x1 > -FARTHEST_PX && box.y1 > -FARTHEST_PX &&
           box.x0 < FARTHEST_PX && box.y0 < FARTHEST_PX && box.x1 < FARTHEST_PX && box.y1 < FARTHEST_PX;
}

static inline int grid_px(const struct grid_search *search, float units)
{
    return (int)(search->unit_px * units + 0.5f);
}

/* The height at which a box's middle would lie at the page's left edge, were its line followed there. */
static inline int grid_centre(const struct grid_search *search, struct tolka_box box)
{
    return (int)((float)(box.y0 + box.y1) / 2 - search->slope * (float)(box.x0 + box.x1) / 2);
}

static inline int grid_overlap(int a0, int a1, int b0, int b1)
{
    int low = a0 > b0 ? a0 : b0, high = a1 < b1 ? a1 : b1;

    return high > low ? high - low : 0;
}

static inline bool grid_in_region(const struct grid_chunk *chunk, const struct grid_region *region)
{
    return chunk->box.x0 < region->x1_px && chunk->box.x1 > region->x0_px;
}

#endif
