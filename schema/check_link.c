/*
 * Arithmetic between tables: what the rules link (a result carried from one statement to the next), and a
 * statement's line against the sum of the note that it refers to. Columns are matched by the year that their
 * period ends in. A note may show only part of a line, so the latter is only reported when it holds.
 */
#include "schema/check_int.h"
#include "schema/value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_NOTE_NUMBER = 99, MAX_LINKED_TABLES = 200 };

/* How many thousands make one of the unit, as a power; -1 for what is no money. */
static int thousands(enum tolka_unit unit)
{
    return unit == TOLKA_UNIT_SEK ? 0 : unit == TOLKA_UNIT_KSEK ? 1 : unit == TOLKA_UNIT_MSEK ? 2 : -1;
}

bool tolka_check_scale_term(struct tolka_check_candidate *candidate, const struct tolka_cell *total,
                            const struct tolka_check_term *term, const struct tolka_cell *cell,
                            struct tolka_decimal *value)
{
    const int from = thousands(cell->unit), to = thousands(total->unit);

    if (term->ref.table == candidate->total.table || from < 0 || to < 0 || from == to)
        return true;
    candidate->scaled = true;
    value->scale += 3 * (to - from);
    return from < to && value->scale <= 9;
}

/* The year that a column's period ends in, 0 when it says none. */
static int column_year(const struct tolka_column *column)
{
    return column->period.to ? atoi(column->period.to) : 0;
}

/* A column of what was planned stands for no year that another table reports. */
static bool is_planned(const struct tolka_column *column)
{
    static const char *const ROLES[] = {"budget", "forecast", "deviation", "remaining"};

    for (size_t i = 0; column->role && i < sizeof ROLES / sizeof *ROLES; i++) {
        if (strcmp(column->role, ROLES[i]) == 0)
            return true;
    }
    return false;
}

/* The column of amounts for `year`, -1 when there is none or more than one; the only column of a table stands
 * for any year (0). */
static int column_of_year(const struct tolka_table *table, int year)
{
    int found = -1;

    for (int c = 1; c < table->column_count; c++) {
        if (!tolka_check_is_amount_column(table, c) || column_year(&table->columns[c]) != year ||
            is_planned(&table->columns[c]))
            continue;
        if (found >= 0)
            return -1;
        found = c;
    }
    return found;
}

static int only_row_of(const struct tolka_table *table, const char *item)
{
    int found = -1;

    for (int r = table->header_rows; r < table->row_count; r++) {
        if (!table->rows[r].item || strcmp(table->rows[r].item, item) != 0)
            continue;
        if (found >= 0)
            return -1;
        found = r;
    }
    return found;
}

/* How coarse the cell's unit is, 0 when it has none. */
static int coarseness(const struct tolka_checker *checker, struct tolka_check_ref ref)
{
    const enum tolka_unit unit = tolka_check_cell(checker, ref)->unit;

    return unit == TOLKA_UNIT_SEK ? 1 : unit == TOLKA_UNIT_KSEK ? 2 : unit == TOLKA_UNIT_MSEK ? 3 : 0;
}

/* True when the coarser figure would be the finer one rounded, had it a minus. */
static bool lacks_rounded_sign(const struct tolka_checker *checker,
                               const struct tolka_check_candidate *candidate)
{
    const struct tolka_cell *total = tolka_check_cell(checker, candidate->total);
    struct tolka_decimal off;

    return candidate->result == TOLKA_RESULT_FAILS && total->value.mantissa > 0 && total->confidence < 1 &&
           tolka_decimal_add(total->value, candidate->expected, &off) &&
           tolka_check_is_within(off, 1, total->value.scale);
}

/* `value` with `scale` decimals at most, rounded half away from zero. */
static struct tolka_decimal rounded(struct tolka_decimal value, int scale)
{
    for (; value.scale > scale; value.scale--)
        value.mantissa = value.mantissa / 10 + value.mantissa % 10 / 5;
    return value;
}

/* True when the coarser figure would be the finer one rounded, had it not lost a digit or taken one for
 * another that looks like it. */
static bool lacks_rounded_digit(const struct tolka_checker *checker,
                                const struct tolka_check_candidate *candidate)
{
    const struct tolka_cell *total = tolka_check_cell(checker, candidate->total);

    return candidate->result == TOLKA_RESULT_FAILS &&
           tolka_slip_is_likely(total, rounded(candidate->expected, total->value.scale));
}

/* The coarser of two cells that should be the same is held against the finer one, which says more. Where
 * their units differ, only what holds is kept: an overview may round and restate. */
static struct tolka_check_candidate *link_cells(struct tolka_checker *checker,
                                                const struct tolka_rule_link *link, struct tolka_check_ref a,
                                                struct tolka_check_ref b)
{
    const int coarse_a = coarseness(checker, a), coarse_b = coarseness(checker, b);
    const bool differ = coarse_a && coarse_b && coarse_a != coarse_b;
    const bool turn = differ && coarse_a > coarse_b;
    struct tolka_check_term term = {turn ? b : a, link->sign < 0 ? -1 : 1};
    struct tolka_check_candidate *added = tolka_check_add(checker, link->name, turn ? a : b, &term, 1, false);

    if (!added || !differ || added->result == TOLKA_RESULT_HOLDS)
        return added;
    if (lacks_rounded_sign(checker, added) || lacks_rounded_digit(checker, added)) {
        added->sign_open = true;
        return added;
    }
    checker->count--;
    return NULL;
}

/* Links two rows over all years; failures count when another year holds. */
static void link_rows(struct tolka_checker *checker, const struct tolka_rule_link *link, int ta, int ra,
                      int tb, int rb)
{
    const struct tolka_table *a = &checker->record->tables[ta], *b = &checker->record->tables[tb];
    const size_t first = checker->count;
    bool holds = false;

    for (int c = 1; c < b->column_count; c++) {
        int year = tolka_check_is_amount_column(b, c) ? column_year(&b->columns[c]) : 0;
        int other = year && column_of_year(b, year) == c ? column_of_year(a, year + link->year_shift) : -1;
        const struct tolka_check_candidate *candidate;

        if (other < 0 || (ta == tb && ra == rb && other == c))
            continue;
        candidate = link_cells(checker, link, (struct tolka_check_ref){ta, ra, other},
                               (struct tolka_check_ref){tb, rb, c});
        holds =
            holds || (candidate && candidate->result == TOLKA_RESULT_HOLDS && candidate->found.mantissa != 0);
    }
    for (size_t i = first; i < checker->count; i++)
        checker->items[i].certain = holds && (checker->items[i].sign_open || !checker->items[i].scaled);
}

static void follow_link(struct tolka_checker *checker, const struct tolka_rule_link *link)
{
    const struct tolka_record *record = checker->record;
    const int count = record->table_count < MAX_LINKED_TABLES ? (int)record->table_count : MAX_LINKED_TABLES;

    for (int a = 0; a < count; a++) {
        int row_a = strcmp(record->tables[a].kind, link->kind_a) == 0
                        ? only_row_of(&record->tables[a], link->item_a)
                        : -1;

        for (int b = 0; row_a >= 0 && b < count; b++) {
            const bool other_of_kind = a != b && strcmp(link->kind_a, link->kind_b) == 0;
            int row_b = !other_of_kind && strcmp(record->tables[b].kind, link->kind_b) == 0
                            ? only_row_of(&record->tables[b], link->item_b)
                            : -1;

            if (row_b >= 0)
                link_rows(checker, link, a, row_a, b, row_b);
        }
    }
}

/* The number in "Not 4 ..." or "4", 0 when the text is no reference to one note. */
static int note_number(const char *text, bool bare)
{
    int number;

    if (strncasecmp(text, "not ", 4) == 0)
        text += 4;
    else if (!bare)
        return 0;
    number = strspn(text, "0123456789") <= 2 ? atoi(text) : 0;
    text += strspn(text, "0123456789");
    if (bare && *text)
        return 0;
    return number > 0 && number <= MAX_NOTE_NUMBER ? number : 0;
}

/* The note that a table is, by its caption or its heading's first cell. */
static int note_of_table(const struct tolka_table *table)
{
    int number = table->caption ? note_number(table->caption, false) : 0;

    if (!number && table->header_rows > 0)
        number = note_number(tolka_table_cell(table, 0, 0)->text, false);
    return number;
}

static bool is_statement(const struct tolka_table *table)
{
    return strcmp(table->kind, "income_statement") == 0 || strcmp(table->kind, "balance_sheet") == 0;
}

static int referred_note(const struct tolka_table *table, int row)
{
    for (int c = 1; c < table->column_count; c++) {
        const char *text = tolka_table_cell(table, row, c)->text;
        const bool note_column = table->columns[c].role && strcmp(table->columns[c].role, "note") == 0;

        if (note_column || strncasecmp(text, "not ", 4) == 0)
            return note_number(text, true);
    }
    return 0;
}

/* The last row with figures of a note: its sum. */
static int sum_row(const struct tolka_table *note)
{
    for (int r = note->row_count - 1; r >= note->header_rows; r--) {
        for (int c = 1; c < note->column_count; c++) {
            if (tolka_table_cell(note, r, c)->has_value)
                return r;
        }
    }
    return -1;
}

static void compare_note(struct tolka_checker *checker, int statement, int row, int note)
{
    const struct tolka_table *s = &checker->record->tables[statement], *n = &checker->record->tables[note];
    const int total = sum_row(n);

    for (int c = 1; total >= 0 && c < s->column_count; c++) {
        int year = tolka_check_is_amount_column(s, c) ? column_year(&s->columns[c]) : 0;
        int other = year ? column_of_year(n, year) : -1;
        struct tolka_check_term term = {{note, total, other}, 1};
        const struct tolka_cell *mine = tolka_table_cell(s, row, c);

        if (other < 0 || column_of_year(s, year) != c)
            continue;
        if ((mine->value.mantissa < 0) != (tolka_table_cell(n, total, other)->value.mantissa < 0))
            term.sign = -1; /* a cost, printed without its sign in the note */
        tolka_check_add(checker, "note", (struct tolka_check_ref){statement, row, c}, &term, 1, false);
    }
}

static void check_notes(struct tolka_checker *checker, int statement)
{
    const struct tolka_record *record = checker->record;
    const struct tolka_table *table = &record->tables[statement];
    int notes[MAX_NOTE_NUMBER + 1];

    memset(notes, -1, sizeof notes);
    for (size_t i = 0; i < record->table_count && i < MAX_LINKED_TABLES; i++) {
        int number = is_statement(&record->tables[i]) ? 0 : note_of_table(&record->tables[i]);

        if (number)
            notes[number] =
                notes[number] == -1 ? (int)i : -2; /* two tables of one note: which is meant is unknown */
    }
    for (int r = table->header_rows; r < table->row_count; r++) {
        int number = referred_note(table, r);

        if (number && notes[number] >= 0)
            compare_note(checker, statement, r, notes[number]);
    }
}

void tolka_check_links(struct tolka_checker *checker)
{
    size_t count = 0;
    const struct tolka_rule_link *links = checker->rules ? tolka_rules_links(checker->rules, &count) : NULL;

    for (size_t i = 0; links && i < count; i++)
        follow_link(checker, &links[i]);
    for (size_t t = 0; t < checker->record->table_count && t < MAX_LINKED_TABLES; t++) {
        if (is_statement(&checker->record->tables[t]))
            check_notes(checker, (int)t);
    }
}
