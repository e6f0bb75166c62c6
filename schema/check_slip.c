/*
 * Slips of a recogniser: how a figure on paper differs from the figure that was read when one thing went
 * wrong. A digit is dropped, added or taken for one that looks like it; a minus is lost.
 */
#include "schema/check_int.h"
#include "schema/value.h"

#include <stdio.h>
#include <string.h>

enum {
    MAX_DIGITS = 15,
    GROUP = 3,
    MIN_DIGIT_SLIP = 3,  /* digits of an amount of which one may be any other */
    MIN_SLIP_DIGITS = 2, /* of an unreadable amount: fewer digits prove nothing */
};

static int digits_of(struct tolka_decimal value, char out[32])
{
    return snprintf(out, 32, "%lld",
                    value.mantissa < 0 ? -(long long)value.mantissa : (long long)value.mantissa);
}

/* True when `longer` is `shorter` with one digit put in. */
static bool is_one_longer(const char *longer, int long_length, const char *shorter, int short_length)
{
    int at = 0;

    if (long_length != short_length + 1)
        return false;
    while (at < short_length && longer[at] == shorter[at])
        at++;
    return strcmp(longer + at + 1, shorter + at) == 0;
}

/* The digits of a text that is no number ("2:857 326", "97 9l2"), at most MAX_DIGITS; -1 when there are more.
 */
static int digits_of_text(const char *text, char out[32])
{
    int n = 0;

    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            continue;
        if (n == MAX_DIGITS)
            return -1;
        out[n++] = *text;
    }
    out[n] = '\0';
    return n;
}

/* Digits that print, specks and a poor copy make alike; the first STRICT of them even where all is read well.
 */
static bool look_alike(char a, char b, bool strict)
{
    enum { STRICT = 8 };
    static const char *const ALIKE[] = {"38", "17", "56", "68", "08", "06", "39",
                                        "89", "09", "14", "35", "27", "58"};

    for (size_t i = 0; i < (strict ? STRICT : sizeof ALIKE / sizeof *ALIKE); i++) {
        if ((ALIKE[i][0] == a && ALIKE[i][1] == b) || (ALIKE[i][0] == b && ALIKE[i][1] == a))
            return true;
    }
    return false;
}

/* True when `a` and `b` are equally long and differ in one digit, which looks like the other. */
static bool is_one_alike(const char *a, const char *b, bool strict)
{
    int differing = 0;

    if (strlen(a) != strlen(b))
        return false;
    for (; *a; a++, b++) {
        if (*a == *b)
            continue;
        differing++;
        if (!look_alike(*a, *b, strict))
            return false;
    }
    return differing == 1;
}

/* True when the letters in an unreadable amount ("P2", "l4 866") can stand for the digits that it should
 * have. */
static bool fits_letters(const char *text, const char *digits)
{
    bool kept = false;

    for (; *text; text++) {
        const bool letter = (*text | 0x20) >= 'a' && (*text | 0x20) <= 'z';

        if (*text == ' ' || *text == '-')
            continue;
        if (!*digits || (*text != *digits && !letter))
            return false;
        kept = kept || *text == *digits;
        digits++;
    }
    return kept && !*digits;
}

static int count_letters(const char *text)
{
    int letters = 0;

    for (; *text; text++)
        letters += (*text | 0x20) >= 'a' && (*text | 0x20) <= 'z';
    return letters;
}

static bool is_unread_slip(const char *text, struct tolka_decimal needed, const char *digits, int length)
{
    char read[32];
    int n = digits_of_text(text, read);

    if (needed.scale != 0)
        return n >= MIN_SLIP_DIGITS && strcmp(read, digits) == 0 && count_letters(text) == 0;
    if (fits_letters(text, digits))
        return true;
    if (count_letters(text) > 1) /* they stand for digits */
        return false;
    return n >= MIN_SLIP_DIGITS && (strcmp(read, digits) == 0 || is_one_longer(read, n, digits, length) ||
                                    is_one_longer(digits, length, read, n));
}

/* A group of three digits was not read at all. */
static bool is_group_lost(const char *read, int length, const char *needed, int needed_length)
{
    if (length < 1 || needed_length != length + GROUP)
        return false;
    for (int at = needed_length % GROUP; at + GROUP <= needed_length; at += GROUP) {
        if (memcmp(needed, read, (size_t)at) == 0 && strcmp(needed + at + GROUP, read + at) == 0)
            return true;
    }
    return false;
}

bool tolka_slip_is_loss(const struct tolka_cell *cell, struct tolka_decimal needed)
{
    char a[32], b[32];
    const int la = digits_of(cell->value, a), lb = digits_of(needed, b);

    if (!cell->has_value || cell->confidence >= 1)
        return false;
    if (cell->value.mantissa > 0 && cell->unit != TOLKA_UNIT_PERCENT &&
        tolka_decimal_compare(tolka_decimal_negate(cell->value), needed) == 0)
        return true;
    return cell->value.scale == 0 && needed.scale == 0 &&
           (cell->value.mantissa < 0) == (needed.mantissa < 0) && is_group_lost(a, la, b, lb);
}

bool tolka_slip_is_likely(const struct tolka_cell *cell, struct tolka_decimal needed)
{
    char a[32], b[32];
    int la, lb = digits_of(needed, b);

    if (!cell->has_value || cell->confidence >= 1 || cell->value.scale != needed.scale ||
        (cell->value.mantissa < 0) != (needed.mantissa < 0))
        return false;
    la = digits_of(cell->value, a);
    return is_one_longer(b, lb, a, la) || is_one_alike(a, b, true);
}

bool tolka_slip_is_digit(const struct tolka_cell *cell, struct tolka_decimal needed)
{
    char a[32], b[32];
    int la, lb = digits_of(needed, b), differing = 0;

    if (!cell->has_value || cell->value.scale != needed.scale ||
        (cell->value.mantissa < 0) != (needed.mantissa < 0))
        return false;
    la = digits_of(cell->value, a);
    for (int i = 0; la == lb && i < la; i++)
        differing += a[i] != b[i];
    return la == lb && la >= MIN_DIGIT_SLIP && differing == 1 && a[la - 1] == b[la - 1];
}

bool tolka_slip_is_one(const struct tolka_cell *cell, struct tolka_decimal needed)
{
    char a[32], b[32];
    int la, lb = digits_of(needed, b);

    if (lb > MAX_DIGITS || needed.mantissa == 0)
        return false;
    if (!cell->has_value)
        return is_unread_slip(cell->text, needed, b, lb);
    if (cell->value.scale != needed.scale || cell->value.mantissa == 0)
        return false;
    if (cell->value.mantissa == -needed.mantissa)
        return true;
    if ((cell->value.mantissa < 0) != (needed.mantissa < 0))
        return false;
    la = digits_of(cell->value, a);
    return is_one_longer(a, la, b, lb) || is_one_longer(b, lb, a, la) || is_one_alike(a, b, false);
}

void tolka_slip_print(struct tolka_decimal value, char out[48])
{
    char plain[32], *point;
    int whole, n = 0;

    tolka_decimal_format(value, plain);
    point = strchr(plain, '.');
    whole = point ? (int)(point - plain) : (int)strlen(plain);
    for (int i = 0; plain[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
            out[n++] = ' ';
        out[n++] = plain[i] == '.' ? ',' : plain[i];
    }
    out[n] = '\0';
}
