/*
 * The rules engine: YAML rule files (libcyaml) with PCRE2 patterns, compiled once, read-only afterwards (safe
 * to share by threads). The rule files say what kinds of tables and reports there are and what must add up;
 * this header is all that the rest of schema/ knows.
 */
#ifndef TOLKA_SCHEMA_RULES_H
#define TOLKA_SCHEMA_RULES_H

#include "base/error.h"
#include "schema/record.h"

struct tolka_rules;

/*
 * Loads every *.yaml of `dirs` (in order; a later folder adds to and may override kinds of an earlier one).
 * Error FORMAT names file and line; IO. `*out` is the caller's to free.
 */
enum tolka_status tolka_rules_load(const char *const *dirs, size_t dir_count, struct tolka_rules **out,
                                   struct tolka_error *err);

/* The same, and after the folders the single `files`. */
enum tolka_status tolka_rules_load_with(const char *const *dirs, size_t dir_count, const char *const *files,
                                        size_t file_count, struct tolka_rules **out, struct tolka_error *err);
void tolka_rules_free(struct tolka_rules *rules);

/* The SHA-256 over all rule files as 64 hex digits; borrowed. */
const char *tolka_rules_sha256(const struct tolka_rules *rules);

/* What must add up in a kind of table: total = sum of sign * term. Items that a table lacks, or that are
 * empty, count as 0. With a second term whose sign is 0, the first one's share of it, in percent. */
struct tolka_rule_term {
    const char *item;
    int sign;
};
struct tolka_rule_sum {
    const char *name;
    const char *total;
    const struct tolka_rule_term *terms;
    size_t term_count;
};

/* What must be equal between two tables of a report: a result carried from one statement to the next. */
struct tolka_rule_link {
    const char *name;
    const char *kind_a, *item_a, *kind_b, *item_b;
    int sign;       /* 1 or -1: b = sign * a */
    int year_shift; /* 0: same period; -1: a's previous period (last year's closing, this year's opening) */
};

/* The arithmetic of `kind`, NULL and 0 when it has none. Borrowed. */
const struct tolka_rule_sum *tolka_rules_sums(const struct tolka_rules *rules, const char *kind,
                                              size_t *count);
const struct tolka_rule_link *tolka_rules_links(const struct tolka_rules *rules, size_t *count);

/*
 * Says what kind of table this is, from caption, section heading (NULL allowed), headings and labels, and
 * sets: table->kind, unit, column roles, rows' item, is_total. Cells, header_rows, column labels and values
 * must be filled. Tolerant of recognition errors.
 */
void tolka_rules_classify(const struct tolka_rules *rules, struct tolka_table *table, const char *heading);

/* Sets column roles, rows' items and totals, and the unit, of a table whose kind is known: after a heading or a label
 * was corrected. */
void tolka_rules_name_rows(const struct tolka_rules *rules, struct tolka_table *table);

/* Makes record->goals anew from the tables of goals. Error MEMORY. */
enum tolka_status tolka_rules_renew_goals(const struct tolka_rules *rules, struct tolka_record *record,
                                          struct tolka_error *err);

/*
 * What holds over a whole report, before its checks: the unit that lines have by the rules; the unit that the report names for all its
 * amounts ("samtliga belopp i tkr"), where a table of amounts names none; the period of columns headed "2022/2023". Error MEMORY.
 */
enum tolka_status tolka_rules_settle(const struct tolka_rules *rules, const struct tolka_page *pages, size_t page_count,
                                     struct tolka_record *record, struct tolka_error *err);

/* True when the label of a row names a sum ("Summa ...", "Totalt"). */
bool tolka_rules_is_total_label(const struct tolka_rules *rules, const char *label);

/*
 * Fills record->report (kind, title, organisation, orgnr with a valid check digit, dnr, period, decided),
 * sections, goals and signatures from the pages and the finished tables. What the report does not say stays
 * NULL. Error MEMORY.
 */
enum tolka_status tolka_rules_describe(const struct tolka_rules *rules, const struct tolka_page *pages,
                                       size_t page_count, struct tolka_record *record,
                                       struct tolka_error *err);

#endif
