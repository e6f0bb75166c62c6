/*
 * A report as Markdown: its description, then the pages' text in reading order. Lines of one block make a
 * paragraph, headings keep their level, each table stands as a table where its first words stand; page
 * furniture is left out.
 */
#include "schema/write.h"

#include "schema/pagetext.h"
#include "schema/textjoin.h"
#include "schema/value.h"

#include <string.h>

enum { MAX_HEADING_LEVEL = 6 };

/* White space between words that parts a line, in sizes of its print. */
static const float PARTING_SIZES = 2.5F;

struct md {
    const struct tolka_record *record;
    struct tolka_strbuf *out;
    struct tolka_strbuf text; /* the paragraph so far */
    size_t last_start;
    struct tolka_arena arena; /* joined words */
    int block;                /* of the paragraph so far */
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

static bool is_bullet(const char *word)
{
    return strcmp(word, "\xE2\x80\xA2") == 0 || strcmp(word, "\xE2\x96\xAA") == 0 || strcmp(word, "-") == 0 ||
           strcmp(word, "\xE2\x80\x93") == 0 || strcmp(word, "*") == 0;
}

/* Ends the paragraph so far. */
static void flush(struct md *md)
{
    const char *text = tolka_strbuf_text(&md->text), *space = strchr(text, ' ');
    char first[8] = "";

    if (!*text)
        return;
    if (space && space - text < (ptrdiff_t)sizeof first)
        memcpy(first, text, (size_t)(space - text));
    if (space && is_bullet(first)) {
        tolka_strbuf_add_str(md->out, "- ");
        text = space + 1;
    }
    add_escaped(md->out, text);
    tolka_strbuf_add_str(md->out, "\n\n");
    tolka_strbuf_truncate(&md->text, 0);
    md->last_start = 0;
}

static void add_line(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    for (int i = 0; i < line->word_count; i++)
        tolka_textjoin_append(&md->text, page->words[line->first_word + i].text, i == 0, &md->last_start,
                              NULL, &md->arena);
}

/* True when white space parts the line: names side by side, not running text. */
static bool is_parted(const struct tolka_page *page, const struct tolka_line *line)
{
    for (int i = line->first_word + 1; i < line->first_word + line->word_count; i++) {
        if ((float)(page->words[i].box.x0 - page->words[i - 1].box.x1) > PARTING_SIZES * line->size_px)
            return true;
    }
    return false;
}

/* A parted line stays a line of its own, with its parts apart. */
static void add_parted_line(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    flush(md);
    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        const bool parted =
            i > line->first_word &&
            (float)(page->words[i].box.x0 - page->words[i - 1].box.x1) > PARTING_SIZES * line->size_px;

        tolka_strbuf_add_str(&md->text, parted                 ? "\xE2\x80\x83\xE2\x80\x83"
                                        : i > line->first_word ? " "
                                                               : "");
        tolka_strbuf_add_str(&md->text, page->words[i].text);
    }
    flush(md);
}

/* The report's title stands at the top already. */
static bool is_title(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    const char *title = md->record->report.title;
    bool same;

    if (md->title_seen || !title)
        return false;
    flush(md);
    add_line(md, page, line);
    same = strcmp(tolka_strbuf_text(&md->text), title) == 0;
    tolka_strbuf_truncate(&md->text, 0);
    md->last_start = 0;
    md->title_seen = same;
    return same;
}

static void add_heading(struct md *md, const struct tolka_page *page, const struct tolka_line *line)
{
    int level = line->heading_level < 1 ? 1 : line->heading_level;

    flush(md);
    for (int i = 0; i <= level && i < MAX_HEADING_LEVEL; i++) /* one deeper than the report's title */
        tolka_strbuf_add_char(md->out, '#');
    tolka_strbuf_add_char(md->out, ' ');
    add_line(md, page, line);
    flush(md);
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
    flush(md);
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

    if (line->block != md->block || heading)
        flush(md);
    md->block = line->block;
    if (line->word_count <= 0 || (heading && is_title(md, page, line)))
        return;
    if (heading) {
        add_heading(md, page, line);
    } else if (is_parted(page, line)) {
        add_parted_line(md, page, line);
    } else {
        if (is_bullet(page->words[line->first_word].text))
            flush(md);
        add_line(md, page, line);
    }
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
    flush(md);
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
    tolka_arena_release(&md.arena);
}
