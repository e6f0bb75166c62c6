/*
 * What kind of table is this? Weighted evidence: for every kind of the rule files the weights of what speaks
 * for it are added up, of what speaks against it taken off, and the best kind that reaches its threshold is
 * taken; a table without evidence is "other". Evidence is
 *
 *   heading   the best heading pattern over the caption, the first cell of the heading rows, and the
 * section's heading (which may have other things under it, so three quarters) columns   each column pattern
 * that some column's heading matches, once items     each known line item that is met, once, at most ITEM_CAP
 * in all: a long table is not more of its kind than a short one shape     the features of its form
 */
#include "schema/rules_internal.h"

#include <limits.h>
#include <string.h>

/* The most that all line items of a kind together may weigh. */
enum { ITEM_CAP = 14 };

/* A section's heading counts this many quarters of a caption. */
enum { SECTION_QUARTERS = 3 };

/* Tables larger than this are cut: their first rows say what they are. */
enum { MAX_ROWS = 400, MAX_KIND_ITEMS = 1000, MAX_COLUMNS = 24 };

struct table_view {
    const struct tolka_table *table;
    const char *heading;
    struct tolka_matcher *matcher;
    int features[TOLKA_FEATURE_COUNT];
};

static int heading_weight(const struct tolka_evidence *evidence, const struct table_view *view)
{
    const struct tolka_table *table = view->table;
    const char *first = table->header_rows > 0 && table->column_count > 0 ? table->columns[0].label : NULL;

    if (tolka_tight_matches(evidence->pattern, view->matcher, table->caption) ||
        tolka_tight_matches(evidence->pattern, view->matcher, first))
        return evidence->weight;
    if (tolka_tight_matches(evidence->pattern, view->matcher, view->heading))
        return evidence->weight * SECTION_QUARTERS / 4;
    return 0;
}

/* The best that speaks for, and the worst that speaks against. */
static int heading_score(const struct tolka_kind *kind, const struct table_view *view)
{
    int best = 0, worst = 0;

    for (size_t i = 0; i < kind->heading_count; i++) {
        int weight = heading_weight(&kind->heading[i], view);

        best = weight > best ? weight : best;
        worst = weight < worst ? weight : worst;
    }
    return best + worst;
}

static int column_score(const struct tolka_kind *kind, const struct table_view *view)
{
    int score = 0;

    for (size_t i = 0; i < kind->column_count; i++)
        for (int column = 0; kind->columns[i].weight && column < view->table->column_count; column++)
            if (tolka_tight_matches(kind->columns[i].pattern, view->matcher,
                                    view->table->columns[column].label)) {
                score += kind->columns[i].weight;
                break;
            }
    return score;
}

static bool has_role(const struct tolka_rules *rules, const struct table_view *view, int column,
                     const char *role)
{
    const char *found = tolka_heading_role(rules, view->matcher, view->table->columns[column].label);

    return found && !strcmp(found, role);
}

static bool same_year(const struct tolka_period *a, const struct tolka_period *b)
{
    return a->to && b->to ? !strncmp(a->to, b->to, 4) : a->to == b->to;
}

/* Whether every column of budget has one of outcome beside it, for the same year. */
static bool is_followed(const struct tolka_rules *rules, const struct table_view *view)
{
    const struct tolka_table *table = view->table;
    int followed = 0;

    for (int b = 1; b < table->column_count && b < MAX_COLUMNS; b++) {
        bool found = false;

        if (!has_role(rules, view, b, "budget"))
            continue;
        for (int a = 1; a < table->column_count && a < MAX_COLUMNS && !found; a++)
            found = has_role(rules, view, a, "actual") &&
                    same_year(&table->columns[a].period, &table->columns[b].period);
        if (!found)
            return false;
        followed++;
    }
    return followed > 0;
}

static int item_score(const struct tolka_kind *kind, struct table_view *view)
{
    bool met[MAX_KIND_ITEMS] = {false};
    int score = 0, labelled = 0, known = 0, distinct = 0;
    int last = view->table->row_count < MAX_ROWS ? view->table->row_count : MAX_ROWS;

    for (int row = view->table->header_rows; row < last; row++) {
        char tight[TOLKA_TIGHT_BYTES];
        size_t length = tolka_fold_tight(tolka_row_label(view->table, row), tight);
        const struct tolka_item_rule *item =
            length ? tolka_kind_item(kind, view->matcher, tight, length) : NULL;
        size_t number = item ? (size_t)(item - kind->items) : 0;

        labelled += length > 0;
        known += item != NULL;
        if (!item || number >= kind->own_item_count || number >= MAX_KIND_ITEMS || met[number])
            continue;
        met[number] = true;
        distinct++;
        score += item->weight;
    }
    view->features[TOLKA_FEATURE_ITEMS] = distinct;
    view->features[TOLKA_FEATURE_ITEM_SHARE] = labelled ? 100 * known / labelled : 0;
    return score > ITEM_CAP ? ITEM_CAP : score;
}

static int shape_score(const struct tolka_kind *kind, const struct table_view *view)
{
    int score = 0;

    for (size_t i = 0; i < kind->shape_count; i++) {
        const struct tolka_shape_rule *shape = &kind->shape[i];
        int value = shape->pattern ? tolka_table_share(view->table, shape, view->matcher)
                                   : view->features[shape->feature];

        if (value >= shape->at_least && value <= shape->at_most)
            score += shape->weight;
    }
    return score;
}

static int kind_score(const struct tolka_kind *kind, struct table_view *view)
{
    int score = item_score(kind, view); /* first: it sets features */

    return score + heading_score(kind, view) + column_score(kind, view) + shape_score(kind, view);
}

static const struct tolka_kind *best_kind(const struct tolka_rules *rules, struct table_view *view)
{
    const struct tolka_kind *best = NULL;
    int best_score = INT_MIN;

    for (size_t i = 0; i < rules->kind_count; i++) {
        const struct tolka_kind *kind = &rules->kinds[i];
        int score = kind_score(kind, view);

        if (score >= kind->threshold && score > best_score) {
            best_score = score;
            best = kind;
        }
    }
    return best;
}

void tolka_rules_classify(const struct tolka_rules *rules, struct tolka_table *table, const char *heading)
{
    struct table_view view = {.table = table, .heading = heading, .matcher = tolka_matcher_new()};
    const struct tolka_kind *kind = NULL;

    table->kind = "other";
    if (view.matcher) {
        tolka_table_features(table, view.features);
        view.features[TOLKA_FEATURE_FOLLOWED] = is_followed(rules, &view);
        kind = best_kind(rules, &view);
        if (kind)
            table->kind = kind->name;
        else /* what is of no kind may have known lines all the same */
            kind = tolka_rules_kind_lookup(rules, table->kind);
        tolka_table_apply_kind(rules, kind, view.matcher, table, heading);
    }
    tolka_matcher_free(view.matcher);
}

void tolka_rules_name_rows(const struct tolka_rules *rules, struct tolka_table *table)
{
    struct tolka_matcher *matcher = tolka_matcher_new();

    if (matcher)
        tolka_table_apply_kind(rules, tolka_rules_kind_lookup(rules, table->kind), matcher, table, NULL);
    tolka_matcher_free(matcher);
}

int tolka_rules_kind_scores(const struct tolka_rules *rules, const struct tolka_table *table,
                            const char *heading, struct tolka_kind_score *scores, int capacity)
{
    struct table_view view = {.table = table, .heading = heading, .matcher = tolka_matcher_new()};
    int count = 0;

    tolka_table_features(table, view.features);
    view.features[TOLKA_FEATURE_FOLLOWED] = view.matcher && is_followed(rules, &view);
    for (size_t i = 0; view.matcher && i < rules->kind_count && count < capacity; i++) {
        struct tolka_kind_score *score = &scores[count++];
        const struct tolka_kind *kind = &rules->kinds[i];

        score->kind = kind->name;
        score->threshold = kind->threshold;
        score->items = item_score(kind, &view);
        score->heading = heading_score(kind, &view);
        score->columns = column_score(kind, &view);
        score->shape = shape_score(kind, &view);
    }
    tolka_matcher_free(view.matcher);
    return count;
}
