/*
 * A character is CELL_WIDTH x CELL_HEIGHT px at DPI, which makes a line of 80 characters about as wide as a
 * printed one. Tabs go to the next multiple of eight.
 */
#include "extract/textfile.h"

#include "base/utf8.h"

#include <string.h>

enum {
    CELL_WIDTH = 20,
    CELL_HEIGHT = 40,
    LINE_MARGIN = 4,
    THOUSANDS_GAP = 6,
    DPI = 200,
    TAB = 8,
    MIN_COLUMNS = 80,
    MIN_ROWS = 60,
    MAX_COLUMNS = 100000000
};

/* Nothing says how sure the other recogniser was. */
static const float UNKNOWN_CONFIDENCE = 0.9F;

/* The end of the page that begins at `at`: its form feed or the end of the text. */
static size_t page_end(const char *text, size_t length, size_t at)
{
    const char *feed = memchr(text + at, '\f', length - at);

    return feed ? (size_t)(feed - text) : length;
}

/* A form feed after which nothing but white space comes ends the last page. */
static size_t useful_length(const char *text, size_t length)
{
    while (length > 0 && strchr("\n\r\f \t", text[length - 1]) && text[length - 1])
        length--;
    return length;
}

int tolka_textfile_page_count(const char *text, size_t length)
{
    int count = 1;

    length = useful_length(text, length);
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\f';
    return count;
}

/* Where reading stands. */
struct cursor {
    struct tolka_page *page;
    int row, block;
    bool blank_before;
};

static bool add_word(struct cursor *at, const char *text, size_t length, int first_column, int end_column)
{
    struct tolka_word *word = tolka_page_add_word(at->page);

    if (!word)
        return false;
    word->box = (struct tolka_box){first_column * CELL_WIDTH, at->row * CELL_HEIGHT + LINE_MARGIN,
                                   end_column * CELL_WIDTH, (at->row + 1) * CELL_HEIGHT - LINE_MARGIN};
    word->raw = word->text = tolka_utf8_nfc(&at->page->arena, text, length);
    word->confidence = UNKNOWN_CONFIDENCE;
    word->line = (int)at->page->line_count - 1;
    return word->raw != NULL;
}

static bool add_words(struct cursor *at, const char *text, size_t length)
{
    size_t word_start = 0, i = 0, step;
    int column = 0, first_column = 0;
    bool in_word = false;
    uint32_t code;

    for (; i < length && column < MAX_COLUMNS; i += step) {
        bool gap;
        step = tolka_utf8_decode(text + i, length - i, &code);
        gap = code < 32 || code == 0xFEFF || tolka_utf8_is_space(code);
        if (gap && in_word && !add_word(at, text + word_start, i - word_start, first_column, column))
            return false;
        if (!gap && !in_word) {
            word_start = i;
            first_column = column;
        }
        in_word = !gap;
        column = code == '\t' ? (column / TAB + 1) * TAB : column + (code != 0xFEFF);
    }
    return !in_word || add_word(at, text + word_start, i - word_start, first_column, column);
}

/* Digits only, after a sign at most; their number, 0 for anything else. */
static size_t count_digits(const char *text, bool sign_allowed)
{
    size_t n;

    if (sign_allowed && (*text == '-' || *text == '+'))
        text++;
    n = strspn(text, "0123456789");
    return text[n] ? 0 : n;
}

/*
 * A lone space before three digits parts thousands, not columns: drawn as narrow as print draws it. Which of
 * "900 000 900 000" part two amounts no geometry can tell.
 */
static void narrow_thousands(struct tolka_page *page, size_t first_word)
{
    bool in_amount = false;

    for (size_t i = first_word + 1; i < page->word_count; i++) {
        struct tolka_word *left = &page->words[i - 1], *right = &page->words[i];
        const size_t digits = count_digits(left->raw, true);
        const bool begins = digits >= 1 && digits <= 3;
        in_amount = (in_amount || begins) && count_digits(right->raw, false) == 3 &&
                    right->box.x0 - left->box.x1 == CELL_WIDTH;
        if (in_amount)
            left->box.x1 = right->box.x0 - THOUSANDS_GAP;
    }
}

static bool add_line(struct cursor *at, const char *text, size_t length)
{
    struct tolka_page *page = at->page;
    struct tolka_line *line = tolka_page_add_line(page);
    const size_t first_word = page->word_count;

    if (!line || !add_words(at, text, length))
        return false;
    if (page->word_count == first_word) {
        page->line_count--;
        at->blank_before = true;
        return true;
    }
    narrow_thousands(page, first_word);
    at->block += at->blank_before;
    at->blank_before = false;
    line->first_word = (int)first_word;
    line->word_count = (int)(page->word_count - first_word);
    line->block = at->block;
    line->size_px = CELL_HEIGHT - 2 * LINE_MARGIN;
    for (size_t i = first_word; i < page->word_count; i++)
        line->box = tolka_box_union(line->box, page->words[i].box);
    if (line->box.x1 > page->width)
        page->width = line->box.x1;
    return true;
}

static void note_invalid(struct tolka_page *page, const char *text, size_t length)
{
    size_t bad = tolka_utf8_valid_prefix(text, length);

    if (bad < length)
        tolka_diags_add(
            &page->problems, &page->arena, page->number, "invalid_utf8",
            "the text is not valid UTF-8 from byte %zu of the page on; what is not stands as U+FFFD",
            bad + 1);
}

static enum tolka_status read_lines(struct cursor *at, const char *text, size_t length,
                                    struct tolka_error *err)
{
    for (size_t i = 0; i < length;) {
        const char *end = memchr(text + i, '\n', length - i);
        const size_t line_length = end ? (size_t)(end - text) - i : length - i;
        if (!add_line(at, text + i, line_length))
            return tolka_error_set(err, TOLKA_ERR_MEMORY, "page %d: too many words or out of memory",
                                   at->page->number);
        i += line_length + 1;
        at->row++;
    }
    return TOLKA_OK;
}

enum tolka_status tolka_textfile_read(const char *text, size_t length, int number, struct tolka_page *page,
                                      struct tolka_error *err)
{
    struct cursor at = {.page = page};
    enum tolka_status status;
    size_t start = 0, end;

    length = useful_length(text, length);
    end = page_end(text, length, start);
    for (int n = 1; n < number && end < length; n++) {
        start = end + 1;
        end = page_end(text, length, start);
    }
    page->origin = TOLKA_ORIGIN_TEXT;
    page->plain_text = true;
    page->dpi = DPI;
    page->width = MIN_COLUMNS * CELL_WIDTH;
    page->confidence = UNKNOWN_CONFIDENCE;
    status = read_lines(&at, text + start, end - start, err);
    page->height = (at.row > MIN_ROWS ? at.row : MIN_ROWS) * CELL_HEIGHT;
    note_invalid(page, text + start, end - start);
    return status;
}
