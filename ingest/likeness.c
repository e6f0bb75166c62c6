/*
 * MinHash (Broder, "On the resemblance and containment of documents", 1997): of all runs of three words of a
 * text, under each of 64 hash functions, the smallest hash is kept. The share of equal smallest hashes
 * estimates the Jaccard resemblance of the two sets of runs. Bands (Leskovec, Rajaraman, Ullman, "Mining of
 * Massive Datasets", 3.4) find candidates without comparing all with all: 8 bands of 3 hashes catch 0.97 of
 * pairs with a resemblance of 0.7, 0.66 at 0.5, and bring up 0.2 of those with 0.3, which comparing then
 * drops.
 *
 * Words are runs of letters, in lower case, of three letters and more: digits, marks and specks are what two
 * scans differ in. When each word is read the same in both with a chance of 0.97, runs of three are with
 * 0.91, and the resemblance is 0.84.
 */
#include "ingest/likeness.h"

#include "base/utf8.h"

#include <string.h>

enum {
    WORDS_A_RUN = 3,
    LEAST_LETTERS = 3,
    LEAST_RUNS = 60,
    HASHES_A_BAND = 3,
};

/* A finalizer with full avalanche (Steele, Lea, Flood: splitmix64). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

struct sketch {
    struct tolka_likeness *likeness;
    uint64_t recent[WORDS_A_RUN]; /* hashes of the last words */
    uint64_t word;                /* hash of the word being read */
    int letters;
    int64_t words, runs;
};

/* One run of words: the upper half of a product with an odd number is a hash function of its own for each. */
static void add_run(struct sketch *sketch)
{
    uint64_t run = 0;

    for (int i = 0; i < WORDS_A_RUN; i++)
        run = mix(run * 31 + sketch->recent[(sketch->words + i) % WORDS_A_RUN]);
    for (uint64_t i = 0; i < TOLKA_LIKENESS_HASHES; i++) {
        const uint32_t hash = (uint32_t)((run + i) * (mix(i + 1) | 1) >> 32);
        if (hash < sketch->likeness->hashes[i])
            sketch->likeness->hashes[i] = hash;
    }
    sketch->runs++;
}

static void end_word(struct sketch *sketch)
{
    if (sketch->letters >= LEAST_LETTERS) {
        sketch->recent[sketch->words % WORDS_A_RUN] = sketch->word;
        sketch->words++;
        if (sketch->words >= WORDS_A_RUN)
            add_run(sketch);
    }
    sketch->word = 0;
    sketch->letters = 0;
}

static void add_text(struct sketch *sketch, const char *text)
{
    const size_t length = text ? strlen(text) : 0;

    for (size_t at = 0; at < length;) {
        uint32_t code;
        at += tolka_utf8_decode(text + at, length - at, &code);
        if (tolka_utf8_is_letter(code)) {
            sketch->word = mix(sketch->word + tolka_utf8_lower(code));
            sketch->letters++;
        } else {
            end_word(sketch);
        }
    }
    end_word(sketch);
}

bool tolka_likeness_make(const struct tolka_record *record, struct tolka_likeness *likeness)
{
    struct sketch sketch = {.likeness = likeness};

    memset(likeness->hashes, 0xff, sizeof likeness->hashes);
    for (size_t i = 0; i < record->page_count; i++)
        add_text(&sketch, record->pages[i].text);
    return sketch.runs >= LEAST_RUNS;
}

double tolka_likeness_compare(const struct tolka_likeness *a, const struct tolka_likeness *b)
{
    int same = 0;

    for (int i = 0; i < TOLKA_LIKENESS_HASHES; i++)
        same += a->hashes[i] == b->hashes[i];
    return (double)same / TOLKA_LIKENESS_HASHES;
}

int64_t tolka_likeness_band(const struct tolka_likeness *likeness, int band)
{
    uint64_t key = (uint64_t)band;

    for (int i = 0; i < HASHES_A_BAND; i++)
        key = mix(key * 31 + likeness->hashes[band * HASHES_A_BAND + i]);
    return (int64_t)(key >> 1); /* not negative: the smallest number stands for null */
}
