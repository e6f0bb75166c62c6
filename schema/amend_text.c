/*
 * A page's text has a table's row on a line, its cells parted by tabs, and has no boxes. So a cell is found
 * by the line that begins with its row's label and holds it; a word by its place among the words of the page
 * that say the same, when there are as many of them as there are repairs to that word.
 */
#include "schema/amend_text.h"

#include <string.h>

struct tolka_page_summary *tolka_amend_page(const struct tolka_record *record, int number)
{
    for (size_t i = 0; i < record->page_count; i++) {
        if (record->pages[i].page == number)
            return &record->pages[i];
    }
    return NULL;
}

bool tolka_amend_replace(struct tolka_record *record, struct tolka_page_summary *page, const char *at,
                         size_t length, const char *before, const char *to, const char *after)
{
    const char *text = tolka_arena_printf(&record->arena, "%.*s%s%s%s%s", (int)(at - page->text), page->text,
                                          before, to, after, at + length);

    if (text)
        page->text = text;
    return text != NULL;
}

/* Field number `skip` (from 0) of those of the line that say `text`; NULL when there are not so many. */
static const char *find_field(const char *line, size_t length, const char *text, int skip)
{
    const size_t text_length = strlen(text);

    for (const char *field = line, *end = line + length; field <= end;) {
        const char *tab = memchr(field, '\t', (size_t)(end - field));
        const size_t field_length = (size_t)((tab ? tab : end) - field);

        if (field_length == text_length && memcmp(field, text, text_length) == 0 && skip-- == 0)
            return field;
        if (!tab)
            break;
        field = tab + 1;
    }
    return NULL;
}

static bool begins_with_field(const char *line, size_t length, const char *text)
{
    const size_t text_length = strlen(text);

    return length >= text_length && memcmp(line, text, text_length) == 0 &&
           (length == text_length || line[text_length] == '\t');
}

/* The one place of the field in lines that begin with `label` (NULL: in all lines); NULL when there are none
 * or more. */
static const char *find_only(const char *text, const char *label, const char *field, int skip)
{
    const char *found = NULL;

    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        const size_t length = end ? (size_t)(end - line) : strlen(line);
        const char *at =
            !label || begins_with_field(line, length, label) ? find_field(line, length, field, skip) : NULL;

        if (at && found)
            return NULL;
        found = at ? at : found;
        line = end ? end + 1 : NULL;
    }
    return found;
}

bool tolka_amend_row_text(struct tolka_record *record, const struct tolka_table *table, int row, int column,
                          const char *to)
{
    const struct tolka_cell *cell = tolka_table_cell(table, row, column);
    const char *label = tolka_table_cell(table, row, 0)->text, *at;
    struct tolka_page_summary *page = tolka_amend_page(record, cell->page);
    int skip = 0;

    if (!page || !page->text || !*cell->text || strcmp(cell->text, to) == 0)
        return true;
    for (int c = 0; c < column; c++)
        skip += strcmp(tolka_table_cell(table, row, c)->text, cell->text) == 0;
    at = *label ? find_only(page->text, label, cell->text, skip) : NULL;
    if (!at)
        at = find_only(page->text, NULL, cell->text, skip);
    return !at || tolka_amend_replace(record, page, at, strlen(cell->text), "", to, "");
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Place number `skip` (from 0) of the word in the text, between blanks; how many there are goes to `*count`.
 */
static const char *find_word(const char *text, const char *word, int skip, int *count)
{
    const size_t length = strlen(word);
    const char *found = NULL;

    *count = 0;
    for (const char *at = strstr(text, word); length > 0 && at; at = strstr(at + length, word)) {
        if ((at > text && !is_space(at[-1])) || (at[length] && !is_space(at[length])))
            continue;
        if (*count == skip)
            found = at;
        ++*count;
    }
    return found;
}

bool tolka_amend_word_text(struct tolka_record *record, size_t word, const char *before, const char *to)
{
    const struct tolka_correction *repair = &record->corrections[word];
    struct tolka_page_summary *page = tolka_amend_page(record, repair->page);
    int same = 0, earlier = 0, count;
    const char *at;

    if (!page || !page->text || strcmp(before, to) == 0)
        return true;
    for (size_t i = 0; i < record->correction_count; i++) {
        const struct tolka_correction *other = &record->corrections[i];

        if (other->page != repair->page || strcmp(other->to, before) != 0)
            continue;
        same++;
        earlier += i < word;
    }
    at = find_word(page->text, before, 0, &count);
    if (count > 1)
        at = count == same ? find_word(page->text, before, earlier, &count) : NULL;
    return !at || tolka_amend_replace(record, page, at, strlen(before), "", to, "");
}
