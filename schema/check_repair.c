/*
 * Other readings. Where a check fails and a cell in it was read with doubt, the cell's other readings are
 * tried: those that the recogniser gave, and its own digits with one slip (check_slip.c). A reading is taken
 * when it is the only one, over all cells of the check, that makes the check hold to the last digit (failing
 * that: hold at all) without breaking another check of that cell. `raw` keeps what was read, the record's
 * corrections say what was done.
 */
#include "schema/check_repair_int.h"
#include "schema/value.h"

#include <stdio.h>
#include <string.h>

enum {
    MAX_ROUNDS = 4, /* a repair can make another one possible */
    LONG_FIGURE = 1000,
};

/* Clean print is read better than this; below it an added or lost digit is more likely the recogniser's than
 * the report's. */
static const float BEST_CONFIDENCE = 0.92F;

struct search {
    struct tolka_repair_reading best;
    int exact, within; /* readings that make the check hold */
};

size_t tolka_repair_cell_number(const struct tolka_repair_uses *uses, const struct tolka_checker *checker,
                                struct tolka_check_ref ref)
{
    return uses->table_start[ref.table] +
           (size_t)ref.row * (size_t)checker->record->tables[ref.table].column_count + (size_t)ref.column;
}

static void add_use(struct tolka_repair *repair, struct tolka_check_ref ref, int candidate, int use)
{
    size_t cell = tolka_repair_cell_number(&repair->uses, repair->checker, ref);

    repair->uses.candidate[use] = candidate;
    repair->uses.next[use] = repair->uses.first[cell];
    repair->uses.first[cell] = use;
}

static bool map_uses(struct tolka_repair *repair)
{
    struct tolka_checker *checker = repair->checker;
    struct tolka_arena *arena = &checker->scratch;
    size_t cells = 0, uses = 0, longest = 0,
           *start = tolka_arena_array(arena, checker->record->table_count + 1, sizeof *start);
    int use = 0;

    for (size_t t = 0; start && t < checker->record->table_count; t++) {
        start[t] = cells;
        cells +=
            (size_t)checker->record->tables[t].row_count * (size_t)checker->record->tables[t].column_count;
    }
    for (size_t i = 0; i < checker->count; i++) {
        uses += checker->items[i].term_count + 1;
        longest = checker->items[i].term_count > longest ? checker->items[i].term_count : longest;
    }
    repair->flips = tolka_arena_array(arena, longest + 1, sizeof *repair->flips);
    repair->uses.table_start = start;
    repair->uses.first = tolka_arena_array(arena, cells + 1, sizeof *repair->uses.first);
    repair->uses.next = tolka_arena_array(arena, uses + 1, sizeof *repair->uses.next);
    repair->uses.candidate = tolka_arena_array(arena, uses + 1, sizeof *repair->uses.candidate);
    if (!start || !repair->flips || !repair->uses.first || !repair->uses.next || !repair->uses.candidate)
        return false;
    for (size_t i = 0; i < cells; i++)
        repair->uses.first[i] = TOLKA_REPAIR_LIST_END;
    for (size_t i = 0; i < checker->count; i++) {
        add_use(repair, checker->items[i].total, (int)i, use++);
        for (size_t k = 0; k < checker->items[i].term_count; k++)
            add_use(repair, checker->items[i].terms[k].ref, (int)i, use++);
    }
    return true;
}

/* True when a check that held (or is certain) and that the cell takes part in fails now. `except` is the
 * check being mended. Where the cell was read well, a certain check that fails both before and now speaks
 * for what was read: something else is wrong there. */
static bool breaks_another(struct tolka_repair *repair, struct tolka_check_ref ref, bool read_well,
                           const struct tolka_check_candidate *except)
{
    struct tolka_checker *checker = repair->checker;
    size_t cell = tolka_repair_cell_number(&repair->uses, checker, ref);

    for (int use = repair->uses.first[cell]; use != TOLKA_REPAIR_LIST_END; use = repair->uses.next[use]) {
        struct tolka_check_candidate now = checker->items[repair->uses.candidate[use]];

        if (&checker->items[repair->uses.candidate[use]] == except ||
            (now.result == TOLKA_RESULT_FAILS && !read_well) ||
            (!now.certain && now.result != TOLKA_RESULT_HOLDS))
            continue;
        tolka_check_evaluate(checker, &now);
        if (now.result == TOLKA_RESULT_FAILS)
            return true;
    }
    return false;
}

/* Tries a value in the cell; counts it when the check holds then. */
static void try_value(struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                      struct tolka_repair_reading *reading, struct search *search)
{
    struct tolka_cell *cell = tolka_check_cell(repair->checker, reading->ref);
    const struct tolka_cell kept = *cell;
    struct tolka_check_candidate now = *candidate;
    bool good;

    if (kept.has_value && tolka_decimal_compare(kept.value, reading->value) == 0)
        return;
    cell->has_value = true;
    cell->value = reading->value;
    tolka_check_evaluate(repair->checker, &now);
    good = now.result == TOLKA_RESULT_HOLDS &&
           !breaks_another(repair, reading->ref, !tolka_check_is_doubtful(&kept), candidate);
    *cell = kept;
    if (!good ||
        (search->best.text[0] && memcmp(&search->best.ref, &reading->ref, sizeof reading->ref) == 0 &&
         tolka_decimal_compare(search->best.value, reading->value) == 0))
        return;
    reading->exact = now.off.mantissa == 0;
    search->exact += reading->exact;
    search->within++;
    if (search->within == 1 || (reading->exact && !search->best.exact))
        search->best = *reading;
}

static bool is_unread(const struct tolka_cell *cell)
{
    return !cell->has_value && cell->status == TOLKA_CELL_DOUBTFUL;
}

static int count_unread(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    int count = is_unread(tolka_check_cell(checker, candidate->total));

    for (size_t i = 0; i < candidate->term_count; i++)
        count += is_unread(tolka_check_cell(checker, candidate->terms[i].ref));
    return count;
}

/* What the cell would have to say for the check to hold to the last digit; the one unread cell of a check
 * counts as 0 so far. */
bool tolka_check_needed(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                        size_t index, const struct tolka_cell *cell, struct tolka_decimal *value)
{
    struct tolka_decimal off;

    if (candidate->scaled || (index > 0 && tolka_check_is_share(candidate)))
        return false;
    if (candidate->result == TOLKA_RESULT_UNREAD &&
        (cell->has_value || count_unread(checker, candidate) != 1))
        return false;
    if (!tolka_decimal_add(candidate->found, tolka_decimal_negate(candidate->expected), &off))
        return false;
    if (index == 0 || candidate->terms[index - 1].sign < 0)
        off = tolka_decimal_negate(off);
    return tolka_decimal_add(cell->has_value ? cell->value : (struct tolka_decimal){0, 0}, off, value);
}

/* Doubtful cells of the check; and whether another one that was read worse than `cell`, or might look so, may
 * have the slip instead. */
struct rivals {
    int doubtful;
    bool worse, alike, any;
};

static struct rivals find_rivals(const struct tolka_checker *checker,
                                 const struct tolka_check_candidate *candidate, const struct tolka_cell *cell)
{
    struct rivals rivals = {0};

    for (size_t i = 0; i <= candidate->term_count; i++) {
        const struct tolka_cell *other = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));
        struct tolka_decimal needed;

        if (!tolka_check_is_doubtful(other))
            continue;
        rivals.doubtful++;
        if (other == cell || !tolka_check_needed(checker, candidate, i, other, &needed))
            continue;
        rivals.worse =
            rivals.worse || (other->confidence < cell->confidence && tolka_slip_is_digit(other, needed));
        rivals.any = rivals.any || tolka_slip_is_digit(other, needed);
        rivals.alike = rivals.alike || tolka_slip_is_one(other, needed);
    }
    return rivals;
}

/* A figure so long that no other cell's error is made good by its minus or a group of its digits by chance.
 */
static bool is_long(struct tolka_decimal value)
{
    return value.mantissa <= -LONG_FIGURE || value.mantissa >= LONG_FIGURE;
}

/* One slip that this cell's digits allow, as far as it was read with doubt. Where a cell that was read worse
 * may have any digit wrong instead, nobody knows; a cell without a rival may have any digit wrong itself
 * where the sum is certain. */
static bool may_slip(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                     const struct tolka_cell *cell, struct tolka_decimal needed)
{
    const struct rivals rivals = find_rivals(checker, candidate, cell);

    if (tolka_check_is_doubtful(cell))
        return !rivals.worse &&
               (tolka_slip_is_one(cell, needed) ||
                (candidate->certain && !rivals.alike && !rivals.any && tolka_slip_is_digit(cell, needed)));
    if (candidate->sign_open && tolka_decimal_compare(tolka_decimal_negate(cell->value), needed) == 0)
        return false;
    if (candidate->certain && is_long(needed) && tolka_slip_is_loss(cell, needed))
        return true;
    if (!candidate->certain || rivals.doubtful > 0)
        return false;
    if (*cell->text && cell->confidence < BEST_CONFIDENCE && cell->unit != TOLKA_UNIT_PERCENT)
        return tolka_slip_is_one(cell, needed); /* a share below shares is rather no sum of them */
    return tolka_slip_is_loss(cell, needed);
}

/* Tries the readings that the recogniser gave. */
static void try_alternatives(struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                             struct tolka_check_ref ref, struct search *search)
{
    const struct tolka_cell *cell = tolka_check_cell(repair->checker, ref);
    struct tolka_repair_reading reading = {.ref = ref};
    enum tolka_unit unit;

    for (size_t i = 0; i < cell->alternative_count; i++) {
        if (!tolka_check_is_offered(cell, &cell->alternatives[i]) ||
            !tolka_value_parse(cell->alternatives[i].text, &reading.value, &unit))
            continue;
        snprintf(reading.text, sizeof reading.text, "%s", cell->alternatives[i].text);
        reading.confidence = cell->alternatives[i].confidence;
        try_value(repair, candidate, &reading, search);
    }
}

/* Shares of a whole are all there: an empty cell among them was not read, and what it lacks proves nothing.
 */
static bool lacks_share(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    bool empty = false;

    for (size_t i = 0; i < candidate->term_count; i++)
        empty = empty || !*tolka_check_cell(checker, candidate->terms[i].ref)->text;
    return empty && tolka_check_cell(checker, candidate->total)->unit == TOLKA_UNIT_PERCENT;
}

/* Whether another cell that was read worse, taken as the recogniser also saw it, would have this one one slip
 * away as well: then there are two answers. */
static bool is_two_ways(struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                        size_t index)
{
    const struct tolka_checker *checker = repair->checker;
    const struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, index));
    bool found = false;

    for (size_t i = 0; !found && i <= candidate->term_count; i++) {
        struct tolka_cell *other = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));
        const struct tolka_cell kept = *other;
        for (size_t a = 0; i != index && !found && tolka_check_is_doubtful(&kept) &&
                           kept.confidence < cell->confidence && a < kept.alternative_count;
             a++) {
            struct tolka_check_candidate now = *candidate;
            struct tolka_decimal needed;
            enum tolka_unit unit;

            if (!tolka_value_parse(kept.alternatives[a].text, &other->value, &unit) ||
                (kept.has_value && tolka_decimal_compare(other->value, kept.value) == 0))
                continue;
            other->has_value = true;
            tolka_check_evaluate(checker, &now);
            found =
                tolka_check_needed(checker, &now, index, cell, &needed) && tolka_slip_is_one(cell, needed);
        }
        *other = kept;
    }
    return found;
}

/* Tries the reading that the sum needs, if the recogniser may have slipped from it. */
static void try_slip(struct tolka_repair *repair, const struct tolka_check_candidate *candidate, size_t index,
                     struct search *search)
{
    struct tolka_repair_reading reading = {.ref = tolka_check_ref_at(candidate, index)};
    const struct tolka_cell *cell = tolka_check_cell(repair->checker, reading.ref);

    if (lacks_share(repair->checker, candidate) ||
        !tolka_check_needed(repair->checker, candidate, index, cell, &reading.value) ||
        !may_slip(repair->checker, candidate, cell, reading.value) || is_two_ways(repair, candidate, index))
        return;
    tolka_slip_print(reading.value, reading.text);
    reading.confidence = cell->confidence;
    try_value(repair, candidate, &reading, search);
}

bool tolka_repair_take(struct tolka_repair *repair, const struct tolka_repair_reading *reading)
{
    struct tolka_record *record = repair->checker->record;
    struct tolka_cell *cell = tolka_check_cell(repair->checker, reading->ref);
    struct tolka_correction *list =
        tolka_arena_grow(&record->arena, record->corrections, record->correction_count,
                         &record->correction_capacity, sizeof *list);
    char *text = tolka_arena_strdup(&record->arena, reading->text);

    if (!list || !text)
        return false;
    record->corrections = list;
    list[record->correction_count++] = (struct tolka_correction){.page = cell->page,
                                                                 .box = cell->box,
                                                                 .from = cell->text,
                                                                 .to = text,
                                                                 .confidence = reading->confidence,
                                                                 .reason = "arithmetic"};
    cell->text = text;
    cell->value = reading->value;
    cell->has_value = true;
    cell->status = TOLKA_CELL_REPAIRED;
    return true;
}

static int count_digits(const char *text)
{
    int digits = 0;

    for (; *text; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

/* Digits are lost more often than made up: an offered reading with fewer than were read proves nothing where
 * a cell that was read worse may have the slip. */
static bool is_contested(const struct tolka_repair *repair, const struct tolka_check_candidate *candidate,
                         const struct tolka_repair_reading *reading)
{
    const struct tolka_cell *cell = tolka_check_cell(repair->checker, reading->ref);
    const bool shorter = count_digits(reading->text) < count_digits(cell->text);

    for (size_t i = 0; shorter && i <= candidate->term_count; i++) {
        const struct tolka_cell *other = tolka_check_cell(repair->checker, tolka_check_ref_at(candidate, i));
        struct tolka_decimal needed;

        if (other != cell && other->confidence < cell->confidence && tolka_check_is_doubtful(other) &&
            tolka_check_needed(repair->checker, candidate, i, other, &needed) &&
            tolka_slip_is_likely(other, needed))
            return true;
    }
    return false;
}

/* Mends one failing check if exactly one reading does it: one that the recogniser gave, failing those one
 * slip away. True when something changed. */
static bool mend(struct tolka_repair *repair, struct tolka_check_candidate *candidate)
{
    struct search offered = {.exact = 0}, slips = {.exact = 0};
    const struct tolka_repair_reading *good = NULL;

    if (tolka_repair_signs_across(repair, candidate))
        return true;
    for (size_t i = 0; i <= candidate->term_count; i++)
        try_alternatives(repair, candidate, tolka_check_ref_at(candidate, i), &offered);
    if (offered.within == 1 && is_contested(repair, candidate, &offered.best))
        return false;
    if (offered.within == 1)
        good = &offered.best;
    for (size_t i = 0; offered.within == 0 && i <= candidate->term_count; i++)
        try_slip(repair, candidate, i, &slips);
    if (offered.within == 0 && slips.exact == 0 && tolka_repair_signs(repair, candidate))
        return true;
    if (slips.exact == 1)
        good = &slips.best;
    if (!good)
        return tolka_repair_commas(repair, candidate);
    if (!tolka_repair_take(repair, good)) {
        repair->checker->failed = true;
        return false;
    }
    return true;
}

/* Whether a reading is better than the rounding that it would make needless: the recogniser saw something of
 * it, or what it read instead is nothing to go by. */
static bool beats_rounding(const struct tolka_repair *repair, const struct tolka_repair_reading *reading)
{
    return reading->confidence >= TOLKA_CHECK_SEEN ||
           tolka_check_cell(repair->checker, reading->ref)->confidence < TOLKA_CHECK_FAIR;
}

/* A check that only holds by rounding, and that a reading which the recogniser itself offers for its one
 * doubtful cell makes exact. */
static bool sharpen(struct tolka_repair *repair, struct tolka_check_candidate *candidate)
{
    struct search search = {.exact = 0};

    if (candidate->off.mantissa == 0 || tolka_check_count_offers(repair->checker, candidate) != 1)
        return false;
    for (size_t i = 0; i <= candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(repair->checker, tolka_check_ref_at(candidate, i));

        if (tolka_check_is_doubtful(cell))
            try_alternatives(repair, candidate, tolka_check_ref_at(candidate, i), &search);
    }
    if (search.exact != 1 || !beats_rounding(repair, &search.best))
        return false;
    repair->checker->failed = !tolka_repair_take(repair, &search.best) || repair->checker->failed;
    return true;
}

/* Evaluates all again; a failing candidate whose total holds by another candidate is no alarm: they are
 * alternatives. */
static void refresh(struct tolka_repair *repair, bool *held)
{
    struct tolka_checker *checker = repair->checker;

    for (size_t i = 0; i < checker->count; i++) {
        struct tolka_check_candidate *candidate = &checker->items[i];

        tolka_check_evaluate(checker, candidate);
        if (candidate->result == TOLKA_RESULT_HOLDS && candidate->term_count > 1 && !candidate->across)
            held[tolka_repair_cell_number(&repair->uses, checker, candidate->total)] = true;
    }
}

static bool is_settled(const struct tolka_repair *repair, const bool *held,
                       const struct tolka_check_candidate *candidate)
{
    return candidate->result == TOLKA_RESULT_HOLDS || candidate->result == TOLKA_RESULT_EMPTY ||
           (!candidate->across &&
            held[tolka_repair_cell_number(&repair->uses, repair->checker, candidate->total)]);
}

void tolka_check_repair(struct tolka_checker *checker)
{
    struct tolka_repair repair = {.checker = checker};
    bool changed = true, *held;
    size_t cells = 1;

    for (size_t t = 0; t < checker->record->table_count; t++)
        cells +=
            (size_t)checker->record->tables[t].row_count * (size_t)checker->record->tables[t].column_count;
    held = tolka_arena_array(&checker->scratch, cells, sizeof *held);
    if (!held || !map_uses(&repair)) {
        checker->failed = true;
        return;
    }
    for (int round = 0; changed && !checker->settled && round < MAX_ROUNDS; round++) {
        changed = false;
        refresh(&repair, held);
        for (size_t i = 0; i < checker->count && !checker->failed; i++) {
            struct tolka_check_candidate *candidate = &checker->items[i];

            tolka_check_evaluate(checker, candidate);
            if (!is_settled(&repair, held, candidate))
                changed = mend(&repair, candidate) || changed;
            else if (candidate->result == TOLKA_RESULT_HOLDS)
                changed = sharpen(&repair, candidate) || tolka_repair_commas(&repair, candidate) || changed;
        }
    }
    refresh(&repair, held);
    for (size_t i = 0; i < checker->count; i++) {
        if (checker->items[i].result != TOLKA_RESULT_HOLDS && !checker->items[i].known &&
            is_settled(&repair, held, &checker->items[i]))
            checker->items[i].certain = false;
    }
}
