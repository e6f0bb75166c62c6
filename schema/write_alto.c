/*
 * ALTO 4 (Library of Congress, Analyzed Layout and Text Object, schema 4.2): words with their boxes in pixels
 * of the scanned pages. Headings carry a tag, tables are composed blocks of cells, running headers and
 * footers stand in the margins. CONTENT is the repaired word; what was read stands beside it as an
 * ALTERNATIVE of the purpose "raw". Halves of a word that a line's end parts name the whole.
 */
#include "schema/write.h"

#include "schema/blocks.h"
#include "schema/xml.h"

#include <string.h>

enum { MAX_HEADING_LEVEL = 6 };

struct alto {
    const struct tolka_page *page;
    struct tolka_strbuf *out;
    int block, line; /* numbers of the last ones on the page */
};

static void add_box(struct tolka_strbuf *out, struct tolka_box box)
{
    tolka_xml_int(out, "HPOS", box.x0);
    tolka_xml_int(out, "VPOS", box.y0);
    tolka_xml_int(out, "WIDTH", tolka_box_width(box));
    tolka_xml_int(out, "HEIGHT", tolka_box_height(box));
}

static void add_head(const struct tolka_record *record, struct tolka_strbuf *out)
{
    tolka_strbuf_add_str(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" SCHEMAVERSION=\"4.2\">\n"
             "<Description>\n<MeasurementUnit>pixel</MeasurementUnit>\n<sourceImageInformation>\n<fileName>");
    tolka_xml_text(out, record->source.path);
    tolka_strbuf_add_str(out, "</fileName>\n");
    if (record->source.sha256[0])
        tolka_strbuf_addf(out, "<fileIdentifier fileIdentifierLocation=\"sha256\">%s</fileIdentifier>\n",
                          record->source.sha256);
    tolka_strbuf_add_str(
        out, "</sourceImageInformation>\n<Processing ID=\"tolka\">\n"
             "<processingCategory>contentGeneration contentModification</processingCategory>\n"
             "<processingSoftware>\n<softwareName>tolka</softwareName>\n<softwareVersion>" TOLKA_VERSION
             "</softwareVersion>\n</processingSoftware>\n</Processing>\n</Description>\n<Tags>\n");
    for (int level = 1; level <= MAX_HEADING_LEVEL; level++)
        tolka_strbuf_addf(out, "<StructureTag ID=\"heading%d\" TYPE=\"heading\" LABEL=\"%d\"/>\n", level,
                          level);
    tolka_strbuf_add_str(out, "</Tags>\n<Layout>\n");
}

/* `content` is the word, or what stands of it before a hyphen. */
static void add_string(struct alto *alto, const struct tolka_word *word, const char *content,
                       const char *part, const char *whole)
{
    struct tolka_strbuf *out = alto->out;

    tolka_strbuf_add_str(out, "<String");
    add_box(out, tolka_page_to_image(alto->page, word->box));
    tolka_xml_attribute(out, "CONTENT", content);
    if (word->flags & TOLKA_WORD_BOLD)
        tolka_xml_attribute(out, "STYLE", "bold");
    if (part) {
        tolka_xml_attribute(out, "SUBS_TYPE", part);
        tolka_xml_attribute(out, "SUBS_CONTENT", whole);
    }
    tolka_xml_real(out, "WC", word->confidence);
    if (strcmp(word->raw, word->text) == 0) {
        tolka_strbuf_add_str(out, "/>");
        return;
    }
    tolka_strbuf_add_str(out, "><ALTERNATIVE PURPOSE=\"raw\">");
    tolka_xml_text(out, word->raw);
    tolka_strbuf_add_str(out, "</ALTERNATIVE></String>");
}

/* The first half of a word and the hyphen after it. */
static void add_first_half(struct alto *alto, const struct tolka_word *word, const char *whole)
{
    struct tolka_strbuf half = {0};

    tolka_strbuf_add(&half, word->text, strlen(word->text) - 1);
    add_string(alto, word, tolka_strbuf_text(&half), "HypPart1", whole);
    tolka_strbuf_add_str(alto->out, "<HYP CONTENT=\"-\"/>");
    alto->out->failed = alto->out->failed || half.failed;
    tolka_strbuf_release(&half);
}

/* `whole` is the word that the line before began, if it did. */
static void add_line(struct alto *alto, const struct tolka_block_line *line, const char *whole)
{
    struct tolka_strbuf *out = alto->out;

    tolka_strbuf_addf(out, "<TextLine ID=\"page%d_line%d\"", alto->page->number, ++alto->line);
    add_box(out, line->box);
    tolka_strbuf_add_str(out, ">\n");
    for (int i = 0; i < line->word_count; i++) {
        const struct tolka_word *word = &alto->page->words[line->words[i]];
        const bool is_second = i == 0 && line->continues;
        if (i > 0)
            tolka_strbuf_add_str(out, "<SP/>\n");
        if (i + 1 == line->word_count && line->hyphen_of)
            add_first_half(alto, word, line->hyphen_of);
        else
            add_string(alto, word, word->text, is_second ? "HypPart2" : NULL, whole);
    }
    tolka_strbuf_add_str(out, "\n</TextLine>\n");
}

static void add_part(struct alto *alto, const struct tolka_block_part *part, int heading_level)
{
    struct tolka_strbuf *out = alto->out;

    tolka_strbuf_addf(out, "<TextBlock ID=\"page%d_block%d\"", alto->page->number, ++alto->block);
    if (heading_level > 0)
        tolka_strbuf_addf(out, " TAGREFS=\"heading%d\"", heading_level);
    add_box(out, part->box);
    tolka_strbuf_add_str(out, ">\n");
    for (int i = 0; i < part->line_count; i++)
        add_line(alto, &part->lines[i], i > 0 ? part->lines[i - 1].hyphen_of : NULL);
    tolka_strbuf_add_str(out, "</TextBlock>\n");
}

static void add_block(struct alto *alto, const struct tolka_block *block)
{
    if (block->kind == TOLKA_BLOCK_TABLE) {
        tolka_strbuf_addf(alto->out, "<ComposedBlock ID=\"page%d_table%d\"", alto->page->number,
                          block->grid + 1);
        add_box(alto->out, block->box);
        tolka_strbuf_add_str(alto->out, " TYPE=\"table\">\n");
    }
    for (int i = 0; i < block->part_count; i++)
        add_part(alto, &block->parts[i], block->heading_level);
    if (block->kind == TOLKA_BLOCK_TABLE)
        tolka_strbuf_add_str(alto->out, "</ComposedBlock>\n");
}

/* One of the spaces of a page: its blocks are those of the kinds `from` to `to`. An empty margin is left out.
 */
static void add_space(struct alto *alto, const char *name, const struct tolka_block *blocks, size_t count,
                      enum tolka_block_kind from, enum tolka_block_kind to)
{
    struct tolka_box box = {0};

    for (size_t i = 0; i < count; i++) {
        if (blocks[i].kind >= from && blocks[i].kind <= to)
            box = tolka_box_union(box, blocks[i].box);
    }
    if (tolka_box_is_empty(box) && from != TOLKA_BLOCK_TEXT)
        return;
    tolka_strbuf_addf(alto->out, "<%s", name);
    add_box(alto->out, box);
    tolka_strbuf_add_str(alto->out, ">\n");
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].kind >= from && blocks[i].kind <= to)
            add_block(alto, &blocks[i]);
    }
    tolka_strbuf_addf(alto->out, "</%s>\n", name);
}

static void add_page(const struct tolka_page *page, const struct tolka_model *model, struct tolka_strbuf *out)
{
    struct tolka_arena arena = {0};
    struct alto alto = {.page = page, .out = out};
    size_t count = 0;
    const struct tolka_block *blocks = tolka_page_blocks(page, model, &arena, &count);

    tolka_strbuf_addf(out, "<Page ID=\"page%d\" PHYSICAL_IMG_NR=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\"",
                      page->number, page->number, page->width, page->height);
    tolka_xml_real(out, "PC", page->confidence);
    tolka_strbuf_add_str(out, ">\n");
    if (blocks) {
        add_space(&alto, "TopMargin", blocks, count, TOLKA_BLOCK_HEADER, TOLKA_BLOCK_HEADER);
        add_space(&alto, "BottomMargin", blocks, count, TOLKA_BLOCK_FOOTER, TOLKA_BLOCK_FOOTER);
        add_space(&alto, "PrintSpace", blocks, count, TOLKA_BLOCK_TEXT, TOLKA_BLOCK_TABLE);
    } else {
        out->failed = true;
    }
    tolka_strbuf_add_str(out, "</Page>\n");
    tolka_arena_release(&arena);
}

void tolka_write_alto(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count,
                      const struct tolka_model *model, struct tolka_strbuf *out)
{
    add_head(record, out);
    for (size_t i = 0; i < page_count; i++)
        add_page(&pages[i], model, out);
    tolka_strbuf_add_str(out, "</Layout>\n</alto>\n");
}
