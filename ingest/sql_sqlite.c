/* SQLite as an engine of sql.h. */
#include "ingest/sql_int.h"

#include "ingest/system.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STEPS_A_LOOK = 20 }; /* of SQLite's machine between two looks at the clock: well below a millisecond */

static sqlite3 *database(const struct tolka_sql *sql)
{
    return sql->handle;
}

/* What an SQLite result means to us, and the words for it. */
static enum tolka_status translate(int code, const char **words)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        *words = "another program keeps it locked";
        return TOLKA_ERR_LOCKED;
    case SQLITE_FULL:
        *words = "no space left for it";
        return TOLKA_ERR_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        *words = "it cannot be written, only read";
        return TOLKA_ERR_IO;
    case SQLITE_CANTOPEN:
        *words = "it cannot be opened";
        return TOLKA_ERR_IO;
    case SQLITE_IOERR:
        *words = "reading or writing it failed";
        return TOLKA_ERR_IO;
    case SQLITE_NOTADB:
        *words = "is no store of tolka";
        return TOLKA_ERR_FORMAT;
    case SQLITE_CORRUPT:
        *words = "is damaged";
        return TOLKA_ERR_FORMAT;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        *words = NULL;
        return TOLKA_ERR_LIMIT;
    case SQLITE_INTERRUPT:
        *words = "this takes too long";
        return TOLKA_ERR_TIMEOUT;
    case SQLITE_NOMEM:
        *words = "out of memory";
        return TOLKA_ERR_MEMORY;
    default:
        *words = NULL;
        return TOLKA_ERR_LIBRARY;
    }
}

static enum tolka_status fail(struct tolka_sql *sql, int code, struct tolka_error *err)
{
    const char *words;
    const int reason = sqlite3_system_errno(database(sql));
    enum tolka_status status = translate(code, &words);

    if (status == TOLKA_ERR_IO && reason == ENOSPC)
        status = translate(SQLITE_FULL, &words);
    if (status == TOLKA_ERR_IO && reason && (code & 0xff) != SQLITE_READONLY)
        tolka_error_set(err, status, "%s: %s: %s", sql->name, words, strerror(reason));
    else
        tolka_error_set(err, status, "%s: %s", sql->name, words ? words : sqlite3_errmsg(database(sql)));
    return status;
}

/* True when a database lies on a medium that cannot be written and no one else can be writing it: then SQLite
 * needs no lock files. */
static bool is_immutable(const char *path)
{
    char log[4096];
    struct stat st;
    const int length = snprintf(log, sizeof log, "%s-wal", path);

    return length > 0 && (size_t)length < sizeof log && (stat(log, &st) != 0 || st.st_size == 0);
}

/* The path as a URI with each odd byte as %XX, so that no path can say more than where it is. */
static char *make_uri(const char *path, const char *query)
{
    char *uri = malloc(strlen(path) * 3 + strlen(query) + 16), *out = uri;

    if (!uri)
        return NULL;
    out += sprintf(out, "file:%s", path[0] == '/' ? "" : "./");
    for (; *path; path++) {
        if ((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
            (*path >= '0' && *path <= '9') || strchr("/._-", *path))
            *out++ = *path;
        else
            out += sprintf(out, "%%%02X", (unsigned char)*path);
    }
    memcpy(out, query, strlen(query) + 1);
    return uri;
}

static int open_file(struct tolka_sql *sql, enum tolka_sql_mode mode, const char *query)
{
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    char *uri = make_uri(sql->name, query);
    sqlite3 *db = NULL;
    int code = SQLITE_NOMEM;

    flags |= mode == TOLKA_SQL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == TOLKA_SQL_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    if (uri)
        code = sqlite3_open_v2(uri, &db, flags, NULL);
    free(uri);
    sql->handle = db;
    return code;
}

/* For reading from a folder without the right to write: SQLite cannot make its lock files there. What else is
 * wrong shows, in its own words, when the schema is read. */
static int open_for_reading(struct tolka_sql *sql)
{
    int code = open_file(sql, TOLKA_SQL_READ, "");

    if (code == SQLITE_OK)
        code = sqlite3_exec(database(sql), "PRAGMA schema_version", NULL, NULL, NULL);
    if (((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) && is_immutable(sql->name)) {
        sqlite3_close(database(sql));
        return open_file(sql, TOLKA_SQL_READ, "?immutable=1");
    }
    return (code & 0xff) == SQLITE_CANTOPEN ? code : SQLITE_OK;
}

/* tolka_hits(page_text): how many times the words of a full-text query stand in this row. */
static void count_hits(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *result, int count,
                       sqlite3_value **values)
{
    int hits = 0;

    (void)count;
    (void)values;
    if (api->xInstCount(row, &hits) == SQLITE_OK)
        sqlite3_result_int(result, hits);
}

/* Functions for full-text queries are made known through FTS5 itself (its documentation, "Extending FTS5").
 */
static int add_functions(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    fts5_api *api = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (code != SQLITE_OK || !api)
        return code == SQLITE_OK ? SQLITE_ERROR : code;
    return api->xCreateFunction(api, "tolka_hits", NULL, count_hits, NULL);
}

static enum tolka_status open_sqlite(struct tolka_sql *sql, const char *name, enum tolka_sql_mode mode,
                                     int patience_ms, struct tolka_error *err)
{
    int code = mode == TOLKA_SQL_READ ? open_for_reading(sql) : open_file(sql, mode, "");

    (void)name; /* no password in it: sql->name is the whole of it */
    if (code == SQLITE_OK)
        code = add_functions(database(sql));
    if (code != SQLITE_OK)
        return fail(sql, code, err);
    sqlite3_busy_timeout(database(sql), patience_ms);
    /* A hostile store cannot turn SQL against its reader. */
    sqlite3_db_config(database(sql), SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database(sql), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return TOLKA_OK;
}

static void close_sqlite(struct tolka_sql *sql)
{
    sqlite3_close(database(sql));
}

static enum tolka_status script(struct tolka_sql *sql, const char *text, struct tolka_error *err)
{
    const int code = sqlite3_exec(database(sql), text, NULL, NULL, NULL);

    return code == SQLITE_OK ? TOLKA_OK : fail(sql, code, err);
}

static int is_late(void *data)
{
    const struct tolka_sql *sql = data;

    return tolka_now_ms() >= sql->deadline_ms;
}

static enum tolka_status limit_time(struct tolka_sql *sql, struct tolka_error *err)
{
    (void)err;
    sqlite3_progress_handler(database(sql), STEPS_A_LOOK, sql->limit_ms ? is_late : NULL, sql);
    return TOLKA_OK;
}

static enum tolka_status begin(struct tolka_sql *sql, struct tolka_error *err)
{
    return tolka_sql_run(sql, err, "BEGIN IMMEDIATE", "");
}

static enum tolka_status commit(struct tolka_sql *sql, struct tolka_error *err)
{
    return tolka_sql_run(sql, err, "COMMIT", "");
}

static enum tolka_status snapshot(struct tolka_sql *sql, struct tolka_error *err)
{
    return script(sql, "BEGIN", err);
}

static void rollback(struct tolka_sql *sql)
{
    script(sql, "ROLLBACK", NULL);
}

static bool is_lost(const struct tolka_sql *sql)
{
    (void)sql;
    return false;
}

static enum tolka_status prepare(struct tolka_sql_query *query, const char *types, struct tolka_error *err)
{
    sqlite3_stmt *statement = NULL;
    const int code = sqlite3_prepare_v3(database(query->sql), query->text, -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement, NULL);

    (void)types;
    query->statement = statement;
    return code == SQLITE_OK ? TOLKA_OK : fail(query->sql, code, err);
}

static void finalize(struct tolka_sql_query *query)
{
    sqlite3_finalize(query->statement);
}

static int bind(sqlite3_stmt *statement, int at, const struct tolka_sql_value *value)
{
    if (value->is_null)
        return sqlite3_bind_null(statement, at);
    switch (value->type) {
    case 'i':
        return sqlite3_bind_int64(statement, at, value->number);
    case 'r':
        return sqlite3_bind_double(statement, at, value->real);
    case 't':
        return sqlite3_bind_text(statement, at, value->bytes, -1, SQLITE_STATIC);
    default:
        return sqlite3_bind_blob64(statement, at, value->bytes, value->length, SQLITE_STATIC);
    }
}

static enum tolka_status step(struct tolka_sql_query *query, bool *row, struct tolka_error *err)
{
    const int code = sqlite3_step(query->statement);

    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? TOLKA_OK : fail(query->sql, code, err);
}

static enum tolka_status start(struct tolka_sql_query *query, const struct tolka_sql_value *values,
                               size_t count, bool rows, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    bool row = !rows;

    if (sqlite3_bind_parameter_count(query->statement) != (int)count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a statement with %zu values", query->sql->name,
                               count);
    query->sql->deadline_ms = tolka_now_ms() + query->sql->limit_ms;
    for (size_t i = 0; i < count; i++) {
        const int code = bind(query->statement, (int)i + 1, &values[i]);
        if (code != SQLITE_OK)
            return fail(query->sql, code, err);
    }
    while (!status && row)
        status = step(query, &row, err);
    return status;
}

static void reset(struct tolka_sql_query *query)
{
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
}

static int64_t number(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

static double real(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

static const char *text(struct tolka_sql_query *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

static const void *blob(struct tolka_sql_query *query, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes;
}

static bool is_null(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

static int column_count(struct tolka_sql_query *query)
{
    return sqlite3_column_count(query->statement);
}

const struct tolka_sql_engine tolka_sql_sqlite = {
    .open = open_sqlite,
    .close = close_sqlite,
    .script = script,
    .limit_time = limit_time,
    .begin = begin,
    .commit = commit,
    .snapshot = snapshot,
    .rollback = rollback,
    .is_lost = is_lost,
    .prepare = prepare,
    .finalize = finalize,
    .start = start,
    .step = step,
    .reset = reset,
    .number = number,
    .real = real,
    .text = text,
    .blob = blob,
    .is_null = is_null,
    .column_count = column_count,
};
