#include "tests/support/rule_tables.h"

#include "base/strbuf.h"
#include "schema/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tolka_rules *rule_tables_load(void)
{
    const char *dir = getenv("TOLKA_RULES") ? getenv("TOLKA_RULES") : "schema/rules";
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};

    if (tolka_rules_load(&dir, 1, &rules, &err)) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    return rules;
}

static int count_char(const char *text, size_t length, char c)
{
    int count = 0;

    for (size_t i = 0; i < length; i++)
        count += text[i] == c;
    return count;
}

static void fill_row(struct tolka_table *table, struct tolka_arena *arena, int row, const char *text,
                     size_t length)
{
    for (int column = 0; column < table->column_count; column++) {
        struct tolka_cell *cell = tolka_table_cell(table, row, column);
        size_t end = 0;

        while (end < length && text[end] != '|')
            end++;
        cell->text = cell->raw = tolka_arena_strndup(arena, text, end);
        cell->page = 1;
        if (row >= table->header_rows)
            cell->has_value = tolka_value_parse(cell->text, &cell->value, &cell->unit);
        end += end < length;
        text += end;
        length -= end;
    }
}

static void fill_columns(struct tolka_table *table, struct tolka_arena *arena)
{
    for (int column = 0; column < table->column_count; column++) {
        struct tolka_strbuf label = {0};

        for (int row = 0; row < table->header_rows; row++) {
            if (label.length)
                tolka_strbuf_add_char(&label, ' ');
            tolka_strbuf_add_str(&label, tolka_table_cell(table, row, column)->text);
        }
        table->columns[column].label = tolka_arena_strdup(arena, tolka_strbuf_text(&label));
        table->columns[column].unit = tolka_unit_parse(table->columns[column].label);
        tolka_period_parse(table->columns[column].label, arena, &table->columns[column].period);
        tolka_strbuf_release(&label);
    }
}

struct tolka_table rule_tables_make(struct tolka_arena *arena, const char *caption, int header_rows,
                                    const char *text)
{
    struct tolka_table table = {.id = "t1", .kind = "other", .caption = caption, .header_rows = header_rows};
    size_t cells;

    table.column_count = 1 + count_char(text, strcspn(text, "\n"), '|');
    table.row_count = 1 + count_char(text, strlen(text), '\n');
    cells = (size_t)table.row_count * (size_t)table.column_count;
    table.cells = tolka_arena_array(arena, cells, sizeof(*table.cells));
    table.rows = tolka_arena_array(arena, (size_t)table.row_count, sizeof(*table.rows));
    table.columns = tolka_arena_array(arena, (size_t)table.column_count, sizeof(*table.columns));
    for (int row = 0; row < table.row_count; row++) {
        size_t length = strcspn(text, "\n");

        fill_row(&table, arena, row, text, length);
        text += length + (text[length] == '\n');
    }
    fill_columns(&table, arena);
    return table;
}
