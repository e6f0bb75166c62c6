#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `extra` bytes and a NUL. */
static bool reserve(struct tolka_strbuf *buf, size_t extra)
{
    size_t wanted = buf->capacity ? buf->capacity : 64;
    char *data;

    if (buf->failed || extra >= SIZE_MAX / 2 - buf->length) {
        buf->failed = true;
        return false;
    }
    while (wanted < buf->length + extra + 1)
        wanted *= 2;
    if (wanted == buf->capacity)
        return true;
    data = realloc(buf->data, wanted);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = wanted;
    return true;
}

void tolka_strbuf_add(struct tolka_strbuf *buf, const void *bytes, size_t length)
{
    if (!reserve(buf, length))
        return;
    if (length)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void tolka_strbuf_add_str(struct tolka_strbuf *buf, const char *text)
{
    if (text)
        tolka_strbuf_add(buf, text, strlen(text));
}

void tolka_strbuf_add_char(struct tolka_strbuf *buf, char c)
{
    tolka_strbuf_add(buf, &c, 1);
}

void tolka_strbuf_addf(struct tolka_strbuf *buf, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !reserve(buf, (size_t)length))
        return;
    va_start(args, format);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}

void tolka_strbuf_truncate(struct tolka_strbuf *buf, size_t length)
{
    if (length >= buf->length)
        return;
    buf->length = length;
    buf->data[length] = '\0';
}

const char *tolka_strbuf_text(const struct tolka_strbuf *buf)
{
    return buf->data ? buf->data : "";
}

void tolka_strbuf_release(struct tolka_strbuf *buf)
{
    free(buf->data);
    *buf = (struct tolka_strbuf){0};
}
