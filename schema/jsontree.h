/*
 * JSON that comes from outside, as a tree: a thin cover over jansson, the only file of the library that
 * includes it is jsontree.c. Depth is bounded; numbers keep what a double can. schema/ may include this.
 */
#ifndef TOLKA_SCHEMA_JSONTREE_H
#define TOLKA_SCHEMA_JSONTREE_H

#include "base/error.h"
#include "base/strbuf.h"
#include "schema/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value in a tree; NULL stands for one that is not there, and every call takes it. */
struct tolka_json_node;

/* Reads one JSON value of `length` bytes; `*out` is the caller's to free. Errors FORMAT (with the line),
 * LIMIT, MEMORY. */
enum tolka_status tolka_json_read(const char *text, size_t length, struct tolka_json_node **out,
                                  struct tolka_error *err);
void tolka_json_free(struct tolka_json_node *root); /* NULL allowed */

/* What is inside, borrowed: by name, by place, and how many (of a list; 0 for anything else). */
const struct tolka_json_node *tolka_json_member(const struct tolka_json_node *node, const char *name);
const struct tolka_json_node *tolka_json_element(const struct tolka_json_node *node, size_t at);
size_t tolka_json_length(const struct tolka_json_node *node);

bool tolka_json_is_null(const struct tolka_json_node *node); /* null, or not there */

/* The text, borrowed; NULL when it is none. It holds no NUL. */
const char *tolka_json_text(const struct tolka_json_node *node);

/* False when it is no whole number from `low` to `high`; no number; no boolean; no exact decimal. */
bool tolka_json_whole(const struct tolka_json_node *node, int64_t low, int64_t high, int64_t *value);
bool tolka_json_number(const struct tolka_json_node *node, double *value);
bool tolka_json_truth(const struct tolka_json_node *node, bool *value);
bool tolka_json_exact(const struct tolka_json_node *node, struct tolka_decimal *value);

#endif
