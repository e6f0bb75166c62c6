/* A page selection: "1-3,7". */
#ifndef TOLKA_INGEST_PAGES_H
#define TOLKA_INGEST_PAGES_H

#include <stdbool.h>

/* True when `list` is a well-formed selection; NULL (all pages) is. */
bool tolka_pages_valid(const char *list);

/* True when `list` (well-formed, or NULL for all) holds `number`. "5-" means from 5 on. */
bool tolka_pages_contain(const char *list, int number);

#endif
