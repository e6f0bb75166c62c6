/* Tables of goals in plain text that lost its columns. pipeline.c includes this. */
#ifndef TOLKA_SCHEMA_GOALTEXT_H
#define TOLKA_SCHEMA_GOALTEXT_H

#include "base/error.h"
#include "extract/page.h"
#include "schema/rules.h"

/*
 * Adds the tables of goals of a page of plain text to its grids; does nothing to other pages. Call after
 * tolka_grids_find. Error MEMORY.
 */
enum tolka_status tolka_goal_grids_find(const struct tolka_rules *rules, struct tolka_page *page,
                                        struct tolka_error *err);

#endif
