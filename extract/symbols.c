/*
 * The Swedish model says 26, 96, 90, 4 or X for a percent sign and 8, S or $ for a section sign, and is sure
 * of it. The English model knows the signs. It is asked about a figure and its neighbour together, and
 * believed only when it reads the figure as the Swedish one did: so a sign may be missed, but no figure is
 * ever lost to one.
 */
#include "extract/symbols.h"

#include "extract/image.h"
#include "extract/signs.h"

#include <stdlib.h>
#include <string.h>

/* Looks cost a few milliseconds each. */
enum { MAX_LOOKS = 120, MAX_RUNS = 16 };

/* Shares of the size: a sign stands this close to its figure and is no wider than this. */
static const float NEAR = 0.9F, SIGN_WIDTH = 1.15F;

/* A percent sign is at least this wide. */
static const float LEAST_SIGN = 0.45F;

/* No digit is wider. */
static const float DIGIT_MOST = 0.58F;

/* A word of digits that is read worse than this may end in a sign, whatever its digits. */
static const float DOUBTFUL = 0.75F;

#define SECTION "\xC2\xA7"

struct settling {
    struct tolka_page *page;
    const struct tolka_picture *picture;
    tolka_reread_fn *reread;
    void *user;
    int looks;
};

/* A figure may stand in parentheses with its sign. */
static bool is_figure(const char *text)
{
    text += *text == '(';
    return *text && strspn(text, "0123456789,.-+") == strlen(text) && strpbrk(text, "0123456789");
}

static bool is_near(const struct tolka_word *left, const struct tolka_word *right, float size)
{
    const float gap = (float)(right->box.x0 - left->box.x1);

    return gap >= -0.2F * size && gap <= NEAR * size;
}

/* Short, made of what a percent sign is misread as, and no wider than one. */
static bool may_be_percent(const struct tolka_word *word, float size)
{
    const size_t length = strlen(word->raw);

    return length >= 1 && length <= 4 && strspn(word->raw, "0123456789XZYKMxz&/%ohHJA.,)") == length &&
           (float)tolka_box_width(word->box) <= SIGN_WIDTH * size;
}

/* One or two of what a section sign is misread as. */
static bool may_be_section(const struct tolka_word *word)
{
    const size_t length = strlen(word->raw);

    return (length == 1 && strchr("8$S&59", word->raw[0])) || (length == 2 && strspn(word->raw, "8$S&") == 2);
}

static void settle(struct settling *settling, struct tolka_word *word, const char *text)
{
    char *copy = tolka_arena_strdup(&settling->page->arena, text);

    if (!copy)
        return;
    word->raw = word->text = copy;
    word->alternative_count = 0;
    word->flags |= TOLKA_WORD_SECOND_LOOK;
}

static bool look(struct settling *settling, struct tolka_box box, char *text)
{
    return settling->looks++ < MAX_LOOKS && settling->reread(settling->user, box, text);
}

/* The column where a percent sign begins when it stands apart from the digit before it, else 0. */
static int apart_at(const struct settling *settling, const struct tolka_word *word, char digit, float size)
{
    const float apart = tolka_signs_blank_after(digit) * size;
    struct tolka_run runs[MAX_RUNS];
    size_t count;

    if (!settling->picture)
        return 0;
    count = tolka_picture_runs(settling->picture, word->box, runs, MAX_RUNS);
    for (size_t i = 1; i < count && count <= MAX_RUNS; i++) {
        const float wide = (float)(runs[count - 1].end - runs[i].first);
        if ((float)(runs[i].first - runs[i - 1].end) > apart && wide > LEAST_SIGN * size &&
            wide < SIGN_WIDTH * size)
            return runs[i].first;
    }
    return 0;
}

/* "%" with at most a mark after it. */
static bool is_percent(const char *text)
{
    return text[0] == '%' && strlen(text) <= 2 && strspn(text + 1, ".,;:)") == strlen(text + 1);
}

/* What follows the digits of `figure` in `text`, which may have lost its comma; NULL where the digits differ.
 */
static const char *after_figure(const char *text, const char *figure)
{
    static const char MARKS[] = ",.-+";

    for (; *figure; figure++) {
        if (strchr(MARKS, *figure))
            continue;
        text += strspn(text, MARKS);
        if (*text++ != *figure)
            return NULL;
    }
    return text;
}

static void settle_percent(struct settling *settling, const struct tolka_word *figure,
                           struct tolka_word *sign)
{
    char text[TOLKA_READING_BYTES];
    const char *rest = NULL;

    if (look(settling, tolka_box_union(figure->box, sign->box), text))
        rest = after_figure(text, figure->raw);
    if (rest && is_percent(rest))
        settle(settling, sign, rest);
}

static bool ends_like_percent(const char *text, size_t length)
{
    static const char *const TAILS[] = {"26", "96", "90", "94", "46", "95", "4", "9"};

    for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++) {
        const size_t tail = strlen(TAILS[i]);
        if (length > tail && memcmp(text + length - tail, TAILS[i], tail) == 0)
            return true;
    }
    return false;
}

/* Each character has a run of ink of its own and none is as wide as a percent sign. */
static bool is_all_digits(const struct settling *settling, const struct tolka_word *word, float size)
{
    struct tolka_run runs[MAX_RUNS];
    size_t count;

    if (!settling->picture)
        return false;
    count = tolka_picture_runs(settling->picture, word->box, runs, MAX_RUNS);
    for (size_t i = 0; i < count && i < MAX_RUNS; i++) {
        if ((float)(runs[i].end - runs[i].first) > DIGIT_MOST * size)
            return false;
    }
    return count == strlen(word->raw);
}

/* A figure and its sign read as one: 4596 for 45%, 2900 for 29 %. */
static void settle_joined_percent(struct settling *settling, struct tolka_word *word, float size)
{
    const size_t length = strcspn(word->raw, ".;:)");
    char text[TOLKA_READING_BYTES];

    if (word->raw[length] && word->raw[length + 1])
        return;
    if (word->confidence >= DOUBTFUL && !ends_like_percent(word->raw, length))
        return;
    if (is_all_digits(settling, word, size) || !look(settling, word->box, text))
        return;
    for (size_t lost = 1; lost <= 3 && lost < length; lost++) {
        if (strncmp(text, word->raw, length - lost) != 0 || !is_percent(text + length - lost))
            continue;
        settle(settling, word, text);
        return;
    }
}

/* 72% that is printed 72 % becomes two words. */
static void part_percent(struct settling *settling, struct tolka_word *word, float size)
{
    const size_t digits = strspn(word->raw, "+-0123456789,.");
    int x;

    if (digits == 0 || !is_percent(word->raw + digits))
        return;
    x = apart_at(settling, word, word->raw[digits - 1], size);
    if (x > word->box.x0 + 1)
        tolka_signs_split_word(settling->page, (size_t)(word - settling->page->words), digits, x - 1, x);
}

/* "(%)" in a column's heading; false when it is something else. */
static bool settle_parenthesis(struct settling *settling, struct tolka_word *word)
{
    const size_t length = strlen(word->raw);
    char text[TOLKA_READING_BYTES];

    if (length < 3 || length > 6 || word->raw[0] != '(' || word->raw[length - 1] != ')' ||
        strspn(word->raw + 1, "0123456789/XYo%") != length - 2)
        return false;
    if (!look(settling, word->box, text) || strcmp(text, "(%)") != 0)
        return false;
    settle(settling, word, text);
    return true;
}

/* Bytes of the section signs, one or two, that `text` begins with. */
static size_t count_section(const char *text)
{
    const size_t one = strlen(SECTION);

    if (strncmp(text, SECTION, one) != 0)
        return 0;
    return strncmp(text + one, SECTION, one) == 0 ? 2 * one : one;
}

/* Before its figure or after it. `box` may take in what follows, for the engine to see it in context. */
static bool settle_section(struct settling *settling, struct tolka_word *sign,
                           const struct tolka_word *figure, bool sign_first, struct tolka_box box)
{
    char text[TOLKA_READING_BYTES];
    const size_t own = strlen(figure->raw);
    size_t signs;

    if (!look(settling, box, text))
        return false;
    signs = count_section(text + (sign_first ? 0 : own < strlen(text) ? own : 0));
    if (signs == 0 || strncmp(text + (sign_first ? signs : 0), figure->raw, own) != 0)
        return false;
    if (sign_first && text[signs + own] >= '0' && text[signs + own] <= '9')
        return false;
    settle(settling, sign, signs > strlen(SECTION) ? SECTION SECTION : SECTION);
    return true;
}

/* A group of three digits after a figure goes on with it: 8 500 is no section. */
static bool is_thousands_group(const struct tolka_word *word)
{
    return strlen(word->raw) >= 3 && strspn(word->raw, "0123456789") >= 3;
}

/* Looks at the sign and its figure alone and, when that tells nothing, with the word that follows. */
static void look_for_section(struct settling *settling, const struct tolka_line *line, int i, bool sign_first)
{
    struct tolka_word *words = settling->page->words + line->first_word;
    const int figure = sign_first ? i + 1 : i - 1, last = sign_first ? i + 1 : i;
    const struct tolka_box box = tolka_box_union(words[i].box, words[figure].box);

    if (settle_section(settling, &words[i], &words[figure], sign_first, box) || last + 1 >= line->word_count)
        return;
    settle_section(settling, &words[i], &words[figure], sign_first,
                   tolka_box_union(box, words[last + 1].box));
}

/* The end of an address: .se, .com, perhaps with a mark after it; not a web address, which is read well. */
static bool ends_address(const char *text)
{
    static const char *const DOMAINS[] = {".se", ".com",  ".nu", ".org", ".net",
                                          ".eu", ".info", ".no", ".fi",  ".dk"};
    const size_t length = strcspn(text, ",;:)");
    const char *dot = NULL;

    if (strncmp(text, "www", 3) == 0 || strncmp(text, "http", 4) == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        dot = text[i] == '.' && text[i + 1] && strchr(",;:).", text[i + 1]) == NULL ? text + i : dot;
    for (size_t i = 0; dot && i < sizeof DOMAINS / sizeof *DOMAINS; i++) {
        if (strncmp(dot, DOMAINS[i], strlen(DOMAINS[i])) == 0)
            return true;
    }
    return false;
}

static bool is_address(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    const size_t name = strspn(text, LETTERS);
    const size_t host = text[name] == '@' ? strspn(text + name + 1, LETTERS) : 0;

    return name > 0 && host > 3 && text[name + 1 + host] == '\0' && ends_address(text);
}

/* Makes one word of the words `first` to `last` of the line. */
static void join_words(struct tolka_page *page, struct tolka_line *line, int first, int last)
{
    struct tolka_word *words = page->words + line->first_word;
    const size_t after = (size_t)(line->first_word + last) + 1;
    const int gone = last - first;

    for (int i = first + 1; i <= last; i++)
        words[first].box = tolka_box_union(words[first].box, words[i].box);
    memmove(&words[first + 1], &page->words[after], (page->word_count - after) * sizeof *words);
    page->word_count -= (size_t)gone;
    line->word_count -= gone;
    for (struct tolka_line *next = line + 1; next < page->lines + page->line_count; next++)
        next->first_word -= gone;
}

/* name@host.se, whose sign is read as up to two words or as letters. The second reading must begin and end
 * as the first. */
static void settle_address(struct settling *settling, struct tolka_line *line, int last)
{
    enum { MOST_BEFORE = 3, ALIKE = 2 };
    struct tolka_word *words = settling->page->words + line->first_word;
    const size_t length = strlen(words[last].raw);
    char text[TOLKA_READING_BYTES];

    if (length < 6 || strchr(words[last].raw, '@') || !ends_address(words[last].raw))
        return;
    for (int first = last; first >= 0 && last - first <= MOST_BEFORE; first--) {
        struct tolka_box box = words[first].box;
        if (first < last && !is_near(&words[first], &words[first + 1], line->size_px))
            return;
        for (int i = first + 1; i <= last; i++)
            box = tolka_box_union(box, words[i].box);
        if (strlen(words[first].raw) < ALIKE || !look(settling, box, text) || !is_address(text) ||
            strncmp(text, words[first].raw, ALIKE) != 0)
            continue;
        join_words(settling->page, line, first, last);
        settle(settling, &words[first], text);
        return;
    }
}

/* A sign that is known by its shape. */
static bool has_sign(const char *text)
{
    return strstr(text, SECTION) || strstr(text, "\u00BD") || strchr(text, '#');
}

static void settle_word(struct settling *settling, const struct tolka_line *line, int i)
{
    struct tolka_word *words = settling->page->words + line->first_word, *word = &words[i];
    const bool near_left =
        i > 0 && is_near(&words[i - 1], word, line->size_px) && is_figure(words[i - 1].raw);
    const bool near_right = i + 1 < line->word_count && is_near(word, &words[i + 1], line->size_px) &&
                            is_figure(words[i + 1].raw);
    const char *figure = word->raw + strspn(word->raw, "(+-");
    const size_t digits = strspn(figure, "0123456789,");

    if (has_sign(word->raw))
        return;
    if (near_left && may_be_percent(word, line->size_px) &&
        !(digits == 3 && (float)tolka_box_width(word->box) > line->size_px))
        settle_percent(settling, &words[i - 1], word);
    else if (!settle_parenthesis(settling, word) && digits >= 2 && !near_left && strlen(figure) <= 6)
        settle_joined_percent(settling, word, line->size_px);
    part_percent(settling, word, line->size_px);
    words = settling->page->words + line->first_word; /* may have moved */
    word = &words[i];
    if (word->flags & TOLKA_WORD_SECOND_LOOK || !may_be_section(word))
        return;
    if (near_right && !is_thousands_group(&words[i + 1]))
        look_for_section(settling, line, i, true);
    else if (near_left)
        look_for_section(settling, line, i, false);
}

void tolka_symbols_settle(struct tolka_page *page, const struct tolka_picture *picture,
                          tolka_reread_fn *reread, void *user)
{
    struct settling settling = {page, picture, reread, user, 0};

    for (size_t l = 0; l < page->line_count; l++) {
        for (int i = 0; i < page->lines[l].word_count; i++)
            settle_word(&settling, &page->lines[l], i);
        for (int i = 0; i < page->lines[l].word_count; i++)
            settle_address(&settling, &page->lines[l], i);
    }
}
