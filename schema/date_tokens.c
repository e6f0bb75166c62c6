#include "schema/date_tokens.h"

#include "base/utf8.h"

#include <string.h>

static bool is_dash(uint32_t code)
{
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
}

static void add_number(struct tolka_date_token *token, uint32_t code)
{
    token->kind = TOKEN_NUMBER;
    if (++token->digits <= 8)
        token->value = token->value * 10 + (int)(code - '0');
}

static void add_letter(struct tolka_date_token *token, uint32_t code)
{
    char bytes[4];
    size_t have = strlen(token->word), n = tolka_utf8_encode(tolka_utf8_lower(code), bytes);

    token->kind = TOKEN_WORD;
    if (have + n < WORD_SIZE) {
        memcpy(token->word + have, bytes, n);
        token->word[have + n] = '\0';
    } else {
        memset(token->word, '?', WORD_SIZE - 1); /* too long: matches nothing */
    }
}

bool tolka_date_tokenize(const char *text, struct tolka_date_tokens *out)
{
    size_t length = strlen(text);
    enum tolka_date_token_kind open = TOKEN_END;
    bool glued = false;

    *out = (struct tolka_date_tokens){0};
    for (size_t at = 0; at < length;) {
        uint32_t code;
        enum tolka_date_token_kind kind;
        struct tolka_date_token *token;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (tolka_utf8_is_space(code)) {
            open = TOKEN_END;
            glued = false;
            continue;
        }
        kind = code >= '0' && code <= '9'   ? TOKEN_NUMBER
               : tolka_utf8_is_letter(code) ? TOKEN_WORD
                                            : TOKEN_SIGN;
        if (kind == TOKEN_SIGN || kind != open) {
            if (out->count == MAX_TOKENS)
                return false;
            out->items[out->count++].glued = glued;
        }
        token = &out->items[out->count - 1];
        if (kind == TOKEN_NUMBER)
            add_number(token, code);
        else if (kind == TOKEN_WORD)
            add_letter(token, code);
        else
            *token = (struct tolka_date_token){.kind = is_dash(code) ? TOKEN_DASH : TOKEN_SIGN,
                                               .glued = glued,
                                               .sign = code < 0x7F ? (char)code : '?'};
        open = kind;
        glued = true;
    }
    return true;
}
