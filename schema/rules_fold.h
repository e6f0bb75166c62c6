/*
 * Folding: text brought to the form in which the patterns of the rule files see it. Only the rules engine and
 * its tests include this.
 */
#ifndef TOLKA_SCHEMA_RULES_FOLD_H
#define TOLKA_SCHEMA_RULES_FOLD_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest tight text: no label, heading or caption that a rule could know is longer. */
enum { TOLKA_TIGHT_BYTES = 512 };

/* The letter without its mark (å ä -> a, ö -> o, é -> e), dashes as '-', quotes as '"', white space of any
 * kind as ' '. Case is kept. */
uint32_t tolka_fold_char(uint32_t code);

/*
 * Folds to letters, digits and '%' alone, marks taken off ("S:a eget kapital *" -> "S:aegetkapital"; a ':'
 * stays between letters). At most TOLKA_TIGHT_BYTES - 1 bytes; returns the length.
 */
size_t tolka_fold_tight(const char *text, char out[TOLKA_TIGHT_BYTES]);

/* A folded text whose every byte knows where in the source it came from; all-zero is empty. */
struct tolka_folded {
    const char *source;
    char *text;
    size_t length;
    uint32_t *offset; /* offset[i]: of byte i in `source`; offset[length]: the source's length */
};

/* Folds character by character; false when out of memory. `source` is borrowed. */
bool tolka_fold_text(struct tolka_arena *arena, const char *source, struct tolka_folded *out);

/* The part of the source between two offsets of the folded text, white space trimmed off; NULL when out of
 * memory. */
char *tolka_folded_source(const struct tolka_folded *folded, size_t start, size_t end,
                          struct tolka_arena *arena);

#endif
