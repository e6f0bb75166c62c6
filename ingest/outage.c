/*
 * A store that is out of reach for a while: its server restarts, the cable is cut, or two were at the same
 * rows. What is held is kept, workers go on with what they have, and the store is tried again until it is
 * back, for ten minutes; then the claims that we do not hold are given back and the loop goes on.
 */
#include "ingest/ingest_int.h"

#include "ingest/store_share.h"
#include "ingest/system.h"

#include <stdlib.h>

/* Others are cut off too: not all come back at the same moment. */
enum { OUTAGE_MS = 600000, FIRST_WAIT_MS = 100, LONGEST_WAIT_MS = 5000, MAX_CLASHES = 50 };

static bool holds(const struct tolka_work *work, int64_t report, int page, int64_t claim)
{
    const int number = work->kind == TOLKA_WORK_OPEN ? 0 : work->kind == TOLKA_WORK_FINISH ? -1 : work->page;

    return work->report == report && number == page && work->claim == claim;
}

static bool queue_holds(const struct tolka_queue *queue, int64_t report, int page, int64_t claim)
{
    for (size_t i = 0; i < queue->count; i++) {
        if (holds(&queue->items[(queue->first + i) % queue->capacity], report, page, claim))
            return true;
    }
    return false;
}

static bool is_held(int64_t report, int page, int64_t claim, void *data)
{
    const struct tolka_ingest *in = data;

    for (size_t i = 0; i < in->held_count; i++) {
        if (holds(&in->held[i].work, report, page, claim))
            return true;
    }
    for (int i = 0; i < TOLKA_MAX_JOBS; i++) {
        if (in->flights[i].used && holds(&in->flights[i].work, report, page, claim))
            return true;
    }
    return queue_holds(&in->waiting, report, page, claim) || queue_holds(&in->finishes, report, page, claim);
}

/* Waits, and takes what workers answer meanwhile. */
static void wait_ms(struct tolka_ingest *in, int64_t until)
{
    for (int64_t now = tolka_now_ms(); now < until && !in->err->status; now = tolka_now_ms())
        tolka_crew_attend(in->crew, (int)(until - now), NULL, 0, in->options->mask, in->err);
}

static bool is_passing(const struct tolka_ingest *in)
{
    return tolka_store_is_shared(in->store) &&
           (tolka_store_is_lost(in->store) || in->err->status == TOLKA_ERR_LOCKED);
}

/* Tries once; OK also when the store is there but busy. */
static enum tolka_status come_back(struct tolka_ingest *in)
{
    tolka_error_clear(in->err);
    if (tolka_store_is_lost(in->store) && tolka_store_reopen(in->store, in->err))
        return in->err->status;
    return tolka_store_reconcile(in->store, is_held, in, in->err);
}

bool tolka_ingest_recover(struct tolka_ingest *in)
{
    const int64_t until = tolka_now_ms() + OUTAGE_MS;
    int64_t wait = FIRST_WAIT_MS;

    if (!is_passing(in) || (!tolka_store_is_lost(in->store) && ++in->clashes > MAX_CLASHES))
        return false;
    if (tolka_store_is_lost(in->store))
        tolka_ingest_tell(in, TOLKA_INGEST_NOTICE, NULL, 0, NULL, in->err->message);
    tolka_store_rollback(in->store);
    while (come_back(in)) {
        struct tolka_error why = *in->err;
        if (tolka_now_ms() > until || (in->options->interrupts && *in->options->interrupts))
            return false;
        tolka_error_clear(in->err);
        wait_ms(in, tolka_now_ms() + wait / 2 + arc4random_uniform((uint32_t)wait));
        if (in->err->status)
            return false;
        if (!tolka_store_is_lost(in->store))
            *in->err = why;
        wait = wait * 2 > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : wait * 2;
    }
    in->dry_ms = 0;
    in->beat_ms = 0; /* the lease may be short by now */
    return true;
}
