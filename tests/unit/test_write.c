#include "schema/json.h"
#include "schema/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Its one table. */
static struct tolka_table *make_table(void)
{
    static struct tolka_cell cells[] = {
        {.text = "Belopp i kr", .raw = "Belopp i kr", .page = 1, .confidence = 1},
        {.text = "2020", .raw = "2020", .page = 1, .confidence = 1},
        {.text = "Löner, \"fasta\" | a",
         .raw = "Loner",
         .page = 1,
         .confidence = 0.9F,
         .status = TOLKA_CELL_REPAIRED},
        {.text = "-1 254,50",
         .raw = "-1 254,50",
         .has_value = true,
         .value = {-12545, 1},
         .unit = TOLKA_UNIT_SEK,
         .page = 1,
         .box = {10, 20, 30, 40},
         .confidence = 0.875F,
         .status = TOLKA_CELL_CONFIRMED},
    };
    static struct tolka_row rows[2] = {{.item = NULL}, {.item = "salaries"}};
    static struct tolka_column columns[2] = {
        {"Belopp i kr", {NULL, NULL}, TOLKA_UNIT_SEK, "label"},
        {"2020", {"2020-01-01", "2020-12-31"}, TOLKA_UNIT_NONE, "amount"}};
    static struct tolka_cell_ref refs[] = {{1, 1}};
    static struct tolka_check_addend addends[] = {{0, 0, 1, -1}};
    static struct tolka_check check = {.rule = "sum",
                                       .page = 1,
                                       .cells = refs,
                                       .cell_count = 1,
                                       .addends = addends,
                                       .addend_count = 1,
                                       .expected = {-12545, 1},
                                       .found = {-12545, 1},
                                       .verdict = TOLKA_CHECK_HOLDS};
    static int pages[] = {1};
    static struct tolka_table table = {.id = "t1",
                                       .kind = "income_statement",
                                       .caption = "Resultaträkning",
                                       .unit = TOLKA_UNIT_SEK,
                                       .pages = pages,
                                       .page_count = 1,
                                       .box = {1, 2, 3, 4},
                                       .header_rows = 1,
                                       .columns = columns,
                                       .column_count = 2,
                                       .rows = rows,
                                       .cells = cells,
                                       .row_count = 2,
                                       .checks = &check,
                                       .check_count = 1};

    return &table;
}

/* A small record with everything in it once. */
static void make_record(struct tolka_record *record)
{
    static struct tolka_page_summary page = {
        1, 2480, 3508, 300, TOLKA_ORIGIN_OCR, 0, 0.25F, 0.95F, "Löner\t1 254\n"};
    static struct tolka_section section = {1, "2", "Resultaträkning", 1};
    static struct tolka_goal goal = {"Mål", NULL, "Uppfyllt", "fulfilled", 1, "t1"};
    static struct tolka_signature signature = {"Namn", "Ordförande", NULL, 1};
    static struct tolka_correction correction = {1,       {1, 2, 3, 4}, "Loner", "Löner", 0.8F,
                                                 "marks", NULL,         NULL,    0,       0};
    static struct tolka_diag problem = {0, "damaged", "a line\nand \x01 another"};

    *record = (struct tolka_record){.pages = &page,
                                    .page_count = 1,
                                    .sections = &section,
                                    .section_count = 1,
                                    .tables = make_table(),
                                    .table_count = 1,
                                    .goals = &goal,
                                    .goal_count = 1,
                                    .signatures = &signature,
                                    .signature_count = 1,
                                    .corrections = &correction,
                                    .correction_count = 1,
                                    .problems = {&problem, 1, 1}};
    record->source.path = "r\xFF.pdf";
    record->source.pages = 1;
    record->report.kind = "annual_report";
}

static void test_write_json_is_valid_and_whole(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};
    const char *path =
        getenv("TOLKA_SAMPLE_RECORD"); /* where the process test wants the sample, to validate it */

    (void)state;
    make_record(&record);
    tolka_write_json(&record, &out);
    assert_false(out.failed);
    assert_non_null(strstr(out.data, "\"path\": \"r\xEF\xBF\xBD.pdf\""));
    assert_non_null(strstr(out.data, "\"value\": -1254.5, \"unit\": \"SEK\", \"page\": 1, \"bbox\": [10, 20, "
                                     "30, 40], \"confidence\": 0.875"));
    assert_non_null(strstr(out.data, "a line\\nand \\u0001 another"));
    assert_non_null(strstr(out.data, "\"orgnr\": null"));
    assert_non_null(strstr(out.data, "\\\"fasta\\\""));
    if (path) {
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        assert_int_equal(fwrite(out.data, 1, out.length, file), out.length);
        assert_int_equal(fclose(file), 0);
    }
    tolka_strbuf_release(&out);
}

static void test_write_table_csv_has_a_line_for_each_row(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};

    (void)state;
    make_record(&record);
    tolka_write_table_csv(&record.tables[0], &out);
    assert_string_equal(tolka_strbuf_text(&out),
                        "Belopp i kr,2020\r\n\"Löner, \"\"fasta\"\" | a\",\"-1 254,50\"\r\n");
    tolka_strbuf_release(&out);
}

static void test_write_csv_quotes_as_rfc_4180(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};

    (void)state;
    make_record(&record);
    tolka_write_csv(&record, &out);
    assert_int_equal(strncmp(out.data, "sha256,path,page,report_kind,", 29), 0);
    assert_non_null(strstr(out.data, ",status,bbox\r\n"));
    assert_non_null(strstr(out.data, ",salaries,\"Löner, \"\"fasta\"\" | a\",2020,2020-01-01,2020-12-31,\"-1 "
                                     "254,50\",\"-1 254,50\",-1254.5,SEK,0.875,"
                                     "confirmed,10 20 30 40\r\n"));
    tolka_strbuf_release(&out);
}

static void test_write_jsonl_has_a_line_a_fact(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};

    (void)state;
    make_record(&record);
    tolka_write_jsonl(&record, &out);
    assert_ptr_equal(strchr(out.data, '\n'), out.data + out.length - 1);
    assert_non_null(strstr(out.data, "\"item\": \"salaries\""));
    tolka_strbuf_release(&out);
}

static void test_write_md_makes_a_table(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};
    struct tolka_page page = {.number = 1, .width = 2480, .height = 3508};
    struct tolka_grid *grid = tolka_page_add_grid(&page, 2, 2);
    struct tolka_line *line = tolka_page_add_line(&page);

    (void)state;
    grid->box = (struct tolka_box){1, 2, 3, 4};
    line->grid = 0;
    make_record(&record);
    tolka_write_md(&record, &page, 1, &out);
    assert_non_null(
        strstr(out.data, "| Belopp i kr | 2020 |\n| --- | ---: |\n| Löner, \"fasta\" \\| a | -1 254,50 |\n"));
    tolka_page_release(&page);
    tolka_strbuf_release(&out);
}

/* A line of words that stand `gap` px apart. */
static void add_md_line(struct tolka_page *page, const char *const *words, int count, int gap,
                        float confidence)
{
    struct tolka_line *line = tolka_page_add_line(page);
    int x = 100;

    *line = (struct tolka_line){
        .first_word = (int)page->word_count, .word_count = count, .grid = -1, .size_px = 30};
    for (int i = 0; i < count; i++) {
        struct tolka_word *word = tolka_page_add_word(page);

        *word = (struct tolka_word){
            .box = {x, 100, x + 100, 130}, .raw = words[i], .text = words[i], .confidence = confidence};
        x += 100 + gap;
    }
}

static void test_write_md_keeps_names_side_by_side_apart(void **state)
{
    static const char *const NAMES[] = {"Ordförande", "Ledamot"};
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};
    struct tolka_page page = {.number = 1, .width = 2480, .height = 3508};

    (void)state;
    add_md_line(&page, NAMES, 2, 300, 1);
    add_md_line(&page, NAMES, 2, 12, 1);
    tolka_write_md(&record, &page, 1, &out);
    assert_non_null(strstr(out.data, "Ordförande\xE2\x80\x83\xE2\x80\x83Ledamot\n\n"));
    assert_non_null(strstr(out.data, "Ordförande Ledamot\n\n"));
    tolka_page_release(&page);
    tolka_strbuf_release(&out);
}

static void test_write_md_takes_no_handwriting_for_a_heading(void **state)
{
    static const char *const WORDS[] = {"Underskrifter"};
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};
    struct tolka_page page = {.number = 1, .width = 2480, .height = 3508};

    (void)state;
    add_md_line(&page, WORDS, 1, 12, 0.95F);
    add_md_line(&page, WORDS, 1, 12, 0.1F);
    for (size_t i = 0; i < page.line_count; i++) {
        page.lines[i].role = TOLKA_LINE_HEADING;
        page.lines[i].heading_level = 1;
        page.lines[i].block = (int)i;
    }
    tolka_write_md(&record, &page, 1, &out);
    assert_non_null(strstr(out.data, "## Underskrifter\n\nUnderskrifter\n"));
    tolka_page_release(&page);
    tolka_strbuf_release(&out);
}

static void test_write_md_joins_a_paragraph_over_pages(void **state)
{
    static const char *const BEFORE[] = {"Kommunen", "har",    "under", "året",   "arbetat",
                                         "med",      "energi", "och",   "vatten-"};
    static const char *const NOTE[] = {"1", "Fotnot", "om", "källan."}, *const BEHIND[] = {"försörjning", "i",
                                                                                           "byarna."};
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};
    struct tolka_page pages[2] = {{.number = 1, .width = 2480, .height = 3508},
                                  {.number = 2, .width = 2480, .height = 3508}};

    (void)state;
    add_md_line(&pages[0], BEFORE, 9, 12, 1);
    add_md_line(&pages[0], NOTE, 4, 12, 1);
    pages[0].lines[1].block = 1;
    add_md_line(&pages[1], BEHIND, 3, 12, 1);
    tolka_write_md(&record, pages, 2, &out);
    assert_non_null(
        strstr(out.data, "arbetat med energi och vattenförsörjning i byarna.\n\n1 Fotnot om källan.\n\n"));
    tolka_page_release(&pages[0]);
    tolka_page_release(&pages[1]);
    tolka_strbuf_release(&out);
}

static void test_write_md_numbers_a_list(void **state)
{
    static const char *const ITEMS[2][3] = {{"1.", "Första", "punkten."}, {"2.", "Andra", "punkten."}};
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};
    struct tolka_page page = {.number = 1, .width = 2480, .height = 3508};

    (void)state;
    for (int i = 0; i < 2; i++)
        add_md_line(&page, ITEMS[i], 3, 12, 1);
    tolka_write_md(&record, &page, 1, &out);
    assert_non_null(strstr(out.data, "1. Första punkten.\n\n2. Andra punkten.\n\n"));
    tolka_page_release(&page);
    tolka_strbuf_release(&out);
}

static void test_write_md_takes_a_spread_line_for_running_text(void **state)
{
    static const char *const WORDS[] = {"Kommunen", "redovisar", "resultatet."};
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};
    struct tolka_page page = {.number = 1, .width = 2480, .height = 3508};

    (void)state;
    add_md_line(&page, WORDS, 3, 90, 1);
    tolka_write_md(&record, &page, 1, &out);
    assert_non_null(strstr(out.data, "Kommunen redovisar resultatet."));
    tolka_page_release(&page);
    tolka_strbuf_release(&out);
}

static void test_write_txt_parts_pages_by_form_feeds(void **state)
{
    struct tolka_page_summary pages[] = {{.page = 1, .text = "ett"}, {.page = 2, .text = "två\n"}};
    struct tolka_record record = {.pages = pages, .page_count = 2};
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_write_txt(&record, &out);
    assert_string_equal(out.data, "ett\n\ftvå\n");
    tolka_strbuf_release(&out);
}

static void test_write_summary_marks_confirmed_figures(void **state)
{
    struct tolka_record record;
    struct tolka_strbuf out = {0};

    (void)state;
    make_record(&record);
    tolka_write_summary(&record, false, &out);
    assert_non_null(strstr(out.data, "-1 254,50 \xE2\x9C\x93"));
    assert_non_null(strstr(out.data, "p. 1  88 %"));
    assert_null(strchr(out.data, '\033'));
    tolka_strbuf_release(&out);
}

static void test_json_format_real_keeps_three_decimals(void **state)
{
    char text[32];

    (void)state;
    tolka_json_format_real(0.98765, text);
    assert_string_equal(text, "0.988");
    tolka_json_format_real(-0.5, text);
    assert_string_equal(text, "-0.5");
    tolka_json_format_real(1, text);
    assert_string_equal(text, "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_json_is_valid_and_whole),
        cmocka_unit_test(test_write_table_csv_has_a_line_for_each_row),
        cmocka_unit_test(test_write_csv_quotes_as_rfc_4180),
        cmocka_unit_test(test_write_jsonl_has_a_line_a_fact),
        cmocka_unit_test(test_write_md_makes_a_table),
        cmocka_unit_test(test_write_md_keeps_names_side_by_side_apart),
        cmocka_unit_test(test_write_md_takes_no_handwriting_for_a_heading),
        cmocka_unit_test(test_write_md_joins_a_paragraph_over_pages),
        cmocka_unit_test(test_write_md_numbers_a_list),
        cmocka_unit_test(test_write_md_takes_a_spread_line_for_running_text),
        cmocka_unit_test(test_write_txt_parts_pages_by_form_feeds),
        cmocka_unit_test(test_write_summary_marks_confirmed_figures),
        cmocka_unit_test(test_json_format_real_keeps_three_decimals),
    };

    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
