/*
 * Lost minus signs. A dash before an amount is the first thing that a scan loses; where several amounts of a
 * sum lost theirs, no single reading mends it.
 */
#include "schema/check_repair_int.h"
#include "schema/value.h"

#include <string.h>

enum { MAX_SIGNS = 12 }; /* amounts of one sum that may have lost their sign: all subsets of them are tried */

/* Terms that stand against the sign of their total and may have lost a minus; -1 when there are too many. */
static int find_unsigned(struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                         size_t found[MAX_SIGNS])
{
    int count = 0;

    for (size_t i = 0; i < candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(repair->checker, candidate->terms[i].ref);
        const bool may_flip = cell->has_value && cell->value.mantissa > 0 && cell->confidence < 1 &&
                              candidate->terms[i].sign > 0 && cell->unit != TOLKA_UNIT_PERCENT;

        if (!may_flip)
            continue;
        if (count == MAX_SIGNS)
            return -1;
        found[count++] = i;
    }
    return count;
}

/* The sum of the chosen terms; false on overflow. */
static bool sum_chosen(const struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                       const size_t *found, unsigned chosen, struct tolka_decimal *sum)
{
    *sum = (struct tolka_decimal){0, 0};
    for (int k = 0; chosen >> k; k++) {
        const struct tolka_cell *cell = tolka_check_cell(repair->checker, candidate->terms[found[k]].ref);

        if ((chosen >> k & 1) && !tolka_decimal_add(*sum, cell->value, sum))
            return false;
    }
    return true;
}

/* In a sum of costs several signs may be lost at once: taken when one set of terms alone explains it to the
 * last digit. */
bool tolka_repair_signs(struct tolka_repair *repair, const struct tolka_check_candidate *candidate)
{
    size_t found[MAX_SIGNS];
    struct tolka_decimal off = tolka_decimal_negate(candidate->off), sum;
    const int count = find_unsigned(repair, candidate, found);
    unsigned good = 0;
    int sets = 0;

    if (!candidate->certain || candidate->result != TOLKA_RESULT_FAILS || candidate->found.mantissa >= 0)
        return false;
    for (unsigned chosen = 1; count > 0 && chosen < 1U << count; chosen++) {
        if (!sum_chosen(repair, candidate, found, chosen, &sum) || !tolka_decimal_add(sum, sum, &sum) ||
            tolka_decimal_compare(sum, off) != 0)
            continue;
        good = chosen;
        sets++;
    }
    for (int k = 0; sets == 1 && good >> k; k++) {
        struct tolka_repair_reading reading = {.ref = candidate->terms[found[k]].ref};
        const struct tolka_cell *cell = tolka_check_cell(repair->checker, reading.ref);

        if (!(good >> k & 1))
            continue;
        reading.value = tolka_decimal_negate(cell->value);
        reading.confidence = cell->confidence;
        tolka_slip_print(reading.value, reading.text);
        repair->checker->failed = !tolka_repair_take(repair, &reading) || repair->checker->failed;
    }
    return sets == 1;
}

/* Whether a check along the cell's row says that the cell lacks its minus. */
static bool lacks_sign_across(const struct tolka_repair *repair, struct tolka_check_ref ref)
{
    const struct tolka_checker *checker = repair->checker;

    for (int use = repair->uses.first[tolka_repair_cell_number(&repair->uses, checker, ref)];
         use != TOLKA_REPAIR_LIST_END; use = repair->uses.next[use]) {
        struct tolka_check_candidate across = checker->items[repair->uses.candidate[use]];

        if (!across.sign_open || memcmp(&across.total, &ref, sizeof ref) != 0)
            continue;
        tolka_check_evaluate(checker, &across);
        if (tolka_check_lacks_sign(checker, &across))
            return true;
    }
    return false;
}

/* A sum down a column that holds to the last digit once all of its cells that lack a minus by their rows have
 * one. True when they were given it. */
bool tolka_repair_signs_across(struct tolka_repair *repair, const struct tolka_check_candidate *candidate)
{
    struct tolka_check_candidate now = *candidate;
    size_t lacking = 0;

    if (candidate->across || candidate->term_count < 2 || candidate->result != TOLKA_RESULT_FAILS)
        return false;
    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(repair->checker, tolka_check_ref_at(candidate, i));

        repair->flips[i] = cell->has_value && lacks_sign_across(repair, tolka_check_ref_at(candidate, i));
        if (repair->flips[i])
            cell->value = tolka_decimal_negate(cell->value);
        lacking += repair->flips[i];
    }
    tolka_check_evaluate(repair->checker, &now);
    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_repair_reading reading = {.ref = tolka_check_ref_at(candidate, i)};
        struct tolka_cell *cell = tolka_check_cell(repair->checker, reading.ref);

        if (!repair->flips[i])
            continue;
        reading.value = cell->value;
        reading.confidence = cell->confidence;
        cell->value = tolka_decimal_negate(cell->value);
        tolka_slip_print(reading.value, reading.text);
        if (now.result == TOLKA_RESULT_HOLDS && now.off.mantissa == 0)
            repair->checker->failed = !tolka_repair_take(repair, &reading) || repair->checker->failed;
    }
    return lacking && now.result == TOLKA_RESULT_HOLDS && now.off.mantissa == 0;
}
