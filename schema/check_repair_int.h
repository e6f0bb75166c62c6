/* Inside of the repairs: what check_repair.c, check_signs.c and check_commas.c share. Nobody else includes this. */
#ifndef TOLKA_SCHEMA_CHECK_REPAIR_INT_H
#define TOLKA_SCHEMA_CHECK_REPAIR_INT_H

#include "schema/check_int.h"

enum { TOLKA_REPAIR_LIST_END = -1 };

/* For each cell of the record the candidates that it takes part in, as linked lists: first[cell], next[use].
 */
struct tolka_repair_uses {
    const size_t *table_start; /* of each table's cells */
    int *first;
    int *next;
    int *candidate; /* of each use */
};

struct tolka_repair {
    struct tolka_checker *checker;
    struct tolka_repair_uses uses;
    bool *flips; /* room for the cells of the longest check */
};

/* One reading that could be taken. */
struct tolka_repair_reading {
    struct tolka_check_ref ref;
    struct tolka_decimal value;
    char text[48];
    float confidence;
    bool exact;
};

/* check_repair.c: a cell's place in uses.first. */
size_t tolka_repair_cell_number(const struct tolka_repair_uses *uses, const struct tolka_checker *checker,
                                struct tolka_check_ref ref);

/* check_repair.c: puts a reading into its cell, with a trace; false when memory is out. */
bool tolka_repair_take(struct tolka_repair *repair, const struct tolka_repair_reading *reading);

/* check_signs.c: gives terms of a failing sum of costs their minus back when one set of them alone explains
 * it. True when something changed. */
bool tolka_repair_signs(struct tolka_repair *repair, const struct tolka_check_candidate *candidate);

/* check_signs.c: gives cells of a failing sum down a column their minus back where their rows say that they
 * lack it, when the sum holds to the last digit then. True when something changed. */
bool tolka_repair_signs_across(struct tolka_repair *repair, const struct tolka_check_candidate *candidate);

/* check_commas.c: gives several cells of a sum that fails, or holds without any comma, their comma back where
 * it holds to the last digit then. True when something changed. */
bool tolka_repair_commas(struct tolka_repair *repair, const struct tolka_check_candidate *candidate);

#endif
