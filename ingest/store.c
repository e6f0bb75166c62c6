/*
 * Opening a store, its schema, transactions.
 *
 * Durability: write-ahead log with synchronous=FULL, so a transaction that was committed is on the disk when
 * the call returns and a power cut costs nothing that was reported as done. (NORMAL would stay consistent and
 * only lose the last moments, which resuming would do again; but the fsync it saves costs nothing beside
 * recognition, and many small reports share one by batches.)
 */
#include "ingest/store_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    APPLICATION_ID = 0x746f6c6b
};                            /* "tolk", in the header of the file: what `file` and we know a store by */
enum { PATIENCE_MS = 20000 }; /* longer than any transaction of ours takes */

/* Says what kind of database this is: 0 an empty one, else its version. Errors FORMAT, VERSION and what
 * reading gives. */
static enum tolka_status read_version(struct tolka_store *store, int64_t *version, struct tolka_error *err)
{
    int64_t application = 0, objects = 0;
    enum tolka_status status;

    *version = 0;
    status = tolka_sql_number(store->sql, err, &application, store->schema->mark, "");
    if (!status)
        status = tolka_sql_number(store->sql, err, &objects, store->schema->objects, "");
    if (!status && application == APPLICATION_ID)
        status = tolka_sql_number(store->sql, err, version, store->schema->stamped, "");
    if (status || (objects == 0 && application == 0))
        return status;
    if (application != APPLICATION_ID || *version < 1)
        return tolka_error_set(err, TOLKA_ERR_FORMAT,
                               "%s: is a database of another program, not a store of tolka", store->name);
    if (*version > store->schema->version)
        return tolka_error_set(err, TOLKA_ERR_VERSION,
                               "%s: was made by a newer tolka (schema %d, this one knows %d)", store->name,
                               (int)*version, store->schema->version);
    return TOLKA_OK;
}

/* Brings the schema up to date, within one transaction. Another program may have done so meanwhile. */
static enum tolka_status migrate(struct tolka_store *store, struct tolka_error *err)
{
    char text[96];
    int64_t version = 0;
    enum tolka_status status = tolka_sql_script(store->sql, store->schema->begin, err);

    if (!status)
        status = read_version(store, &version, err);
    for (int next = (int)version + 1; !status && next <= store->schema->version; next++) {
        snprintf(text, sizeof text, store->schema->stamp, next);
        status = tolka_sql_script(store->sql, store->schema->migrations[next - 1], err);
        if (!status)
            status = tolka_sql_script(store->sql, text, err);
    }
    if (!status)
        status = tolka_sql_script(store->sql, "COMMIT", err);
    if (status)
        tolka_sql_script(store->sql, "ROLLBACK", NULL);
    return status;
}

static enum tolka_status look_at_schema(struct tolka_store *store, enum tolka_store_mode mode,
                                        struct tolka_error *err)
{
    int64_t version = 0;
    enum tolka_status status = read_version(store, &version, err);

    if (status || version == store->schema->version)
        return status;
    if (version == 0 && mode != TOLKA_STORE_CREATE)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: is empty, no store of tolka", store->name);
    if (mode == TOLKA_STORE_READ)
        return tolka_error_set(err, TOLKA_ERR_VERSION,
                               "%s: was made by an older tolka; an ingest into it brings it up to date",
                               store->name);
    return migrate(store, err);
}

enum tolka_status tolka_store_open(const char *name, enum tolka_store_mode mode, struct tolka_store **out,
                                   struct tolka_error *err)
{
    static const enum tolka_sql_mode MODES[] = {TOLKA_SQL_READ, TOLKA_SQL_WRITE, TOLKA_SQL_CREATE};
    struct tolka_store *store = calloc(1, sizeof *store);
    enum tolka_status status;

    *out = NULL;
    if (!store)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    store->address = strdup(name);
    store->patience_ms = PATIENCE_MS;
    if (store->address)
        status = tolka_sql_open(name, MODES[mode], PATIENCE_MS, &store->sql, err);
    else
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (!status) {
        store->name = tolka_sql_name(store->sql);
        store->schema = tolka_sql_is_shared(store->sql) ? &tolka_store_postgres : &tolka_store_sqlite;
        status = look_at_schema(store, mode, err);
    }
    if (!status)
        status = tolka_sql_script(store->sql, store->schema->settings, err);
    if (status)
        tolka_store_close(store);
    else
        *out = store;
    return status;
}

void tolka_store_close(struct tolka_store *store)
{
    if (!store)
        return;
    tolka_store_rollback(store);
    tolka_sql_close(store->sql);
    free(store->address);
    free(store);
}

enum tolka_status tolka_store_begin(struct tolka_store *store, struct tolka_error *err)
{
    enum tolka_status status;

    if (store->batch)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a batch within a batch", store->name);
    memset(&store->within, 0, sizeof store->within);
    status = tolka_sql_begin(store->sql, err);
    store->batch = status == TOLKA_OK;
    store->broken = false;
    return status;
}

enum tolka_status tolka_store_commit(struct tolka_store *store, struct tolka_error *err)
{
    if (!store->batch || store->broken) {
        store->batch = false;
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: this batch was undone", store->name);
    }
    store->batch = false;
    return tolka_sql_commit(store->sql, err);
}

void tolka_store_rollback(struct tolka_store *store)
{
    if (store->batch && !store->broken)
        tolka_sql_rollback(store->sql);
    store->batch = false;
}

enum tolka_status tolka_store_enter(struct tolka_store *store, struct tolka_error *err)
{
    if (!store->batch) {
        memset(&store->within, 0, sizeof store->within);
        return tolka_sql_begin(store->sql, err);
    }
    return store->broken ? tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: this batch was undone", store->name)
                         : TOLKA_OK;
}

enum tolka_status tolka_store_leave(struct tolka_store *store, enum tolka_status status,
                                    struct tolka_error *err)
{
    if (!store->batch && !status)
        return tolka_sql_commit(store->sql, err);
    if (store->batch && (status == TOLKA_OK || status == TOLKA_ERR_STALE || store->broken))
        return status;
    tolka_sql_rollback(store->sql);
    store->broken = store->batch;
    return status;
}

enum tolka_status tolka_store_enter_apart(struct tolka_store *store, struct tolka_error *err)
{
    const enum tolka_status status = tolka_store_enter(store, err);

    return status || !store->batch ? status : tolka_sql_run(store->sql, err, "SAVEPOINT apart", "");
}

enum tolka_status tolka_store_leave_apart(struct tolka_store *store, enum tolka_status status,
                                          struct tolka_error *err)
{
    if (!store->batch)
        return tolka_store_leave(store, status, err);
    if (!status)
        status = tolka_sql_settle(store->sql, err);
    if (status == TOLKA_ERR_LIMIT && !tolka_sql_run(store->sql, NULL, "ROLLBACK TO apart", "") &&
        !tolka_sql_run(store->sql, NULL, "RELEASE apart", ""))
        return status;
    if (!status)
        status = tolka_sql_run(store->sql, err, "RELEASE apart", "");
    else if (status == TOLKA_ERR_STALE)
        tolka_sql_run(store->sql, NULL, "RELEASE apart", "");
    return tolka_store_leave(store, status, err);
}

int64_t tolka_store_now_ms(struct tolka_store *store)
{
    struct timespec t;

    if (tolka_sql_is_shared(store->sql)) {
        if (!store->within.now_ms) /* what fails here fails in the next statement too */
            tolka_sql_number(store->sql, NULL, &store->within.now_ms,
                             "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)", "");
        return store->within.now_ms;
    }
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tolka_store_now(struct tolka_store *store, char out[TIME_SIZE])
{
    const int64_t now = tolka_store_now_ms(store);
    const time_t seconds = (time_t)(now / 1000);
    struct tm parts;
    size_t length = 0;

    if (gmtime_r(&seconds, &parts))
        length = strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + length, TIME_SIZE - length, ".%03dZ", (int)(now % 1000));
}
