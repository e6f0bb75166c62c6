/* Small tables for tests, written as text: rows parted by newlines, cells by '|'. Texts are invented. */
#ifndef TOLKA_TESTS_RULE_TABLES_H
#define TOLKA_TESTS_RULE_TABLES_H

#include "schema/record.h"
#include "schema/rules.h"

/* The rule files of the source tree (found from the folder the tests run in); the test fails when they do not
 * load. */
struct tolka_rules *rule_tables_load(void);

/* A table in `arena`: labels, periods, units and values read as table.c reads them. `caption` may be NULL. */
struct tolka_table rule_tables_make(struct tolka_arena *arena, const char *caption, int header_rows,
                                    const char *text);

#endif
