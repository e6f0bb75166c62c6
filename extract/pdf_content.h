/* The content of a PDF page as bytes: its old text taken out. Plain bytes, no MuPDF. pdf_write.c includes
 * this. */
#ifndef TOLKA_EXTRACT_PDF_CONTENT_H
#define TOLKA_EXTRACT_PDF_CONTENT_H

#include "base/arena.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum { TOLKA_PDF_MAX_DRAWN = 256 };

/* What was found in a content stream. All-zero before. */
struct tolka_pdf_content {
    bool stripped;    /* text was taken out */
    bool is_odd;      /* what it sets does not end with it: it must be wrapped in q and Q */
    int below, above; /* how far Q goes below where it begins; states above that which it leaves open */
    bool text_open;   /* it ends within a text object */
    int marks_open;   /* marked content that it leaves open */
    const char
        *drawn[TOLKA_PDF_MAX_DRAWN]; /* names of the objects that it draws (Do), each once, in the arena */
    bool drawn_hidden[TOLKA_PDF_MAX_DRAWN]; /* drawn only while text is not painted */
    size_t drawn_count;
};

/*
 * Copies the content stream `bytes` to `out` without the text that is not painted (rendering mode 3, `hidden`
 * tells whether that is set when it begins), with `all` without any text. All else is copied as it is; what
 * is broken is copied too.
 */
void tolka_pdf_content_strip(const char *bytes, size_t length, bool all, bool hidden,
                             struct tolka_pdf_content *content, struct tolka_arena *arena,
                             struct tolka_strbuf *out);

#endif
