/*
 * What is wrong with rule files. Loading stops at the first error that it meets; here each file is parsed for
 * itself, each pattern compiled for itself, so that one run tells all. A pattern is slow when a text that is
 * made to provoke backtracking runs into the limits.
 */
#include "schema/rules_lint.h"

#include "base/strbuf.h"
#include "schema/describe.h"
#include "schema/rules_internal.h"
#include "schema/rules_sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct linter {
    struct tolka_rules *rules;
    const struct tolka_rules_file *file;
    const char *after;
    struct tolka_matcher *matcher;
    tolka_lint_report report;
    void *context;
    int findings;
};

static void find_fault(struct linter *lint, const char *value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void find_fault(struct linter *lint, const char *value, const char *format, ...)
{
    char message[300], finding[800];
    int line = tolka_rules_file_line(lint->file, lint->after, value);
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    snprintf(finding, sizeof(finding), "%s:%d: \"%.100s\": %s", lint->file->path, line > 0 ? line : 1, value,
             message);
    lint->report(lint->context, finding);
    lint->findings++;
}

/* Texts on which a pattern with repeats inside repeats needs exponential time. */
static bool is_slow(struct linter *lint, const struct tolka_pattern *pattern)
{
    static const char *const units[] = {"a", "A", "1", " ", "a ", "Aa ", "1 ", "-", "ab", "Aa", "12 345 "};
    char text[400];

    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        size_t length = 0, step = strlen(units[i]);

        while (length + step < sizeof(text) - 2) {
            memcpy(text + length, units[i], step);
            length += step;
        }
        memcpy(text + length, "\x01", 2);
        tolka_pattern_find(pattern, lint->matcher, text, length + 1, 0, NULL);
        if (tolka_matcher_gave_up(lint->matcher))
            return true;
    }
    return false;
}

static void check_pattern_part(struct linter *lint, const char *source, enum tolka_pattern_mode mode,
                               bool whole, bool alone)
{
    struct tolka_pattern_names names = {lint->rules->names, lint->rules->name_count};
    struct tolka_pattern *pattern = NULL;
    struct tolka_error err = {0};

    if (tolka_pattern_compile(&names, &source, 1, mode, whole, &pattern, &err)) {
        find_fault(lint, source, "%s", err.message);
        return;
    }
    if (alone && tolka_pattern_matches_empty(pattern))
        find_fault(lint, source, "the pattern matches an empty text");
    if (is_slow(lint, pattern))
        find_fault(lint, source, "the pattern is slow: repeats inside repeats");
    else if (alone && !tolka_pattern_can_match(&names, source, mode, pattern, lint->matcher))
        find_fault(lint, source, "nothing can match the pattern");
    tolka_pattern_free(pattern);
}

static void check_pattern(struct linter *lint, const char *source, enum tolka_pattern_mode mode, bool whole)
{
    check_pattern_part(lint, source, mode, whole, true);
}

static void check_place(struct linter *lint, const char *where)
{
    if (where && tolka_place_from_name(where) < 0)
        find_fault(lint, where, "no such place of a report");
}

static void check_columns(struct linter *lint, const struct tolka_file_column *columns, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < columns[i].match_count; k++)
            check_pattern(lint, columns[i].match[k], TOLKA_PATTERN_TIGHT, false);
        if (columns[i].cells)
            check_pattern(lint, columns[i].cells, TOLKA_PATTERN_TIGHT, false);
    }
}

static bool has_item(const struct tolka_kind *kind, const char *item)
{
    for (size_t i = 0; kind && i < kind->item_count; i++)
        if (!strcmp(kind->items[i].item, item))
            return true;
    return false;
}

static void check_items(struct linter *lint, const struct tolka_file_kind *from)
{
    for (unsigned i = 0; i < from->items_count; i++) {
        const struct tolka_file_item *item = &from->items[i];

        for (unsigned k = 0; k < i; k++)
            if (!strcmp(from->items[k].item, item->item))
                find_fault(lint, item->item, "the item is told of twice in %s", from->kind);
        for (unsigned k = 0; k < item->labels_count; k++)
            check_pattern(lint, item->labels[k], TOLKA_PATTERN_TIGHT, true);
    }
}

static void check_sums(struct linter *lint, const struct tolka_file_kind *from)
{
    const struct tolka_kind *kind = tolka_rules_kind_lookup(lint->rules, from->kind);

    for (unsigned i = 0; kind && i < from->sums_count; i++) {
        const struct tolka_file_sum *sum = &from->sums[i];

        if (!has_item(kind, sum->total))
            find_fault(lint, sum->total, "the sum \"%s\" names an item that %s has not", sum->name,
                       from->kind);
        for (unsigned k = 0; k < sum->terms_count; k++) {
            const char *item = sum->terms[k] + tolka_rules_is_signed(sum->terms[k]);

            if (!has_item(kind, item))
                find_fault(lint, sum->terms[k], "the sum \"%s\" names an item that %s has not", sum->name,
                           from->kind);
        }
    }
}

static void check_kind(struct linter *lint, unsigned number)
{
    const struct tolka_file_kind *from = &lint->file->rules->kinds[number];

    lint->after = from->kind;
    for (unsigned i = 0; i < number; i++)
        if (!strcmp(lint->file->rules->kinds[i].kind, from->kind))
            find_fault(lint, from->kind, "the kind is told of twice in this file");
    for (unsigned i = 0; i < from->heading_count; i++)
        check_pattern(lint, from->heading[i].match, TOLKA_PATTERN_TIGHT, false);
    for (unsigned i = 0; i < from->shape_count; i++)
        if (from->shape[i].match)
            check_pattern(lint, from->shape[i].match, TOLKA_PATTERN_TIGHT, false);
    check_columns(lint, from->columns, from->columns_count);
    check_items(lint, from);
    check_sums(lint, from);
    lint->after = NULL;
}

static void check_link_end(struct linter *lint, const char *place, const char *name, const char *item)
{
    const struct tolka_kind *kind = tolka_rules_kind_lookup(lint->rules, name);

    if (!kind)
        find_fault(lint, place, "no such kind of table");
    else if (!has_item(kind, item))
        find_fault(lint, place, "the kind has no such item");
}

static void check_links(struct linter *lint)
{
    for (unsigned i = 0; i < lint->file->rules->links_count; i++) {
        const struct tolka_file_link *from = &lint->file->rules->links[i];

        for (size_t k = 0; k < lint->rules->link_count; k++) {
            const struct tolka_rule_link *link = &lint->rules->links[k];

            if (link->name != from->name)
                continue;
            check_link_end(lint, from->from, link->kind_a, link->item_a);
            check_link_end(lint, from->to, link->kind_b, link->item_b);
        }
    }
}

static void check_report(struct linter *lint)
{
    const struct tolka_file_rules *from = lint->file->rules;

    for (unsigned i = 0; i < from->reports_count; i++)
        for (unsigned k = 0; k < from->reports[i].evidence_count; k++) {
            check_pattern(lint, from->reports[i].evidence[k].match, TOLKA_PATTERN_TEXT, false);
            check_place(lint, from->reports[i].evidence[k].where);
        }
    for (unsigned i = 0; i < from->fields_count; i++) {
        check_pattern(lint, from->fields[i].match, TOLKA_PATTERN_TEXT, false);
        check_place(lint, from->fields[i].where);
    }
    for (unsigned i = 0; i < from->fulfilment_count; i++)
        for (unsigned k = 0; k < from->fulfilment[i].match_count; k++)
            check_pattern(lint, from->fulfilment[i].match[k], TOLKA_PATTERN_TEXT, false);
}

/* A name told of twice hides the first pattern, unless a later folder means to. */
static void check_names(struct linter *lint)
{
    for (size_t i = 0; i < lint->file->rules->patterns_count; i++) {
        const struct tolka_file_pattern *from = &lint->file->rules->patterns[i];

        check_pattern_part(lint, from->match, TOLKA_PATTERN_TEXT, false, false);
        for (size_t f = 0; f < lint->rules->file_count; f++) {
            const struct tolka_rules_file *other = &lint->rules->files[f];

            for (unsigned k = 0; other->folder == lint->file->folder && k < other->rules->patterns_count; k++)
                if (other <= lint->file && &other->rules->patterns[k] != from &&
                    (other < lint->file || k < i) && !strcmp(other->rules->patterns[k].name, from->name))
                    find_fault(lint, from->name, "the name is used twice, also in %s", other->path);
        }
    }
}

static void check_file(struct linter *lint)
{
    check_names(lint);
    check_columns(lint, lint->file->rules->columns, lint->file->rules->columns_count);
    for (unsigned i = 0; i < lint->file->rules->totals_count; i++)
        check_pattern(lint, lint->file->rules->totals[i], TOLKA_PATTERN_TIGHT, false);
    for (unsigned i = 0; i < lint->file->rules->kinds_count; i++)
        check_kind(lint, i);
    check_links(lint);
    check_report(lint);
}

int tolka_rules_lint(const char *const *dirs, size_t dir_count, const char *const *files, size_t file_count,
                     tolka_lint_report report, void *context)
{
    struct linter lint = {.report = report, .context = context};
    struct tolka_error err = {0};
    enum tolka_status status;

    lint.matcher = tolka_matcher_new();
    lint.rules = calloc(1, sizeof(*lint.rules));
    if (!lint.matcher || !lint.rules) {
        tolka_matcher_free(lint.matcher);
        free(lint.rules);
        return TOLKA_ERR_MEMORY;
    }
    status =
        tolka_rules_read_all(lint.rules, dirs, dir_count, files, file_count, report, context, &lint.findings);
    if (!status)
        tolka_rules_build(lint.rules, &err);
    for (size_t i = 0; !status && i < lint.rules->file_count; i++) {
        lint.file = &lint.rules->files[i];
        check_file(&lint);
    }
    if (err.status && lint.findings == 0) { /* an error that only building meets */
        report(context, err.message);
        lint.findings++;
    }
    tolka_matcher_free(lint.matcher);
    tolka_rules_free(lint.rules);
    return status ? (int)status : lint.findings;
}
