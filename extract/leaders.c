/*
 * Dot leaders. Each dot is linked to its nearest neighbour on the right that is of its size and stands in its
 * row; a chain of LEAST_DOTS with even steps is a leader. Recognised, leaders come out as words of letters,
 * and spoil the words beside them.
 */
#include "extract/leaders.h"

#include "base/order.h"

#include <stdlib.h>

/* Shares of a letter's height: the largest dot, the longest step, the drift of a row within one step. */
static const float DOT = 0.45F, STEP = 1.7F, DRIFT = 0.25F;

/* A step is even within this share of the usual one; this share of the steps must be. */
static const float EVEN = 0.3F, LEAST_EVEN = 0.7F;

/* A page full of contents has some thousand dots; more than MAX_DOTS are a screen or dirt. */
enum { LEAST_DOTS = 6, MAX_DOTS = 30000 };

struct dot {
    struct tolka_blob *blob;
    float x, y;   /* centre */
    int next;     /* its right neighbour, or -1 */
    bool is_next; /* of some dot */
};

static bool is_dot(const struct tolka_blob *blob, int letter_px)
{
    const int w = tolka_box_width(blob->box), h = tolka_box_height(blob->box);
    const int most = (int)(DOT * (float)letter_px) + 1;

    return w >= 2 && h >= 2 && w <= most && h <= most && w <= 2 * h && h <= 2 * w && 2 * blob->area >= w * h;
}

static int by_x(const void *a, const void *b)
{
    const float p = ((const struct dot *)a)->x, q = ((const struct dot *)b)->x;

    return (p > q) - (p < q);
}

static size_t collect(struct tolka_blob *blobs, size_t count, int letter_px, struct dot *dots)
{
    size_t found = 0;

    for (size_t i = 0; i < count && found < MAX_DOTS; i++) {
        const struct tolka_box box = blobs[i].box;
        if (is_dot(&blobs[i], letter_px))
            dots[found++] = (struct dot){&blobs[i], (float)(box.x0 + box.x1) / 2,
                                         (float)(box.y0 + box.y1) / 2, -1, false};
    }
    qsort(dots, found, sizeof *dots, by_x);
    return found;
}

static bool follows(const struct dot *left, const struct dot *right, float unit)
{
    const int a = left->blob->area, b = right->blob->area;
    const float rise = right->y - left->y;

    return rise <= DRIFT * unit && -rise <= DRIFT * unit && right->blob->box.x0 > left->blob->box.x1 &&
           2 * a <= 5 * b && 2 * b <= 5 * a;
}

static void link_dots(struct dot *dots, size_t count, float unit)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count && dots[k].x - dots[i].x <= STEP * unit; k++) {
            if (dots[k].is_next || !follows(&dots[i], &dots[k], unit))
                continue;
            dots[i].next = (int)k;
            dots[k].is_next = true;
            break;
        }
    }
}

/* Marks the chain from `first` on when it is a leader; `steps` is scratch. */
static void mark_chain(struct dot *dots, int first, float *steps)
{
    size_t count = 0, even = 0;
    float usual;

    for (int i = first; dots[i].next >= 0; i = dots[i].next)
        steps[count++] = dots[dots[i].next].x - dots[i].x;
    if (count + 1 < LEAST_DOTS)
        return;
    usual = tolka_median_floats(steps, count);
    for (size_t i = 0; i < count; i++)
        even += steps[i] >= (1 - EVEN) * usual && steps[i] <= (1 + EVEN) * usual;
    if ((float)even < LEAST_EVEN * (float)count)
        return;
    for (int i = first; i >= 0; i = dots[i].next)
        dots[i].blob->is_leader = true;
}

bool tolka_leaders_mark(struct tolka_blob *blobs, size_t count, int letter_px)
{
    const size_t most = count < MAX_DOTS ? count : MAX_DOTS;
    struct dot *dots = malloc((most + 1) * sizeof *dots);
    float *steps = malloc((most + 1) * sizeof *steps);
    const bool good = dots && steps;
    const size_t found = good ? collect(blobs, count, letter_px, dots) : 0;

    if (found >= LEAST_DOTS && found < MAX_DOTS) {
        link_dots(dots, found, (float)letter_px);
        for (size_t i = 0; i < found; i++) {
            if (!dots[i].is_next)
                mark_chain(dots, (int)i, steps);
        }
    }
    free(dots);
    free(steps);
    return good;
}
