/* The report half of one file, in a worker process of its own: what it reads comes of a hostile file. */
#ifndef TOLKA_INGEST_REPORT_WORKER_H
#define TOLKA_INGEST_REPORT_WORKER_H

#include "base/error.h"
#include "schema/pipeline.h"

/*
 * Does what tolka_pipeline_report does, over a copy of `pages` in a worker: `record`, whose source and
 * earlier problems are set, is replaced by the finished one. The pages here get their lines' roles, as from
 * the pipeline. Errors as the pipeline's, CRASH, TIMEOUT, IO: then `record` is as it was.
 */
enum tolka_status tolka_report_in_worker(const struct tolka_pipeline *pipeline, struct tolka_page *pages,
                                         size_t page_count, int timeout_s, struct tolka_record *record,
                                         struct tolka_error *err);

#endif
