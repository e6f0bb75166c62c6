/*
 * Every tests/golden/grid/CASE.words against CASE.grid: the tables in order, a row a line, cells separated by
 * " | ", an empty line between two tables; an empty file where there is no table.
 */
#include "base/strbuf.h"
#include "extract/grid.h"
#include "tests/support/saved_words.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void write_grid(const struct tolka_page *page, const struct tolka_grid *grid, struct tolka_strbuf *out)
{
    for (int i = 0; i < grid->row_count * grid->column_count; i++) {
        const struct tolka_grid_cell *cell = &grid->cells[i];
        for (int w = 0; w < cell->word_count; w++)
            tolka_strbuf_addf(out, "%s%s", w ? " " : "", page->words[cell->words[w]].text);
        tolka_strbuf_add_str(out, (i + 1) % grid->column_count ? " | " : "\n");
    }
}

static char *read_whole(const char *path)
{
    struct tolka_strbuf text = {0};
    FILE *in = fopen(path, "r");
    char buffer[4096];
    size_t got;

    if (!in)
        return NULL;
    while ((got = fread(buffer, 1, sizeof buffer, in)) > 0)
        tolka_strbuf_add(&text, buffer, got);
    fclose(in);
    return text.data ? text.data : calloc(1, 1);
}

static void test_grids_find_golden(void **state)
{
    const char *words_path = *state;
    struct tolka_strbuf found = {0};
    struct tolka_page *pages;
    size_t count = 0;
    char grid_path[1024], *expected;

    snprintf(grid_path, sizeof grid_path, "%.*s.grid", (int)(strlen(words_path) - strlen(".words")),
             words_path);
    expected = read_whole(grid_path);
    assert_non_null(expected);
    pages = saved_words_read(words_path, &count);
    assert_int_equal(count, 1);
    assert_int_equal(tolka_grids_find(pages, NULL), TOLKA_OK);
    for (size_t g = 0; g < pages->grid_count; g++) {
        if (g)
            tolka_strbuf_add_char(&found, '\n');
        write_grid(pages, &pages->grids[g], &found);
    }
    assert_string_equal(tolka_strbuf_text(&found), expected);
    tolka_strbuf_release(&found);
    tolka_page_release(pages);
    free(pages);
    free(expected);
}

int main(void)
{
    struct CMUnitTest *tests;
    glob_t found;
    int failed;

    if (glob("tests/golden/grid/*.words", 0, NULL, &found) != 0 ||
        !(tests = calloc(found.gl_pathc, sizeof *tests)))
        return 1;
    for (size_t i = 0; i < found.gl_pathc; i++)
        tests[i] = (struct CMUnitTest){strrchr(found.gl_pathv[i], '/') + 1, test_grids_find_golden, NULL,
                                       NULL, found.gl_pathv[i]};
    failed = _cmocka_run_group_tests("grid_golden", tests, found.gl_pathc, NULL, NULL);
    free(tests);
    globfree(&found);
    return failed;
}
