/* Opening what is to be read. Workers share one descriptor and read it from anywhere, so what is no plain
 * file is copied into memory. */
#ifndef TOLKA_INGEST_INPUT_H
#define TOLKA_INGEST_INPUT_H

#include "base/error.h"

/*
 * Reads standard input to its end (at most 1 GiB) into a file in memory. Returns its descriptor, the caller's
 * to close; -1 with an error: IO, LIMIT.
 */
int tolka_input_copy(struct tolka_error *err);

/*
 * Opens the file at `path` for reading; a pipe or device is copied as above. Returns the descriptor, the
 * caller's to close; -1 with an error that names the file: IO, LIMIT.
 */
int tolka_input_open(const char *path, struct tolka_error *err);

/* As tolka_input_open(), but what is no plain file is an error (IO): a walk over folders must not hang on a
 * pipe. */
int tolka_input_open_plain(const char *path, struct tolka_error *err);

#endif
