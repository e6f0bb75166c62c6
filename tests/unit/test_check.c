#include "tests/support/made_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_sum_that_holds_confirms_its_cells(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|1 177 488"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 1);
    assert_int_equal(table->checks[0].verdict, TOLKA_CHECK_HOLDS);
    assert_int_equal(table->checks[0].cells[0].row, 3);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_rounding_is_forgiven_and_told(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|1 177 487"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 1);
    assert_int_equal(table->checks[0].off.mantissa, -1);
    tolka_record_release(&record);
}

static void test_subtotals_add_up_to_a_total(void **state)
{
    static const char *const LINES[] = {
        "|2020",     "Hyra|1 000",   "Värme|2 500",          "Summa lokaler|3 500",
        "Lön|7 000", "Avgift|1 200", "Summa personal|8 200", "Summa kostnader|11 700"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 3);
    assert_int_equal(table->checks[2].cell_count, 3);
    tolka_record_release(&record);
}

static void test_result_is_found_as_a_difference(void **state)
{
    static const char *const LINES[] = {"|2020", "Förbrukat|1 270 854", "Erhållet|1 487 503",
                                        "Överskott|216 649"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 0); /* six figures are too few to rule out chance in one column */
    tolka_record_release(&record);
}

static void test_result_is_found_as_a_difference_in_two_columns(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Förbrukat|1 270 854|1 100 000",
                                        "Erhållet|1 487 503|1 350 001", "Överskott|216 649|250 001"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 2);
    tolka_record_release(&record);
}

/* What remains of the assets when the other side is taken off is the last debt of any balance sheet: the sum
 * of the debts below it is a sum all the same. */
static void test_last_debt_of_a_balance_sheet_is_no_result(void **state)
{
    static const char *const lines[] = {"|2022|2021",
                                        "Byggnader|4 200|4 300",
                                        "Bank|800|650",
                                        "Summa tillgångar|5 000|4 950",
                                        "Eget kapital||",
                                        "Insatser|2 000|2 000",
                                        "Resultat|412|95",
                                        "Summa eget kapital|2 412|2 095",
                                        "Skulder||",
                                        "Lån|2 100|2 400",
                                        "Leverantörsskulder|488|455",
                                        "Summa skulder|2 588|2 855"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, lines, COUNT_OF(lines));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 11, 1)->status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(tolka_table_cell(table, 11, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_wrong_sum_that_was_read_well_is_a_misprint(void **state)
{
    static const char *const LINES[] = {"|2025|2026", "Projekt|-350 000|-330 000",
                                        "Team|-2 333 000|-2 333 000", "Mässa|-35 000|-35 000",
                                        "Summa insatser|-2 718 000|-2 689 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 1);
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 1);
    assert_int_equal(tolka_table_cell(table, 4, 2)->value.mantissa, -2689000);
    assert_int_equal(tolka_table_cell(table, 4, 2)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_sum_with_a_term_read_as_letters_is_no_misprint(void **state)
{
    static const char *const LINES[] = {"Insats|In|Ut|Kvar", "Ett|38|27|46", "Två|P|14|21", "Tre|9|5|6",
                                        "Summa|59|46|73"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 0);
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISREAD), 1);
    tolka_record_release(&record);
}

static void test_misprinted_total_is_no_bad_reading_where_it_is_a_term(void **state)
{
    static const char *const LINES[] = {"|2025|2026|2027",
                                        "A|1 000|1 100|1 200",
                                        "B|5 000|5 200|5 300",
                                        "Summa ett|6 000|6 310|6 500",
                                        "C|2 000|2 100|2 200",
                                        "D|3 000|3 200|3 300",
                                        "Summa två|5 000|5 300|5 500",
                                        "Summa allt|11 000|11 600|12 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 1); /* the total is the sum of all rows */
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISREAD), 0);
    tolka_record_release(&record);
}

static void test_unsure_shape_that_fails_is_not_reported(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|2 500 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 0);
    assert_int_equal(tolka_table_cell(table, 3, 1)->status, TOLKA_CELL_READ);
    tolka_record_release(&record);
}

static void test_mean_below_a_column_is_no_misprint(void **state)
{
    static const char *const LINES[] = {"|Antal|Andel", "Norr|100|50", "Söder|300|55", "Väster|200|45",
                                        "Summa|600|51"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 0);
    tolka_record_release(&record);
}

static void test_misread_pair_leaves_neither_figure_trusted(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Kassa|?3 033 242|2 500 100", "Summa|4 242|2 500 100"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISREAD), 1);
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(table, 2, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_deviation_is_the_difference_of_two_columns(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Avvikelse", "Netto|-3 972|-4 636|664",
                                        "Avgift|3 986|3 986|0", "Resultat|14|-650|664"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));
    bool found = false;

    (void)state;
    assert_true(made_table_check(&record));
    for (size_t i = 0; i < table->check_count; i++)
        found = found || strcmp(table->checks[i].rule, "difference_of_columns") == 0;
    assert_true(found);
    assert_int_equal(tolka_table_cell(table, 1, 3)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_shares_make_a_hundred(void **state)
{
    static const char *const LINES[] = {"|Andel", "Administration|29 %", "Individ|67 %", "Struktur|4 %"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 1);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_repeated_years_inside_are_no_terms(void **state)
{
    static const char *const LINES[] = {"|2025|2026",        "Avgift|1 000|2 000", "|2025|2026",
                                        "Ränta|3 000|4 000", "Kurs|500|600",       "Summa|3 500|4 600"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 2);
    assert_int_equal(table->checks[0].cell_count, 3);
    tolka_record_release(&record);
}

static void test_equal_shares_do_not_hide_the_sum_of_all(void **state)
{
    static const char *const LINES[] = {
        "|Andel, %|Belopp",        "Regionen|25|2 204 750", "Kassan|25|2 204 750", "Verket|25|2 204 750",
        "Kommun ett|15|1 322 850", "Kommun två|10|881 900", "Summa|100|?8 819 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 6, 2)->value.mantissa, 8819000);
    assert_int_equal(tolka_table_cell(table, 6, 2)->status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_cell_that_no_slip_leads_from_does_not_excuse_a_misprint(void **state)
{
    static const char *const LINES[] = {"|2025|2026", "Lokaler|-10 000|-10 000", "Resor|-13 000|-13 000",
                                        "Revision|-28 925|-28 925", "Summa|-51 925|-48 925"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    tolka_table_cell(table, 1, 2)->confidence = 0.79F; /* would have to say -7 000 */
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 1);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_that_holds_confirms_its_cells),
        cmocka_unit_test(test_rounding_is_forgiven_and_told),
        cmocka_unit_test(test_subtotals_add_up_to_a_total),
        cmocka_unit_test(test_result_is_found_as_a_difference),
        cmocka_unit_test(test_result_is_found_as_a_difference_in_two_columns),
        cmocka_unit_test(test_last_debt_of_a_balance_sheet_is_no_result),
        cmocka_unit_test(test_wrong_sum_that_was_read_well_is_a_misprint),
        cmocka_unit_test(test_sum_with_a_term_read_as_letters_is_no_misprint),
        cmocka_unit_test(test_misprinted_total_is_no_bad_reading_where_it_is_a_term),
        cmocka_unit_test(test_unsure_shape_that_fails_is_not_reported),
        cmocka_unit_test(test_mean_below_a_column_is_no_misprint),
        cmocka_unit_test(test_misread_pair_leaves_neither_figure_trusted),
        cmocka_unit_test(test_deviation_is_the_difference_of_two_columns),
        cmocka_unit_test(test_shares_make_a_hundred),
        cmocka_unit_test(test_repeated_years_inside_are_no_terms),
        cmocka_unit_test(test_equal_shares_do_not_hide_the_sum_of_all),
        cmocka_unit_test(test_cell_that_no_slip_leads_from_does_not_excuse_a_misprint),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
