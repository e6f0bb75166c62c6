#include "schema/table.h"
#include "tests/support/grid_pages.h"
#include "tests/support/rule_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add_line_above(struct tolka_page *page, const char *text, int y, enum tolka_line_role role)
{
    struct tolka_grid_cell unused = {0};

    grid_pages_add_words(page, &unused, text, GRID_PAGES_LEFT_PX, y, -1);
    page->lines[page->line_count - 1].role = role;
    page->lines[page->line_count - 1].heading_level = role == TOLKA_LINE_HEADING ? 2 : 0;
}

static void build(struct tolka_page *pages, size_t count, struct tolka_record *record)
{
    struct tolka_error err = {0};

    *record = (struct tolka_record){0};
    assert_int_equal(tolka_tables_build(pages, count, NULL, NULL, record, &err), TOLKA_OK);
}

static void release(struct tolka_page *pages, size_t count, struct tolka_record *record)
{
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    tolka_record_release(record);
}

static void test_build_a_statement_with_two_heading_rows(void **state)
{
    static const char *const CELLS[] = {
        "",         "",  "2020-01-01", "2019-01-01", "Belopp i kr.", "Not", "-2020-12-31", "-2019-12-31",
        "Intäkter", "1", "3 986 000",  "4 010 000",  "Kostnader",    "2",   "-3 970 640",  "-3 181 444",
        "Resultat", "",  "15 360",     "828 556"};
    struct tolka_page page;
    struct tolka_record record;
    const struct tolka_table *table;

    (void)state;
    grid_pages_make(&page, 1, 5, 4, CELLS);
    build(&page, 1, &record);
    assert_int_equal(record.table_count, 1);
    table = &record.tables[0];
    assert_int_equal(table->header_rows, 2);
    assert_string_equal(table->columns[2].label, "2020-01-01 -2020-12-31");
    assert_string_equal(table->columns[3].period.to, "2019-12-31");
    assert_int_equal(table->unit, TOLKA_UNIT_SEK);
    assert_true(tolka_table_cell(table, 3, 2)->has_value);
    assert_int_equal(tolka_table_cell(table, 3, 2)->value.mantissa, -3970640);
    assert_int_equal(tolka_table_cell(table, 3, 2)->unit, TOLKA_UNIT_SEK);
    release(&page, 1, &record);
}

static void test_build_years_are_a_heading_and_amounts_are_not(void **state)
{
    static const char *const YEARS[] = {"", "2020", "2019", "Anställda", "2 020", "12"};
    static const char *const NONE[] = {"Intäkter", "3 600 000 kr", "Kostnader", "-3 596 145 kr"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 1, 2, 3, YEARS);
    grid_pages_make(&pages[1], 3, 2, 2, NONE);
    build(pages, 2, &record);
    assert_int_equal(record.tables[0].header_rows, 1);
    assert_int_equal(record.tables[1].header_rows, 0);
    assert_int_equal(tolka_table_cell(&record.tables[1], 0, 1)->unit, TOLKA_UNIT_SEK);
    release(pages, 2, &record);
}

static void test_build_a_label_row_first_is_no_heading(void **state)
{
    static const char *const CELLS[] = {"TILLGÅNGAR", "", "Fordringar", "100 000"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    build(&page, 1, &record);
    assert_int_equal(record.tables[0].header_rows, 0);
    assert_true(record.tables[0].rows[0].is_group);
    release(&page, 1, &record);
}

static void test_build_words_only_has_a_heading_when_it_is_short(void **state)
{
    static const char *const CELLS[] = {"Delmål", "Aktivitet", "Fler ska komma i arbete under året",
                                        "Insatsen pågår i alla kommuner nu"};
    static const char *const FACTS[] = {"Ordförande", "Vald av stämman", "Revisor", "Utsedd av styrelsen"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 1, 2, 2, CELLS);
    grid_pages_make(&pages[1], 3, 2, 2, FACTS);
    build(pages, 2, &record);
    assert_int_equal(record.tables[0].header_rows, 1);
    assert_int_equal(record.tables[1].header_rows, 0);
    release(pages, 2, &record);
}

static void test_build_joins_a_hyphenated_line_end(void **state)
{
    static const char *const CELLS[] = {
        "", "2020", "Medel från förändring av rörelse- |kapital", "5", "Mål- |och resultat", "6"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 3, 2, CELLS);
    build(&page, 1, &record);
    assert_string_equal(tolka_table_cell(&record.tables[0], 1, 0)->text,
                        "Medel från förändring av rörelsekapital");
    assert_string_equal(tolka_table_cell(&record.tables[0], 2, 0)->text, "Mål- och resultat");
    release(&page, 1, &record);
}

static void test_build_groups_an_amount_anew_without_calling_it_a_repair(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Löner", "1116 050"};
    struct tolka_page page;
    struct tolka_record record;
    const struct tolka_cell *cell;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    build(&page, 1, &record);
    cell = tolka_table_cell(&record.tables[0], 1, 1);
    assert_string_equal(cell->text, "1 116 050");
    assert_string_equal(cell->raw, "1116 050");
    assert_int_equal(cell->status, TOLKA_CELL_READ);
    release(&page, 1, &record);
}

static void test_build_marks_what_was_read_badly(void **state)
{
    static const char *const CELLS[] = {"",        "2020",   "Löner", "1 116 O50",
                                        "Lokaler", "61 438", "Bilar", "25 286"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 4, 2, CELLS);
    page.words[page.grids[0].cells[5].words[1]].confidence = 0.2F;
    build(&page, 1, &record);
    assert_false(tolka_table_cell(&record.tables[0], 1, 1)->has_value);
    assert_int_equal(tolka_table_cell(&record.tables[0], 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(&record.tables[0], 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(&record.tables[0], 3, 1)->status, TOLKA_CELL_READ);
    release(&page, 1, &record);
}

static void test_build_marks_a_repaired_text(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Loner", "5"};
    struct tolka_page page;
    struct tolka_record record;
    const struct tolka_cell *cell;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    page.words[page.grids[0].cells[2].words[0]].text = "Löner";
    build(&page, 1, &record);
    cell = tolka_table_cell(&record.tables[0], 1, 0);
    assert_string_equal(cell->text, "Löner");
    assert_string_equal(cell->raw, "Loner");
    assert_int_equal(cell->status, TOLKA_CELL_REPAIRED);
    release(&page, 1, &record);
}

static void test_build_finds_caption_and_unit_above(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Löner", "5"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    add_line_above(&page, "Not 3. Personal", 230, TOLKA_LINE_BODY);
    add_line_above(&page, "Belopp i tkr", 265, TOLKA_LINE_BODY);
    build(&page, 1, &record);
    assert_string_equal(record.tables[0].caption, "Not 3. Personal");
    assert_int_equal(record.tables[0].unit, TOLKA_UNIT_KSEK);
    assert_int_equal(tolka_table_cell(&record.tables[0], 1, 1)->unit, TOLKA_UNIT_KSEK);
    release(&page, 1, &record);
}

static void test_build_takes_a_line_that_is_only_a_unit_for_no_caption(void **state)
{
    static const char *const CELLS[] = {"", "2020", "Löner", "5,0"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    add_line_above(&page, "Miljoner kronor (mnkr)", 265, TOLKA_LINE_BODY);
    build(&page, 1, &record);
    assert_null(record.tables[0].caption);
    assert_int_equal(record.tables[0].unit, TOLKA_UNIT_MSEK);
    release(&page, 1, &record);
}

static void test_build_joins_over_a_page_break_and_drops_the_repeated_heading(void **state)
{
    static const char *const FIRST[] = {"", "2020", "Löner", "5 000", "Lokaler", "6 000"};
    static const char *const NEXT[] = {"", "2020", "Bilar", "7 000"};
    struct tolka_page pages[2];
    struct tolka_record record;
    const struct tolka_table *table;

    (void)state;
    grid_pages_make(&pages[0], 4, 3, 2, FIRST);
    grid_pages_make(&pages[1], 5, 2, 2, NEXT);
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 1);
    table = &record.tables[0];
    assert_int_equal(table->row_count, 4);
    assert_int_equal(table->page_count, 2);
    assert_string_equal(tolka_table_cell(table, 3, 0)->text, "Bilar");
    assert_int_equal(tolka_table_cell(table, 3, 1)->page, 5);
    release(pages, 2, &record);
}

static void test_build_keeps_the_halves_of_a_balance_sheet_apart(void **state)
{
    static const char *const FIRST[] = {"", "2020", "Bank", "5 000", "SUMMA TILLGÅNGAR", "5 000"};
    static const char *const NEXT[] = {"", "2020", "EGET KAPITAL OCH SKULDER", "", "Eget kapital", "5 000"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 4, 3, 2, FIRST);
    grid_pages_make(&pages[1], 5, 3, 2, NEXT);
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 2);
    release(pages, 2, &record);
}

static void test_build_takes_labels_and_what_is_told_for_no_heading(void **state)
{
    static const char *const CELLS[] = {"Säte",    "Norrby", "Byggår", "1968",     "Beteckning",
                                        "Fyren 4", "Antal",  "96 st",  "Bostäder", "6 842"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 5, 2, CELLS);
    build(&page, 1, &record);
    assert_int_equal(record.tables[0].header_rows, 0);
    release(&page, 1, &record);
}

static void test_build_keeps_tables_apart_when_a_caption_stands_between(void **state)
{
    static const char *const FIRST[] = {"", "2020", "Löner", "5 000", "Lokaler", "6 000"};
    static const char *const NEXT[] = {"Bilar", "7 000", "Telefon", "8 000"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 4, 3, 2, FIRST);
    grid_pages_make(&pages[1], 5, 2, 2, NEXT);
    add_line_above(&pages[1], "Not 4. Transporter", 265, TOLKA_LINE_HEADING);
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 2);
    release(pages, 2, &record);
}

static void test_build_joins_a_row_that_the_page_break_cut(void **state)
{
    static const char *const FIRST[] = {"Delmål", "Aktivitet", "Fler deltagare ska komma i arbete",
                                        "Insatsen har under året gett stöd åt"};
    static const char *const NEXT[] = {"", "många deltagare.", "Nytt mål som är ganska långt",
                                       "Ny aktivitet som också är lång"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 1, 2, 2, FIRST);
    grid_pages_make(&pages[1], 2, 2, 2, NEXT);
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 1);
    assert_int_equal(record.tables[0].row_count, 3);
    assert_string_equal(tolka_table_cell(&record.tables[0], 1, 1)->text,
                        "Insatsen har under året gett stöd åt många deltagare.");
    release(pages, 2, &record);
}

static void test_build_keeps_a_notes_number_out_of_a_group_heading(void **state)
{
    static const char *const FIRST[] = {"",      "Not",   "2031-12-31", "2030-12-31", "Bank",  "5",
                                        "9 120", "8 800", "Lån",        "6",          "4 100", "4 300"};
    static const char *const NEXT[] = {"Grundkapital", "", "5 020", "4 500", "Skatt", "8", "12", "11"};
    struct tolka_page pages[2];
    struct tolka_record record;
    struct tolka_word *number;

    (void)state;
    grid_pages_make(&pages[0], 1, 3, 4, FIRST);
    grid_pages_make(&pages[1], 2, 2, 4, NEXT);
    add_line_above(&pages[1], "Kapital 7", 265, TOLKA_LINE_BODY);
    number = &pages[1].words[pages[1].word_count - 1];
    number->box.x0 += 320; /* under the notes' numbers */
    number->box.x1 += 320;
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 1);
    assert_int_equal(record.tables[0].row_count, 6);
    assert_string_equal(tolka_table_cell(&record.tables[0], 3, 0)->text, "Kapital");
    assert_string_equal(tolka_table_cell(&record.tables[0], 3, 1)->text, "7");
    release(pages, 2, &record);
}

static void test_build_a_number_of_things_in_a_label_is_no_unit(void **state)
{
    static const char *const CELLS[] = {"Belopp i tkr", "2031", "2030", "Kommunerna (5 st)", "2 075", "2 100",
                                        "Antal (st)",   "7",    "9"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 3, 3, CELLS);
    build(&page, 1, &record);
    assert_int_equal(tolka_table_cell(&record.tables[0], 1, 1)->unit, TOLKA_UNIT_KSEK);
    assert_int_equal(tolka_table_cell(&record.tables[0], 2, 1)->unit, TOLKA_UNIT_COUNT);
    release(&page, 1, &record);
}

static void test_build_two_notes_are_no_decimal(void **state)
{
    static const char *const CELLS[] = {"",      "Not",   "2031",      "2030", "Intäkter", "1",
                                        "9 120", "8 800", "Kostnader", "2,3",  "-4 100",   "-4 300"};
    struct tolka_rules *rules = rule_tables_load();
    struct tolka_page page;
    struct tolka_record record = {0};

    (void)state;
    grid_pages_make(&page, 1, 3, 4, CELLS);
    assert_int_equal(tolka_tables_build(&page, 1, rules, NULL, &record, NULL), TOLKA_OK);
    assert_true(tolka_table_cell(&record.tables[0], 1, 1)->has_value);
    assert_false(tolka_table_cell(&record.tables[0], 2, 1)->has_value);
    assert_string_equal(tolka_table_cell(&record.tables[0], 2, 1)->text, "2,3");
    tolka_rules_free(rules);
    release(&page, 1, &record);
}

/* A page with a second grid `gap` px below the first, in the same columns. */
static void add_second_grid(struct tolka_page *page, int rows, int columns, const char *const *cells, int gap)
{
    const int top = page->grids[0].box.y1 + gap;
    struct tolka_grid *grid = tolka_page_add_grid(page, rows, columns);

    for (int i = 0; i < rows * columns; i++) {
        struct tolka_grid_cell *cell = &grid->cells[i];

        grid_pages_add_words(page, cell, cells[i], GRID_PAGES_LEFT_PX + i % columns * 400,
                             top + i / columns * 40, 1);
        grid->box = tolka_box_union(grid->box, cell->box);
    }
}

static const char *const UPPER[] = {"",          "2020",       "Intäkter", "3 986 000",
                                    "Kostnader", "-3 970 640", "Resultat", "15 360"};

static void test_build_joins_a_table_that_fell_in_two_on_its_page(void **state)
{
    static const char *const LOWER[] = {"Räntor", "-1 263", "Årets resultat", "14 097"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 4, 2, UPPER);
    add_second_grid(&page, 2, 2, LOWER, 20);
    build(&page, 1, &record);
    assert_int_equal(record.table_count, 1);
    assert_int_equal(record.tables[0].row_count, 6);
    assert_int_equal(record.tables[0].page_count, 1);
    assert_int_equal(tolka_table_cell(&record.tables[0], 5, 1)->value.mantissa, 14097);
    release(&page, 1, &record);
}

static void test_build_keeps_two_tables_of_a_page_apart(void **state)
{
    static const char *const LOWER[] = {"Räntor", "-1 263", "Årets resultat", "14 097"};
    static const char *const HEADED[] = {"", "2021", "Räntor", "-1 263"};
    struct tolka_page pages[2];
    struct tolka_record record;

    (void)state;
    grid_pages_make(&pages[0], 1, 4, 2, UPPER);
    add_second_grid(&pages[0], 2, 2, LOWER, 200);
    grid_pages_make(&pages[1], 3, 4, 2, UPPER);
    add_second_grid(&pages[1], 2, 2, HEADED, 20);
    build(pages, 2, &record);
    assert_int_equal(record.table_count, 4);
    release(pages, 2, &record);
}

static void test_build_leaves_out_a_bracket_without_its_half(void **state)
{
    static const char *const CELLS[] = {"Mål", "Läge", "Utfall", "Per 30 ) juni (delvis )"};
    struct tolka_page page;
    struct tolka_record record;

    (void)state;
    grid_pages_make(&page, 1, 2, 2, CELLS);
    build(&page, 1, &record);
    assert_string_equal(tolka_table_cell(&record.tables[0], 1, 1)->text, "Per 30 juni (delvis )");
    assert_string_equal(tolka_table_cell(&record.tables[0], 1, 1)->raw, "Per 30 ) juni (delvis )");
    release(&page, 1, &record);
}

static void test_build_an_empty_page_gives_no_table(void **state)
{
    struct tolka_page page = {.number = 1, .width = 100, .height = 100};
    struct tolka_record record;

    (void)state;
    build(&page, 1, &record);
    assert_int_equal(record.table_count, 0);
    release(&page, 1, &record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build_a_statement_with_two_heading_rows),
        cmocka_unit_test(test_build_years_are_a_heading_and_amounts_are_not),
        cmocka_unit_test(test_build_a_label_row_first_is_no_heading),
        cmocka_unit_test(test_build_words_only_has_a_heading_when_it_is_short),
        cmocka_unit_test(test_build_joins_a_hyphenated_line_end),
        cmocka_unit_test(test_build_groups_an_amount_anew_without_calling_it_a_repair),
        cmocka_unit_test(test_build_marks_what_was_read_badly),
        cmocka_unit_test(test_build_marks_a_repaired_text),
        cmocka_unit_test(test_build_finds_caption_and_unit_above),
        cmocka_unit_test(test_build_takes_a_line_that_is_only_a_unit_for_no_caption),
        cmocka_unit_test(test_build_joins_over_a_page_break_and_drops_the_repeated_heading),
        cmocka_unit_test(test_build_keeps_the_halves_of_a_balance_sheet_apart),
        cmocka_unit_test(test_build_takes_labels_and_what_is_told_for_no_heading),
        cmocka_unit_test(test_build_keeps_tables_apart_when_a_caption_stands_between),
        cmocka_unit_test(test_build_joins_a_row_that_the_page_break_cut),
        cmocka_unit_test(test_build_keeps_a_notes_number_out_of_a_group_heading),
        cmocka_unit_test(test_build_a_number_of_things_in_a_label_is_no_unit),
        cmocka_unit_test(test_build_two_notes_are_no_decimal),
        cmocka_unit_test(test_build_joins_a_table_that_fell_in_two_on_its_page),
        cmocka_unit_test(test_build_keeps_two_tables_of_a_page_apart),
        cmocka_unit_test(test_build_leaves_out_a_bracket_without_its_half),
        cmocka_unit_test(test_build_an_empty_page_gives_no_table),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
