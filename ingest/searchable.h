/* Searchable PDFs, written in a child process: making one parses the file again, which the caller never does.
 */
#ifndef TOLKA_INGEST_SEARCHABLE_H
#define TOLKA_INGEST_SEARCHABLE_H

#include "base/error.h"
#include "base/strbuf.h"
#include "extract/page.h"
#include "schema/record.h"

/*
 * Appends a searchable PDF of the file at `path` ("-": `input_fd`, else -1) with the words of `pages` to
 * `out`. Gives up after `timeout_s`. Errors as tolka_document_write_pdf, CRASH, TIMEOUT, IO; their messages
 * name the file.
 */
enum tolka_status tolka_searchable_write(const char *path, int input_fd, const struct tolka_page *pages,
                                         size_t page_count, int timeout_s, struct tolka_strbuf *out,
                                         struct tolka_error *err);

/* Appends a PNG of `page` with what was found on it (tolka_document_draw_page) to `out`; else as above. */
enum tolka_status tolka_drawing_write(const char *path, int input_fd, const struct tolka_page *page, int timeout_s,
                                      struct tolka_strbuf *out, struct tolka_error *err);

/*
 * Fills `pictures` (empty, `page_count` of them) with a small PNG or JPEG of each of `pages`, which are of the file at
 * `path`, `picture_bytes` each where that is legible; one stays empty where the file has no picture of it. Else as above.
 */
enum tolka_status tolka_pictures_make(const char *path, int input_fd, const struct tolka_page_summary *pages,
                                      size_t page_count, size_t picture_bytes, int timeout_s,
                                      struct tolka_strbuf *pictures, struct tolka_error *err);

#endif
