/*
 * The period that the report is about. The column headings of its statements are the strongest evidence; then
 * what its text says by the rules' patterns. A lone year is a whole year, except in an interim report, where
 * it does not say which part.
 */
#include "schema/describe.h"
#include "schema/value.h"

#include <string.h>

/* What a statement's own column heading weighs against a phrase of the text (1 to 10). */
enum { COLUMN_WEIGHT = 15 };

struct period_rules {
    bool interim, plan;
};

static bool is_whole_year(const struct tolka_period *period)
{
    return period->from && period->to && !strncmp(period->from, period->to, 4) &&
           !strcmp(period->from + 4, "-01-01") && !strcmp(period->to + 4, "-12-31");
}

static bool is_span(const struct tolka_period *period)
{
    return period->from && period->to && strcmp(period->from, period->to) < 0;
}

static void add_period(struct tolka_description *d, struct tolka_candidates *candidates,
                       const struct tolka_period *period, int weight)
{
    if (is_span(period))
        tolka_candidate_add(d, candidates,
                            tolka_arena_printf(&d->record->arena, "%s %s", period->from, period->to), weight);
}

/* One month of an interim report's column may stand for all months up to it. */
static bool is_month(const struct tolka_period *period)
{
    return period->from && period->to && !strncmp(period->from, period->to, sizeof "2024-04" - 1);
}

static bool is_outcome(const struct tolka_column *column)
{
    return !column->role || (strcmp(column->role, "budget") && strcmp(column->role, "forecast"));
}

/* The latest period among the columns of outcome in a table. */
static const struct tolka_period *latest_column(const struct tolka_table *table)
{
    const struct tolka_period *latest = NULL;

    for (int c = 0; c < table->column_count; c++) {
        const struct tolka_period *period = &table->columns[c].period;

        if (is_span(period) && is_outcome(&table->columns[c]) &&
            (!latest || strcmp(period->to, latest->to) > 0))
            latest = period;
    }
    return latest;
}

/* A plan's budget is for its first year; the others are an outlook. */
static const struct tolka_period *first_column(const struct tolka_table *table)
{
    const struct tolka_period *first = NULL;

    for (int c = 0; c < table->column_count; c++) {
        const struct tolka_period *period = &table->columns[c].period;

        if (is_span(period) && (!first || strcmp(period->to, first->to) < 0))
            first = period;
    }
    return first;
}

static void add_columns(struct tolka_description *d, struct tolka_candidates *candidates,
                        struct period_rules rules)
{
    for (size_t i = 0; i < d->record->table_count; i++) {
        const struct tolka_table *table = &d->record->tables[i];
        const struct tolka_period *period = NULL;

        if (rules.plan && !strcmp(table->kind, "budget"))
            period = first_column(table);
        else if (!rules.plan &&
                 (!strcmp(table->kind, "income_statement") || !strcmp(table->kind, "cash_flow")))
            period = latest_column(table);
        if (period && !(rules.interim && is_month(period)))
            add_period(d, candidates, period,
                       strcmp(table->kind, "income_statement") ? COLUMN_WEIGHT / 2 : COLUMN_WEIGHT);
    }
}

static void add_text(struct tolka_description *d, struct tolka_candidates *candidates,
                     const struct tolka_field_rule *rule, struct period_rules rules)
{
    for (size_t i = 0; i < d->paragraphs.count; i++) {
        const struct tolka_piece *piece = &d->paragraphs.items[i];
        struct tolka_period period = {0};
        const char *value;

        if (!tolka_piece_is_at(piece, rule->where) || !tolka_piece_matches(d, piece, rule->pattern, NULL))
            continue;
        value = tolka_piece_group(d, piece, rule->pattern, "value");
        if (!value || !tolka_period_parse(value, &d->record->arena, &period))
            continue;
        if (rules.interim && period.from && !is_span(&period)) /* "per 30 april": from the year's first day */
            period.from = tolka_arena_printf(&d->record->arena, "%.4s-01-01", period.to);
        if (!rules.interim || !is_whole_year(&period))
            add_period(d, candidates, &period, rule->weight);
    }
}

void tolka_describe_period(struct tolka_description *d)
{
    struct tolka_candidates candidates = {0};
    const char *kind = d->record->report.kind, *best, *space;
    struct period_rules rules = {!strcmp(kind, "interim_report"), !strcmp(kind, "activity_plan")};

    add_columns(d, &candidates, rules);
    for (size_t r = 0; r < d->rules->field_count; r++)
        if (!strcmp(d->rules->fields[r].field, "period"))
            add_text(d, &candidates, &d->rules->fields[r], rules);
    best = tolka_candidate_best(&candidates);
    space = best ? strchr(best, ' ') : NULL;
    if (!space)
        return;
    d->record->report.period.from = tolka_arena_strndup(&d->record->arena, best, (size_t)(space - best));
    d->record->report.period.to = tolka_arena_strdup(&d->record->arena, space + 1);
}
