/* The facts of a record, one a line: every cell below a heading that states a number, with all that is known
 * of it. JSON Lines and CSV. */
#include "schema/write.h"

#include "schema/json.h"
#include "schema/value.h"

#include <stdio.h>
#include <string.h>

static const char *const NAMES[] = {
    "sha256", "path", "page",  "report_kind", "organisation", "period_from", "period_to",
    "table",  "kind", "item",  "label",       "column",       "column_from", "column_to",
    "text",   "raw",  "value", "unit",        "confidence",   "status",      "bbox",
};

bool tolka_cell_is_fact(const struct tolka_table *table, int row, int column)
{
    return row >= table->header_rows && column >= 1 && tolka_table_cell(table, row, column)->has_value;
}

static struct tolka_fact make_fact(const struct tolka_record *record, const struct tolka_table *table,
                                   int row, int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const struct tolka_column *head = &table->columns[column];

    return (struct tolka_fact){
        .sha256 = record->source.sha256[0] ? record->source.sha256 : NULL,
        .path = record->source.path,
        .page = cell->page,
        .report_kind = record->report.kind,
        .organisation = record->report.organisation,
        .period_from = record->report.period.from,
        .period_to = record->report.period.to,
        .table = table->id,
        .kind = table->kind,
        .item = table->rows[row].item,
        .label = tolka_table_cell(table, row, 0)->text,
        .column = head->label,
        .column_from = head->period.from,
        .column_to = head->period.to,
        .text = cell->text,
        .raw = cell->raw,
        .value = cell->value,
        .unit = tolka_unit_name(cell->unit),
        .confidence = cell->confidence,
        .status = tolka_cell_status_name(cell->status),
        .box = cell->box,
    };
}

static void each_fact(const struct tolka_record *record,
                      void (*write)(const struct tolka_fact *fact, struct tolka_strbuf *out),
                      struct tolka_strbuf *out)
{
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        for (int row = table->header_rows; row < table->row_count; row++) {
            for (int column = 1; column < table->column_count; column++) {
                if (tolka_cell_is_fact(table, row, column)) {
                    const struct tolka_fact fact = make_fact(record, table, row, column);

                    write(&fact, out);
                }
            }
        }
    }
}

void tolka_write_fact_json(const struct tolka_fact *fact, struct tolka_strbuf *out)
{
    struct tolka_json writer = {.out = out}, *json = &writer;

    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "sha256", fact->sha256);
    tolka_json_string(json, "path", fact->path);
    tolka_json_int(json, "page", fact->page);
    tolka_json_string(json, "report_kind", fact->report_kind);
    tolka_json_string(json, "organisation", fact->organisation);
    tolka_json_string(json, "period_from", fact->period_from);
    tolka_json_string(json, "period_to", fact->period_to);
    tolka_json_string(json, "table", fact->table);
    tolka_json_string(json, "kind", fact->kind);
    tolka_json_string(json, "item", fact->item);
    tolka_json_string(json, "label", fact->label);
    tolka_json_string(json, "column", fact->column);
    tolka_json_string(json, "column_from", fact->column_from);
    tolka_json_string(json, "column_to", fact->column_to);
    tolka_json_string(json, "text", fact->text);
    tolka_json_string(json, "raw", fact->raw);
    tolka_json_decimal(json, "value", fact->value);
    tolka_json_string(json, "unit", fact->unit);
    tolka_json_real(json, "confidence", fact->confidence);
    tolka_json_string(json, "status", fact->status);
    tolka_json_box(json, "bbox", fact->box);
    tolka_json_close(json, '}');
    tolka_strbuf_add_char(out, '\n');
}

void tolka_write_jsonl(const struct tolka_record *record, struct tolka_strbuf *out)
{
    each_fact(record, tolka_write_fact_json, out);
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

void tolka_write_table_csv(const struct tolka_table *table, struct tolka_strbuf *out)
{
    for (int row = 0; row < table->row_count; row++) {
        for (int column = 0; column < table->column_count; column++)
            write_field(out, tolka_table_cell(table, row, column)->text, column == 0);
        tolka_strbuf_add_str(out, "\r\n");
    }
}

void tolka_write_fact_csv(const struct tolka_fact *fact, struct tolka_strbuf *out)
{
    const struct tolka_box box = fact->box;
    char value[32], confidence[32], place[64] = "";

    tolka_decimal_format(fact->value, value);
    tolka_json_format_real(fact->confidence, confidence);
    write_field(out, fact->sha256 ? fact->sha256 : "", true);
    write_field(out, fact->path, false);
    tolka_strbuf_addf(out, ",%d", fact->page);
    write_field(out, fact->report_kind, false);
    write_field(out, fact->organisation, false);
    write_field(out, fact->period_from, false);
    write_field(out, fact->period_to, false);
    write_field(out, fact->table, false);
    write_field(out, fact->kind, false);
    write_field(out, fact->item, false);
    write_field(out, fact->label, false);
    write_field(out, fact->column, false);
    write_field(out, fact->column_from, false);
    write_field(out, fact->column_to, false);
    write_field(out, fact->text, false);
    write_field(out, fact->raw, false);
    write_field(out, value, false);
    write_field(out, fact->unit, false);
    write_field(out, confidence, false);
    write_field(out, fact->status, false);
    if (!tolka_box_is_empty(box))
        snprintf(place, sizeof place, "%d %d %d %d", box.x0, box.y0, box.x1, box.y1);
    write_field(out, place, false);
    tolka_strbuf_add_str(out, "\r\n");
}

void tolka_write_csv_head(struct tolka_strbuf *out)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        write_field(out, NAMES[i], i == 0);
    tolka_strbuf_add_str(out, "\r\n");
}

void tolka_write_csv(const struct tolka_record *record, struct tolka_strbuf *out)
{
    tolka_write_csv_head(out);
    each_fact(record, tolka_write_fact_csv, out);
}
