/*
 * A pattern read as a recipe: each alternative is picked by a generator of fixed seed, repeats are made the
 * fewest times or up to two more, classes give one of their members, what only looks round gives its text
 * half of the time (it stands at an end) or nothing. Forty such texts, folded as the text of a report is, are
 * enough to reach what a person writes in a rule; a pattern that asks for what folding takes away ("S\.A" in
 * a label), or for something after the end, matches none.
 *
 * Recursion follows the groups, which PCRE2 has bounded by compiling the pattern; MAX_DEPTH bounds it again.
 */
#include "schema/rules_sample.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "schema/rules_fold.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 40, MAX_DEPTH = 260, MAX_TEXT = 400, MORE_REPEATS = 2, MAX_REPEATS = 60, MAX_STEPS = 20000 };

struct maker {
    struct tolka_strbuf out;
    uint32_t seed;
    int depth, steps;
};

/* 0 to count - 1 (Numerical Recipes' linear congruence; the upper bits are the better ones). */
static unsigned pick(struct maker *m, unsigned count)
{
    m->seed = m->seed * 1664525U + 1013904223U;
    return count ? (m->seed >> 16) % count : 0;
}

static const char *escape_end(const char *at, const char *end)
{
    const char letter = at + 1 < end ? at[1] : '\0';
    const char *after = at + 2 < end ? at + 2 : end;

    while (after < end && (*after & 0xC0) == 0x80)
        after++;
    if (after < end && *after == '{' && letter && strchr("pPxoN", letter))
        while (after < end && *after++ != '}')
            ;
    return after;
}

static const char *class_end(const char *at, const char *end)
{
    at++;
    if (at < end && *at == '^')
        at++;
    if (at < end && *at == ']')
        at++;
    while (at < end && *at != ']') {
        if (*at == '\\')
            at = escape_end(at, end);
        else if (*at == '[' && at + 1 < end && at[1] == ':' && strstr(at, ":]"))
            at = strstr(at, ":]") + 2;
        else
            at++;
    }
    return at < end ? at + 1 : end;
}

static const char *group_end(const char *at, const char *end)
{
    int open = 0;

    while (at < end) {
        if (*at == '\\') {
            at = escape_end(at, end);
            continue;
        }
        if (*at == '[') {
            at = class_end(at, end);
            continue;
        }
        open += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        at++;
        if (open == 0)
            break;
    }
    return at;
}

/* The end of the atom at `at`. */
static const char *atom_end(const char *at, const char *end)
{
    if (*at == '\\')
        return escape_end(at, end);
    if (*at == '[')
        return class_end(at, end);
    if (*at == '(')
        return group_end(at, end);
    for (at++; at < end && (*at & 0xC0) == 0x80; at++)
        ;
    return at;
}

/* Reads a quantifier, if there is one, and what may stand after it. */
static const char *quantifier(const char *at, const char *end, int *low, int *high)
{
    *low = *high = 1;
    if (at >= end || !strchr("?*+{", *at) || (*at == '{' && !isdigit((unsigned char)at[1])))
        return at;
    if (*at == '{') {
        char *after;

        *low = *high = (int)strtol(at + 1, &after, 10);
        if (*after == ',')
            *high =
                isdigit((unsigned char)after[1]) ? (int)strtol(after + 1, &after, 10) : *low + MORE_REPEATS;
        while (after < end && *after++ != '}')
            ;
        at = after;
    } else {
        *low = *at == '+';
        *high = *at == '?' ? 1 : *low + MORE_REPEATS;
        at++;
    }
    return at < end && (*at == '?' || *at == '+') ? at + 1 : at;
}

static void make_escape(struct maker *m, const char *at, const char *end)
{
    const char letter = at + 1 < end ? at[1] : '\0';

    if (!letter || strchr("bBAzZGKQE", letter))
        return;
    if (letter == 'd')
        tolka_strbuf_add_char(&m->out, "1357"[pick(m, 4)]);
    else if (strchr("shvW", letter))
        tolka_strbuf_add_char(&m->out, ' ');
    else if (strchr("wDSXNHV", letter))
        tolka_strbuf_add_char(&m->out, 'a');
    else if (letter == 'p' || letter == 'P')
        tolka_strbuf_add_char(&m->out, memchr(at, 'u', (size_t)(end - at))   ? 'A'
                                       : memchr(at, 'N', (size_t)(end - at)) ? '3'
                                                                             : 'a');
    else
        tolka_strbuf_add(&m->out, at + 1, (size_t)(escape_end(at, end) - at - 1));
}

/* One of the class's members; of a class of what it is not, something that is not in it as written. */
static void make_member(struct maker *m, const char *at, const char *end)
{
    static const char others[] = "a3 -A.,x/%";
    const char *members[64];
    size_t count = 0;
    const bool negated = at + 1 < end && at[1] == '^';

    end--; /* the bracket */
    at += 1 + negated;
    for (size_t i = 0; negated && others[i]; i++)
        if (!memchr(at, others[i], (size_t)(end - at))) {
            tolka_strbuf_add_char(&m->out, others[i]);
            return;
        }
    while (at < end && count < sizeof members / sizeof *members) {
        members[count++] = at;
        at = *at == '\\' ? escape_end(at, end) : at + 1;
        while (at < end && (*at & 0xC0) == 0x80)
            at++;
        if (at + 1 < end && *at == '-') /* a range gives its first */
            at += 2;
    }
    if (!count)
        return;
    at = members[pick(m, (unsigned)count)];
    if (*at == '\\')
        make_escape(m, at, end);
    else if (*at == '[')
        tolka_strbuf_add_char(&m->out, 'a');
    else
        tolka_strbuf_add(&m->out, at, (size_t)(atom_end(at, end) - at));
}

static void make_alternatives(struct maker *m, const char *at, const char *end);

static void make_group(struct maker *m, const char *at, const char *end)
{
    bool looks = false, denies = false;

    at++;
    if (*at == '?') {
        const bool behind = at[1] == '<' && at + 2 < end && (at[2] == '=' || at[2] == '!');

        at += 1 + behind;
        looks = *at == '=';
        denies = *at == '!';
        if (!behind && *at == '<')
            while (at < end && *at++ != '>')
                ;
        else
            at += strcspn(at, ":=!>|)") + (at[strcspn(at, ":=!>|)")] != ')');
    }
    if (denies || (looks && pick(m, 2)))
        return;
    if (end > at)
        make_alternatives(m, at, end - 1);
}

static void make_atom(struct maker *m, const char *at, const char *end)
{
    if (m->out.length > MAX_TEXT || ++m->steps > MAX_STEPS)
        return;
    switch (*at) {
    case '\\':
        make_escape(m, at, end);
        break;
    case '[':
        make_member(m, at, end);
        break;
    case '(':
        make_group(m, at, end);
        break;
    case '^':
    case '$':
        break;
    case '.':
        tolka_strbuf_add_char(&m->out, 'a');
        break;
    default:
        tolka_strbuf_add(&m->out, at, (size_t)(end - at));
    }
}

static void make_sequence(struct maker *m, const char *at, const char *end)
{
    while (at < end) {
        const char *atom = at, *after = atom_end(at, end);
        int low, high;
        unsigned times;

        at = quantifier(after, end, &low, &high);
        high = high > low + MORE_REPEATS ? low + MORE_REPEATS : high;
        times = (unsigned)(low < 0 ? 0 : low > MAX_REPEATS ? MAX_REPEATS : low);
        times += high > low ? pick(m, (unsigned)(high - low) + 1) : 0;
        for (unsigned i = 0; i < times; i++)
            make_atom(m, atom, after);
    }
}

static const char *alternative_end(const char *at, const char *end)
{
    while (at < end && *at != '|')
        at = atom_end(at, end);
    return at;
}

static void make_alternatives(struct maker *m, const char *at, const char *end)
{
    unsigned count = 1, chosen;

    if (m->depth >= MAX_DEPTH || m->steps > MAX_STEPS)
        return;
    for (const char *bar = alternative_end(at, end); bar < end; bar = alternative_end(bar + 1, end))
        count++;
    for (chosen = pick(m, count); chosen > 0; chosen--)
        at = alternative_end(at, end) + 1;
    m->depth++;
    make_sequence(m, at, alternative_end(at, end));
    m->depth--;
}

/* Back references, calls and conditions are beyond a recipe. */
static bool is_beyond(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' && text[1]) {
            if ((text[1] >= '1' && text[1] <= '9') || text[1] == 'k' || text[1] == 'g')
                return true;
            text++;
        } else if (text[0] == '(' && text[1] == '?' && text[2] && strchr("(R&P0123456789+", text[2])) {
            return true;
        }
    }
    return false;
}

static bool matches_text(const struct maker *m, enum tolka_pattern_mode mode,
                         const struct tolka_pattern *pattern, struct tolka_matcher *matcher)
{
    const char *text = tolka_strbuf_text(&m->out);
    char tight[TOLKA_TIGHT_BYTES];
    struct tolka_arena arena = {0};
    struct tolka_folded folded;
    bool found;

    if (mode == TOLKA_PATTERN_TIGHT)
        return tolka_pattern_find(pattern, matcher, tight, tolka_fold_tight(text, tight), 0, NULL);
    found = tolka_fold_text(&arena, text, &folded) &&
            tolka_pattern_find(pattern, matcher, folded.text, folded.length, 0, NULL);
    tolka_arena_release(&arena);
    return found;
}

bool tolka_pattern_can_match(const struct tolka_pattern_names *names, const char *source,
                             enum tolka_pattern_mode mode, const struct tolka_pattern *pattern,
                             struct tolka_matcher *matcher)
{
    struct tolka_strbuf text = {0};
    struct maker m = {.seed = 1};
    bool found = tolka_pattern_expand(names, source, mode, &text, NULL) != TOLKA_OK ||
                 is_beyond(tolka_strbuf_text(&text));

    for (int i = 0; i < TRIES && !found; i++) {
        const char *start = tolka_strbuf_text(&text);

        tolka_strbuf_truncate(&m.out, 0);
        m.steps = 0;
        make_alternatives(&m, start, start + text.length);
        found = m.out.failed || m.steps > MAX_STEPS || m.out.length > MAX_TEXT ||
                matches_text(&m, mode, pattern, matcher);
    }
    tolka_strbuf_release(&text);
    tolka_strbuf_release(&m.out);
    return found;
}
