/*
 * Passages of other languages: a sentence (or an unbroken run of pieces) in which more words are common only
 * in English or Finnish than are common in Swedish is left alone. Little words carry it: they make up a third
 * of any running text.
 */
#include "normalize/repair.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_FOREIGN = 2, RUN_MAX = 60 };

/* Sorted by strcmp. Words that Swedish has too, with marks or without, are not here. */
static const char *const FOREIGN[] = {
    "about",    "also",  "been",   "being",   "between", "could", "does",    "ei",     "etta",
    "european", "from",  "has",    "have",    "hän",     "into",  "its",     "joka",   "jotka",
    "kanssa",   "kuin",  "mukaan", "mutta",   "myos",    "myös",  "niiden",  "not",    "of",
    "olla",     "oli",   "or",     "our",     "ovat",    "sekä",  "seka",    "shall",  "should",
    "suomen",   "tai",   "taman",  "tämän",   "than",    "that",  "the",     "their",  "there",
    "these",    "they",  "this",   "through", "to",      "under", "voidaan", "vuonna", "was",
    "were",     "which", "will",   "with",    "would",   "you",   "your",
};
static const char *const SWEDISH[] = {
    "ar",    "att", "av",   "ar",  "dar", "de",   "den",  "det",   "eller",  "en",  "ett",
    "efter", "for", "fran", "har", "i",   "inte", "kan",  "med",   "mellan", "mot", "och",
    "om",    "pa",  "samt", "sig", "som", "ska",  "till", "under", "vid",    "var",
};

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

static bool is_in(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (compare(word, &list[i]) == 0)
            return true;
    return false;
}

static void count_word(const struct tolka_item *item, unsigned *foreign, unsigned *swedish)
{
    char word[16], folded[16];
    size_t size = item->piece.size;

    if (item->piece.kind != TOLKA_PIECE_WORD || size >= sizeof word)
        return;
    for (size_t i = 0; i < size; i++) {
        word[i] = (char)tolka_latin_lower[item->piece.raw[i]];
        folded[i] = (char)tolka_latin_fold[item->piece.raw[i]];
    }
    word[size] = folded[size] = '\0';
    *foreign += is_in(word, FOREIGN, sizeof FOREIGN / sizeof *FOREIGN);
    *swedish += is_in(folded, SWEDISH, sizeof SWEDISH / sizeof *SWEDISH);
}

void tolka_language_mark(struct tolka_item *items, size_t count)
{
    for (size_t first = 0, end; first < count; first = end) {
        unsigned foreign = 0, swedish = 0;

        for (end = first; end < count && end < first + RUN_MAX && (end == first || !items[end].piece.starts);
             end++)
            count_word(&items[end], &foreign, &swedish);
        for (size_t i = first; i < end && foreign >= MIN_FOREIGN && foreign > swedish; i++)
            items[i].skip = true;
    }
}
