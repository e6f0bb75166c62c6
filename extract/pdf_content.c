/*
 * A content stream (PDF 32000-1, 7.8.2) is operands and operators. It is walked token by token, and the bytes
 * from the end of one operator to the end of the next are copied or left out as one. The only state that
 * counts is the text rendering mode, which q and Q keep.
 */
#include "extract/pdf_content.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STATES = 512, MAX_MARKS = 512, MODE_HIDDEN = 3 };

enum token { TOKEN_END, TOKEN_OPERATOR, TOKEN_NAME, TOKEN_NUMBER, TOKEN_OTHER };

struct walk {
    const char *at, *end;
    const char *token; /* the last one */
    size_t token_length;
    bool hidden;
    bool states[MAX_STATES]; /* `hidden` at each q */
    int depth;
    bool all;
    struct tolka_pdf_content *content;
    struct tolka_arena *arena;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_delimiter(char c)
{
    return c && strchr("()<>[]{}/%", c);
}

static void skip_space(struct walk *w)
{
    while (w->at < w->end && (is_space(*w->at) || *w->at == '%')) {
        if (*w->at == '%') {
            while (w->at < w->end && *w->at != '\n' && *w->at != '\r')
                w->at++;
        } else {
            w->at++;
        }
    }
}

static void skip_string(struct walk *w)
{
    int depth = 0;

    for (; w->at < w->end; w->at++) {
        if (*w->at == '\\' && w->at + 1 < w->end)
            w->at++;
        else if (*w->at == '(')
            depth++;
        else if (*w->at == ')' && --depth == 0)
            break;
    }
    w->at += w->at < w->end;
}

static enum token take_token(struct walk *w)
{
    skip_space(w);
    w->token = w->at;
    if (w->at == w->end)
        return TOKEN_END;
    if (*w->at == '(') {
        skip_string(w);
        return TOKEN_OTHER;
    }
    if (is_delimiter(*w->at) && *w->at != '/') {
        w->at++; /* brackets of all kinds; what is inside hexadecimal strings passes for operands */
        return TOKEN_OTHER;
    }
    w->at++;
    while (w->at < w->end && !is_space(*w->at) && !is_delimiter(*w->at))
        w->at++;
    w->token_length = (size_t)(w->at - w->token);
    if (*w->token == '/')
        return TOKEN_NAME;
    return isdigit((unsigned char)*w->token) || strchr("+-.", *w->token) ? TOKEN_NUMBER : TOKEN_OPERATOR;
}

/* Hexadecimal strings hold letters that look like operators. */
static void skip_hex(struct walk *w)
{
    if (w->at < w->end && *w->at == '<') { /* a dictionary */
        w->at++;
        return;
    }
    while (w->at < w->end && *w->at != '>')
        w->at++;
}

/* An inline image's samples end at EI between white space, with something that is text behind it. */
static void skip_inline_image(struct walk *w)
{
    enum { LOOK = 12 };

    for (const char *p = w->at; p + 3 <= w->end; p++) {
        bool plain = true;
        if (!is_space(p[0]) || p[1] != 'E' || p[2] != 'I' || (p + 3 < w->end && !is_space(p[3])))
            continue;
        for (const char *q = p + 3; q < w->end && q < p + 3 + LOOK; q++)
            plain = plain && (isprint((unsigned char)*q) || is_space(*q)) && *q;
        if (plain) {
            w->at = p + 3;
            return;
        }
    }
    w->at = w->end;
}

static bool is(const struct walk *w, const char *name)
{
    return strlen(name) == w->token_length && memcmp(w->token, name, w->token_length) == 0;
}

static void push(struct walk *w)
{
    if (w->depth >= 0 && w->depth < MAX_STATES)
        w->states[w->depth] = w->hidden;
    w->depth++;
}

static void pop(struct walk *w)
{
    w->depth--;
    if (w->depth >= 0 && w->depth < MAX_STATES)
        w->hidden = w->states[w->depth];
    if (-w->depth > w->content->below)
        w->content->below = -w->depth;
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* The name without its slash, #xx as the byte that it stands for; NULL when out of memory. */
static const char *decode_name(struct walk *w, const char *name, size_t length)
{
    char *decoded = tolka_arena_strndup(w->arena, name + 1, length - 1), *to = decoded;

    for (const char *from = decoded; from && *from; to++) {
        const int high = *from == '#' ? hex_digit(from[1]) : -1, low = high < 0 ? -1 : hex_digit(from[2]);
        *to = low < 0 || high + low == 0 ? *from : (char)(16 * high + low);
        from += low < 0 || high + low == 0 ? 1 : 3;
    }
    if (decoded)
        *to = '\0';
    return decoded;
}

static void note_drawn(struct walk *w, const char *operand, size_t length)
{
    struct tolka_pdf_content *content = w->content;
    const char *name = length < 2 || *operand != '/' ? NULL : decode_name(w, operand, length);

    for (size_t i = 0; name && i < content->drawn_count; i++) {
        if (strcmp(content->drawn[i], name) == 0) {
            content->drawn_hidden[i] = content->drawn_hidden[i] && w->hidden;
            return;
        }
    }
    if (!name || content->drawn_count == TOLKA_PDF_MAX_DRAWN)
        return;
    content->drawn[content->drawn_count] = name;
    content->drawn_hidden[content->drawn_count++] = w->hidden;
}

/* Sets what would act on text behind it: spacing, the frame, the clip. */
static bool is_text_state(const struct walk *w)
{
    static const char *const NAMES[] = {"Tc", "Tw", "Ts", "Tz", "TL", "Tr", "cm", "gs", "W", "W*"};

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (is(w, NAMES[i]))
            return true;
    }
    return false;
}

/* Text objects and marked content that are open. */
static void count_open(struct walk *w)
{
    if (is(w, "BT") || is(w, "ET"))
        w->content->text_open = is(w, "BT");
    else if (is(w, "BMC") || is(w, "BDC"))
        w->content->marks_open += w->content->marks_open < MAX_MARKS;
    else if (is(w, "EMC"))
        w->content->marks_open -= w->content->marks_open > 0;
}

/* What stands for a text operator that is left out; NULL when the token is none. */
static const char *replacement(const struct walk *w)
{
    if (is(w, "Tj") || is(w, "TJ"))
        return "";
    return is(w, "'") || is(w, "\"") ? " T*" : NULL; /* these move to the next line as well */
}

/* Acts on an operator; returns what is to be written instead of it and its operands, NULL for themselves. */
static const char *take_operator(struct walk *w, const char *operand, size_t operand_length)
{
    const char *instead;

    if (is(w, "q"))
        push(w);
    else if (is(w, "Q"))
        pop(w);
    else if (is(w, "Tr") && operand)
        w->hidden = operand_length == 1 && *operand == '0' + MODE_HIDDEN;
    else if (is(w, "Do") && operand)
        note_drawn(w, operand, operand_length);
    else if (is(w, "ID"))
        skip_inline_image(w);
    else
        count_open(w);
    if (w->depth <= 0 && is_text_state(w))
        w->content->is_odd = true;
    instead = replacement(w);
    if (!instead || !(w->all || w->hidden))
        return NULL;
    w->content->stripped = true;
    return instead;
}

void tolka_pdf_content_strip(const char *bytes, size_t length, bool all, bool hidden,
                             struct tolka_pdf_content *content, struct tolka_arena *arena,
                             struct tolka_strbuf *out)
{
    struct walk w = {
        .at = bytes, .end = bytes + length, .hidden = hidden, .all = all, .content = content, .arena = arena};
    const char *copied = bytes, *operand = NULL, *instead;
    size_t operand_length = 0;

    for (enum token token = take_token(&w); token != TOKEN_END; token = take_token(&w)) {
        if (token == TOKEN_OTHER && *w.token == '<')
            skip_hex(&w);
        if (token != TOKEN_OPERATOR) {
            operand = token == TOKEN_OTHER ? NULL : w.token;
            operand_length = w.token_length;
            continue;
        }
        instead = take_operator(&w, operand, operand_length);
        tolka_strbuf_add_str(out, instead);
        if (!instead)
            tolka_strbuf_add(out, copied, (size_t)(w.at - copied));
        copied = w.at;
        operand = NULL;
    }
    tolka_strbuf_add(out, copied, (size_t)(w.end - copied));
    content->above = w.depth + content->below;
}
