/*
 * Specks. Far below the size of a dot (TINY) a blob is dirt wherever it lies. Up to the size of a dot (SMALL)
 * it is kept when it has the place of one: over a letter (i, j, å, ä, ö), beside a letter's foot (full stop,
 * comma), beside or over a blob of its own kind (colon, ellipsis, dot leader). Letters are found through a
 * hash of square cells, so that the work grows with the number of blobs only.
 */
#include "extract/specks.h"

#include <stdlib.h>
#include <string.h>

/* Areas as shares of the square of a letter's height: a dot of 10 pt print has about 0.04. */
static const float TINY = 0.012F, SMALL = 0.04F;

/* A hyphen is longer than this share of a letter's height, a dot is not. */
static const float DOT_LENGTH = 0.32F;

/* Reach of a dot over its letter and of a mark beside it, as shares of the letter's height. */
static const float REACH_OVER = 0.7F, REACH_BESIDE = 0.7F, FOOT = 0.35F;

/* A blob as high as TALL letters may have a descender (g, a parenthesis), which goes so far below the foot of
 * a full stop. */
static const float TALL = 1.25F, DESCENT = 0.65F;

/* A short hyphen or minus: so long (in heights of a letter) and so much longer than high, so close before a
 * letter or digit, with its middle between these shares of that one's height. */
static const float HYPHEN_LENGTH = 0.22F, HYPHEN_FLAT = 1.8F, HYPHEN_REACH = 0.45F, HYPHEN_HIGHEST = 0.35F,
                   HYPHEN_LOWEST = 0.75F;

enum { MIN_LETTERS = 20, HEIGHT_BINS = 1024, MAX_CELLS = 1 << 20 };

int tolka_specks_letter_height(const struct tolka_blob *blobs, size_t count, int dpi)
{
    const int least = dpi / 30 > 3 ? dpi / 30 : 3,
              most = dpi / 3 < HEIGHT_BINS - 1 ? dpi / 3 : HEIGHT_BINS - 1;
    int bins[HEIGHT_BINS] = {0};
    int letters = 0, seen = 0;

    for (size_t i = 0; i < count; i++) {
        const int high = tolka_box_height(blobs[i].box), wide = tolka_box_width(blobs[i].box);
        if (high < least || high > most || wide > 4 * high || high > 12 * wide)
            continue;
        bins[high]++;
        letters++;
    }
    if (letters < MIN_LETTERS)
        return dpi / 12;
    for (int high = 0; high < HEIGHT_BINS; high++) {
        seen += bins[high];
        if (2 * seen >= letters)
            return high;
    }
    return dpi / 12;
}

/* Blobs by the cell of their top left corner: head[cell] is the first, next[blob] the following, -1 the end.
 */
struct cells {
    int size_px, columns, rows;
    int *head, *next;
};

static bool fill_cells(struct cells *cells, const struct tolka_blob *blobs, size_t count, int letter_px)
{
    int x1 = 1, y1 = 1;

    for (size_t i = 0; i < count; i++) {
        x1 = blobs[i].box.x1 > x1 ? blobs[i].box.x1 : x1;
        y1 = blobs[i].box.y1 > y1 ? blobs[i].box.y1 : y1;
    }
    cells->size_px = 2 * letter_px;
    while ((size_t)(x1 / cells->size_px + 1) * (size_t)(y1 / cells->size_px + 1) > MAX_CELLS)
        cells->size_px *= 2;
    cells->columns = x1 / cells->size_px + 1;
    cells->rows = y1 / cells->size_px + 1;
    cells->head = malloc((size_t)cells->columns * (size_t)cells->rows * sizeof(int));
    cells->next = malloc((count + 1) * sizeof(int));
    if (!cells->head || !cells->next)
        return false;
    for (int i = 0; i < cells->columns * cells->rows; i++)
        cells->head[i] = -1;
    for (size_t i = 0; i < count; i++) {
        int *head =
            &cells
                 ->head[blobs[i].box.y0 / cells->size_px * cells->columns + blobs[i].box.x0 / cells->size_px];
        cells->next[i] = *head;
        *head = (int)i;
    }
    return true;
}

static int size_of(struct tolka_box box)
{
    return tolka_box_width(box) > tolka_box_height(box) ? tolka_box_width(box) : tolka_box_height(box);
}

/* Is `mark` flat, and half way up the letter or digit that it stands before? */
static bool is_hyphen_before(struct tolka_box mark, struct tolka_box letter, float unit)
{
    const float middle = (float)(mark.y0 + mark.y1) / 2 - (float)letter.y0,
                gap = (float)(letter.x0 - mark.x1), high = (float)tolka_box_height(letter),
                wide = (float)tolka_box_width(mark);

    return wide >= HYPHEN_LENGTH * unit && wide >= HYPHEN_FLAT * (float)tolka_box_height(mark) && gap >= 0 &&
           gap <= HYPHEN_REACH * unit && middle >= HYPHEN_HIGHEST * high && middle <= HYPHEN_LOWEST * high;
}

/* Does `mark` have the place of a dot, a hyphen or a full stop beside the blob `other`? */
static bool belongs_to(const struct tolka_blob *mark, const struct tolka_blob *other, int letter_px)
{
    const struct tolka_box m = mark->box, o = other->box;
    const float unit = (float)letter_px;
    const int across = tolka_box_gap_across(m, o);
    const bool is_letter = (float)other->area > SMALL * unit * unit && size_of(o) <= 8 * letter_px;
    const bool is_twin = 2 * other->area >= mark->area && other->area <= 2 * mark->area &&
                         (float)other->area > TINY * unit * unit;
    const bool is_tall = is_letter && (float)tolka_box_height(o) >= TALL * unit;

    if (!is_letter && !is_twin)
        return false;
    if (is_letter && is_hyphen_before(m, o, unit))
        return true;
    if (is_twin && across == 0 && (float)tolka_box_gap_down(m, o) < REACH_OVER * unit)
        return true;
    /* Letters that touch are one blob, as high as the highest of them: the dots of its lower ones lie within
     * its box. */
    if (is_letter && across == 0 && m.y1 <= o.y1 && (float)(o.y0 - m.y1) <= REACH_OVER * unit)
        return true;
    return (float)across <= REACH_BESIDE * unit && (float)(m.y1 - o.y1) <= FOOT * unit &&
           (float)(o.y1 - m.y1) <= (is_tall ? DESCENT : FOOT) * unit;
}

static bool has_company(const struct cells *cells, const struct tolka_blob *blobs, size_t at, int letter_px)
{
    const struct tolka_blob *mark = &blobs[at];
    const int column = mark->box.x0 / cells->size_px, row = mark->box.y0 / cells->size_px;

    for (int r = row - 2; r <= row + 1; r++) {
        for (int c = column - 4; c <= column + 1; c++) {
            if (r < 0 || c < 0 || r >= cells->rows || c >= cells->columns)
                continue;
            for (int i = cells->head[r * cells->columns + c]; i >= 0; i = cells->next[i]) {
                if ((size_t)i != at && belongs_to(mark, &blobs[i], letter_px))
                    return true;
            }
        }
    }
    return false;
}

bool tolka_specks_mark(struct tolka_blob *blobs, size_t count, int letter_px, bool keep_faint)
{
    struct cells cells = {0};
    const float unit = (float)letter_px;
    const bool good = letter_px > 0 && fill_cells(&cells, blobs, count, letter_px);

    for (size_t i = 0; good && i < count; i++) {
        const float area = (float)blobs[i].area;
        blobs[i].is_speck = (area < TINY * unit * unit && !keep_faint) ||
                            (area < SMALL * unit * unit && (float)size_of(blobs[i].box) < DOT_LENGTH * unit &&
                             !has_company(&cells, blobs, i, letter_px));
    }
    free(cells.head);
    free(cells.next);
    return good;
}
