/* Writes the model file: header, section table, sections at multiples of 64 bytes; into a file beside it,
 * renamed when whole. */
#include "normalize/train/build.h"

#include <openssl/evp.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALIGN = 64 };

static size_t aligned(size_t size)
{
    return (size + ALIGN - 1) / ALIGN * ALIGN;
}

static void fill_header(unsigned char *image, size_t size, uint32_t sections)
{
    struct tolka_model_header *header = (void *)image;
    uint64_t hash = TOLKA_HASH_START;

    memcpy(header->magic, TOLKA_MODEL_MAGIC, sizeof header->magic);
    header->version = TOLKA_MODEL_VERSION;
    header->section_count = sections;
    header->size = size;
    EVP_Digest(image + sizeof *header, size - sizeof *header, header->sha256, NULL, EVP_sha256(), NULL);
    for (size_t i = 0; i < offsetof(struct tolka_model_header, check); i++)
        hash = tolka_hash_step(hash, image[i]);
    header->check = tolka_hash_mix(hash);
}

/* The file as it will be; from malloc. */
static unsigned char *lay_out(const struct tolka_build *build, size_t *size)
{
    size_t at = aligned(sizeof(struct tolka_model_header) +
                        (TOLKA_SECTION_COUNT - 1) * sizeof(struct tolka_model_section));
    struct tolka_model_section *table;
    unsigned char *image;

    *size = at;
    for (int id = 1; id < TOLKA_SECTION_COUNT; id++)
        *size += aligned(build->sections[id].size);
    image = calloc(1, *size);
    if (!image)
        return NULL;
    table = (void *)(image + sizeof(struct tolka_model_header));
    for (int id = 1; id < TOLKA_SECTION_COUNT; id++) {
        const struct tolka_section_data *section = &build->sections[id];

        table[id - 1] =
            (struct tolka_model_section){.id = (uint32_t)id, .offset = at, .length = section->size};
        if (section->size)
            memcpy(image + at, section->data, section->size);
        at += aligned(section->size);
    }
    fill_header(image, *size, TOLKA_SECTION_COUNT - 1);
    return image;
}

enum tolka_status tolka_build_write(const struct tolka_build *build, const char *path,
                                    struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;
    size_t size = 0, room = strlen(path) + 8;
    unsigned char *image = lay_out(build, &size);
    char *part = malloc(room);
    FILE *file = NULL;

    if (!image || !part) {
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        goto out;
    }
    snprintf(part, room, "%s.part", path);
    file = fopen(part, "we");
    if (!file || fwrite(image, 1, size, file) != size || fflush(file) != 0) {
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", part, strerror(errno));
        goto out;
    }
    if (rename(part, path) != 0)
        status = tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", path, strerror(errno));
out:
    if (file)
        fclose(file);
    if (file && status != TOLKA_OK)
        unlink(part);
    free(image);
    free(part);
    return status;
}
