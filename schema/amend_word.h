/* Words of a page's text that people name by their line and their number there. Only amend.c includes this.
 */
#ifndef TOLKA_SCHEMA_AMEND_WORD_H
#define TOLKA_SCHEMA_AMEND_WORD_H

#include "schema/amend.h"

/*
 * The word that the amendment is about: its line and its number there, from 1, in the text as it was read.
 * When another word stands in that place, the only one of the page that was read so. Returns why there is
 * none (static), or NULL.
 */
const char *tolka_amend_find_word(const struct tolka_record *record, const struct tolka_amendment *amendment,
                                  int *line, int *word);

/*
 * Puts `to` where that word stands, which says `now`. `*put` is false when it no longer does. Returns false
 * when out of memory.
 */
bool tolka_amend_put_word(struct tolka_record *record, int page, int line, int word, const char *now,
                          const char *to, bool *put);

/* What a person said before of that word; NULL when nobody did. */
struct tolka_correction *tolka_amend_word_trace(const struct tolka_record *record, int page, int line,
                                                int word);

#endif
