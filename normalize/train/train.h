/*
 * Building a language model from clean text: `tolka train`. Deterministic: the same input in the same order
 * gives the same bytes. cli/ and the tests include this.
 */
#ifndef TOLKA_NORMALIZE_TRAIN_TRAIN_H
#define TOLKA_NORMALIZE_TRAIN_TRAIN_H

#include "base/error.h"

#include <stddef.h>

/* A text: UTF-8, a paragraph a line. `every` n > 1 counts each n-th line only, which weighs a source down. */
struct tolka_train_text {
    const char *path; /* "-" is standard input */
    unsigned every;
};

/* What stands in a place, and what was read there: a word, or as many words as each other. */
struct tolka_train_pair {
    const char *truth, *raw;
};

struct tolka_train_options {
    const struct tolka_train_text *texts;
    size_t text_count;
    const char *const *lists; /* words that exist though no text has them: a word a line, what follows '/' or
                                 ',' or a tab is left out */
    size_t list_count;
    const char *const *forms; /* lists like those, kept only as a filter: their words stand as they are */
    size_t form_count;
    const char
        *confusions;  /* table of misreadings (normalize/data/confusions.tsv); NULL: none but lost marks */
    const struct tolka_train_pair *pairs; /* what a recogniser misread, added to the base's; only with a base */
    size_t pair_count;
    const char *note; /* kept in the file: where the statistics come from; NULL allowed */
    const char *base; /* a finished model to add the texts and lists to; NULL: from nothing. `forms`,
                         `confusions` and `max_bytes` are then the base's. */
    size_t max_bytes; /* the file's bound; n-grams are left out from the least useful on. 0: 32 MiB */
    void (*progress)(const char *message, void *data); /* NULL allowed */
    void *data;
};

/* Builds a model and writes it to `path` (whole or not at all). Errors IO, FORMAT (a list, table or base),
 * LIMIT, MEMORY. */
enum tolka_status tolka_train(const struct tolka_train_options *options, const char *path,
                              struct tolka_error *err);

#endif
