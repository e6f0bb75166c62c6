/* The first page: what the archive holds; and searching it. */
#include "serve/view.h"

#include <string.h>

enum { SEARCH_MS = 5000 };

static void add_count(struct tolka_view *view, const char *name, int64_t count, const char *link)
{
    tolka_html(view->out, "<div><dt>%s</dt><dd><a href=\"%s%s\">%D</a></dd></div>", name, view->base, link,
               count);
}

static void add_search_form(struct tolka_view *view, const char *words)
{
    tolka_html(view->out,
               "<form class=\"search\" role=\"search\" method=\"get\" action=\"%ssearch\"><label "
               "for=\"q\">%s</label>"
               "<input id=\"q\" name=\"q\" type=\"search\" maxlength=\"500\" value=\"%s\"><button>%s</button>"
               "<p class=\"help\">%s</p></form>\n",
               view->base, T(view, SEARCH_FOR), words, T(view, SEARCH), T(view, SEARCH_HELP));
}

int tolka_serve_overview(struct tolka_view *view)
{
    struct tolka_store_counts counts = {0};

    tolka_view_begin(view, T(view, ARCHIVE));
    add_search_form(view, "");
    if (!tolka_site_count(view->site, view->store, &counts, view->err)) {
        tolka_html(view->out, "<dl class=\"counts\">");
        add_count(view, T(view, REPORTS), counts.reports, "reports");
        add_count(view, T(view, STATE_DONE), counts.done, "reports?state=done");
        add_count(view, T(view, STATE_FAILED), counts.failed, "reports?state=failed");
        add_count(view, T(view, STATE_LEFT), counts.waiting + counts.working, "reports?state=queued");
        add_count(view, T(view, PROBLEMS), counts.with_problems, "problems");
        add_count(view, T(view, MISSING), counts.missing, "missing");
        add_count(view, T(view, PAGES), counts.pages_done, "search");
        add_count(view, T(view, FACTS), counts.facts, "organisations");
        tolka_html(view->out, "</dl>\n");
    }
    tolka_view_end(view);
    return view->err->status ? 500 : 200;
}

struct results {
    struct tolka_view *view;
    const char *words;
    int hits;
    int64_t report;
    int page;
    bool has_more, too_long;
};

static bool take_hit(const struct tolka_store_hit *hit, void *data)
{
    struct results *results = data;
    struct tolka_view *view = results->view;

    results->has_more = results->hits == TOLKA_LIST_ROWS;
    if (results->has_more)
        return false;
    if (!results->hits++)
        tolka_html(view->out, "<ol class=\"hits\">\n");
    tolka_html(view->out, "<li><a href=\"%sreport/%D/page/%d\">%s, %s %d</a> <span class=\"of\">%s</span><p>",
               view->base, hit->report, hit->page, hit->organisation ? hit->organisation : hit->path,
               T(view, PAGE), hit->page, hit->period_to);
    tolka_html_snippet(view->out, hit->snippet);
    tolka_html(view->out, "</p></li>\n");
    results->report = hit->report;
    results->page = hit->page;
    return true;
}

/* Within a time: whoever asks for half the language must not keep all others waiting. */
static enum tolka_status walk_hits(struct tolka_view *view, struct results *results)
{
    enum tolka_status status = tolka_browse_limit_time(view->store, SEARCH_MS, view->err);

    if (!status)
        status = tolka_browse_search(view->store, results->words,
                                     tolka_request_number(view->request, "r", 0, INT32_MAX, 0),
                                     (int)tolka_request_number(view->request, "p", 0, 1000000, 0),
                                     TOLKA_LIST_ROWS + 1, take_hit, results, view->err);
    tolka_browse_limit_time(view->store, 0, NULL);
    return status;
}

static void search(struct tolka_view *view, struct results *results)
{
    const enum tolka_status status = walk_hits(view, results);

    if (results->hits)
        tolka_html(view->out, "</ol>\n");
    if (status == TOLKA_ERR_ARGUMENT) {
        tolka_error_clear(view->err);
        tolka_html(view->out, "<p>%s</p>\n", T(view, NO_WORD));
    } else if (status == TOLKA_ERR_TIMEOUT) {
        tolka_error_clear(view->err);
        results->has_more = false;
        results->too_long = true;
        tolka_html(view->out, "<p role=\"alert\">%s</p>\n", T(view, TOO_LONG));
    } else if (!status && !results->hits) {
        tolka_html(view->out, "<p>%s</p>\n", T(view, NOTHING));
    }
    if (results->has_more)
        tolka_html(view->out,
                   "<p><a class=\"more\" rel=\"next\" href=\"search?q=%u&amp;r=%D&amp;p=%d\">%s</a></p>\n",
                   results->words, results->report, results->page, T(view, MORE));
}

int tolka_serve_search(struct tolka_view *view)
{
    struct results results = {.view = view, .words = tolka_request_value(view->request, "q")};

    tolka_view_begin(view, T(view, SEARCH));
    add_search_form(view, results.words ? results.words : "");
    if (results.words)
        search(view, &results);
    tolka_view_end(view);
    return view->err->status ? 500 : results.too_long ? 503 : 200;
}
