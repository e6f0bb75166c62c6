/*
 * The review page of a report (schema/review.h) as the archive shows it: pages' pictures are fetched one by
 * one, made of the file by a child process that is shut in, and corrections are posted as JSON Lines and
 * taken into the store.
 */
#include "serve/view.h"

#include "ingest/input.h"
#include "ingest/searchable.h"
#include "ingest/store_corrections.h"
#include "ingest/system.h"
#include "schema/record_read.h"
#include "schema/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PICTURE_BYTES = 400000, PICTURE_TIMEOUT_S = 30, MAX_REASONS = 20 };

/* The page's own policy, in its head, names its script and style by their hashes; this one lets it. */
static const char REVIEW_POLICY[] =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/* ---- The page ---- */

static bool note_there(const struct tolka_store_report *report, void *data)
{
    *(bool *)data = report->has_record;
    return false;
}

static enum tolka_status read_record(struct tolka_view *view, int64_t report, struct tolka_record *record)
{
    struct tolka_strbuf json = {0};
    enum tolka_status status = tolka_store_read_json(view->store, report, &json, view->err);

    if (!status)
        status = tolka_record_read_json(json.data, json.length, record, view->err);
    tolka_strbuf_release(&json);
    return status;
}

int tolka_serve_review(struct tolka_view *view)
{
    struct tolka_record record = {0};
    char post[80], home[32];
    const struct tolka_review_options options = {.language = tolka_language_code(view->language),
                                                 .picture_path = "picture/",
                                                 .post_path = view->site->read_only ? NULL : post,
                                                 .home_path = home};
    int64_t report;
    bool there = false;

    if (!tolka_view_match(view->rest, "report/%/review", &report, 1))
        return 404;
    if (tolka_browse_report(view->store, report, note_there, &there, view->err))
        return 500;
    if (!there)
        return 404;
    if (read_record(view, report, &record))
        return 500;
    snprintf(post, sizeof post, "corrections?token=%s", view->site->token);
    snprintf(home, sizeof home, "../%lld", (long long)report);
    view->response->policy = REVIEW_POLICY;
    tolka_review_write(&record, &options, view->out);
    tolka_record_release(&record);
    return 200;
}

/* ---- A picture ---- */

struct source {
    char *path;
    char sha256[65];
};

static bool note_source(const struct tolka_store_report *report, void *data)
{
    struct source *source = data;

    source->path = strdup(report->path);
    snprintf(source->sha256, sizeof source->sha256, "%s", report->sha256);
    return false;
}

/* Opens the report's file if it still holds what was read; -1: it is gone, or another. */
static int open_source(const struct tolka_view *view, const struct source *source)
{
    const int fd = tolka_input_open_plain(source->path, NULL);
    char sha256[65] = "";
    struct stat info;

    if (fd < 0)
        return -1;
    if (!fstat(fd, &info))
        tolka_store_known_sha256(view->store, source->path, info.st_size, tolka_modified_ns(&info), sha256,
                                 view->err);
    if (strcmp(sha256, source->sha256) == 0)
        return fd;
    close(fd);
    return -1;
}

static const char *picture_type(const struct tolka_strbuf *picture)
{
    return picture->length > 3 && memcmp(picture->data, "\x89PNG", 4) == 0 ? "image/png" : "image/jpeg";
}

/* One picture at a time: making one costs a process and a large part of a second. */
static bool make_picture(struct tolka_view *view, const struct source *source, int fd,
                         const struct tolka_page_summary *page)
{
    struct tolka_error err = {0};

    pthread_mutex_lock(&view->site->drawing);
    tolka_pictures_make(source->path, fd, page, 1, PICTURE_BYTES, PICTURE_TIMEOUT_S, view->out, &err);
    pthread_mutex_unlock(&view->site->drawing);
    return !err.status && view->out->length > 0;
}

int tolka_serve_picture(struct tolka_view *view)
{
    struct tolka_page_summary page = {0};
    struct source source = {0};
    int64_t numbers[2];
    bool found = false, made = false;
    int fd = -1;

    if (!tolka_view_match(view->rest, "report/%/picture/%", numbers, 2) || numbers[1] > INT32_MAX)
        return 404;
    tolka_browse_report(view->store, numbers[0], note_source, &source, view->err);
    if (source.path && !view->err->status)
        tolka_browse_page_frame(view->store, numbers[0], (int)numbers[1], &found, &page, view->err);
    if (found)
        fd = open_source(view, &source);
    if (fd >= 0) {
        made = make_picture(view, &source, fd, &page);
        close(fd);
    }
    free(source.path);
    if (view->err->status)
        return 500;
    if (made)
        view->response->content_type = picture_type(view->out);
    return made ? 200 : 404;
}

/* ---- Corrections ---- */

/* What came of them, a line for a person. */
static int tell(struct tolka_view *view, const struct tolka_amendments *list,
                const struct tolka_amend_outcome *outcomes)
{
    size_t refused = list->problems.count, told = 0;

    for (size_t i = 0; i < list->count; i++)
        refused += outcomes[i].result == TOLKA_AMEND_REFUSED;
    view->response->content_type = "text/plain; charset=utf-8";
    if (!refused)
        return 200;
    tolka_strbuf_addf(view->out, "%s: %zu.", T(view, REFUSED), refused);
    for (; told < list->problems.count && told < MAX_REASONS; told++)
        tolka_strbuf_addf(view->out, " %s.", list->problems.items[told].message);
    for (size_t i = 0; i < list->count && told < MAX_REASONS; i++) {
        if (outcomes[i].result != TOLKA_AMEND_REFUSED)
            continue;
        tolka_strbuf_addf(view->out, " %s %d: %s.", T(view, PAGE), list->items[i].page, outcomes[i].reason);
        told++;
    }
    return 409;
}

static enum tolka_status keep(struct tolka_view *view, const struct tolka_amendments *list,
                              struct tolka_amend_outcome *outcomes)
{
    struct tolka_store *store = tolka_site_hold_writer(view->site, view->err);

    if (store)
        tolka_store_amend(store, view->site->rules, list->items, list->count, outcomes, view->err);
    tolka_site_give_writer(view->site);
    return view->err->status;
}

int tolka_serve_corrections(struct tolka_view *view)
{
    const struct tolka_strbuf *body = &view->request->body;
    struct tolka_amendments list = {0};
    struct tolka_amend_outcome *outcomes = NULL;
    int status = 500;

    if (!tolka_amendments_read(tolka_strbuf_text(body), body->length, &list, view->err)) {
        outcomes = calloc(list.count + 1, sizeof *outcomes);
        if (outcomes && !keep(view, &list, outcomes))
            status = tell(view, &list, outcomes);
    }
    free(outcomes);
    tolka_amendments_release(&list);
    return status;
}
