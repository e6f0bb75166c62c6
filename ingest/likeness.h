/* How alike two reports are by their repaired text: finds the same report scanned twice. ingest/ only. */
#ifndef TOLKA_INGEST_LIKENESS_H
#define TOLKA_INGEST_LIKENESS_H

#include "schema/record.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOLKA_LIKENESS_HASHES = 64, TOLKA_LIKENESS_BANDS = 8 };

/* The sketch of a text. Plain data: it may be kept as bytes on machines of one byte order. */
struct tolka_likeness {
    uint32_t hashes[TOLKA_LIKENESS_HASHES];
};

/* Makes the sketch of a record's text. False when there is too little of it to tell anything (under some
 * sixty words). */
bool tolka_likeness_make(const struct tolka_record *record, struct tolka_likeness *likeness);

/* The share of text that two have in common, 0 to 1, give or take 0.06. */
double tolka_likeness_compare(const struct tolka_likeness *a, const struct tolka_likeness *b);

/* The key of band 0 .. TOLKA_LIKENESS_BANDS - 1. Texts that are much alike share some band's key; others
 * seldom do. */
int64_t tolka_likeness_band(const struct tolka_likeness *likeness, int band);

#endif
