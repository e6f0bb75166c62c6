/* The pages of one file, read by a crew of worker processes. The caller never parses the file: a crash or a
 * hang costs one page. */
#ifndef TOLKA_INGEST_POOL_H
#define TOLKA_INGEST_POOL_H

#include "base/error.h"
#include "schema/pipeline.h"

struct tolka_pool_options {
    const struct tolka_pipeline *pipeline;
    int jobs;              /* workers, 1..256 */
    int page_timeout_s;    /* a page that takes longer is given up */
    int input_fd;          /* what "-" stands for: a copy of standard input (tolka_input_copy); else -1 */
    const char *page_list; /* "1-3,7", NULL for all */
    void (*on_progress)(int done, int total, void *data); /* NULL allowed */
    void *data;
};

/*
 * Reads the pages of the file at `path` into a new array `*pages` of `*page_count` pages in page order (the
 * caller releases each and frees the array), sets record->source.pages and appends to record->problems what
 * failed, by page. Error: nothing could be read.
 */
enum tolka_status tolka_pool_read(const struct tolka_pool_options *options, const char *path,
                                  struct tolka_page **pages, size_t *page_count, struct tolka_record *record,
                                  struct tolka_error *err);

#endif
