/* A record out of its JSON: what write_json.c wrote, by this program or an older one. ingest/ and cli/ may
 * include this. */
#ifndef TOLKA_SCHEMA_RECORD_READ_H
#define TOLKA_SCHEMA_RECORD_READ_H

#include "base/error.h"
#include "schema/record.h"

/*
 * Fills the empty `record` from one JSON object of `length` bytes; nothing in it is trusted. What the JSON
 * does not say stays empty; keys that are not known are passed over. Writing it again gives the same bytes.
 * On an error the record is empty. Errors FORMAT (no record, or damaged; the message says where), VERSION (a
 * later format), LIMIT, MEMORY.
 */
enum tolka_status tolka_record_read_json(const char *text, size_t length, struct tolka_record *record,
                                         struct tolka_error *err);

#endif
