/*
 * One cell with all that is known of it, and its correction by a person: an amendment as a review page writes
 * it (schema/amend.h). It names what the person saw, so that it is refused where the cell says something else
 * by now.
 */
#include "serve/view.h"

#include "ingest/store_corrections.h"
#include "schema/value.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* The cell that an address names. */
struct place {
    struct tolka_view *view;
    int64_t report;
    int sheet, row, column;
    char name[64], sha256[65]; /* of its table; of its report */
    int row_count, column_count;
    struct tolka_browse_cell cell; /* page and box only: its texts are not kept */
    bool found, changed;           /* the cell is there; it does not say what the form was made with */
};

static bool take_sheet(const struct tolka_browse_sheet *sheet, void *data)
{
    struct place *place = data;

    place->found = sheet->number == place->sheet && strlen(sheet->name) < sizeof place->name;
    snprintf(place->name, sizeof place->name, "%s", sheet->name);
    place->row_count = sheet->row_count;
    place->column_count = sheet->column_count;
    return false;
}

/* Finds the table of the cell; false: there is none, or an error. */
static bool find_place(struct place *place)
{
    int64_t numbers[4];

    if (!tolka_view_match(place->view->rest, "report/%/cell/%/%/%", numbers, 4))
        return false;
    for (int i = 1; i < 4; i++) {
        if (numbers[i] > INT32_MAX)
            return false;
    }
    place->report = numbers[0];
    place->sheet = (int)numbers[1];
    place->row = (int)numbers[2];
    place->column = (int)numbers[3];
    tolka_browse_sheets(place->view->store, place->report, place->sheet - 1, 1, take_sheet, place,
                        place->view->err);
    return place->found && place->row < place->row_count && place->column < place->column_count;
}

/* Calls `take` with the cells of the row; it marks the cell found. */
static int look_at_row(struct place *place, bool (*take)(const struct tolka_browse_cell *cell, void *data))
{
    if (!find_place(place))
        return place->view->err->status ? 500 : 404;
    place->found = false;
    tolka_browse_cells(place->view->store, place->report, place->sheet, place->row, place->column_count, take,
                       place, place->view->err);
    if (place->view->err->status)
        return 500;
    return place->found ? 200 : 404;
}

/* ---- What is known of it ---- */

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

static void add_facts(const struct place *place, const struct tolka_browse_cell *cell)
{
    struct tolka_view *view = place->view;
    char value[32];

    tolka_html(view->out, "<dl class=\"about\">");
    add_fact(view, T(view, TEXT_NOW), cell->text);
    add_fact(view, T(view, RAW), cell->raw);
    if (cell->has_value) {
        tolka_decimal_format(cell->value, value);
        add_fact(view, T(view, VALUE), value);
        add_fact(view, T(view, UNIT), cell->unit);
    }
    add_fact(view, T(view, STATUS), tolka_text_status(view->language, cell->status));
    tolka_html(view->out,
               "<div><dt>%s</dt><dd>%d %%</dd></div><div><dt>%s</dt><dd>%d, %d – %d, %d</dd></div></dl>\n",
               T(view, CONFIDENCE), (int)(cell->confidence * 100 + 0.5), T(view, PLACE), cell->box.x0,
               cell->box.y0, cell->box.x1, cell->box.y1);
}

static bool show_cell(const struct tolka_browse_cell *cell, void *data)
{
    struct place *place = data;
    struct tolka_view *view = place->view;

    place->found = cell->row == place->row && cell->column == place->column;
    if (!place->found)
        return true;
    tolka_view_begin(view, cell->text[0] ? cell->text : T(view, CELL));
    if (tolka_request_value(view->request, "saved"))
        tolka_html(view->out, "<p role=\"status\" class=\"holds\">%s</p>\n", T(view, SAVED));
    tolka_html(
        view->out,
        "<p><a href=\"%sreport/%D/table/%d#r%dc%d\">%s</a> · <a href=\"%sreport/%D/page/%d\">%s %d</a></p>\n",
        view->base, place->report, place->sheet, cell->row, cell->column, T(view, BACK), view->base,
        place->report, cell->page, T(view, PAGE), cell->page);
    add_facts(place, cell);
    add_correction_form(view, cell);
    tolka_view_end(view);
    return false;
}

int tolka_serve_cell(struct tolka_view *view)
{
    struct place place = {.view = view};

    return look_at_row(&place, show_cell);
}

/* ---- Its correction ---- */

static const char *sent(const struct tolka_view *view, const char *name)
{
    const char *value = tolka_request_value(view->request, name);

    return value ? value : "";
}

static bool note_cell(const struct tolka_browse_cell *cell, void *data)
{
    struct place *place = data;

    place->found = cell->row == place->row && cell->column == place->column;
    if (!place->found)
        return true;
    place->changed = strcmp(cell->text, sent(place->view, "text")) != 0;
    place->cell = (struct tolka_browse_cell){.page = cell->page, .box = cell->box};
    return false;
}

static bool note_sha256(const struct tolka_store_report *report, void *data)
{
    struct place *place = data;

    snprintf(place->sha256, sizeof place->sha256, "%s", report->sha256);
    return false;
}

/* What the form says, as an amendment whose texts were checked as those of a file are. */
static enum tolka_status make_amendment(const struct place *place, struct tolka_arena *arena,
                                        struct tolka_amendment *amendment, struct tolka_error *err)
{
    const struct tolka_view *view = place->view;
    const bool accepted = strcmp(sent(view, "do"), "accept") == 0;
    const time_t now = time(NULL);
    struct tolka_strbuf line = {0};
    struct tolka_amendment asked = {.page = place->cell.page,
                                    .box = place->cell.box,
                                    .table = place->name,
                                    .row = place->row,
                                    .column = place->column,
                                    .raw = sent(view, "raw"),
                                    .text = sent(view, "text"),
                                    .to = sent(view, accepted ? "text" : "to"),
                                    .by = tolka_request_value(view->request, "by")};
    char at[32];
    struct tm parts;
    enum tolka_status status = TOLKA_ERR_MEMORY;

    if (gmtime_r(&now, &parts) && strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &parts))
        asked.at = at;
    memcpy(asked.sha256, place->sha256, sizeof asked.sha256);
    tolka_amendment_write(&asked, &line);
    if (!line.failed)
        status = tolka_amendment_read(line.data, line.length, arena, amendment, err);
    tolka_strbuf_release(&line);
    return status;
}

static enum tolka_status keep(struct tolka_site *site, const struct tolka_amendment *amendment,
                              struct tolka_amend_outcome *outcome, struct tolka_error *err)
{
    struct tolka_store *store = tolka_site_hold_writer(site, err);
    enum tolka_status status = err->status;

    if (store)
        status = tolka_store_amend(store, site->rules, amendment, 1, outcome, err);
    tolka_site_give_writer(site);
    return status;
}

static int refuse(struct tolka_view *view, const char *reason)
{
    tolka_error_clear(view->err);
    tolka_view_begin(view, T(view, REFUSED));
    tolka_html(view->out, "<p role=\"alert\">%s</p><p><a href=\"%s%s\">%s</a></p>\n", reason, view->base,
               view->rest, T(view, CELL));
    tolka_view_end(view);
    return 409;
}

int tolka_serve_correct(struct tolka_view *view)
{
    struct place place = {.view = view};
    struct tolka_amendment amendment = {0};
    struct tolka_amend_outcome outcome = {0};
    struct tolka_arena arena = {0};
    int status = look_at_row(&place, note_cell);

    if (status == 200 && tolka_browse_report(view->store, place.report, note_sha256, &place, view->err))
        status = 500;
    if (status != 200)
        return status;
    if (place.changed)
        return refuse(view, T(view, CHANGED));
    if (make_amendment(&place, &arena, &amendment, view->err))
        status = refuse(view, view->err->message);
    else if (keep(view->site, &amendment, &outcome, view->err))
        status = 500;
    else if (outcome.result == TOLKA_AMEND_REFUSED)
        status = refuse(view, outcome.reason);
    else {
        status = 303;
        tolka_strbuf_addf(&view->response->location, "%d?saved=1", place.column);
    }
    tolka_arena_release(&arena);
    return status;
}
