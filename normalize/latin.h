/* Latin-1 words: the alphabet that the module works in. Only normalize/ includes this. */
#ifndef TOLKA_NORMALIZE_LATIN_H
#define TOLKA_NORMALIZE_LATIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const unsigned char tolka_latin_lower[256]; /* lower case */
extern const unsigned char tolka_latin_fold[256];  /* lower case without marks */
extern const unsigned char tolka_latin_class[256]; /* 0 other, 1 letter, 2 digit */

enum {
    TOLKA_WORD_MAX = 48
}; /* a longer word is left alone: the longest Swedish compounds in use have about 40 letters */

/* The letters that Swedish marks distinguish: their loss is the commonest damage. */
static inline bool tolka_latin_is_marked(unsigned char c)
{
    return c == 0xe5 || c == 0xe4 || c == 0xf6;
}

static inline unsigned char tolka_latin_upper(unsigned char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7))
        return (unsigned char)(c - 32);
    return c;
}

/* FNV-1a over folded bytes, taken a character at a time so that a prefix's hash extends. */
#define TOLKA_HASH_START UINT64_C(0xcbf29ce484222325)
static inline uint64_t tolka_hash_step(uint64_t hash, unsigned char c)
{
    return (hash ^ c) * UINT64_C(0x100000001b3);
}

/* Spreads a hash over all bits (the finalizer of MurmurHash3). */
static inline uint64_t tolka_hash_mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

/* Writes `length` Latin-1 bytes as UTF-8 with a NUL; `out` has room for 2 * length + 1. Returns the bytes
 * before the NUL. */
size_t tolka_latin_to_utf8(const unsigned char *text, size_t length, char *out);

#endif
