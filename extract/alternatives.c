/*
 * One character, or two, replaced by what else was seen there. A choice is worth its confidence as a share of
 * the confidence in what was read; the engine gives most of them no confidence at all but keeps their order,
 * so those get a small share by their rank, larger where what was read is less sure itself.
 */
#include "extract/alternatives.h"

#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Choices without confidence: the share of the doubt that the first of them gets. */
static const float SHARE_OF_DOUBT = 0.5F, LEAST_SHARE = 0.01F;

/* A letter is replaced only by what the engine gave some confidence. */
static const float LEAST_LETTER = 0.05F;

static bool is_digit(const char *text)
{
    return text[0] >= '0' && text[0] <= '9' && text[1] == '\0';
}

void tolka_place_add(struct tolka_place *place, const char *text, float confidence)
{
    if (place->count == TOLKA_PLACE_CHOICES || strlen(text) >= TOLKA_CHOICE_BYTES || !*text || *text == ' ')
        return;
    if (place->count > 0 && is_digit(place->choices[0].text) ? !is_digit(text) : confidence < LEAST_LETTER)
        return;
    for (int i = 0; i < place->count; i++) {
        if (strcmp(place->choices[i].text, text) == 0)
            return;
    }
    snprintf(place->choices[place->count].text, TOLKA_CHOICE_BYTES, "%s", text);
    place->choices[place->count++].confidence = confidence;
}

/* One character replaced. */
struct change {
    size_t place;
    int choice;
    float share; /* of the confidence that is left */
};

static float share_of(const struct tolka_place *place, int choice)
{
    const float first = place->choices[0].confidence, own = place->choices[choice].confidence;
    const float by_rank = (SHARE_OF_DOUBT * (1 - first) + LEAST_SHARE) / (float)choice;
    const float share = first > 0 ? own / first : by_rank;

    return share > 1 ? 1 : share < by_rank ? by_rank : share;
}

static int by_share(const void *a, const void *b)
{
    const struct change *p = a, *q = b;

    return (p->share < q->share) - (p->share > q->share);
}

/* The word with one or two characters changed. */
static const char *changed(struct tolka_arena *arena, const struct tolka_place *places, size_t count,
                           const struct change *one, const struct change *two)
{
    char text[TOLKA_MAX_PLACES * TOLKA_CHOICE_BYTES + 1];
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        const int choice = i == one->place ? one->choice : two && i == two->place ? two->choice : 0;
        const size_t bytes = strlen(places[i].choices[choice].text);
        memcpy(text + length, places[i].choices[choice].text, bytes);
        length += bytes;
    }
    return tolka_arena_strndup(arena, text, length);
}

static size_t list_changes(const struct tolka_place *places, size_t count, struct change *changes)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        for (int k = 1; k < places[i].count; k++)
            changes[n++] = (struct change){i, k, share_of(&places[i], k)};
    }
    qsort(changes, n, sizeof *changes, by_share);
    return n;
}

void tolka_alternatives_compose(struct tolka_arena *arena, const struct tolka_place *places, size_t count,
                                struct tolka_word *word)
{
    struct change changes[TOLKA_MAX_PLACES * TOLKA_PLACE_CHOICES];
    struct tolka_alternative *found;
    size_t changes_count, n = 0;

    if (count == 0 || count > TOLKA_MAX_PLACES)
        return;
    for (size_t i = 0; i < count; i++) {
        if (places[i].count == 0)
            return;
    }
    changes_count = list_changes(places, count, changes);
    found = changes_count ? tolka_arena_array(arena, TOLKA_WORD_ALTERNATIVES, sizeof *found) : NULL;
    if (!found)
        return;
    for (size_t i = 0; i < changes_count && n < TOLKA_WORD_ALTERNATIVES - 1; i++, n++)
        found[n] = (struct tolka_alternative){changed(arena, places, count, &changes[i], NULL),
                                              word->confidence * changes[i].share};
    if (changes_count > 1 && changes[0].place != changes[1].place)
        found[n++] = (struct tolka_alternative){changed(arena, places, count, &changes[0], &changes[1]),
                                                word->confidence * changes[0].share * changes[1].share};
    for (size_t i = 0; i < n; i++) {
        if (!found[i].text)
            return;
    }
    word->alternatives = found;
    word->alternative_count = n;
}
