/*
 * The heading of a table of text without geometry. Years and dates as many as the table has columns are the
 * surest; else words above it that fall into as many pieces as there are columns (or one more, for the
 * labels): side by side in a line, each beginning with a capital or after a year; or one below the other, as
 * text is copied out of narrow cells.
 */
#include "base/utf8.h"
#include "extract/grid_flat.h"

#include <string.h>

enum {
    HIGHEST = 10, /* lines between a heading and the first figures */
    MAX_BLANKS = 3,
    MAX_STACK = 12, /* lines of a heading in narrow cells */
    MAX_STACK_CHARS = 26,
    MAX_SIDE_LINES = 3, /* lines of a heading side by side */
    MAX_HEAD_WORDS = 60,
    MAX_NOTE_CHARS = 4,
    MAX_GROUP_LINES = 2,
    MAX_LONE_HEAD = 14, /* characters of the heading of an only column */
};

static const float HARD = 1.5F; /* a cut that is sure */

static const char *text_of(const struct grid_search *search, int word)
{
    return search->page->words[word].text;
}

static size_t word_total(const struct flat_line *line)
{
    return (size_t)(line->word_count + line->tail_count);
}

static size_t chars_of(const struct grid_search *search, const struct flat_line *line)
{
    size_t chars = 0;

    for (size_t i = 0; i < word_total(line); i++)
        chars += tolka_utf8_count(text_of(search, line->first_word + (int)i)) + 1;
    return chars;
}

static bool ends_period(const char *text)
{
    const size_t n = strlen(text);

    return n >= 4 && grid_text_is_period(n > 10 ? text + n - 10 : text);
}

static bool is_capitals(const char *text)
{
    uint32_t code;
    int letters = 0;

    for (size_t at = 0, n = strlen(text); at < n;) {
        at += tolka_utf8_decode(text + at, n - at, &code);
        if (tolka_utf8_is_small(code))
            return false;
        letters += tolka_utf8_is_letter(code);
    }
    return letters > 1;
}

/* How likely a column's heading ends before this word, 0 for never. */
static float cut_before(const struct grid_search *search, int word)
{
    const char *before = text_of(search, word - 1), *text = text_of(search, word);
    const struct tolka_word *words = search->page->words;
    const bool gap = words[word].line == words[word - 1].line &&
                     words[word].box.x0 - words[word - 1].box.x1 > grid_px(search, 1);
    const uint32_t code = tolka_utf8_first(text);
    const size_t n = strlen(before);

    if (n && before[n - 1] == '-' && n > 1)
        return 0;
    if (gap)
        return 2 * HARD;
    if (ends_period(before) && code != '-' && code != 0x2013 && code != 0x2212)
        return HARD + 0.5F;
    if (tolka_utf8_is_upper(code))
        return is_capitals(text) && is_capitals(before) ? 0.4F : HARD;
    if (words[word].line != words[word - 1].line && grid_text_is_period(text) && n <= 3 &&
        tolka_utf8_is_upper(tolka_utf8_first(before)))
        return HARD;
    if (code >= '0' && code <= '9')
        return strchr(before, '-') ? 0.2F : 0.5F;
    return 0;
}

static int hard_pieces(const struct grid_search *search, int first, int end)
{
    int pieces = 1;

    for (int w = first + 1; w < end; w++)
        pieces += cut_before(search, w) >= HARD;
    return pieces;
}

/* Numbers the words' pieces from 0 in `piece`; false when the words cannot be cut into so many. */
static bool cut_words(const struct grid_search *search, int first, int end, int pieces, int *piece)
{
    bool cut[MAX_HEAD_WORDS] = {false};

    if (end - first > MAX_HEAD_WORDS)
        return false;
    for (int n = 1; n < pieces; n++) {
        int best = -1;
        for (int w = first + 1; w < end; w++) {
            if (!cut[w - first] && cut_before(search, w) > 0 &&
                (best < 0 || cut_before(search, w) > cut_before(search, best)))
                best = w;
        }
        if (best < 0)
            return false;
        cut[best - first] = true;
    }
    for (int w = first, n = 0; w < end; w++) {
        n += cut[w - first];
        piece[w - first] = n;
    }
    return true;
}

/* What is looked for, and where. */
struct head_search {
    struct grid_search *search;
    const struct flat_line *lines;
    int floor, at;             /* lines[at] is the first with figures */
    int columns, grid_columns; /* of figures; these and a column of notes */
    struct flat_heads *heads;
};

static int end_of(const struct flat_line *line)
{
    return line->first_word + (int)word_total(line);
}

static bool start_heads(struct head_search *h, int first, int end)
{
    struct flat_heads *heads = h->heads;

    heads->first = first;
    heads->count = end - first;
    heads->first_word = h->lines[first].first_word;
    heads->word_count = end_of(&h->lines[end - 1]) - heads->first_word;
    heads->column =
        tolka_arena_array(&h->search->scratch, (size_t)heads->word_count + 1, sizeof *heads->column);
    return heads->column != NULL;
}

/* As many pieces as there are columns: without the labels', without the notes', or with all. */
static bool is_count(const struct head_search *h, int pieces)
{
    return pieces == h->columns || pieces == h->grid_columns || pieces == h->grid_columns + 1;
}

/* Cuts the words first .. end - 1 into pieces, which stand in the last columns. */
static bool assign_pieces(struct head_search *h, int first, int end, int pieces)
{
    int *column = h->heads->column + (first - h->heads->first_word);

    if (!cut_words(h->search, first, end, pieces, column))
        return false;
    for (int w = 0; w < end - first; w++)
        column[w] += h->grid_columns + 1 - pieces;
    return true;
}

/* A line of periods: they stand in the columns of figures, the words before them in the first; a short last
 * one heads the notes. */
static void assign_periods(struct head_search *h, const struct flat_line *line)
{
    int *column = h->heads->column + (line->first_word - h->heads->first_word),
        at = h->grid_columns - h->columns;

    if (at && line->word_count > 0 &&
        tolka_utf8_count(text_of(h->search, line->first_word + line->word_count - 1)) <= MAX_NOTE_CHARS)
        column[line->word_count - 1] = 1;
    for (int i = 0; i < line->tail_count; i++) {
        const bool rest = line->tail[i].kind == FLAT_MARK ||
                          (i > 0 && line->tail[i].kind == FLAT_REST && line->tail[i - 1].kind == FLAT_PERIOD);
        at += !rest;
        column[line->word_count + i] = at;
    }
}

static bool begins_with_rest(const struct flat_line *line)
{
    return line->tail_count > 0 && line->tail[0].kind == FLAT_REST;
}

/* A year behind a title names no column when the table has but one, unless it stands right above the figures.
 */
static bool is_title(const struct head_search *h, int head)
{
    const struct flat_line *line = &h->lines[head];

    return h->columns == 1 && line->word_count > 0 && line->tail_count == 1 &&
           line->tail[0].kind == FLAT_NUMBER && h->lines[head + 1].blanks > 0;
}

/* The line above periods is a part of the heading when it is one of periods too, or has a word for each. */
static bool joins_above(const struct head_search *h, int head)
{
    const struct flat_line *above = &h->lines[head - 1];

    if (head <= h->floor)
        return false;
    if (above->role == FLAT_HEAD && above->periods == h->columns)
        return h->lines[head].blanks <= 1;
    for (int w = above->first_word; w < end_of(above); w++) {
        if (strpbrk(text_of(h->search, w), "0123456789"))
            return false;
    }
    return above->role == FLAT_LABEL && h->lines[head].blanks == 0 && h->columns > 1 &&
           h->lines[head].word_count == 0 &&
           is_count(h, hard_pieces(h->search, above->first_word, end_of(above)));
}

static bool find_periods(struct head_search *h)
{
    const struct flat_line *lines = h->lines;
    int head = h->at - 1, first;

    while (head >= h->floor && h->at - head <= HIGHEST && lines[head].role == FLAT_LABEL &&
           lines[head + 1].blanks <= MAX_BLANKS)
        head--;
    if (head < h->floor || lines[head].role != FLAT_HEAD || lines[head].periods != h->columns ||
        lines[head + 1].blanks > MAX_BLANKS || is_title(h, head))
        return true;
    first = head - joins_above(h, head);
    if (!start_heads(h, first, head + 1))
        return false;
    h->heads->one_row = first < head && begins_with_rest(&lines[head]);
    for (int i = first; i <= head; i++) {
        if (lines[i].role == FLAT_HEAD)
            assign_periods(h, &lines[i]);
        else
            assign_pieces(h, lines[i].first_word, end_of(&lines[i]),
                          hard_pieces(h->search, lines[i].first_word, end_of(&lines[i])));
    }
    return true;
}

static bool may_head(const struct flat_line *line)
{
    return line->role == FLAT_LABEL || line->role == FLAT_HEAD;
}

/* A further line of a heading: as many pieces as there are columns, or fewer, furthest to the right. */
static void assign_further(struct head_search *h, const struct flat_line *line)
{
    int pieces = h->columns;

    while (pieces > 0 && !assign_pieces(h, line->first_word, end_of(line), pieces))
        pieces--;
}

/* The heading of an only column: one short word behind the labels'. */
static bool is_lone_head(const struct head_search *h, int line)
{
    const int end = end_of(&h->lines[line]);

    return line == h->at - 1 && chars_of(h->search, &h->lines[line]) <= 2 * MAX_STACK_CHARS &&
           cut_before(h->search, end - 1) >= HARD &&
           tolka_utf8_count(text_of(h->search, end - 1)) <= MAX_LONE_HEAD;
}

/* A line that says the unit of the amounts heads the labels. */
static bool says_unit(const struct head_search *h, const struct flat_line *line)
{
    static const char *const UNITS[] = {"kr", "tkr", "Tkr", "mkr", "Mkr", "kr.", "SEK", "kronor"};
    const char *last = text_of(h->search, end_of(line) - 1);

    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        if (strcmp(last, UNITS[i]) == 0)
            return line->role == FLAT_LABEL;
    }
    return false;
}

/* The line cannot begin a heading: it goes on with the line above. */
static bool begins_low(const struct head_search *h, const struct flat_line *line)
{
    const uint32_t code = tolka_utf8_first(text_of(h->search, line->first_word));

    return line->word_count == 0 || !tolka_utf8_is_letter(code)
               ? code != '('
               : !tolka_utf8_is_upper(code) && !says_unit(h, line);
}

/* A heading side by side: its first line falls into as many pieces as there are columns, or one more. */
static bool find_beside(struct head_search *h)
{
    for (int first = h->at - 1; first >= h->floor && first >= h->at - MAX_SIDE_LINES; first--) {
        const struct flat_line *line = &h->lines[first];
        const int pieces = hard_pieces(h->search, line->first_word, end_of(line));

        if (!may_head(line) || h->lines[first + 1].blanks > 1)
            return true;
        if (!is_count(h, pieces) || pieces == 1 || begins_low(h, line))
            continue;
        if (h->columns == 1 && !is_lone_head(h, first))
            return true;
        if (!start_heads(h, first, h->at))
            return false;
        h->heads->one_row = true;
        if (!assign_pieces(h, line->first_word, end_of(line), pieces))
            h->heads->count = 0;
        for (int i = first + 1; h->heads->count && i < h->at; i++)
            assign_further(h, &h->lines[i]);
        return true;
    }
    return true;
}

/* A short line in one piece, right above. */
static bool may_stack(const struct head_search *h, int i, int end)
{
    return i >= h->floor && may_head(&h->lines[i]) && (i + 1 == end || h->lines[i + 1].blanks == 0) &&
           chars_of(h->search, &h->lines[i]) <= MAX_STACK_CHARS;
}

/* The line above a heading for each column heads the labels: it says the unit, or another title stands above
 * it. */
static bool heads_labels(const struct head_search *h, int i, int end)
{
    if (!may_stack(h, i, end) || h->lines[i].role != FLAT_LABEL || begins_low(h, &h->lines[i]) ||
        hard_pieces(h->search, h->lines[i].first_word, end_of(&h->lines[i])) > 1)
        return false;
    return says_unit(h, &h->lines[i]) || may_stack(h, i - 1, end);
}

/* The topmost line of a heading of narrow cells that ends above lines[end], -1 when there is none. */
static int top_of_stack(const struct head_search *h, int end, int *pieces)
{
    for (int first = end - 1; first >= end - MAX_STACK && may_stack(h, first, end); first--) {
        *pieces = hard_pieces(h->search, h->lines[first].first_word, end_of(&h->lines[end - 1]));
        if (*pieces > h->grid_columns + 1)
            return -1;
        if (first == end - 1 || !is_count(h, *pieces) || begins_low(h, &h->lines[first]))
            continue;
        if (*pieces == h->grid_columns && heads_labels(h, first - 1, end)) {
            ++*pieces;
            return first - 1;
        }
        return first;
    }
    return -1;
}

/* How many of a heading's pieces name a period or a share. */
static int count_named(const struct head_search *h, int first, int end)
{
    bool named = false;
    int count = 0;

    for (int w = h->lines[first].first_word; w < end_of(&h->lines[end - 1]); w++) {
        const char *text = text_of(h->search, w);
        if (w > h->lines[first].first_word && cut_before(h->search, w) >= HARD) {
            count += named;
            named = false;
        }
        named = named || ends_period(text) || strchr(text, '%');
    }
    return count + named;
}

/* A heading of narrow cells: each line begins a cell's heading or goes on with it; a group's heading may
 * stand between it and the figures. */
static bool find_stack(struct head_search *h)
{
    int best = -1, best_end = 0, best_pieces = 0, best_named = -1;

    for (int end = h->at; h->columns > 1 && end >= h->at - MAX_GROUP_LINES && end > h->floor; end--) {
        int pieces = 0;
        const int first = top_of_stack(h, end, &pieces);
        if (first >= 0 && count_named(h, first, end) > best_named) {
            best = first;
            best_end = end;
            best_pieces = pieces;
            best_named = count_named(h, first, end);
        }
        if (h->lines[end - 1].role != FLAT_LABEL || h->lines[end - 1].blanks > 1)
            break;
    }
    if (best < 0)
        return true;
    if (!start_heads(h, best, best_end))
        return false;
    h->heads->one_row = true;
    if (!assign_pieces(h, h->lines[best].first_word, end_of(&h->lines[best_end - 1]), best_pieces))
        h->heads->count = 0;
    return true;
}

bool flat_heads_find(struct grid_search *search, const struct flat_line *lines, int floor, int at,
                     int columns, int grid_columns, struct flat_heads *heads)
{
    struct head_search h = {search, lines, floor, at, columns, grid_columns, heads};

    *heads = (struct flat_heads){.count = 0};
    if (at <= floor)
        return true;
    if (!find_periods(&h))
        return false;
    if (!heads->count && !find_beside(&h))
        return false;
    return heads->count || find_stack(&h);
}
