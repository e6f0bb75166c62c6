/*
 * A thin layer over the database engines: statements, values, transactions, errors in our words. There are
 * two: SQLite (a file) and PostgreSQL (a database that many machines share). ingest/store*.c only.
 *
 * Statements are written once, in what both understand. What they do not share is in the statement: SQLite
 * takes what TOLKA_SQL_SHARED gives for a comment, PostgreSQL takes it as it is (FOR UPDATE, and the like);
 * and SQLite's hints (CROSS JOIN ... ON, INDEXED BY, NOT INDEXED) are taken out for PostgreSQL, which is told
 * by settings to walk as they are written. Where that is not enough, tolka_sql_choose takes one text of two.
 */
#ifndef TOLKA_INGEST_SQL_H
#define TOLKA_INGEST_SQL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOLKA_SQL_NULL INT64_MIN

struct tolka_sql;
struct tolka_sql_query;

enum tolka_sql_mode { TOLKA_SQL_READ, TOLKA_SQL_WRITE, TOLKA_SQL_CREATE };

/* Part of a statement that is for PostgreSQL alone. */
#define TOLKA_SQL_SHARED(text) "/*! " text " */"

/*
 * Opens the database called `name` without looking into it: postgresql://... or postgres://... or service=...
 * is a database of PostgreSQL, all else the path of an SQLite file. Waits up to `patience_ms` for others'
 * locks in every call.
 */
enum tolka_status tolka_sql_open(const char *name, enum tolka_sql_mode mode, int patience_ms,
                                 struct tolka_sql **out, struct tolka_error *err);
void tolka_sql_close(struct tolka_sql *sql); /* NULL allowed */

/* From now on a statement that takes longer than `limit_ms` fails with TIMEOUT; 0: as long as it takes. */
enum tolka_status tolka_sql_limit_time(struct tolka_sql *sql, int limit_ms, struct tolka_error *err);

/* The name for messages: without passwords. Borrowed. */
const char *tolka_sql_name(const struct tolka_sql *sql);

/* True for a database that several machines write to at the same time (PostgreSQL). */
bool tolka_sql_is_shared(const struct tolka_sql *sql);

/* The text for this engine. */
const char *tolka_sql_choose(const struct tolka_sql *sql, const char *sqlite, const char *postgres);

/* True when the connection is gone: every call fails until it is opened anew. */
bool tolka_sql_is_lost(const struct tolka_sql *sql);

/* A descriptor that becomes readable when another program has notified a channel that this connection listens
 * to (LISTEN, NOTIFY); -1: this engine has none. Heard: true when that has happened since it was last asked.
 */
int tolka_sql_wake_fd(const struct tolka_sql *sql);
bool tolka_sql_heard(struct tolka_sql *sql);

/* Transactions. Of several that write, SQLite lets one in at a time, PostgreSQL all. Rollback does nothing
 * without one. */
enum tolka_status tolka_sql_begin(struct tolka_sql *sql, struct tolka_error *err);
enum tolka_status tolka_sql_commit(struct tolka_sql *sql, struct tolka_error *err);
void tolka_sql_rollback(struct tolka_sql *sql);

/* Begins a transaction that only reads: it sees the database as it is now, whatever others write. Ends with
 * rollback. Rows are streamed. */
enum tolka_status tolka_sql_snapshot(struct tolka_sql *sql, struct tolka_error *err);

/* Waits for what was put off; tells of its errors. */
enum tolka_status tolka_sql_settle(struct tolka_sql *sql, struct tolka_error *err);

/* Runs several statements given as text; not cached. For schemas and settings. */
enum tolka_status tolka_sql_script(struct tolka_sql *sql, const char *text, struct tolka_error *err);

/*
 * Runs a statement whose rows, if it gives any, nobody asks for. Within a transaction PostgreSQL may put it
 * off until a later call, which then tells of its error: the transaction is undone in either case. `text`
 * must live as long as the connection (a literal): statements are prepared once and found again by its
 * address. `types` names the values for ?1, ?2, ...: i int64_t, r double, t const char * (NULL is null), b
 * const void * and size_t, n null (no argument). An int64_t of TOLKA_SQL_NULL is null.
 */
enum tolka_status tolka_sql_run(struct tolka_sql *sql, struct tolka_error *err, const char *text,
                                const char *types, ...);

/*
 * Begins a query; the same text cannot be queried again before it is done. All that walk through rows do it
 * in one way:
 *
 *     status = tolka_sql_query(sql, err, &query, "SELECT ...", "");
 *     while (tolka_sql_next(query, &status, err) && take(...))
 *         continue;
 *     tolka_sql_done(query);
 *     return status;
 */
enum tolka_status tolka_sql_query(struct tolka_sql *sql, struct tolka_error *err,
                                  struct tolka_sql_query **query, const char *text, const char *types, ...);

/* Steps to the next row. False at the end, and when `*status` is an error: it was one already (then nothing
 * is done), or becomes one here. */
bool tolka_sql_next(struct tolka_sql_query *query, enum tolka_status *status, struct tolka_error *err);
void tolka_sql_done(struct tolka_sql_query *query); /* NULL allowed; twice allowed */

/* Values of the current row, columns from 0. Texts and blobs are borrowed until the next step; NULL for null.
 */
int64_t tolka_sql_int(struct tolka_sql_query *query, int column);
double tolka_sql_real(struct tolka_sql_query *query, int column);
const char *tolka_sql_text(struct tolka_sql_query *query, int column);

/* As tolka_sql_text, "" for null: of a column that our schema never leaves empty, which another's may. */
const char *tolka_sql_word(struct tolka_sql_query *query, int column);
const void *tolka_sql_blob(struct tolka_sql_query *query, int column, size_t *length);
bool tolka_sql_is_null(struct tolka_sql_query *query, int column);
int tolka_sql_column_count(struct tolka_sql_query *query);

/* The first value of the first row as a number; `*number` is left alone when there is no row. */
enum tolka_status tolka_sql_number(struct tolka_sql *sql, struct tolka_error *err, int64_t *number,
                                   const char *text, const char *types, ...);

#endif
