/*
 * Sums by the table's own structure, read from top to bottom with a stack, as one parses an expression: each
 * row of figures is pushed; a row that is the sum of the topmost k takes their place. So subtotals add up to
 * totals and totals to a grand total, whatever the rows are called. A row that says that it is a sum ("Summa
 * ...", or a line of figures without a label) is believed when one column proves the shape; any other row
 * needs more figures to rule out chance.
 */
#include "schema/check_int.h"

#include <string.h>

enum {
    MAX_LOOK_BACK = TOLKA_SHAPE_TERMS,
    MAX_SIGNED_TERMS = 4, /* sign patterns tried: differences of two to four results */
    SUM_DIGITS = 3,       /* figures of the holding totals that prove a row that says it is a sum */
    PLAIN_DIGITS = 7,     /* the same for a row that does not say so */
    EQUAL_DIGITS = 8,     /* the same for a row that only repeats the one above */
    PLAIN_CERTAIN_HOLDS =
        2, /* columns that must hold before another column of such a row may raise an alarm */
};

struct entry {
    int row;
    bool opens_group; /* the first row below a heading, or of the table */
    bool explained;   /* it took the place of others */
};

struct structure {
    struct tolka_checker *checker;
    int table;
    struct entry *stack;
    int depth;
    bool at_group; /* the next row pushed opens a group */
};

static const struct tolka_table *table_of(const struct structure *s)
{
    return &s->checker->record->tables[s->table];
}

/* True when the row has a figure, or what should be one, in a column of amounts. */
static bool has_figures(const struct tolka_table *table, int row)
{
    for (int c = 1; c < table->column_count; c++) {
        const struct tolka_cell *cell = tolka_table_cell(table, row, c);

        if ((cell->has_value || cell->status == TOLKA_CELL_DOUBTFUL) &&
            tolka_check_is_amount_column(table, c))
            return true;
    }
    return false;
}

static bool is_plain_year(const char *text)
{
    return strlen(text) == 4 && strspn(text, "0123456789") == 4 && (text[0] == '1' || text[0] == '2') &&
           (text[1] == '9' || text[1] == '0');
}

/* A heading that stands again inside the table: nothing but years. */
static bool is_repeated_heading(const struct tolka_table *table, int row)
{
    int years = 0;

    for (int c = 1; c < table->column_count; c++) {
        const char *text = tolka_table_cell(table, row, c)->text;

        if (*text && !is_plain_year(text))
            return false;
        years += *text != '\0';
    }
    return years > 0 && !*tolka_table_cell(table, row, 0)->text;
}

static bool says_it_is_a_sum(const struct structure *s, int row)
{
    const struct tolka_table *table = table_of(s);

    return table->rows[row].is_total || !*tolka_table_cell(table, row, 0)->text;
}

static void make_shape(const struct structure *s, int row, int k, unsigned minus, struct tolka_shape *shape)
{
    *shape = (struct tolka_shape){.rule = k == 1  ? "equal"
                                          : minus ? "difference"
                                                  : "sum",
                                  .total_row = row,
                                  .count = k};
    for (int i = 0; i < k; i++) {
        shape->rows[i] = s->stack[s->depth - k + i].row;
        shape->signs[i] = i < 32 && (minus >> i & 1) ? -1 : 1;
    }
}

static int digits_needed(bool sum, int k)
{
    if (k == 1)
        return sum ? SUM_DIGITS : EQUAL_DIGITS;
    return sum ? SUM_DIGITS : PLAIN_DIGITS;
}

/* How good a holding shape is: all plus before differences, a whole group before a part of one, then the
 * shorter. */
static int rank(const struct structure *s, const struct tolka_shape *shape, unsigned minus)
{
    const bool group = s->stack[s->depth - shape->count].opens_group;

    return (minus ? 0 : 2000) + (group ? 1000 : 0) + MAX_LOOK_BACK - shape->count;
}

/* True when the shape is proved by the columns that hold though others fail. */
static bool is_proved(const struct structure *s, const struct tolka_shape *shape, bool sum)
{
    const bool group = s->stack[s->depth - shape->count].opens_group;

    if (shape->holds == 0 || shape->digits < digits_needed(sum, shape->count) ||
        (shape->count < 2 && !(sum && group && shape->digits >= PLAIN_DIGITS)))
        return false;
    if (sum && group)
        return true;
    return shape->holds >= PLAIN_CERTAIN_HOLDS && shape->holds > shape->fails;
}

struct choice {
    struct tolka_shape shape;
    int rank;
    bool found;
};

/* What the shapes that end at the top of the stack explain: all columns, some, or all with other readings of
 * doubtful cells. */
struct choices {
    struct choice whole, partly, hinted;
};

static void consider_hint(struct structure *s, struct tolka_shape shape, int value, bool sum,
                          struct choice *hinted)
{
    if ((hinted->found && hinted->rank >= value) || !tolka_shape_would_hold(s->checker, s->table, &shape) ||
        shape.digits < digits_needed(sum, shape.count))
        return;
    *hinted = (struct choice){shape, value, true};
}

static void consider(struct structure *s, int row, int k, unsigned minus, bool sum, struct choices *choices)
{
    struct choice *whole = &choices->whole, *partly = &choices->partly;
    struct tolka_shape shape;
    int value;

    make_shape(s, row, k, minus, &shape);
    tolka_shape_measure(s->checker, s->table, &shape);
    value = rank(s, &shape, minus);
    if (shape.fails > 0 && k > 1)
        consider_hint(s, shape, value, sum, &choices->hinted);
    if (shape.holds == 0)
        return;
    if (shape.fails == 0 && shape.digits >= digits_needed(sum, k)) {
        if (!whole->found || value > whole->rank)
            *whole = (struct choice){shape, value, true};
    } else if (shape.fails > 0 && !minus && is_proved(s, &shape, sum)) {
        value += 10000 * shape.holds;
        if (!partly->found || value > partly->rank)
            *partly = (struct choice){shape, value, true};
    }
}

/* Tries all shapes that end at the top of the stack. */
static void search(struct structure *s, int row, bool sum, struct choices *choices)
{
    const int limit = s->depth < MAX_LOOK_BACK ? s->depth : MAX_LOOK_BACK;

    for (int k = 1; k <= limit; k++) {
        consider(s, row, k, 0, sum, choices);
        if (k < 2)
            continue;
        if (k <= MAX_SIGNED_TERMS) {
            for (unsigned minus = 1; minus < 1U << k; minus++)
                consider(s, row, k, minus, false, choices);
        } else if (k < 32) {
            consider(s, row, k, (1U << k) - 2, false, choices); /* the first less all others */
        }
    }
}

static void replace_top(struct structure *s, int k, int row)
{
    const bool opens = k > 0 ? s->stack[s->depth - k].opens_group : s->at_group;

    s->depth -= k;
    s->stack[s->depth++] = (struct entry){row, opens, k > 0};
    s->at_group = false;
}

/* How many entries stand above (and with) the last one that opens a group. */
static int group_size(const struct structure *s)
{
    for (int k = 1; k <= s->depth && k <= MAX_LOOK_BACK; k++) {
        if (s->stack[s->depth - k].opens_group)
            return k;
    }
    return s->depth < MAX_LOOK_BACK ? s->depth : MAX_LOOK_BACK;
}

/* The plain rows of figures from row `first` on, above `row`: all of them, whatever they took the place of.
 */
static void make_plain_shape(const struct structure *s, int first, int row, struct tolka_shape *shape)
{
    const struct tolka_table *table = table_of(s);

    *shape = (struct tolka_shape){.rule = "sum", .total_row = row};
    for (int r = first; r < row; r++) {
        if (says_it_is_a_sum(s, r) || !has_figures(table, r))
            continue;
        if (shape->count == TOLKA_SHAPE_TERMS) {
            shape->count = 0;
            return;
        }
        shape->rows[shape->count] = r;
        shape->signs[shape->count++] = 1;
    }
}

/*
 * Rows that happen to be sums of others above them (two of three equal shares are equal) took their places on
 * the stack. A sum of all plain rows, of the table or since the last sum or heading, proves that chance.
 */
static bool find_plain_sum(struct structure *s, int row, struct tolka_shape *shape)
{
    const struct tolka_table *table = table_of(s);
    int firsts[2] = {row, table->header_rows};

    while (firsts[0] > table->header_rows && !says_it_is_a_sum(s, firsts[0] - 1) &&
           has_figures(table, firsts[0] - 1))
        firsts[0]--;
    for (int i = 0; i < 2; i++) {
        make_plain_shape(s, firsts[i], row, shape);
        if (shape->count < 2)
            continue;
        tolka_shape_measure(s->checker, s->table, shape);
        if (shape->holds > 0 && shape->fails == 0 && shape->digits >= PLAIN_DIGITS)
            return true;
    }
    return false;
}

/* Takes a sum of plain rows: what the stack has of them goes. */
static void take_plain_sum(struct structure *s, int row, const struct tolka_shape *shape)
{
    int k = 0;

    while (k < s->depth && s->stack[s->depth - 1 - k].row >= shape->rows[0])
        k++;
    tolka_shape_emit(s->checker, s->table, shape, true);
    replace_top(s, k, row);
}

/* A sum row that no shape explains: its group, as a hint for repairs; and the group takes its place on the
 * stack. */
static void take_unexplained_sum(struct structure *s, int row)
{
    int k = group_size(s);
    struct tolka_shape shape;

    if (k > 1) { /* one row is no evidence: a figure may always be much like the one above it */
        make_shape(s, row, k, 0, &shape);
        tolka_shape_emit(s->checker, s->table, &shape, false);
    }
    replace_top(s, k, row);
}

/*
 * What is left of a whole when all else is taken off it is no result: in a balance sheet the last debt is
 * always the assets less the rest. Such a row goes on with the group that it stands in.
 */
static bool is_remainder(const struct structure *s, const struct tolka_shape *shape, bool sum)
{
    return !sum && shape->signs[0] > 0 && shape->signs[shape->count - 1] < 0 &&
           !s->stack[s->depth - 1].explained && !s->at_group && shape->count > group_size(s);
}

static void take_whole(struct structure *s, int row, const struct tolka_shape *shape, bool sum)
{
    const bool remainder = is_remainder(s, shape, sum);

    tolka_shape_emit(s->checker, s->table, shape, true);
    replace_top(s, remainder ? 0 : shape->count, row);
}

static void add_row(struct structure *s, int row)
{
    struct choices choices = {0};
    struct tolka_shape plain;
    const bool sum = says_it_is_a_sum(s, row);

    search(s, row, sum, &choices);
    if (sum && (!choices.whole.found || choices.whole.shape.count < 2) && find_plain_sum(s, row, &plain)) {
        take_plain_sum(s, row, &plain);
    } else if (choices.whole.found) {
        take_whole(s, row, &choices.whole.shape, sum);
    } else if (choices.partly.found) {
        tolka_shape_emit(s->checker, s->table, &choices.partly.shape, true);
        replace_top(s, choices.partly.shape.count, row);
    } else if (choices.hinted.found) {
        tolka_shape_emit(s->checker, s->table, &choices.hinted.shape, false);
        replace_top(s, choices.hinted.shape.count, row);
    } else if (sum) {
        take_unexplained_sum(s, row);
    } else {
        replace_top(s, 0, row);
    }
}

void tolka_check_structure(struct tolka_checker *checker, int table)
{
    const struct tolka_table *t = &checker->record->tables[table];
    struct structure s = {.checker = checker, .table = table, .at_group = true};

    s.stack = tolka_arena_array(&checker->scratch, (size_t)t->row_count + 1, sizeof *s.stack);
    if (!s.stack) {
        checker->failed = true;
        return;
    }
    for (int r = t->header_rows; r < t->row_count; r++) {
        if (!has_figures(t, r) || is_repeated_heading(t, r))
            s.at_group = true;
        else
            add_row(&s, r);
    }
}
