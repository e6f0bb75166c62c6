/* Words against the ink under them: minus signs, dashes, bullets, noise. */
#include "extract/dashes.h"
#include "extract/image.h"
#include "extract/tidy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 800, HEIGHT = 400, DPI = 200, SIZE = 40 };

struct sheet {
    unsigned char *samples;
    struct tolka_picture *picture;
    struct tolka_page page;
};

static void open_sheet(struct sheet *sheet)
{
    *sheet = (struct sheet){.samples = malloc((size_t)WIDTH * HEIGHT), .page = {.number = 1}};
    assert_non_null(sheet->samples);
    memset(sheet->samples, 255, (size_t)WIDTH * HEIGHT);
}

static void ink(struct sheet *sheet, int x0, int y0, int x1, int y1)
{
    for (int y = y0; y < y1; y++)
        memset(sheet->samples + (size_t)y * WIDTH + x0, 0, (size_t)(x1 - x0));
}

/* The outline of a character: as high as a digit. */
static void letter(struct sheet *sheet, int x)
{
    ink(sheet, x, 100, x + 16, 104);
    ink(sheet, x, 124, x + 16, 128);
    ink(sheet, x, 100, x + 4, 128);
}

static struct tolka_word *put(struct sheet *sheet, const char *text, struct tolka_box box)
{
    struct tolka_word *word = tolka_page_add_word(&sheet->page);

    assert_non_null(word);
    *word = (struct tolka_word){.box = box, .raw = text, .text = text, .confidence = 0.9F, .line = 0};
    if (sheet->page.line_count == 0)
        assert_non_null(tolka_page_add_line(&sheet->page));
    sheet->page.lines[0].word_count++;
    return word;
}

static void prepare(struct sheet *sheet)
{
    struct tolka_samples from = {sheet->samples, WIDTH, HEIGHT, WIDTH, DPI, DPI, true};

    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &sheet->picture, NULL),
                     TOLKA_OK);
    assert_int_equal(tolka_picture_prepare(sheet->picture, &sheet->page, NULL), TOLKA_OK);
}

static void close_sheet(struct sheet *sheet)
{
    tolka_page_release(&sheet->page);
    tolka_picture_free(sheet->picture);
    free(sheet->samples);
}

static const char *tidied(const char *text)
{
    static char out[32];
    struct sheet sheet;

    open_sheet(&sheet);
    ink(&sheet, 100, 112, 112, 116);
    for (int i = 0; i < 4; i++)
        letter(&sheet, 118 + 20 * i);
    put(&sheet, text, (struct tolka_box){98, 98, 200, 130});
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    assert_int_equal(sheet.page.word_count, 1);
    strncpy(out, sheet.page.words[0].raw, sizeof out - 1);
    close_sheet(&sheet);
    return out;
}

static void test_tidy_keeps_one_minus_of_a_run(void **state)
{
    (void)state;
    assert_string_equal(tidied("--1438"), "-1438");
    assert_string_equal(tidied("=-1438"), "-1438");
    assert_string_equal(tidied(":---14,3"), "-14,3");
    assert_string_equal(tidied("\u2014-143\u20AC"), "-143\u20AC"); /* a percent sign, misread */
}

static void test_tidy_leaves_what_is_no_minus(void **state)
{
    (void)state;
    assert_string_equal(tidied("-1438"), "-1438");
    assert_string_equal(tidied("--abcd"), "--abcd");
    assert_string_equal(tidied("--12ab"), "--12ab");
}

static void test_tidy_makes_a_minus_of_a_mark_whose_ink_is_a_dash(void **state)
{
    (void)state;
    assert_string_equal(tidied("=1438"), "-1438");
    assert_string_equal(tidied("-=1438"), "-1438");
    assert_string_equal(tidied("+-1438"), "-1438");
    assert_string_equal(tidied("<-14,3"), "-14,3");
}

/* The number of words left of a letter and ink of 10 px across and `high` px down, read badly as a dash. */
static size_t count_beside_dash(int high)
{
    struct sheet sheet;
    size_t count;

    open_sheet(&sheet);
    for (int i = 0; i < 4; i++)
        letter(&sheet, 118 + 20 * i);
    put(&sheet, "abcd", (struct tolka_box){116, 98, 200, 130});
    ink(&sheet, 300, 112, 310, 112 + high);
    put(&sheet, "\u2014", (struct tolka_box){298, 98, 312, 130})->confidence = 0.7F;
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    count = sheet.page.word_count;
    close_sheet(&sheet);
    return count;
}

static void test_tidy_drops_a_dash_that_is_none(void **state)
{
    (void)state;
    assert_int_equal(count_beside_dash(4), 2);
    assert_int_equal(count_beside_dash(12), 1);
}

/* Two digits and ink of `side` x `side` px behind them, read as `text`. */
static const char *tidied_with_dot(const char *text, int side)
{
    static char out[32];
    struct sheet sheet;

    open_sheet(&sheet);
    letter(&sheet, 118);
    letter(&sheet, 138);
    ink(&sheet, 158, 128 - side, 158 + side, 128);
    put(&sheet, text, (struct tolka_box){116, 98, 166, 130});
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    assert_int_equal(sheet.page.word_count, 1);
    strncpy(out, sheet.page.words[0].raw, sizeof out - 1);
    close_sheet(&sheet);
    return out;
}

static void test_tidy_drops_a_mark_that_is_a_speck(void **state)
{
    (void)state;
    assert_string_equal(tidied_with_dot("14.", 2), "14");
    assert_string_equal(tidied_with_dot("14\u201D", 3), "14"); /* too low for a quotation mark */
    assert_string_equal(tidied_with_dot("14.", 5), "14.");
    assert_string_equal(tidied_with_dot("14%", 2), "14%");
}

static void test_tidy_finds_a_bullet_beside_a_speck(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    ink(&sheet, 100, 108, 112, 120);
    ink(&sheet, 116, 126, 118, 128);
    for (int i = 0; i < 4; i++)
        letter(&sheet, 130 + 20 * i);
    put(&sheet, "\u00BB", (struct tolka_box){98, 98, 120, 130});
    put(&sheet, "abcd", (struct tolka_box){128, 98, 210, 130});
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    assert_string_equal(sheet.page.words[0].raw, "\u2022");
    close_sheet(&sheet);
}

static void test_tidy_drops_a_word_without_ink(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    letter(&sheet, 100);
    letter(&sheet, 120);
    put(&sheet, "ab", (struct tolka_box){98, 98, 140, 130});
    put(&sheet, "nothing", (struct tolka_box){400, 98, 500, 130});
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    assert_int_equal(sheet.page.word_count, 1);
    assert_string_equal(sheet.page.words[0].raw, "ab");
    close_sheet(&sheet);
}

/* Words left when `text` of such a confidence stands for a drawing `height` px high under a line of print. */
static size_t words_left_with(const char *text, float confidence, int height)
{
    struct sheet sheet;
    size_t left;

    open_sheet(&sheet);
    for (int x = 100; x < 250; x += 50) {
        letter(&sheet, x);
        letter(&sheet, x + 20);
        put(&sheet, "ab", (struct tolka_box){x - 2, 98, x + 40, 130});
    }
    ink(&sheet, 100, 200, 200, 203);
    ink(&sheet, 150, 200, 153, 200 + height);
    assert_non_null(tolka_page_add_line(&sheet.page));
    *put(&sheet, text, (struct tolka_box){98, 198, 202, 202 + height}) = (struct tolka_word){
        .box = {98, 198, 202, 202 + height}, .raw = text, .text = text, .confidence = confidence, .line = 1};
    sheet.page.lines[0].word_count = 3;
    sheet.page.lines[1] = (struct tolka_line){.first_word = 3, .word_count = 1};
    prepare(&sheet);
    tolka_tidy_words(sheet.picture, &sheet.page);
    left = sheet.page.word_count;
    close_sheet(&sheet);
    return left;
}

static void test_tidy_drops_a_signature(void **state)
{
    (void)state;
    assert_int_equal(words_left_with("MYR", 0.3F, 50), 3);
    assert_int_equal(words_left_with("NfAnNna", 0.06F, 50), 3);
    assert_int_equal(words_left_with("Mål", 0.9F, 50), 4);             /* a heading */
    assert_int_equal(words_left_with("Resultaträkning", 0.3F, 50), 4); /* a heading in light print */
    assert_int_equal(words_left_with("118", 0.3F, 50), 4);
    assert_int_equal(words_left_with("MYR", 0.3F, 28), 4); /* as low as print */
}

/* A word of two characters and a stroke of `length` px between them. */
static void check_dash(const char *text, int length, const char *expected)
{
    struct sheet sheet;

    open_sheet(&sheet);
    letter(&sheet, 100);
    ink(&sheet, 120, 112, 120 + length, 116);
    letter(&sheet, 124 + length);
    put(&sheet, text, (struct tolka_box){98, 98, 142 + length, 130});
    sheet.page.lines[0].size_px = SIZE;
    prepare(&sheet);
    tolka_dashes_settle(sheet.picture, &sheet.page);
    assert_string_equal(sheet.page.words[0].raw, expected);
    close_sheet(&sheet);
}

static void test_dashes_settle_tells_dash_from_hyphen_by_length(void **state)
{
    (void)state;
    check_dash("3-9", 20, "3\u20139");
    check_dash("3-9", 10, "3-9");
}

static void test_dashes_settle_makes_one_of_several_marks(void **state)
{
    (void)state;
    check_dash("3\u2014-9", 20, "3\u20139");
    check_dash("3--9", 10, "3-9");
}

static void test_dashes_settle_asks_more_between_letters(void **state)
{
    (void)state;
    check_dash("3-9", 15, "3\u20139");
    check_dash("a-b", 15, "a-b");
    check_dash("a-b", 20, "a\u2013b");
}

static void test_dashes_settle_asks_more_of_long_numbers(void **state)
{
    (void)state;
    check_dash("2019-2020", 15, "2019\u20132020");
    check_dash("769600-1234", 15, "769600-1234");
}

static void test_dashes_settle_knows_a_dash_that_touches(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    letter(&sheet, 100);
    ink(&sheet, 116, 112, 140, 116); /* from one character to the next */
    letter(&sheet, 140);
    put(&sheet, "3-9", (struct tolka_box){98, 98, 158, 130});
    sheet.page.lines[0].size_px = SIZE;
    prepare(&sheet);
    tolka_dashes_settle(sheet.picture, &sheet.page);
    assert_string_equal(sheet.page.words[0].raw, "3\u20139");
    close_sheet(&sheet);
}

static void test_dashes_settle_leaves_what_it_cannot_tell(void **state)
{
    (void)state;
    check_dash("3-9-1", 20, "3-9-1"); /* two hyphens, one stroke */
    check_dash("-39", 20, "-39");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tidy_keeps_one_minus_of_a_run),
        cmocka_unit_test(test_tidy_leaves_what_is_no_minus),
        cmocka_unit_test(test_tidy_drops_a_dash_that_is_none),
        cmocka_unit_test(test_tidy_makes_a_minus_of_a_mark_whose_ink_is_a_dash),
        cmocka_unit_test(test_tidy_drops_a_mark_that_is_a_speck),
        cmocka_unit_test(test_tidy_finds_a_bullet_beside_a_speck),
        cmocka_unit_test(test_tidy_drops_a_word_without_ink),
        cmocka_unit_test(test_tidy_drops_a_signature),
        cmocka_unit_test(test_dashes_settle_tells_dash_from_hyphen_by_length),
        cmocka_unit_test(test_dashes_settle_makes_one_of_several_marks),
        cmocka_unit_test(test_dashes_settle_asks_more_between_letters),
        cmocka_unit_test(test_dashes_settle_asks_more_of_long_numbers),
        cmocka_unit_test(test_dashes_settle_knows_a_dash_that_touches),
        cmocka_unit_test(test_dashes_settle_leaves_what_it_cannot_tell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
