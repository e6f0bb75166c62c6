/* Goals from the tables of goals: what, how, and how it went, by the phrases of the rule files. */
#include "schema/describe.h"

#include <string.h>

enum { MAX_GOALS = 5000, PHRASE_BYTES = 4000 };

static int column_of_role(const struct tolka_table *table, const char *role)
{
    for (int c = 0; c < table->column_count; c++)
        if (table->columns[c].role && !strcmp(table->columns[c].role, role))
            return c;
    return -1;
}

static const char *cell_text(const struct tolka_table *table, int row, int column)
{
    const char *text = column >= 0 ? tolka_table_cell(table, row, column)->text : NULL;

    return text && text[0] ? text : NULL;
}

/* The value of the first phrase rule that the text matches; NULL when none does. */
static const char *fulfilment_of(struct tolka_description *d, const char *text)
{
    struct tolka_folded folded;

    if (!text || strlen(text) > PHRASE_BYTES || !tolka_fold_text(&d->scratch, text, &folded))
        return NULL;
    for (size_t i = 0; i < d->rules->phrase_count; i++)
        if (tolka_pattern_find(d->rules->phrases[i].pattern, d->matcher, folded.text, folded.length, 0, NULL))
            return d->rules->phrases[i].value;
    return NULL;
}

static bool add_goal(struct tolka_description *d, struct tolka_goal goal)
{
    struct tolka_record *record = d->record;
    struct tolka_goal *grown = tolka_arena_grow(&record->arena, record->goals, record->goal_count,
                                                &record->goal_capacity, sizeof(*grown));

    if (!grown)
        return false;
    record->goals = grown;
    grown[record->goal_count++] = goal;
    return true;
}

static int row_page(const struct tolka_table *table, int row, int column)
{
    int page = column >= 0 ? tolka_table_cell(table, row, column)->page : 0;

    return page > 0 ? page : table->page_count > 0 ? table->pages[0] : 0;
}

/* A goal table without a heading for them has its goals in the first column. */
static bool goals_of_table(struct tolka_description *d, const struct tolka_table *table)
{
    int goal = column_of_role(table, "goal"), activity = column_of_role(table, "activity");
    int assessed = column_of_role(table, "fulfilment"), said = column_of_role(table, "assessment");

    if (goal < 0 && activity != 0 && assessed != 0 && said != 0)
        goal = 0;
    if (assessed < 0)
        assessed = said;
    for (int row = table->header_rows; row < table->row_count && d->record->goal_count < MAX_GOALS; row++) {
        struct tolka_goal entry = {
            .goal = cell_text(table, row, goal),
            .activity = cell_text(table, row, activity),
            .assessment = cell_text(table, row, assessed),
            .page = row_page(table, row, goal),
            .table = table->id,
        };

        entry.fulfilment = fulfilment_of(d, entry.assessment);
        if (!entry.fulfilment && said != assessed)
            entry.fulfilment = fulfilment_of(d, cell_text(table, row, said));
        if (!entry.fulfilment && entry.assessment)
            entry.fulfilment = "unknown";
        if ((entry.goal || entry.activity) && !table->rows[row].is_group && !add_goal(d, entry))
            return false;
    }
    return true;
}

bool tolka_describe_goals(struct tolka_description *d)
{
    for (size_t i = 0; i < d->record->table_count; i++)
        if (!strcmp(d->record->tables[i].kind, "goals") && !goals_of_table(d, &d->record->tables[i]))
            return false;
    return true;
}

enum tolka_status tolka_rules_renew_goals(const struct tolka_rules *rules, struct tolka_record *record,
                                          struct tolka_error *err)
{
    struct tolka_description d = {.rules = rules, .record = record, .matcher = tolka_matcher_new()};
    bool done;

    record->goal_count = 0;
    done = d.matcher && tolka_describe_goals(&d);
    tolka_matcher_free(d.matcher);
    tolka_arena_release(&d.scratch);
    return done ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
