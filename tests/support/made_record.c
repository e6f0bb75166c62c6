#include "tests/support/made_record.h"

#include "base/strbuf.h"
#include "schema/hash.h"

#include <stdio.h>
#include <string.h>

static const char *const TOWNS[] = {"Alvesta",  "Boxholm", "Degerfors", "Eslöv",   "Falköping",
                                    "Gnesta",   "Härryda", "Kalix",     "Ljusdal", "Malmö",
                                    "Norsjö",   "Orsa",    "Piteå",     "Ronneby", "Säffle",
                                    "Tidaholm", "Umeå",    "Växjö",     "Ydre",    "Ånge"};
static const char *const KINDS[] = {"income_statement", "balance_sheet", "cash_flow", "budget_followup",
                                    "statistics"};
static const char *const ITEMS[] = {
    "operating_income", "operating_expenses", "depreciation", "result", "total_assets", "equity", NULL};
static const char *const WORDS[] = {"verksamhet",  "året",    "kommunen",   "resultat",    "budget",
                                    "nämnden",     "skola",   "omsorg",     "investering", "avvikelse",
                                    "prognos",     "kostnad", "intäkt",     "personal",    "mål",
                                    "uppföljning", "ekonomi", "förvaltning"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

void made_sha256(int number, char out[65])
{
    char text[32];

    snprintf(text, sizeof text, "report %d", number);
    tolka_sha256_hex(text, strlen(text), out);
}

/* A repeatable number for each place (splitmix64). */
static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * UINT64_C(0x9E3779B97F4A7C15) + b * UINT64_C(0xBF58476D1CE4E5B9) + 1;

    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* Common words, some of a larger stock with a long tail as language has, and one that the report alone has.
 */
static char *make_text(int number, int page, int words, struct tolka_arena *arena)
{
    struct tolka_strbuf text = {0};
    char *copy;

    for (int i = 0; i < words; i++) {
        const uint64_t dice = mix((uint64_t)number * 4096 + (uint64_t)page, (uint64_t)i);
        const uint64_t tail = (dice >> 8) % 20000;
        if (dice % 3 == 0)
            tolka_strbuf_addf(&text, "ord%dx ", (int)(tail * tail / 20000));
        else
            tolka_strbuf_addf(&text, "%s ", WORDS[(dice >> 8) % COUNT(WORDS)]);
        if (i % 10 == 9)
            tolka_strbuf_add_char(&text, '\n');
    }
    tolka_strbuf_addf(&text, "diarie%d", number);
    copy = tolka_arena_strndup(arena, tolka_strbuf_text(&text), text.length);
    tolka_strbuf_release(&text);
    return copy;
}

static void fill_cell(struct tolka_cell *cell, int number, int row, int column, struct tolka_arena *arena)
{
    const int64_t amount = (int64_t)(mix((uint64_t)number, (uint64_t)row * 16 + (uint64_t)column) % 9000000);

    cell->page = 1;
    cell->box = (struct tolka_box){100 + 400 * column, 200 + 40 * row, 480 + 400 * column, 235 + 40 * row};
    cell->confidence = 0.96f;
    if (column == 0 || row == 0) {
        cell->text = column == 0 && row > 0 ? tolka_arena_printf(arena, "Rad %d", row)
                     : column               ? "Utfall"
                                            : "";
        cell->raw = cell->text;
        return;
    }
    cell->has_value = true;
    cell->value = (struct tolka_decimal){amount, amount % 7 == 0 ? 1 : 0};
    cell->unit = TOLKA_UNIT_KSEK;
    cell->status = amount % 100 == 3 ? TOLKA_CELL_DOUBTFUL : TOLKA_CELL_READ;
    cell->text = tolka_arena_printf(arena, "%lld", (long long)amount);
    cell->raw = amount % 10 == 0 ? tolka_arena_printf(arena, "%lld.", (long long)amount) : cell->text;
}

static void add_check(struct tolka_table *table, int number, struct tolka_arena *arena)
{
    table->checks = tolka_arena_array(arena, 1, sizeof *table->checks);
    table->check_count = 1;
    table->checks[0].cells = tolka_arena_array(arena, 2, sizeof(struct tolka_cell_ref));
    table->checks[0].cells[0] = (struct tolka_cell_ref){1, 1};
    table->checks[0].cells[1] = (struct tolka_cell_ref){2, 1};
    table->checks[0].cell_count = 2;
    table->checks[0].rule = "made";
    table->checks[0].page = 1;
    table->checks[0].expected = (struct tolka_decimal){number, 0};
    table->checks[0].found = (struct tolka_decimal){number + (number % 50 == 0), 0};
    table->checks[0].off = (struct tolka_decimal){number % 50 == 0, 0};
    table->checks[0].verdict = number % 50 == 0 ? TOLKA_CHECK_MISPRINT : TOLKA_CHECK_HOLDS;
}

static void make_table(struct tolka_table *table, int number, int at, int rows, struct tolka_record *record)
{
    struct tolka_arena *arena = &record->arena;

    table->id = tolka_arena_printf(arena, "t%d", at + 1);
    table->kind = KINDS[(size_t)(number + at) % COUNT(KINDS)];
    table->caption = "Belopp i tkr";
    table->unit = TOLKA_UNIT_KSEK;
    table->pages = tolka_arena_array(arena, 1, sizeof *table->pages);
    table->pages[0] = 1;
    table->page_count = 1;
    table->box = (struct tolka_box){100, 200, 1300, 240 + 40 * rows};
    table->header_rows = 1;
    table->column_count = 3;
    table->row_count = rows;
    table->columns = tolka_arena_array(arena, 3, sizeof *table->columns);
    table->rows = tolka_arena_array(arena, (size_t)rows, sizeof *table->rows);
    table->cells = tolka_arena_array(arena, (size_t)rows * 3, sizeof *table->cells);
    table->columns[0].label = "";
    for (int c = 1; c < 3; c++) {
        table->columns[c].label = c == 1 ? "Utfall" : "Föregående år";
        table->columns[c].period.from = tolka_arena_printf(arena, "%d-01-01", 2000 + number % 24 - (c - 1));
        table->columns[c].period.to = tolka_arena_printf(arena, "%d-12-31", 2000 + number % 24 - (c - 1));
    }
    for (int r = 0; r < rows; r++) {
        table->rows[r].item = r ? ITEMS[(size_t)(r + at) % COUNT(ITEMS)] : NULL;
        for (int c = 0; c < 3; c++)
            fill_cell(tolka_table_cell(table, r, c), number, r, c, arena);
    }
    if (rows > 2)
        add_check(table, number, arena);
}

static void describe(int number, struct tolka_record *record)
{
    struct tolka_arena *arena = &record->arena;

    record->report.kind = number % 10 ? "annual_report" : "interim_report";
    record->report.organisation =
        tolka_arena_printf(arena, "%s kommun", TOWNS[(size_t)number % COUNT(TOWNS)]);
    record->report.title = tolka_arena_printf(arena, "Årsredovisning %d", 2000 + number % 24);
    record->report.orgnr = tolka_arena_printf(arena, "2120%02d-%04d", number % 20, number % 20);
    record->report.period.from = tolka_arena_printf(arena, "%d-01-01", 2000 + number % 24);
    record->report.period.to = tolka_arena_printf(arena, "%d-12-31", 2000 + number % 24);
    record->sections = tolka_arena_array(arena, 1, sizeof *record->sections);
    record->sections[0] = (struct tolka_section){1, "1", "Inledning", 1};
    record->section_count = 1;
    record->goals = tolka_arena_array(arena, 1, sizeof *record->goals);
    record->goals[0] =
        (struct tolka_goal){"God ekonomi", "Se över avgifter", "Uppnått", "fulfilled", 1, NULL};
    record->goal_count = 1;
    record->signatures = tolka_arena_array(arena, 1, sizeof *record->signatures);
    record->signatures[0] = (struct tolka_signature){"A. Person", "Ordförande", NULL, 1};
    record->signature_count = 1;
    record->corrections = tolka_arena_array(arena, 1, sizeof *record->corrections);
    record->corrections[0] = (struct tolka_correction){
        1, {1, 2, 3, 4}, "arsredovisning", "årsredovisning", 0.9f, "marks", NULL, NULL, 0, 0};
    record->correction_count = 1;
}

void made_record(int number, const char *path, struct made_size size, struct tolka_record *record)
{
    struct tolka_arena *arena = &record->arena;

    made_sha256(number, record->source.sha256);
    record->source.path = tolka_arena_strdup(arena, path);
    record->source.bytes = 1000 + number;
    record->source.pages = size.pages;
    describe(number, record);
    record->pages = tolka_arena_array(arena, (size_t)size.pages, sizeof *record->pages);
    record->page_count = (size_t)size.pages;
    for (int p = 0; p < size.pages; p++)
        record->pages[p] = (struct tolka_page_summary){p + 1,
                                                       2480,
                                                       3508,
                                                       300,
                                                       TOLKA_ORIGIN_OCR,
                                                       0,
                                                       0.25f,
                                                       0.93f,
                                                       make_text(number, p, size.words_a_page, arena)};
    record->tables = tolka_arena_array(arena, (size_t)size.tables + 1, sizeof *record->tables);
    record->table_count = (size_t)size.tables;
    for (int t = 0; t < size.tables; t++)
        make_table(&record->tables[t], number, t, size.rows_a_table, record);
}
