/* Files in. */
#include "ingest/store.h"
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

static struct tolka_store_counts count(void)
{
    struct tolka_store_counts counts;

    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    return counts;
}

static void restart(const char *program)
{
    tolka_store_close(store);
    store = made_store_open(NULL, program);
}

static void test_enqueue_new_then_waiting_then_done(void **state)
{
    struct tolka_work work;

    (void)state;
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_QUEUED);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_WAITING);
    while (made_store_claim(store, &work))
        made_store_work(store, &work, 1, MADE_SMALL);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_DONE);
    restart("1");
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_DONE);
    assert_int_equal(count().done, 1);
}

static void test_enqueue_another_program_does_it_anew(void **state)
{
    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    restart("2");
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_QUEUED);
    assert_int_equal(count().waiting, 1);
}

static void test_enqueue_redo_once_a_run(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", TOLKA_STORE_REDO), TOLKA_STORE_DONE);
    restart("1");
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", TOLKA_STORE_REDO), TOLKA_STORE_QUEUED);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", TOLKA_STORE_REDO), TOLKA_STORE_WAITING);
    while (made_store_claim(store, &work))
        made_store_work(store, &work, 1, MADE_SMALL);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", TOLKA_STORE_REDO), TOLKA_STORE_DONE);
}

static void test_enqueue_duplicate(void **state)
{
    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    assert_int_equal(made_store_enqueue(store, 1, "copy of a.pdf", 0), TOLKA_STORE_DUPLICATE);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_DONE);
    assert_int_equal(count().duplicates, 1);
    assert_int_equal(count().files, 2);
    assert_int_equal(count().reports, 1);
}

static void test_enqueue_changed_file_supersedes(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    assert_int_equal(made_store_enqueue(store, 2, "a.pdf", 0), TOLKA_STORE_CHANGED);
    assert_int_equal(count().superseded, 1);
    while (made_store_claim(store, &work))
        made_store_work(store, &work, 2, MADE_SMALL);
    assert_int_equal(count().done, 1);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_DONE); /* and back again */
    assert_int_equal(count().superseded, 1);
    assert_int_equal(count().waiting, 0);
}

static void test_enqueue_changed_file_passes_report_to_its_copy(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    made_store_enqueue(store, 1, "b.pdf", 0);
    assert_int_equal(made_store_enqueue(store, 2, "a.pdf", 0), TOLKA_STORE_CHANGED);
    assert_int_equal(count().superseded, 0);
    assert_int_equal(count().waiting, 2); /* the record of the first names another path now */
    assert_true(made_store_claim(store, &work));
    assert_string_equal(work.path, "b.pdf");
    assert_int_equal(count().missing, 0);
    tolka_work_release(&work);
}

static void test_enqueue_queued_report_superseded_has_no_work(void **state)
{
    struct tolka_store_queue queue;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    made_store_enqueue(store, 2, "a.pdf", 0);
    assert_int_equal(tolka_store_queue(store, &queue, &err), TOLKA_OK);
    assert_int_equal(queue.waiting, 1);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_CHANGED);
    assert_int_equal(tolka_store_queue(store, &queue, &err), TOLKA_OK);
    assert_int_equal(queue.waiting, 1);
}

static void test_known_sha256(void **state)
{
    char sha256[65], expected[65];

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    made_sha256(1, expected);
    assert_int_equal(tolka_store_known_sha256(store, "a.pdf", 1001, 77, sha256, &err), TOLKA_OK);
    assert_string_equal(sha256, expected);
    assert_int_equal(tolka_store_known_sha256(store, "a.pdf", 1001, 78, sha256, &err), TOLKA_OK);
    assert_string_equal(sha256, "");
}

static void test_put_missing_until_it_is_there(void **state)
{
    const struct tolka_store_problem problem = {0, "missing", "No such file", NULL, 0, 0};

    (void)state;
    assert_int_equal(tolka_store_put_missing(store, "a.pdf", &problem, &err), TOLKA_OK);
    assert_int_equal(tolka_store_put_missing(store, "a.pdf", &problem, &err), TOLKA_OK);
    assert_int_equal(count().missing, 1);
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_int_equal(count().missing, 0);
}

/* A file got another name while it waited. */
static void test_put_missing_passes_what_waits_to_the_next_path(void **state)
{
    const struct tolka_store_problem problem = {0, "missing", "No such file", NULL, 0, 0};
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_int_equal(made_store_enqueue(store, 1, "b.pdf", 0), TOLKA_STORE_DUPLICATE);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(tolka_store_put_missing(store, work.path, &problem, &err), TOLKA_OK);
    tolka_work_release(&work);
    assert_true(made_store_claim(store, &work));
    assert_string_equal(work.path, "b.pdf");
    assert_int_equal(tolka_store_put_missing(store, work.path, &problem, &err), TOLKA_OK); /* gone as well */
    tolka_work_release(&work);
    assert_false(made_store_claim(store, &work));
}

static void test_enqueue_another_path_does_anew_what_is_old(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    restart("2");
    assert_int_equal(made_store_enqueue(store, 1, "b.pdf", 0), TOLKA_STORE_DUPLICATE);
    assert_true(made_store_claim(store, &work));
    assert_string_equal(work.path, "a.pdf");
    tolka_work_release(&work);
}

static void test_enqueue_path_of_any_bytes(void **state)
{
    static const char path[] = "line\nbreak and \xff\xfe.pdf";
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, path, 0);
    assert_int_equal(made_store_enqueue(store, 1, path, 0), TOLKA_STORE_WAITING);
    assert_true(made_store_claim(store, &work));
    assert_string_equal(work.path, path);
    tolka_work_release(&work);
}

/* Bytes that no store can fold: of any length a path may have. */
static void make_long_path(char *path, size_t length)
{
    uint32_t dice = 7;

    for (size_t i = 0; i < length; i++) {
        dice = dice * 1664525 + 1013904223;
        path[i] = (char)('!' + (dice >> 24) % 90);
    }
    path[length] = '\0';
}

static void test_enqueue_long_path_costs_nothing_else(void **state)
{
    enum tolka_store_answer answer;
    struct tolka_store_source source = {.bytes = 10, .modified_ns = 1};
    const struct tolka_store_problem problem = {0, "missing", "No such file", NULL, 0, 0};
    char path[4000], sha256[65];
    enum tolka_status status;

    (void)state;
    make_long_path(path, sizeof path - 1);
    made_sha256(7, sha256);
    source.path = path;
    source.sha256 = sha256;
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 1, "a.pdf", 0);
    status = tolka_store_enqueue(store, &source, 0, &answer, &err);
    assert_int_equal(status, made_store_is_shared() ? TOLKA_ERR_LIMIT : TOLKA_OK);
    tolka_error_clear(&err);
    assert_int_equal(tolka_store_put_missing(store, path, &problem, &err), TOLKA_OK);
    made_store_enqueue(store, 2, "b.pdf", 0);
    assert_int_equal(tolka_store_commit(store, &err), TOLKA_OK);
    assert_int_equal(count().reports, made_store_is_shared() ? 2 : 3);
}

static void test_enqueue_short_path_is_held_whatever_its_bytes(void **state)
{
    char path[TOLKA_STORE_SHORT_PATH + 1];
    struct tolka_work work;

    (void)state;
    make_long_path(path, sizeof path - 1);
    for (size_t i = 0; i < sizeof path - 1; i++)
        path[i] = (char)(path[i] | 0x80);
    assert_int_equal(made_store_enqueue(store, 1, path, 0), TOLKA_STORE_QUEUED);
    assert_true(made_store_claim(store, &work));
    assert_string_equal(work.path, path);
    tolka_work_release(&work);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_enqueue_new_then_waiting_then_done),
        TEST(test_enqueue_another_program_does_it_anew),
        TEST(test_enqueue_redo_once_a_run),
        TEST(test_enqueue_duplicate),
        TEST(test_enqueue_changed_file_supersedes),
        TEST(test_enqueue_changed_file_passes_report_to_its_copy),
        TEST(test_enqueue_queued_report_superseded_has_no_work),
        TEST(test_known_sha256),
        TEST(test_put_missing_until_it_is_there),
        TEST(test_put_missing_passes_what_waits_to_the_next_path),
        TEST(test_enqueue_another_path_does_anew_what_is_old),
        TEST(test_enqueue_path_of_any_bytes),
        TEST(test_enqueue_long_path_costs_nothing_else),
        TEST(test_enqueue_short_path_is_held_whatever_its_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
