/* The rules that are not about one kind of table: links between tables, kinds of reports, fields and phrases.
 */
#include "schema/rules_build.h"

#include <string.h>

/* "income_statement.result" */
static bool split_place(struct tolka_builder *b, const char *place, const char **kind, const char **item)
{
    const char *dot = strchr(place, '.');

    if (!dot || !dot[1])
        return false;
    *kind = tolka_arena_strndup(&b->rules->arena, place, (size_t)(dot - place));
    *item = dot + 1;
    return *kind != NULL;
}

static enum tolka_status add_link(struct tolka_builder *b, const struct tolka_file_link *from)
{
    struct tolka_rule_link link = {
        .name = from->name, .sign = from->sign < 0 ? -1 : 1, .year_shift = from->year_shift};
    struct tolka_rule_link *grown;

    if (!split_place(b, from->from, &link.kind_a, &link.item_a))
        return tolka_build_complain(b, from->from, "a link goes from kind.item to kind.item");
    if (!split_place(b, from->to, &link.kind_b, &link.item_b))
        return tolka_build_complain(b, from->to, "a link goes from kind.item to kind.item");
    grown = tolka_build_grow(b->rules, b->rules->links, &b->rules->link_count, &b->rules->link_capacity,
                             sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    b->rules->links = grown;
    grown[b->rules->link_count - 1] = link;
    return TOLKA_OK;
}

static enum tolka_status add_report(struct tolka_builder *b, const struct tolka_file_report *from)
{
    struct tolka_rules *rules = b->rules;
    struct tolka_report_rule *slot = NULL, *grown;
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; i < rules->report_count; i++)
        if (!strcmp(rules->reports[i].kind, from->kind))
            slot = &rules->reports[i];
    if (!slot) {
        grown = tolka_build_grow(rules, rules->reports, &rules->report_count, &rules->report_capacity,
                                 sizeof(*grown));
        if (!grown)
            return tolka_build_no_memory(b);
        rules->reports = grown;
        slot = &grown[rules->report_count - 1];
        *slot = (struct tolka_report_rule){.kind = from->kind};
    }
    b->after = from->kind;
    for (unsigned i = 0; !status && i < from->evidence_count; i++)
        status = tolka_build_evidence(b, &slot->evidence, &slot->evidence_count, &slot->evidence_capacity,
                                      &from->evidence[i], TOLKA_PATTERN_TEXT);
    b->after = NULL;
    return status;
}

static enum tolka_status add_field(struct tolka_builder *b, const struct tolka_file_field *from)
{
    struct tolka_rules *rules = b->rules;
    struct tolka_pattern *pattern;
    struct tolka_field_rule *grown;
    enum tolka_status status =
        tolka_build_pattern(b, (const char *const *)&from->match, 1, TOLKA_PATTERN_TEXT, false, &pattern);

    if (status)
        return status;
    grown =
        tolka_build_grow(rules, rules->fields, &rules->field_count, &rules->field_capacity, sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    rules->fields = grown;
    grown[rules->field_count - 1] = (struct tolka_field_rule){
        from->field, pattern, from->weight ? tolka_build_weight(from->weight) : 1, from->where};
    return TOLKA_OK;
}

static enum tolka_status add_phrase(struct tolka_builder *b, const struct tolka_file_phrase *from)
{
    struct tolka_rules *rules = b->rules;
    struct tolka_pattern *pattern;
    struct tolka_phrase_rule *grown;
    enum tolka_status status = tolka_build_pattern(b, (const char *const *)from->match, from->match_count,
                                                   TOLKA_PATTERN_TEXT, false, &pattern);

    if (status)
        return status;
    grown = tolka_build_grow(rules, rules->phrases, &rules->phrase_count, &rules->phrase_capacity,
                             sizeof(*grown));
    if (!grown)
        return tolka_build_no_memory(b);
    rules->phrases = grown;
    grown[rules->phrase_count - 1] = (struct tolka_phrase_rule){from->value, pattern};
    return TOLKA_OK;
}

enum tolka_status tolka_build_report(struct tolka_builder *b)
{
    const struct tolka_file_rules *from = b->file->rules;
    enum tolka_status status = TOLKA_OK;

    for (unsigned i = 0; !status && i < from->links_count; i++)
        status = add_link(b, &from->links[i]);
    for (unsigned i = 0; !status && i < from->reports_count; i++)
        status = add_report(b, &from->reports[i]);
    for (unsigned i = 0; !status && i < from->fields_count; i++)
        status = add_field(b, &from->fields[i]);
    for (unsigned i = 0; !status && i < from->fulfilment_count; i++)
        status = add_phrase(b, &from->fulfilment[i]);
    return status;
}
