#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

size_t tolka_utf8_decode(const char *text, size_t length, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)text;
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n;

    if (s[0] < 0x80) {
        *code = s[0];
        return 1;
    }
    n = utf8proc_iterate(s, (utf8proc_ssize_t)(length < 4 ? length : 4), &c);
    if (n <= 0) {
        *code = REPLACEMENT;
        return 1;
    }
    *code = (uint32_t)c;
    return (size_t)n;
}

size_t tolka_utf8_encode(uint32_t code, char *out)
{
    if (!utf8proc_codepoint_valid((utf8proc_int32_t)code))
        code = REPLACEMENT;
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)out);
}

size_t tolka_utf8_valid_prefix(const char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        uint32_t code;
        size_t n = tolka_utf8_decode(text + at, length - at, &code);
        if (code == REPLACEMENT && n == 1)
            break;
        at += n;
    }
    return at;
}

/* Copies with each invalid byte replaced, which utf8proc's normaliser would refuse. */
static char *copy_valid(struct tolka_arena *arena, const char *text, size_t length, size_t *out_length)
{
    char *copy = length < SIZE_MAX / 3 ? tolka_arena_alloc(arena, length * 3 + 1) : NULL;
    size_t at = 0, out = 0;

    while (copy && at < length) {
        uint32_t code;
        at += tolka_utf8_decode(text + at, length - at, &code);
        out += tolka_utf8_encode(code, copy + out);
    }
    *out_length = out;
    return copy;
}

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

char *tolka_utf8_nfc(struct tolka_arena *arena, const char *text, size_t length)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t n;
    char *valid, *result = NULL;

    if (is_ascii(text, length))
        return tolka_arena_strndup(arena, text, length);
    if (tolka_utf8_valid_prefix(text, length) == length) {
        valid = tolka_arena_strndup(arena, text, length);
    } else {
        valid = copy_valid(arena, text, length, &length);
    }
    if (!valid)
        return NULL;
    n = utf8proc_map((const utf8proc_uint8_t *)valid, (utf8proc_ssize_t)length, &composed, options);
    if (n >= 0)
        result = tolka_arena_strndup(arena, (const char *)composed, (size_t)n);
    free(composed);
    return result;
}

uint32_t tolka_utf8_lower(uint32_t code)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

uint32_t tolka_utf8_upper(uint32_t code)
{
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)code);
}

bool tolka_utf8_is_letter(uint32_t code)
{
    if (code < 0x80)
        return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default:
        return false;
    }
}

bool tolka_utf8_is_upper(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z';
    return utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LU;
}

bool tolka_utf8_is_space(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_ZS || code == 0x2028 ||
           code == 0x2029 || code == 0x85;
}

bool tolka_utf8_is_small(uint32_t code)
{
    return tolka_utf8_is_letter(code) && !tolka_utf8_is_upper(code);
}

uint32_t tolka_utf8_first(const char *text)
{
    uint32_t code = 0;

    if (*text)
        tolka_utf8_decode(text, strlen(text), &code);
    return code;
}

size_t tolka_utf8_count(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

size_t tolka_utf8_count_letters(const char *text)
{
    const size_t length = strlen(text);
    size_t letters = 0;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        letters += tolka_utf8_is_letter(code);
    }
    return letters;
}
