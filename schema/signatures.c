/*
 * Signatures: in the part of the report where it is signed, a name with its role, on one line or the role
 * (and place) under the name, or a name alone under a dotted or drawn line. What is cut at wide gaps is read
 * piece by piece, since signatures stand side by side.
 */
#include "schema/describe.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SIGNATURES = 500 };

/* A role stands at most this many heights of print under its name, a signing line this many above it. */
static const float near_sizes = 3.0f;

static const struct tolka_field_rule *match_field(struct tolka_description *d,
                                                  const struct tolka_piece *piece, const char *field)
{
    for (size_t r = 0; r < d->rules->field_count; r++)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many as are counted */
        if (!strcmp(d->rules->fields[r].field, field) &&
            tolka_piece_matches(d, piece, d->rules->fields[r].pattern, NULL))
            return &d->rules->fields[r];
    return NULL;
}

static bool overlaps(struct tolka_box a, struct tolka_box b)
{
    return a.x0 < b.x1 && b.x0 < a.x1;
}

static bool is_near_below(const struct tolka_piece *upper, struct tolka_box lower)
{
    float gap = (float)(lower.y0 - upper->box.y1);
    float size = upper->size_px > 0 ? upper->size_px : (float)tolka_box_height(upper->box);

    return overlaps(upper->box, lower) && lower.y0 > upper->box.y0 && gap < near_sizes * size;
}

static bool add_signature(struct tolka_description *d, struct tolka_signature signature)
{
    struct tolka_record *record = d->record;
    struct tolka_signature *grown =
        tolka_arena_grow(&record->arena, record->signatures, record->signature_count,
                         &record->signature_capacity, sizeof(*grown));

    if (!grown)
        return false;
    record->signatures = grown;
    grown[record->signature_count++] = signature;
    return true;
}

/* The piece under a name that is a role; NULL when there is none. */
static const struct tolka_piece *role_below(struct tolka_description *d, size_t name)
{
    enum { LOOK_AHEAD = 12 };
    const struct tolka_piece *upper = &d->segments.items[name];

    for (size_t i = name + 1; i < d->segments.count && i <= name + LOOK_AHEAD; i++) {
        const struct tolka_piece *piece = &d->segments.items[i];

        if (piece->page != upper->page)
            break;
        if (is_near_below(upper, piece->box) && match_field(d, piece, "signature_role"))
            return piece;
    }
    return NULL;
}

/* Dots, underscores or a drawn line just above a name. */
static bool has_line_above(struct tolka_description *d, size_t name)
{
    enum { LOOK_BACK = 12 };
    const struct tolka_piece *piece = &d->segments.items[name];
    float reach = near_sizes * (piece->size_px > 0 ? piece->size_px : (float)tolka_box_height(piece->box));

    for (size_t i = 0; i < piece->page->ruling_count; i++) {
        struct tolka_box box = piece->page->rulings[i].box;

        if (!piece->page->rulings[i].vertical && overlaps(box, piece->box) && box.y1 <= piece->box.y0 + 2 &&
            (float)(piece->box.y0 - box.y1) < reach)
            return true;
    }
    for (size_t i = name; i-- > 0 && name - i <= LOOK_BACK;) {
        const struct tolka_piece *upper = &d->segments.items[i];

        if (upper->page == piece->page && is_near_below(upper, piece->box) &&
            match_field(d, upper, "signature_line"))
            return true;
    }
    return false;
}

static bool read_pair(struct tolka_description *d, const struct tolka_piece *piece,
                      const struct tolka_field_rule *rule)
{
    struct tolka_signature signature = {
        .name = tolka_piece_group(d, piece, rule->pattern, "name"),
        .role = tolka_piece_group(d, piece, rule->pattern, "role"),
        .place = tolka_piece_group(d, piece, rule->pattern, "place"),
        .page = piece->page->number,
    };

    return !signature.name || add_signature(d, signature);
}

static bool read_name(struct tolka_description *d, size_t index, const struct tolka_field_rule *rule)
{
    const struct tolka_piece *piece = &d->segments.items[index], *below;
    struct tolka_signature signature = {.page = piece->page->number};

    signature.name = tolka_piece_group(d, piece, rule->pattern, "name");
    below = role_below(d, index);
    if (below) {
        const struct tolka_field_rule *role = match_field(d, below, "signature_role");

        signature.role = role ? tolka_piece_group(d, below, role->pattern, "role") : NULL;
        signature.place = role ? tolka_piece_group(d, below, role->pattern, "place") : NULL;
    } else if (!has_line_above(d, index)) {
        return true;
    }
    return !signature.name || add_signature(d, signature);
}

bool tolka_describe_signatures(struct tolka_description *d)
{
    bool done = true;

    for (size_t i = 0; done && i < d->segments.count && d->record->signature_count < MAX_SIGNATURES; i++) {
        const struct tolka_piece *piece = &d->segments.items[i];
        const struct tolka_field_rule *rule;

        if (!(piece->places & TOLKA_PLACE_SIGNING) || (piece->places & TOLKA_PLACE_RUNNING) ||
            !piece->legible)
            continue;
        rule = match_field(d, piece, "signature");
        if (rule) {
            done = read_pair(d, piece, rule);
            continue;
        }
        rule = match_field(d, piece, "signature_name");
        if (rule)
            done = read_name(d, i, rule);
    }
    return done;
}
