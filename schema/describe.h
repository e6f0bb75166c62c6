/*
 * What the parts of the description share: the report's text as lines and paragraphs, and candidates for its
 * fields. Only describe*.c, goals.c, sections.c and signatures.c include this.
 */
#ifndef TOLKA_SCHEMA_DESCRIBE_H
#define TOLKA_SCHEMA_DESCRIBE_H

#include "schema/rules_internal.h"

/* Where in the report a piece of text stands; the words of `where:` in rule files. */
enum tolka_place {
    TOLKA_PLACE_COVER = 1,   /* "cover": headings and large print of the first two pages */
    TOLKA_PLACE_HEADING = 2, /* "heading" */
    TOLKA_PLACE_RUNNING = 4, /* "running": page headers and footers */
    TOLKA_PLACE_SIGNING = 8, /* "signing": where the report is decided and signed */
    TOLKA_PLACE_FIRST = 16,  /* "first": anywhere on the first page */
    TOLKA_PLACE_TABLE = 32,  /* "table": in a table's cells */
};

/* A line, a part of one (parted by wide white space), or a whole paragraph. */
struct tolka_piece {
    struct tolka_folded text;
    const struct tolka_page *page;
    struct tolka_box box;
    unsigned places; /* enum tolka_place */
    int level;       /* of a heading, else 0 */
    float size_px;
    bool legible; /* print, not what a hand wrote */
};

struct tolka_pieces {
    struct tolka_piece *items;
    size_t count, capacity;
};

struct tolka_description {
    const struct tolka_rules *rules;
    const struct tolka_page *pages;
    size_t page_count;
    struct tolka_record *record;
    struct tolka_matcher *matcher;
    struct tolka_arena scratch;
    struct tolka_pieces lines;      /* whole lines */
    struct tolka_pieces segments;   /* lines cut at wide gaps */
    struct tolka_pieces paragraphs; /* lines of one block joined */
};

/* One value that a field may have, and how much speaks for it. */
struct tolka_candidate {
    const char *value;
    int weight, hits;
};
struct tolka_candidates {
    struct tolka_candidate *items;
    size_t count, capacity;
};

/* describe_text.c. False when out of memory. */
bool tolka_describe_gather(struct tolka_description *d);

/* The words of `where:`; 0 for NULL (anywhere), -1 for a word that is none. */
int tolka_place_from_name(const char *where);

/* True when the piece is at the place that a rule names. */
bool tolka_piece_is_at(const struct tolka_piece *piece, const char *where);

/* True when the pattern matches the piece; `at` (NULL allowed) is where. */
bool tolka_piece_matches(struct tolka_description *d, const struct tolka_piece *piece,
                         const struct tolka_pattern *pattern, struct tolka_span *at);

/* The named group of the last match in the piece, in the source's own letters, in the record's arena; NULL
 * when it took no part. */
const char *tolka_piece_group(struct tolka_description *d, const struct tolka_piece *piece,
                              const struct tolka_pattern *pattern, const char *name);

/* Adds weight to the candidate of that value (compared in tight form). */
void tolka_candidate_add(struct tolka_description *d, struct tolka_candidates *candidates, const char *value,
                         int weight);

/* The heaviest, the earliest among equals; NULL when there is none. */
const char *tolka_candidate_best(const struct tolka_candidates *candidates);

/* The parts; each fills its own of d->record. False when out of memory. */
void tolka_describe_kind(struct tolka_description *d); /* describe_kind.c: kind and title */
void tolka_describe_fields(
    struct tolka_description *d); /* describe_fields.c: organisation, orgnr, dnr, decided */
void tolka_describe_period(struct tolka_description *d); /* describe_period.c */
bool tolka_describe_sections(struct tolka_description *d);
bool tolka_describe_goals(struct tolka_description *d);
bool tolka_describe_signatures(struct tolka_description *d);

#endif
