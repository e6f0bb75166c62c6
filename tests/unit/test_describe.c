#include "tests/support/rule_tables.h"

#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * A page as text, a line a line: "# " and "## " headings, "> " a running footer, "" a new paragraph. Print is
 * 40 px high, on 60 px lines.
 */
static struct tolka_page make_page(int number, const char *text)
{
    struct tolka_page page = {.number = number, .width = 2480, .height = 3508, .dpi = 300};
    int y = 200, block = 0;

    while (*text) {
        size_t length = strcspn(text, "\n"), at = 0;
        struct tolka_line *line = tolka_page_add_line(&page);
        int line_index = (int)page.line_count - 1, x = 200;

        *line = (struct tolka_line){
            .first_word = (int)page.word_count, .size_px = 40, .grid = -1, .block = block};
        if (text[0] == '#') {
            line->role = TOLKA_LINE_HEADING;
            line->heading_level = (int)strspn(text, "#");
            line->block = ++block;
            block++;
            at = strspn(text, "# ");
        } else if (text[0] == '>') {
            line->role = TOLKA_LINE_FOOTER;
            at = 2;
        }
        block += length == 0;
        while (at < length) {
            size_t end = at + strcspn(text + at, " \n");
            struct tolka_word *word = tolka_page_add_word(&page);
            int width = 20 * (int)(end - at);

            *word =
                (struct tolka_word){.box = {x, y, x + width, y + 40}, .confidence = 1, .line = line_index};
            word->raw = word->text = tolka_arena_strndup(&page.arena, text + at, end - at);
            page.lines[line_index].word_count++;
            page.lines[line_index].box = tolka_box_union(page.lines[line_index].box, word->box);
            x += width + 20;
            at = end + 1;
        }
        y += 60;
        text += length + (text[length] == '\n');
    }
    return page;
}

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

static void describe(struct tolka_record *record, const char *text)
{
    struct tolka_page page = make_page(1, text);

    assert_int_equal(tolka_rules_describe(rules, &page, 1, record, NULL), TOLKA_OK);
    tolka_page_release(&page);
}

static void test_describe_an_annual_report(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record,
             "# Årsredovisning 2021\n# Samordningsförbundet Norra Tuvan\n\nOrganisationsnummer "
             "222000-9811\nDnr: SNT 2022/14\n"
             "# 1. Förvaltningsberättelse\nStyrelsen avger följande årsredovisning för räkenskapsåret 2021.\n"
             "# 8. Styrelsens underskrift\nStorvik den 4 mars 2022\n\nAnna Ek Ordförande, Storvik\n");
    assert_string_equal(record.report.kind, "annual_report");
    assert_string_equal(record.report.title, "Årsredovisning 2021");
    assert_string_equal(record.report.organisation, "Samordningsförbundet Norra Tuvan");
    assert_string_equal(record.report.orgnr, "222000-9811");
    assert_string_equal(record.report.dnr, "SNT 2022/14");
    assert_string_equal(record.report.period.from, "2021-01-01");
    assert_string_equal(record.report.period.to, "2021-12-31");
    assert_string_equal(record.report.decided, "2022-03-04");
    assert_int_equal(record.signature_count, 1);
    assert_string_equal(record.signatures[0].name, "Anna Ek");
    assert_string_equal(record.signatures[0].role, "Ordförande");
    assert_string_equal(record.signatures[0].place, "Storvik");
    tolka_record_release(&record);
}

static void test_describe_ends_a_name_before_what_the_report_is_called(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(
        &record,
        "# Samordningsförbundet Södra Ljungen Delårsrapport\n\nSamordningsförbundet Södra Ljungen Org.nr: "
        "222000-9811\n");
    assert_string_equal(record.report.organisation, "Samordningsförbundet Södra Ljungen");
    tolka_record_release(&record);
}

static void test_describe_takes_the_day_on_which_the_council_decided(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record,
             "# Årsredovisning 2021\n# Storviks kommun\n\nStyrelsen beslutade 2021-02-01 om en ny taxa.\n\n"
             "Kommunfullmäktige beslutade 2022-04-25 att godkänna årsredovisningen.\n");
    assert_string_equal(record.report.decided, "2022-04-25");
    tolka_record_release(&record);
}

static void test_describe_an_interim_report(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record,
             "# Delårsrapport januari–juni 2021\n# Storviks kommun\n\nÅrsredovisning lämnas i mars.\n");
    assert_string_equal(record.report.kind, "interim_report");
    assert_string_equal(record.report.organisation, "Storviks kommun");
    assert_string_equal(record.report.period.from, "2021-01-01");
    assert_string_equal(record.report.period.to, "2021-06-30");
    tolka_record_release(&record);
}

static void test_describe_an_interim_report_up_to_a_day(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record, "# Delårsrapport per 30 april 2024\n# Region Sydlanda\n\nÅrsredovisning lämnas i mars.\n");
    assert_string_equal(record.report.period.from, "2024-01-01");
    assert_string_equal(record.report.period.to, "2024-04-30");
    tolka_record_release(&record);
}

static void test_describe_guesses_nothing(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record, "# Hej\nVi träffas i parken den 5 maj 2021 och ringer 220001-9812 innan.\n");
    assert_string_equal(record.report.kind, "other");
    assert_null(record.report.title);
    assert_null(record.report.organisation);
    assert_null(record.report.orgnr);
    assert_null(record.report.period.from);
    assert_null(record.report.decided);
    assert_int_equal(record.signature_count, 0);
    tolka_record_release(&record);
}

static void test_describe_refuses_a_wrong_check_digit(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record, "# Årsredovisning 2021\nOrg.nr 222000-9812\n");
    assert_null(record.report.orgnr);
    tolka_record_release(&record);
}

static void test_describe_sections_split_numbers_off(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    describe(&record, "# 1. Inledning\nText.\n## 1.2 Mål för året\nText.\n# Noter\nText.\n");
    assert_int_equal(record.section_count, 3);
    assert_string_equal(record.sections[0].number, "1");
    assert_string_equal(record.sections[0].title, "Inledning");
    assert_string_equal(record.sections[1].number, "1.2");
    assert_int_equal(record.sections[1].level, 2);
    assert_null(record.sections[2].number);
    tolka_record_release(&record);
}

static void test_describe_goals_by_their_phrases(void **state)
{
    static const char *const want[] = {"fulfilled", "not", "partly", "unknown",
                                       "ongoing",   "not", "partly", "fulfilled"};
    struct tolka_record record = {0};
    struct tolka_table *table = tolka_arena_alloc(&record.arena, sizeof(*table));

    (void)state;
    *table = rule_tables_make(
        &record.arena, NULL, 1,
        "Delmål|Aktivitet|Måluppfyllelse\nEtt|Det som gjordes under våren|Målet bedöms vara uppfyllt.\n"
        "Två|Det som gjordes under våren|Målet bedöms ej bli uppfyllt.\n"
        "Tre|Det som gjordes under våren|Malet bedöms vara delvis uppfyllt\n"
        "Fyra|Det som gjordes under våren|Måluppfyllelse kan inte bedömas än.\n"
        "Fem|Det som gjordes under våren|Arbetet pågår.\n"
        "Sex|Det som gjordes under våren|Målet har inte nåtts.\n"
        "Sju|Det som gjordes under våren|Målet är inte helt uppfyllt\n"
        "Åtta|Det som gjordes under våren|Mål bedöms bli uppfyllt under året");
    tolka_rules_classify(rules, table, NULL);
    record.tables = table;
    record.table_count = 1;
    describe(&record, "# Mål\n");
    assert_int_equal(record.goal_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(record.goals[i].fulfilment, want[i]);
    assert_string_equal(record.goals[0].goal, "Ett");
    tolka_record_release(&record);
}

static void test_describe_no_pages(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    assert_int_equal(tolka_rules_describe(rules, NULL, 0, &record, NULL), TOLKA_OK);
    assert_string_equal(record.report.kind, "other");
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describe_an_annual_report),
        cmocka_unit_test(test_describe_ends_a_name_before_what_the_report_is_called),
        cmocka_unit_test(test_describe_takes_the_day_on_which_the_council_decided),
        cmocka_unit_test(test_describe_an_interim_report),
        cmocka_unit_test(test_describe_an_interim_report_up_to_a_day),
        cmocka_unit_test(test_describe_guesses_nothing),
        cmocka_unit_test(test_describe_refuses_a_wrong_check_digit),
        cmocka_unit_test(test_describe_sections_split_numbers_off),
        cmocka_unit_test(test_describe_goals_by_their_phrases),
        cmocka_unit_test(test_describe_no_pages),
    };

    return cmocka_run_group_tests_name("describe", tests, load, unload);
}
