#include "schema/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* Pieces in which a file is read: large enough that the calls cost nothing, small enough for a worker's
 * stack. */
enum { PIECE_BYTES = 1 << 15, DIGEST_BYTES = 32 };

static void to_hex(const unsigned char digest[DIGEST_BYTES], char out[65])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[64] = '\0';
}

enum tolka_status tolka_sha256_hex(const void *bytes, size_t length, char out[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    out[0] = '\0';
    if (!EVP_Digest(bytes, length, digest, &size, EVP_sha256(), NULL) || size != DIGEST_BYTES)
        return TOLKA_ERR_LIBRARY;
    to_hex(digest, out);
    return TOLKA_OK;
}

static enum tolka_status digest_stream(FILE *file, const char *path, EVP_MD_CTX *context, int64_t *total,
                                       struct tolka_error *err)
{
    unsigned char piece[PIECE_BYTES];
    size_t got;

    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        if (!EVP_DigestUpdate(context, piece, got))
            return tolka_error_set(err, TOLKA_ERR_LIBRARY, "%s: the digest library refused", path);
        *total += (int64_t)got;
    }
    if (ferror(file))
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
    return TOLKA_OK;
}

enum tolka_status tolka_sha256_file(const char *path, char out[65], int64_t *bytes, struct tolka_error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    FILE *file = NULL;
    int64_t total = 0;
    enum tolka_status status = TOLKA_ERR_LIBRARY;

    out[0] = '\0';
    if (!context || !EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
        tolka_error_set(err, status, "%s: the digest library refused", path);
        goto out;
    }
    file = fopen(path, "rb");
    if (!file) {
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
        goto out;
    }
    status = digest_stream(file, path, context, &total, err);
    if (status)
        goto out;
    if (!EVP_DigestFinal_ex(context, digest, NULL)) {
        status = tolka_error_set(err, TOLKA_ERR_LIBRARY, "%s: the digest library refused", path);
        goto out;
    }
    to_hex(digest, out);
    if (bytes)
        *bytes = total;
out:
    if (file)
        fclose(file);
    EVP_MD_CTX_free(context);
    return status;
}
