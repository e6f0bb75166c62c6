/* The facts of a record, one a line: every cell below a heading that states a number, with all that is known
 * of it. JSON Lines and CSV. */
#include "schema/write.h"

#include "schema/json.h"
#include "schema/value.h"

#include <string.h>

static const char *const NAMES[] = {
    "sha256", "path", "page",  "report_kind", "organisation", "period_from", "period_to",
    "table",  "kind", "item",  "label",       "column",       "column_from", "column_to",
    "text",   "raw",  "value", "unit",        "confidence",   "status",      "bbox",
};

/* Where a fact stands. */
struct place {
    const struct tolka_record *record;
    const struct tolka_table *table;
    const struct tolka_cell *cell;
    int row, column;
};

typedef void write_fact(const struct place *place, struct tolka_strbuf *out);

static void each_fact(const struct tolka_record *record, write_fact *write, struct tolka_strbuf *out)
{
    struct place place = {.record = record};

    for (size_t t = 0; t < record->table_count; t++) {
        place.table = &record->tables[t];
        for (place.row = place.table->header_rows; place.row < place.table->row_count; place.row++) {
            for (place.column = 1; place.column < place.table->column_count; place.column++) {
                place.cell = tolka_table_cell(place.table, place.row, place.column);
                if (place.cell->has_value)
                    write(&place, out);
            }
        }
    }
}

static const char *label_of(const struct place *place)
{
    return tolka_table_cell(place->table, place->row, 0)->text;
}

static void write_json_fact(const struct place *place, struct tolka_strbuf *out)
{
    struct tolka_json writer = {.out = out}, *json = &writer;
    const struct tolka_record *record = place->record;
    const struct tolka_column *column = &place->table->columns[place->column];

    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "sha256", record->source.sha256[0] ? record->source.sha256 : NULL);
    tolka_json_string(json, "path", record->source.path);
    tolka_json_int(json, "page", place->cell->page);
    tolka_json_string(json, "report_kind", record->report.kind);
    tolka_json_string(json, "organisation", record->report.organisation);
    tolka_json_string(json, "period_from", record->report.period.from);
    tolka_json_string(json, "period_to", record->report.period.to);
    tolka_json_string(json, "table", place->table->id);
    tolka_json_string(json, "kind", place->table->kind);
    tolka_json_string(json, "item", place->table->rows[place->row].item);
    tolka_json_string(json, "label", label_of(place));
    tolka_json_string(json, "column", column->label);
    tolka_json_string(json, "column_from", column->period.from);
    tolka_json_string(json, "column_to", column->period.to);
    tolka_json_string(json, "text", place->cell->text);
    tolka_json_string(json, "raw", place->cell->raw);
    tolka_json_decimal(json, "value", place->cell->value);
    tolka_json_string(json, "unit", tolka_unit_name(place->cell->unit));
    tolka_json_real(json, "confidence", place->cell->confidence);
    tolka_json_string(json, "status", tolka_cell_status_name(place->cell->status));
    tolka_json_box(json, "bbox", place->cell->box);
    tolka_json_close(json, '}');
    tolka_strbuf_add_char(out, '\n');
}

void tolka_write_jsonl(const struct tolka_record *record, struct tolka_strbuf *out)
{
    each_fact(record, write_json_fact, out);
}

/* One field of RFC 4180, with the comma before it unless it is the first. NULL is an empty field. */
static void write_field(struct tolka_strbuf *out, const char *text, bool first)
{
    if (!first)
        tolka_strbuf_add_char(out, ',');
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        tolka_strbuf_add_str(out, text);
        return;
    }
    tolka_strbuf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            tolka_strbuf_add_char(out, '"');
        tolka_strbuf_add_char(out, *text);
    }
    tolka_strbuf_add_char(out, '"');
}

static void write_csv_fact(const struct place *place, struct tolka_strbuf *out)
{
    const struct tolka_record *record = place->record;
    const struct tolka_column *column = &place->table->columns[place->column];
    const struct tolka_box box = place->cell->box;
    struct tolka_strbuf numbers = {0};
    char value[32], confidence[32];

    tolka_decimal_format(place->cell->value, value);
    tolka_json_format_real(place->cell->confidence, confidence);
    write_field(out, record->source.sha256, true);
    write_field(out, record->source.path, false);
    tolka_strbuf_addf(out, ",%d", place->cell->page);
    write_field(out, record->report.kind, false);
    write_field(out, record->report.organisation, false);
    write_field(out, record->report.period.from, false);
    write_field(out, record->report.period.to, false);
    write_field(out, place->table->id, false);
    write_field(out, place->table->kind, false);
    write_field(out, place->table->rows[place->row].item, false);
    write_field(out, label_of(place), false);
    write_field(out, column->label, false);
    write_field(out, column->period.from, false);
    write_field(out, column->period.to, false);
    write_field(out, place->cell->text, false);
    write_field(out, place->cell->raw, false);
    write_field(out, value, false);
    write_field(out, tolka_unit_name(place->cell->unit), false);
    write_field(out, confidence, false);
    write_field(out, tolka_cell_status_name(place->cell->status), false);
    if (!tolka_box_is_empty(box))
        tolka_strbuf_addf(&numbers, "%d %d %d %d", box.x0, box.y0, box.x1, box.y1);
    write_field(out, tolka_strbuf_text(&numbers), false);
    out->failed = out->failed || numbers.failed;
    tolka_strbuf_release(&numbers);
    tolka_strbuf_add_str(out, "\r\n");
}

void tolka_write_csv(const struct tolka_record *record, struct tolka_strbuf *out)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        write_field(out, NAMES[i], i == 0);
    tolka_strbuf_add_str(out, "\r\n");
    each_fact(record, write_csv_fact, out);
}
