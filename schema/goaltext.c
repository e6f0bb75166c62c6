/*
 * Tables of goals in plain text. When text is taken out of a page cell by cell, a table of goals becomes a
 * heading ("Delmål Aktivitet Måluppfyllelse") and then one cell below the other, without a mark where a cell
 * ends. Each row ends with what the rules know: a short sentence that says how far the goal was reached. What
 * stands between two such sentences are the row's other cells, which end where a line was left although the
 * next word had room on it, where there is white space, or a sentence ends.
 */
#include "schema/goaltext.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "schema/rules_internal.h"

#include <string.h>

enum {
    MIN_COLUMNS = 2,
    MAX_COLUMNS = 4,
    MAX_HEAD_WORDS = 12,
    MAX_SENTENCE_WORDS = 14, /* of a sentence that says how far the goal was reached */
    MAX_NARROW_CHARS = 26,   /* of a line of it */
    MAX_ROW_LINES = 60,
    MAX_ROWS = 200,
    MAX_GAP = 3,
};

static const float WHITE = 1.0F;   /* an empty line before a cell */
static const float STOP = 1.0F;    /* the line before ends a sentence */
static const float CAPITAL = 1.0F; /* the line begins with one */
static const float SMALL = -4.0F;  /* or with a small letter */
static const float ROOM = 1.2F;    /* the line's first word had room on the line before */
static const float NO_ROOM = -1.0F;

struct goal_row {
    int first, split[MAX_COLUMNS]; /* words first .. split[1] - 1 are the first cell, and so on; the last cell
                                      begins at `said` */
    int said, end;
};

struct goal_text {
    const struct tolka_rules *rules;
    const struct tolka_kind *kind;
    struct tolka_page *page;
    struct tolka_matcher *matcher;
    struct tolka_arena scratch;
    struct tolka_strbuf text;
    int head_first[MAX_COLUMNS + 1], columns;
    struct goal_row rows[MAX_ROWS];
    int row_count, narrow; /* characters of the widest line of the last column */
    bool failed;
};

static const char *word_text(const struct goal_text *g, int word)
{
    return g->page->words[word].text;
}

static bool is_capital(const char *text)
{
    return tolka_utf8_is_upper(tolka_utf8_first(text));
}

static bool ends_sentence(const char *text)
{
    const size_t n = strlen(text);

    return n > 1 && strchr(".!?", text[n - 1]) != NULL;
}

static const char *join_words(struct goal_text *g, int first, int end)
{
    tolka_strbuf_truncate(&g->text, 0);
    for (int w = first; w < end; w++) {
        if (w > first)
            tolka_strbuf_add_char(&g->text, ' ');
        tolka_strbuf_add_str(&g->text, word_text(g, w));
    }
    return tolka_strbuf_text(&g->text);
}

static const char *role_of(struct goal_text *g, int first, int end)
{
    const char *text = join_words(g, first, end);

    for (size_t i = 0; i < g->kind->column_count; i++) {
        if (g->kind->columns[i].pattern && tolka_tight_matches(g->kind->columns[i].pattern, g->matcher, text))
            return g->kind->columns[i].role;
    }
    return NULL;
}

/* The line is a heading of goals: pieces that begin with capitals, the first names goals, the last how they
 * went. */
static bool is_head(struct goal_text *g, const struct tolka_line *line)
{
    const char *first, *last;

    g->columns = 0;
    if (line->grid >= 0 || line->word_count < MIN_COLUMNS || line->word_count > MAX_HEAD_WORDS)
        return false;
    for (int w = line->first_word; w < line->first_word + line->word_count; w++) {
        if (w > line->first_word && !is_capital(word_text(g, w)))
            continue;
        if (g->columns == MAX_COLUMNS)
            return false;
        g->head_first[g->columns++] = w;
    }
    if (g->columns < MIN_COLUMNS)
        return false;
    g->head_first[g->columns] = line->first_word + line->word_count;
    first = role_of(g, g->head_first[0], g->head_first[1]);
    last = role_of(g, g->head_first[g->columns - 1], g->head_first[g->columns]);
    return first && last && strcmp(first, "goal") == 0 && strcmp(last, "fulfilment") == 0;
}

static bool says_fulfilment(struct goal_text *g, int first, int end)
{
    struct tolka_folded folded;

    if (!tolka_fold_text(&g->scratch, join_words(g, first, end), &folded)) {
        g->failed = true;
        return false;
    }
    for (size_t i = 0; i < g->rules->phrase_count; i++) {
        if (tolka_pattern_find(g->rules->phrases[i].pattern, g->matcher, folded.text, folded.length, 0, NULL))
            return true;
    }
    return false;
}

static int line_start(const struct goal_text *g, int word)
{
    return g->page->lines[g->page->words[word].line].first_word;
}

static int line_end(const struct goal_text *g, int word)
{
    const struct tolka_line *line = &g->page->lines[g->page->words[word].line];

    return line->first_word + line->word_count;
}

static int count_chars(const struct goal_text *g, int first, int end)
{
    int chars = 0;

    for (int w = first; w < end; w++)
        chars += (int)tolka_utf8_count(word_text(g, w)) + (w > first);
    return chars;
}

/* A sentence begins here: the first word of a line, or one after a full stop. */
static bool begins_sentence(const struct goal_text *g, int word)
{
    return is_capital(word_text(g, word)) &&
           (word == line_start(g, word) || ends_sentence(word_text(g, word - 1)));
}

/* The end of the sentence: a full stop, or a line's end before a line that begins anew. */
static int sentence_end(const struct goal_text *g, int word, int limit)
{
    int end = word;

    while (end < limit && end - word < MAX_SENTENCE_WORDS) {
        const bool breaks = end + 1 < limit && end + 1 == line_end(g, end);
        if (ends_sentence(word_text(g, end++)))
            return end;
        if (breaks && !tolka_utf8_is_letter(tolka_utf8_first(word_text(g, end))) &&
            line_end(g, end) > end + 1)
            return end;
        if (breaks && is_capital(word_text(g, end)))
            return end;
    }
    return end;
}

/* Characters of the widest line of the words. */
static int widest_line(const struct goal_text *g, int first, int end)
{
    int widest = 0;

    while (first < end) {
        const int stop = line_end(g, first) < end ? line_end(g, first) : end,
                  chars = count_chars(g, first, stop);
        widest = chars > widest ? chars : widest;
        first = stop;
    }
    return widest;
}

/* Sentences that follow in the same narrow cell. */
static int extend_cell(struct goal_text *g, int end, int limit)
{
    while (end < limit && is_capital(word_text(g, end))) {
        const int next = sentence_end(g, end, limit);
        if (next - end < 2 || !ends_sentence(word_text(g, next - 1)) ||
            widest_line(g, end, next) > g->narrow + 1)
            break;
        end = next;
    }
    return end;
}

static int blanks_above(const struct goal_text *g, int word)
{
    const int line = g->page->words[word].line;
    const struct tolka_box *above = line > 0 ? &g->page->lines[line - 1].box : NULL,
                           *box = &g->page->lines[line].box;
    const int height = tolka_box_height(*box) + 1, gap = above ? (box->y0 - above->y1) / height : 0;

    return gap < MAX_GAP ? gap : MAX_GAP;
}

/* How likely a cell of a row that began at `first` ends before this word, the first of its line. */
static float cut_score(const struct goal_text *g, int first, int word)
{
    const uint32_t code = tolka_utf8_first(word_text(g, word));
    const int before = line_start(g, word - 1) > first ? line_start(g, word - 1) : first;
    const int room = widest_line(g, first, word) - count_chars(g, before, word);
    const bool fits = room > (int)tolka_utf8_count(word_text(g, word));
    float score = WHITE * (float)blanks_above(g, word) + (fits ? ROOM : NO_ROOM);

    score += ends_sentence(word_text(g, word - 1)) ? STOP : 0;
    if (tolka_utf8_is_letter(code))
        score += tolka_utf8_is_upper(code) ? CAPITAL : SMALL;
    return score;
}

/* Cuts what stands before a row's last cell into the others. */
static void cut_row(const struct goal_text *g, struct goal_row *row)
{
    int starts[MAX_ROW_LINES], count = 0;
    float best = -1000;

    for (int w = line_end(g, row->first); w < row->said && count < MAX_ROW_LINES; w = line_end(g, w))
        starts[count++] = w;
    for (int c = 1; c < g->columns; c++)
        row->split[c] = row->said;
    for (int i = 0; i < count && g->columns == 3; i++) {
        const float score = cut_score(g, row->first, starts[i]);
        if (score > best) {
            best = score;
            row->split[1] = starts[i];
        }
    }
    for (int i = 0; i < count && g->columns == 4; i++) {
        for (int k = i + 1; k < count; k++) {
            const float score = cut_score(g, row->first, starts[i]) + cut_score(g, starts[i], starts[k]);
            if (score > best) {
                best = score;
                row->split[1] = starts[i];
                row->split[2] = starts[k];
            }
        }
    }
}

static bool is_number(const char *text)
{
    return strspn(text, "0123456789") == strlen(text);
}

/* The line that begins with the word stands on the page more than once, its number apart. */
static bool is_repeated(const struct goal_text *g, int first)
{
    const int count = line_end(g, first) - first;
    int same = 0;

    for (size_t i = 0; i < g->page->line_count && same < 2; i++) {
        const struct tolka_line *line = &g->page->lines[i];
        bool equal = line->word_count == count;
        for (int w = 0; equal && w < count; w++) {
            const char *a = word_text(g, line->first_word + w), *b = word_text(g, first + w);
            equal = strcmp(a, b) == 0 || (is_number(a) && is_number(b));
        }
        same += equal;
    }
    return same > 1;
}

/* Lines between cells that stand on the page more than once are its furniture: the row begins below them,
 * with a new sentence. */
static int skip_furniture(const struct goal_text *g, int first, int said)
{
    int row = first;

    while (row < said && is_repeated(g, row))
        row = line_end(g, row);
    if (row >= said)
        return first;
    return tolka_utf8_is_letter(tolka_utf8_first(word_text(g, row))) && !is_capital(word_text(g, row)) ? first
                                                                                                       : row;
}

static void add_row(struct goal_text *g, int first, int said, int end)
{
    struct goal_row *row;

    if (first >= said && g->row_count > 0) {
        g->rows[g->row_count - 1].end = end;
        return;
    }
    if (g->row_count == MAX_ROWS)
        return;
    row = &g->rows[g->row_count++];
    *row = (struct goal_row){.first = skip_furniture(g, first, said), .said = said, .end = end};
    cut_row(g, row);
}

/* The rows between the words from `first` to `limit`. */
static void read_rows(struct goal_text *g, int first, int limit)
{
    int from = first;

    g->row_count = g->narrow = 0;
    for (int w = first; w < limit && !g->failed; w++) {
        int end;
        if (g->page->words[w].line - g->page->words[from].line > MAX_ROW_LINES)
            return;
        if (!begins_sentence(g, w))
            continue;
        end = sentence_end(g, w, limit);
        if (widest_line(g, w, end) > MAX_NARROW_CHARS || !says_fulfilment(g, w, end))
            continue;
        g->narrow = widest_line(g, w, end) > g->narrow ? widest_line(g, w, end) : g->narrow;
        end = extend_cell(g, end, limit);
        add_row(g, from, w, end);
        from = end;
        w = end - 1;
    }
}

static bool fill_cell(struct goal_text *g, struct tolka_grid *grid, int row, int column, int first, int end)
{
    struct tolka_grid_cell *cell = &grid->cells[row * grid->column_count + column];

    if (first >= end)
        return true;
    cell->words = tolka_arena_array(&g->page->arena, (size_t)(end - first), sizeof *cell->words);
    if (!cell->words)
        return false;
    for (int w = first; w < end; w++) {
        cell->words[cell->word_count++] = w;
        cell->box = tolka_box_union(cell->box, g->page->words[w].box);
    }
    grid->box = tolka_box_union(grid->box, cell->box);
    return true;
}

/* Moves the last grid up to where it stands in reading order. */
static void sort_last_grid(struct tolka_page *page)
{
    for (size_t at = page->grid_count - 1; at > 0 && page->grids[at - 1].box.y0 > page->grids[at].box.y0;
         at--) {
        const struct tolka_grid moved = page->grids[at];
        page->grids[at] = page->grids[at - 1];
        page->grids[at - 1] = moved;
        for (size_t i = 0; i < page->line_count; i++) {
            int *grid = &page->lines[i].grid;
            *grid = *grid == (int)at ? (int)at - 1 : *grid == (int)at - 1 ? (int)at : *grid;
        }
    }
}

static bool add_grid(struct goal_text *g)
{
    struct tolka_grid *grid = tolka_page_add_grid(g->page, g->row_count + 1, g->columns);
    const int last = g->page->words[g->rows[g->row_count - 1].end - 1].line;

    if (!grid)
        return true;
    for (int c = 0; c < g->columns; c++) {
        if (!fill_cell(g, grid, 0, c, g->head_first[c], g->head_first[c + 1]))
            return false;
    }
    for (int r = 0; r < g->row_count; r++) {
        const struct goal_row *row = &g->rows[r];
        for (int c = 0; c < g->columns; c++) {
            const int first = c == 0 ? row->first : c == g->columns - 1 ? row->said : row->split[c];
            const int end = c == g->columns - 1   ? row->end
                            : c == g->columns - 2 ? row->said
                                                  : row->split[c + 1];
            if (!fill_cell(g, grid, r + 1, c, first, end))
                return false;
        }
    }
    for (int i = g->page->words[g->head_first[0]].line; i <= last; i++)
        g->page->lines[i].grid = (int)g->page->grid_count - 1;
    sort_last_grid(g->page);
    return true;
}

/* The end of the words from the line on until a table or the next heading of goals. */
static int find_limit(struct goal_text *g, size_t line)
{
    int head_first[MAX_COLUMNS + 1], limit = g->page->lines[line].first_word;
    const int columns = g->columns;

    memcpy(head_first, g->head_first, sizeof head_first);
    for (; line < g->page->line_count && g->page->lines[line].grid < 0 && !is_head(g, &g->page->lines[line]);
         line++)
        limit = g->page->lines[line].first_word + g->page->lines[line].word_count;
    memcpy(g->head_first, head_first, sizeof head_first);
    g->columns = columns;
    return limit;
}

enum tolka_status tolka_goal_grids_find(const struct tolka_rules *rules, struct tolka_page *page,
                                        struct tolka_error *err)
{
    struct goal_text *g;
    struct tolka_arena arena = {0};

    if (!page->plain_text || !rules || !tolka_rules_kind_lookup(rules, "goals"))
        return TOLKA_OK;
    g = tolka_arena_alloc(&arena, sizeof *g);
    if (!g)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    *g = (struct goal_text){.rules = rules, .kind = tolka_rules_kind_lookup(rules, "goals"), .page = page};
    g->matcher = tolka_matcher_new();
    g->failed = !g->matcher;
    for (size_t i = 0; !g->failed && i + 1 < page->line_count; i++) {
        if (!is_head(g, &page->lines[i]))
            continue;
        read_rows(g, page->lines[i + 1].first_word, find_limit(g, i + 1));
        if (g->row_count > 0 && !g->failed)
            g->failed = !add_grid(g);
    }
    const bool failed = g->failed;
    tolka_strbuf_release(&g->text);
    tolka_matcher_free(g->matcher);
    tolka_arena_release(&g->scratch);
    tolka_arena_release(&arena);
    return failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory") : TOLKA_OK;
}
