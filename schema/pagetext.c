#include "schema/pagetext.h"

#include "base/utf8.h"

#include <string.h>

static bool ends_with_hyphen(const char *text)
{
    size_t length = strlen(text);

    return length > 1 && text[length - 1] == '-';
}

static bool begins_lower(const char *text)
{
    uint32_t code;

    tolka_utf8_decode(text, strlen(text), &code);
    return tolka_utf8_is_letter(code) && !tolka_utf8_is_upper(code);
}

/* Joins the halves of a word over a line's end; NULL when they are two words. */
static const char *join_halves(const struct tolka_model *model, const char *left, const char *right,
                               struct tolka_arena *arena)
{
    char *joined = NULL;

    if (!ends_with_hyphen(left))
        return NULL;
    if (model)
        return tolka_normalize_join(model, left, right, arena, &joined) ? joined : NULL;
    if (!begins_lower(right) || strcmp(right, "och") == 0 || strcmp(right, "eller") == 0)
        return NULL;
    return tolka_arena_printf(arena, "%.*s%s", (int)strlen(left) - 1, left, right);
}

/* The text of word `at`, joined with as many of the next as hyphens tie to it; `*used` says how many words
 * that took. */
static const char *take_word(const struct tolka_page *page, const struct tolka_grid_cell *cell, int at,
                             const struct tolka_model *model, struct tolka_arena *arena, int *used)
{
    const char *text = page->words[cell->words[at]].text;

    for (*used = 1; at + *used < cell->word_count; (*used)++) {
        const struct tolka_word *last = &page->words[cell->words[at + *used - 1]],
                                *next = &page->words[cell->words[at + *used]];
        const char *joined = next->line != last->line ? join_halves(model, text, next->text, arena) : NULL;
        if (!joined)
            break;
        text = joined;
    }
    return text;
}

char *tolka_cell_text(const struct tolka_page *page, const struct tolka_grid_cell *cell,
                      const struct tolka_model *model, struct tolka_arena *arena)
{
    struct tolka_strbuf out = {0};
    char *text;

    for (int i = 0, used; i < cell->word_count; i += used) {
        if (i)
            tolka_strbuf_add_char(&out, ' ');
        tolka_strbuf_add_str(&out, take_word(page, cell, i, model, arena, &used));
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

/* For each word the grid that holds it, -1 for none. */
static int *map_words_to_grids(const struct tolka_page *page, struct tolka_arena *arena)
{
    int *grid_of = tolka_arena_array(arena, page->word_count + 1, sizeof *grid_of);

    if (!grid_of)
        return NULL;
    for (size_t i = 0; i < page->word_count; i++)
        grid_of[i] = -1;
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int k = 0; k < grid->cells[c].word_count; k++)
                grid_of[grid->cells[c].words[k]] = (int)g;
        }
    }
    return grid_of;
}

struct text_state {
    const struct tolka_page *page;
    const struct tolka_model *model;
    struct tolka_arena *arena;
    struct tolka_strbuf *out;
    int *grid_of;
    bool *written; /* a grid a flag */
};

/* Writes the words of a line that stand in no table; a table is written whole where its first word comes. */
static void add_line(struct text_state *state, const struct tolka_line *line)
{
    bool any = false;

    for (int i = line->first_word; i < line->first_word + line->word_count; i++) {
        const int grid = state->grid_of[i];
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
                               map_words_to_grids(page, &scratch),
                               tolka_arena_array(&scratch, page->grid_count + 1, sizeof(bool))};
    char *text = NULL;
    int block = -1;

    if (!state.grid_of || !state.written)
        goto done;
    for (int furniture = 0; furniture < 2; furniture++) {
        for (size_t i = 0; i < page->line_count; i++) {
            const struct tolka_line *line = &page->lines[i];
            if (is_furniture(line) != (furniture == 1))
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
