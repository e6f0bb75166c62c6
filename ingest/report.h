/*
 * The report half as bytes: a parcel of pages goes to a worker, a finished report comes back. Both ends are
 * one program; what a worker says is still checked in full. ingest/ only.
 */
#ifndef TOLKA_INGEST_REPORT_H
#define TOLKA_INGEST_REPORT_H

#include "base/strbuf.h"
#include "schema/pipeline.h"

#include <stdbool.h>
#include <stdint.h>

/* What is noted of a report whose file was damaged and mended; convert and ingest say the same. */
#define TOLKA_DAMAGED "the file is damaged and was mended: some of it may be missing"

/*
 * Makes an empty parcel in memory. Returns its descriptor, the caller's to close; -1 with an error: IO.
 * Parts are added in this order: the source, problems, what people found (a line of JSON each), pages in page order; each
 * returns false when there is no room.
 */
int tolka_parcel_new(struct tolka_error *err);
bool tolka_parcel_add_source(int fd, const char *path, const char *sha256, int64_t bytes, int pages);
bool tolka_parcel_add_problem(int fd, int page, const char *code, const char *message);
bool tolka_parcel_add_amendment(int fd, const char *line);
bool tolka_parcel_add_page(int fd, int page, const void *packed, size_t length);

/* Puts problems in the order in which records name them: by page, code and message, whenever they were found. */
void tolka_problems_sort(struct tolka_diags *problems);

/* How long the report half may take: beside what a page may, some time for each. */
int tolka_report_timeout_s(int page_timeout_s, int pages);

/* Worker's side: does the report half over the parcel `fd` and appends the finished report to `out`. Errors
 * as the pipeline's, FORMAT. */
enum tolka_status tolka_report_make(const struct tolka_pipeline *pipeline, int fd, struct tolka_strbuf *out,
                                    struct tolka_error *err);

/* Master's side: takes a finished report apart. `record` must be empty; `*json` points into `bytes`. Error
 * FORMAT, MEMORY. */
enum tolka_status tolka_report_take(const void *bytes, size_t length, struct tolka_record *record,
                                    const char **json, size_t *json_length, struct tolka_error *err);

#endif
