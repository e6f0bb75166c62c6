/* show_grids FILE.words...: finds the tables of saved pages and prints each, one row a line, cells separated
 * by " | ". */
#include "extract/grid.h"
#include "tests/support/saved_words.h"

#include <stdlib.h>

static void show_grid(const struct tolka_page *page, const struct tolka_grid *grid)
{
    printf("grid page %d box %d %d %d %d rows %d columns %d%s\n", page->number, grid->box.x0, grid->box.y0,
           grid->box.x1, grid->box.y1, grid->row_count, grid->column_count, grid->ruled ? " ruled" : "");
    for (int i = 0; i < grid->row_count * grid->column_count; i++) {
        const struct tolka_grid_cell *cell = &grid->cells[i];
        for (int w = 0; w < cell->word_count; w++)
            printf("%s%s", w ? " " : "", page->words[cell->words[w]].text);
        printf("%s", (i + 1) % grid->column_count ? " | " : "\n");
    }
}

static int show_file(const char *path)
{
    size_t count = 0;
    struct tolka_page *pages = saved_words_read(path, &count);
    struct tolka_error err = {0};

    for (size_t i = 0; i < count; i++) {
        if (tolka_grids_find(&pages[i], &err))
            fprintf(stderr, "%s: page %zu: %s\n", path, i + 1, err.message);
        for (size_t g = 0; g < pages[i].grid_count; g++)
            show_grid(&pages[i], &pages[i].grids[g]);
        tolka_page_release(&pages[i]);
    }
    free(pages);
    return count == 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= show_file(argv[i]);
    return failed;
}
