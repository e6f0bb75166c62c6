/*
 * A rule file as written: what libcyaml fills. Only the rules engine includes this. Strings are never NULL
 * unless said so; absent lists are empty. Each struct mirrors one mapping of the YAML files; docs are in
 * rules/README.md.
 */
#ifndef TOLKA_SCHEMA_RULES_FILE_H
#define TOLKA_SCHEMA_RULES_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A pattern and what a match is worth. `where` (NULL allowed) says which text it looks at, `field` which fact
 * it finds. */
struct tolka_file_evidence {
    char *match;
    int weight;
    char *where;
};
struct tolka_file_pattern {
    char *name, *match;
};
struct tolka_file_column {
    char *role;
    int weight;
    char *cells;     /* NULL allowed: most of its cells match */
    bool unlabelled; /* `cells` speaks of columns without a heading alone */
    char **match;
    unsigned match_count;
};
struct tolka_file_item {
    char *item, *unit; /* unit: NULL allowed */
    int weight;
    bool total;
    char **labels;
    unsigned labels_count;
};
struct tolka_file_sum {
    char *name, *total;
    char **terms;
    unsigned terms_count;
};
struct tolka_file_shape {
    char *feature, *match;   /* match: NULL allowed */
    int *at_least, *at_most; /* NULL: no bound */
    int weight;
};
struct tolka_file_kind {
    char *kind, *unit; /* unit: NULL allowed */
    bool replace, money;
    int threshold;
    char **include;
    unsigned include_count;
    struct tolka_file_evidence *heading;
    unsigned heading_count;
    struct tolka_file_column *columns;
    unsigned columns_count;
    struct tolka_file_shape *shape;
    unsigned shape_count;
    struct tolka_file_item *items;
    unsigned items_count;
    struct tolka_file_sum *sums;
    unsigned sums_count;
};
struct tolka_file_link {
    char *name, *from, *to;
    int sign, year_shift;
};
struct tolka_file_report {
    char *kind;
    struct tolka_file_evidence *evidence;
    unsigned evidence_count;
};
struct tolka_file_field {
    char *field, *match, *where; /* where: NULL allowed */
    int weight;
};
struct tolka_file_phrase {
    char *value;
    char **match;
    unsigned match_count;
};
struct tolka_file_rules {
    struct tolka_file_pattern *patterns;
    unsigned patterns_count;
    struct tolka_file_column *columns;
    unsigned columns_count;
    char **totals;
    unsigned totals_count;
    struct tolka_file_kind *kinds;
    unsigned kinds_count;
    struct tolka_file_link *links;
    unsigned links_count;
    struct tolka_file_report *reports;
    unsigned reports_count;
    struct tolka_file_field *fields;
    unsigned fields_count;
    struct tolka_file_phrase *fulfilment;
    unsigned fulfilment_count;
};

/* One file: its text (for line numbers) and what it says. */
struct tolka_rules_file {
    char *path, *text;
    size_t length;
    struct tolka_file_rules *rules;
    int folder; /* which of the folders it came from */
};

/* Reads and parses `path`. Errors IO, LIMIT (over 1 MiB), FORMAT ("path:line: ..."), MEMORY. Release also
 * after an error. */
enum tolka_status tolka_rules_file_read(const char *path, struct tolka_rules_file *file,
                                        struct tolka_error *err);
void tolka_rules_file_release(struct tolka_rules_file *file);

/*
 * The line (from 1) where `value` stands as a value, at or after the line where `after` (NULL: the top) does;
 * 0 when it is not found as written.
 */
int tolka_rules_file_line(const struct tolka_rules_file *file, const char *after, const char *value);

#endif
