/*
 * Maps the model and looks things up in it. The file may be hostile: the header and the section table are
 * checked on opening, every id, offset and probe is bounded on use, so that a damaged model gives wrong words
 * but no fault.
 *
 * Word n-grams: interpolated Kneser-Ney probabilities (Chen and Goodman 1999), quantised to 8 bits, in cache
 * lines of fingerprints of 16 bits (as in Talbot and Brants 2008, "Randomized language models via perfect
 * hash functions", but with buckets): a lookup touches one line, an n-gram costs about 4 bytes, and an unseen
 * one is taken for a seen one in about 3 of 10,000 lookups.
 */
#include "normalize/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(sizeof(struct tolka_model_header) == 64, "header");
_Static_assert(sizeof(struct tolka_word) == 12, "word");
_Static_assert(sizeof(struct tolka_bigram_line) == 64, "bigrams");
_Static_assert(sizeof(struct tolka_trigram_line) == 64, "trigrams");
_Static_assert(sizeof(struct tolka_confusion) == 10, "confusion");

static bool section_fits(const struct tolka_model *model, const struct tolka_model_section *section)
{
    return section->offset % 64 == 0 && section->offset <= model->size &&
           section->length <= model->size - section->offset;
}

/* Sets the model's pointer for one section; false when its length cannot be. */
static bool take_section(struct tolka_model *model, uint32_t id, const unsigned char *data, size_t length)
{
    switch (id) {
    case TOLKA_SECTION_WORDS:
        model->words = (const void *)data;
        model->word_count = (uint32_t)(length / sizeof *model->words);
        return length % sizeof *model->words == 0 && model->word_count >= TOLKA_ID_FIRST &&
               length / sizeof *model->words <= UINT32_C(1) << TOLKA_ID_BITS;
    case TOLKA_SECTION_STRINGS:
        model->strings = data;
        model->strings_size = length;
        return true;
    case TOLKA_SECTION_SLOTS:
        model->slots = (const void *)data;
        model->slot_mask = (uint32_t)(length / sizeof *model->slots - 1);
        return length >= 64 && length <= UINT32_MAX && (length & (length - 1)) == 0;
    case TOLKA_SECTION_PREFIXES:
        model->prefixes = (const void *)data;
        model->prefix_blocks = (uint32_t)(length / 64);
        return length >= 64 && length <= UINT32_MAX;
    case TOLKA_SECTION_BIGRAMS:
        model->bigrams = (const void *)data;
        model->bigram_lines = (uint32_t)(length / sizeof *model->bigrams);
        return length >= sizeof *model->bigrams && length <= UINT32_MAX;
    case TOLKA_SECTION_TRIGRAMS:
        model->trigrams = (const void *)data;
        model->trigram_lines = (uint32_t)(length / sizeof *model->trigrams);
        return length >= sizeof *model->trigrams && length <= UINT32_MAX;
    case TOLKA_SECTION_CONFUSIONS:
        model->confusions = (const void *)data;
        model->confusion_count = (uint32_t)(length / sizeof *model->confusions);
        return length <= sizeof *model->confusions * 65536;
    case TOLKA_SECTION_SPELLING:
        model->spelling = data;
        model->spelling_mask = (uint32_t)(length - 1);
        return length >= 64 && length <= UINT32_MAX && (length & (length - 1)) == 0;
    case TOLKA_SECTION_FORMS:
        model->forms = length >= 64 ? (const void *)data : NULL;
        model->form_blocks = (uint32_t)(length / 64);
        return length <= UINT32_MAX;
    case TOLKA_SECTION_CHOICES:
        model->choices = length ? (const int8_t *)data : NULL;
        model->choice_mask = (uint32_t)(length - 1);
        return length <= UINT32_MAX && (length & (length - 1)) == 0;
    case TOLKA_SECTION_LINKS:
        model->links = (const void *)data;
        model->link_count = (uint32_t)(length / sizeof *model->links);
        return length <= sizeof *model->links << TOLKA_ID_BITS;
    case TOLKA_SECTION_NOTE:
        model->note = (const char *)data;
        model->note_size = length;
        return true;
    default:
        return true; /* a section of a later minor version */
    }
}

static bool confusion_is_sound(const struct tolka_confusion *c)
{
    return c->raw_length >= 1 && c->raw_length <= TOLKA_CONFUSION_MAX && c->truth_length >= 1 &&
           c->truth_length <= TOLKA_CONFUSION_MAX && c->kind > TOLKA_DAMAGE_LOST &&
           c->kind < TOLKA_DAMAGE_KINDS;
}

/* Confusions are few: all are checked, and indexed by their first raw byte. */
static bool index_confusions(struct tolka_model *model)
{
    uint32_t at = 0;

    for (unsigned byte = 0; byte < 256; byte++) {
        model->confusion_first[byte] = at;
        while (at < model->confusion_count && model->confusions[at].raw[0] == byte) {
            if (!confusion_is_sound(&model->confusions[at]))
                return false;
            at++;
        }
    }
    model->confusion_first[256] = at;
    return at == model->confusion_count;
}

static bool take_sections(struct tolka_model *model, const struct tolka_model_header *header)
{
    const struct tolka_model_section *sections = (const void *)(header + 1);
    const unsigned char *base = model->map;

    if (header->section_count > TOLKA_MODEL_SECTIONS_MAX ||
        sizeof *header + header->section_count * sizeof *sections > model->size)
        return false;
    for (uint32_t i = 0; i < header->section_count; i++) {
        const struct tolka_model_section *s = &sections[i];

        if (!section_fits(model, s) || !take_section(model, s->id, base + s->offset, s->length))
            return false;
    }
    return model->words && model->strings && model->slots && model->prefixes && model->bigrams &&
           model->trigrams && model->confusions && model->spelling && index_confusions(model);
}

static uint64_t header_check(const struct tolka_model_header *header)
{
    const unsigned char *bytes = (const void *)header;
    uint64_t hash = TOLKA_HASH_START;

    for (size_t i = 0; i < offsetof(struct tolka_model_header, check); i++)
        hash = tolka_hash_step(hash, bytes[i]);
    return tolka_hash_mix(hash);
}

static enum tolka_status check_model(struct tolka_model *model, const char *path, struct tolka_error *err)
{
    const struct tolka_model_header *header = model->map;

    if (model->size < sizeof *header || memcmp(header->magic, TOLKA_MODEL_MAGIC, sizeof header->magic) != 0)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: not a tolka language model", path);
    if (header->version != TOLKA_MODEL_VERSION)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: model version %u, this program reads version %d",
                               path, (unsigned)header->version, TOLKA_MODEL_VERSION);
    if (header->size != model->size)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: model is truncated or damaged: %zu bytes of %llu",
                               path, model->size, (unsigned long long)header->size);
    if (header->check != header_check(header) || !take_sections(model, header))
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: model is damaged", path);
    for (size_t i = 0; i < sizeof header->sha256; i++)
        snprintf(model->sha256 + 2 * i, 3, "%02x", header->sha256[i]);
    return TOLKA_OK;
}

static enum tolka_status map_file(struct tolka_model *model, const char *path, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0)
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(info.st_mode) || info.st_size <= 0)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: not a tolka language model", path);
    if (status != TOLKA_OK)
        goto out;
    model->map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (model->map == MAP_FAILED) {
        model->map = NULL;
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot map: %s", path, strerror(errno));
        goto out;
    }
    model->size = (size_t)info.st_size;
out:
    close(fd);
    return status;
}

enum tolka_status tolka_model_open(const char *path, struct tolka_model **out, struct tolka_error *err)
{
    struct tolka_model *model = calloc(1, sizeof *model);
    enum tolka_status status;

    *out = NULL;
    if (!model)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    status = map_file(model, path, err);
    if (status == TOLKA_OK)
        status = check_model(model, path, err);
    if (status != TOLKA_OK) {
        tolka_model_free(model);
        return status;
    }
    *out = model;
    return TOLKA_OK;
}

void tolka_model_free(struct tolka_model *model)
{
    if (!model)
        return;
    if (model->map)
        munmap(model->map, model->size);
    free(model);
}

const char *tolka_model_sha256(const struct tolka_model *model)
{
    return model->sha256;
}

const unsigned char *tolka_model_text(const struct tolka_model *model, uint32_t id, size_t *length)
{
    const struct tolka_word *word = tolka_model_word(model, id);

    if (word->offset > model->strings_size || word->length > model->strings_size - word->offset ||
        word->length > TOLKA_WORD_MAX) {
        *length = 0;
        return model->strings;
    }
    *length = word->length;
    return model->strings + word->offset;
}

static bool key_matches(const struct tolka_model *model, uint32_t id, const unsigned char *key, size_t length)
{
    size_t have;
    const unsigned char *text = tolka_model_text(model, id, &have);

    if (have != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (tolka_latin_fold[text[i]] != key[i])
            return false;
    return true;
}

uint32_t tolka_model_lookup(const struct tolka_model *model, const unsigned char *key, size_t length,
                            uint64_t hash)
{
    uint64_t mixed = tolka_hash_mix(hash);
    uint32_t print = (uint32_t)(mixed >> (64 - (32 - TOLKA_ID_BITS))),
             at = (uint32_t)mixed & model->slot_mask;

    for (uint32_t probe = 0; probe <= model->slot_mask && probe < 256;
         probe++, at = (at + 1) & model->slot_mask) {
        uint32_t slot = model->slots[at], id = slot & ((1u << TOLKA_ID_BITS) - 1);

        if (!slot)
            return 0;
        if (slot >> TOLKA_ID_BITS == print && id < model->word_count && key_matches(model, id, key, length))
            return id;
    }
    return 0;
}

void tolka_model_prefetch(const struct tolka_model *model, uint64_t hash, int step)
{
    const uint32_t *slot = &model->slots[(uint32_t)tolka_hash_mix(hash) & model->slot_mask];
    uint32_t id;

    if (step == 0) {
        __builtin_prefetch(slot);
        return;
    }
    id = *slot & ((1u << TOLKA_ID_BITS) - 1);
    if (id >= model->word_count)
        return;
    if (step == 1)
        __builtin_prefetch(&model->words[id]);
    else if (model->words[id].offset < model->strings_size)
        __builtin_prefetch(model->strings + model->words[id].offset);
}

static bool filter_has(const uint64_t *filter, uint32_t blocks, uint64_t hash)
{
    uint64_t mixed = tolka_hash_mix(hash ^ UINT64_C(0xa5a5a5a5a5a5a5a5));
    const uint64_t *block = filter + (size_t)tolka_prefix_block(mixed, blocks) * 8;

    for (unsigned i = 0; i < 4; i++) {
        unsigned bit = (unsigned)(mixed >> 8 * i & 0xff) | (unsigned)(mixed >> (24 - i) & 0x100);

        if (!(block[bit >> 6] >> (bit & 63) & 1))
            return false;
    }
    return true;
}

bool tolka_model_has_prefix(const struct tolka_model *model, uint64_t hash)
{
    return filter_has(model->prefixes, model->prefix_blocks, hash);
}

bool tolka_model_has_form(const struct tolka_model *model, const unsigned char *text, size_t length)
{
    return model->forms && filter_has(model->forms, model->form_blocks, tolka_form_hash(text, length));
}

uint32_t tolka_model_follow_link(const struct tolka_model *model, uint32_t from)
{
    uint32_t low = 0, high = model->link_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (model->links[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == model->link_count || model->links[low].from != from || model->links[low].to <= from)
        return 0;
    return model->links[low].to < model->word_count ? model->links[low].to : 0;
}

static float unquantise(uint8_t score)
{
    return -TOLKA_SCORE_STEP * (float)score;
}

/* The place of a bigram: its line in `*line`, its index as the result, -1 when it is not there. */
static int find_bigram(const struct tolka_model *model, uint32_t a, uint32_t b,
                       const struct tolka_bigram_line **line)
{
    uint64_t hash = tolka_bigram_hash(a, b);
    uint32_t at = tolka_hash_line(hash, model->bigram_lines);
    uint16_t print = tolka_hash_print(hash);

    for (int probe = 0; probe < TOLKA_LINE_PROBES; probe++) {
        *line = &model->bigrams[at];
        for (int i = 0; i < TOLKA_BIGRAMS_A_LINE; i++)
            if ((*line)->print[i] == print)
                return i;
        if (!(*line)->print[TOLKA_BIGRAMS_A_LINE - 1])
            return -1;
        at = at + 1 < model->bigram_lines ? at + 1 : 0;
    }
    return -1;
}

static bool find_trigram(const struct tolka_model *model, uint32_t a, uint32_t b, uint32_t c, float *score)
{
    uint64_t hash = tolka_trigram_hash(a, b, c);
    uint32_t at = tolka_hash_line(hash, model->trigram_lines);
    uint16_t print = tolka_hash_print(hash);

    for (int probe = 0; probe < TOLKA_LINE_PROBES; probe++) {
        const struct tolka_trigram_line *line = &model->trigrams[at];

        for (int i = 0; i < TOLKA_TRIGRAMS_A_LINE; i++)
            if (line->print[i] == print) {
                *score = unquantise(line->score[i]);
                return true;
            }
        if (!line->print[TOLKA_TRIGRAMS_A_LINE - 1])
            return false;
        at = at + 1 < model->trigram_lines ? at + 1 : 0;
    }
    return false;
}

float tolka_model_unigram(const struct tolka_model *model, uint32_t id)
{
    return unquantise(tolka_model_word(model, id)->score);
}

float tolka_model_bigram(const struct tolka_model *model, uint32_t b, uint32_t c)
{
    const struct tolka_bigram_line *line;
    int at = find_bigram(model, b, c, &line);

    if (at >= 0)
        return unquantise(line->score[at]);
    return unquantise(tolka_model_word(model, b)->backoff) + tolka_model_unigram(model, c);
}

float tolka_model_score(const struct tolka_model *model, uint32_t a, uint32_t b, uint32_t c)
{
    const struct tolka_bigram_line *line;
    float score, backoff = 0;
    int at = b == TOLKA_ID_START ? -1 : find_bigram(model, a, b, &line);

    if (at >= 0 && line->backoff[at] != TOLKA_NO_SCORE) {
        if (find_trigram(model, a, b, c, &score))
            return score;
        backoff = unquantise(line->backoff[at]);
    }
    return backoff + tolka_model_bigram(model, b, c);
}
