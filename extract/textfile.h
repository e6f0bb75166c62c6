/* Plain text as pages: each character a cell of a grid, so that columns made with spaces are columns.
 * document.c includes this. */
#ifndef TOLKA_EXTRACT_TEXTFILE_H
#define TOLKA_EXTRACT_TEXTFILE_H

#include "base/error.h"
#include "extract/page.h"

/* Number of pages in `text`: form feeds part them, one after the last page opens no further one. At least 1.
 */
int tolka_textfile_page_count(const char *text, size_t length);

/* Fills the empty `page` with page `number` (from 1) of `text`. Errors ARGUMENT, MEMORY. */
enum tolka_status tolka_textfile_read(const char *text, size_t length, int number, struct tolka_page *page,
                                      struct tolka_error *err);

#endif
