/*
 * Learns the weights of normalize/choice.c: for each group of words that share a folded key, and where the
 * lesser ones together are seen often enough, a multinomial logistic regression over the hashed features of
 * every place in the text, by stochastic gradient descent with AdaGrad's step sizes (Duchi, Hazan and Singer
 * 2011). Places are taken in a fixed shuffled order, so that the last text read weighs no more than the
 * first, and the result is the same each time. Features seen only once in a group are left out: at use, what
 * was never learned should find empty slots.
 */
#include "normalize/choice.h"
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MIN_LESSER = 25,          /* places that hold another word of a group than its commonest */
    MEMBERS_MAX = 8,          /* words of a group */
    MIN_MEMBER = 5,           /* places of a word */
    PLACES_A_GROUP = 1000000, /* more are thinned out */
    EPOCHS = 3,
    MIN_SEEN = 2,         /* times that a feature is seen in a group */
    SMALL_TEXT = 1 << 20, /* words; below it a smaller table does */
};
static const size_t SLOTS = (size_t)1 << 22, SLOTS_SMALL = (size_t)1 << 14, SEEN_SLOTS = (size_t)1 << 25;
static const float RATE = 0.25f, LEAST_WEIGHT = 0.05f;

struct group {
    uint64_t hash;
    uint32_t words[MEMBERS_MAX]; /* ids */
    uint64_t names[MEMBERS_MAX];
    uint32_t count, places, every, seen;
};

struct learner {
    struct tolka_build *build;
    const struct tolka_corpus *corpus;
    struct tolka_clue *clues; /* by type */
    struct group *groups;
    uint32_t *group_of; /* by word id: index + 1 */
    size_t group_count;
    uint32_t *places; /* in the stream */
    size_t place_count;
    uint8_t *seen;
    float *weights, *squares;
    size_t slots;
};

static bool fill_clues(struct learner *l)
{
    l->clues = calloc(l->corpus->type_count + 1, sizeof *l->clues);
    for (size_t i = 0; l->clues && i < l->corpus->type_count; i++) {
        const struct tolka_type *type = &l->corpus->types[i];
        const unsigned char *text = tolka_type_text(l->corpus, type);
        uint64_t key = TOLKA_HASH_START;

        for (size_t at = 0; at < type->length; at++)
            key = tolka_hash_step(key, tolka_latin_fold[text[at]]);
        l->clues[i] = tolka_clue_of_word(text, type->length, key);
    }
    return l->clues != NULL;
}

static uint32_t count_of(const struct learner *l, uint32_t id)
{
    return l->corpus->types[l->build->type_of[id]].count;
}

static bool may_join(const struct learner *l, uint32_t id)
{
    const struct tolka_word *word = &tolka_build_words(l->build)[id];

    return (word->flags & TOLKA_WORD_SEEN) && !(word->flags & TOLKA_WORD_NO_WORD) &&
           count_of(l, id) >= MIN_MEMBER;
}

/* Makes a group of the words from `first` to `last`, when they are worth it. */
static void add_group(struct learner *l, uint32_t first, uint32_t last)
{
    struct tolka_word *words = tolka_build_words(l->build);
    struct group group = {.hash = 0};
    uint64_t sum = 0, most = 0;

    for (uint32_t id = first; id <= last && group.count < MEMBERS_MAX; id++) {
        const struct tolka_type *type = &l->corpus->types[l->build->type_of[id]];

        if (!may_join(l, id))
            continue;
        group.hash = l->clues[l->build->type_of[id]].key;
        group.names[group.count] = tolka_choice_word(tolka_type_text(l->corpus, type), type->length);
        group.words[group.count++] = id;
        sum += type->count;
        most = type->count > most ? type->count : most;
    }
    if (group.count < 2 || sum - most < MIN_LESSER)
        return;
    group.every = (uint32_t)(sum / PLACES_A_GROUP + 1);
    for (uint32_t i = 0; i < group.count; i++) {
        words[group.words[i]].flags |= TOLKA_WORD_CHOICE;
        l->group_of[group.words[i]] = (uint32_t)l->group_count + 1;
    }
    l->groups[l->group_count++] = group;
}

static bool find_groups(struct learner *l)
{
    const struct tolka_word *words = tolka_build_words(l->build);

    l->group_of = calloc(l->build->word_count, sizeof *l->group_of);
    l->groups = calloc(l->build->word_count / 2 + 1, sizeof *l->groups);
    if (!l->group_of || !l->groups)
        return false;
    for (uint32_t first = TOLKA_ID_FIRST, last; first < l->build->word_count; first = last + 1) {
        for (last = first; last + 1 < l->build->word_count && !(words[last].flags & TOLKA_WORD_LAST); last++)
            continue;
        if (last > first)
            add_group(l, first, last);
    }
    return true;
}

static struct group *group_at(const struct learner *l, size_t at)
{
    uint32_t group = l->group_of[tolka_stream_id(l->corpus, at)];

    return group ? &l->groups[group - 1] : NULL;
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static bool find_places(struct learner *l)
{
    uint64_t random = 1;

    for (int pass = 0; pass < 2; pass++) {
        l->place_count = 0;
        for (size_t at = 0; at < l->corpus->stream_count; at++) {
            struct group *group = group_at(l, at);

            if (!group || group->seen++ % group->every)
                continue;
            if (pass && l->places)
                l->places[l->place_count] = (uint32_t)at;
            l->place_count++;
        }
        for (size_t i = 0; !pass && i < l->group_count; i++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many as are counted */
            l->groups[i].seen = 0;
        if (!pass && !(l->places = malloc((l->place_count + 1) * sizeof *l->places)))
            return false;
    }
    for (size_t i = l->place_count; i > 1; i--) {
        size_t other = next_random(&random) % i;
        uint32_t swap = l->places[i - 1];

        l->places[i - 1] = l->places[other];
        l->places[other] = swap;
    }
    return true;
}

static struct tolka_clue clue_at(const struct learner *l, size_t at)
{
    uint32_t value = l->corpus->stream[at];

    if (value >= TOLKA_STREAM_NUMBER)
        return tolka_clue_of_number(value - TOLKA_STREAM_NUMBER);
    return value < TOLKA_ID_FIRST ? tolka_clue_of_kind(TOLKA_CLUE_OTHER) : l->clues[value - TOLKA_ID_FIRST];
}

static void look_around(const struct learner *l, size_t at, uint64_t *features)
{
    const uint32_t *stream = l->corpus->stream;
    struct tolka_clue before[TOLKA_CLUES_A_SIDE], after[TOLKA_CLUES_A_SIDE];
    size_t left = at, right = at;

    for (int i = 0; i < TOLKA_CLUES_A_SIDE; i++) {
        bool edge = !left || stream[left - 1] == TOLKA_ID_START;

        before[i] = edge ? tolka_clue_of_kind(TOLKA_CLUE_EDGE) : clue_at(l, --left);
        edge = right + 1 >= l->corpus->stream_count || stream[right + 1] == TOLKA_ID_START;
        after[i] = edge ? tolka_clue_of_kind(TOLKA_CLUE_EDGE) : clue_at(l, ++right);
    }
    tolka_choice_features(before, after, features);
}

static uint8_t *seen_slot(const struct learner *l, const struct group *group, uint64_t feature)
{
    return &l->seen[tolka_choice_slot(feature, group->hash, (uint32_t)(SEEN_SLOTS - 1))];
}

static bool count_features(struct learner *l)
{
    uint64_t features[TOLKA_CHOICE_FEATURES];

    l->seen = calloc(SEEN_SLOTS, 1);
    for (size_t i = 0; l->seen && i < l->place_count; i++) {
        const struct group *group = group_at(l, l->places[i]);

        look_around(l, l->places[i], features);
        for (int f = 0; f < TOLKA_CHOICE_FEATURES; f++) {
            uint8_t *seen = seen_slot(l, group, features[f]);

            *seen = (uint8_t)(*seen + (*seen < MIN_SEEN));
        }
    }
    return l->seen != NULL;
}

/* One step of the descent at one place. */
static void learn_place(struct learner *l, size_t at)
{
    uint64_t features[TOLKA_CHOICE_FEATURES];
    uint32_t slots[MEMBERS_MAX][TOLKA_CHOICE_FEATURES], mask = (uint32_t)(l->slots - 1),
                                                        truth = tolka_stream_id(l->corpus, at);
    const struct group *group = group_at(l, at);
    float score[MEMBERS_MAX], best = -1e30f, sum = 0;
    int count = 0;

    look_around(l, at, features);
    for (int f = 0; f < TOLKA_CHOICE_FEATURES; f++)
        if (*seen_slot(l, group, features[f]) >= MIN_SEEN)
            features[count++] = features[f];
    for (uint32_t w = 0; w < group->count; w++) {
        score[w] = 0;
        for (int f = 0; f < count; f++) {
            slots[w][f] = tolka_choice_slot(features[f], group->names[w], mask);
            score[w] += l->weights[slots[w][f]];
        }
        best = score[w] > best ? score[w] : best;
    }
    for (uint32_t w = 0; w < group->count; w++)
        sum += score[w] = expf(score[w] - best);
    for (uint32_t w = 0; w < group->count; w++) {
        float gradient = score[w] / sum - (group->words[w] == truth);

        if (fabsf(gradient) < 1e-4f)
            continue;
        for (int f = 0; f < count; f++) {
            uint32_t slot = slots[w][f];

            l->squares[slot] += gradient * gradient;
            l->weights[slot] -= RATE * gradient / sqrtf(l->squares[slot] + 1);
        }
    }
}

static bool learn(struct learner *l)
{
    l->slots = l->corpus->stream_count < SMALL_TEXT ? SLOTS_SMALL : SLOTS;
    l->weights = calloc(l->slots, sizeof *l->weights);
    l->squares = calloc(l->slots, sizeof *l->squares);
    if (!l->weights || !l->squares)
        return false;
    for (int epoch = 0; epoch < EPOCHS; epoch++)
        for (size_t i = 0; i < l->place_count; i++)
            learn_place(l, l->places[i]);
    return true;
}

static bool write_weights(struct learner *l)
{
    int8_t *out = calloc(l->slots, 1);

    l->build->sections[TOLKA_SECTION_CHOICES] = (struct tolka_section_data){out, out ? l->slots : 0};
    for (size_t i = 0; out && i < l->slots; i++) {
        float units = l->weights[i] / TOLKA_CHOICE_STEP;

        if (fabsf(l->weights[i]) >= LEAST_WEIGHT)
            out[i] = (int8_t)(units > 127 ? 127 : units < -127 ? -127 : lroundf(units));
    }
    return out != NULL;
}

enum tolka_status tolka_build_choices(struct tolka_build *build, const struct tolka_corpus *corpus,
                                      struct tolka_error *err)
{
    struct learner l = {.build = build, .corpus = corpus};
    bool ok = fill_clues(&l) && find_groups(&l) && find_places(&l);

    if (ok && l.place_count)
        ok = count_features(&l) && learn(&l) && write_weights(&l);
    free(l.clues);
    free(l.group_of);
    free(l.groups);
    free(l.places);
    free(l.seen);
    free(l.weights);
    free(l.squares);
    return ok ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
