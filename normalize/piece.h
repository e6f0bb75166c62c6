/*
 * Pieces: what the model knows a text by. A white-space token is cut into runs of letters and digits; the
 * trainer and the decoder cut alike. Only normalize/ includes this.
 */
#ifndef TOLKA_NORMALIZE_PIECE_H
#define TOLKA_NORMALIZE_PIECE_H

#include "normalize/latin.h"

enum tolka_piece_kind {
    TOLKA_PIECE_WORD,   /* letters of Latin-1 only */
    TOLKA_PIECE_MIXED,  /* letters with digits or & among them: perhaps a word misread, perhaps a code */
    TOLKA_PIECE_NUMBER, /* no letter */
    TOLKA_PIECE_OTHER,  /* never touched: addresses, other scripts, what is too long */
    TOLKA_PIECE_JOINED, /* the second half of a word broken at a line's end: judged with the first */
};

struct tolka_piece {
    size_t start, length; /* bytes in the text that was cut */
    unsigned char kind;   /* enum tolka_piece_kind */
    unsigned char size;   /* characters in `raw`, 0 when OTHER */
    bool starts;          /* a sentence, paragraph or cell begins here */
    bool ends;            /* a sentence ends here */
    bool label;           /* one letter and a bracket, as in a list */
    bool inside;          /* follows a small letter and a space: a capital here is a name's, or misread */
    unsigned char raw[TOLKA_WORD_MAX]; /* lower-case Latin-1 */
    uint64_t upper;                    /* bit i: character i was upper case */
    uint64_t hash;                     /* of the folded characters, unmixed */
};

/* Cuts the next piece out of the white-space token `text` from `*at` on and moves `*at` after it; false at
 * the token's end. */
bool tolka_piece_next(const char *text, size_t length, size_t *at, struct tolka_piece *piece);

/* Whether a token is an address, a path or the like, which is left whole. */
bool tolka_token_is_address(const char *text, size_t length);

#endif
