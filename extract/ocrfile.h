/*
 * What another recogniser wrote, as pages: ALTO (versions 1 to 4; pixels, tenths of millimetres or 1/1200
 * inch) and hOCR (as well-formed XML). document.c includes this.
 */
#ifndef TOLKA_EXTRACT_OCRFILE_H
#define TOLKA_EXTRACT_OCRFILE_H

#include "base/error.h"
#include "extract/page.h"

struct tolka_ocrfile;

/* True when the first bytes are those of such a file. */
bool tolka_ocrfile_is_one(const void *bytes, size_t length);

/*
 * Looks `bytes` (borrowed until free) through and finds the pages. No entity is expanded but XML's own,
 * nothing outside is read. Errors FORMAT (not well-formed, no page, declares entities), LIMIT (nested too
 * deep, too many pages), MEMORY; messages lack the file's name.
 */
enum tolka_status tolka_ocrfile_open(const void *bytes, size_t length, struct tolka_ocrfile **out,
                                     struct tolka_error *err);

int tolka_ocrfile_page_count(const struct tolka_ocrfile *file);

/* Fills the empty `page` with page `number` (from 1): words, lines, rulings. Errors ARGUMENT, FORMAT, LIMIT,
 * MEMORY. */
enum tolka_status tolka_ocrfile_read(const struct tolka_ocrfile *file, int number, struct tolka_page *page,
                                     struct tolka_error *err);

void tolka_ocrfile_free(struct tolka_ocrfile *file);

#endif
