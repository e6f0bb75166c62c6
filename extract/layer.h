/* An older recogniser's text over a page's picture: unseen glyphs into words, and those into the frame of the
 * picture. document.c only. */
#ifndef TOLKA_EXTRACT_LAYER_H
#define TOLKA_EXTRACT_LAYER_H

#include "base/error.h"
#include "extract/pdf.h"

/* True when the page is a picture with unseen text of some length over it. */
bool tolka_layer_is_there(const struct tolka_pdf_survey *survey);

/*
 * Takes words that lie in the survey's pixels to the deskewed frame of the prepared picture, whose size, skew
 * and place `page` states by now.
 */
void tolka_layer_fit(const struct tolka_pdf_survey *survey, struct tolka_page *page);

#endif
