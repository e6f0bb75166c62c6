/* Tables written as text, for tests of what reads tables. */
#ifndef TOLKA_TESTS_MADE_TABLE_H
#define TOLKA_TESTS_MADE_TABLE_H

#include "schema/record.h"

#include <stdbool.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/*
 * Makes a record with one table from lines of cells parted by '|'; the first line is the heading. A label
 * that begins with "Summa" is a total. "?" before a cell: read badly. Release the record.
 */
struct tolka_table *made_table(struct tolka_record *record, const char *const *lines, size_t count);

/* Adds another reading of a cell, the last in its order. */
void made_reading(struct tolka_record *record, struct tolka_cell *cell, const char *text, float confidence);

/* Runs the checks, without rules; false when memory is out. */
bool made_table_check(struct tolka_record *record);

size_t made_verdicts(const struct tolka_table *table, enum tolka_verdict verdict);

#endif
