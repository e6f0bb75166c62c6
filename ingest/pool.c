/*
 * The supervisor: starts workers, hands each a page at a time, takes the answers. A worker that dies or hangs over a page is replaced and
 * the page is tried once more alone in a fresh one; then it is a problem of the record and the rest goes on. The order of answers does
 * not show in the result: each page has its place.
 */
#include "ingest/pool.h"

#include "extract/pagepack.h"
#include "ingest/pages.h"
#include "ingest/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_JOBS = 256, MAX_ATTEMPTS = 2, MAX_PAGES = 1000000 };
enum { OPEN_TIMEOUT_S = 60 };
static const size_t MAX_REPLY_BYTES = (size_t)256 << 20;

enum page_state { PAGE_SKIPPED, PAGE_WAITING, PAGE_TAKEN, PAGE_DONE, PAGE_FAILED };

struct slot { /* one page of the file */
    enum page_state state;
    int attempts;
    struct tolka_page page;
};

struct worker {
    pid_t pid; /* 0: none */
    int orders_fd, replies_fd;
    int number; /* the page in hand; 0 while it opens the file, -1 when idle */
    int64_t deadline_ms;
    struct tolka_strbuf inbox;
};

struct pool {
    const struct tolka_pool_options *options;
    const char *path;
    struct worker workers[MAX_JOBS];
    struct slot *slots;
    int page_count, total, done, opening_failures;
    bool opened, fatal;
    struct tolka_record *record;
    struct tolka_error *err;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void close_pipe(const int fds[2])
{
    if (fds[0] >= 0)
        close(fds[0]);
    if (fds[1] >= 0)
        close(fds[1]);
}

static bool start_worker(struct pool *pool, struct worker *worker)
{
    int orders[2] = {-1, -1}, replies[2] = {-1, -1};
    pid_t pid;

    if (pipe2(orders, O_CLOEXEC) || pipe2(replies, O_CLOEXEC)) {
        close_pipe(orders);
        tolka_error_set(pool->err, TOLKA_ERR_IO, "no pipe to a worker: %s", strerror(errno));
        return false;
    }
    pid = fork();
    if (pid == 0) {
        const struct tolka_worker_task task = {pool->options->pipeline, pool->path, pool->options->input_fd, orders[0], replies[1]};
        for (int i = 0; i < MAX_JOBS; i++) { /* the pipes of its brothers: their ends must be seen to close */
            if (pool->workers[i].pid) {
                close(pool->workers[i].orders_fd);
                close(pool->workers[i].replies_fd);
            }
        }
        close(orders[1]);
        close(replies[0]);
        tolka_worker_run(&task);
    }
    close(orders[0]);
    close(replies[1]);
    if (pid < 0) {
        close(orders[1]);
        close(replies[0]);
        tolka_error_set(pool->err, TOLKA_ERR_IO, "no worker could be started: %s", strerror(errno));
        return false;
    }
    *worker = (struct worker){.pid = pid, .orders_fd = orders[1], .replies_fd = replies[0]};
    worker->deadline_ms = now_ms() + OPEN_TIMEOUT_S * INT64_C(1000);
    return true;
}

/* Ends a worker and returns its wait status. */
static int stop_worker(struct worker *worker, bool kill_it)
{
    int status = 0;

    if (kill_it)
        kill(worker->pid, SIGKILL);
    close(worker->orders_fd);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(worker->replies_fd);
    tolka_strbuf_release(&worker->inbox);
    *worker = (struct worker){0};
    return status;
}

static void report_progress(struct pool *pool)
{
    pool->done++;
    if (pool->options->on_progress)
        pool->options->on_progress(pool->done, pool->total, pool->options->data);
}

static void fail_page(struct pool *pool, int number, const char *code, const char *message)
{
    struct slot *slot = &pool->slots[number - 1];

    slot->state = PAGE_FAILED;
    tolka_diags_add(&pool->record->problems, &pool->record->arena, number, code, "%s", message);
    report_progress(pool);
}

/* A worker is gone over what it had in hand: that is tried again, or given up. */
static void lose_worker(struct pool *pool, struct worker *worker, bool timed_out)
{
    const int number = worker->number;
    const int status = stop_worker(worker, timed_out);
    char message[128];

    if (timed_out)
        snprintf(message, sizeof message, "took longer than %d seconds", number ? pool->options->page_timeout_s : OPEN_TIMEOUT_S);
    else if (WIFSIGNALED(status))
        snprintf(message, sizeof message, "a worker died over it (%s)", strsignal(WTERMSIG(status)));
    else
        snprintf(message, sizeof message, "a worker ended over it (exit status %d)", WEXITSTATUS(status));
    if (number == 0) {
        if (++pool->opening_failures >= MAX_ATTEMPTS) {
            tolka_error_set(pool->err, timed_out ? TOLKA_ERR_TIMEOUT : TOLKA_ERR_CRASH, "%s: cannot be opened: %s", pool->path, message);
            pool->fatal = true;
        }
    } else if (number > 0) {
        if (pool->slots[number - 1].attempts >= MAX_ATTEMPTS)
            fail_page(pool, number, timed_out ? "timeout" : "crash", message);
        else
            pool->slots[number - 1].state = PAGE_WAITING;
    }
}

/* The file is open for the first time: now its pages are known. */
static void take_opened(struct pool *pool, const struct tolka_reply *reply)
{
    if (pool->opened)
        return;
    pool->opened = true;
    if (reply->number < 1 || reply->number > MAX_PAGES) {
        tolka_error_set(pool->err, TOLKA_ERR_LIMIT, "%s: has %d pages", pool->path, reply->number);
        pool->fatal = true;
        return;
    }
    pool->page_count = reply->number;
    pool->slots = calloc((size_t)pool->page_count, sizeof *pool->slots);
    if (!pool->slots) {
        tolka_error_set(pool->err, TOLKA_ERR_MEMORY, "out of memory");
        pool->fatal = true;
        return;
    }
    for (int i = 0; i < pool->page_count; i++) {
        if (tolka_pages_contain(pool->options->page_list, i + 1)) {
            pool->slots[i].state = PAGE_WAITING;
            pool->total++;
        }
    }
    if (reply->detail)
        tolka_diags_add(&pool->record->problems, &pool->record->arena, 0, "damaged",
                        "the file is damaged and was mended: some of it may be missing");
}

static void take_page(struct pool *pool, int number, const char *bytes, size_t length)
{
    struct slot *slot = &pool->slots[number - 1];
    struct tolka_error err = {0};

    if (tolka_page_unpack(bytes, length, &slot->page, &err)) {
        tolka_page_release(&slot->page);
        fail_page(pool, number, "unreadable", err.message);
        return;
    }
    slot->state = PAGE_DONE;
    report_progress(pool);
}

/* Acts on one whole reply; false when the worker talks nonsense. */
static bool take_reply(struct pool *pool, struct worker *worker, const struct tolka_reply *reply, const char *bytes)
{
    char message[512];

    if (reply->kind == TOLKA_REPLY_OPENED && worker->number == 0) {
        worker->number = -1;
        take_opened(pool, reply);
        return true;
    }
    if (reply->number != worker->number)
        return false;
    snprintf(message, sizeof message, "%.*s", (int)(reply->length < 500 ? reply->length : 500), bytes);
    if (reply->kind == TOLKA_REPLY_FAILED && worker->number == 0) {
        tolka_error_set(pool->err, (enum tolka_status)reply->detail, "%s", message);
        pool->fatal = true;
        return true;
    }
    if (worker->number < 1)
        return false;
    worker->number = -1;
    if (reply->kind == TOLKA_REPLY_PAGE)
        take_page(pool, reply->number, bytes, reply->length);
    else
        fail_page(pool, reply->number, tolka_status_problem((enum tolka_status)reply->detail), message);
    return true;
}

/* Reads what a worker has to say; false when it is gone. */
static bool read_worker(struct pool *pool, struct worker *worker)
{
    char chunk[65536];
    struct tolka_reply reply;
    ssize_t n = read(worker->replies_fd, chunk, sizeof chunk);

    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    tolka_strbuf_add(&worker->inbox, chunk, (size_t)n);
    if (worker->inbox.failed || worker->inbox.length < sizeof reply)
        return !worker->inbox.failed;
    memcpy(&reply, worker->inbox.data, sizeof reply);
    if (reply.length > MAX_REPLY_BYTES)
        return false;
    if (worker->inbox.length < sizeof reply + reply.length)
        return true;
    if (!take_reply(pool, worker, &reply, worker->inbox.data + sizeof reply))
        return false;
    tolka_strbuf_truncate(&worker->inbox, 0); /* it says one thing at a time */
    return true;
}

static int next_waiting(const struct pool *pool)
{
    for (int i = 0; i < pool->page_count; i++) {
        if (pool->slots[i].state == PAGE_WAITING)
            return i + 1;
    }
    return 0;
}

/* Gives every idle worker a page. */
static void hand_out(struct pool *pool)
{
    for (int i = 0; i < pool->options->jobs; i++) {
        struct worker *worker = &pool->workers[i];
        int32_t number = pool->opened ? next_waiting(pool) : 0;
        if (!worker->pid || worker->number != -1 || !number)
            continue;
        if (write(worker->orders_fd, &number, sizeof number) != (ssize_t)sizeof number)
            continue; /* it is gone: reading from it will tell */
        pool->slots[number - 1].state = PAGE_TAKEN;
        pool->slots[number - 1].attempts++;
        worker->number = number;
        worker->deadline_ms = now_ms() + pool->options->page_timeout_s * INT64_C(1000);
    }
}

/* Keeps as many workers as there is work for. */
static bool hire(struct pool *pool)
{
    int waiting = 0, wanted, have = 0;

    for (int i = 0; i < pool->page_count; i++)
        waiting += pool->slots[i].state == PAGE_WAITING;
    wanted = pool->opened ? waiting : 1;
    for (int i = 0; i < pool->options->jobs; i++)
        have += pool->workers[i].pid && pool->workers[i].number <= 0;
    for (int i = 0; i < pool->options->jobs && have < wanted; i++) {
        if (pool->workers[i].pid)
            continue;
        if (!start_worker(pool, &pool->workers[i]))
            return false;
        have++;
    }
    return true;
}

static bool is_finished(const struct pool *pool)
{
    return pool->fatal || (pool->opened && pool->done >= pool->total);
}

/* Waits for the next answers or the next deadline and acts on them. */
static void attend(struct pool *pool)
{
    struct pollfd fds[MAX_JOBS];
    int64_t now = now_ms(), wait = 1000;

    for (int i = 0; i < pool->options->jobs; i++) {
        const struct worker *worker = &pool->workers[i];
        fds[i] = (struct pollfd){.fd = worker->pid ? worker->replies_fd : -1, .events = POLLIN};
        if (worker->pid && worker->number >= 0 && worker->deadline_ms - now < wait)
            wait = worker->deadline_ms > now ? worker->deadline_ms - now : 0;
    }
    if (poll(fds, (nfds_t)pool->options->jobs, (int)wait) < 0)
        return;
    now = now_ms();
    for (int i = 0; i < pool->options->jobs; i++) {
        struct worker *worker = &pool->workers[i];
        if (!worker->pid || pool->fatal)
            continue;
        if (fds[i].revents && !read_worker(pool, worker))
            lose_worker(pool, worker, false);
        else if (worker->number >= 0 && now >= worker->deadline_ms)
            lose_worker(pool, worker, true);
    }
}

/* Moves the pages that came out into an array of their own. */
static enum tolka_status collect(struct pool *pool, struct tolka_page **pages, size_t *page_count)
{
    size_t count = 0;

    for (int i = 0; i < pool->page_count; i++)
        count += pool->slots[i].state == PAGE_DONE;
    if (!count)
        return pool->total ? tolka_error_set(pool->err, TOLKA_ERR_FORMAT, "%s: none of its pages could be read", pool->path)
                           : tolka_error_set(pool->err, TOLKA_ERR_ARGUMENT, "%s: has only %d page%s", pool->path, pool->page_count,
                                             pool->page_count == 1 ? "" : "s");
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

static void finish(struct pool *pool)
{
    for (int i = 0; i < MAX_JOBS; i++) {
        if (pool->workers[i].pid)
            stop_worker(&pool->workers[i], pool->fatal);
    }
    for (int i = 0; i < pool->page_count && pool->slots; i++)
        tolka_page_release(&pool->slots[i].page);
    free(pool->slots);
    free(pool);
}

enum tolka_status tolka_pool_read(const struct tolka_pool_options *options, const char *path, struct tolka_page **pages,
                                  size_t *page_count, struct tolka_record *record, struct tolka_error *err)
{
    struct pool *pool;
    struct tolka_error local = {0};
    enum tolka_status status = TOLKA_OK;

    *pages = NULL;
    *page_count = 0;
    if (options->jobs < 1 || options->jobs > MAX_JOBS)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "jobs must be 1 to %d", MAX_JOBS);
    pool = calloc(1, sizeof *pool);
    if (!pool)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    *pool = (struct pool){.options = options, .path = path, .record = record, .err = err ? err : &local};
    while (!is_finished(pool)) {
        if (!hire(pool)) {
            pool->fatal = true;
            break;
        }
        hand_out(pool);
        attend(pool);
    }
    record->source.pages = pool->page_count;
    status = pool->fatal ? pool->err->status : collect(pool, pages, page_count);
    finish(pool);
    return status;
}
