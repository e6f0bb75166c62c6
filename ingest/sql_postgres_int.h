/* What the files of the PostgreSQL engine share. ingest/sql_postgres*.c only: no other includes libpq. */
#ifndef TOLKA_INGEST_SQL_POSTGRES_INT_H
#define TOLKA_INGEST_SQL_POSTGRES_INT_H

#include "base/arena.h"
#include "ingest/sql_int.h"

#include <libpq-fe.h>

enum { TOLKA_PG_MAX_VALUES = 32, TOLKA_PG_MAX_PENDING = 256 };

struct tolka_pg_statement {
    char name[16];
    char *text; /* in PostgreSQL's words */
    enum { UNPREPARED, SENT, PREPARED } state;
    Oid types[TOLKA_PG_MAX_VALUES];
    int type_count;
    PGresult **kept; /* results that came while nobody asked */
    size_t kept_count, kept_capacity, kept_at;
    PGresult *current;
    int row;
    struct tolka_arena scratch; /* texts of the current row, made for the caller */
};

/* What was sent in a transaction and not answered yet. */
struct tolka_pg_pending {
    struct tolka_pg_statement *statement;
    bool is_preparing;
};

struct tolka_pg_connection {
    PGconn *pg;
    struct tolka_pg_statement *streaming;
    int named;
    bool in_transaction, in_snapshot, lost;
    struct tolka_error failure; /* what the transaction failed of: later statements are refused for it */
    struct tolka_pg_pending pending[TOLKA_PG_MAX_PENDING];
    size_t pending_count;
};

/* libpq's messages as one line. */
void tolka_pg_tidy(char *text);

/* Sets the error that `result`, or without one the connection, tells of. */
enum tolka_status tolka_pg_fail(struct tolka_sql *sql, const PGresult *result, struct tolka_error *err);

/* The values of a statement as libpq takes them. */
struct tolka_pg_parameters {
    const char *values[TOLKA_PG_MAX_VALUES];
    int lengths[TOLKA_PG_MAX_VALUES], formats[TOLKA_PG_MAX_VALUES];
    char numbers[TOLKA_PG_MAX_VALUES][8];
};

/* Statements, as the engine's table wants them. */
enum tolka_status tolka_pg_prepare(struct tolka_sql_query *query, const char *types, struct tolka_error *err);
void tolka_pg_finalize(struct tolka_sql_query *query);

/* Takes a result over, for when somebody asks; false when out of memory. And forgets all. */
bool tolka_pg_keep(struct tolka_pg_statement *statement, PGresult *result);
void tolka_pg_forget(struct tolka_pg_statement *statement);

/* Texts are borrowed, or made in `arena`. False when out of memory. */
bool tolka_pg_bind(struct tolka_pg_parameters *parameters, const struct tolka_sql_value *values, size_t count,
                   struct tolka_arena *arena);

/* Columns of the current row, as the engine's table wants them. */
int64_t tolka_pg_number(struct tolka_sql_query *query, int column);
double tolka_pg_real(struct tolka_sql_query *query, int column);
const char *tolka_pg_text(struct tolka_sql_query *query, int column);
const void *tolka_pg_blob(struct tolka_sql_query *query, int column, size_t *length);
bool tolka_pg_is_null(struct tolka_sql_query *query, int column);
int tolka_pg_column_count(struct tolka_sql_query *query);

#endif
