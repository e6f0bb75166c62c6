#include "ingest/squeeze.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

/* Larger than any record or page that the rest of the program lets through. */
static const size_t MAX_BYTES = (size_t)1 << 30;

/* A window no larger than the text: zlib clears its tables for each, which costs a small text more than its
 * deflating. */
static int window_bits(size_t length)
{
    int bits = 9;

    while (bits < MAX_WBITS && (size_t)1 << bits < length)
        bits++;
    return bits;
}

/* Deflates into `room` of `*size` bytes; false when that did not work. */
static bool deflate_into(const void *bytes, size_t length, int level, unsigned char *room, size_t *size)
{
    const int bits = window_bits(length);
    z_stream stream = {.next_in = (z_const Bytef *)bytes,
                       .avail_in = (uInt)length,
                       .next_out = room,
                       .avail_out = (uInt)*size};
    bool good;

    if (deflateInit2(&stream, level, Z_DEFLATED, bits, bits > 9 ? bits - 7 : 2, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *size = stream.total_out;
    deflateEnd(&stream);
    return good;
}

enum tolka_status tolka_squeeze(const void *bytes, size_t length, int level, struct tolka_strbuf *out,
                                struct tolka_error *err)
{
    size_t size = length;
    unsigned char *room;

    tolka_strbuf_truncate(out, 0);
    if (length > MAX_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%zu bytes are too many to keep", length);
    room = malloc(size + 1);
    if (!room)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (deflate_into(bytes, length, level, room, &size) && size < length)
        tolka_strbuf_add(out, room, size);
    else
        tolka_strbuf_add(out, bytes, length);
    free(room);
    return out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : TOLKA_OK;
}

enum tolka_status tolka_unsqueeze(const void *bytes, size_t length, size_t size, struct tolka_strbuf *out,
                                  struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    uLongf got = (uLongf)size;
    unsigned char *room;

    if (size > MAX_BYTES || length > size)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "kept bytes are damaged");
    if (length == size) {
        tolka_strbuf_add(out, bytes, length);
        return out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : TOLKA_OK;
    }
    room = malloc(size);
    if (!room)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (uncompress(room, &got, bytes, (uLong)length) != Z_OK || got != size)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "kept bytes are damaged");
    else
        tolka_strbuf_add(out, room, size);
    free(room);
    return status ? status : out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : TOLKA_OK;
}
