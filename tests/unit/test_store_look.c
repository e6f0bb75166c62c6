/* Records in a store and what comes out of it again: facts, JSON, the dump. */
#include "ingest/sql.h"
#include "ingest/store.h"
#include "schema/write.h"
#include "tests/support/made_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_store *store;
static struct tolka_error err;

static int set_up(void **state)
{
    (void)state;
    err = (struct tolka_error){0};
    store = made_store_begin();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_store_end(store);
    return 0;
}

static const struct made_size SIZE = {2, 40, 2, 6};

/* ---- Facts ---- */

static bool write_json(const struct tolka_fact *fact, void *data)
{
    tolka_write_fact_json(fact, data);
    return true;
}

static bool write_csv(const struct tolka_fact *fact, void *data)
{
    tolka_write_fact_csv(fact, data);
    return true;
}

static bool count_fact(const struct tolka_fact *fact, void *data)
{
    (void)fact;
    (*(int *)data)++;
    return true;
}

static bool stop_at_once(const struct tolka_fact *fact, void *data)
{
    count_fact(fact, data);
    return false;
}

static int count_facts(struct tolka_store_filter filter)
{
    int count = 0;

    assert_int_equal(tolka_store_each_fact(store, &filter, count_fact, &count, &err), TOLKA_OK);
    return count;
}

static void test_facts_equal_those_of_convert(void **state)
{
    struct tolka_store_filter all = {0};
    struct tolka_record record = {0};
    struct tolka_strbuf expected = {0}, json = {0}, csv = {0};

    (void)state;
    made_store_report(store, 3, "a \"b\".pdf", SIZE);
    made_record(3, "a \"b\".pdf", SIZE, &record);
    tolka_write_jsonl(&record, &expected);
    assert_int_equal(tolka_store_each_fact(store, &all, write_json, &json, &err), TOLKA_OK);
    assert_true(json.length > 1000);
    assert_string_equal(json.data, expected.data);
    tolka_strbuf_truncate(&expected, 0);
    tolka_write_csv(&record, &expected);
    tolka_write_csv_head(&csv);
    assert_int_equal(tolka_store_each_fact(store, &all, write_csv, &csv, &err), TOLKA_OK);
    assert_string_equal(csv.data, expected.data);
    tolka_strbuf_release(&expected);
    tolka_strbuf_release(&json);
    tolka_strbuf_release(&csv);
    tolka_record_release(&record);
}

static void test_facts_filters(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "%d.pdf", i);
        made_store_report(store, i, name, SIZE);
    }
    assert_int_equal(count_facts((struct tolka_store_filter){0}), 40 * 2 * 5 * 2);
    assert_int_equal(count_facts((struct tolka_store_filter){.kind = "balance_sheet"}), 16 * 10);
    assert_int_equal(count_facts((struct tolka_store_filter){.kind = "nothing"}), 0);
    assert_int_equal(count_facts((struct tolka_store_filter){.organisation = "malmö"}), 2 * 20);
    assert_int_equal(count_facts((struct tolka_store_filter){.organisation = "MALMÖ K"}), 2 * 20);
    assert_int_equal(count_facts((struct tolka_store_filter){.organisation = "212009-0009"}), 2 * 20);
    assert_int_equal(
        count_facts((struct tolka_store_filter){.organisation = "malmö", .kind = "balance_sheet"}), 0);
    assert_int_equal(count_facts((struct tolka_store_filter){.report_kind = "interim_report"}), 4 * 20);
    assert_int_equal(count_facts((struct tolka_store_filter){.from = "2023-01-01"}), 10);
    assert_int_equal(count_facts((struct tolka_store_filter){.from = "2022-01-01", .to = "2022-12-31"}),
                     10 + 10);
    assert_int_equal(count_facts((struct tolka_store_filter){
                         .kind = "budget_followup", .from = "2022-01-01", .to = "2023-12-31"}),
                     10 + 5);
    assert_int_equal(count_facts((struct tolka_store_filter){.item = "equity", .to = "1999-12-31"}), 4);
    assert_int_equal(
        count_facts((struct tolka_store_filter){.item = "equity", .kind = "income_statement"}) +
            count_facts((struct tolka_store_filter){.item = "equity", .kind = "balance_sheet"}) +
            count_facts((struct tolka_store_filter){.item = "equity", .kind = "cash_flow"}) +
            count_facts((struct tolka_store_filter){.item = "equity", .kind = "budget_followup"}) +
            count_facts((struct tolka_store_filter){.item = "equity", .kind = "statistics"}),
        count_facts((struct tolka_store_filter){.item = "equity"}));
    assert_int_equal(count_facts((struct tolka_store_filter){.status = "doubtful"}) +
                         count_facts((struct tolka_store_filter){.status = "read"}),
                     40 * 20);
}

static void test_facts_stop(void **state)
{
    struct tolka_store_filter all = {0};
    int count = 0;

    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    assert_int_equal(tolka_store_each_fact(store, &all, stop_at_once, &count, &err), TOLKA_OK);
    assert_int_equal(count, 1);
    assert_int_equal(tolka_store_each_fact(store, &all, stop_at_once, &count, &err), TOLKA_OK);
}

static void test_facts_superseded_are_gone(void **state)
{
    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    made_store_enqueue(store, 2, "a.pdf", 0);
    assert_int_equal(count_facts((struct tolka_store_filter){0}), 0);
    assert_int_equal(count_facts((struct tolka_store_filter){.organisation = "kommun"}), 0);
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_int_equal(count_facts((struct tolka_store_filter){0}), 20);
}

/* ---- Records ---- */

static void test_read_json_is_byte_for_byte(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf expected = {0}, json = {0};

    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    made_record(1, "a.pdf", SIZE, &record);
    tolka_write_json(&record, &expected);
    assert_int_equal(tolka_store_read_json(store, 1, &json, &err), TOLKA_OK);
    assert_int_equal(json.length, expected.length);
    assert_memory_equal(json.data, expected.data, json.length);
    assert_int_equal(tolka_store_read_json(store, 2, &json, &err), TOLKA_ERR_ARGUMENT);
    tolka_strbuf_release(&expected);
    tolka_strbuf_release(&json);
    tolka_record_release(&record);
}

static bool keep_path(const struct tolka_store_report *report, void *data)
{
    char *text = data;

    sprintf(text + strlen(text), "%s:%d:%d ", report->path, report->state, report->has_record);
    return true;
}

static void test_each_report_by_path(void **state)
{
    char text[64] = "";

    (void)state;
    made_store_report(store, 1, "b.pdf", SIZE);
    made_store_report(store, 2, "a.pdf", SIZE);
    made_store_enqueue(store, 3, "c.pdf", 0);
    assert_int_equal(tolka_store_each_report(store, keep_path, text, &err), TOLKA_OK);
    assert_string_equal(text, "a.pdf:2:1 b.pdf:2:1 c.pdf:0:0 ");
}

static void test_replace_record_renews_rows(void **state)
{
    struct tolka_record record = {0};
    struct tolka_store_counts counts;
    struct tolka_strbuf json = {0};

    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    made_record(1, "a.pdf", MADE_SMALL, &record);
    assert_int_equal(tolka_store_replace_record(store, 1, &record, "{}", 2, &err), TOLKA_OK);
    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.facts, 6);
    assert_int_equal(counts.pages_done, 1);
    assert_int_equal(tolka_store_read_json(store, 1, &json, &err), TOLKA_OK);
    assert_string_equal(json.data, "{}");
    tolka_strbuf_release(&json);
    tolka_record_release(&record);
}

/* ---- Stores that another made ---- */

/* Does to the store behind our back what our own program never does. */
static void tamper(const char *script)
{
    struct tolka_sql *sql;

    assert_int_equal(tolka_sql_open(made_store_name(), TOLKA_SQL_WRITE, 1000, &sql, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_script(sql, script, &err), TOLKA_OK);
    tolka_sql_close(sql);
}

static void test_facts_refuses_a_scale_that_none_can_be(void **state)
{
    struct tolka_store_filter all = {0};
    int count = 0;

    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    tamper("UPDATE cell SET scale = -1000000");
    assert_int_equal(tolka_store_each_fact(store, &all, count_fact, &count, &err), TOLKA_ERR_FORMAT);
    assert_int_equal(count, 0);
}

static bool look_at_names(const struct tolka_store_report *report, void *data)
{
    snprintf(data, 64, "%s,%s", report->path ? report->path : "NULL",
             report->sha256 ? report->sha256 : "NULL");
    return true;
}

static void test_each_report_has_a_name_whatever_the_store_says(void **state)
{
    char names[64] = "";

    (void)state;
    tamper("DROP VIEW reports; CREATE VIEW reports AS SELECT 1 report_id, 'done' state, 1 has_record, NULL "
           "path, "
           "NULL sha256, 1 bytes, 1 pages, 0 problems, NULL kind, NULL title, NULL organisation, NULL orgnr, "
           "NULL period_from, NULL period_to");
    assert_int_equal(tolka_store_each_report(store, look_at_names, names, &err), TOLKA_OK);
    assert_string_equal(names, ",");
}

/* ---- Dump ---- */

static void dump(struct tolka_strbuf *out)
{
    assert_int_equal(tolka_store_dump(store, out, &err), TOLKA_OK);
}

static void test_dump_same_whatever_the_order(void **state)
{
    struct tolka_strbuf one = {0}, two = {0};

    (void)state;
    made_store_report(store, 1, "a.pdf", SIZE);
    made_store_report(store, 2, "b.pdf", SIZE);
    made_store_enqueue(store, 1, "c.pdf", 0);
    dump(&one);
    tear_down(NULL);
    set_up(NULL);
    made_store_report(store, 2, "b.pdf", MADE_SMALL);
    tolka_store_close(store);
    store = made_store_open(NULL, "2"); /* done by another program first */
    made_store_enqueue(store, 2, "b.pdf", 0);
    tolka_store_close(store);
    store = made_store_open(NULL, "1");
    made_store_report(store, 2, "b.pdf", SIZE);
    made_store_report(store, 1, "a.pdf", SIZE);
    made_store_enqueue(store, 1, "c.pdf", 0);
    dump(&two);
    assert_string_equal(one.data, two.data);
    tolka_strbuf_release(&one);
    tolka_strbuf_release(&two);
}

static void test_dump_tells_a_difference(void **state)
{
    struct tolka_strbuf one = {0}, two = {0};

    (void)state;
    made_store_text(store, 1, "a", "text");
    dump(&one);
    tear_down(NULL);
    set_up(NULL);
    made_store_text(store, 1, "a", "texten");
    dump(&two);
    assert_string_not_equal(one.data, two.data);
    tolka_strbuf_release(&one);
    tolka_strbuf_release(&two);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_facts_equal_those_of_convert),
        TEST(test_facts_filters),
        TEST(test_facts_stop),
        TEST(test_facts_superseded_are_gone),
        TEST(test_read_json_is_byte_for_byte),
        TEST(test_each_report_by_path),
        TEST(test_replace_record_renews_rows),
        TEST(test_facts_refuses_a_scale_that_none_can_be),
        TEST(test_each_report_has_a_name_whatever_the_store_says),
        TEST(test_dump_same_whatever_the_order),
        TEST(test_dump_tells_a_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
