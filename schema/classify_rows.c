/* Once the kind of a table is known: the roles of its columns, the items of its rows, its unit. */
#include "schema/rules_internal.h"
#include "schema/value.h"

#include <string.h>

const struct tolka_item_rule *tolka_kind_item(const struct tolka_kind *kind, struct tolka_matcher *matcher,
                                              const char *tight_label, size_t length)
{
    for (size_t i = 0; i < kind->item_count; i++)
        if (tolka_pattern_find(kind->items[i].pattern, matcher, tight_label, length, 0, NULL))
            return &kind->items[i];
    return NULL;
}

/* True when most of what stands in the column matches. */
static bool cells_match(const struct tolka_pattern *pattern, struct tolka_matcher *matcher,
                        const struct tolka_table *table, int column)
{
    int cells = 0, hits = 0;

    for (int row = table->header_rows; pattern && row < table->row_count; row++) {
        const char *text = tolka_table_cell(table, row, column)->text;

        cells += text && text[0];
        hits += tolka_tight_matches(pattern, matcher, text);
    }
    return hits > 0 && 2 * hits > cells;
}

static const char *role_by_heading(const struct tolka_role_rule *rules, size_t count,
                                   struct tolka_matcher *matcher, const char *label)
{
    for (size_t i = 0; i < count; i++)
        if (tolka_tight_matches(rules[i].pattern, matcher, label))
            return rules[i].role;
    return NULL;
}

const char *tolka_heading_role(const struct tolka_rules *rules, struct tolka_matcher *matcher,
                               const char *label)
{
    return role_by_heading(rules->columns, rules->column_count, matcher, label);
}

static const char *role_by_cells(const struct tolka_role_rule *rules, size_t count,
                                 struct tolka_matcher *matcher, const struct tolka_table *table, int column)
{
    const char *label = table->columns[column].label;
    bool labelled = label && label[0];

    for (size_t i = 0; i < count; i++)
        if (!(rules[i].unlabelled && labelled) && cells_match(rules[i].cells, matcher, table, column))
            return rules[i].role;
    return NULL;
}

struct column_tally {
    int cells, numbers, percents;
};

static struct column_tally tally_column(const struct tolka_table *table, int column)
{
    struct column_tally tally = {0};

    for (int row = table->header_rows; row < table->row_count; row++) {
        const struct tolka_cell *cell = tolka_table_cell(table, row, column);

        tally.cells += cell->text && cell->text[0];
        tally.numbers += cell->has_value;
        tally.percents += cell->has_value && cell->unit == TOLKA_UNIT_PERCENT;
    }
    return tally;
}

/* A column without a telling heading is known by what stands in it. */
static const char *role_by_content(const struct tolka_table *table, int column)
{
    struct column_tally tally = tally_column(table, column);

    if (2 * tally.percents > tally.cells && tally.percents > 0)
        return "percent";
    if (2 * tally.numbers > tally.cells && tally.numbers > 0)
        return "amount";
    return column == 0 ? "label" : NULL;
}

static void set_role(const struct tolka_rules *rules, const struct tolka_kind *kind,
                     struct tolka_matcher *matcher, struct tolka_table *table, int column)
{
    struct tolka_column *at = &table->columns[column];

    at->role = kind ? role_by_heading(kind->columns, kind->column_count, matcher, at->label) : NULL;
    if (!at->role && kind)
        at->role = role_by_cells(kind->columns, kind->column_count, matcher, table, column);
    if (!at->role && column > 0)
        at->role = role_by_heading(rules->columns, rules->column_count, matcher, at->label);
    if (!at->role && column > 0)
        at->role = role_by_cells(rules->columns, rules->column_count, matcher, table, column);
    if (!at->role)
        at->role = role_by_content(table, column);
}

static bool row_has_value(const struct tolka_table *table, int row)
{
    for (int column = 1; column < table->column_count; column++)
        if (tolka_table_cell(table, row, column)->has_value)
            return true;
    return false;
}

static void set_item(const struct tolka_rules *rules, const struct tolka_kind *kind,
                     struct tolka_matcher *matcher, struct tolka_table *table, int row)
{
    char tight[TOLKA_TIGHT_BYTES];
    size_t length = tolka_fold_tight(tolka_row_label(table, row), tight);
    const struct tolka_item_rule *item =
        length && kind ? tolka_kind_item(kind, matcher, tight, length) : NULL;

    table->rows[row].item = item ? item->item : NULL;
    table->rows[row].is_total =
        (item && item->total && row_has_value(table, row)) ||
        (length > 0 && tolka_pattern_find(rules->totals, matcher, tight, length, 0, NULL));
}

/* A heading inside the table has the name of the line that its figures stand on: the line keeps the item. */
static void clear_repeated_headings(struct tolka_table *table)
{
    for (int row = table->header_rows; row < table->row_count; row++) {
        bool again = false;

        if (!table->rows[row].item || row_has_value(table, row))
            continue;
        for (int other = table->header_rows; other < table->row_count && !again; other++)
            again = other != row && table->rows[other].item &&
                    !strcmp(table->rows[other].item, table->rows[row].item) && row_has_value(table, other);
        if (again)
            table->rows[row].item = NULL;
    }
}

static enum tolka_unit unit_of_text(const char *text)
{
    return text && text[0] ? tolka_unit_parse(text) : TOLKA_UNIT_NONE;
}

/* The unit that all headings of number columns that name one agree on. */
static enum tolka_unit unit_of_columns(const struct tolka_table *table)
{
    enum tolka_unit agreed = TOLKA_UNIT_NONE;

    for (int column = 1; column < table->column_count; column++) {
        enum tolka_unit unit = unit_of_text(table->columns[column].label);

        if (unit == TOLKA_UNIT_NONE || unit == TOLKA_UNIT_PERCENT ||
            (unit == TOLKA_UNIT_COUNT && column > 1)) /* "Budget, Antal deltagare": its own */
            continue;
        if (agreed != TOLKA_UNIT_NONE && agreed != unit)
            return TOLKA_UNIT_NONE;
        agreed = unit;
    }
    return agreed;
}

enum tolka_unit tolka_table_unit(const struct tolka_table *table)
{
    enum tolka_unit unit = table->unit;

    if (unit == TOLKA_UNIT_NONE)
        unit = unit_of_text(table->caption);
    if (unit == TOLKA_UNIT_NONE && table->column_count > 0 && table->header_rows > 0)
        unit = unit_of_text(table->columns[0].label);
    return unit == TOLKA_UNIT_NONE ? unit_of_columns(table) : unit;
}

static enum tolka_unit unit_of_kind(const struct tolka_kind *kind, const struct tolka_table *table,
                                    const char *heading)
{
    enum tolka_unit unit = tolka_table_unit(table);

    if (unit == TOLKA_UNIT_COUNT && kind && kind->money)
        unit = TOLKA_UNIT_NONE;
    if (unit == TOLKA_UNIT_NONE)
        unit = unit_of_text(heading);
    return unit == TOLKA_UNIT_NONE && kind ? kind->unit : unit;
}

void tolka_table_apply_kind(const struct tolka_rules *rules, const struct tolka_kind *kind,
                            struct tolka_matcher *matcher, struct tolka_table *table, const char *heading)
{
    table->unit = unit_of_kind(kind, table, heading);
    for (int column = 0; column < table->column_count; column++)
        set_role(rules, kind, matcher, table, column);
    for (int row = 0; row < table->row_count; row++) {
        if (row >= table->header_rows)
            set_item(rules, kind, matcher, table, row);
        else
            table->rows[row].item = NULL;
    }
    clear_repeated_headings(table);
}
