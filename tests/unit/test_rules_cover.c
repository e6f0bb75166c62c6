#include "schema/read_json.h"
#include "schema/rules_cover.h"

#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];
static struct tolka_rules *rules;

/* Two kinds, of which one knows the other's lines too. */
static const char rule_text[] = "kinds:\n"
                                "  - kind: harvest\n"
                                "    threshold: 3\n"
                                "    heading:\n"
                                "      - {match: 'skörd', weight: 3}\n"
                                "    items:\n"
                                "      - {item: apples, labels: ['äpplen']}\n"
                                "      - {item: pears, labels: ['päron']}\n"
                                "      - {item: total, total: true, labels: ['summa']}\n"
                                "  - kind: store_room\n"
                                "    threshold: 3\n"
                                "    include: [harvest]\n"
                                "    heading:\n"
                                "      - {match: 'förråd', weight: 3}\n"
                                "reports:\n"
                                "  - kind: annual_report\n"
                                "    evidence:\n"
                                "      - {match: 'årsredovisning'}\n"
                                "fields:\n"
                                "  - {field: orgnr, match: '(?<value>\\d{6}-\\d{4})'}\n"
                                "  - {field: dnr, match: 'dnr (?<value>\\d+)'}\n";

static int load(void **state)
{
    const char *paths[] = {path};
    int file;
    FILE *out;

    (void)state;
    strcpy(path, "/tmp/tolka_cover_XXXXXX");
    file = mkstemp(path);
    out = file < 0 ? NULL : fdopen(file, "w");
    if (!out)
        return -1;
    fputs(rule_text, out);
    fclose(out);
    return tolka_rules_load_with(NULL, 0, paths, 1, &rules, NULL) ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    tolka_rules_free(rules);
    return unlink(path);
}

static void keep_finding(void *context, const char *finding)
{
    tolka_strbuf_addf(context, "%s\n", finding + strlen(path));
}

/* What is never met in the one report whose JSON `text` is, path left out. The caller releases it. */
static struct tolka_strbuf unmet_in(const char *text)
{
    struct tolka_cover *cover = tolka_cover_new(rules);
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    assert_int_equal(tolka_read_json(text, strlen(text), &record, NULL), TOLKA_OK);
    assert_true(tolka_cover_add(cover, &record, true));
    assert_int_equal(tolka_cover_count(cover), 1);
    tolka_cover_report(cover, NULL, 0, keep_finding, &out);
    tolka_record_release(&record);
    tolka_cover_free(cover);
    return out;
}

static void test_report_names_what_was_never_met_with_its_line(void **state)
{
    struct tolka_strbuf out = unmet_in("{\"tolka\": \"1\", \"report\": {\"kind\": \"annual_report\", "
                                       "\"dnr\": \"7\"}, \"tables\": [{\"kind\": "
                                       "\"harvest\", \"rows\": [{\"item\": \"apples\", \"cells\": []}]}]}");

    (void)state;
    assert_string_equal(tolka_strbuf_text(&out), ":8: \"pears\": no such line in 1 report\n"
                                                 ":9: \"total\": no such line in 1 report\n"
                                                 ":10: \"store_room\": no table of this kind in 1 report\n"
                                                 ":20: \"orgnr\": never filled in 1 report\n");
    tolka_strbuf_release(&out);
}

static void test_report_looks_at_old_tables_with_new_rules(void **state)
{
    struct tolka_strbuf out = unmet_in(
        "{\"tolka\": \"1\", \"tables\": [{\"kind\": \"other\", \"caption\": \"Förråd\", \"header_rows\": 0, "
        "\"columns\": [{\"label\": \"\"}, {\"label\": \"\"}], \"rows\": [{\"cells\": [{\"text\": \"Päron\"}, "
        "{\"text\": \"4\", \"value\": 4}]}]}]}");

    (void)state;
    assert_null(strstr(tolka_strbuf_text(&out), "pears"));
    assert_null(strstr(tolka_strbuf_text(&out), "store_room"));
    assert_non_null(strstr(tolka_strbuf_text(&out), "apples"));
    tolka_strbuf_release(&out);
}

static void test_read_json_reads_values_units_and_periods(void **state)
{
    static const char text[] = "{\"tolka\": \"1\", \"tables\": [{\"kind\": \"note\", \"unit\": \"kSEK\", "
                               "\"header_rows\": 1, \"columns\": [{\"label\": \"\"}, {\"label\": "
                               "\"2023\", \"period\": {\"from\": \"2023-01-01\", \"to\": \"2023-12-31\"}}], "
                               "\"rows\": [{\"cells\": [{\"text\": \"\"}, {\"text\": "
                               "\"2023\"}]}, {\"item\": null, \"cells\": [{\"text\": \"A\"}, {\"text\": "
                               "\"-1,5\", \"value\": -1.5, \"unit\": \"kSEK\"}]}]}]}";
    struct tolka_record record = {0};
    const struct tolka_table *table;

    (void)state;
    assert_int_equal(tolka_read_json(text, strlen(text), &record, NULL), TOLKA_OK);
    table = &record.tables[0];
    assert_int_equal(table->unit, TOLKA_UNIT_KSEK);
    assert_int_equal(table->header_rows, 1);
    assert_string_equal(table->columns[1].period.to, "2023-12-31");
    assert_true(tolka_table_cell(table, 1, 1)->has_value);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, -1500);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.scale, 3);
    assert_false(tolka_table_cell(table, 0, 1)->has_value);
    tolka_record_release(&record);
}

static void test_read_json_refuses_what_is_no_report(void **state)
{
    static const char *const texts[] = {
        "", "{", "[]", "{\"tables\": []}", "{\"tolka\": \"1\"}", "{\"tolka\": \"1\", \"tables\": 3}", "\xFF"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tolka_record record = {0};

        assert_int_equal(tolka_read_json(texts[i], strlen(texts[i]), &record, NULL), TOLKA_ERR_FORMAT);
        tolka_record_release(&record);
    }
}

static void test_read_json_forgives_odd_members(void **state)
{
    static const char text[] = "{\"tolka\": \"1\", \"report\": 4, \"goals\": {}, \"signatures\": 1, "
                               "\"tables\": [7, {\"rows\": [1, {\"cells\": "
                               "[null]}], \"columns\": [[], 2], \"header_rows\": 900, \"unit\": 3}]}";
    struct tolka_record record = {0};

    (void)state;
    assert_int_equal(tolka_read_json(text, strlen(text), &record, NULL), TOLKA_OK);
    assert_int_equal(record.table_count, 2);
    assert_int_equal(record.tables[1].header_rows, 0);
    assert_string_equal(tolka_table_cell(&record.tables[1], 1, 1)->text, "");
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_names_what_was_never_met_with_its_line),
        cmocka_unit_test(test_report_looks_at_old_tables_with_new_rules),
        cmocka_unit_test(test_read_json_reads_values_units_and_periods),
        cmocka_unit_test(test_read_json_refuses_what_is_no_report),
        cmocka_unit_test(test_read_json_forgives_odd_members),
    };

    return cmocka_run_group_tests_name("rules_cover", tests, load, unload);
}
