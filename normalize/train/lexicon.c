/*
 * Chooses the words of the model and the parts of compounds. A part is what text shows: where a word ends in
 * another known word, what stands before is counted as a head ("arbets", "delårs", linking letters and all),
 * and the other as a tail. How many different words a part is seen in, not how often, says how freely it
 * makes new ones (Baayen's productivity by types).
 */
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MIN_COUNT = 2,      /* a spelling seen once in all the text is more often a slip than a word */
    MIN_TAIL_COUNT = 5, /* a tail must be a word of its own, seen this often */
    MIN_TAIL = 3,       /* letters */
    MIN_HEAD = 2,
    MIN_COMPOUND = 6,
    MIN_LISTED_TAIL = 4, /* letters of a tail that only a list has */
    MIN_PLAIN_PART = 4,  /* letters of a word that may be a part though it was never seen as one */
    PART_ROUNDS = 4,
    SLIP_FACTOR = 3000,    /* a plain spelling this much rarer than a marked one of the same key is a slip */
    SLIP_FACTOR_RARE = 60, /* the same for one seen less than SLIP_RARE times */
    SLIP_RARE = 4,
    FILTER_BITS = 9, /* a prefix: one in twenty others passes too, and the lexicon has the last word */
    FORM_BITS = 16,  /* a form: one in four hundred */
};
static const double MIN_HEAD_TYPES =
    1.5; /* a head stands before about so many different tails, one it owns and one it shares */
static const double MIN_TAIL_TYPES = 0.3;
static const double PLAIN_PART_TYPES = 0.1; /* what it then counts */
static const double SIMPLE_WEIGHT = 300; /* how much a word that is no compound weighs against its splits */
static const double LISTED_COUNT = 0.3;  /* what a word counts that only a list has */

struct share {
    float head, tail;
};

uint8_t tolka_quantise(double log_probability)
{
    double steps = floor(-log_probability / TOLKA_SCORE_STEP + 0.5);

    return steps < 0 ? 0 : steps > TOLKA_NO_SCORE - 1 ? TOLKA_NO_SCORE - 1 : (uint8_t)steps;
}

/* The parts of one split of a word; false when its second half is no word. */
static bool split_at(struct tolka_corpus *corpus, const unsigned char *text, size_t length, size_t head,
                     uint32_t *first, uint32_t *second)
{
    const struct tolka_type *tail;

    *second = tolka_corpus_lookup(corpus, text + head, length - head);
    if (*second == UINT32_MAX)
        return false;
    tail = &corpus->types[*second];
    if (tail->count < MIN_TAIL_COUNT && !(tail->listed && tail->length >= MIN_LISTED_TAIL))
        return false;
    *first = tolka_corpus_add(corpus, text, head);
    return *first != UINT32_MAX;
}

static double split_weight(const struct tolka_corpus *corpus, uint32_t first, uint32_t second, bool equal)
{
    return equal ? 1 : corpus->types[first].heads * corpus->types[second].tails;
}

/* Shares one word among its splits, by how productive their parts have been so far. */
static void share_word(struct tolka_corpus *corpus, const struct tolka_type *type, bool equal,
                       struct share *shares)
{
    unsigned char text[TOLKA_WORD_MAX];
    double sum = equal ? 0 : SIMPLE_WEIGHT;
    uint32_t first[TOLKA_WORD_MAX], second[TOLKA_WORD_MAX];
    size_t count = 0, length = type->length;

    memcpy(text, tolka_type_text(corpus, type), length);
    for (size_t head = MIN_HEAD; head + MIN_TAIL <= length; head++)
        if (split_at(corpus, text, length, head, &first[count], &second[count]))
            sum += split_weight(corpus, first[count], second[count], equal), count++;
    for (size_t i = 0; i < count; i++) {
        double share = split_weight(corpus, first[i], second[i], equal) / (equal ? 1 : sum);

        shares[first[i]].head += (float)share;
        shares[second[i]].tail += (float)share;
    }
}

/* Soft expectation maximisation: chance splits ("mark|ande") lose to those whose parts make many words. */
static bool count_parts(struct tolka_corpus *corpus)
{
    size_t words = corpus->type_count, room = 0;
    struct share *shares;

    for (size_t i = 0; i < words; i++) /* an upper bound of the heads that are added */
        room += corpus->types[i].length;
    shares = malloc((room + 1) * sizeof *shares);
    if (!shares)
        return false;
    for (int round = 0; round < PART_ROUNDS; round++) {
        memset(shares, 0, (room + 1) * sizeof *shares);
        for (size_t i = 0; i < words; i++) {
            const struct tolka_type type = corpus->types[i];

            if (type.length >= MIN_COMPOUND && type.count &&
                !memchr(tolka_type_text(corpus, &type), ':', type.length))
                share_word(corpus, &type, round == 0, shares);
        }
        for (size_t i = 0; i < corpus->type_count; i++) {
            corpus->types[i].heads = shares[i].head;
            corpus->types[i].tails = shares[i].tail;
        }
    }
    free(shares);
    return true;
}

static int compare_keys(const unsigned char *a, size_t a_length, const unsigned char *b, size_t b_length)
{
    size_t n = a_length < b_length ? a_length : b_length;

    for (size_t i = 0; i < n; i++)
        if (tolka_latin_fold[a[i]] != tolka_latin_fold[b[i]])
            return tolka_latin_fold[a[i]] < tolka_latin_fold[b[i]] ? -1 : 1;
    return a_length < b_length ? -1 : a_length > b_length;
}

int tolka_type_compare(const void *left, const void *right, void *data)
{
    const struct tolka_corpus *corpus = data;
    const struct tolka_type *a = &corpus->types[*(const uint32_t *)left],
                            *b = &corpus->types[*(const uint32_t *)right];
    int order = compare_keys(tolka_type_text(corpus, a), a->length, tolka_type_text(corpus, b), b->length);

    return order ? order : memcmp(tolka_type_text(corpus, a), tolka_type_text(corpus, b), a->length);
}

bool tolka_type_same_key(const struct tolka_corpus *corpus, const struct tolka_type *a,
                         const struct tolka_type *b)
{
    return compare_keys(tolka_type_text(corpus, a), a->length, tolka_type_text(corpus, b), b->length) == 0;
}

static bool is_wanted(const struct tolka_type *type)
{
    return type->count >= MIN_COUNT || type->listed || type->heads >= MIN_HEAD_TYPES;
}

static bool is_slip(const struct tolka_type *type, uint32_t most)
{
    uint64_t factor = type->count < SLIP_RARE ? SLIP_FACTOR_RARE : SLIP_FACTOR;

    return !type->listed && type->count * factor < most;
}

/* Sorts what is wanted and leaves the slips out; the number of words in `order`. */
static size_t choose_types(struct tolka_corpus *corpus, uint32_t *order)
{
    size_t wanted = 0, kept = 0;

    for (size_t i = 0; i < corpus->type_count; i++)
        if (is_wanted(&corpus->types[i]))
            order[wanted++] = (uint32_t)i;
    qsort_r(order, wanted, sizeof *order, tolka_type_compare, corpus);
    for (size_t first = 0, end; first < wanted; first = end) {
        uint32_t most = 0;

        for (end = first; end < wanted && tolka_type_same_key(corpus, &corpus->types[order[first]],
                                                              &corpus->types[order[end]]);
             end++)
            if (corpus->types[order[end]].count > most)
                most = corpus->types[order[end]].count;
        for (size_t i = first; i < end; i++) {
            struct tolka_type *type = &corpus->types[order[i]];

            if (!is_slip(type, most) || type->heads >= MIN_HEAD_TYPES)
                order[kept++] = order[i];
        }
    }
    return kept;
}

bool tolka_build_allocate(struct tolka_section_data *section, size_t size)
{
    section->data = calloc(1, size ? size : 1);
    section->size = size;
    return section->data != NULL;
}

/* A part that makes few words is none, unless it is a longer word of its own: any may be compounded one day.
 */
static uint8_t part_score(double types, double least, bool plain, double all)
{
    if (types >= least)
        return tolka_quantise(log(types / all));
    return plain ? tolka_quantise(log(PLAIN_PART_TYPES / all)) : TOLKA_NO_SCORE;
}

static void fill_word(struct tolka_word *word, const struct tolka_type *type, double all, double heads,
                      double tails)
{
    double count = type->count >= MIN_COUNT ? type->count : type->listed ? LISTED_COUNT : 0;

    word->length = type->length;
    word->score = count > 0 ? tolka_quantise(log(count / all)) : TOLKA_NO_SCORE - 1;
    word->head = part_score(type->heads, MIN_HEAD_TYPES, count > 0 && type->length >= MIN_PLAIN_PART, heads);
    word->tail = count > 0 ? part_score(type->tails, MIN_TAIL_TYPES, type->length >= MIN_PLAIN_PART, tails)
                           : TOLKA_NO_SCORE;
    word->flags =
        (uint8_t)((type->count >= MIN_COUNT ? TOLKA_WORD_SEEN : 0) | (count > 0 ? 0 : TOLKA_WORD_NO_WORD) |
                  (type->inside && type->capital * 2 > type->inside ? TOLKA_WORD_NAME : 0));
}

static void fill_words(struct tolka_build *build, struct tolka_corpus *corpus, const uint32_t *order,
                       size_t count)
{
    struct tolka_word *words = tolka_build_words(build);
    unsigned char *strings = build->sections[TOLKA_SECTION_STRINGS].data;
    double all = (double)corpus->stream_count, heads = 1, tails = 1;
    size_t used = 0, known = 0;

    for (size_t i = 0; i < count; i++) {
        heads += corpus->types[order[i]].heads;
        tails += corpus->types[order[i]].tails;
        known += corpus->types[order[i]].count;
    }
    words[TOLKA_ID_UNKNOWN].score = tolka_quantise(log((all - (double)known + 1) / (all + 1)));
    for (size_t i = 0; i < count; i++) {
        struct tolka_type *type = &corpus->types[order[i]];
        struct tolka_word *word = &words[TOLKA_ID_FIRST + i];

        fill_word(word, type, all, heads, tails);
        word->offset = (uint32_t)used;
        memcpy(strings + used, tolka_type_text(corpus, type), type->length);
        used += type->length;
        if (i + 1 == count || !tolka_type_same_key(corpus, type, &corpus->types[order[i + 1]]))
            word->flags |= TOLKA_WORD_LAST;
        type->id = word->flags & TOLKA_WORD_NO_WORD ? 0 : (uint32_t)(TOLKA_ID_FIRST + i);
        build->type_of[TOLKA_ID_FIRST + i] = order[i];
    }
}

uint64_t tolka_key_hash(const unsigned char *text, size_t length)
{
    uint64_t hash = TOLKA_HASH_START;

    for (size_t i = 0; i < length; i++)
        hash = tolka_hash_step(hash, tolka_latin_fold[text[i]]);
    return hash;
}

static void fill_slots(struct tolka_build *build)
{
    const struct tolka_word *words = tolka_build_words(build);
    const unsigned char *strings = build->sections[TOLKA_SECTION_STRINGS].data;
    uint32_t *slots = build->sections[TOLKA_SECTION_SLOTS].data;
    uint32_t mask = (uint32_t)(build->sections[TOLKA_SECTION_SLOTS].size / sizeof *slots - 1);
    bool first = true;

    for (uint32_t id = TOLKA_ID_FIRST; id < build->word_count; id++) {
        if (first) {
            uint64_t mixed = tolka_hash_mix(tolka_key_hash(strings + words[id].offset, words[id].length));
            uint32_t at = (uint32_t)mixed & mask;

            while (slots[at])
                at = (at + 1) & mask;
            slots[at] = (uint32_t)(mixed >> (64 - (32 - TOLKA_ID_BITS))) << TOLKA_ID_BITS | id;
        }
        first = words[id].flags & TOLKA_WORD_LAST;
    }
}

static void set_bits(uint64_t *blocks, uint32_t count, uint64_t hash)
{
    uint64_t mixed = tolka_hash_mix(hash ^ UINT64_C(0xa5a5a5a5a5a5a5a5));
    uint64_t *block = blocks + (size_t)tolka_prefix_block(mixed, count) * 8;

    for (unsigned i = 0; i < 4; i++) {
        unsigned bit = (unsigned)(mixed >> 8 * i & 0xff) | (unsigned)(mixed >> (24 - i) & 0x100);

        block[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
}

/* All prefixes of all keys; first only counts those that the word before does not share, to size the filter.
 */
static size_t each_prefix(struct tolka_build *build, uint64_t *blocks, uint32_t count)
{
    const struct tolka_word *words = tolka_build_words(build);
    const unsigned char *strings = build->sections[TOLKA_SECTION_STRINGS].data, *last = strings;
    size_t last_length = 0, new_ones = 0;

    for (uint32_t id = TOLKA_ID_FIRST; id < build->word_count; id++) {
        const unsigned char *text = strings + words[id].offset;
        uint64_t hash = TOLKA_HASH_START;
        bool shared = true;

        for (size_t i = 0; i < words[id].length; i++) {
            hash = tolka_hash_step(hash, tolka_latin_fold[text[i]]);
            shared = shared && i < last_length && tolka_latin_fold[last[i]] == tolka_latin_fold[text[i]];
            if (!shared) {
                new_ones++;
                if (blocks)
                    set_bits(blocks, count, hash);
            }
        }
        last = text;
        last_length = words[id].length;
    }
    return new_ones;
}

bool tolka_build_prefixes(struct tolka_build *build)
{
    size_t blocks = each_prefix(build, NULL, 0) * FILTER_BITS / 512 + 1;

    if (!tolka_build_allocate(&build->sections[TOLKA_SECTION_PREFIXES], blocks * 64))
        return false;
    each_prefix(build, build->sections[TOLKA_SECTION_PREFIXES].data, (uint32_t)blocks);
    return true;
}

/* The filter of the forms that the model has not as words. */
static bool fill_forms(struct tolka_build *build, const struct tolka_corpus *corpus)
{
    struct tolka_section_data *section = &build->sections[TOLKA_SECTION_FORMS];
    uint32_t count = 0, blocks;

    for (size_t i = 0; i < corpus->type_count; i++)
        count += corpus->types[i].form && !corpus->types[i].id;
    blocks = (uint32_t)((uint64_t)count * FORM_BITS / 512 + 1);
    if (!count)
        return true;
    if (!tolka_build_allocate(section, (size_t)blocks * 64))
        return false;
    for (size_t i = 0; i < corpus->type_count; i++) {
        const struct tolka_type *type = &corpus->types[i];

        if (type->form && !type->id)
            set_bits(section->data, blocks, tolka_form_hash(tolka_type_text(corpus, type), type->length));
    }
    return true;
}

static size_t power_of_two(size_t at_least)
{
    size_t power = 64;

    while (power < at_least)
        power *= 2;
    return power;
}

static bool fill_sections(struct tolka_build *build, struct tolka_corpus *corpus, const uint32_t *order,
                          size_t count)
{
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++)
        bytes += corpus->types[order[i]].length;
    build->word_count = (uint32_t)(TOLKA_ID_FIRST + count);
    build->type_of = malloc(build->word_count * sizeof *build->type_of);
    if (!build->type_of ||
        !tolka_build_allocate(&build->sections[TOLKA_SECTION_WORDS],
                              build->word_count * sizeof(struct tolka_word)) ||
        !tolka_build_allocate(&build->sections[TOLKA_SECTION_STRINGS], bytes + 1) ||
        !tolka_build_allocate(&build->sections[TOLKA_SECTION_SLOTS],
                              power_of_two(count + count / 3 + 16) * sizeof(uint32_t)))
        return false;
    memset(build->type_of, 0xff, build->word_count * sizeof *build->type_of);
    fill_words(build, corpus, order, count);
    fill_slots(build);
    return tolka_build_prefixes(build) && fill_forms(build, corpus);
}

enum tolka_status tolka_build_lexicon(struct tolka_build *build, struct tolka_corpus *corpus,
                                      struct tolka_error *err)
{
    uint32_t *order = NULL;
    size_t count;
    enum tolka_status status = TOLKA_OK;

    if (!count_parts(corpus))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    order = malloc((corpus->type_count + 1) * sizeof *order);
    if (!order)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    count = choose_types(corpus, order);
    if (!count)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "the text holds no words");
    else if (count + TOLKA_ID_FIRST > UINT32_C(1) << TOLKA_ID_BITS)
        status = tolka_error_set(err, TOLKA_ERR_LIMIT, "%zu different words: more than a model holds", count);
    else if (!fill_sections(build, corpus, order, count))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    free(order);
    return status;
}
