#include "normalize/train/corpus.h"

#include "normalize/model.h"
#include "normalize/piece.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `want` elements; false when memory is out. */
static bool reserve(void **items, size_t *capacity, size_t want, size_t size)
{
    size_t room = *capacity ? *capacity : 4096;
    void *grown;

    if (want <= *capacity)
        return true;
    while (room < want)
        room *= 2;
    grown = realloc(*items, room * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = room;
    return true;
}

static size_t slot_of(const struct tolka_corpus *corpus, const unsigned char *text, size_t length)
{
    uint64_t hash = TOLKA_HASH_START;
    size_t at;

    for (size_t i = 0; i < length; i++)
        hash = tolka_hash_step(hash, text[i]);
    for (at = tolka_hash_mix(hash) & (corpus->table_size - 1); corpus->table[at];
         at = (at + 1) & (corpus->table_size - 1)) {
        const struct tolka_type *type = &corpus->types[corpus->table[at] - 1];

        if (type->length == length && memcmp(tolka_type_text(corpus, type), text, length) == 0)
            break;
    }
    return at;
}

static bool grow_table(struct tolka_corpus *corpus)
{
    size_t size = corpus->table_size ? corpus->table_size * 2 : 1 << 16;
    uint32_t *table = calloc(size, sizeof *table);

    if (!table)
        return false;
    free(corpus->table);
    corpus->table = table;
    corpus->table_size = size;
    for (size_t i = 0; i < corpus->type_count; i++) {
        const struct tolka_type *type = &corpus->types[i];

        table[slot_of(corpus, tolka_type_text(corpus, type), type->length)] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t tolka_corpus_lookup(const struct tolka_corpus *corpus, const unsigned char *text, size_t length)
{
    return corpus->table_size ? corpus->table[slot_of(corpus, text, length)] - 1 : UINT32_MAX;
}

uint32_t tolka_corpus_add(struct tolka_corpus *corpus, const unsigned char *text, size_t length)
{
    size_t slot;
    struct tolka_type *type;

    if (corpus->type_count * 2 >= corpus->table_size && !grow_table(corpus))
        return UINT32_MAX;
    slot = slot_of(corpus, text, length);
    if (corpus->table[slot])
        return corpus->table[slot] - 1;
    if (!reserve((void **)&corpus->types, &corpus->type_capacity, corpus->type_count + 1,
                 sizeof *corpus->types) ||
        !reserve((void **)&corpus->text, &corpus->text_capacity, corpus->text_size + length, 1) ||
        corpus->text_size + length > UINT32_MAX)
        return UINT32_MAX;
    type = &corpus->types[corpus->type_count];
    *type = (struct tolka_type){.offset = (uint32_t)corpus->text_size, .length = (uint8_t)length};
    memcpy(corpus->text + corpus->text_size, text, length);
    corpus->text_size += length;
    corpus->table[slot] = (uint32_t)++corpus->type_count;
    return (uint32_t)corpus->type_count - 1;
}

static bool put(struct tolka_corpus *corpus, uint32_t value)
{
    if (value == TOLKA_ID_START && corpus->stream_count && corpus->stream[corpus->stream_count - 1] == value)
        return true;
    if (!reserve((void **)&corpus->stream, &corpus->stream_capacity, corpus->stream_count + 1,
                 sizeof *corpus->stream))
        return false;
    corpus->stream[corpus->stream_count++] = value;
    return true;
}

static bool put_piece(struct tolka_corpus *corpus, const struct tolka_piece *piece, bool inside)
{
    uint32_t index;
    struct tolka_type *type;

    if (piece->kind == TOLKA_PIECE_NUMBER)
        return put(corpus, TOLKA_STREAM_NUMBER | piece->size);
    if (piece->kind != TOLKA_PIECE_WORD)
        return put(corpus, TOLKA_ID_UNKNOWN);
    index = tolka_corpus_add(corpus, piece->raw, piece->size);
    if (index == UINT32_MAX)
        return false;
    type = &corpus->types[index];
    type->count++;
    if (inside) {
        type->inside++;
        type->capital += piece->upper & 1;
    }
    return put(corpus, TOLKA_ID_FIRST + index);
}

static bool put_token(struct tolka_corpus *corpus, const char *token, size_t length, bool *inside)
{
    struct tolka_piece piece;
    size_t at = 0;

    if (tolka_token_is_address(token, length))
        return put(corpus, TOLKA_ID_UNKNOWN);
    while (tolka_piece_next(token, length, &at, &piece)) {
        if (!put_piece(corpus, &piece, *inside))
            return false;
        *inside = !piece.ends;
        if (piece.ends && !put(corpus, TOLKA_ID_START))
            return false;
    }
    return true;
}

static bool put_line(struct tolka_corpus *corpus, const char *line, size_t length)
{
    bool inside = false;

    if (!put(corpus, TOLKA_ID_START))
        return false;
    for (size_t i = 0; i < length;) {
        size_t start;

        while (i < length && (unsigned char)line[i] <= ' ')
            i++;
        for (start = i; i < length && (unsigned char)line[i] > ' ';)
            i++;
        if (i > start && !put_token(corpus, line + start, i - start, &inside))
            return false;
    }
    return true;
}

static enum tolka_status open_text(const char *path, FILE **file, struct tolka_error *err)
{
    *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!*file)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    return TOLKA_OK;
}

enum tolka_status tolka_corpus_read(struct tolka_corpus *corpus, const struct tolka_train_text *text,
                                    struct tolka_error *err)
{
    FILE *file;
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t length;
    enum tolka_status status = open_text(text->path, &file, err);

    if (status != TOLKA_OK)
        return status;
    while (status == TOLKA_OK && (length = getline(&line, &room, file)) >= 0)
        if (text->every <= 1 || number++ % text->every == 0)
            if (!put_line(corpus, line, (size_t)length))
                status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (ferror(file))
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read", text->path);
    free(line);
    if (file != stdin)
        fclose(file);
    return status;
}

static bool list_line(struct tolka_corpus *corpus, const char *line, bool forms)
{
    size_t length = strcspn(line, "/,\t\r\n"), at = 0, start = 0;

    while (start < length) {
        size_t end = start + strcspn(line + start, " /,\t\r\n");
        struct tolka_piece piece;

        at = 0;
        while (end > start && tolka_piece_next(line + start, end - start, &at, &piece)) {
            uint32_t index;

            if (piece.kind != TOLKA_PIECE_WORD || piece.size < 2)
                continue;
            index = tolka_corpus_add(corpus, piece.raw, piece.size);
            if (index == UINT32_MAX)
                return false;
            corpus->types[index].listed |= !forms;
            corpus->types[index].form |= forms;
        }
        start = end + 1;
    }
    return true;
}

enum tolka_status tolka_corpus_read_list(struct tolka_corpus *corpus, const char *path, bool forms,
                                         struct tolka_error *err)
{
    FILE *file;
    char *line = NULL;
    size_t room = 0;
    enum tolka_status status = open_text(path, &file, err);

    if (status != TOLKA_OK)
        return status;
    while (status == TOLKA_OK && getline(&line, &room, file) >= 0)
        if (!list_line(corpus, line, forms))
            status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (ferror(file))
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read", path);
    free(line);
    if (file != stdin)
        fclose(file);
    return status;
}

void tolka_corpus_release(struct tolka_corpus *corpus)
{
    free(corpus->text);
    free(corpus->types);
    free(corpus->table);
    free(corpus->stream);
    memset(corpus, 0, sizeof *corpus);
}
