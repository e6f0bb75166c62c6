/* What PostgreSQL says of a failure, in our words. */
#include "ingest/sql_postgres_int.h"

#include <stdio.h>
#include <string.h>

/* What a state of SQL means to us (PostgreSQL documentation, appendix A), and the words for it. */
static const struct {
    const char *state; /* or its beginning */
    enum tolka_status status;
    const char *words;
} STATES[] = {
    {"40001", TOLKA_ERR_LOCKED, "another program was at the same rows"},
    {"40P01", TOLKA_ERR_LOCKED, "another program was at the same rows"},
    {"55P03", TOLKA_ERR_LOCKED, "another program keeps it locked"},
    {"53100", TOLKA_ERR_FULL, "no space left for it"},
    {"53", TOLKA_ERR_IO, "the server has run out of something"},
    {"08", TOLKA_ERR_IO, "the connection is gone"},
    {"57014", TOLKA_ERR_TIMEOUT, "this takes too long"},
    {"57P", TOLKA_ERR_IO, "the server is going down or coming up"},
    {"25P03", TOLKA_ERR_IO, "the server ended a transaction that was silent for too long"},
    {"25006", TOLKA_ERR_IO, "it cannot be written, only read"},
    {"42501", TOLKA_ERR_IO, "this role has no right to do so"},
    {"28", TOLKA_ERR_IO, "the server does not let this role in"},
    {"3D000", TOLKA_ERR_IO, "there is no such database"},
    {"42P01", TOLKA_ERR_FORMAT, "is no store of tolka"},
    {"22", TOLKA_ERR_LIMIT, "cannot hold a value"},
    {"23", TOLKA_ERR_LIMIT, "cannot hold a value"},
    {"54", TOLKA_ERR_LIMIT, "cannot hold a value"},
    {"XX001", TOLKA_ERR_FORMAT, "is damaged"},
    {"XX002", TOLKA_ERR_FORMAT, "is damaged"},
    {"58", TOLKA_ERR_IO, "reading or writing it failed"},
};

void tolka_pg_tidy(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' '))
        text[--length] = '\0';
    for (char *c = text; *c; c++)
        *c = *c == '\n' || *c == '\t' ? ' ' : *c;
}

/* The server says goodbye before libpq sees the line go. */
static bool ends_connection(const char *state)
{
    return state &&
           (strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 || strcmp(state, "25P03") == 0);
}

enum tolka_status tolka_pg_fail(struct tolka_sql *sql, const PGresult *result, struct tolka_error *err)
{
    struct tolka_pg_connection *at = sql->handle;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char text[512];

    snprintf(text, sizeof text, "%s", message ? message : PQerrorMessage(at->pg));
    tolka_pg_tidy(text);
    if (PQstatus(at->pg) == CONNECTION_BAD || ends_connection(state)) {
        at->lost = true;
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: the connection is gone: %s", sql->name, text);
    }
    if (!state || strcmp(state, "25P02") != 0 || !at->failure.status) {
        size_t i = 0;
        while (i < sizeof STATES / sizeof *STATES &&
               (!state || strncmp(state, STATES[i].state, strlen(STATES[i].state)) != 0))
            i++;
        tolka_error_clear(&at->failure);
        if (i < sizeof STATES / sizeof *STATES)
            tolka_error_set(&at->failure, STATES[i].status, "%s: %s (%s)", sql->name, STATES[i].words, text);
        else
            tolka_error_set(&at->failure, TOLKA_ERR_LIBRARY, "%s: %s", sql->name, text);
    }
    return tolka_error_set(err, at->failure.status, "%s", at->failure.message);
}
