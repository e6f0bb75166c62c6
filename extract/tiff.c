/*
 * A TIFF file is a header with the offset of the first directory; a directory is a count, its entries (12
 * bytes, in BigTIFF 20) and the offset of the next (TIFF 6.0, section 2; BigTIFF design, libtiff).
 */
#include "extract/tiff.h"

#include <stdint.h>

enum { MAX_PAGES = 100000 };

struct reader {
    const unsigned char *bytes;
    size_t length;
    bool big_endian;
    bool big; /* BigTIFF: 8-byte offsets */
};

/* An unsigned number of `size` bytes at `offset`; false when it lies outside. */
static bool read_number(const struct reader *in, uint64_t offset, unsigned size, uint64_t *out)
{
    uint64_t value = 0;

    if (offset > in->length || in->length - offset < size)
        return false;
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | in->bytes[offset + (in->big_endian ? i : size - 1 - i)];
    *out = value;
    return true;
}

static bool next_directory(const struct reader *in, uint64_t offset, uint64_t *next)
{
    const unsigned count_size = in->big ? 8 : 2, entry_size = in->big ? 20 : 12;
    uint64_t count;

    if (!read_number(in, offset, count_size, &count) || count == 0 || count > 65535)
        return false;
    return read_number(in, offset + count_size + count * entry_size, in->big ? 8 : 4, next);
}

/* Brent's cycle search: the offset remembered at each power of two is met again when the chain bites its
 * tail. */
int tolka_tiff_page_count(const unsigned char *bytes, size_t length, bool *damaged)
{
    struct reader in = {.bytes = bytes, .length = length, .big_endian = length > 0 && bytes[0] == 'M'};
    uint64_t version, offset, next, remembered = 0;
    int count = 0;

    *damaged = true;
    if (!read_number(&in, 2, 2, &version))
        return 0;
    in.big = version == 43;
    if (!read_number(&in, in.big ? 8 : 4, in.big ? 8 : 4, &offset))
        return 0;
    for (; offset != 0 && offset != remembered && count < MAX_PAGES; offset = next) {
        if (!next_directory(&in, offset, &next))
            return count;
        if ((count & (count - 1)) == 0)
            remembered = offset;
        count++;
    }
    *damaged = offset != 0;
    return count;
}
