/*
 * Looking into a store page by page, for one who leafs through it (serve/): lists that go on after a place,
 * each call as quick at the end of a large store as at its beginning. Part of the store's interface
 * (store.h): the same rules for handles, errors and borrowed strings. Every `take` returns false to stop;
 * `limit` bounds the calls.
 */
#ifndef TOLKA_INGEST_BROWSE_H
#define TOLKA_INGEST_BROWSE_H

#include "ingest/store.h"

/* ---- Reports ---- */

/* A report as listed: as in tolka_store_each_report, by path. */
typedef bool tolka_browse_report_fn(const struct tolka_store_report *report, void *data);

/* Reports of a state ("done", "failed", "queued") or kind, NULL: any, that come after `path` and `report`
 * (NULL and 0: from the first). */
enum tolka_status tolka_browse_reports(struct tolka_store *store, const char *state, const char *kind,
                                       const char *path, int64_t report, int limit,
                                       tolka_browse_report_fn *take, void *data, struct tolka_error *err);

/* The one report; `take` is not called when there is none. */
enum tolka_status tolka_browse_report(struct tolka_store *store, int64_t report, tolka_browse_report_fn *take,
                                      void *data, struct tolka_error *err);

/* The text of a page of a report, appended to `text`; `*found` false: there is no such page. */
enum tolka_status tolka_browse_page(struct tolka_store *store, int64_t report, int page, bool *found,
                                    struct tolka_strbuf *text, struct tolka_error *err);

/* The size and place of a page as its record tells them, but for its text. `*found` as above. */
enum tolka_status tolka_browse_page_frame(struct tolka_store *store, int64_t report, int page, bool *found,
                                          struct tolka_page_summary *frame, struct tolka_error *err);

/* ---- Organisations and their figures ---- */

struct tolka_browse_organisation {
    const char *key; /* its name in lower case: what it is found by */
    const char *name;
    const char *first, *last; /* the ends of its earliest and latest report's period; NULL: none says */
};

/* Organisations by key, after `key` ("": from the first). */
enum tolka_status
tolka_browse_organisations(struct tolka_store *store, const char *key, int limit,
                           bool (*take)(const struct tolka_browse_organisation *organisation, void *data),
                           void *data, struct tolka_error *err);

/* The reports of the organisation called `name`, in any case, the latest period first, those without one
 * last: what comes after the end `before` ("": none) and the report's number ("9999" and 0: from the first).
 */
enum tolka_status tolka_browse_reports_of(struct tolka_store *store, const char *name, const char *before,
                                          int64_t report, int limit, tolka_browse_report_fn *take, void *data,
                                          struct tolka_error *err);

/* A figure of a report: a fact whose line is a known item. */
struct tolka_browse_figure {
    const char *item, *kind, *label, *column, *role; /* role of its column, NULL unknown */
    const char *period_to, *report_to;               /* the figure's end of period, and its report's */
    struct tolka_decimal value;
    const char *unit, *status;
    int64_t report;
    int sheet, row, column_number, page;
};

/* The figures of those reports, in no order. */
enum tolka_status tolka_browse_figures(struct tolka_store *store, const char *name, const char *before,
                                       int64_t report, int report_limit, int limit,
                                       bool (*take)(const struct tolka_browse_figure *figure, void *data),
                                       void *data, struct tolka_error *err);

/* ---- Tables ---- */

struct tolka_browse_sheet {
    int number; /* from 1 */
    const char *name, *kind, *caption, *unit;
    int first_page, last_page, header_rows, row_count, column_count;
    int failed_checks;
};

/* The tables of a report after `number` (0: from the first). */
enum tolka_status tolka_browse_sheets(struct tolka_store *store, int64_t report, int number, int limit,
                                      bool (*take)(const struct tolka_browse_sheet *sheet, void *data),
                                      void *data, struct tolka_error *err);

struct tolka_browse_cell {
    int row, column, page;
    struct tolka_box box;
    const char *text, *raw, *status, *unit;
    bool has_value;
    struct tolka_decimal value;
    double confidence;
};

/* The cells of a table from `row` on, row by row; `limit` counts cells. */
enum tolka_status tolka_browse_cells(struct tolka_store *store, int64_t report, int sheet, int row, int limit,
                                     bool (*take)(const struct tolka_browse_cell *cell, void *data),
                                     void *data, struct tolka_error *err);

struct tolka_browse_check {
    int64_t report;
    int sheet, position, page;
    const char *rule, *cells, *expected, *found, *off, *verdict; /* cells: [[row,column],...] */
    const char *path, *organisation, *period_to, *kind;          /* of the report; of the table */
};

/* The checks of a table, by position. */
enum tolka_status tolka_browse_sheet_checks(struct tolka_store *store, int64_t report, int sheet, int limit,
                                            bool (*take)(const struct tolka_browse_check *check, void *data),
                                            void *data, struct tolka_error *err);

/* The checks of the store with this verdict ("misprint", "misread"), after a place (0, 0, -1: from the
 * first). */
enum tolka_status tolka_browse_checks(struct tolka_store *store, const char *verdict, int64_t report,
                                      int sheet, int position, int limit,
                                      bool (*take)(const struct tolka_browse_check *check, void *data),
                                      void *data, struct tolka_error *err);

/* ---- Problems, and what is doubtful ---- */

struct tolka_browse_problem {
    int64_t report;
    int position, page; /* 0: of the report as a whole */
    const char *path, *code, *message;
};

/* The problems of reports after a place (0, -1: from the first), with this code (NULL: any). */
enum tolka_status tolka_browse_problems(struct tolka_store *store, const char *code, int64_t report,
                                        int position, int limit,
                                        bool (*take)(const struct tolka_browse_problem *problem, void *data),
                                        void *data, struct tolka_error *err);

/* Files that could not be taken in, after `path`. */
enum tolka_status tolka_browse_missing(struct tolka_store *store, const char *path, int limit,
                                       bool (*take)(const struct tolka_browse_problem *problem, void *data),
                                       void *data, struct tolka_error *err);

/* Doubtful figures after the place `after` (0: from the first); `place` is the figure's. */
enum tolka_status tolka_browse_doubtful(struct tolka_store *store, int64_t after, int limit,
                                        bool (*take)(int64_t place, const struct tolka_browse_figure *figure,
                                                     const char *text, const char *path, void *data),
                                        void *data, struct tolka_error *err);

/* ---- Words ---- */

/* From now on a call that takes longer than `limit_ms` fails with TIMEOUT; 0: as long as it takes. A search
 * for the beginning of millions of words takes seconds. */
enum tolka_status tolka_browse_limit_time(struct tolka_store *store, int limit_ms, struct tolka_error *err);

/* As tolka_store_search, but by place, after a page of a report (0, 0: from the first), and no more than
 * `limit`. */
enum tolka_status tolka_browse_search(struct tolka_store *store, const char *words, int64_t report, int page,
                                      int limit, bool (*take)(const struct tolka_store_hit *hit, void *data),
                                      void *data, struct tolka_error *err);

#endif
