/*
 * The letter model for words that nothing else knows: which letter follows three others, over the different
 * words seen in text (interpolated Witten-Bell over orders 1 to 4), in a direct table of 32^4 bytes; see
 * tolka_letter in normalize/spelling.h.
 */
#include "normalize/spelling.h"
#include "normalize/train/build.h"

#include <math.h>
#include <stdlib.h>

enum { LETTERS = TOLKA_SPELLING_LETTERS, ORDERS = 4 };

struct counts {
    double *of[ORDERS]; /* of[n]: n letters of context and one more */
};

static void count_word(struct counts *counts, const unsigned char *text, size_t length, double weight)
{
    uint32_t context = 0; /* three boundaries */

    for (size_t i = 0; i <= length; i++) {
        uint32_t letter = i < length ? tolka_letter(text[i]) : 0;
        uint32_t size = LETTERS;

        context = context << 5 | letter;
        for (int order = 0; order < ORDERS; order++, size *= LETTERS)
            counts->of[order][context & (size - 1)] += weight;
        context &= LETTERS * LETTERS * LETTERS - 1;
    }
}

/* P(letter | context of `order` letters), from the one of an order less. */
static double interpolate(const double *row, uint32_t letter, double lower)
{
    double sum = 0, types = 0;

    for (uint32_t i = 0; i < LETTERS; i++) {
        sum += row[i];
        types += row[i] > 0;
    }
    return sum > 0 ? (row[letter] + types * lower) / (sum + types) : lower;
}

static void fill(uint8_t *table, const struct counts *counts)
{
    for (uint32_t at = 0; at < LETTERS * LETTERS * LETTERS * LETTERS; at++) {
        uint32_t size = LETTERS, letter = at & (LETTERS - 1);
        double probability = 1.0 / LETTERS;

        for (int order = 0; order < ORDERS; order++, size *= LETTERS)
            probability = interpolate(counts->of[order] + (at & (size - 1) & ~(uint32_t)(LETTERS - 1)),
                                      letter, probability);
        table[at] = tolka_quantise(log(probability));
    }
}

enum tolka_status tolka_build_spelling(struct tolka_build *build, const struct tolka_corpus *corpus,
                                       struct tolka_error *err)
{
    struct tolka_section_data *section = &build->sections[TOLKA_SECTION_SPELLING];
    struct counts counts = {{NULL}};
    size_t size = LETTERS;
    enum tolka_status status = TOLKA_OK;
    bool ok = true;

    for (int order = 0; order < ORDERS; order++, size *= LETTERS)
        ok = (counts.of[order] = calloc(size, sizeof(double))) && ok;
    section->size = (size_t)LETTERS * LETTERS * LETTERS * LETTERS;
    section->data = malloc(section->size);
    if (!ok || !section->data) {
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        goto out;
    }
    for (size_t i = 0; i < corpus->type_count; i++) {
        const struct tolka_type *type = &corpus->types[i];

        if (type->id && type->count)
            count_word(&counts, tolka_type_text(corpus, type), type->length, 1 + log(type->count));
    }
    fill(section->data, &counts);
out:
    for (int order = 0; order < ORDERS; order++)
        free(counts.of[order]);
    return status;
}
