/*
 * Pages saved as text, so that tests of grids and tables need no recogniser. A file holds pages one after another:
 *
 *     page WIDTH HEIGHT DPI
 *     ruling h|v X0 Y0 X1 Y1
 *     line BLOCK
 *     word X0 Y0 X1 Y1 CONFIDENCE b|- TEXT      (belongs to the line above it)
 *
 * Empty lines and lines that begin with # are skipped.
 */
#ifndef TOLKA_TESTS_SAVED_WORDS_H
#define TOLKA_TESTS_SAVED_WORDS_H

#include "base/strbuf.h"
#include "extract/page.h"

#include <stdio.h>

/* Reads all pages of `path` into a new array (release each, free the array); NULL, with a message on stderr, when the file is no such file. */
struct tolka_page *saved_words_read(const char *path, size_t *page_count);

/* Writes one page. */
void saved_words_write(const struct tolka_page *page, FILE *out);

#endif
