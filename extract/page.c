#include "extract/page.h"

#include <math.h>

enum { MAX_WORDS = 200000, MAX_LINES = 100000, MAX_RULINGS = 50000, MAX_GRIDS = 2000, MAX_CELLS = 200000 };

struct tolka_word *tolka_page_add_word(struct tolka_page *page)
{
    struct tolka_word *words;

    if (page->word_count >= MAX_WORDS)
        return NULL;
    words = tolka_arena_grow(&page->arena, page->words, page->word_count, &page->word_capacity, sizeof *words);
    if (!words)
        return NULL;
    page->words = words;
    words[page->word_count] = (struct tolka_word){.line = -1};
    return &words[page->word_count++];
}

struct tolka_line *tolka_page_add_line(struct tolka_page *page)
{
    struct tolka_line *lines;

    if (page->line_count >= MAX_LINES)
        return NULL;
    lines = tolka_arena_grow(&page->arena, page->lines, page->line_count, &page->line_capacity, sizeof *lines);
    if (!lines)
        return NULL;
    page->lines = lines;
    lines[page->line_count] = (struct tolka_line){.grid = -1};
    return &lines[page->line_count++];
}

struct tolka_ruling *tolka_page_add_ruling(struct tolka_page *page)
{
    struct tolka_ruling *rulings;

    if (page->ruling_count >= MAX_RULINGS)
        return NULL;
    rulings = tolka_arena_grow(&page->arena, page->rulings, page->ruling_count, &page->ruling_capacity, sizeof *rulings);
    if (!rulings)
        return NULL;
    page->rulings = rulings;
    rulings[page->ruling_count] = (struct tolka_ruling){0};
    return &rulings[page->ruling_count++];
}

struct tolka_grid *tolka_page_add_grid(struct tolka_page *page, int row_count, int column_count)
{
    struct tolka_grid *grids, *grid;

    if (page->grid_count >= MAX_GRIDS || row_count < 1 || column_count < 1 || row_count > MAX_CELLS / column_count)
        return NULL;
    grids = tolka_arena_grow(&page->arena, page->grids, page->grid_count, &page->grid_capacity, sizeof *grids);
    if (!grids)
        return NULL;
    page->grids = grids;
    grid = &grids[page->grid_count];
    *grid = (struct tolka_grid){.row_count = row_count, .column_count = column_count};
    grid->cells = tolka_arena_array(&page->arena, (size_t)row_count * (size_t)column_count, sizeof *grid->cells);
    if (!grid->cells)
        return NULL;
    page->grid_count++;
    return grid;
}

struct tolka_word_place *tolka_page_word_places(const struct tolka_page *page, struct tolka_arena *arena)
{
    struct tolka_word_place *places = tolka_arena_array(arena, page->word_count + 1, sizeof *places);

    for (size_t i = 0; places && i < page->word_count; i++)
        places[i] = (struct tolka_word_place){-1, -1};
    for (size_t g = 0; places && g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int k = 0; k < grid->cells[c].word_count; k++)
                places[grid->cells[c].words[k]] = (struct tolka_word_place){(int)g, c};
        }
    }
    return places;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* The centre turns with the page; the sides of so small a box do not change at the few degrees that a skew has. */
struct tolka_box tolka_page_to_image(const struct tolka_page *page, struct tolka_box box)
{
    const double angle = page->skew_deg * 3.14159265358979323846 / 180.0;
    const double cx = page->width / 2.0, cy = page->height / 2.0;
    double x = (box.x0 + box.x1) / 2.0 - cx, y = (box.y0 + box.y1) / 2.0 - cy;
    int dx, dy;

    if (tolka_box_is_empty(box) || page->skew_deg == 0)
        return box;
    dx = (int)lround(x * cos(angle) - y * sin(angle) - x);
    dy = (int)lround(x * sin(angle) + y * cos(angle) - y);
    return (struct tolka_box){clamp(box.x0 + dx, 0, page->width), clamp(box.y0 + dy, 0, page->height),
                              clamp(box.x1 + dx, 0, page->width), clamp(box.y1 + dy, 0, page->height)};
}

static void scale_box(struct tolka_box *box, double factor)
{
    *box = (struct tolka_box){(int)floor(box->x0 * factor), (int)floor(box->y0 * factor),
                              (int)ceil(box->x1 * factor), (int)ceil(box->y1 * factor)};
}

void tolka_page_scale(struct tolka_page *page, double factor)
{
    for (size_t i = 0; i < page->word_count; i++)
        scale_box(&page->words[i].box, factor);
    for (size_t i = 0; i < page->line_count; i++) {
        scale_box(&page->lines[i].box, factor);
        page->lines[i].size_px *= (float)factor;
    }
    for (size_t i = 0; i < page->ruling_count; i++)
        scale_box(&page->rulings[i].box, factor);
    for (size_t i = 0; i < page->grid_count; i++) {
        struct tolka_grid *grid = &page->grids[i];
        scale_box(&grid->box, factor);
        for (int c = 0; c < grid->row_count * grid->column_count; c++)
            scale_box(&grid->cells[c].box, factor);
    }
    page->width = (int)lround(page->width * factor);
    page->height = (int)lround(page->height * factor);
    page->dpi = (int)lround(page->dpi * factor);
}

void tolka_page_release(struct tolka_page *page)
{
    struct tolka_arena arena = page->arena;

    tolka_arena_release(&arena);
    *page = (struct tolka_page){0};
}
