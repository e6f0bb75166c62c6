/*
 * The columns of a table that white space holds together. Each cell is a span on the x axis; where the spans
 * of all rows lie over each other there is a column, and where no row (or, in a long table, hardly any) has
 * one, there is a gutter. Figures are swept first, since they are surest; text that is not the row's label
 * comes second; what stands left of all that is the label column, however long its labels are.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>

/* In units of the median word height. */
static const float TOUCHING = 0.25f;   /* spans that overlap by less do not meet */
static const float BRIDGED_GAP = 0.4f; /* narrowest gutter that a wrongly joined pair of amounts may hide */
/* a figure at the end of a label whose right edge is this near a column's belongs there */
static const float ALIGNED = 0.7f;
static const float INDENT = 4.0f;     /* of labels, at most */
static const float SPLIT_GAP = 0.7f;  /* between two heads that were read as one */

/* Up to 4/10 of a column's rows may be wrongly joined with the next column's. */
enum { MAX_COLUMNS = 64, BRIDGE_PARTS = 10, MOST_BRIDGED = 4 };

struct edge {
    int x, step;
};

static int by_x(const void *a, const void *b)
{
    const struct edge *p = a, *q = b;

    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->step - q->step;
}

/* Columns where more than `floor` spans lie over each other between x0 and x1; `out` has room for `room`. */
static int sweep(const struct edge *edges, int count, int floor, int x0, int x1, struct grid_column *out,
                 int room)
{
    int depth = 0, found = 0;
    bool open = false;

    for (int i = 0; i < count; i++) {
        depth += edges[i].step;
        if (edges[i].x < x0 || edges[i].x > x1)
            continue;
        if (depth > floor && !open && found < room) {
            out[found] = (struct grid_column){.x0_px = edges[i].x};
            open = true;
        }
        if (open && depth > out[found].support)
            out[found].support = depth;
        if (open && depth <= floor) {
            out[found++].x1_px = edges[i].x;
            open = false;
        }
    }
    return found;
}

/* Cuts a column where more and more of its spans are taken for wrongly joined, until it falls apart; 0 when
 * it never does. */
static int cut_column(struct grid_search *search, const struct edge *edges, int count,
                      const struct grid_column *whole, struct grid_column *part, int room)
{
    for (int share = 1; share <= MOST_BRIDGED; share++) {
        int floor = whole->support * share / BRIDGE_PARTS;
        int parts = floor < 1 ? 0 : sweep(edges, count, floor, whole->x0_px, whole->x1_px, part, room);
        bool apart = parts > 1;

        for (int k = 1; k < parts; k++)
            apart &= part[k].x0_px - part[k - 1].x1_px >= grid_px(search, BRIDGED_GAP);
        if (apart)
            return parts;
    }
    return 0;
}

/* A column that wrongly joined amounts make of two is cut where most rows have a gap. */
static int sweep_unbridged(struct grid_search *search, const struct edge *edges, int count,
                           struct grid_column *out, int room)
{
    struct grid_column whole[MAX_COLUMNS], part[MAX_COLUMNS];
    int found = sweep(edges, count, 0, -1, 1 << 30, whole, room), kept = 0;

    for (int i = 0; i < found && kept < room; i++) {
        int parts = cut_column(search, edges, count, &whole[i], part, room - kept);

        if (!parts) {
            out[kept++] = whole[i];
            continue;
        }
        for (int k = 0; k < parts; k++)
            out[kept++] = part[k];
    }
    return kept;
}

static bool is_body(const struct grid_search *search, const struct grid_row *row,
                    const struct grid_region *region)
{
    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (chunk->kind == GRID_FIGURE && !chunk->period && grid_in_region(chunk, region))
            return true;
    }
    return false;
}

/* Which chunks make columns. */
enum pick { PICK_FIGURES, PICK_TEXT, PICK_LEFT };

static bool overlaps_any(const struct grid_chunk *chunk, const struct grid_draft *draft)
{
    int width = tolka_box_width(chunk->box);

    for (int i = 0; i < draft->column_count; i++) {
        const struct grid_column *column = &draft->columns[i];
        int shared = grid_overlap(chunk->box.x0, chunk->box.x1, column->x0_px, column->x1_px);
        if (10 * shared > 3 * width || 2 * shared > column->x1_px - column->x0_px)
            return true;
    }
    return false;
}

static bool picked(const struct grid_chunk *chunk, bool first, enum pick pick, const struct grid_draft *draft)
{
    if (pick == PICK_FIGURES)
        return chunk->kind == GRID_FIGURE;
    if (pick == PICK_TEXT)
        return !first && chunk->kind == GRID_TEXT && !overlaps_any(chunk, draft);
    return first && chunk->kind == GRID_TEXT;
}

static int collect(const struct grid_search *search, const struct grid_region *region, enum pick pick,
                   bool any_row, const struct grid_draft *draft, struct edge *out)
{
    int count = 0, shrink = grid_px(search, TOUCHING / 2);

    for (int r = region->first_row; r <= region->last_row; r++) {
        const struct grid_row *row = &search->rows[r];
        bool first = true;

        if (!any_row && !is_body(search, row, region))
            continue;
        for (int i = 0; i < row->chunk_count; i++) {
            const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
            if (!grid_in_region(chunk, region) || chunk->kind == GRID_LEADER)
                continue;
            if (picked(chunk, first, pick, draft) && tolka_box_width(chunk->box) > 2 * shrink) {
                out[count++] = (struct edge){chunk->box.x0 + shrink, 1};
                out[count++] = (struct edge){chunk->box.x1 - shrink, -1};
            }
            first = false;
        }
    }
    qsort(out, (size_t)count, sizeof *out, by_x);
    return count;
}

static int by_column(const void *a, const void *b)
{
    const struct grid_column *p = a, *q = b;

    return (p->x0_px > q->x0_px) - (p->x0_px < q->x0_px);
}

static void add_columns(struct grid_draft *draft, const struct grid_column *found, int count, bool figures,
                        int least)
{
    for (int i = 0; i < count && draft->column_count < MAX_COLUMNS; i++) {
        if (found[i].support < least)
            continue;
        draft->columns[draft->column_count] = found[i];
        draft->columns[draft->column_count++].figures = figures;
    }
    qsort(draft->columns, (size_t)draft->column_count, sizeof *draft->columns, by_column);
}

/* The label column: text that begins its row left of all that is a column already. */
static void add_label_column(const struct grid_search *search, struct grid_draft *draft,
                             const struct edge *edges, int count)
{
    int slack = grid_px(search, 1), first = draft->columns[0].x0_px, low = 0, high = 0;
    bool found = false;

    for (int i = 0; i < count; i++) {
        if (edges[i].step < 0 || edges[i].x >= first - slack)
            continue;
        low = found && low < edges[i].x ? low : edges[i].x;
        found = true;
    }
    for (int i = 0; i < count; i++) {
        if (edges[i].step < 0 && edges[i].x <= first && edges[i].x > high)
            high = edges[i].x;
    }
    if (found) {
        struct grid_column label = {
            .x0_px = low, .x1_px = high > low ? high : first - slack, .support = count / 2};
        add_columns(draft, &label, 1, false, 0);
    }
}

static bool touches_column(const struct grid_draft *draft, const struct grid_chunk *chunk, int *column)
{
    for (int i = 0; i < draft->column_count; i++) {
        *column = i;
        if (grid_overlap(chunk->box.x0, chunk->box.x1, draft->columns[i].x0_px, draft->columns[i].x1_px) > 0)
            return true;
    }
    return false;
}

/*
 * A head that stands over nothing, in a row of heads where every column of figures has its own: the head of a
 * column with hardly a cell, as that of the notes' numbers may be. Adds such columns.
 */
static void add_headed_columns(const struct grid_search *search, const struct grid_region *region,
                               struct grid_draft *draft)
{
    for (int r = region->first_row; r <= region->last_row && !is_body(search, &search->rows[r], region);
         r++) {
        const struct grid_row *row = &search->rows[r];
        unsigned long long headed = 0;
        int figures = 0, heads = 0, column;
        struct grid_column lone[MAX_COLUMNS];

        for (int i = 0; i < row->chunk_count && heads < MAX_COLUMNS; i++) {
            const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
            if (!grid_in_region(chunk, region) || chunk->kind == GRID_LEADER)
                continue;
            if (touches_column(draft, chunk, &column))
                headed |= 1ULL << (column & 63);
            else if (chunk->kind == GRID_TEXT && chunk->box.x0 > draft->columns[0].x1_px)
                lone[heads++] =
                    (struct grid_column){.x0_px = chunk->box.x0, .x1_px = chunk->box.x1, .support = 1};
        }
        for (int c = 0; c < draft->column_count; c++)
            figures += draft->columns[c].figures && !(headed >> (c & 63) & 1);
        if (heads && !figures) {
            add_columns(draft, lone, heads, false, 0);
            return;
        }
    }
}

/* Fills draft->columns for the region; draft->column_count is 0 when no column of figures is there. False
 * when memory is out. */
bool grid_columns_find(struct grid_search *search, const struct grid_region *region, struct grid_draft *draft)
{
    int chunks = search->rows[region->last_row].first_chunk + search->rows[region->last_row].chunk_count -
                 search->rows[region->first_row].first_chunk;
    struct edge *edges = malloc(((size_t)chunks * 2 + 1) * sizeof *edges);
    struct grid_column found[MAX_COLUMNS];
    int count, columns;
    bool any = false;

    *draft = (struct grid_draft){.region = *region};
    draft->columns = tolka_arena_array(&search->scratch, MAX_COLUMNS + 1, sizeof *draft->columns);
    if (!edges || !draft->columns) {
        free(edges);
        return false;
    }
    count = collect(search, region, PICK_FIGURES, false, draft, edges);
    if (!count) {
        any = true;
        count = collect(search, region, PICK_FIGURES, true, draft, edges);
    }
    columns = sweep_unbridged(search, edges, count, found, MAX_COLUMNS / 2);
    add_columns(draft, found, columns, true, 1);
    if (draft->column_count) {
        count = collect(search, region, PICK_TEXT, any, draft, edges);
        columns = sweep(edges, count, 0, -1, 1 << 30, found, MAX_COLUMNS / 2);
        add_columns(draft, found, columns, false, 2);
        count = collect(search, region, PICK_LEFT, true, draft, edges);
        add_label_column(search, draft, edges, count);
        add_headed_columns(search, region, draft);
    }
    free(edges);
    return true;
}

static int distance(const struct grid_column *column, int x0, int x1)
{
    if (x1 < column->x0_px)
        return column->x0_px - x1;
    return x0 > column->x1_px ? x0 - column->x1_px : 0;
}

int grid_best_column(const struct grid_draft *draft, int x0, int x1)
{
    int best = 0, best_shared = 0;

    for (int i = 0; i < draft->column_count; i++) {
        const struct grid_column *column = &draft->columns[i];
        int shared = grid_overlap(x0, x1, column->x0_px, column->x1_px);
        if (shared > best_shared ||
            (best_shared == 0 && distance(column, x0, x1) < distance(&draft->columns[best], x0, x1))) {
            best = i;
            best_shared = shared;
        }
    }
    return best;
}

static int columns_touched(const struct grid_search *search, const struct grid_draft *draft,
                           struct tolka_box box, int *leftmost)
{
    int touched = 0;

    for (int i = draft->column_count - 1; i >= 0; i--) {
        const struct grid_column *column = &draft->columns[i];
        if (grid_overlap(box.x0, box.x1, column->x0_px, column->x1_px) > grid_px(search, TOUCHING)) {
            *leftmost = i;
            touched++;
        }
    }
    return touched;
}

static void put_token(struct grid_search *search, const struct grid_draft *draft, int token)
{
    const struct tolka_box *box = &search->page->words[search->tokens[token].word].box;

    search->tokens[token].column = grid_best_column(draft, box->x0, box->x1);
}

/* A label takes all of its chunk but figures at the end that stand under a column's right edge. */
static void put_label(struct grid_search *search, const struct grid_draft *draft,
                      const struct grid_chunk *chunk, int column)
{
    int last = chunk->first_token + chunk->token_count - 1;

    for (int i = chunk->first_token; i <= last; i++)
        search->tokens[i].column = column;
    for (int i = last, target = -1; i > chunk->first_token; i--) {
        const struct tolka_box *box = &search->page->words[search->tokens[i].word].box;
        if (search->tokens[i].kind != GRID_FIGURE)
            break;
        if (target < 0) {
            int near = grid_best_column(draft, box->x0, box->x1);
            if (near <= column || !draft->columns[near].figures ||
                abs(draft->columns[near].x1_px - box->x1) > grid_px(search, ALIGNED))
                break;
            target = near;
        }
        if (box->x1 <= draft->columns[target].x0_px)
            break;
        search->tokens[i].column = target;
    }
}

/* Text over several columns: two heads with a gap between them, or one that spans. */
static void put_wide_text(struct grid_search *search, const struct grid_draft *draft,
                          const struct grid_chunk *chunk, int leftmost)
{
    int column = leftmost;

    for (int i = 0; i < chunk->token_count; i++) {
        struct grid_token *token = &search->tokens[chunk->first_token + i];
        const struct tolka_box *box = &search->page->words[token->word].box;
        if (i > 0) {
            const struct tolka_box *before = &search->page->words[token[-1].word].box;
            int here = grid_best_column(draft, box->x0, box->x1);
            if (here > column && box->x0 - before->x1 > grid_px(search, SPLIT_GAP))
                column = here;
        }
        token->column = column;
    }
}

/* A chunk that begins in the label column is a label, unless it begins well inside and stands mostly over the
 * next column: a head. */
static bool starts_label(const struct grid_search *search, const struct grid_draft *draft,
                         const struct grid_chunk *chunk)
{
    const struct grid_column *label = &draft->columns[0], *next = &draft->columns[1];
    int over_next = grid_overlap(chunk->box.x0, chunk->box.x1, next->x0_px, next->x1_px);

    if (chunk->box.x0 >= label->x1_px || chunk->box.x0 >= next->x0_px - grid_px(search, 1))
        return false;
    return chunk->box.x0 < label->x0_px + grid_px(search, INDENT) ||
           2 * over_next < tolka_box_width(chunk->box);
}

static void put_chunk(struct grid_search *search, const struct grid_draft *draft,
                      const struct grid_chunk *chunk)
{
    int leftmost = 0, touched = columns_touched(search, draft, chunk->box, &leftmost);
    bool has_label = !draft->columns[0].figures && draft->column_count > 1;
    bool text = chunk->kind == GRID_TEXT;

    if (has_label && text && starts_label(search, draft, chunk)) {
        put_label(search, draft, chunk, 0);
    } else if (touched > 1 && text) {
        put_wide_text(search, draft, chunk, leftmost);
    } else if (touched > 1) {
        for (int i = 0; i < chunk->token_count; i++)
            put_token(search, draft, chunk->first_token + i);
    } else {
        int column = grid_best_column(draft, chunk->box.x0, chunk->box.x1);
        for (int i = 0; i < chunk->token_count; i++)
            search->tokens[chunk->first_token + i].column = column;
    }
}

/* Gives every token of the region its column; leaders get none. */
void grid_columns_assign(struct grid_search *search, struct grid_draft *draft)
{
    bool heading = true;

    for (int r = draft->region.first_row; r <= draft->region.last_row; r++) {
        struct grid_row *row = &search->rows[r];
        for (int i = 0; i < row->chunk_count; i++) {
            const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
            bool inside = grid_in_region(chunk, &draft->region) && chunk->kind != GRID_LEADER;
            for (int k = 0; k < chunk->token_count; k++)
                search->tokens[chunk->first_token + k].column = -1;
            if (inside)
                put_chunk(search, draft, chunk);
        }
        heading = heading && !is_body(search, row, &draft->region);
        if (heading)
            grid_heads_assign(search, draft, row);
    }
}
