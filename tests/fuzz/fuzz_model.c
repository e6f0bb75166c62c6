/*
 * A hostile model: the input is written over a small sound one, header mended so that it is opened, and text
 * is repaired with it. Wrong words are fine, faults are not. The first two bytes say where the rest goes.
 */
#include "normalize/model.h"
#include "normalize/train/train.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICES = 40 }; /* so often are two words of one key seen that the model has a section for them */

static const char TEXT[] =
    "Förbundets verksamhet under året har varit god för försörjning och arbetsmarknad.\n"
    "Förbundets försörjning och verksamhet har under året varit god för arbetsmarknad.\n"
    "Arbetsmarknadsverksamhet och arbetsmarknad för året, försörjning och verksamhet.\n";

/* Added to the finished model, so that it has links. */
static const char ADDED[] = "Mán mán mán och forbundets forbundets forbundets.\n";

static uint64_t check_of(const uint8_t *image)
{
    uint64_t hash = TOLKA_HASH_START;

    for (size_t i = 0; i < offsetof(struct tolka_model_header, check); i++)
        hash = tolka_hash_step(hash, image[i]);
    return tolka_hash_mix(hash);
}

/* A sound model's bytes, made once. */
static size_t sound_model(uint8_t **image, const char *path)
{
    char text_path[64];
    struct tolka_train_text text = {text_path, 1};
    struct tolka_train_options options = {.texts = &text, .text_count = 1, .max_bytes = 4 << 20};
    FILE *file;
    long size;
    bool ok;

    snprintf(text_path, sizeof text_path, "%s.txt", path);
    file = fopen(text_path, "w");
    ok = file && fputs(TEXT, file) >= 0;
    for (int i = 0; ok && i < CHOICES; i++)
        ok = fputs("En man var här.\nTvå män var här.\n", file) >= 0;
    if (!ok || fclose(file) != 0 || tolka_train(&options, path, NULL) != TOLKA_OK)
        abort();
    file = fopen(text_path, "w");
    if (!file || fputs(ADDED, file) < 0 || fclose(file) != 0)
        abort();
    options.base = path;
    if (tolka_train(&options, path, NULL) != TOLKA_OK)
        abort();
    unlink(text_path);
    file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0)
        abort();
    rewind(file);
    *image = malloc((size_t)size);
    if (!*image || fread(*image, 1, (size_t)size, file) != (size_t)size)
        abort();
    fclose(file);
    return (size_t)size;
}

/* Writes a part of the model; the file is in memory. */
static void put(int fd, const void *bytes, size_t length, size_t at)
{
    if (pwrite(fd, bytes, length, (off_t)at) != (ssize_t)length)
        abort();
}

static void repair(const struct tolka_model *model)
{
    static const char folded[] = "Forbundets 6kad forsorjnlng\noch arbets-\nmarknad\nTva man var har\n";
    struct tolka_strbuf out = {0};

    if (tolka_normalize_text(model, TEXT, sizeof TEXT - 1, &out, NULL, NULL, NULL, NULL) != TOLKA_OK)
        abort();
    tolka_normalize_text(model, folded, sizeof folded - 1, &out, NULL, NULL, NULL, NULL);
    tolka_strbuf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *sound, *image;
    static size_t length, at, changed;
    static char path[64];
    static int fd;
    struct tolka_model *model;
    struct tolka_model_header *header;

    if (!sound) {
        snprintf(path, sizeof path, "/tmp/fuzz_model.%ld", (long)getpid());
        length = sound_model(&sound, path);
        unlink(path);
        fd = memfd_create("model", 0);
        image = malloc(length);
        if (fd < 0 || !image)
            abort();
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        memcpy(image, sound, length);
        put(fd, sound, length, 0);
    }
    if (size < 2)
        return 0;
    /* What the last input changed is made sound again; the rest of the file still is. */
    memcpy(image, sound, sizeof *header);
    memcpy(image + at, sound + at, changed);
    put(fd, image + at, changed, at);
    at = (size_t)(data[0] | data[1] << 8) * 16 % length;
    changed = size - 2 < length - at ? size - 2 : length - at;
    memcpy(image + at, data + 2, changed);
    put(fd, image + at, changed, at);
    header = (void *)image;
    header->check = check_of(image);
    put(fd, image, sizeof *header, 0);
    if (tolka_model_open(path, &model, NULL) == TOLKA_OK) {
        repair(model);
        tolka_model_free(model);
    }
    return 0;
}
