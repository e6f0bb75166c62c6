#include "tests/support/made_table.h"

#include "schema/check.h"
#include "schema/value.h"

#include <string.h>

static int count_columns(const char *line)
{
    int count = 1;

    for (; *line; line++)
        count += *line == '|';
    return count;
}

struct tolka_table *made_table(struct tolka_record *record, const char *const *lines, size_t count)
{
    const int rows = (int)count, columns = count_columns(lines[0]);
    struct tolka_arena *arena = &record->arena;
    struct tolka_table *table = tolka_arena_array(arena, 1, sizeof *table);

    *table = (struct tolka_table){
        .id = "t1", .kind = "other", .row_count = rows, .column_count = columns, .header_rows = 1};
    table->pages = tolka_arena_array(arena, 1, sizeof *table->pages);
    table->pages[table->page_count++] = 1;
    table->rows = tolka_arena_array(arena, (size_t)rows, sizeof *table->rows);
    table->columns = tolka_arena_array(arena, (size_t)columns, sizeof *table->columns);
    table->cells = tolka_arena_array(arena, (size_t)rows * (size_t)columns, sizeof *table->cells);
    for (int r = 0; r < rows; r++) {
        const char *at = lines[r];

        table->rows[r].is_total = strncmp(at, "Summa", 5) == 0;
        for (int c = 0; c < columns; c++) {
            size_t length = strcspn(at, "|");
            struct tolka_cell *cell = tolka_table_cell(table, r, c);
            bool doubtful = *at == '?';

            *cell = (struct tolka_cell){.page = 1,
                                        .confidence = doubtful ? 0.3F : 0.96F,
                                        .status = doubtful ? TOLKA_CELL_DOUBTFUL : TOLKA_CELL_READ};
            cell->text = cell->raw = tolka_arena_strndup(arena, at + doubtful, length - doubtful);
            cell->has_value = r > 0 && tolka_value_parse(cell->text, &cell->value, &cell->unit);
            if (cell->has_value && cell->unit == TOLKA_UNIT_NONE)
                cell->unit = TOLKA_UNIT_SEK;
            if (r == 0) {
                table->columns[c].label = cell->text;
                tolka_period_parse(cell->text, arena, &table->columns[c].period);
            }
            at += length + (at[length] == '|');
        }
    }
    record->tables = table;
    record->table_count = record->table_capacity = 1;
    return table;
}

void made_reading(struct tolka_record *record, struct tolka_cell *cell, const char *text, float confidence)
{
    struct tolka_alternative *list =
        tolka_arena_array(&record->arena, cell->alternative_count + 1, sizeof *list);

    if (cell->alternative_count)
        memcpy(list, cell->alternatives, cell->alternative_count * sizeof *list);
    list[cell->alternative_count] = (struct tolka_alternative){text, confidence};
    cell->alternatives = list;
    cell->alternative_count++;
}

bool made_table_check(struct tolka_record *record)
{
    struct tolka_error err = {0};

    return tolka_checks_run(NULL, record, &err) == TOLKA_OK;
}

size_t made_verdicts(const struct tolka_table *table, enum tolka_verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < table->check_count; i++)
        count += table->checks[i].verdict == verdict;
    return count;
}
