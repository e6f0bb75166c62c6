/* UTF-8 over utf8proc: the only file that includes utf8proc is utf8.c. Any file may include this. */
#ifndef TOLKA_BASE_UTF8_H
#define TOLKA_BASE_UTF8_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at `text` (of `length` bytes, length > 0) into `*code` and returns its length in bytes; an invalid byte gives
 * U+FFFD and 1. Never reads past `length`.
 */
size_t tolka_utf8_decode(const char *text, size_t length, uint32_t *code);

/* Writes `code` to `out` (at least 4 bytes), returns the bytes written; an invalid code is written as U+FFFD. */
size_t tolka_utf8_encode(uint32_t code, char *out);

/* The offset of the first invalid byte, `length` when all is valid. */
size_t tolka_utf8_valid_prefix(const char *text, size_t length);

/* A copy in NFC, invalid bytes as U+FFFD, in the arena; NULL when out of memory. */
char *tolka_utf8_nfc(struct tolka_arena *arena, const char *text, size_t length);

/* Unicode simple case mapping and classes. */
uint32_t tolka_utf8_lower(uint32_t code);
uint32_t tolka_utf8_upper(uint32_t code);
bool tolka_utf8_is_letter(uint32_t code);
bool tolka_utf8_is_upper(uint32_t code);
bool tolka_utf8_is_space(uint32_t code); /* white space of any kind, no-break spaces too */

bool tolka_utf8_is_small(uint32_t code); /* a letter that is no capital */

/* Of NUL-terminated texts: the first character (0 of an empty one), the number of characters and of letters. */
uint32_t tolka_utf8_first(const char *text);
size_t tolka_utf8_count(const char *text);
size_t tolka_utf8_count_letters(const char *text);

/* One of the ten digits 0 to 9. */
static inline bool tolka_is_digit(int code)
{
    return code >= '0' && code <= '9';
}

#endif
