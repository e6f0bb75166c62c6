/* Answers in: held for a moment, then written into the store, many in one transaction. */
#include "ingest/ingest_int.h"
#include "ingest/report.h"
#include "ingest/system.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PAGES = 1000000 }; /* of a file; the store's limit too */

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);

    if (copy)
        memcpy(copy, bytes, length);
    return copy;
}

/* What a finished worker used is given back; false when what it read is void, because the file changed
 * meanwhile. */
static bool put_tools_back(struct tolka_ingest *in, struct tolka_flight *flight)
{
    if (flight->parcel_fd < 0)
        return tolka_shelf_put(&in->shelf, flight->work.report);
    close(flight->parcel_fd);
    return true;
}

static void keep_rate(struct tolka_ingest *in)
{
    const int64_t now = tolka_now_ms();

    in->answers++;
    if (now - in->rate_ms < 500)
        return;
    in->rate = in->answers * 1000.0 / (double)(now - in->rate_ms);
    in->rate_ms = now;
    in->answers = 0;
}

void tolka_results_take(const struct tolka_task *task, const struct tolka_answer *answer, void *data)
{
    struct tolka_ingest *in = data;
    struct tolka_flight *flight = task->data;
    struct tolka_held *held = &in->held[in->held_count];
    const bool valid = put_tools_back(in, flight);

    keep_rate(in);
    *held = (struct tolka_held){.work = flight->work,
                                .status = answer->status,
                                .pages = answer->pages,
                                .damaged = answer->damaged,
                                .length = answer->length,
                                .code = answer->code,
                                .stage = answer->stage,
                                .signal = answer->signal,
                                .seconds = answer->seconds};
    *flight = (struct tolka_flight){0};
    if (!valid) { /* to be done again: taking the file down next time finds out what it is now */
        if (!tolka_queue_push(&in->waiting, &held->work))
            tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
        return;
    }
    held->bytes = answer->bytes ? copy_bytes(answer->bytes, answer->length) : NULL;
    held->message = answer->message ? strdup(answer->message) : NULL;
    if ((answer->bytes && !held->bytes) || (answer->message && !held->message))
        tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
    if (!in->held_count++)
        in->held_since_ms = tolka_now_ms();
    in->held_bytes += held->length;
    if (task->kind == TOLKA_TASK_PAGE)
        tolka_ingest_tell(in, TOLKA_INGEST_PAGE, held->work.path, held->work.page, NULL, NULL);
}

void tolka_results_refuse(struct tolka_ingest *in, struct tolka_work *work, const char *code,
                          const char *message)
{
    in->held[in->held_count] = (struct tolka_held){
        .work = *work, .status = TOLKA_ERR_LIMIT, .code = code, .message = strdup(message)};
    *work = (struct tolka_work){0};
    if (!in->held[in->held_count].message)
        tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
    if (!in->held_count++)
        in->held_since_ms = tolka_now_ms();
}

/* A call on work whose claim was lost did nothing, and means nothing. */
static enum tolka_status forgive_stale(struct tolka_ingest *in, enum tolka_status status)
{
    if (status != TOLKA_ERR_STALE)
        return status;
    tolka_error_clear(in->err);
    return TOLKA_OK;
}

static enum tolka_status push_all(struct tolka_ingest *in, struct tolka_queue *queue,
                                  struct tolka_work *works, int count)
{
    for (int i = 0; i < count; i++) {
        if (!tolka_queue_push(queue, &works[i]))
            tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
    }
    return in->err->status;
}

static enum tolka_status store_opened(struct tolka_ingest *in, const struct tolka_held *held)
{
    const struct tolka_store_problem damaged = {.code = "damaged", .message = TOLKA_DAMAGED};
    struct tolka_work works[TOLKA_KEEP_MAX] = {0};
    const int keep = held->pages < TOLKA_KEEP_MAX ? held->pages : TOLKA_KEEP_MAX;
    enum tolka_status status = TOLKA_OK;

    if (held->damaged)
        status = tolka_store_note(in->store, &held->work, &damaged, in->err);
    if (!status)
        status = tolka_store_opened(in->store, &held->work, held->pages, keep, works, in->err);
    if (status)
        return forgive_stale(in, status);
    in->counts.reports_opened++;
    in->counts.pages_opened += held->pages;
    in->counts.pages_left += held->pages;
    in->dry_ms = 0;
    return push_all(in, &in->waiting, works, keep);
}

static void count_page(struct tolka_ingest *in, int64_t *count)
{
    ++*count;
    in->counts.pages_left -= in->counts.pages_left > 0;
}

static enum tolka_status store_page(struct tolka_ingest *in, const struct tolka_held *held)
{
    struct tolka_work finish = {0};
    enum tolka_status status =
        tolka_store_put_page(in->store, &held->work, held->bytes, held->length, &finish, in->err);

    if (status)
        return forgive_stale(in, status);
    count_page(in, &in->counts.pages_done);
    return finish.report ? push_all(in, &in->finishes, &finish, 1) : TOLKA_OK;
}

static enum tolka_status store_failure(struct tolka_ingest *in, const struct tolka_held *held,
                                       const char *code, const char *message)
{
    const struct tolka_store_problem problem = {held->work.page, code,         message,
                                                held->stage,     held->signal, held->seconds};
    struct tolka_work finish = {0};
    enum tolka_status status = tolka_store_fail(in->store, &held->work, &problem, false, &finish, in->err);

    if (status)
        return forgive_stale(in, status);
    tolka_ingest_tell(in, TOLKA_INGEST_PROBLEM, held->work.path, held->work.page, code, message);
    if (held->work.kind == TOLKA_WORK_PAGE) {
        count_page(in, &in->counts.pages_failed);
    } else {
        in->counts.reports_failed++;
        in->counts.reports_left -= in->counts.reports_left > 0;
    }
    return finish.report ? push_all(in, &in->finishes, &finish, 1) : TOLKA_OK;
}

static void tell_problems(struct tolka_ingest *in, const struct tolka_held *held,
                          const struct tolka_record *record)
{
    for (size_t i = 0; i < record->problems.count; i++) {
        const struct tolka_diag *problem = &record->problems.items[i];
        tolka_ingest_tell(in, TOLKA_INGEST_NOTICE, held->work.path, problem->page, problem->code,
                          problem->message);
    }
}

static enum tolka_status store_report(struct tolka_ingest *in, const struct tolka_held *held)
{
    struct tolka_record record = {0};
    struct tolka_error err = {0};
    const char *json;
    size_t json_length;
    enum tolka_status status;

    if (tolka_report_take(held->bytes, held->length, &record, &json, &json_length, &err))
        return store_failure(in, held, "library", err.message);
    status = tolka_store_put_record(in->store, &held->work, &record, json, json_length, in->err);
    if (!status) {
        in->counts.reports_done++;
        in->counts.reports_left -= in->counts.reports_left > 0;
        in->counts.with_problems += record.problems.count > 0;
        tell_problems(in, held, &record);
        tolka_ingest_tell(in, TOLKA_INGEST_REPORT, held->work.path, 0, NULL, NULL);
    }
    tolka_record_release(&record);
    if (status == TOLKA_ERR_LIMIT) { /* this report costs itself only */
        err = *in->err;
        tolka_error_clear(in->err);
        return store_failure(in, held, "store", err.message);
    }
    return status ? forgive_stale(in, status) : TOLKA_OK;
}

static enum tolka_status store_one(struct tolka_ingest *in, const struct tolka_held *held)
{
    if (held->status)
        return store_failure(in, held, held->code, held->message);
    switch (held->work.kind) {
    case TOLKA_WORK_OPEN:
        if (held->pages < 1 || held->pages > MAX_PAGES)
            return store_failure(in, held, "too_large", "has too many pages, by its own account");
        return store_opened(in, held);
    case TOLKA_WORK_PAGE:
        return store_page(in, held);
    case TOLKA_WORK_FINISH:
        break;
    }
    return store_report(in, held);
}

enum tolka_status tolka_results_store(struct tolka_ingest *in)
{
    for (size_t i = 0; i < in->held_count && !in->err->status; i++)
        store_one(in, &in->held[i]);
    return in->err->status;
}

void tolka_results_clear(struct tolka_ingest *in)
{
    for (size_t i = 0; i < in->held_count; i++) {
        tolka_work_release(&in->held[i].work);
        free(in->held[i].bytes);
        free(in->held[i].message);
    }
    in->held_count = in->held_bytes = 0;
}
