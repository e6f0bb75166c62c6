/*
 * A thin layer over the database engine: statements, values, transactions, errors in our words. sql.c is the
 * only file that includes SQLite's header; another engine would be another file behind this one.
 * ingest/store*.c only.
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

/* Opens the database file at `path` without looking into it. Waits up to `patience_ms` for others' locks in
 * every call. */
enum tolka_status tolka_sql_open(const char *path, enum tolka_sql_mode mode, int patience_ms,
                                 struct tolka_sql **out, struct tolka_error *err);
void tolka_sql_close(struct tolka_sql *sql); /* NULL allowed */

/* Runs several statements given as text; not cached. For schemas and settings. */
enum tolka_status tolka_sql_script(struct tolka_sql *sql, const char *text, struct tolka_error *err);

/*
 * Runs a statement that gives no rows. `text` must live as long as the connection (a literal): statements are
 * prepared once and found again by its address. `types` names the values for ?1, ?2, ...: i int64_t, r
 * double, t const char * (NULL is null), b const void * and size_t, n null (no argument). An int64_t of
 * TOLKA_SQL_NULL is null.
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

/* Rows that the last tolka_sql_run changed, and the number of the row it inserted. */
int64_t tolka_sql_changed(struct tolka_sql *sql);
int64_t tolka_sql_inserted(struct tolka_sql *sql);

#endif
