/*
 * Amendments: what a person says of what was read. The review page writes them as JSON Lines
 * (docs/formats.md), `tolka apply` and a new ingest of the report take them in. An amendment names the place
 * by its box in the picture and by what was read there, so that it finds its cell again when tables are
 * counted otherwise; where the place says something else it is refused. ingest/ and cli/ may include this.
 */
#ifndef TOLKA_SCHEMA_AMEND_H
#define TOLKA_SCHEMA_AMEND_H

#include "base/error.h"
#include "base/strbuf.h"
#include "schema/record.h"
#include "schema/rules.h"

/* All texts UTF-8, borrowed from where they were read into. */
struct tolka_amendment {
    char sha256[65]; /* of the report's source */
    int page;
    struct tolka_box box;
    const char *table;   /* its id; NULL: a word of the running text */
    int row, column;     /* of the cell; of a word that has no box its line in the page's text as read and its
                            number there, from 1; 0 of a repaired word, which its box names */
    const char *raw;     /* what was read */
    const char *text;    /* what the record said when the person looked */
    const char *to;      /* what stands there; as `text`: the person found it right */
    const char *by, *at; /* who and when, NULL when not known */
};

enum { TOLKA_AMENDMENT_BYTES = 1 << 20 }; /* a line is no longer */

/*
 * Reads one line of JSON into `amendment`, its texts into `arena`. Errors FORMAT (no amendment, or one with
 * texts that no report holds: control characters, directional overrides), VERSION, LIMIT, MEMORY.
 */
enum tolka_status tolka_amendment_read(const char *line, size_t length, struct tolka_arena *arena,
                                       struct tolka_amendment *amendment, struct tolka_error *err);

/* True when it is about a word of the text that has no box. */
static inline bool tolka_amendment_is_of_text(const struct tolka_amendment *amendment)
{
    return !amendment->table && amendment->row > 0;
}

/* Appends it as one line; check out->failed. */
void tolka_amendment_write(const struct tolka_amendment *amendment, struct tolka_strbuf *out);

/* A file of amendments. All-zero is empty. */
struct tolka_amendments {
    struct tolka_amendment *items;
    int *lines; /* of each, from 1 */
    size_t count, capacity, line_capacity;
    struct tolka_diags problems; /* lines that are none: `page` is the line */
    struct tolka_arena arena;    /* holds all of the above */
};

/* Reads JSON Lines; blank lines are passed over, lines that are no amendment become problems (10,000 at most
 * are named). Errors LIMIT (more than a million lines), MEMORY. The caller releases `out`, also after an
 * error. */
enum tolka_status tolka_amendments_read(const char *text, size_t length, struct tolka_amendments *out,
                                        struct tolka_error *err);
void tolka_amendments_release(struct tolka_amendments *amendments);

enum tolka_amend_result {
    TOLKA_AMEND_DONE,
    TOLKA_AMEND_SAME,    /* the record says so already */
    TOLKA_AMEND_LATER,   /* a later one of the list is about the same place */
    TOLKA_AMEND_REFUSED, /* the report, the place or what was read there is another */
};

struct tolka_amend_outcome {
    enum tolka_amend_result result;
    const char *reason; /* of a refusal, static: one line for a person */
};

/*
 * Takes `count` amendments into the record, the last one about a place counting: cells say what the person
 * says (status corrected), the record's corrections tell what they said before, who and when; then labels,
 * goals, checks and statuses are made anew. `outcomes` (one each) is filled. A record that nothing was done
 * to is left as it is. Doing the same again changes nothing. Error MEMORY.
 */
enum tolka_status tolka_amend(const struct tolka_rules *rules, struct tolka_record *record,
                              const struct tolka_amendment *amendments, size_t count,
                              struct tolka_amend_outcome *outcomes, struct tolka_error *err);

/* Why a record's correction was made when a person made it; in `reason`. */
#define TOLKA_REASON_PERSON "person"

#endif
