/* ALTO and hOCR: whatever the bytes, each page is read and put in order without a fault. */
#include "extract/layout.h"
#include "extract/ocrfile.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tolka_ocrfile *file = NULL;

    tolka_ocrfile_is_one(data, size);
    if (tolka_ocrfile_open(data, size, &file, NULL))
        return 0;
    for (int i = 1; i <= tolka_ocrfile_page_count(file) && i <= 4; i++) {
        struct tolka_page page = {.number = i};
        if (tolka_ocrfile_read(file, i, &page, NULL) == TOLKA_OK)
            tolka_layout_order(&page, NULL);
        tolka_page_release(&page);
    }
    tolka_ocrfile_free(file);
    return 0;
}
