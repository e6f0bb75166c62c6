/*
 * The schema's SQL, taken into the program as it is: a store can be made wherever the program runs, without a
 * file to be found or lost. The assembler's .incbin does it, in GCC and clang alike; paths are those of the
 * source tree, where the compiler runs.
 */
#include "ingest/store_int.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot have them */
#define EMBED(symbol, file)                                                                                  \
    __asm__(".pushsection .rodata\n" #symbol ":\n.incbin \"" file "\"\n.byte 0\n.popsection\n");             \
    extern const char symbol[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(tolka_store_sql_1, "schema/store/sqlite-1.sql");
EMBED(tolka_store_sql_2, "schema/store/sqlite-2.sql");
EMBED(tolka_store_sql_3, "schema/store/sqlite-3.sql");
EMBED(tolka_store_sql_4, "schema/store/sqlite-4.sql");

/* Migration n makes version n of version n - 1. Never change one that was released: add another. */
static const char *const MIGRATIONS[] = {tolka_store_sql_1, tolka_store_sql_2, tolka_store_sql_3, tolka_store_sql_4};

const char *tolka_store_migration(int version)
{
    return version >= 1 && version <= (int)(sizeof MIGRATIONS / sizeof *MIGRATIONS) ? MIGRATIONS[version - 1]
                                                                                    : NULL;
}
