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

static void forget(struct tolka_cell *cell, enum tolka_cell_status given)
{
    if (cell->status == given)
        cell->status = status_as_read(cell);
}

static void forget_statuses(struct tolka_record *record)
{
    for (size_t t = 0; t < record->table_count; t++) {
        struct tolka_table *table = &record->tables[t];

        for (int i = 0; i < table->row_count * table->column_count; i++)
            forget(&table->cells[i], TOLKA_CELL_CONFIRMED);
        for (size_t c = 0; c < table->check_count; c++) {
            const struct tolka_check *check = &table->checks[c];

            if (check->verdict == TOLKA_CHECK_HOLDS)
                continue;
            for (size_t k = 0; k < check->cell_count; k++)
                forget(tolka_table_cell(table, check->cells[k].row, check->cells[k].column),
                       TOLKA_CELL_DOUBTFUL);
            for (size_t k = 0; k < check->addend_count; k++)
                forget(tolka_table_cell(&record->tables[check->addends[k].table], check->addends[k].row,
                                        check->addends[k].column),
                       TOLKA_CELL_DOUBTFUL);
        }
    }
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
    item->known = true;
    tolka_check_evaluate(checker, item);
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
        item->certain = item->known = found = true;
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

    forget_statuses(record);
    tolka_check_gather(&checker);
    keep_all_known(&checker);
    tolka_check_repair(&checker);
    tolka_check_judge(&checker);
    tolka_arena_release(&checker.scratch);
    if (checker.failed)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    tolka_doubt_outliers(record);
    return TOLKA_OK;
}
