/* ALTO, as the Library of Congress describes it: Page, TextBlock, TextLine, String; lengths in the unit that
 * the file names. */
#include "extract/ocrfile_int.h"

#include <string.h>

static const float UNKNOWN_CONFIDENCE = 0.8F;

static struct tolka_ocrfile_box box_of(const char *const *attributes)
{
    const double x = tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "HPOS"), 0),
                 y = tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "VPOS"), 0);

    return (struct tolka_ocrfile_box){
        x, y, x + tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "WIDTH"), 0),
        y + tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "HEIGHT"), 0)};
}

static void start_string(struct tolka_ocrfile_reader *reader, const char *const *attributes)
{
    const char *content = tolka_ocrfile_attribute(attributes, "CONTENT"),
               *style = tolka_ocrfile_attribute(attributes, "STYLE");
    const double wc = tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "WC"), UNKNOWN_CONFIDENCE);

    if (content)
        tolka_ocrfile_add_text(reader, content, box_of(attributes),
                               (float)(wc < 0   ? 0
                                       : wc > 1 ? 1
                                                : wc),
                               style && strstr(style, "bold"));
}

/* The hyphen at a line's end belongs to the word before it. */
static void start_hyphen(struct tolka_ocrfile_reader *reader)
{
    struct tolka_page *page = reader->page;
    struct tolka_word *word = page->word_count ? &page->words[page->word_count - 1] : NULL;
    const size_t length = word ? strlen(word->raw) : 0;

    if (!word || word->line != (int)page->line_count - 1 || (length && word->raw[length - 1] == '-'))
        return;
    word->raw = word->text = tolka_arena_printf(&page->arena, "%s-", word->raw);
    reader->failed = reader->failed || !word->raw;
}

void tolka_alto_start(struct tolka_ocrfile_reader *reader, const char *name, const char *const *attributes)
{
    if (strcmp(name, "Page") == 0) {
        tolka_ocrfile_set_page(reader, tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "WIDTH"), 0),
                               tolka_ocrfile_number(tolka_ocrfile_attribute(attributes, "HEIGHT"), 0),
                               reader->dpi);
    } else if (strcmp(name, "TextBlock") == 0) {
        reader->block++;
    } else if (strcmp(name, "TextLine") == 0) {
        reader->in_line = true;
        tolka_ocrfile_begin_line(reader);
    } else if (strcmp(name, "String") == 0 && reader->in_line) {
        start_string(reader, attributes);
    } else if (strcmp(name, "HYP") == 0 && reader->in_line) {
        start_hyphen(reader);
    } else if (strcmp(name, "GraphicalElement") == 0) {
        tolka_ocrfile_add_ruling(reader, box_of(attributes));
    }
}

void tolka_alto_end(struct tolka_ocrfile_reader *reader, const char *name)
{
    if (strcmp(name, "TextLine") == 0)
        reader->in_line = false;
}
