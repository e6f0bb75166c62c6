/*
 * Learns from pairs of what was read and what stands there: words are aligned letter by letter at the least
 * cost (Wagner and Fischer 1974, with pieces of up to two letters on either side), as
 * tests/eval/count_confusions.py does for whole pages, and each misreading is counted once a place. The
 * model's own table holds shares, not counts: it is taken for so many misreadings seen, and those learned are
 * added to them.
 */
#include "normalize/train/build.h"

#include "base/utf8.h"
#include "normalize/latin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONFUSIONS = 4096, PIECE_MAX = 2, SIDE = TOLKA_WORD_MAX + 1 };

/* Misreadings of a kind that the model's table stands for: few enough for one's own recogniser to be heard.
 */
static const double BASE_COUNT = 1000;

/* Costs of a piece; more than this and a share of the word is no misreading but another word. */
static const double COST_SAME_MARKLESS = 0.3, COST_ONE = 1.0, COST_TWO = 1.4, COST_BOTH = 2.3, COST_GAP = 1.6;
static const double MOST_COST = 1.0, MOST_SHARE = 0.35;

struct latin_word {
    unsigned char text[TOLKA_WORD_MAX];
    size_t length;
};

struct cost {
    double sum;
    uint8_t truth, raw; /* lengths of the last piece */
};

struct learner {
    struct tolka_confusion *items;
    double *counts;
    size_t count;
};

/* Lower case; false for what is no word of the alphabet: amounts, other scripts, too long. */
static bool to_word(const char *text, size_t length, struct latin_word *word)
{
    word->length = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (code > 0xff || word->length == TOLKA_WORD_MAX)
            return false;
        word->text[word->length++] = tolka_latin_lower[code];
    }
    return word->length > 0;
}

static bool has_digit(const struct latin_word *word)
{
    for (size_t i = 0; i < word->length; i++) {
        if (tolka_latin_class[word->text[i]] == 2)
            return true;
    }
    return false;
}

static double cost_of(const unsigned char *truth, int a, const unsigned char *raw, int b)
{
    if (a == 1 && b == 1)
        return *truth == *raw                                       ? 0
               : tolka_latin_fold[*truth] == tolka_latin_fold[*raw] ? COST_SAME_MARKLESS
                                                                    : COST_ONE;
    return a == 2 && b == 2 ? COST_BOTH : a && b ? COST_TWO : COST_GAP;
}

/* The least cost of each pair of beginnings. */
static void align(const struct latin_word *truth, const struct latin_word *raw, struct cost (*best)[SIDE])
{
    static const uint8_t PIECES[][2] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {1, 0}, {0, 1}};

    for (size_t i = 0; i <= truth->length; i++) {
        for (size_t j = 0; j <= raw->length; j++) {
            best[i][j] = (struct cost){i || j ? INFINITY : 0, 0, 0};
            for (size_t p = 0; p < sizeof PIECES / sizeof *PIECES; p++) {
                const uint8_t a = PIECES[p][0], b = PIECES[p][1];
                double sum;

                if (i < (size_t)a || j < (size_t)b)
                    continue;
                sum = best[i - (size_t)a][j - (size_t)b].sum +
                      cost_of(truth->text + i - a, a, raw->text + j - b, b);
                if (sum < best[i][j].sum)
                    best[i][j] = (struct cost){sum, a, b};
            }
        }
    }
}

static void add(struct learner *learner, const unsigned char *truth, size_t a, const unsigned char *raw,
                size_t b)
{
    struct tolka_confusion c = {
        .truth_length = (uint8_t)a, .raw_length = (uint8_t)b, .kind = TOLKA_DAMAGE_GENERAL};
    size_t at = 0;

    memcpy(c.truth, truth, a);
    memcpy(c.raw, raw, b);
    for (size_t i = 0; i < a; i++) {
        if (tolka_latin_is_marked(truth[i]))
            c.kind = TOLKA_DAMAGE_MARK;
    }
    while (at < learner->count && (memcmp(learner->items[at].truth, c.truth, sizeof c.truth) != 0 ||
                                   memcmp(learner->items[at].raw, c.raw, sizeof c.raw) != 0))
        at++;
    if (at == MAX_CONFUSIONS)
        return;
    if (at == learner->count)
        learner->items[learner->count++] = c;
    learner->counts[at]++;
}

/* A lost mark is no row: the decoder knows it. */
static bool is_lost_mark(const unsigned char *truth, int a, const unsigned char *raw, int b)
{
    return a == 1 && b == 1 && tolka_latin_is_marked(*truth) && tolka_latin_fold[*truth] == *raw;
}

static void learn_word(struct learner *learner, const struct latin_word *truth, const struct latin_word *raw)
{
    struct cost best[SIDE][SIDE] = {0};
    size_t i = truth->length, j = raw->length;

    align(truth, raw, best);
    if (best[i][j].sum == 0 || best[i][j].sum > MOST_COST + MOST_SHARE * (double)truth->length)
        return;
    while (i || j) {
        int a = best[i][j].truth, b = best[i][j].raw;

        i -= (size_t)a;
        j -= (size_t)b;
        if (a == b && memcmp(truth->text + i, raw->text + j, (size_t)a) == 0)
            continue;
        if (is_lost_mark(truth->text + i, a, raw->text + j, b))
            continue;
        if ((!a || !b) && i && j) { /* a letter too many or too few: together with the one before */
            i--;
            j--;
            a++;
            b++;
        }
        if (a && b && a <= PIECE_MAX && b <= PIECE_MAX)
            add(learner, truth->text + i, (size_t)a, raw->text + j, (size_t)b);
    }
}

static size_t count_words(const char *text)
{
    size_t count = 0;

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        count++;
        text += strcspn(text, " ");
    }
    return count;
}

/* Word by word where both have as many. */
static void learn_pair(struct learner *learner, const struct tolka_train_pair *pair)
{
    const char *truth = pair->truth, *raw = pair->raw;
    struct latin_word a = {0}, b = {0};

    if (count_words(truth) != count_words(raw))
        return;
    for (;;) {
        size_t truth_length, raw_length;

        truth += strspn(truth, " ");
        raw += strspn(raw, " ");
        if (!*truth || !*raw)
            return;
        truth_length = strcspn(truth, " ");
        raw_length = strcspn(raw, " ");
        if (to_word(truth, truth_length, &a) && to_word(raw, raw_length, &b) && !has_digit(&a))
            learn_word(learner, &a, &b);
        truth += truth_length;
        raw += raw_length;
    }
}

static void take_base(struct learner *learner, const struct tolka_section_data *section)
{
    const struct tolka_confusion *base = section->data;
    const size_t count = section->size / sizeof *base;

    for (size_t i = 0; i < count && i < MAX_CONFUSIONS; i++) {
        learner->items[i] = base[i];
        learner->counts[i] = BASE_COUNT * exp(-(double)TOLKA_SCORE_STEP * base[i].score);
        learner->count++;
    }
}

static int compare(const void *left, const void *right)
{
    const struct tolka_confusion *a = left, *b = right;
    int order = memcmp(a->raw, b->raw, sizeof a->raw);

    if (!order)
        order = a->raw_length - b->raw_length;
    return order ? order : memcmp(a->truth, b->truth, sizeof a->truth);
}

enum tolka_status tolka_build_misreadings(struct tolka_build *build, const struct tolka_train_pair *pairs,
                                          size_t count, struct tolka_error *err)
{
    struct tolka_section_data *section = &build->sections[TOLKA_SECTION_CONFUSIONS];
    struct learner learner = {calloc(MAX_CONFUSIONS, sizeof *learner.items),
                              calloc(MAX_CONFUSIONS, sizeof *learner.counts), 0};
    double sums[TOLKA_DAMAGE_KINDS] = {0};

    if (!learner.items || !learner.counts) {
        free(learner.items);
        free(learner.counts);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    take_base(&learner, section);
    for (size_t i = 0; i < count; i++)
        learn_pair(&learner, &pairs[i]);
    for (size_t i = 0; i < learner.count; i++)
        sums[learner.items[i].kind] += learner.counts[i];
    for (size_t i = 0; i < learner.count; i++)
        learner.items[i].score = tolka_quantise(log(learner.counts[i] / sums[learner.items[i].kind]));
    qsort(learner.items, learner.count, sizeof *learner.items, compare);
    free(section->data);
    free(learner.counts);
    *section = (struct tolka_section_data){learner.items, learner.count * sizeof *learner.items};
    return TOLKA_OK;
}
