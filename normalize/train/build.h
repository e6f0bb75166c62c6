/* The sections of a model while they are built. Only normalize/train includes this. */
#ifndef TOLKA_NORMALIZE_TRAIN_BUILD_H
#define TOLKA_NORMALIZE_TRAIN_BUILD_H

#include "normalize/model.h"
#include "normalize/train/corpus.h"

/* A section's bytes; `data` is from malloc. */
struct tolka_section_data {
    void *data;
    size_t size;
};

struct tolka_build {
    struct tolka_section_data sections[TOLKA_SECTION_COUNT];
    uint32_t *type_of; /* the type of each word id; UINT32_MAX for those that are none */
    uint32_t word_count;
};

static inline struct tolka_word *tolka_build_words(struct tolka_build *build)
{
    return build->sections[TOLKA_SECTION_WORDS].data;
}

/* The byte for a log probability. */
uint8_t tolka_quantise(double log_probability);

/* Zeroed bytes for a section; false when memory is out. */
bool tolka_build_allocate(struct tolka_section_data *section, size_t size);

/* The unmixed hash of a word's folded letters. */
uint64_t tolka_key_hash(const unsigned char *text, size_t length);

/* Orders indices of types by key, then by text; for qsort_r with the corpus. */
int tolka_type_compare(const void *left, const void *right, void *corpus);
bool tolka_type_same_key(const struct tolka_corpus *corpus, const struct tolka_type *a,
                         const struct tolka_type *b);

/* Sorts numbers upwards; false when memory is out. */
bool tolka_sort_keys(uint64_t *keys, size_t count);

/* Fills PREFIXES from WORDS and STRINGS; false when memory is out. */
bool tolka_build_prefixes(struct tolka_build *build);

/* Chooses the words, gives them ids by their folded keys, and fills WORDS, STRINGS, SLOTS and PREFIXES. */
enum tolka_status tolka_build_lexicon(struct tolka_build *build, struct tolka_corpus *corpus,
                                      struct tolka_error *err);

/* Counts n-grams of the stream and fills BIGRAMS, TRIGRAMS and the words' backoff; at most `max_bytes` for
 * both. */
enum tolka_status tolka_build_ngrams(struct tolka_build *build, struct tolka_corpus *corpus, size_t max_bytes,
                                     struct tolka_error *err);

/* Fills SPELLING: which letter follows three others. */
enum tolka_status tolka_build_spelling(struct tolka_build *build, const struct tolka_corpus *corpus,
                                       struct tolka_error *err);

/* Reads the table of misreadings and fills CONFUSIONS. */
enum tolka_status tolka_build_confusions(struct tolka_build *build, const char *path,
                                         struct tolka_error *err);

/* misread.c: adds what was misread in the pairs to CONFUSIONS. */
enum tolka_status tolka_build_misreadings(struct tolka_build *build, const struct tolka_train_pair *pairs,
                                          size_t count, struct tolka_error *err);

/* Fills CHOICES and marks the words that it knows. */
enum tolka_status tolka_build_choices(struct tolka_build *build, const struct tolka_corpus *corpus,
                                      struct tolka_error *err);

/* add_words.c: all sections of `base` with the words of the corpus in them; n-grams as they were. Sets the
 * types' ids. */
enum tolka_status tolka_add_words(struct tolka_build *build, struct tolka_corpus *corpus,
                                  const struct tolka_model *base, const char *note, struct tolka_error *err);

/* add_ngrams.c: puts the corpus's n-grams into BIGRAMS and TRIGRAMS, as far as there is room. */
enum tolka_status tolka_add_ngrams(struct tolka_build *build, const struct tolka_corpus *corpus,
                                   const struct tolka_model *base, struct tolka_error *err);

/* Writes the sections as a model file. */
enum tolka_status tolka_build_write(const struct tolka_build *build, const char *path,
                                    struct tolka_error *err);

#endif
