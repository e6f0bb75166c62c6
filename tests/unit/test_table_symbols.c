#include "schema/table.h"
#include "tests/support/grid_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Builds a table of one page and checks the text of one of its cells. */
static void check_cell(enum tolka_origin origin, int rows, int columns, const char *const *cells, int row,
                       int column, const char *text)
{
    struct tolka_page page;
    struct tolka_record record = {0};
    struct tolka_error err = {0};

    grid_pages_make(&page, 1, rows, columns, cells);
    page.origin = origin;
    assert_int_equal(tolka_tables_build(&page, 1, NULL, NULL, &record, &err), TOLKA_OK);
    assert_int_equal(record.table_count, 1);
    assert_string_equal(tolka_table_cell(&record.tables[0], row, column)->text, text);
    tolka_page_release(&page);
    tolka_record_release(&record);
}

static void test_mend_a_square_metre(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Årsavgift per m? yta", "702", "Yta", "1 254 m?"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 1, 0, "Årsavgift per m² yta");
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 2, 1, "1 254 m²");
    check_cell(TOLKA_ORIGIN_TEXT, 3, 2, CELLS, 1, 0, "Årsavgift per m? yta");
}

static void test_mend_a_percent_sign_behind_a_label(void **state)
{
    static const char *const SMALL[] = {"", "2020", "Soliditet (Yo)", "59", "Andel, 26", "41"};
    static const char *const LARGE[] = {"", "2020", "Soliditet (Yo)", "59", "Fastighet, 26", "4 100 000"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, SMALL, 1, 0, "Soliditet (%)");
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, SMALL, 2, 0, "Andel, %");
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, LARGE, 2, 0, "Fastighet, 26");
}

static void test_mend_a_percent_sign_lost_among_percentages(void **state)
{
    static const char *const CELLS[] = {"", "Andel", "A", "59 %", "B", "29 %", "C", "12"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 4, 2, CELLS, 3, 1, "12 %");
    check_cell(TOLKA_ORIGIN_TEXT, 4, 2, CELLS, 3, 1, "12");
}

static void test_mend_a_nought_and_a_stop_among_amounts(void **state)
{
    static const char *const CELLS[] = {"",  "2020", "A", "1 590 000", "B", "29 000",
                                        "C", "O",    "D", "14.000",    "E", "12 500"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 6, 2, CELLS, 3, 1, "0");
    check_cell(TOLKA_ORIGIN_OCR, 6, 2, CELLS, 4, 1, "14 000");
}

static void test_mend_specks_around_a_label_and_in_a_heading(void **state)
{
    static const char *const CELLS[] = {"", "Utfall <jan-aug", "\"Löner", "1 590", "Hyror -", "290"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 0, 1, "Utfall jan-aug");
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 1, 0, "Löner");
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 2, 0, "Hyror");
}

static void test_mend_a_colon_lost_in_a_total(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Fond", "1 590", "S a eget kapital", "1 590"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 3, 2, CELLS, 2, 0, "S:a eget kapital");
}

static void test_mend_the_first_of_a_month_in_a_heading(void **state)
{
    static const char *const CELLS[] = {"", "Inskrivna ljanuari", "Vägen", "38"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 2, 2, CELLS, 0, 1, "Inskrivna 1 januari");
}

static void test_mend_the_last_of_a_month_in_a_heading(void **state)
{
    static const char *const CELLS[] = {"", "2022-12-32", "Bank", "38 100"};
    static const char *const APRIL[] = {"", "2022-04-37", "Bank", "38 100"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 2, 2, CELLS, 0, 1, "2022-12-31");
    check_cell(TOLKA_ORIGIN_OCR, 2, 2, APRIL, 0, 1, "2022-04-30");
}

static void test_mend_a_dash_read_as_two(void **state)
{
    static const char *const CELLS[] = {"", "2022-07-01 —-2023-06-30", "Bank", "38 100"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 2, 2, CELLS, 0, 1, "2022-07-01 –2023-06-30");
}

static void test_mend_years_that_follow_each_other(void **state)
{
    static const char *const YEARS[] = {"",    "2 023", "202", "2021",  "2020",
                                        "Lön", "1 590", "290", "1 200", "12"};
    static const char *const FIGURES[] = {"",    "2 023", "202", "2021",  "1 990",
                                          "Lön", "1 590", "290", "1 200", "12"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 2, 5, YEARS, 0, 1, "2023");
    check_cell(TOLKA_ORIGIN_OCR, 2, 5, YEARS, 0, 2, "2022");
    check_cell(TOLKA_ORIGIN_OCR, 2, 5, FIGURES, 0, 2, "202");
}

static void test_mend_broken_years_without_their_slash(void **state)
{
    static const char *const CELLS[] = {"", "202223", "202122", "2020/21", "Lön", "1 590", "290", "12"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 2, 4, CELLS, 0, 1, "2022/23");
    check_cell(TOLKA_ORIGIN_OCR, 2, 4, CELLS, 0, 2, "2021/22");
}

static void test_mend_points_at_and_in_figures(void **state)
{
    static const char *const CELLS[] = {"", "2031", "A", "61 %.", "B", "20.2", "C", "(31 814).", "D", "14,5"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 5, 2, CELLS, 1, 1, "61 %");
    check_cell(TOLKA_ORIGIN_OCR, 5, 2, CELLS, 2, 1, "20,2");
    check_cell(TOLKA_ORIGIN_OCR, 5, 2, CELLS, 3, 1, "(31 814)");
    check_cell(TOLKA_ORIGIN_TEXT, 5, 2, CELLS, 2, 1, "20.2");
}

static void test_mend_letters_among_note_numbers(void **state)
{
    static const char *const NOTES[] = {"",      "Not", "2020", "Löner",  "2", "1 590",
                                        "Hyror", "3",   "290",  "Räntor", "H", "12"};
    static const char *const WORDS[] = {"",      "Klass", "2020", "Löner",  "A", "1 590",
                                        "Hyror", "B",     "290",  "Räntor", "H", "12"};

    (void)state;
    check_cell(TOLKA_ORIGIN_OCR, 4, 3, NOTES, 3, 1, "11");
    check_cell(TOLKA_ORIGIN_OCR, 4, 3, WORDS, 3, 1, "H");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mend_a_square_metre),
        cmocka_unit_test(test_mend_a_percent_sign_behind_a_label),
        cmocka_unit_test(test_mend_a_percent_sign_lost_among_percentages),
        cmocka_unit_test(test_mend_a_nought_and_a_stop_among_amounts),
        cmocka_unit_test(test_mend_specks_around_a_label_and_in_a_heading),
        cmocka_unit_test(test_mend_a_colon_lost_in_a_total),
        cmocka_unit_test(test_mend_the_first_of_a_month_in_a_heading),
        cmocka_unit_test(test_mend_the_last_of_a_month_in_a_heading),
        cmocka_unit_test(test_mend_a_dash_read_as_two),
        cmocka_unit_test(test_mend_years_that_follow_each_other),
        cmocka_unit_test(test_mend_broken_years_without_their_slash),
        cmocka_unit_test(test_mend_points_at_and_in_figures),
        cmocka_unit_test(test_mend_letters_among_note_numbers),
    };

    return cmocka_run_group_tests_name("table_symbols", tests, NULL, NULL);
}
