/* What people found, in a store: taken into records and kept over a new reading. */
#include "ingest/store_corrections.h"

#include "tests/support/made_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* About the label of the last row of report 1's table. */
static struct tolka_amendment about_label(const char *to)
{
    struct tolka_amendment amendment = {.page = 1,
                                        .box = {100, 320, 480, 355},
                                        .table = "t1",
                                        .row = 3,
                                        .raw = "Rad 3",
                                        .text = "Rad 3",
                                        .to = to};

    made_sha256(1, amendment.sha256);
    return amendment;
}

static int setup(void **state)
{
    struct tolka_store *store = made_store_open(made_store_new(), "1");

    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    *state = store;
    return 0;
}

static int teardown(void **state)
{
    tolka_store_close(*state);
    made_store_remove();
    return 0;
}

static enum tolka_amend_result amend(struct tolka_store *store, struct tolka_amendment amendment)
{
    struct tolka_amend_outcome outcome = {0};
    struct tolka_error err = {0};

    assert_int_equal(tolka_store_amend(store, NULL, &amendment, 1, &outcome, &err), TOLKA_OK);
    return outcome.result;
}

static bool add_line(const char *line, void *data)
{
    tolka_strbuf_add_str(data, line);
    return true;
}

static void test_store_amend_changes_json_and_rows(void **state)
{
    struct tolka_strbuf json = {0}, dump = {0};
    struct tolka_error err = {0};

    assert_int_equal(amend(*state, about_label("Rad tre")), TOLKA_AMEND_DONE);
    assert_int_equal(tolka_store_read_json(*state, 1, &json, &err), TOLKA_OK);
    assert_non_null(strstr(json.data, "\"text\": \"Rad tre\", \"raw\": \"Rad 3\""));
    assert_int_equal(tolka_store_dump(*state, &dump, &err), TOLKA_OK);
    assert_non_null(strstr(dump.data, "corrected\tRad tre\tRad 3"));
    tolka_strbuf_release(&json);
    tolka_strbuf_release(&dump);
}

static void test_store_amend_twice_changes_nothing(void **state)
{
    struct tolka_strbuf once = {0}, twice = {0};
    struct tolka_error err = {0};

    amend(*state, about_label("Rad tre"));
    tolka_store_dump(*state, &once, &err);
    assert_int_equal(amend(*state, about_label("Rad tre")), TOLKA_AMEND_SAME);
    tolka_store_dump(*state, &twice, &err);
    assert_string_equal(once.data, twice.data);
    tolka_strbuf_release(&once);
    tolka_strbuf_release(&twice);
}

static void test_store_amend_refuses_a_report_that_it_has_not(void **state)
{
    struct tolka_amendment amendment = about_label("x");

    made_sha256(2, amendment.sha256);
    assert_int_equal(amend(*state, amendment), TOLKA_AMEND_REFUSED);
}

static void test_store_each_amendment_gives_the_last_of_a_place(void **state)
{
    struct tolka_strbuf lines = {0};
    struct tolka_error err = {0};

    amend(*state, about_label("Rad tre"));
    amend(*state, about_label("Rad 3 b"));
    assert_int_equal(tolka_store_each_amendment(*state, 1, add_line, &lines, &err), TOLKA_OK);
    assert_non_null(strstr(lines.data, "\"to\": \"Rad 3 b\""));
    assert_null(strstr(lines.data, "Rad tre"));
    tolka_strbuf_release(&lines);
}

static void test_store_amendment_outlives_the_record(void **state)
{
    struct tolka_strbuf lines = {0};
    struct tolka_error err = {0};

    amend(*state, about_label("Rad tre"));
    made_store_enqueue(*state, 1, "a.pdf", TOLKA_STORE_REDO);
    assert_int_equal(tolka_store_each_amendment(*state, 1, add_line, &lines, &err), TOLKA_OK);
    assert_non_null(strstr(lines.data, "Rad tre"));
    tolka_strbuf_release(&lines);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_store_amend_changes_json_and_rows),
        TEST(test_store_amend_twice_changes_nothing),
        TEST(test_store_amend_refuses_a_report_that_it_has_not),
        TEST(test_store_each_amendment_gives_the_last_of_a_place),
        TEST(test_store_amendment_outlives_the_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
