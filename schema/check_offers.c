/*
 * What the recogniser offers for a cell besides what it read, and whether that would make a check hold. In a
 * cell that was read well only a reading counts that the recogniser saw something of: what it merely ranks (a
 * reading every digit has) would explain any misprint.
 */
#include "schema/check_int.h"
#include "schema/value.h"

bool tolka_check_is_offered(const struct tolka_cell *cell, const struct tolka_alternative *other)
{
    return tolka_check_is_doubtful(cell) || other->confidence >= TOLKA_CHECK_SEEN;
}

/* How many of the cell's other readings, each a value of its own, make the check hold. */
static int count_holding(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                         size_t index)
{
    struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, index));
    const struct tolka_cell kept = *cell;
    int holding = 0;

    for (size_t i = 0; i < kept.alternative_count; i++) {
        struct tolka_check_candidate now = *candidate;
        enum tolka_unit unit;

        if (!tolka_check_is_offered(&kept, &kept.alternatives[i]) ||
            !tolka_value_parse(kept.alternatives[i].text, &cell->value, &unit) ||
            (kept.has_value && tolka_decimal_compare(cell->value, kept.value) == 0))
            continue;
        cell->has_value = true;
        tolka_check_evaluate(checker, &now);
        holding += now.result == TOLKA_RESULT_HOLDS;
    }
    *cell = kept;
    return holding;
}

bool tolka_check_is_ambiguous(const struct tolka_checker *checker,
                              const struct tolka_check_candidate *candidate, size_t index)
{
    return count_holding(checker, candidate, index) > 0;
}

int tolka_check_count_offers(const struct tolka_checker *checker,
                             const struct tolka_check_candidate *candidate)
{
    int count = 0;

    for (size_t i = 0; i <= candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));

        if (cell->alternative_count > 0 && tolka_check_is_doubtful(cell))
            count += count_holding(checker, candidate, i);
    }
    return count;
}
