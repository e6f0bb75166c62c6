#include "normalize/piece.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { ADDRESS_MAX = 2048 }; /* bytes; a longer token is no address */

static const char *const DOMAINS[] = {".se",  ".nu",   ".com",  ".org",  ".net", ".eu",
                                      ".fi",  ".no",   ".dk",   ".info", ".pdf", ".html",
                                      ".htm", ".docx", ".xlsx", ".gov",  ".de",  ".uk"};

static bool has_domain(const char *text, size_t length)
{
    while (length && !tolka_latin_class[(unsigned char)text[length - 1]])
        length--;
    for (size_t i = 0; i < sizeof DOMAINS / sizeof *DOMAINS; i++) {
        size_t n = strlen(DOMAINS[i]);

        if (length > n && strncasecmp(text + length - n, DOMAINS[i], n) == 0)
            return true;
    }
    return false;
}

bool tolka_token_is_address(const char *text, size_t length)
{
    if (length < 4 || length > ADDRESS_MAX)
        return false;
    if (memchr(text, '@', length) || memmem(text, length, "://", 3) || memmem(text, length, "www.", 4))
        return true;
    return memchr(text, '.', length) && has_domain(text, length);
}

/* A character of the text: its class (as tolka_latin_class, 3: a letter beyond Latin-1, 4: ampersand) and its
 * Latin-1 code. */
struct character {
    size_t bytes;
    unsigned char class, code;
};

static struct character other_character(const char *text, size_t length)
{
    uint32_t code;
    struct character c = {.bytes = tolka_utf8_decode(text, length, &code)};

    if (code < 0x100 && !(c.bytes == 1 && code >= 0x80)) {
        c.code = (unsigned char)code;
        c.class = tolka_latin_class[code];
    } else if (code != 0xfffd && tolka_utf8_is_letter(code)) {
        c.class = 3;
    }
    return c;
}

static inline struct character next_character(const char *text, size_t length)
{
    unsigned char byte = (unsigned char)*text;
    struct character c;

    if (byte < 0x80) {
        c.bytes = 1;
        c.code = byte;
        c.class = byte == '&' ? 4 : tolka_latin_class[byte];
        return c;
    }
    if (byte == 0xc3 && length > 1 && ((unsigned char)text[1] & 0xc0) == 0x80) {
        c.bytes = 2;
        c.code = (unsigned char)(0xc0 | (text[1] & 0x3f));
        c.class = tolka_latin_class[c.code];
        return c;
    }
    return other_character(text, length);
}

/* A colon or apostrophe between letters belongs to the word ("EU:s"). */
static bool is_inner(const char *text, size_t length, size_t at)
{
    return (text[at] == ':' || text[at] == '\'') && at + 1 < length &&
           next_character(text + at + 1, length - at - 1).class == 1;
}

static bool ends_sentence(const char *text, size_t length, size_t at)
{
    bool ends = false;

    for (size_t i = at; i < length && i < at + 8; i++) {
        if (text[i] == '.' || text[i] == '!' || text[i] == '?' || text[i] == ':')
            ends = true;
        else if (tolka_latin_class[(unsigned char)text[i]])
            return false;
    }
    return ends;
}

static void add_character(struct tolka_piece *piece, struct character c)
{
    unsigned char low = tolka_latin_lower[c.code];

    if (low != c.code)
        piece->upper |= UINT64_C(1) << piece->size;
    piece->hash = tolka_hash_step(piece->hash, tolka_latin_fold[c.code]);
    piece->raw[piece->size++] = low;
}

bool tolka_piece_next(const char *text, size_t length, size_t *at, struct tolka_piece *piece)
{
    struct character c = {0};
    size_t i = *at, seen[5] = {0};

    while (i < length && !(c = next_character(text + i, length - i)).class)
        i += c.bytes;
    if (i >= length) {
        *at = length;
        return false;
    }
    piece->start = i;
    piece->size = 0;
    piece->starts = piece->inside = false;
    piece->upper = 0;
    piece->hash = TOLKA_HASH_START;
    for (; i < length; i += c.bytes) {
        c = next_character(text + i, length - i);
        if (!c.class && !(seen[1] && is_inner(text, length, i)))
            break;
        seen[c.class]++;
        if (piece->size < TOLKA_WORD_MAX)
            add_character(piece, c);
        else
            seen[3]++;
    }
    piece->length = i - piece->start;
    piece->kind = seen[3]              ? TOLKA_PIECE_OTHER
                  : !seen[1]           ? TOLKA_PIECE_NUMBER
                  : seen[2] || seen[4] ? TOLKA_PIECE_MIXED
                                       : TOLKA_PIECE_WORD;
    piece->label = piece->size == 1 && i < length && text[i] == ')';
    piece->ends = ends_sentence(text, length, i);
    *at = i;
    return true;
}
