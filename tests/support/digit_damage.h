/* Digits damaged on purpose: how many misread figures the report's own arithmetic puts right, and whether any
 * is made wrong silently. */
#ifndef TOLKA_TESTS_DIGIT_DAMAGE_H
#define TOLKA_TESTS_DIGIT_DAMAGE_H

#include "extract/page.h"
#include "schema/rules.h"

#include <stdint.h>

struct digit_damage {
    int checked;   /* amounts that a check confirms in the undamaged report */
    int tried;     /* damaged, one at a time */
    int right;     /* the true value again, status repaired */
    int flagged;   /* not right, but marked doubtful */
    int silent;    /* a wrong value that is not marked, the damaged one or another */
    int misprints; /* failing checks that blame the report, which the undamaged one has not */
};

enum digit_damage_help {
    DAMAGE_TRUTH_OFFERED, /* the true word is among the alternatives */
    DAMAGE_DECOY_OFFERED, /* and before it another wrong one */
    DAMAGE_NOTHING_OFFERED,
};

/*
 * Finds the tables of `pages` (whose grids are not found yet), then damages `times` random digits of checked
 * amounts: each time one digit becomes another, the word's confidence is low. Adds to `result`; with
 * `verbose` prints each failure. False when a step failed.
 */
bool digit_damage_run(struct tolka_page *pages, size_t page_count, const struct tolka_rules *rules, int times,
                      uint32_t seed, enum digit_damage_help help, bool verbose, struct digit_damage *result);

#endif
