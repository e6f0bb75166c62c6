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

/* Where a report stands on its way: what a worker was at when it died. */
enum tolka_stage {
    TOLKA_STAGE_NONE,
    TOLKA_STAGE_OPEN,
    TOLKA_STAGE_READ,
    TOLKA_STAGE_GRIDS,
    TOLKA_STAGE_REPAIR,
    TOLKA_STAGE_LAYOUT,
    TOLKA_STAGE_TABLES,
    TOLKA_STAGE_CHECKS,
    TOLKA_STAGE_DESCRIBE,
    TOLKA_STAGE_WRITE,
};

/* What both halves need; borrowed by every call. */
struct tolka_pipeline {
    const struct tolka_model *model; /* NULL: no repair */
    const struct tolka_rules *rules;
    enum tolka_ocr_mode ocr;
    volatile unsigned char *stage; /* where each enum tolka_stage is told as it begins; NULL: nowhere */
};

/* A word for the stage: "read", "grids", ...; NULL for NONE and what is no stage. Static. */
const char *tolka_stage_name(int stage);

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
