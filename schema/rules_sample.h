/*
 * Texts that a pattern was made for, made from the pattern itself: if it matches none of them, it matches
 * nothing. Only rules_lint.c and its tests include this.
 */
#ifndef TOLKA_SCHEMA_RULES_SAMPLE_H
#define TOLKA_SCHEMA_RULES_SAMPLE_H

#include "schema/rules_pattern.h"

/*
 * True when `pattern`, compiled of `source` in that mode, matches some text, or when that cannot be told (it
 * refers back, calls itself or decides). False: its letters, once folded as text is, never satisfy it.
 */
bool tolka_pattern_can_match(const struct tolka_pattern_names *names, const char *source,
                             enum tolka_pattern_mode mode, const struct tolka_pattern *pattern,
                             struct tolka_matcher *matcher);

#endif
