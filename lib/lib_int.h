/* What the files of lib/ share. lib/ only. */
#ifndef TOLKA_LIB_LIB_INT_H
#define TOLKA_LIB_LIB_INT_H

#include "base/error.h"
#include "extract/recognize.h"
#include "lib/tolka.h"
#include "schema/pipeline.h"

#include <stdatomic.h>

enum { TOLKA_LIB_MAX_JOBS = 256 };

/* What is read-only once loaded; contexts and reports hold it together: a report's kinds and items are words
 * of the rules. */
struct tolka_shared {
    atomic_int holders;
    struct tolka_model *model; /* NULL: no repair */
    struct tolka_rules *rules;
};

struct tolka_context {
    struct tolka_shared *shared;
    struct tolka_pipeline pipeline;
    int jobs;
    int (*on_page)(int done, int total, void *data);
    void *data;
    struct tolka_recognizer
        *recognizers[TOLKA_LIB_MAX_JOBS]; /* one a thread, made on first need, kept between files */
    struct tolka_error err;
};

struct tolka_report {
    struct tolka_record record;
    struct tolka_page *pages;
    size_t page_count;
    struct tolka_shared *shared;
};

/* One more holder. */
struct tolka_shared *tolka_shared_hold(struct tolka_shared *shared);

/* One holder less; the last one frees. NULL allowed. */
void tolka_shared_drop(struct tolka_shared *shared);

/*
 * Finds the folder with the library's data (sv.model, rules/): beside the shared object or the program that
 * this code is in, else where it was built to be installed. False when it is in none of them.
 */
bool tolka_data_find(char *out, size_t size);

#endif
