/* Errors: what *we* failed at. What is odd about a document is a diagnostic (diag.h). Any file may include this. */
#ifndef TOLKA_BASE_ERROR_H
#define TOLKA_BASE_ERROR_H

/* The reason a call failed; every failing call returns one of these, 0 is success. */
enum tolka_status {
    TOLKA_OK = 0,
    TOLKA_ERR_ARGUMENT = -1,  /* the caller's mistake */
    TOLKA_ERR_MEMORY = -2,
    TOLKA_ERR_IO = -3,        /* reading or writing failed; a missing file too */
    TOLKA_ERR_FORMAT = -4,    /* not a known type, or damaged beyond reading */
    TOLKA_ERR_ENCRYPTED = -5,
    TOLKA_ERR_LIMIT = -6,     /* larger than the limits that guard against hostile input */
    TOLKA_ERR_CRASH = -7,     /* a worker died over it */
    TOLKA_ERR_TIMEOUT = -8,
    TOLKA_ERR_LIBRARY = -9,   /* a library refused for a reason of its own */
    TOLKA_ERR_FULL = -10,     /* no space left on the device */
    TOLKA_ERR_LOCKED = -11,   /* another program kept it locked for longer than we wait */
    TOLKA_ERR_VERSION = -12,  /* made by a newer program */
    TOLKA_ERR_STALE = -13,    /* what the call is about is no longer ours: a lost claim */
};

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

/* Empties `err` (NULL allowed). */
void tolka_error_clear(struct tolka_error *err);

#endif
