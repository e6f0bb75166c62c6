/* SHA-256 over libcrypto: the only file that includes it is hash.c. Any file of schema/, ingest/ and cli/ may
 * include this. */
#ifndef TOLKA_SCHEMA_HASH_H
#define TOLKA_SCHEMA_HASH_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Writes the digest of `length` bytes as 64 lower-case hex digits and a NUL. Error LIBRARY. */
enum tolka_status tolka_sha256_hex(const void *bytes, size_t length, char out[65]);

/* The same of a file, read in pieces; `*bytes` (NULL allowed) is its size. Errors IO, LIBRARY, both with the
 * path. */
enum tolka_status tolka_sha256_file(const char *path, char out[65], int64_t *bytes, struct tolka_error *err);

#endif
