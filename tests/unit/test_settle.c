#include "schema/value.h"
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

static struct tolka_table *add_table(struct tolka_record *record, const char *caption, const char *text)
{
    struct tolka_table *grown = realloc(record->tables, (record->table_count + 1) * sizeof *grown);

    assert_non_null(grown);
    record->tables = grown;
    grown[record->table_count] = rule_tables_make(&record->arena, caption, 1, text);
    tolka_rules_classify(rules, &grown[record->table_count], NULL);
    return &grown[record->table_count++];
}

/* Settles the record over a report of one page with that text on one line. */
static void settle(struct tolka_record *record, const char *text)
{
    struct tolka_page page = {.number = 1, .line_count = 1};
    struct tolka_line line = {.grid = -1};
    static struct tolka_word words[60];
    char copy[400], *rest = NULL;

    strcpy(copy, text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        words[line.word_count++].raw = word;
    for (int i = 0; i < line.word_count; i++)
        words[i].text = words[i].raw;
    page.lines = &line;
    page.words = words;
    page.word_count = (size_t)line.word_count;
    assert_int_equal(tolka_rules_settle(rules, &page, 1, record, NULL), TOLKA_OK);
}

static void release(struct tolka_record *record)
{
    free(record->tables);
    record->tables = NULL;
    record->table_count = 0;
    tolka_record_release(record);
}

static const char note[] = "|2023|2022\nPorto|310|295\nTelefon|24|30\nSumma|334|325";

static enum tolka_unit unit_told_by(const char *text)
{
    struct tolka_record record = {0};
    struct tolka_table *table = add_table(&record, "Not 4 Externa kostnader", note);
    enum tolka_unit unit;

    settle(&record, text);
    unit = tolka_table_cell(table, 1, 1)->unit;
    assert_int_equal(table->unit, unit);
    release(&record);
    return unit;
}

static void test_settle_takes_the_unit_that_the_report_names(void **state)
{
    (void)state;
    assert_int_equal(unit_told_by("Samtliga belopp anges i tkr om inte annat anges."), TOLKA_UNIT_KSEK);
    assert_int_equal(unit_told_by("Alla belopp redovisas i tusentals kronor om inget annat anges."),
                     TOLKA_UNIT_KSEK);
    assert_int_equal(unit_told_by("Om inte annat anges redovisas samtliga belopp i hela kronor."),
                     TOLKA_UNIT_SEK);
    assert_int_equal(unit_told_by("Belopp i mnkr om inget annat anges"), TOLKA_UNIT_MSEK);
    assert_int_equal(unit_told_by("Beloppen i årsredovisningen anges i kronor"), TOLKA_UNIT_NONE);
    assert_int_equal(unit_told_by("Alla belopp i tkr. Samtliga belopp i kronor."), TOLKA_UNIT_NONE);
    assert_int_equal(unit_told_by("Föreningen har 200 tkr på banken."), TOLKA_UNIT_NONE);
}

static void test_settle_gives_no_money_to_people_and_shares(void **state)
{
    struct tolka_record record = {0};
    struct tolka_table *people, *lines;

    (void)state;
    add_table(&record, "Not 5 Medelantal anställda", "|2023|2022\nModerföretaget|12|11\nDotterföretag|40|41");
    add_table(&record, "Not 6 Lån",
              "Långivare|Räntesats|2023\nStadsbanken|4,61|8 204 000\nKreditbanken|1,12|1 000 000");
    settle(&record, "Samtliga belopp anges i tkr.");
    people = &record.tables[0];
    lines = &record.tables[1];
    assert_int_not_equal(tolka_table_cell(people, 1, 1)->unit, TOLKA_UNIT_KSEK);
    assert_int_not_equal(tolka_table_cell(lines, 1, 1)->unit, TOLKA_UNIT_KSEK);
    assert_int_equal(tolka_table_cell(lines, 1, 2)->unit, TOLKA_UNIT_KSEK);
    release(&record);
}

static void test_settle_gives_a_line_its_own_unit(void **state)
{
    struct tolka_record record = {0};
    struct tolka_table *table =
        add_table(&record, "Flerårsöversikt",
                  "tkr|2023|2022|2021\nNettoomsättning|812|799|780\nSoliditet|61|60|58\n"
                  "Årsavgift per kvm|700|680|660");

    (void)state;
    settle(&record, "");
    assert_int_equal(tolka_table_cell(table, 1, 1)->unit == TOLKA_UNIT_PERCENT, false);
    assert_int_equal(tolka_table_cell(table, 2, 1)->unit, TOLKA_UNIT_PERCENT);
    assert_int_equal(tolka_table_cell(table, 3, 1)->unit, TOLKA_UNIT_SEK);
    release(&record);
}

static void test_settle_knows_a_broken_year_by_the_day_of_the_balance(void **state)
{
    struct tolka_record record = {0};
    struct tolka_table *table;

    (void)state;
    add_table(
        &record, "Balansräkning",
        "Tillgångar|2023-06-30|2022-06-30\nKundfordringar|10 000|9 000\nKassa och bank|20 000|21 000\nSumma "
        "tillgångar|30 000|30 000");
    add_table(&record, "Flerårsöversikt",
              "tkr|2022/2023|2021/22|2020/21\nNettoomsättning|812|799|780\nSoliditet|61|60|58");
    settle(&record, "");
    table = &record.tables[1];
    assert_string_equal(table->columns[1].period.from, "2022-07-01");
    assert_string_equal(table->columns[1].period.to, "2023-06-30");
    assert_string_equal(table->columns[2].period.to, "2022-06-30");
    release(&record);
}

static void test_settle_leaves_two_years_alone_where_the_year_is_not_broken(void **state)
{
    struct tolka_record record = {0};
    struct tolka_table *table;

    (void)state;
    add_table(
        &record, "Balansräkning",
        "Tillgångar|2023-12-31|2022-12-31\nKundfordringar|10 000|9 000\nKassa och bank|20 000|21 000\nSumma "
        "tillgångar|30 000|30 000");
    add_table(&record, "Flerårsöversikt",
              "tkr|2022/2023|2021/2022|2020/2021\nNettoomsättning|812|799|780\nSoliditet|61|60|58");
    settle(&record, "");
    table = &record.tables[1];
    assert_null(table->columns[1].period.to);
    release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle_takes_the_unit_that_the_report_names),
        cmocka_unit_test(test_settle_gives_no_money_to_people_and_shares),
        cmocka_unit_test(test_settle_gives_a_line_its_own_unit),
        cmocka_unit_test(test_settle_knows_a_broken_year_by_the_day_of_the_balance),
        cmocka_unit_test(test_settle_leaves_two_years_alone_where_the_year_is_not_broken),
    };

    return cmocka_run_group_tests_name("settle", tests, load, unload);
}
