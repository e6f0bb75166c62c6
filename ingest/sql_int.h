/*
 * What an engine is to sql.c: a table of functions over statements that sql.c keeps. Each engine is one file
 * (sql_sqlite.c, sql_postgres.c), the only one that includes its library. ingest/sql*.c only.
 */
#ifndef TOLKA_INGEST_SQL_INT_H
#define TOLKA_INGEST_SQL_INT_H

#include "base/strbuf.h"
#include "ingest/sql.h"

enum { TOLKA_SQL_SLOTS = 512 }; /* a power of two, several times the number of statements in the program */

/* A value for a statement: type as in tolka_sql_run. Null when `is_null`, whatever the type. */
struct tolka_sql_value {
    char type;
    bool is_null;
    int64_t number;
    double real;
    const void *bytes; /* borrowed; a text ends with NUL */
    size_t length;
};

/* A statement, prepared when it is first used. */
struct tolka_sql_query {
    struct tolka_sql *sql;
    const char *text; /* NULL: an empty slot */
    void *statement;  /* the engine's */
    bool busy;
};

struct tolka_sql {
    const struct tolka_sql_engine *engine;
    void *handle;        /* the engine's */
    char *name;          /* for messages: without passwords */
    int limit_ms;        /* a statement may take; 0: as long as it takes */
    int64_t deadline_ms; /* of the statement that runs */
    struct tolka_sql_query slots[TOLKA_SQL_SLOTS];
};

struct tolka_sql_engine {
    bool is_shared;
    /* Opens `name` into sql->handle. */
    enum tolka_status (*open)(struct tolka_sql *sql, const char *name, enum tolka_sql_mode mode,
                              int patience_ms, struct tolka_error *err);
    void (*close)(struct tolka_sql *sql);
    enum tolka_status (*script)(struct tolka_sql *sql, const char *text, struct tolka_error *err);
    /* Holds to sql->limit_ms. */
    enum tolka_status (*limit_time)(struct tolka_sql *sql, struct tolka_error *err);
    enum tolka_status (*begin)(struct tolka_sql *sql, struct tolka_error *err);
    enum tolka_status (*commit)(struct tolka_sql *sql, struct tolka_error *err);
    enum tolka_status (*snapshot)(struct tolka_sql *sql, struct tolka_error *err);
    void (*rollback)(struct tolka_sql *sql);
    enum tolka_status (*settle)(struct tolka_sql *sql,
                                struct tolka_error *err); /* NULL: nothing is put off */
    bool (*is_lost)(const struct tolka_sql *sql);
    int (*wake_fd)(const struct tolka_sql *sql); /* NULL: none */
    bool (*heard)(struct tolka_sql *sql);

    /* Makes query->statement of its text; `types` are those of its values. */
    enum tolka_status (*prepare)(struct tolka_sql_query *query, const char *types, struct tolka_error *err);
    void (*finalize)(struct tolka_sql_query *query);
    /* Gives the values and begins. `rows` false: the caller does not ask for rows, and the engine may put the
     * statement off until the next call that does; `step` is not called then. */
    enum tolka_status (*start)(struct tolka_sql_query *query, const struct tolka_sql_value *values,
                               size_t count, bool rows, struct tolka_error *err);
    enum tolka_status (*step)(struct tolka_sql_query *query, bool *row, struct tolka_error *err);
    void (*reset)(struct tolka_sql_query *query);

    int64_t (*number)(struct tolka_sql_query *query, int column);
    double (*real)(struct tolka_sql_query *query, int column);
    const char *(*text)(struct tolka_sql_query *query, int column);
    const void *(*blob)(struct tolka_sql_query *query, int column, size_t *length);
    bool (*is_null)(struct tolka_sql_query *query, int column);
    int (*column_count)(struct tolka_sql_query *query);
};

/* As tolka_sql_run, with the values in an array: one a letter of `types`. */
enum tolka_status tolka_sql_run_values(struct tolka_sql *sql, struct tolka_error *err, const char *text,
                                       const char *types, const struct tolka_sql_value *values);

extern const struct tolka_sql_engine tolka_sql_sqlite, tolka_sql_postgres;

#endif
