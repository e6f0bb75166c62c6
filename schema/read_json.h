/* Reading back what schema/write_json.c wrote: what rules are about, the report's description and its tables.
 */
#ifndef TOLKA_SCHEMA_READ_JSON_H
#define TOLKA_SCHEMA_READ_JSON_H

#include "base/error.h"
#include "schema/record.h"

/*
 * Fills report and tables (kinds, captions, units, headings, periods, items, texts, values, goals'
 * fulfilment, signatures' names) of the empty `record` from the JSON of one report; places, checks and pages'
 * texts are not read. Error FORMAT: no JSON (the message says where), or none that `convert` wrote; MEMORY.
 * Release the record also after an error.
 */
enum tolka_status tolka_read_json(const char *text, size_t length, struct tolka_record *record,
                                  struct tolka_error *err);

#endif
