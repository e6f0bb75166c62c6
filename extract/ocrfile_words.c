#include "extract/ocrfile_int.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_DPI = 50, MOST_DPI = 2400, MAX_SIDE_PX = 1 << 24 };

static const double A4_WIDTH_INCHES = 8.27, MOST_UNITS = 1e7, LEAST_RULING_RATIO = 5;

const char *tolka_ocrfile_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    }
    return NULL;
}

double tolka_ocrfile_number(const char *text, double otherwise)
{
    char *end = NULL;
    double value = text ? strtod(text, &end) : 0;

    return text && end != text && isfinite(value) && fabs(value) <= MOST_UNITS ? value : otherwise;
}

static int to_px(const struct tolka_ocrfile_reader *reader, double units)
{
    return (int)lround(fmin(fmax(units * reader->px_per_unit, 0), MAX_SIDE_PX));
}

static struct tolka_box box_in_px(const struct tolka_ocrfile_reader *reader, struct tolka_ocrfile_box box)
{
    return (struct tolka_box){to_px(reader, box.x0), to_px(reader, box.y0), to_px(reader, box.x1),
                              to_px(reader, box.y1)};
}

void tolka_ocrfile_begin_line(struct tolka_ocrfile_reader *reader)
{
    struct tolka_page *page = reader->page;
    struct tolka_line *line;

    if (page->line_count && !page->lines[page->line_count - 1].word_count)
        page->line_count--;
    line = tolka_page_add_line(page);
    reader->failed = reader->failed || !line;
    if (!line)
        return;
    line->first_word = (int)page->word_count;
    line->block = reader->block;
}

static void add_word(struct tolka_ocrfile_reader *reader, const char *text, size_t length,
                     struct tolka_box box, float confidence, bool bold)
{
    struct tolka_page *page = reader->page;
    struct tolka_word *word;
    struct tolka_line *line;

    if (!page->line_count)
        tolka_ocrfile_begin_line(reader);
    word = reader->failed ? NULL : tolka_page_add_word(page);
    reader->failed = reader->failed || !word;
    if (!word)
        return;
    line = &page->lines[page->line_count - 1];
    word->raw = word->text = tolka_utf8_nfc(&page->arena, text, length);
    reader->failed = reader->failed || !word->raw;
    word->box = box;
    word->confidence = confidence;
    word->line = (int)page->line_count - 1;
    word->flags = bold ? TOLKA_WORD_BOLD : 0;
    line->word_count++;
    line->box = tolka_box_union(line->box, box);
}

/* Steps over white space, or over what is none. */
static size_t step(const char *text, size_t at, size_t end, bool over_space)
{
    uint32_t code;

    while (at < end) {
        const size_t size = tolka_utf8_decode(text + at, end - at, &code);
        if (tolka_utf8_is_space(code) != over_space)
            break;
        at += size;
    }
    return at;
}

void tolka_ocrfile_add_text(struct tolka_ocrfile_reader *reader, const char *text,
                            struct tolka_ocrfile_box box, float confidence, bool bold)
{
    const size_t length = strlen(text), begin = step(text, 0, length, true);
    size_t end = length;

    while (end > begin && step(text, end - 1, end, true) == end)
        end--;
    for (size_t at = begin, next; at < end; at = step(text, next, end, true)) {
        const double share = (box.x1 - box.x0) / (double)(end - begin);
        struct tolka_ocrfile_box part = box;
        next = step(text, at, end, false);
        part.x0 = box.x0 + share * (double)(at - begin);
        part.x1 = box.x0 + share * (double)(next - begin);
        add_word(reader, text + at, next - at, box_in_px(reader, part), confidence, bold);
    }
}

void tolka_ocrfile_add_ruling(struct tolka_ocrfile_reader *reader, struct tolka_ocrfile_box box)
{
    const double wide = box.x1 - box.x0, high = box.y1 - box.y0;
    struct tolka_ruling *ruling;

    if (!(fmax(wide, high) > LEAST_RULING_RATIO * fmin(wide, high)))
        return;
    ruling = tolka_page_add_ruling(reader->page);
    if (ruling)
        *ruling = (struct tolka_ruling){box_in_px(reader, box), high > wide};
}

void tolka_ocrfile_set_page(struct tolka_ocrfile_reader *reader, double width, double height, double dpi)
{
    reader->page->width = to_px(reader, width);
    reader->page->height = to_px(reader, height);
    reader->page->dpi = dpi >= LEAST_DPI && dpi <= MOST_DPI ? (int)lround(dpi) : 0;
}

static bool most_is_bold(const struct tolka_page *page, const struct tolka_line *line)
{
    int bold = 0;

    for (int i = 0; i < line->word_count; i++)
        bold += (page->words[line->first_word + i].flags & TOLKA_WORD_BOLD) != 0;
    return 2 * bold > line->word_count;
}

void tolka_ocrfile_finish(struct tolka_ocrfile_reader *reader)
{
    struct tolka_page *page = reader->page;
    struct tolka_box all = {0};
    double sum = 0;

    if (page->line_count && !page->lines[page->line_count - 1].word_count)
        page->line_count--;
    for (size_t i = 0; i < page->line_count; i++) {
        struct tolka_line *line = &page->lines[i];
        line->size_px = (float)tolka_box_height(line->box);
        line->bold = most_is_bold(page, line);
        all = tolka_box_union(all, line->box);
    }
    for (size_t i = 0; i < page->word_count; i++)
        sum += page->words[i].confidence;
    page->confidence = page->word_count ? (float)(sum / (double)page->word_count) : 1;
    if (page->width < all.x1)
        page->width = all.x1;
    if (page->height < all.y1)
        page->height = all.y1;
    if (!page->dpi)
        page->dpi =
            (int)lround(fmin(fmax(fmin(page->width, page->height) / A4_WIDTH_INCHES, LEAST_DPI), MOST_DPI));
}
