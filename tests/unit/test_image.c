#include "extract/image.h"
#include "extract/tiff.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 1654, HEIGHT = 2339, DPI = 200, MANY_LINES = 40, FEW_LINES = 13 };

/* A page of dark boxes in rows, like words in lines, turned clockwise by `skew_deg`; one box apart from the
 * rest at MARK. */
static const struct tolka_box MARK = {300, 1900, 360, 1920};

static bool is_inked(double x, double y, int last_row)
{
    const int row = (int)floor(y / 40), in_row = (int)floor(y) - row * 40, column = (int)floor(x) % 90;

    if (x >= MARK.x0 && x < MARK.x1 && y >= MARK.y0 && y < MARK.y1)
        return true;
    if (last_row == FEW_LINES && (row % 3 || (x > 500 && x < 1300) || column > 40))
        return false; /* labels, and figures far to the right of them */
    return row >= 5 && row < last_row && in_row < 18 && x > 200 && x < 1450 && column < 70 && column % 14 < 9;
}

static unsigned char *draw_page(double skew_deg, int last_row)
{
    const double angle = skew_deg * 3.14159265358979 / 180;
    unsigned char *samples = malloc((size_t)WIDTH * HEIGHT);

    assert_non_null(samples);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const double dx = x - WIDTH / 2.0, dy = y - HEIGHT / 2.0;
            samples[(size_t)y * WIDTH + (size_t)x] =
                is_inked(dx * cos(angle) + dy * sin(angle) + WIDTH / 2.0,
                         dy * cos(angle) - dx * sin(angle) + HEIGHT / 2.0, last_row)
                    ? 0
                    : 255;
        }
    }
    return samples;
}

static struct tolka_picture *new_picture(const unsigned char *samples, int width, int height,
                                         struct tolka_turn turn)
{
    struct tolka_picture *picture = NULL;
    struct tolka_samples from = {samples, width, height, (size_t)width, DPI, DPI, true};

    assert_int_equal(tolka_picture_from_samples(&from, turn, &picture, NULL), TOLKA_OK);
    return picture;
}

static void check_skew(double skew_deg, int last_row)
{
    unsigned char *samples = draw_page(skew_deg, last_row);
    struct tolka_picture *picture = new_picture(samples, WIDTH, HEIGHT, (struct tolka_turn){0});
    struct tolka_page page = {.number = 1};
    struct tolka_ink ink;
    struct tolka_box back;
    int dark = 0;

    assert_int_equal(tolka_picture_prepare(picture, &page, NULL), TOLKA_OK);
    assert_float_equal(page.skew_deg, skew_deg, 0.1);
    ink = tolka_picture_ink(picture,
                            (struct tolka_box){MARK.x0 - 15, MARK.y0 - 15, MARK.x1 + 15, MARK.y1 + 15});
    assert_in_range(ink.box.x0, MARK.x0 - 4, MARK.x0 + 4);
    assert_in_range(ink.box.y0, MARK.y0 - 4, MARK.y0 + 4);
    back = tolka_page_to_image(&page, ink.box); /* must lie on ink of the picture as scanned */
    for (int y = back.y0; y < back.y1; y++) {
        for (int x = back.x0; x < back.x1; x++)
            dark += samples[(size_t)y * WIDTH + (size_t)x] == 0;
    }
    assert_true(dark * 10 > 8 * tolka_box_width(back) * tolka_box_height(back));
    tolka_page_release(&page);
    tolka_picture_free(picture);
    free(samples);
}

static void test_prepare_takes_out_a_clockwise_skew(void **state)
{
    (void)state;
    check_skew(2.0, MANY_LINES);
}

static void test_prepare_takes_out_a_counterclockwise_skew(void **state)
{
    (void)state;
    check_skew(-4.0, MANY_LINES);
}

static void test_prepare_takes_the_skew_out_of_a_page_with_few_lines(void **state)
{
    (void)state;
    check_skew(1.2, FEW_LINES);
}

static void draw_box(unsigned char *samples, struct tolka_box box)
{
    for (int y = box.y0; y < box.y1; y++)
        memset(samples + (size_t)y * WIDTH + box.x0, 0, (size_t)tolka_box_width(box));
}

static void test_prepare_finds_rulings_and_takes_them_out(void **state)
{
    unsigned char *samples = malloc((size_t)WIDTH * HEIGHT);
    struct tolka_page page = {.number = 1};
    struct tolka_picture *picture;

    (void)state;
    assert_non_null(samples);
    memset(samples, 255, (size_t)WIDTH * HEIGHT);
    draw_box(samples, (struct tolka_box){200, 500, 1400, 502});
    draw_box(samples, (struct tolka_box){200, 500, 203, 900});
    picture = new_picture(samples, WIDTH, HEIGHT, (struct tolka_turn){0});
    assert_int_equal(tolka_picture_prepare(picture, &page, NULL), TOLKA_OK);
    assert_int_equal(page.ruling_count, 2);
    assert_false(page.rulings[0].vertical);
    assert_true(page.rulings[1].vertical);
    assert_int_equal(tolka_picture_ink(picture, (struct tolka_box){0, 0, WIDTH, HEIGHT}).dark, 0);
    tolka_page_release(&page);
    tolka_picture_free(picture);
    free(samples);
}

/* A hairline that was long drawn at one place only; print stands beyond its end. */
static void test_prepare_follows_a_broken_ruling(void **state)
{
    unsigned char *samples = draw_page(0, MANY_LINES);
    struct tolka_page page = {.number = 1};
    struct tolka_picture *picture;

    (void)state;
    memset(samples + (size_t)1650 * WIDTH, 255, (size_t)WIDTH * 200);
    draw_box(samples, (struct tolka_box){200, 1700, 500, 1702});
    for (int x = 500; x < 1400; x += 9)
        draw_box(samples, (struct tolka_box){x, 1701, x + 4, 1702});
    picture = new_picture(samples, WIDTH, HEIGHT, (struct tolka_turn){0});
    assert_int_equal(tolka_picture_prepare(picture, &page, NULL), TOLKA_OK);
    assert_int_equal(page.ruling_count, 1);
    assert_in_range(page.rulings[0].box.x0, 190, 200);
    assert_in_range(page.rulings[0].box.x1, 1380, 1404);
    assert_int_equal(tolka_picture_ink(picture, (struct tolka_box){190, 1690, 1380, 1712}).dark, 0);
    tolka_page_release(&page);
    tolka_picture_free(picture);
    free(samples);
}

static void test_from_samples_turns_by_a_quarter(void **state)
{
    unsigned char *samples = malloc((size_t)WIDTH * HEIGHT);
    struct tolka_picture *picture;
    struct tolka_page page = {.number = 1};

    (void)state;
    assert_non_null(samples);
    memset(samples, 255, (size_t)WIDTH * HEIGHT);
    draw_box(samples, (struct tolka_box){100, 300, 160, 330});
    picture = new_picture(samples, WIDTH, HEIGHT, (struct tolka_turn){.transpose = true});
    assert_int_equal(tolka_picture_prepare(picture, &page, NULL), TOLKA_OK);
    assert_int_equal(page.width, HEIGHT);
    assert_int_equal(tolka_picture_ink(picture, (struct tolka_box){300, 100, 330, 160}).dark, 30 * 60);
    tolka_page_release(&page);
    tolka_picture_free(picture);
    free(samples);
}

static void test_restore_takes_boxes_to_the_file(void **state)
{
    unsigned char *samples = malloc((size_t)WIDTH * HEIGHT);
    struct tolka_samples from = {samples, WIDTH, HEIGHT, WIDTH, 600, 600, true};
    struct tolka_picture *picture = NULL;
    struct tolka_page page = {.number = 1};

    (void)state;
    assert_non_null(samples);
    memset(samples, 255, (size_t)WIDTH * HEIGHT);
    draw_box(samples, (struct tolka_box){200, 500, 1400, 506});
    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &picture, NULL), TOLKA_OK);
    assert_int_equal(tolka_picture_prepare(picture, &page, NULL), TOLKA_OK);
    assert_int_equal(page.dpi, 300); /* read at half the resolution */
    tolka_picture_restore(picture, &page);
    assert_int_equal(page.dpi, 600);
    assert_int_equal(page.width, WIDTH);
    assert_int_equal(page.height, HEIGHT);
    assert_int_equal(page.ruling_count, 1);
    assert_in_range(page.rulings[0].box.x0, 196, 204);
    assert_in_range(page.rulings[0].box.y1, 502, 510);
    tolka_page_release(&page);
    tolka_picture_free(picture);
    free(samples);
}

static int dpi_taken(float stated)
{
    static const unsigned char ROW[WIDTH]; /* all rows the same: nobody looks at them */
    struct tolka_samples from = {ROW, WIDTH, HEIGHT, 0, stated, stated, true};
    struct tolka_picture *picture = NULL;
    struct tolka_page page = {0};

    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &picture, NULL), TOLKA_OK);
    tolka_picture_measure(picture, &page);
    tolka_picture_free(picture);
    return page.dpi;
}

static void test_a_placeholder_is_no_resolution(void **state)
{
    (void)state;
    assert_int_equal(dpi_taken(DPI), DPI);
    assert_int_equal(dpi_taken(100), 100); /* larger than A3, but said by a scanner */
    assert_int_equal(dpi_taken(0), DPI);   /* 1654 pixels are the width of an A4 sheet at 200 dpi */
    assert_int_equal(dpi_taken(72), DPI);
    assert_int_equal(dpi_taken(96), DPI);
}

static void test_from_samples_refuses_a_bomb(void **state)
{
    struct tolka_samples from = {(const unsigned char *)"", 50000, 50000, 50000, DPI, DPI, false};
    struct tolka_picture *picture = NULL;

    (void)state;
    assert_int_equal(tolka_picture_from_samples(&from, (struct tolka_turn){0}, &picture, NULL),
                     TOLKA_ERR_LIMIT);
    assert_null(picture);
}

static void test_tiff_page_count_follows_the_chain(void **state)
{
    static const unsigned char TWO[] = {'I', 'I', 42, 0, 8, 0, 0, 0,  1, 0, 0, 0, 0, 0, 0,
                                        0,   0,   0,  0, 0, 0, 0, 26, 0, 0, 0, 1, 0, 0, 0,
                                        0,   0,   0,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0};
    bool damaged;

    (void)state;
    assert_int_equal(tolka_tiff_page_count(TWO, sizeof TWO, &damaged), 2);
    assert_false(damaged);
    assert_int_equal(tolka_tiff_page_count(TWO, sizeof TWO - 1, &damaged), 1);
    assert_true(damaged);
}

static void test_tiff_page_count_ends_on_a_circle(void **state)
{
    static const unsigned char CIRCLE[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0,
                                           0,   0,   0,  0, 0, 0, 0, 0, 0, 8, 0, 0, 0};
    bool damaged;

    (void)state;
    assert_int_equal(tolka_tiff_page_count(CIRCLE, sizeof CIRCLE, &damaged), 1);
    assert_true(damaged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prepare_takes_out_a_clockwise_skew),
        cmocka_unit_test(test_prepare_takes_out_a_counterclockwise_skew),
        cmocka_unit_test(test_prepare_takes_the_skew_out_of_a_page_with_few_lines),
        cmocka_unit_test(test_prepare_finds_rulings_and_takes_them_out),
        cmocka_unit_test(test_prepare_follows_a_broken_ruling),
        cmocka_unit_test(test_from_samples_turns_by_a_quarter),
        cmocka_unit_test(test_restore_takes_boxes_to_the_file),
        cmocka_unit_test(test_a_placeholder_is_no_resolution),
        cmocka_unit_test(test_from_samples_refuses_a_bomb),
        cmocka_unit_test(test_tiff_page_count_follows_the_chain),
        cmocka_unit_test(test_tiff_page_count_ends_on_a_circle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
