/*
 * Checks over a record that a person went through. What once was read is settled: cells keep what they say,
 * and other readings are not known any more, so what needed them to be found (a shape that a misreading hid)
 * is taken from the checks that the record has. Statuses that came from checks are taken back first, all
 * others stand.
 */
#include "schema/check.h"

#include "schema/check_int.h"
#include "schema/doubt.h"
#include "schema/textjoin.h"
#include "schema/value.h"

#include <string.h>

enum { LIST_END = -1 };

/* What the cell was before any check: a doubt or a repair that other evidence gave cannot be told and is
 * kept. */
static enum tolka_cell_status status_as_read(const struct tolka_cell *cell)
{
    if (!cell->has_value)
        return cell->status;
    if (cell->confidence < TOLKA_DOUBT_CONFIDENCE)
        return TOLKA_CELL_DOUBTFUL;
    return tolka_text_same_but_space(cell->text, cell->raw) ? TOLKA_CELL_READ : TOLKA_CELL_REPAIRED;
}

/* A doubt that a failing check cast. */
static void forget_doubt(struct tolka_cell *cell)
{
    if (cell->status == TOLKA_CELL_DOUBTFUL)
        cell->status = status_as_read(cell);
}

static void forget_check(struct tolka_record *record, const struct tolka_table *table,
                         const struct tolka_check *check)
{
    for (size_t k = 0; k < check->cell_count; k++)
        forget_doubt(tolka_table_cell(table, check->cells[k].row, check->cells[k].column));
    for (size_t k = 0; k < check->addend_count; k++)
        forget_doubt(tolka_table_cell(&record->tables[check->addends[k].table], check->addends[k].row,
                                      check->addends[k].column));
}

/* Takes back what checks and peers gave. A confirmed cell is as a well-read one until its checks have spoken;
 * `confirmed` marks it. */
static void forget_statuses(struct tolka_record *record, bool *confirmed)
{
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        for (int row = table->header_rows; row < table->row_count; row++) {
            for (int column = 0; column < table->column_count; column++) {
                if (tolka_table_cell(table, row, column)->status == TOLKA_CELL_DOUBTFUL &&
                    tolka_doubt_is_outlier(record, table, row, column))
                    forget_doubt(tolka_table_cell(table, row, column));
            }
        }
        for (size_t c = 0; c < table->check_count; c++) {
            if (table->checks[c].verdict != TOLKA_CHECK_HOLDS)
                forget_check(record, table, &table->checks[c]);
        }
    }
    for (size_t t = 0; t < record->table_count; t++) {
        struct tolka_table *table = &record->tables[t];

        for (int i = 0; i < table->row_count * table->column_count; i++, confirmed++) {
            *confirmed = table->cells[i].status == TOLKA_CELL_CONFIRMED;
            if (*confirmed)
                table->cells[i].status = TOLKA_CELL_READ;
        }
    }
}

/* What no check confirms any more is what it was read as. */
static void restore_statuses(struct tolka_record *record, const bool *confirmed)
{
    for (size_t t = 0; t < record->table_count; t++) {
        struct tolka_table *table = &record->tables[t];

        for (int i = 0; i < table->row_count * table->column_count; i++) {
            if (*confirmed++ && table->cells[i].status == TOLKA_CELL_READ)
                table->cells[i].status = status_as_read(&table->cells[i]);
        }
    }
}

static size_t count_cells(const struct tolka_record *record)
{
    size_t count = 0;

    for (size_t t = 0; t < record->table_count; t++)
        count += (size_t)record->tables[t].row_count * (size_t)record->tables[t].column_count;
    return count;
}

/* For each cell the candidates of which it is the total, as linked lists. */
struct totals {
    size_t *start; /* of each table's cells */
    int *first, *next;
};

static bool map_totals(struct tolka_checker *checker, struct totals *totals)
{
    const struct tolka_record *record = checker->record;
    size_t cells = 0;

    totals->start = tolka_arena_array(&checker->scratch, record->table_count + 1, sizeof *totals->start);
    for (size_t t = 0; totals->start && t < record->table_count; t++) {
        totals->start[t] = cells;
        cells += (size_t)record->tables[t].row_count * (size_t)record->tables[t].column_count;
    }
    totals->first = tolka_arena_array(&checker->scratch, cells + 1, sizeof *totals->first);
    totals->next = tolka_arena_array(&checker->scratch, checker->count + 1, sizeof *totals->next);
    if (!totals->start || !totals->first || !totals->next)
        return false;
    for (size_t i = 0; i < cells; i++)
        totals->first[i] = LIST_END;
    for (size_t i = 0; i < checker->count; i++) {
        const struct tolka_check_ref at = checker->items[i].total;
        const size_t cell = totals->start[at.table] +
                            (size_t)at.row * (size_t)record->tables[at.table].column_count +
                            (size_t)at.column;

        totals->next[i] = totals->first[cell];
        totals->first[cell] = (int)i;
    }
    return true;
}

static bool says_the_same(const struct tolka_check_candidate *candidate, const struct tolka_check *check)
{
    if (candidate->term_count != check->addend_count)
        return false;
    for (size_t i = 0; i < check->addend_count; i++) {
        const struct tolka_check_term *term = &candidate->terms[i];
        const struct tolka_check_addend *addend = &check->addends[i];

        if (term->ref.table != addend->table || term->ref.row != addend->row ||
            term->ref.column != addend->column || term->sign != addend->sign)
            return false;
    }
    return true;
}

static void know(struct tolka_check_candidate *item, const struct tolka_check *check)
{
    item->certain = item->known = true;
    item->unchanged = check->verdict == TOLKA_CHECK_HOLDS &&
                      tolka_decimal_compare(item->expected, check->expected) == 0 &&
                      tolka_decimal_compare(item->found, check->found) == 0;
}

static void add_known(struct tolka_checker *checker, struct tolka_check_ref total,
                      const struct tolka_check *check)
{
    struct tolka_check_term *terms =
        tolka_arena_array(&checker->scratch, check->addend_count + 1, sizeof *terms);
    struct tolka_check_candidate *item;

    checker->failed = checker->failed || !terms;
    if (!terms || !check->addend_count)
        return;
    for (size_t i = 0; i < check->addend_count; i++) {
        const struct tolka_check_addend *at = &check->addends[i];
        terms[i] = (struct tolka_check_term){{at->table, at->row, at->column}, at->sign};
    }
    item = tolka_check_add(checker, check->rule, total, terms, check->addend_count, true);
    if (!item)
        return;
    item->whole = check->whole;
    item->slack = check->slack;
    tolka_check_evaluate(checker, item);
    know(item, check);
}

/* Makes a check that the record has one of ours, if it is not found anew. */
static void keep_known(struct tolka_checker *checker, const struct totals *totals, int table,
                       const struct tolka_check *check)
{
    const int columns = checker->record->tables[table].column_count;
    struct tolka_check_ref total;
    bool found = false;

    if (!check->cell_count)
        return;
    total = (struct tolka_check_ref){table, check->cells[0].row, check->cells[0].column};
    for (int i =
             totals->first[totals->start[table] + (size_t)total.row * (size_t)columns + (size_t)total.column];
         i != LIST_END; i = totals->next[i]) {
        struct tolka_check_candidate *item = &checker->items[i];

        if (!says_the_same(item, check))
            continue;
        know(item, check);
        found = true;
    }
    if (!found)
        add_known(checker, total, check);
}

static void keep_all_known(struct tolka_checker *checker)
{
    struct totals totals;

    if (!map_totals(checker, &totals)) {
        checker->failed = true;
        return;
    }
    for (size_t t = 0; t < checker->record->table_count; t++) {
        struct tolka_table *table = &checker->record->tables[t];

        for (size_t i = 0; i < table->check_count; i++)
            keep_known(checker, &totals, (int)t, &table->checks[i]);
        table->checks = NULL; /* they lie in the arena; the judge lists them anew */
        table->check_count = table->check_capacity = 0;
    }
}

enum tolka_status tolka_checks_renew(const struct tolka_rules *rules, struct tolka_record *record,
                                     struct tolka_error *err)
{
    struct tolka_checker checker = {.rules = rules, .record = record, .settled = true};
    bool *confirmed = tolka_arena_array(&checker.scratch, count_cells(record) + 1, sizeof *confirmed);

    if (confirmed) {
        forget_statuses(record, confirmed);
        tolka_check_gather(&checker);
        keep_all_known(&checker);
        tolka_check_repair(&checker);
        tolka_check_judge(&checker);
        restore_statuses(record, confirmed);
    }
    tolka_arena_release(&checker.scratch);
    if (!confirmed || checker.failed)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    tolka_doubt_outliers(record);
    return TOLKA_OK;
}
