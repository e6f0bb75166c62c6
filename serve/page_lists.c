/* Reports, organisations, problems, checks, doubtful figures: lists of fifty that lead to the next fifty. */
#include "serve/view.h"

#include <string.h>

enum { ASKED = TOLKA_LIST_ROWS + 1 };

static int answer(struct tolka_list *list)
{
    tolka_list_end(list);
    tolka_view_end(list->view);
    return list->view->err->status ? 500 : 200;
}

/* A value of the address, NULL unless it is a word as those that we link to. */
static const char *word_of(const struct tolka_view *view, const char *name)
{
    const char *value = tolka_request_value(view->request, name);

    return value && strspn(value, "abcdefghijklmnopqrstuvwxyz_") == strlen(value) ? value : NULL;
}

static const char *text_of(const struct tolka_view *view, const char *name)
{
    const char *value = tolka_request_value(view->request, name);

    return value ? value : "";
}

/* ---- Reports ---- */

static void add_choice(struct tolka_view *view, const char *name, const char *value, const char *text)
{
    const char *chosen = tolka_request_value(view->request, name);

    tolka_html(view->out, "<option value=\"%s\"%s>%s</option>", value,
               strcmp(chosen ? chosen : "", value) == 0 ? " selected" : "", text);
}

static void add_report_filter(struct tolka_view *view)
{
    static const char *const KINDS[] = {"annual_report", "interim_report", "activity_plan",
                                        "audit_report",  "minutes",        "other"};

    tolka_html(view->out, "<form class=\"filter\" method=\"get\"><label>%s <select name=\"state\">",
               T(view, STATE));
    add_choice(view, "state", "", T(view, ALL));
    add_choice(view, "state", "done", T(view, STATE_DONE));
    add_choice(view, "state", "failed", T(view, STATE_FAILED));
    add_choice(view, "state", "queued", T(view, STATE_LEFT));
    tolka_html(view->out, "</select></label> <label>%s <select name=\"kind\">", T(view, KIND));
    add_choice(view, "kind", "", T(view, ALL));
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        add_choice(view, "kind", KINDS[i], tolka_text_kind(view->language, KINDS[i]));
    tolka_html(view->out, "</select></label> <button>%s</button></form>\n", T(view, SHOW));
}

static bool take_report(const struct tolka_store_report *report, void *data)
{
    struct tolka_list *list = data;
    struct tolka_view *view = list->view;
    const char *const headings[] = {T(view, FILE),  T(view, ORGANISATION), T(view, KIND),     T(view, PERIOD),
                                    T(view, PAGES), T(view, STATE),        T(view, PROBLEMS), NULL};

    if (!tolka_list_row(list, headings))
        return false;
    tolka_html(view->out,
               "<tr><td><a href=\"%sreport/%D\">%s</a></td><td>%s</td><td>%s</td><td>%s</td>"
               "<td class=\"n\">%d</td><td>%s</td><td class=\"n\">%d</td></tr>\n",
               view->base, report->report, report->path, report->organisation,
               tolka_text_kind(view->language, report->kind), report->period_to, report->pages,
               tolka_view_state(view, report->state), report->problems);
    tolka_html(&list->more, "reports?state=%u&amp;kind=%u&amp;after=%u&amp;id=%D", text_of(view, "state"),
               text_of(view, "kind"), report->path, report->report);
    return true;
}

int tolka_serve_reports(struct tolka_view *view)
{
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, T(view, REPORTS));
    add_report_filter(view);
    tolka_browse_reports(view->store, word_of(view, "state"), word_of(view, "kind"),
                         tolka_request_value(view->request, "after"),
                         tolka_request_number(view->request, "id", 0, INT64_MAX, 0), ASKED, take_report,
                         &list, view->err);
    return answer(&list);
}

/* ---- Organisations ---- */

static bool take_organisation(const struct tolka_browse_organisation *organisation, void *data)
{
    struct tolka_list *list = data;
    struct tolka_view *view = list->view;
    const char *const headings[] = {T(view, ORGANISATION), T(view, PERIOD), NULL};

    if (!tolka_list_row(list, headings))
        return false;
    tolka_html(view->out, "<tr><td><a href=\"%sorganisation?key=%u\">%s</a></td><td>%s – %s</td></tr>\n",
               view->base, organisation->key, organisation->name, organisation->first, organisation->last);
    tolka_html(&list->more, "organisations?after=%u", organisation->key);
    return true;
}

int tolka_serve_organisations(struct tolka_view *view)
{
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, T(view, ORGANISATIONS));
    tolka_browse_organisations(view->store, text_of(view, "after"), ASKED, take_organisation, &list,
                               view->err);
    return answer(&list);
}

/* ---- Problems ---- */

static bool take_problem(const struct tolka_browse_problem *problem, void *data)
{
    struct tolka_list *list = data;
    struct tolka_view *view = list->view;
    const char *const headings[] = {T(view, FILE), T(view, PAGE), T(view, CODE), T(view, MESSAGE), NULL};

    if (!tolka_list_row(list, headings))
        return false;
    tolka_html(view->out, "<tr><td>");
    if (problem->report)
        tolka_html(view->out, "<a href=\"%sreport/%D\">%s</a></td><td class=\"n\">", view->base,
                   problem->report, problem->path);
    else
        tolka_html(view->out, "%s</td><td>", problem->path);
    if (problem->page)
        tolka_html(view->out, "%d", problem->page);
    tolka_html(view->out, "</td><td><a href=\"%sproblems?code=%u\">%s</a></td><td>%s</td></tr>\n", view->base,
               problem->code, problem->code, problem->message);
    if (problem->report)
        tolka_html(&list->more, "problems?code=%u&amp;r=%D&amp;n=%d", text_of(view, "code"), problem->report,
                   problem->position);
    else
        tolka_html(&list->more, "missing?after=%u", problem->path);
    return true;
}

int tolka_serve_problems(struct tolka_view *view)
{
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, T(view, PROBLEMS));
    tolka_html(view->out, "<p><a href=\"%smissing\">%s</a> · <a href=\"%smisread\">%s</a></p>\n", view->base,
               T(view, MISSING), view->base, T(view, MISREAD));
    tolka_browse_problems(view->store, word_of(view, "code"),
                          tolka_request_number(view->request, "r", 0, INT64_MAX, 0),
                          (int)tolka_request_number(view->request, "n", -1, INT32_MAX, -1), ASKED,
                          take_problem, &list, view->err);
    return answer(&list);
}

int tolka_serve_missing(struct tolka_view *view)
{
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, T(view, MISSING));
    tolka_browse_missing(view->store, text_of(view, "after"), ASKED, take_problem, &list, view->err);
    return answer(&list);
}

/* ---- Checks that do not hold ---- */

static bool take_check(const struct tolka_browse_check *check, void *data)
{
    struct tolka_list *list = data;
    struct tolka_view *view = list->view;
    const char *const headings[] = {T(view, TABLE),    T(view, ORGANISATION), T(view, PERIOD), T(view, RULE),
                                    T(view, EXPECTED), T(view, FOUND),        T(view, OFF),    NULL};

    if (!tolka_list_row(list, headings))
        return false;
    tolka_html(
        view->out,
        "<tr><td><a href=\"%sreport/%D/table/%d#check%d\">%s, %s %d</a></td><td>%s</td><td>%s</td><td>%s</td>"
        "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
        view->base, check->report, check->sheet, check->position,
        tolka_text_kind(view->language, check->kind), T(view, PAGE), check->page,
        check->organisation ? check->organisation : check->path, check->period_to, check->rule,
        check->expected, check->found, check->off);
    tolka_html(&list->more, "%s?r=%D&amp;t=%d&amp;n=%d", view->rest, check->report, check->sheet,
               check->position);
    return true;
}

int tolka_serve_checks(struct tolka_view *view)
{
    const bool misprints = strcmp(view->rest, "misprints") == 0;
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, misprints ? T(view, MISPRINTS) : T(view, MISREAD));
    tolka_html(view->out, "<p>%s</p>\n", misprints ? T(view, MISPRINTS_HELP) : T(view, MISREAD_HELP));
    tolka_browse_checks(view->store, misprints ? "misprint" : "misread",
                        tolka_request_number(view->request, "r", 0, INT64_MAX, 0),
                        (int)tolka_request_number(view->request, "t", 0, INT32_MAX, 0),
                        (int)tolka_request_number(view->request, "n", -1, INT32_MAX, -1), ASKED, take_check,
                        &list, view->err);
    return answer(&list);
}

/* ---- Doubtful figures ---- */

static bool take_doubtful(int64_t place, const struct tolka_browse_figure *figure, const char *text,
                          const char *path, void *data)
{
    struct tolka_list *list = data;
    struct tolka_view *view = list->view;
    const char *const headings[] = {T(view, TEXT_NOW), T(view, ROW_LABEL), T(view, COLUMN),
                                    T(view, TABLE),    T(view, FILE),      NULL};
    char link[96];

    if (!tolka_list_row(list, headings))
        return false;
    tolka_view_cell_link(view, figure->report, figure->sheet, figure->row, figure->column_number, link,
                         sizeof link);
    tolka_html(view->out,
               "<tr><td class=\"n\"><a href=\"%s\">%s</a></td><td>%s</td><td>%s</td><td>%s</td>"
               "<td>%s, %s %d</td></tr>\n",
               link, text, figure->label, figure->column, tolka_text_kind(view->language, figure->kind), path,
               T(view, PAGE), figure->page);
    tolka_html(&list->more, "doubtful?after=%D", place);
    return true;
}

int tolka_serve_doubtful(struct tolka_view *view)
{
    struct tolka_list list = {.view = view};

    tolka_view_begin(view, T(view, DOUBTFUL));
    tolka_browse_doubtful(view->store, tolka_request_number(view->request, "after", 0, INT64_MAX, 0), ASKED,
                          take_doubtful, &list, view->err);
    return answer(&list);
}
