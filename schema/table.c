/*
 * Grids into tables, in four steps: each grid becomes a draft (cells, heading rows, place on its page);
 * drafts that go on over a page break are joined; columns get their labels, periods and units; the rules say
 * what each table is, and units come down to the cells.
 */
#include "schema/table.h"

#include "base/utf8.h"

#include "schema/table_int.h"
#include "schema/value.h"

#include <string.h>

enum { MAX_TABLES = 20000, MAX_COLUMNS = 500 };

struct drafts {
    struct tolka_table_draft *items;
    size_t count, capacity;
};

/* The words' extent of each column, in per mille of the page's width. */
static bool place_columns(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    const struct tolka_grid *grid = draft->grid;
    const int width = draft->page->width > 0 ? draft->page->width : 1;

    draft->columns = tolka_arena_array(builder->arena, (size_t)grid->column_count, sizeof *draft->columns);
    if (!draft->columns)
        return false;
    for (int c = 0; c < grid->column_count; c++) {
        struct tolka_box box = {0};

        for (int r = 0; r < grid->row_count; r++)
            box = tolka_box_union(box, grid->cells[r * grid->column_count + c].box);
        draft->columns[c] = (struct tolka_column_place){box.x0 * 1000 / width, box.x1 * 1000 / width};
    }
    return true;
}

/* True when row `row` has words and all of them are bold. */
static bool row_is_bold(const struct tolka_table_draft *draft, int row)
{
    const struct tolka_grid *grid = draft->grid;
    int words = 0;

    for (int c = 0; c < grid->column_count; c++) {
        const struct tolka_grid_cell *cell = &grid->cells[row * grid->column_count + c];

        for (int i = 0; i < cell->word_count; i++) {
            words++;
            if (!(draft->page->words[cell->words[i]].flags & TOLKA_WORD_BOLD))
                return false;
        }
    }
    return words > 0;
}

static bool fill_cells(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    struct tolka_table *table = &draft->table;
    const struct tolka_grid *grid = draft->grid;

    table->row_count = grid->row_count;
    table->column_count = grid->column_count;
    table->cells = tolka_arena_array(builder->arena, (size_t)grid->row_count * (size_t)grid->column_count,
                                     sizeof *table->cells);
    for (int i = 0; table->cells && i < grid->row_count * grid->column_count; i++) {
        if (!tolka_table_fill_cell(builder, draft->page, &grid->cells[i], &table->cells[i]))
            return false;
    }
    return table->cells != NULL;
}

static bool make_draft(struct tolka_table_builder *builder, const struct tolka_page *page,
                       const struct tolka_grid *grid, const char *heading, struct tolka_table_draft *draft)
{
    struct tolka_table *table = &draft->table;

    *draft = (struct tolka_table_draft){.page = page, .grid = grid};
    table->kind = "other";
    table->box = tolka_page_to_image(page, grid->box);
    table->pages = tolka_arena_array(builder->arena, 1, sizeof *table->pages);
    if (!table->pages)
        return false;
    table->pages[table->page_count++] = page->number;
    draft->bold_head = grid->row_count > 1 && row_is_bold(draft, 0) && !row_is_bold(draft, 1);
    return fill_cells(builder, draft) && place_columns(builder, draft) &&
           tolka_table_find_head(builder, draft) && tolka_table_find_place(builder, draft, heading);
}

/* Adds the grids of a page; the first may be the rest of the draft before it. */
static bool add_page(struct tolka_table_builder *builder, const struct tolka_page *page, const char **heading,
                     struct drafts *drafts)
{
    for (size_t g = 0; g < page->grid_count && drafts->count < MAX_TABLES; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        struct tolka_table_draft draft, *items;
        bool failed = false;

        if (grid->column_count > MAX_COLUMNS)
            continue;
        if (!make_draft(builder, page, grid, *heading, &draft))
            return false;
        if (drafts->count && tolka_table_join(builder, &drafts->items[drafts->count - 1], &draft, &failed))
            continue;
        items =
            tolka_arena_grow(builder->arena, drafts->items, drafts->count, &drafts->capacity, sizeof *items);
        if (failed || !items)
            return false;
        drafts->items = items;
        items[drafts->count++] = draft;
    }
    *heading = tolka_table_last_heading(builder, page, *heading);
    return true;
}

/* The unit that the heading's first column, its caption or, failing those, the line above it names. */
static void set_table_unit(struct tolka_table *table)
{
    enum tolka_unit unit = TOLKA_UNIT_NONE;

    if (table->header_rows > 0)
        unit = table->columns[0].unit;
    if (unit == TOLKA_UNIT_NONE && table->caption)
        unit = tolka_unit_parse(table->caption);
    if (unit == TOLKA_UNIT_SEK || unit == TOLKA_UNIT_KSEK || unit == TOLKA_UNIT_MSEK)
        table->unit = unit;
}

/* The unit that a row's label names for its row: "Soliditet (%)", "Nettoomsättning, tkr", "Antal deltagare".
 */
static enum tolka_unit unit_of_label(const char *label)
{
    const char *open = strrchr(label, '('), *comma = strrchr(label, ','), *space = strrchr(label, ' ');

    if (strncmp(label, "Antal ", 6) == 0)
        return TOLKA_UNIT_COUNT;
    if (open && strchr(open, ')') && strlen(open) < 12 &&
        !tolka_is_digit(open[1])) /* "(5 st)" counts what is named */
        return tolka_unit_parse(open);
    if (comma && strlen(comma) < 8)
        return tolka_unit_parse(comma);
    return space && strcmp(space, " %") == 0 ? TOLKA_UNIT_PERCENT : TOLKA_UNIT_NONE;
}

static bool has_role(const struct tolka_column *column, const char *role)
{
    return column->role && strcmp(column->role, role) == 0;
}

/* "2, 3" in a column of notes is two of them, no decimal. */
static void unread_note_lists(struct tolka_table *table)
{
    for (int c = 1; c < table->column_count; c++) {
        for (int r = table->header_rows; has_role(&table->columns[c], "note") && r < table->row_count; r++) {
            struct tolka_cell *cell = tolka_table_cell(table, r, c);

            cell->has_value = cell->has_value && cell->value.scale == 0;
        }
    }
}

void tolka_table_set_units(struct tolka_table *table)
{
    for (int r = table->header_rows; r < table->row_count; r++) {
        enum tolka_unit row_unit = unit_of_label(tolka_table_cell(table, r, 0)->text);

        for (int c = 0; c < table->column_count; c++) {
            struct tolka_cell *cell = tolka_table_cell(table, r, c);
            const struct tolka_column *column = &table->columns[c];

            if (!cell->has_value || cell->unit != TOLKA_UNIT_NONE || has_role(column, "note"))
                continue;
            cell->unit = row_unit != TOLKA_UNIT_NONE       ? row_unit
                         : has_role(column, "percent")     ? TOLKA_UNIT_PERCENT
                         : column->unit != TOLKA_UNIT_NONE ? column->unit
                                                           : table->unit;
        }
    }
}

/* A row with a label and nothing else is a heading inside the table (or a line without amounts: for the
 * checks that is the same). */
void tolka_table_set_groups(struct tolka_table *table)
{
    for (int r = table->header_rows; r < table->row_count; r++) {
        bool alone = *tolka_table_cell(table, r, 0)->text != '\0';

        for (int c = 1; c < table->column_count; c++)
            alone = alone && !*tolka_table_cell(table, r, c)->text;
        table->rows[r].is_group = alone && table->column_count > 1;
    }
}

static bool finish(struct tolka_table_builder *builder, const struct tolka_rules *rules,
                   struct tolka_table_draft *draft)
{
    struct tolka_table *table = &draft->table;

    table->rows = tolka_arena_array(builder->arena, (size_t)table->row_count, sizeof *table->rows);
    if (!table->rows || !tolka_table_mend_symbols(builder, draft) ||
        !tolka_table_label_columns(builder, table))
        return false;
    set_table_unit(table);
    if (rules)
        tolka_rules_classify(rules, table, draft->heading);
    unread_note_lists(table);
    tolka_table_set_units(table);
    tolka_table_set_groups(table);
    tolka_table_mark_doubt(draft);
    return tolka_table_doubt_commas(builder, draft);
}

static bool keep(struct tolka_record *record, struct tolka_table *table)
{
    struct tolka_table *tables = tolka_arena_grow(&record->arena, record->tables, record->table_count,
                                                  &record->table_capacity, sizeof *tables);

    if (!tables)
        return false;
    record->tables = tables;
    table->id = tolka_arena_printf(&record->arena, "t%zu", record->table_count + 1);
    tables[record->table_count++] = *table;
    return table->id != NULL;
}

enum tolka_status tolka_tables_build(const struct tolka_page *pages, size_t page_count,
                                     const struct tolka_rules *rules, const struct tolka_model *model,
                                     struct tolka_record *record, struct tolka_error *err)
{
    struct tolka_table_builder builder = {
        .pages = pages, .page_count = page_count, .model = model, .arena = &record->arena};
    struct drafts drafts = {0};
    const char *heading = NULL;
    bool good = true;

    for (size_t i = 0; good && i < page_count; i++)
        good = add_page(&builder, &pages[i], &heading, &drafts);
    for (size_t i = 0; good && i < drafts.count; i++)
        good = finish(&builder, rules, &drafts.items[i]) && keep(record, &drafts.items[i].table);
    good = good && !builder.scratch.failed;
    tolka_strbuf_release(&builder.scratch);
    return good ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
