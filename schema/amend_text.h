/* A page's text after an amendment. Only amend*.c include this. */
#ifndef TOLKA_SCHEMA_AMEND_TEXT_H
#define TOLKA_SCHEMA_AMEND_TEXT_H

#include "schema/record.h"

/*
 * Puts `to` into the text of the cell's page where the cell stands, before the cell itself is changed. A
 * place that cannot be told for sure is left as it is. False when out of memory.
 */
bool tolka_amend_row_text(struct tolka_record *record, const struct tolka_table *table, int row, int column,
                          const char *to);

/* The summary of the page called `number`; NULL when there is none. */
struct tolka_page_summary *tolka_amend_page(const struct tolka_record *record, int number);

/* Puts `before`, `to` and `after` in place of `length` bytes of the page's text from `at`, which lies in it.
 * False when out of memory. */
bool tolka_amend_replace(struct tolka_record *record, struct tolka_page_summary *page, const char *at,
                         size_t length, const char *before, const char *to, const char *after);

/* The same for the repaired word record->corrections[word], which now says `before`. */
bool tolka_amend_word_text(struct tolka_record *record, size_t word, const char *before, const char *to);

#endif
