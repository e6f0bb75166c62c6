/* What is said on standard error as a log for programs: a JSON object a line. cli/ only. */
#ifndef TOLKA_CLI_LOG_H
#define TOLKA_CLI_LOG_H

#include "schema/json.h"

#include <stdbool.h>

/* From now on all that the program says on standard error is such lines. */
void tolka_log_begin(void);
bool tolka_log_is_on(void);

/* One line: begun with its time (UTC, ISO 8601), `level` ("info", "warning", "error") and `event`; the caller
 * adds to line->json; written and released by end. */
struct tolka_log_line {
    struct tolka_strbuf out;
    struct tolka_json json;
};
void tolka_log_line_begin(struct tolka_log_line *line, const char *level, const char *event);
void tolka_log_line_end(struct tolka_log_line *line);

#endif
