/* What the script of a review page works on. '<' is written as an escape, so that no text can end the element
 * it is in. */
#include "schema/review_int.h"

#include "schema/json.h"
#include "schema/value.h"

#include <string.h>

static void add_box(struct tolka_json *json, struct tolka_box box)
{
    tolka_json_box(json, NULL, box);
}

/* [page, box, raw or null, value or null, unit, confidence, status, text where the page cannot give it back].
 */
static void add_cell(struct tolka_json *json, const struct tolka_cell *cell)
{
    char value[32];

    tolka_json_open(json, NULL, '[');
    tolka_json_int(json, NULL, cell->page);
    add_box(json, cell->box);
    tolka_json_string(json, NULL, strcmp(cell->raw, cell->text) == 0 ? NULL : cell->raw);
    if (cell->has_value)
        tolka_decimal_format(cell->value, value);
    tolka_json_string(json, NULL, cell->has_value ? value : NULL);
    tolka_json_string(json, NULL, cell->has_value ? tolka_unit_name(cell->unit) : NULL);
    tolka_json_real(json, NULL, cell->confidence);
    tolka_json_string(json, NULL, tolka_cell_status_name(cell->status));
    if (tolka_review_is_changed(cell->text))
        tolka_json_string(json, NULL, cell->text);
    tolka_json_close(json, ']');
}

/* {total: [row, column], addends: [[sign, table, row, column]], ...}. */
static void add_check(struct tolka_json *json, const struct tolka_check *check)
{
    char number[32];

    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "rule", check->rule);
    tolka_json_open(json, "total", '[');
    tolka_json_int(json, NULL, check->cells[0].row);
    tolka_json_int(json, NULL, check->cells[0].column);
    tolka_json_close(json, ']');
    tolka_json_open(json, "addends", '[');
    for (size_t i = 0; i < check->addend_count; i++) {
        tolka_json_open(json, NULL, '[');
        tolka_json_int(json, NULL, check->addends[i].sign);
        tolka_json_int(json, NULL, check->addends[i].table);
        tolka_json_int(json, NULL, check->addends[i].row);
        tolka_json_int(json, NULL, check->addends[i].column);
        tolka_json_close(json, ']');
    }
    tolka_json_close(json, ']');
    tolka_decimal_format(check->whole, number);
    tolka_json_string(json, "whole", number);
    tolka_json_bool(json, "slack", check->slack);
    tolka_decimal_format(check->expected, number);
    tolka_json_string(json, "expected", number);
    tolka_decimal_format(check->off, number);
    tolka_json_string(json, "off", number);
    tolka_json_string(json, "verdict", tolka_verdict_name(check->verdict));
    tolka_json_close(json, '}');
}

static void add_table(struct tolka_json *json, const struct tolka_table *table)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "id", table->id);
    tolka_json_string(json, "unit", tolka_unit_name(table->unit));
    tolka_json_int(json, "columns", table->column_count);
    tolka_json_int(json, "header", table->header_rows);
    tolka_json_open(json, "cells", '[');
    for (int i = 0; i < table->row_count * table->column_count; i++)
        add_cell(json, &table->cells[i]);
    tolka_json_close(json, ']');
    tolka_json_open(json, "checks", '[');
    for (size_t i = 0; i < table->check_count; i++) {
        const struct tolka_check *check = &table->checks[i];

        if (check->cell_count && check->addend_count &&
            check->addends[check->addend_count - 1].sign) /* no share */
            add_check(json, check);
    }
    tolka_json_close(json, ']');
    tolka_json_close(json, '}');
    tolka_json_line(json);
}

static void add_page(struct tolka_json *json, const struct tolka_page_summary *page)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "page", page->page);
    tolka_json_int(json, "width", page->width);
    tolka_json_int(json, "height", page->height);
    if (tolka_review_is_changed(page->text))
        tolka_json_string(json, "text", page->text);
    tolka_json_close(json, '}');
}

static void add_word(struct tolka_json *json, const struct tolka_correction *word)
{
    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "page", word->page);
    tolka_json_box(json, "box", word->box);
    tolka_json_string(json, "from", word->from);
    tolka_json_string(json, "to", word->to);
    tolka_json_real(json, "confidence", word->confidence);
    tolka_json_string(json, "reason", word->reason);
    if (word->line) {
        tolka_json_int(json, "line", word->line);
        tolka_json_int(json, "word", word->word);
    }
    tolka_json_close(json, '}');
}

static void add_options(struct tolka_json *json, const struct tolka_record *record,
                        const struct tolka_review_options *options)
{
    tolka_json_string(json, "sha256", record->source.sha256);
    tolka_json_string(json, "path", record->source.path);
    tolka_json_string(json, "picture_path", options->picture_path);
    tolka_json_string(json, "post_path", options->post_path);
}

void tolka_review_add_data(const struct tolka_record *record, const struct tolka_review_options *options,
                           struct tolka_strbuf *out)
{
    struct tolka_strbuf data = {0};
    struct tolka_json writer = {.out = &data}, *json = &writer;

    tolka_json_open(json, NULL, '{');
    add_options(json, record, options);
    tolka_json_open(json, "pages", '[');
    for (size_t i = 0; i < record->page_count; i++)
        add_page(json, &record->pages[i]);
    tolka_json_close(json, ']');
    tolka_json_open(json, "tables", '[');
    for (size_t t = 0; t < record->table_count; t++)
        add_table(json, &record->tables[t]);
    tolka_json_close(json, ']');
    tolka_json_open(json, "words", '[');
    for (size_t i = 0; i < record->correction_count; i++)
        add_word(json, &record->corrections[i]);
    tolka_json_close(json, ']');
    tolka_json_close(json, '}');
    for (const char *text = tolka_strbuf_text(&data), *end; *text; text = *end ? end + 1 : end) {
        end = strchrnul(text, '<');
        tolka_strbuf_add(out, text, (size_t)(end - text));
        if (*end)
            tolka_strbuf_add_str(out, "\\u003c");
    }
    out->failed = out->failed || data.failed;
    tolka_strbuf_release(&data);
}
