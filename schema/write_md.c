/*
 * A report as Markdown: its description, then the pages' text in reading order. Lines of one block make a
 * paragraph, one that breaks off at the end of a column or page goes on where its text does, headings keep
 * their level, each table stands as a table where its first words stand; page furniture is left out.
 */
#include "schema/write.h"

#include "base/utf8.h"
#include "extract/layout.h"
#include "schema/pagetext.h"
#include "schema/textjoin.h"
#include "schema/value.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { MAX_HEADING_LEVEL = 6, LEAST_OPEN_BYTES = 40, MOST_BLOCKS_BETWEEN = 8 };

/* White space between words that parts a line, in sizes of its print. */
static const float PARTING_SIZES = 2.5F;

/* The narrowest gap of a line that is spread is at least this share of the widest. */
static const float SPREAD = 0.5F;

/* Print of one size differs by less than this share, as a recogniser measures it. */
static const float SAME_SIZE = 0.12F;

/* The last paragraph that broke off within a sentence, at the end of a column or a page: text further on goes
 * on with it. */
struct open_paragraph {
    struct tolka_strbuf text; /* empty: there is none */
    size_t last_start;        /* of its last word */
    size_t at, length;        /* where it stands in what is written */
    float size_pt;
    int blocks_since; /* paragraphs written behind it: notes, captions, footnotes */
};

enum paragraph_kind { PLAIN, HEADING, PARTED };

struct md {
    const struct tolka_record *record;
    struct tolka_strbuf *out;
    struct tolka_strbuf text; /* the paragraph so far */
    size_t last_start;
    struct tolka_arena arena; /* joined words */
    int block;                /* of the paragraph so far */
    int heading_level;        /* of the heading so far, 0 for a paragraph */
    float size_pt;            /* of its print */
    struct open_paragraph open;
    bool title_seen;
};

/* Appends `text` so that it is only text: Markdown's signs are escaped, also those that count at a line's
 * start. */
static void add_escaped(struct tolka_strbuf *out, const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (strchr("#+-=>", text[0]) && text[0])
        tolka_strbuf_add_char(out, '\\');
    for (size_t i = 0; text[i]; i++) {
        if (strchr("\\`*_<|[", text[i]) || (i > 0 && i == digits && (text[i] == '.' || text[i] == ')')))
            tolka_strbuf_add_char(out, '\\');
        tolka_strbuf_add_char(out, text[i]);
    }
}

/* In a table cell only a few signs count. */
static void add_cell(struct tolka_strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\|*_`<", *text))
            tolka_strbuf_add_char(out, '\\');
        tolka_strbuf_add_char(out, *text);
    }
}

/* The first word of a text, in the arena. */
static const char *first_word(struct md *md, const char *text)
{
    const char *word = tolka_arena_strndup(&md->arena, text, strcspn(text, " "));

    return word ? word : "";
}

/* True when the text breaks off within a sentence: behind a letter, a comma or a hyphen. */
static bool breaks_off(const char *text)
{
    const size_t length = strlen(text);
    const unsigned char last = length ? (unsigned char)text[length - 1] : '.';

    return length >= LEAST_OPEN_BYTES && (last >= 0x80 || isalpha(last) || last == ',' || last == '-');
}

/* The text goes on with the paragraph that broke off: it begins with a small letter, in print of that size.
 */
static bool goes_on(struct md *md, const char *text)
{
    const struct open_paragraph *open = &md->open;

    if (!open->text.length || open->blocks_since > MOST_BLOCKS_BETWEEN ||
        fabsf(md->size_pt - open->size_pt) > SAME_SIZE * open->size_pt)
        return false;
    return tolka_utf8_is_small(tolka_utf8_first(text)) && !tolka_is_item_number(first_word(md, text));
}

/* Remembers the paragraph that was just written from `at` on, if text may follow that goes on with it. */
static void keep_open(struct md *md, const char *text, size_t at)
{
    struct open_paragraph *open = &md->open;
    const char *last = strrchr(text, ' ');

    if (!breaks_off(text)) {
        open->blocks_since++;
        return;
    }
    tolka_strbuf_truncate(&open->text, 0);
    tolka_strbuf_add_str(&open->text, text);
    open->last_start = last ? (size_t)(last + 1 - text) : 0;
    open->at = at;
    open->length = md->out->length - at;
    open->size_pt = md->size_pt;
    open->blocks_since = 0;
}

/* Joins `text` to the paragraph that broke off, which stands further up in what is written. */
static void go_on(struct md *md, const char *text)
{
    struct open_paragraph *open = &md->open;
    const char *first = first_word(md, text), *rest = text + strlen(first);
    const size_t end = open->at + open->length;
    char *behind = tolka_arena_strndup(&md->arena, md->out->data + end, md->out->length - end);

    tolka_textjoin_append(&open->text, first, true, &open->last_start, NULL, &md->arena);
    tolka_strbuf_add_str(&open->text, rest);
    tolka_strbuf_truncate(md->out, open->at);
    add_escaped(md->out, tolka_strbuf_text(&open->text));
    open->length = md->out->length - open->at;
    tolka_strbuf_add_str(md->out, behind);
    open->last_start = open->text.length - (*rest ? strlen(strrchr(rest, ' ') + 1) : strlen(first));
    if (!behind || open->text.failed)
        md->out->failed = true;
    if (!breaks_off(tolka_strbuf_text(&open->text)))
        tolka_strbuf_truncate(&open->text, 0);
}

/* Writes what begins a list's item and gives the text behind it. */
static const char *add_item_mark(struct md *md, const char *text)
{
    const char *first = first_word(md, text), *rest = text + strlen(first);

    if (*rest != ' ')
        return text;
    if (tolka_is_bullet(first))
        tolka_strbuf_add_str(md->out, "- ");
    else if (tolka_is_item_number(first))
        tolka_strbuf_addf(md->out, "%s ", first);
    else
        return text;
    return rest + 1;
}

/* Ends the paragraph so far. */
static void flush(struct md *md, enum paragraph_kind kind)
{
    const char *text = tolka_strbuf_text(&md->text);
    size_t at;

    if (!*text)
        return;
    if (kind == PLAIN && goes_on(md, text)) {
        go_on(md, text);
    } else {
        if (kind == PLAIN)
            text = add_item_mark(md, text);
        at = md->out->length;
        add_escaped(md->out, text);
        if (kind == PLAIN)
            keep_open(md, text, at);
        tolka_strbuf_add_str(md->out, "\n\n");
    }
    tolka_strbuf_truncate(&md->text, 0);
    md->last_start = 0;
}

static void add_line(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    for (int i = 0; i < line->word_count; i++)
        tolka_textjoin_append(&md->text, page->words[line->first_word + i].text, i == 0, &md->last_start,
                              NULL, &md->arena);
}

/* Ends the heading or paragraph so far. */
static void end_paragraph(struct md *md)
{
    flush(md, md->heading_level ? HEADING : PLAIN);
    md->heading_level = 0;
}

/* A bullet, or a number behind a paragraph that has ended. */
static bool opens_item(const struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    const char *first = page->words[line->first_word].text, *text = tolka_strbuf_text(&md->text);

    return line->word_count > 1 && (tolka_is_bullet(first) || (tolka_is_item_number(first) && *text &&
                                                               strchr(".:;!?", text[strlen(text) - 1])));
}

/* True when white space parts the line: names side by side, not running text, be it spread to the column's
 * edge. */
static bool is_parted(const struct tolka_page *page, const struct tolka_line *line)
{
    int widest = 0, narrowest = INT_MAX;

    for (int i = line->first_word + 1; i < line->first_word + line->word_count; i++) {
        const int gap = page->words[i].box.x0 - page->words[i - 1].box.x1;
        widest = gap > widest ? gap : widest;
        narrowest = gap < narrowest ? gap : narrowest;
    }
    return (float)widest > PARTING_SIZES * line->size_px &&
           (line->word_count == 2 || (float)narrowest < SPREAD * (float)widest);
}

/* A parted line stays a line of its own, with its parts apart. */
static void add_parted_line(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    end_paragraph(md);
    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        const bool parted =
            i > line->first_word &&
            (float)(page->words[i].box.x0 - page->words[i - 1].box.x1) > PARTING_SIZES * line->size_px;

        tolka_strbuf_add_str(&md->text, parted                 ? "\xE2\x80\x83\xE2\x80\x83"
                                        : i > line->first_word ? " "
                                                               : "");
        tolka_strbuf_add_str(&md->text, page->words[i].text);
    }
    flush(md, PARTED);
}

/* The report's title stands at the top already. */
static bool is_title(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    const char *title = md->record->report.title;
    bool same;

    if (md->title_seen || !title)
        return false;
    end_paragraph(md);
    add_line(md, page, line);
    same = strcmp(tolka_strbuf_text(&md->text), title) == 0;
    tolka_strbuf_truncate(&md->text, 0);
    md->last_start = 0;
    md->title_seen = same;
    return same;
}

/* Lines of one block and level make one heading. */
static void add_heading(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    const int level = line->heading_level < 1 ? 1 : line->heading_level;
    const bool goes_on = md->heading_level == level && md->block == line->block && md->text.length;

    if (!goes_on) {
        end_paragraph(md);
        for (int i = 0; i <= level && i < MAX_HEADING_LEVEL; i++) /* one deeper than the report's title */
            tolka_strbuf_add_char(md->out, '#');
        tolka_strbuf_add_char(md->out, ' ');
    }
    add_line(md, page, line);
    md->heading_level = level;
}

/* True when most of the column's filled cells below the heading state numbers. */
static bool is_number_column(const struct tolka_table *table, int column)
{
    int values = 0, texts = 0;

    for (int r = table->header_rows; r < table->row_count; r++) {
        const struct tolka_cell *cell = tolka_table_cell(table, r, column);

        values += cell->has_value;
        texts += !cell->has_value && *cell->text;
    }
    return values > texts;
}

static void add_table(struct md *md, const struct tolka_table *table)
{
    end_paragraph(md);
    for (int c = 0; c < table->column_count; c++) {
        tolka_strbuf_add_str(md->out, "| ");
        add_cell(md->out, table->columns[c].label ? table->columns[c].label : "");
        tolka_strbuf_add_char(md->out, ' ');
    }
    tolka_strbuf_add_str(md->out, "|\n");
    for (int c = 0; c < table->column_count; c++)
        tolka_strbuf_add_str(md->out, is_number_column(table, c) ? "| ---: " : "| --- ");
    tolka_strbuf_add_str(md->out, "|\n");
    for (int r = table->header_rows; r < table->row_count; r++) {
        for (int c = 0; c < table->column_count; c++) {
            tolka_strbuf_add_str(md->out, "| ");
            add_cell(md->out, tolka_table_cell(table, r, c)->text);
            tolka_strbuf_add_char(md->out, ' ');
        }
        tolka_strbuf_add_str(md->out, "|\n");
    }
    tolka_strbuf_add_char(md->out, '\n');
}

/* The record's table that begins with this grid, NULL when the grid only goes on with one. */
static const struct tolka_table *table_of_grid(const struct tolka_record *record,
                                               const struct tolka_page *page, const struct tolka_grid *grid)
{
    const struct tolka_box box = tolka_page_to_image(page, grid->box);

    for (size_t i = 0; i < record->table_count; i++) {
        const struct tolka_table *table = &record->tables[i];

        if (table->page_count && table->pages[0] == page->number && table->box.x0 <= box.x0 &&
            table->box.x1 >= box.x1 && table->box.y0 == box.y0)
            return table;
    }
    return NULL;
}

/* A line that stands in no table. */
static void add_text(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    const bool heading = line->role == TOLKA_LINE_HEADING && tolka_line_is_legible(page, line);

    if (line->block != md->block || heading != (md->heading_level > 0))
        end_paragraph(md);
    if (line->word_count <= 0 || (heading && is_title(md, page, line)))
        return;
    if (heading) {
        add_heading(md, page, line);
    } else if (is_parted(page, line)) {
        add_parted_line(md, page, line);
    } else {
        if (opens_item(md, page, line))
            end_paragraph(md);
        if (!md->text.length && page->dpi > 0)
            md->size_pt = line->size_px * 72 / (float)page->dpi;
        add_line(md, page, line);
    }
    md->block = line->block;
}

static void add_page(struct md *md, const struct tolka_page *page)
{
    size_t written = 0; /* grids come in reading order */

    md->block = -1;
    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];

        while (line->grid >= 0 && (size_t)line->grid >= written && written < page->grid_count) {
            const struct tolka_table *table = table_of_grid(md->record, page, &page->grids[written++]);

            if (table)
                add_table(md, table);
        }
        if (line->grid >= 0 || (line->role != TOLKA_LINE_BODY && line->role != TOLKA_LINE_HEADING))
            continue;
        add_text(md, page, line);
    }
    end_paragraph(md);
}

static void add_field(struct md *md, const char *name, const char *value)
{
    if (!value)
        return;
    tolka_strbuf_addf(md->out, "- %s: ", name);
    add_escaped(md->out, value);
    tolka_strbuf_add_char(md->out, '\n');
}

static void add_description(struct md *md)
{
    const struct tolka_record *record = md->record;

    tolka_strbuf_add_str(md->out, "# ");
    add_escaped(md->out, record->report.title  ? record->report.title
                         : record->source.path ? record->source.path
                                               : "Report");
    tolka_strbuf_add_str(md->out, "\n\n");
    add_field(md, "Organisation", record->report.organisation);
    add_field(md, "Organisation number", record->report.orgnr);
    add_field(md, "Kind", record->report.kind);
    add_field(md, "Case number", record->report.dnr);
    add_field(md, "From", record->report.period.from);
    add_field(md, "To", record->report.period.to);
    add_field(md, "Decided", record->report.decided);
    tolka_strbuf_add_char(md->out, '\n');
}

static void add_goals(struct md *md)
{
    if (!md->record->goal_count)
        return;
    tolka_strbuf_add_str(
        md->out, "## Goals\n\n| Goal | Assessment | Fulfilment | Page |\n| --- | --- | --- | ---: |\n");
    for (size_t i = 0; i < md->record->goal_count; i++) {
        const struct tolka_goal *goal = &md->record->goals[i];

        tolka_strbuf_add_str(md->out, "| ");
        add_cell(md->out, goal->goal ? goal->goal : "");
        tolka_strbuf_add_str(md->out, " | ");
        add_cell(md->out, goal->assessment ? goal->assessment : "");
        tolka_strbuf_addf(md->out, " | %s | %d |\n", goal->fulfilment ? goal->fulfilment : "", goal->page);
    }
    tolka_strbuf_add_char(md->out, '\n');
}

static void add_signatures(struct md *md)
{
    if (!md->record->signature_count)
        return;
    tolka_strbuf_add_str(md->out, "## Signatures\n\n");
    for (size_t i = 0; i < md->record->signature_count; i++) {
        const struct tolka_signature *signature = &md->record->signatures[i];

        tolka_strbuf_add_str(md->out, "- ");
        add_cell(md->out, signature->name ? signature->name : "");
        tolka_strbuf_add_str(md->out, signature->role ? ", " : "");
        add_cell(md->out, signature->role ? signature->role : "");
        tolka_strbuf_add_str(md->out, signature->place ? ", " : "");
        add_cell(md->out, signature->place ? signature->place : "");
        tolka_strbuf_addf(md->out, " (page %d)\n", signature->page);
    }
    tolka_strbuf_add_char(md->out, '\n');
}

void tolka_write_md(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count,
                    struct tolka_strbuf *out)
{
    struct md md = {.record = record, .out = out};

    add_description(&md);
    for (size_t i = 0; i < page_count; i++)
        add_page(&md, &pages[i]);
    add_goals(&md);
    add_signatures(&md);
    out->failed = out->failed || md.text.failed;
    tolka_strbuf_release(&md.text);
    tolka_strbuf_release(&md.open.text);
    tolka_arena_release(&md.arena);
}
