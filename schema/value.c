/*
 * Numbers and units as Swedish reports print them (schema/value.h).
 *
 * A cell is first folded to a short ASCII form: white space of any kind becomes one space, dashes of any kind
 * '-', letters lower case; what has no place in a number becomes '?'. The folded text is then read from both
 * ends: signs, brackets and units are taken off until only groups of digits are left, and those must be
 * grouped by threes.
 */
#include "schema/value.h"

#include "base/utf8.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum {
    FOLDED_SIZE = 64, /* longer cells are prose, not numbers */
    MAX_DIGITS = 15,  /* value.h */
    MAX_DECIMALS = 9, /* scale of struct tolka_decimal */
};

/* One character of a number in its plain form; 0 to drop it. */
static char fold_char(uint32_t code)
{
    if (tolka_utf8_is_space(code) || code == 0x2007 || code == 0x2009 || code == 0x202F)
        return ' ';
    if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0xFE63 || code == 0xFF0D)
        return '-';
    if (code == 0x200B || code == 0xFEFF)
        return 0;
    code = tolka_utf8_lower(code);
    return code < 0x7F ? (char)code : '?';
}

/* Folds `text` into `out` with single spaces and none at the ends; false when it is too long to be a number.
 */
static bool fold(const char *text, char out[FOLDED_SIZE])
{
    size_t length = strlen(text), n = 0;

    for (size_t at = 0; at < length;) {
        uint32_t code;
        char c;

        at += tolka_utf8_decode(text + at, length - at, &code);
        c = fold_char(code);
        if (!c || (c == ' ' && (n == 0 || out[n - 1] == ' ')))
            continue;
        if (n + 1 >= FOLDED_SIZE)
            return false;
        out[n++] = c;
    }
    if (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return true;
}

struct unit_word {
    const char *word;
    enum tolka_unit unit;
};

/* Longer spellings first where one ends in another ("tkr" in "kr"). */
static const struct unit_word NUMBER_UNITS[] = {
    {"%", TOLKA_UNIT_PERCENT},  {"procent", TOLKA_UNIT_PERCENT}, {"tkr", TOLKA_UNIT_KSEK},
    {"kkr", TOLKA_UNIT_KSEK},   {"tsek", TOLKA_UNIT_KSEK},       {"ksek", TOLKA_UNIT_KSEK},
    {"mnkr", TOLKA_UNIT_MSEK},  {"mkr", TOLKA_UNIT_MSEK},        {"msek", TOLKA_UNIT_MSEK},
    {"kronor", TOLKA_UNIT_SEK}, {"sek", TOLKA_UNIT_SEK},         {"kr", TOLKA_UNIT_SEK},
    {":-", TOLKA_UNIT_SEK},     {"st", TOLKA_UNIT_COUNT},
};

static void trim(char **start, char **end)
{
    while (*start < *end && **start == ' ')
        (*start)++;
    while (*end > *start && (*end)[-1] == ' ')
        (*end)--;
}

/* Takes a unit off the end (or, as "SEK 500", off the front). */
static enum tolka_unit take_unit(char **start, char **end)
{
    if (*end - *start > 3 && (*end)[-1] == '.' && !tolka_is_digit((*end)[-2])) /* "kr." */
        (*end)--;
    for (size_t i = 0; i < sizeof NUMBER_UNITS / sizeof *NUMBER_UNITS; i++) {
        const char *word = NUMBER_UNITS[i].word;
        size_t length = strlen(word), left = (size_t)(*end - *start);
        char before;

        if (left <= length)
            continue;
        before = (*end)[-(ptrdiff_t)length - 1];
        if (memcmp(*end - length, word, length) == 0 &&
            (tolka_is_digit(before) || before == ' ' || before == ')')) {
            *end -= length;
            trim(start, end);
            return NUMBER_UNITS[i].unit;
        }
        if (memcmp(*start, word, length) == 0 && word[0] >= 'a' && (*start)[length] == ' ') {
            *start += length;
            trim(start, end);
            return NUMBER_UNITS[i].unit;
        }
    }
    return TOLKA_UNIT_NONE;
}

/* Takes the signs off: before, behind, or brackets. -1, 1, or 0 when they contradict. */
static int take_sign(char **start, char **end)
{
    int sign = 1, signs = 0;

    if (*end - *start >= 3 && **start == '(' && (*end)[-1] == ')') {
        (*start)++;
        (*end)--;
        sign = -1;
        signs++;
        trim(start, end);
    }
    if (*end > *start && (**start == '-' || **start == '+')) {
        sign = **start == '-' ? -1 : 1;
        (*start)++;
        signs++;
    } else if (*end > *start && (*end)[-1] == '-') {
        sign = -1;
        (*end)--;
        signs++;
    }
    trim(start, end);
    return signs > 1 ? 0 : sign;
}

/* The place of the decimal sign in [start, end), or `end`: a comma, or a lone full stop before one or two
 * digits. */
static const char *decimal_sign(const char *start, const char *end)
{
    const char *comma = NULL, *stop = NULL;
    int commas = 0, stops = 0;

    for (const char *c = start; c < end; c++) {
        if (*c == ',') {
            comma = c;
            commas++;
        } else if (*c == '.') {
            stop = c;
            stops++;
        }
    }
    if (commas == 1)
        return comma;
    if (commas == 0 && stops == 1 && (end - stop == 2 || end - stop == 3) && stop > start)
        return stop;
    return end;
}

/* Reads digits in groups of three; a group that lost the space before it (six digits) is still unambiguous.
 */
static bool read_whole(const char *start, const char *end, int64_t *mantissa, int *digits)
{
    int group = 0, groups = 0;
    char separator = 0;

    for (const char *c = start; c <= end; c++) {
        if (c < end && tolka_is_digit(*c)) {
            if (++*digits > MAX_DIGITS)
                return false;
            *mantissa = *mantissa * 10 + (*c - '0');
            group++;
            continue;
        }
        if (group == 0 || (groups > 0 && group % 3 != 0))
            return false;
        if (c == end)
            return true;
        if ((*c != ' ' && *c != '.' && *c != ',' && *c != '\'') || (separator && *c != separator))
            return false;
        separator = *c;
        group = 0;
        groups++;
    }
    return false;
}

static bool read_decimals(const char *start, const char *end, struct tolka_decimal *value, int digits)
{
    if (start == end || end - start > MAX_DECIMALS)
        return false;
    for (; start < end; start++) {
        if (!tolka_is_digit(*start) || ++digits > MAX_DIGITS)
            return false;
        value->mantissa = value->mantissa * 10 + (*start - '0');
        value->scale++;
    }
    return true;
}

/* Eight digits in one piece that are a day of our time are a date, not an amount. */
static bool is_compact_date(const char *start, const char *end)
{
    char text[9], iso[11];

    if (end - start != 8 || (start[0] != '1' && start[0] != '2'))
        return false;
    memcpy(text, start, 8);
    text[8] = '\0';
    return tolka_date_parse(text, iso);
}

bool tolka_value_parse(const char *text, struct tolka_decimal *value, enum tolka_unit *unit)
{
    char folded[FOLDED_SIZE], *start = folded, *end;
    const char *point;
    struct tolka_decimal number = {0, 0};
    int sign, digits = 0;

    if (!text || !fold(text, folded))
        return false;
    end = folded + strlen(folded);
    while (end > start && end[-1] == '*') /* a reference to a foot note */
        end--;
    trim(&start, &end);
    *unit = take_unit(&start, &end);
    sign = take_sign(&start, &end);
    if (*unit == TOLKA_UNIT_NONE)
        *unit = take_unit(&start, &end);
    if (!sign || start == end || is_compact_date(start, end))
        return false;
    point = decimal_sign(start, end);
    if (!read_whole(start, point, &number.mantissa, &digits))
        return false;
    if (point < end && !read_decimals(point + 1, end, &number, digits))
        return false;
    number.mantissa *= sign;
    *value = number;
    return true;
}

/* Words of a heading that name a unit; the earlier entry wins. */
static const struct unit_word HEADING_UNITS[] = {
    {"%", TOLKA_UNIT_PERCENT},     {"procent", TOLKA_UNIT_PERCENT}, {"tkr", TOLKA_UNIT_KSEK},
    {"kkr", TOLKA_UNIT_KSEK},      {"tsek", TOLKA_UNIT_KSEK},       {"ksek", TOLKA_UNIT_KSEK},
    {"tusental", TOLKA_UNIT_KSEK}, {"tusentals", TOLKA_UNIT_KSEK},  {"miljontals", TOLKA_UNIT_MSEK},
    {"tusen", TOLKA_UNIT_KSEK},    {"mnkr", TOLKA_UNIT_MSEK},       {"mkr", TOLKA_UNIT_MSEK},
    {"msek", TOLKA_UNIT_MSEK},     {"miljoner", TOLKA_UNIT_MSEK},   {"milj", TOLKA_UNIT_MSEK},
    {"kr", TOLKA_UNIT_SEK},        {"kronor", TOLKA_UNIT_SEK},      {"sek", TOLKA_UNIT_SEK},
    {"antal", TOLKA_UNIT_COUNT},   {"st", TOLKA_UNIT_COUNT},
};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || tolka_is_digit(c);
}

static bool holds_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; *at; at++) {
        bool starts = at == text || !is_word_byte(at[-1]) || word[0] == '%';

        if (starts && strncasecmp(at, word, length) == 0 && (!is_word_byte(at[length]) || word[0] == '%'))
            return true;
    }
    return false;
}

enum tolka_unit tolka_unit_parse(const char *text)
{
    for (size_t i = 0; text && i < sizeof HEADING_UNITS / sizeof *HEADING_UNITS; i++) {
        if (holds_word(text, HEADING_UNITS[i].word))
            return HEADING_UNITS[i].unit;
    }
    return TOLKA_UNIT_NONE;
}
