/*
 * The commonest ambiguous words ("man" or "män", "var" or "vår") deserve more than n-grams: a logistic
 * regression over the words around, with hashed features (Weinberger et al. 2009, "Feature hashing for large
 * scale multitask learning"). It sees the neighbours without their marks, so that it does not matter what
 * they have lost, and its verdict is known before the decoder begins: each candidate is charged what the best
 * of its key is better by. A compound is judged by its last part. normalize/train/choices.c learns the
 * weights.
 */
#include "normalize/choice.h"

#include "normalize/repair.h"

#include <string.h>

static const float CHOICE_WEIGHT =
    1.0f; /* beside the n-grams, which know part of the same; tuned on text kept apart */

struct tolka_clue tolka_clue_of_word(const unsigned char *text, size_t length, uint64_t key)
{
    uint64_t end = TOLKA_HASH_START;

    for (size_t i = length > 3 ? length - 3 : 0; i < length; i++)
        end = tolka_hash_step(end, tolka_latin_fold[text[i]]);
    return (struct tolka_clue){tolka_hash_mix(key), tolka_hash_mix(end)};
}

uint64_t tolka_choice_word(const unsigned char *text, size_t length)
{
    uint64_t hash = TOLKA_HASH_START;

    for (size_t i = 0; i < length; i++)
        hash = tolka_hash_step(hash, text[i]);
    return tolka_hash_mix(hash);
}

static uint64_t one(uint64_t kind, uint64_t a)
{
    return (a + kind) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t two(uint64_t kind, uint64_t a, uint64_t b)
{
    return one(kind, one(kind, a) ^ b);
}

void tolka_choice_features(const struct tolka_clue *before, const struct tolka_clue *after,
                           uint64_t features[TOLKA_CHOICE_FEATURES])
{
    uint64_t *f = features;

    *f++ = 1;
    *f++ = one(2, before[0].key);
    *f++ = one(3, before[1].key);
    *f++ = one(4, after[0].key);
    *f++ = one(5, after[1].key);
    *f++ = one(6, before[0].end);
    *f++ = one(7, before[1].end);
    *f++ = one(8, after[0].end);
    *f++ = one(9, after[1].end);
    *f++ = two(10, before[1].key, before[0].key);
    *f++ = two(11, before[0].key, after[0].key);
    *f++ = two(12, after[0].key, after[1].key);
    *f++ = two(13, before[0].end, after[0].end);
    *f++ = two(14, before[1].end, before[0].end);
    *f++ = two(15, after[0].end, after[1].end);
    *f++ = two(16, before[0].key, after[0].end);
    *f++ = two(17, before[0].end, after[0].key);
    *f++ = two(18, two(18, before[1].key, before[0].key), after[0].key);
    for (int i = 1; i < TOLKA_CLUES_A_SIDE; i++) {
        *f++ = one(19, before[i].key); /* somewhere before, somewhere after */
        *f++ = one(20, after[i].key);
    }
}

static struct tolka_clue clue_of(const struct tolka_item *item)
{
    if (item->piece.kind == TOLKA_PIECE_NUMBER)
        return tolka_clue_of_number(item->piece.size);
    if (item->piece.kind != TOLKA_PIECE_WORD)
        return tolka_clue_of_kind(TOLKA_CLUE_OTHER);
    return tolka_clue_of_word(item->piece.raw, item->piece.size, item->piece.hash);
}

static void look_around(const struct tolka_item *items, size_t count, size_t at, uint64_t *features)
{
    struct tolka_clue before[TOLKA_CLUES_A_SIDE], after[TOLKA_CLUES_A_SIDE];
    size_t left = at, right = at;

    for (int i = 0; i < TOLKA_CLUES_A_SIDE; i++) {
        bool edge = !left || items[left].piece.starts;

        before[i] = edge ? tolka_clue_of_kind(TOLKA_CLUE_EDGE) : clue_of(&items[--left]);
        edge = right + 1 >= count || items[right + 1].piece.starts;
        after[i] = edge ? tolka_clue_of_kind(TOLKA_CLUE_EDGE) : clue_of(&items[++right]);
    }
    tolka_choice_features(before, after, features);
}

/* The word that the weights know for a candidate: itself, or its last part; NULL when they know none. */
static const unsigned char *known_word(const struct tolka_model *model, const struct tolka_candidate *c,
                                       size_t *length)
{
    uint32_t id = c->id ? c->id : c->tail;

    if (!id || !(tolka_model_word(model, id)->flags & TOLKA_WORD_CHOICE))
        return NULL;
    return tolka_model_text(model, id, length);
}

static float weigh(const struct tolka_model *model, const uint64_t *features, uint64_t word)
{
    int sum = 0;

    for (int i = 0; i < TOLKA_CHOICE_FEATURES; i++)
        sum += model->choices[tolka_choice_slot(features[i], word, model->choice_mask)];
    return TOLKA_CHOICE_STEP * (float)sum;
}

/* Whether two candidates differ only in marks. */
static bool same_key(const struct tolka_candidate *a, const struct tolka_candidate *b)
{
    if (a->length != b->length)
        return false;
    for (size_t i = 0; i < a->length; i++)
        if (tolka_latin_fold[a->text[i]] != tolka_latin_fold[b->text[i]])
            return false;
    return true;
}

void tolka_choose(const struct tolka_model *model, struct tolka_item *items, size_t count, size_t at)
{
    struct tolka_item *item = &items[at];
    uint64_t features[TOLKA_CHOICE_FEATURES];
    float weight[UINT8_MAX], best;
    const unsigned char *word[UINT8_MAX];
    size_t length, known = 0;

    if (!model->choices || item->count < 2)
        return;
    for (uint8_t c = 0; c < item->count; c++)
        known += known_word(model, &item->candidates[c], &length) != NULL;
    if (known < 2)
        return;
    look_around(items, count, at, features);
    for (uint8_t c = 0; c < item->count; c++)
        if ((word[c] = known_word(model, &item->candidates[c], &length)))
            weight[c] = weigh(model, features, tolka_choice_word(word[c], length));
    for (uint8_t c = 0; c < item->count; c++) {
        if (!word[c])
            continue;
        best = weight[c];
        for (uint8_t other = 0; other < item->count; other++)
            if (word[other] && weight[other] > best &&
                same_key(&item->candidates[c], &item->candidates[other]))
                best = weight[other];
        item->candidates[c].cost += CHOICE_WEIGHT * (best - weight[c]);
    }
}
