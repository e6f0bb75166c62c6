/*
 * Tables of text alone: lines whose pieces begin at the same two or more places, line after line. Prose in
 * columns begins so too; it is told by its first column, which is filled to its right edge on most lines.
 * Lists have a first column of bullets or numbers; signatures stand by dots or under short rules. A rule
 * under the first line (a heading) or under many lines makes a table of fewer lines.
 */
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

/* In units of the median word height. */
static const float ALIGNED = 0.5f;
static const float WIDEST_GAP = 2.0f;       /* white space between lines of one cell */
static const float WIDEST_ROW_GAP = 3.2f;   /* between rows that have all their pieces */
static const float WIDEST_RULED_GAP = 5.0f; /* with a rule in between */
static const float HEAD_GAP = 0.9f;         /* white space within a heading */
static const float COLUMN_GAP = 1.5f;
static const float RAGGED = 4.0f;      /* between the ends of a column of words */
static const float NARROW = 2.2f;      /* a column of bullets or item numbers */
static const float FULL_EDGE = 1.6f;   /* a line that ends this near the column's right edge is full */
static const float FULL_SHARE = 0.45f; /* of the lines of a column of prose, at least */
static const float WORD_SPACE = 0.35f;
static const float SAME_END = 1.0f;      /* between the ends of two cells of a row */
static const float EMPTY_LINE = 1.6f;    /* of white space: more than between lines */
static const float RULE_SHARE = 0.7f;    /* of the table's width that a rule under its heading covers */
static const float MARGIN_SHARE = 0.07f; /* of the page's height: running headers and footers */

/* Mean confidence of the words of a heading, at least. */
static const float LEGIBLE = 0.6f;

enum {
    MAX_TRACKS = 12,
    LEAST_LINES = 4,
    LEAST_RULED_LINES = 2,
    PROSE_LINES = 4,
    LONG_TEXT = 8,
    SENTENCE_WORDS = 5,
    MAX_BREAKS = 200
};

/* A longer run that is no table is not looked at again from its second line on: that would take quadratic
 * time. */
enum { MOST_AGAIN = 12 };

struct run {
    int first_row, last_row; /* the last line with two pieces, and what wraps below it */
    int x0[MAX_TRACKS], x1[MAX_TRACKS], support[MAX_TRACKS];
    int track_count;
    int pairs;
    int cells, text; /* beyond the first column: all, and those that are text */
    int longest;     /* words of its longest piece */
    int head_lines;  /* above the line that the run began with */
    int wraps;       /* lines of a later column alone */
    bool leaders;
};

static bool is_pair(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (chunk->kind == GRID_LEADER)
            return false;
        if (i > 0 && chunk->box.x0 - chunk[-1].box.x1 < grid_px(search, COLUMN_GAP))
            return false;
    }
    return row->chunk_count > 1 && row->chunk_count <= MAX_TRACKS;
}

/* The place that a piece belongs to: it begins there, or stands mostly over or under what is there. -1: none,
 * -2: more than one. */
static int find_track(const struct grid_search *search, const struct run *run, const struct grid_chunk *chunk)
{
    int found = -1, width = tolka_box_width(chunk->box);

    for (int i = 0; i < run->track_count; i++) {
        int shared = grid_overlap(run->x0[i], run->x1[i], chunk->box.x0, chunk->box.x1),
            other = run->x1[i] - run->x0[i];
        bool mine = abs(run->x0[i] - chunk->box.x0) <= grid_px(search, ALIGNED) ||
                    2 * shared > (width < other ? width : other);
        if (mine || shared > grid_px(search, ALIGNED))
            found = found == -1 && mine ? i : -2;
    }
    return found;
}

/* Every piece of the row belongs to one of the run's places, no two to the same. */
static bool row_fits(const struct grid_search *search, const struct run *run, int r)
{
    const struct grid_row *row = &search->rows[r];
    int before = -1;

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        int t = chunk->kind == GRID_LEADER ? -1 : find_track(search, run, chunk);
        if (t < 0 || t == before)
            return false;
        before = t;
    }
    return true;
}

/* The piece of row r at place t; NULL when there is none. */
static const struct grid_chunk *piece_at(const struct grid_search *search, const struct run *run, int r,
                                         int t)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        if (find_track(search, run, &search->chunks[row->first_chunk + i]) == t)
            return &search->chunks[row->first_chunk + i];
    }
    return NULL;
}

static void add_row(const struct grid_search *search, struct run *run, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        int t = find_track(search, run, chunk);
        if (t < 0)
            continue;
        run->support[t]++;
        run->longest = chunk->token_count > run->longest ? chunk->token_count : run->longest;
        run->text += t > 0 && chunk->kind == GRID_TEXT;
        run->cells += t > 0;
        run->x0[t] = chunk->box.x0 < run->x0[t] ? chunk->box.x0 : run->x0[t];
        run->x1[t] = chunk->box.x1 > run->x1[t] ? chunk->box.x1 : run->x1[t];
    }
    run->pairs += row->chunk_count > 1;
    run->last_row = r;
}

static void start_run(const struct grid_search *search, struct run *run, int r)
{
    const struct grid_row *row = &search->rows[r];

    *run = (struct run){.first_row = r, .track_count = row->chunk_count};
    for (int i = 0; i < row->chunk_count; i++) {
        run->x0[i] = search->chunks[row->first_chunk + i].box.x0;
        run->x1[i] = search->chunks[row->first_chunk + i].box.x1;
    }
    add_row(search, run, r);
}

static bool has_leaders(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        if (search->chunks[row->first_chunk + i].kind == GRID_LEADER)
            return true;
    }
    return false;
}

/* A heading that is a line taller than the others: one line above the first, over a later column. */
static void take_line_above(const struct grid_search *search, struct run *run)
{
    int r = run->first_row - 1;
    const struct grid_row *row = &search->rows[r < 0 ? 0 : r];

    if (r < 0 || search->rows[r + 1].box.y0 - row->box.y1 > grid_px(search, HEAD_GAP) ||
        !row_fits(search, run, r) ||
        search->taken[search->tokens[search->chunks[row->first_chunk].first_token].word] ||
        find_track(search, run, &search->chunks[row->first_chunk]) < 1)
        return;
    run->first_row = r;
    run->head_lines = 1;
}

static bool row_is_bold(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        if (!(search->page->words[search->tokens[chunk->first_token].word].flags & TOLKA_WORD_BOLD))
            return false;
    }
    return true;
}

/* Whether row r is no further below the one before it than rows of one table are. */
static bool is_near(const struct grid_search *search, const struct run *run, int r)
{
    const struct tolka_box *above = &search->rows[r - 1].box, *box = &search->rows[r].box;
    const int gap = box->y0 - above->y1;

    if (gap <= grid_px(search, WIDEST_GAP))
        return true;
    if (gap <= grid_px(search, WIDEST_ROW_GAP) && search->rows[r].chunk_count == run->track_count &&
        (run->longest >= SENTENCE_WORDS ||
         row_is_bold(search, run->first_row))) /* names to sign by stand so far apart too */
        return true;
    return gap <= grid_px(search, WIDEST_RULED_GAP) &&
           grid_rule_between(search, above->y1 - grid_px(search, HEAD_GAP), box->y0, run->x0[0],
                             run->x1[run->track_count - 1], RULE_SHARE);
}

/* Whether a lone line at the foot of the run goes on with its first column's last cell: it is as near as
 * lines of a cell are, and its first word would not have found room above. */
static bool ends_cell(const struct grid_search *search, const struct run *run, int r)
{
    const struct grid_chunk *chunk = &search->chunks[search->rows[r].first_chunk],
                            *above = piece_at(search, run, r - 1, 0);
    const struct tolka_box *word = &search->page->words[search->tokens[chunk->first_token].word].box;

    return above && search->rows[r].chunk_count == 1 && find_track(search, run, chunk) == 0 &&
           chunk->box.y0 - above->box.y1 <= grid_px(search, HEAD_GAP) &&
           above->box.x1 + grid_px(search, WORD_SPACE) + tolka_box_width(*word) > run->x1[0];
}

/* The longest run of lines from r on; a wrapped line with one piece counts when it stands in a later column
 * or a pair follows. */
static void grow_run(const struct grid_search *search, struct run *run, int r)
{
    struct run grown;

    start_run(search, run, r);
    grown = *run;
    for (int next = r + 1; next < search->row_count; next++) {
        const struct grid_row *row = &search->rows[next];
        bool later_column;

        if (!is_near(search, &grown, next) || !row_fits(search, &grown, next))
            break;
        later_column =
            row->chunk_count > 0 && find_track(search, &grown, &search->chunks[row->first_chunk]) > 0;
        add_row(search, &grown, next);
        grown.wraps += row->chunk_count == 1 && later_column;
        if (row->chunk_count > 1 || later_column ||
            (run->last_row == next - 1 && ends_cell(search, run, next)))
            *run = grown;
    }
    take_line_above(search, run);
    for (int k = run->first_row - 2; k <= run->last_row + 2; k++)
        run->leaders |= k >= 0 && k < search->row_count && has_leaders(search, k);
}

static bool column_is_full(const struct grid_search *search, const struct run *run, int t)
{
    int full = 0, lines = 0;

    for (int r = run->first_row; r <= run->last_row; r++) {
        const struct grid_chunk *chunk = piece_at(search, run, r, t);
        if (!chunk)
            continue;
        lines++;
        full += chunk->box.x1 > run->x1[t] - grid_px(search, FULL_EDGE) && chunk->token_count > 2;
    }
    return lines >= PROSE_LINES && (float)full >= FULL_SHARE * (float)lines;
}

/* Where one line of a column follows another. */
struct line_break {
    int y0, y1;  /* the white space between them */
    bool forced; /* the next word would have found no room */
};

/* The breaks of column t from top to bottom, at most MAX_BREAKS; their count. */
static int find_breaks(const struct grid_search *search, const struct run *run, int t, struct line_break *out)
{
    const struct grid_chunk *before = NULL;
    int count = 0;

    for (int r = run->first_row; r <= run->last_row && count < MAX_BREAKS; r++) {
        const struct grid_chunk *chunk = piece_at(search, run, r, t);
        if (chunk && before) {
            const struct tolka_box *word = &search->page->words[search->tokens[chunk->first_token].word].box;
            const int needed = before->box.x1 + grid_px(search, WORD_SPACE) + tolka_box_width(*word);
            out[count++] = (struct line_break){before->box.y1, chunk->box.y0, needed > run->x1[t]};
        }
        before = chunk ? chunk : before;
    }
    return count;
}

static int count_forced(const struct line_break *breaks, int count)
{
    int forced = 0;

    for (int i = 0; i < count; i++)
        forced += breaks[i].forced;
    return forced;
}

/* Whether a column has an end of its own beside the end `at` of another: rows end so, paragraphs do not. */
static bool ends_beside(const struct grid_search *search, const struct line_break *breaks, int count,
                        const struct line_break *at)
{
    const int y = (at->y0 + at->y1) / 2;

    for (int i = 0; i < count; i++) {
        const int middle = (breaks[i].y0 + breaks[i].y1) / 2;
        const bool near =
            abs(middle - y) <= grid_px(search, SAME_END) || (breaks[i].y0 <= y && breaks[i].y1 >= y);
        if (near && (!breaks[i].forced || breaks[i].y1 - breaks[i].y0 > grid_px(search, EMPTY_LINE)))
            return true;
    }
    return false;
}

/*
 * Prose in columns: a first column that is set full to its right edge; or lines that mostly end where the
 * next word found no room, as those of cells do too, but where one column's text ends the next one's goes on.
 */
static bool is_prose(const struct grid_search *search, const struct run *run)
{
    struct line_break first[MAX_BREAKS], next[MAX_BREAKS];
    int firsts, ends = 0, beside = 0;

    if (run->track_count == 2 && column_is_full(search, run, 0))
        return true;
    firsts = find_breaks(search, run, 0, first);
    if (firsts < PROSE_LINES || 2 * count_forced(first, firsts) < firsts)
        return false;
    for (int t = 1; t < run->track_count; t++) {
        const int nexts = find_breaks(search, run, t, next);
        if (nexts < PROSE_LINES || 2 * count_forced(next, nexts) < nexts)
            return false;
        for (int i = 0; i < firsts; i++) {
            ends += !first[i].forced;
            beside += !first[i].forced && ends_beside(search, next, nexts, &first[i]);
        }
    }
    return ends < (firsts < LONG_TEXT ? 1 : 2) || 3 * beside <= 2 * ends;
}

/* Lines of the run with a rule under them, the last one left out. */
static int ruled_lines(const struct grid_search *search, const struct run *run, bool *under_first)
{
    int ruled = 0;

    *under_first = false;
    for (int r = run->first_row; r < run->last_row; r++) {
        const struct tolka_box *a = &search->rows[r].box, *b = &search->rows[r + 1].box;
        bool rule = grid_rule_between(search, (a->y0 + a->y1) / 2, (b->y0 + b->y1) / 2, run->x0[0],
                                      run->x1[run->track_count - 1], RULE_SHARE);
        ruled += rule;
        *under_first |= rule && r <= run->first_row + run->head_lines;
    }
    return ruled;
}

/* What a hand wrote above a line to sign on, or specks, is no heading: print is read better. */
static bool row_is_legible(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];
    float sum = 0;
    int count = 0;

    for (int i = 0; i < row->chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[row->first_chunk + i];
        for (int k = 0; k < chunk->token_count; k++, count++)
            sum += search->page->words[search->tokens[chunk->first_token + k].word].confidence;
    }
    return sum >= LEGIBLE * (float)count;
}

/* Figures stand below the run in its own columns: it is the heading of their table. */
static bool heads_figures(const struct grid_search *search, const struct run *run)
{
    const int next = run->last_row + 1;
    int figures = 0;

    if (next >= search->row_count ||
        search->rows[next].box.y0 - search->rows[run->last_row].box.y1 > grid_px(search, WIDEST_GAP))
        return false;
    for (int i = 0; i < search->rows[next].chunk_count; i++) {
        const struct grid_chunk *chunk = &search->chunks[search->rows[next].first_chunk + i];
        figures += chunk->kind == GRID_FIGURE && find_track(search, run, chunk) >= 0;
    }
    return figures > 1;
}

/* Amounts behind a label: a sum that ends a table of figures, no heading. */
static bool row_has_amounts(const struct grid_search *search, int r)
{
    const struct grid_row *row = &search->rows[r];

    for (int i = 1; i < row->chunk_count; i++) {
        if (search->chunks[row->first_chunk + i].kind == GRID_FIGURE &&
            !search->chunks[row->first_chunk + i].period)
            return true;
    }
    return false;
}

/* The first line is in bold and what follows is not: a heading as sure as a rule. */
static bool has_bold_head(const struct grid_search *search, const struct run *run)
{
    return run->first_row < run->last_row && row_is_bold(search, run->first_row) &&
           !row_has_amounts(search, run->first_row) && !row_is_bold(search, run->last_row) &&
           !heads_figures(search, run);
}

/* Two columns whose second begins at one place and ends at many: what is told on the left, in words and in
 * figures
 * ("Byggår  1968"). Amounts end at one place. */
static bool tells_facts(const struct grid_search *search, const struct run *run)
{
    int last = run->x1[1], rows = 0;

    if (run->track_count != 2 || run->wraps)
        return false;
    for (int r = run->first_row; r <= run->last_row; r++) {
        const struct grid_chunk *chunk = piece_at(search, run, r, 1);
        if (!chunk)
            continue;
        if (chunk->box.x0 - run->x0[1] > grid_px(search, ALIGNED))
            return false;
        last = chunk->box.x1 < last ? chunk->box.x1 : last;
        rows++;
    }
    return rows >= LEAST_LINES && run->x1[1] - last > grid_px(search, RAGGED);
}

/* `*prose`: it is none, and no part of it is one. */
static bool is_table(const struct grid_search *search, const struct run *run, bool *prose)
{
    const struct grid_row *first = &search->rows[run->first_row], *last = &search->rows[run->last_row];
    float height = (float)search->page->height;
    bool under_first;
    int ruled = ruled_lines(search, run, &under_first), least;

    *prose = false;
    under_first = (under_first || has_bold_head(search, run)) && row_is_legible(search, run->first_row);
    least = under_first || ruled > 1 ? LEAST_RULED_LINES : LEAST_LINES;

    if (10 * run->text < (tells_facts(search, run) ? 3 : 6) * run->cells)
        return false;
    if (run->wraps && least == LEAST_LINES)
        least--;
    if (run->pairs < least || run->leaders || run->x1[0] - run->x0[0] < grid_px(search, NARROW))
        return false;
    if ((float)last->box.y1 < MARGIN_SHARE * height || (float)first->box.y0 > (1 - MARGIN_SHARE) * height)
        return false;
    for (int t = 1; t < run->track_count; t++) {
        if (2 * run->support[t] < run->pairs)
            return false;
    }
    *prose = ruled < 2 && !under_first && is_prose(search, run);
    return !*prose;
}

static bool emit_run(struct grid_search *search, const struct run *run)
{
    struct grid_draft draft = {
        .region = {run->first_row, run->last_row, run->x0[0] - grid_px(search, 1), 1 << 30}};

    draft.columns = tolka_arena_array(&search->scratch, (size_t)run->track_count, sizeof *draft.columns);
    if (!draft.columns)
        return false;
    for (int t = 0; t < run->track_count; t++)
        draft.columns[t] = (struct grid_column){run->x0[t], run->x1[t], run->support[t], false};
    draft.column_count = run->track_count;
    grid_columns_assign(search, &draft);
    return grid_lines_join(search, &draft) && (draft.row_count < 2 || grid_emit_draft(search, &draft));
}

bool grid_find_textual(struct grid_search *search)
{
    int r = 0;

    while (r < search->row_count) {
        struct run run;
        bool prose;

        if (!is_pair(search, r)) {
            r++;
            continue;
        }
        grow_run(search, &run, r);
        if (!is_table(search, &run, &prose)) {
            r = prose || run.pairs > MOST_AGAIN ? run.last_row + 1 : r + 1;
            continue;
        }
        if (!emit_run(search, &run))
            return false;
        r = run.last_row + 1;
    }
    return true;
}
