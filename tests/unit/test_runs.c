#include "extract/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 150, HEIGHT = 40, STRIDE = 5 };

static void put(uint32_t *words, int x, int y)
{
    words[y * STRIDE + x / 32] |= UINT32_C(1) << (31 - x % 32);
}

static int at(const uint32_t *words, int x, int y)
{
    return x >= 0 && x < WIDTH && words[y * STRIDE + x / 32] >> (31 - x % 32) & 1;
}

/* Length of the run of pixels like the one at x. */
static int run_length(const uint32_t *words, int x, int y, int *from)
{
    int to = x;

    for (*from = x; *from > 0 && at(words, *from - 1, y) == at(words, x, y);)
        (*from)--;
    while (to + 1 < WIDTH && at(words, to + 1, y) == at(words, x, y))
        to++;
    return to + 1 - *from;
}

static void fill_by_chance(uint32_t *words)
{
    srand(3);
    memset(words, 0, HEIGHT * STRIDE * sizeof *words);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0, dark = 0; x < WIDTH; x++) {
            dark = rand() % 9 == 0 ? !dark : dark;
            if (dark)
                put(words, x, y);
        }
    }
}

static void test_runs_open_keeps_long_runs_only(void **state)
{
    uint32_t before[HEIGHT * STRIDE], after[HEIGHT * STRIDE];
    int from;

    (void)state;
    fill_by_chance(before);
    memcpy(after, before, sizeof after);
    tolka_runs_open((struct tolka_bits){after, WIDTH, HEIGHT, STRIDE}, 9);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(at(after, x, y), at(before, x, y) && run_length(before, x, y, &from) >= 9);
    }
}

static void test_runs_close_fills_short_gaps_between_runs_only(void **state)
{
    uint32_t before[HEIGHT * STRIDE], after[HEIGHT * STRIDE];

    (void)state;
    fill_by_chance(before);
    memcpy(after, before, sizeof after);
    tolka_runs_close((struct tolka_bits){after, WIDTH, HEIGHT, STRIDE}, 9);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int from, length = run_length(before, x, y, &from);
            const int gap = length < 9 && from > 0 && from + length < WIDTH;
            assert_int_equal(at(after, x, y), at(before, x, y) || gap);
        }
    }
}

static void test_runs_close_leaves_an_empty_row(void **state)
{
    uint32_t words[STRIDE] = {0};

    (void)state;
    tolka_runs_close((struct tolka_bits){words, WIDTH, 1, STRIDE}, 1000);
    for (int i = 0; i < STRIDE; i++)
        assert_int_equal(words[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_open_keeps_long_runs_only),
        cmocka_unit_test(test_runs_close_fills_short_gaps_between_runs_only),
        cmocka_unit_test(test_runs_close_leaves_an_empty_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
