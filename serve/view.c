#include "serve/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_link(struct tolka_view *view, const char *to, const char *name)
{
    const size_t length = strcspn(to, "?");
    const bool here = strncmp(view->rest, to, length) == 0 && view->rest[length] == '\0';

    tolka_html(view->out,
               here ? "<li><a href=\"%s%s\" aria-current=\"page\">%s</a></li>"
                    : "<li><a href=\"%s%s\">%s</a></li>",
               view->base, *to ? to : "./", name);
}

/* The same page in the other language, with the same parameters. */
static void add_language_link(struct tolka_view *view)
{
    const enum tolka_language other = view->language == TOLKA_SWEDISH ? TOLKA_ENGLISH : TOLKA_SWEDISH;

    tolka_html(view->out, "<li><a lang=\"%s\" href=\"%s../%s/%s", tolka_language_code(other), view->base,
               tolka_language_code(other), view->rest);
    for (int i = 0; !view->request->post && i < view->request->count; i++)
        tolka_html(view->out, i ? "&amp;%u=%u" : "?%u=%u", view->request->parameters[i].name,
                   view->request->parameters[i].value);
    tolka_html(view->out, "\">%s</a></li>", T(view, OTHER_LANGUAGE));
}

static void add_navigation(struct tolka_view *view)
{
    tolka_html(view->out, "<nav aria-label=\"%s\"><ul>", T(view, ARCHIVE));
    add_link(view, "", T(view, OVERVIEW));
    add_link(view, "reports", T(view, REPORTS));
    add_link(view, "organisations", T(view, ORGANISATIONS));
    add_link(view, "search", T(view, SEARCH));
    add_link(view, "doubtful", T(view, DOUBTFUL));
    add_link(view, "misprints", T(view, MISPRINTS));
    add_link(view, "problems", T(view, PROBLEMS));
    add_language_link(view);
    tolka_html(view->out, "</ul></nav>");
}

void tolka_view_begin(struct tolka_view *view, const char *title)
{
    tolka_html(
        view->out,
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>%s – tolka</title>"
        "<link rel=\"stylesheet\" href=\"%s../style.css\"></head><body>"
        "<a class=\"skip\" href=\"#main\">%s</a><header>",
        tolka_language_code(view->language), title, view->base, T(view, SKIP));
    add_navigation(view);
    tolka_html(view->out, "</header><main id=\"main\"><h1>%s</h1>\n", title);
}

void tolka_view_end(struct tolka_view *view)
{
    tolka_html(view->out, "</main></body></html>\n");
}

bool tolka_list_row(struct tolka_list *list, const char *const *headings)
{
    struct tolka_strbuf *out = list->view->out;

    list->has_more = list->rows == TOLKA_LIST_ROWS;
    if (list->has_more)
        return false;
    if (!list->rows++) {
        tolka_html(out, "<div class=\"wide\" tabindex=\"0\"><table class=\"list\"><thead><tr>");
        for (; *headings; headings++)
            tolka_html(out, "<th scope=\"col\">%s</th>", *headings);
        tolka_html(out, "</tr></thead><tbody>\n");
    }
    tolka_strbuf_truncate(&list->more, 0);
    return true;
}

void tolka_list_end(struct tolka_list *list)
{
    struct tolka_strbuf *out = list->view->out;

    if (list->rows)
        tolka_html(out, "</tbody></table></div>\n");
    else
        tolka_html(out, "<p>%s</p>\n", T(list->view, NOTHING));
    if (list->has_more) { /* made of escaped parts only */
        tolka_html(out, "<p><a class=\"more\" rel=\"next\" href=\"");
        tolka_strbuf_add_str(out, tolka_strbuf_text(&list->more));
        tolka_html(out, "\">%s</a></p>\n", T(list->view, MORE));
    }
    tolka_strbuf_release(&list->more);
}

void tolka_view_cell_link(const struct tolka_view *view, int64_t report, int sheet, int row, int column,
                          char *out, size_t size)
{
    snprintf(out, size, "%sreport/%lld/cell/%d/%d/%d", view->base, (long long)report, sheet, row, column);
}

bool tolka_view_match(const char *rest, const char *pattern, int64_t *numbers, int count)
{
    int found = 0;

    for (; *pattern; pattern++) {
        char *end;
        if (*pattern != '%') {
            if (*rest++ != *pattern)
                return false;
            continue;
        }
        if (found == count || *rest < '0' || *rest > '9' || strspn(rest, "0123456789") > 12)
            return false;
        numbers[found++] = strtoll(rest, &end, 10);
        rest = end;
    }
    return !*rest && found == count;
}

void tolka_view_status(struct tolka_view *view, const char *status)
{
    static const struct {
        const char *status, *sign;
    } SIGNS[] = {{"confirmed", "✓"}, {"repaired", "≈"}, {"doubtful", "?"}, {"corrected", "✎"}};

    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        if (strcmp(status, SIGNS[i].status) == 0)
            tolka_html(view->out,
                       "<span class=\"sign %s\" title=\"%s\">%s<span class=\"said\"> %s</span></span>",
                       SIGNS[i].status, tolka_text_status(view->language, status), SIGNS[i].sign,
                       tolka_text_status(view->language, status));
    }
}

const char *tolka_view_state(const struct tolka_view *view, enum tolka_report_state state)
{
    switch (state) {
    case TOLKA_REPORT_DONE:
        return T(view, STATE_DONE);
    case TOLKA_REPORT_FAILED:
        return T(view, STATE_FAILED);
    case TOLKA_REPORT_WORKING:
        return T(view, STATE_WORKING);
    default:
        return T(view, STATE_WAITING);
    }
}
