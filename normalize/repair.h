/* Repairing a batch of pieces: candidates, damage, decoding. Only normalize/ includes this. */
#ifndef TOLKA_NORMALIZE_REPAIR_H
#define TOLKA_NORMALIZE_REPAIR_H

#include "base/arena.h"
#include "normalize/model.h"
#include "normalize/normalize.h"
#include "normalize/piece.h"

enum tolka_reason {
    TOLKA_REASON_NONE,
    TOLKA_REASON_MARKS,
    TOLKA_REASON_CONFUSION,
    TOLKA_REASON_COMPOUND,
    TOLKA_REASON_SPELLING
};

/* One reading of a piece. How it was damaged is kept as counts, so that a candidate holds whatever the
 * document's damage is. */
struct tolka_candidate {
    const unsigned char *text;                /* lower-case Latin-1 */
    uint8_t length, reason;                   /* enum tolka_reason */
    uint8_t kept, damage[TOLKA_DAMAGE_KINDS]; /* marks kept; misreadings of each kind */
    uint8_t spurious;                         /* of these, marks read that were not printed */
    uint32_t id;                              /* TOLKA_ID_UNKNOWN when the lexicon does not have it */
    uint32_t tail;                            /* a compound's last part, else 0 */
    float base;                               /* nats: the misreadings' own scores */
    float own;                                /* nats: the spelling's cost when it is unknown */
    float cost;                               /* nats: damage and all, under the rates in force */
};

/* How often what happens in the text at hand, as costs in nats. */
struct tolka_rates {
    float kept, damage[TOLKA_DAMAGE_KINDS];
    bool clean; /* next to no mark was lost: a known word stands */
    bool noisy; /* letters are misread too: known words may be misread ones */
};

/* One piece of the batch. */
struct tolka_item {
    struct tolka_piece piece;
    size_t source;                   /* the token it is from: the caller's number */
    float confidence;                /* the recogniser's, negative when unknown */
    const struct tolka_token *token; /* whose readings are the piece's; NULL when it has none */
    bool skip;                       /* foreign or protected */
    bool amid_capitals;              /* next to a long word in capitals: a heading */
    uint32_t key, exact;             /* first word of its folded key, the word itself; 0 when there is none */
    uint8_t count, chosen;
    struct tolka_candidate *candidates; /* [0] is the piece as it stands */
    const struct tolka_candidate *fix;  /* out: NULL when it stays */
    float fix_confidence;
    struct tolka_piece half; /* the second half of a word broken at a line's end, when length > 0 */
};

/* The little words that tell languages apart, hashed. */
enum { TOLKA_LANGUAGE_SLOTS = 509 };
struct tolka_language {
    uint64_t keys[TOLKA_LANGUAGE_SLOTS];
    bool foreign[TOLKA_LANGUAGE_SLOTS];
};

/* What lives from batch to batch: damage counts and the searched words. */
struct tolka_repair {
    const struct tolka_model *model;
    struct tolka_rates rates;
    double kept, lost, misread, general, letters, unknown;
    struct tolka_cache *cache;
    struct tolka_language language;
    struct tolka_arena arena; /* of the batch */
};

/* A searched word: its candidates under misreading and compounding. */
struct tolka_found {
    struct tolka_candidate *candidates;
    uint8_t count;
    float own; /* the cost of the word as it stands, as a compound or an unknown spelling */
};

void tolka_repair_init(struct tolka_repair *repair, const struct tolka_model *model);
void tolka_repair_release(struct tolka_repair *repair);

/* Looks the pieces up, joins halves, finds foreign passages, measures the damage, decodes, and fills `fix`.
 * False: out of memory. */
bool tolka_repair_batch(struct tolka_repair *repair, struct tolka_item *items, size_t count);

/* The reason as a word. */
const char *tolka_reason_name(uint8_t reason);

/* The new text of a repaired piece in the letter case of the old one, as UTF-8 with a NUL; `out` has room for
 * 2 * TOLKA_WORD_MAX + 1. */
size_t tolka_repair_text(const struct tolka_piece *piece, const unsigned char *text, size_t length,
                         char *out);

/* Splits the fix of a joined item: the characters that belong to the first half; false when it cannot be
 * told. */
bool tolka_repair_split(const struct tolka_item *item, size_t *first);

/* Looks one piece up: `key` and `exact`. */
void tolka_repair_lookup(const struct tolka_model *model, struct tolka_item *item);

/* search.c. `misread`: look for misreadings too, not only for compounds. Results live as long as the cache;
 * NULL: out of memory. */
const struct tolka_found *tolka_search(struct tolka_repair *repair, const struct tolka_piece *piece,
                                       bool misread);
void tolka_cache_free(struct tolka_cache *cache);
void tolka_cache_trim(struct tolka_cache *cache); /* forgets all when it has grown large; between batches */

/* How `raw` came from `truth`, letter for letter: adds to the candidate's counts; false when no such
 * misreading is known. */
bool tolka_count_letter(const struct tolka_model *model, unsigned char raw, unsigned char truth,
                        struct tolka_candidate *candidate);

/* candidates.c: fills `candidates` and `count` in the batch's arena. */
bool tolka_candidates(struct tolka_repair *repair, struct tolka_item *item);
void tolka_candidate_price(const struct tolka_rates *rates, struct tolka_candidate *candidate);

/* choice.c: charges the candidates of the piece `at` with what the words around say about words of the same
 * key. */
void tolka_choose(const struct tolka_model *model, struct tolka_item *items, size_t count, size_t at);

/* damage.c */
bool tolka_damage_measure(struct tolka_repair *repair, struct tolka_item *items, size_t count);

/* language.c: sets `skip` in passages of other languages. */
void tolka_language_init(struct tolka_language *language);
void tolka_language_mark(struct tolka_language *language, struct tolka_item *items, size_t count);

/* decode.c: sets `chosen`, `fix` and `fix_confidence`. */
bool tolka_decode(struct tolka_repair *repair, struct tolka_item *items, size_t count);

#endif
