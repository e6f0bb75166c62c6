/* Checking of rule files beyond what loading refuses. For `tolka rules check` and tests. */
#ifndef TOLKA_SCHEMA_RULES_LINT_H
#define TOLKA_SCHEMA_RULES_LINT_H

#include "base/error.h"

#include <stddef.h>

/* One thing that is wrong: "path:line: message", no newline. `context` is the caller's. */
typedef void (*tolka_lint_report)(void *context, const char *finding);

/*
 * Checks the rules made of all *.yaml of `dirs` and then of the single `files`, and reports every finding:
 * wrong syntax, patterns that do not compile, that match the empty text or that cost too much, names, kinds,
 * items and places that are not known, keys used twice. Returns the number of findings, or a negative enum
 * tolka_status when memory is out.
 */
int tolka_rules_lint(const char *const *dirs, size_t dir_count, const char *const *files, size_t file_count,
                     tolka_lint_report report, void *context);

#endif
