/*
 * A page's text has no boxes, so a word of it is known by its line and its number there in the text as it was
 * read. What people said before may have made several words of one, or none: the traces that they left say by
 * how many the words after those have moved.
 */
#include "schema/amend_word.h"

#include "schema/amend_text.h"

#include <string.h>

static const char BLANKS[] = " \t";

static int count_words(const char *text)
{
    int count = 0;

    for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
        text += strcspn(text, BLANKS);
        count++;
    }
    return count;
}

static bool is_trace_on(const struct tolka_correction *trace, int page, int line)
{
    return trace->line == line && trace->page == page;
}

struct tolka_correction *tolka_amend_word_trace(const struct tolka_record *record, int page, int line,
                                                int word)
{
    for (size_t i = record->correction_count; i > 0; i--) {
        struct tolka_correction *trace = &record->corrections[i - 1];

        if (trace->word == word && is_trace_on(trace, page, line))
            return trace;
    }
    return NULL;
}

/* The number that the word has now, after the words before it. */
static int number_now(const struct tolka_record *record, int page, int line, int word)
{
    int number = word;

    for (size_t i = 0; i < record->correction_count; i++) {
        const struct tolka_correction *trace = &record->corrections[i];

        if (is_trace_on(trace, page, line) && trace->word < word)
            number += count_words(trace->to) - 1;
    }
    return number;
}

static const char *find_line(const char *text, int line)
{
    while (text && --line > 0) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    return text;
}

/* Where word `number` of the line begins, or would. */
static const char *find_number(const char *line, int number)
{
    line += strspn(line, BLANKS);
    while (--number > 0 && *line && *line != '\n') {
        line += strcspn(line, " \t\n");
        line += strspn(line, BLANKS);
    }
    return line;
}

/* The place of the word as long as it says `now`; NULL when it does not. */
static const char *find_place(const struct tolka_record *record, const char *text, int page, int line,
                              int word, const char *now)
{
    const size_t length = strlen(now);
    const char *at = find_line(text, line);

    if (!at)
        return NULL;
    at = find_number(at, number_now(record, page, line, word));
    if (length == 0)
        return at;
    if (strcspn(at, "\n") < length || memcmp(at, now, length) != 0)
        return NULL;
    return at[length] == '\0' || strchr(" \t\n", at[length]) ? at : NULL;
}

static bool has_trace(const struct tolka_record *record, int page, int line)
{
    for (size_t i = 0; i < record->correction_count; i++) {
        if (is_trace_on(&record->corrections[i], page, line))
            return true;
    }
    return false;
}

/* The one word of the text that says `raw`, on lines of which nobody said anything. */
static bool find_only(const struct tolka_record *record, const char *text, int page, const char *raw,
                      int *line, int *word)
{
    const size_t length = strlen(raw);
    int found = 0, number = 1;

    for (int at_line = 1; *text && found < 2; text += strspn(text, BLANKS)) {
        const size_t end = strcspn(text, " \t\n");

        if (end == length && length > 0 && memcmp(text, raw, length) == 0 &&
            !has_trace(record, page, at_line)) {
            found++;
            *line = at_line;
            *word = number;
        }
        number += end > 0;
        text += end;
        if (*text == '\n') {
            at_line++;
            number = 1;
            text++;
        }
    }
    return found == 1;
}

const char *tolka_amend_find_word(const struct tolka_record *record, const struct tolka_amendment *amendment,
                                  int *line, int *word)
{
    const struct tolka_page_summary *page = tolka_amend_page(record, amendment->page);
    const struct tolka_correction *trace;

    if (!page || !page->text)
        return "the report has no such page any more";
    *line = amendment->row;
    *word = amendment->column;
    trace = tolka_amend_word_trace(record, page->page, *line, *word);
    if (trace && strcmp(trace->from, amendment->raw) != 0)
        return "something else is read in this place now";
    if (find_place(record, page->text, page->page, *line, *word, trace ? trace->to : amendment->raw) ||
        (!trace && find_only(record, page->text, page->page, amendment->raw, line, word)))
        return NULL;
    return "something else is read in this place now";
}

bool tolka_amend_put_word(struct tolka_record *record, int number, int line, int word, const char *now,
                          const char *to, bool *put)
{
    struct tolka_page_summary *page = tolka_amend_page(record, number);
    const char *at = page && page->text ? find_place(record, page->text, number, line, word, now) : NULL;
    const char *before = "", *after = "";
    size_t length = strlen(now);

    *put = at != NULL;
    if (!at || strcmp(now, to) == 0)
        return true;
    if (!*to && strspn(at + length, BLANKS)) {
        length++; /* the blank goes with the word */
    } else if (!*to && at > page->text && strchr(BLANKS, at[-1])) {
        at--;
        length++;
    } else if (length == 0 && *at && *at != '\n') {
        after = " ";
    } else if (length == 0 && at > page->text && !strchr(" \t\n", at[-1])) {
        before = " ";
    }
    return tolka_amend_replace(record, page, at, length, before, to, after);
}
