/*
 * Digits of print stand at equal distances (tabular figures), so a thousands space shows as a wider step
 * between the middles of two digits, whatever room the digits themselves take up. Steps within groups of
 * three, counted from the right, are the measure for those between groups.
 */
#include "extract/amounts.h"

#include "base/order.h"
#include "base/utf8.h"
#include "extract/image.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A step between groups: a thin space is a sixth of the size, a digit half of it. Elsewhere only a step as
 * wide as two digits parts words. */
static const float GROUP_STEP = 1.24F, COLUMN_STEP = 1.9F;

/* What may be a year, or is measured roughly, needs a step as wide as half a digit more, or a blank: digits
 * of one group stand closer than a fifth of a step even where they do not touch. Beside a narrow 1, which
 * does not stand in the middle of its room, a wide blank tells more than the step. */
static const float DOUBTED_STEP = 1.4F, BLANK_STEP = 1.2F, BLANK = 0.3F, WIDE_STEP = 1.12F, WIDE_BLANK = 0.4F;

/* A blank so wide (a share of the print's size) and so many times wider than others is a space: measured on
 * scans, letters of a word stand up to 0.17 apart, and joined words 0.195 and more. */
static const float SPACE = 0.19F, SPACE_LEAD = 1.7F;

/* What looks like a year needs a blank as wide as this to be parted. Characters' room in digits: a blank
 * lies so many digits beside the place of its space at most. */
static const float YEAR_SPACE = 0.22F, MOST_OFF = 0.45F;

static bool is_year(const uint32_t *text, size_t count)
{
    return count == 4 && ((text[0] == '1' && text[1] == '9') || (text[0] == '2' && text[1] == '0'));
}

/* Whether groups part where the digits step and leave blank so much of a usual step. */
static bool is_group_step(float step, float blank, float least, bool year)
{
    return step > least || (step > BLANK_STEP && blank >= BLANK) ||
           (!year && step > WIDE_STEP && blank >= WIDE_BLANK);
}

/* A long figure in which every group stands apart is parted even where the measure is rough. */
static bool all_groups_apart(const float *step, size_t first, size_t end, float least)
{
    for (size_t i = first + 1; i < end; i++) {
        if ((end - i) % 3 == 0 && step[i] <= least)
            return false;
    }
    return true;
}

/* Breaks within the run of digits first .. end - 1. */
static uint32_t breaks_of_run(const float *x0, const float *x1, size_t first, size_t end, bool coarse,
                              bool year)
{
    float inside[TOLKA_AMOUNT_CHARS], step[TOLKA_AMOUNT_CHARS], measure, group_step;
    size_t inside_count = 0;
    uint32_t breaks = 0;

    for (size_t i = first + 1; i < end; i++) {
        step[i] = (x0[i] + x1[i] - x0[i - 1] - x1[i - 1]) / 2;
        if ((end - i) % 3 != 0)
            inside[inside_count++] = step[i];
    }
    if (!inside_count)
        return 0;
    measure = tolka_median_floats(inside, inside_count);
    if (measure <= 0)
        return 0;
    group_step = coarse || year ? DOUBTED_STEP : GROUP_STEP;
    if (end - first > 4 && all_groups_apart(step, first, end, GROUP_STEP * measure))
        group_step = GROUP_STEP;
    for (size_t i = first + 1; i < end; i++) {
        if ((end - i) % 3 == 0
                ? is_group_step(step[i] / measure, (x0[i] - x1[i - 1]) / measure, group_step, year)
                : step[i] > COLUMN_STEP * measure)
            breaks |= (uint32_t)1 << i;
    }
    return breaks;
}

uint32_t tolka_amount_breaks(const uint32_t *text, const float *x0, const float *x1, size_t count,
                             bool coarse)
{
    uint32_t breaks = 0;
    size_t i = 0, first;

    if (count > TOLKA_AMOUNT_CHARS)
        return 0;
    while (i < count) {
        for (first = i; i < count && tolka_is_digit(text[i]); i++)
            ;
        if (i - first >= 4)
            breaks |= breaks_of_run(x0, x1, first, i, coarse, is_year(text + first, i - first));
        i += i == first;
    }
    return breaks;
}

static size_t share_of(int width, float digit)
{
    const long share = lroundf((float)width / digit);

    return share < 1 ? 1 : (size_t)share;
}

bool tolka_amount_share_runs(const int *first, const int *end, size_t run_count, float *x0, float *x1,
                             size_t count)
{
    enum { TRIES = 60 };
    const float whole = run_count ? (float)(end[run_count - 1] - first[0]) : 0;

    if (run_count == 0 || run_count > count)
        return false;
    for (int i = 0; i < TRIES; i++) {
        const float digit = whole / (float)count * (1.2F - (float)i * 0.01F);
        size_t sum = 0, at = 0;
        for (size_t k = 0; k < run_count; k++)
            sum += share_of(end[k] - first[k], digit);
        if (sum != count)
            continue;
        for (size_t k = 0; k < run_count; k++) {
            const size_t share = share_of(end[k] - first[k], digit);
            const float each = (float)(end[k] - first[k]) / (float)share;
            for (size_t n = 0; n < share; n++, at++) {
                x0[at] = (float)first[k] + (float)n * each;
                x1[at] = x0[at] + each;
            }
        }
        return true;
    }
    return false;
}

size_t tolka_amount_blanks(const struct tolka_run *runs, size_t run_count, float size,
                           struct tolka_run *blanks, size_t max)
{
    int widest = 0, narrowest = INT_MAX;
    size_t count = 0;

    for (size_t i = 1; i < run_count; i++) {
        const int wide = runs[i].first - runs[i - 1].end;
        if ((float)wide < SPACE * size) {
            widest = wide > widest ? wide : widest;
            continue;
        }
        if (count == max)
            return 0;
        narrowest = wide < narrowest ? wide : narrowest;
        blanks[count++] = (struct tolka_run){runs[i - 1].end, runs[i].first};
    }
    return (float)narrowest >= SPACE_LEAD * (float)widest ? count : 0;
}

static float room_of(uint32_t code)
{
    if (code > 127)
        return 1;
    if (strchr(",.:;'il", (int)code))
        return 0.5F;
    if (strchr("-+jtfr()/", (int)code))
        return 0.65F;
    return strchr("%mw", (int)code) ? 1.6F : 1;
}

static bool is_mark(uint32_t code)
{
    return !tolka_is_digit(code) && !tolka_utf8_is_letter(code);
}

/* Beside a mark at either end, which is a speck when it stands apart: no words are to be parted there. */
static bool is_beside_mark(const uint32_t *text, size_t count, size_t at)
{
    return (at == 1 && is_mark(text[0])) || (at + 1 == count && is_mark(text[at]));
}

/* Whether a blank may lie before character `at`: before three digits that end a run of them, or six, between
 * a digit and a letter, and beside marks. */
static bool may_part(const uint32_t *text, size_t count, size_t at)
{
    size_t end = at;

    if (is_beside_mark(text, count, at))
        return true;
    if (!tolka_is_digit(text[at - 1]))
        return false;
    while (end < count && tolka_is_digit(text[end]))
        end++;
    return end == at ? tolka_utf8_is_letter(text[at]) : (end - at) % 3 == 0;
}

/* The place of a space nearest to `where`, which is counted in digits; 0 where none is near. */
static size_t nearest_part(const uint32_t *text, size_t count, float where)
{
    float off = MOST_OFF, room = 0;
    size_t found = 0;

    for (size_t i = 1; i < count; i++) {
        room += room_of(text[i - 1]);
        if (fabsf(room - where) < off && may_part(text, count, i)) {
            off = fabsf(room - where);
            found = i;
        }
    }
    return found;
}

uint32_t tolka_amount_spaces(const uint32_t *text, size_t count, const struct tolka_run *runs,
                             size_t run_count, float size, struct tolka_run *blanks)
{
    const size_t blank_count = tolka_amount_blanks(runs, run_count, size, blanks, TOLKA_AMOUNT_BLANKS);
    float room = 0, ink = 0, before = 0;
    uint32_t breaks = 0, seen = 0;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        room += room_of(text[i]);
    if (blank_count > 0)
        ink = (float)(runs[run_count - 1].end - runs[0].first);
    for (size_t i = 0; i < blank_count; i++)
        ink -= (float)(blanks[i].end - blanks[i].first);
    for (size_t i = 0; i < blank_count; i++) {
        const float wide = (float)(blanks[i].end - blanks[i].first);
        const size_t at =
            nearest_part(text, count, ((float)(blanks[i].first - runs[0].first) - before) * room / ink);
        if (at == 0 || seen >> at || (is_year(text, count) && wide < YEAR_SPACE * size))
            return 0;
        seen |= (uint32_t)1 << at;
        before += wide;
        if (is_beside_mark(text, count, at))
            continue;
        breaks |= (uint32_t)1 << at;
        blanks[kept++] = blanks[i];
    }
    return breaks;
}
