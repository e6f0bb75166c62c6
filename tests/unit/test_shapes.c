/* Signs told by their shape, drawn as patterns of blocks, and words that hold them. */
#include "extract/image.h"
#include "extract/shapes.h"
#include "extract/signs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 800, HEIGHT = 400, DPI = 200, BLOCK = 4, LEFT = 100, TOP = 100 };

static const char *const PERCENT[] = {".##....#", "#..#..#.", "#..#.#..", ".##.#...", "...#.##.",
                                      "..#.#..#", ".#..#..#", "#....##.", NULL};
static const char *const NINETY_SIX[] = {".###......##.", "#...#....#...", "#...#...#....", ".####...####.",
                                         "....#...#...#", "...#....#...#", ".##......###.", NULL};
static const char *const HALF[] = {".#.....#...", "##....#....", ".#....#....", ".#...#.....", ".#...#..##.",
                                   "....#..#..#", "....#....#.", "...#....#..", "...#...####", NULL};
static const char *const TOUCHING_HALF[] = {
    ".#........#", "##.......##", ".#......##.", ".#.....##..", ".#....##...", "####.##....", "...#######.",
    "....##...##", "...##....##", "..##....##.", ".##....##..", "##....#####", NULL};
static const char *const SECTION[] = {".###.", "#....", "#....", ".##..", "#..#.", "#...#",
                                      ".#..#", "..##.", "....#", "....#", ".###.", NULL};
static const char *const BLURRED_SECTION[] = {".#####.", "##...##", "##.....", "####...", ".#####.",
                                              "##.###.", ".###.##", "..####.", "....###", "##...##",
                                              "##...##", ".#####.", NULL};
static const char *const DOLLAR[] = {"...#...", "...#...", ".#####.", "##.#.##", "####...", ".#####.",
                                     "...####", "##.#.##", ".#####.", "...#...", "...#...", NULL};
static const char *const EIGHT[] = {".###.", "#...#", "#...#", ".###.", "#...#",
                                    "#...#", "#...#", ".###.", NULL};
static const char *const BLURRED_PERCENT[] = {".##.....##.", "####...##..", "####..##...", ".#######...",
                                              "....##.....", "...#######.", "..##..#####", ".##...#####",
                                              "##.....###.", NULL};
static const char *const NUMBER[] = {"..#..#..", "..#..#..", "########", "..#..#..", ".#..#...",
                                     "########", ".#..#...", ".#..#...", NULL};
static const char *const FOUR[] = {"....#..", "...##..", "..#.#..", ".#..#..",
                                   "#######", "....#..", "....#..", NULL};
static const char *const STAR[] = {"...#...", "#..#..#", ".#####.", "..###..",
                                   ".#####.", "#..#..#", "...#...", NULL};
static const char *const U_UMLAUT[] = {".#..#.", "......", "#....#", "#....#", "#....#",
                                       "#....#", "#....#", ".####.", NULL};
static const char *const SERIF_U_UMLAUT[] = {".#...#.", ".......", "##..###", ".#...#.", ".#...#.",
                                             ".#...#.", ".#...#.", "..#####", NULL};
static const char *const O_UMLAUT[] = {".#..#.", "......", ".####.", "#....#", "#....#",
                                       "#....#", "#....#", ".####.", NULL};
static const char *const ONE[] = {".#.", "##.", ".#.", ".#.", ".#.", ".#.", ".#.", "###", NULL};

struct sheet {
    unsigned char *samples;
    struct tolka_picture *picture;
    struct tolka_page page;
    int x; /* where the next sign begins */
};

static void open_sheet(struct sheet *sheet)
{
    *sheet = (struct sheet){.samples = malloc((size_t)WIDTH * HEIGHT), .page = {.number = 1}, .x = LEFT};
    assert_non_null(sheet->samples);
    memset(sheet->samples, 255, (size_t)WIDTH * HEIGHT);
}

static void draw(struct sheet *sheet, const char *const *rows, int gap)
{
    const int wide = (int)strlen(rows[0]) * BLOCK;

    for (int y = 0; rows[y / BLOCK]; y++) {
        for (int x = 0; x < wide; x++) {
            if (rows[y / BLOCK][x / BLOCK] == '#')
                sheet->samples[(TOP + y) * WIDTH + sheet->x + x] = 0;
        }
    }
    sheet->x += wide + gap;
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

static enum tolka_shape shape_of(const char *const *rows)
{
    enum tolka_shape shape;
    struct sheet sheet;

    open_sheet(&sheet);
    draw(&sheet, rows, 0);
    prepare(&sheet);
    shape = tolka_shape_of(sheet.picture, (struct tolka_box){LEFT - 5, TOP - 5, LEFT + 100, TOP + 60});
    close_sheet(&sheet);
    return shape;
}

static void test_shape_of_signs(void **state)
{
    (void)state;
    assert_int_equal(shape_of(PERCENT), TOLKA_SHAPE_PERCENT);
    assert_int_equal(shape_of(HALF), TOLKA_SHAPE_HALF);
    assert_int_equal(shape_of(TOUCHING_HALF), TOLKA_SHAPE_HALF);
    assert_int_equal(shape_of(SECTION), TOLKA_SHAPE_SECTION);
    assert_int_equal(shape_of(NUMBER), TOLKA_SHAPE_NUMBER);
    assert_int_equal(shape_of(STAR), TOLKA_SHAPE_STAR);
}

static void test_shape_of_figures_is_no_sign(void **state)
{
    (void)state;
    assert_int_equal(shape_of(NINETY_SIX), TOLKA_SHAPE_OTHER);
    assert_int_not_equal(shape_of(EIGHT), TOLKA_SHAPE_SECTION);
    assert_int_equal(shape_of(FOUR), TOLKA_SHAPE_OTHER);
    assert_int_equal(shape_of(BLURRED_PERCENT), TOLKA_SHAPE_OTHER);
}

static void test_shape_of_a_dollar_sign_is_no_blurred_section_sign(void **state)
{
    (void)state;
    assert_int_equal(shape_of(BLURRED_SECTION), TOLKA_SHAPE_SLENDER);
    assert_int_equal(shape_of(DOLLAR), TOLKA_SHAPE_OTHER);
}

static void test_shape_of_nothing(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sheet(&sheet);
    prepare(&sheet);
    assert_int_equal(tolka_shape_of(sheet.picture, (struct tolka_box){0, 0, 50, 50}), TOLKA_SHAPE_OTHER);
    assert_int_equal(tolka_shape_of(sheet.picture, (struct tolka_box){-9, -9, 9000, 9000}),
                     TOLKA_SHAPE_OTHER);
    close_sheet(&sheet);
}

/* Settles a word of `text` over what was drawn and writes the words that it became, a stroke between them, to
 * `out`. */
static void settle(struct sheet *sheet, const char *text, char *out)
{
    struct tolka_line *line = tolka_page_add_line(&sheet->page);
    struct tolka_word *word = tolka_page_add_word(&sheet->page);

    assert_non_null(line);
    assert_non_null(word);
    *line = (struct tolka_line){.word_count = 1, .size_px = 48, .grid = -1};
    *word = (struct tolka_word){
        .box = {LEFT - 2, TOP - 2, sheet->x + 2, TOP + 46}, .raw = text, .text = text, .confidence = 0.9F};
    prepare(sheet);
    tolka_signs_settle(sheet->picture, &sheet->page);
    out[0] = '\0';
    for (size_t i = 0; i < sheet->page.word_count; i++) {
        strcat(out, i ? "|" : "");
        strcat(out, sheet->page.words[i].raw);
    }
    assert_int_equal(sheet->page.lines[0].word_count, sheet->page.word_count);
    close_sheet(sheet);
}

static void test_signs_settle_parts_a_figure_and_its_sign(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, ONE, 6);
    draw(&sheet, ONE, 16);
    draw(&sheet, PERCENT, 0);
    settle(&sheet, "1196", out);
    assert_string_equal(out, "11|%");
}

static void test_signs_settle_wants_a_figure_before_a_percent_sign(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, PERCENT, 0);
    settle(&sheet, "P\u00E5", out);
    assert_string_equal(out, "P\u00E5");
}

static void test_signs_settle_keeps_a_sign_at_its_figure(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, NUMBER, 5);
    draw(&sheet, ONE, 5);
    draw(&sheet, ONE, 0);
    settle(&sheet, "411", out);
    assert_string_equal(out, "#11");
}

static void test_signs_settle_counts_two_digits_that_touch(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, EIGHT, -BLOCK);
    draw(&sheet, EIGHT, 5);
    draw(&sheet, PERCENT, 0);
    settle(&sheet, "8896", out);
    assert_string_equal(out, "88%");
}

static void test_signs_settle_parts_a_section_sign_from_its_neighbours(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, EIGHT, 20);
    draw(&sheet, SECTION, 20);
    draw(&sheet, ONE, 0);
    settle(&sheet, "8$l", out); /* the first of the two that may be read for the sign is not it */
    assert_string_equal(out, "8|\u00A7|l");
}

static void test_signs_settle_loses_no_digit_that_touches(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, EIGHT, 0);
    draw(&sheet, EIGHT, 0);
    draw(&sheet, EIGHT, 5);
    draw(&sheet, PERCENT, 0);
    settle(&sheet, "88896", out); /* it is not plain how many digits the first run holds */
    assert_string_equal(out, "88896");
}

static void test_signs_settle_knows_umlauts(void **state)
{
    struct sheet sheet;
    char out[64];

    (void)state;
    open_sheet(&sheet);
    draw(&sheet, ONE, 5);
    draw(&sheet, U_UMLAUT, 5);
    draw(&sheet, ONE, 0);
    settle(&sheet, "l\u00E4l", out);
    assert_string_equal(out, "l\u00FCl");
    open_sheet(&sheet);
    draw(&sheet, ONE, 5);
    draw(&sheet, SERIF_U_UMLAUT, 5);
    draw(&sheet, ONE, 0);
    settle(&sheet, "l\u00E4l", out);
    assert_string_equal(out, "l\u00FCl");
    open_sheet(&sheet);
    draw(&sheet, ONE, 5);
    draw(&sheet, O_UMLAUT, 5);
    draw(&sheet, ONE, 0);
    settle(&sheet, "l\u00F6l", out);
    assert_string_equal(out, "l\u00F6l");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape_of_signs),
        cmocka_unit_test(test_shape_of_figures_is_no_sign),
        cmocka_unit_test(test_shape_of_a_dollar_sign_is_no_blurred_section_sign),
        cmocka_unit_test(test_shape_of_nothing),
        cmocka_unit_test(test_signs_settle_parts_a_figure_and_its_sign),
        cmocka_unit_test(test_signs_settle_wants_a_figure_before_a_percent_sign),
        cmocka_unit_test(test_signs_settle_keeps_a_sign_at_its_figure),
        cmocka_unit_test(test_signs_settle_counts_two_digits_that_touch),
        cmocka_unit_test(test_signs_settle_parts_a_section_sign_from_its_neighbours),
        cmocka_unit_test(test_signs_settle_loses_no_digit_that_touches),
        cmocka_unit_test(test_signs_settle_knows_umlauts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
