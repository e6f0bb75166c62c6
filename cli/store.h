/* What the commands that look into a store share. cli/ only. */
#ifndef TOLKA_CLI_STORE_H
#define TOLKA_CLI_STORE_H

#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "ingest/store.h"

/* Opens the store at `name` for reading. NULL, with a complaint, when it cannot be read. */
struct tolka_store *tolka_cli_open_store(const char *name);

/* Rows on their way out: written as they come, so that any number needs little memory. */
struct tolka_rows {
    struct tolka_output output;
    struct tolka_strbuf buffer;
    bool failed; /* could not be written: there is no use in going on */
};

/* Opens as tolka_output_open does. */
bool tolka_rows_open(struct tolka_rows *rows, const char *path);

/* To be called after each addition to `buffer`: writes it out when it is large. False when that failed. */
bool tolka_rows_flow(struct tolka_rows *rows);

/* Writes the rest, or gives up when `good` is false. False, with a complaint, when not all was written. */
bool tolka_rows_close(struct tolka_rows *rows, bool good);

#endif
