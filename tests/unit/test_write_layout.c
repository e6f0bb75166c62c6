/* ALTO and hOCR of a small page. That they are valid is tested over whole reports, in tests/e2e. */
#include "schema/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add_line(struct tolka_page *page, int y, const char *const *words, int count)
{
    struct tolka_line *line = tolka_page_add_line(page);

    line->first_word = (int)page->word_count;
    line->word_count = count;
    line->size_px = 30;
    for (int i = 0; i < count; i++) {
        struct tolka_word *word = tolka_page_add_word(page);
        *word = (struct tolka_word){.box = {100 + 200 * i, y, 250 + 200 * i, y + 30},
                                    .raw = words[i],
                                    .text = words[i],
                                    .confidence = 0.5F,
                                    .line = (int)page->line_count - 1};
        line->box = tolka_box_union(line->box, word->box);
    }
}

/* A heading, a paragraph with a word over two lines, a table of one cell, a page number. */
static void make_page(struct tolka_page *page)
{
    static const char *const HEAD[] = {"M\xC3\xA5l"}, *const FIRST[] = {"a<b", "f\xC3\xB6rs\xC3\xB6rj-"},
                             *const SECOND[] = {"ning", "\"x\""}, *const CELL[] = {"120"},
                             *const NUMBER[] = {"7"};
    struct tolka_grid *grid;

    *page = (struct tolka_page){.number = 2, .width = 1000, .height = 1400, .dpi = 100};
    add_line(page, 100, HEAD, 1);
    add_line(page, 200, FIRST, 2);
    add_line(page, 240, SECOND, 2);
    add_line(page, 400, CELL, 1);
    add_line(page, 1350, NUMBER, 1);
    for (size_t i = 0; i < page->line_count; i++)
        page->lines[i].block = i < 2 ? (int)i : (int)i - 1;
    page->lines[0].role = TOLKA_LINE_HEADING;
    page->lines[0].heading_level = 2;
    page->lines[4].role = TOLKA_LINE_PAGE_NUMBER;
    page->words[4].raw = "\"<";
    grid = tolka_page_add_grid(page, 1, 2);
    grid->cells[1].words = tolka_arena_array(&page->arena, 1, sizeof(int));
    grid->cells[1].words[0] = 5;
    grid->cells[1].word_count = 1;
}

static void assert_written(void (*write)(const struct tolka_record *, const struct tolka_page *, size_t,
                                         const struct tolka_model *, struct tolka_strbuf *),
                           const char *const *parts)
{
    struct tolka_record record = {.source = {.path = "a&b.pdf"}};
    struct tolka_page page;
    struct tolka_strbuf out = {0};
    const char *at;

    make_page(&page);
    write(&record, &page, 1, NULL, &out);
    assert_false(out.failed);
    at = out.data;
    for (; *parts; parts++) {
        at = strstr(at, *parts);
        if (!at)
            print_error("not in its place: %s\n", *parts);
        assert_non_null(at);
    }
    tolka_strbuf_release(&out);
    tolka_page_release(&page);
}

static void test_write_alto_names_the_whole_of_two_halves(void **state)
{
    static const char *const parts[] = {
        "CONTENT=\"f\xC3\xB6rs\xC3\xB6rj\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"f\xC3\xB6rs\xC3\xB6rjning\"",
        "<HYP CONTENT=\"-\"/>", "CONTENT=\"ning\" SUBS_TYPE=\"HypPart2\"", NULL};

    (void)state;
    assert_written(tolka_write_alto, parts);
}

static void test_write_alto_keeps_what_was_read(void **state)
{
    static const char *const parts[] = {
        "CONTENT=\"&quot;x&quot;\" WC=\"0.5\"><ALTERNATIVE PURPOSE=\"raw\">&quot;&lt;</ALTERNATIVE>", NULL};

    (void)state;
    assert_written(tolka_write_alto, parts);
}

static void test_write_alto_parts_page_numbers_headings_and_tables(void **state)
{
    static const char *const parts[] = {"a&amp;b.pdf",
                                        "<BottomMargin",
                                        "CONTENT=\"7\"",
                                        "</BottomMargin>",
                                        "<PrintSpace",
                                        "TAGREFS=\"heading2\"",
                                        "CONTENT=\"a&lt;b\"",
                                        "TYPE=\"table\"",
                                        "CONTENT=\"120\"",
                                        "</ComposedBlock>",
                                        NULL};

    (void)state;
    assert_written(tolka_write_alto, parts);
}

static void test_write_hocr_has_words_in_lines_in_areas(void **state)
{
    static const char *const parts[] = {
        "image &quot;a&amp;b.pdf&quot;; bbox 0 0 1000 1400; ppageno 1; scan_res 100 100",
        "class=\"ocr_carea\"",
        "class=\"ocr_line\" id=\"line_2_1\" title=\"bbox 100 100 250 130; x_size 30\"",
        "title=\"bbox 300 200 450 230; x_wconf 50\">f\xC3\xB6rs\xC3\xB6rj-</span>",
        "x_wconf 50; x_raw &quot;\\&quot;&lt;&quot;\">&quot;x&quot;</span>",
        "class=\"ocr_carea ocr_table\"",
        "class=\"ocr_footer\"",
        NULL};

    (void)state;
    assert_written(tolka_write_hocr, parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_alto_names_the_whole_of_two_halves),
        cmocka_unit_test(test_write_alto_keeps_what_was_read),
        cmocka_unit_test(test_write_alto_parts_page_numbers_headings_and_tables),
        cmocka_unit_test(test_write_hocr_has_words_in_lines_in_areas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
