/* The report's own arithmetic as evidence. */
#ifndef TOLKA_SCHEMA_CHECK_H
#define TOLKA_SCHEMA_CHECK_H

#include "base/error.h"
#include "schema/record.h"
#include "schema/rules.h"

/*
 * Runs every check over record->tables: sums by rule and by structure, column differences, statements against
 * each other. Appends to each table's checks; sets cell statuses confirmed, doubtful, repaired (a reading
 * chosen among a doubtful cell's alternatives: entry in record->corrections). Error MEMORY.
 */
enum tolka_status tolka_checks_run(const struct tolka_rules *rules, struct tolka_record *record,
                                   struct tolka_error *err);

/*
 * The same over a record whose cells a person has settled some of (status corrected): what it knew to add up
 * and what its figures now show, with verdicts and statuses anew. No cell is read otherwise than it says.
 * `record` may come from JSON. Error MEMORY.
 */
enum tolka_status tolka_checks_renew(const struct tolka_rules *rules, struct tolka_record *record,
                                     struct tolka_error *err);

#endif
