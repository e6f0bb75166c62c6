/*
 * The report's own arithmetic as evidence.
 *
 * Everything that should add up is gathered as candidates: total = sum of sign * term, a column at a time. A
 * candidate whose shape is certain (it holds in another column, or the rules and the row's own words say so)
 * is evidence when it fails; an uncertain one is only used when it holds, or when one other reading of a
 * doubtful cell makes it hold exactly. So chance seldom confirms, and a table that is built differently than
 * we think raises no alarm.
 */
#include "schema/check.h"

#include "schema/check_int.h"
#include "schema/doubt.h"
#include "schema/value.h"

#include <string.h>

enum {
    MAX_CANDIDATES = 200000,
    NEAR_PARTS = 8,      /* a printed sum is wrong by less than an eighth of it */
    REPEAT_WINDOW = 500, /* how far back the same check is looked for */
    MAX_GATHERINGS = 3,  /* a repair can prove a shape, and that another figure is wrong */
};

/* A failing check blames the report only when every cell was read at least this well. */
static const float SURE_CONFIDENCE = 0.80F;
static const float SUSPECT_CONFIDENCE =
    0.90F; /* where the sum is so far off that the report cannot have meant it */

bool tolka_check_is_doubtful(const struct tolka_cell *cell)
{
    if (!*cell->text || cell->status == TOLKA_CELL_CONFIRMED || cell->status == TOLKA_CELL_CORRECTED)
        return false;
    return cell->status == TOLKA_CELL_DOUBTFUL || cell->confidence < SURE_CONFIDENCE;
}

bool tolka_check_lacks_sign(const struct tolka_checker *checker,
                            const struct tolka_check_candidate *candidate)
{
    const struct tolka_cell *total = tolka_check_cell(checker, candidate->total);

    return candidate->result == TOLKA_RESULT_FAILS && total->value.mantissa > 0 && total->confidence < 1 &&
           tolka_decimal_compare(tolka_decimal_negate(total->value), candidate->expected) == 0;
}

struct tolka_check_candidate *tolka_check_add(struct tolka_checker *checker, const char *rule,
                                              struct tolka_check_ref total,
                                              const struct tolka_check_term *terms, size_t count,
                                              bool certain)
{
    struct tolka_check_candidate *items, *item;

    if (checker->count >= MAX_CANDIDATES)
        return NULL;
    items = tolka_arena_grow(&checker->scratch, checker->items, checker->count, &checker->capacity,
                             sizeof *items);
    if (!items) {
        checker->failed = true;
        return NULL;
    }
    checker->items = items;
    item = &items[checker->count];
    *item =
        (struct tolka_check_candidate){.rule = rule, .total = total, .term_count = count, .certain = certain};
    item->terms = tolka_arena_array(&checker->scratch, count ? count : 1, sizeof *terms);
    if (!item->terms) {
        checker->failed = true;
        return NULL;
    }
    memcpy(item->terms, terms, count * sizeof *terms);
    tolka_check_evaluate(checker, item);
    checker->count++;
    return item;
}

struct tolka_check_ref tolka_check_ref_at(const struct tolka_check_candidate *candidate, size_t i)
{
    return i == 0 ? candidate->total : candidate->terms[i - 1].ref;
}

/* Right to the last digit that the total prints. */
static bool is_exact(const struct tolka_check_candidate *candidate)
{
    struct tolka_decimal twice;

    if (!candidate->scaled)
        return candidate->off.mantissa == 0;
    return tolka_decimal_add(candidate->off, candidate->off, &twice) &&
           tolka_check_is_within(twice, 1, candidate->found.scale);
}

/* A cell that was read badly is only confirmed by a sum that is right to the last digit, and that another
 * reading of it would not fit. */
static void confirm_cells(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    const size_t last =
        tolka_check_is_share(candidate) ? 0 : candidate->term_count; /* a share proves no amount */

    for (size_t i = 0; i <= last; i++) {
        struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));

        if (!cell->has_value || (candidate->scaled && cell->status == TOLKA_CELL_DOUBTFUL && i > 0) ||
            (cell->status == TOLKA_CELL_DOUBTFUL && (!is_exact(candidate) || candidate->unchanged ||
                                                     tolka_check_is_ambiguous(checker, candidate, i))))
            continue;
        if (cell->status == TOLKA_CELL_READ || cell->status == TOLKA_CELL_DOUBTFUL)
            cell->status = TOLKA_CELL_CONFIRMED;
    }
}

/* True when a cell of the candidate carries the mark of a bad reading already. */
static bool holds_doubtful(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    for (size_t i = 0; i <= candidate->term_count; i++) {
        if (tolka_check_cell(checker, tolka_check_ref_at(candidate, i))->status == TOLKA_CELL_DOUBTFUL)
            return true;
    }
    return false;
}

/* Where a certain sum is far off, the cell that was read worst is suspected, unless even that one was read at
 * its best. */
static bool suspect_weakest(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    struct tolka_cell *weakest = NULL;

    if (tolka_check_cell(checker, candidate->total)->unit == TOLKA_UNIT_PERCENT)
        return false;
    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));

        if (*cell->text && cell->status != TOLKA_CELL_CONFIRMED && cell->status != TOLKA_CELL_CORRECTED &&
            (!weakest || cell->confidence < weakest->confidence))
            weakest = cell;
    }
    if (!weakest || weakest->confidence >= SUSPECT_CONFIDENCE)
        return false;
    weakest->status = TOLKA_CELL_DOUBTFUL;
    return true;
}

/* True when the cell was read hardly worse than well, and no slip leads from it to what the check needs. */
static bool is_innocent(struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                        size_t index)
{
    const struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, index));
    struct tolka_decimal needed;

    return cell->status != TOLKA_CELL_DOUBTFUL && cell->confidence >= TOLKA_CHECK_FAIR &&
           candidate->result == TOLKA_RESULT_FAILS &&
           tolka_check_needed(checker, candidate, index, cell, &needed) && !tolka_slip_is_one(cell, needed) &&
           !tolka_slip_is_digit(cell, needed);
}

/* True when a cell of the failing candidate was read badly; marks those cells. */
static bool mark_misread(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    int doubtful = 0, innocent = 0;

    for (size_t i = 0; i <= candidate->term_count; i++) {
        if (!tolka_check_is_doubtful(tolka_check_cell(checker, tolka_check_ref_at(candidate, i))))
            continue;
        doubtful++;
        innocent += is_innocent(checker, candidate, i);
    }
    if (doubtful == 0 || (doubtful == 1 && innocent == 1))
        return false;
    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));

        if (tolka_check_is_doubtful(cell))
            cell->status = TOLKA_CELL_DOUBTFUL;
    }
    return true;
}

/* A sum that one likely slip of the recogniser explains does not blame the report: the cell that was read
 * worst of those that may have slipped is suspected. */
static bool suspect_slip(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    struct tolka_cell *slipped = NULL;

    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));
        struct tolka_decimal needed;

        if (cell->status == TOLKA_CELL_READ && (!slipped || cell->confidence < slipped->confidence) &&
            tolka_check_needed(checker, candidate, i, cell, &needed) && tolka_slip_is_likely(cell, needed))
            slipped = cell;
    }
    if (slipped)
        slipped->status = TOLKA_CELL_DOUBTFUL;
    return slipped != NULL;
}

static bool holds_ref(const struct tolka_check_candidate *candidate, struct tolka_check_ref ref, int sign)
{
    for (size_t i = 0; i < candidate->term_count; i++) {
        const struct tolka_check_term *term = &candidate->terms[i];

        if (term->ref.table == ref.table && term->ref.row == ref.row && term->ref.column == ref.column &&
            term->sign == sign)
            return true;
    }
    return false;
}

/* True when an earlier candidate of the same table says the same: a rule and the structure often agree. Of
 * `failing` ones only those that are certain count. */
static bool is_repeated(const struct tolka_checker *checker, size_t index, bool failing)
{
    const struct tolka_check_candidate *mine = &checker->items[index];

    for (size_t i = index > REPEAT_WINDOW ? index - REPEAT_WINDOW : 0; i < index; i++) {
        const struct tolka_check_candidate *other = &checker->items[i];
        size_t same = 0;

        if ((failing && !other->certain) || other->total.row != mine->total.row ||
            other->total.column != mine->total.column || other->total.table != mine->total.table ||
            other->term_count != mine->term_count)
            continue;
        while (same < mine->term_count && holds_ref(other, mine->terms[same].ref, mine->terms[same].sign))
            same++;
        if (same == mine->term_count)
            return true;
    }
    return false;
}

/* Appends the check to its total's table; cells of other tables are not listed. */
static void keep_check(struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                       enum tolka_verdict verdict)
{
    struct tolka_table *table = &checker->record->tables[candidate->total.table];
    struct tolka_arena *arena = &checker->record->arena;
    struct tolka_check *checks =
        tolka_arena_grow(arena, table->checks, table->check_count, &table->check_capacity, sizeof *checks);
    struct tolka_check *check;

    if (!checks) {
        checker->failed = true;
        return;
    }
    table->checks = checks;
    check = &checks[table->check_count];
    *check = (struct tolka_check){.rule = tolka_arena_strdup(arena, candidate->rule),
                                  .page = tolka_check_cell(checker, candidate->total)->page,
                                  .expected = candidate->expected,
                                  .found = candidate->found,
                                  .off = candidate->off,
                                  .whole = candidate->whole,
                                  .slack = candidate->slack,
                                  .verdict = verdict};
    check->cells = tolka_arena_array(arena, candidate->term_count + 1, sizeof *check->cells);
    check->addends = tolka_arena_array(arena, candidate->term_count + 1, sizeof *check->addends);
    if (!check->rule || !check->cells || !check->addends) {
        checker->failed = true;
        return;
    }
    for (size_t i = 0; i <= candidate->term_count; i++) {
        struct tolka_check_ref ref = tolka_check_ref_at(candidate, i);

        if (ref.table == candidate->total.table)
            check->cells[check->cell_count++] = (struct tolka_cell_ref){ref.row, ref.column};
        if (i > 0)
            check->addends[check->addend_count++] =
                (struct tolka_check_addend){ref.table, ref.row, ref.column, candidate->terms[i - 1].sign};
    }
    table->check_count++;
}

/* True when one figure of the printed total put right, or two that changed places, would make it hold. */
static bool differs_by_one_slip(struct tolka_decimal found, struct tolka_decimal expected)
{
    char a[32], b[32];
    size_t length, first, last = 0;

    tolka_decimal_format(found, a);
    tolka_decimal_format(expected, b);
    first = length = strlen(a);
    if (strlen(b) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (a[i] == b[i])
            continue;
        first = first == length ? i : first;
        last = i;
    }
    return first < length && last - first <= 1;
}

/*
 * A total that is far from the sum is rather something else than a sum (a mean, a share of the whole) than a
 * misprint: it must be near, or one slip away.
 */
static bool is_likely_misprint(const struct tolka_checker *checker,
                               const struct tolka_check_candidate *candidate)
{
    int64_t off = tolka_check_magnitude(candidate->off),
            expected = tolka_check_magnitude(candidate->expected);

    if (tolka_check_cell(checker, candidate->total)->unit == TOLKA_UNIT_PERCENT)
        return tolka_check_is_share(candidate) && differs_by_one_slip(candidate->found, candidate->expected);
    return off <= expected / NEAR_PARTS || differs_by_one_slip(candidate->found, candidate->expected);
}

/* Two figures that should be the same and are not: neither is trusted that no other check confirms. In a sum
 * of many cells the doubt would mostly fall on those that are right. */
static void doubt_pair(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    for (size_t i = 0; candidate->term_count == 1 && i <= candidate->term_count; i++) {
        struct tolka_cell *cell = tolka_check_cell(checker, tolka_check_ref_at(candidate, i));

        if (cell->status == TOLKA_CELL_READ && *cell->text)
            cell->status = TOLKA_CELL_DOUBTFUL;
    }
}

/* A total that may lack its minus or a digit, and that no other check confirms. */
static void doubt_sign(struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    struct tolka_cell *total = tolka_check_cell(checker, candidate->total);

    if (total->status == TOLKA_CELL_READ)
        total->status = TOLKA_CELL_DOUBTFUL;
}

/* A term that was read as letters: the sum does without it, so it says nothing about the report. */
static bool lacks_a_term(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate)
{
    for (size_t i = 0; i < candidate->term_count; i++) {
        const struct tolka_cell *cell = tolka_check_cell(checker, candidate->terms[i].ref);

        if (!cell->has_value && strspn(cell->text, "-\u2013\u2014 .") < strlen(cell->text))
            return true;
    }
    return false;
}

/* Shares that do not make up their total: that is a mean, or the share of another whole. */
static bool is_sum_of_shares(const struct tolka_checker *checker,
                             const struct tolka_check_candidate *candidate)
{
    return tolka_check_cell(checker, candidate->total)->unit == TOLKA_UNIT_PERCENT && !candidate->across &&
           !tolka_check_is_share(candidate) && !differs_by_one_slip(candidate->found, candidate->expected);
}

static void judge_failing(struct tolka_checker *checker, struct tolka_check_candidate *candidate)
{
    if (candidate->result != TOLKA_RESULT_FAILS && candidate->result != TOLKA_RESULT_UNREAD)
        return;
    if (candidate->sign_open && (candidate->scaled || tolka_check_lacks_sign(checker, candidate))) {
        doubt_sign(checker, candidate);
        return;
    }
    if (is_sum_of_shares(checker, candidate) && !candidate->known)
        return;
    if (candidate->result == TOLKA_RESULT_FAILS && !candidate->known &&
        !is_likely_misprint(checker, candidate) && !holds_doubtful(checker, candidate) &&
        !suspect_slip(checker, candidate) && !suspect_weakest(checker, candidate))
        return;
    candidate->misprint = !mark_misread(checker, candidate) && candidate->result == TOLKA_RESULT_FAILS &&
                          !lacks_a_term(checker, candidate) && !suspect_slip(checker, candidate);
    keep_check(checker, candidate, candidate->misprint ? TOLKA_CHECK_MISPRINT : TOLKA_CHECK_MISREAD);
    candidate->misread = !candidate->misprint;
}

/* Checks that hold first: what they confirm is read well when a failing one is judged. */
void tolka_check_judge(struct tolka_checker *checker)
{
    for (size_t i = 0; i < checker->count; i++) {
        struct tolka_check_candidate *candidate = &checker->items[i];

        tolka_check_evaluate(checker, candidate);
        if (candidate->result != TOLKA_RESULT_HOLDS || is_repeated(checker, i, false))
            continue;
        confirm_cells(checker, candidate);
        keep_check(checker, candidate, TOLKA_CHECK_HOLDS);
    }
    for (size_t i = 0; i < checker->count; i++) {
        if (checker->items[i].certain && !is_repeated(checker, i, true))
            judge_failing(checker, &checker->items[i]);
    }
    for (size_t i = 0; i < checker->count;
         i++) { /* last: a misprinted total was read well where it is a term */
        struct tolka_cell *total = tolka_check_cell(checker, checker->items[i].total);

        if (checker->items[i].misprint && total->status != TOLKA_CELL_CORRECTED)
            total->status = TOLKA_CELL_DOUBTFUL;
        if (checker->items[i].misread)
            doubt_pair(checker, &checker->items[i]);
    }
}

void tolka_check_gather(struct tolka_checker *checker)
{
    for (size_t t = 0; t < checker->record->table_count; t++) {
        if (checker->rules)
            tolka_check_rule_sums(checker, (int)t);
        tolka_check_structure(checker, (int)t);
        tolka_check_columns(checker, (int)t);
        tolka_check_shares(checker, (int)t);
    }
    tolka_check_links(checker);
}

enum tolka_status tolka_checks_run(const struct tolka_rules *rules, struct tolka_record *record,
                                   struct tolka_error *err)
{
    struct tolka_checker checker = {.rules = rules, .record = record};

    for (int round = 0; round < MAX_GATHERINGS; round++) {
        const size_t repairs = record->correction_count;

        tolka_check_gather(&checker);
        tolka_check_repair(&checker);
        if (record->correction_count == repairs)
            break;
    }
    tolka_check_judge(&checker);
    tolka_arena_release(&checker.scratch);
    return checker.failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : TOLKA_OK;
}
