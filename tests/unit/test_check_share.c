#include "schema/check.h"
#include "tests/support/made_table.h"
#include "tests/support/rule_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* How many checks of shares came to the verdict. */
static int count_shares(const struct tolka_table *table, const char *rule, enum tolka_verdict verdict)
{
    int count = 0;

    for (size_t i = 0; i < table->check_count; i++)
        count += strcmp(table->checks[i].rule, rule) == 0 && table->checks[i].verdict == verdict;
    return count;
}

static void test_share_of_a_printed_total_confirms_itself(void **state)
{
    static const char *const LINES[] = {
        "|2023|Andel",          "Staten|3 200 000|50,0 %", "Norrby|1 600 000|25,0 %",
        "Sörby|928 000|14,5 %", "Västby|672 000|10,5 %",   "Summa|6 400 000|"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(count_shares(table, "share_of_whole", TOLKA_CHECK_HOLDS), 4);
    assert_int_equal(tolka_table_cell(table, 3, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_share_of_another_column_is_found(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Förbrukat", "Lön|911 066|1 800 000|50,6 %",
                                        "Hyra|702 118|1 200 000|58,5 %", "Resor|97 702|400 000|24,4 %"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(count_shares(table, "share_of_whole", TOLKA_CHECK_HOLDS), 3);
    assert_int_equal(table->checks[0].addends[1].sign, 0);
    assert_int_equal(table->checks[0].addends[1].column, 2);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_READ); /* a share proves no amount */
    tolka_record_release(&record);
}

static void test_share_that_was_misread_is_put_right(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Förbrukat", "Lön|911 066|1 800 000|50,6 %",
                                        "Hyra|702 118|1 200 000|58,5 %", "Resor|97 702|400 000|24,4 %",
                                        "Tolk|28 400|80 000|?85,5 %"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    made_reading(&record, tolka_table_cell(table, 4, 3), "35,5 %", 0.2F);
    assert_true(made_table_check(&record));
    assert_string_equal(tolka_table_cell(table, 4, 3)->text, "35,5 %");
    assert_int_equal(tolka_table_cell(table, 4, 3)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_share_that_is_printed_wrong_is_a_misprint(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Förbrukat", "Lön|911 066|1 800 000|50,6 %",
                                        "Hyra|702 118|1 200 000|58,5 %", "Resor|97 702|400 000|24,4 %",
                                        "Tolk|28 400|80 000|45,5 %"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(made_verdicts(table, TOLKA_CHECK_MISPRINT), 1);
    assert_string_equal(tolka_table_cell(table, 4, 3)->text, "45,5 %");
    tolka_record_release(&record);
}

static void test_share_of_something_else_is_left_alone(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Nöjda", "Lön|911 066|1 800 000|81,0 %",
                                        "Hyra|702 118|1 200 000|77,3 %", "Resor|97 702|400 000|90,1 %"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 0);
    tolka_record_release(&record);
}

static void test_sum_of_shares_that_fails_says_nothing(void **state)
{
    static const char *const LINES[] = {"|Kvinnor", "Bryggan|61 %", "Vägen|48 %", "Steget|?br", "Summa|61 %"};
    struct tolka_record record = {0};
    const struct tolka_table *table = made_table(&record, LINES, COUNT_OF(LINES));

    (void)state;
    assert_true(made_table_check(&record));
    assert_int_equal(table->check_count, 0);
    tolka_record_release(&record);
}

static void test_share_that_the_rules_name_is_checked(void **state)
{
    static const char overview[] =
        "tkr|2023|2022|2021\nEget kapital|2 318|2 730|2 693\nBalansomslutning|3 427|3 706|3 580\n"
        "Soliditet (%)|68|74|75";
    struct tolka_rules *rules = rule_tables_load();
    struct tolka_record record = {0};

    (void)state;
    record.tables = tolka_arena_array(&record.arena, 1, sizeof *record.tables);
    record.tables[0] = rule_tables_make(&record.arena, "Flerårsöversikt", 1, overview);
    record.table_count = record.table_capacity = 1;
    tolka_rules_classify(rules, &record.tables[0], NULL);
    assert_int_equal(tolka_checks_run(rules, &record, NULL), TOLKA_OK);
    assert_int_equal(count_shares(&record.tables[0], "solidity", TOLKA_CHECK_HOLDS), 3);
    tolka_rules_free(rules);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_of_a_printed_total_confirms_itself),
        cmocka_unit_test(test_share_of_another_column_is_found),
        cmocka_unit_test(test_share_that_was_misread_is_put_right),
        cmocka_unit_test(test_share_that_is_printed_wrong_is_a_misprint),
        cmocka_unit_test(test_share_of_something_else_is_left_alone),
        cmocka_unit_test(test_sum_of_shares_that_fails_says_nothing),
        cmocka_unit_test(test_share_that_the_rules_name_is_checked),
    };

    return cmocka_run_group_tests_name("check_share", tests, NULL, NULL);
}
