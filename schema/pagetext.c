#include "schema/pagetext.h"

#include "schema/textjoin.h"

char *tolka_cell_text(const struct tolka_page *page, const struct tolka_grid_cell *cell,
                      const struct tolka_model *model, struct tolka_arena *arena)
{
    struct tolka_strbuf out = {0};
    size_t last_start = 0;
    char *text;

    for (int i = 0; i < cell->word_count; i++) {
        const struct tolka_word *word = &page->words[cell->words[i]];
        const bool broken = i > 0 && word->line != page->words[cell->words[i - 1]].line;
        tolka_textjoin_append(&out, word->text, broken, &last_start, model, arena);
    }
    text = out.failed ? NULL : tolka_arena_strndup(arena, tolka_strbuf_text(&out), out.length);
    tolka_strbuf_release(&out);
    return text;
}

static void add_grid(const struct tolka_page *page, const struct tolka_grid *grid,
                     const struct tolka_model *model, struct tolka_arena *arena, struct tolka_strbuf *out)
{
    for (int row = 0; row < grid->row_count; row++) {
        bool first = true;
        for (int column = 0; column < grid->column_count; column++) {
            const struct tolka_grid_cell *cell =
                &grid->cells[(size_t)row * (size_t)grid->column_count + (size_t)column];
            if (!cell->word_count)
                continue;
            if (!first)
                tolka_strbuf_add_char(out, '\t');
            tolka_strbuf_add_str(out, tolka_cell_text(page, cell, model, arena));
            first = false;
        }
        tolka_strbuf_add_char(out, '\n');
    }
}

struct text_state {
    const struct tolka_page *page;
    const struct tolka_model *model;
    struct tolka_arena *arena;
    struct tolka_strbuf *out;
    struct tolka_word_place *place_of;
    bool *written; /* a grid a flag */
};

/* Writes the words of a line that stand in no table; a table is written whole where its first word comes. */
static void add_line(struct text_state *state, const struct tolka_line *line)
{
    bool any = false;

    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        const int grid = state->place_of[i].grid;
        if (grid >= 0 && state->written[grid])
            continue;
        if (grid >= 0) {
            state->written[grid] = true;
            if (any)
                tolka_strbuf_add_char(state->out, '\n');
            add_grid(state->page, &state->page->grids[grid], state->model, state->arena, state->out);
            any = false;
            continue;
        }
        if (any)
            tolka_strbuf_add_char(state->out, ' ');
        tolka_strbuf_add_str(state->out, state->page->words[i].text);
        any = true;
    }
    if (any)
        tolka_strbuf_add_char(state->out, '\n');
}

/* False for a line whose words stand in tables that are written already. */
static bool has_news(const struct text_state *state, const struct tolka_line *line)
{
    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        if (state->place_of[i].grid < 0 || !state->written[state->place_of[i].grid])
            return true;
    }
    return false;
}

static bool is_furniture(const struct tolka_line *line)
{
    return line->role != TOLKA_LINE_BODY && line->role != TOLKA_LINE_HEADING;
}

char *tolka_page_text(const struct tolka_page *page, const struct tolka_model *model,
                      struct tolka_arena *arena)
{
    struct tolka_strbuf out = {0};
    struct tolka_arena scratch = {0};
    struct text_state state = {page,
                               model,
                               &scratch,
                               &out,
                               tolka_page_word_places(page, &scratch),
                               tolka_arena_array(&scratch, page->grid_count + 1, sizeof(bool))};
    char *text = NULL;
    int block = -1;

    if (!state.place_of || !state.written)
        goto done;
    for (int furniture = 0; furniture < 2; furniture++) {
        for (size_t i = 0; i < page->line_count; i++) {
            const struct tolka_line *line = &page->lines[i];
            if (is_furniture(line) != (furniture == 1) || !has_news(&state, line))
                continue;
            if (out.length && line->block != block && out.data[out.length - 1] == '\n')
                tolka_strbuf_add_char(&out, '\n'); /* a paragraph ends */
            block = line->block;
            add_line(&state, line);
        }
    }
    if (!out.failed)
        text = tolka_arena_strndup(arena, tolka_strbuf_text(&out), out.length);
done:
    tolka_strbuf_release(&out);
    tolka_arena_release(&scratch);
    return text;
}

bool tolka_line_is_legible(const struct tolka_page *page, const struct tolka_line *line)
{
    static const float least = 0.6F; /* print, even on a poor copy, is read better on the whole */
    float sum = 0;

    for (int i = 0; i < line->word_count; i++)
        sum += page->words[line->first_word + i].confidence;
    return sum >= least * (float)line->word_count;
}
