/*
 * A hyphen is a quarter to a third of the size long, an en dash half of it, in all common faces. The dashes
 * of a word are found as stretches of columns whose ink is flat and half way down, for a long dash touches
 * its neighbours in some faces; they count only when there are as many as the word has hyphens between its
 * characters, so that it is plain which is which.
 */
#include "extract/dashes.h"

#include "base/utf8.h"
#include "extract/image.h"

#include <stdlib.h>
#include <string.h>

static const float LEAST = 0.15F, LONG = 0.4F, LONG_AT_DIGIT = 0.32F,
                   MOST = 1.3F; /* lengths, shares of the size */
static const float THICK = 0.2F, FLAT = 1.8F, LEAST_FILL = 0.6F;

/* A dash is so much longer than a letter's bar. */
static const float LEAD = 1.3F;

/* The middle of a dash lies between these shares of its word's height. */
static const float HIGHEST = 0.42F, LOWEST = 0.75F;

enum { MAX_DASHES = 8, YEAR_DIGITS = 4 };

bool tolka_dash_is_long(int width_px, float size_px)
{
    return (float)width_px >= LONG * size_px;
}

bool tolka_dash_is_shaped(struct tolka_box ink, float size_px)
{
    const float w = (float)tolka_box_width(ink), h = (float)tolka_box_height(ink);

    return w >= FLAT * h && w >= LEAST * size_px && w <= MOST * size_px && h <= THICK * size_px;
}

bool tolka_dash_is_inked(const struct tolka_ink *ink, float size_px)
{
    const float room = (float)tolka_box_width(ink->box) * (float)tolka_box_height(ink->box);

    return tolka_dash_is_shaped(ink->box, size_px) && (float)ink->dark >= LEAST_FILL * room;
}

/* Bytes of the marks at `text` that one dash is read as, often several times over; 0 where there is none. */
static size_t dash_bytes(const char *text)
{
    static const char *const MARKS[] = {"-", "\u2013", "\u2014"};
    size_t bytes = 0, i = 0;

    while (i < sizeof MARKS / sizeof *MARKS) {
        const size_t length = strlen(MARKS[i]);
        const bool found = strncmp(text + bytes, MARKS[i], length) == 0;
        bytes += found ? length : 0;
        i = found ? 0 : i + 1;
    }
    return bytes;
}

/* Dashes with a character on either side. */
static size_t count_dashes(const char *text)
{
    size_t count = 0;

    for (const char *c = text + dash_bytes(text); *c;) {
        const size_t bytes = dash_bytes(c);
        count += bytes > 0 && c[bytes] != '\0';
        c += bytes ? bytes : 1;
    }
    return count;
}

/* The ink of one column of a word. */
struct column {
    int top, bottom; /* rows; bottom just below */
};

static struct column look_at_column(const unsigned char *ink, int width, int height, int x)
{
    struct column column = {height, 0};

    for (int y = 0; y < height; y++) {
        if (!ink[y * width + x])
            continue;
        column.top = y < column.top ? y : column.top;
        column.bottom = y + 1;
    }
    return column;
}

/* Is the column's ink flat and half way down, as a dash's is? */
static bool is_of_dash(struct column column, int height, float size)
{
    const float middle = (float)(column.top + column.bottom) / 2;

    return column.bottom > column.top && (float)(column.bottom - column.top) <= THICK * size &&
           middle > HIGHEST * (float)height && middle < LOWEST * (float)height;
}

/* The widths of the stretches of columns with a dash's ink, which may touch the characters beside it; their
 * number. */
static size_t measure_dashes(const struct tolka_picture *picture, struct tolka_box box, float size,
                             int widths[MAX_DASHES])
{
    const struct tolka_box tight = tolka_picture_ink(picture, box).box;
    const int width = tolka_box_width(tight), height = tolka_box_height(tight);
    unsigned char *ink = width > 0 ? malloc((size_t)width * (size_t)height) : NULL;
    size_t found = 0;
    int first = -1;

    if (!ink)
        return 0;
    tolka_picture_copy_ink(picture, tight, ink);
    for (int x = 0; x <= width; x++) {
        const bool flat = x < width && is_of_dash(look_at_column(ink, width, height, x), height, size);
        if (flat && first < 0)
            first = x;
        if (flat || first < 0)
            continue;
        if ((float)(x - first) >= LEAST * size && (float)(x - first) <= MOST * size && found < MAX_DASHES)
            widths[found++] = x - first;
        first = -1;
    }
    free(ink);
    return found;
}

/* Digits on end at `text` + `at`, counted in steps of `step`. */
static int count_digits(const char *text, size_t at, int step)
{
    int count = 0;

    while (tolka_is_digit(text[at])) {
        count++;
        if (at == 0 && step < 0)
            break;
        at += (size_t)step;
    }
    return count;
}

/*
 * Beside a figure a dash is more likely than a hyphen, and narrow faces have short ones; a number with more
 * digits on either side than a year has is no range (769600-1234). The dash takes `bytes` at text + `at`.
 */
static bool is_en_dash(const char *text, size_t at, size_t bytes, int width_px, float size)
{
    const int before = count_digits(text, at - 1, -1), after = count_digits(text, at + bytes, 1);
    const bool at_figure = before + after > 0 && before <= YEAR_DIGITS && after <= YEAR_DIGITS;

    return tolka_dash_is_long(width_px, size) || (at_figure && (float)width_px >= LONG_AT_DIGIT * size);
}

/* `text` with one dash or hyphen for each of its dashes. */
static const char *with_dashes(struct tolka_arena *arena, const char *text, const int *widths, float size)
{
    static const char DASH[] = "\u2013";
    const size_t length = strlen(text), lead = dash_bytes(text);
    char *out = tolka_arena_alloc(arena, length + MAX_DASHES * (sizeof DASH - 1) + 1);
    size_t at = lead, dash = 0;

    if (!out)
        return NULL;
    memcpy(out, text, lead);
    for (size_t i = lead; i < length;) {
        const size_t bytes = dash_bytes(text + i);
        if (bytes == 0 || i + bytes == length) {
            out[at++] = text[i++];
            continue;
        }
        if (is_en_dash(text, i, bytes, widths[dash++], size)) {
            memcpy(out + at, DASH, sizeof DASH - 1);
            at += sizeof DASH - 1;
        } else {
            out[at++] = '-';
        }
        i += bytes;
    }
    out[at] = '\0';
    return out;
}

/* Leaves the longest of several stretches, when no other is nearly as long: bars of letters make short ones.
 */
static size_t keep_longest(int *widths, size_t count)
{
    size_t longest = 0;

    for (size_t i = 1; i < count; i++)
        longest = widths[i] > widths[longest] ? i : longest;
    for (size_t i = 0; i < count; i++) {
        if (i != longest && LEAD * (float)widths[i] > (float)widths[longest])
            return count;
    }
    widths[0] = widths[longest];
    return 1;
}

static void settle_word(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_word *word,
                        float size)
{
    const size_t dashes = count_dashes(word->raw);
    int widths[MAX_DASHES];
    const char *text;
    size_t found;

    if (dashes == 0 || dashes > MAX_DASHES)
        return;
    found = measure_dashes(picture, word->box, size, widths);
    if (dashes == 1 && found > 1)
        found = keep_longest(widths, found);
    if (found != dashes)
        return;
    text = with_dashes(&page->arena, word->raw, widths, size);
    if (!text || strcmp(text, word->raw) == 0)
        return;
    word->raw = word->text = text;
    word->alternative_count = 0;
    word->flags |= TOLKA_WORD_SECOND_LOOK;
}

void tolka_dashes_settle(const struct tolka_picture *picture, struct tolka_page *page)
{
    for (size_t i = 0; i < page->word_count; i++)
        settle_word(picture, page, &page->words[i], page->lines[page->words[i].line].size_px);
}
