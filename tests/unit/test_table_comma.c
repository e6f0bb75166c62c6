#include "schema/table.h"
#include "tests/support/grid_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 6, COLUMNS = 4 };

/* A table of one page, every figure read with the same confidence. */
static struct tolka_record build_as(enum tolka_origin origin, float confidence, const char *const *cells)
{
    struct tolka_page page;
    struct tolka_record record = {0};
    struct tolka_error err = {0};

    grid_pages_make(&page, 1, ROWS, COLUMNS, cells);
    page.origin = origin;
    for (size_t i = 0; i < page.word_count; i++)
        page.words[i].confidence = confidence;
    assert_int_equal(tolka_tables_build(&page, 1, NULL, NULL, &record, &err), TOLKA_OK);
    assert_int_equal(record.table_count, 1);
    tolka_page_release(&page);
    return record;
}

/* The same, read well. */
static struct tolka_record build(enum tolka_origin origin, const char *const *cells)
{
    return build_as(origin, 0.95F, cells);
}

static enum tolka_cell_status status_of(enum tolka_origin origin, const char *const *cells, int row,
                                        int column)
{
    struct tolka_record record = build(origin, cells);
    enum tolka_cell_status status = tolka_table_cell(&record.tables[0], row, column)->status;

    tolka_record_release(&record);
    return status;
}

static const char *const LOST[] = {"Mnkr",   "Utfall", "Budget", "Prognos", "Trafik", "-402,7",
                                   "409,1",  "73",     "Vård",   "-61,9",   "-583",   "-182,0",
                                   "Kultur", "-55,1",  "-56,0",  "0,9",     "Miljö",  "-88,2",
                                   "-94,5",  "-280,0", "Summa",  "-607,9",  "203,7",  "-388,1"};

static void test_comma_lost_in_a_decimal_table(void **state)
{
    struct tolka_record record = build(TOLKA_ORIGIN_OCR, LOST);
    const struct tolka_cell *cell = tolka_table_cell(&record.tables[0], 2, 2);

    (void)state;
    assert_int_equal(cell->status, TOLKA_CELL_DOUBTFUL);
    assert_string_equal(cell->text, "-583");
    assert_string_equal(cell->alternatives[0].text, "-58,3");
    assert_int_equal(tolka_table_cell(&record.tables[0], 1, 3)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(&record.tables[0], 1, 1)->status, TOLKA_CELL_READ);
    tolka_record_release(&record);
}

static void test_comma_figure_that_fell_apart_is_offered_closed_up(void **state)
{
    static const char *const CELLS[] = {"Mnkr",   "Utfall", "Budget", "Prognos", "Trafik",  "-402,7",
                                        "409,1",  "7,3",    "Vård",   "-61,9",   "-1 24,9", "-182,0",
                                        "Kultur", "-55,1",  "-56,0",  "0,9",     "Miljö",   "-88,2",
                                        "-94,5",  "-280,0", "Summa",  "-607,9",  "133,7",   "-453,8"};
    struct tolka_record record = build(TOLKA_ORIGIN_OCR, CELLS);
    const struct tolka_cell *cell = tolka_table_cell(&record.tables[0], 2, 2);

    (void)state;
    assert_false(cell->has_value);
    assert_string_equal(cell->alternatives[0].text, "-124,9");
    tolka_record_release(&record);
}

static void test_comma_of_a_text_layer_is_not_lost(void **state)
{
    (void)state;
    assert_int_equal(status_of(TOLKA_ORIGIN_TEXT, LOST, 2, 2), TOLKA_CELL_READ);
}

static void test_comma_lost_by_a_part_of_a_table_that_was_read_badly(void **state)
{
    static const char *const CELLS[] = {"Mnkr",   "Utfall", "Budget", "Prognos", "Trafik", "47",
                                        "49",     "17,3",   "Vård",   "61",      "58,3",   "182,0",
                                        "Kultur", "55,1",   "56,0",   "30,9",    "Miljö",  "88,2",
                                        "94,5",   "280,0",  "Bygg",   "60,9",    "20,7",   "38,1"};
    struct tolka_record badly = build_as(TOLKA_ORIGIN_OCR, 0.85F, CELLS);

    (void)state;
    assert_int_equal(tolka_table_cell(&badly.tables[0], 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(&badly.tables[0], 2, 2)->status, TOLKA_CELL_READ);
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 1, 1), TOLKA_CELL_READ);
    tolka_record_release(&badly);
}

static void test_comma_is_not_missed_in_a_row_of_whole_figures(void **state)
{
    static const char *const CELLS[] = {"",         "2031", "2030",       "2029", "Soliditet",  "34,2",
                                        "33,9",     "33,1", "Avkastning", "8,2",  "12,5",       "11,7",
                                        "Marginal", "7,5",  "11,2",       "10,4", "Likviditet", "1,2",
                                        "1,1",      "1,3",  "Anställda",  "118",  "115",        "112"};

    (void)state;
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 5, 1), TOLKA_CELL_READ);
}

static void test_comma_lost_by_most_of_a_row_of_years(void **state)
{
    static const char *const CELLS[] = {
        "",          "2031",   "2030",   "2029",   "Omsättning", "412 884", "398 107", "371 550",
        "Resultat",  "31 206", "44 918", "39 004", "Tillgångar", "998 420", "961 377", "904 288",
        "Soliditet", "342",    "33,9",   "331",    "Anställda",  "118",     "115",     "112"};

    (void)state;
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 4, 1), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 4, 3), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 5, 1), TOLKA_CELL_READ);
}

static void test_figure_that_begins_with_a_nought_is_doubtful(void **state)
{
    static const char *const CELLS[] = {"",       "2031",   "2030",  "2029",    "Mark",   "14 884",
                                        "18 107", "17 550", "Bank",  "31 206",  "44 918", "39 004",
                                        "Lager",  "420",    "377",   "288",     "Kassa",  "342",
                                        "0",      "331",    "Summa", "024 252", "63 402", "57 173"};

    (void)state;
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 5, 1), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(status_of(TOLKA_ORIGIN_TEXT, CELLS, 5, 1), TOLKA_CELL_READ);
    assert_int_equal(status_of(TOLKA_ORIGIN_OCR, CELLS, 4, 2), TOLKA_CELL_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comma_lost_in_a_decimal_table),
        cmocka_unit_test(test_comma_figure_that_fell_apart_is_offered_closed_up),
        cmocka_unit_test(test_comma_of_a_text_layer_is_not_lost),
        cmocka_unit_test(test_comma_lost_by_a_part_of_a_table_that_was_read_badly),
        cmocka_unit_test(test_comma_is_not_missed_in_a_row_of_whole_figures),
        cmocka_unit_test(test_comma_lost_by_most_of_a_row_of_years),
        cmocka_unit_test(test_figure_that_begins_with_a_nought_is_doubtful),
    };

    return cmocka_run_group_tests_name("table_comma", tests, NULL, NULL);
}
