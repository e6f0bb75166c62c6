/*
 * Visual lines to table rows. Two lines are one row when a label or a heading wraps: the second begins in
 * lower case, or the leading between them is tighter than between rows that both have figures, or the heads
 * of a table all begin on the first line. Two lines with figures in one column are two rows, and so are two
 * lines with a rule between them.
 */
#include "base/order.h"
#include "base/utf8.h"
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

static const float TIGHT = 0.88f;        /* of the usual pitch: leading within a cell */
static const float LONELY_RATIO = 1.12f; /* of the steps on the two sides of a line that wraps */
static const float SOMEWHAT_TIGHT = 0.94f;
static const float LONG_SHARE = 0.55f; /* of the longest label */
/* times the step above: the step below the last line of a heading's label */
static const float HEAD_APART = 1.35f;
static const float LOOSE = 1.25f;       /* of the usual pitch: no longer the next line of a paragraph */
static const float SUNK = 0.6f;         /* of the usual pitch: no row of its own */
static const float LEADING = 2.2f;      /* units: the widest leading within a cell, where no pitch is known */
static const float SPACE = 0.35f;       /* units */
static const float RULE_SHARE = 0.35f;  /* of the table's width that a rule between rows covers */
static const float BREAK_RATIO = 1.13f; /* between leading and the step to the next row */
static const float ZEBRA_SHARE = 0.6f;  /* of the lines with figures that have a rule above: rows are ruled */

struct line {
    int centre_px, y0, y1;
    int label_first, label_last; /* tokens of column 0, -1 when it is empty */
    int label_x1;
    long long label_sum; /* of the centres of the label's words */
    int label_words;
    int figures, periods, texts;                /* cells beyond column 0 */
    unsigned long long figure_columns, columns; /* bit sets; columns beyond the 63rd share a bit */
    unsigned long long groups; /* of the figure columns, those with three digits and no more */
    bool used, rule_above, spans;
};

struct stack {
    const struct grid_search *search;
    const struct grid_draft *draft;
    struct line *lines;
    int count;
    int label_x1;   /* where the longest label ends */
    float pitch_px; /* usual distance between rows, 0 when too few to say */
    bool zebra;
    bool has_figures; /* else a table of text: pitch_px is then where steps between rows begin, 0 when all
                         steps are alike */
};

static unsigned long long bit(int column)
{
    return 1ULL << (column < 63 ? column : 63);
}

static const char *token_text(const struct grid_search *search, int token)
{
    return search->page->words[search->tokens[token].word].text;
}

/* What the end of an amount looks like that its narrow column made wrap: "438", "438,2". */
static bool is_group(const char *text)
{
    static const char DIGITS[] = "0123456789";
    const size_t group = strspn(text, DIGITS),
                 decimals = text[group] == ',' ? strspn(text + group + 1, DIGITS) : 0;

    return group == 3 && !text[group + (decimals ? decimals + 1 : 0)];
}

static void add_to_line(const struct stack *stack, struct line *line, const struct grid_chunk *chunk,
                        int token)
{
    const struct grid_token *t = &stack->search->tokens[token];
    const struct tolka_box *box = &stack->search->page->words[t->word].box;

    line->used = true;
    if (t->column == 0 && !stack->draft->columns[0].figures) {
        if (line->label_first < 0)
            line->label_first = token;
        line->label_last = token;
        line->label_x1 = box->x1;
        line->label_sum += grid_centre(stack->search, *box);
        line->label_words++;
    } else if (t->kind == GRID_FIGURE || t->kind == GRID_DASH) {
        line->figures += !chunk->period && chunk->kind != GRID_TEXT;
        line->periods += chunk->period;
        line->texts += chunk->kind == GRID_TEXT;
        if (chunk->kind != GRID_TEXT) {
            line->groups =
                line->figure_columns & bit(t->column) || !is_group(token_text(stack->search, token))
                    ? line->groups & ~bit(t->column)
                    : line->groups | bit(t->column);
            line->figure_columns |= bit(t->column);
        }
    } else {
        line->texts++;
    }
    line->columns |= bit(t->column);
}

static void read_line(const struct stack *stack, struct line *line, int r)
{
    const struct grid_search *search = stack->search;
    const struct grid_row *row = &search->rows[r];
    struct tolka_box box = {0};

    *line =
        (struct line){.centre_px = row->centre_px, .label_first = -1, .label_last = -1, .spans = row->spans};
    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        int touched = 0;
        for (int k = 0; k < chunk->token_count; k++) {
            if (search->tokens[chunk->first_token + k].column < 0)
                continue;
            add_to_line(stack, line, chunk, chunk->first_token + k);
            box = tolka_box_union(box, search->page->words[search->tokens[chunk->first_token + k].word].box);
        }
        for (int c = 1; c < stack->draft->column_count && grid_in_region(chunk, &stack->draft->region); c++)
            touched += grid_overlap(chunk->box.x0, chunk->box.x1, stack->draft->columns[c].x0_px,
                                    stack->draft->columns[c].x1_px) > 0;
        line->spans |= touched > 1 && chunk->kind == GRID_TEXT;
    }
    line->y0 = box.y0;
    line->y1 = box.y1;
}

/* From line a down to line b; by their labels where both have one, which no skew can spoil. */
static int step_between(const struct line *a, const struct line *b)
{
    if (a->label_words && b->label_words)
        return (int)(b->label_sum / b->label_words - a->label_sum / a->label_words);
    return b->centre_px - a->centre_px;
}

static int previous_used(const struct stack *stack, int i)
{
    do
        i--;
    while (i >= 0 && !stack->lines[i].used);
    return i;
}

/* Whether b may hold only the last groups of amounts that wrapped, of some of the columns with `figures`. */
static bool amounts_go_on(unsigned long long figures, const struct line *b)
{
    return b->figure_columns == b->groups && (b->groups & ~figures) == 0 && b->groups != figures;
}

/* Both have figures in one column: certainly two rows. */
static bool certainly_two(const struct line *a, const struct line *b)
{
    return (a->figure_columns & b->figure_columns) != 0 && !amounts_go_on(a->figure_columns, b);
}

/* Where the sorted steps fall apart into leading within cells and steps between rows: the first step of the
 * upper part, 0 if nowhere. */
static int find_break(const int *steps, int count)
{
    int best = 0;
    float best_ratio = BREAK_RATIO;

    for (int i = 1; i < count; i++) {
        float ratio = steps[i - 1] > 0 ? (float)steps[i] / (float)steps[i - 1] : 0;
        if (ratio > best_ratio) {
            best = steps[i];
            best_ratio = ratio;
        }
    }
    return best;
}

static bool measure_pitch(struct stack *stack)
{
    int *steps = malloc(((size_t)stack->count + 1) * sizeof *steps), used = 0, ruled = 0;

    if (!steps)
        return false;
    for (int i = 0; i < stack->count; i++) {
        int before = previous_used(stack, i);
        bool counts =
            before >= 0 && (!stack->has_figures || certainly_two(&stack->lines[before], &stack->lines[i]));
        if (!stack->lines[i].used || !counts)
            continue;
        steps[used++] = step_between(&stack->lines[before], &stack->lines[i]);
        ruled += stack->lines[i].rule_above;
    }
    qsort(steps, (size_t)used, sizeof *steps, tolka_order_ints);
    if (stack->has_figures) {
        /* Gaps between groups are wider: the lower middle is the row's own pitch. */
        const int lower_middle = (used - 1) * 2 / 5;
        stack->pitch_px = used >= 2 ? (float)steps[lower_middle] : 0;
        stack->zebra = used >= 2 && (float)ruled > ZEBRA_SHARE * (float)used;
    } else {
        stack->pitch_px = used >= 2 ? (float)find_break(steps, used) : 0;
        stack->zebra = ruled > 2;
    }
    free(steps);
    return true;
}

static void measure_rules(struct stack *stack)
{
    const struct grid_column *columns = stack->draft->columns;
    int x0 = columns[0].x0_px, x1 = columns[stack->draft->column_count - 1].x1_px;

    for (int i = 0; i < stack->count; i++) {
        int before = stack->lines[i].used ? previous_used(stack, i) : -1;
        if (before >= 0)
            stack->lines[i].rule_above =
                grid_rule_between(stack->search, (stack->lines[before].y0 + stack->lines[before].y1) / 2,
                                  (stack->lines[i].y0 + stack->lines[i].y1) / 2, x0, x1, RULE_SHARE);
    }
}

static bool starts_low(const struct grid_search *search, int token)
{
    const char *text = token_text(search, token);

    return *text == '(' || tolka_utf8_is_small(tolka_utf8_first(text));
}

static bool ends_open(const struct grid_search *search, int token)
{
    const char *text = token_text(search, token);
    size_t length = strlen(text);

    return length > 1 && (text[length - 1] == '-' || text[length - 1] == ',' || text[length - 1] == '/');
}

/* Whether the first word of b would have found room behind a's label: then nothing forced a line break. */
static bool would_fit(const struct stack *stack, const struct line *a, const struct line *b)
{
    const struct tolka_box *word =
        &stack->search->page->words[stack->search->tokens[b->label_first].word].box;

    return a->label_x1 + grid_px(stack->search, SPACE) + tolka_box_width(*word) <= stack->label_x1;
}

/* A first line that fills most of the label column: notes beside it may have made it wrap before the longest
 * label's end. */
static bool is_long(const struct stack *stack, const struct line *a)
{
    int left = stack->draft->columns[0].x0_px;

    return (float)(a->label_x1 - left) > LONG_SHARE * (float)(stack->label_x1 - left);
}

static bool label_goes_on(const struct stack *stack, const struct line *a, const struct line *b)
{
    float step = (float)step_between(a, b), pitch = stack->pitch_px;
    float most = pitch > 0 ? LOOSE * pitch : LEADING * stack->search->unit_px;
    bool fits = would_fit(stack, a, b);

    if (step > most)
        return false;
    if (ends_open(stack->search, a->label_last) && !fits)
        return true;
    if (starts_low(stack->search, b->label_first))
        return !fits || step < SOMEWHAT_TIGHT * pitch || is_long(stack, a) || !b->figure_columns;
    return !fits && pitch > 0 && step < TIGHT * pitch;
}

/* Steps from a line to the used lines above and below it; 0 where there is none. */
static int step_before(const struct stack *stack, int i)
{
    int before = previous_used(stack, i);

    return before >= 0 ? step_between(&stack->lines[before], &stack->lines[i]) : 0;
}

static int step_after(const struct stack *stack, int i)
{
    for (int next = i + 1; next < stack->count; next++) {
        if (stack->lines[next].used)
            return step_between(&stack->lines[i], &stack->lines[next]);
    }
    return 0;
}

/* Whether capitals at b's begin may still be a wrapped label's: the lone label must be clearly nearer to its
 * row than to the other one. */
static bool belongs_closer(const struct stack *stack, int a, int b)
{
    const struct line *lone = stack->lines[b].figure_columns ? &stack->lines[a] : &stack->lines[b];
    float step = (float)step_before(stack, b) * LONELY_RATIO;
    int other = lone == &stack->lines[a] ? step_before(stack, a) : step_after(stack, b);

    return starts_low(stack->search, stack->lines[b].label_first) ||
           ends_open(stack->search, stack->lines[a].label_last) || other == 0 || (float)other > step;
}

/* In a table of text: by the leading where it tells, else only what has no label, or a lone label in lower
 * case. */
static bool text_goes_on(const struct stack *stack, const struct line *a, const struct line *b)
{
    if (stack->pitch_px > 0)
        return (float)step_between(a, b) < 0.96f * stack->pitch_px;
    if (b->label_first < 0)
        return true;
    return b->columns == bit(0) && a->label_first >= 0 && starts_low(stack->search, b->label_first);
}

/* Whether line b belongs to the row whose lines so far have the figure columns `figures` and whose last line
 * is a. */
static bool goes_on(const struct stack *stack, const struct line *a, const struct line *b,
                    unsigned long long figures)
{
    float step = (float)step_between(a, b);
    float most = stack->pitch_px > 0 ? LOOSE * stack->pitch_px : LEADING * stack->search->unit_px;

    if (b->rule_above || ((figures & b->figure_columns) && !amounts_go_on(figures, b)))
        return false;
    if (figures & b->figure_columns)
        return (stack->zebra || step < TIGHT * stack->pitch_px) &&
               (b->label_first < 0 || (a->label_first >= 0 && label_goes_on(stack, a, b)));
    if (!stack->has_figures)
        return (stack->zebra && step <= most * 1.5f) || text_goes_on(stack, a, b);
    if (stack->zebra && step < SOMEWHAT_TIGHT * stack->pitch_px)
        return true;
    if (figures && b->figure_columns)
        return step < 0.6f * (stack->pitch_px > 0 ? stack->pitch_px : 1.6f * stack->search->unit_px);
    if (b->label_first < 0)
        return b->figures == 0 && b->periods == 0 ? step <= most : step < 0.75f * stack->pitch_px;
    if (a->label_first < 0 && b->columns == bit(0)) /* a label that sank below its figures */
        return step < SUNK * stack->pitch_px;
    return a->label_first >= 0 && label_goes_on(stack, a, b) &&
           belongs_closer(stack, (int)(a - stack->lines), (int)(b - stack->lines));
}

/* How many lines at the top are heading: no amounts yet. */
static int header_lines(const struct stack *stack)
{
    int count = 0;

    for (int i = 0; i < stack->count; i++) {
        const struct line *line = &stack->lines[i];
        if (!line->used)
            continue;
        if (line->figures > 0 || (line->periods == 0 && line->texts == 0))
            break;
        count = i + 1;
    }
    return count < stack->count ? count : stack->count > 0 ? 1 : 0;
}

/* Whether heading line b is so near below a that heads wrap from one to the other. Words break so; dates over
 * each other are rather two rows. */
static bool heads_wrap(const struct stack *stack, const struct line *a, const struct line *b)
{
    const float most = a->texts > 0 ? SOMEWHAT_TIGHT : TIGHT;

    return stack->pitch_px > 0 && (float)(b->centre_px - a->centre_px) < most * stack->pitch_px;
}

/* Heads that all begin on the first line, or are empty there and in the label column, are one row. */
static bool heads_are_one_row(const struct stack *stack, int count)
{
    const struct line *before = NULL;
    bool label_ended = false;

    for (int i = 0; i < count; i++) {
        const struct line *line = &stack->lines[i];
        if (!line->used)
            continue;
        if (before && (line->rule_above || before->spans ||
                       (float)(line->centre_px - before->centre_px) > LEADING * stack->search->unit_px))
            return false;
        if (before && line->label_first >= 0 && label_ended && !heads_wrap(stack, before, line))
            return false;
        label_ended |= line->label_first < 0;
        before = line;
    }
    return true;
}

/* The label of the heading's last line goes on below it: a line of label alone that is nearer to the heading
 * than to what follows. */
static bool ends_heading(const struct stack *stack, int before, int i)
{
    const struct line *a = &stack->lines[before], *b = &stack->lines[i];
    int step = step_between(a, b), next = i + 1;

    while (next < stack->count && !stack->lines[next].used)
        next++;
    if (next >= stack->count || b->columns != bit(0) || b->label_first < 0 || a->label_first < 0 ||
        b->rule_above)
        return false;
    return (float)step < LEADING * stack->search->unit_px &&
           (float)step_between(b, &stack->lines[next]) > HEAD_APART * (float)step;
}

static void number_rows(const struct stack *stack, struct grid_draft *draft)
{
    int heads = stack->has_figures ? header_lines(stack) : 0, before = -1;
    bool one = heads > 1 && heads_are_one_row(stack, heads);
    unsigned long long figures = 0;

    for (int i = 0; i < stack->count; i++) {
        const struct line *line = &stack->lines[i];
        bool joins;

        draft->row_of[i] = -1;
        if (!line->used)
            continue;
        if (i < heads)
            joins = before >= 0 && one;
        else if (i == heads && heads > 0 && before >= 0 && ends_heading(stack, before, i))
            joins = true;
        else
            joins = before >= heads && goes_on(stack, &stack->lines[before], line, figures);
        if (!joins) {
            draft->row_count++;
            figures = 0;
        }
        figures |= line->figure_columns;
        draft->row_of[i] = draft->row_count - 1;
        before = i;
    }
}

/* Fills draft->row_of and row_count. False when memory is out. */
bool grid_lines_join(struct grid_search *search, struct grid_draft *draft)
{
    struct stack stack = {
        .search = search, .draft = draft, .count = draft->region.last_row - draft->region.first_row + 1};
    bool good;

    stack.lines = malloc((size_t)stack.count * sizeof *stack.lines);
    draft->row_of = tolka_arena_array(&search->scratch, (size_t)stack.count, sizeof *draft->row_of);
    draft->row_count = 0;
    if (!stack.lines || !draft->row_of) {
        free(stack.lines);
        return false;
    }
    for (int i = 0; i < stack.count; i++) {
        read_line(&stack, &stack.lines[i], draft->region.first_row + i);
        if (stack.lines[i].label_x1 > stack.label_x1)
            stack.label_x1 = stack.lines[i].label_x1;
    }
    for (int c = 0; c < draft->column_count; c++)
        stack.has_figures |= draft->columns[c].figures;
    measure_rules(&stack);
    good = measure_pitch(&stack);
    if (good)
        number_rows(&stack, draft);
    free(stack.lines);
    return good;
}
