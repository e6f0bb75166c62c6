/*
 * Swedish repair: words as a recogniser read them in, right Swedish out. Text only, no pictures. The model is
 * a mapped file that `tolka train` builds (normalize/train.h); one model may serve many threads.
 */
#ifndef TOLKA_NORMALIZE_NORMALIZE_H
#define TOLKA_NORMALIZE_NORMALIZE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct tolka_model;

/* Maps the model at `path` and checks it. Errors IO, FORMAT (truncated, foreign, another version). `*out` is
 * the caller's to free. */
enum tolka_status tolka_model_open(const char *path, struct tolka_model **out, struct tolka_error *err);
void tolka_model_free(struct tolka_model *model);

/* The SHA-256 of the model as 64 hex digits; borrowed. */
const char *tolka_model_sha256(const struct tolka_model *model);

/* What else a recogniser thinks that a word may be. */
struct tolka_reading {
    const char *text; /* UTF-8, no white space */
    float confidence; /* 0..1 */
};

/* A word of running text. */
struct tolka_token {
    const char *text; /* in: UTF-8, no white space */
    float confidence; /* in: the recogniser's, 0..1; negative when unknown (plain text) */
    int line; /* in: line number, ascending; tokens of a new paragraph or another table cell have a new
                 `block` */
    int block;
    const struct tolka_reading *readings; /* in: others than `text`, best first; NULL when there are none */
    size_t reading_count;
    /* out: */
    const char *repaired;    /* NULL when left as it is; else in the arena */
    float repair_confidence; /* 0..1 */
    const char *reason;      /* static: "marks", "confusion", "compound", "join", ... */
};

/* Repairs `tokens` in place; results are allocated in `arena`. Linear in their number. Error MEMORY. */
enum tolka_status tolka_normalize_tokens(const struct tolka_model *model, struct tolka_token *tokens,
                                         size_t count, struct tolka_arena *arena, struct tolka_error *err);

/*
 * Decides how `left`, which ends a line with a hyphen, and `right`, which begins the next, belong together:
 * true and the joined word (in the arena) in `*joined` when the hyphen only breaks the line ("försörj-"
 * "ning"), or is kept in it ("ESF-" "ansökan" gives "ESF-ansökan"); false when they stay two words ("mål-"
 * "och").
 */
bool tolka_normalize_join(const struct tolka_model *model, const char *left, const char *right,
                          struct tolka_arena *arena, char **joined);

/* Adds to `*words` how many words of three letters or more `text` holds, to `*known` how many of them exist. */
void tolka_normalize_count_known(const struct tolka_model *model, const char *text, size_t *known, size_t *words);

/* One change that tolka_normalize_text made. Columns count characters from 1. */
struct tolka_change {
    size_t line, column;
    const char *from, *to;
    float confidence;
    const char *reason;
};

/*
 * Repairs plain text of any size: appends the same number of lines to `out`, white space kept, invalid UTF-8
 * passed through. `on_change` (NULL allowed) is told each change. `*invalid_bytes` (NULL allowed) counts
 * bytes that are not UTF-8. Error MEMORY.
 */
enum tolka_status tolka_normalize_text(const struct tolka_model *model, const char *text, size_t length,
                                       struct tolka_strbuf *out,
                                       void (*on_change)(const struct tolka_change *change, void *data),
                                       void *data, size_t *invalid_bytes, struct tolka_error *err);

#endif
