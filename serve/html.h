/* The one way in which text becomes part of a page: whatever it holds, it stays text. serve/ only. */
#ifndef TOLKA_SERVE_HTML_H
#define TOLKA_SERVE_HTML_H

#include "base/strbuf.h"

/*
 * Appends `format`, a literal of HTML, with the arguments in it:
 *   %s  const char *   text, for between tags and in quoted attributes; NULL adds nothing
 *   %u  const char *   part of an address (path segment or value): all but letters, digits and -._~ as %XX
 *   %d  int            %D  int64_t
 *   %%  a percent sign
 * There is no way to add a text as it is. Control characters, marks that turn the direction of writing and
 * bytes that are no UTF-8 become U+FFFD; line breaks and tabs stay.
 */
void tolka_html(struct tolka_strbuf *out, const char *format, ...);

/* Appends a text as %s does, with what stands between U+0002 and U+0003 marked: a snippet of a search. */
void tolka_html_snippet(struct tolka_strbuf *out, const char *text);

#endif
