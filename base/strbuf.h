/* A growing string. Any file may include this. */
#ifndef TOLKA_BASE_STRBUF_H
#define TOLKA_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All-zero is an empty buffer. `data` is NUL-terminated once anything was added, NULL before. When memory runs out, `failed` is set and
 * stays set, later additions do nothing: check it once at the end instead of after each call.
 */
struct tolka_strbuf {
    char *data;
    size_t length, capacity;
    bool failed;
};

void tolka_strbuf_add(struct tolka_strbuf *buf, const void *bytes, size_t length);
void tolka_strbuf_add_str(struct tolka_strbuf *buf, const char *text); /* NULL adds nothing */
void tolka_strbuf_add_char(struct tolka_strbuf *buf, char c);
void tolka_strbuf_addf(struct tolka_strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Cuts the text to `length` bytes if it is longer. */
void tolka_strbuf_truncate(struct tolka_strbuf *buf, size_t length);

/* The text, "" when nothing was added. Borrowed, valid until the next addition. */
const char *tolka_strbuf_text(const struct tolka_strbuf *buf);

/* Frees the memory and leaves an empty buffer. */
void tolka_strbuf_release(struct tolka_strbuf *buf);

#endif
