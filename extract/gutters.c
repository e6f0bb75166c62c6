/*
 * The gutters between columns of text. A page is cut into upright strips half a letter wide; where a strip is
 * white over several lines it may be part of a gutter, and strips side by side that are white over the same
 * height make one (after the whitespace covers of T. Breuel, "Two geometric algorithms for layout analysis",
 * 2002, for upright rectangles only). White alone does not part columns: a table's columns have white between
 * them too. So running text must stand on one side at least, and on the other running text or notes, but no
 * figures and no bullets.
 */
#include "base/order.h"
#include "extract/layout.h"
#include "extract/layout_int.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_STRIPS = 1200, MAX_RUNS = 20000, MAX_TRIES = 120, LEAST_ADVANCE_WORDS = 8, LONG_WORD = 4 };

/* In widths of a letter (half the size of the print). */
static const float STRIP = 0.5F, LEAST_HEIGHT = 9, LEAST_WIDTH = 1.5F, NOTES_WIDTH = 2, LINE_PITCH = 2.6F;
static const float CHUNK_GAP = 3;
static const float PROSE_WIDTH = 18;  /* of the median line of a column, at least */
static const float NOTE_WIDTH = 8;    /* of the widest line of a note */
static const float FULL_LINE = 0.75F; /* of the widest, is a line of running text */
/* Notes: at most so many lines, and so wide, as shares of the other side's. */
static const float NOTES_COVER = 0.45F, NOTES_WIDE = 0.7F;

struct run {
    int strip, y0, y1;
};

struct strips {
    int count;
    float width_px;
    int reach[MAX_STRIPS]; /* down to where each strip is looked through */
    struct run *runs;      /* the tallest first */
    int run_count;
    int first[MAX_STRIPS], *next; /* the runs of each strip, -1 at the end */
};

static int compare_ints(int a, int b)
{
    return (a > b) - (a < b);
}

static int by_top(const void *a, const void *b)
{
    return compare_ints(((const struct tolka_box *)a)->y0, ((const struct tolka_box *)b)->y0);
}

static int tallest_first(const void *a, const void *b)
{
    const struct run *p = a, *q = b;
    const int order = compare_ints(q->y1 - q->y0, p->y1 - p->y0);

    return order ? order : compare_ints(p->strip, q->strip);
}

/* The median width of a letter, px; 0 where too few words tell. */
static float find_advance(const struct tolka_page *page, struct tolka_arena *scratch)
{
    float *widths = tolka_arena_array(scratch, page->word_count + 1, sizeof *widths);
    size_t count = 0;

    for (size_t i = 0; widths && i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        const size_t letters = tolka_utf8_count(word->text);
        if (letters >= LONG_WORD)
            widths[count++] = (float)tolka_box_width(word->box) / (float)letters;
    }
    if (count < LEAST_ADVANCE_WORDS)
        return 0;
    return tolka_median_floats(widths, count);
}

/* A drawn line that was read as a letter, or dirt. */
static bool is_no_print(const struct tolka_word *word)
{
    static const float LEAST_CONFIDENCE = 0.3F;

    return strspn(word->text, "|Il!") == strlen(word->text) ||
           (word->confidence < LEAST_CONFIDENCE && tolka_utf8_count(word->text) < LONG_WORD);
}

/* What blocks the view: words outside grids, and grids as a whole. Returns how many, sorted from the top. */
static size_t gather_ink(const struct tolka_page *page, const struct tolka_word_place *places,
                         struct tolka_box *ink)
{
    size_t count = 0;

    for (size_t i = 0; i < page->word_count; i++) {
        if (places[i].grid < 0 && !is_no_print(&page->words[i]))
            ink[count++] = page->words[i].box;
    }
    for (size_t g = 0; g < page->grid_count; g++)
        ink[count++] = page->grids[g].box;
    qsort(ink, count, sizeof *ink, by_top);
    return count;
}

static void add_run(struct strips *strips, int strip, int y0, int y1, float least_px)
{
    if ((float)(y1 - y0) >= least_px && strips->run_count < MAX_RUNS)
        strips->runs[strips->run_count++] = (struct run){strip, y0, y1};
}

static void find_runs(struct strips *strips, const struct tolka_box *ink, size_t count, int bottom,
                      float least_px)
{
    for (size_t i = 0; i < count; i++) {
        int first = (int)((float)ink[i].x0 / strips->width_px);
        const int last = (int)((float)(ink[i].x1 - 1) / strips->width_px);
        for (first = first < 0 ? 0 : first; first <= last && first < strips->count; first++) {
            add_run(strips, first, strips->reach[first], ink[i].y0, least_px);
            if (ink[i].y1 > strips->reach[first])
                strips->reach[first] = ink[i].y1;
        }
    }
    for (int s = 0; s < strips->count; s++)
        add_run(strips, s, strips->reach[s], bottom, least_px);
    qsort(strips->runs, (size_t)strips->run_count, sizeof *strips->runs, tallest_first);
    for (int s = 0; s < strips->count; s++)
        strips->first[s] = -1;
    for (int i = strips->run_count - 1; i >= 0; i--) {
        strips->next[i] = strips->first[strips->runs[i].strip];
        strips->first[strips->runs[i].strip] = i;
    }
}

/* The run of `strip` that is white over as good as the height of `seed`, NULL when there is none. */
static const struct run *find_match(const struct strips *strips, int strip, const struct run *seed, int slack)
{
    if (strip < 0 || strip >= strips->count)
        return NULL;
    for (int i = strips->first[strip]; i >= 0; i = strips->next[i]) {
        if (strips->runs[i].y0 <= seed->y0 + slack && strips->runs[i].y1 >= seed->y1 - slack)
            return &strips->runs[i];
    }
    return NULL;
}

/* Widens the run over the strips beside it that are white over as good as the same height. `top` and `bottom`
 * are what all of them have in common. */
static void widen(const struct strips *strips, const struct run *seed, int slack, struct tolka_box *out)
{
    int end[2] = {seed->strip, seed->strip}, top = seed->y0, bottom = seed->y1;

    for (int side = 0; side < 2; side++) {
        const int step = side ? 1 : -1;
        const struct run *run;
        while ((run = find_match(strips, end[side] + step, seed, slack))) {
            end[side] += step;
            top = run->y0 > top ? run->y0 : top;
            bottom = run->y1 < bottom ? run->y1 : bottom;
        }
    }
    *out = (struct tolka_box){(int)((float)end[0] * strips->width_px), top,
                              (int)((float)(end[1] + 1) * strips->width_px), bottom};
}

/* The text on one side of a strip of white. */
struct side {
    int lines, full, widest_px;
    int words, lettered; /* of which mostly letters */
    int labelled;        /* lines that begin with such a word */
};

/* A line's words next to the gutter, on one of its sides. */
struct chunk {
    int words, lettered, x0, x1;
    bool labelled; /* its leftmost word is made of letters */
};

static void take_word(struct chunk *chunk, const struct tolka_word *word)
{
    const bool lettered = 2 * tolka_utf8_count_letters(word->text) > tolka_utf8_count(word->text);

    if (!chunk->words || word->box.x0 < chunk->x0) {
        chunk->x0 = word->box.x0;
        chunk->labelled = lettered;
    }
    if (!chunk->words || word->box.x1 > chunk->x1)
        chunk->x1 = word->box.x1;
    chunk->words++;
    chunk->lettered += lettered;
}

/* What is looked through, and what was found. */
struct search {
    const struct tolka_page *page;
    const struct tolka_word_place *places;
    float advance_px, gap_px; /* words further apart are no text that runs on */
    struct tolka_gutter *gutters;
    int count;
};

static bool overlap(struct tolka_box a, struct tolka_box b)
{
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/* A gutter that was found already lies between two words side by side. */
static bool is_parted(const struct search *search, struct tolka_box a, struct tolka_box b)
{
    const int y = (b.y0 + b.y1) / 2;
    const struct tolka_box between = {a.x1 < b.x1 ? a.x1 : b.x1, y, a.x0 > b.x0 ? a.x0 : b.x0, y + 1};

    for (int i = 0; i < search->count; i++) {
        if (overlap(search->gutters[i].box, between))
            return true;
    }
    return false;
}

/* The words of `line` on the left (`step` -1) or right (1) of the gutter, from it outwards up to a wide gap
 * or another gutter. */
static struct chunk chunk_of(const struct search *search, const struct tolka_line *line,
                             struct tolka_box gutter, int step)
{
    const struct tolka_word *words = search->page->words;
    struct chunk chunk = {0};
    struct tolka_box last = gutter;
    const int middle = (gutter.x0 + gutter.x1) / 2, first = line->first_word, end = first + line->word_count;

    for (int i = step > 0 ? first : end - 1; i >= first && i < end; i += step) {
        const struct tolka_box box = words[i].box;
        const bool on_side = step > 0 ? box.x0 >= middle : box.x1 <= middle;
        const int gap = step > 0 ? box.x0 - last.x1 : last.x0 - box.x1;
        if (!on_side || is_no_print(&words[i]))
            continue;
        if (search->places[i].grid >= 0 || box.y0 + box.y1 < 2 * gutter.y0 ||
            box.y0 + box.y1 > 2 * gutter.y1 || is_parted(search, last, box) ||
            (chunk.words && (float)gap > search->gap_px))
            break;
        take_word(&chunk, &words[i]);
        last = box;
    }
    return chunk;
}

static void count_chunk(struct side *side, const struct chunk *chunk)
{
    const int width = chunk->x1 - chunk->x0;

    side->lines++;
    side->words += chunk->words;
    side->lettered += chunk->lettered;
    side->labelled += chunk->labelled;
    side->widest_px = width > side->widest_px ? width : side->widest_px;
}

static struct side measure_side(const struct search *search, struct tolka_box gutter, int step)
{
    const struct tolka_page *page = search->page;
    struct side side = {0};

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < page->line_count; i++) {
            struct chunk chunk;
            if (page->lines[i].box.y1 <= gutter.y0 || page->lines[i].box.y0 >= gutter.y1)
                continue;
            chunk = chunk_of(search, &page->lines[i], gutter, step);
            if (chunk.words && pass == 0)
                count_chunk(&side, &chunk);
            else if (chunk.words)
                side.full += (float)(chunk.x1 - chunk.x0) >= FULL_LINE * (float)side.widest_px;
        }
    }
    return side;
}

/* Lines of several words, most of them as wide as the column. */
static bool is_prose(const struct side *side, float advance_px)
{
    return side->lines >= 3 && 2 * side->full >= side->lines && 2 * side->words >= 7 * side->lines &&
           5 * side->lettered >= 4 * side->words && (float)side->widest_px >= PROSE_WIDTH * advance_px;
}

/* Words rather than figures, marks of lists or page numbers. */
static bool is_worded(const struct side *side, float advance_px)
{
    return side->lines > 0 && 5 * side->lettered >= 3 * side->words &&
           (float)side->widest_px >= NOTE_WIDTH * advance_px;
}

static bool are_notes(const struct side *side, const struct side *other)
{
    return (float)side->lines <= NOTES_COVER * (float)other->lines &&
           (float)side->widest_px <= NOTES_WIDE * (float)other->widest_px;
}

static bool is_gutter(const struct search *search, struct tolka_gutter *gutter)
{
    const float width = (float)tolka_box_width(gutter->box), advance_px = search->advance_px;
    struct side left, right;

    if (width < LEAST_WIDTH * advance_px || (float)tolka_box_height(gutter->box) < LEAST_HEIGHT * advance_px)
        return false;
    left = measure_side(search, gutter->box, -1);
    right = measure_side(search, gutter->box, 1);
    gutter->notes = are_notes(&left, &right)   ? TOLKA_NOTES_LEFT
                    : are_notes(&right, &left) ? TOLKA_NOTES_RIGHT
                                               : TOLKA_NOTES_NONE;
    if (is_prose(&left, advance_px) && is_prose(&right, advance_px))
        return true;
    return width >= NOTES_WIDTH * advance_px &&
           ((is_prose(&left, advance_px) && is_worded(&right, advance_px)) ||
            (is_prose(&right, advance_px) && is_worded(&left, advance_px)));
}

static bool is_settled(const struct strips *strips, const struct run *run, const struct tolka_box *tried,
                       int count)
{
    const int x0 = (int)((float)run->strip * strips->width_px);
    const struct tolka_box box = {x0, run->y0, x0 + 1 + (int)strips->width_px, run->y1};

    for (int i = 0; i < count; i++) {
        if (overlap(box, tried[i]))
            return true;
    }
    return false;
}

/* A part of a gutter that was found already. */
static bool is_found(const struct search *search, struct tolka_box box)
{
    for (int i = 0; i < search->count; i++) {
        if (overlap(search->gutters[i].box, box))
            return true;
    }
    return false;
}

static void choose(struct search *search, const struct strips *strips)
{
    struct tolka_box tried[MAX_TRIES];
    int tries = 0;

    for (int i = 0; i < strips->run_count && tries < MAX_TRIES && search->count < TOLKA_MAX_GUTTERS; i++) {
        struct tolka_gutter gutter = {0};
        if (is_settled(strips, &strips->runs[i], tried, tries))
            continue;
        widen(strips, &strips->runs[i], (int)(LINE_PITCH * search->advance_px), &gutter.box);
        tried[tries++] = gutter.box;
        if (!is_found(search, gutter.box) && is_gutter(search, &gutter))
            search->gutters[search->count++] = gutter;
    }
}

static bool search_page(struct search *search, struct tolka_arena *scratch)
{
    const struct tolka_page *page = search->page;
    struct tolka_box *ink = tolka_arena_array(scratch, page->word_count + page->grid_count + 1, sizeof *ink);
    struct strips *strips = tolka_arena_alloc(scratch, sizeof *strips);
    size_t count;

    if (!ink || !strips || !(strips->runs = tolka_arena_array(scratch, MAX_RUNS, sizeof *strips->runs)) ||
        !(strips->next = tolka_arena_array(scratch, MAX_RUNS, sizeof *strips->next)))
        return false;
    count = gather_ink(page, search->places, ink);
    strips->width_px = STRIP * search->advance_px > 1 ? STRIP * search->advance_px : 1;
    if ((float)page->width > strips->width_px * MAX_STRIPS)
        strips->width_px = (float)page->width / MAX_STRIPS;
    strips->count = (int)((float)page->width / strips->width_px);
    strips->count = strips->count > MAX_STRIPS ? MAX_STRIPS : strips->count;
    find_runs(strips, ink, count, page->height, LEAST_HEIGHT * search->advance_px);
    choose(search, strips);
    return true;
}

int tolka_gutters_find(const struct tolka_page *page, struct tolka_arena *scratch,
                       struct tolka_gutter gutters[TOLKA_MAX_GUTTERS])
{
    struct search search = {
        .page = page, .gutters = gutters, .places = tolka_page_word_places(page, scratch)};

    search.advance_px = find_advance(page, scratch);
    search.gap_px = CHUNK_GAP * search.advance_px;
    if (!search.places)
        return -1;
    if (search.advance_px > 0 && !search_page(&search, scratch))
        return -1;
    return tolka_gutters_split_at_heads(page, scratch, gutters, search.count);
}

/* Lines that begin with a label and hold figures. */
static bool is_tabular(const struct side *side)
{
    return side->lines >= 3 && 10 * (side->words - side->lettered) >= 3 * side->words &&
           2 * side->labelled > side->lines;
}

static bool is_text(const struct side *side)
{
    return side->lines > 0 && 5 * side->lettered >= 4 * side->words && 2 * side->words >= 5 * side->lines;
}

/* The grid reaches over the gutter, with a table on one side of that and text on the other. The label of a
 * table that does reach over it stands on the left alone. */
static bool has_swallowed(const struct search *search, const struct tolka_grid *grid, struct tolka_box gutter)
{
    struct side left, right;

    if (grid->ruled || grid->box.x0 >= gutter.x0 || grid->box.x1 <= gutter.x1)
        return false;
    gutter.y0 = grid->box.y0 > gutter.y0 ? grid->box.y0 : gutter.y0;
    gutter.y1 = grid->box.y1 < gutter.y1 ? grid->box.y1 : gutter.y1;
    left = measure_side(search, gutter, -1);
    right = measure_side(search, gutter, 1);
    return (is_tabular(&left) && is_text(&right)) || (is_text(&left) && is_tabular(&right));
}

static bool any_swallowed(const struct search *search, const struct tolka_grid *grids, size_t count,
                          struct tolka_box gutter)
{
    for (size_t g = 0; g < count; g++) {
        if (has_swallowed(search, &grids[g], gutter))
            return true;
    }
    return false;
}

/* Renumbers the words' parts by the side of the gutter on which they stand; returns how many parts there are
 * then. */
static int part_words(const struct tolka_page *page, struct tolka_box gutter, int *part, int parts)
{
    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_box box = page->words[i].box;
        const int y = (box.y0 + box.y1) / 2;
        if (y >= gutter.y0 && y < gutter.y1)
            part[i] += box.x0 + box.x1 < gutter.x0 + gutter.x1 ? parts : 2 * parts;
    }
    return 3 * parts;
}

int *tolka_gutters_part_words(struct tolka_page *page, struct tolka_arena *scratch, int *parts)
{
    enum { MAX_CUTS = 3 };
    struct tolka_gutter gutters[TOLKA_MAX_GUTTERS] = {0};
    struct search search = {.page = page, .gutters = gutters};
    const size_t grid_count = page->grid_count;
    int *part = tolka_arena_array(scratch, page->word_count + 1, sizeof *part), cuts = 0;
    bool good;

    *parts = 1;
    page->grid_count = 0; /* as if there were no grids */
    search.places = tolka_page_word_places(page, scratch);
    search.advance_px = grid_count && !page->plain_text ? find_advance(page, scratch) : 0;
    search.gap_px = CHUNK_GAP * search.advance_px;
    good = part && search.places && (search.advance_px <= 0 || search_page(&search, scratch));
    for (int i = 0; good && i < search.count && cuts < MAX_CUTS; i++) {
        const struct tolka_gutter gutter = gutters[i];
        const int count = search.count;
        search.count = 0; /* or its own white would part it from its sides */
        search.gap_px = (float)page->width;
        if (!gutter.notes && any_swallowed(&search, page->grids, grid_count, gutter.box)) {
            *parts = part_words(page, gutter.box, part, *parts);
            cuts++;
        }
        search.count = count;
    }
    page->grid_count = grid_count;
    return good ? part : NULL;
}
