/* Minus and comma told by their ink: digits are boxes here, 10 px wide and 18 high, on the row BASE. */
#include "extract/figures.h"
#include "extract/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    WIDTH = 1200,
    HEIGHT = 900,
    DPI = 200,
    LEFT = 300,
    BASE = 200,
    DIGIT_WIDE = 10,
    DIGIT_HIGH = 18,
    STEP = 14,
    COMMA = 6
};
static const float SIZE = 25;

struct sheet {
    unsigned char *samples;
    struct tolka_picture *picture;
    struct tolka_page page;
    int x; /* where the next character is drawn */
};

static void draw_box(struct sheet *sheet, struct tolka_box box)
{
    for (int y = box.y0; y < box.y1; y++)
        memset(sheet->samples + (size_t)y * WIDTH + box.x0, 0, (size_t)tolka_box_width(box));
}

static void draw_digits(struct sheet *sheet, int x, int base, int count)
{
    for (int i = 0; i < count; i++)
        draw_box(sheet, (struct tolka_box){x + i * STEP, base - DIGIT_HIGH, x + i * STEP + DIGIT_WIDE, base});
}

/* Draws `text` in digits, commas, full stops and hyphens. */
static void draw_text(struct sheet *sheet, const char *text)
{
    for (; *text; text++) {
        const int x = sheet->x;
        if (*text == '-')
            draw_box(sheet, (struct tolka_box){x, BASE - 9, x + 9, BASE - 6});
        else if (*text == ',')
            draw_box(sheet, (struct tolka_box){x, BASE - 3, x + 3, BASE + 5});
        else if (*text == '.')
            draw_box(sheet, (struct tolka_box){x, BASE - 3, x + 3, BASE});
        else
            draw_digits(sheet, x, BASE, 1);
        sheet->x += *text == ',' || *text == '.' ? COMMA : STEP;
    }
}

/* A sheet with `ink` drawn, whose only word was read as `read`; `apart`: its box leaves the first character
 * out. */
static void set_up(struct sheet *sheet, const char *ink, const char *read, bool apart)
{
    struct tolka_samples from = {NULL, WIDTH, HEIGHT, WIDTH, DPI, DPI, true};
    struct tolka_word *word;
    struct tolka_line *line;

    *sheet = (struct sheet){.samples = malloc((size_t)WIDTH * HEIGHT), .page = {.number = 1}, .x = LEFT};
    assert_non_null(sheet->samples);
    memset(sheet->samples, 255, (size_t)WIDTH * HEIGHT);
    for (int row = 0; row < 10; row++) /* print by which the size of specks is judged */
        draw_digits(sheet, 100, 400 + 40 * row, 40);
    draw_text(sheet, ink);
    from.data = sheet->samples;
    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &sheet->picture, NULL),
                     TOLKA_OK);
    assert_int_equal(tolka_picture_prepare(sheet->picture, &sheet->page, NULL), TOLKA_OK);
    line = tolka_page_add_line(&sheet->page);
    assert_non_null(line);
    *line = (struct tolka_line){.word_count = 1, .size_px = SIZE};
    word = tolka_page_add_word(&sheet->page);
    assert_non_null(word);
    *word = (struct tolka_word){.box = {LEFT + (apart ? STEP : 0), BASE - DIGIT_HIGH, sheet->x, BASE + 5},
                                .raw = read,
                                .text = read,
                                .confidence = 0.95F};
}

static void tear_down(struct sheet *sheet)
{
    tolka_page_release(&sheet->page);
    tolka_picture_free(sheet->picture);
    free(sheet->samples);
}

static void assert_settled(const char *ink, const char *read, bool apart, const char *want)
{
    struct sheet sheet;

    set_up(&sheet, ink, read, apart);
    tolka_figures_settle(sheet.picture, &sheet.page);
    assert_string_equal(sheet.page.words[0].text, want);
    if (strcmp(read, want) != 0) {
        assert_int_equal(sheet.page.words[0].alternative_count, 1);
        assert_string_equal(sheet.page.words[0].alternatives[0].text, read);
    }
    tear_down(&sheet);
}

static void test_settle_puts_a_lost_comma_in(void **state)
{
    (void)state;
    assert_settled("28,4", "284", false, "28,4");
    assert_settled("4,3", "43", false, "4,3");
    assert_settled("-1,25", "-125", false, "-1,25");
}

static void test_settle_takes_a_comma_for_a_stop(void **state)
{
    (void)state;
    assert_settled("29,1", "29.1", false, "29,1");
    assert_settled("29.1", "29.1", false, "29.1");
}

static void test_settle_puts_a_lost_minus_before(void **state)
{
    (void)state;
    assert_settled("-109", "109", true, "-109");
    assert_settled("-109", "109", false, "-109");
}

static void test_settle_leaves_what_is_right(void **state)
{
    (void)state;
    assert_settled("109", "109", false, "109");
    assert_settled("-109", "-109", false, "-109");
    assert_settled("28,4", "28,4", false, "28,4");
}

static void test_settle_leaves_what_has_other_digits(void **state)
{
    (void)state;
    assert_settled("28,4", "2844", false, "2844");
    assert_settled("28,4", "24", false, "24");
}

static void test_settle_leaves_the_dash_of_another_word(void **state)
{
    struct sheet sheet;
    struct tolka_word *other;

    (void)state;
    set_up(&sheet, "-109", "109", true);
    other = tolka_page_add_word(&sheet.page);
    assert_non_null(other);
    *other = (struct tolka_word){.box = {LEFT - 2, BASE - 12, LEFT + 10, BASE - 3}, .raw = "-", .text = "-"};
    tolka_figures_settle(sheet.picture, &sheet.page);
    assert_string_equal(sheet.page.words[0].text, "109");
    tear_down(&sheet);
}

/* Words of three digits as they should be, on the sheet's only line, by which the page's figures are measured. */
static void add_good_words(struct sheet *sheet)
{
    for (int row = 0; row < 10; row++) {
        const int base = 400 + 40 * row;
        struct tolka_word *word = tolka_page_add_word(&sheet->page);
        assert_non_null(word);
        *word = (struct tolka_word){.box = {100, base - DIGIT_HIGH, 100 + 2 * STEP + DIGIT_WIDE, base},
                                    .raw = "123",
                                    .text = "123",
                                    .confidence = 0.9F};
    }
}

static void assert_doubted(const char *ink, const char *read, bool want)
{
    struct sheet sheet;

    set_up(&sheet, ink, read, false);
    add_good_words(&sheet);
    tolka_figures_doubt(sheet.picture, &sheet.page);
    assert_int_equal(sheet.page.words[0].confidence < 0.5F, want);
    for (size_t i = 1; i < sheet.page.word_count; i++)
        assert_true(sheet.page.words[i].confidence > 0.8F);
    tear_down(&sheet);
}

static void test_doubt_where_a_digit_was_lost(void **state)
{
    (void)state;
    assert_doubted("21", "2", true);
    assert_doubted("210", "21", true);
    assert_doubted("21", "21", false);
    assert_doubted("2", "2", false);
}

static void test_doubt_where_a_digit_was_read_twice(void **state)
{
    (void)state;
    assert_doubted("19", "129", true);
    assert_doubted("19,5", "19,5", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle_puts_a_lost_comma_in),
        cmocka_unit_test(test_settle_takes_a_comma_for_a_stop),
        cmocka_unit_test(test_settle_puts_a_lost_minus_before),
        cmocka_unit_test(test_settle_leaves_what_is_right),
        cmocka_unit_test(test_settle_leaves_what_has_other_digits),
        cmocka_unit_test(test_settle_leaves_the_dash_of_another_word),
        cmocka_unit_test(test_doubt_where_a_digit_was_lost),
        cmocka_unit_test(test_doubt_where_a_digit_was_read_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
