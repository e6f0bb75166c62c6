/*
 * Recognisers lose marks (a for å and ä, o for ö), break and join words, and drop or invent punctuation.
 * Patterns and text are therefore compared in folded form: marks off, and for labels ("tight") nothing left
 * but letters and digits, so that "Anläggnings- tillgångar:" and "anlaggningstillgangar" are the same label.
 */
#include "schema/rules_fold.h"

#include "base/utf8.h"

#include <string.h>

static const char latin1_base[] = "AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

static uint32_t fold_punctuation(uint32_t code)
{
    if (code == 0xAD || (code >= 0x2010 && code <= 0x2015) || code == 0x2212)
        return '-';
    if (code == 0x201C || code == 0x201D || code == 0x201E || code == 0xAB || code == 0xBB || code == 0x2033)
        return '"';
    if (code == 0x2018 || code == 0x2019 || code == 0xB4 || code == 0x2032)
        return '\'';
    return tolka_utf8_is_space(code) ? ' ' : code;
}

uint32_t tolka_fold_char(uint32_t code)
{
    if (code < 0x80)
        return code == '\t' || code == '\n' || code == '\r' || code == '\f' || code == '\v' ? ' ' : code;
    if (code >= 0xC0 && code <= 0xFF && latin1_base[code - 0xC0])
        return (unsigned char)latin1_base[code - 0xC0];
    return fold_punctuation(code);
}

static bool is_tight(uint32_t code)
{
    return (code >= '0' && code <= '9') || code == '%' || tolka_utf8_is_letter(code);
}

size_t tolka_fold_tight(const char *text, char out[TOLKA_TIGHT_BYTES])
{
    size_t left = strlen(text), length = 0;
    bool after_letter = false;

    while (left > 0 && length + 5 < TOLKA_TIGHT_BYTES) {
        uint32_t code, next = 0;
        size_t step = tolka_utf8_decode(text, left, &code);

        text += step;
        left -= step;
        code = tolka_fold_char(code);
        if (left > 0)
            tolka_utf8_decode(text, left, &next);
        if (code == '|')
            code = 'l';
        if (is_tight(code) || (code == ':' && after_letter && is_tight(tolka_fold_char(next))))
            length += tolka_utf8_encode(code, out + length);
        after_letter = tolka_utf8_is_letter(code);
    }
    out[length] = '\0';
    return length;
}

bool tolka_fold_text(struct tolka_arena *arena, const char *source, struct tolka_folded *out)
{
    size_t left = strlen(source), at = 0;

    *out = (struct tolka_folded){.source = source};
    if (left > UINT32_MAX / 8)
        return false;
    /* A character never folds to more bytes than it had, but an invalid byte becomes U+FFFD: three. */
    out->text = tolka_arena_array(arena, left + 2, 3);
    out->offset = tolka_arena_array(arena, left * 3 + 2, sizeof(*out->offset));
    if (!out->text || !out->offset)
        return false;
    while (at < left) {
        uint32_t code;
        size_t step = tolka_utf8_decode(source + at, left - at, &code);
        size_t bytes = tolka_utf8_encode(tolka_fold_char(code), out->text + out->length);

        for (size_t i = 0; i < bytes; i++)
            out->offset[out->length + i] = (uint32_t)at;
        out->length += bytes;
        at += step;
    }
    out->text[out->length] = '\0';
    out->offset[out->length] = (uint32_t)at;
    return true;
}

char *tolka_folded_source(const struct tolka_folded *folded, size_t start, size_t end,
                          struct tolka_arena *arena)
{
    while (start < end && folded->text[start] == ' ')
        start++;
    while (end > start && folded->text[end - 1] == ' ')
        end--;
    return tolka_arena_strndup(arena, folded->source + folded->offset[start],
                               folded->offset[end] - folded->offset[start]);
}
