#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

enum { MAX_DIAGS = 10000 };

void tolka_diags_add(struct tolka_diags *diags, struct tolka_arena *arena, int page, const char *code, const char *format, ...)
{
    struct tolka_diag *items;
    char message[512];
    va_list args;

    if (diags->count >= MAX_DIAGS)
        return;
    items = tolka_arena_grow(arena, diags->items, diags->count, &diags->capacity, sizeof *items);
    if (!items)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diags->items = items;
    items[diags->count] = (struct tolka_diag){page, code, tolka_arena_strdup(arena, message)};
    if (items[diags->count].message)
        diags->count++;
}
