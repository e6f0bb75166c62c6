/* What `tolka ingest` and `tolka work` share. cli/ only. */
#ifndef TOLKA_CLI_INGEST_RUN_H
#define TOLKA_CLI_INGEST_RUN_H

#include "cli/ingest_progress.h"
#include "cli/read_options.h"
#include "ingest/ingest.h"

struct tolka_ingest_command {
    struct tolka_read_options reading;
    const char *store;                  /* NULL until it was named */
    int progress;                       /* enum tolka_progress_mode */
    struct tolka_ingest_options ingest; /* what the command decides; the rest is filled in */
};

enum {
    TOLKA_OPTION_STORE = TOLKA_OPTION_OWN,
    TOLKA_OPTION_PROGRESS,
    TOLKA_OPTION_LOG,
    TOLKA_OPTION_INGEST_OWN /* the first that a command may use for itself */
};

/* For a command's table of long options; 'j' and 'q' belong among its letters too. */
#define TOLKA_INGEST_OPTIONS                                                                                 \
    {"store", required_argument, NULL, TOLKA_OPTION_STORE},                                                  \
        {"progress", required_argument, NULL, TOLKA_OPTION_PROGRESS},                                        \
        {"log", required_argument, NULL, TOLKA_OPTION_LOG}, {"quiet", no_argument, NULL, 'q'},               \
        TOLKA_READ_OPTIONS

/* Takes one of the options above, those of reading too; false when `option` is none of them, or `value` makes
 * no sense. `value` is borrowed. */
bool tolka_ingest_command_take(struct tolka_ingest_command *command, int option, const char *value);

/* Opens the store, reads into it until done or interrupted, and says what came of it. Returns the exit
 * status. */
int tolka_ingest_command_run(struct tolka_ingest_command *command);

#endif
