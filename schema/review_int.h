/* What the files of the review page share. review*.c only. */
#ifndef TOLKA_SCHEMA_REVIEW_INT_H
#define TOLKA_SCHEMA_REVIEW_INT_H

#include "schema/review.h"

/* review_html.c: the reading side: what was read of each page, as HTML that needs no script. */
void tolka_review_add_reading(const struct tolka_record *record, struct tolka_strbuf *out);

/* review_data.c: places, values, checks and repairs, as JSON that is inert within HTML. */
void tolka_review_add_data(const struct tolka_record *record, const struct tolka_review_options *options,
                           struct tolka_strbuf *out);

/* review_html.c: text within HTML. What would change the direction or the look of what surrounds it becomes
 * U+FFFD. */
void tolka_review_add_text(struct tolka_strbuf *out, const char *text);

/* review_html.c: true when that changes a character, so that a script cannot read the text back from the
 * page. */
bool tolka_review_is_changed(const char *text);

#endif
