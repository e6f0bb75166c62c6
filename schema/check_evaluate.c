/* What a check comes to: the sum of its terms, or a share, against what is printed. Rounding is forgiven: a
 * unit in the last printed place, or two where many terms are added. */
#include "schema/check_int.h"
#include "schema/value.h"

enum {
    SMALL_FIGURE = 1000, /* below it, figures without a money unit are counts: they add up exactly */
    MANY_TERMS = 4,      /* from here on a sum of whole kronor may be off by two */
};

static bool is_unread(const struct tolka_cell *cell)
{
    return !cell->has_value && cell->status == TOLKA_CELL_DOUBTFUL;
}

int64_t tolka_check_magnitude(struct tolka_decimal value)
{
    int64_t whole = value.mantissa < 0 ? -value.mantissa : value.mantissa;

    for (int i = 0; i < value.scale; i++)
        whole /= 10;
    return whole;
}

/* What is forgiven, in units of 10^-scale of the coarsest printed place. */
static int64_t tolerance(const struct tolka_check_candidate *candidate, enum tolka_unit unit)
{
    const int64_t half_terms = (int64_t)candidate->term_count / 2;

    if (candidate->term_count == 1 && unit == TOLKA_UNIT_SEK)
        return 1;
    switch (unit) {
    case TOLKA_UNIT_COUNT:
        return candidate->slack;
    case TOLKA_UNIT_KSEK:
    case TOLKA_UNIT_MSEK:
    case TOLKA_UNIT_PERCENT:
        return half_terms > 1 ? half_terms : 1;
    case TOLKA_UNIT_SEK:
    case TOLKA_UNIT_NONE:
        break;
    }
    if (unit == TOLKA_UNIT_NONE && tolka_check_magnitude(candidate->found) < SMALL_FIGURE &&
        !candidate->slack)
        return 0;
    return candidate->term_count >= MANY_TERMS ? 2 : 1;
}

bool tolka_check_is_within(struct tolka_decimal off, int64_t units, int scale)
{
    struct tolka_decimal limit = {units, scale};

    if (off.mantissa < 0)
        off = tolka_decimal_negate(off);
    return tolka_decimal_compare(off, limit) <= 0;
}

void tolka_check_evaluate(const struct tolka_checker *checker, struct tolka_check_candidate *candidate)
{
    const struct tolka_cell *total = tolka_check_cell(checker, candidate->total);
    struct tolka_decimal sum = candidate->whole;
    bool unread = is_unread(total);
    int scale = total->value.scale, filled = 0;

    candidate->result = TOLKA_RESULT_EMPTY;
    candidate->scaled = false;
    if (!total->has_value && !unread)
        return;
    for (size_t i = 0; i < candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(checker, candidate->terms[i].ref);
        struct tolka_decimal value = cell->value;

        unread = unread || is_unread(cell);
        filled += cell->has_value || is_unread(cell);
        if (!cell->has_value)
            continue;
        if (!tolka_check_scale_term(candidate, total, &candidate->terms[i], cell, &value))
            return;
        if (candidate->terms[i].sign == 0) {
            scale = total->value.scale;
            if (!tolka_check_take_share(sum, value, scale, &sum))
                return;
            continue;
        }
        scale = value.scale > scale && !candidate->scaled ? value.scale : scale;
        if (candidate->terms[i].sign < 0)
            value = tolka_decimal_negate(value);
        if (!tolka_decimal_add(sum, value, &sum))
            return;
    }
    if (!filled || (tolka_check_is_share(candidate) && filled < 2))
        return;
    candidate->expected = sum;
    candidate->found = total->value;
    candidate->result = TOLKA_RESULT_UNREAD;
    if (unread || !tolka_decimal_add(total->value, tolka_decimal_negate(sum), &candidate->off))
        return;
    candidate->result = tolka_check_is_within(candidate->off, tolerance(candidate, total->unit), scale)
                            ? TOLKA_RESULT_HOLDS
                            : TOLKA_RESULT_FAILS;
}
