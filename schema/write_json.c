/* The record as JSON, format 1. Every key is always there, but for who corrected and when; the order of the
 * keys is part of the format's look, not of its meaning. */
#include "schema/write.h"

#include "schema/json.h"

enum { FORMAT_VERSION = 1 };

static void write_period(struct tolka_json *json, const struct tolka_period *period)
{
    tolka_json_open(json, "period", '{');
    tolka_json_string(json, "from", period->from);
    tolka_json_string(json, "to", period->to);
    tolka_json_close(json, '}');
}

static void write_source(struct tolka_json *json, const struct tolka_record *record)
{
    tolka_json_open(json, "source", '{');
    tolka_json_string(json, "path", record->source.path);
    tolka_json_string(json, "sha256", record->source.sha256[0] ? record->source.sha256 : NULL);
    tolka_json_int(json, "bytes", record->source.bytes);
    tolka_json_int(json, "pages", record->source.pages);
    tolka_json_close(json, '}');
}

static void write_report(struct tolka_json *json, const struct tolka_record *record)
{
    tolka_json_open(json, "report", '{');
    tolka_json_string(json, "kind", record->report.kind);
    tolka_json_string(json, "title", record->report.title);
    tolka_json_string(json, "organisation", record->report.organisation);
    tolka_json_string(json, "orgnr", record->report.orgnr);
    tolka_json_string(json, "dnr", record->report.dnr);
    write_period(json, &record->report.period);
    tolka_json_string(json, "decided", record->report.decided);
    tolka_json_close(json, '}');
}

static void write_page(struct tolka_json *json, const struct tolka_page_summary *page)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "page", page->page);
    tolka_json_int(json, "width", page->width);
    tolka_json_int(json, "height", page->height);
    tolka_json_int(json, "dpi", page->dpi);
    tolka_json_string(json, "origin", page->origin == TOLKA_ORIGIN_TEXT ? "text" : "ocr");
    tolka_json_int(json, "rotation", page->rotation_deg);
    tolka_json_real(json, "skew", page->skew_deg);
    tolka_json_real(json, "confidence", page->confidence);
    tolka_json_string(json, "text", page->text ? page->text : "");
    tolka_json_close(json, '}');
}

static void write_section(struct tolka_json *json, const struct tolka_section *section)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "level", section->level);
    tolka_json_string(json, "number", section->number);
    tolka_json_string(json, "title", section->title);
    tolka_json_int(json, "page", section->page);
    tolka_json_close(json, '}');
}

static void write_cell(struct tolka_json *json, const struct tolka_cell *cell)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "text", cell->text);
    tolka_json_string(json, "raw", cell->raw);
    if (cell->has_value)
        tolka_json_decimal(json, "value", cell->value);
    else
        tolka_json_null(json, "value");
    tolka_json_string(json, "unit", cell->has_value ? tolka_unit_name(cell->unit) : NULL);
    tolka_json_int(json, "page", cell->page);
    tolka_json_box(json, "bbox", cell->box);
    tolka_json_real(json, "confidence", cell->confidence);
    tolka_json_string(json, "status", tolka_cell_status_name(cell->status));
    tolka_json_close(json, '}');
}

static void write_row(struct tolka_json *json, const struct tolka_table *table, int row)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "item", table->rows[row].item);
    tolka_json_bool(json, "is_total", table->rows[row].is_total);
    tolka_json_bool(json, "is_group", table->rows[row].is_group);
    tolka_json_open(json, "cells", '[');
    for (int c = 0; c < table->column_count; c++)
        write_cell(json, tolka_table_cell(table, row, c));
    tolka_json_close(json, ']');
    tolka_json_close(json, '}');
}

/* [sign, row, column], and the table's id where it is another one than the check's. */
static void write_addend(struct tolka_json *json, const struct tolka_record *record,
                         const struct tolka_table *table, const struct tolka_check_addend *addend)
{
    const struct tolka_table *other = &record->tables[addend->table];

    tolka_json_open(json, NULL, '[');
    tolka_json_int(json, NULL, addend->sign);
    tolka_json_int(json, NULL, addend->row);
    tolka_json_int(json, NULL, addend->column);
    if (other != table)
        tolka_json_string(json, NULL, other->id);
    tolka_json_close(json, ']');
}

static void write_check(struct tolka_json *json, const struct tolka_record *record,
                        const struct tolka_table *table, const struct tolka_check *check)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "rule", check->rule);
    tolka_json_int(json, "page", check->page);
    tolka_json_open(json, "cells", '[');
    for (size_t i = 0; i < check->cell_count; i++) {
        tolka_json_open(json, NULL, '[');
        tolka_json_int(json, NULL, check->cells[i].row);
        tolka_json_int(json, NULL, check->cells[i].column);
        tolka_json_close(json, ']');
    }
    tolka_json_close(json, ']');
    tolka_json_open(json, "addends", '[');
    for (size_t i = 0; i < check->addend_count; i++)
        write_addend(json, record, table, &check->addends[i]);
    tolka_json_close(json, ']');
    tolka_json_decimal(json, "whole", check->whole);
    tolka_json_bool(json, "slack", check->slack);
    tolka_json_decimal(json, "expected", check->expected);
    tolka_json_decimal(json, "found", check->found);
    tolka_json_decimal(json, "off", check->off);
    tolka_json_string(json, "verdict", tolka_verdict_name(check->verdict));
    tolka_json_close(json, '}');
}

static void write_columns(struct tolka_json *json, const struct tolka_table *table)
{
    tolka_json_open(json, "columns", '[');
    for (int c = 0; c < table->column_count; c++) {
        const struct tolka_column *column = &table->columns[c];

        tolka_json_line(json);
        tolka_json_open(json, NULL, '{');
        tolka_json_string(json, "label", column->label);
        write_period(json, &column->period);
        tolka_json_string(json, "unit", tolka_unit_name(column->unit));
        tolka_json_string(json, "role", column->role);
        tolka_json_close(json, '}');
    }
    tolka_json_close(json, ']');
}

static void write_table(struct tolka_json *json, const struct tolka_record *record,
                        const struct tolka_table *table)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "id", table->id);
    tolka_json_string(json, "kind", table->kind);
    tolka_json_string(json, "caption", table->caption);
    tolka_json_string(json, "unit", tolka_unit_name(table->unit));
    tolka_json_open(json, "pages", '[');
    for (size_t i = 0; i < table->page_count; i++)
        tolka_json_int(json, NULL, table->pages[i]);
    tolka_json_close(json, ']');
    tolka_json_box(json, "bbox", table->box);
    tolka_json_int(json, "header_rows", table->header_rows);
    tolka_json_line(json);
    write_columns(json, table);
    tolka_json_line(json);
    tolka_json_open(json, "rows", '[');
    for (int r = 0; r < table->row_count; r++) {
        tolka_json_line(json);
        write_row(json, table, r);
    }
    tolka_json_close(json, ']');
    tolka_json_line(json);
    tolka_json_open(json, "checks", '[');
    for (size_t i = 0; i < table->check_count; i++) {
        tolka_json_line(json);
        write_check(json, record, table, &table->checks[i]);
    }
    tolka_json_close(json, ']');
    tolka_json_close(json, '}');
}

static void write_goal(struct tolka_json *json, const struct tolka_goal *goal)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "goal", goal->goal);
    tolka_json_string(json, "activity", goal->activity);
    tolka_json_string(json, "assessment", goal->assessment);
    tolka_json_string(json, "fulfilment", goal->fulfilment);
    tolka_json_int(json, "page", goal->page);
    tolka_json_string(json, "table", goal->table);
    tolka_json_close(json, '}');
}

static void write_signature(struct tolka_json *json, const struct tolka_signature *signature)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "name", signature->name);
    tolka_json_string(json, "role", signature->role);
    tolka_json_string(json, "place", signature->place);
    tolka_json_int(json, "page", signature->page);
    tolka_json_close(json, '}');
}

static void write_correction(struct tolka_json *json, const struct tolka_correction *correction)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "page", correction->page);
    tolka_json_box(json, "bbox", correction->box);
    tolka_json_string(json, "from", correction->from);
    tolka_json_string(json, "to", correction->to);
    tolka_json_real(json, "confidence", correction->confidence);
    tolka_json_string(json, "reason", correction->reason);
    if (correction->line) {
        tolka_json_int(json, "line", correction->line);
        tolka_json_int(json, "word", correction->word);
    }
    if (correction->by)
        tolka_json_string(json, "by", correction->by);
    if (correction->at)
        tolka_json_string(json, "at", correction->at);
    tolka_json_close(json, '}');
}

static void write_problem(struct tolka_json *json, const struct tolka_diag *problem)
{
    tolka_json_open(json, NULL, '{');
    if (problem->page > 0)
        tolka_json_int(json, "page", problem->page);
    else
        tolka_json_null(json, "page");
    tolka_json_string(json, "code", problem->code);
    tolka_json_string(json, "message", problem->message);
    tolka_json_close(json, '}');
}

/* An array of the record under `key`, an element a line. */
#define WRITE_LIST(json, key, items, count, write)                                                           \
    do {                                                                                                     \
        tolka_json_line(json);                                                                               \
        tolka_json_open(json, key, '[');                                                                     \
        for (size_t i_ = 0; i_ < (count); i_++) {                                                            \
            tolka_json_line(json);                                                                           \
            write(json, &(items)[i_]);                                                                       \
        }                                                                                                    \
        tolka_json_close(json, ']');                                                                         \
    } while (0)

void tolka_write_json(const struct tolka_record *record, struct tolka_strbuf *out)
{
    struct tolka_json writer = {.out = out}, *json = &writer;

    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "tolka", TOLKA_VERSION);
    tolka_json_int(json, "format", FORMAT_VERSION);
    tolka_json_line(json);
    write_source(json, record);
    tolka_json_line(json);
    write_report(json, record);
    WRITE_LIST(json, "pages", record->pages, record->page_count, write_page);
    WRITE_LIST(json, "sections", record->sections, record->section_count, write_section);
    tolka_json_line(json);
    tolka_json_open(json, "tables", '[');
    for (size_t i = 0; i < record->table_count; i++) {
        tolka_json_line(json);
        write_table(json, record, &record->tables[i]);
    }
    tolka_json_close(json, ']');
    WRITE_LIST(json, "goals", record->goals, record->goal_count, write_goal);
    WRITE_LIST(json, "signatures", record->signatures, record->signature_count, write_signature);
    WRITE_LIST(json, "corrections", record->corrections, record->correction_count, write_correction);
    WRITE_LIST(json, "problems", record->problems.items, record->problems.count, write_problem);
    tolka_json_line(json);
    tolka_json_close(json, '}');
    tolka_strbuf_add_char(out, '\n');
}
