/* What the makers of pages share: a page being made, its frame, and lists that go on. serve/ only. */
#ifndef TOLKA_SERVE_VIEW_H
#define TOLKA_SERVE_VIEW_H

#include "ingest/browse.h"
#include "serve/html.h"
#include "serve/request.h"
#include "serve/site.h"
#include "serve/texts.h"

enum { TOLKA_LIST_ROWS = 50 };

/* A page being made. All borrowed. */
struct tolka_view {
    const struct tolka_request *request;
    struct tolka_site *site;
    struct tolka_store *store; /* this thread's own, for reading */
    enum tolka_language language;
    const char *rest; /* the address after the language: "report/5" */
    char base[64];    /* from there back to the language: "../" */
    struct tolka_response *response;
    struct tolka_strbuf *out; /* the response's body */
    struct tolka_error *err;
};

/* Makes a page. Returns the status of HTTP; 500 when view->err is set. */
typedef int tolka_serve_fn(struct tolka_view *view);

/* A text of the pages in the view's language. */
#define T(view, name) tolka_text((view)->language, TOLKA_TEXT_##name)

/* Begins a page, down to its heading; NULL: a title without one. Ends it. */
void tolka_view_begin(struct tolka_view *view, const char *title);
void tolka_view_end(struct tolka_view *view);

/* A list in a page. Each row is preceded by tolka_list_row(), and writes into `more` the address of the list
 * after it. */
struct tolka_list {
    struct tolka_view *view;
    int rows;
    bool has_more;
    struct tolka_strbuf more;
};

/* False when the page is full: the row is not shown. The first row opens a table with these headings (up to
 * NULL). */
bool tolka_list_row(struct tolka_list *list, const char *const *headings);

/* Ends the table: says that there is nothing, or leads to what follows. */
void tolka_list_end(struct tolka_list *list);

/* An address of a cell, into `out` (at least 96 bytes): "report/5/cell/2/3/1", after view->base. */
void tolka_view_cell_link(const struct tolka_view *view, int64_t report, int sheet, int row, int column,
                          char *out, size_t size);

/* The numbers of an address: "report/%/table/%" with a number for each %. False when it is another, or a
 * number is below 0 or too large. */
bool tolka_view_match(const char *rest, const char *pattern, int64_t *numbers, int count);

/* A table's cell with a status: its sign and its name for those who do not see colours. */
void tolka_view_status(struct tolka_view *view, const char *status);

const char *tolka_view_state(const struct tolka_view *view, enum tolka_report_state state);

/* The pages. */
tolka_serve_fn tolka_serve_overview, tolka_serve_reports, tolka_serve_search, tolka_serve_organisations,
    tolka_serve_organisation, tolka_serve_problems, tolka_serve_missing, tolka_serve_checks,
    tolka_serve_doubtful, tolka_serve_report, tolka_serve_table, tolka_serve_cell, tolka_serve_text,
    tolka_serve_correct, tolka_serve_review, tolka_serve_picture, tolka_serve_corrections;

#endif
