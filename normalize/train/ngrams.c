/*
 * Word bigrams and trigrams: interpolated absolute discounting over true counts at every order (Ney, Essen
 * and Kneser 1994). Kneser-Ney's lower orders lose their point once higher ones are pruned as hard as here
 * (Chelba et al. 2010, "Study on interaction between entropy pruning and Kneser-Ney smoothing"). An n-gram is
 * kept for what it tells: its count times what its score differs from the back-off's, and ten times more when
 * one of its words shares its folded key with another, because those are what the decoder has to tell apart.
 */
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOAD = 0.86; /* of the cache lines; above, too many n-grams overflow from line to line */
static const double BIGRAM_SHARE = 0.42;     /* of the bytes */
static const double AMBIGUOUS_WEIGHT = 10.0; /* see above */
enum { GAIN_BINS = 2048 };

#define ID_MASK ((UINT64_C(1) << TOLKA_ID_BITS) - 1)

/* Sorted different n-grams: ids packed TOLKA_ID_BITS each, the last word lowest. */
struct grams {
    uint64_t *keys;
    uint32_t *counts;
    float *score; /* log probability */
    float *gain;
    size_t size;
    double discount;
};

struct context {
    struct tolka_build *build;
    struct grams bigrams, trigrams;
    uint64_t *unigrams;     /* by id */
    uint32_t *first_bigram; /* by id, word_count + 1 */
    float *bigram_backoff;  /* by bigram */
    bool *ambiguous;        /* by id */
    double all;
};

/* LSD radix sort by bytes. */
bool tolka_sort_keys(uint64_t *keys, size_t count)
{
    uint64_t *other = malloc((count + 1) * sizeof *other), *from = keys, *to = other;

    if (!other)
        return false;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        uint64_t *swap = from;

        for (size_t i = 0; i < count; i++)
            start[(from[i] >> shift & 0xff) + 1]++;
        for (size_t i = 1; i < 257; i++)
            start[i] += start[i - 1];
        for (size_t i = 0; i < count; i++)
            to[start[from[i] >> shift & 0xff]++] = from[i];
        from = to;
        to = swap;
    }
    free(other);
    return true;
}

/* Sorts and counts the keys. */
static bool fold_grams(struct grams *grams, uint64_t *keys, size_t count)
{
    size_t size = 0, once = 0, twice = 0;

    grams->keys = keys;
    if (!tolka_sort_keys(keys, count))
        return false;
    for (size_t i = 0; i < count; i++)
        size += !i || keys[i] != keys[i - 1];
    grams->counts = calloc(size + 1, sizeof *grams->counts);
    grams->score = calloc(size + 1, sizeof *grams->score);
    grams->gain = calloc(size + 1, sizeof *grams->gain);
    if (!grams->counts || !grams->score || !grams->gain)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!grams->size || keys[i] != keys[grams->size - 1])
            keys[grams->size++] = keys[i];
        grams->counts[grams->size - 1]++;
    }
    for (size_t i = 0; i < grams->size; i++) {
        once += grams->counts[i] == 1;
        twice += grams->counts[i] == 2;
    }
    grams->discount = once + twice ? (double)once / (double)(once + 2 * twice) : 0.5;
    return true;
}

static bool collect(struct context *c, const struct tolka_corpus *corpus, unsigned order, struct grams *grams)
{
    uint64_t *keys = malloc((corpus->stream_count + 1) * sizeof *keys);
    uint64_t a = TOLKA_ID_START, b = TOLKA_ID_START;
    size_t count = 0;

    if (!keys)
        return false;
    for (size_t i = 0; i < corpus->stream_count; i++) {
        uint64_t w = tolka_stream_id(corpus, i);

        if (order == 2) {
            c->unigrams[w]++;
            keys[count++] = b << TOLKA_ID_BITS | w;
        } else if (b != TOLKA_ID_START) { /* after a sentence's beginning there is no more context to see */
            keys[count++] = a << 2 * TOLKA_ID_BITS | b << TOLKA_ID_BITS | w;
        }
        a = w == TOLKA_ID_START ? w : b;
        b = w;
    }
    return fold_grams(grams, keys, count);
}

static void mark_ambiguous(struct context *c)
{
    const struct tolka_word *words = tolka_build_words(c->build);

    for (uint32_t id = TOLKA_ID_FIRST; id < c->build->word_count; id++)
        c->ambiguous[id] = !(words[id].flags & TOLKA_WORD_LAST) || !(words[id - 1].flags & TOLKA_WORD_LAST);
    c->ambiguous[TOLKA_ID_FIRST] = !(words[TOLKA_ID_FIRST].flags & TOLKA_WORD_LAST);
}

static double unigram_probability(const struct context *c, uint64_t w)
{
    double count = (double)c->unigrams[w];

    return (count > 0 ? count : 0.3) / c->all;
}

static double gain_of(const struct context *c, uint64_t key, uint32_t count, double score, double backoff)
{
    double weight = 1;

    for (uint64_t rest = key; rest; rest >>= TOLKA_ID_BITS)
        if (c->ambiguous[rest & ID_MASK])
            weight = AMBIGUOUS_WEIGHT;
    return weight * count * fabs(score - backoff);
}

/* The least gain at which `room` n-grams are kept. */
static float gain_floor(const struct grams *grams, size_t room)
{
    size_t bins[GAIN_BINS] = {0}, sum = 0;
    int bin;

    if (grams->size <= room)
        return 0;
    for (size_t i = 0; i < grams->size; i++) {
        int at = (int)(128 * log2(1 + (double)grams->gain[i]));

        bins[at < GAIN_BINS ? at : GAIN_BINS - 1]++;
    }
    for (bin = GAIN_BINS - 1; bin > 0 && sum + bins[bin] <= room; bin--)
        sum += bins[bin];
    return (float)(exp2((bin + 1) / 128.0) - 1);
}

/* Marks with count 0 what is not kept. */
static void prune(struct grams *grams, size_t room)
{
    float floor_gain = gain_floor(grams, room);

    for (size_t i = 0; i < grams->size; i++)
        if (grams->gain[i] < floor_gain)
            grams->counts[i] = 0;
}

/* Scores bigrams with the full back-off, prunes, and scores what is kept with the weight that is left over.
 */
static void score_bigrams(struct context *c, size_t room)
{
    struct grams *g = &c->bigrams;
    struct tolka_word *words = tolka_build_words(c->build);

    for (size_t i = 0; i < g->size; i++) {
        uint64_t a = g->keys[i] >> TOLKA_ID_BITS, w = g->keys[i] & ID_MASK;
        double direct = (g->counts[i] - g->discount) / (double)c->unigrams[a],
               low = unigram_probability(c, w);
        double rest = g->discount * (c->first_bigram[a + 1] - c->first_bigram[a]) / (double)c->unigrams[a];

        g->gain[i] = (float)gain_of(c, g->keys[i], g->counts[i], log(direct + rest * low), log(rest * low));
    }
    prune(g, room);
    for (uint32_t a = 0; a < c->build->word_count; a++) {
        double rest = 1;

        for (uint32_t i = c->first_bigram[a]; i < c->first_bigram[a + 1]; i++)
            if (g->counts[i])
                rest -= (g->counts[i] - g->discount) / (double)c->unigrams[a];
        rest = rest < 1e-6 ? 1e-6 : rest;
        for (uint32_t i = c->first_bigram[a]; i < c->first_bigram[a + 1]; i++)
            if (g->counts[i])
                g->score[i] = (float)log((g->counts[i] - g->discount) / (double)c->unigrams[a] +
                                         rest * unigram_probability(c, g->keys[i] & ID_MASK));
        words[a].backoff = tolka_quantise(log(rest));
    }
}

static size_t find_bigram(const struct context *c, uint64_t a, uint64_t b)
{
    uint64_t key = a << TOLKA_ID_BITS | b;
    size_t low = c->first_bigram[a], high = c->first_bigram[a + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->bigrams.keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->bigrams.size && c->bigrams.keys[low] == key && c->bigrams.counts[low] ? low : SIZE_MAX;
}

static double bigram_probability(const struct context *c, uint64_t b, uint64_t w)
{
    const struct tolka_word *words = tolka_build_words(c->build);
    size_t at = find_bigram(c, b, w);

    if (at != SIZE_MAX)
        return exp((double)c->bigrams.score[at]);
    return exp(-(double)TOLKA_SCORE_STEP * words[b].backoff) * unigram_probability(c, w);
}

/* The trigrams from `first` to `end` share their first two words. */
static void score_context(struct context *c, size_t first, size_t end, bool final)
{
    struct grams *g = &c->trigrams;
    uint64_t pair = g->keys[first] >> TOLKA_ID_BITS, b = pair & ID_MASK;
    size_t bigram = find_bigram(c, pair >> TOLKA_ID_BITS, b);
    double all = 0, rest = 1;

    if (bigram == SIZE_MAX) {
        for (size_t i = first; i < end; i++)
            g->counts[i] = 0;
        return;
    }
    all = c->bigrams.counts[bigram];
    for (size_t i = first; i < end; i++)
        if (g->counts[i])
            rest -= (g->counts[i] - g->discount) / all;
    rest = rest < 1e-6 ? 1e-6 : rest;
    for (size_t i = first; i < end; i++) {
        double low = rest * bigram_probability(c, b, g->keys[i] & ID_MASK);

        if (!g->counts[i])
            continue;
        g->score[i] = (float)log((g->counts[i] - g->discount) / all + low);
        if (!final)
            g->gain[i] = (float)gain_of(c, g->keys[i], g->counts[i], g->score[i], log(low));
        c->bigram_backoff[bigram] = (float)log(rest);
    }
}

static void score_trigrams(struct context *c, size_t room)
{
    struct grams *g = &c->trigrams;

    for (int final = 0; final <= 1; final++) {
        for (size_t i = 0; i < c->bigrams.size; i++)
            c->bigram_backoff[i] = 1; /* none */
        for (size_t first = 0, end; first < g->size; first = end) {
            for (end = first + 1;
                 end < g->size && g->keys[end] >> TOLKA_ID_BITS == g->keys[first] >> TOLKA_ID_BITS;)
                end++;
            score_context(c, first, end, final);
        }
        if (!final)
            prune(g, room);
    }
}

static size_t kept(const struct grams *grams)
{
    size_t count = 0;

    for (size_t i = 0; i < grams->size; i++)
        count += grams->counts[i] != 0;
    return count;
}

static bool write_bigrams(struct context *c)
{
    struct tolka_section_data *section = &c->build->sections[TOLKA_SECTION_BIGRAMS];
    uint32_t lines = (uint32_t)((double)kept(&c->bigrams) / (LOAD * TOLKA_BIGRAMS_A_LINE)) + 1;
    struct tolka_bigram_line *table = calloc(lines, sizeof *table);

    section->data = table;
    section->size = lines * sizeof *table;
    if (!table)
        return false;
    for (size_t i = 0; i < c->bigrams.size; i++) {
        uint64_t hash =
            tolka_bigram_hash((uint32_t)(c->bigrams.keys[i] >> TOLKA_ID_BITS), c->bigrams.keys[i] & ID_MASK);
        uint32_t at = tolka_hash_line(hash, lines);

        for (int probe = 0; c->bigrams.counts[i] && probe < TOLKA_LINE_PROBES;
             probe++, at = at + 1 < lines ? at + 1 : 0) {
            int place = 0;

            while (place < TOLKA_BIGRAMS_A_LINE && table[at].print[place])
                place++;
            if (place == TOLKA_BIGRAMS_A_LINE)
                continue;
            table[at].print[place] = tolka_hash_print(hash);
            table[at].score[place] = tolka_quantise(c->bigrams.score[i]);
            table[at].backoff[place] =
                c->bigram_backoff[i] > 0 ? TOLKA_NO_SCORE : tolka_quantise(c->bigram_backoff[i]);
            break;
        }
    }
    return true;
}

static bool write_trigrams(struct context *c)
{
    struct tolka_section_data *section = &c->build->sections[TOLKA_SECTION_TRIGRAMS];
    uint32_t lines = (uint32_t)((double)kept(&c->trigrams) / (LOAD * TOLKA_TRIGRAMS_A_LINE)) + 1;
    struct tolka_trigram_line *table = calloc(lines, sizeof *table);

    section->data = table;
    section->size = lines * sizeof *table;
    if (!table)
        return false;
    for (size_t i = 0; i < c->trigrams.size; i++) {
        uint64_t key = c->trigrams.keys[i];
        uint64_t hash = tolka_trigram_hash((uint32_t)(key >> 2 * TOLKA_ID_BITS),
                                           key >> TOLKA_ID_BITS & ID_MASK, key & ID_MASK);
        uint32_t at = tolka_hash_line(hash, lines);

        for (int probe = 0; c->trigrams.counts[i] && probe < TOLKA_LINE_PROBES;
             probe++, at = at + 1 < lines ? at + 1 : 0) {
            int place = 0;

            while (place < TOLKA_TRIGRAMS_A_LINE && table[at].print[place])
                place++;
            if (place == TOLKA_TRIGRAMS_A_LINE)
                continue;
            table[at].print[place] = tolka_hash_print(hash);
            table[at].score[place] = tolka_quantise(c->trigrams.score[i]);
            break;
        }
    }
    return true;
}

static bool index_bigrams(struct context *c)
{
    size_t at = 0;

    for (uint32_t a = 0; a <= c->build->word_count; a++) {
        while (at < c->bigrams.size && c->bigrams.keys[at] >> TOLKA_ID_BITS < a)
            at++;
        c->first_bigram[a] = (uint32_t)at;
    }
    c->bigram_backoff = malloc((c->bigrams.size + 1) * sizeof *c->bigram_backoff);
    return c->bigram_backoff != NULL;
}

static void release_grams(struct grams *grams)
{
    free(grams->keys);
    free(grams->counts);
    free(grams->score);
    free(grams->gain);
}

enum tolka_status tolka_build_ngrams(struct tolka_build *build, struct tolka_corpus *corpus, size_t max_bytes,
                                     struct tolka_error *err)
{
    struct context c = {.build = build, .all = (double)corpus->stream_count + 1};
    size_t bigram_room = (size_t)((double)max_bytes * BIGRAM_SHARE / 64 * TOLKA_BIGRAMS_A_LINE * LOAD),
           trigram_room;
    enum tolka_status status = TOLKA_OK;

    c.unigrams = calloc(build->word_count, sizeof *c.unigrams);
    c.ambiguous = calloc(build->word_count, sizeof *c.ambiguous);
    c.first_bigram = calloc(build->word_count + 1, sizeof *c.first_bigram);
    if (!c.unigrams || !c.ambiguous || !c.first_bigram || !collect(&c, corpus, 2, &c.bigrams) ||
        !index_bigrams(&c) || !collect(&c, corpus, 3, &c.trigrams)) {
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        goto out;
    }
    mark_ambiguous(&c);
    score_bigrams(&c, bigram_room);
    trigram_room = max_bytes - (size_t)((double)kept(&c.bigrams) / (TOLKA_BIGRAMS_A_LINE * LOAD)) * 64;
    score_trigrams(&c, (size_t)((double)trigram_room / 64 * TOLKA_TRIGRAMS_A_LINE * LOAD));
    if (!write_bigrams(&c) || !write_trigrams(&c))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
out:
    release_grams(&c.bigrams);
    release_grams(&c.trigrams);
    free(c.unigrams);
    free(c.ambiguous);
    free(c.first_bigram);
    free(c.bigram_backoff);
    return status;
}
