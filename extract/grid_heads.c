/*
 * Heads and the columns that they stand over. A head need not lie over its figures: it may begin at the left
 * edge of a column whose figures are set to the right, or stand in the middle of several columns.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

static const float OFF_MIDDLE = 0.25f; /* of the way between the outer columns' middles */

enum { MAX_HEADS = 64, MAX_PERIODS = 16 };

static int middle(int x0, int x1)
{
    return (x0 + x1) / 2;
}

static int column_of(const struct grid_search *search, const struct grid_chunk *chunk)
{
    return search->tokens[chunk->first_token].column;
}

static void put_head(struct grid_search *search, const struct grid_chunk *head, int column)
{
    for (int k = 0; k < head->token_count; k++)
        search->tokens[head->first_token + k].column = column;
}

/* The heads of a row: pieces that stand over columns of figures. `out` has room for MAX_HEADS. */
static int find_heads(const struct grid_search *search, const struct grid_draft *draft,
                      const struct grid_row *row, const struct grid_chunk **out)
{
    int count = 0;

    for (int i = 0; i < row->chunk_count && count < MAX_HEADS; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        const int column = column_of(search, chunk);

        if (column >= 0 && draft->columns[column].figures)
            out[count++] = chunk;
    }
    return count;
}

/* Whether a head stands in the middle of columns first to last, over neither of them alone. */
static bool is_centred(const struct grid_draft *draft, const struct grid_chunk *head, int first, int last)
{
    const int left = middle(draft->columns[first].x0_px, draft->columns[first].x1_px);
    const int right = middle(draft->columns[last].x0_px, draft->columns[last].x1_px);
    const int off = middle(head->box.x0, head->box.x1) - middle(left, right);

    return (float)abs(off) <= OFF_MIDDLE * (float)(right - left);
}

/* Whether a head says when: a year, a date, or words with such. */
static bool says_when(const struct grid_search *search, const struct grid_chunk *head)
{
    for (int k = 0; k < head->token_count; k++) {
        if (grid_text_is_period(search->page->words[search->tokens[head->first_token + k].word].text))
            return true;
    }
    return false;
}

/* Over which of its columns a head was set: their middle, the first, the last. */
enum place { PLACE_NONE, PLACE_MIDDLE, PLACE_FIRST, PLACE_LAST };

/* Words over a first or last column alone may be that column's own head, in two lines. */
static enum place place_of(const struct grid_search *search, const struct grid_draft *draft,
                           const struct grid_chunk *head, int first, int last)
{
    if (is_centred(draft, head, first, last))
        return PLACE_MIDDLE;
    if (!says_when(search, head))
        return PLACE_NONE;
    if (column_of(search, head) == first)
        return PLACE_FIRST;
    return column_of(search, head) == last ? PLACE_LAST : PLACE_NONE;
}

/*
 * A row of fewer heads than columns of figures, each over as many of them ("2024  2023" over "Budget Utfall
 * Budget Utfall"): every head goes to the first of its columns. One head alone is trusted only when it is a
 * year or a date.
 */
static bool put_spanning(struct grid_search *search, const struct grid_draft *draft,
                         const struct grid_chunk **heads, int count)
{
    int columns[MAX_HEADS] = {0}, column_count = 0, each;
    enum place place = PLACE_NONE;

    for (int c = 0; c < draft->column_count && column_count < MAX_HEADS; c++) {
        if (draft->columns[c].figures)
            columns[column_count++] = c;
    }
    if (count < 1 || column_count % count || column_count == count || (count == 1 && !heads[0]->period))
        return false;
    each = column_count / count;
    for (int i = 0; i < count; i++) {
        const enum place here =
            place_of(search, draft, heads[i], columns[i * each], columns[i * each + each - 1]);

        if (here == PLACE_NONE || (i > 0 && here != place) || (count == 1 && here != PLACE_MIDDLE))
            return false;
        place = here;
    }
    for (int i = 0; i < count; i++)
        put_head(search, heads[i], columns[i * each]);
    return true;
}

/* Two heads on one column, beside a column of figures that has none: one of them is that column's. */
static void spread(struct grid_search *search, const struct grid_draft *draft,
                   const struct grid_chunk **heads, int count)
{
    for (int i = 0; i + 1 < count; i++) {
        const int column = column_of(search, heads[i]);
        const int before = i > 0 ? column_of(search, heads[i - 1]) : -1;
        const int after = i + 2 < count ? column_of(search, heads[i + 2]) : draft->column_count;

        if (column_of(search, heads[i + 1]) != column)
            continue;
        if (column + 1 < after && draft->columns[column + 1].figures)
            put_head(search, heads[i + 1], column + 1);
        else if (column - 1 > before && column > 0 && draft->columns[column - 1].figures)
            put_head(search, heads[i], column - 1);
    }
}

void grid_heads_assign(struct grid_search *search, const struct grid_draft *draft, struct grid_row *row)
{
    const struct grid_chunk *heads[MAX_HEADS];
    const int count = find_heads(search, draft, row, heads);

    row->spans = put_spanning(search, draft, heads, count);
    if (!row->spans)
        spread(search, draft, heads, count);
}

/* The years and dates that begin in a stretch, at most MAX_PERIODS; their count. */
static int find_periods(const struct grid_search *search, struct grid_stretch at, const char **out)
{
    const struct grid_row *row = &search->rows[at.row];
    int count = 0;

    for (int i = 0; i < row->chunk_count && count < MAX_PERIODS; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];

        if (chunk->period && chunk->box.x0 >= at.x0_px && chunk->box.x0 < at.x1_px)
            out[count++] = search->page->words[search->tokens[chunk->first_token].word].text;
    }
    return count;
}

bool grid_same_periods(const struct grid_search *search, struct grid_stretch a, struct grid_stretch b)
{
    const char *first[MAX_PERIODS], *second[MAX_PERIODS];
    const int count = find_periods(search, a, first);

    if (!count || find_periods(search, b, second) != count)
        return false;
    for (int i = 0; i < count; i++) {
        if (strcmp(first[i], second[i]) != 0)
            return false;
    }
    return true;
}
