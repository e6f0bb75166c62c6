/* Golden cases: saved words in (tests/golden/table/CASE.in), typed tables out (CASE.out). Run from the
 * project's root. */
#include "extract/grid.h"
#include "extract/layout.h"
#include "schema/table.h"
#include "schema/value.h"
#include "tests/support/saved_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void print_table(const struct tolka_table *table, struct tolka_strbuf *out)
{
    const char *unit = tolka_unit_name(table->unit);

    tolka_strbuf_add_str(out, "table pages");
    for (size_t i = 0; i < table->page_count; i++)
        tolka_strbuf_addf(out, " %d", table->pages[i]);
    tolka_strbuf_addf(out, ", header rows %d, unit %s, caption %s\n", table->header_rows,
                      unit ? unit : "none", table->caption ? table->caption : "none");
    for (int r = 0; r < table->row_count; r++) {
        for (int c = 0; c < table->column_count; c++) {
            const struct tolka_cell *cell = tolka_table_cell(table, r, c);
            char value[32];

            tolka_strbuf_addf(out, "%s%s", c ? " | " : "", cell->text);
            if (!cell->has_value || r < table->header_rows)
                continue;
            tolka_decimal_format(cell->value, value);
            tolka_strbuf_addf(out, " = %s", value);
        }
        tolka_strbuf_add_char(out, '\n');
    }
}

static void read_expected(const char *path, struct tolka_strbuf *out)
{
    FILE *in = fopen(path, "r");
    char line[4096];

    assert_non_null(in);
    while (fgets(line, sizeof line, in))
        tolka_strbuf_add_str(out, line);
    fclose(in);
}

static void check_case(const char *name)
{
    char path[256];
    size_t count = 0;
    struct tolka_page *pages;
    struct tolka_record record = {0};
    struct tolka_error err = {0};
    struct tolka_strbuf got = {0}, expected = {0};

    snprintf(path, sizeof path, "tests/golden/table/%s.in", name);
    pages = saved_words_read(path, &count);
    assert_non_null(pages);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(tolka_grids_find(&pages[i], &err), TOLKA_OK);
    tolka_layout_roles(pages, count);
    assert_int_equal(tolka_tables_build(pages, count, NULL, NULL, &record, &err), TOLKA_OK);
    for (size_t i = 0; i < record.table_count; i++)
        print_table(&record.tables[i], &got);
    snprintf(path, sizeof path, "tests/golden/table/%s.out", name);
    read_expected(path, &expected);
    assert_string_equal(tolka_strbuf_text(&got), tolka_strbuf_text(&expected));
    tolka_strbuf_release(&got);
    tolka_strbuf_release(&expected);
    tolka_record_release(&record);
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
}

static void test_golden_label_that_wraps(void **state)
{
    (void)state;
    check_case("wrapped-label");
}

static void test_golden_table_over_a_page_break(void **state)
{
    (void)state;
    check_case("page-break");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_label_that_wraps),
        cmocka_unit_test(test_golden_table_over_a_page_break),
    };

    return cmocka_run_group_tests_name("golden_table", tests, NULL, NULL);
}
