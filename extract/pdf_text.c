/*
 * Words as unpainted text (PDF 32000-1, 9.3.6: rendering mode 3).
 *
 * A searchable page should cost next to nothing, so that what is said of places is little and alike from line
 * to line: coordinates are whole half points, a line is one array of strings set at one size and one stretch,
 * and a word is moved only when it would otherwise start further off than TOLERANCE. Where a line starts, how
 * far it stands under the one before it and how far its words climb are taken as they were last when they are
 * about the same. The font is Helvetica, which every reader has and none paints here, in WinAnsiEncoding,
 * whose codes tell the characters by themselves; what it lacks stands in extra fonts that say their Unicode.
 */
#include "extract/pdf_text.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    UNITS_PER_INCH = 144,
    STRETCH_STEP = 5, /* percent */
    MOVE_STEP = 50,   /* thousandths of the size, as all moves: of those within a word */
    MOST_PULL = 100,
    MOST_MOVE = 32000,
    RISE_STEP = 4,  /* units: what readers do not see, and little to say */
    SAME_SIZE = 12, /* sizes that differ by less than one part of so many are the same print */
    LINE_WORDS = 1024,
};

/* A word may start this share of the size off its place. */
static const double TOLERANCE = 0.15;

/* White between words that readers see as a space, as a share of the size (poppler asks for a tenth). */
static const double LEAST_WHITE = 0.12;

/* Of Helvetica, as shares of the size: ascender to descender, and how far g j p q y reach under the line. */
static const double HEIGHT = 0.925, DESCENT = 0.21;

static const double RADIANS = 3.14159265358979323846 / 180;

/* Widths of Helvetica's characters in thousandths of the size, WinAnsi codes 32 to 255 (Adobe's font
 * metrics). */
static const short WIDTHS[224] = {
    278, 278, 355, 556, 556, 889,  667,  191,  333, 333, 389,  584, 278, 333,  278,  278, 556, 556, 556,
    556, 556, 556, 556, 556, 556,  556,  278,  278, 584, 584,  584, 556, 1015, 667,  667, 722, 722, 667,
    611, 778, 722, 278, 500, 667,  556,  833,  722, 778, 667,  778, 722, 667,  611,  722, 667, 944, 667,
    667, 611, 278, 278, 278, 469,  556,  333,  556, 556, 500,  556, 556, 278,  556,  556, 222, 222, 500,
    222, 833, 556, 556, 556, 556,  333,  500,  278, 556, 500,  722, 500, 500,  500,  334, 260, 334, 584,
    350, 556, 350, 222, 556, 333,  1000, 556,  556, 333, 1000, 667, 333, 1000, 350,  611, 350, 350, 222,
    222, 333, 333, 350, 556, 1000, 333,  1000, 500, 333, 944,  350, 500, 667,  278,  333, 556, 556, 556,
    556, 260, 556, 333, 737, 370,  556,  584,  333, 737, 333,  400, 584, 333,  333,  333, 556, 537, 278,
    333, 333, 365, 556, 834, 834,  834,  611,  667, 667, 667,  667, 667, 667,  1000, 722, 667, 667, 667,
    667, 278, 278, 278, 278, 722,  722,  778,  778, 778, 778,  778, 584, 778,  722,  722, 722, 722, 667,
    667, 611, 556, 556, 556, 556,  556,  556,  889, 500, 556,  556, 556, 556,  278,  278, 278, 278, 556,
    556, 556, 556, 556, 556, 556,  584,  611,  556, 556, 556,  556, 500, 556,  500,
};

/* Codes 128 to 159 of WinAnsi; 0 is none. The rest above 32 is as in Latin 1. */
static const uint16_t WINANSI_HIGH[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* A character as a font has it. */
struct placed_char {
    int font;
    unsigned char code;
};

static int winansi_code(uint32_t character)
{
    if ((character >= 32 && character < 127) || (character >= 0xA1 && character <= 0xFF && character != 0xAD))
        return (int)character;
    for (int i = 0; i < 32; i++) {
        if (WINANSI_HIGH[i] && WINANSI_HIGH[i] == character)
            return 128 + i;
    }
    return -1;
}

static struct placed_char place_char(struct tolka_pdf_fonts *fonts, uint32_t character)
{
    const int code = winansi_code(character);
    int i = 0;

    if (code >= 0)
        return (struct placed_char){0, (unsigned char)code};
    while (i < fonts->extra_count && fonts->extras[i] != character)
        i++;
    if (i == TOLKA_PDF_MAX_EXTRAS)
        return (struct placed_char){0, '?'};
    if (i == fonts->extra_count)
        fonts->extras[fonts->extra_count++] = character;
    return (struct placed_char){1 + i / TOLKA_PDF_EXTRA_SIZE,
                                (unsigned char)(TOLKA_PDF_EXTRA_FIRST + i % TOLKA_PDF_EXTRA_SIZE)};
}

static int char_width(struct placed_char c)
{
    return c.font ? TOLKA_PDF_EXTRA_WIDTH : WIDTHS[c.code - 32];
}

int tolka_pdf_fonts_count(const struct tolka_pdf_fonts *fonts)
{
    return 1 + (fonts->extra_count + TOLKA_PDF_EXTRA_SIZE - 1) / TOLKA_PDF_EXTRA_SIZE;
}

const char *tolka_pdf_font_name(int font)
{
    static const char *const NAMES[1 + TOLKA_PDF_EXTRA_FONTS] = {"TolkaA", "TolkaB", "TolkaC", "TolkaD",
                                                                 "TolkaE"};

    return NAMES[font];
}

void tolka_pdf_fonts_to_unicode(const struct tolka_pdf_fonts *fonts, int font, struct tolka_strbuf *out)
{
    enum { PER_LIST = 100 }; /* entries that one bfchar list may have */
    const int first = (font - 1) * TOLKA_PDF_EXTRA_SIZE;
    const int end =
        fonts->extra_count < first + TOLKA_PDF_EXTRA_SIZE ? fonts->extra_count : first + TOLKA_PDF_EXTRA_SIZE;

    tolka_strbuf_add_str(
        out,
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n/CMapName/Tolka def/CMapType 2 def\n"
        "1 begincodespacerange<00><FF>endcodespacerange\n");
    for (int i = first; i < end; i++) {
        const uint32_t c = fonts->extras[i];
        if ((i - first) % PER_LIST == 0)
            tolka_strbuf_addf(out, "%d beginbfchar\n", end - i < PER_LIST ? end - i : PER_LIST);
        tolka_strbuf_addf(out, "<%02X><", TOLKA_PDF_EXTRA_FIRST + i - first);
        if (c >= 0x10000)
            tolka_strbuf_addf(out, "%04X%04X>\n", 0xD800 + ((c - 0x10000) >> 10),
                              0xDC00 + ((c - 0x10000) & 0x3FF));
        else
            tolka_strbuf_addf(out, "%04X>\n", c);
        if (i + 1 == end || (i + 1 - first) % PER_LIST == 0)
            tolka_strbuf_add_str(out, "endbfchar\n");
    }
    tolka_strbuf_add_str(out, "endcmap end end\n");
}

/* What is being written. */
struct text_writer {
    struct tolka_pdf_fonts *fonts;
    struct tolka_strbuf *out;
    double px_per_unit;
    int height; /* px */
    const bool *skip;
    int font, size, stretch; /* set last; units, percent; font -1: none yet */
    int x, y;                /* of the last line's start, units, y upwards */
    int drop;                /* of the last line's start under the one before it, units, upwards */
    int rise;                /* set last: how far above the line's start the words stand, units */
    double pen;              /* where the next character falls, units */
    double skew_cos, skew_sin, center_x, center_y;
};

/* Width of a text in thousandths of the size. Decides what fonts are needed as well. */
static int natural_width(struct text_writer *w, const char *text)
{
    const size_t length = strlen(text);
    int width = 0;
    uint32_t code;

    for (size_t at = 0; at < length && width < 1000000;) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        width += char_width(place_char(w->fonts, code));
    }
    return width;
}

static bool has_any(const char *text, const char *letters)
{
    return strpbrk(text, letters) != NULL;
}

static int compare_doubles(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;

    return (p > q) - (p < q);
}

/* The line's words that are written, at most LINE_WORDS of them; returns how many. */
static int take_words(const struct text_writer *w, const struct tolka_page *page,
                      const struct tolka_line *line, const struct tolka_word **words)
{
    int count = 0;

    for (int i = line->first_word; i < line->first_word + line->word_count && count < LINE_WORDS; i++) {
        const struct tolka_word *word = &page->words[i];
        if (*word->text && !tolka_box_is_empty(word->box) && !(w->skip && w->skip[i]))
            words[count++] = word;
    }
    return count;
}

/* Size of the print, px: what the line says, as far as its words' boxes bear it out. */
static double print_size(const struct tolka_line *line, const struct tolka_word *const *words, int count)
{
    int highest = 1;
    double size = line->size_px / HEIGHT;

    for (int i = 0; i < count; i++) {
        if (tolka_box_height(words[i]->box) > highest)
            highest = tolka_box_height(words[i]->box);
    }
    return size > 0.9 * highest && size < 2.2 * highest ? size : 1.2 * highest;
}

/* Where the line stands, px from the top: the middle of what its words tell. */
static double baseline(double size, const struct tolka_word *const *words, int count)
{
    double feet[LINE_WORDS] = {0}, lowest = 0;
    size_t n = 0;

    for (int i = 0; i < count; i++) {
        const double foot =
            words[i]->box.y1 - (has_any(words[i]->text, "gjpqyQ,;()[]@$") ? DESCENT * size : 0);
        lowest = fmax(lowest, foot);
        if (has_any(words[i]->text, "abcdefhiklmnorstuvwxzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789gpqy"))
            feet[n++] = foot;
    }
    qsort(feet, n, sizeof *feet, compare_doubles);
    return n ? feet[n / 2] : lowest;
}

/* The stretch, in percent, that makes the words as wide as they are printed. */
static int fit_stretch(struct text_writer *w, double size, const struct tolka_word *const *words, int count)
{
    double printed = 0, natural = 0, percent;

    for (int i = 0; i < count; i++) {
        printed += tolka_box_width(words[i]->box);
        natural += natural_width(w, words[i]->text) * size / 1000;
    }
    percent = natural > 0 ? 100 * printed / natural : 100;
    return (int)lround(fmin(fmax(percent, 10), 500) / STRETCH_STEP) * STRETCH_STEP;
}

static void set_font(struct text_writer *w, int font, int size)
{
    if (font == w->font && size == w->size)
        return;
    tolka_strbuf_addf(w->out, "/%s %d Tf\n", tolka_pdf_font_name(font), size);
    w->font = font;
    w->size = size;
}

/* Within an open string. */
static void add_char(struct text_writer *w, struct placed_char c)
{
    if (c.font != w->font) {
        tolka_strbuf_add_str(w->out, ")]TJ\n");
        set_font(w, c.font, w->size);
        tolka_strbuf_add_str(w->out, "[(");
    }
    if (c.code == '(' || c.code == ')' || c.code == '\\')
        tolka_strbuf_add_char(w->out, '\\');
    tolka_strbuf_add_char(w->out, (char)c.code);
    w->pen += char_width(c) * w->size * w->stretch / 1e5;
}

/* Within an open string: back by so many thousandths of the size. */
static void move_back(struct text_writer *w, int thousandths)
{
    tolka_strbuf_addf(w->out, ")%d(", thousandths);
    w->pen -= thousandths * w->size * w->stretch / 1e5;
}

/* Moves to `x`, or as far behind it as is allowed and makes a round number, when the pen is not near enough.
 */
static void move_to(struct text_writer *w, double x)
{
    static const int STEPS[] = {1000, 500, 200, 100, 1};
    const double exact = (w->pen - x) * 1e5 / (w->size * w->stretch);
    const double most = TOLERANCE * 1e5 / w->stretch;
    double move;
    size_t i = 0;

    if (fabs(exact) <= most)
        return;
    do
        move = floor(exact / STEPS[i]) * STEPS[i];
    while (exact - move > most && STEPS[i++] > 1);
    move_back(w, (int)fmin(fmax(move, -MOST_MOVE), MOST_MOVE));
}

/*
 * A word that would end behind `limit` is pulled together in its last characters: readers take words without
 * white between for one, and characters that are moved far for words of their own.
 */
static void add_word(struct text_writer *w, const char *text, double limit)
{
    const size_t length = strlen(text);
    const double excess = (w->pen - limit) * 1e5 / (w->size * w->stretch) + natural_width(w, text);
    size_t left = tolka_utf8_count(text), pulls = excess > 0 ? (size_t)ceil(excess / MOST_PULL) : 0;
    uint32_t code;

    for (size_t at = 0; at < length; left--) {
        at += tolka_utf8_decode(text + at, length - at, &code);
        if (left <= pulls)
            move_back(w, pulls == 1 && excess <= MOVE_STEP ? MOVE_STEP : MOST_PULL);
        add_char(w, place_char(w->fonts, code < 32 ? ' ' : code));
    }
}

/* A place in the deskewed page as one in the upright picture, in units from its bottom left. */
static void place(const struct text_writer *w, double x, double y, double *out_x, double *out_y)
{
    const double dx = x - w->center_x, dy = y - w->center_y;

    *out_x = (w->center_x + dx * w->skew_cos - dy * w->skew_sin) / w->px_per_unit;
    *out_y = (w->height - (w->center_y + dx * w->skew_sin + dy * w->skew_cos)) / w->px_per_unit;
}

static double word_x(const struct text_writer *w, const struct tolka_word *word, double foot)
{
    double x, y;

    place(w, word->box.x0, foot, &x, &y);
    return x;
}

/* Height of a word's middle on the page, units. */
static int word_y(const struct text_writer *w, const struct tolka_word *word, double foot)
{
    double x, y;

    place(w, (word->box.x0 + word->box.x1) / 2.0, foot, &x, &y);
    return (int)lround(y);
}

/* A skewed line climbs in steps from word to word: within a word, readers want level ground. */
static void set_rise(struct text_writer *w, int rise)
{
    if (abs(rise - w->rise) <= RISE_STEP / 2)
        return;
    rise = (int)lround((double)rise / RISE_STEP) * RISE_STEP;
    tolka_strbuf_addf(w->out, ")]TJ\n%d Ts\n[(", rise);
    w->rise = rise;
}

/* Sets size and stretch and moves to the line's start, or so near that it is under the line before, as far
 * down as that one was. */
static void begin_line(struct text_writer *w, int size, int stretch, int x, int y)
{
    set_font(w, w->font < 0 ? 0 : w->font, size);
    if (stretch != w->stretch)
        tolka_strbuf_addf(w->out, "%d Tz\n", stretch);
    if (w->rise)
        tolka_strbuf_add_str(w->out, "0 Ts\n");
    if (abs(x - w->x) <= TOLERANCE * size)
        x = w->x;
    if (abs(y - w->y - w->drop) <= RISE_STEP / 2)
        y = w->y + w->drop;
    w->drop = y - w->y;
    tolka_strbuf_addf(w->out, "%d %d Td\n[(", x - w->x, y - w->y);
    w->stretch = stretch;
    w->rise = 0;
    w->x = x;
    w->y = y;
    w->pen = x;
}

static void write_line(struct text_writer *w, const struct tolka_line *line,
                       const struct tolka_word *const *words, int count)
{
    const double size = print_size(line, words, count), foot = baseline(size, words, count);
    int units = (int)fmax(1, lround(size / w->px_per_unit));

    if (abs(units - w->size) <= w->size / SAME_SIZE)
        units = w->size;
    begin_line(w, units, fit_stretch(w, size, words, count), (int)lround(word_x(w, words[0], foot)),
               word_y(w, words[0], foot));
    for (int i = 0; i < count; i++) {
        const double next = i + 1 < count ? word_x(w, words[i + 1], foot) : HUGE_VAL;
        move_to(w, word_x(w, words[i], foot));
        set_rise(w, word_y(w, words[i], foot) - w->y);
        add_word(w, words[i]->text, next - LEAST_WHITE * units);
        if (i + 1 < count)
            add_char(w, place_char(w->fonts, ' '));
    }
    tolka_strbuf_add_str(w->out, ")]TJ\n");
}

/* A number as PDF wants it: without an exponent. */
static void add_number(struct tolka_strbuf *out, double value)
{
    char text[64];
    size_t length = (size_t)snprintf(text, sizeof text, "%.5f", value);

    while (length > 0 && text[length - 1] == '0')
        length--;
    if (length > 0 && text[length - 1] == '.')
        length--;
    text[length] = '\0';
    tolka_strbuf_add_str(out, strcmp(text, "-0") == 0 ? "0" : text);
    tolka_strbuf_add_char(out, ' ');
}

/* From whole units, origin at the bottom left of the upright picture, to the PDF page. */
static void set_frame(const struct text_writer *w, const float frame[6])
{
    const double u = w->px_per_unit;
    const double numbers[6] = {frame[0] * u,
                               frame[1] * u,
                               -frame[2] * u,
                               -frame[3] * u,
                               (double)frame[2] * w->height + frame[4],
                               (double)frame[3] * w->height + frame[5]};

    for (int i = 0; i < 6; i++)
        add_number(w->out, numbers[i]);
    tolka_strbuf_add_str(w->out, "cm\n");
}

void tolka_pdf_text_write(const struct tolka_page *page, const float frame[6], const bool *skip,
                          struct tolka_pdf_fonts *fonts, struct tolka_strbuf *out)
{
    struct text_writer w = {.fonts = fonts,
                            .out = out,
                            .px_per_unit =
                                (page->dpi > 0 ? page->dpi : UNITS_PER_INCH) / (double)UNITS_PER_INCH,
                            .height = page->height,
                            .skew_cos = cos(page->skew_deg * RADIANS),
                            .skew_sin = sin(page->skew_deg * RADIANS),
                            .center_x = page->width / 2.0,
                            .center_y = page->height / 2.0,
                            .skip = skip,
                            .font = -1,
                            .stretch = 100};
    const struct tolka_word *words[LINE_WORDS];

    tolka_strbuf_add_str(out, "q\n");
    set_frame(&w, frame);
    tolka_strbuf_add_str(out, "BT\n3 Tr\n");
    for (size_t i = 0; i < page->line_count; i++) {
        const int count = take_words(&w, page, &page->lines[i], words);
        if (count)
            write_line(&w, &page->lines[i], words, count);
    }
    tolka_strbuf_add_str(out, "ET\nQ\n");
}
