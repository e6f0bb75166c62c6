/* Work out, results in. */
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

static void test_claim_order_and_kinds(void **state)
{
    struct tolka_work work[8], finish;
    size_t got;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    made_store_enqueue(store, 2, "b.pdf", 0);
    assert_int_equal(tolka_store_claim(store, work, 1, &got, &err), TOLKA_OK);
    assert_int_equal(work[0].kind, TOLKA_WORK_OPEN);
    assert_int_equal(tolka_store_opened(store, &work[0], 3, 1, &work[1], &err), TOLKA_OK);
    assert_int_equal(work[1].kind, TOLKA_WORK_PAGE);
    assert_int_equal(work[1].page, 1);
    assert_int_equal(work[1].pages, 3);
    assert_int_equal(tolka_store_claim(store, work + 2, 6, &got, &err), TOLKA_OK);
    assert_int_equal(got, 3); /* pages 2 and 3, then the other report */
    assert_int_equal(work[2].page, 2);
    assert_int_equal(work[3].page, 3);
    assert_int_equal(work[4].kind, TOLKA_WORK_OPEN);
    assert_string_equal(work[4].path, "b.pdf");
    assert_int_equal(tolka_store_put_page(store, &work[3], "three", 5, &finish, &err), TOLKA_OK);
    assert_int_equal(finish.report, 0);
    assert_int_equal(tolka_store_put_page(store, &work[1], "one", 3, &finish, &err), TOLKA_OK);
    assert_int_equal(tolka_store_put_page(store, &work[2], "two", 3, &finish, &err), TOLKA_OK);
    assert_int_equal(finish.kind, TOLKA_WORK_FINISH);
    assert_int_equal(finish.report, work[0].report);
    tolka_work_release(&finish);
    for (int i = 0; i < 5; i++)
        tolka_work_release(&work[i]);
}

static bool join(int page, const void *bytes, size_t length, void *data)
{
    char *text = data;

    sprintf(text + strlen(text), "%d=%.*s ", page, (int)length, (const char *)bytes);
    return true;
}

/* Opens report 1 with `pages` pages, all claimed. */
static void open_report(struct tolka_work *work, int pages)
{
    struct tolka_work open;

    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &open));
    assert_int_equal(tolka_store_opened(store, &open, pages, pages, work, &err), TOLKA_OK);
    tolka_work_release(&open);
}

static void test_each_page_in_order(void **state)
{
    struct tolka_work work[2], finish;
    char text[64] = "";

    (void)state;
    open_report(work, 2);
    assert_int_equal(tolka_store_put_page(store, &work[1], "two", 3, NULL, &err), TOLKA_OK);
    assert_int_equal(tolka_store_put_page(store, &work[0], "one", 3, &finish, &err), TOLKA_OK);
    assert_int_equal(tolka_store_each_page(store, &finish, join, text, &err), TOLKA_OK);
    assert_string_equal(text, "1=one 2=two ");
    tolka_work_release(&work[0]);
    tolka_work_release(&work[1]);
    tolka_work_release(&finish);
}

static void test_put_page_twice(void **state)
{
    struct tolka_work work[2], finish;

    (void)state;
    open_report(work, 2);
    assert_int_equal(tolka_store_put_page(store, &work[0], "one", 3, &finish, &err), TOLKA_OK);
    assert_int_equal(tolka_store_put_page(store, &work[0], "one", 3, &finish, &err), TOLKA_OK);
    assert_int_equal(finish.report, 0);
    assert_int_equal(count().pages_done, 1);
    assert_int_equal(count().pages_left, 1);
    tolka_work_release(&work[0]);
    tolka_work_release(&work[1]);
}

static void test_put_page_after_requeue_is_stale(void **state)
{
    struct tolka_work work[1];
    struct tolka_store *other;

    (void)state;
    open_report(work, 1);
    other = made_store_open(NULL, "2");
    assert_int_equal(made_store_enqueue(other, 1, "a.pdf", 0), TOLKA_STORE_QUEUED);
    assert_int_equal(tolka_store_put_page(store, &work[0], "one", 3, NULL, &err), TOLKA_ERR_STALE);
    assert_int_equal(count().pages_done, 0);
    tolka_store_close(other);
    tolka_work_release(&work[0]);
}

static void test_claim_only_own_recipe(void **state)
{
    struct tolka_store *other = made_store_open(NULL, "2");
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_false(made_store_claim(other, &work));
    tolka_store_close(other);
}

static void test_fail_again_counts_attempts(void **state)
{
    const struct tolka_store_problem problem = {1, "crash", "died", "recognize", 11, 0.5};
    struct tolka_work work[1], finish;

    (void)state;
    open_report(work, 1);
    assert_int_equal(tolka_store_fail(store, &work[0], &problem, true, &finish, &err), TOLKA_OK);
    tolka_work_release(&work[0]);
    assert_true(made_store_claim(store, &work[0]));
    assert_int_equal(work[0].attempt, 2);
    assert_int_equal(tolka_store_fail(store, &work[0], &problem, false, &finish, &err), TOLKA_OK);
    assert_int_equal(finish.kind, TOLKA_WORK_FINISH);
    assert_int_equal(count().pages_failed, 1);
    tolka_work_release(&work[0]);
    tolka_work_release(&finish);
}

static bool keep_problem(const struct tolka_store_problem *problem, void *data)
{
    char *text = data;

    sprintf(text + strlen(text), "%d %s %s %d;", problem->page, problem->code,
            problem->stage ? problem->stage : "-", problem->signal);
    return true;
}

static void test_problems_reach_the_record(void **state)
{
    const struct tolka_store_problem crash = {2, "crash", "died", "recognize", 11, 0.5},
                                     damaged = {0, "damaged", "mended", NULL, 0, 0};
    struct tolka_record record = {0};
    struct tolka_work work[2], finish;
    char text[128] = "";

    (void)state;
    open_report(work, 2);
    assert_int_equal(tolka_store_note(store, &work[0], &damaged, &err), TOLKA_OK);
    assert_int_equal(tolka_store_note(store, &work[0], &damaged, &err), TOLKA_OK);
    assert_int_equal(tolka_store_put_page(store, &work[0], "one", 3, NULL, &err), TOLKA_OK);
    assert_int_equal(tolka_store_fail(store, &work[1], &crash, false, &finish, &err), TOLKA_OK);
    assert_int_equal(tolka_store_each_problem(store, &finish, keep_problem, text, &err), TOLKA_OK);
    assert_string_equal(text, "0 damaged - 0;2 crash recognize 11;");
    made_record(1, "a.pdf", MADE_SMALL, &record);
    tolka_diags_add(&record.problems, &record.arena, 0, "damaged", "mended");
    tolka_diags_add(&record.problems, &record.arena, 2, "crash", "died");
    assert_int_equal(tolka_store_put_record(store, &finish, &record, "{}", 2, &err), TOLKA_OK);
    assert_int_equal(count().with_problems, 1);
    assert_int_equal(count().pages_failed, 1);
    tolka_record_release(&record);
    tolka_work_release(&work[0]);
    tolka_work_release(&work[1]);
    tolka_work_release(&finish);
}

static void test_fail_open_fails_the_report(void **state)
{
    const struct tolka_store_problem problem = {0, "encrypted", "is encrypted", "open", 0, 0};
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(tolka_store_fail(store, &work, &problem, false, NULL, &err), TOLKA_OK);
    assert_int_equal(count().failed, 1);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_FAILED);
    restart("1");
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", 0), TOLKA_STORE_FAILED);
    assert_int_equal(made_store_enqueue(store, 1, "a.pdf", TOLKA_STORE_RETRY_FAILED), TOLKA_STORE_QUEUED);
    tolka_work_release(&work);
}

static void test_release_gives_back(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(tolka_store_release(store, &work, &err), TOLKA_OK);
    assert_int_equal(tolka_store_release(store, &work, &err), TOLKA_ERR_STALE);
    tolka_work_release(&work);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(work.attempt, 1);
    tolka_work_release(&work);
}

static void test_record_that_cannot_be_kept_undoes_itself_alone(void **state)
{
    struct tolka_record record = {0};
    struct tolka_store_counts counts;
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    for (int i = 0; i < 3; i++) { /* opened, and its two pages */
        assert_true(made_store_claim(store, &work));
        made_store_work(store, &work, 1, (struct made_size){2, 10, 1, 2});
    }
    assert_true(made_store_claim(store, &work));
    made_record(1, "a.pdf", (struct made_size){2, 10, 1, 2}, &record);
    record.pages[1].page = record.pages[0].page;
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 2, "b.pdf", 0);
    assert_int_equal(tolka_store_put_record(store, &work, &record, "{}", 2, &err), TOLKA_ERR_LIMIT);
    tolka_error_clear(&err);
    assert_int_equal(tolka_store_commit(store, &err), TOLKA_OK);
    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.done, 0);
    assert_int_equal(counts.reports, 2);
    tolka_record_release(&record);
    tolka_work_release(&work);
}

static void test_count_attempt_is_told_to_the_next(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(work.attempt, 1);
    assert_int_equal(tolka_store_count_attempt(store, &work, &err), TOLKA_OK);
    assert_int_equal(tolka_store_release(store, &work, &err), TOLKA_OK);
    tolka_work_release(&work);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(work.attempt, 2);
    tolka_work_release(&work);
}

static void test_stale_within_a_batch_keeps_the_rest(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(tolka_store_release(store, &work, &err), TOLKA_OK);
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 2, "b.pdf", 0);
    assert_int_equal(tolka_store_opened(store, &work, 1, 0, NULL, &err), TOLKA_ERR_STALE);
    assert_int_equal(tolka_store_commit(store, &err), TOLKA_OK);
    assert_int_equal(count().waiting, 2);
    tolka_work_release(&work);
}

static void test_opened_bounds(void **state)
{
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(tolka_store_opened(store, &work, 0, 0, NULL, &err), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_store_opened(store, &work, 2000000, 0, NULL, &err), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_store_opened(store, &work, 1, 2, NULL, &err), TOLKA_ERR_ARGUMENT);
    tolka_work_release(&work);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_claim_order_and_kinds),
        TEST(test_each_page_in_order),
        TEST(test_put_page_twice),
        TEST(test_put_page_after_requeue_is_stale),
        TEST(test_claim_only_own_recipe),
        TEST(test_fail_again_counts_attempts),
        TEST(test_problems_reach_the_record),
        TEST(test_fail_open_fails_the_report),
        TEST(test_release_gives_back),
        TEST(test_record_that_cannot_be_kept_undoes_itself_alone),
        TEST(test_count_attempt_is_told_to_the_next),
        TEST(test_stale_within_a_batch_keeps_the_rest),
        TEST(test_opened_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
