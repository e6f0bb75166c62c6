/* Diagnostics: what is odd about a *document*. They are appended and work goes on. Any file may include this. */
#ifndef TOLKA_BASE_DIAG_H
#define TOLKA_BASE_DIAG_H

#include "base/arena.h"

#include <stddef.h>

/* One oddity; the `problems` of a record. `page` counts from 1, 0 for the whole document. `code` is a static snake_case word. */
struct tolka_diag {
    int page;
    const char *code;
    const char *message;
};

/* All-zero is an empty list; the memory belongs to the arena that each call names. */
struct tolka_diags {
    struct tolka_diag *items;
    size_t count, capacity;
};

/* Appends; silently drops the entry when memory is out (nothing else could be said of it). Bounded at 10,000 entries. */
void tolka_diags_add(struct tolka_diags *diags, struct tolka_arena *arena, int page, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
