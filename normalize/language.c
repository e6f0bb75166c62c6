/*
 * Passages of other languages: a sentence (or an unbroken run of pieces) in which more words are common only
 * in English or Finnish than are common in Swedish is left alone. Little words carry it: they make up a third
 * of any running text. Words are compared without their marks, eight letters packed in a number; the tables
 * are hashed once for each text.
 */
#include "normalize/repair.h"

#include <string.h>

enum { MIN_FOREIGN = 2, RUN_MAX = 60, PACKED_MAX = 8 };

/* Words that Swedish has too, with marks or without, are not here. */
static const char FOREIGN[] = "about also been being between could does ei etta european from has have into "
                              "its joka jotka kanssa kuin mukaan mutta myos niiden "
                              "not of olla oli or our ovat seka shall should suomen tai taman than that the "
                              "their there these they this through to voidaan "
                              "vuonna was were which will with would you your";
static const char SWEDISH[] = "ar att av dar de den det efter eller en ett for fran har i inte kan med "
                              "mellan mot och om pa samt sig ska "
                              "som till under var vid";

static uint64_t *slot_of(struct tolka_language *language, uint64_t key)
{
    size_t at = tolka_hash_mix(key) % TOLKA_LANGUAGE_SLOTS;

    while (language->keys[at] && language->keys[at] != key)
        at = (at + 1) % TOLKA_LANGUAGE_SLOTS;
    return &language->keys[at];
}

static void add_words(struct tolka_language *language, const char *words, bool foreign)
{
    while (*words) {
        size_t length = strcspn(words, " ");
        uint64_t key = 0, *slot;

        for (size_t i = 0; i < length; i++)
            key = key << 8 | (unsigned char)words[i];
        slot = slot_of(language, key);
        *slot = key;
        language->foreign[slot - language->keys] = foreign;
        words += length + (words[length] == ' ');
    }
}

void tolka_language_init(struct tolka_language *language)
{
    memset(language, 0, sizeof *language);
    add_words(language, FOREIGN, true);
    add_words(language, SWEDISH, false);
}

static void count_word(struct tolka_language *language, const struct tolka_item *item, unsigned *foreign,
                       unsigned *swedish)
{
    uint64_t key = 0, *slot;

    if (item->piece.kind != TOLKA_PIECE_WORD || !item->piece.size || item->piece.size > PACKED_MAX)
        return;
    for (size_t i = 0; i < item->piece.size; i++)
        key = key << 8 | tolka_latin_fold[item->piece.raw[i]];
    slot = slot_of(language, key);
    if (!*slot)
        return;
    if (language->foreign[slot - language->keys])
        ++*foreign;
    else
        ++*swedish;
}

void tolka_language_mark(struct tolka_language *language, struct tolka_item *items, size_t count)
{
    for (size_t first = 0, end; first < count; first = end) {
        unsigned foreign = 0, swedish = 0;

        for (end = first; end < count && end < first + RUN_MAX && (end == first || !items[end].piece.starts);
             end++)
            count_word(language, &items[end], &foreign, &swedish);
        for (size_t i = first; i < end && foreign >= MIN_FOREIGN && foreign > swedish; i++)
            items[i].skip = true;
    }
}
