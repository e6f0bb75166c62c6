/*
 * The bytes: a magic word with the format's version, then the page's fields in the order of page.h, integers
 * of four bytes and floats as their IEEE 754 bits, both in little-endian order, strings as a length and their
 * bytes. Lists have a count in front. The writer and the reader walk the same fields in the same order; the
 * reader checks each count against the bytes that are left before it makes room, each index against what it
 * points into, and each text for being UTF-8, so that a page that was read can be used without further
 * checks.
 */
#include "extract/pagepack.h"

#include "base/utf8.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static const char MAGIC[4] = {'t', 'P', 'g', '2'};

/* The fewest bytes that an element takes: a count that promises more elements than the bytes can hold is a
 * lie. */
enum {
    WORD_BYTES = 48,
    LINE_BYTES = 48,
    RULING_BYTES = 20,
    GRID_BYTES = 28,
    CELL_BYTES = 20,
    ALTERNATIVE_BYTES = 8,
    PROBLEM_BYTES = 12
};

/* Bounds that page.h's appenders keep too, and ours: of a picture's side, of a text, of a word's
 * alternatives. */
enum { MAX_SIDE_PX = 1 << 24, MAX_TEXT_BYTES = 1 << 20, MAX_ALTERNATIVES = 1000, MAX_PROBLEMS = 10000 };

static void put_int(struct tolka_strbuf *out, int value)
{
    uint32_t bits = (uint32_t)value;
    unsigned char bytes[4] = {bits & 255, bits >> 8 & 255, bits >> 16 & 255, bits >> 24};

    tolka_strbuf_add(out, bytes, sizeof bytes);
}

static void put_float(struct tolka_strbuf *out, float value)
{
    int32_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_int(out, bits);
}

/* NULL and "" are kept apart: a length of -1 is NULL. */
static void put_text(struct tolka_strbuf *out, const char *text)
{
    put_int(out, text ? (int)strlen(text) : -1);
    tolka_strbuf_add_str(out, text);
}

static void put_box(struct tolka_strbuf *out, struct tolka_box box)
{
    put_int(out, box.x0);
    put_int(out, box.y0);
    put_int(out, box.x1);
    put_int(out, box.y1);
}

static void put_word(struct tolka_strbuf *out, const struct tolka_word *word)
{
    put_box(out, word->box);
    put_text(out, word->raw);
    put_text(out, word->text == word->raw ? NULL : word->text);
    put_float(out, word->confidence);
    put_int(out, word->line);
    put_int(out, (int)word->flags);
    put_float(out, word->repair_confidence);
    put_text(out, word->repair_reason);
    put_int(out, (int)word->alternative_count);
    for (size_t i = 0; i < word->alternative_count; i++) {
        put_text(out, word->alternatives[i].text);
        put_float(out, word->alternatives[i].confidence);
    }
}

static void put_line(struct tolka_strbuf *out, const struct tolka_line *line)
{
    put_box(out, line->box);
    put_int(out, line->first_word);
    put_int(out, line->word_count);
    put_int(out, line->block);
    put_float(out, line->size_px);
    put_int(out, line->bold);
    put_int(out, line->heading_level);
    put_int(out, (int)line->role);
    put_int(out, line->grid);
}

static void put_grid(struct tolka_strbuf *out, const struct tolka_grid *grid)
{
    put_box(out, grid->box);
    put_int(out, grid->row_count);
    put_int(out, grid->column_count);
    put_int(out, grid->ruled);
    for (int i = 0; i < grid->row_count * grid->column_count; i++) {
        const struct tolka_grid_cell *cell = &grid->cells[i];
        put_box(out, cell->box);
        put_int(out, cell->word_count);
        for (int k = 0; k < cell->word_count; k++)
            put_int(out, cell->words[k]);
    }
}

static void put_head(struct tolka_strbuf *out, const struct tolka_page *page)
{
    put_int(out, page->number);
    put_int(out, page->width);
    put_int(out, page->height);
    put_int(out, page->dpi);
    put_int(out, (int)page->origin);
    put_int(out, page->rotation_deg);
    put_float(out, page->skew_deg);
    put_float(out, page->confidence);
    for (int i = 0; i < 4; i++)
        put_float(out, page->place[i]);
}

void tolka_page_pack(const struct tolka_page *page, struct tolka_strbuf *out)
{
    tolka_strbuf_add(out, MAGIC, sizeof MAGIC);
    put_head(out, page);
    put_int(out, (int)page->word_count);
    for (size_t i = 0; i < page->word_count; i++)
        put_word(out, &page->words[i]);
    put_int(out, (int)page->line_count);
    for (size_t i = 0; i < page->line_count; i++)
        put_line(out, &page->lines[i]);
    put_int(out, (int)page->ruling_count);
    for (size_t i = 0; i < page->ruling_count; i++) {
        put_box(out, page->rulings[i].box);
        put_int(out, page->rulings[i].vertical);
    }
    put_int(out, (int)page->grid_count);
    for (size_t i = 0; i < page->grid_count; i++)
        put_grid(out, &page->grids[i]);
    put_int(out, (int)page->problems.count);
    for (size_t i = 0; i < page->problems.count; i++) {
        put_int(out, page->problems.items[i].page);
        put_text(out, page->problems.items[i].code);
        put_text(out, page->problems.items[i].message);
    }
}

struct reader {
    const unsigned char *at;
    size_t left;
    struct tolka_page *page;
    bool bad, no_memory;
};

static int take_int(struct reader *in)
{
    uint32_t bits;

    if (in->bad || in->left < 4) {
        in->bad = true;
        return 0;
    }
    bits = (uint32_t)in->at[0] | (uint32_t)in->at[1] << 8 | (uint32_t)in->at[2] << 16 |
           (uint32_t)in->at[3] << 24;
    in->at += 4;
    in->left -= 4;
    return bits <= INT_MAX ? (int)bits : -(int)(UINT32_MAX - bits) - 1;
}

static int take_within(struct reader *in, int low, int high)
{
    int value = take_int(in);

    if (value < low || value > high)
        in->bad = true;
    return in->bad ? low : value;
}

/* A count of elements that take at least `bytes` each. */
static int take_count(struct reader *in, size_t bytes, int most)
{
    int count = take_within(in, 0, most);

    if ((size_t)count > in->left / bytes)
        in->bad = true;
    return in->bad ? 0 : count;
}

static float take_float(struct reader *in)
{
    int32_t bits = take_int(in);
    float value;

    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value))
        in->bad = true;
    return in->bad ? 0 : value;
}

static const char *take_text(struct reader *in, bool may_be_null)
{
    int length = take_within(in, may_be_null ? -1 : 0, MAX_TEXT_BYTES);
    const char *text;

    if (in->bad || length < 0)
        return NULL;
    if ((size_t)length > in->left || memchr(in->at, 0, (size_t)length) ||
        tolka_utf8_valid_prefix((const char *)in->at, (size_t)length) != (size_t)length) {
        in->bad = true;
        return NULL;
    }
    text = tolka_arena_strndup(&in->page->arena, (const char *)in->at, (size_t)length);
    in->no_memory |= !text;
    in->bad |= !text;
    in->at += length;
    in->left -= (size_t)length;
    return text;
}

/* Room for `count` elements; NULL marks the reader as bad. */
static void *make_room(struct reader *in, size_t count, size_t size)
{
    void *room = in->bad ? NULL : tolka_arena_array(&in->page->arena, count, size);

    if (!room && !in->bad)
        in->bad = in->no_memory = true;
    return room;
}

static struct tolka_box take_box(struct reader *in)
{
    struct tolka_box box;

    box.x0 = take_within(in, -MAX_SIDE_PX, MAX_SIDE_PX);
    box.y0 = take_within(in, -MAX_SIDE_PX, MAX_SIDE_PX);
    box.x1 = take_within(in, -MAX_SIDE_PX, MAX_SIDE_PX);
    box.y1 = take_within(in, -MAX_SIDE_PX, MAX_SIDE_PX);
    return box;
}

static void take_alternatives(struct reader *in, struct tolka_word *word)
{
    int count = take_count(in, ALTERNATIVE_BYTES, MAX_ALTERNATIVES);
    struct tolka_alternative *items = count ? make_room(in, (size_t)count, sizeof *items) : NULL;

    for (int i = 0; items && i < count; i++) {
        items[i].text = take_text(in, false);
        items[i].confidence = take_float(in);
    }
    word->alternatives = items;
    word->alternative_count = items ? (size_t)count : 0;
}

static void take_word(struct reader *in, struct tolka_word *word)
{
    word->box = take_box(in);
    word->raw = take_text(in, false);
    word->text = take_text(in, true);
    if (!word->text)
        word->text = word->raw;
    word->confidence = take_float(in);
    word->line = take_int(in); /* checked when the number of lines is known */
    word->flags = (unsigned)take_int(in);
    word->repair_confidence = take_float(in);
    word->repair_reason = take_text(in, true);
    take_alternatives(in, word);
}

static void take_words(struct reader *in)
{
    int count = take_count(in, WORD_BYTES, INT_MAX);

    for (int i = 0; i < count && !in->bad; i++) {
        struct tolka_word *word = tolka_page_add_word(in->page);
        if (!word)
            in->bad = true;
        else
            take_word(in, word);
    }
}

static void take_line(struct reader *in, struct tolka_line *line)
{
    int words = (int)in->page->word_count;

    line->box = take_box(in);
    line->first_word = take_within(in, 0, words);
    line->word_count = take_within(in, 0, words - line->first_word);
    line->block = take_int(in);
    line->size_px = take_float(in);
    line->bold = take_within(in, 0, 1);
    line->heading_level = take_within(in, 0, 6);
    line->role = (enum tolka_line_role)take_within(in, TOLKA_LINE_BODY, TOLKA_LINE_PAGE_NUMBER);
    line->grid = take_int(in); /* checked when the number of grids is known */
}

static void take_lines(struct reader *in)
{
    int count = take_count(in, LINE_BYTES, INT_MAX);

    for (int i = 0; i < count && !in->bad; i++) {
        struct tolka_line *line = tolka_page_add_line(in->page);
        if (!line)
            in->bad = true;
        else
            take_line(in, line);
    }
}

static void take_rulings(struct reader *in)
{
    int count = take_count(in, RULING_BYTES, INT_MAX);

    for (int i = 0; i < count && !in->bad; i++) {
        struct tolka_ruling *ruling = tolka_page_add_ruling(in->page);
        if (!ruling) {
            in->bad = true;
            continue;
        }
        ruling->box = take_box(in);
        ruling->vertical = take_within(in, 0, 1);
    }
}

static void take_cell(struct reader *in, struct tolka_grid_cell *cell)
{
    int count;

    cell->box = take_box(in);
    count = take_count(in, 4, (int)in->page->word_count);
    cell->words = count ? make_room(in, (size_t)count, sizeof *cell->words) : NULL;
    for (int i = 0; cell->words && i < count; i++)
        cell->words[i] = take_within(in, 0, (int)in->page->word_count - 1);
    cell->word_count = cell->words ? count : 0;
}

static void take_grids(struct reader *in)
{
    int count = take_count(in, GRID_BYTES, INT_MAX);

    for (int i = 0; i < count && !in->bad; i++) {
        struct tolka_box box = take_box(in);
        int rows = take_within(in, 1, INT_MAX), columns = take_within(in, 1, INT_MAX),
            ruled = take_within(in, 0, 1);
        struct tolka_grid *grid = NULL;

        if (!in->bad && (size_t)rows <= in->left / CELL_BYTES / (size_t)columns)
            grid = tolka_page_add_grid(in->page, rows, columns);
        if (!grid) {
            in->bad = true;
            continue;
        }
        grid->box = box;
        grid->ruled = ruled;
        for (int c = 0; c < rows * columns && !in->bad; c++)
            take_cell(in, &grid->cells[c]);
    }
}

static void take_problems(struct reader *in)
{
    int count = take_count(in, PROBLEM_BYTES, MAX_PROBLEMS);

    for (int i = 0; i < count && !in->bad; i++) {
        int page = take_int(in);
        const char *code = take_text(in, false), *message = take_text(in, false);
        if (!in->bad)
            tolka_diags_add(&in->page->problems, &in->page->arena, page, code, "%s", message);
    }
}

static void take_head(struct reader *in)
{
    struct tolka_page *page = in->page;

    page->number = take_within(in, 0, INT_MAX);
    page->width = take_within(in, 0, MAX_SIDE_PX);
    page->height = take_within(in, 0, MAX_SIDE_PX);
    page->dpi = take_within(in, 0, INT_MAX);
    page->origin = (enum tolka_origin)take_within(in, TOLKA_ORIGIN_OCR, TOLKA_ORIGIN_TEXT);
    page->rotation_deg = take_within(in, 0, 359);
    page->skew_deg = take_float(in);
    page->confidence = take_float(in);
    for (int i = 0; i < 4; i++)
        page->place[i] = take_float(in);
}

/* The indices that point forward in the bytes. */
static void check_links(struct reader *in)
{
    const struct tolka_page *page = in->page;

    for (size_t i = 0; i < page->word_count; i++)
        in->bad |= page->words[i].line < -1 || page->words[i].line >= (int)page->line_count;
    for (size_t i = 0; i < page->line_count; i++)
        in->bad |= page->lines[i].grid < -1 || page->lines[i].grid >= (int)page->grid_count;
}

enum tolka_status tolka_page_unpack(const void *bytes, size_t length, struct tolka_page *page,
                                    struct tolka_error *err)
{
    struct reader in = {.at = bytes, .left = length, .page = page};

    *page = (struct tolka_page){0};
    if (length < sizeof MAGIC || memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "not a packed page");
    in.at += sizeof MAGIC;
    in.left -= sizeof MAGIC;
    take_head(&in);
    take_words(&in);
    take_lines(&in);
    take_rulings(&in);
    take_grids(&in);
    take_problems(&in);
    check_links(&in);
    if (!in.bad && in.left == 0)
        return TOLKA_OK;
    tolka_page_release(page);
    if (in.no_memory)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory in unpacking a page");
    return tolka_error_set(err, TOLKA_ERR_FORMAT, "damaged packed page");
}
