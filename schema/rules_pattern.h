/*
 * Patterns of the rule files: PCRE2 with what Swedish print and its recognition ask for. The only file that
 * includes PCRE2 is rules_pattern.c. Only the rules engine and its tests include this.
 *
 * Patterns are written in plain Swedish and are caseless. `{name}` stands for the pattern of that name. Marks
 * are taken off (å is a), the letters that recognisers mix up match each other (l i 1, o 0, m rn). In a TIGHT
 * pattern (labels, headings, captions) spaces and punctuation count for nothing; in a TEXT pattern (lines of
 * running text) a space is one or more.
 */
#ifndef TOLKA_SCHEMA_RULES_PATTERN_H
#define TOLKA_SCHEMA_RULES_PATTERN_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct tolka_pattern;
struct tolka_matcher;

enum tolka_pattern_mode { TOLKA_PATTERN_TIGHT, TOLKA_PATTERN_TEXT };

/* Longest pattern as written, and with its names put in. */
enum { TOLKA_PATTERN_BYTES = 4096, TOLKA_PATTERN_EXPANDED_BYTES = 65536 };

struct tolka_named_pattern {
    const char *name, *match;
    const char *file;
    int line;
};
struct tolka_pattern_names {
    const struct tolka_named_pattern *items;
    size_t count;
};

struct tolka_strbuf;

/* Appends the pattern that `source` stands for, as PCRE2 sees it, to `out`. Error FORMAT, MEMORY. */
enum tolka_status tolka_pattern_expand(const struct tolka_pattern_names *names, const char *source,
                                       enum tolka_pattern_mode mode, struct tolka_strbuf *out,
                                       struct tolka_error *err);

/*
 * Compiles the alternatives `sources`; `whole` anchors them to the whole text. Error FORMAT with the reason
 * (no file or line), MEMORY.
 * `*out` is the caller's to free.
 */
enum tolka_status tolka_pattern_compile(const struct tolka_pattern_names *names, const char *const *sources,
                                        size_t count, enum tolka_pattern_mode mode, bool whole,
                                        struct tolka_pattern **out, struct tolka_error *err);
void tolka_pattern_free(struct tolka_pattern *pattern);

/* True when the pattern can match the empty text: almost always a mistake of its writer. */
bool tolka_pattern_matches_empty(const struct tolka_pattern *pattern);

/* Scratch memory for matching, one a thread; NULL when out of memory. NULL may be freed. */
struct tolka_matcher *tolka_matcher_new(void);
void tolka_matcher_free(struct tolka_matcher *matcher);

struct tolka_span {
    size_t start, end;
};

/*
 * Finds the first match in `text` at or after `from`. False when there is none, when the pattern or the
 * matcher is NULL, and when a match costs more than the limits allow.
 */
bool tolka_pattern_find(const struct tolka_pattern *pattern, struct tolka_matcher *matcher, const char *text,
                        size_t length, size_t from, struct tolka_span *found);

/* True when that last find ran into a limit. */
bool tolka_matcher_gave_up(const struct tolka_matcher *matcher);

/* The named group of the last match that succeeded with this matcher; false when it took no part. */
bool tolka_pattern_group(const struct tolka_pattern *pattern, const struct tolka_matcher *matcher,
                         const char *name, struct tolka_span *span);

#endif
