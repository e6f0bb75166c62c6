/* The public library, through its public header alone. */
#include "lib/tolka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char STATEMENT[] = "corpus/forbund-arsredovisning.pdf";
static const char MISPRINT[] = "corpus/brf-arsredovisning.pdf";
static const char TEXT[] = "Årsredovisning 2020\n\nFörsta sidan\n\fAndra sidan\n";

/* The data as it lies in the source tree: tests may run from any build folder. */
static struct tolka_context *open_with(struct tolka_options options)
{
    struct tolka_context *context = NULL;
    char message[256] = "";

    options.size = sizeof options;
    if (tolka_open(&options, &context, message, sizeof message))
        fail_msg("%s", message);
    return context;
}

static struct tolka_context *open_default(void)
{
    return open_with((struct tolka_options){0});
}

static struct tolka_report *convert(struct tolka_context *context, const char *path, const char *pages)
{
    struct tolka_report *report = NULL;

    if (tolka_convert_file(context, path, pages, &report))
        fail_msg("%s", tolka_message(context));
    return report;
}

static void test_open_without_data(void **state)
{
    const struct tolka_options options = {.size = sizeof options, .data_dir = "/nowhere"};
    struct tolka_context *context = (struct tolka_context *)1;
    char message[256] = "";

    (void)state;
    assert_int_equal(tolka_open(&options, &context, message, sizeof message), TOLKA_ERR_IO);
    assert_null(context);
    assert_non_null(strstr(message, "/nowhere"));
}

static void test_open_with_options_of_no_size(void **state)
{
    const struct tolka_options options = {0};
    struct tolka_context *context;

    (void)state;
    assert_int_equal(tolka_open(&options, &context, NULL, 0), TOLKA_ERR_ARGUMENT);
}

static void test_open_with_options_of_a_later_library(void **state)
{
    struct {
        struct tolka_options known;
        int unknown;
    } options = {{.size = sizeof options}, 1};
    struct tolka_context *context;

    (void)state;
    assert_int_equal(tolka_open(&options.known, &context, NULL, 0), TOLKA_ERR_ARGUMENT);
    options.unknown = 0;
    assert_int_equal(tolka_open(&options.known, &context, NULL, 0), TOLKA_OK);
    tolka_close(context);
}

static void test_open_with_options_of_an_earlier_library(void **state)
{
    struct tolka_options options = {.size = offsetof(struct tolka_options, ocr), .jobs = 1000};
    struct tolka_context *context;

    (void)state;
    assert_int_equal(tolka_open(&options, &context, NULL, 0), TOLKA_OK);
    tolka_close(context);
}

static void test_convert_file_that_is_missing(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = (struct tolka_report *)1;

    (void)state;
    assert_int_equal(tolka_convert_file(context, "saknas.pdf", NULL, &report), TOLKA_ERR_IO);
    assert_null(report);
    assert_non_null(strstr(tolka_message(context), "saknas.pdf"));
    tolka_close(context);
}

static void test_convert_file_with_a_bad_list_of_pages(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report;

    (void)state;
    assert_int_equal(tolka_convert_file(context, STATEMENT, "3-1", &report), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_convert_file(context, STATEMENT, "99", &report), TOLKA_ERR_ARGUMENT);
    assert_non_null(strstr(tolka_message(context), "has only"));
    tolka_close(context);
}

static void test_convert_file_tells_figures(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, STATEMENT, NULL);
    struct tolka_report_info info;
    struct tolka_table_info table;
    struct tolka_row_info row;
    struct tolka_cell_info cell;
    int found = 0;

    (void)state;
    assert_int_equal(tolka_report_describe(report, &info, sizeof info), TOLKA_OK);
    assert_string_equal(info.kind, "annual_report");
    for (size_t t = 0; t < info.table_count; t++) {
        assert_int_equal(tolka_report_table(report, t, &table, sizeof table), TOLKA_OK);
        if (strcmp(table.kind, "balance_sheet") != 0)
            continue;
        for (int r = 0; r < table.row_count; r++) {
            tolka_report_row(report, t, r, &row, sizeof row);
            if (!row.item || strcmp(row.item, "total_assets") != 0)
                continue;
            for (int c = 0; c < table.column_count; c++) {
                tolka_report_cell(report, t, r, c, &cell, sizeof cell);
                found += cell.has_value && cell.value == 2013479 && cell.mantissa == 2013479 &&
                         cell.scale == 0 && cell.status == TOLKA_CELL_CONFIRMED &&
                         cell.unit == TOLKA_UNIT_SEK && cell.bbox[2] > cell.bbox[0];
            }
        }
    }
    assert_int_equal(found, 1);
    tolka_report_free(report);
    tolka_close(context);
}

static void test_check_tells_a_misprint_and_its_cells(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, MISPRINT, NULL);
    struct tolka_report_info info;
    struct tolka_table_info table;
    struct tolka_check_info check;
    struct tolka_cell_info cell;
    int row, column, misprints = 0;

    (void)state;
    tolka_report_describe(report, &info, sizeof info);
    for (size_t t = 0; t < info.table_count; t++) {
        tolka_report_table(report, t, &table, sizeof table);
        for (size_t c = 0; c < table.check_count; c++) {
            assert_int_equal(tolka_report_check(report, t, c, &check, sizeof check), TOLKA_OK);
            if (check.verdict != TOLKA_CHECK_MISPRINT)
                continue;
            assert_int_equal(tolka_report_check_cell(report, t, c, 0, &row, &column), TOLKA_OK);
            assert_int_equal(tolka_report_cell(report, t, row, column, &cell, sizeof cell), TOLKA_OK);
            assert_int_equal(tolka_report_check_cell(report, t, c, check.cell_count, &row, &column),
                             TOLKA_ERR_ARGUMENT);
            assert_true(cell.value == check.found && check.off == check.found - check.expected);
            misprints++;
        }
    }
    assert_true(misprints > 0);
    tolka_report_free(report);
    tolka_close(context);
}

static void test_walk_beyond_the_end(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, STATEMENT, "7");
    struct tolka_cell_info cell = {.text = "left"};
    struct tolka_table_info table;
    struct tolka_page_info page;

    (void)state;
    assert_int_equal(tolka_report_page(report, 1, &page, sizeof page), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_report_table(report, (size_t)-1, &table, sizeof table), TOLKA_ERR_ARGUMENT);
    assert_int_equal(tolka_report_cell(report, 0, -1, 0, &cell, sizeof cell), TOLKA_ERR_ARGUMENT);
    assert_null(cell.text);
    assert_int_equal(tolka_report_table(NULL, 0, &table, sizeof table), TOLKA_ERR_ARGUMENT);
    tolka_report_free(report);
    tolka_close(context);
}

static void test_walk_with_a_struct_of_another_library(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, STATEMENT, "7");
    struct {
        struct tolka_table_info known;
        const char *unknown;
    } longer = {.unknown = "left"};
    struct tolka_page_info page = {.text = "kept"};

    (void)state;
    assert_int_equal(tolka_report_table(report, 0, &longer.known, sizeof longer), TOLKA_OK);
    assert_non_null(longer.known.kind);
    assert_null(longer.unknown);
    assert_int_equal(tolka_report_page(report, 0, &page, offsetof(struct tolka_page_info, text)), TOLKA_OK);
    assert_int_equal(page.page, 7);
    assert_string_equal(page.text, "kept");
    tolka_report_free(report);
    tolka_close(context);
}

static void test_convert_memory_says_what_the_file_says(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *reports[2] = {convert(context, STATEMENT, NULL)};
    FILE *file = fopen(STATEMENT, "rb");
    char *bytes = malloc(1 << 20), *texts[2];
    size_t length;

    (void)state;
    assert_non_null(file);
    length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    bytes = realloc(bytes, length); /* nothing lies behind the last byte */
    assert_int_equal(tolka_convert_memory(context, bytes, length, STATEMENT, NULL, &reports[1]), TOLKA_OK);
    free(bytes);
    for (int i = 0; i < 2; i++)
        assert_int_equal(tolka_report_write(reports[i], "json", &texts[i], NULL), TOLKA_OK);
    assert_string_equal(texts[0], texts[1]);
    for (int i = 0; i < 2; i++) {
        tolka_free(texts[i]);
        tolka_report_free(reports[i]);
    }
    tolka_close(context);
}

static void test_convert_memory_of_text(void **state)
{
    struct tolka_context *context = open_default();
    char *bytes = malloc(sizeof TEXT - 1);
    struct tolka_report *report;
    struct tolka_page_info page;

    (void)state;
    memcpy(bytes, TEXT, sizeof TEXT - 1);
    assert_int_equal(tolka_convert_memory(context, bytes, sizeof TEXT - 1, NULL, "2", &report), TOLKA_OK);
    free(bytes);
    assert_int_equal(tolka_report_page(report, 0, &page, sizeof page), TOLKA_OK);
    assert_int_equal(page.page, 2);
    assert_string_equal(page.text, "Andra sidan\n");
    tolka_report_free(report);
    tolka_close(context);
}

static void test_report_outlives_its_context(void **state)
{
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, STATEMENT, NULL);
    char *text = NULL;
    size_t length = 0;

    (void)state;
    tolka_close(context);
    assert_int_equal(tolka_report_write(report, "jsonl", &text, &length), TOLKA_OK);
    assert_int_equal(strlen(text), length);
    assert_non_null(strstr(text, "\"total_assets\""));
    tolka_free(text);
    tolka_report_free(report);
}

static void test_write_every_format(void **state)
{
    static const char *const FORMATS[] = {"json", "jsonl", "csv", "md", "txt", "alto", "hocr", "summary"};
    struct tolka_context *context = open_default();
    struct tolka_report *report = convert(context, STATEMENT, "7");
    char *text;

    (void)state;
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        assert_int_equal(tolka_report_write(report, FORMATS[i], &text, NULL), TOLKA_OK);
        assert_non_null(strstr(text, "764")); /* the second half of 212 764 */
        tolka_free(text);
    }
    assert_int_equal(tolka_report_write(report, "docx", &text, NULL), TOLKA_ERR_ARGUMENT);
    assert_null(text);
    tolka_report_free(report);
    tolka_close(context);
}

static int count_pages(int done, int total, void *data)
{
    int *last = data;

    assert_int_equal(done, *last + 1);
    assert_int_equal(total, 9);
    *last = done;
    return 0;
}

static void test_jobs_do_not_change_the_report(void **state)
{
    int done[2] = {0, 0};
    char *texts[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct tolka_context *context = open_with((struct tolka_options){
            .jobs = i ? 3 : 1, .ocr = TOLKA_OCR_NEVER, .on_page = count_pages, .data = &done[i]});
        struct tolka_report *report = convert(context, STATEMENT, NULL);
        assert_int_equal(tolka_report_write(report, "json", &texts[i], NULL), TOLKA_OK);
        assert_int_equal(done[i], 9);
        tolka_report_free(report);
        tolka_close(context);
    }
    assert_string_equal(texts[0], texts[1]);
    tolka_free(texts[0]);
    tolka_free(texts[1]);
}

static int stop(int done, int total, void *data)
{
    (void)total;
    (void)data;
    return done == 2;
}

static void test_on_page_cancels(void **state)
{
    (void)state;
    for (int jobs = 1; jobs <= 2; jobs++) {
        struct tolka_context *context =
            open_with((struct tolka_options){.jobs = jobs, .ocr = TOLKA_OCR_NEVER, .on_page = stop});
        struct tolka_report *report;
        assert_int_equal(tolka_convert_file(context, STATEMENT, NULL, &report), TOLKA_ERR_CANCELLED);
        assert_null(report);
        tolka_close(context);
    }
}

struct seen {
    int changes;
    char to[64];
};

static void see_change(size_t line, size_t column, const char *from, const char *to, double confidence,
                       const char *reason, void *data)
{
    struct seen *seen = data;

    (void)from;
    assert_true(line == 2 && column == 1 && confidence > 0 && confidence <= 1 && reason);
    seen->changes++;
    snprintf(seen->to, sizeof seen->to, "%s", to);
}

static void test_normalize_repairs_and_tells(void **state)
{
    static const char SPOILED[] =
        "Styrelsen har haft fem möten.\nForbundet har under aret arbetat med samverkan.\n";
    struct tolka_context *context = open_default();
    struct seen seen = {0};
    char *text;
    size_t length;

    (void)state;
    assert_int_equal(tolka_normalize(context, SPOILED, 53, NULL, NULL, &text, &length), TOLKA_OK);
    assert_int_equal(strlen(text), length);
    tolka_free(text);
    assert_int_equal(tolka_normalize(context, SPOILED, 41, see_change, &seen, &text, NULL), TOLKA_OK);
    assert_int_equal(seen.changes, 1);
    assert_string_equal(seen.to, "Förbundet");
    assert_non_null(strstr(text, "\nFörbundet"));
    tolka_free(text);
    tolka_close(context);
}

static void test_normalize_without_a_model(void **state)
{
    struct tolka_context *context = open_with((struct tolka_options){.model = ""});
    char *text;

    (void)state;
    assert_int_equal(tolka_normalize(context, "aret", 4, NULL, NULL, &text, NULL), TOLKA_ERR_ARGUMENT);
    assert_non_null(strstr(tolka_message(context), "model"));
    tolka_close(context);
}

static void test_null_is_allowed(void **state)
{
    struct tolka_report *report;

    (void)state;
    tolka_close(NULL);
    tolka_report_free(NULL);
    tolka_free(NULL);
    assert_string_equal(tolka_message(NULL), "");
    assert_int_equal(tolka_convert_file(NULL, STATEMENT, NULL, &report), TOLKA_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_without_data),
        cmocka_unit_test(test_open_with_options_of_no_size),
        cmocka_unit_test(test_open_with_options_of_a_later_library),
        cmocka_unit_test(test_open_with_options_of_an_earlier_library),
        cmocka_unit_test(test_convert_file_that_is_missing),
        cmocka_unit_test(test_convert_file_with_a_bad_list_of_pages),
        cmocka_unit_test(test_convert_file_tells_figures),
        cmocka_unit_test(test_check_tells_a_misprint_and_its_cells),
        cmocka_unit_test(test_walk_beyond_the_end),
        cmocka_unit_test(test_walk_with_a_struct_of_another_library),
        cmocka_unit_test(test_convert_memory_says_what_the_file_says),
        cmocka_unit_test(test_convert_memory_of_text),
        cmocka_unit_test(test_report_outlives_its_context),
        cmocka_unit_test(test_write_every_format),
        cmocka_unit_test(test_jobs_do_not_change_the_report),
        cmocka_unit_test(test_on_page_cancels),
        cmocka_unit_test(test_normalize_repairs_and_tells),
        cmocka_unit_test(test_normalize_without_a_model),
        cmocka_unit_test(test_null_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
