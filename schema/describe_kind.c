/* What kind of report this is: weighted evidence of its text and of the tables and periods found in it. And
 * its title. */
#include "schema/describe.h"

#include <stdlib.h>
#include <string.h>

/* A sentence that comes back on every page counts as often as this. */
enum { REPEATS = 3 };

/* Weight from which a kind is taken: less than this is a word in passing. */
enum { KIND_THRESHOLD = 4 };

static int text_weight(struct tolka_description *d, const struct tolka_evidence *evidence)
{
    int hits = 0;

    for (size_t i = 0; i < d->paragraphs.count && hits < REPEATS; i++) {
        const struct tolka_piece *piece = &d->paragraphs.items[i];

        hits += tolka_piece_is_at(piece, evidence->where) &&
                tolka_piece_matches(d, piece, evidence->pattern, NULL);
    }
    return hits * evidence->weight;
}

static int table_weight(struct tolka_description *d, const struct tolka_evidence *evidence)
{
    for (size_t i = 0; i < d->record->table_count; i++) {
        const char *kind = d->record->tables[i].kind;

        if (tolka_pattern_find(evidence->pattern, d->matcher, kind, strlen(kind), 0, NULL))
            return evidence->weight;
    }
    return 0;
}

/* The months that the first column with a period in an income statement covers, as a word for the rules:
 * "12", "6"; "" when none. */
static void statement_months(const struct tolka_record *record, char out[12])
{
    out[0] = '\0';
    for (size_t i = 0; i < record->table_count; i++) {
        const struct tolka_table *table = &record->tables[i];

        for (int c = 0; !strcmp(table->kind, "income_statement") && c < table->column_count; c++) {
            const struct tolka_period *period = &table->columns[c].period;
            int months;

            if (!period->from || !period->to || strlen(period->from) < 7 || strlen(period->to) < 7)
                continue;
            months = 12 * (atoi(period->to) - atoi(period->from)) + atoi(period->to + 5) -
                     atoi(period->from + 5) + 1;
            if (months < 1 || months > 99 || !strcmp(period->from, period->to))
                continue;
            out[0] = (char)('0' + months / 10);
            out[1] = (char)('0' + months % 10);
            out[2] = '\0';
            return;
        }
    }
}

static int period_weight(struct tolka_description *d, const struct tolka_evidence *evidence)
{
    char months[12];

    statement_months(d->record, months);
    return tolka_pattern_find(evidence->pattern, d->matcher, months, strlen(months), 0, NULL)
               ? evidence->weight
               : 0;
}

static int evidence_weight(struct tolka_description *d, const struct tolka_evidence *evidence)
{
    if (evidence->where && !strcmp(evidence->where, "kinds"))
        return table_weight(d, evidence);
    if (evidence->where && !strcmp(evidence->where, "period"))
        return period_weight(d, evidence);
    return text_weight(d, evidence);
}

/* The title is the heading on the first pages, or the running header, that names the kind. */
static const char *find_title(struct tolka_description *d)
{
    struct tolka_candidates titles = {0};

    for (size_t r = 0; r < d->rules->field_count; r++) {
        const struct tolka_field_rule *rule = &d->rules->fields[r];

        for (size_t i = 0; !strcmp(rule->field, "title") && i < d->paragraphs.count; i++) {
            const struct tolka_piece *piece = &d->paragraphs.items[i];

            if (tolka_piece_is_at(piece, rule->where) && tolka_piece_matches(d, piece, rule->pattern, NULL))
                tolka_candidate_add(d, &titles, tolka_piece_group(d, piece, rule->pattern, "value"),
                                    rule->weight);
        }
    }
    return tolka_candidate_best(&titles);
}

void tolka_describe_kind(struct tolka_description *d)
{
    const char *best = "other";
    int best_weight = KIND_THRESHOLD - 1;

    for (size_t r = 0; r < d->rules->report_count; r++) {
        int weight = 0;

        for (size_t i = 0; i < d->rules->reports[r].evidence_count; i++)
            weight += evidence_weight(d, &d->rules->reports[r].evidence[i]);
        if (weight > best_weight) {
            best_weight = weight;
            best = d->rules->reports[r].kind;
        }
    }
    d->record->report.kind = best;
    d->record->report.title = find_title(d);
}
