/* Rules held against a folder of reports. cmd_rules.c only. */
#ifndef TOLKA_CLI_RULES_AGAINST_H
#define TOLKA_CLI_RULES_AGAINST_H

#include "schema/rules_lint.h"

/*
 * Reads every report under `folder`: JSON that `convert` wrote, and files that it could convert; a file
 * beside which its JSON stands is not converted again. Then reports what of the rules (`shipped`, a folder,
 * and `files` on top; when there are files, of those alone) none of them has. Returns how much, negative when
 * nothing could be read; has complained then.
 */
int tolka_rules_against(const char *shipped, const char *const *files, size_t file_count, const char *folder,
                        tolka_lint_report report, void *context);

#endif
