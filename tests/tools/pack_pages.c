/*
 * pack_pages FILE OUT: does the page half of `convert` on FILE and keeps the pages, packed, in OUT, each
 * behind its length (4 bytes). pack_pages -pdf FILE PACKED OUT: writes the searchable PDF of FILE with them.
 */
#include "base/strbuf.h"
#include "extract/pagepack.h"
#include "extract/recognize.h"
#include "schema/pipeline.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAGES = 2000 };

static bool write_file(const char *path, const struct tolka_strbuf *bytes)
{
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(tolka_strbuf_text(bytes), 1, bytes->length, file) == bytes->length;

    if (file)
        good = fclose(file) == 0 && good;
    return good;
}

static int pack(const char *in, const char *out)
{
    struct tolka_pipeline pipeline = {.ocr = TOLKA_OCR_AUTO};
    struct tolka_recognizer *recognizer = NULL;
    struct tolka_document *doc = NULL;
    struct tolka_model *model = NULL;
    struct tolka_strbuf all = {0};
    struct tolka_error err = {0};
    int status = tolka_model_open("normalize/data/sv.model", &model, &err);

    pipeline.model = model;
    if (!status)
        status = tolka_document_open(in, &doc, &err);
    for (int i = 1; !status && i <= tolka_document_page_count(doc); i++) {
        struct tolka_page page = {0};
        struct tolka_strbuf packed = {0};
        uint32_t length;
        status = tolka_pipeline_page(&pipeline, doc, i, &recognizer, &page, &err);
        if (!status)
            tolka_page_pack(&page, &packed);
        length = (uint32_t)packed.length;
        tolka_strbuf_add(&all, &length, sizeof length);
        tolka_strbuf_add(&all, packed.data, packed.length);
        tolka_strbuf_release(&packed);
        tolka_page_release(&page);
    }
    if (status)
        fprintf(stderr, "%s\n", err.message);
    else if (!write_file(out, &all))
        status = 1;
    tolka_strbuf_release(&all);
    tolka_recognizer_free(recognizer);
    tolka_document_free(doc);
    tolka_model_free(model);
    return status != 0;
}

static size_t unpack(const char *path, struct tolka_page *pages)
{
    FILE *file = fopen(path, "rb");
    size_t count = 0;
    uint32_t length;

    while (file && count < MAX_PAGES && fread(&length, sizeof length, 1, file) == 1) {
        char *bytes = malloc(length + 1);
        if (!bytes || fread(bytes, 1, length, file) != length ||
            tolka_page_unpack(bytes, length, &pages[count], NULL)) {
            free(bytes);
            break;
        }
        free(bytes);
        count++;
    }
    if (file)
        fclose(file);
    return count;
}

static int write_pdf(const char *in, const char *packed, const char *out)
{
    static struct tolka_page pages[MAX_PAGES];
    const size_t count = unpack(packed, pages);
    struct tolka_document *doc = NULL;
    struct tolka_strbuf bytes = {0};
    struct tolka_error err = {0};
    int status = tolka_document_open(in, &doc, &err);

    if (!status)
        status = tolka_document_write_pdf(doc, pages, count, &bytes, &err);
    if (status)
        fprintf(stderr, "%s\n", err.message);
    else if (!write_file(out, &bytes))
        status = 1;
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    tolka_strbuf_release(&bytes);
    tolka_document_free(doc);
    return status != 0;
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return pack(argv[1], argv[2]);
    if (argc == 5 && strcmp(argv[1], "-pdf") == 0)
        return write_pdf(argv[2], argv[3], argv[4]);
    fprintf(stderr, "usage: pack_pages FILE OUT | pack_pages -pdf FILE PACKED OUT\n");
    return 2;
}
