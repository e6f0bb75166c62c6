/*
 * The mapped model and its lookups: lexicon, prefix filter, word n-grams, confusions. Only normalize/
 * includes this; the layout on disk is described in docs/model-format.md and written by normalize/train.
 */
#ifndef TOLKA_NORMALIZE_MODEL_H
#define TOLKA_NORMALIZE_MODEL_H

#include "normalize/latin.h"
#include "normalize/normalize.h"

#include <stdint.h>

#define TOLKA_MODEL_MAGIC "TOLKASV\n"
enum { TOLKA_MODEL_VERSION = 1, TOLKA_MODEL_SECTIONS_MAX = 32 };

enum tolka_section {
    TOLKA_SECTION_WORDS = 1,
    TOLKA_SECTION_STRINGS,
    TOLKA_SECTION_SLOTS,
    TOLKA_SECTION_PREFIXES,
    TOLKA_SECTION_BIGRAMS,
    TOLKA_SECTION_TRIGRAMS,
    TOLKA_SECTION_CONFUSIONS,
    TOLKA_SECTION_SPELLING,
    TOLKA_SECTION_NOTE,
    TOLKA_SECTION_CHOICES,
    TOLKA_SECTION_FORMS,
    TOLKA_SECTION_LINKS,
    TOLKA_SECTION_COUNT,
};

/* All numbers on disk are little-endian, as the machines are that this runs on. */
struct tolka_model_header {
    char magic[8];
    uint32_t version, section_count;
    uint64_t size;      /* of the whole file */
    uint8_t sha256[32]; /* of all that follows the header */
    uint64_t check;     /* mixed FNV-1a of the 56 bytes before it */
};

struct tolka_model_section {
    uint32_t id, reserved;
    uint64_t offset, length; /* bytes; offsets are multiples of 64 */
};

/* Ids below TOLKA_ID_FIRST stand for what is not a word. */
enum { TOLKA_ID_UNKNOWN, TOLKA_ID_START, TOLKA_ID_NUMBER, TOLKA_ID_FIRST, TOLKA_ID_BITS = 20 };

enum {
    TOLKA_WORD_LAST = 1,    /* the last of the words that share a folded key */
    TOLKA_WORD_NO_WORD = 2, /* only a part of compounds, no word of its own */
    TOLKA_WORD_NAME = 4,    /* mostly written with a capital inside sentences */
    TOLKA_WORD_SEEN = 8,    /* seen in running text, not only in a list */
    TOLKA_WORD_CHOICE = 16, /* the choices know it */
    TOLKA_WORD_LINKED = 32, /* the last of its key, but words added later follow by a link */
};

/* Scores are quantised: score = -TOLKA_SCORE_STEP * byte (nats); TOLKA_NO_SCORE means none. */
struct tolka_word {
    uint32_t offset; /* into the strings */
    uint8_t length, flags;
    uint8_t score;   /* log probability */
    uint8_t backoff; /* log weight of the lower order after this word */
    uint8_t head;    /* log probability as the first part of a compound */
    uint8_t tail;    /* log probability as the last part */
    uint8_t reserved[2];
};

#define TOLKA_SCORE_STEP 0.09f
#define TOLKA_NO_SCORE 255

/* A cache line of bigrams: fingerprint 0 is an empty place. */
enum { TOLKA_BIGRAMS_A_LINE = 16, TOLKA_TRIGRAMS_A_LINE = 21, TOLKA_LINE_PROBES = 8 };
struct tolka_bigram_line {
    uint16_t print[TOLKA_BIGRAMS_A_LINE];
    uint8_t score[TOLKA_BIGRAMS_A_LINE];
    uint8_t backoff[TOLKA_BIGRAMS_A_LINE]; /* TOLKA_NO_SCORE: no trigram begins with these two */
};
struct tolka_trigram_line {
    uint16_t print[TOLKA_TRIGRAMS_A_LINE];
    uint8_t score[TOLKA_TRIGRAMS_A_LINE];
    uint8_t reserved;
};

/* A way of misreading: `truth` was printed, `raw` is read. Both lower-case Latin-1, 1 to 3 bytes. */
enum { TOLKA_CONFUSION_MAX = 3 };
enum tolka_damage { TOLKA_DAMAGE_LOST, TOLKA_DAMAGE_MARK, TOLKA_DAMAGE_GENERAL, TOLKA_DAMAGE_KINDS };
struct tolka_confusion {
    uint8_t raw_length, truth_length;
    uint8_t raw[TOLKA_CONFUSION_MAX], truth[TOLKA_CONFUSION_MAX];
    uint8_t kind;  /* enum tolka_damage: MARK or GENERAL */
    uint8_t score; /* log probability among the misreadings of its kind */
};

/* Words of one key that were added to a finished model follow the last of those before them. */
struct tolka_link {
    uint32_t from, to; /* word ids, `to` the greater */
};

struct tolka_model {
    void *map;
    size_t size;
    char sha256[65];
    const struct tolka_word *words;
    uint32_t word_count;
    const unsigned char *strings;
    size_t strings_size;
    const uint32_t
        *slots; /* fingerprint << TOLKA_ID_BITS | id of the first word of a key; 0 empty; linear probing */
    uint32_t slot_mask;
    const uint64_t *prefixes; /* blocked Bloom filter of all keys' prefixes, 8 words of 64 bits a block */
    uint32_t prefix_blocks;
    const struct tolka_bigram_line *bigrams;
    uint32_t bigram_lines;
    const struct tolka_trigram_line *trigrams;
    uint32_t trigram_lines;
    const struct tolka_confusion *confusions; /* sorted by their raw bytes */
    uint32_t confusion_count;
    uint32_t confusion_first[257]; /* where those that begin with a raw byte begin */
    const uint8_t *spelling;
    uint32_t spelling_mask;
    const uint64_t *
        forms; /* Bloom filter like the prefixes', of words that merely exist; NULL when the model has none */
    uint32_t form_blocks;
    const int8_t *choices; /* NULL when the model has none */
    uint32_t choice_mask;
    const struct tolka_link *links; /* sorted by `from` */
    uint32_t link_count;
    const char *note;
    size_t note_size;
};

/* Hash functions that the trainer and the lookups share. */
static inline uint64_t tolka_bigram_hash(uint32_t a, uint32_t b)
{
    return tolka_hash_mix(((uint64_t)a << TOLKA_ID_BITS | b) + UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint64_t tolka_trigram_hash(uint32_t a, uint32_t b, uint32_t c)
{
    return tolka_hash_mix(((uint64_t)a << 2 * TOLKA_ID_BITS | (uint64_t)b << TOLKA_ID_BITS | c) ^
                          UINT64_C(0x5851f42d4c957f2d));
}

static inline uint32_t tolka_hash_line(uint64_t hash, uint32_t lines)
{
    return (uint32_t)((hash >> 32) * lines >> 32);
}

static inline uint16_t tolka_hash_print(uint64_t hash)
{
    uint16_t print = (uint16_t)hash;

    return print ? print : 1;
}

/* The hash of a form's letters, marks and all, unmixed. */
static inline uint64_t tolka_form_hash(const unsigned char *text, size_t length)
{
    uint64_t hash = TOLKA_HASH_START;

    for (size_t i = 0; i < length; i++)
        hash = tolka_hash_step(hash, text[i]);
    return hash;
}

/* Where a key's bits lie in the prefix filter: block, and four bit numbers of 0..511 packed in a word. */
static inline uint32_t tolka_prefix_block(uint64_t mixed, uint32_t blocks)
{
    return tolka_hash_line(mixed, blocks);
}

/* The text of a word, lower-case Latin-1, not NUL-terminated; "" of length 0 for an id out of range or a
 * damaged record. */
const unsigned char *tolka_model_text(const struct tolka_model *model, uint32_t id, size_t *length);

/* The first word whose folded key has `hash` (unmixed) and equals `key`; 0 when there is none. The others
 * follow, up to the flag LAST. */
uint32_t tolka_model_lookup(const struct tolka_model *model, const unsigned char *key, size_t length,
                            uint64_t hash);

/* Fetches into the cache what a lookup of a key with this hash will read, a step at a time (0, 1, 2), each a
 * while after the one before: three reads that depend on each other, most of them from memory. */
void tolka_model_prefetch(const struct tolka_model *model, uint64_t hash, int step);

/* Whether some key may begin with what has this (unmixed) hash: never false for one that does. */
bool tolka_model_has_prefix(const struct tolka_model *model, uint64_t hash);

/* Whether the word is in the filter of those that merely exist: wrongly so for one of a few hundred others.
 */
bool tolka_model_has_form(const struct tolka_model *model, const unsigned char *text, size_t length);

/* log P(c | a b), nats. */
float tolka_model_score(const struct tolka_model *model, uint32_t a, uint32_t b, uint32_t c);

/* log P(c | b), nats. */
float tolka_model_bigram(const struct tolka_model *model, uint32_t b, uint32_t c);

/* log P(word) without context. */
float tolka_model_unigram(const struct tolka_model *model, uint32_t id);

static inline const struct tolka_word *tolka_model_word(const struct tolka_model *model, uint32_t id)
{
    return &model->words[id < model->word_count ? id : TOLKA_ID_UNKNOWN];
}

/* Where the link from a word leads, 0 when there is none. Links only lead on, so that following them ends. */
uint32_t tolka_model_follow_link(const struct tolka_model *model, uint32_t from);

/* The next word of the same folded key, 0 after the last. */
static inline uint32_t tolka_model_next(const struct tolka_model *model, uint32_t id)
{
    const struct tolka_word *word = tolka_model_word(model, id);

    if (word->flags & TOLKA_WORD_LINKED)
        return tolka_model_follow_link(model, id);
    if (word->flags & TOLKA_WORD_LAST || id + 1 >= model->word_count || word[1].length != word->length)
        return 0;
    return id + 1;
}

#endif
