/* A request as the pages see it, and their answer. serve/ only. */
#ifndef TOLKA_SERVE_REQUEST_H
#define TOLKA_SERVE_REQUEST_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TOLKA_MAX_PARAMETERS = 16,
    TOLKA_MAX_PATH_BYTES = 512,   /* of the address without its parameters */
    TOLKA_MAX_VALUE_BYTES = 8192, /* of a parameter */
    TOLKA_MAX_BODY_BYTES = 1 << 20,
};

struct tolka_parameter {
    char *name, *value; /* owned by the request */
};

/* All-zero is empty. */
struct tolka_request {
    bool post;
    char path[TOLKA_MAX_PATH_BYTES + 1]; /* after the key: "sv/reports" */
    const char *accept_language;         /* borrowed, NULL: not sent */
    struct tolka_parameter parameters[TOLKA_MAX_PARAMETERS];
    int count;
    struct tolka_strbuf body; /* of a POST that is no form */
};

void tolka_request_release(struct tolka_request *request);

/* Adds a copy. False when it is too long, there are too many, or memory is short. */
bool tolka_request_add(struct tolka_request *request, const char *name, const char *value);

/* Adds the fields of a form (application/x-www-form-urlencoded). False as above; a zero byte is refused. */
bool tolka_request_add_form(struct tolka_request *request, const char *body, size_t length);

/* The value of a parameter, NULL when it is not there or empty. */
const char *tolka_request_value(const struct tolka_request *request, const char *name);

/* As a number; `fallback` when it is none, or is not from `low` to `high`. */
int64_t tolka_request_number(const struct tolka_request *request, const char *name, int64_t low, int64_t high,
                             int64_t fallback);

/* All-zero but for what is set is an answer. */
struct tolka_response {
    int status;               /* of HTTP */
    const char *content_type; /* static */
    const char *policy;       /* static: content security policy; NULL: the pages' own */
    struct tolka_strbuf body;
    struct tolka_strbuf location; /* where to go instead; empty: nowhere */
};

#endif
