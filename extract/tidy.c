/*
 * Shape against text. A bullet is a blob nearly as wide as high and nearly full; a dash is a flat one. Bold
 * is told by the mean length of the rows' dark runs (about a stem's width) against the size: regular faces
 * have 0.08 to 0.11 of it, bold ones half as much again.
 */
#include "extract/tidy.h"

#include "base/order.h"
#include "base/utf8.h"
#include "extract/dashes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares of the size: cap and ascender height, x-height, descender, the rise of a ring or dots over a
 * capital. */
static const float ASCENDER = 0.70F, X_HEIGHT = 0.49F, DESCENDER = 0.21F, CAPITAL_MARK = 0.17F;

static const float BULLET_LEAST = 0.14F, BULLET_MOST = 0.62F, BULLET_FILL = 0.68F;
static const float BOLD_RATIO = 1.25F;
static const float LEAST_SIGN = 0.6F; /* the height of a section sign */
static const float NOISE_CONFIDENCE = 0.55F, SURE = 0.8F;
enum { MIN_BOLD_WORDS = 8 };

/* No recogniser reads letters or digits so low. */
static const float LEAST_PRINT_PX = 5;

/* Ink of fewer dark pixels than this share of the size's square is a speck: full stops have 0.007 and more,
 * specks up to 0.0055. In light print, whose stops have less, specks are below half of what the page's stops
 * have. A quotation mark is higher than the last share of the size. */
static const float SPECK_AREA = 0.0062F, SPECK_TO_STOP = 0.5F, QUOTE_HEIGHT = 0.15F;
enum { MAX_RUNS = 80, LEAST_STOPS = 3 };

/* A signature: as high as print of the usual size is nowhere, and nothing in it is sure, long and spelt like
 * a word. */
static const float SCRAWL_HEIGHT = 0.95F, SCRAWL_MEAN = 0.6F, SCRAWL_MOST = 0.7F; /* confidences */
enum { SCRAWL_LETTERS = 5 };

/* The parts of a text's outline. */
struct outline {
    bool ascender, descender, capital_mark, known;
};

static void outline_of(uint32_t code, struct outline *outline)
{
    const bool capital = tolka_utf8_is_upper(code);

    if (code == 0xC5 || code == 0xC4 || code == 0xD6 || code == 0xC9)
        outline->capital_mark = true;
    if (capital || (code >= '0' && code <= '9') || (code < 128 && strchr("bdfhijklt%()[]/!?&", (int)code)) ||
        code > 0xDF)
        outline->ascender = true;
    if (code < 128 && strchr("gjpqy()[]Q", (int)code))
        outline->descender = true;
    if (tolka_utf8_is_letter(code) || (code >= '0' && code <= '9'))
        outline->known = true;
}

float tolka_tidy_size(const char *text, int height_px)
{
    const size_t length = strlen(text);
    struct outline outline = {0};
    float share;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        if (code)
            outline_of(code, &outline);
    }
    if (!outline.known)
        return 0;
    share = (outline.ascender ? ASCENDER : X_HEIGHT) + (outline.descender ? DESCENDER : 0) +
            (outline.capital_mark ? CAPITAL_MARK : 0);
    return (float)height_px / share;
}

/* What is known of each word while the page is tidied. */
struct look {
    struct tolka_ink ink;
    float size_px; /* 0 when its text does not tell */
    bool drop;
};

static size_t count_letters_digits(const char *text)
{
    const size_t length = strlen(text);
    size_t count = 0;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        count += tolka_utf8_is_letter(code) || (code >= '0' && code <= '9');
    }
    return count;
}

static float line_size(const struct tolka_line *line, const struct look *looks, float *scratch)
{
    size_t count = 0;

    for (int i = 0; i < line->word_count; i++) {
        if (looks[line->first_word + i].size_px > 0)
            scratch[count++] = looks[line->first_word + i].size_px;
    }
    return tolka_median_floats(scratch, count);
}

static bool is_bullet_shaped(const struct tolka_ink *ink, float size)
{
    const float w = (float)tolka_box_width(ink->box), h = (float)tolka_box_height(ink->box);

    return w >= BULLET_LEAST * size && w <= BULLET_MOST * size && fabsf(w - h) <= 0.2F * fmaxf(w, h) + 1 &&
           (float)ink->dark >= BULLET_FILL * w * h;
}

/* No print: nothing dark, a stroke that is taller than the line and thin, low confidence and no letter or
 * digit. */
static bool is_noise(const struct tolka_word *word, const struct look *look, float speck, float size)
{
    const float w = (float)tolka_box_width(look->ink.box), h = (float)tolka_box_height(look->ink.box);
    const size_t solid = count_letters_digits(word->raw), length = tolka_utf8_count(word->raw);

    if (look->ink.dark == 0 ||
        ((float)look->ink.dark < speck * size * size && (solid == 0 || word->confidence < SURE)))
        return true;
    if (solid > 1 && h < LEAST_PRINT_PX)
        return true;
    if (length <= 2 && h > 6 * w && (h > 1.25F * size || w < 0.05F * size))
        return true;
    if (solid == 0 && tolka_dash_is_inked(&look->ink, size))
        return false;
    if (solid <= 1 && length <= 2 && h < 0.25F * size && word->confidence < NOISE_CONFIDENCE)
        return true;
    if (length == 1 && strchr("$&#", word->raw[0]) && h > LEAST_SIGN * size && h < 1.25F * size)
        return false; /* a section sign, perhaps */
    return solid == 0 && word->confidence < NOISE_CONFIDENCE && !strchr("()%", word->raw[0]);
}

/* A capital behind a small letter, as no word has it. */
static bool has_inner_capital(const char *text)
{
    const size_t length = strlen(text);
    bool small = false;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        if (small && tolka_utf8_is_upper(code))
            return true;
        small = tolka_utf8_is_letter(code) && !tolka_utf8_is_upper(code);
    }
    return false;
}

/* A signature is read as a few letters, some of them alone, others in a heap. */
static bool is_scrawl(const struct tolka_page *page, const struct tolka_line *line, const struct look *looks,
                      float page_size)
{
    bool is_tall = false;
    float sum = 0;

    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        if (word->confidence >= SCRAWL_MOST || strpbrk(word->raw, "0123456789") ||
            (tolka_utf8_count(word->raw) > SCRAWL_LETTERS && !has_inner_capital(word->raw)))
            return false;
        sum += word->confidence;
        is_tall |= (float)tolka_box_height(looks[i].ink.box) >= SCRAWL_HEIGHT * page_size;
    }
    return is_tall && sum < SCRAWL_MEAN * (float)line->word_count;
}

/* The ink of a short word without the specks beside it: its widest run, when the rest is no more than that.
 */
static struct tolka_ink main_ink(const struct tolka_picture *picture, const struct tolka_word *word,
                                 struct tolka_ink all, float speck, float size)
{
    enum { MOST_RUNS = 4 };
    struct tolka_run runs[MOST_RUNS], widest = {0};
    const size_t count = tolka_picture_runs(picture, word->box, runs, MOST_RUNS);
    struct tolka_ink ink;

    for (size_t i = 0; i < count && i < MOST_RUNS; i++)
        widest = runs[i].end - runs[i].first > widest.end - widest.first ? runs[i] : widest;
    ink =
        tolka_picture_ink(picture, tolka_picture_rows(picture, (struct tolka_box){widest.first, word->box.y0,
                                                                                  widest.end, word->box.y1}));
    return (float)(all.dark - ink.dark) < speck * size * size ? ink : all;
}

static bool is_line_text(const char *text)
{
    return strcmp(text, "-") == 0 || strcmp(text, "\u2014") == 0 || strcmp(text, "\u2013") == 0 ||
           strcmp(text, "_") == 0 || strcmp(text, "~") == 0;
}

/* Words of a character or two whose ink is one simple shape. */
static void settle_shape(const struct tolka_picture *picture, struct tolka_word *word, struct look *look,
                         float speck, float size, bool first_in_line)
{
    const bool is_short = first_in_line && tolka_utf8_count(word->raw) <= 2;

    if (is_short)
        look->ink = main_ink(picture, word, look->ink, speck, size);
    if (is_short && is_bullet_shaped(&look->ink, size)) {
        word->raw = word->text = "\u2022";
        word->alternative_count = 0;
        word->flags |= TOLKA_WORD_SECOND_LOOK;
    } else if (is_line_text(word->raw) && tolka_dash_is_inked(&look->ink, size)) {
        word->raw = word->text = tolka_dash_is_long(tolka_box_width(look->ink.box), size) ? "\u2013" : "-";
    }
}

/* Bytes of the mark at `text` that a speck is read as; 0 for another character. */
static size_t speck_like(const char *text, bool *is_quote)
{
    static const char *const MARKS[] = {".",  ",",      ":",      ";",      "*",     "'",
                                        "\"", "\u2018", "\u2019", "\u201C", "\u201D"};
    enum { FIRST_QUOTE = 5 };

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        *is_quote = i >= FIRST_QUOTE;
        if (strncmp(text, MARKS[i], strlen(MARKS[i])) == 0)
            return strlen(MARKS[i]);
    }
    return 0;
}

static bool is_speck(const struct tolka_picture *picture, struct tolka_box box, bool is_quote, float speck,
                     float size)
{
    const struct tolka_ink ink = tolka_picture_ink(picture, box);

    return (float)ink.dark < speck * size * size ||
           (is_quote && (float)tolka_box_height(ink.box) < QUOTE_HEIGHT * size);
}

/* The text without `lead` bytes at its beginning and `tail` at its end. */
static void cut_text(struct tolka_page *page, struct tolka_word *word, size_t lead, size_t tail)
{
    const char *text = tolka_arena_strndup(&page->arena, word->raw + lead, strlen(word->raw) - lead - tail);

    if (!text)
        return;
    word->raw = word->text = text;
    word->alternative_count = 0;
}

/* Takes away a mark at either end of a word that is a speck. */
static void drop_specks(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_word *word,
                        float speck, float size)
{
    const size_t length = strlen(word->raw);
    struct tolka_run runs[MAX_RUNS];
    bool lead_quote, tail_quote;
    size_t tail = 1, count = 0, lead = speck_like(word->raw, &lead_quote);

    while (tail < length && ((unsigned char)word->raw[length - tail] & 0xC0) == 0x80)
        tail++;
    tail = tail < length ? speck_like(word->raw + length - tail, &tail_quote) : 0;
    if ((lead > 0 || tail > 0) && lead < length)
        count = tolka_picture_runs(picture, word->box, runs, MAX_RUNS);
    if (count < 2U + (lead > 0 && tail > 0) || count > MAX_RUNS)
        return;
    if (lead > 0 &&
        is_speck(picture, (struct tolka_box){runs[0].first, word->box.y0, runs[0].end, word->box.y1},
                 lead_quote, speck, size)) {
        cut_text(page, word, lead, 0);
        word->box.x0 = runs[1].first;
    }
    if (tail > 0 &&
        is_speck(picture,
                 (struct tolka_box){runs[count - 1].first, word->box.y0, runs[count - 1].end, word->box.y1},
                 tail_quote, speck, size)) {
        cut_text(page, word, 0, tail);
        word->box.x1 = runs[count - 2].end;
    }
}

/* Bytes of the mark at `text` that a minus is read as, alone or several times over; 0 for another. */
static size_t minus_like(const char *text)
{
    static const char *const MARKS[] = {"-", "\u2013", "\u2014", "\u2212", "=", ":", "~", "_", "+", "<", "*"};

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (strncmp(text, MARKS[i], strlen(MARKS[i])) == 0)
            return strlen(MARKS[i]);
    }
    return 0;
}

/* Whether the first ink in the box, of at least so many runs, is a dash; a speck over or under it does not
 * count. */
static bool begins_with_dash(const struct tolka_picture *picture, struct tolka_box box, size_t runs,
                             float size)
{
    struct tolka_run first;
    struct tolka_box rows;

    if (tolka_picture_runs(picture, box, &first, 1) < runs)
        return false;
    rows = tolka_picture_rows(picture, (struct tolka_box){first.first, box.y0, first.end, box.y1});
    return tolka_dash_is_shaped(tolka_picture_ink(picture, rows).box, size);
}

/* A dash that was read into the tail of a letter, or into nothing. */
static bool is_false_dash(const struct tolka_picture *picture, const struct tolka_word *word, float size)
{
    return is_line_text(word->raw) && word->confidence < SURE &&
           !begins_with_dash(picture, word->box, 1, size);
}

static const char *with_hyphen(struct tolka_page *page, const char *figure)
{
    const size_t bytes = strlen(figure) + 1;
    char *text = tolka_arena_alloc(&page->arena, bytes + 1);

    if (!text)
        return NULL;
    *text = '-';
    memcpy(text + 1, figure, bytes);
    return text;
}

/* A long minus is read as a run of marks; the one that stands at the figure is kept when it is a dash, else
 * the ink tells. A percent sign after the figure may be read as any character. */
static void settle_minus(const struct tolka_picture *picture, struct tolka_page *page,
                         struct tolka_word *word, float size)
{
    const char *figure = word->raw, *last = NULL;
    size_t marks = 0, bytes;

    for (; (bytes = minus_like(figure)) > 0; figure += bytes, marks++)
        last = figure;
    if (marks == 0 || !*figure || strcspn(figure, "0123456789") > 0 ||
        tolka_utf8_count(figure + strspn(figure, "0123456789,.%")) > 1)
        return;
    if (strchr("=:~_+<*", *last) || (marks == 2 && *word->raw == '+'))
        last = begins_with_dash(picture, word->box, 2, size) ? with_hyphen(page, figure) : NULL;
    if (!last || last == word->raw)
        return;
    word->raw = word->text = last;
    word->alternative_count = 0;
    word->flags |= TOLKA_WORD_SECOND_LOOK;
}

static void tidy_line(const struct tolka_picture *picture, struct tolka_page *page, struct tolka_line *line,
                      struct look *looks, float page_size, float speck, float *scratch)
{
    float size = line_size(line, looks, scratch);
    const bool scrawl = is_scrawl(page, line, looks, page_size);

    if (size <= 0)
        size = page_size;
    line->size_px = size;
    for (int i = 0; i < line->word_count; i++) {
        struct tolka_word *word = &page->words[line->first_word + i];
        struct look *look = &looks[line->first_word + i];
        settle_shape(picture, word, look, speck, size, i == 0);
        drop_specks(picture, page, word, speck, fminf(size, page_size));
        settle_minus(picture, page, word, size);
        look->drop = scrawl || is_false_dash(picture, word, size) ||
                     (strcmp(word->raw, "\u2022") != 0 && is_noise(word, look, speck, size));
    }
}

/* Removes dropped words and empty lines; both arrays keep their order. */
static void compact(struct tolka_page *page, const struct look *looks)
{
    size_t words = 0, lines = 0;

    for (size_t i = 0; i < page->line_count; i++) {
        struct tolka_line line = page->lines[i];
        const int first = line.first_word, end = first + line.word_count;
        line.first_word = (int)words;
        line.box = (struct tolka_box){0};
        for (int k = first; k < end; k++) {
            if (looks[k].drop)
                continue;
            page->words[words] = page->words[k];
            page->words[words].line = (int)lines;
            line.box = tolka_box_union(line.box, page->words[words].box);
            words++;
        }
        line.word_count = (int)words - line.first_word;
        if (line.word_count > 0)
            page->lines[lines++] = line;
    }
    page->word_count = words;
    page->line_count = lines;
}

static void mark_bold_lines(struct tolka_page *page)
{
    for (size_t i = 0; i < page->line_count; i++) {
        struct tolka_line *line = &page->lines[i];
        size_t bold = 0, all = 0;
        for (int k = 0; k < line->word_count; k++) {
            const struct tolka_word *word = &page->words[line->first_word + k];
            const size_t weight = count_letters_digits(word->raw);
            all += weight;
            bold += word->flags & TOLKA_WORD_BOLD ? weight : 0;
        }
        line->bold = 2 * bold > all;
    }
}

static void mark_bold_words(struct tolka_page *page, const struct look *looks, float *scratch)
{
    size_t count = 0;
    float usual;

    for (size_t i = 0; i < page->word_count; i++) {
        if (count_letters_digits(page->words[i].raw) >= 3)
            scratch[count++] = looks[i].ink.stroke_px / page->lines[page->words[i].line].size_px;
    }
    if (count < MIN_BOLD_WORDS)
        return;
    usual = tolka_median_floats(scratch, count);
    for (size_t i = 0; i < page->word_count; i++) {
        if (looks[i].ink.stroke_px > BOLD_RATIO * usual * page->lines[page->words[i].line].size_px)
            page->words[i].flags |= TOLKA_WORD_BOLD;
    }
}

/* Of how little ink a speck is on this page, a share of the size's square. `scratch` holds a number a word.
 */
static float find_speck_area(const struct tolka_picture *picture, const struct tolka_page *page, float size,
                             float *scratch)
{
    struct tolka_run runs[MAX_RUNS];
    size_t stops = 0;

    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        const size_t length = strlen(word->raw);
        size_t count;

        if (length < 2 || word->raw[length - 1] != '.')
            continue;
        count = tolka_picture_runs(picture, word->box, runs, MAX_RUNS);
        if (count < 2 || count > MAX_RUNS)
            continue;
        scratch[stops++] =
            (float)tolka_picture_ink(picture, (struct tolka_box){runs[count - 1].first, word->box.y0,
                                                                 runs[count - 1].end, word->box.y1})
                .dark;
    }
    return stops < LEAST_STOPS
               ? SPECK_AREA
               : fminf(SPECK_AREA, SPECK_TO_STOP * tolka_median_floats(scratch, stops) / (size * size));
}

void tolka_tidy_words(const struct tolka_picture *picture, struct tolka_page *page)
{
    struct look *looks = calloc(page->word_count + 1, sizeof *looks);
    float *scratch = calloc(page->word_count + 1, sizeof *scratch);
    size_t sized = 0;
    float page_size, speck;

    if (!looks || !scratch)
        goto out;
    for (size_t i = 0; i < page->word_count; i++) {
        looks[i].ink = tolka_picture_ink(picture, page->words[i].box);
        looks[i].size_px = tolka_tidy_size(page->words[i].raw, tolka_box_height(looks[i].ink.box));
        if (looks[i].size_px > 0)
            scratch[sized++] = looks[i].size_px;
    }
    page_size = fmaxf(tolka_median_floats(scratch, sized), 1);
    speck = find_speck_area(picture, page, page_size, scratch);
    for (size_t i = 0; i < page->line_count; i++)
        tidy_line(picture, page, &page->lines[i], looks, page_size, speck, scratch);
    mark_bold_words(page, looks, scratch);
    compact(page, looks);
    mark_bold_lines(page);
out:
    free(looks);
    free(scratch);
}
