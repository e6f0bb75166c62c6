/* What hangs on a table's texts, made anew where they were corrected; all else stays as the builder made it.
 */
#include "schema/table.h"

#include "schema/table_int.h"

#include <string.h>

static bool any(const bool *marks, int count)
{
    return count > 0 && memchr(marks, 1, (size_t)count) != NULL;
}

/* A copy of the table, headings and labels read anew. */
static bool read_anew(const struct tolka_rules *rules, struct tolka_record *record,
                      const struct tolka_table *table, struct tolka_table *fresh)
{
    struct tolka_table_builder builder = {.arena = &record->arena};
    bool good;

    *fresh = *table;
    fresh->rows = tolka_arena_array(&record->arena, (size_t)table->row_count + 1, sizeof *fresh->rows);
    if (!fresh->rows)
        return false;
    memcpy(fresh->rows, table->rows, (size_t)table->row_count * sizeof *fresh->rows);
    good = tolka_table_label_columns(&builder, fresh);
    tolka_strbuf_release(&builder.scratch);
    if (good && rules)
        tolka_rules_name_rows(rules, fresh);
    return good;
}

bool tolka_table_renew(const struct tolka_rules *rules, struct tolka_record *record,
                       struct tolka_table *table, const bool *rows, const bool *columns)
{
    struct tolka_table fresh;

    if (any(rows, table->row_count) || any(columns, table->column_count)) {
        if (!read_anew(rules, record, table, &fresh))
            return false;
        for (int r = 0; rules && r < table->row_count; r++) {
            if (rows[r])
                table->rows[r] = fresh.rows[r];
        }
        for (int c = 0; c < table->column_count; c++) {
            if (!columns[c])
                continue;
            if (!rules)
                fresh.columns[c].role = table->columns[c].role;
            table->columns[c] = fresh.columns[c];
        }
    }
    tolka_table_set_units(table);
    tolka_table_set_groups(table);
    return true;
}
