#include "extract/ocrfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads page `number` of `text`; the file must have `pages` pages. */
static void read_page(const char *text, int pages, int number, struct tolka_page *page)
{
    struct tolka_ocrfile *file = NULL;
    struct tolka_error err = {0};

    *page = (struct tolka_page){.number = number};
    assert_true(tolka_ocrfile_is_one(text, strlen(text)));
    assert_int_equal(tolka_ocrfile_open(text, strlen(text), &file, &err), TOLKA_OK);
    assert_int_equal(tolka_ocrfile_page_count(file), pages);
    if (tolka_ocrfile_read(file, number, page, &err))
        print_error("%s\n", err.message);
    assert_int_equal(err.status, TOLKA_OK);
    tolka_ocrfile_free(file);
}

static void assert_refused(const char *text, enum tolka_status status, const char *says)
{
    struct tolka_ocrfile *file = NULL;
    struct tolka_error err = {0};

    assert_int_equal(tolka_ocrfile_open(text, strlen(text), &file, &err), status);
    assert_null(file);
    assert_non_null(strstr(err.message, says));
    assert_null(strchr(err.message, '\n'));
}

#define ALTO(unit, layout)                                                                                   \
    "<?xml version=\"1.0\"?>\n<alto "                                                                        \
    "xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Description><MeasurementUnit>" unit                 \
    "</MeasurementUnit></Description><Layout>" layout "</Layout></alto>"
#define LINE                                                                                                 \
    "<TextBlock ID=\"b\"><TextLine><String CONTENT=\"&#197;rets\" HPOS=\"100\" VPOS=\"200\" WIDTH=\"50\" "   \
    "HEIGHT=\"20\" WC=\"0.5\" "                                                                              \
    "STYLE=\"bold\"/><SP/><String CONTENT=\"a b\" HPOS=\"200\" VPOS=\"200\" WIDTH=\"30\" "                   \
    "HEIGHT=\"20\"/></TextLine></TextBlock>"

static void test_read_alto_words_with_boxes(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(ALTO("pixel", "<Page WIDTH=\"1654\" HEIGHT=\"2339\"><PrintSpace>" LINE "</PrintSpace></Page>"),
              1, 1, &page);
    assert_int_equal(page.word_count, 3);
    assert_string_equal(page.words[0].text, "\xC3\x85rets");
    assert_true(page.words[0].flags & TOLKA_WORD_BOLD);
    assert_true(page.words[0].confidence == 0.5F);
    assert_int_equal(page.words[0].box.x1, 150);
    assert_int_equal(page.dpi, 200);
    assert_int_equal(page.origin, TOLKA_ORIGIN_OCR);
    tolka_page_release(&page);
}

static void test_read_parts_a_string_at_its_space(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(ALTO("pixel", "<Page><PrintSpace>" LINE "</PrintSpace></Page>"), 1, 1, &page);
    assert_string_equal(page.words[1].text, "a");
    assert_string_equal(page.words[2].text, "b");
    assert_int_equal(page.words[1].box.x1, 210);
    assert_int_equal(page.words[2].box.x0, 220);
    tolka_page_release(&page);
}

static void test_read_takes_lengths_to_pixels(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(ALTO("mm10", "<Page WIDTH=\"2100\" HEIGHT=\"2970\"><PrintSpace>" LINE "</PrintSpace></Page>"),
              1, 1, &page);
    assert_int_equal(page.dpi, 300);
    assert_int_equal(page.width, 2480);
    assert_int_equal(page.words[0].box.x0, 118);
    tolka_page_release(&page);
    read_page(
        ALTO("inch1200", "<Page WIDTH=\"9920\" HEIGHT=\"14030\"><PrintSpace>" LINE "</PrintSpace></Page>"), 1,
        1, &page);
    assert_int_equal(page.width, 2480);
    assert_int_equal(page.words[0].box.x0, 25);
    tolka_page_release(&page);
}

static void test_read_puts_the_hyphen_back(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(ALTO("pixel", "<Page><PrintSpace><TextBlock><TextLine><String CONTENT=\"f&#246;r\" "
                            "SUBS_TYPE=\"HypPart1\"/><HYP CONTENT=\"-\"/>"
                            "</TextLine></TextBlock></PrintSpace></Page>"),
              1, 1, &page);
    assert_string_equal(page.words[0].raw, "f\xC3\xB6r-");
    tolka_page_release(&page);
}

static void test_read_takes_graphical_elements_as_rulings(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(ALTO("pixel", "<Page><PrintSpace><GraphicalElement HPOS=\"10\" VPOS=\"20\" WIDTH=\"300\" "
                            "HEIGHT=\"3\"/></PrintSpace></Page>"),
              1, 1, &page);
    assert_int_equal(page.ruling_count, 1);
    assert_false(page.rulings[0].vertical);
    assert_int_equal(page.word_count, 0);
    tolka_page_release(&page);
}

static void test_read_second_page_with_a_prefix(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page("<a:alto xmlns:a=\"x\"><a:Layout><a:Page/><a:Page><a:TextLine><a:String "
              "CONTENT=\"tv&#229;\"/></a:TextLine></a:Page></a:Layout></a:alto>",
              2, 2, &page);
    assert_string_equal(page.words[0].text, "tv\xC3\xA5");
    tolka_page_release(&page);
}

#define HOCR(body)                                                                                           \
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "                                      \
    "\"http://nowhere/x.dtd\">\n<html><head/><body>"                                                         \
    "<div class='ocr_page' title='image \"a;b\"; bbox 0 0 1000 1400; ppageno 0; scan_res 150 150'>" body     \
    "</div></body></html>"

static void test_read_hocr_words_with_boxes(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(HOCR("<p class='ocr_par'><span class='ocr_line' title='bbox 1 2 300 40; x_size 30'><span "
                   "class='ocrx_word extra' "
                   "title='bbox 10 20 60 40; x_wconf 91'><strong>M&#229;l</strong></span> <span "
                   "class='ocrx_word' title='bbox 70 20 90 40'>a&nbsp;"
                   "</span></span></p>"),
              1, 1, &page);
    assert_int_equal(page.word_count, 2);
    assert_string_equal(page.words[0].text, "M\xC3\xA5l");
    assert_true(page.words[0].flags & TOLKA_WORD_BOLD);
    assert_int_equal(page.words[0].box.x0, 10);
    assert_true(page.words[0].confidence > 0.9F);
    assert_string_equal(page.words[1].text, "a");
    assert_int_equal(page.dpi, 150);
    assert_int_equal(page.width, 1000);
    tolka_page_release(&page);
}

static void test_read_takes_a_bare_line_apart(void **state)
{
    struct tolka_page page;

    (void)state;
    read_page(HOCR("<span class='ocr_line' title='bbox 100 0 200 20'>tv&#229; ord</span><span "
                   "class='ocr_line' title='bbox 0 30 9 40'/>"),
              1, 1, &page);
    assert_int_equal(page.word_count, 2);
    assert_int_equal(page.line_count, 1);
    assert_string_equal(page.words[1].text, "ord");
    tolka_page_release(&page);
}

static void test_open_refuses_what_is_cut_off(void **state)
{
    (void)state;
    assert_refused(
        "<?xml version=\"1.0\"?><alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Layout><Page>",
        TOLKA_ERR_FORMAT, "well-formed");
}

static void test_open_refuses_a_file_without_pages(void **state)
{
    (void)state;
    assert_refused(ALTO("pixel", ""), TOLKA_ERR_FORMAT, "no pages");
}

static void test_open_refuses_entities(void **state)
{
    (void)state;
    assert_refused("<!DOCTYPE alto [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                   "\"&a;&a;&a;&a;&a;\">]><alto><Layout><Page>&b;</Page></Layout></alto>",
                   TOLKA_ERR_FORMAT, "entities");
    assert_refused("<!DOCTYPE alto [<!ENTITY a SYSTEM "
                   "\"file:///etc/passwd\">]><alto><Layout><Page>&a;</Page></Layout></alto>      ",
                   TOLKA_ERR_FORMAT, "entities");
}

static void test_open_refuses_deep_nesting(void **state)
{
    char text[4096] = "<alto>";

    (void)state;
    for (int i = 0; i < 1000; i++)
        strcat(text, "<a>");
    assert_refused(text, TOLKA_ERR_LIMIT, "nested");
}

static void test_is_one_knows_other_xml_apart(void **state)
{
    static const char other[] =
        "<?xml version=\"1.0\"?><html><head><title>an ordinary page, of no recogniser</title></head></html>";

    (void)state;
    assert_false(tolka_ocrfile_is_one(other, sizeof other - 1));
    assert_false(tolka_ocrfile_is_one(
        "alto och hocr: text utan taggar, men nog s\xC3\xA5 l\xC3\xA5ng f\xC3\xB6r att synas i filen", 70));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_alto_words_with_boxes),
        cmocka_unit_test(test_read_parts_a_string_at_its_space),
        cmocka_unit_test(test_read_takes_lengths_to_pixels),
        cmocka_unit_test(test_read_puts_the_hyphen_back),
        cmocka_unit_test(test_read_takes_graphical_elements_as_rulings),
        cmocka_unit_test(test_read_second_page_with_a_prefix),
        cmocka_unit_test(test_read_hocr_words_with_boxes),
        cmocka_unit_test(test_read_takes_a_bare_line_apart),
        cmocka_unit_test(test_open_refuses_what_is_cut_off),
        cmocka_unit_test(test_open_refuses_a_file_without_pages),
        cmocka_unit_test(test_open_refuses_entities),
        cmocka_unit_test(test_open_refuses_deep_nesting),
        cmocka_unit_test(test_is_one_knows_other_xml_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
