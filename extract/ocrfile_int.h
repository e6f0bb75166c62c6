/*
 * Inside of ocrfile: ocrfile.c walks the XML (it alone includes expat) and calls the reader of the format;
 * both readers put words into lines with ocrfile_words.c. Nobody else includes this.
 */
#ifndef TOLKA_EXTRACT_OCRFILE_INT_H
#define TOLKA_EXTRACT_OCRFILE_INT_H

#include "base/strbuf.h"
#include "extract/page.h"

enum tolka_ocrfile_kind { TOLKA_OCRFILE_ALTO, TOLKA_OCRFILE_HOCR };

/* A box as a file states it. */
struct tolka_ocrfile_box {
    double x0, y0, x1, y1;
};

/* One page being read. */
struct tolka_ocrfile_reader {
    struct tolka_page *page;
    double px_per_unit;
    double dpi; /* that lengths are made pixels at; 0 when the file counts in pixels */
    int block;  /* of the lines that come */
    bool in_line, in_word;
    struct tolka_ocrfile_box box; /* of the line or word whose text is gathered */
    float confidence;
    bool bold;
    int depth, line_depth, word_depth; /* of the elements that are open */
    struct tolka_strbuf text;
    bool failed; /* no memory, or over a bound */
};

/* The value of an attribute, NULL when it is not there. */
const char *tolka_ocrfile_attribute(const char *const *attributes, const char *name);

/* A finite number within the bounds of a page, else `otherwise`. */
double tolka_ocrfile_number(const char *text, double otherwise);

/* Begins a line; an earlier one without words goes. */
void tolka_ocrfile_begin_line(struct tolka_ocrfile_reader *reader);

/* Adds a text to the line; white space in it parts it into words, each with its share of the box. */
void tolka_ocrfile_add_text(struct tolka_ocrfile_reader *reader, const char *text,
                            struct tolka_ocrfile_box box, float confidence, bool bold);

void tolka_ocrfile_add_ruling(struct tolka_ocrfile_reader *reader, struct tolka_ocrfile_box box);

/* Sets the page's size; `dpi` 0: not told. */
void tolka_ocrfile_set_page(struct tolka_ocrfile_reader *reader, double width, double height, double dpi);

/* Completes lines and page. */
void tolka_ocrfile_finish(struct tolka_ocrfile_reader *reader);

/* The formats: elements and text as they come. Names come without a prefix. */
void tolka_alto_start(struct tolka_ocrfile_reader *reader, const char *name, const char *const *attributes);
void tolka_alto_end(struct tolka_ocrfile_reader *reader, const char *name);
void tolka_hocr_start(struct tolka_ocrfile_reader *reader, const char *name, const char *const *attributes);
void tolka_hocr_end(struct tolka_ocrfile_reader *reader, const char *name);

/* True when the class attribute holds `name` as one of its words. */
bool tolka_hocr_has_class(const char *const *attributes, const char *name);

#endif
