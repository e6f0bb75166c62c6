/* Opens one file, hands its pages to the crew and puts the answers in their places, so that their order does
 * not show in the result. */
#include "ingest/pool.h"

#include "extract/pagepack.h"
#include "ingest/crew.h"
#include "ingest/input.h"
#include "ingest/pages.h"
#include "ingest/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PAGES = 1000000, OPEN_TIMEOUT_S = 60, TURN_MS = 1000, THE_FILE = 1 };

enum page_state { PAGE_SKIPPED, PAGE_WAITING, PAGE_TAKEN, PAGE_DONE, PAGE_FAILED };

struct slot { /* one page of the file */
    enum page_state state;
    struct tolka_page page;
};

struct pool {
    const struct tolka_pool_options *options;
    const char *path;
    int fd;
    struct tolka_crew *crew;
    struct slot *slots;
    int page_count, total, done, next; /* pages before `next` are handed out */
    bool opening, opened;
    struct tolka_record *record;
    struct tolka_error *err;
};

static void note(struct pool *pool, int page, const char *code, const char *message)
{
    tolka_diags_add(&pool->record->problems, &pool->record->arena, page, code, "%s", message);
}

/* The file is open: now its pages are known. */
static void take_opened(struct pool *pool, const struct tolka_answer *answer)
{
    pool->opened = true;
    if (answer->status && answer->code &&
        (answer->status == TOLKA_ERR_CRASH || answer->status == TOLKA_ERR_TIMEOUT))
        tolka_error_set(pool->err, answer->status, "%s: cannot be opened: %s", pool->path, answer->message);
    else if (answer->status)
        tolka_error_set(pool->err, answer->status, "%s", answer->message);
    else if (answer->pages < 1 || answer->pages > MAX_PAGES)
        tolka_error_set(pool->err, TOLKA_ERR_LIMIT, "%s: has %d pages", pool->path, answer->pages);
    if (pool->err->status)
        return;
    pool->slots = calloc((size_t)answer->pages, sizeof *pool->slots);
    if (!pool->slots) {
        tolka_error_set(pool->err, TOLKA_ERR_MEMORY, "out of memory");
        return;
    }
    pool->page_count = answer->pages;
    for (int i = 0; i < pool->page_count; i++) {
        if (tolka_pages_contain(pool->options->page_list, i + 1)) {
            pool->slots[i].state = PAGE_WAITING;
            pool->total++;
        }
    }
    if (answer->damaged)
        note(pool, 0, "damaged", TOLKA_DAMAGED);
}

static void take_page(struct pool *pool, int number, const struct tolka_answer *answer)
{
    struct slot *slot = &pool->slots[number - 1];
    struct tolka_error err = {0};

    slot->state = PAGE_FAILED;
    if (answer->status)
        note(pool, number, answer->code, answer->message);
    else if (tolka_page_unpack(answer->bytes, answer->length, &slot->page, &err))
        note(pool, number, "unreadable", err.message);
    else
        slot->state = PAGE_DONE;
    pool->done++;
    if (pool->options->on_progress)
        pool->options->on_progress(pool->done, pool->total, pool->options->data);
}

static void on_answer(const struct tolka_task *task, const struct tolka_answer *answer, void *data)
{
    if (task->kind == TOLKA_TASK_OPEN)
        take_opened(data, answer);
    else
        take_page(data, task->page, answer);
}

/* The next page to be read; 0 when none waits. */
static int next_waiting(struct pool *pool)
{
    while (pool->next < pool->page_count && pool->slots[pool->next].state != PAGE_WAITING)
        pool->next++;
    return pool->next < pool->page_count ? pool->next + 1 : 0;
}

/* Gives the crew as much as it has hands. */
static void hand_out(struct pool *pool)
{
    struct tolka_task task = {TOLKA_TASK_OPEN, THE_FILE, pool->fd, pool->path, 0, OPEN_TIMEOUT_S, NULL};

    if (!pool->opening) {
        pool->opening = true;
        tolka_crew_give(pool->crew, &task, pool->err);
        return;
    }
    task.kind = TOLKA_TASK_PAGE;
    task.timeout_s = pool->options->page_timeout_s;
    while (!pool->err->status && tolka_crew_has_room(pool->crew) && (task.page = next_waiting(pool))) {
        pool->slots[task.page - 1].state = PAGE_TAKEN;
        tolka_crew_give(pool->crew, &task, pool->err);
    }
}

static enum tolka_status do_pages(struct pool *pool)
{
    while (!pool->err->status && !(pool->opened && pool->done >= pool->total)) {
        hand_out(pool);
        if (!pool->err->status)
            tolka_crew_attend(pool->crew, TURN_MS, NULL, 0, NULL, pool->err);
    }
    return pool->err->status;
}

/* Moves the pages that came out into an array of their own. */
static enum tolka_status collect(struct pool *pool, struct tolka_page **pages, size_t *page_count)
{
    size_t count = 0;

    for (int i = 0; i < pool->page_count; i++)
        count += pool->slots[i].state == PAGE_DONE;
    if (!count)
        return pool->total ? tolka_error_set(pool->err, TOLKA_ERR_FORMAT,
                                             "%s: none of its pages could be read", pool->path)
                           : tolka_error_set(pool->err, TOLKA_ERR_ARGUMENT, "%s: has only %d page%s",
                                             pool->path, pool->page_count, pool->page_count == 1 ? "" : "s");
    *pages = calloc(count, sizeof **pages);
    if (!*pages)
        return tolka_error_set(pool->err, TOLKA_ERR_MEMORY, "out of memory");
    for (int i = 0; i < pool->page_count; i++) {
        if (pool->slots[i].state == PAGE_DONE) {
            (*pages)[(*page_count)++] = pool->slots[i].page;
            pool->slots[i].page = (struct tolka_page){0};
        }
    }
    return TOLKA_OK;
}

static void release(struct pool *pool)
{
    tolka_crew_free(pool->crew);
    for (int i = 0; i < pool->page_count && pool->slots; i++)
        tolka_page_release(&pool->slots[i].page);
    free(pool->slots);
    if (pool->fd >= 0)
        close(pool->fd);
}

enum tolka_status tolka_pool_read(const struct tolka_pool_options *options, const char *path,
                                  struct tolka_page **pages, size_t *page_count, struct tolka_record *record,
                                  struct tolka_error *err)
{
    struct tolka_error local = {0};
    struct pool pool = {.options = options, .path = path, .record = record, .err = err ? err : &local};
    const struct tolka_crew_options crew = {
        .pipeline = options->pipeline, .jobs = options->jobs, .on_answer = on_answer, .data = &pool};

    *pages = NULL;
    *page_count = 0;
    if (options->jobs < 1 || options->jobs > TOLKA_MAX_JOBS)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "jobs must be 1 to %d", TOLKA_MAX_JOBS);
    pool.fd = options->input_fd >= 0 ? dup(options->input_fd) : tolka_input_open(path, pool.err);
    if (pool.fd < 0)
        return tolka_error_set(pool.err, TOLKA_ERR_IO, "%s: cannot be opened", path);
    pool.crew = tolka_crew_new(&crew);
    if (!pool.crew)
        tolka_error_set(pool.err, TOLKA_ERR_MEMORY, "out of memory");
    if (!do_pages(&pool))
        collect(&pool, pages, page_count);
    record->source.pages = pool.page_count;
    tolka_problems_sort(&record->problems);
    release(&pool);
    return pool.err->status;
}
