/* Which of the words that share a folded key stands here? The linear model of normalize/choice.c: its clues
 * and weights, which the trainer and the decoder share. Only normalize/ includes this. */
#ifndef TOLKA_NORMALIZE_CHOICE_H
#define TOLKA_NORMALIZE_CHOICE_H

#include "normalize/latin.h"

enum { TOLKA_CLUES_A_SIDE = 4, TOLKA_CHOICE_FEATURES = 24 };

#define TOLKA_CHOICE_STEP 0.03125f /* nats a unit of a weight */

/* What a neighbour tells: all of it without marks, because it may have lost them itself. */
struct tolka_clue {
    uint64_t key, end; /* hashes of the folded word and of its last three letters */
};

/* A neighbour that is no word. */
enum tolka_clue_kind { TOLKA_CLUE_EDGE = 1, TOLKA_CLUE_NUMBER, TOLKA_CLUE_OTHER };

static inline struct tolka_clue tolka_clue_of_kind(enum tolka_clue_kind kind)
{
    return (struct tolka_clue){kind * UINT64_C(0x9e3779b97f4a7c15), kind * UINT64_C(0xc2b2ae3d27d4eb4f)};
}

/* An age has two digits, a year four. */
static inline struct tolka_clue tolka_clue_of_number(size_t digits)
{
    struct tolka_clue clue = tolka_clue_of_kind(TOLKA_CLUE_NUMBER);

    clue.key += digits;
    return clue;
}

/* The clue of a word; `key` is the hash of its folded letters, unmixed. */
struct tolka_clue tolka_clue_of_word(const unsigned char *text, size_t length, uint64_t key);

/* The features of a place: TOLKA_CLUES_A_SIDE clues before it and after it, nearest first. */
void tolka_choice_features(const struct tolka_clue *before, const struct tolka_clue *after,
                           uint64_t features[TOLKA_CHOICE_FEATURES]);

/* What tells a word apart from the others of its key. */
uint64_t tolka_choice_word(const unsigned char *text, size_t length);

static inline uint32_t tolka_choice_slot(uint64_t feature, uint64_t word, uint32_t mask)
{
    return (uint32_t)(tolka_hash_mix(feature ^ word) >> 20) & mask;
}

#endif
