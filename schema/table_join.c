/*
 * Tables over a page break. The second part goes on with the first when it opens the next page, the first
 * closed its page, their columns stand at the same places (a column without words in one part may be missing
 * there), and the second has no heading rows of its own, or repeats those of the first. A row cut by the
 * break is joined only when a cell of it clearly goes on: it ended without a full stop and continues in lower
 * case.
 */
#include "schema/table_int.h"

#include "base/utf8.h"

#include <string.h>

enum {
    PLACE_TOLERANCE = 60, /* per mille of the page's width that a column may have moved between the parts */
    SAME_HEAD_PERCENT = 70,
    MAX_COLUMNS = 64,
    NOTE_TOLERANCE = 8,  /* the same, of a note's number beside its column */
    MAX_GROUP_LINES = 4, /* group headings that the grid left above itself */
};

/* Compares letters and digits only, so that a slip of spacing or a mark does not tell headings apart; counts
 * what agrees. */
static bool same_words(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b), longer = la > lb ? la : lb, same = 0;

    for (size_t i = 0; i < la && i < lb; i++)
        same += a[i] == b[i];
    return longer == 0 || same * 100 >= longer * SAME_HEAD_PERCENT;
}

static bool repeats_head(const struct tolka_table *first, const struct tolka_table *next)
{
    int filled = 0;

    if (next->header_rows > first->header_rows || next->column_count != first->column_count)
        return false;
    for (int r = 0; r < next->header_rows; r++) {
        for (int c = 0; c < next->column_count; c++) {
            const char *text = tolka_table_cell(next, r, c)->text;

            if (!same_words(tolka_table_cell(first, r, c)->text, text))
                return false;
            filled += *text != '\0';
        }
    }
    return filled > 0;
}

/* The two halves of a balance sheet have a heading each: one closes in capitals ("SUMMA TILLGÅNGAR"), the
 * other opens in capitals and without figures ("EGET KAPITAL OCH SKULDER"). */
static bool is_other_half(const struct tolka_table *first, const struct tolka_table *next)
{
    const int row = next->header_rows;

    if (row >= next->row_count || !tolka_table_is_upper(tolka_table_cell(next, row, 0)->text) ||
        !tolka_table_is_upper(tolka_table_cell(first, first->row_count - 1, 0)->text))
        return false;
    for (int c = 1; c < next->column_count; c++) {
        if (*tolka_table_cell(next, row, c)->text)
            return false;
    }
    return tolka_table_cell(first, first->row_count - 1, first->column_count - 1)->has_value;
}

static int overlap(struct tolka_column_place a, struct tolka_column_place b)
{
    int x0 = a.x0 > b.x0 ? a.x0 : b.x0, x1 = a.x1 < b.x1 ? a.x1 : b.x1;

    return x1 - x0;
}

/* For each column of `next` its column in `first`: the one it overlaps most, in ascending order. False when
 * they do not fit. */
static bool map_columns(const struct tolka_table_draft *first, const struct tolka_table_draft *next,
                        int map[MAX_COLUMNS])
{
    const bool equal = first->table.column_count == next->table.column_count;
    int last = -1;

    for (int c = 0; c < next->table.column_count; c++) {
        int best = -1, best_overlap = -PLACE_TOLERANCE;

        if (next->columns[c].x1 <= next->columns[c].x0) {
            best = equal ? c : -1;
        } else {
            for (int k = last + 1; k < first->table.column_count; k++) {
                int shared = overlap(first->columns[k], next->columns[c]);

                if (first->columns[k].x1 <= first->columns[k].x0)
                    shared = equal && k == c ? 0 : -PLACE_TOLERANCE;
                if (shared > best_overlap) {
                    best = k;
                    best_overlap = shared;
                }
            }
        }
        if (best <= last || (equal && best != c))
            return false;
        map[c] = last = best;
    }
    return true;
}

static bool goes_on(const struct tolka_table_draft *first, const struct tolka_table_draft *next,
                    int map[MAX_COLUMNS], int *skip)
{
    *skip = 0;
    if (!first->last_on_page || next->page->number != first->page->number + 1)
        return false;
    if (first->table.column_count > MAX_COLUMNS || next->table.column_count > first->table.column_count)
        return false;
    if (next->table.header_rows > 0) {
        bool words_only = true;

        if (repeats_head(&first->table, &next->table)) {
            if (is_other_half(&first->table, &next->table))
                return false;
            *skip = next->table.header_rows;
        } else {
            for (int c = 1; c < next->table.column_count; c++)
                words_only = words_only && !next->numeric[c];
            if (!words_only || first->table.header_rows == 0)
                return false;
        }
    }
    return map_columns(first, next, map);
}

/*
 * A table that fell in two on its page, at a rule or a somewhat wider gap: figures in the same columns, no
 * heading of their own, and hardly more white space than between rows.
 */
static bool goes_on_below(const struct tolka_table_draft *first, const struct tolka_table_draft *next,
                          const struct tolka_line *const *groups, int group_count, int map[MAX_COLUMNS])
{
    const struct tolka_grid *upper = first->grid, *lower = next->grid;
    const int pitch = (upper->box.y1 - upper->box.y0) / (upper->row_count > 0 ? upper->row_count : 1);
    int bottom = upper->box.y1;
    bool figures = false;

    if (first->table.header_rows == 0 || next->table.header_rows > 0 || first->table.row_count < 3 ||
        first->table.column_count != next->table.column_count || first->table.column_count > MAX_COLUMNS ||
        upper->row_count < 2 || lower->box.y0 < upper->box.y1 - pitch || group_count < 0)
        return false;
    for (int c = 1; c < next->table.column_count; c++) {
        figures = figures || next->numeric[c];
        if (next->numeric[c] && !first->numeric[c])
            return false;
    }
    for (int i = 0; i < group_count; i++) {
        if (groups[i]->box.y0 - bottom > pitch)
            return false;
        bottom = groups[i]->box.y1;
    }
    return figures && lower->box.y0 - bottom <= pitch && map_columns(first, next, map);
}

static uint32_t last_char(const char *text)
{
    size_t length = strlen(text);

    return length ? (unsigned char)text[length - 1] : 0;
}

/* True when the first row of `next` is the rest of the last row of `table`. */
static bool row_is_cut(const struct tolka_table *table, const struct tolka_table *next, int row,
                       const int *map)
{
    bool cut = false;

    for (int c = 0; c < next->column_count; c++) {
        const char *after = tolka_table_cell(next, row, c)->text;
        const char *before = tolka_table_cell(table, table->row_count - 1, map[c])->text;
        uint32_t end = last_char(before);

        if (!*after)
            continue;
        if (tolka_table_cell(next, row, c)->has_value || !tolka_utf8_is_small(tolka_utf8_first(after)) ||
            !*before || end == '.' || end == '!' || end == '?')
            return false;
        cut = true;
    }
    return cut;
}

static bool append_text(struct tolka_table_builder *builder, struct tolka_cell *cell,
                        const struct tolka_cell *rest)
{
    size_t last = 0;
    const char *space = strrchr(cell->text, ' ');

    if (!*rest->text)
        return true;
    tolka_strbuf_truncate(&builder->scratch, 0);
    tolka_strbuf_add_str(&builder->scratch, cell->text);
    last = space ? (size_t)(space + 1 - cell->text) : 0;
    tolka_table_append_word(builder, rest->text, true, &last);
    cell->text = tolka_arena_strdup(builder->arena, tolka_strbuf_text(&builder->scratch));
    cell->raw = tolka_arena_printf(builder->arena, "%s %s", cell->raw, rest->raw);
    if (rest->confidence < cell->confidence)
        cell->confidence = rest->confidence;
    if (rest->status == TOLKA_CELL_REPAIRED && cell->status == TOLKA_CELL_READ)
        cell->status = rest->status;
    return cell->text && cell->raw;
}

static void copy_row(const struct tolka_table *from, int from_row, struct tolka_table *to, int to_row,
                     const int *map)
{
    for (int c = 0; c < to->column_count; c++)
        *tolka_table_cell(to, to_row, c) = (struct tolka_cell){
            .text = "", .raw = "", .page = tolka_table_cell(from, from_row, 0)->page, .confidence = 1};
    for (int c = 0; c < from->column_count; c++)
        *tolka_table_cell(to, to_row, map ? map[c] : c) = *tolka_table_cell(from, from_row, c);
}

static bool append_page(struct tolka_table_builder *builder, struct tolka_table *table, int page)
{
    int *pages = tolka_arena_array(builder->arena, table->page_count + 1, sizeof *pages);

    if (!pages)
        return false;
    memcpy(pages, table->pages, table->page_count * sizeof *pages);
    pages[table->page_count] = page;
    table->pages = pages;
    table->page_count++;
    return true;
}

/* Appends the rows of `next` from `skip` on; the first of them into the last row when the break cut it. */
static bool append_rows(struct tolka_table_builder *builder, struct tolka_table *table,
                        const struct tolka_table *next, int skip, const int *map)
{
    const bool cut = skip < next->row_count && row_is_cut(table, next, skip, map);
    struct tolka_table joined = *table;
    int first = skip + cut;

    for (int c = 0; cut && c < next->column_count; c++) {
        if (!append_text(builder, tolka_table_cell(table, table->row_count - 1, map[c]),
                         tolka_table_cell(next, skip, c)))
            return false;
    }
    joined.row_count = table->row_count + next->row_count - first;
    joined.cells = tolka_arena_array(builder->arena, (size_t)joined.row_count * (size_t)joined.column_count,
                                     sizeof *joined.cells);
    if (!joined.cells)
        return false;
    for (int r = 0; r < table->row_count; r++)
        copy_row(table, r, &joined, r, NULL);
    for (int r = first; r < next->row_count; r++)
        copy_row(next, r, &joined, table->row_count + r - first, map);
    *table = joined;
    if (table->pages[table->page_count - 1] != next->pages[0])
        return append_page(builder, table, next->pages[0]);
    if (table->page_count == 1)
        table->box = tolka_box_union(table->box, next->box);
    return true;
}

/* The column of a word in a group heading: the first, but for what stands well behind it, as a note's number.
 */
static int column_of_word(const struct tolka_table_draft *draft, const struct tolka_word *word)
{
    const int width = draft->page->width > 0 ? draft->page->width : 1;
    const int middle = (word->box.x0 + word->box.x1) / 2 * 1000 / width;

    for (int c = draft->table.column_count - 1; c > 0; c--) {
        if (middle >= draft->columns[c].x0 - NOTE_TOLERANCE &&
            middle <= draft->columns[c].x1 + NOTE_TOLERANCE && middle > draft->columns[0].x1)
            return c;
    }
    return 0;
}

/* Fills a row of cells with the words of a group heading. */
static bool fill_group(struct tolka_table_builder *builder, const struct tolka_table_draft *draft,
                       const struct tolka_line *line, struct tolka_cell *row)
{
    int *words = tolka_arena_array(builder->arena, (size_t)line->word_count + 1, sizeof *words);

    for (int c = 0; words && c < draft->table.column_count; c++) {
        struct tolka_grid_cell source = {.words = words};

        for (int w = line->first_word; w < line->first_word + line->word_count; w++) {
            const struct tolka_word *word = &draft->page->words[w];

            if (column_of_word(draft, word) != c)
                continue;
            source.box = tolka_box_union(source.box, word->box);
            words[source.word_count++] = w;
        }
        if (!tolka_table_fill_cell(builder, draft->page, &source, &row[c]))
            return false;
    }
    return words != NULL;
}

/* Puts group headings that stand above the table's grid in front of its rows. */
static bool prepend_groups(struct tolka_table_builder *builder, struct tolka_table_draft *draft,
                           const struct tolka_line **lines, int count)
{
    struct tolka_table *table = &draft->table;
    const size_t columns = (size_t)table->column_count, rows = (size_t)(table->row_count + count);
    struct tolka_cell *cells = tolka_arena_array(builder->arena, rows * columns, sizeof *cells);

    if (!cells)
        return false;
    memcpy(cells + (size_t)count * columns, table->cells, (size_t)table->row_count * columns * sizeof *cells);
    for (int i = 0; i < count; i++) {
        if (!fill_group(builder, draft, lines[i], &cells[(size_t)i * columns]))
            return false;
    }
    table->cells = cells;
    table->row_count += count;
    return true;
}

/* The group headings between the two parts and the rows of `next` to skip; false when `next` is a table of
 * its own. */
static bool find_groups(const struct tolka_table_draft *draft, const struct tolka_table_draft *next,
                        const struct tolka_line **groups, int *group_count, int *skip, int map[MAX_COLUMNS])
{
    *group_count = *skip = 0;
    if (next->page == draft->page) {
        *group_count = tolka_table_group_lines(next, draft->grid, groups, MAX_GROUP_LINES);
        return goes_on_below(draft, next, groups, *group_count, map);
    }
    if (!goes_on(draft, next, map, skip))
        return false;
    if (!next->first_on_page)
        *group_count =
            next->table.header_rows ? -1 : tolka_table_group_lines(next, NULL, groups, MAX_GROUP_LINES);
    return *group_count == 0 || (*group_count > 0 && draft->table.header_rows > 0);
}

bool tolka_table_join(struct tolka_table_builder *builder, struct tolka_table_draft *draft,
                      const struct tolka_table_draft *next, bool *failed)
{
    const struct tolka_line *groups[MAX_GROUP_LINES];
    struct tolka_table_draft rest = *next;
    int map[MAX_COLUMNS] = {0}, skip, group_count;

    *failed = false;
    if (!find_groups(draft, next, groups, &group_count, &skip, map))
        return false;
    if (!prepend_groups(builder, &rest, groups, group_count) ||
        !append_rows(builder, &draft->table, &rest.table, skip, map)) {
        *failed = true;
        return false;
    }
    for (int c = 0; c < next->table.column_count; c++)
        draft->numeric[map[c]] = draft->numeric[map[c]] || next->numeric[c];
    draft->page = next->page;
    draft->grid = next->grid;
    draft->last_on_page = next->last_on_page;
    return true;
}
