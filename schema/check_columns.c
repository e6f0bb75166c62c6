/*
 * Arithmetic across a row: a deviation is the difference of two columns, a total column the sum of the
 * others; and percentages of a whole that add up to a hundred. Which columns belong together is found by
 * trying: it must hold in nearly all rows.
 */
#include "schema/check_int.h"
#include "schema/value.h"

#include <string.h>
#include <strings.h>

enum {
    MAX_AMOUNT_COLUMNS = 16,
    NAMED_ROWS = 2,   /* rows that must hold when the column's heading says what it is */
    UNNAMED_ROWS = 3, /* rows that must hold when it does not */
    MIN_HOLDING_PERCENT = 75,
    WHOLE_PERCENT = 100,
    LEAST_SHARES = 3,
};

struct amount_columns {
    int items[MAX_AMOUNT_COLUMNS], count;
};

static void find_amount_columns(const struct tolka_table *table, struct amount_columns *columns)
{
    columns->count = 0;
    for (int c = 1; c < table->column_count && columns->count < MAX_AMOUNT_COLUMNS; c++) {
        if (tolka_check_is_amount_column(table, c))
            columns->items[columns->count++] = c;
    }
}

/* A rule over the columns of one row: total = sum of sign * column. */
struct across {
    const char *rule;
    int total, columns[MAX_AMOUNT_COLUMNS], signs[MAX_AMOUNT_COLUMNS], count;
    int holds, fails;
    int lost_signs; /* of the fails: rows that would hold had the total a minus, which scans lose */
};

static size_t fill_terms(int table, const struct across *across, int row, struct tolka_check_term *terms)
{
    for (int i = 0; i < across->count; i++)
        terms[i] = (struct tolka_check_term){{table, row, across->columns[i]}, across->signs[i]};
    return (size_t)across->count;
}

static bool is_filled(const struct tolka_table *table, const struct across *across, int row)
{
    for (int i = 0; i < across->count; i++) {
        if (!*tolka_table_cell(table, row, across->columns[i])->text)
            return false;
    }
    return true;
}

static void measure(struct tolka_checker *checker, int table, struct across *across)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[MAX_AMOUNT_COLUMNS];

    across->holds = across->fails = across->lost_signs = 0;
    for (int r = t->header_rows; r < t->row_count; r++) {
        struct tolka_check_candidate candidate = {.total = {table, r, across->total}, .terms = terms};

        if (!is_filled(t, across, r))
            continue;
        candidate.term_count = fill_terms(table, across, r, terms);
        tolka_check_evaluate(checker, &candidate);
        across->holds += candidate.result == TOLKA_RESULT_HOLDS && candidate.found.mantissa != 0;
        across->fails += candidate.result == TOLKA_RESULT_FAILS || candidate.result == TOLKA_RESULT_UNREAD;
        across->lost_signs += tolka_check_lacks_sign(checker, &candidate);
    }
}

static bool is_believed(const struct across *across, int rows)
{
    return across->holds >= rows && (across->holds + across->lost_signs) * 100 >=
                                        (across->holds + across->fails) * MIN_HOLDING_PERCENT;
}

/* Rows would hold had they a minus: it may be the custom to print a cost that is lower than planned and an
 * income that is higher alike. */
static bool is_sign_open(const struct across *across)
{
    return across->lost_signs > 0;
}

static void emit(struct tolka_checker *checker, int table, const struct across *across)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[MAX_AMOUNT_COLUMNS];

    for (int r = t->header_rows; r < t->row_count; r++) {
        struct tolka_check_candidate *candidate;
        size_t count = fill_terms(table, across, r, terms);

        if (!is_filled(t, across, r))
            continue;
        candidate = tolka_check_add(checker, across->rule, (struct tolka_check_ref){table, r, across->total},
                                    terms, count, true);
        if (candidate) {
            candidate->across = true;
            candidate->sign_open = is_sign_open(across);
        }
    }
}

static bool is_called(const struct tolka_column *column, const char *role, const char *const *words)
{
    if (column->role && strcmp(column->role, role) == 0)
        return true;
    for (; *words; words++) {
        if (strcasestr(column->label, *words))
            return true;
    }
    return false;
}

static bool is_deviation(const struct tolka_checker *checker, int table, int column)
{
    static const char *const NAMES[] = {"avvik", "differens", "förändring", NULL};

    return is_called(&checker->record->tables[table].columns[column], "deviation", NAMES);
}

/* The pair of columns whose difference the column is; false when there is none. */
static bool check_difference(struct tolka_checker *checker, int table, const struct amount_columns *columns,
                             int total)
{
    const bool named = is_deviation(checker, table, total);
    struct across best = {.holds = 0};

    for (int i = 0; i < columns->count; i++) {
        for (int k = 0; k < columns->count; k++) {
            struct across across = {.rule = "difference_of_columns", .total = total, .count = 2};

            if (i == k || columns->items[i] == total || columns->items[k] == total)
                continue;
            across.columns[0] = columns->items[i];
            across.columns[1] = columns->items[k];
            across.signs[0] = 1;
            across.signs[1] = -1;
            measure(checker, table, &across);
            if (across.holds > best.holds ||
                (across.holds == best.holds && best.holds && across.fails < best.fails))
                best = across;
        }
    }
    if (!is_believed(&best, named ? NAMED_ROWS : UNNAMED_ROWS))
        return false;
    emit(checker, table, &best);
    return true;
}

/* The columns that say that they are deviations; their terms are no totals then, which would be the same said
 * otherwise. */
static bool check_deviations(struct tolka_checker *checker, int table, const struct amount_columns *columns)
{
    bool any = false;

    for (int i = 0; i < columns->count; i++) {
        if (is_deviation(checker, table, columns->items[i]))
            any = check_difference(checker, table, columns, columns->items[i]) || any;
    }
    return any;
}

static bool check_total(struct tolka_checker *checker, int table, const struct amount_columns *columns,
                        int total)
{
    static const char *const NAMES[] = {"totalt", "summa", NULL};
    const bool named = is_called(&checker->record->tables[table].columns[total], "total", NAMES);
    struct across across = {.rule = "sum_of_columns", .total = total};

    for (int i = 0; i < columns->count; i++) {
        if (columns->items[i] == total)
            continue;
        across.signs[across.count] = 1;
        across.columns[across.count++] = columns->items[i];
    }
    measure(checker, table, &across);
    if (!is_believed(&across, named ? NAMED_ROWS : UNNAMED_ROWS))
        return false;
    emit(checker, table, &across);
    return true;
}

static bool is_percent_column(const struct tolka_table *table, int column)
{
    int values = 0;

    for (int r = table->header_rows; r < table->row_count; r++) {
        const struct tolka_cell *cell = tolka_table_cell(table, r, column);

        if (cell->has_value && (cell->unit != TOLKA_UNIT_PERCENT || cell->value.mantissa < 0))
            return false;
        values += cell->has_value;
    }
    return values >= 2;
}

/* Shares without a printed total: they make a hundred, rounding apart. Only reported when they do, or would
 * with a doubtful one read otherwise. */
static void check_shares(struct tolka_checker *checker, int table, int column)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[TOLKA_SHAPE_TERMS];
    struct tolka_check_candidate share = {.rule = "shares_of_hundred",
                                          .terms = terms + 1,
                                          .whole = {WHOLE_PERCENT, 0},
                                          .across = true},
                                 *kept;
    size_t count = 0;

    for (int r = t->header_rows; r < t->row_count; r++) {
        if (!tolka_table_cell(t, r, column)->has_value)
            continue;
        if (count == TOLKA_SHAPE_TERMS || t->rows[r].is_total)
            return;
        terms[count++] = (struct tolka_check_term){{table, r, column}, -1};
    }
    if (count < LEAST_SHARES)
        return;
    /* The first share is what the others leave of a hundred. */
    share.total = terms[0].ref;
    share.term_count = count - 1;
    tolka_check_evaluate(checker, &share);
    if ((share.result != TOLKA_RESULT_HOLDS || share.off.mantissa != 0) &&
        tolka_check_count_offers(checker, &share) != 1)
        return;
    kept = tolka_check_add(checker, share.rule, share.total, share.terms, share.term_count, false);
    if (!kept)
        return;
    kept->whole = share.whole;
    kept->across = true;
    tolka_check_evaluate(checker, kept);
}

void tolka_check_columns(struct tolka_checker *checker, int table)
{
    struct amount_columns columns;

    find_amount_columns(&checker->record->tables[table], &columns);
    if (columns.count >= 3 && !check_deviations(checker, table, &columns)) {
        bool total = check_total(checker, table, &columns, columns.items[columns.count - 1]) ||
                     (columns.count > 3 && check_total(checker, table, &columns, columns.items[0]));

        for (int i = 0; i < columns.count && !total; i++)
            check_difference(checker, table, &columns, columns.items[i]);
    }
    for (int i = 0; i < columns.count; i++) {
        if (is_percent_column(&checker->record->tables[table], columns.items[i]))
            check_shares(checker, table, columns.items[i]);
    }
}
