/*
 * Any bytes through the repair, with the shipped model: no fault, as many lines out as in. Run from the
 * repository's root. Each unknown word costs a search, which sanitizers make some twenty times slower, so an
 * input counts up to INPUT_MAX bytes; longer ones hold nothing new but time.
 */
#include "normalize/normalize.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 400 };

static size_t lines(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n';
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tolka_model *model;
    struct tolka_strbuf out = {0};
    size_t invalid;

    size = size < INPUT_MAX ? size : INPUT_MAX;
    if (!model && tolka_model_open("normalize/data/sv.model", &model, NULL) != TOLKA_OK)
        abort();
    if (tolka_normalize_text(model, (const char *)data, size, &out, NULL, NULL, &invalid, NULL) != TOLKA_OK)
        abort();
    if (lines(out.data, out.length) != lines((const char *)data, size))
        abort();
    tolka_strbuf_release(&out);
    return 0;
}
