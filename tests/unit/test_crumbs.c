/* Crumbs of hairlines, told from print. */
#include "extract/crumbs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { LETTER = 20, MOST = 64, LINE_Y = 100, NEXT_LINE_Y = 160 };

struct sheet {
    struct tolka_box blobs[MOST];
    bool is_crumb[MOST];
    size_t count;
};

static size_t put(struct sheet *sheet, int x, int y, int wide, int high)
{
    sheet->blobs[sheet->count] = (struct tolka_box){x, y, x + wide, y + high};
    return sheet->count++;
}

/* Two lines of ten letters. */
static void put_lines(struct sheet *sheet)
{
    for (int i = 0; i < 10; i++) {
        put(sheet, 100 + 24 * i, LINE_Y, 16, LETTER);
        put(sheet, 100 + 24 * i, NEXT_LINE_Y, 16, LETTER);
    }
}

/* Puts `count` blobs of 10 x 3 px in a row; the number of them that are crumbs. */
static int count_crumbs(struct sheet *sheet, int x, int y, int count)
{
    const size_t first = sheet->count;
    int crumbs = 0;

    for (int i = 0; i < count; i++)
        put(sheet, x + 30 * i, y, 10, 3);
    tolka_crumbs_mark(sheet->blobs, sheet->count, LETTER, sheet->is_crumb);
    for (size_t i = 0; i < first; i++)
        assert_false(sheet->is_crumb[i]);
    for (size_t i = first; i < sheet->count; i++)
        crumbs += sheet->is_crumb[i];
    return crumbs;
}

static void test_a_row_between_lines_is_crumbs(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    put_lines(&sheet);
    assert_int_equal(count_crumbs(&sheet, 100, 138, 8), 8);
}

static void test_a_few_are_no_row(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    put_lines(&sheet);
    assert_int_equal(count_crumbs(&sheet, 100, 138, 5), 0);
}

static void test_dashes_of_a_row_of_print_stay(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    put_lines(&sheet);
    assert_int_equal(count_crumbs(&sheet, 600, LINE_Y + 9, 8), 0);
}

static void test_full_stops_beside_letters_stay(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    for (int i = 0; i < 8; i++)
        put(&sheet, 87 + 30 * i, LINE_Y, 12, LETTER);
    assert_int_equal(count_crumbs(&sheet, 100, LINE_Y + LETTER - 3, 8), 0);
}

static void test_dots_over_letters_stay(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    put_lines(&sheet);
    for (int i = 0; i < 8; i++)
        put(&sheet, 106 + 24 * i, NEXT_LINE_Y - 8, 4, 3);
    tolka_crumbs_mark(sheet.blobs, sheet.count, LETTER, sheet.is_crumb);
    for (size_t i = 0; i < sheet.count; i++)
        assert_false(sheet.is_crumb[i]);
}

static void test_commas_under_a_line_stay(void **state)
{
    struct sheet sheet = {.count = 0};

    (void)state;
    put_lines(&sheet);
    for (int i = 0; i < 8; i++)
        put(&sheet, 117 + 24 * i, LINE_Y + LETTER + 1, 4, 3);
    tolka_crumbs_mark(sheet.blobs, sheet.count, LETTER, sheet.is_crumb);
    for (size_t i = 0; i < sheet.count; i++)
        assert_false(sheet.is_crumb[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_between_lines_is_crumbs),
        cmocka_unit_test(test_a_few_are_no_row),
        cmocka_unit_test(test_dashes_of_a_row_of_print_stay),
        cmocka_unit_test(test_full_stops_beside_letters_stay),
        cmocka_unit_test(test_dots_over_letters_stay),
        cmocka_unit_test(test_commas_under_a_line_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
