/* Words put together into running text. Only schema/ includes this. */
#ifndef TOLKA_SCHEMA_TEXTJOIN_H
#define TOLKA_SCHEMA_TEXTJOIN_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "normalize/normalize.h"

/*
 * The word whose halves `left`, which ends a line, and `right` are; NULL when they are two words or memory is out. `model` (NULL: the shape
 * alone) decides. In the arena.
 */
char *tolka_textjoin_halves(const char *left, const char *right, const struct tolka_model *model, struct tolka_arena *arena);

/*
 * Appends `word` to `text` with one space between. When a line is `broken` between them and the last word
 * ends in a hyphen, `model` (NULL: the shape alone) decides whether they are one word. `*last_start` is the
 * offset of the last word, kept by this call; start with 0. `arena` holds a joined word.
 */
void tolka_textjoin_append(struct tolka_strbuf *text, const char *word, bool broken, size_t *last_start,
                           const struct tolka_model *model, struct tolka_arena *arena);

/* True when the texts differ in nothing but blanks. */
bool tolka_text_same_but_space(const char *a, const char *b);

#endif
