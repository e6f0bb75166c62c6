/*
 * Groups of a figure part where its digits step wider than within a group, and words part at blanks wider
 * than any between their letters (amounts.h). Digits that touch have no steps to be measured: there the
 * blanks tell, when each lies where a space can be.
 */
#include "extract/parting.h"

#include "base/utf8.h"
#include "extract/image.h"
#include "extract/tidy.h"

#include <math.h>
#include <string.h>

/* A word that two were read as is less sure than this, and each of its characters surer. */
static const float JOINED_DOUBT = 0.8F;

/* Of a word of letters; one of fewer than LEAST_LETTERS may be a figure and its sign, parts of fewer than
 * LETTERS_EACH are no print. */
enum { MAX_RUNS = 80, LEAST_LETTERS = 3, LETTERS_EACH = 2 };

/* Digits of an amount that may have lost a space. */
enum { LEAST_DIGITS = 4 };

/* What is being parted. */
struct parting {
    const struct tolka_picture *picture;
    const char *text;
    struct tolka_box box;
    tolka_place_fn *place;
    void *user;
    struct tolka_characters *chars;
    const struct tolka_run *runs;
    size_t run_count;
    float size; /* of the print, px */
};

bool tolka_parting_split(const char *text, float confidence, struct tolka_characters *chars)
{
    const size_t length = strlen(text);
    size_t at = 0;

    chars->whole = confidence;
    for (chars->count = 0; at < length; chars->count++) {
        if (chars->count == TOLKA_AMOUNT_CHARS)
            return false;
        chars->offset[chars->count] = at;
        chars->confidence[chars->count] = confidence;
        at += tolka_utf8_decode(text + at, length - at, &chars->codes[chars->count]);
    }
    chars->offset[chars->count] = length;
    return true;
}

static size_t count_digits(const struct tolka_characters *chars)
{
    size_t digits = 0;

    for (size_t i = 0; i < chars->count; i++)
        digits += tolka_is_digit((int)chars->codes[i]);
    return digits;
}

/* Each character's columns by the ink: a run each, or several in a run where they touch. */
static bool place_by_ink(const struct parting *parting)
{
    struct tolka_characters *chars = parting->chars;
    struct tolka_run runs[TOLKA_AMOUNT_CHARS];
    int first[TOLKA_AMOUNT_CHARS], end[TOLKA_AMOUNT_CHARS];
    const size_t count = tolka_picture_runs(parting->picture, parting->box, runs, TOLKA_AMOUNT_CHARS);

    for (size_t i = 0; i < count && i < TOLKA_AMOUNT_CHARS; i++) {
        first[i] = runs[i].first;
        end[i] = runs[i].end;
        if (count == chars->count) {
            chars->x0[i] = (float)first[i];
            chars->x1[i] = (float)end[i];
        }
    }
    chars->coarse = count != chars->count;
    return !chars->coarse || tolka_amount_share_runs(first, end, count, chars->x0, chars->x1, chars->count);
}

/* Finds the runs of the word's ink and its size. False where there is nothing to part. */
static bool find_ink(struct parting *parting, struct tolka_run runs[MAX_RUNS])
{
    const struct tolka_box ink = tolka_picture_ink(parting->picture, parting->box).box;

    parting->runs = runs;
    parting->run_count = tolka_picture_runs(parting->picture, parting->box, runs, MAX_RUNS);
    parting->size = tolka_tidy_size(parting->text, tolka_box_height(ink));
    return parting->run_count > 1 && parting->run_count <= MAX_RUNS;
}

/* Before which character the blank lies. */
static size_t character_after(const struct tolka_characters *chars, struct tolka_run blank)
{
    const float middle = (float)(blank.first + blank.end) / 2;
    size_t best = 0;

    for (size_t i = 1; i < chars->count; i++) {
        if (best == 0 || fabsf((chars->x1[i - 1] + chars->x0[i]) / 2 - middle) <
                             fabsf((chars->x1[best - 1] + chars->x0[best]) / 2 - middle))
            best = i;
    }
    return best;
}

static void place_blank(struct tolka_characters *chars, size_t at, struct tolka_run blank)
{
    chars->x1[at - 1] = (float)blank.first;
    chars->x0[at] = (float)blank.end;
}

static float lowest_confidence(const struct tolka_characters *chars, size_t first, size_t end)
{
    float lowest = 1;

    for (size_t i = first; i < end; i++)
        lowest = fminf(lowest, chars->confidence[i]);
    return lowest;
}

/* Words that were read as one. What makes such a word doubtful is that it is joined, so each of its
 * characters is sure; in light print, which has blanks within its letters, a word is sure as it is. */
static uint32_t find_word_breaks(const struct parting *parting)
{
    struct tolka_characters *chars = parting->chars;
    struct tolka_run blanks[TOLKA_AMOUNT_BLANKS];
    uint32_t breaks = 0;
    size_t letters = 0, count;

    for (size_t i = 0; i < chars->count; i++)
        letters += tolka_utf8_is_letter(chars->codes[i]);
    if (letters < LEAST_LETTERS || chars->whole >= JOINED_DOUBT)
        return 0;
    count =
        tolka_amount_blanks(parting->runs, parting->run_count, parting->size, blanks, TOLKA_AMOUNT_BLANKS);
    if (count == 0 || letters < LETTERS_EACH * (count + 1) || !parting->place(parting->user, chars) ||
        lowest_confidence(chars, 0, chars->count) < JOINED_DOUBT)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const size_t at = character_after(chars, blanks[i]);
        place_blank(chars, at, blanks[i]);
        breaks |= (uint32_t)1 << at;
    }
    return breaks;
}

/* The lost spaces of a word with digits, by its blanks. */
static uint32_t find_figure_breaks(const struct parting *parting)
{
    struct tolka_characters *chars = parting->chars;
    struct tolka_run blanks[TOLKA_AMOUNT_BLANKS];
    const uint32_t breaks = tolka_amount_spaces(chars->codes, chars->count, parting->runs, parting->run_count,
                                                parting->size, blanks);

    for (size_t i = 1, n = 0; i < chars->count; i++) {
        if (breaks & (uint32_t)1 << i)
            place_blank(chars, i, blanks[n++]);
    }
    return breaks;
}

uint32_t tolka_parting_find(const struct tolka_picture *picture, const char *text, struct tolka_box box,
                            tolka_place_fn *place, void *user, struct tolka_characters *chars)
{
    struct parting parting = {picture, text, box, place, user, chars, NULL, 0, 0};
    const size_t digits = count_digits(chars);
    struct tolka_run runs[MAX_RUNS];
    uint32_t breaks = 0;

    if (digits > 0)
        parting.box = tolka_picture_rows(picture, box);
    if (digits >= LEAST_DIGITS && (place_by_ink(&parting) || place(user, chars)))
        breaks = tolka_amount_breaks(chars->codes, chars->x0, chars->x1, chars->count, chars->coarse);
    if (chars->count < 2 || (breaks && digits == chars->count) || !find_ink(&parting, runs))
        return breaks;
    if (digits > 0)
        breaks |= find_figure_breaks(&parting);
    return breaks ? breaks : find_word_breaks(&parting);
}

float tolka_parting_confidence(const struct tolka_characters *chars, size_t first, size_t end)
{
    return count_digits(chars) >= LEAST_DIGITS ? chars->whole : lowest_confidence(chars, first, end);
}
