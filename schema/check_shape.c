/* Shapes: one way in which a row may be the sum of other rows, measured over all columns of amounts. And the
 * shapes that rules name. */
#include "schema/check_int.h"
#include "schema/doubt.h"
#include "schema/value.h"

#include <string.h>

enum { MAX_RULE_SHAPES = 64 };

bool tolka_check_is_amount_column(const struct tolka_table *table, int column)
{
    static const char *const OTHERS[] = {"label", "note", "text", "date", "year"};
    const char *role = table->columns[column].role;
    int values = 0;

    if (column == 0)
        return false;
    for (size_t i = 0; role && i < sizeof OTHERS / sizeof *OTHERS; i++) {
        if (strcmp(role, OTHERS[i]) == 0)
            return false;
    }
    for (int r = table->header_rows; r < table->row_count; r++)
        values += tolka_table_cell(table, r, column)->has_value;
    return values > 0;
}

static int digit_count(struct tolka_decimal value)
{
    int64_t rest = value.mantissa < 0 ? -value.mantissa : value.mantissa;
    int digits = 0;

    for (; rest > 0; rest /= 10)
        digits++;
    return digits;
}

static size_t fill_terms(int table, const struct tolka_shape *shape, int column,
                         struct tolka_check_term terms[TOLKA_SHAPE_TERMS])
{
    for (int i = 0; i < shape->count; i++)
        terms[i] = (struct tolka_check_term){{table, shape->rows[i], column}, shape->signs[i]};
    return (size_t)shape->count;
}

static int nonzero_terms(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    int count = 0;

    for (size_t i = 0; i < candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(checker, candidate->terms[i].ref);

        count += cell->has_value && cell->value.mantissa != 0;
    }
    return count;
}

void tolka_shape_measure(struct tolka_checker *checker, int table, struct tolka_shape *shape)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[TOLKA_SHAPE_TERMS];

    shape->holds = shape->fails = shape->digits = 0;
    for (int c = 1; c < t->column_count; c++) {
        struct tolka_check_candidate candidate = {.total = {table, shape->total_row, c}, .terms = terms};

        if (!tolka_check_is_amount_column(t, c))
            continue;
        candidate.term_count = fill_terms(table, shape, c, terms);
        tolka_check_evaluate(checker, &candidate);
        if (candidate.result == TOLKA_RESULT_HOLDS && nonzero_terms(checker, &candidate) > 0 &&
            candidate.found.mantissa != 0) {
            shape->holds++;
            shape->digits += digit_count(candidate.found);
        }
        shape->fails += candidate.result == TOLKA_RESULT_FAILS || candidate.result == TOLKA_RESULT_UNREAD;
    }
}

bool tolka_shape_would_hold(struct tolka_checker *checker, int table, struct tolka_shape *shape)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[TOLKA_SHAPE_TERMS];
    bool offered = false;

    shape->digits = 0;
    for (int c = 1; c < t->column_count; c++) {
        struct tolka_check_candidate candidate = {.total = {table, shape->total_row, c}, .terms = terms};

        if (!tolka_check_is_amount_column(t, c))
            continue;
        candidate.term_count = fill_terms(table, shape, c, terms);
        tolka_check_evaluate(checker, &candidate);
        if (candidate.result == TOLKA_RESULT_EMPTY)
            continue;
        shape->digits += digit_count(candidate.found);
        if (candidate.result == TOLKA_RESULT_HOLDS)
            continue;
        if (tolka_check_count_offers(checker, &candidate) != 1)
            return false;
        offered = true;
    }
    return offered;
}

/* A term that is empty here but filled in another column may have been lost: no ground for an alarm. */
static bool has_lost_term(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    const struct tolka_table *table = &checker->record->tables[candidate->total.table];

    for (size_t i = 0; i < candidate->term_count; i++) {
        struct tolka_check_ref ref = candidate->terms[i].ref;

        if (*tolka_check_cell(checker, ref)->text)
            continue;
        for (int c = 1; c < table->column_count; c++) {
            if (tolka_table_cell(table, ref.row, c)->has_value && tolka_check_is_amount_column(table, c))
                return true;
        }
    }
    return false;
}

void tolka_shape_emit(struct tolka_checker *checker, int table, const struct tolka_shape *shape, bool certain)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_check_term terms[TOLKA_SHAPE_TERMS];

    for (int c = 1; c < t->column_count; c++) {
        struct tolka_check_candidate *candidate;
        size_t count;

        if (!tolka_check_is_amount_column(t, c))
            continue;
        count = fill_terms(table, shape, c, terms);
        candidate =
            tolka_check_add(checker, shape->rule, (struct tolka_check_ref){table, shape->total_row, c}, terms,
                            count, certain);
        if (candidate && certain && has_lost_term(checker, candidate))
            candidate->certain = false;
    }
}

/* The row of `item` nearest above row `before`; failing that, the first one below it; -1 when there is none.
 */
static int row_of_item(const struct tolka_table *table, const char *item, int before)
{
    for (int r = before - 1; r >= table->header_rows; r--) {
        if (table->rows[r].item && strcmp(table->rows[r].item, item) == 0)
            return r;
    }
    for (int r = before + 1; r < table->row_count; r++) {
        if (table->rows[r].item && strcmp(table->rows[r].item, item) == 0)
            return r;
    }
    return -1;
}

static bool make_rule_shape(const struct tolka_table *table, const struct tolka_rule_sum *sum, int total_row,
                            struct tolka_shape *shape)
{
    *shape = (struct tolka_shape){.rule = sum->name, .total_row = total_row, .by_rule = true};
    for (size_t i = 0; i < sum->term_count && shape->count < TOLKA_SHAPE_TERMS; i++) {
        int row = row_of_item(table, sum->terms[i].item, total_row);

        if (row < 0)
            continue;
        shape->rows[shape->count] = row;
        shape->signs[shape->count++] = sum->terms[i].sign;
    }
    return shape->count > 0 &&
           ((int)sum->term_count == shape->count || sum->terms[sum->term_count - 1].sign != 0);
}

/* Better: holds in more columns, then fails in fewer, then says more. */
static bool is_better(const struct tolka_shape *a, const struct tolka_shape *b)
{
    if (a->holds != b->holds)
        return a->holds > b->holds;
    if (a->fails != b->fails)
        return a->fails < b->fails;
    return a->count > b->count;
}

/* The sums that the rules know for the total in `row`: alternatives, of which the best holding one counts. */
static void check_total(struct tolka_checker *checker, int table, const struct tolka_rule_sum *sums,
                        size_t count, int row)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct tolka_shape best = {0}, shape;
    bool hinted, best_hinted = false; /* it would hold with another reading */

    for (size_t i = 0; i < count; i++) {
        if (strcmp(sums[i].total, t->rows[row].item) != 0 || !make_rule_shape(t, &sums[i], row, &shape))
            continue;
        tolka_shape_measure(checker, table, &shape);
        hinted = shape.fails > 0 && tolka_shape_would_hold(checker, table, &shape);
        if (!best.count || (hinted && !best_hinted && shape.holds >= best.holds) ||
            (hinted == best_hinted && is_better(&shape, &best))) {
            best = shape;
            best_hinted = hinted;
        }
    }
    if (best.count)
        tolka_shape_emit(checker, table, &best, best.holds > 0 && best.holds >= best.fails && best.count > 1);
}

void tolka_check_rule_sums(struct tolka_checker *checker, int table)
{
    const struct tolka_table *t = &checker->record->tables[table];
    size_t count = 0;
    const struct tolka_rule_sum *sums = tolka_rules_sums(checker->rules, t->kind, &count);

    for (int r = t->header_rows; sums && r < t->row_count; r++) {
        if (t->rows[r].item)
            check_total(checker, table, sums, count, r);
    }
}
