/*
 * Which reading of a line's figures is right, where several are possible: the one whose amounts add up with
 * the lines around it. A line may be the sum of the lines above it, a term of a sum below it, or the sum or
 * difference of two lines near it; and along the line a column may be the difference of two others. Lines are
 * settled one after the other until none changes.
 */
#include "base/order.h"
#include "extract/grid_flat.h"

#include <stdlib.h>

enum { MAX_ROUNDS = 4, FARTHEST = 40, NEAR = 8, LEAST_TERMS = 2 };

/* Below these hundredths chance adds up too often. */
enum { LEAST_SUM = 100 * 100, LEAST_PAIR = 1000 * 100, LEAST_ACROSS = 10 * 100 };

static const float PROOF = 1.6F;    /* what a sum in one column is worth, in the costs of a reading */
static const float ACROSS = 0.8F;   /* a difference along the line */
static const float UNREAD = -20.0F; /* no reading at all */
static const float DOUBT = 1.0F;    /* another reading as cheap as this, and no proof: nobody knows */

static const float UNLIKE = 0.15F; /* for each digit that an amount differs from its column's middle */
static const float MISFIT = 2.0F;  /* an amount among dates, or a date among amounts */

/* What stands in a column: dates, or amounts of so many digits. */
struct column_shape {
    int digits;
    bool dates;
};

struct column_values {
    int64_t value[FLAT_MAX_LINES];
    bool known[FLAT_MAX_LINES];
    int count;
};

static void gather_column(const struct flat_line *lines, int count, int column, struct column_values *out)
{
    out->count = count < FLAT_MAX_LINES ? count : FLAT_MAX_LINES;
    for (int i = 0; i < out->count; i++) {
        const struct flat_split *split = lines[i].split_count ? &lines[i].splits[lines[i].chosen] : NULL;
        out->known[i] = split && split->first[column] >= 0 && split->known[column];
        out->value[i] = out->known[i] ? split->hundredths[column] : 0;
    }
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* Rounded amounts are off by a unit or two. */
static bool is_same(int64_t a, int64_t b, int terms)
{
    const int64_t off = magnitude(a - b);

    return off == 0 || (magnitude(a) >= LEAST_PAIR && off <= (terms > 3 ? 200 : 100) && off % 100 == 0);
}

/* The value of `total` is the sum of some lines right above it, `within` among them (or -1). */
static bool is_sum_above(const struct column_values *column, int total, int within)
{
    int64_t sum = 0;
    int terms = 0;

    if (!column->known[total] || magnitude(column->value[total]) < LEAST_SUM)
        return false;
    for (int i = total - 1; i >= 0 && i >= total - FARTHEST; i--) {
        sum += column->value[i];
        terms += column->known[i] && column->value[i] != 0;
        if (column->known[i] && terms >= LEAST_TERMS && (within < 0 || i <= within) &&
            is_same(sum, column->value[total], terms))
            return true;
    }
    return false;
}

/* Three lines near each other: one is the sum or the difference of the others. */
static bool is_pair(const struct column_values *column, int line)
{
    const int64_t v = column->value[line];
    const int low = line > NEAR ? line - NEAR : 0,
              high = line + NEAR < column->count - 1 ? line + NEAR : column->count - 1;

    if (!column->known[line] || magnitude(v) < LEAST_PAIR)
        return false;
    for (int a = low; a <= high; a++) {
        if (a == line || magnitude(column->value[a]) < LEAST_PAIR)
            continue;
        for (int b = a + 1; b <= high; b++) {
            const int64_t p = column->value[a], q = column->value[b];
            if (b == line || magnitude(q) < LEAST_PAIR)
                continue;
            if (v == p + q || v == p - q || v == q - p)
                return true;
        }
    }
    return false;
}

static bool adds_up(const struct column_values *column, int line)
{
    if (is_sum_above(column, line, -1) || is_pair(column, line))
        return true;
    for (int total = line + 1; total < column->count && total <= line + FARTHEST; total++) {
        if (is_sum_above(column, total, line))
            return true;
    }
    return false;
}

/* Along the line one amount is the difference or the sum of two others. */
static bool adds_across(const struct flat_split *split, int columns)
{
    for (int a = 0; a < columns; a++) {
        for (int b = 0; b < columns; b++) {
            for (int c = 0; c < columns; c++) {
                if (a == b || b == c || a == c || split->first[a] < 0 || split->first[b] < 0 ||
                    split->first[c] < 0)
                    continue;
                if (magnitude(split->hundredths[b]) >= LEAST_ACROSS &&
                    magnitude(split->hundredths[c]) >= LEAST_ACROSS &&
                    split->hundredths[a] == split->hundredths[b] - split->hundredths[c])
                    return true;
            }
        }
    }
    return false;
}

static int count_digits(int64_t hundredths)
{
    int digits = 0;

    for (int64_t v = magnitude(hundredths) / 100; v > 0; v /= 10)
        digits++;
    return digits;
}

static struct column_shape shape_of(const struct flat_line *lines, int count, int column)
{
    int digits[FLAT_MAX_LINES] = {0}, n = 0, dates = 0;

    for (int i = 0; i < count && i < FLAT_MAX_LINES; i++) {
        const struct flat_split *split = lines[i].split_count ? &lines[i].splits[lines[i].chosen] : NULL;
        if (!split || split->first[column] < 0)
            continue;
        dates += !split->known[column];
        if (split->known[column] && split->hundredths[column] != 0)
            digits[n++] = count_digits(split->hundredths[column]);
    }
    qsort(digits, (size_t)n, sizeof *digits, tolka_order_ints);
    return (struct column_shape){n ? digits[n / 2] : 0, dates > n};
}

static float cost_of_shapes(const struct flat_split *split, const struct column_shape *shapes, int columns)
{
    float cost = 0;

    for (int c = 0; c < columns; c++) {
        if (split->first[c] < 0)
            continue;
        if (shapes[c].dates == split->known[c])
            cost += MISFIT;
        else if (split->known[c] && split->hundredths[c] != 0)
            cost += UNLIKE * (float)abs(count_digits(split->hundredths[c]) - shapes[c].digits);
    }
    return cost;
}

/* Columns in which the line's chosen reading adds up. */
static int count_proofs(const struct flat_line *lines, int count, int line, int columns)
{
    struct column_values column;
    int proofs = 0;

    for (int c = 0; c < columns; c++) {
        gather_column(lines, count, c, &column);
        proofs += line < column.count && adds_up(&column, line);
    }
    return proofs;
}

static bool settle(struct flat_line *lines, int count, int line, int columns,
                   const struct column_shape *shapes)
{
    struct flat_line *mine = &lines[line];
    const int before = mine->chosen;
    int best = before;
    float best_score = -FLAT_NEVER;

    for (int s = 0; s < mine->split_count; s++) {
        int proofs;
        float score;
        mine->chosen = s;
        proofs = count_proofs(lines, count, line, columns);
        score = PROOF * (float)proofs + (adds_across(&mine->splits[s], columns) ? ACROSS : 0) -
                mine->splits[s].cost - cost_of_shapes(&mine->splits[s], shapes, columns);
        if (score <= best_score)
            continue;
        best = s;
        best_score = score;
        mine->proved = proofs > 0;
    }
    mine->chosen = best;
    mine->score = best_score;
    return best != before;
}

/* Several readings about as likely, and nothing says which. */
static bool is_doubted(const struct flat_line *line)
{
    const float cost = line->splits[line->chosen].cost;

    for (int s = 0; s < line->split_count && !line->proved; s++) {
        if (s != line->chosen && line->splits[s].cost < cost + DOUBT)
            return true;
    }
    return false;
}

float flat_splits_choose(struct flat_line *lines, int count, int columns)
{
    struct column_shape shapes[FLAT_MAX_COLUMNS];
    bool changed = true;
    float score = 0;

    for (int round = 0; changed && round < MAX_ROUNDS; round++) {
        changed = false;
        for (int c = 0; c < columns; c++)
            shapes[c] = shape_of(lines, count, c);
        for (int i = 0; i < count; i++) {
            if (lines[i].split_count > 0)
                changed = settle(lines, count, i, columns, shapes) || changed;
        }
    }
    for (int i = 0; i < count; i++) {
        lines[i].doubted = lines[i].split_count > 1 && is_doubted(&lines[i]);
        score += lines[i].role != FLAT_FIGURES ? 0 : lines[i].split_count ? lines[i].score : UNREAD;
    }
    return score;
}
