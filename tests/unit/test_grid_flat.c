/* Tables of text without geometry: text in, cells out. */
#include "base/strbuf.h"
#include "extract/grid.h"
#include "extract/textfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void print_cell(const struct tolka_page *page, const struct tolka_grid_cell *cell,
                       struct tolka_strbuf *out)
{
    for (int i = 0; i < cell->word_count; i++) {
        if (i > 0)
            tolka_strbuf_add(out, " ", 1);
        tolka_strbuf_add(out, page->words[cell->words[i]].text, strlen(page->words[cell->words[i]].text));
    }
}

/* All tables of the text: a row a line, cells parted by bars, an empty line between tables. */
static void read_tables(const char *text, struct tolka_strbuf *out)
{
    struct tolka_page page = {.number = 1};
    struct tolka_error err = {0};

    assert_int_equal(tolka_textfile_read(text, strlen(text), 1, &page, &err), TOLKA_OK);
    assert_int_equal(tolka_grids_find(&page, &err), TOLKA_OK);
    for (size_t g = 0; g < page.grid_count; g++) {
        const struct tolka_grid *grid = &page.grids[g];
        if (g > 0)
            tolka_strbuf_add(out, "\n", 1);
        for (int r = 0; r < grid->row_count; r++) {
            for (int c = 0; c < grid->column_count; c++) {
                if (c > 0)
                    tolka_strbuf_add(out, "|", 1);
                print_cell(&page, &grid->cells[r * grid->column_count + c], out);
            }
            tolka_strbuf_add(out, "\n", 1);
        }
    }
    tolka_page_release(&page);
}

static void assert_tables(const char *text, const char *expected)
{
    struct tolka_strbuf out = {0};

    read_tables(text, &out);
    assert_string_equal(tolka_strbuf_text(&out), expected);
    tolka_strbuf_release(&out);
}

static void test_find_splits_amounts_as_the_heading_has_years(void **state)
{
    (void)state;
    assert_tables("Belopp i kr 2023 2022\nIntäkter 3986 000 4 010 000\nKostnader -3971903 -3 182 698\n"
                  "Årets resultat 14 097 827 302\n",
                  "Belopp i kr|2023|2022\nIntäkter|3986 000|4 010 000\nKostnader|-3971903|-3 182 698\n"
                  "Årets resultat|14 097|827 302\n");
}

static void test_find_splits_amounts_by_the_sum_below(void **state)
{
    (void)state;
    assert_tables("Utfall Budget\nLöner 1 116 050 900 000\nLokaler 61 438 100 200\nBilar 5 286 350 800\n"
                  "Summa 1 182 774 1 351 000\n",
                  "|Utfall|Budget\nLöner|1 116 050|900 000\nLokaler|61 438|100 200\nBilar|5 286|350 800\n"
                  "Summa|1 182 774|1 351 000\n");
}

static void test_find_keeps_an_only_column_whole(void **state)
{
    (void)state;
    assert_tables("Kostnader Kr\nLöner 1 116 050\nBilar 25 286\nKonferens 500\n\nSumma 1 141 836\n",
                  "Kostnader|Kr\nLöner|1 116 050\nBilar|25 286\nKonferens|500\nSumma|1 141 836\n");
}

static void test_find_parts_percentages(void **state)
{
    (void)state;
    assert_tables("Belopp kr Jan-dec 2020 Andel (%) Budget (%)\nAdministration 1156 203 29% 24 %\nInsatser 2 "
                  "660 174 71 % 76%\n",
                  "Belopp kr|Jan-dec 2020|Andel (%)|Budget (%)\nAdministration|1156 203|29%|24 %\n"
                  "Insatser|2 660 174|71 %|76%\n");
}

static void test_find_gives_notes_their_column(void **state)
{
    (void)state;
    assert_tables(
        "Belopp i kr Not 2023 2022\nIntäkter 1 4 320 000 4 220 000\nKostnader 2 -4 413 755 -4 348 532\n"
        "Avskrivningar 3 -9 600 -9 600\nResultat -103 355 -138 132\n",
        "Belopp i kr|Not|2023|2022\nIntäkter|1|4 320 000|4 220 000\nKostnader|2|-4 413 755|-4 348 532\n"
        "Avskrivningar|3|-9 600|-9 600\nResultat||-103 355|-138 132\n");
}

static void test_find_reads_a_heading_of_narrow_cells(void **state)
{
    (void)state;
    assert_tables(
        "Belopp i kr\nUtfall\n2023\nBudget\n2023 Avvikelse\nIntäkter\nBidrag 4 320 000 4 300 000 20 000\n"
        "Ränta 23 666 0 23 666\n",
        "Belopp i kr|Utfall 2023|Budget 2023|Avvikelse\nIntäkter|||\nBidrag|4 320 000|4 300 000|20 000\n"
        "Ränta|23 666|0|23 666\n");
}

static void test_find_joins_labels_that_wrap(void **state)
{
    (void)state;
    assert_tables("Tkr 2023 2022\nAvskrivning av anläggnings-\ntillgångar -386 240 -378 905\nVerksamhetens "
                  "-1 800 000 -1 700 000\n"
                  "kostnader\n",
                  "Tkr|2023|2022\nAvskrivning av anläggnings- tillgångar|-386 240|-378 905\n"
                  "Verksamhetens kostnader|-1 800 000|-1 700 000\n");
}

static void test_find_leaves_contents_alone(void **state)
{
    (void)state;
    assert_tables("Inledning 3\nMål och uppdrag 4\nEkonomi 7\nNoter 12\n", "");
}

static void test_find_leaves_prose_alone(void **state)
{
    (void)state;
    assert_tables(
        "Förbundet har under året haft en verksamhet som omfattat alla de kommuner som är medlemmar 2021\n"
        "och kostnaderna för denna verksamhet har under samma tid uppgått till sammanlagt omkring 4 200 000\n"
        "vilket är mer än vad som hade planerats.\n",
        "");
}

static void test_find_leaves_the_page_number_out(void **state)
{
    (void)state;
    assert_tables("Tkr 2023 2022\nBidrag 1 250 1 300\nRänta 25 30\nSumma 1 275 1 330\nSida 7\n",
                  "Tkr|2023|2022\nBidrag|1 250|1 300\nRänta|25|30\nSumma|1 275|1 330\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_splits_amounts_as_the_heading_has_years),
        cmocka_unit_test(test_find_splits_amounts_by_the_sum_below),
        cmocka_unit_test(test_find_keeps_an_only_column_whole),
        cmocka_unit_test(test_find_parts_percentages),
        cmocka_unit_test(test_find_gives_notes_their_column),
        cmocka_unit_test(test_find_reads_a_heading_of_narrow_cells),
        cmocka_unit_test(test_find_joins_labels_that_wrap),
        cmocka_unit_test(test_find_leaves_contents_alone),
        cmocka_unit_test(test_find_leaves_prose_alone),
        cmocka_unit_test(test_find_leaves_the_page_number_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
