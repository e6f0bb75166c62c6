/* The readings of a piece: as it stands, the words of its folded key, what it may be a misreading of, a
 * compound, a likely spelling. */
#include "normalize/repair.h"
#include "normalize/spelling.h"

#include <math.h>
#include <string.h>

enum {
    CANDIDATES_MAX = 12,
    KEEP_MAX = 8,
    TRUSTED_PERCENT = 90,
    SUSPECT_PERCENT = 95, /* of words read with less, one in fifty is wrong; above, next to none */
    DOUBTED_PERCENT = 75,
    SHORT_CAPITALS = 5,
    READINGS_MAX = 4, /* of a recogniser, looked at */
    MIN_SPELLED = 5
};
static const float WIDTH = 12.0f; /* nats: a reading this much worse than the best is dropped */
static const float CODE_BASE = 10.0f,
                   CODE_COST = 2.5f; /* nats a piece and a character, for letters and digits together */
static const float UNKNOWN_COST = 5.0f;
static const float DOUBT_GAIN = 4.0f; /* nats: a word read with doubt is about fifty times as often misread */
static const float SUSPICION_GAIN =
    2.0f; /* the same for a word nobody knows that is read with a little doubt */
static const float SPURIOUS_COST = 1.5f;   /* beyond the rate of misreadings: a mark that is a speck */
static const float TWO_SPECKS_COST = 3.0f; /* the same for the two dots of ä and ö */
static const float TWICE_GAIN = 12.0f;     /* for a letter read twice: no word is spelt so */
static const float SHADOW_COST = 5.0f;     /* for a word nobody knows that is a known one without its marks */
static const float FORM_COST =
    12.0f; /* at most, for a plain word that merely exists and has no rival with marks */
static const float READING_COST = 1.0f, LEAST_CONFIDENCE = 0.02f; /* of another reading of the recogniser's */
static const float ACCENT_COST = 3.0f;
static const float NO_PARTS_COST = 1.5f; /* in a damaged text: for one that is not even made of parts */
static const float COMPOUND_COST = 1.5f; /* for one made of parts */

static int find_confusion(const struct tolka_model *model, unsigned char raw, unsigned char truth)
{
    for (uint32_t i = model->confusion_first[raw]; i < model->confusion_first[raw + 1]; i++) {
        const struct tolka_confusion *c = &model->confusions[i];

        if (c->raw_length == 1 && c->truth_length == 1 && c->truth[0] == truth)
            return (int)i;
    }
    return -1;
}

bool tolka_count_letter(const struct tolka_model *model, unsigned char raw, unsigned char truth,
                        struct tolka_candidate *candidate)
{
    int at;

    if (raw == truth) {
        candidate->kept = (uint8_t)(candidate->kept + tolka_latin_is_marked(raw));
        return true;
    }
    if (raw < 0x80 && tolka_latin_fold[truth] == raw) {
        candidate->damage[TOLKA_DAMAGE_LOST]++;
        return true;
    }
    at = find_confusion(model, raw, truth);
    if (at < 0 && tolka_latin_is_marked(raw) && tolka_latin_fold[raw] == truth) {
        candidate->damage[TOLKA_DAMAGE_GENERAL]++;
        candidate->spurious++;
        candidate->base += raw == 0xe4 || raw == 0xf6 ? TWO_SPECKS_COST : SPURIOUS_COST;
        return true;
    }
    if (at < 0)
        return false;
    candidate->damage[model->confusions[at].kind]++;
    candidate->base += TOLKA_SCORE_STEP * (float)model->confusions[at].score;
    return true;
}

void tolka_candidate_price(const struct tolka_rates *rates, struct tolka_candidate *candidate)
{
    candidate->cost = candidate->base + rates->kept * (float)candidate->kept;
    for (int kind = 0; kind < TOLKA_DAMAGE_KINDS; kind++)
        candidate->cost += rates->damage[kind] * (float)candidate->damage[kind];
}

struct list {
    struct tolka_repair *repair;
    struct tolka_candidate items[CANDIDATES_MAX];
    size_t count;
    bool specks; /* marks may be specks: the text is a recogniser's */
    float doubt; /* nats that a misreading is likelier by, because the recogniser was unsure */
};

static bool is_listed(const struct list *list, const struct tolka_candidate *c)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].length == c->length && memcmp(list->items[i].text, c->text, c->length) == 0)
            return true;
    return false;
}

static void add(struct list *list, struct tolka_candidate *c)
{
    if (list->count == CANDIDATES_MAX || is_listed(list, c) || (c->spurious && !list->specks))
        return;
    tolka_candidate_price(&list->repair->rates, c);
    if (c->damage[TOLKA_DAMAGE_MARK] + c->damage[TOLKA_DAMAGE_GENERAL] + c->damage[TOLKA_DAMAGE_LOST] > 0)
        c->cost = fmaxf(c->cost - list->doubt, 0);
    list->items[list->count++] = *c;
}

static void add_key_words(struct list *list, const struct tolka_item *item)
{
    const struct tolka_model *model = list->repair->model;

    for (uint32_t id = item->key; id; id = tolka_model_next(model, id)) {
        const struct tolka_word *word = tolka_model_word(model, id);
        struct tolka_candidate c = {.id = id, .reason = TOLKA_REASON_MARKS};
        bool fits = !(word->flags & TOLKA_WORD_NO_WORD);
        size_t length;

        c.text = tolka_model_text(model, id, &length);
        c.length = (uint8_t)length;
        for (size_t i = 0; fits && i < length && length == item->piece.size; i++)
            fits = tolka_count_letter(model, item->piece.raw[i], c.text[i], &c);
        if (fits && length == item->piece.size)
            add(list, &c);
    }
}

/* In a clean text a word nobody knows may well be just that. */
static float shadow_cost(const struct tolka_repair *repair, const struct tolka_item *item)
{
    return item->key && !repair->rates.clean ? SHADOW_COST : 0;
}

/* An accent is rarely what a compound lacks. */
static float accent_cost(const struct tolka_candidate *c, const struct tolka_item *item)
{
    float cost = 0;

    for (size_t i = 0; i < c->length; i++)
        if (c->text[i] == 0xe9 && (c->length != item->piece.size || item->piece.raw[i] != 0xe9))
            cost += ACCENT_COST;
    return cost;
}

/* Of a spelling that is neither a word nor made of words. */
static float spelled_cost(const struct tolka_model *model, const struct tolka_item *item)
{
    return 1.0f - tolka_spelling_score(model, item->piece.raw, item->piece.size);
}

static bool add_found(struct list *list, const struct tolka_item *item, bool misread)
{
    const struct tolka_found *found = tolka_search(list->repair, &item->piece, misread);

    if (!found)
        return false;
    if (list->items[0].id == TOLKA_ID_UNKNOWN && item->piece.kind == TOLKA_PIECE_WORD &&
        found->own < spelled_cost(list->repair->model, item))
        list->items[0].own =
            fminf(list->items[0].own, found->own + COMPOUND_COST + shadow_cost(list->repair, item));
    for (size_t i = 0; i < found->count; i++) {
        struct tolka_candidate c = found->candidates[i];

        if (c.damage[TOLKA_DAMAGE_MARK] + c.damage[TOLKA_DAMAGE_GENERAL] == 0 &&
            c.reason == TOLKA_REASON_CONFUSION)
            c.reason = TOLKA_REASON_MARKS;
        if (!misread && c.damage[TOLKA_DAMAGE_MARK] + c.damage[TOLKA_DAMAGE_GENERAL] > 0)
            continue; /* found while the damage was measured */
        c.own += c.id == TOLKA_ID_UNKNOWN ? COMPOUND_COST + accent_cost(&c, item) : 0;
        add(list, &c);
    }
    return true;
}

/* Without any better idea: the likeliest marks by the letter model. */
static bool add_spelling(struct list *list, const struct tolka_item *item)
{
    struct tolka_repair *repair = list->repair;
    struct tolka_candidate c = {.length = item->piece.size, .reason = TOLKA_REASON_SPELLING};
    unsigned char *text = tolka_arena_alloc(&repair->arena, TOLKA_WORD_MAX);

    if (!text)
        return false;
    tolka_spelling_best(repair->model, item->piece.raw, item->piece.size,
                        repair->rates.damage[TOLKA_DAMAGE_LOST], text);
    c.text = text;
    for (size_t i = 0; i < c.length; i++)
        if (!tolka_count_letter(repair->model, item->piece.raw[i], text[i], &c))
            return true;
    c.own = 1.0f - tolka_spelling_score(repair->model, text, c.length);
    add(list, &c);
    return true;
}

/* An abbreviation in capitals among small letters is not a word that lost its marks. */
static bool is_abbreviation(const struct tolka_piece *piece)
{
    return piece->size > 1 && piece->size <= SHORT_CAPITALS &&
           piece->upper == (UINT64_C(1) << piece->size) - 1;
}

/* The recogniser itself doubts the word. */
static bool is_doubted(const struct tolka_item *item)
{
    return item->confidence >= 0 && item->confidence * 100 < DOUBTED_PERCENT;
}

/* A word nobody knows, and the recogniser was not quite sure of it. */
static bool is_suspect(const struct tolka_item *item)
{
    return !item->exact && item->confidence >= 0 && item->confidence * 100 < SUSPECT_PERCENT;
}

/* Letters whose capital is a larger one of the same shape. */
static const char TWINS[] = "scovwxz";

/*
 * Capitals and small letters of one shape are now and then read as both ("TSs" for "Ts"): a candidate with
 * the small one alone.
 */
static bool add_once(struct list *list, const struct tolka_item *item)
{
    const struct tolka_piece *piece = &item->piece;
    struct tolka_candidate c = {.length = (uint8_t)(piece->size - 1), .reason = TOLKA_REASON_CONFUSION};
    size_t last = c.length;

    if (piece->size < 4 || piece->upper != (UINT64_C(1) << last) - 1 ||
        piece->raw[last] != piece->raw[last - 1] || !strchr(TWINS, piece->raw[last]))
        return true;
    c.text = (unsigned char *)tolka_arena_strndup(&list->repair->arena, (const char *)piece->raw, last);
    c.own = fmaxf(list->items[0].own - TWICE_GAIN, 0);
    add(list, &c);
    return c.text != NULL;
}

/* Whether two texts are alike around their pieces. */
static bool same_around(const char *a, const struct tolka_piece *in_a, const char *b,
                        const struct tolka_piece *in_b)
{
    return in_a->start == in_b->start && memcmp(a, b, in_a->start) == 0 &&
           strcmp(a + in_a->start + in_a->length, b + in_b->start + in_b->length) == 0;
}

/* What else the recogniser read, as far as it is a word: as likely as the recogniser thinks, next to what it
 * chose. */
static bool add_readings(struct list *list, const struct tolka_item *item)
{
    for (size_t i = 0; item->token && i < item->token->reading_count && i < READINGS_MAX; i++) {
        const struct tolka_reading *reading = &item->token->readings[i];
        struct tolka_item other = {.key = 0};
        struct tolka_candidate c = {.reason = TOLKA_REASON_CONFUSION};
        size_t at = 0;

        if (!tolka_piece_next(reading->text, strlen(reading->text), &at, &other.piece) ||
            !same_around(item->token->text, &item->piece, reading->text, &other.piece))
            continue;
        tolka_repair_lookup(list->repair->model, &other);
        if (!other.exact)
            continue;
        c.id = other.exact;
        c.length = other.piece.size;
        c.text = (unsigned char *)tolka_arena_strndup(&list->repair->arena, (const char *)other.piece.raw,
                                                      c.length);
        if (!c.text)
            return false;
        c.base = READING_COST + logf(fmaxf(item->confidence, LEAST_CONFIDENCE) /
                                     fmaxf(reading->confidence, LEAST_CONFIDENCE));
        c.base = fmaxf(c.base, 0);
        add(list, &c);
    }
    return true;
}

static bool stands(const struct tolka_repair *repair, const struct tolka_item *item)
{
    const struct tolka_piece *piece = &item->piece;

    if (item->skip || piece->kind >= TOLKA_PIECE_NUMBER || !piece->size || piece->label)
        return true;
    if (piece->kind == TOLKA_PIECE_MIXED && !repair->rates.noisy && !is_doubted(item))
        return true;
    if (piece->size == 1 && ((piece->upper && !piece->starts) || piece->kind == TOLKA_PIECE_MIXED))
        return true;
    if (is_abbreviation(piece) && !item->amid_capitals && (item->exact || piece->size < 4 || !item->key))
        return true;
    if (!item->exact)
        return repair->rates.clean && !repair->rates.noisy && !item->key &&
               !is_suspect(item); /* a name, or a word of its writer's own making */
    return (repair->rates.clean && !is_doubted(item)) || item->confidence * 100 >= TRUSTED_PERCENT;
}

static void sort_and_cut(struct list *list, const struct tolka_model *model)
{
    float total[CANDIDATES_MAX], best = 1e30f;
    size_t kept = 1;

    for (size_t i = 0; i < list->count; i++) {
        const struct tolka_candidate *c = &list->items[i];

        total[i] = c->cost +
                   (c->id == TOLKA_ID_UNKNOWN ? c->own + UNKNOWN_COST : -tolka_model_unigram(model, c->id));
        best = total[i] < best ? total[i] : best;
    }
    for (size_t i = 1; i < list->count; i++)
        if (total[i] <= best + WIDTH && kept < KEEP_MAX)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static bool collect(struct list *list, const struct tolka_item *item)
{
    const struct tolka_rates *rates = &list->repair->rates;
    bool mixed = item->piece.kind == TOLKA_PIECE_MIXED;

    if (!mixed)
        add_key_words(list, item);
    if ((is_suspect(item) && !mixed && !add_once(list, item)) || !add_readings(list, item))
        return false;
    if (mixed || rates->noisy || is_doubted(item) || is_suspect(item))
        return add_found(list, item, true);
    if (item->exact || list->count > 1)
        return true;
    if (!add_found(list, item, false))
        return false;
    return list->count > 1 || item->piece.size < MIN_SPELLED || rates->clean || add_spelling(list, item);
}

/* Whether a text has shown a word of the same key. */
static bool is_rivalled(const struct tolka_model *model, const struct tolka_item *item)
{
    for (uint32_t id = item->key; id; id = tolka_model_next(model, id))
        if (tolka_model_word(model, id)->flags & TOLKA_WORD_SEEN)
            return true;
    return false;
}

/* What an unknown piece costs as it stands. */
static float stand_cost(const struct tolka_repair *repair, const struct tolka_item *item)
{
    float cost;

    if (item->piece.kind == TOLKA_PIECE_MIXED)
        return CODE_BASE + CODE_COST * (float)item->piece.size;
    cost = spelled_cost(repair->model, item);
    if (!is_rivalled(repair->model, item) &&
        tolka_model_has_form(repair->model, item->piece.raw, item->piece.size))
        return fminf(cost, FORM_COST);
    return cost + shadow_cost(repair, item) + (repair->rates.clean ? 0 : NO_PARTS_COST);
}

bool tolka_candidates(struct tolka_repair *repair, struct tolka_item *item)
{
    struct list list = {.repair = repair,
                        .count = 1,
                        .specks = item->confidence >= 0 || repair->rates.noisy,
                        .doubt = is_doubted(item)   ? DOUBT_GAIN
                                 : is_suspect(item) ? SUSPICION_GAIN
                                                    : 0};
    struct tolka_candidate *raw = &list.items[0];

    raw->text = item->piece.raw;
    raw->length = item->piece.size;
    raw->id = item->piece.kind == TOLKA_PIECE_NUMBER ? TOLKA_ID_NUMBER : item->exact;
    if (!stands(repair, item)) {
        for (size_t i = 0; i < raw->length; i++)
            raw->kept = (uint8_t)(raw->kept + tolka_latin_is_marked(raw->text[i]));
        if (!raw->id)
            raw->own = stand_cost(repair, item);
        tolka_candidate_price(&repair->rates, raw);
        if (!collect(&list, item))
            return false;
        sort_and_cut(&list, repair->model);
    }
    item->candidates = tolka_arena_array(&repair->arena, list.count, sizeof *item->candidates);
    if (!item->candidates)
        return false;
    memcpy(item->candidates, list.items, list.count * sizeof *item->candidates);
    item->count = (uint8_t)list.count;
    item->chosen = 0;
    return true;
}
