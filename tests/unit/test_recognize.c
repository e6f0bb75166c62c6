/* What surrounds the recogniser: lost spaces, signs, specks, size of print. The engine itself is tested end
 * to end. */
#include "extract/amounts.h"
#include "extract/image.h"
#include "extract/leaders.h"
#include "extract/specks.h"
#include "extract/symbols.h"
#include "extract/tidy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Places characters at a pitch of 20 px, ink 16 px wide (a 1: 6 px), with `space` px more before the marked
 * ones. */
static uint32_t breaks_of(const char *text, const char *marks, float space)
{
    uint32_t codes[TOLKA_AMOUNT_CHARS];
    float x0[TOLKA_AMOUNT_CHARS], x1[TOLKA_AMOUNT_CHARS], at = 0;
    const size_t count = strlen(text);

    for (size_t i = 0; i < count; i++, at += 20) {
        const float half = text[i] == '1' ? 3 : 8;
        at += marks[i] == '|' ? space : 0;
        codes[i] = (uint32_t)(unsigned char)text[i];
        x0[i] = at + 10 - half;
        x1[i] = at + 10 + half;
    }
    return tolka_amount_breaks(codes, x0, x1, count, false);
}

static void test_amount_breaks_finds_thousands_spaces(void **state)
{
    (void)state;
    assert_int_equal(breaks_of("1116050", " |  |  ", 9), 1U << 1 | 1U << 4);
}

static void test_amount_breaks_finds_the_blank_before_digits_that_touch(void **state)
{
    const uint32_t spaced[] = {'1', '7', '0', '9'};
    const float x0[] = {0, 15, 29, 43}, x1[] = {10, 29, 43, 57};
    const float close0[] = {0, 12, 26, 40}, close1[] = {10, 26, 40, 54};

    (void)state;
    assert_int_equal(tolka_amount_breaks(spaced, x0, x1, 4, true), 1U << 1);
    assert_int_equal(tolka_amount_breaks(spaced, close0, close1, 4, true), 0);
}

static void test_amount_breaks_finds_the_blank_after_a_narrow_digit(void **state)
{
    const uint32_t spaced[] = {'1', '1', '9', '9'}, year[] = {'1', '9', '9', '9'};
    const float x0[] = {0, 24, 40, 60}, x1[] = {14, 36, 58, 78}; /* steps of 23, 19 and 20 */

    (void)state;
    assert_int_equal(tolka_amount_breaks(spaced, x0, x1, 4, false), 1U << 1);
    assert_int_equal(tolka_amount_breaks(year, x0, x1, 4, false), 0);
}

static void test_amount_breaks_leaves_a_year(void **state)
{
    (void)state;
    assert_int_equal(breaks_of("2021", "    ", 9), 0);
    assert_int_equal(breaks_of("1999", "    ", 9), 0);
}

static void test_amount_breaks_keeps_the_sign_with_its_figure(void **state)
{
    (void)state;
    assert_int_equal(breaks_of("-143817", "    |  ", 9), 1U << 4);
}

static void test_amount_breaks_parts_columns(void **state)
{
    (void)state;
    assert_int_equal(breaks_of("20202019", "    |   ", 60), 1U << 4);
}

static void test_amount_share_runs_parts_digits_that_touch(void **state)
{
    const int first[] = {0, 30}, end[] = {10, 82}; /* "1 647", the last three in one piece */
    float x0[4], x1[4];

    (void)state;
    assert_true(tolka_amount_share_runs(first, end, 2, x0, x1, 4));
    assert_float_equal(x0[1], 30, 0.01);
    assert_float_equal(x1[3], 82, 0.01);
    assert_false(tolka_amount_share_runs(first, end, 2, x0, x1, 1));
}

static void test_amount_blanks_finds_the_space_between_words(void **state)
{
    const struct tolka_run joined[] = {{0, 10}, {13, 20}, {30, 40}, {44, 50}};
    const struct tolka_run spaced_out[] = {{0, 10}, {19, 28}, {37, 46}, {56, 60}};
    struct tolka_run blanks[2];

    (void)state;
    assert_int_equal(tolka_amount_blanks(joined, 4, 40, blanks, 2), 1);
    assert_int_equal(blanks[0].first, 20);
    assert_int_equal(blanks[0].end, 30);
    assert_int_equal(tolka_amount_blanks(joined, 4, 60, blanks, 2), 0);     /* narrow for print so large */
    assert_int_equal(tolka_amount_blanks(spaced_out, 4, 48, blanks, 2), 0); /* letters stand as far apart */
    assert_int_equal(tolka_amount_blanks(spaced_out, 4, 40, blanks, 2), 0); /* too many */
    assert_int_equal(tolka_amount_blanks(joined, 1, 40, blanks, 2), 0);
}

/* The spaces of `text` by its runs of ink alone, in print of 40 px. */
static uint32_t spaces_of(const char *text, const struct tolka_run *runs, size_t run_count)
{
    struct tolka_run blanks[TOLKA_AMOUNT_BLANKS];
    uint32_t codes[TOLKA_AMOUNT_CHARS];
    const size_t count = strlen(text);

    for (size_t i = 0; i < count; i++)
        codes[i] = (uint32_t)(unsigned char)text[i];
    return tolka_amount_spaces(codes, count, runs, run_count, 40, blanks);
}

static void test_amount_spaces_parts_groups_whose_digits_touch(void **state)
{
    const struct tolka_run one_group[] = {{0, 10}, {21, 82}}, two_groups[] = {{0, 61}, {72, 133}, {144, 205}};

    (void)state;
    assert_int_equal(spaces_of("1480", one_group, 2), 1U << 1);
    assert_int_equal(spaces_of("600200300", two_groups, 3), 1U << 3 | 1U << 6);
}

static void test_amount_spaces_parts_a_unit_from_its_figure(void **state)
{
    const struct tolka_run pieces[] = {{0, 17}, {28, 56}}, kronor[] = {{0, 14}, {24, 85}, {96, 130}};

    (void)state;
    assert_int_equal(spaces_of("8st", pieces, 2), 1U << 1);
    assert_int_equal(spaces_of("1595kr", kronor, 3), 1U << 1 | 1U << 4);
}

static void test_amount_spaces_finds_none_where_none_can_be(void **state)
{
    const struct tolka_run middle[] = {{0, 40}, {51, 91}}, year[] = {{0, 14}, {22, 83}};

    (void)state;
    assert_int_equal(spaces_of("1480", middle, 2), 0);
    assert_int_equal(spaces_of("st8", year, 2), 0);
    assert_int_equal(spaces_of("1980", year, 2), 0); /* too narrow for what may be a year */
    assert_int_equal(spaces_of("1480", year, 2), 1U << 1);
}

static void test_amount_spaces_parts_no_word_at_a_speck(void **state)
{
    const struct tolka_run runs[] = {{0, 10}, {21, 82}, {93, 95}};

    (void)state;
    assert_int_equal(spaces_of("1520.", runs, 3), 1U << 1);
    assert_int_equal(spaces_of("520.", runs + 1, 2), 0);
}

/* A second reader that says what the test wants. */
static bool say(void *user, struct tolka_box box, char text[TOLKA_READING_BYTES])
{
    (void)box;
    snprintf(text, TOLKA_READING_BYTES, "%s", (const char *)user);
    return true;
}

static void settle_pair(struct tolka_page *page, const char *left, const char *right,
                        const char *second_reading)
{
    const char *texts[] = {left, right};
    char reading[TOLKA_READING_BYTES];
    struct tolka_line *line = tolka_page_add_line(page);

    line->word_count = 2;
    line->size_px = 40;
    for (int i = 0; i < 2; i++) {
        struct tolka_word *word = tolka_page_add_word(page);
        word->box = (struct tolka_box){100 + 50 * i, 100, 140 + 50 * i, 130};
        word->raw = word->text = texts[i];
        word->confidence = 0.9F;
        word->line = 0;
    }
    snprintf(reading, sizeof reading, "%s", second_reading);
    tolka_symbols_settle(page, NULL, say, reading);
}

static void test_symbols_settle_makes_a_percent_sign(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "59", "26", "59%");
    assert_string_equal(page.words[0].raw, "59");
    assert_string_equal(page.words[1].raw, "%");
    assert_true(page.words[1].flags & TOLKA_WORD_SECOND_LOOK);
    tolka_page_release(&page);
}

static void test_symbols_settle_makes_a_percent_sign_in_parentheses(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "(38", "96)", "(38%)");
    assert_string_equal(page.words[0].raw, "(38");
    assert_string_equal(page.words[1].raw, "%)");
    tolka_page_release(&page);
}

static void test_symbols_settle_makes_a_unit_in_parentheses(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "Soliditet", "(960)", "(%)");
    assert_string_equal(page.words[1].raw, "(%)");
    tolka_page_release(&page);
}

static void test_symbols_settle_doubts_a_reading_with_another_figure(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "59", "26", "69%");
    assert_string_equal(page.words[1].raw, "26");
    tolka_page_release(&page);
}

static void test_symbols_settle_forgives_a_lost_comma(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "5,9", "26", "59%");
    assert_string_equal(page.words[1].raw, "%");
    assert_string_equal(page.words[0].raw, "5,9");
    tolka_page_release(&page);
}

static void test_symbols_settle_makes_a_section_sign(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "8", "5",
                "\xC2\xA7"
                "5");
    assert_string_equal(page.words[0].raw, "\xC2\xA7");
    assert_string_equal(page.words[1].raw, "5");
    tolka_page_release(&page);
}

static void test_symbols_settle_makes_two_section_signs(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "$$", "5-7",
                "\xC2\xA7\xC2\xA7"
                "5-7");
    assert_string_equal(page.words[0].raw, "\xC2\xA7\xC2\xA7");
    assert_string_equal(page.words[1].raw, "5-7");
    tolka_page_release(&page);
}

static void test_symbols_settle_leaves_thousands(void **state)
{
    struct tolka_page page = {.number = 1};

    (void)state;
    settle_pair(&page, "8", "500",
                "\xC2\xA7"
                "500");
    assert_string_equal(page.words[0].raw, "8");
    tolka_page_release(&page);
}

/* `count` dots of 3 px in a row, `step` px apart. */
static void set_dots(struct tolka_blob *blobs, int count, int step)
{
    for (int i = 0; i < count; i++)
        blobs[i] = (struct tolka_blob){.box = {10 + i * step, 40, 13 + i * step, 43}, .area = 8};
}

static void test_leaders_mark_takes_a_row_of_dots(void **state)
{
    struct tolka_blob blobs[9] = {0};

    (void)state;
    set_dots(blobs, 8, 7);
    blobs[8] = (struct tolka_blob){.box = {80, 20, 92, 43}, .area = 120};
    assert_true(tolka_leaders_mark(blobs, 9, 20));
    assert_true(blobs[0].is_leader && blobs[7].is_leader);
    assert_false(blobs[8].is_leader);
}

static void test_leaders_mark_spares_an_ellipsis(void **state)
{
    struct tolka_blob blobs[3] = {0};

    (void)state;
    set_dots(blobs, 3, 7);
    assert_true(tolka_leaders_mark(blobs, 3, 20));
    assert_false(blobs[0].is_leader || blobs[1].is_leader || blobs[2].is_leader);
}

static void test_leaders_mark_spares_dots_far_apart(void **state)
{
    struct tolka_blob blobs[8] = {0};

    (void)state;
    set_dots(blobs, 8, 60);
    assert_true(tolka_leaders_mark(blobs, 8, 20));
    for (int i = 0; i < 8; i++)
        assert_false(blobs[i].is_leader);
}

static void test_specks_mark_spares_dots_and_stops(void **state)
{
    struct tolka_blob blobs[] = {
        {{100, 100, 114, 120}, 150, false, false}, /* a letter */
        {{104, 92, 107, 95}, 9, false, false},     /* its dot */
        {{118, 117, 121, 120}, 9, false, false},   /* a full stop */
        {{300, 300, 303, 303}, 9, false, false},   /* alone on the paper */
        {{109, 110, 110, 112}, 2, false, false},   /* far too small for a dot */
    };

    (void)state;
    assert_true(tolka_specks_mark(blobs, 5, 20, false));
    assert_false(blobs[0].is_speck);
    assert_false(blobs[1].is_speck);
    assert_false(blobs[2].is_speck);
    assert_true(blobs[3].is_speck);
    assert_true(blobs[4].is_speck);
}

static bool is_speck_beside_digit(struct tolka_box mark)
{
    struct tolka_blob blobs[] = {{{100, 100, 114, 120}, 150, false, false}, {mark, 12, false, false}};

    assert_true(tolka_specks_mark(blobs, 2, 20, false));
    return blobs[1].is_speck;
}

static void test_specks_mark_spares_a_short_minus(void **state)
{
    (void)state;
    assert_false(is_speck_beside_digit((struct tolka_box){90, 110, 96, 112}));
    assert_true(is_speck_beside_digit((struct tolka_box){90, 102, 96, 104}));   /* too high */
    assert_true(is_speck_beside_digit((struct tolka_box){90, 108, 94, 112}));   /* not flat */
    assert_true(is_speck_beside_digit((struct tolka_box){118, 110, 124, 112})); /* after the digit */
}

static void test_specks_mark_spares_a_stop_after_a_descender(void **state)
{
    struct tolka_blob blobs[] = {
        {{100, 100, 114, 129}, 180, false, false}, /* a letter with a descender, its foot at 120 */
        {{118, 117, 121, 120}, 9, false, false},   /* a full stop */
        {{88, 102, 91, 105}, 9, false, false},     /* too high for one */
    };

    (void)state;
    assert_true(tolka_specks_mark(blobs, 3, 20, false));
    assert_false(blobs[1].is_speck);
    assert_true(blobs[2].is_speck);
}

static void test_specks_mark_spares_dots_over_letters_that_touch(void **state)
{
    struct tolka_blob blobs[] = {
        {{100, 90, 140, 120}, 400, false, false}, /* "fo": as high as the f */
        {{122, 93, 125, 96}, 9, false, false},    /* a dot of ö */
    };

    (void)state;
    assert_true(tolka_specks_mark(blobs, 2, 20, true));
    assert_false(blobs[1].is_speck);
}

static void test_tidy_size_knows_ascenders_and_descenders(void **state)
{
    (void)state;
    assert_float_equal(tolka_tidy_size("noror", 49), 100, 0.5);
    assert_float_equal(tolka_tidy_size("Belopp", 91), 100, 0.5);
    assert_float_equal(tolka_tidy_size("2021", 70), 100, 0.5);
    assert_float_equal(tolka_tidy_size("-", 5), 0, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amount_breaks_finds_thousands_spaces),
        cmocka_unit_test(test_amount_breaks_finds_the_blank_before_digits_that_touch),
        cmocka_unit_test(test_amount_breaks_finds_the_blank_after_a_narrow_digit),
        cmocka_unit_test(test_amount_breaks_leaves_a_year),
        cmocka_unit_test(test_amount_breaks_keeps_the_sign_with_its_figure),
        cmocka_unit_test(test_amount_breaks_parts_columns),
        cmocka_unit_test(test_amount_share_runs_parts_digits_that_touch),
        cmocka_unit_test(test_amount_blanks_finds_the_space_between_words),
        cmocka_unit_test(test_amount_spaces_parts_groups_whose_digits_touch),
        cmocka_unit_test(test_amount_spaces_parts_a_unit_from_its_figure),
        cmocka_unit_test(test_amount_spaces_finds_none_where_none_can_be),
        cmocka_unit_test(test_amount_spaces_parts_no_word_at_a_speck),
        cmocka_unit_test(test_symbols_settle_makes_a_percent_sign),
        cmocka_unit_test(test_symbols_settle_makes_a_percent_sign_in_parentheses),
        cmocka_unit_test(test_symbols_settle_makes_a_unit_in_parentheses),
        cmocka_unit_test(test_symbols_settle_doubts_a_reading_with_another_figure),
        cmocka_unit_test(test_symbols_settle_forgives_a_lost_comma),
        cmocka_unit_test(test_symbols_settle_makes_a_section_sign),
        cmocka_unit_test(test_symbols_settle_makes_two_section_signs),
        cmocka_unit_test(test_symbols_settle_leaves_thousands),
        cmocka_unit_test(test_leaders_mark_takes_a_row_of_dots),
        cmocka_unit_test(test_leaders_mark_spares_an_ellipsis),
        cmocka_unit_test(test_leaders_mark_spares_dots_far_apart),
        cmocka_unit_test(test_specks_mark_spares_dots_and_stops),
        cmocka_unit_test(test_specks_mark_spares_a_short_minus),
        cmocka_unit_test(test_specks_mark_spares_a_stop_after_a_descender),
        cmocka_unit_test(test_specks_mark_spares_dots_over_letters_that_touch),
        cmocka_unit_test(test_tidy_size_knows_ascenders_and_descenders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
