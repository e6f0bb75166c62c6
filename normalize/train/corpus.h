/* The training text as types and a stream of them. Only normalize/train includes this. */
#ifndef TOLKA_NORMALIZE_TRAIN_CORPUS_H
#define TOLKA_NORMALIZE_TRAIN_CORPUS_H

#include "normalize/model.h"
#include "normalize/train/train.h"

#include <stdint.h>
#include <stdio.h>

/* One spelling, lower case. */
struct tolka_type {
    uint32_t offset; /* into the corpus's text */
    uint8_t length;
    bool listed;        /* in a word list */
    bool form;          /* in a list of forms */
    uint32_t count;     /* in the texts */
    uint32_t capital;   /* of these, inside a sentence with a capital */
    uint32_t inside;    /* of these, inside a sentence */
    uint32_t id;        /* word id in the model, 0 when left out */
    float heads, tails; /* how many different words begin with it, end in it */
};

/* In the stream a number is this and how many digits it has. */
#define TOLKA_STREAM_NUMBER UINT32_C(0xffffff00)

/* Values of the stream below TOLKA_ID_FIRST are as in the model; above, TOLKA_ID_FIRST + index of a type, or
 * a number. */
struct tolka_corpus {
    unsigned char *text;
    size_t text_size, text_capacity;
    struct tolka_type *types;
    size_t type_count, type_capacity;
    uint32_t *table; /* index + 1 of a type by hash, open addressing */
    size_t table_size;
    uint32_t *stream;
    size_t stream_count, stream_capacity;
};

/* The index of a type, added when it is new; UINT32_MAX when memory is out. */
uint32_t tolka_corpus_add(struct tolka_corpus *corpus, const unsigned char *text, size_t length);

/* The index of a type, UINT32_MAX when there is none. */
uint32_t tolka_corpus_lookup(const struct tolka_corpus *corpus, const unsigned char *text, size_t length);

enum tolka_status tolka_corpus_read(struct tolka_corpus *corpus, const struct tolka_train_text *text,
                                    struct tolka_error *err);
/* Reads a word list; `forms`: its words merely exist. */
enum tolka_status tolka_corpus_read_list(struct tolka_corpus *corpus, const char *path, bool forms,
                                         struct tolka_error *err);
void tolka_corpus_release(struct tolka_corpus *corpus);

static inline const unsigned char *tolka_type_text(const struct tolka_corpus *corpus,
                                                   const struct tolka_type *type)
{
    return corpus->text + type->offset;
}

/* The word id in the model of what the stream holds at a place. */
static inline uint32_t tolka_stream_id(const struct tolka_corpus *corpus, size_t at)
{
    uint32_t value = corpus->stream[at];

    if (value >= TOLKA_STREAM_NUMBER)
        return TOLKA_ID_NUMBER;
    return value < TOLKA_ID_FIRST ? value : corpus->types[value - TOLKA_ID_FIRST].id;
}

#endif
