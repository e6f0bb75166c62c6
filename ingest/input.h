/* Standard input can be read once only; workers need it whole, each on its own. */
#ifndef TOLKA_INGEST_INPUT_H
#define TOLKA_INGEST_INPUT_H

#include "base/error.h"

/*
 * Reads standard input to its end (at most 1 GiB) into a file in memory. Returns its descriptor, the caller's to close; -1 with an error:
 * IO, LIMIT.
 */
int tolka_input_copy(struct tolka_error *err);

#endif
