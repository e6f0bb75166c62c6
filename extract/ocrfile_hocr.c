/*
 * hOCR: the class says what an element is, properties in its title say where. A line without words of its own
 * is taken apart at its white space.
 */
#include "extract/ocrfile_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const float UNKNOWN_CONFIDENCE = 0.8F;

bool tolka_hocr_has_class(const char *const *attributes, const char *name)
{
    const char *classes = tolka_ocrfile_attribute(attributes, "class");
    const size_t length = strlen(name);

    for (const char *at = classes; at && *at;) {
        const size_t word = strcspn(at, " \t\r\n");
        if (word == length && memcmp(at, name, length) == 0)
            return true;
        at += word + strspn(at + word, " \t\r\n");
    }
    return false;
}

/* Where the value of a title's property begins, NULL when it is not there: "bbox 1 2 3 4; x_wconf 93". Quoted
 * semicolons part nothing. */
static const char *property(const char *const *attributes, const char *name)
{
    const char *at = tolka_ocrfile_attribute(attributes, "title");
    const size_t length = strlen(name);

    if (!at)
        return NULL;
    while (*at) {
        bool quoted = false;
        at += strspn(at, " \t\r\n;");
        if (strncmp(at, name, length) == 0 && isspace((unsigned char)at[length]))
            return at + length;
        for (; *at && (quoted || *at != ';'); at++) {
            if (*at == '\\' && at[1])
                at++;
            else if (*at == '"')
                quoted = !quoted;
        }
    }
    return NULL;
}

/* Up to four numbers of a property; those that are not there are 0. */
static void take_numbers(const char *text, double out[4])
{
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        out[i] = tolka_ocrfile_number(text, 0);
        if (text) {
            strtod(text, &end);
            text = end != text ? end : NULL;
        }
    }
}

static struct tolka_ocrfile_box box_of(const char *const *attributes)
{
    double n[4];

    take_numbers(property(attributes, "bbox"), n);
    return (struct tolka_ocrfile_box){n[0], n[1], n[2], n[3]};
}

static bool is_line(const char *const *attributes)
{
    static const char *const CLASSES[] = {"ocr_line",   "ocrx_line",   "ocr_header",
                                          "ocr_footer", "ocr_caption", "ocr_textfloat"};

    for (size_t i = 0; i < sizeof CLASSES / sizeof *CLASSES; i++) {
        if (tolka_hocr_has_class(attributes, CLASSES[i]))
            return true;
    }
    return false;
}

static void start_line(struct tolka_ocrfile_reader *reader, const char *const *attributes)
{
    tolka_ocrfile_begin_line(reader);
    tolka_strbuf_truncate(&reader->text, 0);
    reader->in_line = true;
    reader->line_depth = reader->depth;
    reader->box = box_of(attributes);
    reader->confidence = UNKNOWN_CONFIDENCE;
    reader->bold = false;
}

static void start_word(struct tolka_ocrfile_reader *reader, const char *const *attributes)
{
    const double wconf =
        tolka_ocrfile_number(property(attributes, "x_wconf"), UNKNOWN_CONFIDENCE * 100) / 100;

    tolka_strbuf_truncate(&reader->text, 0);
    reader->in_word = true;
    reader->word_depth = reader->depth;
    reader->box = box_of(attributes);
    reader->confidence = (float)(wconf < 0 ? 0 : wconf > 1 ? 1 : wconf);
    reader->bold = false;
}

void tolka_hocr_start(struct tolka_ocrfile_reader *reader, const char *name, const char *const *attributes)
{
    double scan_res[4];

    if (tolka_hocr_has_class(attributes, "ocr_page")) {
        const struct tolka_ocrfile_box box = box_of(attributes);
        take_numbers(property(attributes, "scan_res"), scan_res);
        tolka_ocrfile_set_page(reader, box.x1, box.y1, scan_res[0]);
    } else if (tolka_hocr_has_class(attributes, "ocr_par") || tolka_hocr_has_class(attributes, "ocr_carea")) {
        reader->block++;
    } else if (is_line(attributes)) {
        start_line(reader, attributes);
    } else if (tolka_hocr_has_class(attributes, "ocrx_word") ||
               tolka_hocr_has_class(attributes, "ocr_word")) {
        start_word(reader, attributes);
    } else if (tolka_hocr_has_class(attributes, "ocr_separator")) {
        tolka_ocrfile_add_ruling(reader, box_of(attributes));
    } else if (strcmp(name, "strong") == 0 || strcmp(name, "b") == 0) {
        reader->bold = true;
    }
}

static void take_text(struct tolka_ocrfile_reader *reader)
{
    tolka_ocrfile_add_text(reader, tolka_strbuf_text(&reader->text), reader->box, reader->confidence,
                           reader->bold);
    tolka_strbuf_truncate(&reader->text, 0);
}

void tolka_hocr_end(struct tolka_ocrfile_reader *reader, const char *name)
{
    const struct tolka_page *page = reader->page;

    (void)name;
    if (reader->in_word && reader->depth == reader->word_depth) {
        reader->in_word = false;
        take_text(reader);
    } else if (reader->in_line && reader->depth == reader->line_depth) {
        reader->in_line = false;
        if (page->line_count && !page->lines[page->line_count - 1].word_count)
            take_text(reader);
        tolka_strbuf_truncate(&reader->text, 0);
    }
}
