/*
 * Tables that white space holds together: from a region to a table, or the judgement that it is none. What
 * has figures in columns and is no table: contents, the axes of charts, numbered lists, two lines that happen
 * to align.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>

/* In units of the median word height (about 0.75 em). */
static const float PARTING_GAP = 3.0f; /* white space between two tables side by side */
static const float LABEL_WIDTH = 5.0f;
static const float SHORT_LABEL_WIDTH = 2.5f; /* where the years of the first table come again */
static const float SURE_LABEL_WIDTH = 8.0f;  /* of labels that stand on few lines of their own */
static const float RIGHT_SHARE = 0.6f;       /* of a column's figures that must be aligned */

static const float PAGE_WIDTH = 2.5f; /* of a column of page numbers, at most */

enum { PAGE_DIGITS = 3, MAX_BESIDE = 4, CONTENTS_ROWS = 4, PAGES_A_HEADING = 20 };

struct census {
    int figures, rows, labelled, leaders, small, falling, aligned, long_amounts, heads;
};

static int digits_of(const struct grid_search *search, const struct grid_chunk *chunk, int *value)
{
    int digits = 0;

    *value = 0;
    for (int i = 0; i < chunk->token_count; i++) {
        for (const char *c = search->page->words[search->tokens[chunk->first_token + i].word].text; *c; c++) {
            if (*c < '0' || *c > '9')
                continue;
            *value = *value < 100000 ? *value * 10 + *c - '0' : *value;
            digits++;
        }
    }
    return digits;
}

static void count_row(const struct grid_search *search, const struct grid_draft *draft, int r,
                      struct census *n, int *last_value)
{
    const struct grid_row *row = &search->rows[r];
    bool figures = false, label = false;

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        const struct grid_column *column;
        int value, digits, c = search->tokens[chunk->first_token].column;
        if (chunk->kind == GRID_LEADER)
            n->leaders++;
        if (c < 0)
            continue;
        label |= chunk->kind == GRID_TEXT;
        n->heads += chunk->period || (chunk->kind == GRID_TEXT && c > 0);
        if (chunk->kind != GRID_FIGURE || chunk->period)
            continue;
        digits = digits_of(search, chunk, &value);
        column = &draft->columns[c];
        figures = true;
        n->figures++;
        n->small += digits <= PAGE_DIGITS;
        n->long_amounts += digits > PAGE_DIGITS;
        n->falling += value < *last_value;
        *last_value = value;
        n->aligned +=
            abs(column->x1_px - chunk->box.x1) <= grid_px(search, 0.8f) ||
            abs(column->x0_px - chunk->box.x0) <= grid_px(search, 0.8f) ||
            abs(column->x0_px + column->x1_px - chunk->box.x0 - chunk->box.x1) <= grid_px(search, 1.2f);
    }
    n->rows += figures;
    n->labelled += figures && label;
}

/* Headings with ascending page numbers far to the right of them, their leaders erased or not. */
static bool is_contents(const struct grid_search *search, const struct grid_draft *draft,
                        const struct census *n, int last_value)
{
    const struct grid_column *columns = draft->columns;

    if (n->small != n->figures)
        return false;
    if (2 * n->leaders > n->rows)
        return true;
    return draft->column_count == 2 && n->rows >= CONTENTS_ROWS && n->falling == 0 && n->heads == 0 &&
           n->labelled == n->rows && last_value > 1 && last_value < n->rows * PAGES_A_HEADING &&
           columns[1].x1_px - columns[1].x0_px < grid_px(search, PAGE_WIDTH);
}

/* What has figures in columns and is no table: contents, axes of charts, numbered lists, two lines that
 * happen to align. */
static bool is_table(const struct grid_search *search, const struct grid_draft *draft)
{
    struct census n = {0};
    int last_value = 0, figure_columns = 0;

    for (int c = 0; c < draft->column_count; c++)
        figure_columns += draft->columns[c].figures;
    for (int r = draft->region.first_row; r <= draft->region.last_row; r++)
        count_row(search, draft, r, &n, &last_value);
    if (draft->column_count < 2 || draft->row_count < 2 || n.rows < 1)
        return false;
    if ((float)n.aligned < RIGHT_SHARE * (float)n.figures || 3 * n.labelled < n.rows)
        return false;
    if (figure_columns == 1 && is_contents(search, draft, &n, last_value))
        return false;
    if (draft->column_count == 2 && draft->columns[0].figures && !draft->columns[1].figures)
        return false;
    if (n.rows == 1)
        return n.heads > 0 && n.long_amounts > 0;
    return n.rows > 2 || n.long_amounts > 0 || n.heads > 0 || figure_columns > 1;
}

/* Whether one row has the same years on both sides of x. */
static bool years_repeat(const struct grid_search *search, const struct grid_region *region, int x)
{
    for (int r = region->first_row; r <= region->last_row; r++) {
        if (grid_same_periods(search, (struct grid_stretch){r, region->x0_px, x},
                              (struct grid_stretch){r, x, region->x1_px}))
            return true;
    }
    return false;
}

/* Whether a column of text is wide enough, or has cells enough, for the labels of another table. */
static bool may_be_labels(const struct grid_search *search, const struct grid_draft *draft, int k)
{
    const struct grid_column *column = &draft->columns[k];
    const int width = column->x1_px - column->x0_px;
    const bool common = 3 * column->support >= column[-1].support;

    if (width >= grid_px(search, LABEL_WIDTH))
        return common || (column->support > 1 && width >= grid_px(search, SURE_LABEL_WIDTH));
    return common && width >= grid_px(search, SHORT_LABEL_WIDTH) &&
           years_repeat(search, &draft->region, (column[-1].x1_px + column->x0_px) / 2);
}

/*
 * Where two tables stand side by side: label, figures, label, figures. A single table with a column of text
 * among its figures has that column as near to them as the figures are to each other. Returns the x that
 * parts them, 0 for one table.
 */
static int find_parting(const struct grid_search *search, const struct grid_draft *draft)
{
    const struct grid_column *columns = draft->columns;

    for (int k = 1; k + 1 < draft->column_count; k++) {
        if (columns[k - 1].figures && !columns[k].figures && columns[k + 1].figures && !columns[0].figures &&
            columns[k].x0_px - columns[k - 1].x1_px >= grid_px(search, PARTING_GAP) &&
            may_be_labels(search, draft, k))
            return (columns[k].x0_px + columns[k - 1].x1_px) / 2;
    }
    return 0;
}

static bool try_part(struct grid_search *search, const struct grid_region *region, int *parting)
{
    struct grid_draft draft;

    if (!grid_columns_find(search, region, &draft))
        return false;
    if (draft.column_count < 2)
        return true;
    *parting = find_parting(search, &draft);
    if (*parting)
        return true;
    grid_columns_assign(search, &draft);
    if (!grid_lines_join(search, &draft))
        return false;
    return !is_table(search, &draft) || grid_emit_draft(search, &draft);
}

/* The region is one table or, from left to right, several side by side. */
static bool try_region(struct grid_search *search, const struct grid_region *region)
{
    struct grid_region rest = *region;

    for (int part = 0; part < MAX_BESIDE; part++) {
        struct grid_region left = rest;
        int parting = 0, none = 0;

        if (!try_part(search, &rest, &parting))
            return false;
        if (!parting)
            return true;
        left.x1_px = parting;
        if (!try_part(search, &left, &none))
            return false;
        rest.x0_px = parting;
    }
    return true;
}

bool grid_find_unruled(struct grid_search *search)
{
    struct grid_groups groups;
    struct grid_region region;
    bool good = grid_groups_find(search, &groups);

    for (size_t g = 0; good && g < groups.count; g++) {
        if (grid_groups_region(search, &groups, g, &region))
            good = try_region(search, &region);
    }
    return good;
}
