/*
 * A file of pages: PDF, TIFF, PNG, JPEG, ALTO, hOCR or plain text. The entry to extract/: opens a file, says how many pages it has and fills one page
 * after another. It dispatches to pdf*.c (MuPDF), image.c (Leptonica) and textfile.c.
 */
#ifndef TOLKA_EXTRACT_DOCUMENT_H
#define TOLKA_EXTRACT_DOCUMENT_H

#include "base/error.h"
#include "base/strbuf.h"
#include "extract/page.h"

struct tolka_document;
struct tolka_recognizer;

/*
 * Opens `path` ("-": standard input, read whole, at most 1 GiB). On success `*out` is the caller's to free. Errors, with one line that names
 * the file and says what is wrong: IO (missing, a folder, unreadable), FORMAT (empty, not of a known type, truncated beyond reading, no
 * pages), ENCRYPTED, LIMIT.
 */
enum tolka_status tolka_document_open(const char *path, struct tolka_document **out, struct tolka_error *err);

/* As tolka_document_open, of bytes in memory, borrowed until the document is freed. `name` stands for the file in messages. */
enum tolka_status tolka_document_open_memory(const void *bytes, size_t length, const char *name, struct tolka_document **out,
                                             struct tolka_error *err);

/* The file's bytes, borrowed, and how many. */
const void *tolka_document_bytes(const struct tolka_document *doc, size_t *length);

/*
 * As tolka_document_open() of the regular file behind `fd`, which stays the caller's; `name` is for messages and to compare with what the
 * file holds ("-": standard input). The offset of `fd` is not used: several processes may share it.
 */
enum tolka_status tolka_document_open_fd(int fd, const char *name, struct tolka_document **out, struct tolka_error *err);

int tolka_document_page_count(const struct tolka_document *doc);

/* True when the file was damaged and mended in opening it: some of its content may be missing. */
bool tolka_document_was_damaged(const struct tolka_document *doc);

/*
 * Fills the empty `page` with page `number` (from 1): words, lines in reading order, rulings; not grids. `recognizer` may be NULL when
 * `mode` is NEVER or the page has text of its own. A page that fails returns an error and leaves `page` releasable; what is odd about it
 * goes to page->problems.
 */
enum tolka_status tolka_document_read_page(struct tolka_document *doc, int number, enum tolka_ocr_mode mode,
                                           struct tolka_recognizer *recognizer, struct tolka_page *page, struct tolka_error *err);

/*
 * Appends a searchable PDF to `out`: every page of the file as it lies there, with the repaired words of `pages` (any of its pages, in page
 * order) unpainted in their places. A page with visible text of its own stays untouched. The bytes depend on file and words alone. Errors
 * ARGUMENT (a text file has no picture), FORMAT, MEMORY.
 */
enum tolka_status tolka_document_write_pdf(struct tolka_document *doc, const struct tolka_page *pages, size_t page_count,
                                           struct tolka_strbuf *out, struct tolka_error *err);

/*
 * Appends a PNG of the page to `png` with what was found on it drawn in colours (tolka_picture_draw). `page` is one of this document, as
 * read and given roles. Errors ARGUMENT, FORMAT, LIMIT, MEMORY.
 */
enum tolka_status tolka_document_draw_page(struct tolka_document *doc, const struct tolka_page *page, struct tolka_strbuf *png,
                                           struct tolka_error *err);

/*
 * Appends a small PNG or JPEG of page `number` for showing (tolka_picture_shrink), nothing for a page of a file without
 * pictures. Errors ARGUMENT (no such page), FORMAT, LIMIT, MEMORY.
 */
enum tolka_status tolka_document_shrink_page(struct tolka_document *doc, int number, int rotation_deg,
                                             size_t max_bytes, struct tolka_strbuf *out, struct tolka_error *err);

/* Says whether an older recogniser's words are as good as what would be read. */
typedef bool tolka_layer_judge(const struct tolka_page *page, const void *user);

/*
 * When page `number` is a picture with unseen text over it and `judge` finds that good: fills the empty `page` with its words and the
 * picture's rulings, as read_page would. Else leaves `page` empty (width 0).
 */
enum tolka_status tolka_document_read_layer(struct tolka_document *doc, int number, tolka_layer_judge *judge, const void *user,
                                            struct tolka_page *page, struct tolka_error *err);

/* False when page `number` can be read without a recogniser. */
bool tolka_document_needs_recognizer(struct tolka_document *doc, int number, enum tolka_ocr_mode mode);

void tolka_document_free(struct tolka_document *doc);

#endif
