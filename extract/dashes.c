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

/* Hyphens with a character on either side. */
static size_t count_hyphens(const char *text)
{
    size_t count = 0;

    for (const char *c = text; *c; c++)
        count += c > text && *c == '-' && c[1] && c[1] != '-' && c[-1] != '-';
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
static bool is_en_dash(const char *hyphen, int width_px, float size)
{
    const bool at_digit = (hyphen[-1] >= '0' && hyphen[-1] <= '9') || (hyphen[1] >= '0' && hyphen[1] <= '9');

    return tolka_dash_is_long(width_px, size) || (at_digit && (float)width_px >= LONG_AT_DIGIT * size);
}

/* `text` with an en dash for each long one of its hyphens. */
static const char *with_dashes(struct tolka_arena *arena, const char *text, const int *widths, float size)
{
    static const char DASH[] = "\u2013";
    const size_t length = strlen(text);
    char *out = tolka_arena_alloc(arena, length + MAX_DASHES * (sizeof DASH - 1) + 1);
    size_t at = 0, dash = 0;

    for (size_t i = 0; out && i < length; i++) {
        const bool inside = text[i] == '-' && i > 0 && i + 1 < length;
        if (inside && is_en_dash(text + i, widths[dash++], size)) {
            memcpy(out + at, DASH, sizeof DASH - 1);
            at += sizeof DASH - 1;
        } else {
            out[at++] = text[i];
        }
    }
    if (out)
        out[at] = '\0';
    return out;
}

static void settle_word(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_word *word,
                        float size)
{
    const size_t hyphens = strstr(word->raw, "--") ? 0 : count_hyphens(word->raw);
    int widths[MAX_DASHES];
    const char *text;

    if (hyphens == 0 || hyphens > MAX_DASHES || measure_dashes(picture, word->box, size, widths) != hyphens)
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
