/*
 * Dates and periods as Swedish headings print them (schema/value.h).
 *
 * The text becomes at most MAX_TOKENS tokens: numbers, words and single signs. A *point* is the longest date,
 * month, quarter, half-year or year that begins at a token ("31 dec 2020", "jan", "Q1", "2020"); two points
 * with a dash between them (or two whole dates side by side, where the dash was lost) are a range. What a
 * point leaves open (its year, a month) the other end of the range gives, then a year that stands alone
 * elsewhere in the text. Nothing else is guessed: no year, no period.
 */
#include "schema/value.h"

#include "schema/date_tokens.h"

#include <string.h>

/* A stretch of time whose year, and for a lone day its month, may be unknown (0). */
struct point {
    int year, first_month, last_month;
    int day; /* 0: whole months */
    bool quarter;
};

static const char *const MONTHS[] = {"januari", "februari", "mars",      "april",   "maj",      "juni",
                                     "juli",    "augusti",  "september", "oktober", "november", "december"};

/* 1 to 12 for a month's name or its abbreviation of three letters or more, else 0. */
static int month_of(const struct tolka_date_token *token)
{
    size_t length = strlen(token->word);

    if (token->kind != TOKEN_WORD || length < 3)
        return 0;
    for (int m = 0; m < 12; m++) {
        if (strncmp(token->word, MONTHS[m], length) == 0 || (m == 8 && strcmp(token->word, "sept") == 0))
            return m + 1;
    }
    return 0;
}

static bool is_word(const struct tolka_date_token *token, const char *word)
{
    return token->kind == TOKEN_WORD && strcmp(token->word, word) == 0;
}

static bool is_sign(const struct tolka_date_token *token, char sign)
{
    return token->kind == TOKEN_SIGN && token->sign == sign;
}

static bool is_year(const struct tolka_date_token *token)
{
    return token->kind == TOKEN_NUMBER && token->digits == 4 && token->value >= FIRST_YEAR &&
           token->value <= LAST_YEAR;
}

static bool is_short_number(const struct tolka_date_token *token, int low, int high)
{
    return token->kind == TOKEN_NUMBER && token->digits <= 2 && token->value >= low && token->value <= high;
}

static int days_in(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return DAYS[month - 1] + (month == 2 && leap);
}

static bool is_separator(const struct tolka_date_token *token)
{
    return token->kind == TOKEN_DASH || is_sign(token, '/') || is_sign(token, '.');
}

static bool set_day(struct point *point, int year, int month, int day)
{
    if (month < 1 || month > 12 || day < 1 || day > days_in(year ? year : 2000, month))
        return false;
    *point = (struct point){.year = year, .first_month = month, .last_month = month, .day = day};
    return true;
}

/* "20201231" and "201231". */
static int match_compact(const struct tolka_date_token *t, struct point *point)
{
    if (t->kind != TOKEN_NUMBER || (t->digits != 8 && t->digits != 6))
        return 0;
    if (t->digits == 6)
        return set_day(point, 2000 + t->value / 10000, t->value / 100 % 100, t->value % 100);
    if (t->value / 10000 < FIRST_YEAR || t->value / 10000 > LAST_YEAR)
        return 0;
    return set_day(point, t->value / 10000, t->value / 100 % 100, t->value % 100);
}

/* "22-12-31": a year of two digits is told by the dashes between the numbers. */
static int match_short(const struct tolka_date_token *t, struct point *point)
{
    enum { CENTURY = 2000 };

    for (int i = 0; i < 5; i++) {
        if (i > 0 && !t[i].glued)
            return 0;
        if (i % 2 ? t[i].kind != TOKEN_DASH : t[i].kind != TOKEN_NUMBER || t[i].digits != 2)
            return 0;
    }
    return set_day(point, CENTURY + t[0].value, t[2].value, t[4].value) ? 5 : 0;
}

/* "2020-12-31", "2020.12.31", "31/12 2020", "31/12-2020", "31.12.2020", "31/12". Returns the tokens used. */
static int match_numeric(const struct tolka_date_token *t, struct point *point)
{
    if (is_year(t) && is_separator(&t[1]) && is_short_number(&t[2], 1, 12) && is_separator(&t[3]) &&
        is_short_number(&t[4], 1, 31))
        return set_day(point, t->value, t[2].value, t[4].value) ? 5 : 0;
    if (!is_short_number(t, 1, 31) || !(is_sign(&t[1], '/') || is_sign(&t[1], '.')) ||
        !is_short_number(&t[2], 1, 12))
        return 0;
    if (is_year(&t[3]))
        return set_day(point, t[3].value, t[2].value, t->value) ? 4 : 0;
    if (is_separator(&t[3]) && is_year(&t[4]))
        return set_day(point, t[4].value, t[2].value, t->value) ? 5 : 0;
    if (is_sign(&t[1], '/') && set_day(point, 0, t[2].value, t->value))
        return 3;
    return 0;
}

/* "31 december 2020", "den 5 mars", "1:a jan", "dec 2020". */
static int match_named(const struct tolka_date_token *t, struct point *point)
{
    int used = 0, day = 0, month;

    if (is_word(t, "den"))
        used++;
    if (is_short_number(&t[used], 1, 31)) {
        day = t[used++].value;
        if (is_sign(&t[used], ':') && t[used + 1].kind == TOKEN_WORD)
            used += 2;
    }
    month = month_of(&t[used]);
    if (!month)
        return 0;
    used++;
    if (is_sign(&t[used], '.'))
        used++;
    *point = (struct point){.first_month = month, .last_month = month};
    if (is_year(&t[used]))
        point->year = t[used++].value;
    if (day && !set_day(point, point->year, month, day))
        return 0;
    return used;
}

static bool set_part(struct point *point, int part, int months)
{
    if (part < 1 || part * months > 12)
        return false;
    *point = (struct point){
        .first_month = (part - 1) * months + 1, .last_month = part * months, .quarter = months == 3};
    return true;
}

/* The number of months that a word for a part of the year stands for, 0 for any other word. */
static int part_months(const struct tolka_date_token *t)
{
    static const struct {
        const char *word;
        int months;
    } PARTS[] = {{"q", 3},       {"kv", 3},        {"kvartal", 3}, {"kvartalet", 3}, {"t", 4},
                 {"tertial", 4}, {"tertialet", 4}, {"h", 6},       {"halvår", 6},    {"halvåret", 6}};

    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (is_word(t, PARTS[i].word))
            return PARTS[i].months;
    }
    return 0;
}

static int ordinal_of(const struct tolka_date_token *t)
{
    static const char *const WORDS[] = {"första", "andra", "tredje", "fjärde"};

    for (int i = 0; i < 4; i++) {
        if (is_word(t, WORDS[i]))
            return i + 1;
    }
    return 0;
}

/* "Q1", "kvartal 2", "tertial 1", "första halvåret", "1:a kvartalet", "halvåret" (the first one). */
static int match_part(const struct tolka_date_token *t, struct point *point)
{
    int months = part_months(t), ordinal = ordinal_of(t), used = 1;

    if (months) {
        if (is_short_number(&t[1], 1, 4))
            used = set_part(point, t[1].value, months) ? 2 : 0;
        else
            used = months == 6 && strlen(t->word) > 1 && set_part(point, 1, 6) ? 1 : 0;
    } else if (ordinal) {
        used = part_months(&t[1]) && set_part(point, ordinal, part_months(&t[1])) ? 2 : 0;
    } else if (is_short_number(t, 1, 4) && is_sign(&t[1], ':') && part_months(&t[3])) {
        used = set_part(point, t->value, part_months(&t[3])) ? 4 : 0;
    } else {
        return 0;
    }
    if (used && is_year(&t[used]))
        point->year = t[used++].value;
    return used;
}

/* "2020-06" (a month) and "2020". */
static int match_year(const struct tolka_date_token *t, struct point *point)
{
    if (!is_year(t))
        return 0;
    *point = (struct point){.year = t->value, .first_month = 1, .last_month = 12};
    if (t[1].kind != TOKEN_DASH || !t[1].glued || !t[2].glued || !is_short_number(&t[2], 1, 12) ||
        t[2].digits != 2)
        return 1;
    point->first_month = point->last_month = t[2].value;
    return 3;
}

static int match_point(const struct tolka_date_token *t, struct point *point)
{
    int used = match_numeric(t, point);

    if (!used)
        used = match_short(t, point);
    if (!used)
        used = match_compact(t, point);
    if (!used)
        used = match_named(t, point);
    if (!used)
        used = match_part(t, point);
    if (!used)
        used = match_year(t, point);
    return used;
}

/* "-", "till", "t.o.m.", "tom"; 0 when no range goes on here. */
static int match_range_sign(const struct tolka_date_token *t)
{
    int used = 0;

    while (t[used].kind == TOKEN_DASH)
        used++;
    if (used)
        return used;
    if (is_word(t, "till") || is_word(t, "tom"))
        return 1 + (is_word(&t[1], "och") && is_word(&t[2], "med") ? 2 : 0);
    if (is_word(t, "t") && is_sign(&t[1], '.') && is_word(&t[2], "o") && is_sign(&t[3], '.') &&
        is_word(&t[4], "m"))
        return is_sign(&t[5], '.') ? 6 : 5;
    return 0;
}

static bool is_whole_date(const struct point *point)
{
    return point->year && point->day;
}

/* A day or a quarter that has only its number, and takes the rest from the other end: "1-31 december 2020",
 * "kvartal 1-2". */
static int match_bare(const struct tolka_date_token *t, const struct point *other, struct point *point)
{
    if (other->quarter && is_short_number(t, 1, 4) && set_part(point, t->value, 3)) {
        if (is_year(&t[1]))
            point->year = t[1].value;
        return point->year ? 2 : 1;
    }
    return 0;
}

static int match_day_range(const struct tolka_date_token *t, struct point *from, struct point *to)
{
    int dash, used;

    if (!is_short_number(t, 1, 31))
        return 0;
    dash = match_range_sign(&t[1]);
    used = dash ? match_named(&t[1 + dash], to) : 0;
    if (!used || !to->day || !set_day(from, to->year, to->first_month, t->value) || from->day >= to->day)
        return 0;
    return 1 + dash + used;
}

/* "202401" as a month, or "2401": with fewer digits only what cannot be a year. */
static bool set_ledger_month(const struct tolka_date_token *t, struct point *point)
{
    enum { FIRST_SHORT = 2021, CENTURY = 2000 };
    const int year = t->value / 100 + (t->digits == 4 ? CENTURY : 0), month = t->value % 100;

    if (t->kind != TOKEN_NUMBER || (t->digits != 6 && t->digits != 4) || month < 1 || month > 12)
        return false;
    if (year < (t->digits == 4 ? FIRST_SHORT : FIRST_YEAR) || year > LAST_YEAR)
        return false;
    *point = (struct point){.year = year, .first_month = month, .last_month = month};
    return true;
}

/* "202401-202408" and "2401-2408": months, in the way of ledgers. */
static int match_month_range(const struct tolka_date_token *t, struct point *from, struct point *to)
{
    if (!set_ledger_month(&t[0], from) || t[1].kind != TOKEN_DASH || !set_ledger_month(&t[2], to))
        return 0;
    return t[0].digits == t[2].digits && t[0].value < t[2].value ? 3 : 0;
}

/* Reads a point or a range at `t` into `from` and `to` (both the same for a point); returns the tokens used.
 */
static int match_stretch(const struct tolka_date_token *t, struct point *from, struct point *to)
{
    int used = match_day_range(t, from, to), dash, more;

    if (!used)
        used = match_month_range(t, from, to);
    if (used)
        return used;
    used = match_point(t, from);
    *to = *from;
    if (!used)
        return 0;
    dash = match_range_sign(&t[used]);
    more = dash ? match_point(&t[used + dash], to) : 0;
    if (dash && !more)
        more = match_bare(&t[used + dash], from, to);
    if (!dash && is_whole_date(from)) { /* the dash was lost */
        more = match_point(&t[used], to);
        if (!more || !is_whole_date(to))
            more = 0;
    }
    if (!more) {
        *to = *from;
        return used;
    }
    if (!from->year)
        from->year = to->year;
    if (!to->year)
        to->year = from->year;
    return used + dash + more;
}

/* The only year of the tokens outside [skip_from, skip_to), 0 when there is none or more than one. */
static int lone_year(const struct tolka_date_tokens *tokens, int skip_from, int skip_to)
{
    int year = 0;

    for (int i = 0; i < tokens->count; i++) {
        if ((i >= skip_from && i < skip_to) || !is_year(&tokens->items[i]))
            continue;
        if (year && year != tokens->items[i].value)
            return 0;
        year = tokens->items[i].value;
    }
    return year;
}

static int day_number(const struct point *point, bool last)
{
    int month = last ? point->last_month : point->first_month;
    int day = point->day ? point->day : last ? days_in(point->year, month) : 1;

    return (point->year * 100 + month) * 100 + day;
}

static void write_iso(int number, char out[11])
{
    static const signed char PLACES[] = {9, 8, 6, 5, 3, 2, 1, 0};

    memcpy(out, "0000-00-00", 11);
    for (size_t i = 0; i < sizeof PLACES; i++) {
        out[PLACES[i]] = (char)('0' + number % 10);
        number /= 10;
    }
}

static const char *iso_date(struct tolka_arena *arena, int number)
{
    char text[11];

    write_iso(number, text);
    return tolka_arena_strdup(arena, text);
}

static bool set_period(struct tolka_arena *arena, const struct point *from, const struct point *to,
                       struct tolka_period *period)
{
    int first = day_number(from, false), last = day_number(to, true);

    if (first > last)
        return false;
    period->from = iso_date(arena, first);
    period->to = iso_date(arena, last);
    return period->from && period->to;
}

/* A number that is part of an amount ("12 020", "2 020 kr") names no year. */
static bool is_amount_part(const struct tolka_date_tokens *tokens, int i)
{
    const struct tolka_date_token *t = &tokens->items[i];

    return t->kind == TOKEN_NUMBER && i > 0 && tokens->items[i - 1].kind == TOKEN_NUMBER &&
           tokens->items[i - 1].digits <= 3 && t->digits == 3;
}

/* Finds the first stretch with a year; `years` says whether it is a bare year that is looked for. */
static bool find_stretch(const struct tolka_date_tokens *tokens, bool years, struct point *from,
                         struct point *to)
{
    for (int i = 0; i < tokens->count; i++) {
        int used = is_amount_part(tokens, i) ? 0 : match_stretch(&tokens->items[i], from, to);
        bool bare_year = used == 1 && from->year;
        int year;

        if (!used)
            continue;
        if (bare_year != years) {
            i += used - 1;
            continue;
        }
        year = from->year && !years ? 0 : lone_year(tokens, i, i + used);
        if (years && year && year != from->year)
            return false; /* two years side by side */
        if (!from->year)
            from->year = to->year = year;
        if (from->year)
            return true;
    }
    return false;
}

bool tolka_period_parse(const char *text, struct tolka_arena *arena, struct tolka_period *period)
{
    struct tolka_date_tokens tokens;
    struct point from, to;

    *period = (struct tolka_period){0};
    if (!text || !tolka_date_tokenize(text, &tokens))
        return false;
    return (find_stretch(&tokens, false, &from, &to) || find_stretch(&tokens, true, &from, &to)) &&
           set_period(arena, &from, &to, period);
}

bool tolka_date_parse(const char *text, char out[11])
{
    struct tolka_date_tokens tokens;
    struct point point = {0};
    int used;

    if (!text || !tolka_date_tokenize(text, &tokens))
        return false;
    used = match_point(tokens.items, &point);
    if (used < tokens.count && (is_sign(&tokens.items[used], '.') || is_sign(&tokens.items[used], ',')))
        used++;
    if (!used || used != tokens.count || !is_whole_date(&point))
        return false;
    write_iso(day_number(&point, false), out);
    return true;
}
