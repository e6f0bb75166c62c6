/* The chain of pages in a TIFF file and how each is stored, without decoding one. document.c and
 * pdf_pictures.c include this. */
#ifndef TOLKA_EXTRACT_TIFF_H
#define TOLKA_EXTRACT_TIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of pages, 0 for none; `*damaged` is set when the chain breaks off or bites its tail. At most 100,000
 * are counted. */
int tolka_tiff_page_count(const unsigned char *bytes, size_t length, bool *damaged);

enum tolka_tiff_compression { TOLKA_TIFF_FAX3 = 3, TOLKA_TIFF_FAX4 = 4, TOLKA_TIFF_JPEG = 7 };

/* A page that is stored as one strip. Offsets and lengths are checked to lie in the file. */
struct tolka_tiff_page {
    uint32_t width, height;
    uint32_t bits, samples; /* bits a sample, samples a pixel */
    uint32_t compression;   /* enum tolka_tiff_compression, or another number */
    uint32_t photometric;   /* 0: white is 0; 1: black is 0; 2: RGB; 6: YCbCr */
    uint32_t fill_order;    /* 2: the lowest bit comes first */
    uint32_t
        fax_options; /* of FAX3: bit 0: two-dimensional, bit 1: uncompressed mode, bit 2: bytes filled up */
    float x_dpi, y_dpi;             /* 0 when not told */
    uint64_t offset, length;        /* of the strip; length 0 when there are more strips than one, or tiles */
    uint64_t tables, tables_length; /* of a JPEG; length 0 when there are none */
};

/* Reads the directory of page `number` (from 1); false when there is none or it is damaged. */
bool tolka_tiff_page_read(const unsigned char *bytes, size_t length, int number,
                          struct tolka_tiff_page *page);

#endif
