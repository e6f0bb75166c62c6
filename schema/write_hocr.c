/*
 * hOCR 1.2 (Breuel and others, "The hOCR Embedded OCR Workflow and Output Format"), as XHTML: pages, areas,
 * paragraphs, lines and words with their boxes in pixels of the scanned pages. A word's text is repaired;
 * where it was read otherwise its title says so as x_raw.
 */
#include "schema/write.h"

#include "schema/blocks.h"
#include "schema/xml.h"

#include <math.h>
#include <string.h>

struct hocr {
    const struct tolka_page *page;
    struct tolka_strbuf *out;
    int area, paragraph, line, word; /* numbers of the last ones on the page */
};

static void open_element(struct hocr *hocr, const char *element, const char *class, const char *id,
                         int number, struct tolka_box box)
{
    tolka_strbuf_addf(hocr->out, "<%s class=\"%s\" id=\"%s_%d_%d\" title=\"bbox %d %d %d %d", element, class,
                      id, hocr->page->number, number, box.x0, box.y0, box.x1, box.y1);
}

/* A string in a title: in double quotes, which a backslash takes in. */
static void add_quoted(struct tolka_strbuf *out, const char *text)
{
    tolka_strbuf_add_str(out, "&quot;");
    for (; *text; text++) {
        const char one[2] = {*text, '\0'};
        if (*text == '"' || *text == '\\')
            tolka_strbuf_add_char(out, '\\');
        if ((unsigned char)*text < 0x80)
            tolka_xml_text(out, one);
        else
            tolka_strbuf_add_char(out, *text);
    }
    tolka_strbuf_add_str(out, "&quot;");
}

static void add_word(struct hocr *hocr, const struct tolka_word *word)
{
    struct tolka_strbuf *out = hocr->out;

    open_element(hocr, "span", "ocrx_word", "word", ++hocr->word, tolka_page_to_image(hocr->page, word->box));
    tolka_strbuf_addf(out, "; x_wconf %ld", lroundf(word->confidence * 100));
    if (strcmp(word->raw, word->text) != 0) {
        tolka_strbuf_add_str(out, "; x_raw ");
        add_quoted(out, word->raw);
    }
    tolka_strbuf_add_str(out, word->flags & TOLKA_WORD_BOLD ? "\"><strong>" : "\">");
    tolka_xml_text(out, word->text);
    tolka_strbuf_add_str(out, word->flags & TOLKA_WORD_BOLD ? "</strong></span>" : "</span>");
}

static void add_line(struct hocr *hocr, const struct tolka_block_line *line, enum tolka_block_kind kind)
{
    const char *class = kind == TOLKA_BLOCK_HEADER   ? "ocr_header"
                        : kind == TOLKA_BLOCK_FOOTER ? "ocr_footer"
                                                     : "ocr_line";
    const int of = hocr->page->words[line->words[0]].line;

    open_element(hocr, "span", class, "line", ++hocr->line, line->box);
    if (of >= 0)
        tolka_strbuf_addf(hocr->out, "; x_size %ld", lroundf(hocr->page->lines[of].size_px));
    tolka_strbuf_add_str(hocr->out, "\">");
    for (int i = 0; i < line->word_count; i++) {
        if (i > 0)
            tolka_strbuf_add_char(hocr->out, '\n');
        add_word(hocr, &hocr->page->words[line->words[i]]);
    }
    tolka_strbuf_add_str(hocr->out, "</span>\n");
}

static void add_block(struct hocr *hocr, const struct tolka_block *block)
{
    open_element(hocr, "div", block->kind == TOLKA_BLOCK_TABLE ? "ocr_carea ocr_table" : "ocr_carea", "area",
                 ++hocr->area, block->box);
    tolka_strbuf_add_str(hocr->out, "\">\n");
    for (int i = 0; i < block->part_count; i++) {
        const struct tolka_block_part *part = &block->parts[i];
        open_element(hocr, "p", "ocr_par", "par", ++hocr->paragraph, part->box);
        tolka_strbuf_add_str(hocr->out, "\" lang=\"sv\">\n");
        for (int k = 0; k < part->line_count; k++)
            add_line(hocr, &part->lines[k], block->kind);
        tolka_strbuf_add_str(hocr->out, "</p>\n");
    }
    tolka_strbuf_add_str(hocr->out, "</div>\n");
}

static void add_page(const struct tolka_record *record, const struct tolka_page *page,
                     const struct tolka_model *model, struct tolka_strbuf *out)
{
    struct tolka_arena arena = {0};
    struct hocr hocr = {.page = page, .out = out};
    size_t count = 0;
    const struct tolka_block *blocks = tolka_page_blocks(page, model, &arena, &count);

    tolka_strbuf_addf(out, "<div class=\"ocr_page\" id=\"page_%d\" title=\"image ", page->number);
    add_quoted(out, record->source.path ? record->source.path : "");
    tolka_strbuf_addf(out, "; bbox 0 0 %d %d; ppageno %d; scan_res %d %d\">\n", page->width, page->height,
                      page->number - 1, page->dpi, page->dpi);
    out->failed = out->failed || !blocks;
    for (size_t i = 0; blocks && i < count; i++)
        add_block(&hocr, &blocks[i]);
    tolka_strbuf_add_str(out, "</div>\n");
    tolka_arena_release(&arena);
}

void tolka_write_hocr(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count,
                      const struct tolka_model *model, struct tolka_strbuf *out)
{
    tolka_strbuf_add_str(
        out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 "
             "Transitional//EN\" "
             "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
             "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"sv\" lang=\"sv\">\n<head>\n<title>");
    tolka_xml_text(out, record->report.title ? record->report.title : record->source.path);
    tolka_strbuf_add_str(out,
                         "</title>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n"
                         "<meta name=\"ocr-system\" content=\"tolka " TOLKA_VERSION "\"/>\n"
                         "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_par ocr_line "
                         "ocr_header ocr_footer ocr_table "
                         "ocrx_word ocrp_lang ocrp_wconf\"/>\n");
    tolka_strbuf_addf(out, "<meta name=\"ocr-number-of-pages\" content=\"%zu\"/>\n</head>\n<body>\n",
                      page_count);
    for (size_t i = 0; i < page_count; i++)
        add_page(record, &pages[i], model, out);
    tolka_strbuf_add_str(out, "</body>\n</html>\n");
}
