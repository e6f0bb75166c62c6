/*
 * Openings and closings by a horizontal line, a run at a time. The cost does not grow with the line's length,
 * as that of the usual shifts of the whole picture does (Leptonica's bricks: some 40 ms a page, this 5).
 */
#include "extract/runs.h"

/* The first pixel from `x` on whose bit differs from `flip`'s bits; `width` when there is none. */
static int next_pixel(const uint32_t *row, int x, int width, uint32_t flip)
{
    int word = x >> 5;
    uint32_t bits;

    if (x >= width)
        return width;
    bits = (row[word] ^ flip) & (UINT32_MAX >> (x & 31));
    while (!bits) {
        if (++word * 32 >= width)
            return width;
        bits = row[word] ^ flip;
    }
    x = word * 32 + __builtin_clz(bits);
    return x < width ? x : width;
}

static int next_dark(const uint32_t *row, int x, int width)
{
    return next_pixel(row, x, width, 0);
}

static int next_light(const uint32_t *row, int x, int width)
{
    return next_pixel(row, x, width, UINT32_MAX);
}

/* Sets pixels from .. to - 1 to dark or light. */
static void paint(uint32_t *row, int from, int to, int dark)
{
    for (int word = from >> 5; word * 32 < to; word++) {
        const int first = from - word * 32, end = to - word * 32;
        uint32_t mask = UINT32_MAX;
        if (first > 0)
            mask &= UINT32_MAX >> first;
        if (end < 32)
            mask &= ~(UINT32_MAX >> end);
        row[word] = dark ? row[word] | mask : row[word] & ~mask;
    }
}

void tolka_runs_open(struct tolka_bits bits, int least)
{
    for (int y = 0; y < bits.height; y++) {
        uint32_t *row = bits.words + (int64_t)y * bits.stride;
        for (int from = next_dark(row, 0, bits.width), to; from < bits.width;
             from = next_dark(row, to, bits.width)) {
            to = next_light(row, from, bits.width);
            if (to - from < least)
                paint(row, from, to, 0);
        }
    }
}

void tolka_runs_close(struct tolka_bits bits, int least)
{
    for (int y = 0; y < bits.height; y++) {
        uint32_t *row = bits.words + (int64_t)y * bits.stride;
        int from = next_light(row, next_dark(row, 0, bits.width), bits.width);
        while (from < bits.width) {
            const int to = next_dark(row, from, bits.width);
            if (to < bits.width && to - from < least)
                paint(row, from, to, 1);
            from = next_light(row, to, bits.width);
        }
    }
}
