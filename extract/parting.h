/* Words that were read as one, and amounts that lost their spaces: where they part. engine.c includes this.
 */
#ifndef TOLKA_EXTRACT_PARTING_H
#define TOLKA_EXTRACT_PARTING_H

#include "base/box.h"
#include "extract/amounts.h"

struct tolka_picture;

/* A word's characters, each with the columns of its ink once they are placed. */
struct tolka_characters {
    uint32_t codes[TOLKA_AMOUNT_CHARS];
    size_t offset[TOLKA_AMOUNT_CHARS + 1]; /* in bytes of the text */
    float x0[TOLKA_AMOUNT_CHARS], x1[TOLKA_AMOUNT_CHARS];
    float confidence[TOLKA_AMOUNT_CHARS], whole; /* of each, and of the word */
    size_t count;
    bool coarse; /* the columns are estimates */
};

/* Fills in x0, x1 and confidence of all characters as the engine knows them; false when it does not. */
typedef bool tolka_place_fn(void *user, struct tolka_characters *chars);

/* Takes `text`, read with `confidence`, apart; false for a word of too many characters. */
bool tolka_parting_split(const char *text, float confidence, struct tolka_characters *chars);

/*
 * A bit for each character of the word in `box` that begins another word: 1 << i. Of characters beside a
 * break the columns are known. `place` is called with `user` where the ink alone does not tell.
 */
uint32_t tolka_parting_find(const struct tolka_picture *picture, const char *text, struct tolka_box box,
                            tolka_place_fn *place, void *user, struct tolka_characters *chars);

/* Of the piece of characters first .. end - 1: the word's where it is an
 * amount, else the lowest of the piece's characters. */
float tolka_parting_confidence(const struct tolka_characters *chars, size_t first, size_t end);

#endif
