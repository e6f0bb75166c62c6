/* What `tolka work` has done, in Prometheus' text over HTTP. cli/ only. */
#ifndef TOLKA_CLI_METRICS_H
#define TOLKA_CLI_METRICS_H

#include "ingest/ingest.h"

/* Listens at "ADDR:PORT" ("[ADDR]:PORT", or ":PORT" for 127.0.0.1). Returns the socket, or -1 with a
 * complaint. */
int tolka_metrics_listen(const char *where);

/* Answers who has come, without waiting for a slow one. `data` is unused. */
void tolka_metrics_answer(int fd, const struct tolka_ingest_counts *counts, void *data);

#endif
