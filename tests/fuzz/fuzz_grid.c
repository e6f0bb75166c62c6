/*
 * Any words and rulings on a page through the search for tables: no fault, and every word in one cell at
 * most. Seven bytes make a word or a ruling; an odd number of bytes is a page of plain text.
 */
#include "extract/grid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 7, MAX_RECORDS = 400, PLACE = 8, PAGE = 256 * PLACE, HEIGHT = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_ruling(struct tolka_page *page, const uint8_t *at)
{
    struct tolka_ruling *ruling = tolka_page_add_ruling(page);
    const int x = at[1] * PLACE, y = at[2] * PLACE, length = at[3] * PLACE + 1;

    if (!ruling)
        return;
    ruling->vertical = at[0] & 2;
    ruling->box = ruling->vertical ? (struct tolka_box){x, y, x + 2, y + length}
                                   : (struct tolka_box){x, y, x + length, y + 2};
}

static void add_word(struct tolka_page *page, const uint8_t *at)
{
    static const char *const TEXTS[] = {"Summa", "1",   "234", "-5",   "2020",       "2019", "%", ".....",
                                        "-",     "Not", "kr",  "1116", "2020-12-31", "och",  "|", "Intäkter"};
    const char *text = TEXTS[at[4] % (sizeof TEXTS / sizeof *TEXTS)];
    const int x = at[1] * PLACE + at[5] % PLACE, y = at[2] * PLACE + at[6] % PLACE;
    const bool goes_on = (at[0] & 2) && page->line_count > 0;
    struct tolka_word *word = tolka_page_add_word(page);
    struct tolka_line *line = goes_on ? &page->lines[page->line_count - 1] : tolka_page_add_line(page);

    if (!word || !line)
        return;
    *word = (struct tolka_word){.box = {x, y, x + at[3] + 1, y + HEIGHT},
                                .raw = text,
                                .text = text,
                                .confidence = (float)(at[0] >> 2) / 63,
                                .line = (int)page->line_count - 1,
                                .flags = at[6] & 128 ? TOLKA_WORD_BOLD : 0};
    if (goes_on) {
        line->word_count++;
        line->box = tolka_box_union(line->box, word->box);
        return;
    }
    *line = (struct tolka_line){.box = word->box,
                                .first_word = (int)page->word_count - 1,
                                .word_count = 1,
                                .block = (int)page->line_count,
                                .size_px = HEIGHT,
                                .grid = -1};
}

static void check_cells(const struct tolka_page *page)
{
    static unsigned char seen[MAX_RECORDS];

    memset(seen, 0, sizeof seen);
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int k = 0; k < grid->cells[c].word_count; k++) {
                if (seen[grid->cells[c].words[k]]++)
                    abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tolka_page page = {.number = 1, .width = PAGE, .height = PAGE, .dpi = 200};
    struct tolka_error err = {0};

    page.plain_text = size % 2;
    for (size_t i = 0; i < size / RECORD && i < MAX_RECORDS; i++) {
        if (data[i * RECORD] & 1)
            add_ruling(&page, data + i * RECORD);
        else
            add_word(&page, data + i * RECORD);
    }
    if (tolka_grids_find(&page, &err) != TOLKA_OK)
        abort();
    check_cells(&page);
    tolka_page_release(&page);
    return 0;
}
