/* Bytes made smaller for keeping, by zlib: readable everywhere (Python's zlib, sqlar_uncompress() of the
 * sqlite3 shell). ingest/ only. */
#ifndef TOLKA_INGEST_SQUEEZE_H
#define TOLKA_INGEST_SQUEEZE_H

#include "base/error.h"
#include "base/strbuf.h"

/*
 * Writes `bytes` deflated to `out` (emptied first), or as they are when deflating gains nothing: the shorter
 * length tells. `level` is zlib's, 1 (quick) to 9. Error MEMORY.
 */
enum tolka_status tolka_squeeze(const void *bytes, size_t length, int level, struct tolka_strbuf *out,
                                struct tolka_error *err);

/* Appends to `out` the `size` bytes that were squeezed into `length`. Errors FORMAT, MEMORY. */
enum tolka_status tolka_unsqueeze(const void *bytes, size_t length, size_t size, struct tolka_strbuf *out,
                                  struct tolka_error *err);

#endif
