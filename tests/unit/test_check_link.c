#include "schema/check.h"
#include "tests/support/rule_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_rules *rules;

static int load(void **state)
{
    (void)state;
    rules = rule_tables_load();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    tolka_rules_free(rules);
    return 0;
}

static const char statement[] =
    "kr|2023|2022\nNettoomsättning|18 411 902|17 304 655\nÖvriga externa kostnader|-17 000 100|-16 200 050\n"
    "Rörelseresultat|1 411 802|1 104 605\nÅrets resultat|1 411 802|1 104 605";

/* Checks the statement in kronor and an overview in tkr together; the caller releases `record`. */
static const struct tolka_table *check_pair(struct tolka_record *record, const char *first,
                                            const char *overview, int doubtful_row)
{
    record->tables = tolka_arena_array(&record->arena, 2, sizeof *record->tables);
    record->tables[0] = rule_tables_make(&record->arena, "Resultaträkning", 1, first);
    record->tables[1] = rule_tables_make(&record->arena, "Flerårsöversikt", 1, overview);
    record->table_count = record->table_capacity = 2;
    for (int t = 0; t < 2; t++) {
        struct tolka_table *table = &record->tables[t];

        tolka_rules_classify(rules, table, NULL);
        for (int i = table->column_count; i < table->row_count * table->column_count; i++) {
            table->cells[i].confidence = 0.95F;
            if (table->cells[i].has_value)
                table->cells[i].unit = t ? TOLKA_UNIT_KSEK : TOLKA_UNIT_SEK;
        }
    }
    if (doubtful_row) {
        tolka_table_cell(&record->tables[1], doubtful_row, 1)->confidence = 0.3F;
        tolka_table_cell(&record->tables[1], doubtful_row, 1)->status = TOLKA_CELL_DOUBTFUL;
    }
    assert_string_equal(record->tables[1].kind, "multi_year");
    assert_int_equal(tolka_checks_run(rules, record, NULL), TOLKA_OK);
    return &record->tables[1];
}

static const struct tolka_table *check_overview(struct tolka_record *record, const char *overview,
                                                int doubtful_row)
{
    return check_pair(record, statement, overview, doubtful_row);
}

static const char overview[] = "tkr|2023|2022|2021\nNettoomsättning|18 412|17 305|15 870\nÅrets resultat|1 "
                               "412|1 105|402\nSoliditet|46|43|39";

static void test_link_confirms_across_units(void **state)
{
    struct tolka_record record = {0};
    const struct tolka_table *table = check_overview(&record, overview, 0);

    (void)state;
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(tolka_table_cell(table, 2, 2)->status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(tolka_table_cell(table, 1, 3)->status, TOLKA_CELL_READ);
    assert_int_equal(table->checks[0].verdict, TOLKA_CHECK_HOLDS);
    assert_string_equal(table->checks[0].rule, "overview");
    tolka_record_release(&record);
}

static void test_link_across_units_confirms_a_doubtful_cell_that_is_rounded_right(void **state)
{
    struct tolka_record record = {0};
    const struct tolka_table *table = check_overview(&record, overview, 1);

    (void)state;
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_link_across_units_that_fails_says_nothing(void **state)
{
    struct tolka_record record = {0};
    const struct tolka_table *table =
        check_overview(&record,
                       "tkr|2023|2022|2021\nNettoomsättning|18 912|17 305|15 870\nÅrets resultat|1 412|1 "
                       "105|402\nSoliditet|46|43|39",
                       1);

    (void)state;
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(table, 1, 2)->status, TOLKA_CELL_CONFIRMED);
    for (size_t i = 0; i < table->check_count; i++)
        assert_int_equal(table->checks[i].verdict, TOLKA_CHECK_HOLDS);
    tolka_record_release(&record);
}

static void test_link_across_units_doubts_a_sign_that_is_missing(void **state)
{
    static const char loss[] =
        "kr|2023|2022\nNettoomsättning|15 588 298|17 304 655\nÖvriga externa kostnader|-17 000 100|-16 "
        "200 050\nRörelseresultat|-1 411 802|1 104 605\nÅrets resultat|-1 411 802|1 104 605";
    struct tolka_record record = {0};
    const struct tolka_table *table = check_pair(&record, loss,
                                                 "tkr|2023|2022|2021\nNettoomsättning|15 588|17 305|15 "
                                                 "870\nÅrets resultat|1 412|1 105|402\nSoliditet|46|43|39",
                                                 0);

    (void)state;
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(table, 2, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_link_across_units_doubts_a_digit_that_is_missing(void **state)
{
    struct tolka_record record = {0};
    const struct tolka_table *table =
        check_overview(&record,
                       "tkr|2023|2022|2021\nNettoomsättning|18 412|17 305|15 870\nÅrets resultat|142|1 "
                       "105|402\nSoliditet|46|43|39",
                       0);

    (void)state;
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(table, 2, 2)->status, TOLKA_CELL_CONFIRMED);
    for (size_t i = 0; i < table->check_count; i++)
        assert_int_equal(table->checks[i].verdict, TOLKA_CHECK_HOLDS);
    tolka_record_release(&record);
}

static void test_link_carries_a_closing_forward_within_its_table(void **state)
{
    static const char note[] = "kr|2023-12-31|2022-12-31\nIngående avskrivningar|-931 900|-864 000\nÅrets "
                               "avskrivningar|-67 900|-67 900\n"
                               "Utgående avskrivningar|-999 800|-931 900";
    struct tolka_record record = {0};
    bool carried = false;

    (void)state;
    record.tables = tolka_arena_array(&record.arena, 1, sizeof *record.tables);
    record.tables[0] = rule_tables_make(&record.arena, "Not 3 Byggnader", 1, note);
    record.table_count = record.table_capacity = 1;
    tolka_rules_classify(rules, &record.tables[0], NULL);
    assert_int_equal(tolka_checks_run(rules, &record, NULL), TOLKA_OK);
    for (size_t i = 0; i < record.tables[0].check_count; i++)
        carried = carried || strcmp(record.tables[0].checks[i].rule, "carried_forward") == 0;
    assert_true(carried);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_confirms_across_units),
        cmocka_unit_test(test_link_across_units_confirms_a_doubtful_cell_that_is_rounded_right),
        cmocka_unit_test(test_link_across_units_that_fails_says_nothing),
        cmocka_unit_test(test_link_across_units_doubts_a_sign_that_is_missing),
        cmocka_unit_test(test_link_across_units_doubts_a_digit_that_is_missing),
        cmocka_unit_test(test_link_carries_a_closing_forward_within_its_table),
    };

    return cmocka_run_group_tests_name("check_link", tests, load, unload);
}
