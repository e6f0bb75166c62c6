/* The chain of pages in a TIFF file, without decoding one. document.c includes this. */
#ifndef TOLKA_EXTRACT_TIFF_H
#define TOLKA_EXTRACT_TIFF_H

#include <stdbool.h>
#include <stddef.h>

/* Number of pages, 0 for none; `*damaged` is set when the chain breaks off or bites its tail. At most 100,000
 * are counted. */
int tolka_tiff_page_count(const unsigned char *bytes, size_t length, bool *damaged);

#endif
