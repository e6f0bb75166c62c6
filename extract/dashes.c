/*
 * A hyphen is a quarter to a third of the size long, an en dash half of it, in all common faces. The dashes
 * of a word are found as runs of columns whose ink is flat; they count only when there are as many as the
 * word has hyphens between its characters, so that it is plain which is which.
 */
#include "extract/dashes.h"

#include "extract/image.h"

#include <string.h>

static const float LEAST = 0.15F, LONG = 0.43F, LONG_AT_DIGIT = 0.36F,
                   MOST = 1.3F; /* lengths, shares of the size */
static const float THICK = 0.2F, FLAT = 1.8F;

enum { MAX_RUNS = 64, MAX_DASHES = 8 };

bool tolka_dash_is_long(int width_px, float size_px)
{
    return (float)width_px >= LONG * size_px;
}

bool tolka_dash_is_shaped(struct tolka_box ink, float size_px)
{
    const float w = (float)tolka_box_width(ink), h = (float)tolka_box_height(ink);

    return w >= FLAT * h && w >= LEAST * size_px && w <= MOST * size_px && h <= THICK * size_px;
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

/* The widths of the word's flat runs; their number, which may be more than MAX_DASHES. */
static size_t measure_dashes(const struct tolka_picture *picture, struct tolka_box box, float size,
                             int widths[MAX_DASHES])
{
    struct tolka_run runs[MAX_RUNS];
    const size_t count = tolka_picture_runs(picture, box, runs, MAX_RUNS);
    size_t found = 0;

    if (count > MAX_RUNS)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct tolka_box column = {runs[i].first, box.y0, runs[i].end, box.y1};
        const struct tolka_ink ink = tolka_picture_ink(picture, column);
        if (!tolka_dash_is_shaped(ink.box, size))
            continue;
        if (found < MAX_DASHES)
            widths[found] = tolka_box_width(ink.box);
        found++;
    }
    return found;
}

/* Between figures a dash is more likely than a hyphen; narrow faces have short ones. */
static bool is_en_dash(char before, char after, int width_px, float size)
{
    const bool at_digit = (before >= '0' && before <= '9') || (after >= '0' && after <= '9');

    return tolka_dash_is_long(width_px, size) || (at_digit && (float)width_px >= LONG_AT_DIGIT * size);
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
        if (is_en_dash(text[i - 1], text[i + bytes], widths[dash++], size)) {
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

static void settle_word(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_word *word,
                        float size)
{
    const size_t dashes = count_dashes(word->raw);
    int widths[MAX_DASHES];
    const char *text;

    if (dashes == 0 || dashes > MAX_DASHES || measure_dashes(picture, word->box, size, widths) != dashes)
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
