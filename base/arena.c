#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = _Alignof(max_align_t) };

struct tolka_arena_block {
    struct tolka_arena_block *next;
    size_t used, size;
    _Alignas(max_align_t) unsigned char data[];
};

/* Puts a block that holds at least `size` bytes at the head, unless it is a large one of its own: that goes second. */
static struct tolka_arena_block *add_block(struct tolka_arena *arena, size_t size)
{
    size_t room = size > BLOCK_BYTES / 4 ? size : BLOCK_BYTES;
    struct tolka_arena_block *block;

    if (room > SIZE_MAX - sizeof *block)
        return NULL;
    block = calloc(1, sizeof *block + room);
    if (!block)
        return NULL;
    block->size = room;
    if (arena->head && room == size) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

void *tolka_arena_alloc(struct tolka_arena *arena, size_t size)
{
    struct tolka_arena_block *block = arena->head;
    void *data;

    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!block || block->size - block->used < size) {
        block = add_block(arena, size);
        if (!block)
            return NULL;
    }
    data = block->data + block->used;
    block->used += size;
    arena->used_bytes += size;
    return data;
}

void *tolka_arena_array(struct tolka_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return tolka_arena_alloc(arena, count * size);
}

char *tolka_arena_strdup(struct tolka_arena *arena, const char *text)
{
    return text ? tolka_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *tolka_arena_strndup(struct tolka_arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? tolka_arena_alloc(arena, length + 1) : NULL;

    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

char *tolka_arena_printf(struct tolka_arena *arena, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return NULL;
    text = tolka_arena_alloc(arena, (size_t)length + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void *tolka_arena_grow(struct tolka_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *larger;

    if (count < *capacity)
        return items;
    if (wanted < *capacity)
        return NULL;
    larger = tolka_arena_array(arena, wanted, size);
    if (!larger)
        return NULL;
    if (count)
        memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

void tolka_arena_release(struct tolka_arena *arena)
{
    struct tolka_arena_block *block = arena->head;

    while (block) {
        struct tolka_arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->head = NULL;
    arena->used_bytes = 0;
}
