/* The supervisor with workers whose page half is replaced at link time (-Wl,--wrap), so that a page can crash, hang or fail at will. */
#include "ingest/pool.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGES = 5, SHARED_BYTES = (PAGES + 1) * sizeof(int) };

static char behaviour[PAGES + 1] = "-----"; /* a letter a page: c crashes, h hangs, e is an error, s is stopped, o crashes and k is killed as often as crashes_left says */
static int *crashes_left; /* shared with the workers, as is what follows */
static int *worker_of;    /* the process that read a page last, by page */
static char input[] = "/tmp/tolka-pool-input-XXXXXX";

enum tolka_status __wrap_tolka_pipeline_page(const struct tolka_pipeline *pipeline, struct tolka_document *doc, int number,
                                             struct tolka_recognizer **recognizer, struct tolka_page *page, struct tolka_error *err);

enum tolka_status __wrap_tolka_pipeline_page(const struct tolka_pipeline *pipeline, struct tolka_document *doc, int number,
                                             struct tolka_recognizer **recognizer, struct tolka_page *page, struct tolka_error *err)
{
    (void)pipeline, (void)doc, (void)recognizer;
    page->number = number;
    page->width = 100 + number;
    page->height = page->dpi = 100;
    __atomic_store_n(&worker_of[number - 1], (int)getpid(), __ATOMIC_SEQ_CST);
    switch (behaviour[number - 1]) {
    case 'c':
        signal(SIGSEGV, SIG_DFL); /* a sanitizer would catch it */
        raise(SIGSEGV);
        break;
    case 'k': /* as the kernel or a person would */
        if (__atomic_fetch_sub(crashes_left, 1, __ATOMIC_SEQ_CST) > 0)
            raise(SIGKILL);
        break;
    case 'h':
        pause();
        break;
    case 's':
        raise(SIGSTOP);
        break;
    case 'e':
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "no such picture");
    case 'o':
        if (__atomic_fetch_sub(crashes_left, 1, __ATOMIC_SEQ_CST) > 0) {
            signal(SIGSEGV, SIG_DFL);
            raise(SIGSEGV);
        }
        break;
    default:
        break;
    }
    return TOLKA_OK;
}

static int set_up(void **state)
{
    FILE *file = fdopen(mkstemp(input), "w");

    (void)state;
    crashes_left = mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    worker_of = crashes_left + 1;
    for (int i = 1; i <= PAGES; i++)
        fprintf(file, "Sida %d%s", i, i < PAGES ? "\f" : "\n");
    return fclose(file);
}

static int tear_down(void **state)
{
    (void)state;
    munmap(crashes_left, SHARED_BYTES);
    return unlink(input);
}

struct outcome {
    enum tolka_status status;
    struct tolka_page *pages;
    size_t page_count;
    struct tolka_record record;
    struct tolka_error err;
};

static struct outcome run(const char *how, int jobs, const char *page_list)
{
    const struct tolka_pipeline pipeline = {0};
    const struct tolka_pool_options options = {
        .pipeline = &pipeline, .jobs = jobs, .page_timeout_s = 1, .input_fd = -1, .page_list = page_list};
    struct outcome out = {0};

    memcpy(behaviour, how, PAGES);
    out.status = tolka_pool_read(&options, input, &out.pages, &out.page_count, &out.record, &out.err);
    return out;
}

static void release(struct outcome *out)
{
    for (size_t i = 0; i < out->page_count; i++)
        tolka_page_release(&out->pages[i]);
    free(out->pages);
    tolka_arena_release(&out->record.arena);
}

static void test_read_returns_pages_in_order(void **state)
{
    struct outcome out = run("-----", 3, NULL);

    (void)state;
    assert_int_equal(out.status, TOLKA_OK);
    assert_int_equal(out.page_count, PAGES);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(out.pages[i].number, i + 1);
    assert_int_equal(out.pages[4].width, 105);
    assert_int_equal(out.record.source.pages, PAGES);
    assert_int_equal(out.record.problems.count, 0);
    release(&out);
}

static void test_read_takes_the_selected_pages_only(void **state)
{
    struct outcome out = run("-----", 2, "2,4-");

    (void)state;
    assert_int_equal(out.page_count, 3);
    assert_int_equal(out.pages[0].number, 2);
    assert_int_equal(out.pages[2].number, 5);
    release(&out);
}

static void test_read_refuses_pages_that_are_not_there(void **state)
{
    struct outcome out = run("-----", 1, "9");

    (void)state;
    assert_int_equal(out.status, TOLKA_ERR_ARGUMENT);
    assert_non_null(strstr(out.err.message, "only 5 pages"));
    release(&out);
}

static void test_read_loses_only_the_page_that_crashes(void **state)
{
    struct outcome out = run("-c---", 2, NULL);

    (void)state;
    assert_int_equal(out.status, TOLKA_OK);
    assert_int_equal(out.page_count, PAGES - 1);
    assert_int_equal(out.record.problems.count, 1);
    assert_int_equal(out.record.problems.items[0].page, 2);
    assert_string_equal(out.record.problems.items[0].code, "crash");
    release(&out);
}

static void test_read_loses_only_the_page_that_hangs(void **state)
{
    struct outcome out = run("---h-", 1, NULL);

    (void)state;
    assert_int_equal(out.page_count, PAGES - 1);
    assert_int_equal(out.record.problems.count, 1);
    assert_string_equal(out.record.problems.items[0].code, "timeout");
    release(&out);
}

static void test_read_tries_a_crashed_page_once_more(void **state)
{
    struct outcome out;

    (void)state;
    *crashes_left = 1;
    out = run("--o--", 1, NULL);
    assert_true(*crashes_left < 0);
    assert_int_equal(out.page_count, PAGES);
    assert_int_equal(out.record.problems.count, 0);
    release(&out);
}

static void test_read_tries_a_crashed_page_in_a_worker_of_its_own(void **state)
{
    struct outcome out;

    (void)state;
    *crashes_left = 1;
    out = run("--o--", 1, NULL);
    assert_int_equal(worker_of[0], worker_of[1]);
    for (int i = 0; i < PAGES; i++)
        assert_true(i == 2 || worker_of[i] != worker_of[2]);
    assert_int_equal(worker_of[3], worker_of[4]);
    release(&out);
}

static void let_it_go_on(int signal_number)
{
    (void)signal_number;
    if (worker_of[2])
        kill(worker_of[2], SIGCONT);
}

static void test_read_waits_for_a_worker_that_is_stopped(void **state)
{
    /* A page may take one second; on a slow machine the worker may begin after the first signal. */
    const struct itimerval often = {{0, 500000}, {2, 0}}, never = {{0, 0}, {0, 0}};
    struct outcome out;

    (void)state;
    worker_of[2] = 0;
    signal(SIGALRM, let_it_go_on);
    setitimer(ITIMER_REAL, &often, NULL);
    out = run("--s--", 1, NULL);
    setitimer(ITIMER_REAL, &never, NULL);
    assert_int_equal(out.page_count, PAGES);
    assert_int_equal(out.record.problems.count, 0);
    release(&out);
}

static void test_read_bears_kills_from_outside(void **state)
{
    struct outcome out;

    (void)state;
    *crashes_left = 5;
    out = run("-k---", 2, NULL);
    assert_int_equal(out.page_count, PAGES);
    assert_int_equal(out.record.problems.count, 0);
    release(&out);
}

static void test_read_gives_a_page_up_that_is_killed_for_ever(void **state)
{
    struct outcome out;

    (void)state;
    *crashes_left = 1000;
    out = run("-k---", 1, NULL);
    assert_int_equal(out.page_count, PAGES - 1);
    assert_string_equal(out.record.problems.items[0].code, "killed");
    release(&out);
}

static void test_read_names_problems_by_page(void **state)
{
    struct outcome out = run("ceece", 3, NULL);

    (void)state;
    assert_int_equal(out.record.problems.count, PAGES);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(out.record.problems.items[i].page, i + 1);
    release(&out);
}

static void test_read_reports_a_page_that_fails(void **state)
{
    struct outcome out = run("e----", 2, NULL);

    (void)state;
    assert_int_equal(out.page_count, PAGES - 1);
    assert_string_equal(out.record.problems.items[0].code, "unreadable");
    assert_string_equal(out.record.problems.items[0].message, "no such picture");
    release(&out);
}

static void test_read_fails_when_every_page_does(void **state)
{
    struct outcome out = run("ececc", 2, NULL);

    (void)state;
    assert_int_equal(out.status, TOLKA_ERR_FORMAT);
    assert_int_equal(out.page_count, 0);
    assert_int_equal(out.record.problems.count, PAGES);
    release(&out);
}

static void test_read_says_why_a_file_cannot_be_opened(void **state)
{
    const struct tolka_pipeline pipeline = {0};
    const struct tolka_pool_options options = {.pipeline = &pipeline, .jobs = 2, .page_timeout_s = 1, .input_fd = -1};
    struct outcome out = {0};

    (void)state;
    out.status = tolka_pool_read(&options, "/nowhere/report.pdf", &out.pages, &out.page_count, &out.record, &out.err);
    assert_int_equal(out.status, TOLKA_ERR_IO);
    assert_non_null(strstr(out.err.message, "/nowhere/report.pdf"));
    release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_returns_pages_in_order),
        cmocka_unit_test(test_read_takes_the_selected_pages_only),
        cmocka_unit_test(test_read_refuses_pages_that_are_not_there),
        cmocka_unit_test(test_read_loses_only_the_page_that_crashes),
        cmocka_unit_test(test_read_loses_only_the_page_that_hangs),
        cmocka_unit_test(test_read_tries_a_crashed_page_once_more),
        cmocka_unit_test(test_read_tries_a_crashed_page_in_a_worker_of_its_own),
        cmocka_unit_test(test_read_waits_for_a_worker_that_is_stopped),
        cmocka_unit_test(test_read_bears_kills_from_outside),
        cmocka_unit_test(test_read_gives_a_page_up_that_is_killed_for_ever),
        cmocka_unit_test(test_read_names_problems_by_page),
        cmocka_unit_test(test_read_reports_a_page_that_fails),
        cmocka_unit_test(test_read_fails_when_every_page_does),
        cmocka_unit_test(test_read_says_why_a_file_cannot_be_opened),
    };

    return cmocka_run_group_tests_name("pool", tests, set_up, tear_down);
}
