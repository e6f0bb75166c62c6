/*
 * Amounts that stand in no sum that holds, and that their own row speaks against. The figures of a row state
 * one thing for several years, or for plan and outcome: where all others are negative a bare one has rather
 * lost its minus, and one that is many times larger or smaller than each of them has rather got or lost a
 * digit. Over scans of all grades every third amount so marked was wrong; of all amounts in office scans one
 * in a thousand is so marked.
 */
#include "schema/doubt.h"

#include "schema/value.h"

#include <string.h>

enum { OUT_OF_LINE = 5 /* times */, LEAST_DECIMALS = 2 };

/* An amount read better than this hardly has a digit too many or too few; a lost minus lowers no confidence.
 */
static const float SURE_OF_DIGITS = 0.93F;

static bool is_recognised(const struct tolka_record *record, int page)
{
    for (size_t i = 0; i < record->page_count; i++) {
        if (record->pages[i].page == page)
            return record->pages[i].origin == TOLKA_ORIGIN_OCR;
    }
    return false;
}

/* Plan and outcome may be compared, a deviation or a share with nothing. */
static bool is_comparable(const struct tolka_table *table, int column)
{
    static const char *const APART[] = {"label", "note", "deviation", "change", "percent"};
    const char *role = table->columns[column].role;

    for (size_t i = 0; role && i < sizeof APART / sizeof *APART; i++) {
        if (strcmp(role, APART[i]) == 0)
            return false;
    }
    return column > 0;
}

static struct tolka_decimal size_of(struct tolka_decimal value)
{
    return value.mantissa < 0 ? tolka_decimal_negate(value) : value;
}

bool tolka_doubt_is_times_larger(struct tolka_decimal a, struct tolka_decimal b)
{
    struct tolka_decimal times = size_of(b);

    times.mantissa *= OUT_OF_LINE;
    return tolka_decimal_compare(size_of(a), times) > 0;
}

/* What the other amounts of a row say of one; `sure`: only those that are not in doubt themselves. */
struct peers {
    int count, negative, positive, smaller, larger;
};

static struct peers ask_peers(const struct tolka_table *table, int row, int column, bool sure)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    struct peers peers = {0};

    for (int c = 1; c < table->column_count; c++) {
        const struct tolka_cell *other = tolka_table_cell(table, row, c);

        if (c == column || !other->has_value || other->unit != cell->unit || !is_comparable(table, c) ||
            (sure && other->status == TOLKA_CELL_DOUBTFUL))
            continue;
        peers.negative += other->value.mantissa < 0;
        peers.positive += other->value.mantissa > 0;
        if (other->value.mantissa == 0)
            continue;
        peers.count++;
        peers.smaller += tolka_doubt_is_times_larger(cell->value, other->value);
        peers.larger += tolka_doubt_is_times_larger(other->value, cell->value);
    }
    return peers;
}

static bool is_out_of_line(const struct tolka_table *table, int row, int column, bool sure)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const struct peers peers = ask_peers(table, row, column, sure);

    if (cell->value.mantissa == 0 || !peers.count)
        return false;
    if (cell->value.mantissa > 0 && peers.negative && !peers.positive)
        return true;
    return cell->confidence < SURE_OF_DIGITS && (peers.smaller == peers.count || peers.larger == peers.count);
}

/* A whole number far larger than any other of its column, which all have decimals: it has rather lost its
 * comma. */
static bool has_lost_comma(const struct tolka_table *table, int row, int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    int others = 0;

    if (cell->value.scale > 0)
        return false;
    for (int r = table->header_rows; r < table->row_count; r++) {
        const struct tolka_cell *other = tolka_table_cell(table, r, column);

        if (r == row || !other->has_value)
            continue;
        if (other->value.scale == 0 || !tolka_doubt_is_times_larger(cell->value, other->value))
            return false;
        others++;
    }
    return others >= LEAST_DECIMALS;
}

bool tolka_doubt_is_outlier(const struct tolka_record *record, const struct tolka_table *table, int row,
                            int column)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);

    return column > 0 && cell->has_value && is_recognised(record, cell->page) &&
           ((is_comparable(table, column) &&
             (is_out_of_line(table, row, column, false) || is_out_of_line(table, row, column, true))) ||
            has_lost_comma(table, row, column));
}

static void doubt_row(const struct tolka_record *record, const struct tolka_table *table, int row)
{
    for (int c = 1; c < table->column_count; c++) {
        struct tolka_cell *cell = tolka_table_cell(table, row, c);

        if (cell->status == TOLKA_CELL_READ && tolka_doubt_is_outlier(record, table, row, c))
            cell->status = TOLKA_CELL_DOUBTFUL;
    }
}

void tolka_doubt_outliers(struct tolka_record *record)
{
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        for (int r = table->header_rows; r < table->row_count; r++)
            doubt_row(record, table, r);
    }
}
