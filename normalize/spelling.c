/* The letter model in use; built by normalize/train/spelling.c. */
#include "normalize/spelling.h"

#include <string.h>

enum { BEAM = 8 };

float tolka_spelling_score(const struct tolka_model *model, const unsigned char *text, size_t length)
{
    uint32_t context = 0;
    float score = 0;

    for (size_t i = 0; i <= length; i++)
        score += tolka_spelling_step(model, &context, i < length ? tolka_letter(text[i]) : 0);
    return score;
}

struct path {
    float score;
    uint32_t context;
    unsigned char text[TOLKA_WORD_MAX];
};

static void offer(struct path *paths, size_t *count, const struct path *from, size_t at, unsigned char letter,
                  float score)
{
    size_t place = *count;

    if (*count == BEAM && score <= paths[BEAM - 1].score)
        return;
    if (place == BEAM)
        place--;
    else
        (*count)++;
    while (place > 0 && paths[place - 1].score < score) {
        paths[place] = paths[place - 1];
        place--;
    }
    paths[place] = *from;
    paths[place].score = score;
    paths[place].text[at] = letter;
}

static const unsigned char *variants(unsigned char raw)
{
    switch (raw) {
    case 'a':
        return (const unsigned char *)"a\xe5\xe4";
    case 'o':
        return (const unsigned char *)"o\xf6";
    case 'e':
        return (const unsigned char *)"e\xe9";
    default:
        return NULL;
    }
}

float tolka_spelling_best(const struct tolka_model *model, const unsigned char *raw, size_t length,
                          float lost, unsigned char *out)
{
    struct path now[BEAM], next[BEAM];
    size_t count = 1, next_count;
    float best = -1e30f;

    memset(&now[0], 0, sizeof now[0]);
    for (size_t i = 0; i < length; i++, count = next_count) {
        unsigned char one[2] = {raw[i], 0};
        const unsigned char *letters = variants(raw[i]) ? variants(raw[i]) : one;

        next_count = 0;
        for (size_t p = 0; p < count; p++)
            for (size_t v = 0; v < (letters == one ? 1 : strlen((const char *)letters)); v++) {
                struct path step = now[p];
                float score = step.score - (v ? lost : 0);

                score += tolka_spelling_step(model, &step.context, tolka_letter(letters[v]));
                offer(next, &next_count, &step, i, letters[v], score);
            }
        memcpy(now, next, next_count * sizeof *now);
    }
    for (size_t p = 0; p < count; p++) {
        uint32_t context = now[p].context;
        float score = now[p].score + tolka_spelling_step(model, &context, 0);

        if (score > best) {
            best = score;
            memcpy(out, now[p].text, length);
        }
    }
    return best;
}
