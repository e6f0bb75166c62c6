#include "ingest/crew.h"

#include "base/strbuf.h"
#include "ingest/crew_process.h"
#include "ingest/system.h"
#include "ingest/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A task that ends its worker itself is tried so often. One whose worker was killed from outside is not to
 * blame, unless it is what makes the kernel run out of memory: in the end it is given up too.
 */
enum { MAX_FAULTS = 2, MAX_KILLS = 16 };

/* Enough to forget the cost of starting (0.3 s of processor with both languages), few enough that leaks stay
 * small. */
enum { RECYCLE_TASKS = 2000, RECYCLE_MB = 1024, TASKS_A_WEIGHING = 8 };

/* One look at the workers moves their clock by so much at most, however long ago the last one was. */
enum { MAX_STEP_MS = 2000 };

/* A worker that is held up may take so many times what its task may, and is looked after every so often. */
enum { MAX_STRETCH = 10, MIN_STRETCH_MS = 1000 };

enum { MAX_OTHERS = 8, CHUNK_BYTES = 65536, CHUNKS_A_TURN = 16 };
static const size_t MAX_REPLY_BYTES = (size_t)256 << 20;
static const size_t SPARE_INBOX_BYTES = (size_t)1 << 20; /* a larger inbox is not kept */

struct worker {
    struct tolka_process process; /* pid 0: none */
    bool busy, opening;           /* has a task; its answer comes after that of an OPEN in between */
    int64_t file;                 /* that it has open; 0: none */
    struct tolka_task task;
    int faults, kills; /* of this task so far */
    bool alone;        /* it was started for this task, and ends with it */
    int64_t started_ms;
    int64_t begun_ms, deadline_ms; /* by the crew's clock */
    int64_t cpu_ms;                /* that it had used when it got the task */
    int tasks;
    struct tolka_strbuf inbox;
};

struct tolka_crew {
    struct tolka_crew_options options;
    struct worker workers[TOLKA_MAX_JOBS];
    int busy, lost, replaced;
    int64_t clock_ms, looked_ms; /* the crew's clock, and by the machine's when it was last moved */
    struct tolka_error *err;     /* of the call in progress */
};

static int64_t move_clock(struct tolka_crew *crew)
{
    const int64_t now = tolka_now_ms(), step = now - crew->looked_ms;

    crew->looked_ms = now;
    crew->clock_ms += step < MAX_STEP_MS ? step : MAX_STEP_MS;
    return crew->clock_ms;
}

struct tolka_crew *tolka_crew_new(const struct tolka_crew_options *options)
{
    struct tolka_crew *crew = calloc(1, sizeof *crew);

    if (!crew)
        return NULL;
    crew->options = *options;
    if (crew->options.recycle_tasks <= 0)
        crew->options.recycle_tasks = RECYCLE_TASKS;
    if (crew->options.recycle_mb <= 0)
        crew->options.recycle_mb = RECYCLE_MB;
    return crew;
}

bool tolka_crew_has_room(const struct tolka_crew *crew)
{
    return crew->busy < crew->options.jobs;
}

int tolka_crew_busy(const struct tolka_crew *crew)
{
    return crew->busy;
}

void tolka_crew_statistics(const struct tolka_crew *crew, int *lost, int *replaced)
{
    *lost = crew->lost;
    *replaced = crew->replaced;
}

/* A free worker: one that has the file open, else one without a file in hand, else any, else an empty place.
 */
static struct worker *find_worker(struct tolka_crew *crew, int64_t file)
{
    struct worker *idle = NULL, *empty = NULL;

    for (int i = 0; i < crew->options.jobs; i++) {
        struct worker *worker = &crew->workers[i];
        if (!worker->process.pid)
            empty = empty ? empty : worker;
        else if (!worker->busy && worker->file == file)
            return worker;
        else if (!worker->busy && (!idle || !worker->file))
            idle = worker;
    }
    return idle ? idle : empty;
}

static void stop_worker(struct worker *worker, bool kill_it)
{
    tolka_process_stop(&worker->process, kill_it);
    tolka_strbuf_release(&worker->inbox);
    *worker = (struct worker){0};
}

/* The orders of a task. A worker that is gone does not hear them: reading from it will tell. */
static void send_orders(struct tolka_crew *crew, struct worker *worker)
{
    const struct tolka_task *task = &worker->task;

    tolka_process_allow_cpu(&worker->process, task->timeout_s);
    worker->opening = task->kind == TOLKA_TASK_PAGE && worker->file != task->file;
    if (worker->opening || task->kind == TOLKA_TASK_OPEN) {
        worker->file = task->file;
        tolka_process_order(&worker->process, TOLKA_ORDER_OPEN, 0, task->name, task->fd);
    }
    if (task->kind == TOLKA_TASK_PAGE)
        tolka_process_order(&worker->process, TOLKA_ORDER_PAGE, task->page, NULL, -1);
    else if (task->kind == TOLKA_TASK_REPORT)
        tolka_process_order(&worker->process, TOLKA_ORDER_REPORT, 0, task->name, task->fd);
    worker->started_ms = tolka_now_ms();
    worker->cpu_ms = tolka_process_cpu_ms(&worker->process);
    worker->begun_ms = move_clock(crew);
    worker->deadline_ms = worker->begun_ms + task->timeout_s * INT64_C(1000);
}

/* Starts a process for the worker if there is none, and sends it to work. */
static enum tolka_status set_to_work(struct tolka_crew *crew, struct worker *worker, struct tolka_error *err)
{
    if (!worker->process.pid) {
        enum tolka_status status = tolka_process_start(&worker->process, crew->options.pipeline, err);
        if (status)
            return status;
    }
    send_orders(crew, worker);
    return TOLKA_OK;
}

enum tolka_status tolka_crew_give(struct tolka_crew *crew, const struct tolka_task *task,
                                  struct tolka_error *err)
{
    struct worker *worker = find_worker(crew, task->kind == TOLKA_TASK_PAGE ? task->file : 0);
    enum tolka_status status;

    if (!worker)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "no worker is free");
    worker->task = *task;
    worker->faults = worker->kills = 0;
    status = set_to_work(crew, worker, err);
    if (!status) {
        worker->busy = true;
        crew->busy++;
    }
    return status;
}

/* Replaces a worker that has done its share, has grown, or was there for one task only. */
static void recycle(struct tolka_crew *crew, struct worker *worker)
{
    const bool weigh = worker->tasks % TASKS_A_WEIGHING == 0;

    if (!worker->alone && worker->tasks < crew->options.recycle_tasks &&
        !(weigh && tolka_process_memory_mb(&worker->process) > crew->options.recycle_mb))
        return;
    stop_worker(worker, false);
    crew->replaced++;
}

/* The task is over, one way or the other. */
static void answer(struct tolka_crew *crew, struct worker *worker, struct tolka_answer *answer)
{
    answer->seconds = (double)(tolka_now_ms() - worker->started_ms) / 1000;
    worker->busy = false;
    worker->tasks++;
    crew->busy--;
    crew->options.on_answer(&worker->task, answer, crew->options.data);
}

static void answer_failed(struct tolka_crew *crew, struct worker *worker, enum tolka_status status,
                          const char *message)
{
    answer(
        crew, worker,
        &(struct tolka_answer){.status = status, .code = tolka_status_problem(status), .message = message});
}

/* Acts on one whole reply; false when the worker talks nonsense. */
static bool take_reply(struct tolka_crew *crew, struct worker *worker, const struct tolka_reply *reply,
                       const char *bytes)
{
    const enum tolka_task_kind kind = worker->task.kind;
    const bool failed = reply->kind == TOLKA_REPLY_FAILED;
    char message[512];

    if (failed)
        snprintf(message, sizeof message, "%.*s", (int)(reply->length < 500 ? reply->length : 500), bytes);
    if (failed && reply->number < 0) { /* it could not be shut in: none can */
        tolka_error_set(crew->err, TOLKA_ERR_LIBRARY, "%s", message);
        return false;
    }
    if (!worker->busy || (failed && reply->detail >= 0))
        return false;
    if (worker->opening) {
        worker->opening = false;
        if (failed)
            worker->file = 0; /* the page's reply says so again */
        return failed || reply->kind == TOLKA_REPLY_OPENED;
    }
    if (failed) {
        if (kind == TOLKA_TASK_OPEN)
            worker->file = 0;
        answer_failed(crew, worker, (enum tolka_status)reply->detail, message);
    } else if (reply->kind == TOLKA_REPLY_OPENED && kind == TOLKA_TASK_OPEN) {
        answer(crew, worker, &(struct tolka_answer){.pages = reply->number, .damaged = reply->detail});
    } else if ((reply->kind == TOLKA_REPLY_PAGE && kind == TOLKA_TASK_PAGE &&
                reply->number == worker->task.page) ||
               (reply->kind == TOLKA_REPLY_REPORT && kind == TOLKA_TASK_REPORT)) {
        answer(crew, worker, &(struct tolka_answer){.bytes = bytes, .length = reply->length});
    } else {
        return false;
    }
    return true;
}

/* Acts on the whole replies in the inbox and keeps the rest; false when the worker talks nonsense. */
static bool take_replies(struct tolka_crew *crew, struct worker *worker)
{
    struct tolka_strbuf *inbox = &worker->inbox;
    struct tolka_reply reply;
    size_t at = 0;

    while (inbox->length - at >= sizeof reply) {
        memcpy(&reply, inbox->data + at, sizeof reply);
        if (reply.length > MAX_REPLY_BYTES)
            return false;
        if (inbox->length - at - sizeof reply < reply.length)
            break;
        at += sizeof reply;
        if (!take_reply(crew, worker, &reply, reply.length ? inbox->data + at : ""))
            return false;
        at += reply.length;
    }
    if (at == inbox->length && inbox->capacity > SPARE_INBOX_BYTES) {
        tolka_strbuf_release(inbox);
    } else if (at) {
        memmove(inbox->data, inbox->data + at, inbox->length - at);
        tolka_strbuf_truncate(inbox, inbox->length - at);
    }
    return true;
}

/* Reads what a worker has to say; false when it is gone. */
static bool read_worker(struct tolka_crew *crew, struct worker *worker)
{
    char chunk[CHUNK_BYTES];
    ssize_t n = 0;

    for (int i = 0; i < CHUNKS_A_TURN; i++) {
        n = read(worker->process.replies_fd, chunk, sizeof chunk);
        if (n < (ssize_t)sizeof chunk)
            break;
        tolka_strbuf_add(&worker->inbox, chunk, sizeof chunk);
    }
    if (n > 0 && n < (ssize_t)sizeof chunk)
        tolka_strbuf_add(&worker->inbox, chunk, (size_t)n);
    if (worker->inbox.failed || !take_replies(crew, worker))
        return false;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* What a lost worker says of its task. */
static struct tolka_answer explain(const struct tolka_task *task, const struct tolka_ending *ending,
                                   bool timed_out, char *message, size_t size)
{
    struct tolka_answer answer = {
        .status = TOLKA_ERR_CRASH, .code = "crash", .message = message, .signal = ending->signal};

    answer.stage = tolka_stage_name(ending->stage);
    if (timed_out || ending->signal == SIGXCPU) {
        answer.status = TOLKA_ERR_TIMEOUT;
        answer.code = "timeout";
        answer.signal = 0;
        snprintf(message, size, "took longer than %d seconds", task->timeout_s);
    } else if (ending->forced) {
        answer.signal = 0;
        snprintf(message, size, "a worker gave no sensible answer over it");
    } else if (ending->signal == SIGKILL) {
        answer.code = "killed";
        snprintf(message, size, "workers were killed over it, %d times: is memory short?", MAX_KILLS);
    } else if (ending->signal) {
        snprintf(message, size, "a worker died over it (%s)", strsignal(ending->signal));
    } else {
        snprintf(message, size, "a worker ended over it (exit status %d)", ending->exit_status);
    }
    return answer;
}

/* A worker is gone: what it had in hand is tried again in a fresh one, or has failed. */
static void lose_worker(struct tolka_crew *crew, struct worker *worker, bool timed_out)
{
    const bool busy = worker->busy;
    struct worker next = {.task = worker->task,
                          .faults = worker->faults,
                          .kills = worker->kills,
                          .alone = true,
                          .started_ms = worker->started_ms};
    const struct tolka_ending ending = tolka_process_stop(&worker->process, timed_out);
    struct tolka_answer failure;
    char message[128];

    stop_worker(worker, true);
    if (!busy)
        return;
    crew->lost++;
    *worker = next;
    worker->busy = true;
    if (ending.signal == SIGKILL && !ending.forced)
        worker->kills++;
    else
        worker->faults++;
    failure = explain(&worker->task, &ending, timed_out, message, sizeof message);
    if (crew->err->status || worker->faults >= MAX_FAULTS || worker->kills >= MAX_KILLS ||
        set_to_work(crew, worker, crew->err))
        answer(crew, worker, &failure);
}

/* How long to wait so that no deadline is missed. */
static int wait_until_deadline(const struct tolka_crew *crew, int wait_ms)
{
    const int64_t now = crew->clock_ms;
    int64_t wait = wait_ms < MAX_STEP_MS ? wait_ms : MAX_STEP_MS;

    for (int i = 0; i < crew->options.jobs; i++) {
        const struct worker *worker = &crew->workers[i];
        if (worker->busy && worker->deadline_ms - now < wait)
            wait = worker->deadline_ms > now ? worker->deadline_ms - now : 0;
    }
    return (int)wait;
}

/* A task whose time is over gets more of it while its worker is held up and has not had it. */
static bool is_late(const struct tolka_crew *crew, struct worker *worker)
{
    const int64_t given_ms = worker->task.timeout_s * INT64_C(1000);
    int64_t left_ms;

    if (!worker->busy || crew->clock_ms < worker->deadline_ms)
        return false;
    left_ms = given_ms - (tolka_process_cpu_ms(&worker->process) - worker->cpu_ms);
    if (left_ms <= 0 || crew->clock_ms - worker->begun_ms >= given_ms * MAX_STRETCH ||
        !tolka_process_is_held_up(&worker->process))
        return true;
    worker->deadline_ms = crew->clock_ms + (left_ms > MIN_STRETCH_MS ? left_ms : MIN_STRETCH_MS);
    return false;
}

static void attend_worker(struct tolka_crew *crew, struct worker *worker, bool speaks)
{
    if (!worker->process.pid)
        return;
    if (speaks && !read_worker(crew, worker))
        lose_worker(crew, worker, false);
    else if (is_late(crew, worker))
        lose_worker(crew, worker, true);
    else if (!worker->busy)
        recycle(crew, worker);
}

enum tolka_status tolka_crew_attend(struct tolka_crew *crew, int wait_ms, struct pollfd *others,
                                    nfds_t other_count, const sigset_t *mask, struct tolka_error *err)
{
    struct pollfd fds[TOLKA_MAX_JOBS + MAX_OTHERS];
    const int jobs = crew->options.jobs;
    struct tolka_error local = {0};
    int ready, wait;

    crew->err = err ? err : &local;
    if (other_count > MAX_OTHERS)
        return tolka_error_set(crew->err, TOLKA_ERR_ARGUMENT, "too much to attend to");
    for (int i = 0; i < jobs; i++)
        fds[i] = (struct pollfd){
            .fd = crew->workers[i].process.pid ? crew->workers[i].process.replies_fd : -1, .events = POLLIN};
    if (other_count)
        memcpy(fds + jobs, others, other_count * sizeof *others);
    move_clock(crew);
    wait = wait_until_deadline(crew, wait_ms);
    ready =
        ppoll(fds, (nfds_t)jobs + other_count, &(struct timespec){wait / 1000, wait % 1000 * 1000000L}, mask);
    if (other_count)
        memcpy(others, fds + jobs, other_count * sizeof *others);
    move_clock(crew);
    for (int i = 0; i < jobs; i++)
        attend_worker(crew, &crew->workers[i], ready > 0 && fds[i].revents);
    return crew->err->status;
}

void tolka_crew_abandon(struct tolka_crew *crew)
{
    for (int i = 0; i < TOLKA_MAX_JOBS; i++) {
        if (crew->workers[i].busy)
            stop_worker(&crew->workers[i], true);
    }
    crew->busy = 0;
}

void tolka_crew_free(struct tolka_crew *crew)
{
    if (!crew)
        return;
    for (int i = 0; i < TOLKA_MAX_JOBS; i++) {
        if (crew->workers[i].process.pid)
            stop_worker(&crew->workers[i], crew->workers[i].busy);
    }
    free(crew);
}
