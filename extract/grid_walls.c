/*
 * The walls of a lattice: which sides of its cells are drawn. A piece of wall that the scan lost is told from
 * one that a spanning cell has not by the rest of the wall and by the words on its two sides.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>

/* In units of the median word height, but for the share. */
static const float WALL_SHARE = 0.45f; /* of a cell's side that a wall must cover */
static const float OVER_EDGE = 0.25f;  /* a word that reaches over an edge by more crosses it */
/* between lines of two cells over each other; within a cell it is at most 1.7 */
static const float CELL_STEP = 1.75f;
static const float CELL_GAP = 0.8f; /* between words of two cells beside each other */

static int nearest(const int *at, int count, int position)
{
    int best = 0;

    for (int i = 1; i < count; i++) {
        if (abs(at[i] - position) < abs(at[best] - position))
            best = i;
    }
    return best;
}

static void raise_walls(struct grid_lattice *lat)
{
    int columns = lat->x_count - 1, rows = lat->y_count - 1;

    for (int i = 0; i < lat->lost_count; i++) {
        int c = nearest(lat->xs, lat->x_count, lat->lost[i]);
        for (int r = 0; r < rows && c < columns; r++)
            lat->wall_left[r * columns + c] = 1;
    }

    for (int i = 0; i < lat->line_count; i++) {
        const struct tolka_box *box = &lat->lines[i]->box;
        if (lat->lines[i]->vertical) {
            int c = nearest(lat->xs, lat->x_count, (box->x0 + box->x1) / 2);
            for (int r = 0; r < rows && c < columns; r++) {
                int covered = grid_overlap(box->y0, box->y1, lat->ys[r], lat->ys[r + 1]);
                if ((float)covered >= WALL_SHARE * (float)(lat->ys[r + 1] - lat->ys[r]))
                    lat->wall_left[r * columns + c] = 1;
            }
        } else {
            int r = nearest(lat->ys, lat->y_count, (box->y0 + box->y1) / 2);
            for (int c = 0; c < columns && r < rows; c++) {
                int covered = grid_overlap(box->x0, box->x1, lat->xs[c], lat->xs[c + 1]);
                if ((float)covered >= WALL_SHARE * (float)(lat->xs[c + 1] - lat->xs[c]))
                    lat->wall_above[r * columns + c] = 1;
            }
        }
    }
}

/* Where the words of a cell lie, and whether one reaches over its upper or left edge. */
struct extent {
    bool any, crosses_above, crosses_left;
    int y_first, y_last; /* centres */
    int x0, x1;
};

int grid_interval(const int *at, int count, int position)
{
    for (int i = 0; i + 1 < count; i++) {
        if (position >= at[i] && position < at[i + 1])
            return i;
    }
    return -1;
}

static void note_word(const struct grid_search *search, const struct grid_lattice *lat,
                      const struct tolka_box *box, struct extent *extents)
{
    int y = (box->y0 + box->y1) / 2, over = grid_px(search, OVER_EDGE), columns = lat->x_count - 1;
    int row = grid_interval(lat->ys, lat->y_count, y),
        column = grid_interval(lat->xs, lat->x_count, (box->x0 + box->x1) / 2);
    struct extent *cell;

    if (row < 0 || column < 0)
        return;
    cell = &extents[row * columns + column];
    cell->crosses_above |= box->y0 < lat->ys[row] - over;
    cell->crosses_left |= box->x0 < lat->xs[column] - over;
    if (box->y1 > lat->ys[row + 1] + over && row + 2 < lat->y_count)
        cell[columns].crosses_above = true;
    if (box->x1 > lat->xs[column + 1] + over && column + 1 < columns)
        cell[1].crosses_left = true;
    cell->y_first = cell->any && cell->y_first < y ? cell->y_first : y;
    cell->y_last = cell->any && cell->y_last > y ? cell->y_last : y;
    cell->x0 = cell->any && cell->x0 < box->x0 ? cell->x0 : box->x0;
    cell->x1 = cell->any && cell->x1 > box->x1 ? cell->x1 : box->x1;
    cell->any = true;
}

/* Whether most pieces of the wall above row r (or left of column c, the other argument being -1) are drawn.
 */
static bool mostly_drawn(const struct grid_lattice *lat, int r, int c)
{
    int columns = lat->x_count - 1, rows = lat->y_count - 1, drawn = 0, count = c < 0 ? columns : rows;

    for (int i = 0; i < count; i++)
        drawn += c < 0 ? lat->wall_above[r * columns + i] : lat->wall_left[i * columns + c];
    return 2 * drawn >= count;
}

/*
 * A piece of wall that the scan lost, unlike one that a spanning cell has not: the rest of it is drawn, no
 * word crosses its place, and the words on its two sides are further apart than the lines or words of one
 * cell.
 */
static void mend_walls(const struct grid_search *search, struct grid_lattice *lat,
                       const struct extent *extents)
{
    int columns = lat->x_count - 1, rows = lat->y_count - 1;

    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            int i = r * columns + c;
            const struct extent *here = &extents[i];
            if (r && !lat->wall_above[i] && here->any && here[-columns].any && !here->crosses_above &&
                mostly_drawn(lat, r, -1))
                lat->wall_above[i] = here->y_first - here[-columns].y_last > grid_px(search, CELL_STEP);
            if (c && !lat->wall_left[i] && here->any && here[-1].any && !here->crosses_left &&
                mostly_drawn(lat, -1, c))
                lat->wall_left[i] = here->x0 - here[-1].x1 > grid_px(search, CELL_GAP);
        }
    }
}

bool grid_lattice_walls(struct grid_search *search, struct grid_lattice *lat)
{
    struct extent *extents = calloc((size_t)(lat->x_count - 1) * (size_t)(lat->y_count - 1), sizeof *extents);

    if (!extents)
        return false;
    raise_walls(lat);
    for (size_t i = 0; i < search->page->word_count; i++) {
        if (!search->taken[i] && grid_word_kind(&search->page->words[i], search->unit_px) != GRID_NOISE)
            note_word(search, lat, &search->page->words[i].box, extents);
    }
    mend_walls(search, lat, extents);
    free(extents);
    return true;
}
