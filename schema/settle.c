/*
 * What a report tells once and means for all its tables. Units: a line may have one by the rules (a share, a
 * number of people); the text may name one for all amounts, which the tables of amounts that name none take,
 * but for figures that are no money by the rules' pattern "no_money". Years: "2022/2023" is the broken
 * financial year that other columns spell out, or that ends on the day of the balance sheet.
 */
#include "schema/describe.h"
#include "schema/value.h"

#include "base/strbuf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 20000, MONTHS = 12 };

static bool is_money(enum tolka_unit unit)
{
    return unit == TOLKA_UNIT_SEK || unit == TOLKA_UNIT_KSEK || unit == TOLKA_UNIT_MSEK;
}

static bool has_role(const struct tolka_column *column, const char *const *roles)
{
    for (; column->role && *roles; roles++)
        if (!strcmp(column->role, *roles))
            return true;
    return false;
}

/* True when the cell's own text names its unit. */
static bool says_unit(const struct tolka_cell *cell)
{
    struct tolka_decimal value;
    enum tolka_unit unit;

    return tolka_value_parse(cell->text, &value, &unit) && unit != TOLKA_UNIT_NONE;
}

static enum tolka_unit unit_of_item(const struct tolka_kind *kind, const char *item)
{
    for (size_t i = 0; kind && item && i < kind->item_count; i++)
        if (!strcmp(kind->items[i].item, item))
            return kind->items[i].unit;
    return TOLKA_UNIT_NONE;
}

/* A line's own unit takes the place of the table's, but not of one that stands in the cell, the label or the
 * heading. */
static void settle_row(struct tolka_table *table, int row, enum tolka_unit unit)
{
    static const char *const others[] = {"note", "percent", "date", "year", NULL};
    const enum tolka_unit labelled = tolka_unit_parse(tolka_table_cell(table, row, 0)->text);

    for (int c = 1; labelled == TOLKA_UNIT_NONE && c < table->column_count; c++) {
        struct tolka_cell *cell = tolka_table_cell(table, row, c);

        if (cell->has_value && !has_role(&table->columns[c], others) &&
            table->columns[c].unit == TOLKA_UNIT_NONE && !says_unit(cell))
            cell->unit = unit;
    }
}

static void settle_items(const struct tolka_rules *rules, struct tolka_table *table)
{
    const struct tolka_kind *kind = tolka_rules_kind_lookup(rules, table->kind);

    for (int row = table->header_rows; row < table->row_count; row++) {
        enum tolka_unit unit = unit_of_item(kind, table->rows[row].item);

        if (unit != TOLKA_UNIT_NONE)
            settle_row(table, row, unit);
    }
}

static bool lacks_unit(const struct tolka_rules *rules, const struct tolka_table *table)
{
    const struct tolka_kind *kind = tolka_rules_kind_lookup(rules, table->kind);

    return kind && kind->money && table->unit == TOLKA_UNIT_NONE;
}

/* The page's running text, its tables left out, folded. */
static bool page_text(const struct tolka_page *page, struct tolka_arena *arena, struct tolka_folded *out)
{
    struct tolka_strbuf text = {0};
    bool good;

    for (size_t i = 0; i < page->line_count && text.length < PAGE_BYTES; i++) {
        const struct tolka_line *line = &page->lines[i];

        for (int w = line->first_word; line->grid < 0 && w >= 0 && w < line->first_word + line->word_count &&
                                       (size_t)w < page->word_count;
             w++) {
            tolka_strbuf_add_str(&text, page->words[w].text ? page->words[w].text : page->words[w].raw);
            tolka_strbuf_add_char(&text, ' ');
        }
    }
    good = !text.failed && tolka_fold_text(arena, tolka_strbuf_text(&text), out);
    tolka_strbuf_release(&text);
    return good;
}

/* Takes every unit that the rule finds in the text; `*clash` when they are not one. */
static void find_units(const struct tolka_field_rule *rule, struct tolka_matcher *matcher,
                       const struct tolka_folded *text, enum tolka_unit *found, bool *clash)
{
    struct tolka_span at = {0, 0}, value;
    size_t from = 0;

    while (from < text->length &&
           tolka_pattern_find(rule->pattern, matcher, text->text, text->length, from, &at) && at.end > from) {
        char word[100] = "";
        enum tolka_unit unit;

        if (tolka_pattern_group(rule->pattern, matcher, "value", &value))
            snprintf(word, sizeof word, "%.*s", (int)(value.end - value.start), text->text + value.start);
        unit = tolka_unit_parse(word);
        from = at.end;
        if (!is_money(unit))
            continue;
        *clash = *clash || (*found != TOLKA_UNIT_NONE && *found != unit);
        *found = unit;
    }
}

static enum tolka_unit report_unit(const struct tolka_rules *rules, struct tolka_matcher *matcher,
                                   const struct tolka_page *pages, size_t page_count)
{
    enum tolka_unit unit = TOLKA_UNIT_NONE;
    bool clash = false;

    for (size_t i = 0; i < page_count && !clash; i++) {
        struct tolka_arena arena = {0};
        struct tolka_folded text;

        const bool good = page_text(&pages[i], &arena, &text);

        for (size_t r = 0; good && r < rules->field_count; r++)
            if (!strcmp(rules->fields[r].field, "unit"))
                find_units(&rules->fields[r], matcher, &text, &unit, &clash);
        tolka_arena_release(&arena);
    }
    return clash ? TOLKA_UNIT_NONE : unit;
}

static void give_unit(const struct tolka_rules *rules, struct tolka_matcher *matcher,
                      struct tolka_table *table, enum tolka_unit unit)
{
    static const char *const others[] = {"note", "percent", "date", "year", "comment", NULL};

    if (tolka_tight_matches(rules->no_money, matcher, table->caption) ||
        (table->header_rows > 0 && tolka_tight_matches(rules->no_money, matcher, table->columns[0].label)))
        return;
    table->unit = unit;
    for (int c = 1; c < table->column_count; c++) {
        const struct tolka_column *column = &table->columns[c];

        if (has_role(column, others) || column->unit != TOLKA_UNIT_NONE ||
            tolka_tight_matches(rules->no_money, matcher, column->label))
            continue;
        for (int r = table->header_rows; r < table->row_count; r++) {
            struct tolka_cell *cell = tolka_table_cell(table, r, c);

            if (cell->has_value && cell->unit == TOLKA_UNIT_NONE &&
                !tolka_tight_matches(rules->no_money, matcher, tolka_row_label(table, r)))
                cell->unit = unit;
        }
    }
}

static void settle_units(const struct tolka_rules *rules, struct tolka_matcher *matcher,
                         const struct tolka_page *pages, size_t page_count, struct tolka_record *record)
{
    enum tolka_unit unit;
    bool lacking = false;

    for (size_t i = 0; i < record->table_count; i++) {
        settle_items(rules, &record->tables[i]);
        lacking = lacking || lacks_unit(rules, &record->tables[i]);
    }
    unit = lacking ? report_unit(rules, matcher, pages, page_count) : TOLKA_UNIT_NONE;
    for (size_t i = 0; unit != TOLKA_UNIT_NONE && i < record->table_count; i++)
        if (lacks_unit(rules, &record->tables[i]))
            give_unit(rules, matcher, &record->tables[i], unit);
}

/* The last month of a broken financial year, 0 when the period is none. A year ends with its month. */
static int broken_year_end(const struct tolka_period *period, const char *kind)
{
    const int month = period->to ? atoi(period->to + 5) : 0;

    if (month < 1 || month >= MONTHS || !period->from || atoi(period->to + 8) < 28)
        return 0;
    if (!strcmp(period->from, period->to))
        return strcmp(kind, "balance_sheet") ? 0 : month;
    return atoi(period->from) == atoi(period->to) - 1 && atoi(period->from + 5) == month + 1 &&
                   !strcmp(period->from + 8, "01")
               ? month
               : 0;
}

/* What the columns of all tables agree on; those that spell the year out before balance days. */
static int year_end(const struct tolka_record *record)
{
    int spelt = 0, day = 0;

    for (size_t i = 0; i < record->table_count; i++)
        for (int c = 1; c < record->tables[i].column_count; c++) {
            const struct tolka_period *period = &record->tables[i].columns[c].period;
            const int month = broken_year_end(period, record->tables[i].kind);
            int *found = month && !strcmp(period->from, period->to) ? &day : &spelt;

            if (month && *found && *found != month)
                return 0;
            *found = month ? month : *found;
        }
    return spelt ? spelt : day;
}

/* The later year of "2022/2023", "2022/23" or "22/23", 0 when the label says none. */
static int split_year(const char *label)
{
    for (const char *at = label; (at = strchr(at, '/')); at++) {
        const char *start = at;
        int before, after;
        size_t digits;

        while (start > label && isdigit((unsigned char)start[-1]))
            start--;
        digits = strspn(at + 1, "0123456789");
        if ((at - start != 4 && at - start != 2) || (digits != 4 && digits != 2))
            continue;
        before = atoi(start) + (at - start == 2 ? 2000 : 0);
        after = atoi(at + 1) + (digits == 2 ? before / 100 * 100 : 0);
        if (after == before + 1 && before >= 1950 && before < 2100)
            return after;
    }
    return 0;
}

static bool settle_column(struct tolka_arena *arena, struct tolka_column *column, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = column->label ? split_year(column->label) : 0;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (!year)
        return true;
    column->period.from = tolka_arena_printf(arena, "%04d-%02d-01", year - 1, month + 1);
    column->period.to =
        tolka_arena_printf(arena, "%04d-%02d-%02d", year, month, days[month - 1] + (month == 2 && leap));
    return column->period.from && column->period.to;
}

static bool settle_years(struct tolka_record *record)
{
    const int month = year_end(record);
    bool good = true;

    for (size_t i = 0; month && i < record->table_count; i++)
        for (int c = 1; good && c < record->tables[i].column_count; c++)
            good = settle_column(&record->arena, &record->tables[i].columns[c], month);
    return good;
}

enum tolka_status tolka_rules_settle(const struct tolka_rules *rules, const struct tolka_page *pages,
                                     size_t page_count, struct tolka_record *record, struct tolka_error *err)
{
    struct tolka_matcher *matcher = tolka_matcher_new();
    bool good = matcher && settle_years(record);

    if (good)
        settle_units(rules, matcher, pages, page_count, record);
    tolka_matcher_free(matcher);
    return good ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
