/* What the two files that build rules share. Only rules_build*.c include this. */
#ifndef TOLKA_SCHEMA_RULES_BUILD_H
#define TOLKA_SCHEMA_RULES_BUILD_H

#include "schema/rules_internal.h"

struct tolka_builder {
    struct tolka_rules *rules;
    const struct tolka_rules_file *file;
    const char *after; /* the key near which a value is sought for a line number */
    struct tolka_error *err;
};

/* Makes room for one more element and counts it; NULL when out of memory. */
void *tolka_build_grow(struct tolka_rules *rules, void *items, size_t *count, size_t *capacity, size_t size);

enum tolka_status tolka_build_no_memory(struct tolka_builder *b);

/* Sets an error FORMAT that names the file and the line where `value` stands. */
enum tolka_status tolka_build_complain(struct tolka_builder *b, const char *value, const char *why);

/* Compiles alternatives into one pattern that the rules own; an error names the one that is wrong. */
enum tolka_status tolka_build_pattern(struct tolka_builder *b, const char *const *sources, size_t count,
                                      enum tolka_pattern_mode mode, bool whole, struct tolka_pattern **out);

int tolka_build_weight(int weight);

enum tolka_status tolka_build_evidence(struct tolka_builder *b, struct tolka_evidence **list, size_t *count,
                                       size_t *capacity, const struct tolka_file_evidence *from,
                                       enum tolka_pattern_mode mode);

/* rules_build_report.c: the links, reports, fields and phrases of b->file. */
enum tolka_status tolka_build_report(struct tolka_builder *b);

#endif
