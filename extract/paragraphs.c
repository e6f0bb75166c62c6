/*
 * Where paragraphs begin among the lines of one column: at white wider than usual, at print of another size
 * or weight, at a bullet, at an indented line behind a sentence's end, and where the line before was left
 * though the next word would have had room on it.
 */
#include "base/order.h"
#include "extract/layout.h"
#include "extract/layout_int.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* More white than usual by this share of the size parts blocks; so does print larger or smaller by this. */
static const float BLOCK_GAP = 0.3F, SIZE_STEP = 1.12F;

/* Shares of the size: a first line is indented by more than this; lines of one edge differ by less. */
static const float INDENT = 0.7F, SAME_EDGE = 0.35F;

/* The usual white between two lines, which is that within paragraphs. */
static int usual_gap(const struct tolka_line *lines, int count, int *gaps)
{
    size_t n = 0;

    for (int i = 1; i < count; i++) {
        const int gap = lines[i].box.y0 - lines[i - 1].box.y1;
        if (gap > -tolka_box_height(lines[i].box) && gap < 2 * tolka_box_height(lines[i].box))
            gaps[n++] = gap;
    }
    return tolka_median_ints(gaps, n);
}

static const char *first_word(const struct tolka_page *page, const struct tolka_line *line)
{
    return line->word_count ? page->words[line->first_word].text : "";
}

bool tolka_is_bullet(const char *word)
{
    static const char *const BULLETS[] = {"\xE2\x80\xA2", "\xE2\x96\xAA",
                                          "\xE2\x97\x8F", "\xE2\x97\xA6",
                                          "\xE2\x96\xA0", "\xE2\x9E\xA2",
                                          "\xE2\x9C\x93", "-",
                                          "\xE2\x80\x93", "*"};

    for (size_t i = 0; i < sizeof BULLETS / sizeof *BULLETS; i++) {
        if (strcmp(word, BULLETS[i]) == 0)
            return true;
    }
    return false;
}

/* "1.", "12)", "a)" */
bool tolka_is_item_number(const char *word)
{
    const size_t digits = strspn(word, "0123456789"),
                 label = digits                                               ? digits
                         : word[0] >= 'a' && word[0] <= 'z' && word[1] == ')' ? 1
                                                                              : 0;

    return label > 0 && label <= 2 && (word[label] == ')' || word[label] == '.') && word[label + 1] == '\0';
}

static bool opens_item(const struct tolka_page *page, const struct tolka_line *line)
{
    return line->word_count > 1 &&
           (tolka_is_bullet(first_word(page, line)) || tolka_is_item_number(first_word(page, line)));
}

static bool ends_sentence(const struct tolka_page *page, const struct tolka_line *line)
{
    const char *last = line->word_count ? page->words[line->first_word + line->word_count - 1].text : "";
    const size_t length = strlen(last);

    return length > 0 && strchr(".:!?", last[length - 1]) != NULL;
}

static bool opens_sentence(const struct tolka_page *page, const struct tolka_line *line)
{
    const uint32_t code = tolka_utf8_first(first_word(page, line));

    return tolka_utf8_is_upper(code) || (code >= '0' && code <= '9');
}

/* The edges of the column that lines i - 1 and i stand in: the farthest of the lines around them of their
 * size. */
static void find_edges(const struct tolka_line *lines, int count, int i, int *left, int *right)
{
    enum { AROUND = 12 };

    *left = lines[i].box.x0;
    *right = lines[i].box.x1;
    for (int k = i - AROUND < 0 ? 0 : i - AROUND; k < count && k < i + AROUND; k++) {
        if (lines[k].size_px > SIZE_STEP * lines[i].size_px ||
            lines[i].size_px > SIZE_STEP * lines[k].size_px)
            continue;
        *left = lines[k].box.x0 < *left ? lines[k].box.x0 : *left;
        *right = lines[k].box.x1 > *right ? lines[k].box.x1 : *right;
    }
}

/* The line before was left though there was room on it, or this one is indented. */
static bool breaks_line(const struct tolka_page *page, const struct tolka_line *lines, int count, int i)
{
    const struct tolka_line *line = &lines[i], *before = &lines[i - 1];
    const float size = line->size_px;
    int left, right, room;

    if (!ends_sentence(page, before) || !opens_sentence(page, line))
        return false;
    find_edges(lines, count, i, &left, &right);
    room = right - before->box.x1 - tolka_box_width(page->words[line->first_word].box);
    if ((float)room > size)
        return true;
    return (float)(line->box.x0 - left) > INDENT * size &&
           (float)(before->box.x0 - left) < SAME_EDGE * size && !opens_item(page, before);
}

static bool is_apart(const struct tolka_line *line, const struct tolka_line *before, int usual)
{
    const int gap = line->box.y0 - before->box.y1;

    return (float)(gap - usual) > BLOCK_GAP * line->size_px || gap < -2 * tolka_box_height(before->box) ||
           line->bold != before->bold || line->size_px > SIZE_STEP * before->size_px ||
           before->size_px > SIZE_STEP * line->size_px || line->grid != before->grid;
}

void tolka_paragraphs_mark(const struct tolka_page *page, const struct tolka_line *lines, int count,
                           bool *starts, int *gaps)
{
    const int usual = usual_gap(lines, count, gaps);
    bool in_item = false;

    for (int i = 0; i < count; i++) {
        const struct tolka_line *line = &lines[i];
        const bool item = opens_item(page, line);
        starts[i] = i == 0 || is_apart(line, &lines[i - 1], usual) || item ||
                    (in_item && (float)(lines[i - 1].box.x0 - line->box.x0) > INDENT * line->size_px) ||
                    breaks_line(page, lines, count, i);
        in_item = item || (in_item && !starts[i]);
    }
}
