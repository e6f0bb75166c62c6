/* Files in: walked, hashed, and taken into the store a batch at a time. */
#include "ingest/ingest_int.h"
#include "ingest/store_share.h"
#include "ingest/system.h"
#include "schema/hash.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Walking and hashing go on between answers: long enough to be worth it, short enough to keep nobody waiting.
 */
enum { STEP_MS = 15 };

/* In watching, a file that changed so lately may still be being written. */
static const int64_t FRESH_NS = INT64_C(2000000000);

static enum tolka_status no_memory(struct tolka_ingest *in)
{
    return tolka_error_set(in->err, TOLKA_ERR_MEMORY, "out of memory");
}

static bool is_fresh(const struct stat *info)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec - tolka_modified_ns(info) < FRESH_NS;
}

enum tolka_status tolka_feed_problem(struct tolka_ingest *in, const char *path, const char *message)
{
    struct tolka_fed *fed = &in->fed[in->fed_count];

    *fed = (struct tolka_fed){.path = strdup(path), .problem = strdup(message)};
    if (!fed->path || !fed->problem) {
        free(fed->path);
        free(fed->problem);
        return no_memory(in);
    }
    in->fed_count++;
    return TOLKA_OK;
}

enum tolka_status tolka_feed_path(struct tolka_ingest *in, const char *path, const struct stat *info)
{
    struct tolka_fed fed = {.bytes = info->st_size, .modified_ns = tolka_modified_ns(info)};
    struct tolka_error err = {0};

    in->counts.files++;
    if (!in->options->redo && /* where this fails the file is hashed, so that it is not lost with the error */
        tolka_store_known_sha256(in->store, path, fed.bytes, fed.modified_ns, fed.sha256, in->err))
        fed.sha256[0] = '\0';
    if (!*fed.sha256 && tolka_sha256_file(path, fed.sha256, &fed.bytes, &err))
        return tolka_feed_problem(in, path, err.message);
    if (in->options->upload && tolka_store_upload(in->store, path, fed.sha256, &err)) {
        if (err.status == TOLKA_ERR_STALE)
            return tolka_feed_problem(in, path, err.message);
        tolka_error_set(in->err, err.status, "%s", err.message);
    }
    fed.path = strdup(path);
    if (!fed.path)
        return no_memory(in);
    in->fed[in->fed_count++] = fed;
    return in->err->status;
}

/* What the walk came to. */
static enum tolka_status take_item(struct tolka_ingest *in, const struct tolka_walk_item *item)
{
    switch (item->kind) {
    case TOLKA_WALK_FILE:
        if (in->watch && is_fresh(&item->info))
            return tolka_watch_hold(in->watch, item->path, in->err);
        return tolka_feed_path(in, item->path, &item->info);
    case TOLKA_WALK_PROBLEM:
        in->counts.files++;
        return tolka_feed_problem(in, item->path, item->message);
    case TOLKA_WALK_FOLDER:
        return in->watch ? tolka_watch_add(in->watch, item->path, in->err) : TOLKA_OK;
    case TOLKA_WALK_OTHER:
        in->counts.other++;
        break;
    }
    return TOLKA_OK;
}

/* What the watch came to. False when there is nothing more. */
static bool take_news(struct tolka_ingest *in)
{
    struct stat info;
    char *path;
    const enum tolka_watch_news news = tolka_watch_next(in->watch, &path, NULL);

    if (news == TOLKA_WATCH_LOST) {
        tolka_walk_forget(in->walk);
        for (int i = 0; i < in->options->path_count; i++)
            tolka_walk_add(in->walk, in->options->paths[i], in->err);
    } else if (news == TOLKA_WATCH_FOLDER) {
        tolka_walk_forget(in->walk); /* it may have taken the place, and the number, of one that was there */
        tolka_walk_add(in->walk, path, in->err);
    } else if (news == TOLKA_WATCH_FILE && tolka_walk_wants(path) && stat(path, &info) == 0) {
        tolka_feed_path(in, path, &info);
    }
    in->walking |= news == TOLKA_WATCH_LOST || news == TOLKA_WATCH_FOLDER;
    free(path);
    return news != TOLKA_WATCH_NOTHING && !in->err->status;
}

enum tolka_status tolka_feed_step(struct tolka_ingest *in)
{
    const int64_t until = tolka_now_ms() + STEP_MS;
    struct tolka_walk_item item;

    while (in->watch && in->fed_count < TOLKA_FEED_MAX && take_news(in))
        continue;
    while (in->walking && !in->err->status && in->fed_count < TOLKA_FEED_MAX && tolka_now_ms() < until) {
        in->walking = tolka_walk_next(in->walk, &item, in->err);
        if (in->walking)
            take_item(in, &item);
    }
    return in->err->status;
}

static void count_answer(struct tolka_ingest_counts *counts, enum tolka_store_answer answer)
{
    switch (answer) {
    case TOLKA_STORE_QUEUED:
    case TOLKA_STORE_CHANGED:
        counts->queued++;
        counts->reports_left++;
        break;
    case TOLKA_STORE_DONE:
        counts->unchanged++;
        break;
    case TOLKA_STORE_FAILED:
        counts->failed_before++;
        break;
    case TOLKA_STORE_DUPLICATE:
        counts->duplicates++;
        break;
    case TOLKA_STORE_WAITING: /* counted as left when the run began, or by another run */
        break;
    }
}

static enum tolka_status store_missing(struct tolka_ingest *in, const char *path, const char *message)
{
    const struct tolka_store_problem problem = {.code = "missing", .message = message};

    in->counts.missing++;
    tolka_ingest_tell(in, TOLKA_INGEST_PROBLEM, path, 0, problem.code, message);
    return tolka_store_put_missing(in->store, path, &problem, in->err);
}

static enum tolka_status take_long(struct tolka_ingest *in, const char *path)
{
    tolka_error_clear(in->err);
    return store_missing(in, path, "has a path that is too long for this store");
}

static enum tolka_status store_one(struct tolka_ingest *in, const struct tolka_fed *fed)
{
    const struct tolka_store_source source = {fed->path, fed->sha256, fed->bytes, fed->modified_ns, 0};
    const unsigned flags = (in->options->redo ? TOLKA_STORE_REDO : 0) |
                           (in->options->retry_failed ? TOLKA_STORE_RETRY_FAILED : 0);
    enum tolka_store_answer answer;

    if (fed->problem)
        return store_missing(in, fed->path, fed->problem);
    if (tolka_store_enqueue(in->store, &source, flags, &answer, in->err))
        return in->err->status == TOLKA_ERR_LIMIT ? take_long(in, fed->path) : in->err->status;
    count_answer(&in->counts, answer);
    in->dry_ms = 0;
    return TOLKA_OK;
}

enum tolka_status tolka_feed_store(struct tolka_ingest *in)
{
    for (size_t i = 0; i < in->fed_count && !in->err->status; i++)
        store_one(in, &in->fed[i]);
    return in->err->status;
}

void tolka_feed_clear(struct tolka_ingest *in)
{
    for (size_t i = 0; i < in->fed_count; i++) {
        free(in->fed[i].path);
        free(in->fed[i].problem);
    }
    in->fed_count = 0;
}
