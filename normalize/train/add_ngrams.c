/*
 * Adds the word pairs and triples of a user's text to the tables of a finished model. What stands in a table
 * cannot be read back, only asked for, so its size stays and each n-gram of the text is asked for: where the
 * text makes it likelier, the mixture of both (Jelinek and Mercer 1980, the text's share growing with how
 * often it has the words before) is put in, those that gain most first, as long as there is room.
 */
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>

static const double LOAD = 0.95;      /* of the places of a table */
static const double DISCOUNT = 0.75;  /* of each count */
static const double MOST_SHARE = 0.5; /* of the text in a mixture */
static const double HALF_SEEN = 2;    /* times seen at which words before have half of that share */
static const double LEAST_GAIN = 0.3; /* nats */

#define ID_MASK ((UINT64_C(1) << TOLKA_ID_BITS) - 1)

struct gram {
    uint64_t key; /* ids packed TOLKA_ID_BITS each, the last word lowest */
    float score, gain;
};

struct adder {
    struct tolka_build *build;
    const struct tolka_corpus *corpus;
    struct tolka_model view; /* of the model as far as it is built */
    struct tolka_bigram_line *bigrams;
    struct tolka_trigram_line *trigrams;
};

/* The n-grams of the text that hold no unknown word, sorted. */
static uint64_t *collect(const struct tolka_corpus *corpus, unsigned order, size_t *count)
{
    uint64_t *keys = malloc((corpus->stream_count + 1) * sizeof *keys);
    uint64_t a = TOLKA_ID_START, b = TOLKA_ID_START;

    *count = 0;
    for (size_t i = 0; keys && i < corpus->stream_count; i++) {
        uint64_t w = tolka_stream_id(corpus, i);
        uint64_t pair = b << TOLKA_ID_BITS | w;

        if (b && w && order == 2)
            keys[(*count)++] = pair;
        else if (a && b && w && order == 3 && b != TOLKA_ID_START)
            keys[(*count)++] = a << 2 * TOLKA_ID_BITS | pair;
        a = w == TOLKA_ID_START ? w : b;
        b = w;
    }
    if (keys && !tolka_sort_keys(keys, *count)) {
        free(keys);
        keys = NULL;
    }
    return keys;
}

static float score_before(const struct adder *a, uint64_t key, unsigned order)
{
    uint32_t first = (uint32_t)(key >> 2 * TOLKA_ID_BITS), second = key >> TOLKA_ID_BITS & ID_MASK,
             last = key & ID_MASK;

    return order == 3 ? tolka_model_score(&a->view, first, second, last)
                      : tolka_model_bigram(&a->view, second, last);
}

/* The n-grams that share what stands before their last word, `all` places: those that the text makes likelier
 * go to `grams`. */
static size_t weigh_context(const struct adder *a, unsigned order, const uint64_t *keys, size_t all,
                            struct gram *grams)
{
    double share = MOST_SHARE * (double)all / ((double)all + HALF_SEEN);
    size_t count = 0;

    for (size_t first = 0, end; first < all; first = end) {
        double before = score_before(a, keys[first], order), own;

        for (end = first + 1; end < all && keys[end] == keys[first];)
            end++;
        own = ((double)(end - first) - DISCOUNT) / (double)all;
        own = log((1 - share) * exp(before) + share * own);
        if (own - before >= LEAST_GAIN)
            grams[count++] =
                (struct gram){keys[first], (float)own, (float)((own - before) * (double)(end - first))};
    }
    return count;
}

static int compare_gains(const void *left, const void *right)
{
    const struct gram *a = left, *b = right;

    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* The n-grams worth adding, best first; NULL when memory is out. */
static struct gram *weigh(const struct adder *a, unsigned order, size_t *count)
{
    size_t places;
    uint64_t *keys = collect(a->corpus, order, &places);
    struct gram *grams = keys ? malloc((places + 1) * sizeof *grams) : NULL;

    *count = 0;
    for (size_t first = 0, end; grams && first < places; first = end) {
        for (end = first + 1; end < places && keys[end] >> TOLKA_ID_BITS == keys[first] >> TOLKA_ID_BITS;)
            end++;
        *count += weigh_context(a, order, keys + first, end - first, grams + *count);
    }
    free(keys);
    if (grams)
        qsort(grams, *count, sizeof *grams, compare_gains);
    return grams;
}

/* The place of a print from the line of its hash on, or the first free one; NULL when all are taken. */
static uint16_t *find_place(uint16_t *prints, size_t line_bytes, uint32_t lines, int places, uint64_t hash,
                            uint32_t *line, int *place)
{
    *line = tolka_hash_line(hash, lines);
    for (int probe = 0; probe < TOLKA_LINE_PROBES; probe++, *line = *line + 1 < lines ? *line + 1 : 0) {
        uint16_t *row = (uint16_t *)((unsigned char *)prints + *line * line_bytes);

        for (*place = 0; *place < places; ++*place)
            if (!row[*place] || row[*place] == tolka_hash_print(hash))
                return &row[*place];
    }
    return NULL;
}

/* Puts a bigram in; `score` NULL: only makes sure that trigrams may begin with it. */
static bool put_bigram(struct adder *a, uint64_t key, const float *score, size_t *room)
{
    uint32_t first = (uint32_t)(key >> TOLKA_ID_BITS), second = (uint32_t)(key & ID_MASK), line;
    uint64_t hash = tolka_bigram_hash(first, second);
    int place;
    float before = tolka_model_bigram(&a->view, first, second);
    uint16_t *print = find_place(a->bigrams->print, sizeof *a->bigrams, a->view.bigram_lines,
                                 TOLKA_BIGRAMS_A_LINE, hash, &line, &place);

    if (!print || (!*print && !*room))
        return false;
    if (!*print) {
        *print = tolka_hash_print(hash);
        a->bigrams[line].backoff[place] = TOLKA_NO_SCORE;
        a->bigrams[line].score[place] = tolka_quantise(score ? *score : before);
        --*room;
    } else if (score) {
        a->bigrams[line].score[place] = tolka_quantise(*score);
    }
    if (!score && a->bigrams[line].backoff[place] == TOLKA_NO_SCORE)
        a->bigrams[line].backoff[place] = 0;
    return true;
}

static void put_trigram(struct adder *a, const struct gram *gram, size_t *room, size_t *bigram_room)
{
    uint64_t hash =
        tolka_trigram_hash((uint32_t)(gram->key >> 2 * TOLKA_ID_BITS),
                           (uint32_t)(gram->key >> TOLKA_ID_BITS & ID_MASK), (uint32_t)(gram->key & ID_MASK));
    uint32_t line;
    int place;
    uint16_t *print = find_place(a->trigrams->print, sizeof *a->trigrams, a->view.trigram_lines,
                                 TOLKA_TRIGRAMS_A_LINE, hash, &line, &place);

    if (!print || (!*print && !*room) || !put_bigram(a, gram->key >> TOLKA_ID_BITS, NULL, bigram_room))
        return;
    *room -= !*print;
    *print = tolka_hash_print(hash);
    a->trigrams[line].score[place] = tolka_quantise(gram->score);
}

static size_t room_of(const uint16_t *prints, size_t line_bytes, uint32_t lines, int places)
{
    size_t used = 0, most = (size_t)(LOAD * lines * places);

    for (uint32_t line = 0; line < lines; line++) {
        const uint16_t *row = (const uint16_t *)((const unsigned char *)prints + line * line_bytes);

        for (int i = 0; i < places; i++)
            used += row[i] != 0;
    }
    return most > used ? most - used : 0;
}

enum tolka_status tolka_add_ngrams(struct tolka_build *build, const struct tolka_corpus *corpus,
                                   const struct tolka_model *base, struct tolka_error *err)
{
    struct adder a = {.build = build, .corpus = corpus, .view = *base};
    struct gram *bigrams, *trigrams = NULL;
    size_t bigram_count = 0, trigram_count = 0, bigram_room, trigram_room;
    bool ok;

    a.view.words = tolka_build_words(build);
    a.view.word_count = build->word_count;
    a.view.bigrams = a.bigrams = build->sections[TOLKA_SECTION_BIGRAMS].data;
    a.view.trigrams = a.trigrams = build->sections[TOLKA_SECTION_TRIGRAMS].data;
    bigram_room = room_of(a.bigrams->print, sizeof *a.bigrams, a.view.bigram_lines, TOLKA_BIGRAMS_A_LINE);
    trigram_room =
        room_of(a.trigrams->print, sizeof *a.trigrams, a.view.trigram_lines, TOLKA_TRIGRAMS_A_LINE);
    bigrams = weigh(&a, 2, &bigram_count);
    for (size_t i = 0; bigrams && i < bigram_count; i++)
        put_bigram(&a, bigrams[i].key, &bigrams[i].score, &bigram_room);
    if (bigrams)
        trigrams = weigh(&a, 3, &trigram_count);
    for (size_t i = 0; trigrams && i < trigram_count; i++)
        put_trigram(&a, &trigrams[i], &trigram_room, &bigram_room);
    ok = trigrams != NULL;
    free(bigrams);
    free(trigrams);
    return ok ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
