/*
 * What a page's words are like: the usual height of print and width of a letter, what is left of the page's
 * skew, and which words are printed larger than the rest.
 */
#include "base/order.h"
#include "base/utf8.h"
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

/* In units of the median word height (about 0.75 em), but for the shares. */
static const float PRINT_SHARE = 0.72f; /* of a font's height: what the median word's print fills */
static const float LONG_LINE =
    10; /* units between the middles of a line's first and last words, for its slope to count */
static const float MOST_SLOPE = 0.03f; /* deskewing leaves less */
static const float LARGE_PRINT = 1.6f; /* times the unit: a section's heading */
static const float LARGE_ADVANCE =
    1.0f; /* times the usual width of a letter, of words with one letter more */

enum { SLOPE_WORDS = 2, LEAST_SLOPES = 4, LONG_WORD = 4, LEAST_ADVANCES = 8 };

/* No letter of the word reaches above or below the small ones. */
static bool is_low_word(const char *text)
{
    return strlen(text) > 1 && strspn(text, "acemnorsuvwxz") == strlen(text);
}

/*
 * A text layer's boxes are as high as the font, whatever the letters: "en" is as high as "2024". A
 * recogniser's are as high as the print. Puts the median height of low words and of words with digits side by
 * side; `heights` is room for both.
 */
static bool are_font_boxes(const struct tolka_page *page, int *heights)
{
    size_t low = 0, high = 0, count = page->word_count;

    for (size_t i = 0; i < count; i++) {
        const struct tolka_word *word = &page->words[i];
        if (!grid_is_sane(word->box))
            continue;
        if (is_low_word(word->text))
            heights[low++] = tolka_box_height(word->box);
        else if (word->text[0] >= '0' && word->text[0] <= '9')
            heights[count - ++high] = tolka_box_height(word->box);
    }
    if (low < 3 || high < 3)
        return page->origin == TOLKA_ORIGIN_TEXT;
    qsort(heights, low, sizeof *heights, tolka_order_ints);
    qsort(heights + count - high, high, sizeof *heights, tolka_order_ints);
    return 100 * heights[low / 2] >= 92 * heights[count - high + high / 2];
}

/* The slope of a line from its first words to its last; false for a short one. */
static bool line_slope(const struct grid_search *search, const struct tolka_line *line, float *slope)
{
    const struct tolka_word *first = search->page->words + line->first_word,
                            *last = first + line->word_count - SLOPE_WORDS;
    int x = 0, y = 0;

    if (line->word_count < 2 * SLOPE_WORDS)
        return false;
    for (int i = 0; i < SLOPE_WORDS; i++) {
        if (!grid_is_sane(first[i].box) || !grid_is_sane(last[i].box))
            return false;
        x += last[i].box.x0 + last[i].box.x1 - first[i].box.x0 - first[i].box.x1;
        y += last[i].box.y0 + last[i].box.y1 - first[i].box.y0 - first[i].box.y1;
    }
    *slope = x ? (float)y / (float)x : 0;
    return (float)x > 2 * SLOPE_WORDS * LONG_LINE * search->unit_px && *slope > -MOST_SLOPE &&
           *slope < MOST_SLOPE;
}

/* What deskewing left over, from the lines that the recogniser made: the median is not moved by a few that it
 * joined wrongly. */
static bool measure_slope(struct grid_search *search)
{
    const struct tolka_page *page = search->page;
    float *slopes = tolka_arena_array(&search->scratch, page->line_count + 1, sizeof *slopes);
    size_t count = 0;

    if (!slopes)
        return false;
    for (size_t i = 0; i < page->line_count; i++)
        count += line_slope(search, &page->lines[i], &slopes[count]);
    search->slope = count >= LEAST_SLOPES ? tolka_median_floats(slopes, count) : 0;
    return true;
}

/* The median width of a letter, from the longer words. */
static bool measure_advance(struct grid_search *search)
{
    const struct tolka_page *page = search->page;
    float *advances = tolka_arena_array(&search->scratch, page->word_count + 1, sizeof *advances);
    size_t count = 0;

    if (!advances)
        return false;
    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        const size_t letters = tolka_utf8_count(word->text);

        if (letters >= LONG_WORD && grid_is_sane(word->box) && !tolka_box_is_empty(word->box))
            advances[count++] = (float)tolka_box_width(word->box) / (float)letters;
    }
    search->advance_px = count >= LEAST_ADVANCES ? tolka_median_floats(advances, count) : 0;
    return true;
}

bool grid_is_large_word(const struct grid_search *search, int word)
{
    const struct tolka_word *w = &search->page->words[word];
    const float advance = (float)tolka_box_width(w->box) / (float)(tolka_utf8_count(w->text) + 1);

    /* A speck or a rule that touches a word makes its box taller, not wider; a letter more or less. */
    return (float)tolka_box_height(w->box) > LARGE_PRINT * search->unit_px &&
           (search->advance_px <= 0 || advance > LARGE_ADVANCE * search->advance_px);
}

bool grid_search_init(struct grid_search *search, struct tolka_page *page)
{
    size_t count = page->word_count, used = 0;
    int *heights = tolka_arena_array(&search->scratch, count + 1, sizeof *heights);
    bool font_boxes;

    search->page = page;
    search->taken = tolka_arena_alloc(&search->scratch, count + 1);
    if (!heights || !search->taken)
        return false;
    font_boxes = are_font_boxes(page, heights);
    for (size_t i = 0; i < count; i++) {
        if (grid_is_sane(page->words[i].box) && !tolka_box_is_empty(page->words[i].box) &&
            strlen(page->words[i].text) > 1)
            heights[used++] = tolka_box_height(page->words[i].box);
    }
    search->unit_px = (used ? (float)tolka_median_ints(heights, used) : 30) * (font_boxes ? PRINT_SHARE : 1);
    if (search->unit_px < 4)
        search->unit_px = 4;
    return measure_slope(search) && measure_advance(search);
}
