/* An arena: many small allocations, one release. A page, a report and a rule set each own one. Any file may include this. */
#ifndef TOLKA_BASE_ARENA_H
#define TOLKA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct tolka_arena_block;

/* All-zero is an empty arena. Not safe for use by two threads at once. */
struct tolka_arena {
    struct tolka_arena_block *head;
    size_t used_bytes; /* handed out so far, for limits and statistics */
};

/* Returns `size` zeroed bytes aligned for any type, NULL when out of memory. Lives until release. */
void *tolka_arena_alloc(struct tolka_arena *arena, size_t size);

/* As alloc of `count * size`, NULL when that overflows. */
void *tolka_arena_array(struct tolka_arena *arena, size_t count, size_t size);

/* Copies `text` (NULL gives NULL). */
char *tolka_arena_strdup(struct tolka_arena *arena, const char *text);

/* Copies `length` bytes and adds a NUL. */
char *tolka_arena_strndup(struct tolka_arena *arena, const char *text, size_t length);

/* Formats into the arena; NULL when out of memory. */
char *tolka_arena_printf(struct tolka_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Makes room for one more element in a growing array that lives in the arena: returns `items` or a larger copy (capacity doubled,
 * `*capacity` updated), NULL when out of memory (the old array stays valid). `count` is the number of elements in use.
 */
void *tolka_arena_grow(struct tolka_arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* Frees all and leaves an empty arena. */
void tolka_arena_release(struct tolka_arena *arena);

#endif
