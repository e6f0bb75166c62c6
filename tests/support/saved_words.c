#include "tests/support/saved_words.h"

#include <stdlib.h>
#include <string.h>

static struct tolka_page *add_page(struct tolka_page **pages, size_t *count, const char *line)
{
    struct tolka_page *larger = realloc(*pages, (*count + 1) * sizeof **pages);
    struct tolka_page *page;

    if (!larger)
        abort();
    *pages = larger;
    page = &larger[*count];
    *page = (struct tolka_page){.number = (int)++*count};
    if (sscanf(line, "page %d %d %d", &page->width, &page->height, &page->dpi) != 3)
        return NULL;
    return page;
}

static bool read_ruling(struct tolka_page *page, const char *line)
{
    struct tolka_ruling *ruling = tolka_page_add_ruling(page);
    char direction;

    if (!ruling || sscanf(line, "ruling %c %d %d %d %d", &direction, &ruling->box.x0, &ruling->box.y0, &ruling->box.x1, &ruling->box.y1) != 5)
        return false;
    ruling->vertical = direction == 'v';
    return true;
}

static bool read_line(struct tolka_page *page, const char *text)
{
    struct tolka_line *line = tolka_page_add_line(page);

    if (!line || sscanf(text, "line %d", &line->block) != 1)
        return false;
    line->first_word = (int)page->word_count;
    return true;
}

static bool read_word(struct tolka_page *page, const char *text)
{
    struct tolka_word *word = page->line_count ? tolka_page_add_word(page) : NULL;
    struct tolka_line *line;
    char bold;
    int at = 0;

    if (!word || sscanf(text, "word %d %d %d %d %f %c %n", &word->box.x0, &word->box.y0, &word->box.x1, &word->box.y1,
                        &word->confidence, &bold, &at) != 6 || !at || !text[at])
        return false;
    word->flags = bold == 'b' ? TOLKA_WORD_BOLD : 0;
    word->raw = word->text = tolka_arena_strdup(&page->arena, text + at);
    word->line = (int)page->line_count - 1;
    line = &page->lines[word->line];
    line->box = tolka_box_union(line->box, word->box);
    line->size_px = (float)tolka_box_height(line->box);
    line->word_count++;
    return true;
}

static bool read_entry(struct tolka_page **pages, size_t *count, const char *line)
{
    struct tolka_page *page = *count ? &(*pages)[*count - 1] : NULL;

    if (strncmp(line, "page ", 5) == 0)
        return add_page(pages, count, line) != NULL;
    if (page && strncmp(line, "ruling ", 7) == 0)
        return read_ruling(page, line);
    if (page && strncmp(line, "line ", 5) == 0)
        return read_line(page, line);
    return page && strncmp(line, "word ", 5) == 0 && read_word(page, line);
}

struct tolka_page *saved_words_read(const char *path, size_t *page_count)
{
    FILE *in = fopen(path, "r");
    struct tolka_page *pages = NULL;
    char line[4096];
    int number = 0;
    bool good = in != NULL;

    *page_count = 0;
    while (good && fgets(line, sizeof line, in)) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            good = read_entry(&pages, page_count, line);
    }
    if (in)
        fclose(in);
    if (good)
        return pages;
    fprintf(stderr, "%s:%d: no saved words\n", path, number);
    for (size_t i = 0; i < *page_count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
    *page_count = 0;
    return NULL;
}

void saved_words_write(const struct tolka_page *page, FILE *out)
{
    fprintf(out, "page %d %d %d\n", page->width, page->height, page->dpi);
    for (size_t i = 0; i < page->ruling_count; i++) {
        const struct tolka_ruling *r = &page->rulings[i];
        fprintf(out, "ruling %c %d %d %d %d\n", r->vertical ? 'v' : 'h', r->box.x0, r->box.y0, r->box.x1, r->box.y1);
    }
    for (size_t i = 0; i < page->line_count; i++) {
        const struct tolka_line *line = &page->lines[i];
        fprintf(out, "line %d\n", line->block);
        for (int k = 0; k < line->word_count; k++) {
            const struct tolka_word *w = &page->words[line->first_word + k];
            fprintf(out, "word %d %d %d %d %.3f %c %s\n", w->box.x0, w->box.y0, w->box.x1, w->box.y1, w->confidence,
                    w->flags & TOLKA_WORD_BOLD ? 'b' : '-', w->text);
        }
    }
}
