/* SQLite behind sql.h. Prepared statements are kept in a small hash table by the address of their text. */
#include "ingest/sql.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CACHE_SLOTS = 512 }; /* a power of two, several times the number of statements in the program */

struct tolka_sql_query {
    struct tolka_sql *sql;
    const char *text; /* NULL: an empty slot */
    sqlite3_stmt *statement;
    bool busy;
};

struct tolka_sql {
    sqlite3 *db;
    char *path;
    struct tolka_sql_query cache[CACHE_SLOTS];
};

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
    const int reason = sqlite3_system_errno(sql->db);
    enum tolka_status status = translate(code, &words);

    if (status == TOLKA_ERR_IO && reason == ENOSPC)
        status = translate(SQLITE_FULL, &words);
    if (status == TOLKA_ERR_IO && reason && (code & 0xff) != SQLITE_READONLY)
        tolka_error_set(err, status, "%s: %s: %s", sql->path, words, strerror(reason));
    else
        tolka_error_set(err, status, "%s: %s", sql->path, words ? words : sqlite3_errmsg(sql->db));
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
    char *uri = make_uri(sql->path, query);
    int code = SQLITE_NOMEM;

    flags |= mode == TOLKA_SQL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == TOLKA_SQL_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    if (uri)
        code = sqlite3_open_v2(uri, &sql->db, flags, NULL);
    free(uri);
    return code;
}

/* For reading from a folder without the right to write: SQLite cannot make its lock files there. What else is
 * wrong shows, in its own words, when the schema is read. */
static int open_for_reading(struct tolka_sql *sql)
{
    int code = open_file(sql, TOLKA_SQL_READ, "");

    if (code == SQLITE_OK)
        code = sqlite3_exec(sql->db, "PRAGMA schema_version", NULL, NULL, NULL);
    if (((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) && is_immutable(sql->path)) {
        sqlite3_close(sql->db);
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

enum tolka_status tolka_sql_open(const char *path, enum tolka_sql_mode mode, int patience_ms,
                                 struct tolka_sql **out, struct tolka_error *err)
{
    struct tolka_sql *sql = calloc(1, sizeof *sql);
    enum tolka_status status;
    int code;

    *out = NULL;
    if (sql)
        sql->path = strdup(path);
    if (!sql || !sql->path) {
        free(sql);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    code = mode == TOLKA_SQL_READ ? open_for_reading(sql) : open_file(sql, mode, "");
    if (code == SQLITE_OK)
        code = add_functions(sql->db);
    if (code != SQLITE_OK) {
        status = fail(sql, code, err);
        tolka_sql_close(sql);
        return status;
    }
    sqlite3_busy_timeout(sql->db, patience_ms);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1,
                      NULL); /* a hostile store cannot turn SQL against its reader */
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    *out = sql;
    return TOLKA_OK;
}

void tolka_sql_close(struct tolka_sql *sql)
{
    if (!sql)
        return;
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(sql->cache[i].statement);
    sqlite3_close(sql->db);
    free(sql->path);
    free(sql);
}

enum tolka_status tolka_sql_script(struct tolka_sql *sql, const char *text, struct tolka_error *err)
{
    const int code = sqlite3_exec(sql->db, text, NULL, NULL, NULL);

    return code == SQLITE_OK ? TOLKA_OK : fail(sql, code, err);
}

/* The slot that holds, or may hold, the statement with this text. NULL: the table is full. */
static struct tolka_sql_query *find_slot(struct tolka_sql *sql, const char *text)
{
    size_t at = (size_t)((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (CACHE_SLOTS - 1);

    for (size_t i = 0; i < CACHE_SLOTS; i++, at = (at + 1) & (CACHE_SLOTS - 1)) {
        if (sql->cache[at].text == text || !sql->cache[at].text)
            return &sql->cache[at];
    }
    return NULL;
}

static enum tolka_status prepare(struct tolka_sql *sql, const char *text, struct tolka_sql_query **out,
                                 struct tolka_error *err)
{
    struct tolka_sql_query *query = find_slot(sql, text);
    int code;

    *out = NULL;
    if (!query || query->busy) {
        tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a query within the same query", sql->path);
        return TOLKA_ERR_ARGUMENT;
    }
    if (!query->text) {
        code = sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
        if (code != SQLITE_OK)
            return fail(sql, code, err);
        query->sql = sql;
        query->text = text;
    }
    query->busy = true;
    *out = query;
    return TOLKA_OK;
}

static bool bind_values(struct tolka_sql_query *query, const char *types, va_list values)
{
    const char *text;
    const void *bytes;
    int64_t number;
    int code = SQLITE_OK;

    for (int i = 1; *types && code == SQLITE_OK; types++, i++) {
        switch (*types) {
        case 'i':
            number = va_arg(values, int64_t);
            code = number == TOLKA_SQL_NULL ? sqlite3_bind_null(query->statement, i)
                                            : sqlite3_bind_int64(query->statement, i, number);
            break;
        case 'r':
            code = sqlite3_bind_double(query->statement, i, va_arg(values, double));
            break;
        case 't':
            text = va_arg(values, const char *);
            code = sqlite3_bind_text(query->statement, i, text, -1, SQLITE_STATIC);
            break;
        case 'b':
            bytes = va_arg(values, const void *);
            code = sqlite3_bind_blob64(query->statement, i, bytes, va_arg(values, size_t), SQLITE_STATIC);
            break;
        default:
            code = sqlite3_bind_null(query->statement, i);
            break;
        }
    }
    return code == SQLITE_OK;
}

static enum tolka_status start(struct tolka_sql *sql, const char *text, const char *types, va_list values,
                               struct tolka_sql_query **query, struct tolka_error *err)
{
    enum tolka_status status = prepare(sql, text, query, err);

    if (!*query)
        return status;
    if (sqlite3_bind_parameter_count((*query)->statement) != (int)strlen(types)) {
        tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a statement with %zu values", sql->path, strlen(types));
        status = TOLKA_ERR_ARGUMENT;
    } else if (!bind_values(*query, types, values)) {
        status = fail(sql, sqlite3_errcode(sql->db), err);
    }
    if (status) {
        tolka_sql_done(*query);
        *query = NULL;
    }
    return status;
}

enum tolka_status tolka_sql_query(struct tolka_sql *sql, struct tolka_error *err,
                                  struct tolka_sql_query **query, const char *text, const char *types, ...)
{
    enum tolka_status status;
    va_list values;

    va_start(values, types);
    status = start(sql, text, types, values, query, err);
    va_end(values);
    return status;
}

enum tolka_status tolka_sql_run(struct tolka_sql *sql, struct tolka_error *err, const char *text,
                                const char *types, ...)
{
    struct tolka_sql_query *query;
    enum tolka_status status;
    va_list values;

    va_start(values, types);
    status = start(sql, text, types, values, &query, err);
    va_end(values);
    while (tolka_sql_next(query, &status, err))
        continue;
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_sql_number(struct tolka_sql *sql, struct tolka_error *err, int64_t *number,
                                   const char *text, const char *types, ...)
{
    struct tolka_sql_query *query;
    enum tolka_status status;
    va_list values;

    va_start(values, types);
    status = start(sql, text, types, values, &query, err);
    va_end(values);
    if (tolka_sql_next(query, &status, err))
        *number = tolka_sql_int(query, 0);
    tolka_sql_done(query);
    return status;
}

bool tolka_sql_next(struct tolka_sql_query *query, enum tolka_status *status, struct tolka_error *err)
{
    int code;

    if (*status)
        return false;
    code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        *status = fail(query->sql, code, err);
    return code == SQLITE_ROW;
}

void tolka_sql_done(struct tolka_sql_query *query)
{
    if (!query || !query->busy)
        return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    query->busy = false;
}

int64_t tolka_sql_int(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

double tolka_sql_real(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

const char *tolka_sql_text(struct tolka_sql_query *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

const char *tolka_sql_word(struct tolka_sql_query *query, int column)
{
    const char *text = tolka_sql_text(query, column);

    return text ? text : "";
}

const void *tolka_sql_blob(struct tolka_sql_query *query, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes;
}

bool tolka_sql_is_null(struct tolka_sql_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int tolka_sql_column_count(struct tolka_sql_query *query)
{
    return sqlite3_column_count(query->statement);
}

int64_t tolka_sql_changed(struct tolka_sql *sql)
{
    return sqlite3_changes64(sql->db);
}

int64_t tolka_sql_inserted(struct tolka_sql *sql)
{
    return sqlite3_last_insert_rowid(sql->db);
}
