/*
 * Conversion in the caller's process: pages are read by the caller's own thread, or by threads of ours, each
 * with its own document and recogniser over the same bytes; then the report half runs in the caller's thread.
 */
#include "lib/lib_int.h"

#include "extract/document.h"
#include "ingest/pages.h"
#include "schema/hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot { /* one page that was asked for */
    int number;
    bool done;
    struct tolka_page page;
    struct tolka_error err;
};

struct run {
    struct tolka_context *context;
    struct tolka_document *doc;
    const char *name;
    struct slot *slots;
    int total;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t turned;
    int next, done, alive;
    bool cancelled;
};

struct reader { /* one thread of ours */
    struct run *run;
    int at; /* which of the context's recognisers is its own */
    pthread_t thread;
};

static struct slot *take_slot(struct run *run)
{
    struct slot *slot = NULL;

    pthread_mutex_lock(&run->lock);
    if (!run->cancelled && run->next < run->total)
        slot = &run->slots[run->next++];
    pthread_mutex_unlock(&run->lock);
    return slot;
}

static void read_slot(struct run *run, struct slot *slot, struct tolka_document *doc, int recognizer)
{
    slot->done =
        tolka_pipeline_page(&run->context->pipeline, doc, slot->number,
                            &run->context->recognizers[recognizer], &slot->page, &slot->err) == TOLKA_OK;
    if (!slot->done)
        tolka_page_release(&slot->page);
}

/* Tells the caller how far the work has come. The lock is not held. */
static void report_progress(struct run *run, int done)
{
    if (!run->context->on_page || !run->context->on_page(done, run->total, run->context->data))
        return;
    pthread_mutex_lock(&run->lock);
    run->cancelled = true;
    pthread_mutex_unlock(&run->lock);
}

static void *read_pages(void *data)
{
    const struct reader *reader = data;
    struct run *run = reader->run;
    struct tolka_document *own = NULL, *doc = run->doc;
    struct slot *slot;
    size_t length;

    if (reader->at > 0) { /* without memory for it the others do the work */
        const void *bytes = tolka_document_bytes(run->doc, &length);
        doc = tolka_document_open_memory(bytes, length, run->name, &own, NULL) ? NULL : own;
    }
    while (doc && (slot = take_slot(run))) {
        read_slot(run, slot, doc, reader->at);
        pthread_mutex_lock(&run->lock);
        run->done++;
        pthread_cond_signal(&run->turned);
        pthread_mutex_unlock(&run->lock);
    }
    tolka_document_free(own);
    pthread_mutex_lock(&run->lock);
    run->alive--;
    pthread_cond_signal(&run->turned);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static void read_alone(struct run *run)
{
    struct slot *slot;

    while ((slot = take_slot(run))) {
        read_slot(run, slot, run->doc, 0);
        report_progress(run, ++run->done);
    }
}

/* Waits for the readers and passes their progress on. */
static void attend(struct run *run)
{
    int told = 0;

    pthread_mutex_lock(&run->lock);
    while (run->alive > 0 || told < run->done) {
        if (told == run->done) {
            pthread_cond_wait(&run->turned, &run->lock);
            continue;
        }
        pthread_mutex_unlock(&run->lock);
        report_progress(run, ++told);
        pthread_mutex_lock(&run->lock);
    }
    pthread_mutex_unlock(&run->lock);
}

static void read_together(struct run *run, int jobs)
{
    struct reader readers[TOLKA_LIB_MAX_JOBS];
    int started = 0;

    for (; started < jobs; started++) {
        readers[started] = (struct reader){.run = run, .at = started};
        pthread_mutex_lock(&run->lock);
        run->alive++;
        pthread_mutex_unlock(&run->lock);
        if (pthread_create(&readers[started].thread, NULL, read_pages, &readers[started])) {
            pthread_mutex_lock(&run->lock);
            run->alive--;
            pthread_mutex_unlock(&run->lock);
            break;
        }
    }
    attend(run);
    for (int i = 0; i < started; i++)
        pthread_join(readers[i].thread, NULL);
    if (!started)
        read_alone(run);
}

/* The pages that the list asks for. */
static enum tolka_status choose_pages(struct run *run, const char *list, struct tolka_error *err)
{
    const int count = tolka_document_page_count(run->doc);

    run->slots = calloc((size_t)count, sizeof *run->slots);
    if (!run->slots)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (int number = 1; number <= count; number++) {
        if (tolka_pages_contain(list, number))
            run->slots[run->total++].number = number;
    }
    if (!run->total)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: has only %d page%s", run->name, count,
                               count == 1 ? "" : "s");
    return TOLKA_OK;
}

/* Moves the pages that came out to the report; the others are problems of it. */
static enum tolka_status collect(struct run *run, struct tolka_report *report, struct tolka_error *err)
{
    struct tolka_record *record = &report->record;

    report->pages = calloc((size_t)run->total, sizeof *report->pages);
    if (!report->pages)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    for (int i = 0; i < run->total; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->done)
            report->pages[report->page_count++] = slot->page;
        else
            tolka_diags_add(&record->problems, &record->arena, slot->number,
                            tolka_status_problem(slot->err.status), "%s", slot->err.message);
        slot->done = false;
    }
    if (report->page_count)
        return TOLKA_OK;
    if (run->total == 1)
        return tolka_error_set(err, run->slots[0].err.status, "%s: page %d: %s", run->name,
                               run->slots[0].number, run->slots[0].err.message);
    return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: none of its pages could be read", run->name);
}

static enum tolka_status describe_source(const struct run *run, struct tolka_record *record,
                                         struct tolka_error *err)
{
    size_t length;
    const void *bytes = tolka_document_bytes(run->doc, &length);

    record->source.path = tolka_arena_strdup(&record->arena, run->name);
    record->source.bytes = (int64_t)length;
    record->source.pages = tolka_document_page_count(run->doc);
    if (!record->source.path)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (tolka_sha256_hex(bytes, length, record->source.sha256))
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "%s: no SHA-256 of it can be made", run->name);
    if (tolka_document_was_damaged(run->doc))
        tolka_diags_add(&record->problems, &record->arena, 0, "damaged",
                        "the file is damaged and was mended: some of it may be missing");
    return TOLKA_OK;
}

/* The page half: all pages of the opened document. */
static enum tolka_status read_all(struct run *run, const char *list, struct tolka_report *report,
                                  struct tolka_error *err)
{
    enum tolka_status status = choose_pages(run, list, err);

    if (!status)
        status = describe_source(run, &report->record, err);
    if (status)
        return status;
    if (run->context->jobs == 1 || run->total == 1)
        read_alone(run);
    else
        read_together(run, run->context->jobs < run->total ? run->context->jobs : run->total);
    if (run->cancelled)
        return tolka_error_set(err, TOLKA_ERR_CANCELLED, "%s: cancelled after %d of %d pages", run->name,
                               run->done, run->total);
    return collect(run, report, err);
}

/* Converts an opened document, which it consumes. */
static int convert(struct tolka_context *context, struct tolka_document *doc, const char *name,
                   const char *list, struct tolka_report **out)
{
    struct run run = {.context = context, .doc = doc, .name = name};
    struct tolka_report *report = calloc(1, sizeof *report);
    struct tolka_error *err = &context->err;
    enum tolka_status status = TOLKA_ERR_MEMORY;

    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.turned, NULL);
    if (!report) {
        tolka_error_set(err, status, "out of memory");
        goto out;
    }
    report->shared = tolka_shared_hold(context->shared);
    status = read_all(&run, list, report, err);
    if (!status)
        status = tolka_pipeline_report(&context->pipeline, report->pages, report->page_count, &report->record,
                                       err);
    if (!status) {
        *out = report;
        report = NULL;
    }
out:
    for (int i = 0; i < run.total; i++) {
        if (run.slots[i].done)
            tolka_page_release(&run.slots[i].page);
    }
    free(run.slots);
    pthread_cond_destroy(&run.turned);
    pthread_mutex_destroy(&run.lock);
    tolka_document_free(doc);
    tolka_report_free(report);
    return status;
}

/* What both ways in begin with. */
static int begin(struct tolka_context *context, const void *input, const char *pages,
                 struct tolka_report **out)
{
    if (out)
        *out = NULL;
    if (!context)
        return TOLKA_ERR_ARGUMENT;
    tolka_error_clear(&context->err);
    if (!input || !out)
        return tolka_error_set(&context->err, TOLKA_ERR_ARGUMENT, "no file, or nowhere to put the report");
    if (!tolka_pages_valid(pages))
        return tolka_error_set(&context->err, TOLKA_ERR_ARGUMENT, "%s: not a list of pages such as 1-3,7",
                               pages);
    return TOLKA_OK;
}

int tolka_convert_file(struct tolka_context *context, const char *path, const char *pages,
                       struct tolka_report **out)
{
    struct tolka_document *doc;
    int status = begin(context, path, pages, out);

    if (!status)
        status = tolka_document_open(path, &doc, &context->err);
    return status ? status : convert(context, doc, path, pages, out);
}

int tolka_convert_memory(struct tolka_context *context, const void *bytes, size_t length, const char *name,
                         const char *pages, struct tolka_report **out)
{
    struct tolka_document *doc;
    int status = begin(context, bytes, pages, out);

    name = name ? name : "memory";
    if (!status)
        status = tolka_document_open_memory(bytes, length, name, &doc, &context->err);
    return status ? status : convert(context, doc, name, pages, out);
}

void tolka_report_free(struct tolka_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->page_count; i++)
        tolka_page_release(&report->pages[i]);
    free(report->pages);
    tolka_record_release(&report->record);
    tolka_shared_drop(report->shared);
    free(report);
}
