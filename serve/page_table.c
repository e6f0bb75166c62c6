/* One table of a report, with its checks. */
#include "serve/view.h"

#include <string.h>

enum { MAX_CELLS = 6000, MAX_CHECKS = 500 };

struct table {
    struct tolka_view *view;
    int64_t report;
    struct tolka_browse_sheet sheet; /* its texts are not to be used after they were written */
    bool found;
    int row; /* that is open, -1: none */
};

static bool take_sheet(const struct tolka_browse_sheet *sheet, void *data)
{
    struct table *table = data;
    struct tolka_view *view = table->view;

    table->found = true;
    table->sheet = *sheet;
    tolka_view_begin(view, tolka_text_kind(view->language, sheet->kind));
    tolka_html(view->out,
               "<p><a href=\"%sreport/%D\">%s</a> · %s %s · <a href=\"%sreport/%D/page/%d\">%s %d</a></p>",
               view->base, table->report, T(view, REPORT), sheet->name, sheet->caption, view->base,
               table->report, sheet->first_page, T(view, PAGE), sheet->first_page);
    return false;
}

/* The one table; false: there is none, or an error. */
static bool find_sheet(struct table *table, int64_t number)
{
    if (number < 1 || number > INT32_MAX)
        return false;
    tolka_browse_sheets(table->view->store, table->report, (int)number - 1, 1, take_sheet, table,
                        table->view->err);
    return table->found && table->sheet.number == number;
}

static bool take_cell(const struct tolka_browse_cell *cell, void *data)
{
    struct table *table = data;
    struct tolka_view *view = table->view;
    const bool heading = cell->row < table->sheet.header_rows;
    char link[96];

    if (cell->row != table->row)
        tolka_html(view->out, table->row < 0 ? "<tr>" : "</tr>\n<tr>");
    table->row = cell->row;
    tolka_view_cell_link(view, table->report, table->sheet.number, cell->row, cell->column, link,
                         sizeof link);
    if (heading) {
        tolka_html(view->out, "<th scope=\"col\">%s</th>", cell->text);
    } else if (!cell->text[0] && !cell->raw[0]) {
        tolka_html(view->out, "<td></td>");
    } else {
        tolka_html(view->out, "<td class=\"%s\" id=\"r%dc%d\"><a href=\"%s\">%s</a>",
                   cell->has_value ? "n" : "t", cell->row, cell->column, link, cell->text);
        tolka_view_status(view, cell->status);
        tolka_html(view->out, "</td>");
    }
    return true;
}

static bool take_check(const struct tolka_browse_check *check, void *data)
{
    struct table *table = data;
    struct tolka_view *view = table->view;

    if (!table->found) {
        tolka_html(view->out,
                   "<h2>%s</h2><div class=\"wide\" tabindex=\"0\"><table class=\"list\"><thead><tr><th "
                   "scope=\"col\">%s</th>"
                   "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
                   "scope=\"col\">%s</th>"
                   "</tr></thead><tbody>\n",
                   T(view, CHECKS), T(view, RULE), T(view, VERDICT), T(view, EXPECTED), T(view, FOUND),
                   T(view, OFF));
        table->found = true;
    }
    tolka_html(view->out,
               "<tr id=\"check%d\"><td>%s</td><td><span class=\"%s\">%s</span></td><td class=\"n\">%s</td>"
               "<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
               check->position, check->rule, strcmp(check->verdict, "holds") == 0 ? "holds" : "fails",
               tolka_text_verdict(view->language, check->verdict), check->expected, check->found, check->off);
    return true;
}

static void add_more_rows(struct table *table, int from)
{
    struct tolka_view *view = table->view;
    const int columns = table->sheet.column_count > 0 ? table->sheet.column_count : 1;
    const int next = from + MAX_CELLS / columns;

    if (next < table->sheet.row_count)
        tolka_html(view->out, "<p><a class=\"more\" rel=\"next\" href=\"%s%s?row=%d\">%s</a></p>\n",
                   view->base, view->rest, next, T(view, MORE));
}

static void add_rows(struct table *table)
{
    struct tolka_view *view = table->view;
    const int columns = table->sheet.column_count > 0 ? table->sheet.column_count : 1;
    const int from = (int)tolka_request_number(view->request, "row", 0, INT32_MAX, 0);
    const int rows = MAX_CELLS / columns, limit = rows > 0 ? rows * columns : MAX_CELLS;

    tolka_html(view->out, "<div class=\"wide\" tabindex=\"0\"><table class=\"sheet\"><tbody>\n");
    table->row = -1;
    if (from < table->sheet.row_count)
        tolka_browse_cells(view->store, table->report, table->sheet.number, from, limit, take_cell, table,
                           view->err);
    tolka_html(view->out, table->row < 0 ? "</tbody></table></div>\n" : "</tr></tbody></table></div>\n");
    add_more_rows(table, from);
}

int tolka_serve_table(struct tolka_view *view)
{
    struct table table = {.view = view};
    int64_t numbers[2];

    if (!tolka_view_match(view->rest, "report/%/table/%", numbers, 2))
        return 404;
    table.report = numbers[0];
    if (!find_sheet(&table, numbers[1]))
        return view->err->status ? 500 : 404;
    add_rows(&table);
    table.found = false;
    tolka_browse_sheet_checks(view->store, table.report, table.sheet.number, MAX_CHECKS, take_check, &table,
                              view->err);
    if (table.found)
        tolka_html(view->out, "</tbody></table></div>\n");
    tolka_view_end(view);
    return view->err->status ? 500 : 200;
}
