#include "ingest/squeeze.h"

#include <stdlib.h>
#include <zlib.h>

/* Larger than any record or page that the rest of the program lets through. */
static const size_t MAX_BYTES = (size_t)1 << 30;

enum tolka_status tolka_squeeze(const void *bytes, size_t length, int level, struct tolka_strbuf *out,
                                struct tolka_error *err)
{
    uLongf size = compressBound((uLong)length);
    unsigned char *room;

    tolka_strbuf_truncate(out, 0);
    if (length > MAX_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%zu bytes are too many to keep", length);
    room = malloc(size);
    if (!room)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (compress2(room, &size, bytes, (uLong)length, level) == Z_OK && size < length)
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
