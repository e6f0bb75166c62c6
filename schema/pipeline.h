/*
 * The whole way of one report, in two halves so that pages can be done by many workers:
 *   page half:   open, read the page (extract/), repair its words (normalize/), find its grids (extract/)
 *   report half: running headers over all pages, tables, records, checks, description
 * A newcomer reads pipeline.c first.
 */
#ifndef TOLKA_SCHEMA_PIPELINE_H
#define TOLKA_SCHEMA_PIPELINE_H

#include "base/error.h"
#include "extract/document.h"
#include "normalize/normalize.h"
#include "schema/record.h"
#include "schema/rules.h"

/* What both halves need; borrowed by every call. */
struct tolka_pipeline {
    const struct tolka_model *model; /* NULL: no repair */
    const struct tolka_rules *rules;
    enum tolka_ocr_mode ocr;
};

/* Page half: fills the empty `page`. `recognizer` is made on first need and kept in `*recognizer` (start with NULL; caller frees). */
enum tolka_status tolka_pipeline_page(const struct tolka_pipeline *pipeline, struct tolka_document *doc, int number,
                                      struct tolka_recognizer **recognizer, struct tolka_page *page, struct tolka_error *err);

/* The end of the page half, for a page that was read already: its grids, and the repair of its words. */
enum tolka_status tolka_pipeline_finish_page(const struct tolka_pipeline *pipeline, struct tolka_page *page, struct tolka_error *err);

/*
 * Report half: fills `record` (its source and earlier problems are already set) from `pages`, in page order; pages that failed are
 * simply not among them. Pages are changed (line roles over all pages).
 */
enum tolka_status tolka_pipeline_report(const struct tolka_pipeline *pipeline, struct tolka_page *pages, size_t page_count,
                                        struct tolka_record *record, struct tolka_error *err);

#endif
