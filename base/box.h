/* A box in pixels. Any file may include this. */
#ifndef TOLKA_BASE_BOX_H
#define TOLKA_BASE_BOX_H

#include <stdbool.h>

/* Origin top left; x1 and y1 lie just outside. All zero is "no box". */
struct tolka_box {
    int x0, y0, x1, y1;
};

static inline int tolka_box_width(struct tolka_box box)
{
    return box.x1 - box.x0;
}

static inline int tolka_box_height(struct tolka_box box)
{
    return box.y1 - box.y0;
}

static inline bool tolka_box_is_empty(struct tolka_box box)
{
    return box.x1 <= box.x0 || box.y1 <= box.y0;
}

/* The columns, or rows, between two boxes; 0 where they share any or touch. */
static inline int tolka_box_gap_across(struct tolka_box a, struct tolka_box b)
{
    return a.x1 < b.x0 ? b.x0 - a.x1 : b.x1 < a.x0 ? a.x0 - b.x1 : 0;
}

static inline int tolka_box_gap_down(struct tolka_box a, struct tolka_box b)
{
    return a.y1 < b.y0 ? b.y0 - a.y1 : b.y1 < a.y0 ? a.y0 - b.y1 : 0;
}

/* Whether two boxes share a row. */
static inline bool tolka_box_share_rows(struct tolka_box a, struct tolka_box b)
{
    return a.y0 < b.y1 && b.y0 < a.y1;
}

/* The smallest box around both; an empty one does not count. */
static inline struct tolka_box tolka_box_union(struct tolka_box a, struct tolka_box b)
{
    if (tolka_box_is_empty(a))
        return b;
    if (tolka_box_is_empty(b))
        return a;
    if (b.x0 < a.x0)
        a.x0 = b.x0;
    if (b.y0 < a.y0)
        a.y0 = b.y0;
    if (b.x1 > a.x1)
        a.x1 = b.x1;
    if (b.y1 > a.y1)
        a.y1 = b.y1;
    return a;
}

#endif
