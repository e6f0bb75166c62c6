/* Any bytes as a packed page: refused, or a page that packs to bytes which unpack again. */
#include "extract/pagepack.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tolka_page page = {0}, again = {0};
    struct tolka_strbuf packed = {0};
    struct tolka_error err = {0};

    if (tolka_page_unpack(data, size, &page, &err) == TOLKA_OK) {
        tolka_page_pack(&page, &packed);
        if (packed.failed || tolka_page_unpack(packed.data, packed.length, &again, &err) != TOLKA_OK)
            abort();
        if (again.word_count != page.word_count || again.grid_count != page.grid_count)
            abort();
    }
    tolka_strbuf_release(&packed);
    tolka_page_release(&again);
    tolka_page_release(&page);
    return 0;
}
