/* The report's own description, from its text and its finished tables; each part in a file of its own. */
#include "schema/describe.h"

static bool describe_all(struct tolka_description *d)
{
    if (!tolka_describe_gather(d))
        return false;
    tolka_describe_kind(d);
    tolka_describe_fields(d);
    tolka_describe_period(d);
    return tolka_describe_sections(d) && tolka_describe_goals(d) && tolka_describe_signatures(d);
}

enum tolka_status tolka_rules_describe(const struct tolka_rules *rules, const struct tolka_page *pages,
                                       size_t page_count, struct tolka_record *record,
                                       struct tolka_error *err)
{
    struct tolka_description d = {.rules = rules, .pages = pages, .page_count = page_count, .record = record};
    bool done = false;

    d.matcher = tolka_matcher_new();
    if (d.matcher)
        done = describe_all(&d);
    tolka_matcher_free(d.matcher);
    tolka_arena_release(&d.scratch);
    return done ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}
