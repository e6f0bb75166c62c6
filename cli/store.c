#include "cli/store.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_BYTES = 1 << 16 };

struct tolka_store *tolka_cli_open_store(const char *name)
{
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};

    if (tolka_store_open(name, TOLKA_STORE_READ, &store, &err))
        tolka_cli_complain("%s", err.message);
    return store;
}

int tolka_cli_bad_option(const char *command, int option, char *const *argv, int index)
{
    tolka_cli_complain("%s: %s: %s; see `tolka %s --help`", command, argv[index - 1],
                       option == ':' ? "a value is missing" : "no such option", command);
    return TOLKA_EXIT_USAGE;
}

int tolka_cli_bad_value(const char *command, const char *value)
{
    tolka_cli_complain("%s: %s: not a value that this option takes; see `tolka %s --help`", command, value,
                       command);
    return TOLKA_EXIT_USAGE;
}

bool tolka_cli_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < low || value > high)
        return false;
    *number = value;
    return true;
}

bool tolka_cli_day(const char *text, bool last, char out[11])
{
    static const char shape[] = "dddd-dd-dd";
    const size_t length = strlen(text);

    if (length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
            return false;
    }
    /* The days of a month are not counted: no day of it comes after its 31st in this order. */
    snprintf(out, 11, "%s%s", text, &(last ? "YYYY-12-31" : "YYYY-01-01")[length]);
    if (length == 7 && last)
        memcpy(out + 7, "-31", 4);
    return true;
}

bool tolka_rows_open(struct tolka_rows *rows, const char *path)
{
    *rows = (struct tolka_rows){0};
    return tolka_output_open(&rows->output, path);
}

bool tolka_rows_flow(struct tolka_rows *rows)
{
    if (rows->buffer.length < ROWS_BYTES || rows->failed)
        return !rows->failed;
    rows->failed =
        rows->buffer.failed ||
        fwrite(rows->buffer.data, 1, rows->buffer.length, rows->output.file) != rows->buffer.length ||
        fflush(rows->output.file) != 0;
    tolka_strbuf_truncate(&rows->buffer, 0);
    return !rows->failed;
}

bool tolka_rows_close(struct tolka_rows *rows, bool good)
{
    const bool failed = rows->failed || rows->buffer.failed;

    if (failed)
        tolka_cli_complain("%s: cannot be written",
                           rows->output.path ? rows->output.path : "standard output");
    if (good && !failed)
        good = tolka_output_commit(&rows->output, rows->buffer.data, rows->buffer.length);
    else
        tolka_output_abandon(&rows->output);
    tolka_strbuf_release(&rows->buffer);
    return good && !failed;
}
