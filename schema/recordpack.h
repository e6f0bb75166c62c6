/*
 * A record as bytes and back: how a worker process hands a finished report to the one that stores it. The
 * reader trusts nothing: every count, index and enum is checked. schema/ and ingest/ may include this.
 */
#ifndef TOLKA_SCHEMA_RECORDPACK_H
#define TOLKA_SCHEMA_RECORDPACK_H

#include "base/error.h"
#include "base/strbuf.h"
#include "schema/record.h"

/* Appends `record` to `out`; check out->failed. The words' alternatives are left out: they are settled by
 * now. */
void tolka_record_pack(const struct tolka_record *record, struct tolka_strbuf *out);

/* Fills the empty `record` from `bytes`; on an error it is empty again. Errors FORMAT when they are no packed
 * record, MEMORY. */
enum tolka_status tolka_record_unpack(const void *bytes, size_t length, struct tolka_record *record,
                                      struct tolka_error *err);

#endif
