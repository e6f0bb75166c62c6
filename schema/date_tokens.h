/* The tokens that dates and periods are read from. Only date*.c includes this. */
#ifndef TOLKA_SCHEMA_DATE_TOKENS_H
#define TOLKA_SCHEMA_DATE_TOKENS_H

#include <stdbool.h>

enum {
    MAX_TOKENS = 48,
    LOOK_AHEAD = 8, /* patterns look no further past a token */
    WORD_SIZE = 16, /* longer words name no month */
    FIRST_YEAR = 1900,
    LAST_YEAR = 2099,
};

enum tolka_date_token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_DASH, TOKEN_SIGN };

struct tolka_date_token {
    enum tolka_date_token_kind kind;
    int value, digits; /* of a number */
    bool glued;        /* no white space before it */
    char sign;
    char word[WORD_SIZE]; /* lower case */
};

struct tolka_date_tokens {
    struct tolka_date_token items[MAX_TOKENS + LOOK_AHEAD]; /* the rest are TOKEN_END */
    int count;
};

/* Splits `text`; false when it has more tokens than a heading. */
bool tolka_date_tokenize(const char *text, struct tolka_date_tokens *out);

#endif
