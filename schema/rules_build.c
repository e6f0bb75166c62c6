/*
 * From rule files as written to rules that match. Files are taken in the order in which they were read. Lists
 * of a kind that is told of again grow; an item told of again (same key, same kind) in a later folder is
 * replaced, as is a whole kind that says `replace: true`, so that a user's folder can add to the shipped
 * rules and correct them.
 */
#include "schema/rules_build.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What no rule set of any use needs more of; keeps hostile ones from eating the memory. */
enum { ALL_PATTERNS = 20000, MAX_WEIGHT = 100 };

/* A term that begins with this is printed as a negative number in some reports and as a positive one in
 * others. */
enum { EITHER_SIGN = '~', WHOLE_SIGN = '/' };

/* The evidence that a kind takes which does not say how much. */
enum { DEFAULT_THRESHOLD = 8 };

void *tolka_build_grow(struct tolka_rules *rules, void *items, size_t *count, size_t *capacity, size_t size)
{
    void *grown = tolka_arena_grow(&rules->arena, items, *count, capacity, size);

    if (grown)
        (*count)++;
    return grown;
}

enum tolka_status tolka_build_no_memory(struct tolka_builder *b)
{
    return tolka_error_set(b->err, TOLKA_ERR_MEMORY, "out of memory");
}

enum tolka_status tolka_build_complain(struct tolka_builder *b, const char *value, const char *why)
{
    int line;

    if (!b->file) /* a pattern of ours, where there are no rule files */
        return tolka_error_set(b->err, TOLKA_ERR_FORMAT, "\"%.80s\": %.250s", value, why);
    line = tolka_rules_file_line(b->file, b->after, value);
    return tolka_error_set(b->err, TOLKA_ERR_FORMAT, "%s:%d: \"%.80s\": %.250s", b->file->path,
                           line > 0 ? line : 1, value, why);
}

enum tolka_status tolka_build_pattern(struct tolka_builder *b, const char *const *sources, size_t count,
                                      enum tolka_pattern_mode mode, bool whole, struct tolka_pattern **out)
{
    struct tolka_rules *rules = b->rules;
    struct tolka_pattern_names names = {rules->names, rules->name_count};
    struct tolka_error why = {0};
    struct tolka_pattern **grown;

    if (rules->pattern_count >= ALL_PATTERNS)
        return tolka_build_complain(b, sources[0], "too many patterns");
    grown = tolka_arena_grow(&rules->arena, rules->patterns, rules->pattern_count, &rules->pattern_capacity,
                             sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    rules->patterns = grown;
    if (tolka_pattern_compile(&names, sources, count, mode, whole, out, &why) == TOLKA_ERR_MEMORY)
        return tolka_build_no_memory(b);
    if (!why.status) {
        rules->patterns[rules->pattern_count++] = *out;
        return TOLKA_OK;
    }
    for (size_t i = 0; count > 1 && i < count; i++) { /* name the one that is wrong */
        struct tolka_pattern *alone = NULL;
        struct tolka_error own = {0};
        enum tolka_status status = tolka_pattern_compile(&names, &sources[i], 1, mode, whole, &alone, &own);

        tolka_pattern_free(alone);
        if (status)
            return tolka_build_complain(b, sources[i], own.message);
    }
    return tolka_build_complain(b, sources[0], why.message);
}

static enum tolka_status compile_one(struct tolka_builder *b, const char *source,
                                     enum tolka_pattern_mode mode, struct tolka_pattern **out)
{
    return tolka_build_pattern(b, &source, 1, mode, false, out);
}

/* A label may carry numbering before it and a note's number after it: the named patterns label_start and
 * label_end. */
static enum tolka_status compile_label(struct tolka_builder *b, char **labels, size_t count,
                                       struct tolka_pattern **out)
{
    const char **sources = tolka_arena_array(&b->rules->arena, count, sizeof(*sources));
    bool framed = false;

    if (!sources)
        return tolka_build_no_memory(b);
    for (size_t i = 0; i < b->rules->name_count; i++)
        framed = framed || !strcmp(b->rules->names[i].name, "label_end");
    for (size_t i = 0; i < count; i++)
        sources[i] =
            framed ? tolka_arena_printf(&b->rules->arena, "(?:%s){label_end}", labels[i]) : labels[i];
    for (size_t i = 0; i < count; i++)
        if (!sources[i])
            return tolka_build_no_memory(b);
    if (tolka_build_pattern(b, sources, count, TOLKA_PATTERN_TIGHT, true, out) == TOLKA_OK)
        return TOLKA_OK;
    if (b->err && framed && b->err->status == TOLKA_ERR_FORMAT) { /* say it of the label as written */
        tolka_error_clear(b->err);
        tolka_build_pattern(b, (const char *const *)labels, count, TOLKA_PATTERN_TIGHT, true, out);
    }
    return TOLKA_ERR_FORMAT;
}

int tolka_build_weight(int weight)
{
    return weight > MAX_WEIGHT ? MAX_WEIGHT : weight < -MAX_WEIGHT ? -MAX_WEIGHT : weight;
}

enum tolka_status tolka_build_evidence(struct tolka_builder *b, struct tolka_evidence **list, size_t *count,
                                       size_t *capacity, const struct tolka_file_evidence *from,
                                       enum tolka_pattern_mode mode)
{
    struct tolka_pattern *pattern;
    struct tolka_evidence *grown;
    enum tolka_status status = compile_one(b, from->match, mode, &pattern);

    if (status)
        return status;
    grown = tolka_build_grow(b->rules, *list, count, capacity, sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    *list = grown;
    grown[*count - 1] =
        (struct tolka_evidence){pattern, from->weight ? tolka_build_weight(from->weight) : 1, from->where};
    return TOLKA_OK;
}

static enum tolka_status add_column(struct tolka_builder *b, struct tolka_role_rule **list, size_t *count,
                                    size_t *capacity, const struct tolka_file_column *from)
{
    struct tolka_role_rule rule = {.role = from->role, .unlabelled = from->unlabelled};
    struct tolka_role_rule *grown;
    enum tolka_status status = TOLKA_OK;

    if (from->match_count > 0)
        status = tolka_build_pattern(b, (const char *const *)from->match, from->match_count,
                                     TOLKA_PATTERN_TIGHT, false, &rule.pattern);
    if (!status && from->cells)
        status = compile_one(b, from->cells, TOLKA_PATTERN_TIGHT, &rule.cells);
    if (status)
        return status;
    rule.weight = tolka_build_weight(from->weight);
    grown = tolka_build_grow(b->rules, *list, count, capacity, sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    *list = grown;
    grown[*count - 1] = rule;
    return TOLKA_OK;
}

static enum tolka_status add_columns(struct tolka_builder *b, struct tolka_role_rule **list, size_t *count,
                                     size_t *capacity, const struct tolka_file_column *from,
                                     size_t from_count)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < from_count; i++)
        status = add_column(b, list, count, capacity, &from[i]);
    return status;
}

static bool feature_from_name(const char *name, enum tolka_feature *out)
{
    static const char *const names[TOLKA_FEATURE_COUNT] = {
        "rows",          "columns", "header_rows", "numeric", "prose",    "year_columns",
        "value_columns", "percent", "amounts",     "money",   "followed", "items",
        "item_share",    "cells",   "labels",      "ends",
    };

    for (int i = 0; i < TOLKA_FEATURE_COUNT; i++)
        if (!strcmp(name, names[i])) {
            *out = (enum tolka_feature)i;
            return true;
        }
    return false;
}

static enum tolka_status add_shape(struct tolka_builder *b, struct tolka_kind *kind,
                                   const struct tolka_file_shape *from)
{
    struct tolka_shape_rule *grown, rule = {.at_least = INT_MIN, .at_most = INT_MAX};
    bool needs_pattern;

    if (!feature_from_name(from->feature, &rule.feature))
        return tolka_build_complain(b, from->feature, "no such feature of a table");
    needs_pattern = rule.feature >= TOLKA_FEATURE_CELLS;
    if (needs_pattern != (from->match != NULL))
        return tolka_build_complain(
            b, from->feature, needs_pattern ? "this feature needs a match" : "this feature takes no match");
    if (from->match && compile_one(b, from->match, TOLKA_PATTERN_TIGHT, &rule.pattern))
        return b->err ? b->err->status : TOLKA_ERR_FORMAT;
    if (from->at_least)
        rule.at_least = *from->at_least;
    if (from->at_most)
        rule.at_most = *from->at_most;
    rule.weight = tolka_build_weight(from->weight);
    grown =
        tolka_build_grow(b->rules, kind->shape, &kind->shape_count, &kind->shape_capacity, sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    kind->shape = grown;
    grown[kind->shape_count - 1] = rule;
    return TOLKA_OK;
}

static struct tolka_item_rule *item_slot(struct tolka_builder *b, struct tolka_kind *kind, const char *key)
{
    struct tolka_item_rule *grown;

    for (size_t i = 0; i < kind->item_count; i++)
        if (!strcmp(kind->items[i].item, key))
            return &kind->items[i];
    grown = tolka_build_grow(b->rules, kind->items, &kind->item_count, &kind->item_capacity, sizeof(*grown));
    if (!grown)
        return NULL;
    kind->items = grown;
    grown[kind->item_count - 1] = (struct tolka_item_rule){0};
    return &grown[kind->item_count - 1];
}

static enum tolka_status unit_from_name(struct tolka_builder *b, const char *name, enum tolka_unit *out)
{
    static const struct {
        const char *name;
        enum tolka_unit unit;
    } units[] = {
        {"SEK", TOLKA_UNIT_SEK},         {"kSEK", TOLKA_UNIT_KSEK},   {"MSEK", TOLKA_UNIT_MSEK},
        {"percent", TOLKA_UNIT_PERCENT}, {"count", TOLKA_UNIT_COUNT},
    };

    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (!strcmp(name, units[i].name)) {
            *out = units[i].unit;
            return TOLKA_OK;
        }
    return tolka_build_complain(b, name, "no such unit");
}

static enum tolka_status add_item(struct tolka_builder *b, struct tolka_kind *kind,
                                  const struct tolka_file_item *from)
{
    struct tolka_pattern *pattern;
    struct tolka_item_rule *slot;
    enum tolka_unit unit = TOLKA_UNIT_NONE;
    enum tolka_status status = compile_label(b, from->labels, from->labels_count, &pattern);

    if (!status && from->unit)
        status = unit_from_name(b, from->unit, &unit);
    if (status)
        return status;
    slot = item_slot(b, kind, from->item);
    if (!slot)
        return tolka_build_no_memory(b);
    *slot =
        (struct tolka_item_rule){from->item, pattern, tolka_build_weight(from->weight), from->total, unit};
    return TOLKA_OK;
}

/* `flipped`: the terms whose sign the report may print either way are taken as printed positive. */
static enum tolka_status add_sum_variant(struct tolka_builder *b, struct tolka_kind *kind,
                                         const struct tolka_file_sum *from, bool flipped)
{
    struct tolka_rule_term *terms = tolka_arena_array(&b->rules->arena, from->terms_count, sizeof(*terms));
    struct tolka_rule_sum *grown;

    if (!terms)
        return tolka_build_no_memory(b);
    for (size_t i = 0; i < from->terms_count; i++) {
        const char *term = from->terms[i];

        terms[i].sign = term[0] == '-' || (term[0] == EITHER_SIGN && flipped) ? -1 : term[0] != WHOLE_SIGN;
        terms[i].item = term + tolka_rules_is_signed(term);
    }
    grown = tolka_build_grow(b->rules, kind->sums, &kind->sum_count, &kind->sum_capacity, sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    kind->sums = grown;
    grown[kind->sum_count - 1] = (struct tolka_rule_sum){from->name, from->total, terms, from->terms_count};
    return TOLKA_OK;
}

static enum tolka_status add_sum(struct tolka_builder *b, struct tolka_kind *kind,
                                 const struct tolka_file_sum *from)
{
    bool either = false;
    enum tolka_status status;

    for (size_t i = 0; i < from->terms_count; i++)
        either = either || from->terms[i][0] == EITHER_SIGN;
    status = add_sum_variant(b, kind, from, false);
    if (!status && either)
        status = add_sum_variant(b, kind, from, true);
    return status;
}

static struct tolka_kind *kind_slot(struct tolka_builder *b, const char *name)
{
    struct tolka_rules *rules = b->rules;
    struct tolka_kind *grown;

    for (size_t i = 0; i < rules->kind_count; i++)
        if (!strcmp(rules->kinds[i].name, name))
            return &rules->kinds[i];
    grown = tolka_build_grow(rules, rules->kinds, &rules->kind_count, &rules->kind_capacity, sizeof(*grown));
    if (!grown)
        return NULL;
    rules->kinds = grown;
    grown[rules->kind_count - 1] = (struct tolka_kind){.name = name};
    return &grown[rules->kind_count - 1];
}

static enum tolka_status add_includes(struct tolka_builder *b, struct tolka_kind *kind,
                                      const struct tolka_file_kind *from)
{
    for (unsigned i = 0; i < from->include_count; i++) {
        const char **grown = tolka_build_grow(b->rules, kind->include, &kind->include_count,
                                              &kind->include_capacity, sizeof(*grown));

        if (!grown)
            return tolka_build_no_memory(b);
        kind->include = grown;
        grown[kind->include_count - 1] = from->include[i];
    }
    return TOLKA_OK;
}

static enum tolka_status add_kind_lists(struct tolka_builder *b, struct tolka_kind *kind,
                                        const struct tolka_file_kind *from)
{
    enum tolka_status status = add_includes(b, kind, from);

    for (unsigned i = 0; !status && i < from->heading_count; i++)
        status = tolka_build_evidence(b, &kind->heading, &kind->heading_count, &kind->heading_capacity,
                                      &from->heading[i], TOLKA_PATTERN_TIGHT);
    if (!status)
        status = add_columns(b, &kind->columns, &kind->column_count, &kind->column_capacity, from->columns,
                             from->columns_count);
    for (unsigned i = 0; !status && i < from->shape_count; i++)
        status = add_shape(b, kind, &from->shape[i]);
    for (unsigned i = 0; !status && i < from->items_count; i++)
        status = add_item(b, kind, &from->items[i]);
    for (unsigned i = 0; !status && i < from->sums_count; i++)
        status = add_sum(b, kind, &from->sums[i]);
    return status;
}

static enum tolka_status add_kind(struct tolka_builder *b, const struct tolka_file_kind *from)
{
    struct tolka_kind *kind = kind_slot(b, from->kind);
    enum tolka_status status = TOLKA_OK;

    if (!kind)
        return tolka_build_no_memory(b);
    b->after = from->kind;
    if (from->replace)
        *kind = (struct tolka_kind){.name = kind->name};
    if (from->threshold)
        kind->threshold = from->threshold;
    kind->money = kind->money || from->money;
    if (from->unit)
        status = unit_from_name(b, from->unit, &kind->unit);
    if (!status)
        status = add_kind_lists(b, kind, from);
    b->after = NULL;
    return status;
}

static enum tolka_status add_names(struct tolka_builder *b)
{
    struct tolka_rules *rules = b->rules;
    const struct tolka_file_rules *from = b->file->rules;

    for (unsigned i = 0; i < from->patterns_count; i++) {
        struct tolka_named_pattern *grown =
            tolka_build_grow(rules, rules->names, &rules->name_count, &rules->name_capacity, sizeof(*grown));

        if (!grown)
            return tolka_build_no_memory(b);
        rules->names = grown;
        grown[rules->name_count - 1] =
            (struct tolka_named_pattern){from->patterns[i].name, from->patterns[i].match, b->file->path, 0};
    }
    return TOLKA_OK;
}

static enum tolka_status add_totals(struct tolka_builder *b)
{
    struct tolka_rules *rules = b->rules;

    for (unsigned i = 0; i < b->file->rules->totals_count; i++) {
        const char **grown = tolka_build_grow(rules, rules->total_sources, &rules->total_count,
                                              &rules->total_capacity, sizeof(*grown));

        if (!grown)
            return tolka_build_no_memory(b);
        rules->total_sources = grown;
        grown[rules->total_count - 1] = b->file->rules->totals[i];
    }
    return rules->total_count == 0 ? TOLKA_OK
                                   : tolka_build_pattern(b, rules->total_sources, rules->total_count,
                                                         TOLKA_PATTERN_TIGHT, false, &rules->totals);
}

/* The named pattern "no_money", which the engine itself asks. */
static enum tolka_status build_no_money(struct tolka_builder *b)
{
    for (size_t i = b->rules->name_count; i-- > 0;)
        if (!strcmp(b->rules->names[i].name, "no_money"))
            return compile_one(b, b->rules->names[i].match, TOLKA_PATTERN_TIGHT, &b->rules->no_money);
    return TOLKA_OK;
}

static enum tolka_status add_file(struct tolka_builder *b)
{
    const struct tolka_file_rules *from = b->file->rules;
    enum tolka_status status = add_totals(b);

    if (!status)
        status = add_columns(b, &b->rules->columns, &b->rules->column_count, &b->rules->column_capacity,
                             from->columns, from->columns_count);
    for (unsigned i = 0; !status && i < from->kinds_count; i++)
        status = add_kind(b, &from->kinds[i]);
    return status ? status : tolka_build_report(b);
}

/* Items of the included kinds, after the kind's own. */
static enum tolka_status include_items(struct tolka_builder *b, struct tolka_kind *kind)
{
    for (size_t i = 0; i < kind->include_count; i++) {
        const struct tolka_kind *from = tolka_rules_kind_lookup(b->rules, kind->include[i]);

        if (!from)
            return tolka_error_set(b->err, TOLKA_ERR_FORMAT,
                                   "the kind \"%s\" includes \"%s\", which is no kind", kind->name,
                                   kind->include[i]);
        for (size_t j = 0; from != kind && j < from->own_item_count; j++) {
            struct tolka_item_rule item = from->items[j];
            struct tolka_item_rule *slot = item_slot(b, kind, item.item);

            if (!slot)
                return tolka_build_no_memory(b);
            if (!slot->item)
                *slot = item;
        }
    }
    return TOLKA_OK;
}

enum tolka_status tolka_rules_build(struct tolka_rules *rules, struct tolka_error *err)
{
    struct tolka_builder b = {.rules = rules, .err = err};
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < rules->file_count; i++) {
        b.file = &rules->files[i];
        status = add_names(&b);
    }
    for (size_t i = 0; !status && i < rules->file_count; i++) {
        b.file = &rules->files[i];
        status = add_file(&b);
    }
    if (!status)
        status = build_no_money(&b);
    for (size_t i = 0; i < rules->kind_count; i++) {
        rules->kinds[i].own_item_count = rules->kinds[i].item_count;
        if (!rules->kinds[i].threshold)
            rules->kinds[i].threshold = DEFAULT_THRESHOLD;
    }
    for (size_t i = 0; !status && i < rules->kind_count; i++)
        status = include_items(&b, &rules->kinds[i]);
    return status;
}
