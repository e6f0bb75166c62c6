#include "schema/blocks.h"

#include "schema/textjoin.h"

#include <string.h>

struct builder {
    const struct tolka_page *page;
    const struct tolka_model *model;
    struct tolka_arena *arena;
    const struct tolka_word_place *places;
    struct tolka_block *blocks;
    size_t count, capacity;
    bool *written; /* a grid a flag */
    bool failed;
};

static enum tolka_block_kind kind_of(const struct tolka_line *line, const struct tolka_page *page)
{
    switch (line->role) {
    case TOLKA_LINE_HEADER:
        return TOLKA_BLOCK_HEADER;
    case TOLKA_LINE_FOOTER:
        return TOLKA_BLOCK_FOOTER;
    case TOLKA_LINE_PAGE_NUMBER:
        return line->box.y0 + line->box.y1 < page->height ? TOLKA_BLOCK_HEADER : TOLKA_BLOCK_FOOTER;
    case TOLKA_LINE_BODY:
    case TOLKA_LINE_HEADING:
        break;
    }
    return TOLKA_BLOCK_TEXT;
}

static struct tolka_block *add_block(struct builder *b, enum tolka_block_kind kind)
{
    struct tolka_block *blocks =
        tolka_arena_grow(b->arena, b->blocks, b->count, &b->capacity, sizeof *blocks);

    if (!blocks) {
        b->failed = true;
        return NULL;
    }
    b->blocks = blocks;
    blocks[b->count] = (struct tolka_block){.kind = kind, .grid = -1};
    return &blocks[b->count++];
}

static struct tolka_block_line make_line(const struct builder *b, const int *words, int count)
{
    struct tolka_block_line line = {.words = words, .word_count = count};

    for (int i = 0; i < count; i++)
        line.box = tolka_box_union(line.box, tolka_page_to_image(b->page, b->page->words[words[i]].box));
    return line;
}

/* Words that a hyphen parts over the ends of two lines. */
static void join_lines(const struct builder *b, struct tolka_block_line *lines, int count)
{
    for (int i = 0; i + 1 < count; i++) {
        const char *left = b->page->words[lines[i].words[lines[i].word_count - 1]].text;
        const char *right = b->page->words[lines[i + 1].words[0]].text;
        lines[i].hyphen_of = tolka_textjoin_halves(left, right, b->model, b->arena);
        lines[i + 1].continues = lines[i].hyphen_of != NULL;
    }
}

/* One part of `lines`, which are in the arena. */
static struct tolka_block_part make_part(const struct builder *b, struct tolka_block_line *lines, int count)
{
    struct tolka_block_part part = {.lines = lines, .line_count = count};

    join_lines(b, lines, count);
    for (int i = 0; i < count; i++)
        part.box = tolka_box_union(part.box, lines[i].box);
    return part;
}

/* The words of a cell by lines. */
static struct tolka_block_part cell_part(struct builder *b, const struct tolka_grid_cell *cell)
{
    struct tolka_block_line *lines = tolka_arena_array(b->arena, (size_t)cell->word_count, sizeof *lines);
    int count = 0;

    b->failed = b->failed || !lines;
    for (int first = 0, end; lines && first < cell->word_count; first = end) {
        for (end = first + 1; end < cell->word_count && b->page->words[cell->words[end]].line ==
                                                            b->page->words[cell->words[first]].line;)
            end++;
        lines[count++] = make_line(b, cell->words + first, end - first);
    }
    return make_part(b, lines, count);
}

static void add_table(struct builder *b, int number)
{
    const struct tolka_grid *grid = &b->page->grids[number];
    const int cells = grid->row_count * grid->column_count;
    struct tolka_block_part *parts = tolka_arena_array(b->arena, (size_t)cells, sizeof *parts);
    struct tolka_block *block = add_block(b, TOLKA_BLOCK_TABLE);
    int count = 0;

    b->written[number] = true;
    b->failed = b->failed || !parts;
    for (int c = 0; !b->failed && c < cells; c++) {
        if (!grid->cells[c].word_count)
            continue;
        parts[count] = cell_part(b, &grid->cells[c]);
        parts[count].row = c / grid->column_count;
        parts[count].column = c % grid->column_count;
        block->box = tolka_box_union(block->box, parts[count].box);
        count++;
    }
    if (block) {
        block->grid = number;
        block->parts = parts;
        block->part_count = count;
    }
}

/* What is gathered of one paragraph. */
struct gathering {
    struct tolka_block_line *lines;
    int count, block, heading_level;
    size_t capacity;
    enum tolka_block_kind kind;
};

static void finish_paragraph(struct builder *b, struct gathering *g)
{
    struct tolka_block_part *part;
    struct tolka_block *block;

    if (!g->count)
        return;
    part = tolka_arena_alloc(b->arena, sizeof *part);
    block = add_block(b, g->kind);
    if (part && block) {
        *part = make_part(b, g->lines, g->count);
        block->parts = part;
        block->part_count = 1;
        block->box = part->box;
        block->heading_level = g->heading_level;
    }
    b->failed = b->failed || !part;
    *g = (struct gathering){0};
}

static void add_piece(struct builder *b, struct gathering *g, const struct tolka_line *line, const int *words,
                      int count)
{
    const enum tolka_block_kind kind = kind_of(line, b->page);
    struct tolka_block_line *lines;

    if (g->count && (g->block != line->block || g->kind != kind || g->heading_level != line->heading_level))
        finish_paragraph(b, g);
    lines = tolka_arena_grow(b->arena, g->lines, (size_t)g->count, &g->capacity, sizeof *lines);
    if (!lines) {
        b->failed = true;
        return;
    }
    lines[g->count] = make_line(b, words, count);
    *g = (struct gathering){lines, g->count + 1, line->block, line->heading_level, g->capacity, kind};
}

/* The words of a line that stand in no table; a table is written whole where its first word comes. */
static void add_line(struct builder *b, struct gathering *g, const struct tolka_line *line)
{
    int *words = tolka_arena_array(b->arena, (size_t)line->word_count + 1, sizeof *words);
    int first = 0, count = 0;

    b->failed = b->failed || !words;
    for (int i = line->first_word; !b->failed && i < line->first_word + line->word_count; i++) {
        const int grid = b->places[i].grid;
        if (grid < 0) {
            words[count++] = i;
        } else if (!b->written[grid]) {
            if (count > first)
                add_piece(b, g, line, words + first, count - first);
            first = count;
            finish_paragraph(b, g);
            add_table(b, grid);
        }
    }
    if (!b->failed && count > first)
        add_piece(b, g, line, words + first, count - first);
}

struct tolka_block *tolka_page_blocks(const struct tolka_page *page, const struct tolka_model *model,
                                      struct tolka_arena *arena, size_t *count)
{
    struct builder b = {.page = page,
                        .model = model,
                        .arena = arena,
                        .places = tolka_page_word_places(page, arena),
                        .written = tolka_arena_array(arena, page->grid_count + 1, sizeof(bool)),
                        .blocks = tolka_arena_alloc(arena, sizeof *b.blocks)};
    struct gathering g = {0};

    b.capacity = b.blocks ? 1 : 0;
    b.failed = !b.places || !b.written || !b.blocks;
    for (int furniture = 0; furniture < 2; furniture++) {
        for (size_t i = 0; !b.failed && i < page->line_count; i++) {
            if ((kind_of(&page->lines[i], page) != TOLKA_BLOCK_TEXT) == (furniture == 1))
                add_line(&b, &g, &page->lines[i]);
        }
        finish_paragraph(&b, &g);
    }
    *count = b.count;
    return b.failed ? NULL : b.blocks;
}
