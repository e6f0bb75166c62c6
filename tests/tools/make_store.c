/*
 * make_store STORE COUNT [PAGES WORDS TABLES ROWS]: a store of COUNT made reports, for measuring with many;
 * says how long it took. make_store --dump STORE: the store as text (ingest/store_dump.c), for comparing two.
 */
#include "tests/support/made_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 100 };

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int dump(const char *path)
{
    struct tolka_store *store = NULL;
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};

    if (tolka_store_open(path, TOLKA_STORE_READ, &store, &err) || tolka_store_dump(store, &out, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    fwrite(out.data, 1, out.length, stdout);
    tolka_strbuf_release(&out);
    tolka_store_close(store);
    return 0;
}

static void fill(struct tolka_store *store, int count, struct made_size size)
{
    char path[64];

    for (int i = 0; i < count; i += BATCH) {
        tolka_store_begin(store, NULL);
        for (int k = i; k < i + BATCH && k < count; k++) {
            snprintf(path, sizeof path, "archive/%03d/report-%06d.pdf", k / 1000, k);
            made_store_report(store, k, path, size);
        }
        tolka_store_commit(store, NULL);
    }
}

int main(int argc, char **argv)
{
    struct made_size size = {1, 150, 2, 12};
    struct timespec begin, end;
    struct tolka_store *store;
    double seconds;

    if (argc == 3 && strcmp(argv[1], "--dump") == 0)
        return dump(argv[2]);
    if (argc != 3 && argc != 7) {
        fprintf(stderr, "usage: make_store STORE COUNT [PAGES WORDS TABLES ROWS] | --dump STORE\n");
        return 2;
    }
    if (argc == 7)
        size = (struct made_size){atoi(argv[3]), atoi(argv[4]), atoi(argv[5]), atoi(argv[6])};
    clock_gettime(CLOCK_MONOTONIC, &begin);
    store = made_store_open(argv[1], "1");
    fill(store, atoi(argv[2]), size);
    tolka_store_run_end(store, NULL);
    tolka_store_close(store);
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("%s reports in %.1f s, %.1f s of CPU: %.0f a second\n", argv[2], seconds, cpu_s(),
           atoi(argv[2]) / seconds);
    return 0;
}
