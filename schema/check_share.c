/*
 * Percentages of a whole that the table itself prints: a column of shares of a column of amounts with a total
 * ("Bidrag | Andel"), or of two columns row by row ("Utfall | Budget | Förbrukat %"). Which amounts a share
 * is of is found by trying: it must come out to the last digit in most rows. A share says nothing of the last
 * digits of the amounts, so it confirms itself alone.
 */
#include "schema/check_int.h"

#include <math.h>

enum {
    MAX_COLUMNS = 16,
    MAX_ROWS = 200,         /* of a table, that are tried; tables are cut here */
    MAX_TOTALS = 3,         /* sums from the table's foot upwards that may be the whole */
    LEAST_EXACT = 3,        /* rows that must be right to the last digit; rounding hides any one or two */
    LEAST_EXACT_DIGITS = 6, /* of their shares: 5 %, 3 % and 2 % are shares of many things */
    LEAST_PERCENT = 75,     /* of the rows */
    WHOLE_PERCENT = 100,
};

/* A column of shares, what they are shares of, and the whole: a row of `part`, or (row -1) another column. */
struct share {
    int column, part, whole_column, whole_row;
    int exact, fails, digits;
};

bool tolka_check_is_share(const struct tolka_check_candidate *candidate)
{
    return candidate->term_count == 2 && candidate->terms[1].sign == 0;
}

bool tolka_check_take_share(struct tolka_decimal part, struct tolka_decimal whole, int scale,
                            struct tolka_decimal *share)
{
    const double share_of =
        (double)part.mantissa * pow(10, whole.scale - part.scale) / (double)whole.mantissa;
    const double units = WHOLE_PERCENT * share_of * pow(10, scale);

    if (whole.mantissa == 0 || fabs(units) > 1e9)
        return false;
    *share = (struct tolka_decimal){llround(units), scale};
    return true;
}

static bool fill_candidate(const struct tolka_table *t, int table, const struct share *share, int row,
                           struct tolka_check_term terms[2], struct tolka_check_candidate *candidate)
{
    const int whole_row = share->whole_row < 0 ? row : share->whole_row;

    if (row == share->whole_row || !*tolka_table_cell(t, row, share->column)->text ||
        !tolka_table_cell(t, row, share->part)->has_value ||
        !tolka_table_cell(t, whole_row, share->whole_column)->has_value)
        return false;
    terms[0] = (struct tolka_check_term){{table, row, share->part}, 1};
    terms[1] = (struct tolka_check_term){{table, whole_row, share->whole_column}, 0};
    *candidate = (struct tolka_check_candidate){
        .total = {table, row, share->column}, .terms = terms, .term_count = 2, .slack = true};
    return true;
}

static int last_row(const struct tolka_table *t)
{
    return t->row_count - t->header_rows > MAX_ROWS ? t->header_rows + MAX_ROWS : t->row_count;
}

static int digits_of(struct tolka_decimal value)
{
    int digits = 0;

    for (int64_t rest = value.mantissa < 0 ? -value.mantissa : value.mantissa; rest; rest /= 10)
        digits++;
    return digits;
}

static void measure(struct tolka_checker *checker, int table, struct share *share)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[2];
    struct tolka_check_candidate candidate;

    share->exact = share->fails = share->digits = 0;
    for (int r = t->header_rows; r < last_row(t); r++) {
        if (!fill_candidate(t, table, share, r, terms, &candidate))
            continue;
        tolka_check_evaluate(checker, &candidate);
        if (candidate.result == TOLKA_RESULT_HOLDS && candidate.off.mantissa == 0 &&
            candidate.found.mantissa != 0) {
            share->exact++;
            share->digits += digits_of(candidate.found);
        }
        share->fails += candidate.result == TOLKA_RESULT_FAILS;
    }
}

static bool is_believed(const struct share *share)
{
    return share->exact >= LEAST_EXACT && share->digits >= LEAST_EXACT_DIGITS &&
           share->exact * 100 >= (share->exact + share->fails) * LEAST_PERCENT;
}

static void consider(struct tolka_checker *checker, int table, struct share share, struct share *best)
{
    measure(checker, table, &share);
    if (is_believed(&share) &&
        (share.exact > best->exact || (share.exact == best->exact && share.fails < best->fails)))
        *best = share;
}

/* The amounts of `part` over their total, then over each other column. */
static void try_part(struct tolka_checker *checker, int table, int column, int part, const int *amounts,
                     int count, struct share *best)
{
    const struct tolka_table *t = &checker->record->tables[table];
    int totals = 0;

    for (int r = last_row(t) - 1; r > t->header_rows && totals < MAX_TOTALS; r--) {
        if (!t->rows[r].is_total || !tolka_table_cell(t, r, part)->has_value)
            continue;
        consider(checker, table,
                 (struct share){.column = column, .part = part, .whole_column = part, .whole_row = r}, best);
        totals++;
    }
    for (int i = 0; i < count; i++)
        if (amounts[i] != part)
            consider(
                checker, table,
                (struct share){.column = column, .part = part, .whole_column = amounts[i], .whole_row = -1},
                best);
}

static void emit(struct tolka_checker *checker, int table, const struct share *share)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[2];
    struct tolka_check_candidate candidate, *kept;

    for (int r = t->header_rows; r < last_row(t); r++) {
        if (!fill_candidate(t, table, share, r, terms, &candidate))
            continue;
        kept = tolka_check_add(checker, "share_of_whole", candidate.total, terms, 2, true);
        if (!kept)
            return;
        kept->across = kept->slack = true;
        tolka_check_evaluate(checker, kept);
    }
}

static bool is_share_column(const struct tolka_table *t, int column)
{
    int values = 0;

    for (int r = t->header_rows; r < last_row(t); r++) {
        const struct tolka_cell *cell = tolka_table_cell(t, r, column);

        if (cell->has_value && cell->unit != TOLKA_UNIT_PERCENT)
            return false;
        values += cell->has_value;
    }
    return values >= LEAST_EXACT;
}

void tolka_check_shares(struct tolka_checker *checker, int table)
{
    const struct tolka_table *t = &checker->record->tables[table];
    int amounts[MAX_COLUMNS], shares[MAX_COLUMNS], amount_count = 0, share_count = 0;

    for (int c = 1; c < t->column_count; c++) {
        if (!tolka_check_is_amount_column(t, c))
            continue;
        if (is_share_column(t, c) && share_count < MAX_COLUMNS)
            shares[share_count++] = c;
        else if (amount_count < MAX_COLUMNS)
            amounts[amount_count++] = c;
    }
    for (int i = 0; i < share_count; i++) {
        struct share best = {0};

        for (int k = 0; k < amount_count; k++)
            try_part(checker, table, shares[i], amounts[k], amounts, amount_count, &best);
        if (best.exact)
            emit(checker, table, &best);
    }
}
