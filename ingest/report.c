/*
 * A parcel is a file in memory of parts, each a head with kind and length and its bytes: the source,
 * problems, pages. It never passes through the socket, so its size stalls nobody. A finished report is the
 * length of the packed record, the record, and its JSON.
 */
#include "ingest/report.h"

#include "extract/pagepack.h"
#include "schema/amend.h"
#include "schema/recordpack.h"
#include "schema/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum part_kind { PART_SOURCE = 1, PART_PROBLEM, PART_PAGE, PART_AMENDMENT };
enum { MAX_PART_BYTES = 1 << 28, MAX_PAGES = 1000000, PAGES_A_SECOND = 2 };

struct part {
    uint32_t kind;
    uint32_t length;
};

struct source { /* before the path */
    int64_t bytes;
    int32_t pages;
    char sha256[65];
};

int tolka_parcel_new(struct tolka_error *err)
{
    int fd = memfd_create("tolka-parcel", MFD_CLOEXEC);

    if (fd < 0)
        tolka_error_set(err, TOLKA_ERR_IO, "no room for a parcel of pages: %s", strerror(errno));
    return fd;
}

static bool add_part(int fd, enum part_kind kind, const void *head, size_t head_length, const void *bytes,
                     size_t length)
{
    struct part part = {(uint32_t)kind, (uint32_t)(head_length + length)};
    struct iovec pieces[] = {{&part, sizeof part}, {(void *)head, head_length}, {(void *)bytes, length}};
    const size_t total = sizeof part + head_length + length;

    /* A write to memory is whole, or there is no memory. */
    return total <= MAX_PART_BYTES && writev(fd, pieces, 3) == (ssize_t)total;
}

bool tolka_parcel_add_source(int fd, const char *path, const char *sha256, int64_t bytes, int pages)
{
    struct source source = {.bytes = bytes, .pages = pages};

    memcpy(source.sha256, sha256, strnlen(sha256, sizeof source.sha256 - 1));
    return add_part(fd, PART_SOURCE, &source, sizeof source, path, strlen(path));
}

bool tolka_parcel_add_problem(int fd, int page, const char *code, const char *message)
{
    const int32_t number = page;
    char text[640];
    size_t code_length = strnlen(code, 63), length = strnlen(message, 511);

    memcpy(text, code, code_length);
    text[code_length] = '\0';
    memcpy(text + code_length + 1, message, length);
    return add_part(fd, PART_PROBLEM, &number, sizeof number, text, code_length + 1 + length);
}

bool tolka_parcel_add_amendment(int fd, const char *line)
{
    return add_part(fd, PART_AMENDMENT, "", 0, line, strlen(line));
}

bool tolka_parcel_add_page(int fd, int page, const void *packed, size_t length)
{
    const int32_t number = page;

    return add_part(fd, PART_PAGE, &number, sizeof number, packed, length);
}

static int by_place(const void *a, const void *b)
{
    const struct tolka_diag *x = a, *y = b;
    int order = (x->page > y->page) - (x->page < y->page);

    if (!order)
        order = strcmp(x->code, y->code);
    return order ? order : strcmp(x->message, y->message);
}

void tolka_problems_sort(struct tolka_diags *problems)
{
    if (problems->count)
        qsort(problems->items, problems->count, sizeof *problems->items, by_place);
}

/* What a worker takes out of a parcel. */
struct contents {
    struct tolka_record *record;
    struct tolka_page *pages;
    size_t page_count, page_capacity;
    struct tolka_amendments amendments;
};

/* What people found before is taken in again; where it does not fit any more, the record says so. */
static enum tolka_status amend(const struct tolka_pipeline *pipeline, struct contents *in, struct tolka_error *err)
{
    const struct tolka_amendments *list = &in->amendments;
    struct tolka_amend_outcome *outcomes = calloc(list->count + 1, sizeof *outcomes);
    enum tolka_status status = outcomes ? tolka_amend(pipeline->rules, in->record, list->items, list->count, outcomes, err)
                                        : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");

    for (size_t i = 0; !status && i < list->count; i++) {
        if (outcomes[i].result == TOLKA_AMEND_REFUSED)
            tolka_diags_add(&in->record->problems, &in->record->arena, list->items[i].page, "correction_refused",
                            "a correction is not taken in again: %s", outcomes[i].reason);
    }
    free(outcomes);
    return status;
}

static enum tolka_status take_source(struct contents *in, const char *bytes, size_t length)
{
    struct source source;

    if (length < sizeof source)
        return TOLKA_ERR_FORMAT;
    memcpy(&source, bytes, sizeof source);
    source.sha256[sizeof source.sha256 - 1] = '\0';
    in->record->source.path =
        tolka_arena_strndup(&in->record->arena, bytes + sizeof source, length - sizeof source);
    memcpy(in->record->source.sha256, source.sha256, sizeof source.sha256);
    in->record->source.bytes = source.bytes;
    in->record->source.pages = source.pages;
    return in->record->source.path ? TOLKA_OK : TOLKA_ERR_MEMORY;
}

static enum tolka_status take_problem(struct contents *in, const char *bytes, size_t length)
{
    struct tolka_arena *arena = &in->record->arena;
    const char *text = length > sizeof(int32_t)
                           ? tolka_arena_strndup(arena, bytes + sizeof(int32_t), length - sizeof(int32_t))
                           : NULL;
    const char *code = text ? tolka_arena_strdup(arena, text) : NULL;
    int32_t page;

    if (!code)
        return TOLKA_ERR_MEMORY;
    memcpy(&page, bytes, sizeof page);
    tolka_diags_add(&in->record->problems, arena, page, code, "%s", text + strlen(code) + 1);
    return TOLKA_OK;
}

/* Room for one more page. */
static bool make_room(struct contents *in)
{
    const size_t capacity = in->page_capacity ? in->page_capacity * 2 : 16;
    struct tolka_page *larger;

    if (in->page_count < in->page_capacity)
        return true;
    larger = capacity > MAX_PAGES ? NULL : realloc(in->pages, capacity * sizeof *larger);
    if (!larger)
        return false;
    in->pages = larger;
    in->page_capacity = capacity;
    return true;
}

/* A page that makes no sense is a problem of the report, as one that could not be read is. */
static enum tolka_status take_page(struct contents *in, const char *bytes, size_t length)
{
    struct tolka_error err = {0};
    int32_t number;
    enum tolka_status status;

    if (length < sizeof number)
        return TOLKA_ERR_FORMAT;
    if (!make_room(in))
        return TOLKA_ERR_MEMORY;
    memcpy(&number, bytes, sizeof number);
    status = tolka_page_unpack(bytes + sizeof number, length - sizeof number, &in->pages[in->page_count], &err);
    if (status == TOLKA_ERR_FORMAT) {
        tolka_diags_add(&in->record->problems, &in->record->arena, number, tolka_status_problem(status), "%s", err.message);
        return TOLKA_OK;
    }
    in->page_count += !status;
    return status;
}

static enum tolka_status take_part(struct contents *in, enum part_kind kind, const char *bytes, size_t length)
{
    switch (kind) {
    case PART_SOURCE:
        return take_source(in, bytes, length);
    case PART_PROBLEM:
        return take_problem(in, bytes, length);
    case PART_PAGE:
        return take_page(in, bytes, length);
    case PART_AMENDMENT:
        return tolka_amendments_read(bytes, length, &in->amendments, NULL);
    }
    return TOLKA_ERR_FORMAT;
}

/* Reads exactly `length` bytes at `*at` and moves it on. */
static bool read_at(int fd, void *bytes, size_t length, off_t *at)
{
    size_t done = 0;

    while (done < length) {
        ssize_t n = pread(fd, (char *)bytes + done, length - done, *at);
        if (n <= 0)
            return false;
        done += (size_t)n;
        *at += n;
    }
    return true;
}

static enum tolka_status open_parcel(int fd, struct contents *in, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    struct part part;
    char *bytes = NULL;
    off_t at = 0;

    while (!status && read_at(fd, &part, sizeof part, &at)) {
        char *larger = part.length > MAX_PART_BYTES ? NULL : realloc(bytes, part.length + 1);
        if (!larger) {
            status = TOLKA_ERR_MEMORY;
            break;
        }
        bytes = larger;
        bytes[part.length] = '\0';
        if (!read_at(fd, bytes, part.length, &at))
            status = TOLKA_ERR_FORMAT;
        else
            status = take_part(in, (enum part_kind)part.kind, bytes, part.length);
    }
    free(bytes);
    return status ? tolka_error_set(err, status,
                                    status == TOLKA_ERR_MEMORY ? "out of memory" : "damaged parcel of pages")
                  : TOLKA_OK;
}

int tolka_report_timeout_s(int page_timeout_s, int pages)
{
    return page_timeout_s + pages / PAGES_A_SECOND;
}

static void write_report(const struct tolka_record *record, struct tolka_strbuf *out)
{
    uint32_t length = 0;

    tolka_strbuf_add(out, &length, sizeof length);
    tolka_record_pack(record, out);
    if (out->failed)
        return;
    length = (uint32_t)(out->length - sizeof length);
    memcpy(out->data, &length, sizeof length);
    tolka_write_json(record, out);
}

enum tolka_status tolka_report_make(const struct tolka_pipeline *pipeline, int fd, struct tolka_strbuf *out,
                                    struct tolka_error *err)
{
    struct tolka_record record = {0};
    struct contents in = {.record = &record};
    enum tolka_status status = open_parcel(fd, &in, err);

    tolka_problems_sort(&record.problems);
    if (!status && !in.page_count)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: none of its pages could be read", record.source.path);
    if (!status)
        status = tolka_pipeline_report(pipeline, in.pages, in.page_count, &record, err);
    if (!status && in.amendments.count)
        status = amend(pipeline, &in, err);
    if (!status) {
        if (pipeline->stage)
            *pipeline->stage = TOLKA_STAGE_WRITE;
        write_report(&record, out);
    }
    for (size_t i = 0; i < in.page_count; i++)
        tolka_page_release(&in.pages[i]);
    free(in.pages);
    tolka_amendments_release(&in.amendments);
    tolka_record_release(&record);
    return status;
}

enum tolka_status tolka_report_take(const void *bytes, size_t length, struct tolka_record *record,
                                    const char **json, size_t *json_length, struct tolka_error *err)
{
    uint32_t packed;

    if (length < sizeof packed)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "damaged finished report");
    memcpy(&packed, bytes, sizeof packed);
    if (packed > length - sizeof packed)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "damaged finished report");
    *json = (const char *)bytes + sizeof packed + packed;
    *json_length = length - sizeof packed - packed;
    return tolka_record_unpack((const char *)bytes + sizeof packed, packed, record, err);
}
