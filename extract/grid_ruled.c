/*
 * Tables drawn with rulings. Rulings that cross are one lattice; the distinct positions of its verticals and
 * horizontals are the edges of rows and columns. Two neighbouring cells without a drawn wall between them are
 * one (a union-find over cells), whose words go to its first. An outer edge that the scan lost is taken from
 * where the crossing lines end. A lattice without rules between the rows is left to white space.
 */
#include "base/order.h"
#include "base/utf8.h"
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

/* In units of the median word height. */
static const float TOUCH = 0.8f; /* rulings that miss each other by less still meet */
/* of its length that a ruling may have lost at an end, at most MOST_FADED units */
static const float FADED_SHARE = 0.3f;
static const float MOST_FADED = 2.0f;
static const float SAME_EDGE = 0.6f; /* edges closer than this are one */
/* lines that reach this far beyond the last edge say that an edge was lost */
static const float OVERHANG = 1.5f;
static const float LOST_GAP = 1.0f; /* white space where a vertical was lost */
static const float FLUSH = 0.5f;
static const float WIDE_COLUMN = 20.0f;
static const float WALL_WIDTH = 0.08f;  /* beside the middle of a wall: half its width */
static const float FILLED_SHARE = 0.3f; /* of the cells: a chart's lattice is nearly empty */

enum { MAX_RULES = 3000, MAX_CELLS = 40000, LEAST_FLUSH = 4, LEAST_STACKED = 3 };

static int find_root(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void unite(int *parent, int a, int b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

/* How far a ruling may end before the one that it should meet: a faint one is lost from its ends. */
static int reach(const struct grid_search *search, int length)
{
    int share = (int)(FADED_SHARE * (float)length), most = grid_px(search, MOST_FADED),
        least = grid_px(search, TOUCH);

    return share > most ? most : share > least ? share : least;
}

static bool cross(const struct grid_search *search, const struct tolka_ruling *h,
                  const struct tolka_ruling *v)
{
    int beside = reach(search, tolka_box_width(h->box)), above = reach(search, tolka_box_height(v->box));
    int x = (v->box.x0 + v->box.x1) / 2, y = (h->box.y0 + h->box.y1) / 2;

    return x >= h->box.x0 - beside && x <= h->box.x1 + beside && y >= v->box.y0 - above &&
           y <= v->box.y1 + above;
}

/* Sorts positions and joins those closer than `near`. */
static int cluster(int *at, int count, int near)
{
    int kept = 0;

    qsort(at, (size_t)count, sizeof *at, tolka_order_ints);
    for (int i = 0; i < count; i++) {
        if (kept == 0 || at[i] - at[kept - 1] > near)
            at[kept++] = at[i];
    }
    return kept;
}

static void add_edge(int *at, int *count, int position)
{
    if (*count < GRID_MAX_EDGES)
        at[(*count)++] = position;
}

/* The outer edge that the ends of the crossing lines show, where it is not drawn itself. */
static void add_lost_edges(struct grid_lattice *lat, bool vertical, int overhang)
{
    int *at = vertical ? lat->xs : lat->ys, *count = vertical ? &lat->x_count : &lat->y_count;
    int low = 0, high = 0, lines = 0, first = at[0], last = at[*count - 1];

    for (int i = 0; i < lat->line_count; i++) {
        const struct tolka_box *box = &lat->lines[i]->box;
        int start = vertical ? box->x0 : box->y0, end = vertical ? box->x1 : box->y1;

        if (lat->lines[i]->vertical == vertical)
            continue;
        low += start < at[0] - overhang;
        high += end > at[*count - 1] + overhang;
        first = start < first ? start : first;
        last = end > last ? end : last;
        lines++;
    }
    if (2 * low > lines)
        add_edge(at, count, first);
    if (2 * high > lines)
        add_edge(at, count, last);
    qsort(at, (size_t)*count, sizeof *at, tolka_order_ints);
}

static bool find_edges(const struct grid_search *search, struct grid_lattice *lat)
{
    lat->x_count = lat->y_count = 0;
    for (int i = 0; i < lat->line_count; i++) {
        const struct tolka_box *box = &lat->lines[i]->box;
        if (lat->lines[i]->vertical)
            add_edge(lat->xs, &lat->x_count, (box->x0 + box->x1) / 2);
        else
            add_edge(lat->ys, &lat->y_count, (box->y0 + box->y1) / 2);
    }
    if (!lat->x_count || !lat->y_count)
        return false;
    lat->x_count = cluster(lat->xs, lat->x_count, grid_px(search, SAME_EDGE));
    lat->y_count = cluster(lat->ys, lat->y_count, grid_px(search, SAME_EDGE));
    add_lost_edges(lat, true, grid_px(search, OVERHANG));
    add_lost_edges(lat, false, grid_px(search, OVERHANG));
    return lat->x_count > 2 && lat->y_count > 1 && (lat->x_count - 1) * (lat->y_count - 1) <= MAX_CELLS;
}

struct span {
    int x0, x1;
};

static int by_left(const void *a, const void *b)
{
    const struct span *p = a, *q = b;

    return (p->x0 > q->x0) - (p->x0 < q->x0);
}

/*
 * A vertical that the scan lost whole: white space through all lines of a wide column, with the words right
 * of it set flush. Returns its x, 0 when there is none. `spans` are the column's words from left to right.
 */
static int find_lost_vertical(const struct grid_search *search, const struct span *spans, int count)
{
    int right = spans[0].x1, best = 0, best_gap = grid_px(search, LOST_GAP);

    for (int i = 1; i < count; i++) {
        int flush = 0;
        if (spans[i].x0 - right > best_gap && 4 * i >= count && 4 * (count - i) >= count) {
            for (int k = i; k < count && spans[k].x0 - spans[i].x0 <= grid_px(search, FLUSH); k++)
                flush++;
            if (flush >= LEAST_FLUSH) {
                best = (right + spans[i].x0) / 2;
                best_gap = spans[i].x0 - right;
            }
        }
        right = spans[i].x1 > right ? spans[i].x1 : right;
    }
    return best;
}

/* Adds the verticals that were lost whole; `lat->lost` remembers which edges are undrawn walls. */
static bool add_lost_verticals(const struct grid_search *search, struct grid_lattice *lat)
{
    const struct tolka_page *page = search->page;
    struct span *spans = malloc((page->word_count + 1) * sizeof *spans);
    int columns = lat->x_count - 1;

    if (!spans)
        return false;
    for (int c = 0; c < columns; c++) {
        int count = 0, x0 = lat->xs[c], x1 = lat->xs[c + 1], lost;
        for (size_t i = 0; i < page->word_count && x1 - x0 > grid_px(search, WIDE_COLUMN); i++) {
            const struct tolka_box *box = &page->words[i].box;
            int x = grid_is_sane(*box) ? (box->x0 + box->x1) / 2 : x0,
                y = grid_is_sane(*box) ? (box->y0 + box->y1) / 2 : 0;
            if (x > x0 && x < x1 && y > lat->ys[0] && y < lat->ys[lat->y_count - 1] && !search->taken[i] &&
                grid_word_kind(&page->words[i], search->unit_px) != GRID_NOISE)
                spans[count++] = (struct span){box->x0, box->x1};
        }
        qsort(spans, (size_t)count, sizeof *spans, by_left);
        lost = count > 1 ? find_lost_vertical(search, spans, count) : 0;
        if (lost && lat->x_count < GRID_MAX_EDGES) {
            lat->lost[lat->lost_count++] = lost;
            add_edge(lat->xs, &lat->x_count, lost);
        }
    }
    qsort(lat->xs, (size_t)lat->x_count, sizeof *lat->xs, tolka_order_ints);
    free(spans);
    return true;
}

static bool join_cells(struct grid_search *search, struct grid_lattice *lat)
{
    int columns = lat->x_count - 1, cells = columns * (lat->y_count - 1);

    lat->wall_left = tolka_arena_alloc(&search->scratch, (size_t)cells);
    lat->wall_above = tolka_arena_alloc(&search->scratch, (size_t)cells);
    lat->root = tolka_arena_array(&search->scratch, (size_t)cells, sizeof *lat->root);
    if (!lat->wall_left || !lat->wall_above || !lat->root)
        return false;
    if (!grid_lattice_walls(search, lat))
        return false;
    for (int i = 0; i < cells; i++) {
        lat->root[i] = i;
        if (i % columns && !lat->wall_left[i])
            unite(lat->root, i, i - 1);
        if (i >= columns && !lat->wall_above[i])
            unite(lat->root, i, i - columns);
    }
    return true;
}

/* One or two letters that touch a drawn side of their cell are a piece of that side: print keeps off it. */
static bool is_piece_of_wall(const struct grid_search *search, const struct grid_lattice *lat, int word,
                             int row, int column)
{
    const struct tolka_box *box = &search->page->words[word].box;
    const int columns = lat->x_count - 1, at = row * columns + column, near = grid_px(search, WALL_WIDTH);
    const bool right = column + 1 == columns || lat->wall_left[at + 1];

    if (tolka_utf8_count(search->page->words[word].text) > 2)
        return false;
    return (lat->wall_left[at] && box->x0 <= lat->xs[column] + near) ||
           (right && box->x1 >= lat->xs[column + 1] - near);
}

/* Puts each free word inside the lattice into a cell; returns how many there are. */
static int place_words(const struct grid_search *search, struct grid_lattice *lat, int *words, int *cells)
{
    const struct tolka_page *page = search->page;
    int count = 0, columns = lat->x_count - 1;

    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_box *box = &page->words[i].box;
        int x, y, row, column;

        if (search->taken[i] || !grid_is_sane(*box))
            continue;
        x = (box->x0 + box->x1) / 2;
        y = (box->y0 + box->y1) / 2;
        if (x < lat->xs[0] || x > lat->xs[columns] || y < lat->ys[0] || y > lat->ys[lat->y_count - 1] ||
            grid_word_kind(&page->words[i], search->unit_px) == GRID_NOISE)
            continue;
        row = grid_interval(lat->ys, lat->y_count, y);
        column = grid_interval(lat->xs, lat->x_count, x);
        if (row < 0 || column < 0 || is_piece_of_wall(search, lat, (int)i, row, column))
            continue;
        words[count] = (int)i;
        cells[count++] = find_root(lat->root, row * columns + column);
    }
    return count;
}

/* A chart's lattice is nearly empty; a frame has words in one cell only; a divided frame has one row of two.
 */
static bool is_table(const struct grid_search *search, const struct grid_lattice *lat, const int *cells,
                     int count, unsigned char *seen)
{
    int columns = lat->x_count - 1, rows = lat->y_count - 1, roots = 0, filled = 0, used_rows = 0,
        used_columns = 0;
    bool at_edge = lat->ys[0] < search->page->height / 5 || lat->ys[rows] > search->page->height * 4 / 5;

    memset(seen, 0, (size_t)(rows * columns));
    for (int i = 0; i < count; i++)
        seen[cells[i]] = 1;
    for (int i = 0; i < rows * columns; i++) {
        roots += find_root(lat->root, i) == i;
        filled += seen[i];
    }
    for (int r = 0; r < rows; r++) {
        bool any = false;
        for (int c = 0; c < columns; c++)
            any |= seen[r * columns + c];
        used_rows += any;
    }
    for (int c = 0; c < columns; c++) {
        bool any = false;
        for (int r = 0; r < rows; r++)
            any |= seen[r * columns + c];
        used_columns += any;
    }
    if (used_columns < 2 || filled < 3 || (float)filled < FILLED_SHARE * (float)roots)
        return used_rows == 1 && used_columns == 2 && roots == 2 && at_edge;
    return used_rows >= 2 || used_columns >= 3;
}

/* Counts the lines with a figure of their own in each cell; `lines` has a zero for each. */
static void count_figures(const struct grid_search *search, const struct grid_lattice *lat, int *lines)
{
    for (int i = 0; i < search->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[i];
        int row, column;

        if (chunk->kind != GRID_FIGURE || chunk->period)
            continue;
        row = grid_interval(lat->ys, lat->y_count, (chunk->box.y0 + chunk->box.y1) / 2);
        column = grid_interval(lat->xs, lat->x_count, (chunk->box.x0 + chunk->box.x1) / 2);
        if (row >= 0 && column >= 0)
            lines[row * (lat->x_count - 1) + column]++;
    }
}

/* Rulings between the columns only: the amounts of many rows stand in one cell. White space parts the rows.
 * False, too, when memory is out. */
static bool lacks_row_rules(struct grid_search *search, const struct grid_lattice *lat)
{
    const int columns = lat->x_count - 1, rows = lat->y_count - 1;
    int *lines = tolka_arena_array(&search->scratch, (size_t)(columns * rows), sizeof *lines);
    int stacked = 0, filled = 0;

    if (!lines)
        return false;
    count_figures(search, lat, lines);
    for (int r = 0; r < rows; r++) {
        int most = 0;

        for (int c = 0; c < columns; c++)
            most = lines[r * columns + c] > most ? lines[r * columns + c] : most;
        stacked += most;
        filled += most > 0;
    }
    return stacked >= LEAST_STACKED && stacked >= 2 * filled;
}

static bool emit_lattice(struct grid_search *search, struct grid_lattice *lat)
{
    size_t words_max = search->page->word_count + 1;
    int *words, *cells, count;
    unsigned char *seen;

    if (!find_edges(search, lat))
        return true;
    if (!add_lost_verticals(search, lat))
        return false;
    if ((lat->x_count - 1) * (lat->y_count - 1) > MAX_CELLS || lacks_row_rules(search, lat))
        return true;
    words = malloc(words_max * sizeof *words);
    cells = malloc(words_max * sizeof *cells);
    seen = malloc(MAX_CELLS);
    if (!words || !cells || !seen || !join_cells(search, lat)) {
        free(words);
        free(cells);
        free(seen);
        return false;
    }
    count = place_words(search, lat, words, cells);
    bool good = !is_table(search, lat, cells, count, seen) ||
                grid_emit(search, lat->y_count - 1, lat->x_count - 1, words, cells, count, true);
    free(words);
    free(cells);
    free(seen);
    return good;
}

/* Lines of one lattice next to each other: sorted by root. */
struct rooted_line {
    const struct tolka_ruling *line;
    int root;
};

static int by_root(const void *a, const void *b)
{
    const struct rooted_line *p = a, *q = b;

    if (p->root != q->root)
        return p->root < q->root ? -1 : 1;
    return (p->line > q->line) - (p->line < q->line);
}

static void link_crossings(const struct grid_search *search, struct rooted_line *lines, int h_count,
                           int count, int *parent)
{
    for (int h = 0; h < h_count; h++) {
        for (int v = h_count; v < count; v++) {
            if (cross(search, lines[h].line, lines[v].line))
                unite(parent, h, v);
        }
    }
    for (int i = 0; i < count; i++)
        lines[i].root = find_root(parent, i);
    qsort(lines, (size_t)count, sizeof *lines, by_root);
}

static bool each_lattice(struct grid_search *search, struct rooted_line *lines, int count)
{
    struct grid_lattice *lat = tolka_arena_alloc(&search->scratch, sizeof *lat);
    const struct tolka_ruling **members =
        tolka_arena_array(&search->scratch, (size_t)count + 1, sizeof *members);
    bool good = lat && members;

    for (int first = 0, i = 1; good && i <= count; i++) {
        if (i < count && lines[i].root == lines[first].root)
            continue;
        for (int k = first; k < i; k++)
            members[k - first] = lines[k].line;
        *lat = (struct grid_lattice){.lines = members, .line_count = i - first};
        if (lat->line_count >= 3)
            good = emit_lattice(search, lat);
        first = i;
    }
    return good;
}

bool grid_find_ruled(struct grid_search *search)
{
    struct tolka_ruling *verticals = NULL;
    struct rooted_line *lines;
    int v_count = 0, h_count = search->rule_count < MAX_RULES ? search->rule_count : MAX_RULES, *parent;

    if (!grid_join_rulings(search, true, &verticals, &v_count))
        return false;
    if (v_count > MAX_RULES)
        v_count = MAX_RULES;
    lines = tolka_arena_array(&search->scratch, (size_t)(h_count + v_count) + 1, sizeof *lines);
    parent = tolka_arena_array(&search->scratch, (size_t)(h_count + v_count) + 1, sizeof *parent);
    if (!lines || !parent)
        return false;
    for (int i = 0; i < h_count; i++)
        lines[i].line = &search->rules[i];
    for (int i = 0; i < v_count; i++)
        lines[h_count + i].line = &verticals[i];
    for (int i = 0; i < h_count + v_count; i++)
        parent[i] = i;
    link_crossings(search, lines, h_count, h_count + v_count, parent);
    return each_lattice(search, lines, h_count + v_count);
}
