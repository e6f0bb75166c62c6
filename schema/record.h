/*
 * The record of one report, as CONTRACT-level data: what the writers write, what checks work on, what a store keeps. Plain data in one
 * arena; strings are UTF-8, NULL means "the report does not say". Kinds and items are words of the rule files, so they are strings.
 * Units, statuses and verdicts, and their names, are the public header's.
 */
#ifndef TOLKA_SCHEMA_RECORD_H
#define TOLKA_SCHEMA_RECORD_H

#include "base/arena.h"
#include "base/box.h"
#include "base/diag.h"
#include "extract/page.h"
#include "lib/tolka.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* mantissa / 10^scale, exact: sums of amounts must not suffer from binary fractions. scale 0..9, |mantissa| < 10^17. */
struct tolka_decimal {
    int64_t mantissa;
    int scale;
};

struct tolka_period {
    const char *from, *to; /* ISO 8601 dates; a balance date has both equal or `from` NULL */
};

struct tolka_cell {
    const char *text; /* repaired, "" when empty */
    const char *raw;  /* as read, words joined by one space */
    bool has_value;
    struct tolka_decimal value;
    enum tolka_unit unit;
    int page;
    struct tolka_box box;  /* in the scanned picture of `page` */
    float confidence;      /* the lowest of its words, 0..1; 1 when empty */
    enum tolka_cell_status status;
    const struct tolka_alternative *alternatives; /* other readings of the whole cell, best first */
    size_t alternative_count;
};

struct tolka_column {
    const char *label; /* its heading cells joined by one space, "" when none */
    struct tolka_period period;
    enum tolka_unit unit;
    const char *role;  /* rule files' word: "label", "note", "amount", "budget", "actual", "deviation", "percent", ...; NULL unknown */
};

struct tolka_row {
    const char *item; /* canonical key, or NULL */
    bool is_total;    /* a sum row, by rule or by its words */
    bool is_group;    /* a heading inside the table: a label, no values */
};

struct tolka_cell_ref {
    int row, column;
};

/* What is added up: sign * a cell of record->tables[table]. */
struct tolka_check_addend {
    int table, row, column, sign;
};

struct tolka_check {
    const char *rule;
    int page;
    struct tolka_cell_ref *cells; /* of its own table, the total (or checked) cell first */
    size_t cell_count;
    struct tolka_check_addend *addends; /* `expected` is their sum and `whole`; cells of other tables too. A second with
                                           sign 0: the first one in percent of it */
    size_t addend_count;
    struct tolka_decimal whole; /* 0 but for shares of a hundred */
    bool slack;                 /* rounding is forgiven even where the figures are small */
    struct tolka_decimal expected, found, off; /* off = found - expected */
    enum tolka_verdict verdict;
};

struct tolka_table {
    const char *id;   /* "t1", "t2", ... in reading order */
    const char *kind; /* never NULL: "other" at least */
    const char *caption;
    enum tolka_unit unit;
    int *pages;
    size_t page_count;
    struct tolka_box box; /* on its first page */
    int header_rows;
    struct tolka_column *columns;
    int column_count;
    struct tolka_row *rows;
    struct tolka_cell *cells; /* cells[row * column_count + column] */
    int row_count;
    struct tolka_check *checks;
    size_t check_count, check_capacity;
};

struct tolka_goal {
    const char *goal, *activity, *assessment;
    const char *fulfilment; /* "fulfilled", "partly", "not", "unknown", "ongoing" */
    int page;
    const char *table; /* id, or NULL */
};

struct tolka_section {
    int level;
    const char *number, *title;
    int page;
};

struct tolka_signature {
    const char *name, *role, *place;
    int page;
};

struct tolka_correction {
    int page;
    struct tolka_box box; /* in the scanned picture */
    const char *from, *to;
    float confidence;
    const char *reason;
    const char *by, *at; /* who settled it, and when, where a person did and it is known; else NULL */
    int line, word;      /* of a word of the page's text that has no box: from 1, as the text was read; else 0 */
};

/* What the record says of a page; its geometry stays in the page model. */
struct tolka_page_summary {
    int page, width, height, dpi;
    enum tolka_origin origin;
    int rotation_deg;
    float skew_deg, confidence;
    const char *text;
};

struct tolka_record {
    struct {
        const char *path;
        char sha256[65];
        int64_t bytes;
        int pages;
    } source;
    struct {
        const char *kind, *title, *organisation, *orgnr, *dnr, *decided;
        struct tolka_period period;
    } report;
    struct tolka_page_summary *pages;
    size_t page_count, page_capacity;
    struct tolka_section *sections;
    size_t section_count, section_capacity;
    struct tolka_table *tables;
    size_t table_count, table_capacity;
    struct tolka_goal *goals;
    size_t goal_count, goal_capacity;
    struct tolka_signature *signatures;
    size_t signature_count, signature_capacity;
    struct tolka_correction *corrections;
    size_t correction_count, correction_capacity;
    struct tolka_diags problems;
    struct tolka_arena arena;
};

static inline struct tolka_cell *tolka_table_cell(const struct tolka_table *table, int row, int column)
{
    return &table->cells[(size_t)row * (size_t)table->column_count + (size_t)column];
}

/* True when all that the check adds up are cells of the record; for what comes from outside. */
bool tolka_check_fits(const struct tolka_record *record, const struct tolka_check *check);

/* Frees all; all-zero afterwards. */
void tolka_record_release(struct tolka_record *record);

#endif
