/* One report: what it is, its tables and problems; the text of its pages. */
#include "serve/view.h"

#include "base/arena.h"

#include <string.h>

/* A report's page shows so many tables and problems; lists show the rest. */
enum { MAX_SHEETS = 500, MAX_PROBLEMS = 100, MAX_PAGE_LINKS = 2000 };

struct found {
    struct tolka_view *view;
    bool any;
    int pages;
};

static void add_fact(struct tolka_view *view, const char *name, const char *value)
{
    if (value)
        tolka_html(view->out, "<div><dt>%s</dt><dd>%s</dd></div>", name, value);
}

static bool take_report(const struct tolka_store_report *report, void *data)
{
    struct found *found = data;
    struct tolka_view *view = found->view;

    found->any = true;
    found->pages = report->pages;
    tolka_view_begin(view, report->title ? report->title : report->path);
    tolka_html(view->out, "<dl class=\"about\">");
    if (report->organisation)
        tolka_html(view->out, "<div><dt>%s</dt><dd><a href=\"%sorganisation?key=%u\">%s</a></dd></div>",
                   T(view, ORGANISATION), view->base, report->organisation, report->organisation);
    add_fact(view, T(view, KIND), tolka_text_kind(view->language, report->kind));
    if (report->period_to)
        tolka_html(view->out, "<div><dt>%s</dt><dd>%s – %s</dd></div>", T(view, PERIOD), report->period_from,
                   report->period_to);
    add_fact(view, T(view, FILE), report->path);
    add_fact(view, "SHA-256", report->sha256);
    add_fact(view, T(view, STATE), tolka_view_state(view, report->state));
    tolka_html(view->out, "<div><dt>%s</dt><dd>%d</dd></div></dl>\n", T(view, PAGES), report->pages);
    if (report->has_record)
        tolka_html(view->out, "<p><a class=\"more\" href=\"%s%s/review\">%s</a></p>\n", view->base,
                   view->rest, T(view, REVIEW));
    return false;
}

static bool take_sheet(const struct tolka_browse_sheet *sheet, void *data)
{
    struct found *found = data;
    struct tolka_view *view = found->view;

    if (!found->any)
        tolka_html(view->out,
                   "<h2>%s</h2><div class=\"wide\" tabindex=\"0\"><table class=\"list\"><thead><tr><th "
                   "scope=\"col\">%s</th>"
                   "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
                   "scope=\"col\">%s</th></tr></thead><tbody>\n",
                   T(view, TABLES), T(view, TABLE), T(view, PAGE), T(view, ROWS), T(view, CHECKS_FAILED));
    found->any = true;
    tolka_html(view->out, "<tr><td><a href=\"%s%s/table/%d\">%s %s</a> %s</td>", view->base, view->rest,
               sheet->number, sheet->name, tolka_text_kind(view->language, sheet->kind), sheet->caption);
    tolka_html(view->out, "<td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">", sheet->first_page,
               sheet->row_count);
    if (sheet->failed_checks)
        tolka_html(view->out, "%d", sheet->failed_checks);
    tolka_html(view->out, "</td></tr>\n");
    return true;
}

struct problems {
    struct tolka_view *view;
    int64_t report;
    bool any;
};

static bool take_problem(const struct tolka_browse_problem *problem, void *data)
{
    struct problems *problems = data;
    struct tolka_view *view = problems->view;

    if (problem->report != problems->report)
        return false;
    tolka_html(view->out, problems->any ? "<li>" : "<h2>%s</h2><ul>\n<li>", T(view, PROBLEMS));
    problems->any = true;
    if (problem->page)
        tolka_html(view->out, "%s %d: ", T(view, PAGE), problem->page);
    tolka_html(view->out, "<code>%s</code> %s</li>\n", problem->code, problem->message);
    return true;
}

static void add_page_links(struct tolka_view *view, int pages)
{
    if (pages > MAX_PAGE_LINKS)
        pages = MAX_PAGE_LINKS;
    tolka_html(view->out, "<h2>%s</h2><p class=\"pages\">", T(view, PAGES));
    for (int page = 1; page <= pages; page++)
        tolka_html(view->out, "<a href=\"%s%s/page/%d\">%d</a> ", view->base, view->rest, page, page);
    tolka_html(view->out, "</p>\n");
}

int tolka_serve_report(struct tolka_view *view)
{
    struct found found = {.view = view};
    struct problems problems = {.view = view};

    if (!tolka_view_match(view->rest, "report/%", &problems.report, 1))
        return 404;
    if (tolka_browse_report(view->store, problems.report, take_report, &found, view->err))
        return 500;
    if (!found.any)
        return 404;
    found.any = false;
    tolka_browse_sheets(view->store, problems.report, 0, MAX_SHEETS, take_sheet, &found, view->err);
    if (found.any)
        tolka_html(view->out, "</tbody></table></div>\n");
    tolka_browse_problems(view->store, NULL, problems.report, -1, MAX_PROBLEMS, take_problem, &problems,
                          view->err);
    if (problems.any)
        tolka_html(view->out, "</ul>\n");
    add_page_links(view, found.pages);
    tolka_view_end(view);
    return view->err->status ? 500 : 200;
}

int tolka_serve_text(struct tolka_view *view)
{
    struct tolka_strbuf text = {0};
    int64_t numbers[2];
    bool found = false;
    int page;

    if (!tolka_view_match(view->rest, "report/%/page/%", numbers, 2) || numbers[1] > 1000000)
        return 404;
    page = (int)numbers[1];
    if (tolka_browse_page(view->store, numbers[0], page, &found, &text, view->err))
        return 500;
    if (found) {
        tolka_view_begin(view, T(view, PAGE));
        tolka_html(view->out, "<p><a href=\"%sreport/%D\">%s</a>", view->base, numbers[0], T(view, REPORT));
        if (page > 1)
            tolka_html(view->out, " · <a rel=\"prev\" href=\"%sreport/%D/page/%d\">%s</a>", view->base,
                       numbers[0], page - 1, T(view, PREVIOUS_PAGE));
        tolka_html(
            view->out,
            " · %d · <a rel=\"next\" href=\"%sreport/%D/page/%d\">%s</a></p><pre class=\"page\">%s</pre>\n",
            page, view->base, numbers[0], page + 1, T(view, NEXT_PAGE), tolka_strbuf_text(&text));
        tolka_view_end(view);
    }
    tolka_strbuf_release(&text);
    return found ? 200 : 404;
}
