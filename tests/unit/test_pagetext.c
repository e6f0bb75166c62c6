#include "schema/pagetext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Adds a line of words parted by spaces. */
static struct tolka_line *add_line(struct tolka_page *page, int block, enum tolka_line_role role, const char *text)
{
    struct tolka_line *line = tolka_page_add_line(page);
    char *copy = tolka_arena_strdup(&page->arena, text), *rest = NULL;

    line->block = block;
    line->role = role;
    line->first_word = (int)page->word_count;
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        struct tolka_word *added = tolka_page_add_word(page);
        added->raw = added->text = word;
        added->line = (int)page->line_count - 1;
        line->word_count++;
    }
    return line;
}

static void put(struct tolka_page *page, struct tolka_grid *grid, int cell, int first, int count)
{
    grid->cells[cell].words = tolka_arena_array(&page->arena, (size_t)count, sizeof(int));
    for (int i = 0; i < count; i++)
        grid->cells[cell].words[i] = first + i;
    grid->cells[cell].word_count = count;
}

static void test_page_text_puts_furniture_last(void **state)
{
    struct tolka_page page = {0};
    struct tolka_arena arena = {0};

    (void)state;
    add_line(&page, 0, TOLKA_LINE_FOOTER, "Sida 2");
    add_line(&page, 1, TOLKA_LINE_HEADING, "1 Inledning");
    add_line(&page, 2, TOLKA_LINE_BODY, "Målet är nått.");
    assert_string_equal(tolka_page_text(&page, NULL, &arena), "1 Inledning\n\nMålet är nått.\n\nSida 2\n");
    tolka_arena_release(&arena);
    tolka_page_release(&page);
}

static void test_page_text_writes_a_table_row_by_row(void **state)
{
    struct tolka_page page = {0};
    struct tolka_arena arena = {0};
    struct tolka_grid *grid;

    (void)state;
    add_line(&page, 0, TOLKA_LINE_BODY, "Löner Hyra"); /* the labels stand in one line, the amounts in another */
    add_line(&page, 0, TOLKA_LINE_BODY, "1 200 35");
    add_line(&page, 1, TOLKA_LINE_BODY, "Efter.");
    grid = tolka_page_add_grid(&page, 2, 2);
    put(&page, grid, 0, 0, 1);
    put(&page, grid, 1, 2, 2);
    put(&page, grid, 2, 1, 1);
    put(&page, grid, 3, 4, 1);
    assert_string_equal(tolka_page_text(&page, NULL, &arena), "Löner\t1 200\nHyra\t35\n\nEfter.\n");
    tolka_arena_release(&arena);
    tolka_page_release(&page);
}

static void test_cell_text_joins_a_broken_word_over_three_lines(void **state)
{
    struct tolka_page page = {0};
    struct tolka_arena arena = {0};
    struct tolka_grid *grid;

    (void)state;
    add_line(&page, 0, TOLKA_LINE_BODY, "egen för-");
    add_line(&page, 0, TOLKA_LINE_BODY, "sörj-");
    add_line(&page, 0, TOLKA_LINE_BODY, "ning och");
    grid = tolka_page_add_grid(&page, 1, 1);
    put(&page, grid, 0, 0, 5);
    assert_string_equal(tolka_cell_text(&page, &grid->cells[0], NULL, &arena), "egen försörjning och");
    tolka_arena_release(&arena);
    tolka_page_release(&page);
}

static void test_cell_text_keeps_a_hanging_hyphen(void **state)
{
    struct tolka_page page = {0};
    struct tolka_arena arena = {0};
    struct tolka_grid *grid;

    (void)state;
    add_line(&page, 0, TOLKA_LINE_BODY, "mål-");
    add_line(&page, 0, TOLKA_LINE_BODY, "och styrdokument");
    grid = tolka_page_add_grid(&page, 1, 1);
    put(&page, grid, 0, 0, 3);
    assert_string_equal(tolka_cell_text(&page, &grid->cells[0], NULL, &arena), "mål- och styrdokument");
    tolka_arena_release(&arena);
    tolka_page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_text_puts_furniture_last),
        cmocka_unit_test(test_page_text_writes_a_table_row_by_row),
        cmocka_unit_test(test_cell_text_joins_a_broken_word_over_three_lines),
        cmocka_unit_test(test_cell_text_keeps_a_hanging_hyphen),
    };

    return cmocka_run_group_tests_name("pagetext", tests, NULL, NULL);
}
