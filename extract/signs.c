/*
 * A word's ink falls into runs of columns, one for each character where none touch. A run, or a few at the
 * word's end, with the shape of a sign (shapes.h) is that sign; the characters read in its place are those
 * that the other runs do not account for. Where that does not come out even nothing is done.
 */
#include "extract/signs.h"

#include "base/utf8.h"
#include "extract/image.h"
#include "extract/shapes.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MAX_RUNS = 40, MAX_SIGN_RUNS = 3, MAX_LOST = 3, MAX_TEXT = 128, MAX_UMLAUTS = 4 };

/* Shares of the size: a gap this wide is a blank; after a 1, which has a blank of its own where digits are of
 * one width, this. */
static const float APART = 0.13F, APART_FROM_ONE = 0.19F;

static const float SIGN_MOST = 1.2F; /* no sign is wider, in sizes */

/* Wider runs hold several digits that touch; two have these widths. */
static const float DIGIT_MOST = 0.62F, TWO_LEAST = 0.75F, TWO_MOST = 1.15F;

/* Characters that the place of an umlaut may be off where runs and characters differ in number. */
static const float MOST_OFF = 1.2F;

/* A star stands in this upper share of its line. */
static const float STAR_FOOT = 0.62F;

#define SECTION "\u00A7"
#define HALF "\u00BD"

struct settling {
    const struct tolka_picture *picture;
    struct tolka_page *page;
    size_t at; /* the word */
    float size;
    struct tolka_run runs[MAX_RUNS];
    size_t run_count;
};

static struct tolka_word *word_of(const struct settling *settling)
{
    return &settling->page->words[settling->at];
}

static void set_text(struct settling *settling, const char *text)
{
    struct tolka_word *word = word_of(settling);
    const char *copy = tolka_arena_strdup(&settling->page->arena, text);

    if (!copy)
        return;
    word->raw = word->text = copy;
    word->alternative_count = 0;
    word->flags |= TOLKA_WORD_SECOND_LOOK;
}

float tolka_signs_blank_after(char character)
{
    return character == '1' ? APART_FROM_ONE : APART;
}

bool tolka_signs_split_word(struct tolka_page *page, size_t at, size_t head, int end, int x)
{
    struct tolka_word *last = tolka_page_add_word(page), *word;
    const char *text = last ? tolka_arena_strndup(&page->arena, page->words[at].raw, head) : NULL;

    if (!text) {
        page->word_count -= last != NULL;
        return false;
    }
    memmove(&page->words[at + 2], &page->words[at + 1], (page->word_count - at - 2) * sizeof *last);
    word = &page->words[at];
    word->alternative_count = 0;
    word[1] = *word;
    word[1].raw = word[1].text = word->raw + head;
    word->raw = word->text = text;
    word[1].box.x0 = x;
    word->box.x1 = end;
    page->lines[word->line].word_count++;
    for (size_t l = (size_t)word->line + 1; l < page->line_count; l++)
        page->lines[l].first_word++;
    return true;
}

/* Splits before run `run` when it stands apart from the one before it. */
static void split_at_run(struct settling *settling, size_t head, size_t run)
{
    const int end = settling->runs[run - 1].end, next = settling->runs[run].first;
    const char before = word_of(settling)->raw[head - 1];

    if ((float)(next - end) > tolka_signs_blank_after(before) * settling->size)
        tolka_signs_split_word(settling->page, settling->at, head, end, next);
}

static enum tolka_shape shape_of_runs(const struct settling *settling, size_t first, size_t end)
{
    const struct tolka_box box = word_of(settling)->box;
    const struct tolka_box part = {settling->runs[first].first, box.y0, settling->runs[end - 1].end, box.y1};
    const float wide = (float)tolka_box_width(part);

    if (wide > SIGN_MOST * settling->size)
        return TOLKA_SHAPE_OTHER;
    return tolka_shape_of(settling->picture, part);
}

/* Read as a dollar sign, alone or with what section signs are read as beside. */
static bool is_dollar(const char *raw)
{
    return strspn(raw, "$8S&") == strlen(raw) && strchr(raw, '$');
}

/* The shape of a section sign; a blurred one will do where the reading is a dollar sign. */
static bool is_section_run(const struct settling *settling, size_t run, bool was_dollar)
{
    const enum tolka_shape shape = shape_of_runs(settling, run, run + 1);

    return shape == TOLKA_SHAPE_SECTION || (was_dollar && shape == TOLKA_SHAPE_SLENDER);
}

/* A star stands high: its foot is over the feet of the words beside it. */
static bool stands_high(const struct settling *settling)
{
    const struct tolka_word *word = word_of(settling);
    const struct tolka_line *line = &settling->page->lines[word->line];
    const struct tolka_ink ink = tolka_picture_ink(settling->picture, word->box);
    const struct tolka_word *beside =
        line->first_word + line->word_count > (int)settling->at + 1 ? word + 1 : word - 1;
    struct tolka_box other;

    if (line->word_count < 2)
        return false;
    other = tolka_picture_ink(settling->picture, beside->box).box;
    return (float)(ink.box.y1 - other.y0) < STAR_FOOT * (float)tolka_box_height(other) &&
           (float)tolka_box_width(ink.box) < 0.55F * settling->size;
}

/* A lone percent sign is one run of ink and follows a figure: P and å beside each other have its holes too.
 */
static bool may_be_percent(const struct settling *settling)
{
    const struct tolka_word *word = word_of(settling);
    const char *before;

    if (settling->run_count != 1 || (int)settling->at == settling->page->lines[word->line].first_word)
        return false;
    before = word[-1].raw;
    return before[strlen(before) - 1] >= '0' && before[strlen(before) - 1] <= '9';
}

/* A word of at most three characters that is one sign. */
static bool settle_lone(struct settling *settling)
{
    static const char *const TEXTS[] = {[TOLKA_SHAPE_PERCENT] = "%",
                                        [TOLKA_SHAPE_HALF] = HALF,
                                        [TOLKA_SHAPE_SECTION] = SECTION,
                                        [TOLKA_SHAPE_NUMBER] = "#",
                                        [TOLKA_SHAPE_STAR] = "*"};
    const char *raw = word_of(settling)->raw;
    const bool was_dollar = is_dollar(raw);
    enum tolka_shape shape;

    if (tolka_utf8_count(raw) > MAX_LOST)
        return false;
    if (settling->run_count == 2 && is_section_run(settling, 0, was_dollar) &&
        is_section_run(settling, 1, was_dollar)) {
        set_text(settling, SECTION SECTION);
        return true;
    }
    shape = shape_of_runs(settling, 0, settling->run_count);
    if (shape == TOLKA_SHAPE_SLENDER && was_dollar && settling->run_count == 1)
        shape = TOLKA_SHAPE_SECTION;
    if (shape == TOLKA_SHAPE_PERCENT && !may_be_percent(settling))
        return false;
    if (shape == TOLKA_SHAPE_OTHER || shape == TOLKA_SHAPE_SLENDER ||
        (shape == TOLKA_SHAPE_STAR && !stands_high(settling)))
        return false;
    set_text(settling, TEXTS[shape]);
    return true;
}

/* The digits in the first `runs` runs, by their widths; 0 where one may hold another number of them. */
static size_t count_digits(const struct settling *settling, size_t runs)
{
    size_t digits = 0;

    for (size_t i = 0; i < runs; i++) {
        const float wide = (float)(settling->runs[i].end - settling->runs[i].first) / settling->size;
        if (wide > DIGIT_MOST && (wide < TWO_LEAST || wide > TWO_MOST))
            return 0;
        digits += wide > DIGIT_MOST ? 2 : 1;
    }
    return digits;
}

/* The bytes of the figure that the first `runs` runs make up when at most MAX_LOST characters follow it in
 * `text`; else 0. */
static size_t figure_of_runs(const struct settling *settling, const char *text, size_t runs)
{
    const size_t digits = count_digits(settling, runs);

    if (digits == 0 || digits > strlen(text) || strspn(text, "0123456789,.-+") < digits)
        return 0;
    if (tolka_utf8_count(text) > digits + MAX_LOST || text[digits - 1] < '0' || text[digits - 1] > '9')
        return 0;
    return digits;
}

/* What the last `count` runs of a word are, which were read as `raw`: a percent sign is one run, a half may
 * be three. */
static const char *tail_sign(const struct settling *settling, size_t count, const char *raw)
{
    const enum tolka_shape shape = shape_of_runs(settling, settling->run_count - count, settling->run_count);

    if (shape == TOLKA_SHAPE_HALF)
        return HALF;
    if (count > 1)
        return NULL;
    if (shape == TOLKA_SHAPE_SECTION || (shape == TOLKA_SHAPE_SLENDER && is_dollar(raw)))
        return SECTION;
    return shape == TOLKA_SHAPE_PERCENT ? "%" : NULL;
}

/* A figure and its sign in one word: 4596 for 45%, 78 for 7 §. */
static bool settle_tail(struct settling *settling)
{
    const char *raw = word_of(settling)->raw;
    char text[MAX_TEXT];

    for (size_t n = 1; n <= MAX_SIGN_RUNS && n < settling->run_count; n++) {
        const size_t first = settling->run_count - n, head = figure_of_runs(settling, raw, first);
        const char *sign = head > 0 && head < MAX_TEXT / 2 ? tail_sign(settling, n, raw + head) : NULL;
        if (!sign)
            continue;
        snprintf(text, sizeof text, "%.*s%s", (int)head, raw, sign);
        set_text(settling, text);
        split_at_run(settling, head, first);
        return true;
    }
    return false;
}

/* The digits before a section sign in a word, by the first run that has its shape; SIZE_MAX for none. */
static size_t find_section(const struct settling *settling, const char *raw)
{
    enum { MOST_DIGITS = 3 };
    const size_t digits = strspn(raw, "0123456789");

    for (size_t i = 0; i <= digits && i <= MOST_DIGITS && i + 1 < settling->run_count; i++) {
        if (raw[i] && strchr("85$S&", raw[i]) && is_section_run(settling, i, raw[i] == '$'))
            return i;
    }
    return SIZE_MAX;
}

/* A section sign that ran into what follows it: Slagen for § lagen, 2S$lagen for 2 § lagen. */
static bool settle_section_in_word(struct settling *settling)
{
    const char *raw = word_of(settling)->raw;
    const size_t digits = find_section(settling, raw);
    size_t signs, tail;
    char text[MAX_TEXT];

    if (digits == SIZE_MAX)
        return false;
    signs = strspn(raw + digits, "85$S&");
    tail = strlen(raw + digits + signs);
    if (signs > 2 || tail == 0 || digits + tail > MAX_TEXT / 2)
        return false;
    snprintf(text, sizeof text, "%.*s" SECTION "%s", (int)digits, raw, raw + digits + signs);
    set_text(settling, text);
    split_at_run(settling, digits + strlen(SECTION), digits + 1);
    if (digits > 0)
        split_at_run(settling, digits, digits);
    return true;
}

/* #41, which is read 441, H41 or £41. */
static bool settle_number(struct settling *settling)
{
    const char *raw = word_of(settling)->raw;
    uint32_t code;
    const size_t length = strlen(raw), sign = tolka_utf8_decode(raw, length, &code);
    const size_t digits = strspn(raw + sign, "0123456789");
    char text[MAX_TEXT];

    if (digits == 0 || sign + digits != length || digits > MAX_TEXT / 2 || settling->run_count != digits + 1)
        return false;
    if (shape_of_runs(settling, 0, 1) != TOLKA_SHAPE_NUMBER)
        return false;
    snprintf(text, sizeof text, "#%s", raw + sign);
    set_text(settling, text);
    return true;
}

static bool may_be_umlaut(uint32_t code)
{
    return code == 'u' || code == 0xE4 || code == 0xF6;
}

static bool has_umlaut_like(const char *text)
{
    return strchr(text, 'u') || strstr(text, "\u00E4") || strstr(text, "\u00F6");
}

/* The character, of those that ü is read as, that stands nearest to column `x`; SIZE_MAX when none is near.
 */
static size_t nearest_umlaut(const struct settling *settling, const char *raw, int x)
{
    const struct tolka_run *runs = settling->runs;
    const float left = (float)runs[0].first, wide = (float)runs[settling->run_count - 1].end - left;
    const size_t length = strlen(raw), count = tolka_utf8_count(raw);
    float best = MOST_OFF;
    size_t found = SIZE_MAX, n = 0;
    uint32_t code;

    for (size_t at = 0; at < length; n++) {
        const size_t bytes = tolka_utf8_decode(raw + at, length - at, &code);
        const float place = count == settling->run_count ? (float)(runs[n].first + runs[n].end) / 2
                                                         : left + ((float)n + 0.5F) * wide / (float)count;
        const float off = fabsf((float)x - place) * (float)count / wide;
        if (may_be_umlaut(code) && off < best) {
            best = off;
            found = at;
        }
        at += bytes;
    }
    return found;
}

/* ü is read ä, ö or u. */
static void settle_umlauts(struct settling *settling)
{
    const char *raw = word_of(settling)->raw;
    int middles[MAX_UMLAUTS];
    size_t count = 0;
    char text[MAX_TEXT];

    if (strlen(raw) < MAX_TEXT / 2 && has_umlaut_like(raw))
        count = tolka_shape_find_umlauts(settling->picture, word_of(settling)->box, middles, MAX_UMLAUTS);
    for (size_t i = 0; i < count; i++) {
        const size_t at = nearest_umlaut(settling, raw, middles[i]);
        uint32_t code;
        size_t bytes;
        if (at == SIZE_MAX)
            continue;
        bytes = tolka_utf8_decode(raw + at, strlen(raw + at), &code);
        snprintf(text, sizeof text, "%.*s\u00FC%s", (int)at, raw, raw + at + bytes);
        set_text(settling, text);
        raw = word_of(settling)->raw;
    }
}

/* The box of a figure that was read with its sign often reaches over the sign, which is the next word. */
static void clip_to_next(struct settling *settling)
{
    struct tolka_word *word = word_of(settling);
    const struct tolka_line *line = &settling->page->lines[word->line];

    if ((int)settling->at + 1 < line->first_word + line->word_count && word[1].box.x0 > word->box.x0 &&
        word[1].box.x0 < word->box.x1)
        word->box.x1 = word[1].box.x0;
}

static void settle_word(struct settling *settling)
{
    const struct tolka_word *word = word_of(settling);

    clip_to_next(settling);
    settling->size = settling->page->lines[word->line].size_px;
    settling->run_count = tolka_picture_runs(settling->picture, word->box, settling->runs, MAX_RUNS);
    if (settling->run_count == 0 || settling->run_count > MAX_RUNS)
        return;
    if (settle_lone(settling) || settle_tail(settling) || settle_number(settling) ||
        settle_section_in_word(settling))
        return;
    settle_umlauts(settling);
}

void tolka_signs_settle(const struct tolka_picture *picture, struct tolka_page *page)
{
    struct settling settling = {.picture = picture, .page = page};

    for (settling.at = 0; settling.at < page->word_count; settling.at++)
        settle_word(&settling);
}
