/*
 * A dash alone in a cell says that there is nothing to tell. It is too little ink for page segmentation to
 * find and for a recogniser to be sure of, but its place tells it from dirt: level with the middle of a row's
 * print, blank on either side, and over or under figures.
 */
#include "extract/lone_dashes.h"

#include "base/utf8.h"
#include "extract/dashes.h"
#include "extract/layout.h"

#include <math.h>
#include <string.h>

enum { MAX_FLATS = 200, MOST_DASHES = 60 };

/* Where the middle of a dash lies, from the top of a word of its row, in heights of the word. */
static const float HIGHEST = 0.3F, LOWEST = 0.75F;

/* In sizes of print: the blank on either side; how far off its column's edge or middle it may stand; how far
 * over or under it the column's figures may. */
static const float BLANK = 0.8F, ASIDE = 1.5F, REACH = 14;

/* Shorter ink (in sizes) is a speck. */
static const float LEAST_LENGTH = 0.2F;

static const float LONE_DASH_CONFIDENCE = 0.8F;

static bool is_dash(const char *text)
{
    return strcmp(text, "-") == 0 || strcmp(text, "\u2013") == 0 || strcmp(text, "\u2014") == 0;
}

/* A figure, or a dash in the place of one. */
static bool is_entry(const char *text)
{
    const size_t length = strlen(text);
    size_t digits = 0;

    for (const char *c = text; *c; c++)
        digits += tolka_is_digit(*c);
    return is_dash(text) || (digits > 0 && 2 * digits >= length);
}

/* Is the box level with the middle of the word's print? */
static bool is_level(struct tolka_box box, const struct tolka_word *word)
{
    const float middle = (float)(box.y0 + box.y1) / 2 - (float)word->box.y0,
                high = (float)tolka_box_height(word->box);

    return !is_dash(word->raw) && middle >= HIGHEST * high && middle <= LOWEST * high;
}

/* The size of the print on the row of the box; 0 where there is none, or where it stands too close. */
static float size_of_row(const struct tolka_page *page, size_t word_count, struct tolka_box box)
{
    float size = 0, nearest = INFINITY;

    for (size_t i = 0; i < word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        const float gap = (float)tolka_box_gap_across(box, word->box);
        if (!tolka_box_share_rows(box, word->box))
            continue;
        if (is_level(box, word) && (size == 0 || gap < nearest))
            size = page->lines[word->line].size_px;
        nearest = fminf(nearest, gap);
    }
    return nearest < BLANK * size ? 0 : size;
}

/* Whether figures stand over or under the box, flush with it or centred as it is. */
static bool is_in_column(const struct tolka_page *page, size_t word_count, struct tolka_box box, float size)
{
    for (size_t i = 0; i < word_count; i++) {
        const struct tolka_box other = page->words[i].box;
        const float edge = fabsf((float)(other.x1 - box.x1)),
                    middle = fabsf((float)(other.x0 + other.x1 - box.x0 - box.x1)) / 2,
                    down = fabsf((float)(other.y0 + other.y1 - box.y0 - box.y1)) / 2;
        if (!tolka_box_share_rows(box, other) && down <= REACH * size &&
            fminf(edge, middle) <= ASIDE * size && is_entry(page->words[i].raw))
            return true;
    }
    return false;
}

/* Whether other flat ink stands close by on the row: a dashed line. */
static bool has_company(const struct tolka_box *flats, size_t count, size_t at, float size)
{
    for (size_t i = 0; i < count; i++) {
        if (i != at && tolka_box_share_rows(flats[i], flats[at]) &&
            (float)tolka_box_gap_across(flats[i], flats[at]) < BLANK * size)
            return true;
    }
    return false;
}

/* A hyphen or a dash, and no speck of much the same shape. */
static bool is_dash_ink(const struct tolka_picture *picture, struct tolka_box box, float size)
{
    const struct tolka_ink ink = tolka_picture_ink(picture, box);

    return (float)tolka_box_width(box) >= LEAST_LENGTH * size && tolka_dash_is_inked(&ink, size);
}

static bool add_dash(struct tolka_page *page, struct tolka_box box, float size)
{
    struct tolka_line *line = tolka_page_add_line(page);
    struct tolka_word *word = line ? tolka_page_add_word(page) : NULL;

    if (!word)
        return false;
    *line = (struct tolka_line){.box = box,
                                .first_word = (int)page->word_count - 1,
                                .word_count = 1,
                                .block = TOLKA_BLOCK_UNPLACED,
                                .size_px = size,
                                .grid = -1};
    word->box = box;
    word->raw = word->text = tolka_dash_is_long(tolka_box_width(box), size) ? "\u2013" : "-";
    word->confidence = LONE_DASH_CONFIDENCE;
    word->line = (int)page->line_count - 1;
    word->flags = TOLKA_WORD_SECOND_LOOK;
    return true;
}

void tolka_lone_dashes_add(const struct tolka_picture *picture, struct tolka_page *page)
{
    struct tolka_box flats[MAX_FLATS];
    const size_t count = tolka_picture_flats(picture, page, flats, MAX_FLATS), words = page->word_count;
    size_t added = 0;

    for (size_t i = 0; i < count && added < MOST_DASHES; i++) {
        const float size = size_of_row(page, words, flats[i]);
        if (size <= 0 || !is_dash_ink(picture, flats[i], size) || has_company(flats, count, i, size) ||
            !is_in_column(page, words, flats[i], size))
            continue;
        if (!add_dash(page, flats[i], size))
            return;
        added++;
    }
}
