#include "cli/store.h"

enum { ROWS_BYTES = 1 << 16 };

struct tolka_store *tolka_cli_open_store(const char *name)
{
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};

    if (tolka_store_open(name, TOLKA_STORE_READ, &store, &err))
        tolka_cli_complain("%s", err.message);
    return store;
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
