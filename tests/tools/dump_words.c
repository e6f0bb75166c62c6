/* dump_words FILE [PAGE]: reads the pages of FILE as `convert` does and prints them as saved words (tests/support/saved_words.h). */
#include "extract/document.h"
#include "extract/recognize.h"
#include "tests/support/saved_words.h"

#include <stdlib.h>

static int dump_page(struct tolka_document *doc, int number, struct tolka_recognizer *recognizer)
{
    struct tolka_page page = {0};
    struct tolka_error err = {0};
    int status = tolka_document_read_page(doc, number, TOLKA_OCR_AUTO, recognizer, &page, &err);

    if (status)
        fprintf(stderr, "page %d: %s\n", number, err.message);
    else
        saved_words_write(&page, stdout);
    tolka_page_release(&page);
    return status ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct tolka_document *doc = NULL;
    struct tolka_recognizer *recognizer = NULL;
    struct tolka_error err = {0};
    int failed = 0, only = argc > 2 ? atoi(argv[2]) : 0;

    if (argc < 2 || tolka_document_open(argv[1], &doc, &err) || tolka_recognizer_new(&recognizer, &err)) {
        fprintf(stderr, "dump_words: %s\n", argc < 2 ? "usage: dump_words FILE [PAGE]" : err.message);
        tolka_document_free(doc);
        return 2;
    }
    for (int n = 1; n <= tolka_document_page_count(doc); n++) {
        if (!only || only == n)
            failed |= dump_page(doc, n, recognizer);
    }
    tolka_recognizer_free(recognizer);
    tolka_document_free(doc);
    return failed;
}
