/*
 * queue_bench URL REPORTS PAGES [WORKERS [BATCH]]: the queue alone. Takes in REPORTS made reports of PAGES
 * pages each, and works them off in WORKERS processes whose pages take no time: BATCH (64) of them a
 * transaction, as an ingest does. Says how many pages a second that is, and what it costs.
 */
#include "tests/support/made_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_BATCH = 64, PAGE_BYTES = 6000 }; /* a packed page of a report is about so large */

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum tolka_status status, const struct tolka_error *err)
{
    if (status) {
        fprintf(stderr, "queue_bench: %s\n", err->message);
        exit(1);
    }
}

/* Does one batch of what was claimed; what follows from it goes to `next`. */
static size_t do_batch(struct tolka_store *store, struct tolka_work *work, size_t count, int pages,
                       struct tolka_work *next)
{
    static char bytes[PAGE_BYTES];
    struct tolka_error err = {0};
    size_t more = 0;

    must(tolka_store_begin(store, &err), &err);
    for (size_t i = 0; i < count; i++) {
        const int keep = pages < 16 ? pages : 16;
        struct tolka_work finish = {0};
        if (work[i].kind == TOLKA_WORK_OPEN && more + (size_t)keep < MAX_BATCH * 20) {
            must(tolka_store_opened(store, &work[i], pages, keep, &next[more], &err), &err);
            more += (size_t)keep;
        } else if (work[i].kind == TOLKA_WORK_PAGE) {
            must(tolka_store_put_page(store, &work[i], bytes, sizeof bytes, &finish, &err), &err);
            if (finish.report)
                next[more++] = finish;
        } else if (work[i].kind == TOLKA_WORK_FINISH) {
            const struct tolka_store_problem problem = {.code = "bench", .message = "bench"};
            must(tolka_store_fail(store, &work[i], &problem, false, NULL, &err), &err);
        }
        tolka_work_release(&work[i]);
    }
    must(tolka_store_commit(store, &err), &err);
    return more;
}

static void work_off(const char *url, int pages, size_t batch)
{
    struct tolka_store *store = made_store_open(url, "1");
    static struct tolka_work hands[2][MAX_BATCH * 20];
    struct tolka_error err = {0};
    size_t held = 0;

    while (true) {
        if (!held)
            must(tolka_store_claim(store, hands[0], batch, &held, &err), &err);
        if (!held)
            break;
        for (size_t at = 0, more = 0; at < held || more; at = 0) {
            struct tolka_work *next = hands[1];
            more = 0;
            for (size_t i = 0; i < held; i += batch)
                more +=
                    do_batch(store, &hands[0][i], held - i < batch ? held - i : batch, pages, next + more);
            memcpy(hands[0], hands[1], more * sizeof *next);
            held = more;
            if (!more)
                break;
        }
    }
    must(tolka_store_run_end(store, &err), &err);
    tolka_store_close(store);
}

static void take_in(const char *url, int reports)
{
    struct tolka_store *store = made_store_open(url, "1");
    char path[64];

    for (int i = 0; i < reports; i += MAX_BATCH) {
        tolka_store_begin(store, NULL);
        for (int k = i; k < i + MAX_BATCH && k < reports; k++) {
            snprintf(path, sizeof path, "bench/%08d.pdf", k);
            made_store_enqueue(store, k, path, 0);
        }
        tolka_store_commit(store, NULL);
    }
    tolka_store_run_end(store, NULL);
    tolka_store_close(store);
}

int main(int argc, char **argv)
{
    const int reports = argc > 3 ? atoi(argv[2]) : 0, pages = argc > 3 ? atoi(argv[3]) : 0;
    const int workers = argc > 4 ? atoi(argv[4]) : 1;
    const int batch = argc > 5 ? atoi(argv[5]) : MAX_BATCH;
    struct rusage usage;
    double begin, seconds;

    if (reports < 1 || pages < 1 || batch < 1 || batch > MAX_BATCH) {
        fprintf(stderr, "usage: queue_bench URL REPORTS PAGES [WORKERS [BATCH]]\n");
        return 2;
    }
    begin = now_s();
    take_in(argv[1], reports);
    printf("%d files taken in: %.0f a second\n", reports, reports / (now_s() - begin));
    fflush(stdout);
    begin = now_s();
    for (int i = 0; i < workers; i++) {
        if (fork() == 0) {
            work_off(argv[1], pages, (size_t)batch);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    seconds = now_s() - begin;
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("%d pages by %d: %.0f a second; %.0f us of a worker's CPU a page\n", reports * pages, workers,
           reports * pages / seconds,
           ((double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6) /
               reports / pages * 1e6);
    return 0;
}
