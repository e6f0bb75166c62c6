/* Grids into typed tables: cell texts, header rows, columns, values; tables over page breaks joined. */
#ifndef TOLKA_SCHEMA_TABLE_H
#define TOLKA_SCHEMA_TABLE_H

#include "base/error.h"
#include "normalize/normalize.h"
#include "schema/record.h"
#include "schema/rules.h"

/*
 * Appends the tables of all `pages` (in order, their words repaired) to record->tables, classified by
 * `rules`, with values, units, statuses read/repaired/doubtful. `model` (NULL allowed) decides line-end
 * hyphens in cells. Error MEMORY.
 */
enum tolka_status tolka_tables_build(const struct tolka_page *pages, size_t page_count,
                                     const struct tolka_rules *rules, const struct tolka_model *model,
                                     struct tolka_record *record, struct tolka_error *err);

/*
 * After cells of a table in `record` were corrected: makes the labels of the columns, and the items of the rows, anew that
 * are marked (row_count and column_count marks), then units and groups. False when out of memory.
 */
bool tolka_table_renew(const struct tolka_rules *rules, struct tolka_record *record, struct tolka_table *table,
                       const bool *rows, const bool *columns);

#endif
