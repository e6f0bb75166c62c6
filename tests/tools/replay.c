/*
 * replay save FILE PAGES: reads the pages of FILE as `convert` does, before grids and repair, and keeps them in the file PAGES.
 * replay show PAGES: does the rest of the way from kept pages and prints the report's JSON. So a change to grids, rules or checks is
 * scored in seconds. Run from the project's root. replay md PAGES: the same as Markdown.
 * replay words PAGES: prints the kept pages as saved words (tests/support/saved_words.h), the seed of a golden case.
 */
#include "extract/grid.h"
#include "extract/pagepack.h"
#include "extract/recognize.h"
#include "schema/pipeline.h"
#include "schema/write.h"
#include "tests/support/saved_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAGES = 1000, MAX_BYTES = 1 << 28 };

static int save_page(struct tolka_document *doc, int number, struct tolka_recognizer *recognizer, FILE *out)
{
    struct tolka_page page = {0};
    struct tolka_error err = {0};
    struct tolka_strbuf bytes = {0};
    int status = tolka_document_read_page(doc, number, TOLKA_OCR_AUTO, recognizer, &page, &err);

    if (!status) {
        tolka_page_pack(&page, &bytes);
        fwrite(&bytes.length, sizeof bytes.length, 1, out);
        fwrite(bytes.data, 1, bytes.length, out);
    } else {
        fprintf(stderr, "page %d: %s\n", number, err.message);
    }
    tolka_strbuf_release(&bytes);
    tolka_page_release(&page);
    return status ? 1 : 0;
}

static int save(const char *from, const char *to)
{
    struct tolka_document *doc = NULL;
    struct tolka_recognizer *recognizer = NULL;
    struct tolka_error err = {0};
    FILE *out = fopen(to, "wb");
    int failed = 0;

    if (!out || tolka_document_open(from, &doc, &err) || tolka_recognizer_new(&recognizer, &err)) {
        fprintf(stderr, "replay: %s\n", out ? err.message : to);
        failed = 2;
    }
    for (int n = 1; failed < 2 && n <= tolka_document_page_count(doc); n++)
        failed |= save_page(doc, n, recognizer, out);
    if (out && fclose(out))
        failed = 2;
    tolka_recognizer_free(recognizer);
    tolka_document_free(doc);
    return failed;
}

/* The next kept page into `page`; false at the end, or when what is there is no page. */
static bool next_page(FILE *in, struct tolka_page *page)
{
    struct tolka_error err = {0};
    size_t length;
    bool good = false;
    char *bytes;

    if (fread(&length, sizeof length, 1, in) != 1 || length > MAX_BYTES || !(bytes = malloc(length)))
        return false;
    if (fread(bytes, 1, length, in) == length)
        good = tolka_page_unpack(bytes, length, page, &err) == TOLKA_OK;
    free(bytes);
    return good;
}

/* The rest of the way, and what it came to as JSON, or as Markdown, in `out`. */
static enum tolka_status finish(const struct tolka_pipeline *pipeline, FILE *in, bool as_markdown, struct tolka_strbuf *out,
                                struct tolka_error *err)
{
    static struct tolka_page pages[MAX_PAGES];
    struct tolka_record record = {0};
    enum tolka_status status = TOLKA_OK;
    size_t count = 0;

    while (!status && count < MAX_PAGES && next_page(in, &pages[count])) {
        status = tolka_pipeline_finish_page(pipeline, &pages[count], err);
        count++;
    }
    if (!status)
        status = tolka_pipeline_report(pipeline, pages, count, &record, err);
    if (as_markdown)
        tolka_write_md(&record, pages, count, out);
    else
        tolka_write_json(&record, out);
    tolka_record_release(&record);
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    return status;
}

static int show(const char *path, bool as_markdown)
{
    const char *dirs[] = {"schema/rules"};
    struct tolka_model *model = NULL;
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};
    struct tolka_strbuf text = {0};
    FILE *in = fopen(path, "rb");
    int failed = 1;

    if (!in || tolka_model_open("normalize/data/sv.model", &model, &err) || tolka_rules_load(dirs, 1, &rules, &err))
        goto out;
    failed = finish(&(struct tolka_pipeline){.model = model, .rules = rules, .ocr = TOLKA_OCR_AUTO}, in, as_markdown, &text, &err) != TOLKA_OK;
    fwrite(text.data, 1, text.length, stdout);
out:
    if (failed)
        fprintf(stderr, "replay: %s: %s\n", path, in ? err.message : "cannot be read");
    if (in)
        fclose(in);
    tolka_strbuf_release(&text);
    tolka_rules_free(rules);
    tolka_model_free(model);
    return failed;
}

static int print_words(const char *path)
{
    struct tolka_page page = {0};
    FILE *in = fopen(path, "rb");
    int pages = 0;

    while (in && next_page(in, &page)) {
        saved_words_write(&page, stdout);
        tolka_page_release(&page);
        pages++;
    }
    if (in)
        fclose(in);
    return pages == 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "save") == 0)
        return save(argv[2], argv[3]);
    if (argc == 3 && (strcmp(argv[1], "show") == 0 || strcmp(argv[1], "md") == 0))
        return show(argv[2], argv[1][0] == 'm');
    if (argc == 3 && strcmp(argv[1], "words") == 0)
        return print_words(argv[2]);
    fputs("usage: replay save FILE PAGES | replay show|md|words PAGES\n", stderr);
    return 2;
}
