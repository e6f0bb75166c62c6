/*
 * Tables of text without geometry: shared by the grid_flat*.c files and grid.c only. A line of such a text is
 * a label and, at its end, figures with one blank between them, whatever their columns were.
 */
#ifndef TOLKA_EXTRACT_GRID_FLAT_H
#define TOLKA_EXTRACT_GRID_FLAT_H

#include "extract/grid_internal.h"

#include <stdint.h>

enum {
    FLAT_MAX_COLUMNS = 12, /* of figures */
    FLAT_MAX_TOKENS = 48,  /* of the figures at a line's end */
    FLAT_MAX_SPLITS = 24,  /* readings of one line that are weighed against each other */
    FLAT_MAX_LINES = 400,  /* of one table */
};

enum flat_kind {
    FLAT_WORD,
    FLAT_NUMBER, /* whole; groups of three digits may follow */
    FLAT_CLOSED, /* with decimals or a percent sign: nothing may follow */
    FLAT_DASH,
    FLAT_MARK, /* a percent sign or unit of its own: belongs to the figure before it */
    FLAT_PERIOD,
    FLAT_REST, /* the end of a span of time: belongs to the period before it */
};

/* The cost of what cannot be. */
#define FLAT_NEVER 1000.0F

struct flat_token {
    int word; /* index into page->words */
    enum flat_kind kind;
    int lead;           /* digits before a decimal comma */
    bool sign, zero;    /* signed; begins with a nought and has more digits */
    int64_t hundredths; /* its value without the sign */
};

/* One way in which a line's figures may stand in columns: column c holds tokens first[c] .. end[c] - 1, none
 * where first[c] < 0. */
struct flat_split {
    short first[FLAT_MAX_COLUMNS], end[FLAT_MAX_COLUMNS];
    bool known[FLAT_MAX_COLUMNS]; /* has a value */
    int64_t hundredths[FLAT_MAX_COLUMNS];
    int absorbed; /* leading tokens that are the label's */
    float cost;
};

enum flat_role {
    FLAT_LABEL, /* a short line without figures at its end */
    FLAT_FIGURES,
    FLAT_HEAD, /* periods at its end, and no figures but them */
    FLAT_PROSE,
};

struct flat_line {
    int line;   /* index into page->lines */
    int blanks; /* empty lines above, in the page's usual pitch */
    enum flat_role role;
    int first_word, word_count; /* of the label: the line's words before its tail */
    struct flat_token *tail;
    int tail_count;
    int periods;     /* of a head: pieces */
    int least, most; /* amounts that the figures may be, nothing left to the label */
    float cost_of[FLAT_MAX_COLUMNS +
                  1];          /* of reading the figures as so many amounts; FLAT_NEVER when they cannot be */
    struct flat_split *splits; /* best first */
    int split_count, chosen;
    float score;   /* of the chosen one: what proves it less what it costs */
    bool proved;   /* arithmetic chose */
    bool doubted;  /* another reading is about as likely */
    int row;       /* of the table that is being made */
    int note_word; /* the label's words from here on are a reference to a note; -1 */
};

/* grid_flat_token.c: fills role, label and tail from the page's line. False when memory is out. */
bool flat_line_read(struct grid_search *search, int line, struct flat_line *out);

/* grid_flat_split.c: fills cost_of. */
void flat_splits_weigh(struct flat_line *line);

/* grid_flat_split.c: lists the readings of the line in a table of `columns`. False when memory is out. */
bool flat_splits_list(struct grid_search *search, struct flat_line *line, int columns);

/* grid_flat_sums.c: chooses among the readings of `count` lines by what adds up; returns how well they are
 * explained, more is better. */
float flat_splits_choose(struct flat_line *lines, int count, int columns);

/* The heading above a table's first line of figures. */
struct flat_heads {
    int first, count; /* lines[first .. first + count - 1]; count 0 for none */
    bool one_row;     /* the lines make one row of the table */
    int *column; /* by word of the page from first_word on: 0 the labels', then the notes' where there are
                    some, then the figures' */
    int first_word, word_count;
};

/* grid_flat_head.c: finds the heading above lines[at], no higher than lines[floor]; `grid_columns` counts a
 * column of notes too. False when memory is out.
 */
bool flat_heads_find(struct grid_search *search, const struct flat_line *lines, int floor, int at,
                     int columns, int grid_columns, struct flat_heads *heads);

/* grid_flat_emit.c: makes a grid of lines[body .. last] with the heading above them. False when memory is
 * out. */
bool flat_table_emit(struct grid_search *search, struct flat_line *lines, int body, int last, int columns,
                     int grid_columns, const struct flat_heads *heads);

/* grid_flat_emit.c: a small whole number. */
bool flat_is_note(const struct flat_token *token);

/* grid_flat_emit.c: the line begins with a small letter or a bracket. */
bool flat_starts_low(const struct grid_search *search, const struct flat_line *line);

/* grid_flat.c: appends the tables that it finds; for a page that was made of plain text. False when memory is
 * out. */
bool grid_find_flat(struct grid_search *search);

#endif
