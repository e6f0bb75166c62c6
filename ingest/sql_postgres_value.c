/*
 * Statements and values on their way to PostgreSQL and back.
 *
 * Texts. PostgreSQL takes valid UTF-8 alone, but a path may hold any bytes. A byte that is no part of valid
 * UTF-8 becomes a character of the last private plane (U+10F700 + byte) and back; such a character itself is
 * taken as four such bytes, so that nothing is lost.
 */
#include "ingest/sql_postgres_int.h"

#include "base/strbuf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Object identifiers of types, fixed for all time (pg_type.dat). */
enum { BOOL = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, FLOAT4 = 700, FLOAT8 = 701 };

enum { ESCAPED = 0x10f700 };

/* What SQLite is told and PostgreSQL is not. `word`: with the name that follows. */
static const struct {
    const char *from, *to;
    bool word;
} PHRASES[] = {
    {"?", "$", false},
    {"/*! ", "", false},
    {" */", "", false},
    {"CROSS JOIN", "JOIN", false},
    {"NOT INDEXED", "", false},
    {"INDEXED BY ", "", true},
    {"instr(", "strpos(", false},
};

static char *translate(const char *text)
{
    struct tolka_strbuf out = {0};

    while (*text) {
        size_t i = 0;
        while (i < sizeof PHRASES / sizeof *PHRASES &&
               strncmp(text, PHRASES[i].from, strlen(PHRASES[i].from)) != 0)
            i++;
        if (i == sizeof PHRASES / sizeof *PHRASES) {
            tolka_strbuf_add_char(&out, *text++);
            continue;
        }
        tolka_strbuf_add_str(&out, PHRASES[i].to);
        text += strlen(PHRASES[i].from);
        if (PHRASES[i].word)
            text += strcspn(text, " ");
    }
    if (out.failed)
        tolka_strbuf_release(&out);
    return out.data;
}

static Oid type_of(char letter)
{
    switch (letter) {
    case 'i':
        return INT8;
    case 'r':
        return FLOAT8;
    case 't':
        return TEXT;
    case 'b':
        return BYTEA;
    default:
        return 0; /* the server finds out */
    }
}

enum tolka_status tolka_pg_prepare(struct tolka_sql_query *query, const char *types, struct tolka_error *err)
{
    struct tolka_pg_statement *statement = calloc(1, sizeof *statement);

    if (statement)
        statement->text = translate(query->text);
    if (!statement || !statement->text) {
        free(statement);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    snprintf(statement->name, sizeof statement->name, "s%d",
             ++((struct tolka_pg_connection *)query->sql->handle)->named);
    for (; types[statement->type_count] && statement->type_count < TOLKA_PG_MAX_VALUES;
         statement->type_count++)
        statement->types[statement->type_count] = type_of(types[statement->type_count]);
    query->statement = statement;
    return TOLKA_OK;
}

void tolka_pg_forget(struct tolka_pg_statement *statement)
{
    for (; statement->kept_at < statement->kept_count; statement->kept_at++)
        PQclear(statement->kept[statement->kept_at]);
    statement->kept_at = statement->kept_count = 0;
    PQclear(statement->current);
    statement->current = NULL;
    tolka_arena_release(&statement->scratch);
}

void tolka_pg_finalize(struct tolka_sql_query *query)
{
    struct tolka_pg_statement *statement = query->statement;

    tolka_pg_forget(statement);
    free(statement->kept);
    free(statement->text);
    free(statement);
}

bool tolka_pg_keep(struct tolka_pg_statement *statement, PGresult *result)
{
    if (statement->kept_count == statement->kept_capacity) {
        const size_t capacity = statement->kept_capacity ? statement->kept_capacity * 2 : 8;
        PGresult **kept = reallocarray(statement->kept, capacity, sizeof *kept);
        if (!kept) {
            PQclear(result);
            return false;
        }
        statement->kept = kept;
        statement->kept_capacity = capacity;
    }
    statement->kept[statement->kept_count++] = result;
    return true;
}

/* ---- Values ---- */

static void add_escaped(struct tolka_strbuf *out, unsigned char byte)
{
    char code[4];

    tolka_strbuf_add(out, code, tolka_utf8_encode(ESCAPED + byte, code));
}

/* True when `text` begins with a character that stands for a byte. */
static bool is_escape(const char *text)
{
    return memcmp(text, "\xf4\x8f\x9e", 3) == 0 || memcmp(text, "\xf4\x8f\x9f", 3) == 0;
}

static bool holds_escape(const char *text)
{
    for (const char *at = text; (at = strchr(at, 0xF4)) != NULL; at++) {
        if (strlen(at) >= 4 && is_escape(at))
            return true;
    }
    return false;
}

/* The text as PostgreSQL takes it: itself most of the time. NULL when out of memory. */
static const char *escape(struct tolka_arena *arena, const char *text)
{
    const size_t length = strlen(text);
    struct tolka_strbuf out = {0};
    const char *copy;
    size_t at = 0;

    if (tolka_utf8_valid_prefix(text, length) == length && !holds_escape(text))
        return text;
    while (at < length) {
        const size_t valid = tolka_utf8_valid_prefix(text + at, length - at);
        size_t step = valid;
        for (size_t i = 0; i + 3 < valid && step == valid; i++)
            step = is_escape(text + at + i) ? i : step;
        tolka_strbuf_add(&out, text + at, step);
        at += step;
        for (size_t i = 0, bytes = step == valid ? at < length : 4; i < bytes; i++)
            add_escaped(&out, (unsigned char)text[at++]);
    }
    copy = out.failed ? NULL : tolka_arena_strndup(arena, tolka_strbuf_text(&out), out.length);
    tolka_strbuf_release(&out);
    return copy;
}

/* Back: the bytes as they were given. */
static const char *unescape(struct tolka_arena *arena, const char *text)
{
    char *copy, *out;

    if (!holds_escape(text))
        return text;
    copy = out = tolka_arena_strdup(arena, text);
    for (const char *at = text; copy && *at;) {
        if (strlen(at) >= 4 && is_escape(at)) {
            *out++ = (char)(((at[2] & 1) << 6 | (at[3] & 0x3f)) | 0x80);
            at += 4;
        } else {
            *out++ = *at++;
        }
    }
    if (copy)
        *out = '\0';
    return copy;
}

static void write_int64(char out[8], uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        out[i] = (char)(value & 0xff);
}

static uint64_t read_big_endian(const char *bytes, int length)
{
    uint64_t value = 0;

    for (int i = 0; i < length; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

bool tolka_pg_bind(struct tolka_pg_parameters *parameters, const struct tolka_sql_value *values, size_t count,
                   struct tolka_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        const struct tolka_sql_value *value = &values[i];
        uint64_t bits = (uint64_t)value->number;
        parameters->values[i] = NULL;
        parameters->formats[i] = value->type != 't';
        parameters->lengths[i] = value->type == 'b' ? (int)value->length : 8;
        if (value->is_null)
            continue;
        if (value->type == 't') {
            parameters->values[i] = escape(arena, value->bytes);
            if (!parameters->values[i])
                return false;
        } else if (value->type == 'b') {
            parameters->values[i] = value->bytes ? value->bytes : "";
        } else {
            if (value->type == 'r')
                memcpy(&bits, &value->real, sizeof bits);
            write_int64(parameters->numbers[i], bits);
            parameters->values[i] = parameters->numbers[i];
        }
    }
    return true;
}

/* ---- Columns ---- */

/* The bytes of a value, NULL for null, and its type. */
static const char *value_of(struct tolka_sql_query *query, int column, int *length, Oid *type)
{
    const struct tolka_pg_statement *statement = query->statement;

    if (!statement->current || column >= PQnfields(statement->current) ||
        PQgetisnull(statement->current, statement->row, column))
        return NULL;
    *length = PQgetlength(statement->current, statement->row, column);
    *type = PQftype(statement->current, column);
    return PQgetvalue(statement->current, statement->row, column);
}

double tolka_pg_real(struct tolka_sql_query *query, int column)
{
    Oid type;
    int length;
    const char *bytes = value_of(query, column, &length, &type);
    uint64_t bits = bytes ? read_big_endian(bytes, length > 8 ? 8 : length) : 0;
    uint32_t short_bits = (uint32_t)bits;
    double number = 0;
    float short_number;

    if (!bytes)
        return 0;
    if (type == FLOAT8)
        memcpy(&number, &bits, sizeof number);
    if (type == FLOAT4) {
        memcpy(&short_number, &short_bits, sizeof short_number);
        number = (double)short_number;
    }
    return type == INT8   ? (double)(int64_t)bits
           : type == INT4 ? (double)(int32_t)bits
           : type == INT2 ? (double)(int16_t)bits
                          : number;
}

int64_t tolka_pg_number(struct tolka_sql_query *query, int column)
{
    Oid type;
    int length;
    const char *bytes = value_of(query, column, &length, &type);
    const uint64_t bits = bytes ? read_big_endian(bytes, length > 8 ? 8 : length) : 0;

    if (!bytes)
        return 0;
    switch (type) {
    case BOOL:
        return bits != 0;
    case INT2:
        return (int16_t)bits;
    case INT4:
        return (int32_t)bits;
    case INT8:
        return (int64_t)bits;
    case FLOAT4:
    case FLOAT8:
        return (int64_t)tolka_pg_real(query, column);
    default:
        return 0;
    }
}

/* Numbers as SQLite writes them. */
const char *tolka_pg_text(struct tolka_sql_query *query, int column)
{
    struct tolka_pg_statement *statement = query->statement;
    Oid type;
    int length;
    const char *bytes = value_of(query, column, &length, &type);
    char *out;

    if (!bytes)
        return NULL;
    switch (type) {
    case BOOL:
    case INT2:
    case INT4:
    case INT8:
        return tolka_arena_printf(&statement->scratch, "%lld", (long long)tolka_pg_number(query, column));
    case FLOAT4:
    case FLOAT8:
        out = tolka_arena_printf(&statement->scratch, "%.15g", tolka_pg_real(query, column));
        return out && !strpbrk(out, ".en") ? tolka_arena_printf(&statement->scratch, "%s.0", out) : out;
    default:
        return unescape(&statement->scratch, bytes);
    }
}

const void *tolka_pg_blob(struct tolka_sql_query *query, int column, size_t *length)
{
    Oid type;
    int size = 0;
    const char *bytes = value_of(query, column, &size, &type);

    *length = (size_t)size;
    return bytes;
}

bool tolka_pg_is_null(struct tolka_sql_query *query, int column)
{
    Oid type;
    int length;

    return !value_of(query, column, &length, &type);
}

int tolka_pg_column_count(struct tolka_sql_query *query)
{
    const struct tolka_pg_statement *statement = query->statement;

    return statement->current ? PQnfields(statement->current) : 0;
}
