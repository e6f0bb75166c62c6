/*
 * Glyphs into words. Words end at white space, at a gap of a fifth of the size (a font's space is a quarter,
 * tracking stays below a tenth), at a step back and at a change of baseline. A glyph drawn again a hair's
 * breadth away (poor man's bold) counts once.
 */
#include "extract/textlayer.h"

#include "base/strbuf.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REDRAWN_WINDOW = 128 };

static const float GAP = 0.2F, STEP_BACK = -0.5F, BASELINE_SHIFT = 0.4F; /* shares of the size */
static const float ASCENT = 0.75F, DESCENT = 0.22F;                      /* of a box, as shares of the size */
static const float REDRAWN_SHIFT = 0.12F;
static const float UNREADABLE_SHARE = 0.12F;
static const float HIDDEN_CONFIDENCE = 0.9F; /* an older recogniser's, who does not tell */

static bool is_private(uint32_t code)
{
    return (code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000;
}

/* Bullets of the Symbol and Wingdings fonts, which have their place in the private area, at U+F000 + their
 * code. */
static uint32_t symbol_font_code(uint32_t code)
{
    switch (code) {
    case 0xF0B7:
    case 0xF06C:
    case 0xF09F:
    case 0xF0D8:
    case 0xF076:
        return 0x2022;
    case 0xF0A7:
    case 0xF06E:
        return 0x25AA;
    case 0xF02D:
        return 0x2013;
    default:
        return code;
    }
}

static bool is_invisible_format(uint32_t code)
{
    return (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF;
}

bool tolka_textlayer_is_readable(const struct tolka_pdf_survey *survey)
{
    size_t odd = 0;

    for (size_t i = 0; i < survey->glyph_count; i++) {
        const struct tolka_glyph *g = &survey->glyphs[i];
        const uint32_t code = symbol_font_code(g->code);
        if (g->visible)
            odd += code == 0xFFFD || code == 0 ||
                   (code < 32 && code != '\t' && code != '\n' && code != '\r') ||
                   (code >= 0x80 && code < 0xA0) || is_private(code);
    }
    return (float)odd <= UNREADABLE_SHARE * (float)survey->visible_count;
}

/* The letters of a ligature's single code, else NULL. */
static const char *ligature(uint32_t code)
{
    static const char *const LETTERS[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

    return code >= 0xFB00 && code <= 0xFB06 ? LETTERS[code - 0xFB00] : NULL;
}

static void add_code(struct tolka_strbuf *text, uint32_t code)
{
    char bytes[4];

    code = symbol_font_code(code);
    if (is_invisible_format(code))
        return;
    if (ligature(code)) {
        tolka_strbuf_add_str(text, ligature(code));
        return;
    }
    if (code == 0xAD || code == 0x2010 || code == 0x2011) /* seen as a hyphen, so it is one */
        code = '-';
    tolka_strbuf_add(text, bytes, tolka_utf8_encode(code < 32 ? 0xFFFD : code, bytes));
}

/* The word being gathered. */
struct gathering {
    struct tolka_page *page;
    struct tolka_strbuf text;
    const struct tolka_glyph *last;
    float x0, y0, x1, y1;
    size_t glyphs, bold;
    bool failed;
};

static void finish_word(struct gathering *g)
{
    struct tolka_word *word = g->text.length ? tolka_page_add_word(g->page) : NULL;

    if (word) {
        word->box =
            (struct tolka_box){(int)floorf(g->x0), (int)floorf(g->y0), (int)ceilf(g->x1), (int)ceilf(g->y1)};
        word->raw = word->text = tolka_utf8_nfc(&g->page->arena, g->text.data, g->text.length);
        word->confidence = 1;
        word->flags = g->bold * 2 > g->glyphs ? TOLKA_WORD_BOLD : 0;
    }
    g->failed = g->failed || g->text.failed || (word && !word->raw);
    tolka_strbuf_truncate(&g->text, 0);
    g->last = NULL;
    g->glyphs = g->bold = 0;
}

/* The unit vector along which the text runs; upright when the glyph has no width. */
static void direction(const struct tolka_glyph *g, float *ux, float *uy)
{
    const float dx = g->end_x - g->x, dy = g->end_y - g->y, length = hypotf(dx, dy);

    *ux = length > 0.01F ? dx / length : 1;
    *uy = length > 0.01F ? dy / length : 0;
}

static bool parts_words(const struct tolka_glyph *last, const struct tolka_glyph *g)
{
    const float dx = g->x - last->end_x, dy = g->y - last->end_y,
                size = fmaxf(fmaxf(last->size_px, g->size_px), 1);
    float ux, uy, along, across;

    direction(last, &ux, &uy);
    along = dx * ux + dy * uy;
    across = fabsf(dy * ux - dx * uy);
    return along > GAP * size || along < STEP_BACK * size || across > BASELINE_SHIFT * size;
}

static void take_point(struct gathering *g, float x, float y)
{
    g->x0 = fminf(g->x0, x);
    g->y0 = fminf(g->y0, y);
    g->x1 = fmaxf(g->x1, x);
    g->y1 = fmaxf(g->y1, y);
}

static void take_glyph(struct gathering *g, const struct tolka_glyph *glyph)
{
    float ux, uy;

    if (g->last && parts_words(g->last, glyph))
        finish_word(g);
    if (!g->text.length) {
        g->x0 = g->y0 = 1e9F;
        g->x1 = g->y1 = -1e9F;
    }
    direction(glyph, &ux, &uy);
    add_code(&g->text, glyph->code);
    take_point(g, glyph->x + uy * ASCENT * glyph->size_px, glyph->y - ux * ASCENT * glyph->size_px);
    take_point(g, glyph->end_x - uy * DESCENT * glyph->size_px, glyph->end_y + ux * DESCENT * glyph->size_px);
    g->last = glyph;
    g->glyphs++;
    g->bold += glyph->bold;
}

static bool is_redrawn(const struct tolka_glyph *glyphs, size_t at)
{
    const struct tolka_glyph *g = &glyphs[at];
    const float shift = REDRAWN_SHIFT * g->size_px;

    for (size_t i = at; i > 0 && at - i < REDRAWN_WINDOW; i--) {
        const struct tolka_glyph *before = &glyphs[i - 1];
        if (before->code == g->code && before->visible == g->visible && fabsf(before->x - g->x) < shift &&
            fabsf(before->y - g->y) < shift)
            return true;
    }
    return false;
}

static bool is_gap(uint32_t code)
{
    return code < 32 || tolka_utf8_is_space(code);
}

/* Numbers far outside any page would overflow its boxes. */
static bool is_sane(const struct tolka_glyph *g)
{
    return fabsf(g->x) < 1e6F && fabsf(g->y) < 1e6F && fabsf(g->end_x) < 1e6F && fabsf(g->end_y) < 1e6F &&
           g->size_px < 1e5F;
}

static bool copy_rulings(const struct tolka_pdf_survey *survey, struct tolka_page *page)
{
    for (size_t i = 0; i < survey->ruling_count; i++) {
        struct tolka_ruling *ruling = tolka_page_add_ruling(page);
        if (!ruling)
            return false;
        *ruling = survey->rulings[i];
    }
    return true;
}

/* Words of the glyphs that are seen, or of the others. */
static bool read_glyphs(const struct tolka_pdf_survey *survey, bool visible, struct tolka_page *page)
{
    struct gathering gathering = {.page = page};

    page->width = survey->width;
    page->height = survey->height;
    page->dpi = survey->dpi;
    for (size_t i = 0; i < survey->glyph_count && !gathering.failed; i++) {
        const struct tolka_glyph *g = &survey->glyphs[i];
        if (g->visible != visible || !is_sane(g) || is_invisible_format(g->code))
            continue;
        if (is_gap(g->code))
            finish_word(&gathering);
        else if (!is_redrawn(survey->glyphs, i))
            take_glyph(&gathering, g);
    }
    finish_word(&gathering);
    tolka_strbuf_release(&gathering.text);
    return !gathering.failed;
}

enum tolka_status tolka_textlayer_read(const struct tolka_pdf_survey *survey, struct tolka_page *page,
                                       struct tolka_error *err)
{
    page->origin = TOLKA_ORIGIN_TEXT;
    page->confidence = 1;
    if (!read_glyphs(survey, true, page) || !copy_rulings(survey, page))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's text");
    return TOLKA_OK;
}

enum tolka_status tolka_textlayer_read_hidden(const struct tolka_pdf_survey *survey, struct tolka_page *page,
                                              struct tolka_error *err)
{
    page->origin = TOLKA_ORIGIN_OCR;
    page->confidence = HIDDEN_CONFIDENCE;
    if (!read_glyphs(survey, false, page))
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's text");
    for (size_t i = 0; i < page->word_count; i++)
        page->words[i].confidence = HIDDEN_CONFIDENCE;
    return TOLKA_OK;
}
