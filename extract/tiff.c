/*
 * A TIFF file is a header with the offset of the first directory; a directory is a count, its entries (12
 * bytes, in BigTIFF 20) and the offset of the next (TIFF 6.0, section 2; BigTIFF design, libtiff). An entry
 * is a tag, a type, a count and the values, or their offset when they need more than 4 (8) bytes.
 */
#include "extract/tiff.h"

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

/* Tags (TIFF 6.0, appendix A). */
enum {
    TAG_WIDTH = 256,
    TAG_HEIGHT = 257,
    TAG_BITS = 258,
    TAG_COMPRESSION = 259,
    TAG_PHOTOMETRIC = 262,
    TAG_FILL_ORDER = 266,
    TAG_STRIP_OFFSETS = 273,
    TAG_SAMPLES = 277,
    TAG_STRIP_LENGTHS = 279,
    TAG_X_RESOLUTION = 282,
    TAG_Y_RESOLUTION = 283,
    TAG_FAX_OPTIONS = 292,
    TAG_RESOLUTION_UNIT = 296,
    TAG_JPEG_TABLES = 347,
};

enum { UNIT_CM = 3, TYPE_RATIONAL = 5 };

struct entry {
    uint64_t tag, type, count;
    uint64_t at; /* where its values stand */
};

static unsigned type_size(uint64_t type)
{
    static const unsigned char SIZES[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    return type < sizeof SIZES ? SIZES[type] : 0;
}

static bool read_entry(const struct reader *in, uint64_t offset, struct entry *entry)
{
    const unsigned word = in->big ? 8 : 4;
    uint64_t values = offset + 4 + word, size;

    if (!read_number(in, offset, 2, &entry->tag) || !read_number(in, offset + 2, 2, &entry->type) ||
        !read_number(in, offset + 4, word, &entry->count) || entry->count > in->length)
        return false;
    size = entry->count * type_size(entry->type);
    entry->at = values;
    return size <= word ? true : read_number(in, values, word, &entry->at);
}

static float read_rational(const struct reader *in, const struct entry *entry)
{
    uint64_t above, below;

    if (entry->type != TYPE_RATIONAL || !read_number(in, entry->at, 4, &above) ||
        !read_number(in, entry->at + 4, 4, &below) || below == 0)
        return 0;
    return (float)above / (float)below;
}

/* What a directory says; offsets may still be wrong. */
static void take_entry(const struct reader *in, const struct entry *entry, struct tolka_tiff_page *page,
                       uint32_t *unit)
{
    uint64_t value = 0;

    if (!read_number(in, entry->at, type_size(entry->type) > 4 ? 4 : type_size(entry->type), &value))
        return;
    switch (entry->tag) {
    case TAG_WIDTH:
        page->width = (uint32_t)value;
        break;
    case TAG_HEIGHT:
        page->height = (uint32_t)value;
        break;
    case TAG_BITS:
        page->bits = (uint32_t)value;
        break;
    case TAG_COMPRESSION:
        page->compression = (uint32_t)value;
        break;
    case TAG_PHOTOMETRIC:
        page->photometric = (uint32_t)value;
        break;
    case TAG_FILL_ORDER:
        page->fill_order = (uint32_t)value;
        break;
    case TAG_SAMPLES:
        page->samples = (uint32_t)value;
        break;
    case TAG_STRIP_OFFSETS:
        page->offset = entry->count == 1 ? value : 0;
        break;
    case TAG_STRIP_LENGTHS:
        page->length = entry->count == 1 ? value : 0;
        break;
    case TAG_X_RESOLUTION:
        page->x_dpi = read_rational(in, entry);
        break;
    case TAG_Y_RESOLUTION:
        page->y_dpi = read_rational(in, entry);
        break;
    case TAG_FAX_OPTIONS:
        page->fax_options = (uint32_t)value;
        break;
    case TAG_RESOLUTION_UNIT:
        *unit = (uint32_t)value;
        break;
    case TAG_JPEG_TABLES:
        page->tables = entry->at;
        page->tables_length = entry->count;
        break;
    default:
        break;
    }
}

static bool lies_inside(const struct reader *in, uint64_t offset, uint64_t length)
{
    return offset <= in->length && length <= in->length - offset;
}

static bool read_directory(const struct reader *in, uint64_t offset, struct tolka_tiff_page *page)
{
    const unsigned count_size = in->big ? 8 : 2, entry_size = in->big ? 20 : 12;
    uint32_t unit = 2;
    uint64_t count;
    struct entry entry;

    *page = (struct tolka_tiff_page){.bits = 1, .samples = 1, .compression = 1, .fill_order = 1};
    if (!read_number(in, offset, count_size, &count) || count > 65535)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!read_entry(in, offset + count_size + i * entry_size, &entry))
            return false;
        take_entry(in, &entry, page, &unit);
    }
    if (!page->offset || !lies_inside(in, page->offset, page->length))
        page->offset = page->length = 0;
    if (!lies_inside(in, page->tables, page->tables_length))
        page->tables = page->tables_length = 0;
    if (unit == UNIT_CM) {
        page->x_dpi *= 2.54F;
        page->y_dpi *= 2.54F;
    }
    return page->width > 0 && page->height > 0;
}

bool tolka_tiff_page_read(const unsigned char *bytes, size_t length, int number, struct tolka_tiff_page *page)
{
    struct reader in = {.bytes = bytes, .length = length, .big_endian = length > 0 && bytes[0] == 'M'};
    uint64_t version, offset;

    if (!read_number(&in, 2, 2, &version))
        return false;
    in.big = version == 43;
    if (!read_number(&in, in.big ? 8 : 4, in.big ? 8 : 4, &offset))
        return false;
    for (int i = 1; i < number && i < MAX_PAGES; i++) {
        if (!offset || !next_directory(&in, offset, &offset))
            return false;
    }
    return offset && read_directory(&in, offset, page);
}
