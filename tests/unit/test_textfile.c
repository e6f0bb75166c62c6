#include "extract/textfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_page read_page(const char *text, int number)
{
    struct tolka_page page = {.number = number};
    struct tolka_error err = {0};

    assert_int_equal(tolka_textfile_read(text, strlen(text), number, &page, &err), TOLKA_OK);
    return page;
}

static void test_page_count_ignores_a_last_form_feed(void **state)
{
    (void)state;
    assert_int_equal(tolka_textfile_page_count("", 0), 1);
    assert_int_equal(tolka_textfile_page_count("a\fb", 3), 2);
    assert_int_equal(tolka_textfile_page_count("a\fb\f\n", 5), 2);
}

static void test_read_gives_the_page_asked_for(void **state)
{
    struct tolka_page page = read_page("ett\n\ftvå ord\n\ftre", 2);

    (void)state;
    assert_int_equal(page.word_count, 2);
    assert_string_equal(page.words[0].text, "två");
    tolka_page_release(&page);
}

static void test_read_sets_words_on_the_character_grid(void **state)
{
    struct tolka_page page = read_page("år   2021", 1);

    (void)state;
    assert_int_equal(page.words[1].box.x0, 5 * page.words[0].box.x1 / 2);
    assert_int_equal(page.words[1].line, 0);
    tolka_page_release(&page);
}

static void test_read_parts_blocks_at_blank_lines(void **state)
{
    struct tolka_page page = read_page("a\nb\n\n\nc", 1);

    (void)state;
    assert_int_equal(page.line_count, 3);
    assert_int_equal(page.lines[1].block, page.lines[0].block);
    assert_int_equal(page.lines[2].block, page.lines[0].block + 1);
    tolka_page_release(&page);
}

static int gap_after(const struct tolka_page *page, int word)
{
    return page->words[word + 1].box.x0 - page->words[word].box.x1;
}

static void test_read_draws_a_thousands_space_narrow(void **state)
{
    struct tolka_page page = read_page("Hyra 1 -35 000  1 800 000", 1);

    (void)state;
    assert_true(gap_after(&page, 2) < gap_after(&page, 0) / 2); /* -35 000 */
    assert_int_equal(gap_after(&page, 1), gap_after(&page, 0)); /* 1 | -35 */
    assert_int_equal(gap_after(&page, 3), 2 * gap_after(&page, 0));
    assert_int_equal(gap_after(&page, 4), gap_after(&page, 2));
    assert_int_equal(gap_after(&page, 5), gap_after(&page, 2));
    tolka_page_release(&page);
}

static void test_read_reports_invalid_utf8_and_goes_on(void **state)
{
    struct tolka_page page = read_page("hej \xff svej", 1);

    (void)state;
    assert_int_equal(page.word_count, 3);
    assert_string_equal(page.words[1].text, "\xEF\xBF\xBD");
    assert_int_equal(page.problems.count, 1);
    assert_string_equal(page.problems.items[0].code, "invalid_utf8");
    tolka_page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_count_ignores_a_last_form_feed),
        cmocka_unit_test(test_read_gives_the_page_asked_for),
        cmocka_unit_test(test_read_sets_words_on_the_character_grid),
        cmocka_unit_test(test_read_parts_blocks_at_blank_lines),
        cmocka_unit_test(test_read_draws_a_thousands_space_narrow),
        cmocka_unit_test(test_read_reports_invalid_utf8_and_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
