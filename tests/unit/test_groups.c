/* Thousands spaces with a speck in them. */
#include "extract/groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A line of the words of `text`, 15 px apart and 10 px a character, and what settling makes of it. */
static const char *settled(const char *text)
{
    static char out[200], words[200];
    struct tolka_page page = {.number = 1};
    int x = 0;

    assert_non_null(tolka_page_add_line(&page));
    page.lines[0].size_px = 40;
    snprintf(words, sizeof words, "%s", text);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        struct tolka_word *added = tolka_page_add_word(&page);
        const int end = x + 10 * (int)strlen(word);
        *added = (struct tolka_word){.box = {x, 0, end, 30}, .raw = word, .text = word, .confidence = 0.9F};
        page.lines[0].word_count++;
        x = end + 15;
    }
    tolka_groups_settle(&page);
    assert_int_equal((size_t)page.lines[0].word_count, page.word_count);
    out[0] = '\0';
    for (size_t i = 0; i < page.word_count; i++) {
        strcat(out, i ? " " : "");
        strcat(out, page.words[i].raw);
    }
    tolka_page_release(&page);
    return out;
}

static void test_settle_takes_the_speck_out_of_a_space(void **state)
{
    (void)state;
    assert_string_equal(settled("1 200 -3 400 5 600 7 800 7.641"), "1 200 -3 400 5 600 7 800 7 641");
    assert_string_equal(settled("1 200 3 400 5 600 7 800 -1.116.050"), "1 200 3 400 5 600 7 800 -1 116 050");
}

static void test_settle_leaves_stops_where_they_are_usual(void **state)
{
    (void)state;
    assert_string_equal(settled("1 200 7.641"), "1 200 7.641");
    assert_string_equal(settled("1 200 3 400 5 600 7 800 7.641 8.641"),
                        "1 200 3 400 5 600 7 800 7.641 8.641");
}

static void test_settle_leaves_other_words(void **state)
{
    (void)state;
    assert_string_equal(settled("1 200 3 400 5 600 7 800 7.64 7.6411 7.641."),
                        "1 200 3 400 5 600 7 800 7.64 7.6411 7.641.");
    assert_string_equal(settled("1 200 3 400 5 600 7 800 2021.123 12.345,50"),
                        "1 200 3 400 5 600 7 800 2021.123 12.345,50");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle_takes_the_speck_out_of_a_space),
        cmocka_unit_test(test_settle_leaves_stops_where_they_are_usual),
        cmocka_unit_test(test_settle_leaves_other_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
