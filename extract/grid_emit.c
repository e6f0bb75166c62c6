/* From "this word stands in that cell" to a grid of the page model. */
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

/* Farthest that the centre of a word lies from the mean centre of its line within a cell, in units. */
static const float LINE_STEP = 0.55f;

/* A word that is alone in its column and read no better than this is no cell. */
static const float SPECK_CONFIDENCE = 0.5f;

enum { ROWS_OF_A_COLUMN = 5 };

struct placed_word {
    int word, centre, x0;
};

static int by_centre(const void *a, const void *b)
{
    const struct placed_word *p = a, *q = b;

    if (p->centre != q->centre)
        return p->centre < q->centre ? -1 : 1;
    return p->word - q->word;
}

static int by_left(const void *a, const void *b)
{
    const struct placed_word *p = a, *q = b;

    if (p->x0 != q->x0)
        return p->x0 < q->x0 ? -1 : 1;
    return p->word - q->word;
}

/* Puts the words of one cell in reading order: lines from top to bottom, each from left to right. */
bool grid_order_words(struct grid_search *search, int *words, int count)
{
    struct placed_word *placed = count > 1 ? malloc((size_t)count * sizeof *placed) : NULL;
    int first = 0;
    long long sum = 0;

    if (count < 2)
        return true;
    if (!placed)
        return false;
    for (int i = 0; i < count; i++) {
        const struct tolka_box *box = &search->page->words[words[i]].box;
        placed[i] = (struct placed_word){words[i], grid_centre(search, *box), box->x0};
    }
    qsort(placed, (size_t)count, sizeof *placed, by_centre);
    for (int i = 0; i < count; i++) {
        if (i > first &&
            (float)placed[i].centre - (float)sum / (float)(i - first) > LINE_STEP * search->unit_px) {
            qsort(placed + first, (size_t)(i - first), sizeof *placed, by_left);
            first = i;
            sum = 0;
        }
        sum += placed[i].centre;
    }
    qsort(placed + first, (size_t)(count - first), sizeof *placed, by_left);
    for (int i = 0; i < count; i++)
        words[i] = placed[i].word;
    free(placed);
    return true;
}

/* Numbers for the rows or columns that hold a word, in order; -1 for the empty ones. Returns how many there
 * are. */
static int number_used(const int *cells, int word_count, int columns, bool rows, int *number, int count)
{
    int used = 0;

    memset(number, 0, (size_t)count * sizeof *number);
    for (int i = 0; i < word_count; i++)
        number[rows ? cells[i] / columns : cells[i] % columns] = 1;
    for (int i = 0; i < count; i++)
        number[i] = number[i] ? used++ : -1;
    return used;
}

static bool fill_cells(struct grid_search *search, struct tolka_grid *grid, const int *words,
                       const int *cells, int word_count)
{
    for (int i = 0; i < word_count; i++)
        grid->cells[cells[i]].word_count++;
    for (int c = 0; c < grid->row_count * grid->column_count; c++) {
        struct tolka_grid_cell *cell = &grid->cells[c];
        if (cell->word_count && !(cell->words = tolka_arena_array(
                                      &search->page->arena, (size_t)cell->word_count, sizeof *cell->words)))
            return false;
        cell->word_count = 0;
    }
    for (int i = 0; i < word_count; i++) {
        struct tolka_grid_cell *cell = &grid->cells[cells[i]];
        cell->words[cell->word_count++] = words[i];
        cell->box = tolka_box_union(cell->box, search->page->words[words[i]].box);
        grid->box = tolka_box_union(grid->box, search->page->words[words[i]].box);
        search->taken[words[i]] = 1;
    }
    for (int c = 0; c < grid->row_count * grid->column_count; c++) {
        if (!grid_order_words(search, grid->cells[c].words, grid->cells[c].word_count))
            return false;
    }
    return true;
}

/*
 * Appends a grid: words[i] stands in cell cells[i] of row_count x column_count. Rows and columns without a
 * word are left out. A grid over the page's bounds is left out too; false only when memory is out.
 */
bool grid_emit(struct grid_search *search, int row_count, int column_count, const int *words,
               const int *cells, int word_count, bool ruled)
{
    int *rows = tolka_arena_array(&search->scratch, (size_t)row_count + 1, sizeof *rows);
    int *columns = tolka_arena_array(&search->scratch, (size_t)column_count + 1, sizeof *columns);
    int *moved = tolka_arena_array(&search->scratch, (size_t)word_count + 1, sizeof *moved);
    struct tolka_grid *grid;
    int used_rows, used_columns;

    if (!rows || !columns || !moved)
        return false;
    used_rows = number_used(cells, word_count, column_count, true, rows, row_count);
    used_columns = number_used(cells, word_count, column_count, false, columns, column_count);
    grid = tolka_page_add_grid(search->page, used_rows, used_columns);
    if (!grid)
        return true;
    for (int i = 0; i < word_count; i++)
        moved[i] = rows[cells[i] / column_count] * used_columns + columns[cells[i] % column_count];
    grid->ruled = ruled;
    return fill_cells(search, grid, words, moved, word_count);
}

struct placed_tokens {
    int *words, *cells, count;
};

/* A column of one badly read cell in a table of many rows is specks beside the column before it. */
static void drop_speck_columns(const struct grid_search *search, const struct grid_draft *draft,
                               struct placed_tokens *placed)
{
    for (int c = 1; c < draft->column_count && draft->row_count >= ROWS_OF_A_COLUMN; c++) {
        int row = -1;
        bool specks = true;

        for (int i = 0; i < placed->count && specks; i++) {
            if (placed->cells[i] % draft->column_count != c)
                continue;
            specks = (row < 0 || row == placed->cells[i] / draft->column_count) &&
                     search->page->words[placed->words[i]].confidence < SPECK_CONFIDENCE;
            row = placed->cells[i] / draft->column_count;
        }
        for (int i = 0; i < placed->count && specks; i++)
            placed->cells[i] -= placed->cells[i] % draft->column_count == c;
    }
}

/* Emits the tokens that have a column. */
bool grid_emit_draft(struct grid_search *search, const struct grid_draft *draft)
{
    const struct grid_row *first = &search->rows[draft->region.first_row],
                          *last = &search->rows[draft->region.last_row];
    int from = search->chunks[first->first_chunk].first_token, count = 0;
    const struct grid_chunk *end = &search->chunks[last->first_chunk + last->chunk_count - 1];
    int to = end->first_token + end->token_count;
    struct placed_tokens placed;

    placed.words = tolka_arena_array(&search->scratch, (size_t)(to - from) + 1, sizeof *placed.words);
    placed.cells = tolka_arena_array(&search->scratch, (size_t)(to - from) + 1, sizeof *placed.cells);
    if (!placed.words || !placed.cells)
        return false;
    for (int r = draft->region.first_row; r <= draft->region.last_row; r++) {
        int table_row = draft->row_of[r - draft->region.first_row];
        const struct grid_row *row = &search->rows[r];
        for (int i = 0; table_row >= 0 && i < row->chunk_count; i++) {
            const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
            for (int k = 0; k < chunk->token_count; k++) {
                const struct grid_token *token = &search->tokens[chunk->first_token + k];
                if (token->column < 0 || search->taken[token->word])
                    continue;
                placed.words[count] = token->word;
                placed.cells[count++] = table_row * draft->column_count + token->column;
            }
        }
    }
    placed.count = count;
    drop_speck_columns(search, draft, &placed);
    return count == 0 ||
           grid_emit(search, draft->row_count, draft->column_count, placed.words, placed.cells, count, false);
}
