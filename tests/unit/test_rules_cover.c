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

/* What is never met in the one report that `record` is, path left out. The caller releases it. */
static struct tolka_strbuf unmet_in(struct tolka_record *record)
{
    struct tolka_cover *cover = tolka_cover_new(rules);
    struct tolka_strbuf out = {0};

    assert_true(tolka_cover_add(cover, record, true));
    assert_int_equal(tolka_cover_count(cover), 1);
    tolka_cover_report(cover, NULL, 0, keep_finding, &out);
    tolka_cover_free(cover);
    return out;
}

static void test_report_names_what_was_never_met_with_its_line(void **state)
{
    struct tolka_row row = {.item = "apples"};
    struct tolka_table table = {.id = "t1", .kind = "harvest", .rows = &row, .row_count = 1};
    struct tolka_record record = {
        .report = {.kind = "annual_report", .dnr = "7"}, .tables = &table, .table_count = 1};
    struct tolka_strbuf out = unmet_in(&record);

    (void)state;
    assert_string_equal(tolka_strbuf_text(&out), ":8: \"pears\": no such line in 1 report\n"
                                                 ":9: \"total\": no such line in 1 report\n"
                                                 ":10: \"store_room\": no table of this kind in 1 report\n"
                                                 ":20: \"orgnr\": never filled in 1 report\n");
    tolka_strbuf_release(&out);
}

static void test_report_looks_at_old_tables_with_new_rules(void **state)
{
    struct tolka_column columns[] = {{.label = ""}, {.label = ""}};
    struct tolka_cell cells[] = {
        {.text = "Päron", .raw = "Päron", .confidence = 1},
        {.text = "4", .raw = "4", .confidence = 1, .has_value = true, .value = {4, 0}}};
    struct tolka_row row = {0};
    struct tolka_table table = {.id = "t1",
                                .kind = "other",
                                .caption = "Förråd",
                                .columns = columns,
                                .column_count = 2,
                                .rows = &row,
                                .cells = cells,
                                .row_count = 1};
    struct tolka_record record = {.tables = &table, .table_count = 1};
    struct tolka_strbuf out = unmet_in(&record);

    (void)state;
    assert_null(strstr(tolka_strbuf_text(&out), "pears"));
    assert_null(strstr(tolka_strbuf_text(&out), "store_room"));
    assert_non_null(strstr(tolka_strbuf_text(&out), "apples"));
    tolka_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_names_what_was_never_met_with_its_line),
        cmocka_unit_test(test_report_looks_at_old_tables_with_new_rules),
    };

    return cmocka_run_group_tests_name("rules_cover", tests, load, unload);
}
