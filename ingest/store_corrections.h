/* What people found on review pages, in a store. ingest/ and cli/ may include this. */
#ifndef TOLKA_INGEST_STORE_CORRECTIONS_H
#define TOLKA_INGEST_STORE_CORRECTIONS_H

#include "ingest/store.h"
#include "schema/amend.h"

/*
 * Takes amendments of any reports into a store that is open for writing, a transaction for those of one
 * report that follow each other: records, their JSON, rows and checks are renewed, and the amendments are
 * kept, so that a new ingest of the report takes them in again. `outcomes` (one each) is filled; what the
 * store has no report for is refused. Errors as the store's; FORMAT for a record that cannot be read.
 */
enum tolka_status tolka_store_amend(struct tolka_store *store, const struct tolka_rules *rules,
                                    const struct tolka_amendment *amendments, size_t count,
                                    struct tolka_amend_outcome *outcomes, struct tolka_error *err);

/* Calls `take` with each amendment of `report` as its line of JSON, by place. `take` returns false to stop.
 */
enum tolka_status tolka_store_each_amendment(struct tolka_store *store, int64_t report,
                                             bool (*take)(const char *line, void *data), void *data,
                                             struct tolka_error *err);

#endif
