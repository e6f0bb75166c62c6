#include "tests/support/grid_pages.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN_PX = 400, ROW_PX = 40, CHAR_PX = 10, TOP_PX = 300 };

void grid_pages_add_words(struct tolka_page *page, struct tolka_grid_cell *cell, const char *text, int x,
                          int y, int grid)
{
    char copy[512], *rest = NULL;
    struct tolka_line *line = NULL;

    snprintf(copy, sizeof copy, "%s", text);
    cell->words = tolka_arena_array(&page->arena, 64, sizeof *cell->words);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        struct tolka_word *w;
        const char *at = word;

        if (!line || *word == '|') {
            line = tolka_page_add_line(page);
            *line = (struct tolka_line){.first_word = (int)page->word_count,
                                        .grid = grid,
                                        .block = (int)page->line_count,
                                        .size_px = 24};
            at += *word == '|';
        }
        w = tolka_page_add_word(page);
        w->raw = w->text = tolka_arena_strdup(&page->arena, at);
        w->confidence = 0.95F;
        w->line = (int)page->line_count - 1;
        w->box = (struct tolka_box){x, y, x + CHAR_PX * (int)strlen(at), y + 24};
        x += CHAR_PX * ((int)strlen(at) + 1);
        line->box = tolka_box_union(line->box, w->box);
        line->word_count++;
        cell->box = tolka_box_union(cell->box, w->box);
        cell->words[cell->word_count++] = (int)page->word_count - 1;
    }
}

void grid_pages_make(struct tolka_page *page, int number, int rows, int columns, const char *const *cells)
{
    struct tolka_grid *grid;

    *page = (struct tolka_page){.number = number, .width = 2480, .height = 3508, .dpi = 300};
    grid = tolka_page_add_grid(page, rows, columns);
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            struct tolka_grid_cell *cell = &grid->cells[r * columns + c];

            grid_pages_add_words(page, cell, cells[r * columns + c], GRID_PAGES_LEFT_PX + c * COLUMN_PX,
                                 TOP_PX + r * ROW_PX, 0);
            grid->box = tolka_box_union(grid->box, cell->box);
        }
    }
}
