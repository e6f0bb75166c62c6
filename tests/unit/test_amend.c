/* What a person says, into a record: found again, settled once, refused where it does not fit. */
#include "schema/amend.h"

#include "schema/record_read.h"
#include "schema/write.h"
#include "tests/support/made_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A table whose third row is the sum of two, misread in its second row: 100 + 280 = 300. */
struct fixture {
    struct tolka_record record;
    struct tolka_cell cells[6];
    struct tolka_row rows[3];
    struct tolka_column columns[2];
    struct tolka_page_summary page;
    struct tolka_table table;
    struct tolka_check check;
    struct tolka_cell_ref refs[3];
    struct tolka_check_addend addends[2];
    int pages[1];
};

static void fill_cell(struct tolka_cell *cell, int at, const char *text, int64_t value, bool has_value)
{
    *cell = (struct tolka_cell){
        .text = text,
        .raw = text,
        .has_value = has_value,
        .value = {value, 0},
        .unit = has_value ? TOLKA_UNIT_KSEK : TOLKA_UNIT_NONE,
        .page = 1,
        .box = {100 + at % 2 * 400, 100 + at / 2 * 50, 400 + at % 2 * 400, 140 + at / 2 * 50},
        .confidence = at == 3 ? 0.4F : 0.97F,
        .status = at == 3 ? TOLKA_CELL_DOUBTFUL : TOLKA_CELL_READ};
}

static void fill(struct fixture *f)
{
    static const char *const LABELS[] = {"Hyror", "Avgifter", "Summa intäkter"};
    static const char *const FIGURES[] = {"100", "280", "300"};
    static const int64_t VALUES[] = {100, 280, 300};

    memset(f, 0, sizeof *f);
    for (int r = 0; r < 3; r++) {
        fill_cell(&f->cells[2 * r], 2 * r, LABELS[r], 0, false);
        fill_cell(&f->cells[2 * r + 1], 2 * r + 1, FIGURES[r], VALUES[r], true);
        f->refs[r] = (struct tolka_cell_ref){r == 0 ? 2 : r - 1, 1};
    }
    f->rows[2].is_total = true;
    f->columns[0].label = f->columns[1].label = "";
    f->columns[1].role = "amount";
    f->pages[0] = 1;
    f->addends[0] = (struct tolka_check_addend){0, 0, 1, 1};
    f->addends[1] = (struct tolka_check_addend){0, 1, 1, 1};
    f->check = (struct tolka_check){.rule = "sum",
                                    .page = 1,
                                    .cells = f->refs,
                                    .cell_count = 3,
                                    .addends = f->addends,
                                    .addend_count = 2,
                                    .expected = {380, 0},
                                    .found = {300, 0},
                                    .off = {-80, 0},
                                    .verdict = TOLKA_CHECK_MISREAD};
    f->table = (struct tolka_table){.id = "t1",
                                    .kind = "other",
                                    .pages = f->pages,
                                    .page_count = 1,
                                    .columns = f->columns,
                                    .column_count = 2,
                                    .rows = f->rows,
                                    .row_count = 3,
                                    .cells = f->cells,
                                    .checks = &f->check,
                                    .check_count = 1,
                                    .check_capacity = 1};
    f->page = (struct tolka_page_summary){
        .page = 1,
        .width = 1000,
        .height = 1400,
        .dpi = 150,
        .confidence = 0.9F,
        .text = "Hyror\t100\nAvgifter\t280\nSumma intäkter\t300\n\nLoner till Loner\n"};
    made_sha256(1, f->record.source.sha256);
    f->record.tables = &f->table;
    f->record.table_count = 1;
    f->record.pages = &f->page;
    f->record.page_count = 1;
}

static struct tolka_amendment about_fees(const char *to)
{
    struct tolka_amendment amendment = {.page = 1,
                                        .box = {500, 150, 800, 190},
                                        .table = "t1",
                                        .row = 1,
                                        .column = 1,
                                        .raw = "280",
                                        .text = "280",
                                        .to = to,
                                        .by = "A. Arkivarie"};

    made_sha256(1, amendment.sha256);
    return amendment;
}

static struct tolka_amend_outcome amend(struct fixture *f, struct tolka_amendment amendment)
{
    struct tolka_amend_outcome outcome;
    struct tolka_error err = {0};

    assert_int_equal(tolka_amend(NULL, &f->record, &amendment, 1, &outcome, &err), TOLKA_OK);
    return outcome;
}

static void test_amend_corrected_cell_turns_its_check(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    assert_int_equal(amend(&f, about_fees("200")).result, TOLKA_AMEND_DONE);
    assert_string_equal(f.cells[3].text, "200");
    assert_string_equal(f.cells[3].raw, "280");
    assert_int_equal(f.cells[3].value.mantissa, 200);
    assert_int_equal(f.cells[3].unit, TOLKA_UNIT_KSEK);
    assert_int_equal(f.cells[3].status, TOLKA_CELL_CORRECTED);
    assert_int_equal(f.cells[5].status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(f.table.check_count, 1);
    assert_int_equal(f.table.checks[0].verdict, TOLKA_CHECK_HOLDS);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_keeps_the_old_value_and_who(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    amend(&f, about_fees("200"));
    assert_int_equal(f.record.correction_count, 1);
    assert_string_equal(f.record.corrections[0].from, "280");
    assert_string_equal(f.record.corrections[0].to, "200");
    assert_string_equal(f.record.corrections[0].reason, TOLKA_REASON_PERSON);
    assert_string_equal(f.record.corrections[0].by, "A. Arkivarie");
    assert_null(f.record.corrections[0].at);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_twice_changes_nothing(void **state)
{
    struct fixture f;
    struct tolka_strbuf once = {0}, twice = {0};

    (void)state;
    fill(&f);
    amend(&f, about_fees("200"));
    tolka_write_json(&f.record, &once);
    assert_int_equal(amend(&f, about_fees("200")).result, TOLKA_AMEND_SAME);
    tolka_write_json(&f.record, &twice);
    assert_string_equal(once.data, twice.data);
    tolka_strbuf_release(&once);
    tolka_strbuf_release(&twice);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_last_of_a_list_counts(void **state)
{
    struct fixture f;
    struct tolka_amendment list[2] = {about_fees("999"), about_fees("200")};
    struct tolka_amend_outcome outcomes[2];

    (void)state;
    fill(&f);
    assert_int_equal(tolka_amend(NULL, &f.record, list, 2, outcomes, NULL), TOLKA_OK);
    assert_int_equal(outcomes[0].result, TOLKA_AMEND_LATER);
    assert_int_equal(outcomes[1].result, TOLKA_AMEND_DONE);
    assert_string_equal(f.cells[3].text, "200");
    tolka_arena_release(&f.record.arena);
}

static void test_amend_accepted_misprint_stays_one(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    assert_int_equal(amend(&f, about_fees("280")).result, TOLKA_AMEND_DONE);
    assert_int_equal(f.cells[3].status, TOLKA_CELL_CORRECTED);
    assert_int_equal(f.table.check_count, 1);
    assert_int_not_equal(f.table.checks[0].verdict, TOLKA_CHECK_HOLDS);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_wrong_correction_leaves_the_check_failing(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    amend(&f, about_fees("9 000"));
    assert_int_equal(f.table.check_count, 1);
    assert_int_not_equal(f.table.checks[0].verdict, TOLKA_CHECK_HOLDS);
    assert_int_equal(f.cells[3].status, TOLKA_CELL_CORRECTED);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_finds_a_cell_whose_table_is_counted_otherwise(void **state)
{
    struct fixture f;
    struct tolka_amendment amendment = about_fees("200");

    (void)state;
    fill(&f);
    amendment.table = "t7";
    amendment.row = 12;
    assert_int_equal(amend(&f, amendment).result, TOLKA_AMEND_DONE);
    assert_string_equal(f.cells[3].text, "200");
    tolka_arena_release(&f.record.arena);
}

static void test_amend_refuses_what_does_not_fit(void **state)
{
    struct fixture f;
    struct tolka_amendment other_report = about_fees("1"), other_reading = about_fees("1"),
                           no_cell = about_fees("1"), elsewhere = about_fees("1");

    (void)state;
    fill(&f);
    made_sha256(2, other_report.sha256);
    other_reading.raw = "281";
    no_cell.table = "t9";
    no_cell.raw = "gone";
    elsewhere.box = (struct tolka_box){1, 1, 9, 9};
    assert_string_equal(amend(&f, other_report).reason, "it is about another report");
    assert_string_equal(amend(&f, other_reading).reason, "something else is read in this cell now");
    assert_string_equal(amend(&f, no_cell).reason, "the report has no such cell any more");
    assert_string_equal(amend(&f, elsewhere).reason, "this cell lies elsewhere on the page now");
    assert_string_equal(f.cells[3].text, "280");
    assert_int_equal(f.record.correction_count, 0);
    tolka_arena_release(&f.record.arena);
}

static void test_amend_puts_the_cell_into_the_pages_text(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    amend(&f, about_fees("200"));
    assert_non_null(strstr(f.page.text, "Avgifter\t200\n"));
    assert_non_null(strstr(f.page.text, "Hyror\t100\n"));
    tolka_arena_release(&f.record.arena);
}

static void test_amend_word_is_the_one_of_its_place(void **state)
{
    struct fixture f;
    struct tolka_correction repairs[] = {
        {1, {10, 900, 90, 930}, "Lner", "Loner", 0.6F, "marks", NULL, NULL, 0, 0},
        {1, {210, 900, 290, 930}, "Lnor", "Loner", 0.6F, "marks", NULL, NULL, 0, 0}};
    struct tolka_amendment amendment = {
        .page = 1, .box = {212, 901, 290, 930}, .raw = "Lnor", .text = "Loner", .to = "Lån"};

    (void)state;
    fill(&f);
    made_sha256(1, amendment.sha256);
    f.record.corrections = repairs;
    f.record.correction_count = f.record.correction_capacity = 2;
    assert_int_equal(amend(&f, amendment).result, TOLKA_AMEND_DONE);
    assert_non_null(strstr(f.page.text, "Loner till Lån"));
    assert_int_equal(f.record.correction_count, 3);
    assert_string_equal(f.record.corrections[2].from, "Loner");
    assert_int_equal(amend(&f, amendment).result, TOLKA_AMEND_SAME);
    tolka_arena_release(&f.record.arena);
}

static void test_amendment_read_takes_what_write_wrote(void **state)
{
    struct tolka_amendment given = about_fees("1 2\"å"), back;
    struct tolka_strbuf line = {0};
    struct tolka_arena arena = {0};

    (void)state;
    tolka_amendment_write(&given, &line);
    assert_int_equal(tolka_amendment_read(line.data, line.length - 1, &arena, &back, NULL), TOLKA_OK);
    assert_string_equal(back.to, given.to);
    assert_string_equal(back.raw, given.raw);
    assert_string_equal(back.by, given.by);
    assert_null(back.at);
    assert_int_equal(back.row, 1);
    assert_memory_equal(&back.box, &given.box, sizeof back.box);
    tolka_strbuf_release(&line);
    tolka_arena_release(&arena);
}

#define HEAD                                                                                                 \
    "{\"tolka_correction\": 1, \"sha256\": \"" SHA                                                           \
    "\", \"page\": 1, \"bbox\": null, \"raw\": \"a\", \"text\": \"a\", "
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_amendments_read_names_the_lines_that_are_none(void **state)
{
    static const char TEXT[] =
        HEAD "\"to\": \"b\"}\n"
             "\n"
             "not json\n" HEAD "\"to\": \"b\\u202ec\"}\n" HEAD "\"to\": \"b\\nc\"}\n" HEAD "\"to\": 7}\n"
             "{\"tolka_correction\": 2}\n" HEAD "\"to\": \" c \"}";
    struct tolka_amendments list = {0};

    (void)state;
    assert_int_equal(tolka_amendments_read(TEXT, sizeof TEXT - 1, &list, NULL), TOLKA_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.lines[1], 8);
    assert_string_equal(list.items[1].to, "c");
    assert_int_equal(list.problems.count, 5);
    assert_int_equal(list.problems.items[0].page, 3);
    tolka_amendments_release(&list);
}

static void test_record_read_json_gives_the_same_bytes(void **state)
{
    struct tolka_record record = {0}, back = {0};
    struct tolka_strbuf first = {0}, second = {0};

    (void)state;
    made_record(7, "a \"b\".pdf", (struct made_size){2, 20, 2, 5}, &record);
    tolka_write_json(&record, &first);
    assert_int_equal(tolka_record_read_json(first.data, first.length, &back, NULL), TOLKA_OK);
    tolka_write_json(&back, &second);
    assert_string_equal(first.data, second.data);
    tolka_strbuf_release(&first);
    tolka_strbuf_release(&second);
    tolka_record_release(&record);
    tolka_record_release(&back);
}

static void test_record_read_json_refuses_what_is_no_record(void **state)
{
    static const char *const TEXTS[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"tolka\": \"1\", \"format\": 1}",
                                        "{\"tolka\": \"1\", \"format\": 2}",
                                        "{\"tolka\": \"1\", \"format\": 1, "
                                        "\"source\": {\"bytes\": 1, \"pages\": 1, \"sha256\": \"x\"}}"};
    struct tolka_record record = {0};

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        assert_int_not_equal(tolka_record_read_json(TEXTS[i], strlen(TEXTS[i]), &record, NULL), TOLKA_OK);
    assert_null(record.pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amend_corrected_cell_turns_its_check),
        cmocka_unit_test(test_amend_keeps_the_old_value_and_who),
        cmocka_unit_test(test_amend_twice_changes_nothing),
        cmocka_unit_test(test_amend_last_of_a_list_counts),
        cmocka_unit_test(test_amend_accepted_misprint_stays_one),
        cmocka_unit_test(test_amend_wrong_correction_leaves_the_check_failing),
        cmocka_unit_test(test_amend_finds_a_cell_whose_table_is_counted_otherwise),
        cmocka_unit_test(test_amend_refuses_what_does_not_fit),
        cmocka_unit_test(test_amend_puts_the_cell_into_the_pages_text),
        cmocka_unit_test(test_amend_word_is_the_one_of_its_place),
        cmocka_unit_test(test_amendment_read_takes_what_write_wrote),
        cmocka_unit_test(test_amendments_read_names_the_lines_that_are_none),
        cmocka_unit_test(test_record_read_json_gives_the_same_bytes),
        cmocka_unit_test(test_record_read_json_refuses_what_is_no_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
