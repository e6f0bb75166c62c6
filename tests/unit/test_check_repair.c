#include "tests/support/made_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void test_doubtful_cell_takes_the_alternative_that_adds_up(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|?1 176 050", "Lokaler|61 438", "Summa|1 177 488"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));
    struct tolka_cell *cell = tolka_table_cell(table, 1, 1);

    (void)state;
    made_reading(&record, cell, "1 116 950", 0.2F);
    made_reading(&record, cell, "1 116 050", 0.2F);
    assert_true(made_table_check(&record));
    assert_string_equal(cell->text, "1 116 050");
    assert_string_equal(cell->raw, "1 176 050");
    assert_int_equal(cell->status, TOLKA_CELL_REPAIRED);
    assert_int_equal(record.correction_count, 1);
    assert_string_equal(record.corrections[0].from, "1 176 050");
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 1);
    tolka_record_release(&record);
}

static void test_reading_that_was_merely_ranked_leaves_a_misprint_alone(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|14 000|10 000", "Lokaler|61 000|20 000",
                                        "Summa|72 000|30 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "11 000", 0.013F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "14 000");
    assert_int_equal(record.correction_count, 0);
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 1);
    tolka_record_release(&record);
}

static void test_offered_reading_with_fewer_digits_is_contested(void **state)
{
    static const char *const LINES[] = {"|April|Mars|Avvikelse", "Årsarbetare|11 842|11 977|-135",
                                        "Anställda|?1 206|11 318|-112", "Vikarier|616|620|-4"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    table->columns[3].role = "deviation";
    tolka_table_cell(table, 2, 2)->confidence = 0.8F;
    made_reading(&record, tolka_table_cell(table, 2, 2), "1 318", 0.3F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 2, 2)->text, "11 318");
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    tolka_record_release(&record);
}

static void test_commas_lost_in_one_sum_are_put_back_together(void **state)
{
    static const char *const SUM[] = {"|2031|2030", "Hyror|?6 124|598,0", "Gåvor|?41 016|401,9",
                                      "Räntor|2,2|1,1", "Summa|4 716,2|1 001,0"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, SUM, COUNT_OF(SUM));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "612,4", 0.3F);
    made_reading(&record, tolka_table_cell(table, 2, 1), "4101,6", 0.3F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "612,4");
    assert_string_equal(tolka_table_cell(table, 2, 1)->text, "4 101,6");
    assert_int_equal(record.correction_count, 2);
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 2);
    tolka_record_release(&record);
}

static void test_commas_lost_by_a_whole_sum_are_put_back(void **state)
{
    static const char *const SUM[] = {"|2031|2030", "Hyror|?6 124|598,0", "Gåvor|?41 017|403,0",
                                      "Summa|?47 141|1 001,0"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, SUM, COUNT_OF(SUM));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "612,4", 0.3F);
    made_reading(&record, tolka_table_cell(table, 2, 1), "4101,7", 0.3F);
    made_reading(&record, tolka_table_cell(table, 3, 1), "4714,1", 0.3F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "612,4");
    assert_string_equal(tolka_table_cell(table, 3, 1)->text, "4 714,1");
    assert_int_equal(record.correction_count, 3);
    tolka_record_release(&record);
}

static void test_commas_are_not_lost_by_a_sum_of_which_one_figure_is_whole(void **state)
{
    static const char *const SUM[] = {"|2031|2030", "Hyror|?6 124|598,0", "Gåvor|41 016|403,0",
                                      "Summa|?47 140|1 001,0"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, SUM, COUNT_OF(SUM));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "612,4", 0.3F);
    made_reading(&record, tolka_table_cell(table, 3, 1), "4714,0", 0.3F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "6 124");
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_commas_stay_lost_where_the_sum_says_otherwise(void **state)
{
    static const char *const SUM[] = {"|2031|2030", "Hyror|?6 124|598,0", "Gåvor|?41 016|401,9",
                                      "Räntor|2,2|1,1", "Summa|4 999,9|1 001,0"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, SUM, COUNT_OF(SUM));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "612,4", 0.3F);
    made_reading(&record, tolka_table_cell(table, 2, 1), "4101,6", 0.3F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "6 124");
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.scale, 0);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_lost_digit_does_not_make_up_for_the_error_of_another_cell(void **state)
{
    static const char *const LINES[] = {"|2031|2030", "Kurser|?97 92|80 100", "Resor|?6 811|5 200",
                                        "Summa|104 753|85 300"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    tolka_table_cell(table, 1, 1)->confidence = 0.6F;
    tolka_table_cell(table, 2, 1)->confidence = 0.5F;
    made_reading(&record, tolka_table_cell(table, 2, 1), "6 841", 0.4F);
    assert_true(made_table_check(&record));
    assert_int_equal(record.correction_count, 0);
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    tolka_record_release(&record);
}

static void test_sum_that_was_read_well_is_not_bent_for_a_misprint_over_a_doubtful_term(void **state)
{
    static const char *const LINES[] = {"|2031|2030",
                                        "Köpta tjänster|?-814 444|-98 000",
                                        "Egna tjänster|-346 815|-320 400",
                                        "Summa tjänster|-461 259|-418 400",
                                        "Lokaler|-10 000|-9 000",
                                        "Summa|-471 269|-427 400"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    tolka_table_cell(table, 3, 1)->confidence = 0.9F;
    made_reading(&record, tolka_table_cell(table, 1, 1), "-114 444", 0.4F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "-114 444");
    assert_string_equal(tolka_table_cell(table, 3, 1)->text, "-461 259");
    tolka_record_release(&record);
}

static void test_share_is_not_bent_to_make_up_for_one_that_was_not_read(void **state)
{
    static const char *const LINES[] = {"|Belopp|Andel", "Staten|2 450|", "Regionen|1 225|?25 %",
                                        "Kommunen|1 225|25 %", "Summa|4 900|100 %"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    for (int row = 2; row <= 4; row++)
        tolka_table_cell(table, row, 2)->unit = TOLKA_UNIT_PERCENT;
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 2, 2)->text, "25 %");
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_doubtful_cell_gets_its_lost_sign_back(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Intäkt|500 000|400 000", "Kostnad|?200 000|-100 000",
                                        "Summa|300 000|300 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 2, 1)->text, "-200 000");
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_unreadable_amount_is_read_with_the_sum(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?2:857 326|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|2 918 764|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "2 857 326");
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_doubtful_digit_that_looks_like_the_right_one_is_repaired(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 176 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_signs_that_were_lost_in_a_sum_of_costs_come_back(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|1 116 050|-1 000 000",
                                        "Lokaler|61 438|-2 000 000", "Resor|-10 000|-10 000",
                                        "Summa|-1 187 488|-3 010 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    for (int r = 1; r < 3; r++) {
        tolka_table_cell(table, r, 1)->confidence = 0.95F;
    }
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "-1 116 050");
    assert_string_equal(tolka_table_cell(table, 2, 1)->text, "-61 438");
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_HOLDS), 2);
    tolka_record_release(&record);
}

static void test_two_doubtful_digits_without_an_alternative_stay_doubtful(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 132 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1132050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISREAD), 1);
    tolka_record_release(&record);
}

static void test_only_doubtful_figure_has_the_digit_that_a_certain_sum_needs(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 126 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_alternative_explains_a_sum_of_one_column(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|?1 126 050", "Lokaler|61 438", "Bilar|25 286",
                                        "Kostnader|1 202 774"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "1 116 050", 0.2F);
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_alternative_that_the_rounding_allows_beats_a_slip(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|134 318", "Lokaler|?5 634", "Bilar|3 905",
                                        "Summa|143 656"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 2, 1), "5 434", 0.2F);
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 2, 1)->value.mantissa, 5434);
    tolka_record_release(&record);
}

static void test_two_alternatives_that_add_up_change_nothing(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?5 100|4 000", "Lokaler|?5 200|2 000",
                                        "Summa|10 200|6 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 1, 1), "5 000", 0.2F);
    made_reading(&record, tolka_table_cell(table, 2, 1), "5 100", 0.2F);
    assert_true(made_table_check(&record));
    assert_int_equal(record.correction_count, 0);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    tolka_record_release(&record);
}

static void test_lost_sign_that_explains_a_sum_comes_back_beside_a_doubtful_figure(void **state)
{
    static const char *const LINES[] = {"|2023|2022",
                                        "Resultat|81 000|246 228",
                                        "Avskrivningar|390 100|386 240",
                                        "Räntor|?-6 100|?6 534",
                                        "Skulder|-2 000|-32 266",
                                        "Summa|463 000|114 280"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 2)->text, "-246 228");
    assert_int_equal(tolka_table_cell(table, 1, 2)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

/* Three deviations lost their minus; the sum below them proves it, the rows say which. */
static void test_deviations_get_their_lost_signs_back_with_the_sum(void **state)
{
    static const char *const LINES[] = {"|Budget|Utfall|Avvikelse",  "Bryggan|4 000|5 210|1 210",
                                        "Trappan|900|650|250",       "Taket|7 100|7 964|864",
                                        "Hissen|2 300|1 800|500",    "Grinden|510|633|123",
                                        "Summa|14 810|16 257|-1 447"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 1, 3)->text, "-1 210");
    assert_string_equal(tolka_table_cell(table, 3, 3)->text, "-864");
    assert_string_equal(tolka_table_cell(table, 5, 3)->text, "-123");
    assert_int_equal(tolka_table_cell(table, 2, 3)->value.mantissa, 250);
    assert_int_equal(record.correction_count, 3);
    tolka_record_release(&record);
}

/* Nothing but the rows: it may be the custom to print what is better than planned without a sign. */
static void test_deviation_that_may_lack_its_sign_is_doubted_not_changed(void **state)
{
    static const char *const LINES[] = {"|Budget|Utfall|Avvikelse", "Avgifter|4 000|5 210|1 210",
                                        "Hyra|900|650|250", "Löner|7 100|6 964|136", "Resor|2 300|1 800|500"};
    struct tolka_record record = {0};
    struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(tolka_table_cell(table, 1, 3)->value.mantissa, 1210);
    assert_int_equal(tolka_table_cell(table, 1, 3)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_doubtful_cell_takes_the_alternative_that_adds_up),
        cmocka_unit_test(test_reading_that_was_merely_ranked_leaves_a_misprint_alone),
        cmocka_unit_test(test_offered_reading_with_fewer_digits_is_contested),
        cmocka_unit_test(test_commas_lost_in_one_sum_are_put_back_together),
        cmocka_unit_test(test_commas_lost_by_a_whole_sum_are_put_back),
        cmocka_unit_test(test_commas_are_not_lost_by_a_sum_of_which_one_figure_is_whole),
        cmocka_unit_test(test_commas_stay_lost_where_the_sum_says_otherwise),
        cmocka_unit_test(test_lost_digit_does_not_make_up_for_the_error_of_another_cell),
        cmocka_unit_test(test_sum_that_was_read_well_is_not_bent_for_a_misprint_over_a_doubtful_term),
        cmocka_unit_test(test_share_is_not_bent_to_make_up_for_one_that_was_not_read),
        cmocka_unit_test(test_doubtful_cell_gets_its_lost_sign_back),
        cmocka_unit_test(test_unreadable_amount_is_read_with_the_sum),
        cmocka_unit_test(test_doubtful_digit_that_looks_like_the_right_one_is_repaired),
        cmocka_unit_test(test_signs_that_were_lost_in_a_sum_of_costs_come_back),
        cmocka_unit_test(test_two_doubtful_digits_without_an_alternative_stay_doubtful),
        cmocka_unit_test(test_only_doubtful_figure_has_the_digit_that_a_certain_sum_needs),
        cmocka_unit_test(test_alternative_explains_a_sum_of_one_column),
        cmocka_unit_test(test_alternative_that_the_rounding_allows_beats_a_slip),
        cmocka_unit_test(test_two_alternatives_that_add_up_change_nothing),
        cmocka_unit_test(test_lost_sign_that_explains_a_sum_comes_back_beside_a_doubtful_figure),
        cmocka_unit_test(test_deviations_get_their_lost_signs_back_with_the_sum),
        cmocka_unit_test(test_deviation_that_may_lack_its_sign_is_doubted_not_changed),
    };

    return cmocka_run_group_tests_name("check_repair", tests, NULL, NULL);
}
