/*
 * The loop of an ingest. Each turn: walk and hash for a moment, write down what is held (one transaction:
 * files in, answers in, new claims out), hand work to the crew, and wait for its answers. All state that
 * matters is in the store; what is lost with this process is what was held for at most a tenth of a second
 * and what workers had in hand.
 */
#include "ingest/ingest_int.h"
#include "ingest/store_share.h"
#include "ingest/system.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEASE_S = 60, BEAT_MS = 15000, TICK_MS = 200 };

/* Held answers are written when they are so many, so large or so old. */
enum { FLUSH_COUNT = 64, FLUSH_BYTES = 8 << 20, FLUSH_MS = 100 };

/* How long to leave a store alone that had no work; how long to wait when others hold the rest. */
enum { DRY_MS = 1000, TURN_MS = 200, IDLE_MS = 2000 };

/* So many seconds of work are claimed ahead, and as much for each worker at least. */
static const double AHEAD_S = 0.5;
enum { AHEAD_A_JOB = 2 };

void tolka_ingest_tell(struct tolka_ingest *in, enum tolka_ingest_event_kind kind, const char *path, int page,
                       const char *code, const char *message)
{
    const struct tolka_ingest_event event = {kind, path, page, code, message, &in->counts};

    in->counts.seconds = (double)(tolka_now_ms() - in->begun_ms) / 1000;
    in->counts.walking = in->walking;
    if (in->options->on_event)
        in->options->on_event(&event, in->options->data);
}

bool tolka_queue_push(struct tolka_queue *queue, const struct tolka_work *work)
{
    if (queue->count == queue->capacity) {
        const size_t capacity = queue->capacity ? queue->capacity * 2 : 64;
        struct tolka_work *items = malloc(capacity * sizeof *items);
        if (!items) {
            struct tolka_work copy = *work;
            tolka_work_release(&copy);
            return false;
        }
        for (size_t i = 0; i < queue->count; i++)
            items[i] = queue->items[(queue->first + i) % queue->capacity];
        free(queue->items);
        *queue = (struct tolka_queue){items, 0, queue->count, capacity};
    }
    queue->items[(queue->first + queue->count++) % queue->capacity] = *work;
    return true;
}

bool tolka_queue_pop(struct tolka_queue *queue, struct tolka_work *work)
{
    if (!queue->count)
        return false;
    *work = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    return true;
}

const struct tolka_work *tolka_queue_first(const struct tolka_queue *queue)
{
    return queue->count ? &queue->items[queue->first] : NULL;
}

void tolka_queue_cut(struct tolka_queue *queue, size_t count)
{
    while (queue->count > count)
        tolka_work_release(&queue->items[(queue->first + --queue->count) % queue->capacity]);
}

void tolka_queue_release(struct tolka_queue *queue)
{
    struct tolka_work work;

    while (tolka_queue_pop(queue, &work))
        tolka_work_release(&work);
    free(queue->items);
    *queue = (struct tolka_queue){0};
}

static int interrupts(const struct tolka_ingest *in)
{
    return in->options->interrupts ? (int)*in->options->interrupts : 0;
}

/* How much to claim now: nothing while enough waits. */
static size_t wanted(const struct tolka_ingest *in)
{
    size_t ahead = (size_t)(in->rate * AHEAD_S), least = (size_t)in->options->jobs * AHEAD_A_JOB;

    if (ahead < least)
        ahead = least;
    if (ahead > TOLKA_CLAIM_MAX)
        ahead = TOLKA_CLAIM_MAX;
    if (interrupts(in) || in->waiting.count > ahead / 2 ||
        (in->dry_ms && tolka_now_ms() < in->dry_ms + DRY_MS))
        return 0;
    return ahead - in->waiting.count;
}

static enum tolka_status claim(struct tolka_ingest *in, size_t want)
{
    struct tolka_work works[TOLKA_CLAIM_MAX] = {0};
    size_t count = 0;

    if (!want || tolka_store_claim(in->store, works, want, &count, in->err))
        return in->err->status;
    in->dry_ms = count ? 0 : tolka_now_ms();
    for (size_t i = 0; i < count; i++) {
        if (!tolka_queue_push(works[i].kind == TOLKA_WORK_FINISH ? &in->finishes : &in->waiting, &works[i]))
            tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
    }
    return in->err->status;
}

/* Is it time to write down what is held, or to claim? */
static bool should_write(const struct tolka_ingest *in)
{
    const bool starving = tolka_crew_has_room(in->crew) && !in->waiting.count && !in->finishes.count;

    if (in->held_count >= FLUSH_COUNT || in->held_bytes >= FLUSH_BYTES || in->fed_count == TOLKA_FEED_MAX)
        return true;
    if (in->held_count && tolka_now_ms() >= in->held_since_ms + FLUSH_MS)
        return true;
    if (!in->held_count && in->fed_count && !in->walking)
        return true;
    return starving && (in->held_count || in->fed_count || wanted(in));
}

static enum tolka_status write_down(struct tolka_ingest *in)
{
    const struct tolka_ingest_counts counts = in->counts;
    const size_t waiting = in->waiting.count, finishes = in->finishes.count;

    if (tolka_store_begin(in->store, in->err))
        return in->err->status;
    if (!tolka_feed_store(in) && !tolka_results_store(in) && !in->options->enqueue_only)
        claim(in, wanted(in));
    if (in->err->status)
        tolka_store_rollback(in->store);
    else
        tolka_store_commit(in->store, in->err);
    if (in->err->status) { /* what is held is held on: the store may come back */
        in->counts = counts;
        tolka_queue_cut(&in->waiting, waiting);
        tolka_queue_cut(&in->finishes, finishes);
        return in->err->status;
    }
    in->clashes = 0;
    tolka_feed_clear(in);
    tolka_results_clear(in);
    return in->err->status;
}

static enum tolka_status beat(struct tolka_ingest *in)
{
    const int64_t now = tolka_now_ms();
    int lost, replaced;

    tolka_crew_statistics(in->crew, &lost, &replaced);
    in->counts.workers_lost = lost;
    in->counts.workers_replaced = replaced;
    if (now >= in->tick_ms) {
        in->tick_ms = now + TICK_MS;
        tolka_ingest_tell(in, TOLKA_INGEST_TICK, NULL, 0, NULL, NULL);
    }
    if (now < in->beat_ms)
        return TOLKA_OK;
    in->beat_ms = now + BEAT_MS;
    if (tolka_store_run_beat(in->store, in->err) == TOLKA_ERR_STALE)
        tolka_error_clear(in->err); /* results of lost claims are dropped one by one */
    return in->err->status;
}

/* Nothing is in hand here, and nothing more will come by itself. */
static bool is_idle(const struct tolka_ingest *in)
{
    return !in->walking && !in->fed_count && !in->held_count && !in->waiting.count && !in->finishes.count &&
           !tolka_crew_busy(in->crew);
}

/* Looks now and then whether what waits is for us. */
static enum tolka_status check_recipe(struct tolka_ingest *in)
{
    const int64_t now = tolka_now_ms();

    if (now < in->recipe_ms)
        return TOLKA_OK;
    in->recipe_ms = now + BEAT_MS;
    return tolka_store_check_recipe(in->store, in->err);
}

/* All is done: here, and by others, whose leavings would be ours. */
static bool is_finished(struct tolka_ingest *in)
{
    struct tolka_store_queue queue;

    if (interrupts(in))
        return !tolka_crew_busy(in->crew) && !in->held_count;
    if (!is_idle(in) || in->watch)
        return false;
    if (in->options->enqueue_only)
        return true;
    if (in->options->worker && check_recipe(in))
        return true;
    if (tolka_store_queue(in->store, &queue, in->err))
        return true;
    if (queue.waiting)
        in->dry_ms = 0;
    return !queue.waiting && !queue.others && !in->options->stay;
}

/* Waits for the crew, and for what is watched. */
static enum tolka_status wait_for_news(struct tolka_ingest *in)
{
    struct pollfd watched[] = {
        {.fd = in->watch ? tolka_watch_fd(in->watch) : -1, .events = POLLIN},
        {.fd = tolka_store_wake_fd(in->store), .events = POLLIN},
        {.fd = in->options->on_visitor ? in->options->visitor_fd : -1, .events = POLLIN}};
    int wait = in->options->worker && is_idle(in) ? IDLE_MS : TURN_MS;

    if (in->walking && in->fed_count < TOLKA_FEED_MAX)
        wait = 0;
    else if (in->held_count)
        wait = FLUSH_MS / 2;
    tolka_crew_attend(in->crew, wait, watched, sizeof watched / sizeof *watched, in->options->mask, in->err);
    if (in->options->on_visitor && watched[2].revents)
        in->options->on_visitor(watched[2].fd, &in->counts, in->options->data);
    if (tolka_store_heard(in->store))
        in->dry_ms = 0;
    return in->err->status;
}

static void turn(struct tolka_ingest *in)
{
    if (beat(in))
        return;
    if (interrupts(in) > 1)
        tolka_crew_abandon(in->crew);
    if (!interrupts(in) && tolka_feed_step(in))
        return;
    if ((should_write(in) || (interrupts(in) && in->held_count)) && write_down(in))
        return;
    if (!interrupts(in) && tolka_desk_hand_out(in))
        return;
    wait_for_news(in);
}

/* Walks all again when a person asks for it. */
static void walk_again(struct tolka_ingest *in, int *woken)
{
    if (!in->options->wakes || *woken == (int)*in->options->wakes || !in->watch)
        return;
    *woken = (int)*in->options->wakes;
    tolka_walk_forget(in->walk);
    for (int i = 0; i < in->options->path_count; i++)
        tolka_walk_add(in->walk, in->options->paths[i], in->err);
    in->walking = true;
}

static enum tolka_status set_up(struct tolka_ingest *in)
{
    const struct tolka_crew_options crew = {.pipeline = in->options->pipeline,
                                            .jobs = in->options->jobs,
                                            .on_answer = tolka_results_take,
                                            .data = in};
    struct tolka_store_counts counts;

    in->begun_ms = in->rate_ms = tolka_now_ms();
    in->beat_ms = in->begun_ms + BEAT_MS;
    in->crew = tolka_crew_new(&crew);
    in->walk = tolka_walk_new();
    if (!in->crew || !in->walk)
        return tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
    if (in->options->watch && tolka_watch_new(&in->watch, in->err))
        return in->err->status;
    for (int i = 0; i < in->options->path_count; i++)
        tolka_walk_add(in->walk, in->options->paths[i], in->err);
    in->walking = in->options->path_count > 0;
    while (!in->err->status && tolka_store_run_begin(in->store, in->options->recipe, LEASE_S, in->err) &&
           tolka_ingest_recover(in))
        continue;
    if (in->err->status)
        return in->err->status;
    if (in->options->worker && check_recipe(in)) {
        tolka_store_run_end(in->store, NULL);
        return in->err->status;
    }
    while (tolka_store_count(in->store, &counts, in->err) && tolka_ingest_recover(in))
        continue;
    if (in->err->status)
        return in->err->status;
    in->counts.reports_left = counts.waiting + counts.working;
    in->counts.pages_left = counts.pages_left;
    return TOLKA_OK;
}

/* What is left by the store's own account: others may have worked on it too. */
static void count_left(struct tolka_ingest *in)
{
    struct tolka_store_counts counts;

    if (tolka_store_count(in->store, &counts, NULL))
        return;
    in->counts.reports_left = counts.waiting + counts.working;
    in->counts.pages_left = counts.pages_left;
}

/* Files and parcels of work that nobody finished. */
static void release_flights(struct tolka_ingest *in)
{
    for (int i = 0; i < TOLKA_MAX_JOBS; i++) {
        struct tolka_flight *flight = &in->flights[i];
        if (flight->used && flight->parcel_fd >= 0)
            close(flight->parcel_fd);
        if (flight->used)
            tolka_work_release(&flight->work);
    }
}

static void tear_down(struct tolka_ingest *in)
{
    tolka_crew_free(in->crew);
    release_flights(in);
    tolka_feed_clear(in);
    tolka_results_clear(in);
    tolka_queue_release(&in->waiting);
    tolka_queue_release(&in->finishes);
    tolka_shelf_clear(&in->shelf);
    tolka_watch_free(in->watch);
    tolka_walk_free(in->walk);
}

enum tolka_status tolka_ingest_run(const struct tolka_ingest_options *options,
                                   struct tolka_ingest_counts *counts, struct tolka_error *err)
{
    struct tolka_error local = {0};
    struct tolka_ingest *in = calloc(1, sizeof *in);
    enum tolka_status status, failed;
    int woken = 0;

    *counts = (struct tolka_ingest_counts){0};
    if (!in)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    in->options = options;
    in->store = options->store;
    in->err = err ? err : &local;
    status = set_up(in);
    while (!status &&
           ((!in->err->status && !is_finished(in)) || (in->err->status && tolka_ingest_recover(in)))) {
        walk_again(in, &woken);
        turn(in);
    }
    in->counts.interrupted = interrupts(in) > 0;
    in->counts.seconds = (double)(tolka_now_ms() - in->begun_ms) / 1000;
    in->counts.walking = in->walking;
    if (!status)
        count_left(in);
    *counts = in->counts;
    failed = in->err->status; /* then it is tried once all the same: the first error stands */
    while (!status && tolka_store_run_end(in->store, in->err) && !failed && tolka_ingest_recover(in))
        continue;
    status = in->err->status;
    tear_down(in);
    free(in);
    return status;
}
