/* Dashes alone in their cells, told from other flat ink. */
#include "extract/image.h"
#include "extract/layout.h"
#include "extract/lone_dashes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 800, HEIGHT = 400, DPI = 200, SIZE = 40, LETTER_HIGH = 28, FIRST_ROW = 100, SECOND_ROW = 200 };

static const int LABEL_X = 100, FIGURE_X = 500, FIGURE_END = 556;
static const struct tolka_box DASH = {544, SECOND_ROW + 13, 556, SECOND_ROW + 17};

struct sheet {
    unsigned char *samples;
    struct tolka_picture *picture;
    struct tolka_page page;
};

static void ink(struct sheet *sheet, struct tolka_box box)
{
    for (int y = box.y0; y < box.y1; y++)
        memset(sheet->samples + (size_t)y * WIDTH + box.x0, 0, (size_t)tolka_box_width(box));
}

/* A word of three outlines as high as digits, with its top at `y`. */
static void put(struct sheet *sheet, const char *text, int x, int y)
{
    struct tolka_word *word = tolka_page_add_word(&sheet->page);
    struct tolka_line *line = tolka_page_add_line(&sheet->page);

    assert_non_null(word);
    assert_non_null(line);
    for (int i = 0; i < 3; i++) {
        ink(sheet, (struct tolka_box){x + 20 * i, y, x + 20 * i + 16, y + 4});
        ink(sheet, (struct tolka_box){x + 20 * i, y, x + 20 * i + 4, y + LETTER_HIGH});
    }
    *word = (struct tolka_word){
        .box = {x, y, x + 56, y + LETTER_HIGH}, .raw = text, .text = text, .confidence = 0.9F};
    word->line = line->first_word = (int)sheet->page.word_count - 1;
    line->word_count = 1;
    line->size_px = SIZE;
}

static void open_sheet(struct sheet *sheet)
{
    *sheet = (struct sheet){.samples = malloc((size_t)WIDTH * HEIGHT), .page = {.number = 1}};
    assert_non_null(sheet->samples);
    memset(sheet->samples, 255, (size_t)WIDTH * HEIGHT);
}

/* A table of two rows: a label and a figure, a label and nothing yet. */
static void open_table(struct sheet *sheet)
{
    open_sheet(sheet);
    put(sheet, "Hyra", LABEL_X, FIRST_ROW);
    put(sheet, "120", FIGURE_X, FIRST_ROW);
    put(sheet, "Skatt", LABEL_X, SECOND_ROW);
}

/* The number of words that are added; closes the sheet. */
static size_t count_added(struct sheet *sheet)
{
    struct tolka_samples from = {sheet->samples, WIDTH, HEIGHT, WIDTH, DPI, DPI, true};
    const size_t before = sheet->page.word_count;
    size_t added;

    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &sheet->picture, NULL),
                     TOLKA_OK);
    assert_int_equal(tolka_picture_prepare(sheet->picture, &sheet->page, NULL), TOLKA_OK);
    tolka_lone_dashes_add(sheet->picture, &sheet->page);
    added = sheet->page.word_count - before;
    for (size_t i = before; i < sheet->page.word_count; i++) {
        const struct tolka_word *word = &sheet->page.words[i];
        assert_string_equal(word->raw, "-");
        assert_memory_equal(&word->box, &DASH, sizeof DASH);
        assert_int_equal(sheet->page.lines[word->line].first_word, i);
        assert_int_equal(sheet->page.lines[word->line].block, TOLKA_BLOCK_UNPLACED);
    }
    tolka_page_release(&sheet->page);
    tolka_picture_free(sheet->picture);
    free(sheet->samples);
    return added;
}

static void test_a_dash_under_a_figure_is_added(void **state)
{
    struct sheet sheet;

    (void)state;
    open_table(&sheet);
    ink(&sheet, DASH);
    assert_int_equal(count_added(&sheet), 1);
}

static void test_a_dash_that_was_read_is_not_added(void **state)
{
    struct sheet sheet;
    struct tolka_word *word;

    (void)state;
    open_table(&sheet);
    ink(&sheet, DASH);
    word = tolka_page_add_word(&sheet.page);
    assert_non_null(word);
    *word = (struct tolka_word){.box = DASH, .raw = "-", .text = "-", .confidence = 0.9F};
    assert_int_equal(count_added(&sheet), 0);
}

static void test_flat_ink_without_a_row_is_dirt(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    put(&sheet, "Hyra", LABEL_X, FIRST_ROW);
    put(&sheet, "120", FIGURE_X, FIRST_ROW);
    ink(&sheet, DASH);
    assert_int_equal(count_added(&sheet), 0);
}

static void test_flat_ink_without_a_column_is_dirt(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    put(&sheet, "Hyra", LABEL_X, FIRST_ROW);
    put(&sheet, "och", FIGURE_X, FIRST_ROW);
    put(&sheet, "Skatt", LABEL_X, SECOND_ROW);
    ink(&sheet, DASH);
    assert_int_equal(count_added(&sheet), 0);
}

static void test_flat_ink_at_the_foot_of_a_row_is_dirt(void **state)
{
    struct sheet sheet;
    struct tolka_box low = DASH;

    (void)state;
    open_table(&sheet);
    low.y0 += 11;
    low.y1 += 11;
    ink(&sheet, low);
    assert_int_equal(count_added(&sheet), 0);
}

static void test_a_flat_speck_is_dirt(void **state)
{
    struct sheet sheet;
    struct tolka_box speck = DASH;

    (void)state;
    open_table(&sheet);
    speck.x0 = speck.x1 - 7;
    speck.y1 -= 1;
    ink(&sheet, speck);
    assert_int_equal(count_added(&sheet), 0);
}

static void test_a_hyphen_at_a_word_is_not_alone(void **state)
{
    struct sheet sheet;

    (void)state;
    open_table(&sheet);
    put(&sheet, "kr", FIGURE_END + 16, SECOND_ROW);
    ink(&sheet, DASH);
    assert_int_equal(count_added(&sheet), 0);
}

static void test_a_dashed_line_is_no_row_of_dashes(void **state)
{
    struct sheet sheet;

    (void)state;
    open_table(&sheet);
    for (int i = 0; i < 6; i++)
        ink(&sheet, (struct tolka_box){DASH.x0 - 24 * i, DASH.y0, DASH.x1 - 24 * i, DASH.y1});
    assert_int_equal(count_added(&sheet), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_dash_under_a_figure_is_added),
        cmocka_unit_test(test_a_dash_that_was_read_is_not_added),
        cmocka_unit_test(test_flat_ink_without_a_row_is_dirt),
        cmocka_unit_test(test_flat_ink_without_a_column_is_dirt),
        cmocka_unit_test(test_flat_ink_at_the_foot_of_a_row_is_dirt),
        cmocka_unit_test(test_a_flat_speck_is_dirt),
        cmocka_unit_test(test_a_hyphen_at_a_word_is_not_alone),
        cmocka_unit_test(test_a_dashed_line_is_no_row_of_dashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
