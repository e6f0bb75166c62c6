/* A line of text without geometry: its label, and the figures at its end. */
#include "base/utf8.h"
#include "extract/grid_flat.h"

#include <string.h>

enum {
    MAX_WORD_BYTES = 40,
    MAX_LABEL_WORDS = 11,
    MAX_SENTENCE_WORDS = 5,  /* of the label of a line that ends with a full stop */
    MAX_LABEL_CHARS = 84,    /* of the label of a line with figures; longer is prose */
    MAX_LONE_CHARS = 62,     /* of a line without figures */
    MAX_SENTENCE_CHARS = 30, /* of a line that ends with a full stop */
    MAX_DIGITS = 15,
};

/* Bytes of a dash at `text`, 0 for none. */
static size_t dash_bytes(const char *text)
{
    uint32_t code;
    size_t step = *text ? tolka_utf8_decode(text, strlen(text), &code) : 0;

    return step && (code == '-' || code == 0x2212 || (code >= 0x2010 && code <= 0x2015)) ? step : 0;
}

static bool is_mark(const char *text)
{
    static const char *const MARKS[] = {"%",   "kr", "tkr", "Tkr", "mkr", "Mkr", "kr.",
                                        "SEK", "st", "m²",  "m2",  "(%)", ")"};

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (strcmp(text, MARKS[i]) == 0)
            return true;
    }
    return false;
}

static bool is_year(const char *text)
{
    return (memcmp(text, "19", 2) == 0 || memcmp(text, "20", 2) == 0) && tolka_is_digit(text[2]) &&
           tolka_is_digit(text[3]) && !tolka_is_digit(text[4]);
}

/* A date in figures: 2021-06-30, 2021-06, 21-06-30; a speck behind it is forgiven. */
static bool is_date(const char *text)
{
    size_t n = strspn(text, "0123456789-/"), digits = 0, parts = 0;
    const size_t speck = text[n] == '.' && !text[n + 1];

    for (size_t i = 0; i < n; i++) {
        digits += tolka_is_digit(text[i]);
        parts += !tolka_is_digit(text[i]);
    }
    return n + speck == strlen(text) && n > 0 && parts >= 1 && parts <= 2 && digits >= 6 &&
           tolka_is_digit(text[0]) && tolka_is_digit(text[n - 1]);
}

/* A time of day or a span of such: 9:00-12:00, 13.30. */
static bool is_time(const char *text)
{
    size_t n = strspn(text, "0123456789:.-"), colons = 0, dashes = 0;

    for (size_t i = 0; i < n; i++) {
        colons += text[i] == ':' || text[i] == '.';
        dashes += text[i] == '-';
    }
    return n == strlen(text) && colons == 1 + dashes && dashes <= 1 && (strchr(text, ':') || dashes);
}

/* A figure: digits, a decimal comma, a percent sign or unit behind. False when the text is none. */
static bool read_number(const char *text, struct flat_token *token)
{
    int64_t value = 0;
    int digits = 0, decimals = -1;

    for (; *text == '('; text++)
        token->sign = true;
    token->zero = text[0] == '0' && tolka_is_digit(text[1]);
    for (; tolka_is_digit(*text) || (*text == ',' && decimals < 0 && tolka_is_digit(text[1])); text++) {
        if (*text == ',') {
            decimals = 0;
            continue;
        }
        if (decimals >= 2 || ++digits > MAX_DIGITS)
            return false;
        value = value * 10 + (*text - '0');
        decimals += decimals >= 0;
    }
    token->lead = digits - (decimals > 0 ? decimals : 0);
    token->hundredths = value * (decimals == 2 ? 1 : decimals == 1 ? 10 : 100);
    token->kind = decimals > 0 || *text ? FLAT_CLOSED : FLAT_NUMBER;
    return digits > 0 && (!*text || is_mark(text));
}

/* 1.234.567 and 1 234 in one word. */
static bool read_pointed(const char *text, struct flat_token *token)
{
    char plain[MAX_WORD_BYTES];
    size_t n = 0, group = 0;

    for (; *text && n + 1 < sizeof plain; text++) {
        if (*text == '.') {
            if (n == 0 || n > 12 || strspn(text + 1, "0123456789") != 3)
                return false;
            group++;
            continue;
        }
        plain[n++] = *text;
    }
    plain[n] = '\0';
    if (*text || !group || !read_number(plain, token))
        return false;
    token->kind = FLAT_CLOSED;
    return true;
}

static void read_token(const char *text, struct flat_token *token)
{
    const size_t dash = dash_bytes(text);

    token->kind = FLAT_WORD;
    token->sign = false;
    if (strlen(text) >= MAX_WORD_BYTES)
        return;
    if (is_mark(text)) {
        token->kind = FLAT_MARK;
        return;
    }
    if (strcmp(text, "=") == 0 ||
        (dash && (!text[dash] || (dash_bytes(text + dash) && !text[dash + dash_bytes(text + dash)])))) {
        token->kind = FLAT_DASH;
        return;
    }
    if (is_date(text + dash) || is_time(text)) {
        token->kind = dash || is_time(text) ? FLAT_REST : FLAT_PERIOD;
        return;
    }
    token->sign = dash > 0 || *text == '+';
    if (!read_number(text + (dash ? dash : *text == '+'), token) && !read_pointed(text + dash, token))
        token->kind = FLAT_WORD;
}

/* A line whose tail is all years and dates is a heading; a year among amounts is an amount. */
static void find_role(const struct tolka_page *page, struct flat_line *out, size_t chars, bool sentence)
{
    int years = 0, periods = 0, pieces = 0;

    for (int i = 0; i < out->tail_count; i++) {
        struct flat_token *token = &out->tail[i];
        const bool year = token->kind == FLAT_NUMBER && token->lead == 4 && !token->sign &&
                          is_year(page->words[token->word].text);
        const bool rest = token->kind == FLAT_REST && i > 0 && out->tail[i - 1].kind == FLAT_PERIOD;
        years += year;
        const bool dash = token->kind == FLAT_DASH && i > 0 && out->tail[i - 1].kind == FLAT_PERIOD;
        periods += token->kind == FLAT_PERIOD || token->kind == FLAT_REST || dash;
        pieces += !rest && !dash;
    }
    out->periods = years + periods == out->tail_count ? pieces : 0;
    if (out->tail_count == 0)
        out->role =
            chars > MAX_LONE_CHARS || (sentence && chars > MAX_SENTENCE_CHARS) ? FLAT_PROSE : FLAT_LABEL;
    else if (out->word_count > (sentence ? MAX_SENTENCE_WORDS : MAX_LABEL_WORDS) ||
             chars > MAX_LABEL_CHARS + 10 * (size_t)out->tail_count)
        out->role = FLAT_PROSE;
    else
        out->role = out->periods ? FLAT_HEAD : FLAT_FIGURES;
}

/* The figures at the line's end, the last first; returns how many words they are. */
static int read_tail(const struct tolka_page *page, const struct tolka_line *line, struct flat_token *tail)
{
    int count = 0;

    while (count < line->word_count && count < FLAT_MAX_TOKENS) {
        struct flat_token token = {.word = line->first_word + line->word_count - 1 - count};
        read_token(page->words[token.word].text, &token);
        if (token.kind == FLAT_WORD)
            break;
        tail[count++] = token;
    }
    while (count && tail[count - 1].kind == FLAT_MARK)
        count--;
    return count;
}

bool flat_line_read(struct grid_search *search, int number, struct flat_line *out)
{
    const struct tolka_page *page = search->page;
    const struct tolka_line *line = &page->lines[number];
    const char *last = line->word_count ? page->words[line->first_word + line->word_count - 1].text : "";
    struct flat_token tail[FLAT_MAX_TOKENS];
    const int count = read_tail(page, line, tail);
    size_t chars = 0;

    *out = (struct flat_line){.line = number, .first_word = line->first_word, .row = -1, .note_word = -1};
    for (int i = 0; i < line->word_count; i++)
        chars += tolka_utf8_count(page->words[line->first_word + i].text) + 1;
    out->word_count = line->word_count - count;
    out->tail_count = count;
    out->tail = tolka_arena_array(&search->scratch, (size_t)count + 1, sizeof *out->tail);
    if (!out->tail)
        return false;
    for (int i = 0; i < count; i++)
        out->tail[i] = tail[count - 1 - i];
    find_role(page, out, chars, *last && last[strlen(last) - 1] == '.');
    return true;
}
