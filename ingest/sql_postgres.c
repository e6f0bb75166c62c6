/*
 * PostgreSQL as an engine of sql.h, by libpq.
 *
 * Statements are named and prepared once a connection; values go beside them, numbers and bytes in binary.
 *
 * Outside of a transaction rows are streamed one by one, so the first is there at once however many follow; a
 * second query keeps the rest of the first in memory. Within a transaction the connection is in pipeline
 * mode: what gives no rows is sent and not waited for, and its outcome is read with that of the next query or
 * the commit. A report of a thousand rows costs a few round trips so.
 *
 * Planning. The program's statements say in which order they walk the tables, and each step has its index:
 * what SQLite does by itself. Settings keep PostgreSQL to it (no hash or merge joins, no reordering): no
 * statistics could tell it that a reader wants the first row, not all.
 */
#include "ingest/sql_postgres_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WANTED_REST = 64 }; /* rows of an unfinished stream that are read before the server is told to stop */

static const char SETTINGS[] =
    "SET search_path = tolka, pg_temp; SET enable_hashjoin = off; SET enable_mergejoin = off;"
    "SET join_collapse_limit = 1; SET from_collapse_limit = 1; SET max_parallel_workers_per_gather = 0;"
    "SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off; SET "
    "idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;";

static struct tolka_pg_connection *connection(const struct tolka_sql *sql)
{
    return sql->handle;
}

static bool is_good(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);

    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_SINGLE_TUPLE;
}

/* ---- Opening ---- */

static void ignore_notice(void *data, const char *message)
{
    (void)data;
    (void)message;
}

/* A cut cable shows within half a minute; what the name says for itself goes before. */
static PGconn *connect_to(const char *name)
{
    static const char *const KEYS[] = {"connect_timeout",  "keepalives_idle",           "keepalives_interval",
                                       "keepalives_count", "tcp_user_timeout",          "dbname",
                                       "client_encoding",  "fallback_application_name", NULL};
    const char *const values[] = {"10", "10", "5", "3", "30000", name, "UTF8", "tolka", NULL};

    return PQconnectdbParams(KEYS, values, 1);
}

static enum tolka_status open_postgres(struct tolka_sql *sql, const char *name, enum tolka_sql_mode mode,
                                       int patience_ms, struct tolka_error *err)
{
    struct tolka_pg_connection *at = calloc(1, sizeof *at);
    char text[sizeof SETTINGS + 128];
    char words[512];

    if (!at)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    sql->handle = at;
    at->pg = connect_to(name);
    if (!at->pg)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (PQstatus(at->pg) != CONNECTION_OK) {
        snprintf(words, sizeof words, "%s", PQerrorMessage(at->pg));
        tolka_pg_tidy(words);
        at->lost = true;
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be reached: %s", sql->name, words);
    }
    PQsetNoticeProcessor(at->pg, ignore_notice, NULL);
    snprintf(text, sizeof text, "%s SET lock_timeout = %d; SET default_transaction_read_only = %s", SETTINGS,
             patience_ms, mode == TOLKA_SQL_READ ? "on" : "off");
    return tolka_sql_script(sql, text, err);
}

static void close_postgres(struct tolka_sql *sql)
{
    struct tolka_pg_connection *at = connection(sql);

    if (at)
        PQfinish(at->pg);
    free(at);
}

static bool is_lost(const struct tolka_sql *sql)
{
    return connection(sql)->lost;
}

/* Makes the connection free for another statement. */
static enum tolka_status drain(struct tolka_sql *sql, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    struct tolka_pg_statement *statement = at->streaming;
    PGresult *result;
    bool good = true;

    at->streaming = NULL;
    while (statement && (result = PQgetResult(at->pg)) != NULL)
        good = tolka_pg_keep(statement, result) && good;
    return good ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}

/* ---- Within a transaction: a pipeline ---- */

/* Reads one answer; its result when it has rows to `rows`. */
static enum tolka_status take_answer(struct tolka_sql *sql, const struct tolka_pg_pending *pending,
                                     bool wanted, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    enum tolka_status status = TOLKA_OK;
    PGresult *result = PQgetResult(at->pg);
    const bool good = result && is_good(result);

    if (pending->is_preparing)
        pending->statement->state = good ? PREPARED : UNPREPARED;
    if (!good && (!result || PQresultStatus(result) != PGRES_PIPELINE_ABORTED))
        status = tolka_pg_fail(sql, result, err);
    if (good && wanted && !tolka_pg_keep(pending->statement, result))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    else if (!good || !wanted)
        PQclear(result);
    while (result && (result = PQgetResult(at->pg)) != NULL) /* the end of this answer */
        PQclear(result);
    return status;
}

/* Reads the answers to all that was sent; the rows of the last, if that is `wanted`, are kept. */
static enum tolka_status synchronize(struct tolka_sql *sql, struct tolka_pg_statement *wanted,
                                     struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    enum tolka_status status = TOLKA_OK;
    PGresult *result;

    if (at->lost || !PQpipelineSync(at->pg)) {
        at->pending_count = 0;
        at->lost = true;
        return tolka_pg_fail(sql, NULL, err);
    }
    for (size_t i = 0; i < at->pending_count; i++) {
        const bool is_last = wanted && i + 1 == at->pending_count;
        const enum tolka_status one =
            take_answer(sql, &at->pending[i], is_last && !status, status ? NULL : err);
        status = status ? status : one;
    }
    at->pending_count = 0;
    result = at->lost ? NULL : PQgetResult(at->pg);
    if (!status && (!result || PQresultStatus(result) != PGRES_PIPELINE_SYNC))
        status = tolka_pg_fail(sql, result, err);
    PQclear(result);
    return status;
}

static enum tolka_status send_pending(struct tolka_sql *sql, struct tolka_pg_statement *statement,
                                      bool is_preparing, int sent, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);

    if (!sent)
        return tolka_pg_fail(sql, NULL, err);
    at->pending[at->pending_count++] = (struct tolka_pg_pending){statement, is_preparing};
    return TOLKA_OK;
}

static enum tolka_status send_simple(struct tolka_sql *sql, const char *text, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);

    return send_pending(sql, NULL, false, PQsendQueryParams(at->pg, text, 0, NULL, NULL, NULL, NULL, 0), err);
}

/* Sends a statement within a transaction and, when `rows` are asked for, waits for them. */
static enum tolka_status start_in_transaction(struct tolka_sql_query *query,
                                              const struct tolka_pg_parameters *parameters, bool rows,
                                              struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(query->sql);
    struct tolka_pg_statement *statement = query->statement;
    enum tolka_status status = TOLKA_OK;

    if (at->pending_count + 3 > TOLKA_PG_MAX_PENDING)
        status = synchronize(query->sql, NULL, err);
    if (!status && statement->state == UNPREPARED) {
        status = send_pending(
            query->sql, statement, true,
            PQsendPrepare(at->pg, statement->name, statement->text, statement->type_count, statement->types),
            err);
        statement->state = SENT;
    }
    if (!status)
        status =
            send_pending(query->sql, statement, false,
                         PQsendQueryPrepared(at->pg, statement->name, statement->type_count,
                                             parameters->values, parameters->lengths, parameters->formats, 1),
                         err);
    return !status && rows ? synchronize(query->sql, statement, err) : status;
}

static enum tolka_status begin(struct tolka_sql *sql, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    enum tolka_status status = drain(sql, err);

    if (status)
        return status;
    if (!PQenterPipelineMode(at->pg))
        return tolka_pg_fail(sql, NULL, err);
    at->in_transaction = true;
    tolka_error_clear(&at->failure);
    return send_simple(sql, "BEGIN", err);
}

static enum tolka_status script(struct tolka_sql *sql, const char *text, struct tolka_error *err);

static enum tolka_status settle(struct tolka_sql *sql, struct tolka_error *err)
{
    return connection(sql)->in_transaction ? synchronize(sql, NULL, err) : TOLKA_OK;
}

static enum tolka_status snapshot(struct tolka_sql *sql, struct tolka_error *err)
{
    const enum tolka_status status = script(
        sql,
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0",
        err);

    connection(sql)->in_snapshot = !status;
    return status;
}

static void rollback(struct tolka_sql *sql)
{
    struct tolka_pg_connection *at = connection(sql);

    if (at->in_snapshot)
        script(sql, "ROLLBACK", NULL);
    at->in_snapshot = false;
    if (!at->in_transaction)
        return;
    at->in_transaction = false;
    if (at->lost)
        return;
    synchronize(sql, NULL, NULL); /* whatever came of it */
    if (at->lost || send_simple(sql, "ROLLBACK", NULL) || synchronize(sql, NULL, NULL) ||
        !PQexitPipelineMode(at->pg))
        at->lost = true;
}

static enum tolka_status commit(struct tolka_sql *sql, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    enum tolka_status status;

    if (!at->in_transaction)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: no transaction to commit", sql->name);
    status = send_simple(sql, "COMMIT", err);
    if (!status)
        status = synchronize(sql, NULL, err);
    if (!status && PQtransactionStatus(at->pg) != PQTRANS_IDLE)
        status = tolka_error_set(err, TOLKA_ERR_LIBRARY, "%s: a transaction that does not end", sql->name);
    if (status) {
        rollback(sql);
        return status;
    }
    at->in_transaction = false;
    return PQexitPipelineMode(at->pg) ? TOLKA_OK : tolka_pg_fail(sql, NULL, err);
}

/* ---- Outside of a transaction ---- */

static enum tolka_status prepare_now(struct tolka_sql *sql, struct tolka_pg_statement *statement,
                                     struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    PGresult *result = PQprepare(connection(sql)->pg, statement->name, statement->text, statement->type_count,
                                 statement->types);

    if (is_good(result))
        statement->state = PREPARED;
    else
        status = tolka_pg_fail(sql, result, err);
    PQclear(result);
    return status;
}

static enum tolka_status start_alone(struct tolka_sql_query *query,
                                     const struct tolka_pg_parameters *parameters, bool rows,
                                     struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(query->sql);
    struct tolka_pg_statement *statement = query->statement;
    enum tolka_status status = drain(query->sql, err);
    PGresult *result;

    if (!status && statement->state != PREPARED)
        status = prepare_now(query->sql, statement, err);
    if (status)
        return status;
    if (!PQsendQueryPrepared(at->pg, statement->name, statement->type_count, parameters->values,
                             parameters->lengths, parameters->formats, 1))
        return tolka_pg_fail(query->sql, NULL, err);
    if (rows) {
        at->streaming = statement;
        PQsetSingleRowMode(at->pg);
        return TOLKA_OK;
    }
    while ((result = PQgetResult(at->pg)) != NULL) {
        if (!status && !is_good(result))
            status = tolka_pg_fail(query->sql, result, err);
        PQclear(result);
    }
    return status;
}

static enum tolka_status script(struct tolka_sql *sql, const char *text, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(sql);
    enum tolka_status status = drain(sql, err);
    PGresult *result;

    if (status)
        return status;
    if (at->in_transaction)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a script within a transaction", sql->name);
    result = PQexec(at->pg, text);
    if (!is_good(result) && PQresultStatus(result) != PGRES_EMPTY_QUERY)
        status = tolka_pg_fail(sql, result, err);
    PQclear(result);
    return status;
}

static enum tolka_status limit_time(struct tolka_sql *sql, struct tolka_error *err)
{
    char text[64];

    snprintf(text, sizeof text, "SET statement_timeout = %d", sql->limit_ms);
    return script(sql, text, err);
}

static enum tolka_status start(struct tolka_sql_query *query, const struct tolka_sql_value *values,
                               size_t count, bool rows, struct tolka_error *err)
{
    struct tolka_pg_statement *statement = query->statement;
    struct tolka_pg_parameters parameters;

    if (connection(query->sql)->lost)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: the connection is gone", query->sql->name);
    if (count != (size_t)statement->type_count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: a statement with %zu values", query->sql->name,
                               count);
    if (!tolka_pg_bind(&parameters, values, count, &statement->scratch))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    return connection(query->sql)->in_transaction ? start_in_transaction(query, &parameters, rows, err)
                                                  : start_alone(query, &parameters, rows, err);
}

/* The next result of a statement; NULL when there is none. */
static PGresult *next_result(struct tolka_pg_connection *at, struct tolka_pg_statement *statement)
{
    PGresult *result = NULL;

    if (statement->kept_at < statement->kept_count)
        return statement->kept[statement->kept_at++];
    if (at->streaming == statement)
        result = PQgetResult(at->pg);
    if (!result && at->streaming == statement)
        at->streaming = NULL;
    return result;
}

static enum tolka_status step(struct tolka_sql_query *query, bool *row, struct tolka_error *err)
{
    struct tolka_pg_connection *at = connection(query->sql);
    struct tolka_pg_statement *statement = query->statement;
    enum tolka_status status = TOLKA_OK;

    tolka_arena_release(&statement->scratch);
    *row = statement->current && ++statement->row < PQntuples(statement->current);
    while (!*row && !status) {
        PQclear(statement->current);
        statement->current = next_result(at, statement);
        statement->row = 0;
        if (!statement->current)
            break;
        if (!is_good(statement->current))
            status = tolka_pg_fail(query->sql, statement->current, err);
        *row = !status && PQntuples(statement->current) > 0;
    }
    return status;
}

/* What is left of a stream is thrown away; a long one is stopped where it comes from. */
static void reset(struct tolka_sql_query *query)
{
    struct tolka_pg_connection *at = connection(query->sql);
    struct tolka_pg_statement *statement = query->statement;
    PGresult *result;
    PGcancel *cancel;
    char words[256];

    for (int i = 0; at->streaming == statement && (result = PQgetResult(at->pg)) != NULL; i++) {
        PQclear(result);
        cancel = i == WANTED_REST ? PQgetCancel(at->pg) : NULL;
        if (cancel)
            PQcancel(cancel, words, sizeof words);
        PQfreeCancel(cancel);
    }
    if (at->streaming == statement)
        at->streaming = NULL;
    tolka_pg_forget(statement);
}

static int wake_fd(const struct tolka_sql *sql)
{
    return PQsocket(connection(sql)->pg);
}

static bool heard(struct tolka_sql *sql)
{
    struct tolka_pg_connection *at = connection(sql);
    PGnotify *notify;
    bool any = false;

    if (!PQconsumeInput(at->pg))
        at->lost = true;
    while ((notify = PQnotifies(at->pg)) != NULL) {
        PQfreemem(notify);
        any = true;
    }
    return any;
}

const struct tolka_sql_engine tolka_sql_postgres = {
    .is_shared = true,
    .open = open_postgres,
    .close = close_postgres,
    .script = script,
    .limit_time = limit_time,
    .begin = begin,
    .commit = commit,
    .snapshot = snapshot,
    .rollback = rollback,
    .settle = settle,
    .is_lost = is_lost,
    .wake_fd = wake_fd,
    .heard = heard,
    .prepare = tolka_pg_prepare,
    .finalize = tolka_pg_finalize,
    .start = start,
    .step = step,
    .reset = reset,
    .number = tolka_pg_number,
    .real = tolka_pg_real,
    .text = tolka_pg_text,
    .blob = tolka_pg_blob,
    .is_null = tolka_pg_is_null,
    .column_count = tolka_pg_column_count,
};
