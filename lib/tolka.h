/*
 * libtolka: scanned Swedish public reports into structured, checked records.
 *
 * This is the whole public face of the library; `pkg-config --cflags --libs tolka` says how to build with it.
 * A program opens a context, converts files with it, walks or writes the reports that come out, and closes
 * it:
 *
 *     struct tolka_context *tolka;
 *     struct tolka_report *report;
 *
 *     if (tolka_open(NULL, &tolka, NULL, 0) == TOLKA_OK) {
 *         if (tolka_convert_file(tolka, "report.pdf", NULL, &report) == TOLKA_OK) {
 *             ...
 *             tolka_report_free(report);
 *         }
 *         tolka_close(tolka);
 *     }
 *
 * Text is UTF-8 and ends with a NUL. Text that a call hands out belongs to the report and lives as long as
 * it; what a report does not say is NULL. Pages count from 1, everything else from 0. Boxes are {x0, y0, x1,
 * y1} in pixels of the page's picture, origin top left, x1 and y1 just outside. Confidence is 0 to 1.
 *
 * Calls that can fail return TOLKA_OK or a negative `enum tolka_status`. The library never prints, exits,
 * forks, changes the locale or handles signals.
 *
 * Threads: a context, and the reports made with it, belong to one thread at a time; any number of contexts
 * may work at once. A report may be read by several threads when none of them frees it.
 *
 * What the library does happens in the caller's process. A file made to harm one of the libraries that decode
 * pictures or PDF harms the caller: where files come from strangers, run `tolka convert`, which reads each
 * page in a confined process of its own.
 *
 * Calls that fill in a struct are told its size: a program goes on working with a later library whose structs
 * have grown at their end.
 */
#ifndef TOLKA_H
#define TOLKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TOLKA_API __attribute__((visibility("default")))
#else
#define TOLKA_API
#endif

/* ---- Codes ---- */

/* Why a call failed; 0 is success. */
enum tolka_status {
    TOLKA_OK = 0,
    TOLKA_ERR_ARGUMENT = -1,   /* the caller's mistake */
    TOLKA_ERR_MEMORY = -2,     /* out of memory */
    TOLKA_ERR_IO = -3,         /* reading or writing failed; a missing file too */
    TOLKA_ERR_FORMAT = -4,     /* not a known type, or damaged beyond reading */
    TOLKA_ERR_ENCRYPTED = -5,  /* asks for a password */
    TOLKA_ERR_LIMIT = -6,      /* larger than the limits that guard against hostile input */
    TOLKA_ERR_CRASH = -7,      /* a worker process died over it (the program only) */
    TOLKA_ERR_TIMEOUT = -8,    /* it took too long (the program only) */
    TOLKA_ERR_LIBRARY = -9,    /* a library below refused for a reason of its own */
    TOLKA_ERR_FULL = -10,      /* no space left on the device */
    TOLKA_ERR_LOCKED = -11,    /* another program kept it locked for longer than we wait */
    TOLKA_ERR_VERSION = -12,   /* made by a newer program */
    TOLKA_ERR_STALE = -13,     /* what the call is about is no longer ours: a lost claim */
    TOLKA_ERR_CANCELLED = -14, /* the caller's on_page asked to stop */
};

/* Which pages are recognised. */
enum tolka_ocr_mode {
    TOLKA_OCR_AUTO,   /* a page's own text is used when it can be trusted */
    TOLKA_OCR_ALWAYS, /* every page's picture is read */
    TOLKA_OCR_NEVER,  /* only text that pages have of their own */
};

/* Where a page's words come from. */
enum tolka_origin {
    TOLKA_ORIGIN_OCR,  /* recognised from its picture */
    TOLKA_ORIGIN_TEXT, /* its own text */
};

/* What a figure counts. */
enum tolka_unit {
    TOLKA_UNIT_NONE,    /* not known */
    TOLKA_UNIT_SEK,     /* kronor */
    TOLKA_UNIT_KSEK,    /* thousands of kronor */
    TOLKA_UNIT_MSEK,    /* millions of kronor */
    TOLKA_UNIT_PERCENT, /* per cent */
    TOLKA_UNIT_COUNT,   /* a number of things */
};

/* How far a cell can be trusted. */
enum tolka_cell_status {
    TOLKA_CELL_READ,      /* read well, no check covers it */
    TOLKA_CELL_CONFIRMED, /* a check that it takes part in holds */
    TOLKA_CELL_REPAIRED,  /* differs from what was read in more than white space */
    TOLKA_CELL_DOUBTFUL,  /* read badly, or takes part in a check that fails */
    TOLKA_CELL_CORRECTED, /* corrected by a person */
};

/* How a check came out. */
enum tolka_verdict {
    TOLKA_CHECK_HOLDS,    /* it holds, within the rounding that it forgives */
    TOLKA_CHECK_MISREAD,  /* it does not, and a cell in it was read badly */
    TOLKA_CHECK_MISPRINT, /* it does not, and all its cells were read well: the report itself is wrong */
};

/* ---- Contexts ---- */

/* What conversions share: language model, rules, recognisers. */
struct tolka_context;

/* One converted file. */
struct tolka_report;

/* How a context works. All-zero but for `size` is the default; strings are copied. */
struct tolka_options {
    size_t size; /* sizeof(struct tolka_options) */
    /* The folder with sv.model and rules/; NULL: share/tolka beside the library or the program. */
    const char *data_dir;
    /* Another language model; "" repairs nothing; NULL: the one in data_dir. */
    const char *model;
    /* Further folders of rule files, read after those of data_dir, and how many. */
    const char *const *rule_dirs;
    size_t rule_dir_count;
    enum tolka_ocr_mode ocr;
    int jobs; /* pages read at once, each by a thread of the library: 1 to 256; 0 is 1 */
    /* Told after each page, in the caller's thread; what is not 0 stops the conversion. NULL allowed. */
    int (*on_page)(int done, int total, void *data);
    void *data; /* handed to on_page */
};

/* The library's version, as "0.1.0". Static. */
TOLKA_API const char *tolka_version(void);

/*
 * Opens a context; `options` NULL is the default. On success `*out` is the caller's to close. On failure
 * `*out` is NULL and the reason goes to `message` (NULL allowed), one line of at most `message_size` bytes
 * with its NUL. Errors ARGUMENT, MEMORY, IO (model or rules are missing), FORMAT (they are damaged; the
 * message names file and line).
 */
TOLKA_API int tolka_open(const struct tolka_options *options, struct tolka_context **out, char *message,
                         size_t message_size);

/* Closes a context; NULL is allowed. Reports made with it live on. */
TOLKA_API void tolka_close(struct tolka_context *context);

/* What the last failing call on this context failed at, one line; "" when none has. Valid until the next call
 * on the context. */
TOLKA_API const char *tolka_message(const struct tolka_context *context);

/* ---- Conversion ---- */

/*
 * Reads the file at `path` (PDF, TIFF, PNG, JPEG, ALTO, hOCR or UTF-8 text). `pages` is a list like "1-3,7"
 * or NULL for all. On success `*out` is the caller's to free; a page that failed is among the report's
 * problems. Errors ARGUMENT (a malformed list, or no such page), IO, FORMAT, ENCRYPTED, LIMIT, MEMORY,
 * LIBRARY (no recogniser), CANCELLED.
 */
TOLKA_API int tolka_convert_file(struct tolka_context *context, const char *path, const char *pages,
                                 struct tolka_report **out);

/*
 * As tolka_convert_file, of `length` bytes in memory, borrowed until it returns. `name` stands for the file
 * in messages and in the report's source; NULL: "memory".
 */
TOLKA_API int tolka_convert_memory(struct tolka_context *context, const void *bytes, size_t length,
                                   const char *name, const char *pages, struct tolka_report **out);

/* Frees a report and all text that came from it; NULL is allowed. */
TOLKA_API void tolka_report_free(struct tolka_report *report);

/*
 * Writes a report as "json", "jsonl", "csv", "md", "txt", "alto", "hocr" or "summary", the formats of `tolka
 * convert --format`; its "pdf" needs the pages' pictures and is the program's alone. On success `*out` is the
 * caller's to free with tolka_free, NUL-terminated, and `*length` (NULL allowed) its length without the NUL.
 * Errors ARGUMENT (no such format), MEMORY.
 */
TOLKA_API int tolka_report_write(const struct tolka_report *report, const char *format, char **out,
                                 size_t *length);

/* Frees what tolka_report_write and tolka_normalize handed out; NULL is allowed. */
TOLKA_API void tolka_free(void *memory);

/* ---- Swedish text ---- */

/* Told of each change: line and column (in characters) count from 1; the texts are valid during the call. */
typedef void (*tolka_change_fn)(size_t line, size_t column, const char *from, const char *to,
                                double confidence, const char *reason, void *data);

/*
 * Repairs Swedish text that a recogniser misread: the same number of lines comes out, white space as it was.
 * On success `*out` is the caller's to free with tolka_free, `*out_length` (NULL allowed) its length.
 * `on_change` may be NULL. Errors ARGUMENT (the context was opened without a model), MEMORY.
 */
TOLKA_API int tolka_normalize(struct tolka_context *context, const char *text, size_t length,
                              tolka_change_fn on_change, void *data, char **out, size_t *out_length);

/* ---- Walking a report ---- */

/* A report as a whole, and how much of everything it has. */
struct tolka_report_info {
    const char *path, *sha256; /* of the file */
    int64_t bytes;             /* its size */
    int pages_in_file;
    const char *kind, *title, *organisation, *orgnr, *dnr, *decided; /* dates are ISO 8601 */
    const char *period_from, *period_to;
    size_t page_count, section_count, table_count, goal_count, signature_count, correction_count,
        problem_count;
};

/* A page that was read. */
struct tolka_page_info {
    int page, width, height, dpi; /* width and height in pixels at dpi */
    enum tolka_origin origin;
    int rotation_deg; /* the clockwise turn that made it upright: 0, 90, 180, 270 */
    double skew_deg;  /* the clockwise angle that was taken out */
    double confidence;
    const char *text; /* repaired, in reading order, with line breaks as on the page */
};

/* A heading. */
struct tolka_section_info {
    int level; /* 1 to 6 */
    const char *number, *title;
    int page;
};

/* A table: a grid of row_count x column_count cells. */
struct tolka_table_info {
    const char *id, *kind, *caption; /* kind is never NULL: "other" at least */
    enum tolka_unit unit;
    int page; /* its first page */
    int last_page;
    int bbox[4];                              /* on its first page */
    int header_rows, row_count, column_count; /* the first header_rows rows are the heading */
    size_t check_count;
};

/* A column of a table. */
struct tolka_column_info {
    const char *label; /* "" when it has none */
    const char *period_from, *period_to;
    enum tolka_unit unit;
};

/* A row of a table. */
struct tolka_row_info {
    const char *item; /* canonical key of a known line ("total_assets"), else NULL */
    bool is_total;    /* a sum */
    bool is_group;    /* a heading inside the table: a label and no values */
};

/* A cell of a table. */
struct tolka_cell_info {
    const char *text, *raw; /* repaired; as it was read. "" when empty */
    bool has_value;
    double value;     /* the number that the text states */
    int64_t mantissa; /* the same, exactly: mantissa / 10^scale */
    int scale;
    enum tolka_unit unit;
    int page;
    int bbox[4]; /* on that page; all zero when empty */
    double confidence;
    enum tolka_cell_status status;
};

/* A sum or another check that the report's own arithmetic allows. */
struct tolka_check_info {
    const char *rule;
    int page;
    size_t cell_count;           /* tolka_report_check_cell names them */
    double expected, found, off; /* off = found - expected */
    enum tolka_verdict verdict;
};

/* A goal and what became of it. */
struct tolka_goal_info {
    const char *goal, *activity, *assessment;
    const char *fulfilment; /* "fulfilled", "partly", "not", "ongoing" or "unknown" */
    int page;
    const char *table; /* the id of the table that it stands in, or NULL */
};

/* A person who signed. */
struct tolka_signature_info {
    const char *name, *role, *place;
    int page;
};

/* A word that was repaired. */
struct tolka_correction_info {
    int page;
    int bbox[4];
    const char *from, *to;
    double confidence;
    const char *reason;
};

/* Something odd about the file, or a page that failed. */
struct tolka_problem_info {
    int page; /* 0: the whole file */
    const char *code, *message;
};

/*
 * Each of these fills in `*info`, of which the caller has `size` bytes. They return TOLKA_OK, or ARGUMENT
 * when there is no such thing in the report; then `*info` is all zero.
 */
TOLKA_API int tolka_report_describe(const struct tolka_report *report, struct tolka_report_info *info,
                                    size_t size);
TOLKA_API int tolka_report_page(const struct tolka_report *report, size_t at, struct tolka_page_info *info,
                                size_t size);
TOLKA_API int tolka_report_section(const struct tolka_report *report, size_t at,
                                   struct tolka_section_info *info, size_t size);
TOLKA_API int tolka_report_table(const struct tolka_report *report, size_t at, struct tolka_table_info *info,
                                 size_t size);
TOLKA_API int tolka_report_column(const struct tolka_report *report, size_t table, int column,
                                  struct tolka_column_info *info, size_t size);
TOLKA_API int tolka_report_row(const struct tolka_report *report, size_t table, int row,
                               struct tolka_row_info *info, size_t size);
TOLKA_API int tolka_report_cell(const struct tolka_report *report, size_t table, int row, int column,
                                struct tolka_cell_info *info, size_t size);
TOLKA_API int tolka_report_check(const struct tolka_report *report, size_t table, size_t at,
                                 struct tolka_check_info *info, size_t size);
TOLKA_API int tolka_report_goal(const struct tolka_report *report, size_t at, struct tolka_goal_info *info,
                                size_t size);
TOLKA_API int tolka_report_signature(const struct tolka_report *report, size_t at,
                                     struct tolka_signature_info *info, size_t size);
TOLKA_API int tolka_report_correction(const struct tolka_report *report, size_t at,
                                      struct tolka_correction_info *info, size_t size);
TOLKA_API int tolka_report_problem(const struct tolka_report *report, size_t at,
                                   struct tolka_problem_info *info, size_t size);

/* The row and column of cell `at` of a check; the first is the total, or the cell that is checked. Error
 * ARGUMENT: there is none. */
TOLKA_API int tolka_report_check_cell(const struct tolka_report *report, size_t table, size_t check,
                                      size_t at, int *row, int *column);

/* The words of the record format. Static. */
TOLKA_API const char *tolka_unit_name(enum tolka_unit unit);                 /* "kSEK"; NULL for none */
TOLKA_API const char *tolka_cell_status_name(enum tolka_cell_status status); /* "confirmed" */
TOLKA_API const char *tolka_verdict_name(enum tolka_verdict verdict);        /* "misprint" */

#ifdef __cplusplus
}
#endif

#endif
