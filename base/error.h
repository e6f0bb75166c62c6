/* Errors: what *we* failed at. What is odd about a document is a diagnostic (diag.h). Any file may include
 * this. */
#ifndef TOLKA_BASE_ERROR_H
#define TOLKA_BASE_ERROR_H

#include "lib/tolka.h" /* enum tolka_status: every failing call returns one, 0 is success */

/* The first message stands: a caller that passes the error on does not write over it. */
struct tolka_error {
    enum tolka_status status;
    char message[512]; /* UTF-8, one line, no trailing newline or full stop */
};

/*
 * Writes `status` and the formatted message to `err` (NULL allowed) unless it already holds an error.
 * Returns `status`, so that a failing function can end with `return tolka_error_set(...)`.
 */
enum tolka_status tolka_error_set(struct tolka_error *err, enum tolka_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The code of the problem that a page which failed for this reason is: "too_large", "unreadable", ... Static.
 */
const char *tolka_status_problem(enum tolka_status status);

#ifdef __clang_analyzer__ /* cannot see that the status comes back */
#define tolka_error_set(err, status, ...) ((void)(tolka_error_set)(err, status, __VA_ARGS__), (status))
#endif

/* Empties `err` (NULL allowed). */
void tolka_error_clear(struct tolka_error *err);

#endif
