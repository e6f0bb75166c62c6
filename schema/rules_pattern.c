/*
 * Patterns over PCRE2 (8-bit, UTF, caseless, JIT). A written pattern is rewritten by a small expander before
 * it is compiled:
 *
 *   {name}        the pattern of that name, in a group
 *   å é ö ...     the bare letter, since the text is folded in the same way
 *   i l 1, o 0    each other's classes; "m" also "rn" and "rn" also "m": the mix-ups of Latin print that
 * every recogniser makes space - / ... nothing in a tight pattern; a space is one or more in a text pattern
 *
 * Escapes, classes and group heads are copied as they stand. Limits guard against patterns that blow up
 * (PCRE2 "pcre2limits", "Backtracking"): a match that needs more counts as none.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema/rules_pattern.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "schema/rules_fold.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* A named pattern inside a named pattern: deeper than this is a circle. */
enum { NAME_DEPTH = 8 };

/* Backtracks of one match, and its memory in KiB. Honest patterns on a line of text need a few hundred. */
enum { MATCH_LIMIT = 50000, DEPTH_LIMIT = 2000, HEAP_LIMIT_KIB = 1024, GROUP_PAIRS = 32 };

struct tolka_pattern {
    pcre2_code *code;
};

struct tolka_matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    bool gave_up;
};

struct expander {
    const struct tolka_pattern_names *names;
    enum tolka_pattern_mode mode;
    struct tolka_strbuf out;
    struct tolka_error *err;
};

static const char *skip_quantifier(const char *at)
{
    if (*at == '?' || *at == '*' || *at == '+')
        return at + 1;
    return at;
}

static bool is_quantifier(char c)
{
    return c == '?' || c == '*' || c == '+' || c == '{';
}

/* "\d", "\p{Lu}", "\." */
static const char *copy_escape(struct expander *ex, const char *at)
{
    const char *start = at;

    at++;
    if (!*at) {
        tolka_error_set(ex->err, TOLKA_ERR_FORMAT, "the pattern ends in a backslash");
        return at;
    }
    at++;
    while ((*at & 0xC0) == 0x80)
        at++;
    if (*at == '{' && strchr("pPxkgoN", start[1])) {
        const char *end = strchr(at, '}');

        at = end ? end + 1 : at;
    }
    tolka_strbuf_add(&ex->out, start, (size_t)(at - start));
    return at;
}

static const char *add_folded(struct expander *ex, const char *at)
{
    char bytes[4];
    uint32_t code;
    size_t step = tolka_utf8_decode(at, strlen(at), &code);

    tolka_strbuf_add(&ex->out, bytes, tolka_utf8_encode(tolka_fold_char(code), bytes));
    return at + step;
}

/* "[a-zåäö]", "[^]x]", "[[:alpha:]]" */
static const char *copy_class(struct expander *ex, const char *at)
{
    tolka_strbuf_add_char(&ex->out, *at++);
    if (*at == '^')
        tolka_strbuf_add_char(&ex->out, *at++);
    if (*at == ']')
        tolka_strbuf_add_char(&ex->out, *at++);
    while (*at && *at != ']') {
        const char *inner = *at == '[' && at[1] == ':' ? strstr(at + 2, ":]") : NULL;

        if (inner) {
            tolka_strbuf_add(&ex->out, at, (size_t)(inner + 2 - at));
            at = inner + 2;
        } else if (*at == '\\') {
            at = copy_escape(ex, at);
        } else {
            at = add_folded(ex, at);
        }
    }
    if (*at)
        tolka_strbuf_add_char(&ex->out, *at++);
    return at;
}

/* "(?:", "(?<name>", "(?<=", "(?-i:", "(?=" ... */
static const char *copy_group_head(struct expander *ex, const char *at)
{
    const char *start = at;

    if (at[1] == '*') {
        tolka_error_set(ex->err, TOLKA_ERR_FORMAT, "\"(*\" is not allowed in a pattern");
        return at + strlen(at);
    }
    at++;
    if (*at == '?') {
        at++;
        if (*at == 'P')
            at++;
        if (*at == '<' && at[1] != '=' && at[1] != '!')
            at += strcspn(at, ">");
        else
            at += strspn(at, "<imsxnJ^-");
        if (*at && strchr(":=!>|)", *at))
            at++;
    }
    tolka_strbuf_add(&ex->out, start, (size_t)(at - start));
    return at;
}

static const char *name_lookup(const struct tolka_pattern_names *names, const char *name, size_t length)
{
    for (size_t i = names ? names->count : 0; i-- > 0;)
        if (!strncmp(names->items[i].name, name, length) && !names->items[i].name[length])
            return names->items[i].match;
    return NULL;
}

/* Letters that print alike; NULL when `c` is safe. */
static const char *lookalikes(char c)
{
    switch (c) {
    case 'i':
    case 'l':
    case '1':
        return "[il1!]";
    case 'o':
    case '0':
        return "[o0]";
    case 'm':
        return "(?:m|rn)";
    default:
        return NULL;
    }
}

static const char *copy_literal(struct expander *ex, const char *at)
{
    const char *alike = lookalikes(*at);

    if (at[0] == 'r' && at[1] == 'n' && !is_quantifier(at[2])) {
        tolka_strbuf_add_str(&ex->out, "(?:rn|m)");
        return at + 2;
    }
    if (alike) {
        tolka_strbuf_add_str(&ex->out, alike);
        return at + 1;
    }
    return add_folded(ex, at);
}

static const char *copy_space(struct expander *ex, const char *at)
{
    if (ex->mode == TOLKA_PATTERN_TIGHT)
        return skip_quantifier(at + 1);
    tolka_strbuf_add_str(&ex->out, is_quantifier(at[1]) ? " " : " +");
    return at + 1;
}

static void expand(struct expander *ex, const char *at, int depth);

/* "{amount}" is a name, "{2,3}" a count. */
static const char *copy_brace(struct expander *ex, const char *at, int depth)
{
    size_t length = strcspn(at + 1, "}");
    const char *match;

    if (!tolka_utf8_is_letter((unsigned char)at[1])) {
        size_t whole = at[1 + length] ? length + 2 : length + 1;

        tolka_strbuf_add(&ex->out, at, whole);
        return at + whole;
    }
    match = name_lookup(ex->names, at + 1, length);
    if (!match) {
        tolka_error_set(ex->err, TOLKA_ERR_FORMAT, "no pattern is named \"%.*s\"",
                        (int)(length < 60 ? length : 60), at + 1);
        return at + strlen(at);
    }
    if (depth >= NAME_DEPTH) {
        tolka_error_set(ex->err, TOLKA_ERR_FORMAT, "the pattern \"%.*s\" is made of itself",
                        (int)(length < 60 ? length : 60), at + 1);
        return at + strlen(at);
    }
    tolka_strbuf_add_str(&ex->out, "(?:");
    expand(ex, match, depth + 1);
    tolka_strbuf_add_char(&ex->out, ')');
    at += 1 + length;
    return *at ? at + 1 : at;
}

/* Recursion is bounded by NAME_DEPTH, work by the size of what comes out. */
static void expand(struct expander *ex, const char *at, int depth)
{
    while (*at && !ex->err->status) {
        if (ex->out.length > TOLKA_PATTERN_EXPANDED_BYTES || ex->out.failed) {
            tolka_error_set(ex->err, TOLKA_ERR_FORMAT, "the pattern is too long");
            return;
        }
        if (*at == '\\')
            at = copy_escape(ex, at);
        else if (*at == '[')
            at = copy_class(ex, at);
        else if (*at == '(')
            at = copy_group_head(ex, at);
        else if (*at == '{')
            at = copy_brace(ex, at, depth);
        else if (*at == ' ')
            at = copy_space(ex, at);
        else if (ex->mode == TOLKA_PATTERN_TIGHT && strchr("-/,;'\"&", *at))
            at = skip_quantifier(at + 1);
        else
            at = copy_literal(ex, at);
    }
}

enum tolka_status tolka_pattern_expand(const struct tolka_pattern_names *names, const char *source,
                                       enum tolka_pattern_mode mode, struct tolka_strbuf *out,
                                       struct tolka_error *err)
{
    struct tolka_error own = {0};
    struct expander ex = {.names = names, .mode = mode, .err = &own};

    expand(&ex, source, 0);
    if (ex.out.failed)
        tolka_error_set(&own, TOLKA_ERR_MEMORY, "out of memory");
    tolka_strbuf_add_str(out, tolka_strbuf_text(&ex.out));
    tolka_strbuf_release(&ex.out);
    return own.status ? tolka_error_set(err, own.status, "%s", own.message) : TOLKA_OK;
}

static enum tolka_status compile_expanded(const struct tolka_strbuf *text, struct tolka_pattern **out,
                                          struct tolka_error *err)
{
    struct tolka_pattern *pattern = calloc(1, sizeof(*pattern));
    PCRE2_UCHAR message[128];
    int code = 0;
    size_t offset = 0;

    if (!pattern)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    pattern->code =
        pcre2_compile((PCRE2_SPTR)text->data, text->length,
                      PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
    if (!pattern->code) {
        free(pattern);
        pcre2_get_error_message(code, message, sizeof(message));
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "the pattern does not compile: %s",
                               (const char *)message);
    }
    pcre2_jit_compile(pattern->code,
                      PCRE2_JIT_COMPLETE); /* where it fails, the interpreter does the same work */
    *out = pattern;
    return TOLKA_OK;
}

enum tolka_status tolka_pattern_compile(const struct tolka_pattern_names *names, const char *const *sources,
                                        size_t count, enum tolka_pattern_mode mode, bool whole,
                                        struct tolka_pattern **out, struct tolka_error *err)
{
    struct tolka_error own = {0};
    struct expander ex = {.names = names, .mode = mode, .err = &own};

    *out = NULL;
    tolka_strbuf_add_str(&ex.out, whole ? "^(?:" : "(?:");
    for (size_t i = 0; i < count && !own.status; i++) {
        if (i > 0)
            tolka_strbuf_add_char(&ex.out, '|');
        if (strlen(sources[i]) > TOLKA_PATTERN_BYTES)
            tolka_error_set(&own, TOLKA_ERR_FORMAT, "the pattern is longer than %d bytes",
                            TOLKA_PATTERN_BYTES);
        else
            expand(&ex, sources[i], 0);
    }
    tolka_strbuf_add_str(&ex.out, whole ? ")$" : ")");
    if (ex.out.failed)
        tolka_error_set(&own, TOLKA_ERR_MEMORY, "out of memory");
    if (!own.status)
        compile_expanded(&ex.out, out, &own);
    tolka_strbuf_release(&ex.out);
    return own.status ? tolka_error_set(err, own.status, "%s", own.message) : TOLKA_OK;
}

void tolka_pattern_free(struct tolka_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

bool tolka_pattern_matches_empty(const struct tolka_pattern *pattern)
{
    uint32_t empty = 0;

    return !pcre2_pattern_info(pattern->code, PCRE2_INFO_MATCHEMPTY, &empty) && empty;
}

struct tolka_matcher *tolka_matcher_new(void)
{
    struct tolka_matcher *matcher = calloc(1, sizeof(*matcher));

    if (!matcher)
        return NULL;
    matcher->data = pcre2_match_data_create(GROUP_PAIRS, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    if (!matcher->data || !matcher->context) {
        tolka_matcher_free(matcher);
        return NULL;
    }
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    return matcher;
}

void tolka_matcher_free(struct tolka_matcher *matcher)
{
    if (!matcher)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

bool tolka_pattern_find(const struct tolka_pattern *pattern, struct tolka_matcher *matcher, const char *text,
                        size_t length, size_t from, struct tolka_span *found)
{
    int count;
    size_t *spans;

    if (!pattern || !matcher || from > length)
        return false;
    count = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, from, 0, matcher->data, matcher->context);
    matcher->gave_up = count < PCRE2_ERROR_PARTIAL;
    if (count < 0)
        return false;
    spans = pcre2_get_ovector_pointer(matcher->data);
    if (spans[1] < spans[0]) /* \\K in a lookahead */
        return false;
    if (found)
        *found = (struct tolka_span){spans[0], spans[1]};
    return true;
}

bool tolka_matcher_gave_up(const struct tolka_matcher *matcher)
{
    return matcher->gave_up;
}

bool tolka_pattern_group(const struct tolka_pattern *pattern, const struct tolka_matcher *matcher,
                         const char *name, struct tolka_span *span)
{
    PCRE2_SPTR first = NULL, last = NULL;
    int size = pcre2_substring_nametable_scan(pattern->code, (PCRE2_SPTR)name, &first, &last);
    const size_t *spans = pcre2_get_ovector_pointer(matcher->data);
    unsigned pairs = pcre2_get_ovector_count(matcher->data);

    for (; size > 0 && first <= last; first += size) {
        size_t number = (size_t)first[0] << 8 | first[1];

        if (number < pairs && spans[2 * number] != PCRE2_UNSET && spans[2 * number + 1] > spans[2 * number]) {
            *span = (struct tolka_span){spans[2 * number], spans[2 * number + 1]};
            return true;
        }
    }
    return false;
}
