#include "extract/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Adds a word of plausible size; each stands in a line of its own unless `line` is given. */
static void add_word(struct tolka_page *page, int x, int y, const char *text, int line)
{
    struct tolka_word *word;

    while ((int)page->line_count <= line) {
        struct tolka_line *added = tolka_page_add_line(page);
        assert_non_null(added);
        added->first_word = (int)page->word_count;
    }
    word = tolka_page_add_word(page);
    assert_non_null(word);
    *word = (struct tolka_word){.box = {x, y, x + 20 * (int)strlen(text), y + 30},
                                .raw = text,
                                .text = text,
                                .confidence = 1,
                                .line = line};
    page->lines[line].word_count++;
    page->lines[line].box = tolka_box_union(page->lines[line].box, word->box);
}

static void add_table(struct tolka_page *page, int x, int y, int first_line)
{
    static const char *const labels[] = {"Hyra", "Resor", "Summa"}, *const amounts[] = {"12000", "34500",
                                                                                        "46500"};

    for (int i = 0; i < 3; i++) {
        add_word(page, x, y + 55 * i, labels[i], first_line + i);
        add_word(page, x + 500, y + 55 * i, amounts[i], first_line + i);
    }
}

static struct tolka_page new_page(void)
{
    return (struct tolka_page){.number = 1, .width = 2480, .height = 3508, .dpi = 300};
}

static void test_grids_find_an_empty_page(void **state)
{
    struct tolka_page page = new_page();

    (void)state;
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    assert_int_equal(page.grid_count, 0);
    tolka_page_release(&page);
}

static void test_grids_find_marks_the_lines_of_a_table(void **state)
{
    struct tolka_page page = new_page();

    (void)state;
    add_word(&page, 300, 1000, "Stycke", 0);
    add_table(&page, 300, 1400, 1);
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    assert_int_equal(page.grid_count, 1);
    assert_int_equal(page.lines[0].grid, -1);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(page.lines[i].grid, 0);
    tolka_page_release(&page);
}

static void test_grids_find_keeps_tables_in_reading_order(void **state)
{
    struct tolka_page page = new_page();

    (void)state;
    add_table(&page, 300, 2400, 0);
    add_table(&page, 900, 700, 3);
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    assert_int_equal(page.grid_count, 2);
    assert_true(page.grids[0].box.y0 < page.grids[1].box.y0);
    assert_int_equal(page.lines[0].grid, 1);
    tolka_page_release(&page);
}

static void test_grids_find_puts_a_word_into_one_cell_only(void **state)
{
    struct tolka_page page = new_page();
    int seen[12] = {0};

    (void)state;
    add_table(&page, 300, 700, 0);
    add_table(&page, 300, 1000, 3);
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    for (size_t g = 0; g < page.grid_count; g++) {
        for (int c = 0; c < page.grids[g].row_count * page.grids[g].column_count; c++) {
            for (int w = 0; w < page.grids[g].cells[c].word_count; w++)
                seen[page.grids[g].cells[c].words[w]]++;
        }
    }
    for (size_t i = 0; i < 12; i++)
        assert_in_range(seen[i], 0, 1);
    tolka_page_release(&page);
}

static void test_grids_find_does_not_depend_on_the_print_size(void **state)
{
    struct tolka_page page = new_page();

    (void)state;
    add_table(&page, 300, 700, 0);
    for (size_t i = 0; i < page.word_count; i++) {
        struct tolka_box *box = &page.words[i].box;
        *box = (struct tolka_box){box->x0 / 3, box->y0 / 3, box->x1 / 3, box->y1 / 3};
    }
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    assert_int_equal(page.grid_count, 1);
    assert_int_equal(page.grids[0].row_count, 3);
    assert_int_equal(page.grids[0].column_count, 2);
    tolka_page_release(&page);
}

static void test_grids_find_refuses_lines_outside_the_page(void **state)
{
    struct tolka_page page = new_page();
    struct tolka_error err = {0};

    (void)state;
    add_word(&page, 300, 300, "ett", 0);
    page.lines[0].word_count = 7;
    assert_int_equal(tolka_grids_find(&page, &err), TOLKA_ERR_ARGUMENT);
    tolka_page_release(&page);
}

/* Boxes as wide as the page, of no size, and turned inside out. */
static void test_grids_find_survives_odd_boxes(void **state)
{
    struct tolka_page page = new_page();

    (void)state;
    add_table(&page, 300, 700, 0);
    for (int i = 0; i < 200; i++) {
        add_word(&page, 0, 0, i % 3 ? "1" : "x", 3);
        page.words[page.word_count - 1].box =
            (struct tolka_box){i * 7 - 300, 3600 - i * 19, i % 5 * 900 - 400, i * 11 % 3508};
    }
    for (int i = 0; i < 50; i++) {
        struct tolka_ruling *ruling = tolka_page_add_ruling(&page);
        ruling->vertical = i % 2;
        ruling->box = (struct tolka_box){i * 50 - 99, i * 70 % 900 - 50, i % 2 ? i * 50 - 97 : 2400,
                                         i % 2 ? 3500 : i * 70 % 900 - 47};
    }
    assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
    tolka_page_release(&page);
}

/* The most words that a page holds, in the arrangements that make the most rows, columns, chunks and
 * openings. */
static void test_grids_find_is_bounded(void **state)
{
    static const char *const texts[] = {"123", "abc", "2031", "-", "....", "7"};

    (void)state;
    for (int shape = 0; shape < 4; shape++) {
        struct tolka_page page = new_page();
        for (int i = 0; i < 60000; i++) {
            struct tolka_word *word = tolka_page_add_word(&page);
            int x = shape == 0   ? i % 245 * 40
                    : shape == 1 ? i * 40
                    : shape == 2 ? i % 2 * 600
                                 : (int)(i * 7919LL % 2400);
            int y = shape == 0   ? i / 245 * 40
                    : shape == 1 ? 100
                    : shape == 2 ? i / 2 * 50
                                 : (int)(i * 104729LL % 3400);
            word->box = (struct tolka_box){x, y, x + 30, y + 28};
            word->raw = word->text = texts[shape == 2 ? 1 : i % 6];
        }
        assert_int_equal(tolka_grids_find(&page, NULL), TOLKA_OK);
        tolka_page_release(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grids_find_an_empty_page),
        cmocka_unit_test(test_grids_find_marks_the_lines_of_a_table),
        cmocka_unit_test(test_grids_find_keeps_tables_in_reading_order),
        cmocka_unit_test(test_grids_find_puts_a_word_into_one_cell_only),
        cmocka_unit_test(test_grids_find_does_not_depend_on_the_print_size),
        cmocka_unit_test(test_grids_find_refuses_lines_outside_the_page),
        cmocka_unit_test(test_grids_find_survives_odd_boxes),
        cmocka_unit_test(test_grids_find_is_bounded),
    };

    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
