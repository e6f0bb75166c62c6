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

EMBED(tolka_store_sqlite_1, "schema/store/sqlite-1.sql");
EMBED(tolka_store_sqlite_2, "schema/store/sqlite-2.sql");
EMBED(tolka_store_sqlite_3, "schema/store/sqlite-3.sql");
EMBED(tolka_store_sqlite_4, "schema/store/sqlite-4.sql");
EMBED(tolka_store_sqlite_5, "schema/store/sqlite-5.sql");
EMBED(tolka_store_postgres_1, "schema/store/postgresql-1.sql");
EMBED(tolka_store_postgres_2, "schema/store/postgresql-2.sql");

/* Migration n makes version n of version n - 1. Never change one that was released: add another. */
static const char *const SQLITE_MIGRATIONS[] = {tolka_store_sqlite_1, tolka_store_sqlite_2,
                                                tolka_store_sqlite_3, tolka_store_sqlite_4,
                                                tolka_store_sqlite_5};
static const char *const POSTGRES_MIGRATIONS[] = {tolka_store_postgres_1, tolka_store_postgres_2};

const struct tolka_store_schema tolka_store_sqlite = {
    .migrations = SQLITE_MIGRATIONS,
    .version = sizeof SQLITE_MIGRATIONS / sizeof *SQLITE_MIGRATIONS,
    .objects = "SELECT count(*) FROM sqlite_schema",
    .mark = "PRAGMA application_id",
    .stamped = "PRAGMA user_version",
    .begin = "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE",
    .stamp = "PRAGMA application_id = 1953459307; PRAGMA user_version = %d",
    .settings = "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
                "PRAGMA journal_size_limit = 67108864;",
};

const struct tolka_store_schema tolka_store_postgres = {
    .migrations = POSTGRES_MIGRATIONS,
    .version = sizeof POSTGRES_MIGRATIONS / sizeof *POSTGRES_MIGRATIONS,
    .objects = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE n.nspname = 'tolka'",
    .mark = "SELECT CASE WHEN to_regclass('tolka.made') IS NULL THEN 0 ELSE 1953459307 END",
    .stamped = "SELECT version FROM tolka.made",
    .begin = "BEGIN; SELECT pg_advisory_xact_lock(1953459307)",
    .stamp = "UPDATE tolka.made SET version = %d",
    .settings = "",
};
