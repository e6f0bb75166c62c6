/* Inside of a document: what document.c and document_out.c share. Nobody else includes this. */
#ifndef TOLKA_EXTRACT_DOCUMENT_INT_H
#define TOLKA_EXTRACT_DOCUMENT_INT_H

#include "extract/document.h"
#include "extract/ocrfile.h"
#include "extract/pdf.h"

enum document_kind { KIND_PDF, KIND_TIFF, KIND_PICTURE, KIND_OCRFILE, KIND_TEXT };

struct tolka_document {
    enum document_kind kind;
    unsigned char *bytes;
    size_t length;
    bool borrowed; /* the bytes are the caller's */
    int page_count;
    bool damaged;
    struct tolka_pdf *pdf;
    struct tolka_ocrfile *ocrfile;
    struct tolka_pdf_survey survey; /* of the page looked at last */
    int surveyed;                   /* its number, 0: none */
};

#endif
