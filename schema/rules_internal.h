/*
 * The compiled rules, and what the parts of the rules engine share. Only rules*.c, classify*.c, describe*.c,
 * goals.c, goaltext.c, sections.c, signatures.c and their tests include this.
 */
#ifndef TOLKA_SCHEMA_RULES_INTERNAL_H
#define TOLKA_SCHEMA_RULES_INTERNAL_H

#include "base/arena.h"
#include "schema/rules.h"
#include "schema/rules_file.h"
#include "schema/rules_fold.h"
#include "schema/rules_lint.h"
#include "schema/rules_pattern.h"

struct tolka_evidence {
    struct tolka_pattern *pattern;
    int weight;
    const char *where; /* NULL: anywhere */
};

struct tolka_role_rule {
    const char *role;
    struct tolka_pattern *pattern; /* over the heading; NULL: none */
    struct tolka_pattern *cells;   /* most cells of the column match; NULL: none */
    bool unlabelled;               /* `cells` counts for columns without a heading alone */
    int weight;
};

struct tolka_item_rule {
    const char *item;
    struct tolka_pattern *pattern; /* over the whole label */
    int weight;
    bool total;
    enum tolka_unit unit; /* of its figures, where the report names none */
};

/* What a table's form says of its kind. */
enum tolka_feature {
    TOLKA_FEATURE_ROWS, /* rows below the heading */
    TOLKA_FEATURE_COLUMNS,
    TOLKA_FEATURE_HEADER_ROWS,
    TOLKA_FEATURE_NUMERIC,       /* percent of the non-empty cells after the first column that are numbers */
    TOLKA_FEATURE_PROSE,         /* percent of them with three words or more */
    TOLKA_FEATURE_YEAR_COLUMNS,  /* columns whose heading is a period of a year or more, or a date */
    TOLKA_FEATURE_VALUE_COLUMNS, /* columns with more numbers than words */
    TOLKA_FEATURE_PERCENT,       /* percent of the numbers that are percentages */
    TOLKA_FEATURE_AMOUNTS,       /* percent of the numbers that are 1,000 or more */
    TOLKA_FEATURE_MONEY,         /* 1 when its caption or headings name a unit of money */
    TOLKA_FEATURE_FOLLOWED,      /* 1 when every column of budget has one of outcome for the same year */
    TOLKA_FEATURE_ITEMS,         /* distinct items of this kind that were met */
    TOLKA_FEATURE_ITEM_SHARE,    /* percent of the labelled rows that are items of this kind */
    TOLKA_FEATURE_CELLS,         /* percent of the non-empty cells that match the pattern */
    TOLKA_FEATURE_LABELS,        /* percent of the row labels that match the pattern */
    TOLKA_FEATURE_ENDS,          /* percent of the rows whose last non-empty cell matches the pattern */
    TOLKA_FEATURE_COUNT,
};

struct tolka_shape_rule {
    enum tolka_feature feature;
    struct tolka_pattern *pattern; /* CELLS, LABELS, ENDS */
    int at_least, at_most;
    int weight;
};

struct tolka_kind {
    const char *name;
    enum tolka_unit unit;
    bool money; /* its figures are amounts, in the unit that the report as a whole names */
    int threshold;
    struct tolka_evidence *heading;
    size_t heading_count, heading_capacity;
    struct tolka_role_rule *columns;
    size_t column_count, column_capacity;
    struct tolka_shape_rule *shape;
    size_t shape_count, shape_capacity;
    struct tolka_item_rule *items;
    size_t item_count, item_capacity;
    size_t own_item_count; /* the rest came by `include` and are no evidence */
    struct tolka_rule_sum *sums;
    size_t sum_count, sum_capacity;
    const char **include;
    size_t include_count, include_capacity;
};

struct tolka_report_rule {
    const char *kind;
    struct tolka_evidence *evidence;
    size_t evidence_count, evidence_capacity;
};

struct tolka_field_rule {
    const char *field;
    struct tolka_pattern *pattern;
    int weight;
    const char *where;
};

struct tolka_phrase_rule {
    const char *value;
    struct tolka_pattern *pattern;
};

struct tolka_rules {
    struct tolka_arena arena;
    char sha256[65];
    struct tolka_rules_file *files;
    size_t file_count, file_capacity;
    struct tolka_named_pattern *names;
    size_t name_count, name_capacity;
    struct tolka_pattern **patterns; /* all compiled ones, to be freed */
    size_t pattern_count, pattern_capacity;
    struct tolka_role_rule *columns;
    size_t column_count, column_capacity;
    struct tolka_pattern *totals;
    struct tolka_pattern *no_money; /* over captions, headings and labels; NULL: none */
    const char **total_sources;
    size_t total_count, total_capacity;
    struct tolka_kind *kinds;
    size_t kind_count, kind_capacity;
    struct tolka_rule_link *links;
    size_t link_count, link_capacity;
    struct tolka_report_rule *reports;
    size_t report_count, report_capacity;
    struct tolka_field_rule *fields;
    size_t field_count, field_capacity;
    struct tolka_phrase_rule *phrases;
    size_t phrase_count, phrase_capacity;
};

/* Borrowed; NULL when there is no such kind. */
const struct tolka_kind *tolka_rules_kind_lookup(const struct tolka_rules *rules, const char *name);

/* True when a sum's term begins with a sign: "-" taken off, "~" printed either way, "/" the whole of a share.
 */
static inline bool tolka_rules_is_signed(const char *term)
{
    return term[0] == '-' || term[0] == '~' || term[0] == '/';
}

/* Turns the rule files read so far into rules->kinds and the rest. Error FORMAT names file and line.
 * rules_build.c */
enum tolka_status tolka_rules_build(struct tolka_rules *rules, struct tolka_error *err);

/*
 * Reads folders and single files for a check: a file that cannot be read is reported, counted and left out.
 * Error MEMORY.
 */
enum tolka_status tolka_rules_read_all(struct tolka_rules *rules, const char *const *dirs, size_t dir_count,
                                       const char *const *files, size_t file_count, tolka_lint_report report,
                                       void *context, int *findings);

/* True when the pattern matches the tight form of `text` (NULL allowed: false). */
bool tolka_tight_matches(const struct tolka_pattern *pattern, struct tolka_matcher *matcher,
                         const char *text);

/* Why a table is of a kind: the weights of each sort of evidence. For tests and for those who write rules. */
struct tolka_kind_score {
    const char *kind;
    int threshold, heading, columns, items, shape;
};

/* Fills `scores` with the evidence for every kind, at most `capacity`; returns their number. */
int tolka_rules_kind_scores(const struct tolka_rules *rules, const struct tolka_table *table,
                            const char *heading, struct tolka_kind_score *scores, int capacity);

/* classify_rows.c: the role that a column's heading tells in tables of every kind; NULL: none. */
const char *tolka_heading_role(const struct tolka_rules *rules, struct tolka_matcher *matcher,
                               const char *label);

/* classify_features.c: the features of `table` that do not hang on a kind. */
void tolka_table_features(const struct tolka_table *table, int features[TOLKA_FEATURE_COUNT]);

/* The percent of cells, labels or row ends that match the shape's pattern. */
int tolka_table_share(const struct tolka_table *table, const struct tolka_shape_rule *shape,
                      struct tolka_matcher *matcher);

/* The label of a row: the text of its first column, "" when empty. */
const char *tolka_row_label(const struct tolka_table *table, int row);

/* classify_rows.c: the item of a label by the rules of `kind`; NULL when none knows it. */
const struct tolka_item_rule *tolka_kind_item(const struct tolka_kind *kind, struct tolka_matcher *matcher,
                                              const char *tight_label, size_t length);

/* The unit that the table itself names: its caption, the corner of its heading, its column headings; NONE
 * when they do not. */
enum tolka_unit tolka_table_unit(const struct tolka_table *table);

/* Sets column roles, items, totals and the unit once the kind is known (NULL: other). */
void tolka_table_apply_kind(const struct tolka_rules *rules, const struct tolka_kind *kind,
                            struct tolka_matcher *matcher, struct tolka_table *table, const char *heading);

#endif
