/* The writers: a record in, bytes out. Each appends to a string buffer; check out->failed. Output depends on the record alone. */
#ifndef TOLKA_SCHEMA_WRITE_H
#define TOLKA_SCHEMA_WRITE_H

#include "base/strbuf.h"
#include "normalize/normalize.h"
#include "schema/record.h"

void tolka_write_json(const struct tolka_record *record, struct tolka_strbuf *out);  /* one object, trailing newline */
void tolka_write_jsonl(const struct tolka_record *record, struct tolka_strbuf *out); /* the facts, an object a line */
void tolka_write_csv(const struct tolka_record *record, struct tolka_strbuf *out);   /* the facts, RFC 4180 with a header line */
void tolka_write_table_csv(const struct tolka_table *table, struct tolka_strbuf *out); /* its rows, heading rows first, RFC 4180 */
void tolka_write_md(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count, struct tolka_strbuf *out);
void tolka_write_txt(const struct tolka_record *record, struct tolka_strbuf *out);   /* page texts, form feed between pages */

/* The layout: every word with its place. `model` (NULL allowed) tells which halves over a line's end are one word. */
void tolka_write_alto(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count, const struct tolka_model *model,
                      struct tolka_strbuf *out);
void tolka_write_hocr(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count, const struct tolka_model *model,
                      struct tolka_strbuf *out);

/* A fact: a cell below a heading that states a number, with all that is known of it. Borrowed strings; NULL: not known. */
struct tolka_fact {
    const char *sha256, *path;
    int page;
    const char *report_kind, *organisation, *period_from, *period_to;
    const char *table, *kind, *item, *label, *column, *column_from, *column_to;
    const char *text, *raw;
    struct tolka_decimal value;
    const char *unit;
    float confidence;
    const char *status;
    struct tolka_box box;
};

/* True when this cell is a fact. */
bool tolka_cell_is_fact(const struct tolka_table *table, int row, int column);

/* One fact as a line, and the heading line that CSV begins with. */
void tolka_write_fact_json(const struct tolka_fact *fact, struct tolka_strbuf *out);
void tolka_write_fact_csv(const struct tolka_fact *fact, struct tolka_strbuf *out);
void tolka_write_csv_head(struct tolka_strbuf *out);

/* The tables of the report for a terminal: aligned, with page, confidence and check marks. `color` allows ANSI colours. */
void tolka_write_summary(const struct tolka_record *record, bool color, struct tolka_strbuf *out);

#endif
