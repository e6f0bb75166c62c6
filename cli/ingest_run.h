/* What `tolka ingest` and `tolka work` share. cli/ only. */
#ifndef TOLKA_CLI_INGEST_RUN_H
#define TOLKA_CLI_INGEST_RUN_H

#include "cli/ingest_progress.h"
#include "cli/read_options.h"
#include "ingest/ingest.h"

struct tolka_ingest_command {
    const struct tolka_read_options *reading; /* complete */
    int progress;                             /* enum tolka_progress_mode */
    
    struct tolka_ingest_options ingest;       /* what the command decides; the rest is filled in */
};

/* Opens the store, reads into it until done or interrupted, and says what came of it. Returns the exit
 * status. */
int tolka_ingest_command_run(struct tolka_ingest_command *command, const char *store);

#endif
