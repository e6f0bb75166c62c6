#include "extract/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A file of this name (its ending tells) and content in a folder of its own. */
static const char *write_file(const char *name, const void *bytes, size_t length)
{
    static char path[256];
    static char folder[64];
    FILE *out;

    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/tmp/tolka-test-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    fclose(out);
    return path;
}

static void remove_file(const char *path)
{
    char folder[256];

    unlink(path);
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    rmdir(folder);
    mkdir(folder, 0700); /* other tests go on in it */
}

static void assert_refused(const char *name, const void *bytes, size_t length, enum tolka_status status,
                           const char *says)
{
    const char *path = write_file(name, bytes, length);
    struct tolka_document *doc = NULL;
    struct tolka_error err = {0};

    assert_int_equal(tolka_document_open(path, &doc, &err), status);
    assert_null(doc);
    assert_non_null(strstr(err.message, name));
    assert_non_null(strstr(err.message, says));
    remove_file(path);
}

static void test_open_names_a_missing_file(void **state)
{
    struct tolka_document *doc = NULL;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_document_open("/nowhere/report.pdf", &doc, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "/nowhere/report.pdf"));
}

static void test_open_refuses_a_folder(void **state)
{
    struct tolka_document *doc = NULL;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_document_open("/tmp", &doc, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "folder"));
}

static void test_open_refuses_an_empty_file(void **state)
{
    (void)state;
    assert_refused("empty.pdf", "", 0, TOLKA_ERR_FORMAT, "empty");
}

static void test_open_refuses_text_named_pdf(void **state)
{
    (void)state;
    assert_refused("text.pdf", "bara text\n", 10, TOLKA_ERR_FORMAT, "is not a PDF although it is named so");
}

static void test_open_refuses_unknown_bytes(void **state)
{
    (void)state;
    assert_refused("blob.bin", "\0\1\2\3\4\5\6\7", 8, TOLKA_ERR_FORMAT, "is not a PDF");
}

static void test_open_refuses_a_pdf_without_pages(void **state)
{
    static const char EMPTY[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        "trailer<</Root 1 0 R>>\n";

    (void)state;
    assert_refused("zero.pdf", EMPTY, sizeof EMPTY - 1, TOLKA_ERR_FORMAT, "no pages");
}

static void test_open_refuses_a_png_bomb_by_its_header(void **state)
{
    static const unsigned char BOMB[] = {
        0x89, 'P',  'N',  'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0xC3, 0x50, 0,
        0,    0xC3, 0x50, 8,   0,    0,    0,    0,    0, 0, 0, 0,  0,   0,   0,   0,   0, 0, 0,    0,    0};

    (void)state;
    assert_refused("bomb.png", BOMB, sizeof BOMB, TOLKA_ERR_LIMIT, "50000 x 50000");
}

static void read_first_page(const char *name, const void *bytes, size_t length, struct tolka_page *page)
{
    const char *path = write_file(name, bytes, length);
    struct tolka_document *doc = NULL;
    struct tolka_error err = {0};

    assert_int_equal(tolka_document_open(path, &doc, &err), TOLKA_OK);
    assert_int_equal(tolka_document_page_count(doc), 1);
    assert_int_equal(tolka_document_read_page(doc, 1, TOLKA_OCR_AUTO, NULL, page, &err), TOLKA_OK);
    tolka_document_free(doc);
    remove_file(path);
}

/* A page of 200 x 100 points with `content`; MuPDF rebuilds the cross references that it lacks. */
static void read_pdf(const char *content, struct tolka_page *page)
{
    char pdf[2048];
    const int length = snprintf(
        pdf, sizeof pdf,
        "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
        "1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R/B "
        "6 0 R>>>>>>"
        "endobj\n4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        "6 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>endobj\n"
        "trailer<</Root 1 0 R>>\n",
        strlen(content), content);

    read_first_page("born.pdf", pdf, (size_t)length, page);
}

static void test_read_page_takes_a_pdfs_own_text(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("BT /B 10 Tf 20 60 Td (\\305rets resultat) Tj /F 10 Tf 100 0 Td (1 116) Tj ET", &page);
    assert_int_equal(page.origin, TOLKA_ORIGIN_TEXT);
    assert_int_equal(page.word_count, 4);
    assert_string_equal(page.words[0].text, "\xC3\x85rets");
    assert_true(page.words[0].flags & TOLKA_WORD_BOLD);
    assert_string_equal(page.words[3].text, "116");
    assert_false(page.words[3].flags & TOLKA_WORD_BOLD);
    assert_in_range(page.words[0].box.x0, 20 * 300 / 72 - 2, 20 * 300 / 72 + 2);
    tolka_page_release(&page);
}

static void test_read_page_leaves_hidden_text_out(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("BT /F 10 Tf 20 60 Td (synlig) Tj 3 Tr 0 -20 Td (dold) Tj 0 Tr 1 g 0 -20 Td (vit) Tj ET", &page);
    assert_int_equal(page.word_count, 1);
    assert_string_equal(page.words[0].text, "synlig");
    tolka_page_release(&page);
}

static void test_read_page_keeps_white_text_on_a_dark_bar(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("0 0 0.5 rg 10 50 180 30 re f BT 1 g /F 10 Tf 20 60 Td (rubrik) Tj ET", &page);
    assert_int_equal(page.word_count, 1);
    tolka_page_release(&page);
}

static void test_read_page_counts_text_drawn_twice_once(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("BT /F 10 Tf 20 60 Td (Summa) Tj ET BT /F 10 Tf 20.3 60 Td (Summa) Tj ET", &page);
    assert_int_equal(page.word_count, 1);
    assert_string_equal(page.words[0].text, "Summa");
    tolka_page_release(&page);
}

static void test_read_page_takes_drawn_lines_as_rulings(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("BT /F 10 Tf 20 60 Td (text) Tj ET 0.5 w 10 50 m 190 50 l S 10 20 0.5 60 re f", &page);
    assert_int_equal(page.ruling_count, 2);
    assert_false(page.rulings[0].vertical);
    assert_true(page.rulings[1].vertical);
    tolka_page_release(&page);
}

static void test_read_page_of_a_blank_page_is_no_error(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_pdf("", &page);
    assert_int_equal(page.word_count, 0);
    assert_true(page.confidence == 1);
    tolka_page_release(&page);
}

static void test_read_page_of_a_text_file(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_first_page("report.txt", "Belopp  kr\n", 11, &page);
    assert_int_equal(page.word_count, 2);
    assert_int_equal(page.origin, TOLKA_ORIGIN_TEXT);
    tolka_page_release(&page);
}

static bool refuse(const struct tolka_page *page, const void *user)
{
    (void)page, (void)user;
    return false;
}

static bool accept(const struct tolka_page *page, const void *user)
{
    assert_ptr_equal(user, "judge");
    assert_int_equal(page->word_count, 10);
    return true;
}

/* A white picture over the whole page and unseen text on it. */
static void read_layer(tolka_layer_judge *judge, struct tolka_page *page)
{
    static const char pdf[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
        "1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 "
        "R>>/XObject<</I "
        "6 0 R>>>>>>endobj\n4 0 obj<</Length 141>>stream\n"
        "q 200 0 0 100 0 0 cm /I Do Q BT 3 Tr /F 10 Tf 20 60 Td (rader som en annan har) Tj 0 -12 Td (igenom "
        "och skrivit) Tj "
        "(     efter sig) Tj ET  \nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        "6 0 obj<</Type/XObject/Subtype/Image/Width 100/Height 50/BitsPerComponent "
        "1/ColorSpace/DeviceGray/Filter/ASCIIHexDecode"
        "/Decode[1 0]/Length 1>>stream\n>\nendstream endobj\ntrailer<</Root 1 0 R>>\n";
    const char *path = write_file("layer.pdf", pdf, sizeof pdf - 1);
    struct tolka_document *doc = NULL;
    struct tolka_error err = {0};

    assert_int_equal(tolka_document_open(path, &doc, &err), TOLKA_OK);
    assert_int_equal(tolka_document_read_layer(doc, 1, judge, "judge", page, &err), TOLKA_OK);
    tolka_document_free(doc);
    remove_file(path);
}

static void test_read_layer_keeps_what_the_judge_accepts(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_layer(accept, &page);
    assert_int_equal(page.word_count, 10);
    assert_int_equal(page.line_count, 2);
    assert_int_equal(page.origin, TOLKA_ORIGIN_OCR);
    assert_string_equal(page.words[0].text, "rader");
    assert_in_range(page.words[0].box.x0 * 200, 19 * page.width, 21 * page.width);
    tolka_page_release(&page);
}

static void test_read_layer_leaves_what_the_judge_refuses(void **state)
{
    struct tolka_page page = {0};

    (void)state;
    read_layer(refuse, &page);
    assert_int_equal(page.word_count, 0);
    assert_int_equal(page.width, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_names_a_missing_file),
        cmocka_unit_test(test_open_refuses_a_folder),
        cmocka_unit_test(test_open_refuses_an_empty_file),
        cmocka_unit_test(test_open_refuses_text_named_pdf),
        cmocka_unit_test(test_open_refuses_unknown_bytes),
        cmocka_unit_test(test_open_refuses_a_pdf_without_pages),
        cmocka_unit_test(test_open_refuses_a_png_bomb_by_its_header),
        cmocka_unit_test(test_read_page_takes_a_pdfs_own_text),
        cmocka_unit_test(test_read_page_leaves_hidden_text_out),
        cmocka_unit_test(test_read_page_keeps_white_text_on_a_dark_bar),
        cmocka_unit_test(test_read_page_counts_text_drawn_twice_once),
        cmocka_unit_test(test_read_page_takes_drawn_lines_as_rulings),
        cmocka_unit_test(test_read_page_of_a_blank_page_is_no_error),
        cmocka_unit_test(test_read_page_of_a_text_file),
        cmocka_unit_test(test_read_layer_keeps_what_the_judge_accepts),
        cmocka_unit_test(test_read_layer_leaves_what_the_judge_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
