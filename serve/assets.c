#include "serve/assets.h"

/* As in ingest/store_schema.c: the assembler takes the file in, by its path in the source tree. */
__asm__(".pushsection .rodata\n"
        "tolka_serve_style:\n.incbin \"serve/style.css\"\n.byte 0\n.popsection\n");
extern const char tolka_serve_style[] __attribute__((visibility("hidden")));

const char *tolka_asset_style(void)
{
    return tolka_serve_style;
}
