/* Organisation, organisation number, case number and day of decision: every match of a field's patterns is a
 * candidate. */
#include "schema/describe.h"
#include "schema/value.h"

#include <string.h>

/* Matches of one rule that count. A running header says the same on every page: that is one statement, and
 * one for luck. */
enum { FIELD_MATCHES = 200, RUNNING_MATCHES = 2 };

/* A checked candidate in the form that the record shows; NULL when it cannot be one. */
typedef const char *(*field_reader)(struct tolka_description *d, const char *value);

/*
 * Ten digits whose last one is a Luhn check digit (SKV 709, ISO/IEC 7812-1) and whose third is 2 or more:
 * that tells an organisation from a person.
 */
static const char *read_orgnr(struct tolka_description *d, const char *value)
{
    char digits[11] = "";
    int count = 0, sum = 0;

    for (; *value; value++)
        if (*value >= '0' && *value <= '9') {
            if (count == 10)
                return NULL;
            digits[count++] = *value;
        }
    if (count != 10 || digits[2] < '2')
        return NULL;
    digits[10] = '\0';
    for (int i = 0; i < 10; i++) {
        int twice = (digits[i] - '0') * (i % 2 ? 1 : 2);

        sum += twice / 10 + twice % 10;
    }
    return sum % 10 ? NULL : tolka_arena_printf(&d->record->arena, "%.6s-%s", digits, digits + 6);
}

static const char *read_date(struct tolka_description *d, const char *value)
{
    char iso[11];

    return tolka_date_parse(value, iso) ? tolka_arena_strdup(&d->record->arena, iso) : NULL;
}

static const char *read_text(struct tolka_description *d, const char *value)
{
    (void)d;
    return value;
}

/* All matches in one piece; a pattern finds more than one name in a paragraph. */
static void match_piece(struct tolka_description *d, const struct tolka_piece *piece,
                        const struct tolka_field_rule *rule, field_reader reader,
                        struct tolka_candidates *out, int *left)
{
    enum { MATCHES = 20 };
    size_t from = 0;

    for (int i = 0; *left > 0 && i < MATCHES; i++) {
        struct tolka_span at;
        const char *value;

        if (!tolka_pattern_find(rule->pattern, d->matcher, piece->text.text, piece->text.length, from, &at) ||
            at.end <= from)
            return;
        value = tolka_piece_group(d, piece, rule->pattern, "value");
        if (value)
            value = reader(d, value);
        if (value) {
            tolka_candidate_add(d, out, value, rule->weight);
            (*left)--;
        }
        from = at.end;
    }
}

static void search_pieces(struct tolka_description *d, const struct tolka_pieces *pieces, const char *field,
                          field_reader reader, struct tolka_candidates *out)
{
    for (size_t r = 0; r < d->rules->field_count; r++) {
        const struct tolka_field_rule *rule = &d->rules->fields[r];
        int left = rule->where && !strcmp(rule->where, "running") ? RUNNING_MATCHES : FIELD_MATCHES;

        for (size_t i = 0; !strcmp(rule->field, field) && i < pieces->count && left > 0; i++)
            if (tolka_piece_is_at(&pieces->items[i], rule->where))
                match_piece(d, &pieces->items[i], rule, reader, out, &left);
    }
}

static const char *find_field(struct tolka_description *d, const char *field, field_reader reader)
{
    struct tolka_candidates candidates = {0};

    search_pieces(d, &d->paragraphs, field, reader, &candidates);
    return tolka_candidate_best(&candidates);
}

/* A date that stands alone on its line may follow a text without a gap; one in a table is a column's heading.
 */
static const char *find_decided(struct tolka_description *d)
{
    struct tolka_candidates candidates = {0};
    struct tolka_pieces *all[] = {&d->paragraphs, &d->lines};

    for (size_t k = 0; k < 2; k++) {
        struct tolka_pieces outside = {0};

        outside.items = tolka_arena_array(&d->scratch, all[k]->count + 1, sizeof(*outside.items));
        for (size_t i = 0; outside.items && i < all[k]->count; i++)
            if (!(all[k]->items[i].places & TOLKA_PLACE_TABLE))
                outside.items[outside.count++] = all[k]->items[i];
        search_pieces(d, &outside, "decided", read_date, &candidates);
    }
    return tolka_candidate_best(&candidates);
}

void tolka_describe_fields(struct tolka_description *d)
{
    d->record->report.organisation = find_field(d, "organisation", read_text);
    d->record->report.orgnr = find_field(d, "orgnr", read_orgnr);
    d->record->report.dnr = find_field(d, "dnr", read_text);
    d->record->report.decided = find_decided(d);
}
