/*
 * Where the table of a group of figures begins and ends: its headings and the group headings above its first
 * figures; a label that wraps, or rows of words, below its last. A lone number at the page's head or foot is
 * no part of it.
 */
#include "extract/grid_groups_int.h"

static const float WIDEST_HEAD_GAP = 3.0f; /* in units of the median word height */
static const float ROW_APART = 0.9f;       /* of the usual pitch: a row of its own */
static const float FOOT_SHARE = 0.88f;     /* of the page's height: below it stand page numbers */

enum { MAX_HEAD_LINES = 7, MAX_GROUP_HEADINGS = 2 };

/* Years or dates alone above heads, each over columns of the group: heads that span. */
static bool is_span_row(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        const struct tolka_box *box = &search->chunks[row->first_chunk + i].box;
        if (box->x1 < grid_group_left(group) - grid_px(search, GRID_HEAD_OVERHANG) ||
            box->x0 > grid_group_right(group))
            return false;
    }
    return grid_is_period_row(search, row);
}

static float group_pitch(const struct grid_search *search, const struct grid_group *group)
{
    return group->pitch_count ? (float)group->pitch_sum / (float)group->pitch_count : 1.7f * search->unit_px;
}

/* A label on a line of its own above the years that head the figures: the table's title. The label of a
 * heading in two lines stands between them, half a row from each. */
static bool is_lone_title(const struct grid_search *search, const struct grid_group *group, int r)
{
    const struct grid_row *row = &search->rows[r];
    const struct grid_chunk *chunk = &search->chunks[row->first_chunk];
    const float apart = ROW_APART * group_pitch(search, group);

    return row->chunk_count == 1 && chunk->kind == GRID_TEXT && chunk->box.x1 < grid_group_left(group) &&
           grid_is_period_row(search, &search->rows[group->first_row]) &&
           (float)grid_step_above(search, r + 1) >= apart &&
           (r == 0 || (float)grid_step_above(search, r) >= apart);
}

/* How many lines above the group's first row are its headings: text over its columns, with label lines only
 * between such. */
static int head_lines(const struct grid_search *search, const struct grid_group *group)
{
    int lines = 0;

    for (int k = 1; k <= MAX_HEAD_LINES && group->first_row - k >= 0; k++) {
        int r = group->first_row - k;
        struct grid_view view = grid_view_row(search, group, r);

        if (grid_gap_above(search, r + 1) > grid_px(search, WIDEST_HEAD_GAP) || view.prose || view.leaders ||
            grid_row_taken(search, r))
            break;
        if (view.figures && !grid_is_period_row(search, &search->rows[r]))
            break;
        if (k == 1 && is_lone_title(search, group, r))
            break;
        if (view.head_text || (lines > 0 && is_span_row(search, group, r)))
            lines = k;
        else if (view.label && k > lines + 2)
            break;
    }
    return lines;
}

/* Group headings above the first row of a table without heads: labels at the rows' own pitch, with white
 * space above the first of them. */
static int group_heading_lines(const struct grid_search *search, const struct grid_group *group)
{
    float pitch = group_pitch(search, group);

    if (grid_is_period_row(search,
                           &search->rows[group->first_row])) /* it has heads: above them stands its title */
        return 0;
    for (int k = 1; k <= MAX_GROUP_HEADINGS && group->first_row - k >= 0; k++) {
        int r = group->first_row - k;
        struct grid_view view = grid_view_row(search, group, r);

        if (group->pitch_count < 2 || search->rows[r].chunk_count > 1 || !view.label || view.prose ||
            view.large || grid_row_taken(search, r) ||
            (float)grid_step_above(search, r + 1) > GRID_SAME_PITCH * pitch)
            return 0;
        if (r == 0 || (float)grid_step_above(search, r) > GRID_NEW_TABLE_STEP * pitch)
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
    struct grid_view view;

    if (r >= search->row_count || grid_row_taken(search, r))
        return 0;
    view = grid_view_row(search, group, r);
    if (view.prose || view.figures || view.leaders || view.large || !view.label || view.head_text)
        return 0;
    if ((float)grid_step_above(search, r) > 1.15f * pitch || search->rows[r].chunk_count > 1 ||
        grid_is_sentence(search, &search->chunks[search->rows[r].first_chunk]))
        return 0;
    if (r + 1 < search->row_count && (float)grid_step_above(search, r + 1) < 1.15f * pitch &&
        !grid_row_taken(search, r + 1))
        return 0;
    return 1;
}

/* Rows of words at the foot of the table, one in each column of figures at most ("Ansvarsförbindelser  Inga
 * Inga"), at the rows' own pitch and not in bold, as the heading of a next table is. */
static int word_rows(const struct grid_search *search, const struct grid_group *group)
{
    const float pitch = group_pitch(search, group);
    int r = group->last_row + 1;

    for (; r < search->row_count && !grid_row_taken(search, r); r++) {
        const struct grid_row *row = &search->rows[r];
        const struct grid_chunk *label = &search->chunks[row->first_chunk];

        if (row->chunk_count < 2 || (float)grid_step_above(search, r) > GRID_SAME_PITCH * pitch ||
            label->kind != GRID_TEXT || label->box.x1 >= grid_group_left(group) ||
            grid_is_bold(search, label))
            break;
        for (int i = 1; i < row->chunk_count; i++) {
            if (label[i].kind != GRID_TEXT || label[i].token_count > 1 ||
                grid_find_track(search, group, &label[i]) < 0)
                return r - group->last_row - 1;
        }
    }
    return r - group->last_row - 1;
}

/* A lone figure apart from the rest, as a number in the page's head is, does not begin a table. */
static void trim_top(const struct grid_search *search, struct grid_group *group)
{
    while (group->first_row < group->last_row) {
        const struct grid_row *row = &search->rows[group->first_row];

        if (row->chunk_count > 1 || search->chunks[row->first_chunk].period ||
            (float)grid_step_above(search, group->first_row + 1) <
                GRID_NEW_TABLE_STEP * group_pitch(search, group))
            return;
        do
            group->first_row++;
        while (group->first_row < group->last_row &&
               !grid_row_has_cells(search, &search->rows[group->first_row]));
    }
}

/* A row at the rows' own pitch above the first, whose figures stand in the group's columns: it was parted
 * from them because the row below has nothing under them. */
static void grow_top(const struct grid_search *search, struct grid_group *group)
{
    const float pitch = group_pitch(search, group);

    for (int r = group->first_row - 1; r >= 0 && !grid_row_taken(search, r); r--) {
        const struct grid_row *row = &search->rows[r];
        int figures = 0;

        if (group->pitch_count < 2 || search->chunks[row->first_chunk].kind != GRID_TEXT ||
            grid_is_period_row(search, &search->rows[r + 1]) ||
            (float)grid_step_above(search, r + 1) > GRID_SAME_PITCH * pitch)
            return;
        for (int i = 1; i < row->chunk_count; i++) {
            const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];

            if (chunk->period || grid_find_track(search, group, chunk) < 0)
                return;
            figures += chunk->kind == GRID_FIGURE;
        }
        if (!figures)
            return;
        group->first_row = r;
    }
}

/* Nor does a page number at the foot of the page end one. */
static void trim_bottom(const struct grid_search *search, struct grid_group *group)
{
    const struct grid_row *row = &search->rows[group->last_row];
    bool low = (float)row->box.y0 > FOOT_SHARE * (float)search->page->height;

    if (group->last_row == group->first_row || row->chunk_count > 1 || !low ||
        (float)grid_step_above(search, group->last_row) < GRID_NEW_TABLE_STEP * group_pitch(search, group))
        return;
    do
        group->last_row--;
    while (group->last_row > group->first_row && !grid_row_has_cells(search, &search->rows[group->last_row]));
}

struct grid_region grid_group_region(const struct grid_search *search, struct grid_group *group)
{
    struct grid_region region;
    int heads, tail;

    trim_top(search, group);
    trim_bottom(search, group);
    grow_top(search, group);
    heads = head_lines(search, group);
    heads = heads ? heads : group_heading_lines(search, group);
    tail = word_rows(search, group);
    tail = tail ? tail : tail_lines(search, group);
    region = (struct grid_region){group->first_row - heads, group->last_row + tail, 1 << 30, 0};

    for (int r = region.first_row; r <= region.last_row; r++) {
        if (search->rows[r].box.x0 < region.x0_px)
            region.x0_px = search->rows[r].box.x0;
        if (search->rows[r].box.x1 > region.x1_px)
            region.x1_px = search->rows[r].box.x1;
    }
    return region;
}
