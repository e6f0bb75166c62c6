#include "tests/support/rule_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    const char *kind, *caption, *heading;
    int header_rows;
    const char *text;
};

/* One of each kind, and for each a near miss that is something else. */
static const struct sample samples[] = {
    {"income_statement", "Resultaträkning", NULL, 1,
     "Belopp i tkr|Not|2023|2022\nVerksamhetens intäkter|1|4 210|4 100\nVerksamhetens kostnader|2|-4 900|-4 "
     "300\n"
     "Avskrivningar||-30|-30\nVerksamhetens nettokostnader||-720|-230\nSkatteintäkter||500|480\nÅrets "
     "resultat||-220|250"},
    {"income_statement", NULL, "RESULTATRAKNING", 1, /* marks lost by the recogniser */
     "|2023|2022\nNettoomsattning|812 400|799 100\nOvriga externa kostnader|-610 300|-598 000\n"
     "Personaikostnader|-45 000|-41 000\nRorelseresultat|157 100|160 100\nArets resuitat|120 000|131 000"},
    {"balance_sheet", "Balansräkning", NULL, 1,
     "Tillgångar|2023-12-31|2022-12-31\nMateriella anläggningstillgångar|900 000|950 000\nKundfordringar|12 "
     "000|9 000\n"
     "Kassa och bank|410 000|350 000\nSumma tillgångar|1 322 000|1 309 000"},
    {"balance_sheet", NULL, NULL, 1,
     "Eget kapital och skulder|2023-12-31|2022-12-31\nBalanserat resultat|800 000|700 000\nÅrets resultat|50 "
     "000|100 000\n"
     "Summa eget kapital|850 000|800 000\nLeverantörsskulder|40 000|35 000\nSumma eget kapital och "
     "skulder|890 000|835 000"},
    {"cash_flow", "Kassaflödesanalys", NULL, 1,
     "|2023|2022\nÅrets resultat|50 000|100 000\nKassaflöde från den löpande verksamheten|61 000|99 000\n"
     "Årets kassaflöde|61 000|99 000\nLikvida medel vid årets början|349 000|250 000\nLikvida medel vid "
     "årets slut|410 000|349 000"},
    {"note", "Not 3 Övriga externa kostnader", NULL, 1,
     "|2023|2022\nRevision|41 000|38 000\nPorto|900|1 100\nSumma|41 900|39 100"},
    {"note", NULL, "Not 12. Fordringar", 0, "Momsfordran|6 400|3 100\nSkattekonto|11|7"},
    {"budget", "Budget 2026", NULL, 1,
     "|2026|2027\nVerksamhetens intäkter|3 600 000|3 600 000\nVerksamhetens kostnader|-3 500 000|-3 590 "
     "000\nÅrets resultat|100 000|10 000"},
    {"budget_followup", NULL, "Driftsredovisning", 1,
     "Tkr|Utfall 2023|Budget 2023|Avvikelse\nNettokostnad|-3 900|-4 100|200\nMedlemsavgift|3 986|3 986|0"},
    {"project_costs", NULL, "Ekonomisk rapportering", 1,
     "Kostnader|Kr\nLöner|900 100\nLokalkostnader|40 000\nBilkostnader|12 000\nFörbrukade medel|952 "
     "100\nÖverskott|47 900"},
    {"cost_split", NULL, "Fördelning av kostnader", 1,
     "Belopp kr|2023|Fördelning (%)\nAdministration|900 000|30 %\nIndividinriktade insatser|2 100 000|70 %"},
    {"goals", NULL, "God ekonomisk hushållning", 1,
     "Delmål|Aktivitet|Måluppfyllelse\nAlla elever ska kunna simma|Extra lektioner har hållits under hela "
     "våren|Målet bedöms vara uppfyllt.\n"
     "Kön till bad ska kortas|Fler tider har öppnats på kvällarna|Målet är inte uppfyllt."},
    {"multi_year", "Flerårsöversikt", NULL, 1,
     "|2023|2022|2021|2020\nNettoomsättning, tkr|812|799|780|775\nResultat efter finansiella "
     "poster|120|131|90|85\nSoliditet, %|61|60|58|57"},
    {"statistics", NULL, "Deltagare", 1,
     "Insats|Antal|Kvinnor|Män\nGröna huset|41|22|19\nVerkstaden|17|5|12\nTotalt|58|27|31"},
    {"facts", NULL, NULL, 0,
     "Målgrupp|Unga mellan 16 och 29 år som varken arbetar eller studerar\nHuvudman|Storviks kommun\n"
     "Syfte|Att deltagarna ska komma närmare egen försörjning\nTidsperiod|Ett och ett halvt år från starten "
     "i mars"},
    {"schedule", "Sammanträdesplan", NULL, 1,
     "Möte|Innehåll|Datum\nFebruari|Årsredovisning|2025-02-14\nMaj|Revisionsrapport|2025-05-16\nNovember|"
     "Budget|2025-11-21"},
    {"contents", "Innehållsförteckning", NULL, 0,
     "1 Inledning|3\n2 Förvaltningsberättelse|4\n3 Resultaträkning|9\n4 Balansräkning|10\n5 Noter|12"},
    {"other", NULL, NULL, 1,
     "Avtal|Leverantör\nHissar|Norrlyft AB\nSnöröjning|Egen regi\nStädning|Rena Trappor AB"},
    {"other", NULL, "Förändring av eget kapital", 1,
     "|Insatser|Balanserat resultat|Årets resultat\nBelopp vid årets ingång|24 000|70 000|9 "
     "000\nDisposition|0|9 000|-9 000\n"
     "Årets resultat|0|0|4 000\nBelopp vid årets utgång|24 000|79 000|4 000"},
    {"other", NULL, NULL, 1, "Förening|Belopp\nTuvans hembygdsförening|20 000\nRoddarna|15 000"},
};

static struct tolka_rules *rules;
static struct tolka_arena arena;

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
    tolka_arena_release(&arena);
    return 0;
}

static struct tolka_table classified(const char *caption, const char *heading, int header_rows,
                                     const char *text)
{
    struct tolka_table table = rule_tables_make(&arena, caption, header_rows, text);

    tolka_rules_classify(rules, &table, heading);
    return table;
}

static void test_classify_knows_each_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
        struct tolka_table table =
            classified(samples[i].caption, samples[i].heading, samples[i].header_rows, samples[i].text);

        if (strcmp(table.kind, samples[i].kind))
            fail_msg("sample %zu: wanted %s, got %s", i, samples[i].kind, table.kind);
    }
}

static void test_classify_names_items_with_lost_marks(void **state)
{
    struct tolka_table table = classified(samples[1].caption, samples[1].heading, 1, samples[1].text);

    (void)state;
    assert_string_equal(table.rows[1].item, "net_sales");
    assert_string_equal(table.rows[3].item, "personnel_expenses");
    assert_string_equal(table.rows[4].item, "operating_result");
    assert_string_equal(table.rows[5].item, "result");
}

static void test_classify_sets_roles_and_unit(void **state)
{
    struct tolka_table table = classified(NULL, "Driftsredovisning", 1, samples[8].text);

    (void)state;
    assert_string_equal(table.kind, "budget_followup");
    assert_int_equal(table.unit, TOLKA_UNIT_KSEK);
    assert_string_equal(table.columns[0].role, "label");
    assert_string_equal(table.columns[1].role, "actual");
    assert_string_equal(table.columns[2].role, "budget");
    assert_string_equal(table.columns[3].role, "deviation");
}

static void test_classify_knows_a_note_column_without_heading(void **state)
{
    struct tolka_table table =
        classified("Resultaträkning", NULL, 1,
                   "Kr||2023|2022\nNettoomsättning|2|812 400|799 100\n"
                   "Övriga externa kostnader|3|-610 300|-598 000\nRörelseresultat||202 100|201 100\n"
                   "Årets resultat||202 100|201 100");

    (void)state;
    assert_string_equal(table.columns[1].role, "note");
    assert_string_equal(table.columns[2].role, "amount");
}

static void test_classify_gives_a_group_heading_no_item_twice(void **state)
{
    struct tolka_table table =
        classified("Balansräkning", NULL, 1,
                   "|2023\nEget kapital|\nBalanserat resultat|10\nSumma eget kapital|10\n"
                   "Kortfristiga skulder|\nLeverantörsskulder|5\nSumma eget kapital och skulder|15");

    (void)state;
    assert_string_equal(table.kind, "balance_sheet");
    assert_null(table.rows[1].item);
    assert_string_equal(table.rows[3].item, "total_equity");
    assert_true(table.rows[3].is_total);
    assert_false(table.rows[2].is_total);
}

static void test_classify_an_empty_table(void **state)
{
    struct tolka_table table = classified(NULL, NULL, 0, "");

    (void)state;
    assert_string_equal(table.kind, "other");
}

static void test_is_total_label(void **state)
{
    (void)state;
    assert_true(tolka_rules_is_total_label(rules, "S:a eget kapital"));
    assert_true(tolka_rules_is_total_label(rules, "SUMMA"));
    assert_true(tolka_rules_is_total_label(rules, "Totalt"));
    assert_false(tolka_rules_is_total_label(rules, "Samverkan"));
    assert_false(tolka_rules_is_total_label(rules, ""));
}

static void test_sums_of_either_sign_are_alternatives(void **state)
{
    size_t count, positive = 0, negative = 0;
    const struct tolka_rule_sum *sums = tolka_rules_sums(rules, "income_statement", &count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sums[i].term_count; k++)
            if (!strcmp(sums[i].total, "operating_result") &&
                !strcmp(sums[i].terms[k].item, "operating_expenses")) {
                positive += sums[i].terms[k].sign > 0;
                negative += sums[i].terms[k].sign < 0;
            }
    assert_int_equal(positive, 1);
    assert_int_equal(negative, 1);
    assert_null(tolka_rules_sums(rules, "no such kind", &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classify_knows_each_kind),
        cmocka_unit_test(test_classify_names_items_with_lost_marks),
        cmocka_unit_test(test_classify_sets_roles_and_unit),
        cmocka_unit_test(test_classify_knows_a_note_column_without_heading),
        cmocka_unit_test(test_classify_gives_a_group_heading_no_item_twice),
        cmocka_unit_test(test_classify_an_empty_table),
        cmocka_unit_test(test_is_total_label),
        cmocka_unit_test(test_sums_of_either_sign_are_alternatives),
    };

    return cmocka_run_group_tests_name("classify", tests, load, unload);
}
