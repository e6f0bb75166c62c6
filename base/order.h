/* Ascending order for qsort(), and medians. Any file may include this. */
#ifndef TOLKA_BASE_ORDER_H
#define TOLKA_BASE_ORDER_H

#include <stdlib.h>

static inline int tolka_order_ints(const void *a, const void *b)
{
    const int p = *(const int *)a, q = *(const int *)b;

    return (p > q) - (p < q);
}

static inline int tolka_order_floats(const void *a, const void *b)
{
    const float p = *(const float *)a, q = *(const float *)b;

    return (p > q) - (p < q);
}

/* Sorts the values; the upper of the middle ones, 0 where there is none. */
static inline int tolka_median_ints(int *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, tolka_order_ints);
    return values[count / 2];
}

/* Sorts the values; the upper of the middle ones, 0 where there is none. */
static inline float tolka_median_floats(float *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, tolka_order_floats);
    return values[count / 2];
}

#endif
