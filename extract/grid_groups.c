/*
 * Tables that white space holds together. A figure (amount, share, year) that stands under another figure, by
 * its right or left edge or by overlap, is in one group with it, as long as nothing between them ends a
 * table: a line of prose, a larger heading, a wide gap, or the heading of the next table. A group is a
 * table's body; its headings are the lines above whose text stands over its columns.
 */
#include "extract/grid_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* In units of the median word height (about 0.75 em; rows are about 1.6 apart). */
static const float ALIGNED = 0.6f;    /* edges of cells in one column */
static const float WIDEST_GAP = 3.4f; /* white space between rows of one table */
static const float WIDEST_HEAD_GAP = 3.0f;
static const float HEAD_OVERHANG = 4.0f; /* how far left of its figures a head may begin */
static const float WIDEST_STEPS =
    1.2f; /* white space between rows, in steps from row to row where they are wide */
static const float NEW_TABLE_STEP = 1.5f; /* times the usual pitch: above the heading of a next table */
static const float SAME_PITCH = 1.12f;    /* times the usual pitch: no more than a row further */
static const float FOOT_SHARE = 0.88f;    /* of the page's height: below it stand page numbers */

enum { MAX_TRACKS = 24, MAX_OPEN = 6, MAX_BETWEEN = 10, MAX_HEAD_LINES = 7, MAX_GROUP_HEADINGS = 2 };

struct track {
    int x0, x1, support;
};

struct grid_group {
    struct track tracks[MAX_TRACKS];
    int track_count;
    int first_row, last_row; /* rows with its figures */
    int head_row;            /* of years or dates, above its amounts; -1 */
    int figure_rows, body_rows;
    long long pitch_sum;
    int pitch_count;
    bool closed;
};

static bool is_figure(const struct grid_chunk *chunk)
{
    return chunk->kind == GRID_FIGURE;
}

static bool track_matches(const struct grid_search *search, const struct track *track,
                          const struct grid_chunk *chunk)
{
    int near = grid_px(search, ALIGNED), width = tolka_box_width(chunk->box), other = track->x1 - track->x0;
    int shared = grid_overlap(track->x0, track->x1, chunk->box.x0, chunk->box.x1);

    return abs(track->x1 - chunk->box.x1) <= near || abs(track->x0 - chunk->box.x0) <= near ||
           2 * shared > (width < other ? width : other);
}

static int find_track(const struct grid_search *search, const struct grid_group *group,
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
    int at = find_track(search, group, chunk);

    if (at < 0 && group->track_count < MAX_TRACKS) {
        group->tracks[group->track_count++] = (struct track){chunk->box.x0, chunk->box.x1, 1};
    } else if (at >= 0) {
        struct track *track = &group->tracks[at];
        track->support++;
        track->x0 = chunk->box.x0 < track->x0 ? chunk->box.x0 : track->x0;
        track->x1 = chunk->box.x1 > track->x1 ? chunk->box.x1 : track->x1;
    }
}

static int group_left(const struct grid_group *group)
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

static int group_right(const struct grid_group *group)
{
    int right = group->tracks[0].x1;

    for (int i = 1; i < group->track_count; i++)
        right = group->tracks[i].x1 > right ? group->tracks[i].x1 : right;
    return right;
}

/* Text that begins left of the columns and runs into the last of them: prose, or a title over the whole
 * table. */
static bool runs_through(const struct grid_search *search, const struct grid_group *group,
                         const struct grid_chunk *chunk)
{
    return chunk->kind == GRID_TEXT && chunk->box.x0 < group_left(group) - grid_px(search, HEAD_OVERHANG) &&
           chunk->box.x1 > group_last(group) + grid_px(search, 1);
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

/* What stands in a row, seen from a group. */
struct view {
    bool prose, large, label, head_text, figures, leaders;
};

static struct view view_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];
    int left = group_left(group);
    struct view view = {0};

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (chunk->box.x0 > group_right(group) + grid_px(search, 2))
            continue;
        view.prose |= runs_through(search, group, chunk);
        view.leaders |= chunk->kind == GRID_LEADER;
        view.figures |= is_figure(chunk);
        if (chunk->kind != GRID_TEXT)
            continue;
        view.large |= is_large(search, chunk);
        view.head_text |= chunk->box.x0 >= left - grid_px(search, HEAD_OVERHANG) && stands_over(group, chunk);
        view.label |= chunk->box.x0 < left && !stands_over(group, chunk);
    }
    return view;
}

/* A row whose figures are all years or dates: the heading of a table. */
static bool is_period_row(const struct grid_search *search, const struct grid_row *row)
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

static int gap_above(const struct grid_search *search, int r)
{
    return search->rows[r].box.y0 - search->rows[r - 1].box.y1;
}

static int step_above(const struct grid_search *search, int r)
{
    return search->rows[r].centre_px - search->rows[r - 1].centre_px;
}

/* A label alone, in bold: above a row of years the title of a table, not a group of rows. */
static bool is_title_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];
    const struct grid_chunk *chunk = &search->chunks[row->first_chunk];

    return r > group->last_row && row->chunk_count == 1 && chunk->kind == GRID_TEXT &&
           !stands_over(group, chunk) &&
           search->page->words[search->tokens[chunk->first_token].word].flags & TOLKA_WORD_BOLD;
}

/* Whether the heading of another table stands between the group's last row and row r, r itself included. */
static bool next_table_begins(const struct grid_search *search, const struct grid_group *group, int r)
{
    float pitch =
        group->pitch_count ? (float)group->pitch_sum / (float)group->pitch_count : 1.7f * search->unit_px;
    bool head = is_period_row(search, &search->rows[r]), apart = false;

    if (!group->body_rows)
        return false;
    if (head && (is_title_row(search, group, r - 1) ||
                 (group->head_row >= 0 && r > group->last_row + 1 &&
                  grid_same_periods(search, (struct grid_stretch){group->head_row, 0, INT_MAX},
                                    (struct grid_stretch){r, 0, INT_MAX}))))
        return true;
    for (int i = group->last_row + 1; i <= r; i++) {
        struct view view = view_row(search, group, i);
        if (i < r && view.head_text && !view.figures && is_title_row(search, group, i - 1))
            return true;
        head |= i < r && view.head_text && !view.figures;
        apart |= (float)step_above(search, i) > NEW_TABLE_STEP * pitch;
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
        struct view view = view_row(search, group, i);
        if (gap_above(search, i) > widest_gap(search, group))
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
        group->pitch_sum += step_above(search, r);
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
static bool row_has_cells(const struct grid_search *search, const struct grid_row *row)
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
        if (is_figure(chunk) && find_track(search, group, chunk) >= 0)
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

static bool row_taken(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        if (search->taken[search->tokens[search->chunks[row->first_chunk + i].first_token].word])
            return true;
    }
    return false;
}

/* Years or dates alone above heads, each over columns of the group: heads that span. */
static bool is_span_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        const struct tolka_box *box = &search->chunks[row->first_chunk + i].box;
        if (box->x1 < group_left(group) - grid_px(search, HEAD_OVERHANG) || box->x0 > group_right(group))
            return false;
    }
    return is_period_row(search, row);
}

/* How many lines above the group's first row are its headings: text over its columns, with label lines only
 * between such. */
static int head_lines(const struct grid_search *search, const struct grid_group *group)
{
    int lines = 0;

    for (int k = 1; k <= MAX_HEAD_LINES && group->first_row - k >= 0; k++) {
        int r = group->first_row - k;
        struct view view = view_row(search, group, r);

        if (gap_above(search, r + 1) > grid_px(search, WIDEST_HEAD_GAP) || view.prose || view.leaders ||
            row_taken(search, r))
            break;
        if (view.figures && !is_period_row(search, &search->rows[r]))
            break;
        if (view.head_text || (lines > 0 && is_span_row(search, group, r)))
            lines = k;
        else if (view.label && k > lines + 2)
            break;
    }
    return lines;
}

static float group_pitch(const struct grid_search *search, const struct grid_group *group)
{
    return group->pitch_count ? (float)group->pitch_sum / (float)group->pitch_count : 1.7f * search->unit_px;
}

/* Group headings above the first row of a table without heads: labels at the rows' own pitch, with white
 * space above the first of them. */
static int group_heading_lines(const struct grid_search *search, const struct grid_group *group)
{
    float pitch = group_pitch(search, group);

    if (is_period_row(search,
                      &search->rows[group->first_row])) /* it has heads: above them stands its title */
        return 0;
    for (int k = 1; k <= MAX_GROUP_HEADINGS && group->first_row - k >= 0; k++) {
        int r = group->first_row - k;
        struct view view = view_row(search, group, r);

        if (group->pitch_count < 2 || search->rows[r].chunk_count > 1 || !view.label || view.prose ||
            view.large || row_taken(search, r) || (float)step_above(search, r + 1) > SAME_PITCH * pitch)
            return 0;
        if (r == 0 || (float)step_above(search, r) > NEW_TABLE_STEP * pitch)
            return k;
    }
    return 0;
}

/* A label that wraps below its figures: the next line, no lower than a line of a paragraph is, in lower case
 * or the like. */
static int tail_lines(const struct grid_search *search, const struct grid_group *group)
{
    int r = group->last_row + 1;
    float pitch = group_pitch(search, group);
    struct view view;

    if (r >= search->row_count || row_taken(search, r))
        return 0;
    view = view_row(search, group, r);
    if (view.prose || view.figures || view.leaders || view.large || !view.label || view.head_text)
        return 0;
    if ((float)step_above(search, r) > 1.15f * pitch || search->rows[r].chunk_count > 1 ||
        grid_is_sentence(search, &search->chunks[search->rows[r].first_chunk]))
        return 0;
    if (r + 1 < search->row_count && (float)step_above(search, r + 1) < 1.15f * pitch &&
        !row_taken(search, r + 1))
        return 0;
    return 1;
}

/* A lone figure apart from the rest, as a number in the page's head is, does not begin a table. */
static void trim_top(const struct grid_search *search, struct grid_group *group)
{
    while (group->first_row < group->last_row) {
        const struct grid_row *row = &search->rows[group->first_row];

        if (row->chunk_count > 1 || search->chunks[row->first_chunk].period ||
            (float)step_above(search, group->first_row + 1) < NEW_TABLE_STEP * group_pitch(search, group))
            return;
        do
            group->first_row++;
        while (group->first_row < group->last_row && !row_has_cells(search, &search->rows[group->first_row]));
    }
}

/* Nor does a page number at the foot of the page end one. */
static void trim_bottom(const struct grid_search *search, struct grid_group *group)
{
    const struct grid_row *row = &search->rows[group->last_row];
    bool low = (float)row->box.y0 > FOOT_SHARE * (float)search->page->height;

    if (group->last_row == group->first_row || row->chunk_count > 1 || !low ||
        (float)step_above(search, group->last_row) < NEW_TABLE_STEP * group_pitch(search, group))
        return;
    do
        group->last_row--;
    while (group->last_row > group->first_row && !row_has_cells(search, &search->rows[group->last_row]));
}

static struct grid_region region_of(const struct grid_search *search, struct grid_group *group)
{
    struct grid_region region;
    int heads;

    trim_top(search, group);
    trim_bottom(search, group);
    heads = head_lines(search, group);
    heads = heads ? heads : group_heading_lines(search, group);
    region = (struct grid_region){group->first_row - heads, group->last_row + tail_lines(search, group),
                                  1 << 30, 0};

    for (int r = region.first_row; r <= region.last_row; r++) {
        if (search->rows[r].box.x0 < region.x0_px)
            region.x0_px = search->rows[r].box.x0;
        if (search->rows[r].box.x1 > region.x1_px)
            region.x1_px = search->rows[r].box.x1;
    }
    return region;
}

bool grid_groups_find(struct grid_search *search, struct grid_groups *all)
{
    *all = (struct grid_groups){0};
    for (int r = 0; r < search->row_count; r++) {
        if (row_has_cells(search, &search->rows[r]) && !group_row(search, all, r))
            return false;
    }
    return true;
}

bool grid_groups_region(const struct grid_search *search, struct grid_groups *all, size_t index,
                        struct grid_region *region)
{
    struct grid_group *group = &all->items[index];

    if (group->figure_rows < 1 || row_taken(search, group->first_row))
        return false;
    *region = region_of(search, group);
    return true;
}
