/* Inside of the table builder: what table*.c share. Nobody else includes this. */
#ifndef TOLKA_SCHEMA_TABLE_INT_H
#define TOLKA_SCHEMA_TABLE_INT_H

#include "base/strbuf.h"
#include "normalize/normalize.h"
#include "schema/record.h"

/* What building one report's tables needs. */
struct tolka_table_builder {
    const struct tolka_page *pages;
    size_t page_count;
    const struct tolka_model *model; /* NULL allowed */
    struct tolka_arena *arena;       /* of the record: what stays */
    struct tolka_strbuf scratch;     /* a text being put together */
};

/* Where a column's words stand, in per mille of the page's width; x1 <= x0: it has none. */
struct tolka_column_place {
    int x0, x1;
};

/* A table on its way, with what is known of its place. */
struct tolka_table_draft {
    struct tolka_table table;
    const struct tolka_page *page; /* the page of its last row */
    const struct tolka_grid *grid;
    struct tolka_column_place *columns;
    const char *heading;              /* nearest heading above it, NULL */
    bool first_on_page, last_on_page; /* nothing but page furniture above it, below it */
    bool *numeric;                    /* columns that hold values */
    bool bold_head;                   /* its first row is bold, the second is not */
};

/* table_cell.c: fills `cell` from the words of `source`. False when out of memory. */
bool tolka_table_fill_cell(struct tolka_table_builder *builder, const struct tolka_page *page,
                           const struct tolka_grid_cell *source, struct tolka_cell *cell);

/* table_cell.c: appends `word` to the scratch text, as the builder joins words; `broken`: a line ends between
 * them. */
void tolka_table_append_word(struct tolka_table_builder *builder, const char *word, bool broken,
                             size_t *last_start);

/* table.c: gives values without a unit that of their row, column or table; marks rows that are headings inside the table. */
void tolka_table_set_units(struct tolka_table *table);
void tolka_table_set_groups(struct tolka_table *table);

/* table_cell.c: marks the cells below the heading that were read badly. */
void tolka_table_mark_doubt(struct tolka_table_draft *draft);

/* table_symbols.c: signs that the recogniser does not know, where their place tells them. False when out of
 * memory. */
bool tolka_table_mend_symbols(struct tolka_table_builder *builder, struct tolka_table_draft *draft);

/* table_comma.c: marks figures of recognised pages that lost their decimal comma, and offers them with it;
 * after the roles of the columns and the doubts are known. False when out of memory. */
bool tolka_table_doubt_commas(struct tolka_table_builder *builder, struct tolka_table_draft *draft);

/* table_head.c: finds the numeric columns and the header rows. */
bool tolka_table_find_head(struct tolka_table_builder *builder, struct tolka_table_draft *draft);

/* table_head.c: the year that stands in a row of consecutive years at `column`, though it may be misread
 * ("2 023  202  2021  2020"); 0 where no such row is. */
int tolka_table_year_at(const struct tolka_table *table, int row, int column);

/* table_head.c: "202223", a broken year that lost its slash. */
bool tolka_table_is_split_year(const char *text);

/* table_head.c: true when all letters of the text, and there are some, are capitals. */
bool tolka_table_is_upper(const char *text);

/* table_head.c: labels, periods and units of the columns, from the header rows. */
bool tolka_table_label_columns(struct tolka_table_builder *builder, struct tolka_table *table);

/* table_place.c: caption, heading and neighbourhood of the draft; `*heading` is the last heading so far,
 * updated per page. */
bool tolka_table_find_place(struct tolka_table_builder *builder, struct tolka_table_draft *draft,
                            const char *heading);

/* table_place.c: the text of the page's last heading line, or `heading` when it has none. */
const char *tolka_table_last_heading(struct tolka_table_builder *builder, const struct tolka_page *page,
                                     const char *heading);

/*
 * table_place.c: the lines between the page's head (or the grid `above` on the same page, NULL for none) and
 * the draft when they can only be group headings of a table that goes on: few, short, in its first column,
 * printed as small as its rows. Their count, at most `limit`; -1 when something else stands there.
 */
int tolka_table_group_lines(const struct tolka_table_draft *draft, const struct tolka_grid *above,
                            const struct tolka_line **lines, int limit);

/* table_join.c: joins `next` to the end of `draft` when it goes on there; true when it did. `*failed` when
 * out of memory. */
bool tolka_table_join(struct tolka_table_builder *builder, struct tolka_table_draft *draft,
                      const struct tolka_table_draft *next, bool *failed);

#endif
