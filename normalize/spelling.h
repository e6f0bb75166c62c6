/* The letter model: how likely a spelling is for a word that no list has. Only normalize/ includes this. */
#ifndef TOLKA_NORMALIZE_SPELLING_H
#define TOLKA_NORMALIZE_SPELLING_H

#include "normalize/model.h"

enum { TOLKA_SPELLING_LETTERS = 32 };

/* The letter's number, 1 to 31; 0 is a word's boundary. */
static inline uint32_t tolka_letter(unsigned char c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 1u;
    switch (c) {
    case 0xe5:
        return 27;
    case 0xe4:
        return 28;
    case 0xf6:
        return 29;
    case 0xe9:
        return 30;
    default:
        return 31;
    }
}

/* log P of a letter after the three in `context` (5 bits each), which it then joins. */
static inline float tolka_spelling_step(const struct tolka_model *model, uint32_t *context, uint32_t letter)
{
    uint32_t at = *context << 5 | letter;

    *context = at & (TOLKA_SPELLING_LETTERS * TOLKA_SPELLING_LETTERS * TOLKA_SPELLING_LETTERS - 1);
    return -TOLKA_SCORE_STEP * (float)model->spelling[at & model->spelling_mask];
}

/* log P of a whole spelling. */
float tolka_spelling_score(const struct tolka_model *model, const unsigned char *text, size_t length);

/*
 * The likeliest spelling that folds as `raw` does, with `lost` nats for each mark added: into `out` (room for
 * `length`), its score as the result.
 */
float tolka_spelling_best(const struct tolka_model *model, const unsigned char *raw, size_t length,
                          float lost, unsigned char *out);

#endif
