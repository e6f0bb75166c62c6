/* A small streaming JSON writer: no tree, no allocation but the buffer. Any writer may include this. */
#ifndef TOLKA_SCHEMA_JSON_H
#define TOLKA_SCHEMA_JSON_H

#include "base/strbuf.h"
#include "schema/record.h"

/* All-zero but for `out`. Commas are set between values; the caller closes what it opens. */
struct tolka_json {
    struct tolka_strbuf *out;
    bool comma;   /* a value precedes on this level */
    bool newline; /* the next value begins a line */
};

/* In each call `key` is NULL inside an array and outside everything. */
void tolka_json_open(struct tolka_json *json, const char *key, char bracket); /* '{' or '[' */
void tolka_json_close(struct tolka_json *json, char bracket);                 /* '}' or ']' */
void tolka_json_string(struct tolka_json *json, const char *key,
                       const char *text); /* NULL gives null; invalid UTF-8 becomes U+FFFD */
void tolka_json_int(struct tolka_json *json, const char *key, long long number);
void tolka_json_real(struct tolka_json *json, const char *key,
                     double number); /* at most three decimals, whatever the locale */
void tolka_json_decimal(struct tolka_json *json, const char *key, struct tolka_decimal value);
void tolka_json_bool(struct tolka_json *json, const char *key, bool value);
void tolka_json_null(struct tolka_json *json, const char *key);
void tolka_json_box(struct tolka_json *json, const char *key,
                    struct tolka_box box); /* null for an empty box */

/* Begins a new line before the next value or closing bracket: line breaks make records readable and their
 * diffs small. */
void tolka_json_line(struct tolka_json *json);

/* Writes `number` with at most three decimals, as tolka_json_real does. `out` holds at least 32 bytes. */
void tolka_json_format_real(double number, char out[32]);

#endif
