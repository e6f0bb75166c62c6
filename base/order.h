/* For qsort(): ascending order. Any file may include this. */
#ifndef TOLKA_BASE_ORDER_H
#define TOLKA_BASE_ORDER_H

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

#endif
