/*
 * How damaged is the text? What can be told without context is counted: a word that exists only with marks
 * and stands without them has lost them; a word that nobody knows and that one misreading makes a common one
 * was misread. From batch to batch half of what was counted is forgotten, so that a clean chapter after a bad
 * one is read as clean.
 */
#include "normalize/repair.h"
#include "normalize/spelling.h"

#include <math.h>
#include <string.h>

enum { SAMPLED_MAX = 48, SAMPLED_CLEAN = 16, MIN_WORDS = 8 };
static const double MEMORY = 0.5;
static const double CLEAN_LOSS = 0.01;     /* share of marks lost under which a text is clean */
static const double NOISY_MISREAD = 0.004; /* misreadings a mark above which known words may be misread too */
static const double NOISY_GENERAL = 0.0002; /* misreadings a letter */
static const float SURE_GAIN = 4.0f;   /* nats by which a misreading must explain an unknown word better */
static const float SURE_SCORE = 15.0f; /* nats: a common word's score at most */

static unsigned marks_in(const unsigned char *text, size_t length)
{
    unsigned marks = 0;

    for (size_t i = 0; i < length; i++)
        marks += tolka_latin_is_marked(text[i]);
    return marks;
}

/* The marks of the commonest word of the key, which the piece does not have. */
static unsigned marks_lost(const struct tolka_model *model, const struct tolka_item *item)
{
    uint32_t best = 0;
    size_t length;
    const unsigned char *text;
    unsigned lost = 0;

    for (uint32_t id = item->key; id; id = tolka_model_next(model, id)) {
        const struct tolka_word *word = tolka_model_word(model, id);

        if ((word->flags & TOLKA_WORD_SEEN) && (!best || word->score < tolka_model_word(model, best)->score))
            best = id;
    }
    text = tolka_model_text(model, best, &length);
    for (size_t i = 0; best && i < length && length == item->piece.size; i++)
        lost += tolka_latin_is_marked(text[i]) && !tolka_latin_is_marked(item->piece.raw[i]) &&
                item->piece.raw[i] < 0x80;
    return lost;
}

/* Counts what was misread in an unknown word; *explained when a misreading makes it a common one. */
static bool count_misread(struct tolka_repair *repair, const struct tolka_item *item, double weight,
                          size_t *explained)
{
    const struct tolka_found *found = tolka_search(repair, &item->piece, true);
    const struct tolka_candidate *best = NULL;
    float best_cost = 1e30f;

    if (!found)
        return false;
    for (size_t i = 0; i < found->count; i++) {
        const struct tolka_candidate *c = &found->candidates[i];
        float cost =
            c->base + 2.0f * (float)(c->damage[TOLKA_DAMAGE_MARK] + 2 * c->damage[TOLKA_DAMAGE_GENERAL]);

        cost += c->id ? -tolka_model_unigram(repair->model, c->id) : c->own + 5.0f;
        if (cost < best_cost) {
            best_cost = cost;
            best = c;
        }
    }
    if (!best || best_cost + SURE_GAIN > found->own + 5.0f || best_cost > SURE_SCORE + 6.0f)
        return true;
    ++*explained;
    repair->misread += weight * best->damage[TOLKA_DAMAGE_MARK];
    repair->general += weight * best->damage[TOLKA_DAMAGE_GENERAL];
    repair->lost += weight * best->damage[TOLKA_DAMAGE_LOST];
    return true;
}

/* Unknown words looked at closely. */
struct sample {
    size_t taken, explained;
};

static bool sample_unknown(struct tolka_repair *repair, struct tolka_item *items, size_t count,
                           size_t unknown, struct sample *sample)
{
    size_t most = repair->rates.clean && !repair->rates.noisy ? SAMPLED_CLEAN : SAMPLED_MAX;
    size_t every = unknown / most + 1, seen = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tolka_item *item = &items[i];

        if (item->skip || item->key || item->piece.kind > TOLKA_PIECE_MIXED || item->piece.size < 2)
            continue;
        if (seen++ % every != 0)
            continue;
        sample->taken++;
        if (!count_misread(repair, item, (double)every, &sample->explained))
            return false;
    }
    return true;
}

static void set_rates(struct tolka_repair *repair)
{
    double marks = repair->kept + repair->lost + repair->misread;
    double lost = (repair->lost + 0.05) / (marks + 1), misread = (repair->misread + 0.1) / (marks + 3);
    double general = (repair->general + 0.3) / (repair->letters + 1000), kept;
    struct tolka_rates *rates = &repair->rates;

    lost = fmin(lost, 0.995);
    misread = fmin(misread, 0.9);
    kept = fmax(1 - lost - misread, 0.002);
    rates->kept = (float)-log(kept);
    rates->damage[TOLKA_DAMAGE_LOST] = (float)-log(lost);
    rates->damage[TOLKA_DAMAGE_MARK] = (float)-log(misread);
    rates->damage[TOLKA_DAMAGE_GENERAL] = (float)-log(general);
    rates->clean = lost < CLEAN_LOSS && misread < CLEAN_LOSS;
    rates->noisy = misread > NOISY_MISREAD || general > NOISY_GENERAL;
}

bool tolka_damage_measure(struct tolka_repair *repair, struct tolka_item *items, size_t count)
{
    size_t unknown = 0, words = 0;
    struct sample sample = {0, 0};

    repair->kept *= MEMORY;
    repair->lost *= MEMORY;
    repair->misread *= MEMORY;
    repair->general *= MEMORY;
    repair->letters *= MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct tolka_item *item = &items[i];

        if (item->skip || item->piece.kind > TOLKA_PIECE_MIXED)
            continue;
        words++;
        repair->letters += item->piece.size;
        if (item->exact)
            repair->kept += marks_in(item->piece.raw, item->piece.size);
        else if (item->key)
            repair->lost += marks_lost(repair->model, item);
        else
            unknown += item->piece.size > 1;
    }
    if (!sample_unknown(repair, items, count, unknown, &sample))
        return false;
    /* Most words unknown and no misreading explains them: not Swedish, or no text at all. */
    if (words >= MIN_WORDS && unknown * 2 > words && sample.explained * 5 < sample.taken)
        for (size_t i = 0; i < count; i++)
            items[i].skip = true;
    set_rates(repair);
    return true;
}
