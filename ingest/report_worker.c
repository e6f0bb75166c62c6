#include "ingest/report_worker.h"

#include "extract/layout.h"
#include "extract/pagepack.h"
#include "ingest/crew.h"
#include "ingest/report.h"

#include <unistd.h>

enum { TURN_MS = 1000 };

/* What is made, and where the answer goes. */
struct job {
    const char *path;
    struct tolka_record *record;
    bool answered;
    struct tolka_error *err;
};

static void on_answer(const struct tolka_task *task, const struct tolka_answer *answer, void *data)
{
    struct job *job = data;
    struct tolka_record finished = {0};
    const char *json;
    size_t json_length;

    (void)task;
    job->answered = true;
    if (answer->status == TOLKA_ERR_CRASH || answer->status == TOLKA_ERR_TIMEOUT)
        tolka_error_set(job->err, answer->status, "%s: its pages cannot be put together: %s", job->path,
                        answer->message);
    else if (answer->status)
        tolka_error_set(job->err, answer->status, "%s", answer->message);
    else if (!tolka_report_take(answer->bytes, answer->length, &finished, &json, &json_length, job->err)) {
        tolka_record_release(job->record);
        *job->record = finished;
    }
}

static bool add_pages(int fd, const struct tolka_page *pages, size_t page_count)
{
    struct tolka_strbuf packed = {0};
    bool good = true;

    for (size_t i = 0; good && i < page_count; i++) {
        tolka_strbuf_truncate(&packed, 0);
        tolka_page_pack(&pages[i], &packed);
        good = !packed.failed && tolka_parcel_add_page(fd, pages[i].number, packed.data, packed.length);
    }
    tolka_strbuf_release(&packed);
    return good;
}

static bool fill_parcel(int fd, const struct tolka_page *pages, size_t page_count,
                        const struct tolka_record *record)
{
    bool good = tolka_parcel_add_source(fd, record->source.path, record->source.sha256, record->source.bytes,
                                        record->source.pages);

    for (size_t i = 0; good && i < record->problems.count; i++) {
        const struct tolka_diag *problem = &record->problems.items[i];
        good = tolka_parcel_add_problem(fd, problem->page, problem->code, problem->message);
    }
    return good && add_pages(fd, pages, page_count);
}

static enum tolka_status run(const struct tolka_pipeline *pipeline, int fd, int timeout_s, struct job *job)
{
    const struct tolka_crew_options options = {
        .pipeline = pipeline, .jobs = 1, .on_answer = on_answer, .data = job};
    const struct tolka_task task = {
        .kind = TOLKA_TASK_REPORT, .fd = fd, .name = job->path, .timeout_s = timeout_s};
    struct tolka_crew *crew = tolka_crew_new(&options);

    if (!crew)
        return tolka_error_set(job->err, TOLKA_ERR_MEMORY, "out of memory");
    tolka_crew_give(crew, &task, job->err);
    while (!job->err->status && !job->answered)
        tolka_crew_attend(crew, TURN_MS, NULL, 0, NULL, job->err);
    tolka_crew_free(crew);
    return job->err->status;
}

enum tolka_status tolka_report_in_worker(const struct tolka_pipeline *pipeline, struct tolka_page *pages,
                                         size_t page_count, int timeout_s, struct tolka_record *record,
                                         struct tolka_error *err)
{
    struct tolka_error local = {0};
    struct job job = {record->source.path, record, false, err ? err : &local};
    const int fd = tolka_parcel_new(job.err);

    if (fd < 0)
        return job.err->status;
    if (!fill_parcel(fd, pages, page_count, record))
        tolka_error_set(job.err, TOLKA_ERR_MEMORY, "%s: no memory for its pages", job.path);
    else if (!run(pipeline, fd, timeout_s, &job))
        tolka_layout_roles(pages, page_count);
    close(fd);
    return job.err->status;
}
