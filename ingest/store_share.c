/*
 * A store that many machines work on. Its server may restart, its cables may be cut: then the connection is
 * opened again and the run goes on where it was. Whether the last transaction was committed cannot be known
 * then; doing it again is safe, because each result is refused that the store has already, and claims that we
 * may have got without learning of them are given back.
 */
#include "ingest/store_share.h"

#include "ingest/store_int.h"
#include "schema/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 20, MAX_STRAY = 1024 };

bool tolka_store_is_shared(const struct tolka_store *store)
{
    return tolka_sql_is_shared(store->sql);
}

bool tolka_store_is_lost(const struct tolka_store *store)
{
    return tolka_sql_is_lost(store->sql);
}

enum tolka_status tolka_store_reopen(struct tolka_store *store, struct tolka_error *err)
{
    struct tolka_sql *sql = NULL;
    enum tolka_status status = tolka_sql_open(store->address, TOLKA_SQL_WRITE, store->patience_ms, &sql, err);

    if (!status)
        status = tolka_sql_script(sql, "LISTEN tolka_work", err);
    if (status) {
        tolka_sql_close(sql);
        return status;
    }
    tolka_sql_close(store->sql);
    store->sql = sql;
    store->name = tolka_sql_name(sql);
    store->batch = store->broken = false;
    return TOLKA_OK;
}

/* A claim of this run: as it stands in the table. */
struct stray {
    int64_t report, page, claim;
};

enum tolka_status tolka_store_reconcile(struct tolka_store *store,
                                        bool (*is_held)(int64_t report, int page, int64_t claim, void *data),
                                        void *data, struct tolka_error *err)
{
    struct stray strays[MAX_STRAY];
    struct tolka_sql_query *query;
    size_t count = 0;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query,
                                               "SELECT report_id, page, claim FROM work WHERE run_id = ?1 "
                                               "AND recipe_id = ?2",
                                               "ii", store->run, store->recipe);

    while (count < MAX_STRAY && tolka_sql_next(query, &status, err)) {
        const struct stray stray = {tolka_sql_int(query, 0), tolka_sql_int(query, 1),
                                    tolka_sql_int(query, 2)};
        if (!is_held(stray.report, stray.page == FINISH_PAGE ? -1 : (int)stray.page, stray.claim, data))
            strays[count++] = stray;
    }
    tolka_sql_done(query);
    for (size_t i = 0; !status && i < count; i++)
        status = tolka_sql_run(store->sql, err,
                               "UPDATE work SET run_id = NULL, claim = 0 WHERE report_id = ?1 AND page = ?2 "
                               "AND claim = ?3",
                               "iii", strays[i].report, strays[i].page, strays[i].claim);
    return status;
}

enum tolka_status tolka_store_check_recipe(struct tolka_store *store, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    int64_t mine = 0;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &mine, "SELECT 1 FROM work WHERE recipe_id = ?1 LIMIT 1", "i", store->recipe);

    if (status || mine)
        return status;
    status = tolka_sql_query(store->sql, err, &query,
                             "SELECT c.program, c.model_sha256, c.rules_sha256, c.options, m.program, "
                             "m.model_sha256, m.rules_sha256, m.options FROM work w "
                             "JOIN recipe c ON c.id = w.recipe_id JOIN recipe m ON m.id = ?1 LIMIT 1",
                             "i", store->recipe);
    if (tolka_sql_next(query, &status, err))
        status =
            tolka_error_set(err, TOLKA_ERR_VERSION,
                            "%s: what waits is for tolka %s with model %.12s, rules %.12s and %s; this is "
                            "tolka %s with model "
                            "%.12s, rules %.12s and %s",
                            store->name, tolka_sql_word(query, 0), tolka_sql_word(query, 1),
                            tolka_sql_word(query, 2), tolka_sql_word(query, 3), tolka_sql_word(query, 4),
                            tolka_sql_word(query, 5), tolka_sql_word(query, 6), tolka_sql_word(query, 7));
    tolka_sql_done(query);
    return status;
}

int tolka_store_wake_fd(const struct tolka_store *store)
{
    return tolka_sql_is_lost(store->sql) ? -1 : tolka_sql_wake_fd(store->sql);
}

bool tolka_store_heard(struct tolka_store *store)
{
    return tolka_sql_heard(store->sql);
}

/* ---- Contents ---- */

static enum tolka_status has_content(struct tolka_store *store, const char *sha256, bool *there,
                                     struct tolka_error *err)
{
    int64_t count = 0;
    enum tolka_status status = tolka_sql_number(
        store->sql, err, &count, "SELECT 1 FROM content WHERE sha256 = ?1 LIMIT 1", "t", sha256);

    *there = count != 0;
    return status;
}

/* Reads until the piece is full or the file ends. */
static ssize_t read_piece(int fd, char *piece)
{
    size_t length = 0;
    ssize_t got = 1;

    while (length < PIECE_BYTES && got != 0) {
        got = read(fd, piece + length, PIECE_BYTES - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

static enum tolka_status send_pieces(struct tolka_store *store, int fd, const char *path, const char *sha256,
                                     char *piece, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    ssize_t length = 1;

    for (int64_t part = 0; !status && length > 0; part++) {
        length = read_piece(fd, piece);
        if (length < 0)
            status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
        else if (length > 0 || part == 0)
            status = tolka_sql_run(store->sql, err,
                                   "INSERT INTO content (sha256, part, bytes) VALUES (?1, ?2, ?3) "
                                   "ON CONFLICT DO NOTHING",
                                   "tib", sha256, part, (const void *)piece, (size_t)length);
    }
    return status;
}

enum tolka_status tolka_store_upload(struct tolka_store *store, const char *path, const char *sha256,
                                     struct tolka_error *err)
{
    char now[65];
    bool there = false;
    enum tolka_status status = has_content(store, sha256, &there, err);
    char *piece = NULL;
    int fd = -1;

    if (status || there)
        return status;
    piece = malloc(PIECE_BYTES);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (!piece)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    else if (fd < 0)
        status = tolka_error_set(err, TOLKA_ERR_STALE, "%s: %s", path, strerror(errno));
    if (!status)
        status = tolka_store_enter(store, err);
    if (!status) {
        status = send_pieces(store, fd, path, sha256, piece, err);
        if (!status && (tolka_sha256_file(path, now, NULL, err) || strcmp(now, sha256) != 0))
            status = tolka_error_set(err, TOLKA_ERR_STALE, "%s: changes while it is read", path);
        status = tolka_store_leave(store, status, err);
    }
    if (fd >= 0)
        close(fd);
    free(piece);
    return status;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t done = write(fd, bytes, length);
        if (done < 0 && errno != EINTR)
            return false;
        bytes += done > 0 ? done : 0;
        length -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

enum tolka_status tolka_store_download(struct tolka_store *store, const char *sha256, int fd, bool *found,
                                       struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status = tolka_sql_query(
        store->sql, err, &query, "SELECT bytes FROM content WHERE sha256 = ?1 ORDER BY part", "t", sha256);

    *found = false;
    while (tolka_sql_next(query, &status, err)) {
        size_t length;
        const void *bytes = tolka_sql_blob(query, 0, &length);
        *found = true;
        if (!write_all(fd, bytes, length))
            status = tolka_error_set(err, TOLKA_ERR_FULL, "a file from %s cannot be kept: %s", store->name,
                                     strerror(errno));
    }
    tolka_sql_done(query);
    return status;
}

/* ---- Who works ---- */

enum tolka_status tolka_store_each_run(struct tolka_store *store,
                                       bool (*take)(const struct tolka_store_run *run, void *data),
                                       void *data, struct tolka_error *err)
{
    static const char ALONE[] =
        "SELECT host, pid, pages_done, pages_failed, reports_done, "
        "pages_done / max((julianday(beat_at) - julianday(started_at)) * 86400.0, 0.001), "
        "(julianday('now') - julianday(beat_at)) * 86400.0 FROM run WHERE ended_at IS NULL ORDER BY host, "
        "pid";
    static const char SHARED[] =
        "SELECT host, pid, pages_done, pages_failed, reports_done, pages_done / CAST(greatest(extract(epoch "
        "FROM CAST(beat_at AS TIMESTAMPTZ) - CAST(started_at AS TIMESTAMPTZ)), 0.001) AS DOUBLE PRECISION), "
        "CAST(extract(epoch FROM clock_timestamp() - CAST(beat_at AS TIMESTAMPTZ)) AS DOUBLE PRECISION) "
        "FROM run WHERE ended_at IS NULL ORDER BY host, pid";
    struct tolka_sql_query *query;
    char host[128];
    bool go_on = true;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query, tolka_sql_choose(store->sql, ALONE, SHARED), "");

    while (go_on && tolka_sql_next(query, &status, err)) {
        const char *full = tolka_sql_word(query, 0); /* name, boot and process namespace */
        snprintf(host, sizeof host, "%.*s", (int)strcspn(full, " "), full);
        go_on = take(&(struct tolka_store_run){host, tolka_sql_int(query, 1), tolka_sql_int(query, 2),
                                               tolka_sql_int(query, 3), tolka_sql_int(query, 4),
                                               tolka_sql_real(query, 5), tolka_sql_real(query, 6)},
                     data);
    }
    tolka_sql_done(query);
    return status;
}
