/* Records out of nothing, for tests of the store: alike in shape to real ones, different by their number. */
#ifndef TOLKA_TESTS_MADE_RECORD_H
#define TOLKA_TESTS_MADE_RECORD_H

#include "schema/record.h"

struct made_size {
    int pages, words_a_page, tables, rows_a_table;
};

/* Fills the empty `record` with report `number`, from `path`; its source hash is that of the number. Release
 * with tolka_record_release. */
void made_record(int number, const char *path, struct made_size size, struct tolka_record *record);

/* The 64 hex digits that report `number` has as content. */
void made_sha256(int number, char out[65]);

#endif
