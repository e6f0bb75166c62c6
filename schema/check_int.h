/* Inside of the checks: what check*.c share. Nobody else includes this. */
#ifndef TOLKA_SCHEMA_CHECK_INT_H
#define TOLKA_SCHEMA_CHECK_INT_H

#include "schema/record.h"
#include "schema/rules.h"

/* Confidences: a reading that the recogniser really saw has at least SEEN (by rank alone it gives a few
 * hundredths); a cell below FAIR may be anything. */
#define TOLKA_CHECK_SEEN 0.1F
#define TOLKA_CHECK_FAIR 0.72F

/* A cell of the record. */
struct tolka_check_ref {
    int table, row, column;
};

struct tolka_check_term {
    struct tolka_check_ref ref;
    int sign; /* 0: the term before is a share of this one, in percent; nothing else is added */
};

enum tolka_check_result {
    TOLKA_RESULT_HOLDS,
    TOLKA_RESULT_FAILS,
    TOLKA_RESULT_UNREAD, /* a cell of it has text but no value */
    TOLKA_RESULT_EMPTY,  /* nothing to check: the total is empty, or overflow */
};

/* Something that should add up: total = whole + sum of sign * term; `whole` is 0 but for shares of a hundred.
 */
struct tolka_check_candidate {
    const char *rule;
    struct tolka_check_ref total;
    struct tolka_check_term *terms;
    size_t term_count;
    struct tolka_decimal whole;
    bool certain;           /* its shape is known well enough that a failure means something */
    bool across;            /* along a row: no alternative to a sum down a column */
    bool slack;             /* rounding is forgiven even where the figures are small (percentages) */
    bool known;             /* the record had it before: it is kept whatever comes of it */
    bool sign_open;         /* the total's minus may be missing by custom: only a second sum proves it lost.
                               Where the total is scaled: one of its digits may be lost. It is doubted. */
    bool unchanged;         /* and it held with the same figures: what it left in doubt stays so */
    bool misprint, misread; /* judged so */
    bool scaled;            /* a term of another table is in a finer unit: kronor against tkr */
    enum tolka_check_result result;
    struct tolka_decimal expected, found, off;
};

struct tolka_checker {
    const struct tolka_rules *rules; /* NULL allowed */
    struct tolka_record *record;
    struct tolka_check_candidate *items;
    size_t count, capacity;
    struct tolka_arena scratch;
    bool settled; /* readings stand: a person saw them */
    bool failed;  /* out of memory */
};

/* check_evaluate.c: a figure's whole part without its sign; whether it is at most `units` of 10^-scale. */
int64_t tolka_check_magnitude(struct tolka_decimal value);
bool tolka_check_is_within(struct tolka_decimal off, int64_t units, int scale);

/* check_evaluate.c: what adds up. Sets result, expected, found and off. */
void tolka_check_evaluate(const struct tolka_checker *checker, struct tolka_check_candidate *candidate);

/* check.c: adds a candidate whose terms are `count` long (copied); evaluates it and returns it, NULL when out
 * of memory. */
struct tolka_check_candidate *tolka_check_add(struct tolka_checker *checker, const char *rule,
                                              struct tolka_check_ref total,
                                              const struct tolka_check_term *terms, size_t count,
                                              bool certain);

static inline struct tolka_cell *tolka_check_cell(const struct tolka_checker *checker,
                                                  struct tolka_check_ref ref)
{
    return tolka_table_cell(&checker->record->tables[ref.table], ref.row, ref.column);
}

/* check.c: true when it fails, and would hold to the last digit had its recognised total a minus. */
bool tolka_check_lacks_sign(const struct tolka_checker *checker,
                            const struct tolka_check_candidate *candidate);

/* check_shape.c: one way in which a row may be the sum of others, tried in all columns of amounts. */
enum { TOLKA_SHAPE_TERMS = 80 };
struct tolka_shape {
    const char *rule;
    int total_row;
    int rows[TOLKA_SHAPE_TERMS], signs[TOLKA_SHAPE_TERMS], count;
    int holds, fails; /* columns; trivial ones (nothing but zeros) count in neither */
    int digits;       /* of the totals that hold: how unlikely chance is */
    bool by_rule;
};

/* check_shape.c: fills holds, fails and digits. */
void tolka_shape_measure(struct tolka_checker *checker, int table, struct tolka_shape *shape);

/* check_shape.c: true when the shape holds in all columns, where a doubtful cell is read as one of its
 * alternatives; fills digits. */
bool tolka_shape_would_hold(struct tolka_checker *checker, int table, struct tolka_shape *shape);

/* check_shape.c: adds the shape's candidates, a column each; those that fail only where `certain`, or as a
 * hint for repairs. */
void tolka_shape_emit(struct tolka_checker *checker, int table, const struct tolka_shape *shape,
                      bool certain);

/* check_shape.c: true when the column holds amounts that may be summed (no notes, no years). */
bool tolka_check_is_amount_column(const struct tolka_table *table, int column);

/* check.c: finds all that should add up; says what each comes to, with verdicts and statuses. */
void tolka_check_gather(struct tolka_checker *checker);
void tolka_check_judge(struct tolka_checker *checker);

/* check_shape.c: sums by the rule files. check_structure.c: sums by the table's own structure. */
void tolka_check_rule_sums(struct tolka_checker *checker, int table);
void tolka_check_structure(struct tolka_checker *checker, int table);

/* check_share.c: percentages of a whole. Whether the candidate is such a share; the share itself, rounded to
 * `scale`, false when there is none. */
void tolka_check_shares(struct tolka_checker *checker, int table);
bool tolka_check_is_share(const struct tolka_check_candidate *candidate);
bool tolka_check_take_share(struct tolka_decimal part, struct tolka_decimal whole, int scale,
                            struct tolka_decimal *share);

/* check_columns.c: deviations, totals across, percentages. check_link.c: from table to table. */
void tolka_check_columns(struct tolka_checker *checker, int table);
void tolka_check_links(struct tolka_checker *checker);

/* check_link.c: brings the value of a term of another table to the total's unit. False when that is the finer
 * one: what was rounded away cannot be had back. */
bool tolka_check_scale_term(struct tolka_check_candidate *candidate, const struct tolka_cell *total,
                            const struct tolka_check_term *term, const struct tolka_cell *cell,
                            struct tolka_decimal *value);

/* check_repair.c: chooses other readings of doubtful cells where that makes their checks hold (unless all is
 * settled), and takes back the certainty of what fails beside an alternative that holds. */
void tolka_check_repair(struct tolka_checker *checker);

/* check_slip.c: true when a badly read cell is one slip of a recogniser away from `needed`. */
bool tolka_slip_is_one(const struct tolka_cell *cell, struct tolka_decimal needed);

/* check_slip.c: true when the cell was recognised and says `needed` without its minus or a group of its
 * digits. */
bool tolka_slip_is_loss(const struct tolka_cell *cell, struct tolka_decimal needed);

/* check_slip.c: true when the cell was recognised and, however well, lacks a digit of `needed` or has one
 * that looks like it. */
bool tolka_slip_is_likely(const struct tolka_cell *cell, struct tolka_decimal needed);

/* check.c: the i-th cell of a candidate, the total first. */
struct tolka_check_ref tolka_check_ref_at(const struct tolka_check_candidate *candidate, size_t i);

/* check_offers.c: whether another reading of the cell counts. In a cell that was read well only one does that
 * the recogniser saw something of. */
bool tolka_check_is_offered(const struct tolka_cell *cell, const struct tolka_alternative *other);

/* check_offers.c: doubtful cells of which another reading that the recogniser gave makes the check hold to
 * the last digit. */
int tolka_check_count_offers(const struct tolka_checker *checker,
                             const struct tolka_check_candidate *candidate);

/* check_offers.c: true when the check would hold as well with another reading of its cell `index` (0: the
 * total). */
bool tolka_check_is_ambiguous(const struct tolka_checker *checker,
                              const struct tolka_check_candidate *candidate, size_t index);

/* check_slip.c: true when one digit of at least three, not the last, is another one in `needed`, whatever it
 * looks like (rounding leaves the last one open). */
bool tolka_slip_is_digit(const struct tolka_cell *cell, struct tolka_decimal needed);

/* check_repair.c: what a cell would have to say for the check to hold to the last digit; false when unknown.
 * `index` 0: the total. */
bool tolka_check_needed(const struct tolka_checker *checker, const struct tolka_check_candidate *candidate,
                        size_t index, const struct tolka_cell *cell, struct tolka_decimal *value);

/* check_slip.c: writes an amount as reports print it: thousands parted by a space, decimal comma. */
void tolka_slip_print(struct tolka_decimal value, char out[48]);

/* check.c: read badly, unread, or not read well enough to blame the report. */
bool tolka_check_is_doubtful(const struct tolka_cell *cell);

#endif
