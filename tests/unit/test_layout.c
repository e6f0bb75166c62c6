#include "extract/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_page new_page(int number)
{
    return (struct tolka_page){.number = number, .width = 2480, .height = 3508, .dpi = 300};
}

static void put_word(struct tolka_page *page, const char *text, int x0, int y0, int x1, int y1)
{
    struct tolka_word *word = tolka_page_add_word(page);

    assert_non_null(word);
    word->box = (struct tolka_box){x0, y0, x1, y1};
    word->raw = word->text = tolka_arena_strdup(&page->arena, text);
    word->confidence = 1;
}

/* A line of one word, as a recogniser gives it. */
static struct tolka_line *put_line(struct tolka_page *page, const char *text, int block, struct tolka_box box,
                                   float size_px)
{
    struct tolka_line *line = tolka_page_add_line(page);

    assert_non_null(line);
    put_word(page, text, box.x0, box.y0, box.x1, box.y1);
    line->box = box;
    line->first_word = (int)page->word_count - 1;
    line->word_count = 1;
    line->block = block;
    line->size_px = size_px;
    page->words[page->word_count - 1].line = (int)page->line_count - 1;
    return line;
}

static void test_order_puts_words_of_a_row_left_to_right(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_word(&page, "under", 100, 200, 300, 240);
    put_word(&page, "kr", 500, 102, 560, 140);
    put_word(&page, "Belopp", 100, 100, 300, 140);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.line_count, 2);
    assert_string_equal(page.words[0].text, "Belopp");
    assert_string_equal(page.words[1].text, "kr");
    assert_string_equal(page.words[2].text, "under");
    assert_int_equal(page.words[2].line, 1);
    tolka_page_release(&page);
}

static void test_order_starts_a_block_at_a_wide_gap(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_word(&page, "ett", 100, 100, 200, 140);
    put_word(&page, "två", 100, 150, 200, 190);
    put_word(&page, "tre", 100, 200, 200, 240);
    put_word(&page, "fyra", 100, 300, 200, 340);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.lines[2].block, page.lines[0].block);
    assert_int_equal(page.lines[3].block, page.lines[0].block + 1);
    tolka_page_release(&page);
}

static void test_order_joins_pieces_of_a_recognised_line(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_line(&page, "höger", 0, (struct tolka_box){210, 100, 300, 140}, 40);
    put_line(&page, "vänster", 0, (struct tolka_box){100, 100, 200, 140}, 40);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.line_count, 1);
    assert_int_equal(page.lines[0].word_count, 2);
    assert_string_equal(page.words[0].text, "vänster");
    tolka_page_release(&page);
}

static void test_order_leaves_columns_apart(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_line(&page, "vänster", 0, (struct tolka_box){100, 100, 1000, 140}, 40);
    put_line(&page, "höger", 1, (struct tolka_box){1100, 100, 2000, 140}, 40);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.line_count, 2);
    tolka_page_release(&page);
}

static void test_order_places_a_late_find(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_line(&page, "först", 0, (struct tolka_box){100, 100, 300, 140}, 40);
    put_line(&page, "sist", 1, (struct tolka_box){100, 300, 300, 340}, 40);
    put_line(&page, "0", TOLKA_BLOCK_UNPLACED, (struct tolka_box){100, 200, 120, 240}, 40);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_string_equal(page.words[1].text, "0");
    assert_int_equal(page.lines[1].block, 0);
    assert_int_equal(page.words[2].line, 2);
    tolka_page_release(&page);
}

static void test_order_of_an_empty_page_is_no_error(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    assert_int_equal(tolka_layout_order(&page, NULL), TOLKA_OK);
    tolka_page_release(&page);
}

/* Lines of running text, as a text layer has them: words side by side, `words` to a line. */
static void put_prose(struct tolka_page *page, int x0, int y0, int lines, int words)
{
    for (int l = 0; l < lines; l++) {
        for (int w = 0; w < words; w++) {
            const int x = x0 + 160 * w, y = y0 + 54 * l;
            put_word(page, l == 0 && w == 0 ? "Kommunen" : "fullgjort", x, y, x + 145, y + 42);
        }
    }
}

static void order_columns(struct tolka_page *page)
{
    struct tolka_error err = {0};

    assert_int_equal(tolka_layout_order(page, &err), TOLKA_OK);
    assert_int_equal(tolka_layout_columns(page, &err), TOLKA_OK);
}

static void test_columns_are_read_one_after_another(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 1300, 400, 20, 6);
    put_prose(&page, 250, 400, 20, 6);
    put_word(&page, "Rubrik", 250, 200, 2200, 280);
    order_columns(&page);
    assert_int_equal(page.line_count, 41);
    assert_string_equal(page.words[0].text, "Rubrik");
    for (int i = 1; i < 41; i++)
        assert_int_equal(page.lines[i].box.x0, i <= 20 ? 250 : 1300);
    assert_true(page.lines[21].block > page.lines[20].block);
    tolka_page_release(&page);
}

static void test_columns_unlike_in_pitch_are_parted(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 250, 400, 20, 6);
    put_prose(&page, 1300, 421, 12, 6);
    order_columns(&page);
    assert_int_equal(page.line_count, 32);
    assert_int_equal(page.lines[20].box.x0, 1300);
    tolka_page_release(&page);
}

static void test_columns_of_figures_stay_rows(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 250, 400, 12, 4);
    for (int i = 0; i < 12; i++)
        put_word(&page, "12345", 1300, 400 + 54 * i, 1400, 442 + 54 * i);
    order_columns(&page);
    assert_int_equal(page.line_count, 12);
    assert_string_equal(page.words[4].text, "12345");
    tolka_page_release(&page);
}

static void test_columns_set_a_note_before_its_paragraph(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 800, 400, 8, 8);
    put_prose(&page, 800, 400 + 54 * 9, 8, 8);
    put_word(&page, "Sidorubrik", 250, 400 + 54 * 9, 480, 442 + 54 * 9);
    order_columns(&page);
    assert_int_equal(page.line_count, 17);
    assert_string_equal(page.words[page.lines[8].first_word].text, "Sidorubrik");
    tolka_page_release(&page);
}

static void test_columns_end_at_a_short_heading_over_them(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 250, 400, 10, 6);
    put_prose(&page, 1300, 400, 9, 6);
    put_word(&page, "Ekonomi", 250, 1000, 600, 1070);
    put_prose(&page, 250, 1110, 10, 6);
    put_prose(&page, 1300, 1110, 10, 6);
    order_columns(&page);
    assert_int_equal(page.line_count, 40);
    assert_int_equal(page.lines[18].box.x0, 1300);
    assert_string_equal(page.words[page.lines[19].first_word].text, "Ekonomi");
    assert_int_equal(page.lines[20].box.x0, 250);
    assert_int_equal(page.lines[39].box.x0, 1300);
    tolka_page_release(&page);
}

static void test_columns_go_on_beside_a_heading_in_one(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_prose(&page, 250, 400, 10, 6);
    put_word(&page, "Ekonomi", 250, 1000, 600, 1070);
    put_prose(&page, 250, 1110, 10, 6);
    put_prose(&page, 1300, 400, 23, 6);
    order_columns(&page);
    assert_string_equal(page.words[page.lines[10].first_word].text, "Ekonomi");
    assert_int_equal(page.lines[20].box.x0, 250);
    assert_int_equal(page.lines[21].box.x0, 1300);
    tolka_page_release(&page);
}

static void test_columns_move_a_table_with_its_words(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};
    struct tolka_grid *grid;
    int label = -1;

    (void)state;
    put_prose(&page, 250, 400, 20, 6);
    put_prose(&page, 1300, 400, 8, 6);
    put_word(&page, "Intäkter", 1300, 900, 1450, 942);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    for (size_t i = 0; i < page.word_count; i++)
        label = strcmp(page.words[i].text, "Intäkter") == 0 ? (int)i : label;
    grid = tolka_page_add_grid(&page, 1, 1);
    grid->box = grid->cells[0].box = page.words[label].box;
    grid->cells[0].words = &label;
    grid->cells[0].word_count = 1;
    assert_int_equal(tolka_layout_columns(&page, &err), TOLKA_OK);
    assert_string_equal(page.words[label].text, "Intäkter");
    assert_int_equal(page.words[label].line, (int)page.line_count - 1);
    assert_int_equal(page.lines[page.line_count - 1].grid, 0);
    tolka_page_release(&page);
}

static void test_order_opens_a_paragraph_at_an_indented_line(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_word(&page, "första", 100, 100, 900, 140);
    put_word(&page, "slutar.", 100, 150, 900, 190);
    put_word(&page, "Nästa", 140, 200, 900, 240);
    put_word(&page, "fortsätter", 100, 250, 900, 290);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.lines[1].block, page.lines[0].block);
    assert_int_equal(page.lines[2].block, page.lines[1].block + 1);
    assert_int_equal(page.lines[3].block, page.lines[2].block);
    tolka_page_release(&page);
}

static void test_order_opens_a_paragraph_behind_a_line_left_early(void **state)
{
    struct tolka_page page = new_page(1);
    struct tolka_error err = {0};

    (void)state;
    put_word(&page, "första", 100, 100, 900, 140);
    put_word(&page, "slutar.", 100, 150, 300, 190);
    put_word(&page, "Nästa", 100, 200, 300, 240);
    put_word(&page, "rad", 310, 200, 900, 240);
    assert_int_equal(tolka_layout_order(&page, &err), TOLKA_OK);
    assert_int_equal(page.lines[1].block, page.lines[0].block);
    assert_int_equal(page.lines[2].block, page.lines[1].block + 1);
    tolka_page_release(&page);
}

static void put_body(struct tolka_page *page, int lines)
{
    for (int i = 0; i < lines; i++)
        put_line(page, "verksamheten.", 1, (struct tolka_box){300, 800 + 60 * i, 2100, 840 + 60 * i}, 46);
}

static void test_roles_marks_a_running_header(void **state)
{
    struct tolka_page pages[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        pages[i] = new_page(i + 1);
        put_line(&pages[i], i == 1 ? "Årsredovisnlng" : "Årsredovisning", 0,
                 (struct tolka_box){300, 150, 900, 190}, 40);
        put_body(&pages[i], 10 + i);
    }
    tolka_layout_roles(pages, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pages[i].lines[0].role, TOLKA_LINE_HEADER);
        assert_int_equal(pages[i].lines[1].role, TOLKA_LINE_BODY);
        tolka_page_release(&pages[i]);
    }
}

static void test_roles_marks_a_lone_page_number(void **state)
{
    struct tolka_page page = new_page(7);

    (void)state;
    put_body(&page, 10);
    put_line(&page, "7", 2, (struct tolka_box){1220, 3350, 1240, 3390}, 40);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[10].role, TOLKA_LINE_PAGE_NUMBER);
    tolka_page_release(&page);
}

static void test_roles_leaves_a_figure_in_a_grid(void **state)
{
    struct tolka_page page = new_page(7);

    (void)state;
    put_body(&page, 10);
    put_line(&page, "7", 2, (struct tolka_box){1220, 3350, 1240, 3390}, 40)->grid = 0;
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[10].role, TOLKA_LINE_BODY);
    tolka_page_release(&page);
}

static void test_roles_ranks_headings_by_size(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_line(&page, "Förvaltningsberättelse", 0, (struct tolka_box){300, 500, 900, 570}, 70);
    put_line(&page, "Händelser", 1, (struct tolka_box){300, 600, 900, 660}, 58);
    put_body(&page, 20);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[0].role, TOLKA_LINE_HEADING);
    assert_int_equal(page.lines[0].heading_level, 1);
    assert_int_equal(page.lines[1].heading_level, 2);
    assert_int_equal(page.lines[2].heading_level, 0);
    tolka_page_release(&page);
}

static void test_roles_takes_bold_among_regular_as_heading(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_line(&page, "Målgrupper", 0, (struct tolka_box){300, 600, 900, 640}, 46)->bold = true;
    put_body(&page, 20);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[0].role, TOLKA_LINE_HEADING);
    tolka_page_release(&page);
}

static void test_roles_keeps_numbered_headings_at_the_top(void **state)
{
    static const char *const TITLES[] = {"Mål1", "Mål2"};
    struct tolka_page pages[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        pages[i] = new_page(i + 1);
        put_line(&pages[i], TITLES[i], 0, (struct tolka_box){300, 300, 900, 370}, 70);
        put_body(&pages[i], 20);
    }
    tolka_layout_roles(pages, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pages[i].lines[0].role, TOLKA_LINE_HEADING);
        tolka_page_release(&pages[i]);
    }
}

static void test_roles_takes_small_print_at_the_top_for_a_header(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_line(&page, "Kommunen", 0, (struct tolka_box){300, 150, 900, 180}, 34);
    put_body(&page, 20);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[0].role, TOLKA_LINE_HEADER);
    tolka_page_release(&page);
}

static void test_roles_makes_one_heading_of_two_lines(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    put_line(&page, "Medarbetare", 0, (struct tolka_box){300, 500, 900, 570}, 70);
    put_line(&page, "kompetens", 0, (struct tolka_box){300, 580, 900, 650}, 70);
    put_body(&page, 20);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[1].role, TOLKA_LINE_HEADING);
    assert_int_equal(page.lines[1].heading_level, page.lines[0].heading_level);
    tolka_page_release(&page);
}

static void test_roles_takes_no_bold_paragraph_for_a_heading(void **state)
{
    struct tolka_page page = new_page(1);

    (void)state;
    for (int i = 0; i < 2; i++)
        put_line(&page, i ? "resultat." : "Kommunens", 0,
                 (struct tolka_box){300, 500 + 60 * i, 900, 540 + 60 * i}, 46)
            ->bold = true;
    put_body(&page, 20);
    tolka_layout_roles(&page, 1);
    assert_int_equal(page.lines[0].role, TOLKA_LINE_BODY);
    tolka_page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_puts_words_of_a_row_left_to_right),
        cmocka_unit_test(test_order_starts_a_block_at_a_wide_gap),
        cmocka_unit_test(test_order_joins_pieces_of_a_recognised_line),
        cmocka_unit_test(test_order_leaves_columns_apart),
        cmocka_unit_test(test_order_places_a_late_find),
        cmocka_unit_test(test_order_of_an_empty_page_is_no_error),
        cmocka_unit_test(test_columns_are_read_one_after_another),
        cmocka_unit_test(test_columns_unlike_in_pitch_are_parted),
        cmocka_unit_test(test_columns_of_figures_stay_rows),
        cmocka_unit_test(test_columns_set_a_note_before_its_paragraph),
        cmocka_unit_test(test_columns_end_at_a_short_heading_over_them),
        cmocka_unit_test(test_columns_go_on_beside_a_heading_in_one),
        cmocka_unit_test(test_columns_move_a_table_with_its_words),
        cmocka_unit_test(test_order_opens_a_paragraph_at_an_indented_line),
        cmocka_unit_test(test_order_opens_a_paragraph_behind_a_line_left_early),
        cmocka_unit_test(test_roles_marks_a_running_header),
        cmocka_unit_test(test_roles_marks_a_lone_page_number),
        cmocka_unit_test(test_roles_leaves_a_figure_in_a_grid),
        cmocka_unit_test(test_roles_ranks_headings_by_size),
        cmocka_unit_test(test_roles_takes_bold_among_regular_as_heading),
        cmocka_unit_test(test_roles_keeps_numbered_headings_at_the_top),
        cmocka_unit_test(test_roles_takes_small_print_at_the_top_for_a_header),
        cmocka_unit_test(test_roles_makes_one_heading_of_two_lines),
        cmocka_unit_test(test_roles_takes_no_bold_paragraph_for_a_heading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
