/* One table of a report with its checks, and one cell with all that is known of it. */
#include "serve/view.h"

#include "schema/value.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CELLS = 6000, MAX_CHECKS = 500 };

struct table {
    struct tolka_view *view;
    int64_t report;
    struct tolka_browse_sheet sheet; /* its texts are not to be used after they were written */
    bool found;
    int row;   /* that is open, -1: none */
    int asked; /* of a cell page: the column; else -1 */
};

static bool take_sheet(const struct tolka_browse_sheet *sheet, void *data)
{
    struct table *table = data;
    struct tolka_view *view = table->view;

    table->found = true;
    table->sheet = *sheet;
    if (table->asked < 0) {
        tolka_view_begin(view, tolka_text_kind(view->language, sheet->kind));
        tolka_html(
            view->out,
            "<p><a href=\"%sreport/%D\">%s</a> · %s %s · <a href=\"%sreport/%D/page/%d\">%s %d</a></p>",
            view->base, table->report, T(view, REPORT), sheet->name, sheet->caption, view->base,
            table->report, sheet->first_page, T(view, PAGE), sheet->first_page);
    }
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
    struct table table = {.view = view, .asked = -1};
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

/* ---- One cell ---- */

static void add_fact(struct tolka_view *view, const char *name, const char *value)
{
    tolka_html(view->out, "<div><dt>%s</dt><dd>%s</dd></div>", name, value);
}

static void add_correction_form(struct tolka_view *view, const struct tolka_browse_cell *cell)
{
    if (view->site->read_only) {
        tolka_html(view->out, "<p>%s</p>\n", T(view, READ_ONLY));
        return;
    }
    tolka_html(
        view->out,
        "<form class=\"correct\" method=\"post\" action=\"%s%s\"><input type=\"hidden\" name=\"token\" "
        "value=\"%s\">"
        "<input type=\"hidden\" name=\"raw\" value=\"%s\"><input type=\"hidden\" name=\"text\" value=\"%s\">",
        view->base, view->rest, view->site->token, cell->raw, cell->text);
    tolka_html(
        view->out,
        "<p><label for=\"to\">%s</label><input id=\"to\" name=\"to\" value=\"%s\" maxlength=\"4000\"></p>"
        "<p><label for=\"by\">%s</label><input id=\"by\" name=\"by\" maxlength=\"200\" "
        "autocomplete=\"name\"></p>"
        "<p><button name=\"do\" value=\"correct\">%s</button> <button name=\"do\" "
        "value=\"accept\">%s</button></p>"
        "</form>\n",
        T(view, RIGHT_TEXT), cell->text, T(view, YOUR_NAME), T(view, CORRECT_IT), T(view, ACCEPT_IT));
}

static bool take_one_cell(const struct tolka_browse_cell *cell, void *data)
{
    struct table *table = data;
    struct tolka_view *view = table->view;
    char value[32];

    if (cell->row != table->row || cell->column != table->asked)
        return true;
    table->found = true;
    tolka_view_begin(view, cell->text[0] ? cell->text : T(view, CELL));
    tolka_html(
        view->out,
        "<p><a href=\"%sreport/%D/table/%d#r%dc%d\">%s</a> · <a href=\"%sreport/%D/page/%d\">%s %d</a></p>"
        "<dl class=\"about\">",
        view->base, table->report, table->sheet.number, cell->row, cell->column, T(view, BACK), view->base,
        table->report, cell->page, T(view, PAGE), cell->page);
    add_fact(view, T(view, TEXT_NOW), cell->text);
    add_fact(view, T(view, RAW), cell->raw);
    if (cell->has_value) {
        tolka_decimal_format(cell->value, value);
        add_fact(view, T(view, VALUE), value);
        add_fact(view, T(view, UNIT), cell->unit);
    }
    add_fact(view, T(view, STATUS), tolka_text_status(view->language, cell->status));
    tolka_html(view->out, "<div><dt>%s</dt><dd>%d %%</dd></div>", T(view, CONFIDENCE),
               (int)(cell->confidence * 100 + 0.5));
    tolka_html(view->out, "<div><dt>%s</dt><dd>%d, %d – %d, %d</dd></div></dl>\n", T(view, PLACE),
               cell->box.x0, cell->box.y0, cell->box.x1, cell->box.y1);
    add_correction_form(view, cell);
    tolka_view_end(view);
    return false;
}

int tolka_serve_cell(struct tolka_view *view)
{
    struct table table = {.view = view};
    int64_t numbers[4];

    if (!tolka_view_match(view->rest, "report/%/cell/%/%/%", numbers, 4) || numbers[2] > INT32_MAX ||
        numbers[3] > INT32_MAX)
        return 404;
    table.report = numbers[0];
    if (!find_sheet(&table, numbers[1]))
        return view->err->status ? 500 : 404;
    table.row = (int)numbers[2];
    table.asked = (int)numbers[3];
    table.found = false;
    if (table.row < table.sheet.row_count && table.asked < table.sheet.column_count)
        tolka_browse_cells(view->store, table.report, table.sheet.number, table.row, table.sheet.column_count,
                           take_one_cell, &table, view->err);
    if (view->err->status)
        return 500;
    return table.found ? 200 : 404;
}
