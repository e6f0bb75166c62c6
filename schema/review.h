/*
 * The review page: one report as HTML, its pages' pictures beside what was read, to look, correct and accept.
 * One file, no network: style, script and words (schema/review/) are part of the program and go into each
 * page, and the page's own content security policy lets nothing else run. ingest/ and cli/ may include this.
 */
#ifndef TOLKA_SCHEMA_REVIEW_H
#define TOLKA_SCHEMA_REVIEW_H

#include "base/strbuf.h"
#include "schema/record.h"

struct tolka_review_options {
    const char *language; /* what the page begins with: "sv" or "en"; NULL: "sv" */
    /*
     * A PNG or JPEG of each of record->pages, in their order; one that is empty, or all of them (NULL): the
     * page shows what was read without its picture.
     */
    const struct tolka_strbuf *pictures;
    /* Instead of pictures in the page: where they are fetched, the page's number being added; a path on the
     * same host. */
    const char *picture_path;
    /* Where corrections are posted as JSON Lines, as text/plain; a path on the same host. NULL: they are
     * saved as a file. */
    const char *post_path;
    const char *home_path; /* where a link leads back to; NULL: none */
};

/* Appends the page to `out`; check out->failed. The same record and options give the same bytes. */
void tolka_review_write(const struct tolka_record *record, const struct tolka_review_options *options,
                        struct tolka_strbuf *out);

/* True when the page is to be had in this language. */
bool tolka_review_speaks(const char *language);

#endif
