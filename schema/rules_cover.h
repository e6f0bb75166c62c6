/* What of the rules a folder of reports makes use of. For `tolka rules check --against` and tests. */
#ifndef TOLKA_SCHEMA_RULES_COVER_H
#define TOLKA_SCHEMA_RULES_COVER_H

#include "schema/record.h"
#include "schema/rules.h"
#include "schema/rules_lint.h"

struct tolka_cover;

/* Nothing met yet. `rules` is borrowed for as long as the cover lives. NULL when out of memory. */
struct tolka_cover *tolka_cover_new(const struct tolka_rules *rules);
void tolka_cover_free(struct tolka_cover *cover);

/*
 * Notes the kinds, line items, fields and phrases that the record has. `again`: its tables were made by other
 * rules; they are looked at with these ones too, which changes the record's tables. False when out of memory.
 */
bool tolka_cover_add(struct tolka_cover *cover, struct tolka_record *record, bool again);

/* How many records were added. */
int tolka_cover_count(const struct tolka_cover *cover);

/*
 * Reports "path:line: "key": message" for each kind of table or report, line item, field and phrase of
 * fulfilment that no record had; of the rule files in `paths` alone when `path_count` is above 0. Returns how
 * many.
 */
int tolka_cover_report(const struct tolka_cover *cover, const char *const *paths, size_t path_count,
                       tolka_lint_report report, void *context);

#endif
