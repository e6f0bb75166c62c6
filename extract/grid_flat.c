/*
 * Tables of text without geometry. Plain text that some recogniser left often has one blank between all
 * words, so that a table's columns are lost: "Årets resultat 14 097 827 302". What is left are lines that end
 * in figures, line after line. How many columns a run of such lines has is what reads most of them at the
 * least cost (grid_flat_split.c), with the years above them as the best witness; where one line can be read
 * in several ways the sums decide (grid_flat_sums.c). A run whose figures stand under each other with wide
 * gaps has kept its columns and is left to the other finders.
 */
#include "extract/grid_flat.h"

#include "base/order.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_BLANKS = 3, /* empty lines within a table */
    MAX_LABELS = 6, /* lines without figures between two with */
    LOOK_AHEAD = 3,
    MAX_WRAPPED = 2,    /* lines */
    MOST_WEIGHED = 120, /* lines of a table whose number of columns the sums may decide */
    CONTENTS_LINES = 3,
    MAX_PAGE_NUMBER = 999,
    MAX_NOTE_WORD = 4, /* bytes */
    LEAST_NOTES = 2,
};

static const float UNREAD = 20.0F;    /* cost of a line that cannot be read with so many columns */
static const float MISSING = 3.0F;    /* of an empty column */
static const float HEAD_VOICE = 0.8F; /* what a heading's number of periods counts, by line */
static const float NEAR_COST =
    1.2F; /* by line: what more a number of columns may cost that the sums speak for */
static const float KEPT_SHARE = 0.7F; /* of a run's figures that stand in columns of white space */

struct flat_page {
    struct grid_search *search;
    struct flat_line *lines;
    int count;
    bool failed;
};

/* The usual distance from a line to the next. */
static int usual_pitch(const struct tolka_page *page, struct tolka_arena *scratch)
{
    int *steps = tolka_arena_array(scratch, page->line_count + 1, sizeof *steps), n = 0, pitch;

    for (size_t i = 1; steps && i < page->line_count; i++)
        steps[n++] = page->lines[i].box.y0 - page->lines[i - 1].box.y0;
    if (!steps)
        return 0;
    pitch = tolka_median_ints(steps, (size_t)n);
    return pitch > 0 ? pitch : 1;
}

static bool read_page(struct grid_search *search, struct flat_page *page)
{
    const int pitch = usual_pitch(search->page, &search->scratch);

    page->search = search;
    page->lines = tolka_arena_array(&search->scratch, search->page->line_count + 1, sizeof *page->lines);
    if (!page->lines || !pitch)
        return false;
    for (size_t i = 0; i < search->page->line_count; i++) {
        struct flat_line *line = &page->lines[page->count++];
        if (!flat_line_read(search, (int)i, line))
            return false;
        for (int w = 0; w < search->page->lines[i].word_count; w++) {
            if (search->taken[search->page->lines[i].first_word + w])
                line->role = FLAT_PROSE; /* another table's */
        }
        if (i > 0)
            line->blanks =
                (search->page->lines[i].box.y0 - search->page->lines[i - 1].box.y0 + pitch / 2) / pitch - 1;
        if (line->blanks < 0)
            line->blanks = 0;
        if (line->role == FLAT_FIGURES)
            flat_splits_weigh(line);
    }
    return true;
}

/* The last line of the run that begins with the figures at `first`. */
static int run_end(const struct flat_page *page, int first)
{
    int last = first, labels = 0;

    for (int i = first + 1; i < page->count && i < first + FLAT_MAX_LINES; i++) {
        const struct flat_line *line = &page->lines[i];
        if (line->blanks > MAX_BLANKS || line->role == FLAT_PROSE || line->role == FLAT_HEAD)
            break;
        labels = line->role == FLAT_LABEL ? labels + 1 : 0;
        if (labels > MAX_LABELS)
            break;
        if (line->role == FLAT_FIGURES)
            last = i;
    }
    return last;
}

/* A label between lines that cannot have the same number of columns parts two tables: the run's new last
 * line. */
static int part_run(const struct flat_page *page, int first, int last)
{
    int least = page->lines[first].least, most = page->lines[first].most, before = first;

    for (int i = first + 1; i <= last; i++) {
        const struct flat_line *line = &page->lines[i];
        int next_least = FLAT_MAX_TOKENS, next_most = 0;
        if (line->role == FLAT_FIGURES) {
            least = line->least < least ? line->least : least;
            most = line->most > most ? line->most : most;
            before = i;
            continue;
        }
        for (int k = i + 1, seen = 0; k <= last && seen < LOOK_AHEAD; k++) {
            if (page->lines[k].role != FLAT_FIGURES)
                continue;
            next_least = page->lines[k].least < next_least ? page->lines[k].least : next_least;
            next_most = page->lines[k].most > next_most ? page->lines[k].most : next_most;
            seen++;
        }
        if (next_most < least || next_least > most)
            return before;
    }
    return last;
}

/* Periods in the heading above, 0 when there is none. */
static int periods_above(const struct flat_page *page, int floor, int at)
{
    for (int i = at - 1; i >= floor && i >= at - MAX_LABELS && page->lines[i + 1].blanks <= MAX_BLANKS; i--) {
        if (page->lines[i].role == FLAT_HEAD)
            return page->lines[i].periods;
        if (page->lines[i].role != FLAT_LABEL)
            return 0;
    }
    return 0;
}

static float cost_of_line(const struct flat_line *line, int columns)
{
    float cost = line->cost_of[columns];

    for (int n = 1; n < columns && cost >= FLAT_NEVER; n++) {
        const float less = line->cost_of[columns - n] + MISSING * (float)n;
        cost = less < cost ? less : cost;
    }
    return cost < UNREAD ? cost : UNREAD;
}

/* What reading the run with so many columns costs at least. */
static float cost_of_columns(const struct flat_page *page, int first, int last, int columns, int periods)
{
    float cost = 0;
    int lines = 0;

    for (int i = first; i <= last; i++) {
        if (page->lines[i].role != FLAT_FIGURES)
            continue;
        cost += cost_of_line(&page->lines[i], columns);
        lines++;
    }
    return columns == periods ? cost - HEAD_VOICE * (float)(lines + 2) : cost;
}

static bool list_readings(struct flat_page *page, int first, int last, int columns)
{
    for (int i = first; i <= last; i++) {
        if (page->lines[i].role == FLAT_FIGURES && !flat_splits_list(page->search, &page->lines[i], columns))
            return false;
    }
    return true;
}

/* The number of columns: the cheapest, unless the sums speak for one that is nearly as cheap. */
static int count_columns(struct flat_page *page, int first, int last, int periods)
{
    float cost[FLAT_MAX_COLUMNS + 1], best_score = -FLAT_NEVER * (float)FLAT_MAX_LINES;
    int cheapest = 1, best = 1;

    for (int columns = 1; columns <= FLAT_MAX_COLUMNS; columns++) {
        cost[columns] = cost_of_columns(page, first, last, columns, periods);
        cheapest = cost[columns] < cost[cheapest] ? columns : cheapest;
    }
    for (int columns = 1; columns <= FLAT_MAX_COLUMNS; columns++) {
        float score;
        if (cost[columns] > cost[cheapest] + NEAR_COST * (float)(last - first + 1) ||
            last - first > MOST_WEIGHED)
            continue;
        if (!list_readings(page, first, last, columns)) {
            page->failed = true;
            return cheapest;
        }
        score = flat_splits_choose(page->lines + first, last - first + 1, columns) +
                (columns == periods ? HEAD_VOICE * (float)(last - first + 3) : 0);
        if (score > best_score) {
            best = columns;
            best_score = score;
        }
    }
    return last - first > MOST_WEIGHED ? cheapest : best;
}

/* A short word at a label's end with a small number behind it. */
static bool may_refer(const struct flat_page *page, const struct flat_line *line)
{
    const struct flat_token *token = line->tail;

    return line->role == FLAT_FIGURES && line->note_word < 0 && line->word_count > 1 &&
           line->tail_count > 1 && flat_is_note(token) &&
           strlen(page->search->page->words[line->first_word + line->word_count - 1].text) <= MAX_NOTE_WORD;
}

/* The same short word at the end of several labels, with numbers behind it that only grow, refers to notes.
 */
static void find_note_words(struct flat_page *page, int first, int last)
{
    const struct tolka_word *words = page->search->page->words;
    const char *word = NULL;
    int64_t before = 0;
    int found = 0;

    for (int i = first; i <= last; i++) {
        const struct flat_line *line = &page->lines[i];
        const char *mine = line->word_count ? words[line->first_word + line->word_count - 1].text : "";
        if (!may_refer(page, line) || (word && strcmp(word, mine) != 0))
            continue;
        if (line->tail[0].hundredths < before)
            return;
        found++;
        word = mine;
        before = line->tail[0].hundredths;
    }
    for (int i = first; i <= last && found > 1; i++) {
        struct flat_line *line = &page->lines[i];
        if (!may_refer(page, line) || strcmp(word, words[line->first_word + line->word_count - 1].text) != 0)
            continue;
        line->note_word = line->first_word + line->word_count - 1;
        line->word_count++;
        line->tail++;
        line->tail_count--;
        flat_splits_weigh(line);
    }
}

/* Figures under each other, at their left or right edge, for the most part with wide gaps before them. */
static bool keeps_columns(const struct flat_page *page, int first, int last, int columns)
{
    const struct tolka_word *words = page->search->page->words;
    int figures = 0, wide = 0, aligned = 0;

    for (int i = first; i <= last; i++) {
        const struct flat_line *line = &page->lines[i];
        const struct flat_split *split =
            line->role == FLAT_FIGURES && line->split_count ? line->splits : NULL;
        for (int c = 0; split && c < columns; c++) {
            struct tolka_box box;
            bool stands = false;
            if (split->first[c] < 0)
                continue;
            box = tolka_box_union(words[line->tail[split->first[c]].word].box,
                                  words[line->tail[split->end[c] - 1].word].box);
            for (int k = first; k <= last && !stands; k++) {
                const struct flat_line *other = &page->lines[k];
                const struct flat_split *theirs =
                    other->role == FLAT_FIGURES && other->split_count ? other->splits : NULL;
                if (k == i || !theirs || theirs->first[c] < 0)
                    continue;
                stands = abs(words[other->tail[theirs->end[c] - 1].word].box.x1 - box.x1) <
                         grid_px(page->search, 0.5F);
            }
            const int before = line->tail[split->first[c]].word - 1;
            figures++;
            aligned += stands;
            wide += before < page->search->page->lines[line->line].first_word ||
                    box.x0 - words[before].box.x1 > grid_px(page->search, 0.9F);
        }
    }
    return (float)wide >= KEPT_SHARE * (float)figures && (float)aligned >= KEPT_SHARE * (float)figures;
}

struct evidence {
    int lines, amounts, proofs;
    bool falls, leaders;
    int64_t before;
};

static void add_evidence(const struct flat_line *line, int columns, struct evidence *e)
{
    const struct flat_split *split = &line->splits[line->chosen];

    e->lines++;
    e->proofs += line->proved;
    for (int c = 0; c < columns; c++) {
        if (split->first[c] < 0)
            continue;
        e->amounts += split->hundredths[c] > 100 * MAX_PAGE_NUMBER || split->hundredths[c] < 0 ||
                      split->hundredths[c] % 100 != 0 || split->end[c] - split->first[c] > 1 ||
                      line->tail[split->first[c]].kind == FLAT_CLOSED;
        e->falls = e->falls || split->hundredths[c] < e->before;
        e->before = split->hundredths[c];
    }
}

/* Page numbers that only grow, one a line, are contents; a lone line is a table only below a heading. */
static bool is_table(const struct flat_page *page, int first, int last, int columns,
                     const struct flat_heads *heads)
{
    struct evidence e = {0};

    for (int i = first; i <= last; i++) {
        if (page->lines[i].role == FLAT_FIGURES && page->lines[i].split_count)
            add_evidence(&page->lines[i], columns, &e);
    }
    if (e.lines == 0 || (e.lines == 1 && (columns < 2 || !heads->count)))
        return false;
    if (columns == 1 && e.lines >= CONTENTS_LINES && !e.falls && e.amounts == 0 && !e.proofs)
        return false;
    return e.amounts > 0 || e.proofs > 0 || heads->count > 0;
}

/* The table goes on below a heading that is repeated: the same words as before. */
static bool repeats_heads(const struct flat_page *page, const struct flat_heads *heads, int at)
{
    const struct tolka_page *p = page->search->page;
    const struct flat_line *a, *b = &page->lines[at];

    if (!heads->count || b->role != FLAT_HEAD)
        return false;
    a = &page->lines[heads->first + heads->count - 1];
    if (a->word_count + a->tail_count != b->word_count + b->tail_count)
        return false;
    for (int i = 0; i < a->word_count + a->tail_count; i++) {
        if (strcmp(p->words[a->first_word + i].text, p->words[b->first_word + i].text) != 0)
            return false;
    }
    return true;
}

/* Extends the run over a heading that is repeated right below its last line. */
static int pass_repeat(const struct flat_page *page, const struct flat_heads *heads, int first, int last)
{
    const int head = last + 1;

    if (head + 1 >= page->count || head >= first + FLAT_MAX_LINES / 2 || !repeats_heads(page, heads, head))
        return last;
    for (int i = head + 1; i < page->count && i <= head + MAX_LABELS && page->lines[i].role != FLAT_PROSE;
         i++) {
        if (page->lines[i].role == FLAT_FIGURES)
            return part_run(page, i, run_end(page, i));
    }
    return last;
}

/* Small numbers left over before the figures that only grow are notes. */
static bool has_notes(const struct flat_page *page, int first, int last)
{
    int64_t before = 0;
    int notes = 0;

    for (int i = first; i <= last; i++) {
        const struct flat_line *line = &page->lines[i];
        const bool read = line->role == FLAT_FIGURES && line->split_count;
        if (line->note_word >= 0)
            return true;
        if (!read || line->splits[line->chosen].absorbed != 1 || !flat_is_note(&line->tail[0]))
            continue;
        if (line->tail[0].hundredths < before)
            return false;
        before = line->tail[0].hundredths;
        notes++;
    }
    return notes >= LEAST_NOTES;
}

/* A lone small number that nothing proves, below all the amounts: the page's number. Returns the run's last
 * line. */
static int leave_page_number(const struct flat_page *page, int first, int last, int columns)
{
    const struct flat_line *line = &page->lines[last];
    const bool lone = line->tail_count == 1 && line->tail[0].kind == FLAT_NUMBER && !line->tail[0].sign &&
                      line->tail[0].hundredths <= 100 * MAX_PAGE_NUMBER && line->word_count <= 2 &&
                      !line->proved;

    if (!lone || last == first || (columns == 1 && last + 1 < page->count))
        return last;
    do
        last--;
    while (last > first && page->lines[last].role != FLAT_FIGURES);
    return last;
}

/* The last label may go on below its figures. */
static int take_wrapped(const struct flat_page *page, int last)
{
    int end = last;

    while (end + 1 < page->count && end < last + MAX_WRAPPED && page->lines[end + 1].role == FLAT_LABEL &&
           page->lines[end + 1].blanks <= 1 && flat_starts_low(page->search, &page->lines[end + 1]))
        end++;
    return end;
}

/* Lines that are no table here are none by their accidental places either. */
static void take_lines(struct flat_page *page, int first, int last)
{
    for (int i = first; i <= last; i++) {
        const struct flat_line *line = &page->lines[i];
        for (int k = 0; line->role == FLAT_FIGURES && k < line->word_count + line->tail_count; k++)
            page->search->taken[line->first_word + k] = 1;
    }
}

/* Makes a table of the lines first .. last, if they are one. Returns the last line that is done with. */
static int make_table(struct flat_page *page, int floor, int first, int last, int columns,
                      struct flat_heads *heads)
{
    const int grid_columns = columns + has_notes(page, first, last);
    const int end = take_wrapped(page, leave_page_number(page, first, last, columns));

    page->failed = !flat_heads_find(page->search, page->lines, floor, first, columns, grid_columns, heads);
    if (page->failed)
        return last;
    if (is_table(page, first, end, columns, heads))
        page->failed =
            !flat_table_emit(page->search, page->lines, heads->count ? heads->first + heads->count : first,
                             end, columns, grid_columns, heads);
    else
        take_lines(page, first, end);
    return end > last ? end : last;
}

/* Looks at the run at `first`; `floor` is the first line that no table has. Returns the run's last line. */
static int try_run(struct flat_page *page, int floor, int first)
{
    int last = part_run(page, first, run_end(page, first)), columns, longer;
    struct flat_heads heads = {0};

    find_note_words(page, first, last);
    columns = count_columns(page, first, last, periods_above(page, floor, first));
    page->failed =
        page->failed || !flat_heads_find(page->search, page->lines, floor, first, columns, columns, &heads);
    longer = page->failed ? last : pass_repeat(page, &heads, first, last);
    if (longer > last)
        find_note_words(page, last + 1, longer);
    last = longer;
    page->failed = page->failed || !list_readings(page, first, last, columns);
    if (page->failed || keeps_columns(page, first, last, columns))
        return last;
    flat_splits_choose(page->lines + first, last - first + 1, columns);
    return make_table(page, floor, first, last, columns, &heads);
}

bool grid_find_flat(struct grid_search *search)
{
    struct flat_page page = {.count = 0};
    int floor = 0;

    if (!search->page->plain_text)
        return true;
    if (!read_page(search, &page))
        return false;
    for (int i = 0; i < page.count && !page.failed; i++) {
        if (page.lines[i].role != FLAT_FIGURES)
            continue;
        i = try_run(&page, floor, i);
        floor = i + 1;
    }
    return !page.failed;
}
