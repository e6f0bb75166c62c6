/*
 * threads [COUNT]: COUNT contexts (8), each in a thread of its own, convert and normalize at once; each says
 * what the first said. Built with ThreadSanitizer by `make check-threads`.
 */
#include "lib/tolka.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 64, MAX_FILES = 16 };

static const char *const FILES[] = {"corpus/stiftelse-protokoll-office.pdf",
                                    "corpus/forbund-arsredovisning.pdf"};
static const char *const PAGES[] = {"2", NULL};
static const char TEXT[] = "Forbundet har under aret arbetat med samverkan mellan myndigheter.\n";

struct task {
    pthread_t thread;
    int number;
    char *said[MAX_FILES];
};

static char *convert(struct tolka_context *context, size_t file)
{
    struct tolka_report *report;
    char *text = NULL;

    if (tolka_convert_file(context, FILES[file], PAGES[file], &report)) {
        fprintf(stderr, "%s\n", tolka_message(context));
        return NULL;
    }
    tolka_report_write(report, "json", &text, NULL);
    tolka_report_free(report);
    return text;
}

/* Threads begin with different files, so that PDF, picture and text meet each other. */
static void *work(void *data)
{
    struct task *task = data;
    const struct tolka_options options = {.size = sizeof options, .jobs = task->number % 2 + 1};
    const size_t count = sizeof FILES / sizeof *FILES;
    struct tolka_context *context;
    char message[256];

    if (tolka_open(&options, &context, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t file = (i + (size_t)task->number) % count;
        task->said[file] = convert(context, file);
    }
    tolka_normalize(context, TEXT, strlen(TEXT), NULL, NULL, &task->said[count], NULL);
    tolka_close(context);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct task tasks[MAX_THREADS];
    const int count = argc > 1 ? atoi(argv[1]) : 8;
    int different = 0;

    if (count < 1 || count > MAX_THREADS)
        return 2;
    for (int i = 0; i < count; i++) {
        tasks[i].number = i;
        if (pthread_create(&tasks[i].thread, NULL, work, &tasks[i]))
            return 1;
    }
    for (int i = 0; i < count; i++)
        pthread_join(tasks[i].thread, NULL);
    for (size_t f = 0; f <= sizeof FILES / sizeof *FILES; f++) {
        for (int i = 0; i < count; i++)
            different += !tasks[i].said[f] || strcmp(tasks[i].said[f], tasks[0].said[f]) != 0;
        for (int i = count - 1; i >= 0; i--)
            tolka_free(tasks[i].said[f]);
    }
    printf("%d passed, %d failed\n", different == 0, different);
    return different != 0;
}
