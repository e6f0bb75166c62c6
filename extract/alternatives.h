/* Other readings of a word, composed of other readings of its characters. engine.c includes this. */
#ifndef TOLKA_EXTRACT_ALTERNATIVES_H
#define TOLKA_EXTRACT_ALTERNATIVES_H

#include "extract/page.h"

enum { TOLKA_MAX_PLACES = 40, TOLKA_PLACE_CHOICES = 4, TOLKA_CHOICE_BYTES = 8, TOLKA_WORD_ALTERNATIVES = 8 };

/* What may stand in the place of one character; the first is what was read. */
struct tolka_place {
    struct {
        char text[TOLKA_CHOICE_BYTES];
        float confidence; /* 0..1 */
    } choices[TOLKA_PLACE_CHOICES];
    int count;
};

/* Appends a choice, best first; one too many, blank, or there already is left out. In the place of a digit
 * only digits count. */
void tolka_place_add(struct tolka_place *place, const char *text, float confidence);

/* Sets the alternatives of `word`, whose characters are `places`; none when memory runs out. */
void tolka_alternatives_compose(struct tolka_arena *arena, const struct tolka_place *places, size_t count,
                                struct tolka_word *word);

#endif
