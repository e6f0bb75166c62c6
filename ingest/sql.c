/* What the engines have in common: prepared statements, kept in a small hash table by the address of their
 * text, and their values. */
#include "ingest/sql_int.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VALUES = 32 }; /* of a statement */

static bool names_server(const char *name)
{
    static const char *const BEGINNINGS[] = {"postgresql://", "postgres://", "service="};

    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++) {
        if (strncmp(name, BEGINNINGS[i], strlen(BEGINNINGS[i])) == 0)
            return true;
    }
    return false;
}

/* Takes out what stands between `begin` and the first of `ends` after it. */
static void blank(char *text, const char *begin, const char *ends)
{
    char *from = strstr(text, begin), *to;

    if (!from)
        return;
    from += strlen(begin);
    to = from + strcspn(from, ends);
    memmove(from, to, strlen(to) + 1);
}

/* The name without passwords: postgresql://user:PASSWORD@host/base?password=PASSWORD. */
static char *make_printable(const char *name)
{
    char *copy = strdup(name), *host, *at, *colon;

    if (!copy || !names_server(name))
        return copy;
    blank(copy, "password=", "& ");
    host = strstr(copy, "://") ? strstr(copy, "://") + 3 : copy;
    at = memchr(host, '@', strcspn(host, "/?"));
    colon = at ? memchr(host, ':', (size_t)(at - host)) : NULL;
    if (colon)
        memmove(colon, at, strlen(at) + 1);
    return copy;
}

enum tolka_status tolka_sql_open(const char *name, enum tolka_sql_mode mode, int patience_ms,
                                 struct tolka_sql **out, struct tolka_error *err)
{
    struct tolka_sql *sql = calloc(1, sizeof *sql);
    enum tolka_status status;

    *out = NULL;
    if (sql)
        sql->name = make_printable(name);
    if (!sql || !sql->name) {
        free(sql);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    sql->engine = names_server(name) ? &tolka_sql_postgres : &tolka_sql_sqlite;
    status = sql->engine->open(sql, name, mode, patience_ms, err);
    if (status)
        tolka_sql_close(sql);
    else
        *out = sql;
    return status;
}

void tolka_sql_close(struct tolka_sql *sql)
{
    if (!sql)
        return;
    for (size_t i = 0; i < TOLKA_SQL_SLOTS; i++) {
        if (sql->slots[i].text)
            sql->engine->finalize(&sql->slots[i]);
    }
    sql->engine->close(sql);
    free(sql->name);
    free(sql);
}

const char *tolka_sql_name(const struct tolka_sql *sql)
{
    return sql->name;
}

bool tolka_sql_is_shared(const struct tolka_sql *sql)
{
    return sql->engine->is_shared;
}

const char *tolka_sql_choose(const struct tolka_sql *sql, const char *sqlite, const char *postgres)
{
    return sql->engine->is_shared ? postgres : sqlite;
}

enum tolka_status tolka_sql_snapshot(struct tolka_sql *sql, struct tolka_error *err)
{
    return sql->engine->snapshot(sql, err);
}

bool tolka_sql_is_lost(const struct tolka_sql *sql)
{
    return sql->engine->is_lost(sql);
}

int tolka_sql_wake_fd(const struct tolka_sql *sql)
{
    return sql->engine->wake_fd ? sql->engine->wake_fd(sql) : -1;
}

bool tolka_sql_heard(struct tolka_sql *sql)
{
    return sql->engine->heard && sql->engine->heard(sql);
}

enum tolka_status tolka_sql_begin(struct tolka_sql *sql, struct tolka_error *err)
{
    return sql->engine->begin(sql, err);
}

enum tolka_status tolka_sql_commit(struct tolka_sql *sql, struct tolka_error *err)
{
    return sql->engine->commit(sql, err);
}

void tolka_sql_rollback(struct tolka_sql *sql)
{
    sql->engine->rollback(sql);
}

enum tolka_status tolka_sql_settle(struct tolka_sql *sql, struct tolka_error *err)
{
    return sql->engine->settle ? sql->engine->settle(sql, err) : TOLKA_OK;
}

enum tolka_status tolka_sql_script(struct tolka_sql *sql, const char *text, struct tolka_error *err)
{
    return sql->engine->script(sql, text, err);
}

enum tolka_status tolka_sql_limit_time(struct tolka_sql *sql, int limit_ms, struct tolka_error *err)
{
    sql->limit_ms = limit_ms;
    return sql->engine->limit_time(sql, err);
}

/* The slot that holds, or may hold, the statement with this text. NULL: the table is full. */
static struct tolka_sql_query *find_slot(struct tolka_sql *sql, const char *text)
{
    size_t at = (size_t)((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (TOLKA_SQL_SLOTS - 1);

    for (size_t i = 0; i < TOLKA_SQL_SLOTS; i++, at = (at + 1) & (TOLKA_SQL_SLOTS - 1)) {
        if (sql->slots[at].text == text || !sql->slots[at].text)
            return &sql->slots[at];
    }
    return NULL;
}

static enum tolka_status prepare(struct tolka_sql *sql, const char *text, const char *types,
                                 struct tolka_sql_query **out, struct tolka_error *err)
{
    struct tolka_sql_query *query = find_slot(sql, text);
    enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!query || query->busy)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a query within the same query", sql->name);
    if (!query->text) {
        query->sql = sql;
        query->text = text;
        status = sql->engine->prepare(query, types, err);
        if (status)
            query->text = NULL;
    }
    if (!status)
        *out = query;
    return status;
}

/* Reads the arguments; their number, or 0 for more than there is room for. */
static size_t take_values(struct tolka_sql_value *values, const char *types, va_list arguments)
{
    size_t count = 0;

    for (; *types; types++) {
        struct tolka_sql_value *value = &values[count++];
        if (count > MAX_VALUES)
            return 0;
        *value = (struct tolka_sql_value){.type = *types};
        switch (*types) {
        case 'i':
            value->number = va_arg(arguments, int64_t);
            value->is_null = value->number == TOLKA_SQL_NULL;
            break;
        case 'r':
            value->real = va_arg(arguments, double);
            break;
        case 't':
            value->bytes = va_arg(arguments, const char *);
            value->is_null = !value->bytes;
            break;
        case 'b':
            value->bytes = va_arg(arguments, const void *);
            value->length = va_arg(arguments, size_t);
            break;
        default:
            value->is_null = true;
            break;
        }
    }
    return count;
}

static enum tolka_status start_values(struct tolka_sql *sql, const char *text, const char *types,
                                      const struct tolka_sql_value *values, size_t count, bool rows,
                                      struct tolka_sql_query **query, struct tolka_error *err)
{
    enum tolka_status status = prepare(sql, text, types, query, err);

    if (status)
        return status;
    (*query)->busy = true;
    status = sql->engine->start(*query, values, count, rows, err);
    if (status || !rows) {
        tolka_sql_done(*query);
        *query = NULL;
    }
    return status;
}

static enum tolka_status start(struct tolka_sql *sql, const char *text, const char *types, va_list arguments,
                               bool rows, struct tolka_sql_query **query, struct tolka_error *err)
{
    struct tolka_sql_value values[MAX_VALUES];
    const size_t count = take_values(values, types, arguments);

    return start_values(sql, text, types, values, count, rows, query, err);
}

enum tolka_status tolka_sql_run_values(struct tolka_sql *sql, struct tolka_error *err, const char *text,
                                       const char *types, const struct tolka_sql_value *values)
{
    struct tolka_sql_query *query;

    return start_values(sql, text, types, values, strlen(types), false, &query, err);
}

enum tolka_status tolka_sql_query(struct tolka_sql *sql, struct tolka_error *err,
                                  struct tolka_sql_query **query, const char *text, const char *types, ...)
{
    enum tolka_status status;
    va_list arguments;

    va_start(arguments, types);
    status = start(sql, text, types, arguments, true, query, err);
    va_end(arguments);
    return status;
}

enum tolka_status tolka_sql_run(struct tolka_sql *sql, struct tolka_error *err, const char *text,
                                const char *types, ...)
{
    struct tolka_sql_query *query;
    enum tolka_status status;
    va_list arguments;

    va_start(arguments, types);
    status = start(sql, text, types, arguments, false, &query, err);
    va_end(arguments);
    return status;
}

enum tolka_status tolka_sql_number(struct tolka_sql *sql, struct tolka_error *err, int64_t *number,
                                   const char *text, const char *types, ...)
{
    struct tolka_sql_query *query;
    enum tolka_status status;
    va_list arguments;

    va_start(arguments, types);
    status = start(sql, text, types, arguments, true, &query, err);
    va_end(arguments);
    if (tolka_sql_next(query, &status, err))
        *number = tolka_sql_int(query, 0);
    tolka_sql_done(query);
    return status;
}

bool tolka_sql_next(struct tolka_sql_query *query, enum tolka_status *status, struct tolka_error *err)
{
    bool row = false;

    if (!*status)
        *status = query->sql->engine->step(query, &row, err);
    return row && !*status;
}

void tolka_sql_done(struct tolka_sql_query *query)
{
    if (!query || !query->busy)
        return;
    query->sql->engine->reset(query);
    query->busy = false;
}

int64_t tolka_sql_int(struct tolka_sql_query *query, int column)
{
    return query->sql->engine->number(query, column);
}

double tolka_sql_real(struct tolka_sql_query *query, int column)
{
    return query->sql->engine->real(query, column);
}

const char *tolka_sql_text(struct tolka_sql_query *query, int column)
{
    return query->sql->engine->text(query, column);
}

const char *tolka_sql_word(struct tolka_sql_query *query, int column)
{
    const char *text = tolka_sql_text(query, column);

    return text ? text : "";
}

const void *tolka_sql_blob(struct tolka_sql_query *query, int column, size_t *length)
{
    return query->sql->engine->blob(query, column, length);
}

bool tolka_sql_is_null(struct tolka_sql_query *query, int column)
{
    return query->sql->engine->is_null(query, column);
}

int tolka_sql_column_count(struct tolka_sql_query *query)
{
    return query->sql->engine->column_count(query);
}
