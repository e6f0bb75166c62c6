/*
 * Work out: each piece of claimed work becomes a task for the crew, with the file or the parcel of pages that
 * it needs.
 *
 * Suspects. Work that runs held when they died is most often innocent: they were killed, or it lay beside
 * what took the machine down. After a few such losses it is tried with nothing else in hand, and the try is
 * written down before it begins; when so many tries in a row did not come to their end, it is given up.
 */
#include "ingest/ingest_int.h"
#include "ingest/store_corrections.h"

#include "ingest/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TRIES_ALONE = 3 };

enum { OPEN_TIMEOUT_S = 60 };

static struct tolka_flight *find_place(struct tolka_ingest *in)
{
    for (int i = 0; i < TOLKA_MAX_JOBS; i++) {
        if (!in->flights[i].used)
            return &in->flights[i];
    }
    return NULL;
}

/* The claim stays with this run, so that the work does not come back before its end. */
static void park(struct tolka_ingest *in, struct tolka_work *work, const char *code, const char *message)
{
    const struct tolka_store_problem problem = {.code = code, .message = message};

    if (in->told != work->report) {
        in->told = work->report;
        in->counts.missing++;
        in->counts.reports_left -= in->counts.reports_left > 0;
        tolka_ingest_tell(in, TOLKA_INGEST_PROBLEM, work->path, 0, code, message);
        tolka_store_put_missing(in->store, work->path, &problem, in->err);
        in->dry_ms = 0; /* the report may wait anew, under another path */
    }
    tolka_work_release(work);
}

/* The file holds something else now: that is taken in, and what was to be done with the old content is left.
 */
static void take_anew(struct tolka_ingest *in, struct tolka_work *work)
{
    struct stat info;

    if (in->told != work->report && in->fed_count < TOLKA_FEED_MAX && stat(work->path, &info) == 0) {
        in->told = work->report;
        in->counts.reports_left -= in->counts.reports_left > 0;
        tolka_ingest_tell(in, TOLKA_INGEST_NOTICE, work->path, 0, NULL, "has changed: it is taken in anew");
        tolka_feed_path(in, work->path, &info);
    }
    tolka_work_release(work);
}

/* Takes the file down; false when the work cannot be done now, and is dealt with. */
static bool take_file(struct tolka_ingest *in, struct tolka_work *work, int *fd)
{
    struct tolka_error err = {0};

    switch (tolka_shelf_take(&in->shelf, in->store, work, fd, &err)) {
    case TOLKA_SHELF_OK:
        return true;
    case TOLKA_SHELF_GONE:
        park(in, work, "missing", err.status ? err.message : "cannot be opened");
        break;
    case TOLKA_SHELF_CHANGED:
        take_anew(in, work);
        break;
    case TOLKA_SHELF_FAILED:
        tolka_error_set(in->err, err.status, "%s", err.message);
        tolka_work_release(work);
        break;
    }
    return false;
}

struct packing {
    int fd;
    bool full;
};

static bool pack_page(int page, const void *bytes, size_t length, void *data)
{
    struct packing *packing = data;

    packing->full = !tolka_parcel_add_page(packing->fd, page, bytes, length);
    return !packing->full;
}

static bool pack_problem(const struct tolka_store_problem *problem, void *data)
{
    struct packing *packing = data;

    packing->full = !tolka_parcel_add_problem(packing->fd, problem->page, problem->code, problem->message);
    return !packing->full;
}

static bool pack_amendment(const char *line, void *data)
{
    struct packing *packing = data;

    packing->full = !tolka_parcel_add_amendment(packing->fd, line);
    return !packing->full;
}

/* The parcel of a report's pages; -1 when it cannot be made: the error says why, none when the work is dealt
 * with. */
static int make_parcel(struct tolka_ingest *in, struct tolka_work *work)
{
    struct packing packing = {.fd = tolka_parcel_new(in->err)};
    enum tolka_status status = packing.fd < 0 ? in->err->status : TOLKA_OK;

    if (!status && !tolka_parcel_add_source(packing.fd, work->path, work->sha256, work->bytes, work->pages))
        packing.full = true;
    if (!status)
        status = tolka_store_each_problem(in->store, work, pack_problem, &packing, in->err);
    if (!status)
        status = tolka_store_each_amendment(in->store, work->report, pack_amendment, &packing, in->err);
    if (!status)
        status = tolka_store_each_page(in->store, work, pack_page, &packing, in->err);
    if (!status && !packing.full)
        return packing.fd;
    if (packing.fd >= 0)
        close(packing.fd);
    if (status == TOLKA_ERR_STALE)
        tolka_error_clear(in->err);
    else if (!status)
        tolka_results_refuse(in, work, "too_large", "no memory for its pages");
    tolka_work_release(work);
    return -1;
}

static int timeout_s(const struct tolka_ingest *in, const struct tolka_work *work)
{
    const int page = in->options->page_timeout_s;

    switch (work->kind) {
    case TOLKA_WORK_OPEN:
        return page > OPEN_TIMEOUT_S ? page : OPEN_TIMEOUT_S;
    case TOLKA_WORK_FINISH:
        return tolka_report_timeout_s(page, work->pages);
    case TOLKA_WORK_PAGE:
        break;
    }
    return page;
}

/* Gives one piece of work to the crew, or deals with it otherwise. */
static void give(struct tolka_ingest *in, struct tolka_work *work)
{
    static const enum tolka_task_kind KINDS[] = {[TOLKA_WORK_OPEN] = TOLKA_TASK_OPEN,
                                                 [TOLKA_WORK_PAGE] = TOLKA_TASK_PAGE,
                                                 [TOLKA_WORK_FINISH] = TOLKA_TASK_REPORT};
    struct tolka_flight *flight = find_place(in);
    struct tolka_task task = {
        .kind = KINDS[work->kind], .file = work->report, .page = work->page, .data = flight};

    task.timeout_s = timeout_s(in, work);
    if (work->kind == TOLKA_WORK_FINISH) {
        task.fd = make_parcel(in, work);
        if (task.fd < 0)
            return;
    } else if (!take_file(in, work, &task.fd)) {
        return;
    }
    *flight = (struct tolka_flight){*work, work->kind == TOLKA_WORK_FINISH ? task.fd : -1, true};
    task.name = flight->work.path;
    *work = (struct tolka_work){0};
    tolka_crew_give(in->crew, &task, in->err);
}

static const struct tolka_work *look_ahead(const struct tolka_ingest *in)
{
    return tolka_queue_first(in->finishes.count ? &in->finishes : &in->waiting);
}

/* What is next may be taken now: a suspect waits until all hands are free, and the rest until it is done. */
static bool may_take_next(struct tolka_ingest *in)
{
    const struct tolka_work *next = look_ahead(in);

    if (!next || !tolka_crew_has_room(in->crew) || in->fed_count >= TOLKA_FEED_MAX ||
        in->held_count + (size_t)tolka_crew_busy(in->crew) >= TOLKA_HELD_MAX)
        return false;
    if (!tolka_crew_busy(in->crew))
        in->alone = false;
    return !in->alone && (next->lost < TOLKA_STORE_SUSPECT || !tolka_crew_busy(in->crew));
}

/* Writes the try down; false when there is to be none: the suspect is dealt with. */
static bool admit_suspect(struct tolka_ingest *in, struct tolka_work *work)
{
    char message[96];

    if (work->attempt > MAX_TRIES_ALONE) {
        snprintf(message, sizeof message,
                 "given up: %d runs ended while they held it, %d of them held nothing else", work->lost,
                 work->attempt - 1);
        tolka_results_refuse(in, work, "quarantined", message);
        return false;
    }
    if (tolka_store_count_attempt(in->store, work, in->err)) {
        if (in->err->status == TOLKA_ERR_STALE)
            tolka_error_clear(in->err);
        tolka_work_release(work);
        return false;
    }
    in->alone = true;
    return true;
}

enum tolka_status tolka_desk_hand_out(struct tolka_ingest *in)
{
    struct tolka_work work;

    while (!in->err->status && may_take_next(in)) {
        if (!tolka_queue_pop(&in->finishes, &work))
            tolka_queue_pop(&in->waiting, &work);
        if (work.lost < TOLKA_STORE_SUSPECT || admit_suspect(in, &work))
            give(in, &work);
    }
    return in->err->status;
}
