/* A page's own text: glyphs into words. document.c includes this. */
#ifndef TOLKA_EXTRACT_TEXTLAYER_H
#define TOLKA_EXTRACT_TEXTLAYER_H

#include "base/error.h"
#include "extract/pdf.h"

/* False when most of the visible text is in no encoding that can be told (private use, control or unknown
 * characters). */
bool tolka_textlayer_is_readable(const struct tolka_pdf_survey *survey);

/* Appends the visible text of `survey` as words (without lines) and its rulings to `page`. Error MEMORY. */
enum tolka_status tolka_textlayer_read(const struct tolka_pdf_survey *survey, struct tolka_page *page,
                                       struct tolka_error *err);

/* As read, of the text that is not seen: an older recogniser's. Words get the origin and confidence of recognised ones; no rulings. */
enum tolka_status tolka_textlayer_read_hidden(const struct tolka_pdf_survey *survey, struct tolka_page *page,
                                              struct tolka_error *err);

#endif
