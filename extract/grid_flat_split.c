/*
 * The figures at the end of a line as amounts. Between two figures an amount may end or a group of three
 * digits go on; some of these places are forced (a sign, a decimal, a group that begins with a nought), the
 * others are tried all. A reading costs what makes it unlikely: amounts of unlike length, groups torn apart,
 * figures left to the label.
 */
#include "base/order.h"
#include "extract/grid_flat.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_FREE = 10,
    MAX_PIECES = FLAT_MAX_TOKENS,
    MAX_ABSORBED = 3,
    LONG_DIGITS = 9,
    MAX_VALUE_DIGITS = 15,
    SMALL_NUMBER = 99
};

static const float TEAR = 1.0F; /* a group that may go on is taken for a new amount */
static const float KEEP = 0.2F; /* and the other way round */
static const float UNLIKE_DIGIT =
    0.3F; /* for each digit that an amount is longer or shorter than the middle one */
static const float LONG_DIGIT = 3.0F; /* for each digit beyond a thousand million */
static const float RAW_GROUP = 0.5F;  /* four digits before a group: a space was lost */
static const float YEAR_GROUP = 1.5F; /* and they may be a year */
static const float ABSORB_SMALL = 1.2F,
                   ABSORB = 2.5F;  /* a figure is the label's: a number of a note, another */
static const float MISSING = 3.0F; /* a column stays empty */
static const float PLACE = 0.5F;   /* and it is not one of the last */

enum join { JOIN, SPLIT, FREE };

struct pieces {
    int absorbed, count;
    int first[MAX_PIECES], end[MAX_PIECES], digits[MAX_PIECES];
    float cost;
};

typedef void (*visitor)(const struct flat_line *line, const struct pieces *pieces, void *context);

static enum join join_of(const struct flat_token *before, const struct flat_token *token)
{
    const bool figure = token->kind == FLAT_NUMBER || token->kind == FLAT_CLOSED;

    if (token->kind == FLAT_MARK || (token->kind == FLAT_REST && before->kind == FLAT_PERIOD))
        return JOIN;
    if (!figure || token->sign)
        return SPLIT;
    if (before->kind == FLAT_DASH)
        return FREE;
    if (before->kind != FLAT_NUMBER || (token->lead != 3 && token->lead != 6) ||
        (before->lead == 1 && before->hundredths == 0))
        return SPLIT;
    return token->zero ? JOIN : FREE;
}

static float cost_of_group(const struct flat_line *line, int first)
{
    const struct flat_token *token = &line->tail[first];
    const int64_t whole = token->hundredths / 100;

    if (token->lead < 4 && token[1].lead == 6)
        return RAW_GROUP;
    if (token->lead < 4)
        return KEEP;
    return token->lead == 4 && whole >= 1950 && whole < 2060 ? YEAR_GROUP : RAW_GROUP;
}

static float cost_of_digits(const struct pieces *pieces)
{
    int sorted[MAX_PIECES] = {0}, n = 0;
    float cost = 0;

    for (int i = 0; i < pieces->count; i++) {
        if (pieces->digits[i] > 1)
            sorted[n++] = pieces->digits[i];
        if (pieces->digits[i] > LONG_DIGITS)
            cost += LONG_DIGIT * (float)(pieces->digits[i] - LONG_DIGITS);
    }
    qsort(sorted, (size_t)n, sizeof *sorted, tolka_order_ints);
    for (int i = 0; i < n; i++)
        cost += UNLIKE_DIGIT * (float)abs(sorted[i] - sorted[n / 2]);
    return cost;
}

/* One choice at the free places: a bit is set where a new amount begins. */
static void make_pieces(const struct flat_line *line, const int *free_at, int free_count, unsigned chosen,
                        struct pieces *pieces)
{
    int next_free = 0;

    pieces->count = 0;
    for (int i = pieces->absorbed; i < line->tail_count; i++) {
        const struct flat_token *token = &line->tail[i];
        const bool is_free = next_free < free_count && free_at[next_free] == i;
        const bool tears = is_free && (chosen >> next_free & 1);
        const bool begins =
            i == pieces->absorbed || tears || (!is_free && join_of(token - 1, token) == SPLIT);
        next_free += is_free;
        if (tears)
            pieces->cost += TEAR;
        else if (is_free)
            pieces->cost += cost_of_group(line, pieces->first[pieces->count - 1]);
        if (begins) {
            pieces->first[pieces->count] = i;
            pieces->digits[pieces->count++] = 0;
        }
        pieces->end[pieces->count - 1] = i + 1;
        if (token->kind == FLAT_NUMBER || token->kind == FLAT_CLOSED)
            pieces->digits[pieces->count - 1] += token->lead;
    }
    pieces->cost += cost_of_digits(pieces);
}

static void visit_absorbed(const struct flat_line *line, int absorbed, float cost, visitor visit,
                           void *context)
{
    int free_at[MAX_FREE], free_count = 0;

    for (int i = absorbed + 1; i < line->tail_count && free_count < MAX_FREE; i++) {
        if (join_of(&line->tail[i - 1], &line->tail[i]) == FREE)
            free_at[free_count++] = i;
    }
    for (unsigned chosen = 0; chosen < 1U << free_count; chosen++) {
        struct pieces pieces = {.absorbed = absorbed, .cost = cost};
        make_pieces(line, free_at, free_count, chosen, &pieces);
        visit(line, &pieces, context);
    }
}

/* All readings of the line's figures; the first of them may belong to the label. */
static void visit_pieces(const struct flat_line *line, visitor visit, void *context)
{
    float cost = 0;

    for (int absorbed = 0; absorbed < line->tail_count && absorbed <= MAX_ABSORBED; absorbed++) {
        visit_absorbed(line, absorbed, cost, visit, context);
        const struct flat_token *token = &line->tail[absorbed];
        cost += token->kind == FLAT_NUMBER && !token->sign && token->hundredths <= 100 * SMALL_NUMBER
                    ? ABSORB_SMALL
                    : ABSORB;
    }
}

static void weigh_pieces(const struct flat_line *line, const struct pieces *pieces, void *context)
{
    struct flat_line *out = context;

    (void)line;
    if (pieces->absorbed == 0) {
        out->least = !out->least || pieces->count < out->least ? pieces->count : out->least;
        out->most = pieces->count > out->most ? pieces->count : out->most;
    }
    if (pieces->count <= FLAT_MAX_COLUMNS && pieces->cost < out->cost_of[pieces->count])
        out->cost_of[pieces->count] = pieces->cost;
}

void flat_splits_weigh(struct flat_line *line)
{
    for (int n = 0; n <= FLAT_MAX_COLUMNS; n++)
        line->cost_of[n] = FLAT_NEVER;
    line->least = line->most = 0;
    visit_pieces(line, weigh_pieces, line);
}

struct collector {
    struct flat_split *splits;
    int count, columns;
};

static void put_piece(const struct flat_line *line, const struct pieces *pieces, int piece, int column,
                      struct flat_split *split)
{
    int64_t value = 0;
    bool sign = false, known = pieces->digits[piece] <= MAX_VALUE_DIGITS;

    for (int i = pieces->first[piece]; i < pieces->end[piece]; i++) {
        const struct flat_token *token = &line->tail[i];
        sign = sign || (token->kind == FLAT_DASH ? pieces->end[piece] > i + 1
                                                 : token->sign && i == pieces->first[piece]);
        known = known && token->kind != FLAT_PERIOD && token->kind != FLAT_REST;
        if (known && (token->kind == FLAT_NUMBER || token->kind == FLAT_CLOSED))
            value = value * (token->lead == 6 ? 1000000 : 1000) + token->hundredths;
    }
    split->first[column] = (short)pieces->first[piece];
    split->end[column] = (short)pieces->end[piece];
    split->known[column] = known;
    split->hundredths[column] = sign ? -value : value;
}

/* So many are kept already that one of this cost would not be. */
static bool is_hopeless(const struct collector *all, float cost)
{
    return all->count == FLAT_MAX_SPLITS && all->splits[FLAT_MAX_SPLITS - 1].cost <= cost;
}

/* Keeps the cheapest, in order. */
static void keep_split(struct collector *all, const struct flat_split *split)
{
    int at = all->count < FLAT_MAX_SPLITS ? all->count++ : FLAT_MAX_SPLITS;

    if (is_hopeless(all, split->cost))
        return;
    at -= at == FLAT_MAX_SPLITS;
    for (; at > 0 && all->splits[at - 1].cost > split->cost; at--)
        all->splits[at] = all->splits[at - 1];
    all->splits[at] = *split;
}

static int count_bits(unsigned bits)
{
    int n = 0;

    for (; bits; bits >>= 1)
        n += bits & 1;
    return n;
}

/* The pieces in the table's columns, in each way in which some may be empty. */
static void collect_pieces(const struct flat_line *line, const struct pieces *pieces, void *context)
{
    struct collector *all = context;
    const float least = pieces->cost + MISSING * (float)(all->columns - pieces->count);

    if (pieces->count > all->columns || is_hopeless(all, least))
        return;
    for (unsigned filled = 0; filled < 1U << all->columns; filled++) {
        struct flat_split split = {.absorbed = pieces->absorbed};
        int piece = 0;
        if (count_bits(filled) != pieces->count)
            continue;
        for (int c = 0; c < all->columns; c++) {
            split.first[c] = split.end[c] = -1;
            if (filled >> c & 1)
                put_piece(line, pieces, piece++, c, &split);
        }
        split.cost = least;
        split.cost += filled == (1U << pieces->count) - 1 ? 0 : PLACE;
        keep_split(all, &split);
    }
}

bool flat_splits_list(struct grid_search *search, struct flat_line *line, int columns)
{
    struct collector all = {.columns = columns};

    all.splits = tolka_arena_array(&search->scratch, FLAT_MAX_SPLITS, sizeof *all.splits);
    if (!all.splits)
        return false;
    visit_pieces(line, collect_pieces, &all);
    line->splits = all.splits;
    line->split_count = all.count;
    line->chosen = 0;
    return true;
}
