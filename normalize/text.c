/* Plain text of any size: cut into batches of pieces at line ends, repaired, written out with all else as it
 * was. */
#include "normalize/repair.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 3000,     /* pieces after which a batch ends at the next line's end */
    BATCH_MAX = 4096, /* pieces at which it ends anywhere: a line without end */
};

struct writer {
    struct tolka_repair repair;
    struct tolka_item items[BATCH_MAX + 1];
    size_t count;
    const char *text;
    size_t written; /* all before is in the output */
    struct tolka_strbuf *out;
    size_t line, line_start;  /* of `written`, for the changes */
    size_t column_at, column; /* characters between line_start and column_at */
    bool starts;              /* a paragraph begins with the next piece */
    void (*on_change)(const struct tolka_change *change, void *data);
    void *data;
};

static size_t characters(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* Copies the text up to `end`, keeping line and column for whoever is told the changes. */
static void copy_to(struct writer *w, size_t end)
{
    if (w->on_change) {
        const char *at = w->text + w->written, *stop = w->text + end, *newline;

        while ((newline = memchr(at, '\n', (size_t)(stop - at)))) {
            w->line++;
            at = newline + 1;
            w->column = 0;
        }
        w->column += characters(at, (size_t)(stop - at));
    }
    tolka_strbuf_add(w->out, w->text + w->written, end - w->written);
    w->written = end;
}

static void write_piece(struct writer *w, const struct tolka_piece *piece, const struct tolka_item *item,
                        const unsigned char *fixed, size_t length)
{
    char to[2 * TOLKA_WORD_MAX + 1];
    size_t bytes = tolka_repair_text(piece, fixed, length, to);

    copy_to(w, piece->start);
    if (bytes == piece->length && memcmp(w->text + piece->start, to, bytes) == 0)
        return;
    if (w->on_change) {
        char *from = strndup(w->text + piece->start, piece->length);
        struct tolka_change change = {.line = w->line + 1,
                                      .column = w->column + 1,
                                      .from = from,
                                      .to = to,
                                      .confidence = item->fix_confidence,
                                      .reason = tolka_reason_name(item->fix->reason)};

        if (from)
            w->on_change(&change, w->data);
        else
            w->out->failed = true;
        free(from);
        w->column += characters(w->text + piece->start, piece->length);
    }
    tolka_strbuf_add(w->out, to, bytes);
    w->written = piece->start + piece->length;
}

static void write_item(struct writer *w, const struct tolka_item *item)
{
    size_t first;
    struct tolka_piece left = item->piece;

    if (!item->fix || item->piece.kind == TOLKA_PIECE_JOINED)
        return;
    if (!item->half.length) {
        write_piece(w, &item->piece, item, item->fix->text, item->fix->length);
        return;
    }
    if (!tolka_repair_split(item, &first))
        return;
    left.size = (unsigned char)(left.size - item->half.size);
    write_piece(w, &left, item, item->fix->text, first);
    write_piece(w, &item->half, item, item->fix->text + first, item->fix->length - first);
}

static bool flush(struct writer *w)
{
    bool ok = tolka_repair_batch(&w->repair, w->items, w->count);

    for (size_t i = 0; ok && i < w->count; i++)
        write_item(w, &w->items[i]);
    w->count = 0;
    return ok;
}

static bool add_piece(struct writer *w, const struct tolka_piece *piece, size_t offset, bool address)
{
    struct tolka_item *item;

    if (w->count == BATCH_MAX && !flush(w))
        return false;
    item = &w->items[w->count++];
    *item = (struct tolka_item){.piece = *piece, .confidence = -1, .skip = address};
    item->piece.start += offset;
    item->piece.starts = w->starts;
    if (address)
        item->piece.kind = TOLKA_PIECE_OTHER;
    w->starts = piece->ends;
    return true;
}

/* Whether a byte ends a small letter (or is a comma, after which no sentence begins). */
static bool is_small(char c)
{
    return (c >= 'a' && c <= 'z') || c == ',' || ((unsigned char)c & 0xe0) == 0xa0;
}

static bool add_token(struct writer *w, size_t start, size_t end, bool last)
{
    const char *token = w->text + start;
    struct tolka_piece piece;
    size_t at = 0;
    bool address = tolka_token_is_address(token, end - start);

    while (tolka_piece_next(token, end - start, &at, &piece)) {
        piece.inside =
            piece.start == 0 && start >= 2 && w->text[start - 1] == ' ' && is_small(w->text[start - 2]);
        if (!add_piece(w, &piece, start, address))
            return false;
    }
    if (last && w->count && end - start >= 2 && w->text[end - 1] == '-' &&
        w->items[w->count - 1].piece.start + w->items[w->count - 1].piece.length == end - 1)
        w->items[w->count - 1].half.length = SIZE_MAX; /* perhaps the first half of a word */
    return true;
}

static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

static bool add_line(struct writer *w, size_t start, size_t end)
{
    bool empty = true;

    while (end > start && is_space(w->text[end - 1]))
        end--;
    for (size_t i = start; i < end;) {
        size_t token;

        while (i < end && is_space(w->text[i]))
            i++;
        for (token = i; i < end && !is_space(w->text[i]);)
            i++;
        empty = false;
        if (!add_token(w, token, i, i == end))
            return false;
    }
    if (empty)
        w->starts = true;
    return w->count < BATCH || flush(w);
}

static size_t count_invalid(const char *text, size_t length)
{
    size_t bytes = 0, at = 0;

    while ((at += tolka_utf8_valid_prefix(text + at, length - at)) < length) {
        bytes++;
        at++;
    }
    return bytes;
}

enum tolka_status tolka_normalize_text(const struct tolka_model *model, const char *text, size_t length,
                                       struct tolka_strbuf *out,
                                       void (*on_change)(const struct tolka_change *change, void *data),
                                       void *data, size_t *invalid_bytes, struct tolka_error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    bool ok = w != NULL;

    if (ok) {
        tolka_repair_init(&w->repair, model);
        w->text = text;
        w->out = out;
        w->starts = true;
        w->on_change = on_change;
        w->data = data;
    }
    for (size_t at = 0; ok && at < length;) {
        const char *newline = memchr(text + at, '\n', length - at);
        size_t end = newline ? (size_t)(newline - text) : length;

        ok = add_line(w, at, end);
        at = end + 1;
    }
    ok = ok && flush(w);
    if (ok)
        copy_to(w, length);
    if (invalid_bytes)
        *invalid_bytes = count_invalid(text, length);
    if (w)
        tolka_repair_release(&w->repair);
    free(w);
    return ok && !out->failed ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
