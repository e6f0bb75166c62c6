/*
 * A report has one way of parting thousands. Where its figures have spaces, a full stop between groups of
 * three digits is a speck that fell there: the two look the same to a recogniser, and specks are many in a
 * fax. Decimals are never three digits behind a full stop in Swedish.
 */
#include "extract/groups.h"

#include "extract/signs.h"

#include <string.h>

/* So many figures must have spaces, and for each one with full stops so many. */
enum { GROUP = 3, LEAST_SPACED = 4, SPACED_EACH = 3 };

/* A wider gap, in sizes of print, lies between columns. */
static const float WIDEST_SPACE = 0.5F;

static const char DIGITS[] = "0123456789";

/* Bytes of the first group of a figure whose groups are parted by full stops: one to three digits and what
 * sign stands before them; 0 for other words. */
static size_t first_group(const char *text)
{
    const size_t sign = strspn(text, "-+") == 1, digits = strspn(text + sign, DIGITS);
    const char *rest = text + sign + digits;

    if (digits == 0 || digits > GROUP || !*rest)
        return 0;
    for (; *rest; rest += 1 + GROUP) {
        if (*rest != '.' || strspn(rest + 1, DIGITS) != GROUP)
            return 0;
    }
    return sign + digits;
}

/* Whether the word goes on with the figure before it after a space. */
static bool is_spaced_group(const struct tolka_page *page, size_t at)
{
    const struct tolka_word *word = &page->words[at];
    const char *before = at > 0 && word[-1].line == word->line ? word[-1].raw : "";
    const size_t sign = strspn(before, "-+"), digits = strspn(before + sign, DIGITS);

    return strlen(word->raw) == GROUP && strspn(word->raw, DIGITS) == GROUP && digits > 0 &&
           digits <= GROUP && !before[sign + digits] &&
           (float)(word->box.x0 - word[-1].box.x1) < WIDEST_SPACE * page->lines[word->line].size_px;
}

/* Whether spaces part the groups of this page's figures. */
static bool has_spaces(const struct tolka_page *page)
{
    size_t spaced = 0, stopped = 0;

    for (size_t i = 0; i < page->word_count; i++) {
        spaced += is_spaced_group(page, i);
        stopped += first_group(page->words[i].raw) > 0;
    }
    return spaced >= LEAST_SPACED && spaced >= SPACED_EACH * stopped;
}

void tolka_groups_settle(struct tolka_page *page)
{
    if (!has_spaces(page))
        return;
    for (size_t i = 0; i < page->word_count; i++) {
        const size_t head = first_group(page->words[i].raw);
        const struct tolka_box box = page->words[i].box;
        const float each = head ? (float)tolka_box_width(box) / (float)strlen(page->words[i].raw) : 0;
        const int end = box.x0 + (int)(each * (float)head);
        if (head == 0 || !tolka_signs_split_word(page, i, head, end, end + (int)each))
            continue;
        page->words[i + 1].raw = page->words[i + 1].text = page->words[i + 1].raw + 1; /* the speck */
        page->words[i].flags |= TOLKA_WORD_SECOND_LOOK;
        page->words[i + 1].flags |= TOLKA_WORD_SECOND_LOOK;
    }
}
