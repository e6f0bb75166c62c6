#include "schema/doubt.h"
#include "tests/support/rule_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* The status of one cell of a table after the outliers are marked; every cell was read with `confidence`. */
static enum tolka_cell_status mark(const char *text, int row, int column, float confidence,
                                   enum tolka_origin origin)
{
    struct tolka_page_summary page = {.page = 1, .origin = origin};
    struct tolka_record record = {.pages = &page, .page_count = 1, .table_count = 1};
    struct tolka_table table = rule_tables_make(&record.arena, NULL, 1, text);
    enum tolka_cell_status status;

    for (int i = 0; i < table.row_count * table.column_count; i++) {
        table.cells[i].page = 1;
        table.cells[i].confidence = confidence;
    }
    record.tables = &table;
    tolka_doubt_outliers(&record);
    status = tolka_table_cell(&table, row, column)->status;
    tolka_arena_release(&record.arena);
    return status;
}

static void test_outliers_a_lost_minus(void **state)
{
    static const char LOST[] = "Belopp i kr|2024|2023\nAvskrivningar|348 405|-348 405";
    static const char NONE[] = "Belopp i kr|2024|2023|2022\nResultat|348 405|-348 405|120 000";

    (void)state;
    assert_int_equal(mark(LOST, 1, 1, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(mark(LOST, 1, 2, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_READ);
    assert_int_equal(mark(LOST, 1, 1, 1, TOLKA_ORIGIN_TEXT), TOLKA_CELL_READ);
    assert_int_equal(mark(NONE, 1, 1, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_READ);
}

static void test_outliers_a_digit_too_many(void **state)
{
    static const char MANY[] = "Belopp i kr|2024|2023\nArvoden|86 530|929 582";
    static const char LIKE[] = "Belopp i kr|2024|2023\nArvoden|86 530|99 582";

    (void)state;
    assert_int_equal(mark(MANY, 1, 2, 0.85F, TOLKA_ORIGIN_OCR), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(mark(MANY, 1, 2, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_READ);
    assert_int_equal(mark(LIKE, 1, 2, 0.85F, TOLKA_ORIGIN_OCR), TOLKA_CELL_READ);
}

static void test_outliers_a_lost_comma(void **state)
{
    static const char LOST[] =
        "Långivare|Ränta|Belopp\nNorrbanken|3,84 %|8 200\nSörbanken|471 %|8 300\nVästbanken|1,15 %|70";
    static const char NONE[] =
        "Långivare|Ränta|Belopp\nNorrbanken|3,84 %|8 200\nSörbanken|4 %|8 300\nVästbanken|1,15 %|70";

    (void)state;
    assert_int_equal(mark(LOST, 2, 1, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_DOUBTFUL);
    assert_int_equal(mark(NONE, 2, 1, 0.96F, TOLKA_ORIGIN_OCR), TOLKA_CELL_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outliers_a_lost_minus),
        cmocka_unit_test(test_outliers_a_digit_too_many),
        cmocka_unit_test(test_outliers_a_lost_comma),
    };

    return cmocka_run_group_tests_name("doubt", tests, NULL, NULL);
}
