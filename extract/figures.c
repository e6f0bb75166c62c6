/*
 * The digits of a figure stand on one line, as high as each other; only the tail of a comma reaches below it,
 * and only a minus stands before them at half their height. Both are small enough for a recogniser to pass
 * over, and change the value tenfold or turn it round. They are looked for where the digits are as many in
 * the ink as in the text, so that it is plain between which two a comma stands. Digits also take up equal
 * room: where there is room for one more, or not for all, one was lost or read twice.
 */
#include "extract/figures.h"

#include "base/order.h"
#include "extract/amounts.h"
#include "extract/dashes.h"
#include "extract/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 12, MAX_DECIMALS = 2, LEAST_DARK = 3 };

/* All in heights of a digit. A part of the ink's height that only digits reach. */
static const float DIGITS_ONLY = 0.6F;
static const float TAIL_FROM = 0.05F, TAIL_TO = 0.35F, COMMA_WIDE = 0.4F, COMMA_HIGH = 0.4F, COMMA_LOW = 0.1F,
                   COMMA_FOOT = 0.22F;
static const float COMMA_STEP =
    1.0F; /* between the middles of the digits on either side; others are 0.8 apart */
static const float MINUS_HIGH = 0.3F, MINUS_LOW = 0.75F; /* where its middle may be, from the top */
static const float MINUS_REACH = 1.0F, MINUS_GAP = 0.6F, RIM = 0.1F;

static const float SPECK_HIGH = 0.12F,
                   SPECK_WIDE = 0.1F; /* in sizes: smaller ink is no digit, and no minus */

static const float SETTLED_CONFIDENCE = 0.85F; /* at most, of what was told by ink alone */

/* The blank beside a digit, in heights; how much of the page's usual room a word's digits may take up, and a
 * lone digit; how high they may be for that to be told, in usual heights. */
static const float BLANK = 0.12F, LEAST_ROOM = 0.72F, MOST_ROOM = 1.35F, MOST_ROOM_ALONE = 1.5F;
static const float LEAST_HEIGHT = 0.8F, MOST_HEIGHT = 1.25F;
static const float MISFIT_CONFIDENCE = 0.4F; /* of a word that its ink gives the lie */

enum { LEAST_FIGURES = 5, MAX_FIGURES = 2000 }; /* by which the usual room is known */

/* The digits of a word as they stand in the ink, px. */
struct figure {
    float x0[MAX_DIGITS], x1[MAX_DIGITS];
    size_t count;
    int top, base;
};

/* A word as its parts: a sign, digits, and what was read between them. */
struct parts {
    bool has_minus;
    char digits[MAX_DIGITS + 1];
    size_t count, point; /* digits before a full stop or comma, 0 for none */
    bool is_comma;
};

static bool take_apart(const char *text, struct parts *parts)
{
    *parts = (struct parts){.has_minus = *text == '-'};
    for (text += parts->has_minus; *text; text++) {
        if (*text >= '0' && *text <= '9' && parts->count < MAX_DIGITS)
            parts->digits[parts->count++] = *text;
        else if ((*text == '.' || *text == ',') && parts->count > 0 && parts->point == 0)
            parts->point = parts->count, parts->is_comma = *text == ',';
        else
            return false;
    }
    return parts->count > 0 && parts->point < parts->count;
}

/* The row under most of the digits: a comma that touches one of them reaches further. */
static int base_of(const struct tolka_picture *picture, struct tolka_box box, const int *first,
                   const int *end, size_t count)
{
    int bottoms[MAX_DIGITS] = {0};

    for (size_t i = 0; i < count; i++)
        bottoms[i] = tolka_picture_ink(picture, (struct tolka_box){first[i], box.y0, end[i], box.y1}).box.y1;
    qsort(bottoms, count, sizeof *bottoms, tolka_order_ints);
    return bottoms[(count - 1) / 2];
}

/* Finds `count` digits in the word's ink; false when they cannot be told apart. */
static bool find_digits(const struct tolka_picture *picture, struct tolka_box box, float size, size_t count,
                        struct figure *figure)
{
    const struct tolka_box ink = tolka_picture_ink(picture, tolka_picture_rows(picture, box)).box;
    const int middle = ink.y0 + (int)(DIGITS_ONLY * (float)tolka_box_height(ink));
    struct tolka_run runs[MAX_DIGITS + 1];
    size_t found = tolka_picture_runs(picture, (struct tolka_box){ink.x0, ink.y0, ink.x1, middle}, runs,
                                      MAX_DIGITS + 1),
           kept = 0;
    int first[MAX_DIGITS + 1], end[MAX_DIGITS + 1];

    if (found == 0 || found > MAX_DIGITS + 1)
        return false;
    for (size_t i = 0; i < found; i++) {
        const struct tolka_box part =
            tolka_picture_ink(picture, (struct tolka_box){runs[i].first, ink.y0, runs[i].end, ink.y1}).box;
        if ((float)tolka_box_height(part) < SPECK_HIGH * size ||
            (kept == 0 && tolka_dash_is_shaped(part, size)))
            continue;
        first[kept] = runs[i].first;
        end[kept++] = runs[i].end;
    }
    *figure = (struct figure){.count = count, .top = ink.y0};
    if (kept == 0 || kept > MAX_DIGITS ||
        !tolka_amount_share_runs(first, end, kept, figure->x0, figure->x1, count))
        return false;
    figure->base = base_of(picture, ink, first, end, kept);
    return figure->base - figure->top > 2 * tolka_box_height(ink) / 3;
}

static float step_before(const struct figure *figure, size_t at)
{
    return (figure->x0[at] + figure->x1[at] - figure->x0[at - 1] - figure->x1[at - 1]) / 2;
}

/* Whether a run of ink at the feet of the digits is a comma's: low, narrow, and reaching below the line. */
static bool is_comma_run(const struct tolka_picture *picture, const struct figure *figure,
                         struct tolka_run run)
{
    const float high = (float)(figure->base - figure->top);
    const struct tolka_ink ink =
        tolka_picture_ink(picture, (struct tolka_box){run.first, figure->top, run.end,
                                                      figure->base + (int)(TAIL_TO * high) + 1});

    return ink.dark > LEAST_DARK && (float)tolka_box_width(ink.box) <= COMMA_WIDE * high &&
           (float)ink.box.y0 >= (float)figure->base - COMMA_HIGH * high &&
           (float)ink.box.y1 >= (float)figure->base + COMMA_LOW * high;
}

/* Whether a comma stands between two digits, whose bowls may reach over it. */
static bool is_comma_before(const struct tolka_picture *picture, const struct figure *figure, size_t at)
{
    enum { MOST_RUNS = 5 };
    const float high = (float)(figure->base - figure->top);
    const struct tolka_box feet = {
        (int)(figure->x0[at - 1] + figure->x1[at - 1]) / 2, figure->base - (int)(COMMA_FOOT * high),
        (int)(figure->x0[at] + figure->x1[at]) / 2, figure->base + (int)(TAIL_TO * high) + 1};
    struct tolka_run runs[MOST_RUNS];
    const size_t count = tolka_picture_runs(picture, feet, runs, MOST_RUNS);
    size_t commas = 0;

    for (size_t i = 0; i < count && count <= MOST_RUNS; i++)
        commas += runs[i].first > feet.x0 && runs[i].end < feet.x1 && is_comma_run(picture, figure, runs[i]);
    return commas == 1;
}

/* Before which digit the only tail under the line hangs, of a comma that touches a digit; 0 for none. */
static size_t find_tail(const struct tolka_picture *picture, const struct figure *figure)
{
    const float high = (float)(figure->base - figure->top);
    const struct tolka_box below = {(int)figure->x0[0], figure->base + 1 + (int)(TAIL_FROM * high),
                                    (int)figure->x1[figure->count - 1],
                                    figure->base + (int)(TAIL_TO * high) + 1};
    struct tolka_run tail;
    size_t at = 0;

    if (tolka_picture_runs(picture, below, &tail, 1) != 1 ||
        (float)(tail.end - tail.first) > COMMA_WIDE * high ||
        tolka_picture_ink(picture, below).dark < LEAST_DARK)
        return 0;
    while (at < figure->count && figure->x0[at] + figure->x1[at] < (float)(tail.first + tail.end))
        at++;
    return at;
}

/* Before which of the last digits a comma stands; 0 for none. */
static size_t find_comma(const struct tolka_picture *picture, const struct figure *figure)
{
    const float least = COMMA_STEP * (float)(figure->base - figure->top);
    size_t at;

    for (at = figure->count - 1; at > 0 && figure->count - at <= MAX_DECIMALS; at--) {
        if (step_before(figure, at) > least && is_comma_before(picture, figure, at))
            return at;
    }
    at = find_tail(picture, figure);
    return at > 0 && at < figure->count && figure->count - at <= MAX_DECIMALS &&
                   step_before(figure, at) > least
               ? at
               : 0;
}

static bool is_covered(const struct tolka_page *page, const struct tolka_word *but, struct tolka_box box)
{
    for (const struct tolka_word *word = page->words; word < page->words + page->word_count; word++) {
        if (word != but && word->box.x0 < box.x1 && box.x0 < word->box.x1 && word->box.y0 < box.y1 &&
            box.y0 < word->box.y1)
            return true;
    }
    return false;
}

/* The rightmost ink in the box that is wider than a speck; empty for none. */
static struct tolka_box last_ink(const struct tolka_picture *picture, struct tolka_box box, float speck)
{
    enum { MOST_RUNS = 8 };
    struct tolka_run runs[MOST_RUNS];
    size_t count = tolka_picture_runs(picture, box, runs, MOST_RUNS);

    for (count = count > MOST_RUNS ? 0 : count; count > 0; count--) {
        const struct tolka_run run = runs[count - 1];
        if ((float)(run.end - run.first) > speck)
            return tolka_picture_ink(
                       picture,
                       tolka_picture_rows(picture, (struct tolka_box){run.first, box.y0, run.end, box.y1}))
                .box;
    }
    return (struct tolka_box){0};
}

/* The box of a minus before the digits that no other word has; empty for none. */
static struct tolka_box find_minus(const struct tolka_picture *picture, const struct tolka_page *page,
                                   const struct tolka_word *word, const struct figure *figure, float size)
{
    const float high = (float)(figure->base - figure->top);
    const struct tolka_box before = {(int)(figure->x0[0] - MINUS_REACH * high),
                                     figure->top - (int)(RIM * high), (int)figure->x0[0],
                                     figure->base + (int)(RIM * high)};
    const struct tolka_box ink = last_ink(picture, before, SPECK_WIDE * size);
    const float middle = (float)(ink.y0 + ink.y1) / 2 - (float)figure->top;

    if (tolka_box_is_empty(ink) || !tolka_dash_is_shaped(ink, size) || ink.x0 <= before.x0 ||
        middle < MINUS_HIGH * high || middle > MINUS_LOW * high ||
        (float)(before.x1 - ink.x1) > MINUS_GAP * high || is_covered(page, word, ink))
        return (struct tolka_box){0};
    return ink;
}

/* Sets the word's text, what was read becoming its only alternative: of the others none has what was found.
 */
static void settle_text(struct tolka_page *page, struct tolka_word *word, const char *text)
{
    struct tolka_alternative *was = tolka_arena_array(&page->arena, 1, sizeof *was);
    const char *copy = tolka_arena_strdup(&page->arena, text);

    if (!was || !copy)
        return;
    *was = (struct tolka_alternative){word->raw, word->confidence};
    word->alternatives = was;
    word->alternative_count = 1;
    word->raw = word->text = copy;
    word->flags |= TOLKA_WORD_SECOND_LOOK;
    word->confidence = word->confidence < SETTLED_CONFIDENCE ? word->confidence : SETTLED_CONFIDENCE;
}

static void settle_word(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_word *word,
                        float size)
{
    struct parts parts;
    struct figure figure;
    struct tolka_box minus = {0};
    char text[MAX_DIGITS + 3];
    size_t comma;

    if (!take_apart(word->raw, &parts) || !find_digits(picture, word->box, size, parts.count, &figure))
        return;
    comma = parts.is_comma ? 0 : find_comma(picture, &figure);
    if (parts.point > 0 && comma != parts.point)
        comma = 0;
    if (!parts.has_minus)
        minus = find_minus(picture, page, word, &figure, size);
    if (comma == 0 && tolka_box_is_empty(minus))
        return;
    if (comma == 0 && parts.point > 0)
        snprintf(text, sizeof text, "-%s", word->raw);
    else
        snprintf(text, sizeof text, "%s%.*s%s%s", parts.has_minus || !tolka_box_is_empty(minus) ? "-" : "",
                 (int)(comma ? comma : parts.count), parts.digits, comma ? "," : "",
                 comma ? parts.digits + comma : "");
    word->box = tolka_box_union(word->box, minus);
    settle_text(page, word, text);
}

/* A word of nothing but digits: their number (0 for other words) and their ink, px. */
struct plain_figure {
    size_t count;
    float width, height;
};

static struct plain_figure measure_plain(const struct tolka_picture *picture, const struct tolka_word *word)
{
    const size_t count = strspn(word->raw, "0123456789");
    struct tolka_box ink;

    if (count == 0 || word->raw[count])
        return (struct plain_figure){0};
    ink = tolka_picture_ink(picture, word->box).box;
    return (struct plain_figure){count, (float)tolka_box_width(ink), (float)tolka_box_height(ink)};
}

/* The median of the heights of the page's words of two digits and more, or of the widths of their digits; 0
 * when they are too few. */
static float usual(const struct plain_figure *figures, size_t figure_count, bool heights)
{
    float sample[MAX_FIGURES];
    size_t count = 0;

    for (size_t i = 0; i < figure_count && count < MAX_FIGURES; i++) {
        if (figures[i].count > 1)
            sample[count++] = heights ? figures[i].height : figures[i].width / (float)figures[i].count;
    }
    if (count < LEAST_FIGURES)
        return 0;
    return tolka_median_floats(sample, count);
}

/* Whether the ink is that of more or fewer digits. Larger or smaller print, and what has dirt about it, is
 * not judged. */
static bool is_misfit(const struct plain_figure *figure, float height, float digit)
{
    const float room = (figure->width + BLANK * height) / ((float)figure->count * (digit + BLANK * height));

    if (figure->count == 0 || figure->height < LEAST_HEIGHT * height || figure->height > MOST_HEIGHT * height)
        return false;
    return room > (figure->count == 1 ? MOST_ROOM_ALONE : MOST_ROOM) ||
           (figure->count > 1 && room < LEAST_ROOM);
}

/* Two digits close behind a figure: a percent sign is read so, and looked at elsewhere. */
static bool may_be_percent(const struct tolka_page *page, size_t at, float height)
{
    const struct tolka_word *word = &page->words[at];

    return at > 0 && strlen(word->raw) <= 2 && word[-1].line == word->line &&
           strpbrk(word[-1].raw, "0123456789") && (float)(word->box.x0 - word[-1].box.x1) < height;
}

void tolka_figures_doubt(const struct tolka_picture *picture, struct tolka_page *page)
{
    struct plain_figure *figures = tolka_arena_array(&page->arena, page->word_count + 1, sizeof *figures);
    float height, digit;

    if (!figures)
        return;
    for (size_t i = 0; i < page->word_count; i++)
        figures[i] = measure_plain(picture, &page->words[i]);
    height = usual(figures, page->word_count, true);
    digit = usual(figures, page->word_count, false);
    for (size_t i = 0; height > 0 && i < page->word_count; i++) {
        struct tolka_word *word = &page->words[i];
        if (word->confidence > MISFIT_CONFIDENCE && is_misfit(&figures[i], height, digit) &&
            !may_be_percent(page, i, height))
            word->confidence = MISFIT_CONFIDENCE;
    }
}

void tolka_figures_settle(const struct tolka_picture *picture, struct tolka_page *page)
{
    for (size_t i = 0; i < page->word_count; i++)
        settle_word(picture, page, &page->words[i], page->lines[page->words[i].line].size_px);
}
