/* Tables of goals in plain text: text in, cells out. */
#include "base/strbuf.h"
#include "extract/grid.h"
#include "extract/textfile.h"
#include "schema/goaltext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void print_grids(const struct tolka_page *page, struct tolka_strbuf *out)
{
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int i = 0; i < grid->cells[c].word_count; i++) {
                tolka_strbuf_add_str(out, page->words[grid->cells[c].words[i]].text);
                tolka_strbuf_add_str(out, i + 1 < grid->cells[c].word_count ? " " : "");
            }
            tolka_strbuf_add_char(out, (c + 1) % grid->column_count ? '|' : '\n');
        }
    }
}

static void assert_goals(void **state, const char *text, const char *expected)
{
    struct tolka_page page = {.number = 1};
    struct tolka_error err = {0};
    struct tolka_strbuf out = {0};

    assert_int_equal(tolka_textfile_read(text, strlen(text), 1, &page, &err), TOLKA_OK);
    assert_int_equal(tolka_grids_find(&page, &err), TOLKA_OK);
    assert_int_equal(tolka_goal_grids_find(*state, &page, &err), TOLKA_OK);
    print_grids(&page, &out);
    assert_string_equal(tolka_strbuf_text(&out), expected);
    tolka_strbuf_release(&out);
    tolka_page_release(&page);
}

static void test_find_cuts_rows_at_what_says_fulfilment(void **state)
{
    assert_goals(state,
                 "Delmål Aktivitet Måluppfyllelse\nHälften av deltagarna ska\ngå vidare till "
                 "arbete\n\nSamtal varje vecka med\nalla "
                 "deltagare\n\nMålet är uppfyllt.\n\nKostnaden ska inte öka\n\nUppföljning varje "
                 "månad\n\nMålet bedöms\ninte vara "
                 "uppfyllt.\n",
                 "Delmål|Aktivitet|Måluppfyllelse\nHälften av deltagarna ska gå vidare till arbete|Samtal "
                 "varje vecka med alla "
                 "deltagare|Målet är uppfyllt.\nKostnaden ska inte öka|Uppföljning varje månad|Målet bedöms "
                 "inte vara uppfyllt.\n");
}

static void test_find_parts_a_line_of_two_cells(void **state)
{
    assert_goals(state,
                 "Delmål Aktivitet Måluppfyllelse\nAlla ska få ett samordnat\nstöd i rätt tid\n\nEnkät till "
                 "deltagarna. "
                 "Målet\n\nkan inte bedömas\n\npå halvårsbasis.\n",
                 "Delmål|Aktivitet|Måluppfyllelse\nAlla ska få ett samordnat stöd i rätt tid|Enkät till "
                 "deltagarna.|Målet kan inte "
                 "bedömas på halvårsbasis.\n");
}

static void test_find_leaves_running_text_alone(void **state)
{
    assert_goals(state,
                 "Mål och vision\nFörbundet har arbetat mot sina mål under hela året.\nMålet är uppfyllt.\n",
                 "");
}

static int load(void **state)
{
    const char *const dirs[] = {"schema/rules"};
    struct tolka_error err = {0};

    return tolka_rules_load(dirs, 1, (struct tolka_rules **)state, &err);
}

static int unload(void **state)
{
    tolka_rules_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_cuts_rows_at_what_says_fulfilment),
        cmocka_unit_test(test_find_parts_a_line_of_two_cells),
        cmocka_unit_test(test_find_leaves_running_text_alone),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
