/*
 * A page as bytes and back: how a worker process hands a page to the one that assembles the report. The reader trusts nothing: every
 * count and offset is checked.
 */
#ifndef TOLKA_EXTRACT_PAGEPACK_H
#define TOLKA_EXTRACT_PAGEPACK_H

#include "base/error.h"
#include "base/strbuf.h"
#include "extract/page.h"

/* Appends `page` to `out`; check out->failed. */
void tolka_page_pack(const struct tolka_page *page, struct tolka_strbuf *out);

/* Fills the empty `page` from `bytes`. Error FORMAT when they are no packed page, MEMORY. */
enum tolka_status tolka_page_unpack(const void *bytes, size_t length, struct tolka_page *page, struct tolka_error *err);

#endif
