/*
 * Tables that white space holds together. A figure (amount, share, year) that stands under another figure, by
 * its right or left edge or by overlap, is in one group with it, as long as nothing between them ends a
 * table: a line of prose, a larger heading, a wide gap, or the heading of the next table. A group is a
 * table's body; its headings are the lines above whose text stands over its columns.
 */
#include "extract/grid_groups_int.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* In units of the median word height (about 0.75 em; rows are about 1.6 apart). */
static const float ALIGNED = 0.6f;    /* edges of cells in one column */
static const float WIDEST_GAP = 3.4f; /* white space between rows of one table */
static const float WIDEST_STEPS =
    1.2f; /* white space between rows, in steps from row to row where they are wide */

enum { MAX_OPEN = 6, MAX_BETWEEN = 10, WORDS_OF_SENTENCE = 5 };

static bool is_figure(const struct grid_chunk *chunk)
{
    return chunk->kind == GRID_FIGURE;
}

static bool track_matches(const struct grid_search *search, const struct grid_track *track,
                          const struct grid_chunk *chunk)
{
    int near = grid_px(search, ALIGNED), width = tolka_box_width(chunk->box), other = track->x1 - track->x0;
    int shared = grid_overlap(track->x0, track->x1, chunk->box.x0, chunk->box.x1);

    return abs(track->x1 - chunk->box.x1) <= near || abs(track->x0 - chunk->box.x0) <= near ||
           2 * shared > (width < other ? width : other);
}

int grid_find_track(const struct grid_search *search, const struct grid_group *group,
                    const struct grid_chunk *chunk)
{
    int best = -1, best_off = 1 << 30;

    for (int i = 0; i < group->track_count; i++) {
        int off = abs(group->tracks[i].x1 - chunk->box.x1);
        if (off < best_off && track_matches(search, &group->tracks[i], chunk)) {
            best = i;
            best_off = off;
        }
    }
    return best;
}

static void extend_track(struct grid_search *search, struct grid_group *group, const struct grid_chunk *chunk)
{
    int at = grid_find_track(search, group, chunk);

    if (at < 0 && group->track_count < GRID_MAX_TRACKS) {
        group->tracks[group->track_count++] = (struct grid_track){chunk->box.x0, chunk->box.x1, 1};
    } else if (at >= 0) {
        struct grid_track *track = &group->tracks[at];
        track->support++;
        track->x0 = chunk->box.x0 < track->x0 ? chunk->box.x0 : track->x0;
        track->x1 = chunk->box.x1 > track->x1 ? chunk->box.x1 : track->x1;
    }
}

int grid_group_left(const struct grid_group *group)
{
    int left = group->tracks[0].x0;

    for (int i = 1; i < group->track_count; i++)
        left = group->tracks[i].x0 < left ? group->tracks[i].x0 : left;
    return left;
}

/* Left edge of the rightmost column. */
static int group_last(const struct grid_group *group)
{
    int last = group->tracks[0].x0;

    for (int i = 1; i < group->track_count; i++)
        last = group->tracks[i].x0 > last ? group->tracks[i].x0 : last;
    return last;
}

int grid_group_right(const struct grid_group *group)
{
    int right = group->tracks[0].x1;

    for (int i = 1; i < group->track_count; i++)
        right = group->tracks[i].x1 > right ? group->tracks[i].x1 : right;
    return right;
}

/* Text that begins left of the columns and runs into the last of them: prose, or a title over the whole
 * table. A whole sentence need not run so far. */
static bool runs_through(const struct grid_search *search, const struct grid_group *group,
                         const struct grid_chunk *chunk)
{
    const bool sentence = chunk->token_count >= WORDS_OF_SENTENCE && grid_is_sentence(search, chunk);
    const int through = sentence ? grid_group_left(group) : group_last(group);

    return chunk->kind == GRID_TEXT &&
           chunk->box.x0 < grid_group_left(group) - grid_px(search, GRID_HEAD_OVERHANG) &&
           chunk->box.x1 > through + grid_px(search, 1);
}

static bool stands_over(const struct grid_group *group, const struct grid_chunk *chunk)
{
    for (int i = 0; i < group->track_count; i++) {
        if (chunk->box.x0 < group->tracks[i].x1 && chunk->box.x1 > group->tracks[i].x0)
            return true;
    }
    return false;
}

/* Printed larger than a table is: most of its words. */
static bool is_large(const struct grid_search *search, const struct grid_chunk *chunk)
{
    int tall = 0;

    for (int i = 0; i < chunk->token_count; i++)
        tall += grid_is_large_word(search, search->tokens[chunk->first_token + i].word);
    return 2 * tall > chunk->token_count;
}

struct grid_view grid_view_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];
    int left = grid_group_left(group);
    struct grid_view view = {0};

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (chunk->box.x0 > grid_group_right(group) + grid_px(search, 2))
            continue;
        view.prose |= runs_through(search, group, chunk);
        view.leaders |= chunk->kind == GRID_LEADER;
        view.figures |= is_figure(chunk);
        if (chunk->kind != GRID_TEXT)
            continue;
        view.large |= is_large(search, chunk);
        view.head_text |=
            chunk->box.x0 >= left - grid_px(search, GRID_HEAD_OVERHANG) && stands_over(group, chunk);
        view.label |= chunk->box.x0 < left && !stands_over(group, chunk);
    }
    return view;
}

/* A row whose figures are all years or dates: the heading of a table. */
bool grid_is_period_row(const struct grid_search *search, const struct grid_row *row)
{
    bool any = false;

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (is_figure(chunk) && !chunk->period)
            return false;
        any |= chunk->period;
    }
    return any;
}

int grid_gap_above(const struct grid_search *search, int r)
{
    return search->rows[r].box.y0 - search->rows[r - 1].box.y1;
}

int grid_step_above(const struct grid_search *search, int r)
{
    return search->rows[r].centre_px - search->rows[r - 1].centre_px;
}

bool grid_is_bold(const struct grid_search *search, const struct grid_chunk *chunk)
{
    return search->page->words[search->tokens[chunk->first_token].word].flags & TOLKA_WORD_BOLD;
}

/* A label alone, in bold: above a row of years the title of a table, not a group of rows. */
static bool is_title_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];
    const struct grid_chunk *chunk = &search->chunks[row->first_chunk];

    return r > group->last_row && row->chunk_count == 1 && chunk->kind == GRID_TEXT &&
           !stands_over(group, chunk) && grid_is_bold(search, chunk);
}

/* Whether the heading of another table stands between the group's last row and row r, r itself included. */
static bool next_table_begins(const struct grid_search *search, const struct grid_group *group, int r)
{
    float pitch =
        group->pitch_count ? (float)group->pitch_sum / (float)group->pitch_count : 1.7f * search->unit_px;
    bool head = grid_is_period_row(search, &search->rows[r]), apart = false;

    if (!group->body_rows)
        return false;
    if (head && (is_title_row(search, group, r - 1) ||
                 (group->head_row >= 0 && r > group->last_row + 1 &&
                  grid_same_periods(search, (struct grid_stretch){group->head_row, 0, INT_MAX},
                                    (struct grid_stretch){r, 0, INT_MAX}))))
        return true;
    for (int i = group->last_row + 1; i <= r; i++) {
        struct grid_view view = grid_view_row(search, group, i);
        if (i < r && view.head_text && !view.figures && is_title_row(search, group, i - 1))
            return true;
        head |= i < r && view.head_text && !view.figures;
        apart |= (float)grid_step_above(search, i) > GRID_NEW_TABLE_STEP * pitch;
    }
    return head && apart;
}

/* The widest white space between rows of the group. */
static int widest_gap(const struct grid_search *search, const struct grid_group *group)
{
    const int usual = grid_px(search, WIDEST_GAP);
    const int steps = group->pitch_count > 0
                          ? (int)(WIDEST_STEPS * (float)group->pitch_sum / (float)group->pitch_count)
                          : 0;

    return steps > usual ? steps : usual;
}

/* Whether row r may follow the group's last row in one table. */
static bool may_follow(const struct grid_search *search, const struct grid_group *group, int r)
{
    if (r - group->last_row > MAX_BETWEEN)
        return false;
    for (int i = group->last_row + 1; i <= r; i++) {
        struct grid_view view = grid_view_row(search, group, i);
        if (grid_gap_above(search, i) > widest_gap(search, group))
            return false;
        if (i < r && (view.prose || view.large))
            return false;
    }
    return !next_table_begins(search, group, r);
}

static void take_row(struct grid_search *search, struct grid_groups *all, size_t g, int r)
{
    struct grid_group *group = &all->items[g];
    const struct grid_row *row = &search->rows[r];
    bool body = false;

    for (int i = 0; i < row->chunk_count; i++) {
        struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (!is_figure(chunk) ||
            (i == 0 && row->chunk_count > 1 && !chunk->period && chunk[1].kind == GRID_TEXT))
            continue;
        extend_track(search, group, chunk);
        chunk->group = (int)g;
        body |= !chunk->period;
    }
    if (group->figure_rows && group->last_row == r - 1) {
        group->pitch_sum += grid_step_above(search, r);
        group->pitch_count++;
    }
    if (!group->figure_rows)
        group->first_row = r;
    if (!group->body_rows && !body)
        group->head_row = r;
    group->last_row = r;
    group->figure_rows++;
    group->body_rows += body;
}

/* A figure that may be a cell: not the number that a heading or a list item begins with, nor one within
 * prose. */
bool grid_row_has_cells(const struct grid_search *search, const struct grid_row *row)
{
    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (is_figure(chunk) && (i > 0 || row->chunk_count == 1 || is_figure(chunk + 1)))
            return true;
    }
    return false;
}

static bool row_matches(const struct grid_search *search, const struct grid_group *group,
                        const struct grid_row *row)
{
    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (is_figure(chunk) && grid_find_track(search, group, chunk) >= 0)
            return true;
    }
    return false;
}

static bool group_row(struct grid_search *search, struct grid_groups *all, int r)
{
    const struct grid_row *row = &search->rows[r];
    struct grid_group *larger;
    int looked = 0;

    for (size_t g = all->count; g-- > 0 && looked < MAX_OPEN;) {
        struct grid_group *group = &all->items[g];
        if (group->closed)
            break;
        looked++;
        if (!row_matches(search, group, row))
            continue;
        if (!may_follow(search, group, r)) {
            group->closed = true;
            break;
        }
        take_row(search, all, g, r);
        return true;
    }
    larger = tolka_arena_grow(&search->scratch, all->items, all->count, &all->capacity, sizeof *larger);
    if (!larger)
        return false;
    all->items = larger;
    larger[all->count] = (struct grid_group){.head_row = -1};
    take_row(search, all, all->count, r);
    all->count += larger[all->count].track_count > 0;
    return true;
}

bool grid_row_taken(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        if (search->taken[search->tokens[search->chunks[row->first_chunk + i].first_token].word])
            return true;
    }
    return false;
}

bool grid_groups_find(struct grid_search *search, struct grid_groups *all)
{
    *all = (struct grid_groups){0};
    for (int r = 0; r < search->row_count; r++) {
        if (grid_row_has_cells(search, &search->rows[r]) && !group_row(search, all, r))
            return false;
    }
    return true;
}

bool grid_groups_region(const struct grid_search *search, struct grid_groups *all, size_t index,
                        struct grid_region *region)
{
    struct grid_group *group = &all->items[index];

    if (group->figure_rows < 1 || grid_row_taken(search, group->first_row))
        return false;
    *region = grid_group_region(search, group);
    return true;
}
