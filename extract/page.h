/*
 * The page model: words, lines, rulings and table grids of one page, plain data in one arena. extract/ fills it; whoever reads pages may
 * include this.
 *
 * Frame. All boxes lie in the *upright, deskewed* picture of the page, in pixels at `dpi`: geometry is simple there.
 * tolka_page_to_image() takes a box back to the upright picture as it was scanned, which is what records show.
 */
#ifndef TOLKA_EXTRACT_PAGE_H
#define TOLKA_EXTRACT_PAGE_H

#include "base/arena.h"
#include "base/box.h"
#include "base/diag.h"
#include "lib/tolka.h"

#include <stdbool.h>
#include <stddef.h>

/* Another reading of a word. */
struct tolka_alternative {
    const char *text;
    float confidence; /* 0..1 */
};

enum tolka_word_flag {
    TOLKA_WORD_BOLD = 1,
    TOLKA_WORD_SECOND_LOOK = 2, /* `raw` was settled by a second recognition of this place */
};

struct tolka_word {
    struct tolka_box box;
    const char *raw;  /* as recognised: NFC, no white space, not empty */
    const char *text; /* repaired; `raw` itself where nothing changed */
    float confidence; /* of the recogniser, 0..1; 1 for a page's own text */
    int line;         /* index into lines */
    unsigned flags;   /* enum tolka_word_flag */
    const struct tolka_alternative *alternatives; /* best first, without `raw` itself */
    size_t alternative_count;
    /* Set by the repair where text differs from raw: */
    float repair_confidence;
    const char *repair_reason; /* a short snake_case word, static */
};

enum tolka_line_role {
    TOLKA_LINE_BODY,
    TOLKA_LINE_HEADING,
    TOLKA_LINE_HEADER,      /* running header: page furniture */
    TOLKA_LINE_FOOTER,      /* running footer */
    TOLKA_LINE_PAGE_NUMBER,
};

/* A line of words in reading order: words first_word .. first_word + word_count - 1, left to right. */
struct tolka_line {
    struct tolka_box box;
    int first_word, word_count;
    int block;               /* lines of one paragraph or column piece share a number, ascending in reading order */
    float size_px;           /* height of the print: about the font size (ascender to descender) */
    bool bold;
    int heading_level;       /* 1..6 for a heading, else 0 */
    enum tolka_line_role role;
    int grid;                /* index into grids when its words stand in a table, else -1 */
};

/* A drawn straight line, longer than wide. */
struct tolka_ruling {
    struct tolka_box box;
    bool vertical;
};

/* A cell: its words in reading order (indices into words). A change of `line` between neighbours is a line break in the cell. */
struct tolka_grid_cell {
    struct tolka_box box;    /* of its words; empty for an empty cell */
    int *words;
    int word_count;
};

/*
 * A table's geometry. cells[row * column_count + column]. A word belongs to one cell of one grid at most. A cell that spans columns has its
 * words in the leftmost of them, the others are empty.
 */
struct tolka_grid {
    struct tolka_box box;
    int row_count, column_count;
    bool ruled;              /* found by its rulings, not by white space */
    struct tolka_grid_cell *cells;
};

struct tolka_page {
    int number;              /* from 1 */
    int width, height;       /* px, upright */
    int dpi;
    enum tolka_origin origin;
    bool plain_text;         /* boxes are the places of characters in a text, one blank a character wide; not kept by pagepack */
    int rotation_deg;        /* 0, 90, 180, 270: clockwise turn that made it upright */
    float skew_deg;          /* clockwise angle that was taken out */
    float confidence;        /* mean of its words, 0..1; 1 when blank */
    /*
     * Where the picture that was read lies on the page as a viewer shows it (before rotation_deg): x0, y0, x1, y1 as shares of its width and
     * height. All 0: the picture is the page.
     */
    float place[4];
    struct tolka_word *words;
    size_t word_count, word_capacity;
    struct tolka_line *lines;
    size_t line_count, line_capacity;
    struct tolka_ruling *rulings;
    size_t ruling_count, ruling_capacity;
    struct tolka_grid *grids; /* in reading order */
    size_t grid_count, grid_capacity;
    struct tolka_diags problems;
    struct tolka_arena arena; /* holds all of the above */
};

/* Appenders: NULL or -1 when out of memory or over a bound (200,000 words, 100,000 lines, 50,000 rulings, 2,000 grids a page). */
struct tolka_word *tolka_page_add_word(struct tolka_page *page);
struct tolka_line *tolka_page_add_line(struct tolka_page *page);
struct tolka_ruling *tolka_page_add_ruling(struct tolka_page *page);
struct tolka_grid *tolka_page_add_grid(struct tolka_page *page, int row_count, int column_count);

/* Where a word stands: the grid's index and the cell's in it, both -1 for running text. */
struct tolka_word_place {
    int grid, cell;
};

/* A place for each word of `page`, in `arena`; NULL when out of memory. */
struct tolka_word_place *tolka_page_word_places(const struct tolka_page *page, struct tolka_arena *arena);

/* Takes a box from the deskewed frame to the upright picture as scanned, clipped to the page. */
struct tolka_box tolka_page_to_image(const struct tolka_page *page, struct tolka_box box);

/* Takes every box and size of print, width, height and dpi to a frame `factor` times as fine. */
void tolka_page_scale(struct tolka_page *page, double factor);

/* Frees all; the struct is all-zero (an empty page) afterwards. */
void tolka_page_release(struct tolka_page *page);

#endif
