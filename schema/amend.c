/*
 * Amendments into a record. Each finds its place first, while the record is as it was: the cell that it names
 * by table, row and column if that lies where it says and was read as it says, else the cell of its page that
 * does. Then each place is settled once, by the last amendment about it, table by table, and what hangs on
 * the cells is made anew.
 */
#include "schema/amend.h"

#include "schema/amend_text.h"
#include "schema/amend_word.h"
#include "schema/check.h"
#include "schema/table.h"
#include "schema/value.h"

#include <stdlib.h>
#include <string.h>

/* Searches over all cells of a record, for places that are counted otherwise now; words of texts. */
enum { MAX_SEARCHES = 5000, MAX_TEXT_WORDS = 20000 };

/* Two boxes are of one place when they have at least this share of their common area in common. */
static const double SAME_PLACE = 0.5;

/* Instead of a table's number: what has none. */
enum { REPAIRED_WORD = -1, TEXT_WORD = -2 };

/* Where an amendment goes: a cell, a repaired word, or a word of a page's text. */
struct target {
    int table, row, column; /* of a word of the text: its line and number */
    int page;               /* of a word of the text */
    size_t word;            /* of a repaired word: index into record->corrections */
    size_t amendment;
};

struct amending {
    const struct tolka_rules *rules;
    struct tolka_record *record;
    const struct tolka_amendment *amendments;
    struct tolka_amend_outcome *outcomes;
    struct target *targets;
    size_t target_count;
    int searches, text_words;
    bool changed;
    struct tolka_arena scratch;
};

static double area(struct tolka_box box)
{
    return tolka_box_is_empty(box) ? 0 : (double)tolka_box_width(box) * tolka_box_height(box);
}

static double share_in_common(struct tolka_box a, struct tolka_box b)
{
    const struct tolka_box both = {a.x0 > b.x0 ? a.x0 : b.x0, a.y0 > b.y0 ? a.y0 : b.y0,
                                   a.x1 < b.x1 ? a.x1 : b.x1, a.y1 < b.y1 ? a.y1 : b.y1};
    const double all = area(a) + area(b) - area(both);

    return all > 0 ? area(both) / all : 0;
}

static bool lies_there(const struct tolka_amendment *amendment, const struct tolka_cell *cell)
{
    if (cell->page != amendment->page)
        return false;
    if (tolka_box_is_empty(cell->box) && tolka_box_is_empty(amendment->box))
        return true;
    return share_in_common(cell->box, amendment->box) >= SAME_PLACE;
}

/* The cell that the amendment names, wherever it lies; NULL when there is none. */
static const struct tolka_cell *named_cell(const struct tolka_record *record,
                                           const struct tolka_amendment *amendment, struct target *target)
{
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        if (strcmp(table->id, amendment->table) != 0 || amendment->row >= table->row_count ||
            amendment->column >= table->column_count)
            continue;
        target->table = (int)t;
        target->row = amendment->row;
        target->column = amendment->column;
        return tolka_table_cell(table, amendment->row, amendment->column);
    }
    return NULL;
}

/* The cell that lies most where the amendment says, and was read as it says. */
static bool search_cell(const struct tolka_record *record, const struct tolka_amendment *amendment,
                        struct target *target)
{
    double best = SAME_PLACE;
    bool found = false;

    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];

        for (int i = 0; i < table->row_count * table->column_count; i++) {
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many as are counted */
            const double share = table->cells[i].page == amendment->page
                                     ? share_in_common(table->cells[i].box, amendment->box)
                                     : 0;
            if (share < best || strcmp(table->cells[i].raw, amendment->raw) != 0)
                continue;
            best = share;
            found = true;
            target->table = (int)t;
            target->row = i / table->column_count;
            target->column = i % table->column_count;
        }
    }
    return found;
}

/* The reason why the amendment finds no cell; NULL when it does. */
static const char *find_cell(struct amending *a, const struct tolka_amendment *amendment,
                             struct target *target)
{
    const struct tolka_cell *cell = named_cell(a->record, amendment, target);

    if (cell && lies_there(amendment, cell) && strcmp(cell->raw, amendment->raw) == 0)
        return NULL;
    if (!tolka_box_is_empty(amendment->box) && a->searches++ < MAX_SEARCHES &&
        search_cell(a->record, amendment, target))
        return NULL;
    if (!cell)
        return "the report has no such cell any more";
    return lies_there(amendment, cell) ? "something else is read in this cell now"
                                       : "this cell lies elsewhere on the page now";
}

static bool is_by_person(const struct tolka_correction *correction)
{
    return correction->reason && strcmp(correction->reason, TOLKA_REASON_PERSON) == 0;
}

static const char *find_repaired_word(struct amending *a, const struct tolka_amendment *amendment,
                                      struct target *target)
{
    bool there = false;

    for (size_t i = 0; i < a->record->correction_count; i++) {
        const struct tolka_correction *word = &a->record->corrections[i];

        if (word->page != amendment->page || is_by_person(word) ||
            share_in_common(word->box, amendment->box) < SAME_PLACE)
            continue;
        there = true;
        if (strcmp(word->from, amendment->raw) != 0)
            continue;
        target->table = REPAIRED_WORD;
        target->word = i;
        return NULL;
    }
    return there ? "something else is read in this place now" : "no word in this place was repaired";
}

static const char *find_text_word(struct amending *a, const struct tolka_amendment *amendment,
                                  struct target *target)
{
    target->table = TEXT_WORD;
    target->page = amendment->page;
    if (a->text_words++ >= MAX_TEXT_WORDS)
        return "too many words of the text at once";
    return tolka_amend_find_word(a->record, amendment, &target->row, &target->column);
}

static void find_place(struct amending *a, size_t at)
{
    const struct tolka_amendment *amendment = &a->amendments[at];
    struct target *target = &a->targets[a->target_count];
    const char *reason;

    *target = (struct target){.amendment = at};
    if (strcmp(amendment->sha256, a->record->source.sha256) != 0)
        reason = "it is about another report";
    else if (amendment->table)
        reason = find_cell(a, amendment, target);
    else if (tolka_amendment_is_of_text(amendment))
        reason = find_text_word(a, amendment, target);
    else
        reason = find_repaired_word(a, amendment, target);
    a->outcomes[at] = (struct tolka_amend_outcome){reason ? TOLKA_AMEND_REFUSED : TOLKA_AMEND_LATER, reason};
    a->target_count += !reason;
}

static int compare_places(const struct target *a, const struct target *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->page != b->page)
        return a->page < b->page ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->word > b->word) - (a->word < b->word);
}

static int compare_targets(const void *left, const void *right)
{
    const struct target *a = left, *b = right;
    const int order = compare_places(a, b);

    return order ? order : (a->amendment > b->amendment) - (a->amendment < b->amendment);
}

/* The trace of what a person said of this place before; NULL when nobody did. */
static struct tolka_correction *find_trace(const struct tolka_record *record, int page, struct tolka_box box)
{
    if (tolka_box_is_empty(box))
        return NULL;
    for (size_t i = record->correction_count; i > 0; i--) {
        struct tolka_correction *trace = &record->corrections[i - 1];

        if (is_by_person(trace) && trace->page == page && memcmp(&trace->box, &box, sizeof box) == 0)
            return trace;
    }
    return NULL;
}

/* Leaves a trace in place of the one before (NULL: there was none): what stood there before any person came,
 * and what the last one says. The new trace, or NULL when out of memory. */
static struct tolka_correction *leave_trace(struct amending *a, struct tolka_correction *trace, int page,
                                            struct tolka_box box, const char *from,
                                            const struct tolka_amendment *amendment)
{
    struct tolka_record *record = a->record;

    if (trace) {
        from = trace->from;
    } else {
        struct tolka_correction *list =
            tolka_arena_grow(&record->arena, record->corrections, record->correction_count,
                             &record->correction_capacity, sizeof *list);
        if (!list)
            return NULL;
        record->corrections = list;
        trace = &list[record->correction_count++];
    }
    *trace = (struct tolka_correction){.page = page,
                                       .box = box,
                                       .from = from,
                                       .to = tolka_arena_strdup(&record->arena, amendment->to),
                                       .confidence = 1,
                                       .reason = TOLKA_REASON_PERSON,
                                       .by = tolka_arena_strdup(&record->arena, amendment->by),
                                       .at = tolka_arena_strdup(&record->arena, amendment->at)};
    return trace->to && !trace->by == !amendment->by && !trace->at == !amendment->at ? trace : NULL;
}

static bool settle_cell(struct amending *a, const struct target *target,
                        const struct tolka_amendment *amendment)
{
    struct tolka_table *table = &a->record->tables[target->table];
    struct tolka_cell *cell = tolka_table_cell(table, target->row, target->column);
    const char *before = cell->text;
    enum tolka_unit unit = TOLKA_UNIT_NONE;

    if (!leave_trace(a, find_trace(a->record, cell->page, cell->box), cell->page, cell->box, before,
                     amendment) ||
        !tolka_amend_row_text(a->record, table, target->row, target->column, amendment->to))
        return false;
    cell->text = tolka_arena_strdup(&a->record->arena, amendment->to);
    if (!cell->text)
        return false;
    cell->has_value = tolka_value_parse(cell->text, &cell->value, &unit);
    if (!cell->has_value || unit != TOLKA_UNIT_NONE)
        cell->unit = unit;
    cell->confidence = 1;
    cell->status = TOLKA_CELL_CORRECTED;
    cell->alternatives = NULL;
    cell->alternative_count = 0;
    return true;
}

/* What a word says now: what a person made of it, or the repair. */
static const char *word_now(const struct tolka_record *record, const struct tolka_correction *word)
{
    const struct tolka_correction *trace = find_trace(record, word->page, word->box);

    return trace ? trace->to : word->to;
}

static bool settle_repaired_word(struct amending *a, const struct target *target,
                                 const struct tolka_amendment *amendment)
{
    const struct tolka_correction word = a->record->corrections[target->word];
    const char *before = word_now(a->record, &word);

    return tolka_amend_word_text(a->record, target->word, before, amendment->to) &&
           leave_trace(a, find_trace(a->record, word.page, word.box), word.page, word.box, before, amendment);
}

static bool settle_text_word(struct amending *a, const struct target *target,
                             const struct tolka_amendment *amendment)
{
    struct tolka_correction *trace =
        tolka_amend_word_trace(a->record, target->page, target->row, target->column);
    const char *before = trace ? trace->to : tolka_arena_strdup(&a->record->arena, amendment->raw);
    const struct tolka_box nowhere = {0};
    bool put;

    if (!before || !tolka_amend_put_word(a->record, target->page, target->row, target->column, before,
                                         amendment->to, &put))
        return false;
    if (!put) {
        a->outcomes[target->amendment] =
            (struct tolka_amend_outcome){TOLKA_AMEND_REFUSED, "another correction changed this place"};
        return true;
    }
    trace = leave_trace(a, trace, target->page, nowhere, before, amendment);
    if (!trace)
        return false;
    trace->line = target->row;
    trace->word = target->column;
    return true;
}

static bool is_settled(const struct amending *a, const struct target *target,
                       const struct tolka_amendment *amendment)
{
    const struct tolka_record *record = a->record;
    const struct tolka_correction *trace;

    if (target->table >= 0) {
        const struct tolka_cell *cell =
            tolka_table_cell(&record->tables[target->table], target->row, target->column);
        return cell->status == TOLKA_CELL_CORRECTED && strcmp(cell->text, amendment->to) == 0;
    }
    if (target->table == TEXT_WORD) {
        trace = tolka_amend_word_trace(record, target->page, target->row, target->column);
    } else {
        const struct tolka_correction *word = &record->corrections[target->word];
        trace = find_trace(record, word->page, word->box);
    }
    return trace && strcmp(trace->to, amendment->to) == 0;
}

static bool settle(struct amending *a, const struct target *target)
{
    const struct tolka_amendment *amendment = &a->amendments[target->amendment];
    struct tolka_amend_outcome *outcome = &a->outcomes[target->amendment];

    if (is_settled(a, target, amendment)) {
        outcome->result = TOLKA_AMEND_SAME;
        return true;
    }
    outcome->result = TOLKA_AMEND_DONE;
    a->changed = true;
    if (target->table >= 0)
        return settle_cell(a, target, amendment);
    return target->table == TEXT_WORD ? settle_text_word(a, target, amendment)
                                      : settle_repaired_word(a, target, amendment);
}

/* Settles the targets of one table (or all words of a sort), `count` of them, and renews it. */
static bool settle_table(struct amending *a, const struct target *targets, size_t count)
{
    struct tolka_table *table = targets->table >= 0 ? &a->record->tables[targets->table] : NULL;
    bool *rows = tolka_arena_array(&a->scratch, table ? (size_t)table->row_count + 1 : 1, sizeof *rows),
         *columns =
             tolka_arena_array(&a->scratch, table ? (size_t)table->column_count + 1 : 1, sizeof *columns),
         any = false;

    if (!rows || !columns)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && compare_places(&targets[i], &targets[i + 1]) == 0)
            continue; /* a later one counts */
        if (!settle(a, &targets[i]))
            return false;
        if (!table || a->outcomes[targets[i].amendment].result != TOLKA_AMEND_DONE)
            continue;
        any = true;
        if (targets[i].row < table->header_rows)
            columns[targets[i].column] = true;
        else if (targets[i].column == 0)
            rows[targets[i].row] = true;
    }
    return !any || tolka_table_renew(a->rules, a->record, table, rows, columns);
}

static bool settle_all(struct amending *a)
{
    for (size_t i = 0; i < a->target_count;) {
        size_t end = i;

        while (end < a->target_count && a->targets[end].table == a->targets[i].table)
            end++;
        if (!settle_table(a, &a->targets[i], end - i))
            return false;
        i = end;
    }
    return true;
}

enum tolka_status tolka_amend(const struct tolka_rules *rules, struct tolka_record *record,
                              const struct tolka_amendment *amendments, size_t count,
                              struct tolka_amend_outcome *outcomes, struct tolka_error *err)
{
    struct amending a = {.rules = rules, .record = record, .amendments = amendments, .outcomes = outcomes};
    enum tolka_status status = TOLKA_OK;
    bool good;

    a.targets = tolka_arena_array(&a.scratch, count + 1, sizeof *a.targets);
    for (size_t i = 0; a.targets && i < count; i++)
        find_place(&a, i);
    if (a.targets)
        qsort(a.targets, a.target_count, sizeof *a.targets, compare_targets);
    good = a.targets && settle_all(&a);
    if (!good)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (!status && a.changed && rules)
        status = tolka_rules_renew_goals(rules, record, err);
    if (!status && a.changed)
        status = tolka_checks_renew(rules, record, err);
    tolka_arena_release(&a.scratch);
    return status;
}
