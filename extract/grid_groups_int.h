/* Groups of figures that stand under each other, and where their tables begin and end. Shared by
 * grid_groups.c and grid_edges.c, by nobody else. */
#ifndef TOLKA_EXTRACT_GRID_GROUPS_INT_H
#define TOLKA_EXTRACT_GRID_GROUPS_INT_H

#include "extract/grid_internal.h"

enum { GRID_MAX_TRACKS = 24 };

/* Times the usual pitch: the white space above the heading of a next table, and a row's that is no further
 * than others. */
#define GRID_NEW_TABLE_STEP 1.5f
#define GRID_SAME_PITCH 1.12f

struct grid_track {
    int x0, x1, support;
};

struct grid_group {
    struct grid_track tracks[GRID_MAX_TRACKS];
    int track_count;
    int first_row, last_row; /* rows with its figures */
    int head_row;            /* of years or dates, above its amounts; -1 */
    int figure_rows, body_rows;
    long long pitch_sum;
    int pitch_count;
    bool closed;
};

/* What stands in a row, seen from a group. */
struct grid_view {
    bool prose, large, label, head_text, figures, leaders;
};

/* grid_groups.c */
struct grid_view grid_view_row(const struct grid_search *search, const struct grid_group *group, int r);
bool grid_is_bold(const struct grid_search *search, const struct grid_chunk *chunk);
bool grid_is_period_row(const struct grid_search *search, const struct grid_row *row);
bool grid_row_has_cells(const struct grid_search *search, const struct grid_row *row);
bool grid_row_taken(const struct grid_search *search, int r);
int grid_find_track(const struct grid_search *search, const struct grid_group *group,
                    const struct grid_chunk *chunk);
int grid_group_left(const struct grid_group *group);
int grid_group_right(const struct grid_group *group);
int grid_gap_above(const struct grid_search *search, int r);
int grid_step_above(const struct grid_search *search, int r);

/* How far left of its figures a head may begin, in units of the median word height. */
#define GRID_HEAD_OVERHANG 4.0f

/* grid_edges.c: the rows of the group's table, its headings and what follows its last figures included. */
struct grid_region grid_group_region(const struct grid_search *search, struct grid_group *group);

#endif
