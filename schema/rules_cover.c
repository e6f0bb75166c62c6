/*
 * Which kinds, items and fields are ever met. An item that a kind has by `include` counts for the kind that
 * tells of it: its pattern has proved itself. Records that were converted by earlier rules are classified
 * once more, without the heading of the section, which they do not keep; what the converter had found counts
 * as well.
 */
#include "schema/rules_cover.h"

#include "schema/rules_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No rules tell of more; what is over is taken as met. */
enum { MAX_MET = 20000 };

/* Something met: a table's kind and an item of it, or a field or kind of report and its value. */
struct met {
    const char *of, *what;
};

struct tolka_cover {
    const struct tolka_rules *rules;
    struct tolka_arena arena;
    struct met *met;
    size_t count, capacity;
    int records;
    bool failed; /* out of memory */
};

/* What stands for the description's parts in `of`; no kind of table has such a name. */
static const char of_tables[] = "<tables>", of_report[] = "<report>", of_field[] = "<field>",
                  of_fulfilment[] = "<fulfilment>";

struct tolka_cover *tolka_cover_new(const struct tolka_rules *rules)
{
    struct tolka_cover *cover = calloc(1, sizeof *cover);

    if (cover)
        cover->rules = rules;
    return cover;
}

void tolka_cover_free(struct tolka_cover *cover)
{
    if (!cover)
        return;
    tolka_arena_release(&cover->arena);
    free(cover);
}

int tolka_cover_count(const struct tolka_cover *cover)
{
    return cover->records;
}

static bool is_met(const struct tolka_cover *cover, const char *of, const char *what)
{
    for (size_t i = 0; i < cover->count; i++)
        if (!strcmp(cover->met[i].what, what) && !strcmp(cover->met[i].of, of))
            return true;
    return false;
}

static void note(struct tolka_cover *cover, const char *of, const char *what)
{
    struct met *grown, met;

    if (!what || !*what || cover->count >= MAX_MET || is_met(cover, of, what))
        return;
    grown = tolka_arena_grow(&cover->arena, cover->met, cover->count, &cover->capacity, sizeof *grown);
    met = (struct met){tolka_arena_strdup(&cover->arena, of), tolka_arena_strdup(&cover->arena, what)};
    cover->failed = cover->failed || !grown || !met.of || !met.what;
    if (!grown)
        return;
    cover->met = grown;
    if (met.of && met.what)
        grown[cover->count++] = met;
}

static void note_table(struct tolka_cover *cover, const struct tolka_table *table)
{
    note(cover, of_tables, table->kind);
    for (int row = table->header_rows; row < table->row_count; row++)
        note(cover, table->kind, table->rows[row].item);
}

static void note_field(struct tolka_cover *cover, const char *field, const char *value)
{
    if (value && *value)
        note(cover, of_field, field);
}

static void note_description(struct tolka_cover *cover, const struct tolka_record *record)
{
    note(cover, of_report, record->report.kind);
    note_field(cover, "title", record->report.title);
    note_field(cover, "organisation", record->report.organisation);
    note_field(cover, "orgnr", record->report.orgnr);
    note_field(cover, "dnr", record->report.dnr);
    note_field(cover, "period", record->report.period.to);
    note_field(cover, "decided", record->report.decided);
    note_field(cover, "signature", record->signature_count ? record->signatures[0].name : NULL);
    for (size_t i = 0; i < record->goal_count; i++)
        note(cover, of_fulfilment, record->goals[i].fulfilment);
}

bool tolka_cover_add(struct tolka_cover *cover, struct tolka_record *record, bool again)
{
    cover->records++;
    note_description(cover, record);
    for (size_t i = 0; i < record->table_count; i++) {
        note_table(cover, &record->tables[i]);
        if (!again || record->tables[i].column_count == 0)
            continue;
        tolka_rules_classify(cover->rules, &record->tables[i], NULL);
        note_table(cover, &record->tables[i]);
    }
    return !cover->failed;
}

/* One run of reporting: the file in hand, and what to tell. */
struct telling {
    const struct tolka_cover *cover;
    const struct tolka_rules_file *file;
    tolka_lint_report report;
    void *context;
    int findings;
};

/* The line of "WORD: KEY" below the one of "kind: KIND" (NULL: anywhere); else of KEY. */
static int line_of(const struct telling *telling, const char *kind, const char *word, const char *key)
{
    char entry[200], above[200];
    int line;

    snprintf(entry, sizeof entry, "%s: %s", word, key);
    snprintf(above, sizeof above, "kind: %s", kind ? kind : "");
    line = tolka_rules_file_line(telling->file, kind ? above : NULL, entry);
    if (!line)
        line = tolka_rules_file_line(telling->file, kind, key);
    return line ? line : 1;
}

static void tell(struct telling *telling, const char *kind, const char *word, const char *key,
                 const char *what)
{
    const int records = telling->cover->records;
    char finding[800];

    snprintf(finding, sizeof finding, "%s:%d: \"%.100s\": %s in %d report%s", telling->file->path,
             line_of(telling, kind, word, key), key, what, records, records == 1 ? "" : "s");
    telling->report(telling->context, finding);
    telling->findings++;
}

/* True when the kind or one that includes it has met the item. */
static bool is_item_met(const struct tolka_cover *cover, const char *kind, const char *item)
{
    if (is_met(cover, kind, item))
        return true;
    for (size_t i = 0; i < cover->rules->kind_count; i++) {
        const struct tolka_kind *other = &cover->rules->kinds[i];

        for (size_t k = 0; k < other->include_count; k++)
            if (!strcmp(other->include[k], kind) && is_met(cover, other->name, item))
                return true;
    }
    return false;
}

static void tell_kind(struct telling *telling, const struct tolka_file_kind *kind)
{
    if (!is_met(telling->cover, of_tables, kind->kind))
        tell(telling, NULL, "kind", kind->kind, "no table of this kind");
    for (unsigned i = 0; i < kind->items_count; i++)
        if (!is_item_met(telling->cover, kind->kind, kind->items[i].item))
            tell(telling, kind->kind, "item", kind->items[i].item, "no such line");
}

/* A field has several rules; the parts that signatures are made of count as one. */
static bool is_field_told(const struct tolka_file_rules *rules, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        if (!strcmp(rules->fields[i].field, rules->fields[at].field))
            return true;
    return !strcmp(rules->fields[at].field, "signing_start") ||
           (!strncmp(rules->fields[at].field, "signature", 9) && rules->fields[at].field[9]);
}

static void tell_file(struct telling *telling)
{
    const struct tolka_file_rules *rules = telling->file->rules;

    for (unsigned i = 0; i < rules->kinds_count; i++)
        tell_kind(telling, &rules->kinds[i]);
    for (unsigned i = 0; i < rules->reports_count; i++)
        if (!is_met(telling->cover, of_report, rules->reports[i].kind))
            tell(telling, NULL, "kind", rules->reports[i].kind, "no report of this kind");
    for (unsigned i = 0; i < rules->fields_count; i++)
        if (!is_field_told(rules, i) && !is_met(telling->cover, of_field, rules->fields[i].field))
            tell(telling, NULL, "field", rules->fields[i].field, "never filled");
    for (unsigned i = 0; i < rules->fulfilment_count; i++)
        if (!is_met(telling->cover, of_fulfilment, rules->fulfilment[i].value))
            tell(telling, NULL, "value", rules->fulfilment[i].value, "no goal of this fulfilment");
}

static bool is_wanted(const char *path, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(paths[i], path))
            return true;
    return count == 0;
}

int tolka_cover_report(const struct tolka_cover *cover, const char *const *paths, size_t path_count,
                       tolka_lint_report report, void *context)
{
    struct telling telling = {.cover = cover, .report = report, .context = context};

    for (size_t i = 0; i < cover->rules->file_count; i++) {
        telling.file = &cover->rules->files[i];
        if (is_wanted(telling.file->path, paths, path_count))
            tell_file(&telling);
    }
    return telling.findings;
}
