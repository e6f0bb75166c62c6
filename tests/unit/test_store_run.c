/* Batches and runs: who works on a store, and what becomes of what they held. */
#include "ingest/store.h"
#include "tests/support/made_store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *path;

static int set_up(void **state)
{
    (void)state;
    path = made_store_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_store_remove();
    return 0;
}

static void test_batch_rolled_back(void **state)
{
    struct tolka_store *store = made_store_open(path, "1");
    struct tolka_store_counts counts;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 1, "a.pdf", 0);
    tolka_store_rollback(store);
    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.reports, 0);
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_int_equal(tolka_store_commit(store, &err), TOLKA_OK);
    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.reports, 1);
    tolka_store_close(store);
}

static void test_batch_broken_by_an_error(void **state)
{
    struct tolka_store *store = made_store_open(path, "1");
    struct tolka_store_counts counts;
    struct tolka_error err = {0};
    struct tolka_record record = {0};

    (void)state;
    assert_int_equal(tolka_store_begin(store, &err), TOLKA_OK);
    made_store_enqueue(store, 1, "a.pdf", 0);
    assert_int_equal(tolka_store_replace_record(store, 12345, &record, "{}", 2, &err), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_store_commit(store, &err), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_store_count(store, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.reports, 0);
    tolka_store_close(store);
}

static void test_two_handles_take_turns(void **state)
{
    struct tolka_store *a = made_store_open(path, "1"), *b = made_store_open(path, "1");
    struct tolka_store_counts counts;
    struct tolka_error err = {0};

    (void)state;
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d.pdf", i);
        made_store_enqueue(i % 2 ? a : b, i, name, 0);
    }
    assert_int_equal(tolka_store_count(b, &counts, &err), TOLKA_OK);
    assert_int_equal(counts.waiting, 20);
    assert_int_equal(counts.runs_alive, 2);
    tolka_store_close(a);
    tolka_store_close(b);
}

/* A run in a child that dies with a claim in hand. */
static void die_with_a_claim(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct tolka_store *store = made_store_open(path, "1");
        struct tolka_work work;
        made_store_claim(store, &work);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void test_run_dead_process_loses_claims_at_once(void **state)
{
    struct tolka_store *store = made_store_open(path, "1");
    struct tolka_store_queue queue;
    struct tolka_error err = {0};
    struct tolka_work work;

    (void)state;
    made_store_enqueue(store, 1, "a.pdf", 0);
    tolka_store_close(store);
    die_with_a_claim();
    store = made_store_open(path, "1");
    assert_int_equal(tolka_store_queue(store, &queue, &err), TOLKA_OK);
    assert_int_equal(queue.waiting, 1);
    assert_true(made_store_claim(store, &work));
    assert_int_equal(work.lost, 1);
    assert_int_equal(work.attempt, 1);
    tolka_work_release(&work);
    tolka_store_close(store);
}

static void test_run_end_gives_claims_back(void **state)
{
    struct tolka_store *a = made_store_open(path, "1"), *b = made_store_open(path, "1");
    struct tolka_store_queue queue;
    struct tolka_error err = {0};
    struct tolka_work work;

    (void)state;
    made_store_enqueue(a, 1, "a.pdf", 0);
    assert_true(made_store_claim(a, &work));
    assert_int_equal(tolka_store_queue(b, &queue, &err), TOLKA_OK);
    assert_int_equal(queue.others, 1);
    assert_int_equal(tolka_store_queue(a, &queue, &err), TOLKA_OK);
    assert_int_equal(queue.mine, 1);
    tolka_work_release(&work);
    assert_int_equal(tolka_store_run_end(a, &err), TOLKA_OK);
    assert_true(made_store_claim(b, &work));
    assert_int_equal(work.lost, 0);
    tolka_work_release(&work);
    tolka_store_close(a);
    tolka_store_close(b);
}

static void test_run_lease_over(void **state)
{
    struct tolka_store *a = NULL, *b = made_store_open(path, "1");
    const struct tolka_store_recipe recipe = {"1", "model", "rules", "ocr=auto"};
    struct tolka_error err = {0};
    struct tolka_work late, work;

    (void)state;
    assert_int_equal(tolka_store_open(path, TOLKA_STORE_WRITE, &a, &err), TOLKA_OK);
    assert_int_equal(tolka_store_run_begin(a, &recipe, 1, &err), TOLKA_OK);
    made_store_enqueue(a, 1, "a.pdf", 0);
    assert_true(made_store_claim(a, &late));
    usleep(1100000);
    assert_int_equal(tolka_store_run_beat(b, &err), TOLKA_OK);
    assert_true(made_store_claim(b, &work));
    assert_int_equal(tolka_store_opened(a, &late, 3, 0, NULL, &err), TOLKA_ERR_STALE);
    tolka_error_clear(&err);
    assert_int_equal(tolka_store_run_beat(a, &err), TOLKA_OK);
    assert_int_equal(tolka_store_opened(b, &work, 2, 0, NULL, &err), TOLKA_OK);
    tolka_work_release(&late);
    assert_true(made_store_claim(a, &late));
    assert_int_equal(late.page, 1);
    tolka_work_release(&late);
    tolka_work_release(&work);
    tolka_store_close(a);
    tolka_store_close(b);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_batch_rolled_back),         TEST(test_batch_broken_by_an_error),
        TEST(test_two_handles_take_turns),    TEST(test_run_dead_process_loses_claims_at_once),
        TEST(test_run_end_gives_claims_back), TEST(test_run_lease_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
