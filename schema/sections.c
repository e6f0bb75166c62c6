/* The report's sections: its headings, with their numbering split off. */
#include "schema/describe.h"

#include <ctype.h>
#include <string.h>

enum { MAX_SECTIONS = 5000, MAX_NUMBER_PARTS = 5 };

/* The length of a numbering ("1", "1.2.", "4.3.1") at the start of `text` that is followed by a space; 0 when
 * there is none. */
static size_t numbering_length(const char *text)
{
    size_t at = 0;

    for (int part = 0; part < MAX_NUMBER_PARTS; part++) {
        size_t digits = strspn(text + at, "0123456789");

        if (digits == 0 || digits > 2)
            break;
        at += digits;
        if (text[at] == '.')
            at++;
    }
    return at > 0 && text[at] == ' ' ? at : 0;
}

static bool add_section(struct tolka_description *d, const struct tolka_piece *piece)
{
    struct tolka_record *record = d->record;
    const char *text = piece->text.source;
    size_t number = numbering_length(text);
    struct tolka_section section = {.level = piece->level, .page = piece->page->number};
    struct tolka_section *grown;

    if (number) {
        size_t length = text[number - 1] == '.' ? number - 1 : number;

        section.number = tolka_arena_strndup(&record->arena, text, length);
        if (!section.number)
            return false;
        text += number + strspn(text + number, " ");
    }
    section.title = tolka_arena_strdup(&record->arena, text);
    grown = tolka_arena_grow(&record->arena, record->sections, record->section_count,
                             &record->section_capacity, sizeof(*grown));
    if (!section.title || !grown)
        return false;
    record->sections = grown;
    grown[record->section_count++] = section;
    return true;
}

bool tolka_describe_sections(struct tolka_description *d)
{
    for (size_t i = 0; i < d->paragraphs.count && d->record->section_count < MAX_SECTIONS; i++) {
        const struct tolka_piece *piece = &d->paragraphs.items[i];

        if (piece->level > 0 && piece->text.length > 0 && !(piece->places & TOLKA_PLACE_TABLE) &&
            !add_section(d, piece))
            return false;
    }
    return true;
}
