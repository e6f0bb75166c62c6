/*
 * Adds the words of a user's text to a finished model. N-grams are kept as fingerprints of word ids, so no id
 * may move: new words get the ids after the last, and where the model has a word of the same key already, a
 * link leads from it to them. A word of the text counts as in one large text of which the user's is a part:
 * the larger it is, the more it weighs, up to a half.
 */
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MIN_WORD = 2,  /* letters */
    MIN_RIVAL = 3, /* times that a new spelling of a known key must be seen: else it is more often a slip */
    CHAIN_MAX = 64,
};
static const double HALF_TEXT = 1e5; /* words of a text whose own share is half of the most it can be */
static const double MOST_SHARE = 0.5;

struct adder {
    struct tolka_build *build;
    struct tolka_corpus *corpus;
    const struct tolka_model *base;
    uint32_t *order; /* the types that become new words, by key */
    size_t count, bytes;
    double weight;      /* the probability that one place in the text stands for */
    uint8_t head, tail; /* of a word that was not seen in compounds */
};

/* The first word of a type's key in the model as it was, 0 when there is none. */
static uint32_t find_key(const struct tolka_model *base, const unsigned char *text, size_t length)
{
    unsigned char key[TOLKA_WORD_MAX];
    uint32_t id;

    for (size_t i = 0; i < length; i++)
        key[i] = tolka_latin_fold[text[i]];
    id = tolka_model_lookup(base, key, length, tolka_key_hash(text, length));
    return id < base->word_count ? id : 0;
}

static uint32_t find_spelling(const struct tolka_model *base, uint32_t key, const unsigned char *text,
                              size_t length)
{
    for (uint32_t id = key; id; id = tolka_model_next(base, id)) {
        size_t have;
        const unsigned char *word = tolka_model_text(base, id, &have);

        if (id < base->word_count && have == length && memcmp(word, text, length) == 0)
            return id;
    }
    return 0;
}

/* Opening a model does not look at each word; what is built from it relies on them. */
static bool is_sound(const struct tolka_model *base)
{
    for (uint32_t id = 0; id < base->word_count; id++) {
        const struct tolka_word *word = &base->words[id];

        if (word->length > TOLKA_WORD_MAX || word->offset > base->strings_size ||
            word->length > base->strings_size - word->offset)
            return false;
    }
    return true;
}

/* Sets the ids of the types that the model has, and gathers those that become new words. */
static bool choose(struct adder *a)
{
    struct tolka_corpus *corpus = a->corpus;

    a->order = malloc((corpus->type_count + 1) * sizeof *a->order);
    for (size_t i = 0; a->order && i < corpus->type_count; i++) {
        struct tolka_type *type = &corpus->types[i];
        const unsigned char *text = tolka_type_text(corpus, type);
        uint32_t key = find_key(a->base, text, type->length);

        type->id = find_spelling(a->base, key, text, type->length);
        if (type->id || type->length < MIN_WORD || (key && type->count < MIN_RIVAL && !type->listed))
            continue;
        a->order[a->count++] = (uint32_t)i;
        a->bytes += type->length;
    }
    if (a->order)
        qsort_r(a->order, a->count, sizeof *a->order, tolka_type_compare, corpus);
    return a->order != NULL;
}

/* The score of a word that the texts together give. */
static uint8_t joint_score(const struct adder *a, const struct tolka_type *type, double before)
{
    double own = a->weight * (type->count ? type->count : 1);

    return tolka_quantise(log(before + own));
}

static void raise_known(struct adder *a)
{
    struct tolka_word *words = tolka_build_words(a->build);

    for (size_t i = 0; i < a->corpus->type_count; i++) {
        const struct tolka_type *type = &a->corpus->types[i];
        struct tolka_word *word = &words[type->id];
        uint8_t score;

        if (!type->id)
            continue;
        score = joint_score(a, type, exp(-TOLKA_SCORE_STEP * (double)word->score));
        word->score = score < word->score ? score : word->score;
        word->flags = (uint8_t)((word->flags & ~TOLKA_WORD_NO_WORD) | (type->count ? TOLKA_WORD_SEEN : 0));
    }
}

/* What the least known part of compounds costs: what a new word may be one for. */
static void find_part_scores(struct adder *a)
{
    for (uint32_t id = TOLKA_ID_FIRST; id < a->base->word_count; id++) {
        const struct tolka_word *word = &a->base->words[id];

        if (word->head != TOLKA_NO_SCORE && word->head > a->head)
            a->head = word->head;
        if (word->tail != TOLKA_NO_SCORE && word->tail > a->tail)
            a->tail = word->tail;
    }
}

static void fill_word(const struct adder *a, const struct tolka_type *type, struct tolka_word *word)
{
    word->length = type->length;
    word->score = joint_score(a, type, 0);
    word->head = a->head;
    word->tail = a->tail;
    word->flags = (uint8_t)((type->count ? TOLKA_WORD_SEEN : 0) |
                            (type->inside && type->capital * 2 > type->inside ? TOLKA_WORD_NAME : 0));
}

static bool fill_words(struct adder *a)
{
    struct tolka_section_data *words = &a->build->sections[TOLKA_SECTION_WORDS],
                              *strings = &a->build->sections[TOLKA_SECTION_STRINGS];
    size_t used = a->base->strings_size;
    struct tolka_word *word;

    a->build->word_count = (uint32_t)(a->base->word_count + a->count);
    if (!tolka_build_allocate(words, a->build->word_count * sizeof *word) ||
        !tolka_build_allocate(strings, used + a->bytes))
        return false;
    word = words->data;
    memcpy(word, a->base->words, a->base->word_count * sizeof *word);
    memcpy(strings->data, a->base->strings, used);
    raise_known(a);
    word += a->base->word_count;
    for (size_t i = 0; i < a->count; i++, word++) {
        struct tolka_type *type = &a->corpus->types[a->order[i]];

        fill_word(a, type, word);
        word->offset = (uint32_t)used;
        memcpy((unsigned char *)strings->data + used, tolka_type_text(a->corpus, type), type->length);
        used += type->length;
        if (i + 1 == a->count || !tolka_type_same_key(a->corpus, type, &a->corpus->types[a->order[i + 1]]))
            word->flags |= TOLKA_WORD_LAST;
        type->id = (uint32_t)(a->base->word_count + i);
    }
    return true;
}

static void put_slot(uint32_t *slots, uint32_t mask, uint64_t hash, uint32_t id)
{
    uint64_t mixed = tolka_hash_mix(hash);
    uint32_t at = (uint32_t)mixed & mask;

    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = (uint32_t)(mixed >> (64 - (32 - TOLKA_ID_BITS))) << TOLKA_ID_BITS | id;
}

/* The keys of the model as it was in a table that has room for the new ones. */
static bool copy_slots(struct adder *a)
{
    struct tolka_section_data *section = &a->build->sections[TOLKA_SECTION_SLOTS];
    size_t size = (size_t)a->base->slot_mask + 1, used = 0;

    for (size_t i = 0; i <= a->base->slot_mask; i++)
        used += a->base->slots[i] != 0;
    while ((used + a->count) * 4 > size * 3)
        size *= 2;
    if (!tolka_build_allocate(section, size * sizeof(uint32_t)))
        return false;
    for (size_t i = 0; i <= a->base->slot_mask; i++) {
        uint32_t id = a->base->slots[i] & ((1u << TOLKA_ID_BITS) - 1);
        size_t length;
        const unsigned char *text = tolka_model_text(a->base, id, &length);

        if (a->base->slots[i])
            put_slot(section->data, (uint32_t)size - 1, tolka_key_hash(text, length), id);
    }
    return true;
}

static uint32_t chain_end(const struct tolka_model *base, uint32_t id)
{
    uint32_t next;

    for (int i = 0; i < CHAIN_MAX && (next = tolka_model_next(base, id)); i++)
        id = next;
    return id;
}

static int compare_links(const void *left, const void *right)
{
    uint32_t a = ((const struct tolka_link *)left)->from, b = ((const struct tolka_link *)right)->from;

    return a < b ? -1 : a > b;
}

/* Makes the new words found: by a slot of their own, or by a link from the words of their key. */
static bool connect(struct adder *a)
{
    struct tolka_section_data *section = &a->build->sections[TOLKA_SECTION_LINKS],
                              *slots = &a->build->sections[TOLKA_SECTION_SLOTS];
    struct tolka_word *words = tolka_build_words(a->build);
    size_t count = a->base->link_count;
    struct tolka_link *links;
    bool first = true;

    if (!copy_slots(a) || !tolka_build_allocate(section, (count + a->count) * sizeof *links))
        return false;
    links = section->data;
    if (count)
        memcpy(links, a->base->links, count * sizeof *links);
    for (uint32_t id = a->base->word_count; id < a->build->word_count; id++) {
        const struct tolka_type *type = &a->corpus->types[a->order[id - a->base->word_count]];
        const unsigned char *text = tolka_type_text(a->corpus, type);
        uint32_t key = first ? find_key(a->base, text, type->length) : 0;

        if (key) {
            links[count].from = chain_end(a->base, key);
            links[count].to = id;
            words[links[count++].from].flags |= TOLKA_WORD_LINKED;
        } else if (first) {
            put_slot(slots->data, (uint32_t)(slots->size / sizeof(uint32_t) - 1),
                     tolka_key_hash(text, type->length), id);
        }
        first = words[id].flags & TOLKA_WORD_LAST;
    }
    qsort(links, count, sizeof *links, compare_links);
    section->size = count * sizeof *links;
    return true;
}

static bool copy_section(struct tolka_build *build, int id, const void *data, size_t size)
{
    if (!data)
        return true;
    if (!tolka_build_allocate(&build->sections[id], size))
        return false;
    memcpy(build->sections[id].data, data, size);
    return true;
}

/* What new words do not change. */
static bool copy_rest(struct tolka_build *build, const struct tolka_model *base)
{
    return copy_section(build, TOLKA_SECTION_BIGRAMS, base->bigrams,
                        base->bigram_lines * sizeof *base->bigrams) &&
           copy_section(build, TOLKA_SECTION_TRIGRAMS, base->trigrams,
                        base->trigram_lines * sizeof *base->trigrams) &&
           copy_section(build, TOLKA_SECTION_CONFUSIONS, base->confusions,
                        base->confusion_count * sizeof *base->confusions) &&
           copy_section(build, TOLKA_SECTION_SPELLING, base->spelling, (size_t)base->spelling_mask + 1) &&
           copy_section(build, TOLKA_SECTION_FORMS, base->forms, (size_t)base->form_blocks * 64) &&
           copy_section(build, TOLKA_SECTION_CHOICES, base->choices, (size_t)base->choice_mask + 1);
}

static bool join_notes(struct tolka_build *build, const struct tolka_model *base, const char *note)
{
    struct tolka_section_data *section = &build->sections[TOLKA_SECTION_NOTE];
    size_t length = note ? strlen(note) : 0, before = base->note ? base->note_size : 0;

    if (!tolka_build_allocate(section, before + (length ? length + 1 : 0)))
        return false;
    if (before)
        memcpy(section->data, base->note, before);
    if (length) {
        ((char *)section->data)[before] = '\n';
        memcpy((char *)section->data + before + 1, note, length);
    }
    return true;
}

enum tolka_status tolka_add_words(struct tolka_build *build, struct tolka_corpus *corpus,
                                  const struct tolka_model *base, const char *note, struct tolka_error *err)
{
    double size = (double)corpus->stream_count;
    struct adder a = {.build = build, .corpus = corpus, .base = base};
    bool ok;

    if (!is_sound(base))
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "the model to add to is damaged");
    ok = choose(&a);
    a.weight = MOST_SHARE / (size + HALF_TEXT);
    if (ok && base->word_count + a.count > UINT32_C(1) << TOLKA_ID_BITS) {
        free(a.order);
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%zu new words: more than the model has room for",
                               a.count);
    }
    find_part_scores(&a);
    ok = ok && fill_words(&a) && connect(&a) && tolka_build_prefixes(build) && copy_rest(build, base) &&
         join_notes(build, base, note);
    free(a.order);
    return ok ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
