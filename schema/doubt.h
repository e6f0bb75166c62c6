/* When a reading is in doubt: one threshold for the table builder and the checks, and what no check covers.
 * Only schema/ includes this. */
#ifndef TOLKA_SCHEMA_DOUBT_H
#define TOLKA_SCHEMA_DOUBT_H

#include "schema/record.h"

/* The recogniser's word confidence (0..1) under which an amount that no check confirms counts as badly read:
 * over scans of all grades, of the amounts under it about one in six was wrong, of those above it one in
 * forty. */
#define TOLKA_DOUBT_CONFIDENCE 0.75F

/* True when the size of `a` is more than five times that of `b`. */
bool tolka_doubt_is_times_larger(struct tolka_decimal a, struct tolka_decimal b);

/*
 * After the checks: marks amounts on recognised pages that no check confirmed and that are out of line with
 * the other amounts of their row. The record's pages must be there.
 */
void tolka_doubt_outliers(struct tolka_record *record);

/* True when the amounts of its row speak against this one; whatever its status. */
bool tolka_doubt_is_outlier(const struct tolka_record *record, const struct tolka_table *table, int row,
                            int column);

#endif
