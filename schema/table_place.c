/*
 * What stands around a table on its page: its caption (a heading, a bold or a short line just above it), a
 * line that only names the unit, the section heading, and whether it is the first or last thing on the page.
 */
#include "schema/table_int.h"

#include "base/utf8.h"
#include "schema/value.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

enum {
    CAPTION_MAX_CHARS = 100,
    UNIT_LINE_MAX_CHARS = 30,
    CAPTION_MAX_BLOCK_LINES = 2, /* a caption is no end of a paragraph */
    CAPTION_MAX_LINES = 3,       /* lines above a table that are looked at: a unit, a caption in two lines */
    FURNITURE_PERCENT = 7, /* a short line this near to the page's edge is furniture though no role says so */
    FURNITURE_MAX_CHARS = 60,
    GROUP_INDENT_PERCENT = 3, /* of the page's width, between a group heading and the table's edge */
};

static const float SPECK_CONFIDENCE = 0.5f;
static const double GROUP_SIZE = 1.2; /* a group heading's print is hardly larger than the rows' */
static const double CAPTION_GAP_LINES =
    3.0; /* how far above the table a caption stands, in heights of its own print */

/* One or two letters at the edge of a line that were read very badly: specks beside a heading. */
static bool is_speck(const struct tolka_page *page, const struct tolka_word *word)
{
    return page->origin == TOLKA_ORIGIN_OCR && word->confidence < SPECK_CONFIDENCE &&
           tolka_utf8_count(word->text) <= 2;
}

static const char *line_text(struct tolka_table_builder *builder, const struct tolka_page *page,
                             const struct tolka_line *line)
{
    const struct tolka_word *words = &page->words[line->first_word];
    int first = 0, last = line->word_count - 1;

    while (first < last && is_speck(page, &words[first]))
        first++;
    while (last > first && is_speck(page, &words[last]))
        last--;
    tolka_strbuf_truncate(&builder->scratch, 0);
    for (int i = first; i <= last; i++) {
        if (i > first)
            tolka_strbuf_add_char(&builder->scratch, ' ');
        tolka_strbuf_add_str(&builder->scratch, words[i].text);
    }
    return tolka_strbuf_text(&builder->scratch);
}

static bool is_content(const struct tolka_line *line)
{
    return line->word_count > 0 && (line->role == TOLKA_LINE_BODY || line->role == TOLKA_LINE_HEADING);
}

static int line_chars(const struct tolka_page *page, const struct tolka_line *line)
{
    int chars = line->word_count - 1;

    for (int i = 0; i < line->word_count; i++)
        chars += (int)tolka_utf8_count(page->words[line->first_word + i].text);
    return chars;
}

/* A short line at the very edge of the page: a page number or a running line that was not known as one. */
static bool is_at_edge(const struct tolka_page *page, const struct tolka_line *line)
{
    const int margin = page->height * FURNITURE_PERCENT / 100;

    return (line->box.y1 < margin || line->box.y0 > page->height - margin) &&
           line_chars(page, line) <= FURNITURE_MAX_CHARS && line->role != TOLKA_LINE_HEADING;
}

static bool overlaps(struct tolka_box a, struct tolka_box b)
{
    return a.x0 < b.x1 && b.x0 < a.x1;
}

static int block_lines(const struct tolka_page *page, int block)
{
    int count = 0;

    for (size_t i = 0; i < page->line_count; i++)
        count += page->lines[i].block == block && page->lines[i].grid < 0;
    return count;
}

static bool begins_as_caption(const char *text)
{
    static const char *const WORDS[] = {"not ", "tabell ", "bilaga ", "diagram "};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        size_t length = strlen(WORDS[i]);

        if (strncasecmp(text, WORDS[i], length) == 0 && text[length] >= '0' && text[length] <= '9')
            return true;
    }
    return false;
}

/* The nearest line of running text that ends above `y` over the table. */
static const struct tolka_line *nearest_above(const struct tolka_page *page, struct tolka_box table, int y)
{
    const struct tolka_line *best = NULL;

    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];
        int middle = (line->box.y0 + line->box.y1) / 2;

        if (line->grid >= 0 || !is_content(line) || middle >= y || !overlaps(line->box, table) ||
            is_at_edge(page, line))
            continue;
        if (!best || line->box.y1 > best->box.y1)
            best = line;
    }
    return best;
}

static bool is_caption(const struct tolka_page *page, const struct tolka_line *line, const char *text)
{
    size_t length = strlen(text);

    if (line->role == TOLKA_LINE_HEADING || begins_as_caption(text))
        return tolka_utf8_count(text) <= CAPTION_MAX_CHARS * 2;
    if (tolka_utf8_count(text) > CAPTION_MAX_CHARS || length < 3 || strchr(".,;", text[length - 1]))
        return false;
    return line->bold || block_lines(page, line->block) <= CAPTION_MAX_BLOCK_LINES;
}

static bool begins_with_any(const char *text, const char *const *openings)
{
    for (; *openings; openings++) {
        if (strncasecmp(text, *openings, strlen(*openings)) == 0)
            return true;
    }
    return false;
}

/* "Belopp i tkr", "Miljoner kronor", or a paragraph that ends so. */
static bool is_unit_line(const char *text)
{
    static const char *const OPENINGS[] = {"belopp", "miljoner kr", "tusental kr", "kronor", NULL};
    const char *sentence = text;

    for (const char *at = text; (at = strstr(at, ". ")); at += 2)
        sentence = at + 2;
    if (sentence > text && strncasecmp(sentence, "belopp", 6) != 0)
        return false;
    text = sentence;
    return tolka_utf8_count(text) <= UNIT_LINE_MAX_CHARS && tolka_unit_parse(text) != TOLKA_UNIT_NONE &&
           (begins_with_any(text, OPENINGS) || *text == '(' || tolka_utf8_count(text) <= 8);
}

/* Reads upwards from the table: a unit, then a caption. */
static bool find_caption(struct tolka_table_builder *builder, struct tolka_table_draft *draft)
{
    const struct tolka_page *page = draft->page;
    int y = draft->grid->box.y0;

    for (int i = 0; i < CAPTION_MAX_LINES; i++) {
        const struct tolka_line *line = nearest_above(page, draft->grid->box, y);
        const char *text;

        if (!line || y - line->box.y1 > CAPTION_GAP_LINES * tolka_box_height(line->box))
            return true;
        text = line_text(builder, page, line);
        if (is_unit_line(text) && draft->table.unit == TOLKA_UNIT_NONE) {
            draft->table.unit = tolka_unit_parse(text);
            y = line->box.y0;
            continue;
        }
        if (is_caption(page, line, text)) {
            draft->table.caption = tolka_arena_strdup(builder->arena, text);
            return draft->table.caption != NULL;
        }
        return true;
    }
    return true;
}

const char *tolka_table_last_heading(struct tolka_table_builder *builder, const struct tolka_page *page,
                                     const char *heading)
{
    for (size_t i = page->line_count; i > 0; i--) {
        const struct tolka_line *line = &page->lines[i - 1];

        if (line->role == TOLKA_LINE_HEADING && line->grid < 0)
            return tolka_arena_strdup(builder->arena, line_text(builder, page, line));
    }
    return heading;
}

static const char *heading_above(struct tolka_table_builder *builder, const struct tolka_table_draft *draft,
                                 const char *heading)
{
    const struct tolka_line *best = NULL;

    for (size_t i = 0; i < draft->page->line_count; i++) {
        const struct tolka_line *line = &draft->page->lines[i];

        if (line->role != TOLKA_LINE_HEADING || line->grid >= 0 || line->box.y1 > draft->grid->box.y1)
            continue;
        if (line->box.y0 < draft->grid->box.y0 && (!best || line->box.y1 >= best->box.y1))
            best = line;
    }
    return best ? tolka_arena_strdup(builder->arena, line_text(builder, draft->page, best)) : heading;
}

/* True when no running text and no other table stands above (or below) the draft. */
static bool is_outermost(const struct tolka_table_draft *draft, bool above)
{
    const struct tolka_page *page = draft->page;
    const struct tolka_box box = draft->grid->box;

    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];
        int middle = (line->box.y0 + line->box.y1) / 2;

        if (line->grid < 0 && is_content(line) && !is_at_edge(page, line) &&
            (above ? middle < box.y0 : middle > box.y1))
            return false;
    }
    for (size_t i = 0; i < page->grid_count; i++) {
        const struct tolka_grid *other = &page->grids[i];

        if (other != draft->grid && (above ? other->box.y1 <= box.y0 : other->box.y0 >= box.y1))
            return false;
    }
    return true;
}

static double row_size(const struct tolka_table_draft *draft)
{
    const struct tolka_grid *grid = draft->grid;

    for (int i = 0; i < grid->row_count * grid->column_count; i++) {
        const struct tolka_grid_cell *cell = &grid->cells[i];

        if (cell->word_count && draft->page->words[cell->words[0]].line >= 0)
            return (double)draft->page->lines[draft->page->words[cell->words[0]].line].size_px;
    }
    return 0;
}

static bool is_group_line(const struct tolka_table_draft *draft, const struct tolka_line *line,
                          const char *first_word)
{
    const int tolerance = draft->page->width * GROUP_INDENT_PERCENT / 100;
    const int indent = line->box.x0 - draft->grid->box.x0;

    return line_chars(draft->page, line) <= FURNITURE_MAX_CHARS &&
           (double)line->size_px <= row_size(draft) * GROUP_SIZE && indent <= tolerance &&
           indent >= -tolerance && strcasecmp(first_word, "not") != 0;
}

int tolka_table_group_lines(const struct tolka_table_draft *draft, const struct tolka_grid *above,
                            const struct tolka_line **lines, int limit)
{
    const struct tolka_page *page = draft->page;
    const int top = above ? above->box.y1 : INT_MIN;
    int count = 0;

    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];

        if (line->grid >= 0 || !is_content(line) || is_at_edge(page, line) ||
            (line->box.y0 + line->box.y1) / 2 >= draft->grid->box.y0 ||
            (line->box.y0 + line->box.y1) / 2 <= top)
            continue;
        if (count == limit || !is_group_line(draft, line, page->words[line->first_word].text))
            return -1;
        lines[count++] = line;
    }
    for (size_t i = 0; i < page->grid_count; i++) {
        const struct tolka_grid *other = &page->grids[i];

        if (other != draft->grid && other != above && other->box.y1 <= draft->grid->box.y0 &&
            other->box.y1 > top)
            return -1;
    }
    return count;
}

bool tolka_table_find_place(struct tolka_table_builder *builder, struct tolka_table_draft *draft,
                            const char *heading)
{
    draft->first_on_page = is_outermost(draft, true);
    draft->last_on_page = is_outermost(draft, false);
    draft->heading = heading_above(builder, draft, heading);
    return find_caption(builder, draft);
}
