/* The form of a table in numbers: what its cells are made of, whatever they say. */
#include "base/utf8.h"
#include "schema/rules_internal.h"

#include <string.h>

/* A share of fewer cells than this says nothing. */
enum { MIN_CELLS = 1 };

/* Words in a cell from which it is prose, not a term. */
enum { PROSE_WORDS = 4 };

/* A number from which it is an amount and no count, share or year; in the cell's own unit. */
enum { AMOUNT_FROM = 3000 };

struct tally {
    int cells, numbers, prose, percents, amounts;
};

static int word_count(const char *text)
{
    size_t left = strlen(text);
    bool inside = false;
    int count = 0;

    while (left > 0) {
        uint32_t code;
        size_t step = tolka_utf8_decode(text, left, &code);
        bool letter = tolka_utf8_is_letter(code);

        count += letter && !inside;
        inside = letter;
        text += step;
        left -= step;
    }
    return count;
}

static int64_t whole_part(struct tolka_decimal value)
{
    int64_t whole = value.mantissa < 0 ? -value.mantissa : value.mantissa;

    for (int i = 0; i < value.scale; i++)
        whole /= 10;
    return whole;
}

static void tally_cell(const struct tolka_table *table, int row, int column, struct tally *tally)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    bool is_percent = cell->unit == TOLKA_UNIT_PERCENT || table->columns[column].unit == TOLKA_UNIT_PERCENT;

    if (!cell->text || !cell->text[0])
        return;
    tally->cells++;
    tally->prose += !cell->has_value && word_count(cell->text) >= PROSE_WORDS;
    if (!cell->has_value)
        return;
    tally->numbers++;
    tally->percents += is_percent;
    tally->amounts += !is_percent && whole_part(cell->value) >= AMOUNT_FROM;
}

static int percent(int part, int whole)
{
    return whole < MIN_CELLS ? 0 : 100 * part / whole;
}

static bool is_value_column(const struct tolka_table *table, int column)
{
    struct tally tally = {0};

    for (int row = table->header_rows; row < table->row_count; row++)
        tally_cell(table, row, column, &tally);
    return tally.numbers > 0 && 2 * tally.numbers > tally.cells;
}

static bool is_money(enum tolka_unit unit)
{
    return unit == TOLKA_UNIT_SEK || unit == TOLKA_UNIT_KSEK || unit == TOLKA_UNIT_MSEK;
}

void tolka_table_features(const struct tolka_table *table, int features[TOLKA_FEATURE_COUNT])
{
    struct tally tally = {0};

    memset(features, 0, TOLKA_FEATURE_COUNT * sizeof(*features));
    for (int row = table->header_rows; row < table->row_count; row++)
        for (int column = 1; column < table->column_count; column++)
            tally_cell(table, row, column, &tally);
    features[TOLKA_FEATURE_ROWS] = table->row_count - table->header_rows;
    features[TOLKA_FEATURE_COLUMNS] = table->column_count;
    features[TOLKA_FEATURE_HEADER_ROWS] = table->header_rows;
    features[TOLKA_FEATURE_NUMERIC] = percent(tally.numbers, tally.cells);
    features[TOLKA_FEATURE_PROSE] = percent(tally.prose, tally.cells);
    features[TOLKA_FEATURE_PERCENT] = percent(tally.percents, tally.numbers);
    features[TOLKA_FEATURE_AMOUNTS] = percent(tally.amounts, tally.numbers);
    features[TOLKA_FEATURE_MONEY] = is_money(tolka_table_unit(table));
    for (int column = 1; column < table->column_count; column++) {
        features[TOLKA_FEATURE_YEAR_COLUMNS] += table->columns[column].period.to != NULL;
        features[TOLKA_FEATURE_VALUE_COLUMNS] += is_value_column(table, column);
    }
}

const char *tolka_row_label(const struct tolka_table *table, int row)
{
    const struct tolka_cell *cell = table->column_count > 0 ? tolka_table_cell(table, row, 0) : NULL;

    return cell && cell->text ? cell->text : "";
}

static int share_of_row(const struct tolka_table *table, int row, const struct tolka_shape_rule *shape,
                        struct tolka_matcher *matcher, int *cells)
{
    int hits = 0;
    int first = shape->feature == TOLKA_FEATURE_ENDS ? table->column_count - 1 : 0;
    int last = shape->feature == TOLKA_FEATURE_LABELS ? 0 : table->column_count - 1;

    for (int column = first; column <= last; column++) {
        const char *text = tolka_table_cell(table, row, column)->text;

        if (!text || !text[0])
            continue;
        (*cells)++;
        hits += tolka_tight_matches(shape->pattern, matcher, text);
    }
    return hits;
}

int tolka_table_share(const struct tolka_table *table, const struct tolka_shape_rule *shape,
                      struct tolka_matcher *matcher)
{
    int hits = 0, cells = 0;

    for (int row = table->header_rows; table->column_count > 0 && row < table->row_count; row++)
        hits += share_of_row(table, row, shape, matcher, &cells);
    return percent(hits, cells);
}
