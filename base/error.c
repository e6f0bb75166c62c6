#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum tolka_status(tolka_error_set)(struct tolka_error *err, enum tolka_status status, const char *format, ...)
{
    va_list args;

    if (!err || err->status)
        return status;
    err->status = status;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    for (char *c = err->message; *c; c++) { /* one line: a file name may hold anything */
        if ((unsigned char)*c < ' ')
            *c = '?';
    }
    return status;
}

void tolka_error_clear(struct tolka_error *err)
{
    if (!err)
        return;
    err->status = TOLKA_OK;
    err->message[0] = '\0';
}

const char *tolka_status_problem(enum tolka_status status)
{
    switch (status) {
    case TOLKA_ERR_LIMIT:
        return "too_large";
    case TOLKA_ERR_MEMORY:
        return "out_of_memory";
    case TOLKA_ERR_LIBRARY:
        return "library";
    default:
        return "unreadable";
    }
}
