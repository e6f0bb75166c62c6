/*
 * Several figures of one sum that lost their decimal comma, or whose digits fell apart at the wrong place: a
 * poor copy does that to a whole column. Readings that keep the digits of what was read are taken together
 * where they make the sum hold to the last digit. A sum of which every figure lost its comma holds as it is,
 * and proves nothing: what their column or table tells of its decimals goes before.
 */
#include "schema/check_repair_int.h"
#include "schema/value.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { LEAST = 2 /* cells: one alone is mended like any other */ };

static bool same_digits(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a && !tolka_is_digit(*a))
            a++;
        while (*b && !tolka_is_digit(*b))
            b++;
        if (*a != *b || !*a)
            return *a == *b;
    }
}

/* The first other reading of a doubtful cell that has its digits and another value; NULL for none. */
static const struct tolka_alternative *lookup_reading(const struct tolka_cell *cell,
                                                      struct tolka_decimal *value)
{
    enum tolka_unit unit;

    for (size_t i = 0; tolka_check_is_doubtful(cell) && i < cell->alternative_count; i++) {
        const struct tolka_alternative *other = &cell->alternatives[i];

        if (same_digits(other->text, cell->text) && tolka_value_parse(other->text, value, &unit) &&
            (!cell->has_value || tolka_decimal_compare(cell->value, *value) != 0))
            return other;
    }
    return NULL;
}

/* Puts the readings into the values of their cells; how many, each marked in repair->flips. */
static size_t put_readings(struct tolka_repair *repair, const struct tolka_check_candidate *candidate)
{
    size_t count = 0;

    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(repair->checker, tolka_check_ref_at(candidate, i));
        struct tolka_decimal value;

        repair->flips[i] = lookup_reading(cell, &value) != NULL;
        if (!repair->flips[i])
            continue;
        cell->has_value = true;
        cell->value = value;
        count++;
    }
    return count;
}

/* Gives a cell back the value of its text, and takes the reading when it is `good`. */
static void settle(struct tolka_repair *repair, struct tolka_check_ref ref, bool good)
{
    struct tolka_repair_reading reading = {.ref = ref};
    struct tolka_cell *cell = tolka_check_cell(repair->checker, ref);
    enum tolka_unit unit;

    reading.value = cell->value;
    reading.confidence = cell->confidence;
    cell->has_value = tolka_value_parse(cell->text, &cell->value, &unit);
    if (!good)
        return;
    tolka_slip_print(reading.value, reading.text);
    repair->checker->failed = !tolka_repair_take(repair, &reading) || repair->checker->failed;
}

/* Whether a sum that holds does so without the comma of any of its figures. */
static bool lacks_all_commas(const struct tolka_repair *repair, const struct tolka_check_candidate *candidate)
{
    for (size_t i = 0; i <= candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(repair->checker, tolka_check_ref_at(candidate, i));
        struct tolka_decimal value;

        if (cell->has_value && cell->value.mantissa != 0 &&
            (cell->value.scale > 0 || !lookup_reading(cell, &value) || value.scale == 0))
            return false;
    }
    return true;
}

bool tolka_repair_commas(struct tolka_repair *repair, const struct tolka_check_candidate *candidate)
{
    struct tolka_check_candidate now = *candidate;
    size_t count;
    bool good;

    if (candidate->result == TOLKA_RESULT_HOLDS && !lacks_all_commas(repair, candidate))
        return false;
    count = put_readings(repair, candidate);
    tolka_check_evaluate(repair->checker, &now);
    good = count >= LEAST && now.result == TOLKA_RESULT_HOLDS && now.off.mantissa == 0;
    for (size_t i = 0; i <= candidate->term_count; i++) {
        if (repair->flips[i])
            settle(repair, tolka_check_ref_at(candidate, i), good);
    }
    return good;
}
