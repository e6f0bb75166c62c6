#include "schema/check.h"
#include "schema/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/*
 * Makes a record with one table from lines of cells parted by '|'; the first line is the heading. A label
 * that begins with "Summa" is a total.
 * "?" before a cell: read badly.
 */
static struct tolka_table *make_table(struct tolka_record *record, int rows, int columns,
                                      const char *const *lines)
{
    struct tolka_arena *arena = &record->arena;
    struct tolka_table *table = tolka_arena_array(arena, 1, sizeof *table);

    *table = (struct tolka_table){
        .id = "t1", .kind = "other", .row_count = rows, .column_count = columns, .header_rows = 1};
    table->pages = tolka_arena_array(arena, 1, sizeof *table->pages);
    table->pages[table->page_count++] = 1;
    table->rows = tolka_arena_array(arena, (size_t)rows, sizeof *table->rows);
    table->columns = tolka_arena_array(arena, (size_t)columns, sizeof *table->columns);
    table->cells = tolka_arena_array(arena, (size_t)rows * (size_t)columns, sizeof *table->cells);
    for (int r = 0; r < rows; r++) {
        const char *at = lines[r];

        table->rows[r].is_total = strncmp(at, "Summa", 5) == 0;
        for (int c = 0; c < columns; c++) {
            size_t length = strcspn(at, "|");
            struct tolka_cell *cell = tolka_table_cell(table, r, c);
            bool doubtful = *at == '?';

            *cell = (struct tolka_cell){.page = 1,
                                        .confidence = doubtful ? 0.3F : 0.96F,
                                        .status = doubtful ? TOLKA_CELL_DOUBTFUL : TOLKA_CELL_READ};
            cell->text = cell->raw = tolka_arena_strndup(arena, at + doubtful, length - doubtful);
            cell->has_value = r > 0 && tolka_value_parse(cell->text, &cell->value, &cell->unit);
            if (cell->has_value && cell->unit == TOLKA_UNIT_NONE)
                cell->unit = TOLKA_UNIT_SEK;
            if (r == 0) {
                table->columns[c].label = cell->text;
                tolka_period_parse(cell->text, arena, &table->columns[c].period);
            }
            at += length + (at[length] == '|');
        }
    }
    record->tables = table;
    record->table_count = record->table_capacity = 1;
    return table;
}

static void add_reading(struct tolka_record *record, struct tolka_cell *cell, const char *text,
                        float confidence)
{
    struct tolka_alternative *list =
        tolka_arena_array(&record->arena, cell->alternative_count + 1, sizeof *list);

    if (cell->alternative_count)
        memcpy(list, cell->alternatives, cell->alternative_count * sizeof *list);
    list[cell->alternative_count] = (struct tolka_alternative){text, confidence};
    cell->alternatives = list;
    cell->alternative_count++;
}

static void add_alternative(struct tolka_record *record, struct tolka_cell *cell, const char *text)
{
    add_reading(record, cell, text, 0.2F);
}

static void run(struct tolka_record *record)
{
    struct tolka_error err = {0};

    assert_int_equal(tolka_checks_run(NULL, record, &err), TOLKA_OK);
}

static size_t count_verdict(const struct tolka_table *table, enum tolka_verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < table->check_count; i++)
        count += table->checks[i].verdict == verdict;
    return count;
}

static void test_sum_that_holds_confirms_its_cells(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|1 177 488"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(table->check_count, 1);
    assert_int_equal(table->checks[0].verdict, TOLKA_CHECK_HOLDS);
    assert_int_equal(table->checks[0].cells[0].row, 3);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_rounding_is_forgiven_and_told(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|1 177 487"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 1);
    assert_int_equal(table->checks[0].off.mantissa, -1);
    tolka_record_release(&record);
}

static void test_subtotals_add_up_to_a_total(void **state)
{
    static const char *const LINES[] = {
        "|2020",     "Hyra|1 000",   "Värme|2 500",          "Summa lokaler|3 500",
        "Lön|7 000", "Avgift|1 200", "Summa personal|8 200", "Summa kostnader|11 700"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 8, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 3);
    assert_int_equal(table->checks[2].cell_count, 3);
    tolka_record_release(&record);
}

static void test_result_is_found_as_a_difference(void **state)
{
    static const char *const LINES[] = {"|2020", "Förbrukat|1 270 854", "Erhållet|1 487 503",
                                        "Överskott|216 649"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(table->check_count, 0); /* six figures are too few to rule out chance in one column */
    tolka_record_release(&record);
}

static void test_result_is_found_as_a_difference_in_two_columns(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Förbrukat|1 270 854|1 100 000",
                                        "Erhållet|1 487 503|1 350 001", "Överskott|216 649|250 001"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 2);
    tolka_record_release(&record);
}

/* What remains of the assets when the other side is taken off is the last debt of any balance sheet: the sum
 * of the debts below it is a sum all the same. */
static void test_last_debt_of_a_balance_sheet_is_no_result(void **state)
{
    static const char *const lines[] = {"|2022|2021",
                                        "Byggnader|4 200|4 300",
                                        "Bank|800|650",
                                        "Summa tillgångar|5 000|4 950",
                                        "Eget kapital||",
                                        "Insatser|2 000|2 000",
                                        "Resultat|412|95",
                                        "Summa eget kapital|2 412|2 095",
                                        "Skulder||",
                                        "Lån|2 100|2 400",
                                        "Leverantörsskulder|488|455",
                                        "Summa skulder|2 588|2 855"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 12, 3, lines);

    (void)state;
    run(&record);
    assert_int_equal(tolka_table_cell(table, 11, 1)->status, TOLKA_CELL_CONFIRMED);
    assert_int_equal(tolka_table_cell(table, 11, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_wrong_sum_that_was_read_well_is_a_misprint(void **state)
{
    static const char *const LINES[] = {"|2025|2026", "Projekt|-350 000|-330 000",
                                        "Team|-2 333 000|-2 333 000", "Mässa|-35 000|-35 000",
                                        "Summa insatser|-2 718 000|-2 689 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 5, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 1);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISPRINT), 1);
    assert_int_equal(tolka_table_cell(table, 4, 2)->value.mantissa, -2689000);
    assert_int_equal(tolka_table_cell(table, 4, 2)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(record.correction_count, 0);
    tolka_record_release(&record);
}

static void test_misprinted_total_is_no_bad_reading_where_it_is_a_term(void **state)
{
    static const char *const LINES[] = {"|2025|2026|2027",
                                        "A|1 000|1 100|1 200",
                                        "B|5 000|5 200|5 300",
                                        "Summa ett|6 000|6 310|6 500",
                                        "C|2 000|2 100|2 200",
                                        "D|3 000|3 200|3 300",
                                        "Summa två|5 000|5 300|5 500",
                                        "Summa allt|11 000|11 600|12 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 8, 4, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISPRINT), 2);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISREAD), 0);
    tolka_record_release(&record);
}

static void test_unsure_shape_that_fails_is_not_reported(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|1 116 050", "Lokaler|61 438", "Summa|2 500 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(table->check_count, 0);
    assert_int_equal(tolka_table_cell(table, 3, 1)->status, TOLKA_CELL_READ);
    tolka_record_release(&record);
}

static void test_mean_below_a_column_is_no_misprint(void **state)
{
    static const char *const LINES[] = {"|Antal|Andel", "Norr|100|50", "Söder|300|55", "Väster|200|45",
                                        "Summa|600|51"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 5, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISPRINT), 0);
    tolka_record_release(&record);
}

static void test_doubtful_cell_takes_the_alternative_that_adds_up(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|?1 176 050", "Lokaler|61 438", "Summa|1 177 488"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);
    struct tolka_cell *cell = tolka_table_cell(table, 1, 1);

    (void)state;
    add_alternative(&record, cell, "1 116 950");
    add_alternative(&record, cell, "1 116 050");
    run(&record);
    assert_string_equal(cell->text, "1 116 050");
    assert_string_equal(cell->raw, "1 176 050");
    assert_int_equal(cell->status, TOLKA_CELL_REPAIRED);
    assert_int_equal(record.correction_count, 1);
    assert_string_equal(record.corrections[0].from, "1 176 050");
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 1);
    tolka_record_release(&record);
}

static void test_reading_that_was_merely_ranked_leaves_a_misprint_alone(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|14 000|10 000", "Lokaler|61 000|20 000",
                                        "Summa|72 000|30 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    add_reading(&record, tolka_table_cell(table, 1, 1), "11 000", 0.013F);
    run(&record);
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "14 000");
    assert_int_equal(record.correction_count, 0);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISPRINT), 1);
    tolka_record_release(&record);
}

static void test_misread_pair_leaves_neither_figure_trusted(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Kassa|?3 033 242|2 500 100", "Summa|4 242|2 500 100"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 3, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISREAD), 1);
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(tolka_table_cell(table, 2, 2)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_doubtful_cell_gets_its_lost_sign_back(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Intäkt|500 000|400 000", "Kostnad|?200 000|-100 000",
                                        "Summa|300 000|300 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_string_equal(tolka_table_cell(table, 2, 1)->text, "-200 000");
    assert_int_equal(tolka_table_cell(table, 2, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_unreadable_amount_is_read_with_the_sum(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?2:857 326|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|2 918 764|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "2 857 326");
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_doubtful_digit_that_looks_like_the_right_one_is_repaired(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 176 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_signs_that_were_lost_in_a_sum_of_costs_come_back(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|1 116 050|-1 000 000",
                                        "Lokaler|61 438|-2 000 000", "Resor|-10 000|-10 000",
                                        "Summa|-1 187 488|-3 010 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 5, 3, LINES);

    (void)state;
    for (int r = 1; r < 3; r++) {
        tolka_table_cell(table, r, 1)->confidence = 0.95F;
    }
    run(&record);
    assert_string_equal(tolka_table_cell(table, 1, 1)->text, "-1 116 050");
    assert_string_equal(tolka_table_cell(table, 2, 1)->text, "-61 438");
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 2);
    tolka_record_release(&record);
}

static void test_two_doubtful_digits_without_an_alternative_stay_doubtful(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 132 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1132050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_MISREAD), 1);
    tolka_record_release(&record);
}

static void test_only_doubtful_figure_has_the_digit_that_a_certain_sum_needs(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?1 126 050|1 000 000",
                                        "Lokaler|61 438|2 000 000", "Summa|1 177 488|3 000 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_alternative_explains_a_sum_of_one_column(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|?1 126 050", "Lokaler|61 438", "Bilar|25 286",
                                        "Kostnader|1 202 774"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 5, 2, LINES);

    (void)state;
    add_alternative(&record, tolka_table_cell(table, 1, 1), "1 116 050");
    run(&record);
    assert_int_equal(tolka_table_cell(table, 1, 1)->value.mantissa, 1116050);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_REPAIRED);
    tolka_record_release(&record);
}

static void test_alternative_that_the_rounding_allows_beats_a_slip(void **state)
{
    static const char *const LINES[] = {"|2020", "Löner|134 318", "Lokaler|?5 634", "Bilar|3 905",
                                        "Summa|143 656"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 5, 2, LINES);

    (void)state;
    add_alternative(&record, tolka_table_cell(table, 2, 1), "5 434");
    run(&record);
    assert_int_equal(tolka_table_cell(table, 2, 1)->value.mantissa, 5434);
    tolka_record_release(&record);
}

static void test_two_alternatives_that_add_up_change_nothing(void **state)
{
    static const char *const LINES[] = {"|2020|2019", "Löner|?5 100|4 000", "Lokaler|?5 200|2 000",
                                        "Summa|10 200|6 000"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 3, LINES);

    (void)state;
    add_alternative(&record, tolka_table_cell(table, 1, 1), "5 000");
    add_alternative(&record, tolka_table_cell(table, 2, 1), "5 100");
    run(&record);
    assert_int_equal(record.correction_count, 0);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_DOUBTFUL);
    tolka_record_release(&record);
}

static void test_deviation_is_the_difference_of_two_columns(void **state)
{
    static const char *const LINES[] = {"|Utfall|Budget|Avvikelse", "Netto|-3 972|-4 636|664",
                                        "Avgift|3 986|3 986|0", "Resultat|14|-650|664"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 4, LINES);
    bool found = false;

    (void)state;
    run(&record);
    for (size_t i = 0; i < table->check_count; i++)
        found = found || strcmp(table->checks[i].rule, "difference_of_columns") == 0;
    assert_true(found);
    assert_int_equal(tolka_table_cell(table, 1, 3)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_shares_make_a_hundred(void **state)
{
    static const char *const LINES[] = {"|Andel", "Administration|29 %", "Individ|67 %", "Struktur|4 %"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 4, 2, LINES);

    (void)state;
    run(&record);
    assert_int_equal(table->check_count, 1);
    assert_int_equal(tolka_table_cell(table, 1, 1)->status, TOLKA_CELL_CONFIRMED);
    tolka_record_release(&record);
}

static void test_repeated_years_inside_are_no_terms(void **state)
{
    static const char *const LINES[] = {"|2025|2026",        "Avgift|1 000|2 000", "|2025|2026",
                                        "Ränta|3 000|4 000", "Kurs|500|600",       "Summa|3 500|4 600"};
    struct tolka_record record = {0};
    struct tolka_table *table = make_table(&record, 6, 3, LINES);

    (void)state;
    run(&record);
    assert_int_equal(count_verdict(table, TOLKA_CHECK_HOLDS), 2);
    assert_int_equal(table->checks[0].cell_count, 3);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_that_holds_confirms_its_cells),
        cmocka_unit_test(test_rounding_is_forgiven_and_told),
        cmocka_unit_test(test_subtotals_add_up_to_a_total),
        cmocka_unit_test(test_result_is_found_as_a_difference),
        cmocka_unit_test(test_result_is_found_as_a_difference_in_two_columns),
        cmocka_unit_test(test_last_debt_of_a_balance_sheet_is_no_result),
        cmocka_unit_test(test_wrong_sum_that_was_read_well_is_a_misprint),
        cmocka_unit_test(test_misprinted_total_is_no_bad_reading_where_it_is_a_term),
        cmocka_unit_test(test_unsure_shape_that_fails_is_not_reported),
        cmocka_unit_test(test_mean_below_a_column_is_no_misprint),
        cmocka_unit_test(test_doubtful_cell_takes_the_alternative_that_adds_up),
        cmocka_unit_test(test_reading_that_was_merely_ranked_leaves_a_misprint_alone),
        cmocka_unit_test(test_misread_pair_leaves_neither_figure_trusted),
        cmocka_unit_test(test_doubtful_cell_gets_its_lost_sign_back),
        cmocka_unit_test(test_unreadable_amount_is_read_with_the_sum),
        cmocka_unit_test(test_doubtful_digit_that_looks_like_the_right_one_is_repaired),
        cmocka_unit_test(test_signs_that_were_lost_in_a_sum_of_costs_come_back),
        cmocka_unit_test(test_two_doubtful_digits_without_an_alternative_stay_doubtful),
        cmocka_unit_test(test_only_doubtful_figure_has_the_digit_that_a_certain_sum_needs),
        cmocka_unit_test(test_alternative_explains_a_sum_of_one_column),
        cmocka_unit_test(test_alternative_that_the_rounding_allows_beats_a_slip),
        cmocka_unit_test(test_two_alternatives_that_add_up_change_nothing),
        cmocka_unit_test(test_deviation_is_the_difference_of_two_columns),
        cmocka_unit_test(test_shares_make_a_hundred),
        cmocka_unit_test(test_repeated_years_inside_are_no_terms),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
