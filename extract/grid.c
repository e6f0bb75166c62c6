#include "extract/grid.h"

#include "extract/grid_flat.h"
#include "extract/grid_internal.h"
#include "extract/layout.h"

#include <stdlib.h>

static int by_reading_order(const void *a, const void *b)
{
    const struct tolka_grid *p = a, *q = b;
    bool beside = p->box.y0 < q->box.y1 && q->box.y0 < p->box.y1;

    if (beside && p->box.x0 != q->box.x0)
        return p->box.x0 < q->box.x0 ? -1 : 1;
    return (p->box.y0 > q->box.y0) - (p->box.y0 < q->box.y0);
}

/* Insertion sort: "beside" is no total order, and there are few grids. */
static void sort_grids(struct tolka_page *page)
{
    for (size_t i = 1; i < page->grid_count; i++) {
        struct tolka_grid moving = page->grids[i];
        size_t at = i;

        for (; at > 0 && by_reading_order(&page->grids[at - 1], &moving) > 0; at--)
            page->grids[at] = page->grids[at - 1];
        page->grids[at] = moving;
    }
}

/* A line stands in the grid that holds most of its words, if that is more than half of them. */
static bool mark_lines(struct tolka_page *page, struct tolka_arena *scratch)
{
    int *grid_of = tolka_arena_array(scratch, page->word_count + 1, sizeof *grid_of);

    if (!grid_of)
        return false;
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int w = 0; w < grid->cells[c].word_count; w++)
                grid_of[grid->cells[c].words[w]] = (int)g + 1;
        }
    }
    for (size_t i = 0; i < page->line_count; i++) {
        struct tolka_line *line = &page->lines[i];
        int candidate = 0, votes = 0, share = 0;

        for (int w = 0; w < line->word_count; w++) { /* Boyer and Moore's majority vote */
            int grid = grid_of[line->first_word + w];
            if (votes == 0)
                candidate = grid;
            votes += grid == candidate ? 1 : -1;
        }
        for (int w = 0; w < line->word_count; w++)
            share += grid_of[line->first_word + w] == candidate;
        line->grid = candidate && 2 * share > line->word_count ? candidate - 1 : -1;
    }
    return true;
}

static bool lines_are_sound(const struct tolka_page *page)
{
    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];
        if (line->first_word < 0 || line->word_count < 0 || (size_t)line->first_word > page->word_count ||
            (size_t)line->word_count > page->word_count - (size_t)line->first_word)
            return false;
    }
    return true;
}

static bool find_all(struct grid_search *search)
{
    return grid_search_rows(search) && grid_find_ruled(search) && grid_search_rows(search) && grid_find_banded(search) &&
           grid_search_rows(search) && grid_find_flat(search) && grid_search_rows(search) && grid_find_textual(search) &&
           grid_search_rows(search) && grid_find_unruled(search);
}

/* Looks again in each column alone where a table and the running text beside it were taken for one. */
static bool find_in_columns(struct grid_search *search)
{
    struct tolka_page *page = search->page;
    int parts, *part = tolka_gutters_part_words(page, &search->scratch, &parts);
    bool good = part != NULL;

    if (good && parts > 1)
        page->grid_count = 0;
    for (int p = 0; good && parts > 1 && p < parts; p++) {
        for (size_t i = 0; i < page->word_count; i++)
            search->taken[i] = part[i] != p;
        good = find_all(search);
    }
    return good;
}

enum tolka_status tolka_grids_find(struct tolka_page *page, struct tolka_error *err)
{
    struct grid_search search = {0};
    bool good;

    if (!lines_are_sound(page))
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "a line's words lie outside its page");
    good = grid_search_init(&search, page) && grid_search_rules(&search) && find_all(&search) && find_in_columns(&search);
    if (good) {
        sort_grids(page);
        good = mark_lines(page, &search.scratch);
    }
    tolka_arena_release(&search.scratch);
    return good ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory in finding tables");
}
