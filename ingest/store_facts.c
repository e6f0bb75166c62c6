/*
 * The facts of a store. There are many more facts than any other rows, so each question is walked along the
 * index that narrows it most, and no result is sorted: the first fact is there at once however many follow.
 *   an organisation   its reports, by name or number and period, then their cells
 *   an item           fact_item (item, period)
 *   a kind            fact_kind (kind, period)
 *   only a status     fact_doubtful, for the rare ones
 *   only a period     fact_period
 *   only a kind of report, or nothing   facts in the order they came in
 */
#include "ingest/store_int.h"

#include "schema/write.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SCALE = 9 }; /* of a decimal: record.h */

#define COLUMNS                                                                                              \
    "SELECT r.sha256, r.path, c.page, r.kind, r.organisation, r.period_from, r.period_to, s.name, f.kind, "  \
    "f.item, "                                                                                               \
    "(SELECT l.text FROM cell l WHERE l.id = c.id - c.col), k.label, k.period_from, k.period_to, c.text, "   \
    "coalesce(c.raw, c.text), "                                                                              \
    "c.mantissa, c.scale, c.unit, c.confidence, f.status, c.x0, c.y0, c.x1, c.y1 "

/* CROSS JOIN keeps SQLite to this order of the tables: the planner cannot know how many rows a name or a
 * period gives. */
#define FROM_FACT(hint)                                                                                      \
    "FROM fact f " hint " CROSS JOIN cell c ON c.id = f.cell_id CROSS JOIN report r ON r.id = c.report_id "
#define FACTS_OF_REPORT                                                                                      \
    "CROSS JOIN fact f ON f.cell_id BETWEEN r.id * 16777216 AND r.id * 16777216 + 16777215 "                 \
    "CROSS JOIN cell c ON c.id = f.cell_id "
#define DETAILS                                                                                              \
    "CROSS JOIN sheet s ON s.report_id = c.report_id AND s.number = c.number "                               \
    "CROSS JOIN sheet_column k ON k.report_id = c.report_id AND k.number = c.number AND k.col = c.col "

/* The names of all organisations, leaping from one to the next in the index: they are far fewer than the
 * reports. */
#define NAMES                                                                                                \
    "WITH RECURSIVE name (text) AS (SELECT min(organisation_key) FROM report INDEXED BY "                    \
    "report_organisation "                                                                                   \
    "WHERE organisation_key IS NOT NULL UNION ALL SELECT (SELECT min(organisation_key) "                     \
    "FROM report INDEXED BY report_organisation WHERE organisation_key IS NOT NULL "                         \
    "AND organisation_key > text) FROM name WHERE text IS NOT NULL) "
#define FROM_NAME                                                                                            \
    "FROM name CROSS JOIN report r INDEXED BY report_organisation ON r.organisation_key = name.text "        \
    "AND r.organisation_key IS NOT NULL "
#define FROM_NUMBER "FROM report r INDEXED BY report_orgnr "

/* ?1 kind, ?2 kind of report, ?3 item, ?4 organisation (folded), ?5 and ?6 the period, ?7 status; null asks
 * nothing. */
#define KIND "(?1 IS NULL OR f.kind = ?1) "
#define REPORT_KIND "AND (?2 IS NULL OR r.kind = ?2) "
#define ITEM "AND (?3 IS NULL OR f.item = ?3) "
#define PERIOD "AND (?5 IS NULL OR f.period_to >= ?5) AND (?6 IS NULL OR f.period_to <= ?6) "
#define PERIOD_SEEK "AND f.period_to >= coalesce(?5, '') AND f.period_to <= coalesce(?6, '9999-99-99') "
#define STATUS "AND (?7 IS NULL OR f.status = ?7) "
#define STANDING "AND r.superseded = 0 "

/* The order of SQLite's indexes, which PostgreSQL's have too: it must be told, and need not sort. An
 * organisation's facts come in order as they are walked. */
#define ORDER(columns) TOLKA_SQL_SHARED("ORDER BY " columns)

static const char BY_NAME[] = NAMES COLUMNS FROM_NAME FACTS_OF_REPORT DETAILS
    "WHERE instr(name.text, ?4) > 0 AND " KIND REPORT_KIND ITEM PERIOD STATUS STANDING;
static const char BY_NUMBER[] = COLUMNS FROM_NUMBER FACTS_OF_REPORT DETAILS
    "WHERE r.orgnr IS NOT NULL AND r.orgnr = ?4 AND " KIND REPORT_KIND ITEM PERIOD STATUS STANDING;
static const char BY_ITEM_AND_PERIOD[] = COLUMNS FROM_FACT("INDEXED BY fact_item") DETAILS
    "WHERE f.item = ?3 " PERIOD_SEEK
    "AND " KIND REPORT_KIND STATUS STANDING ORDER("f.period_to NULLS FIRST, f.kind, f.cell_id");
static const char BY_ITEM[] = COLUMNS FROM_FACT("INDEXED BY fact_item") DETAILS
    "WHERE f.item = ?3 AND " KIND REPORT_KIND PERIOD STATUS STANDING ORDER(
        "f.period_to NULLS FIRST, f.kind, f.cell_id");
static const char BY_KIND_AND_PERIOD[] = COLUMNS FROM_FACT("INDEXED BY fact_kind") DETAILS
    "WHERE f.kind = ?1 " PERIOD_SEEK REPORT_KIND ITEM STATUS STANDING ORDER(
        "f.period_to NULLS FIRST, f.cell_id");
static const char BY_KIND[] = COLUMNS FROM_FACT("INDEXED BY fact_kind") DETAILS
    "WHERE f.kind = ?1 " REPORT_KIND ITEM PERIOD STATUS STANDING ORDER("f.period_to NULLS FIRST, f.cell_id");
static const char BY_PERIOD[] = COLUMNS FROM_FACT("INDEXED BY fact_period") DETAILS
    "WHERE " KIND PERIOD_SEEK REPORT_KIND ITEM STATUS STANDING ORDER("f.period_to, f.cell_id");
static const char BY_DOUBT[] = COLUMNS FROM_FACT("INDEXED BY fact_doubtful") DETAILS
    "WHERE f.status IN ('doubtful', 'corrected') AND " KIND REPORT_KIND ITEM PERIOD STATUS STANDING ORDER(
        "f.status, f.cell_id");
static const char BY_NOTHING[] = COLUMNS FROM_FACT("NOT INDEXED") DETAILS
    "WHERE " KIND REPORT_KIND ITEM PERIOD STATUS STANDING ORDER("f.cell_id");

/* "212000-1124": digits and a hyphen only. */
static bool is_number(const char *text)
{
    return strspn(text, "0123456789-") == strlen(text);
}

static const char *choose(const struct tolka_store_filter *filter)
{
    const bool period = filter->from || filter->to;
    const bool rare = filter->status &&
                      (strcmp(filter->status, "doubtful") == 0 || strcmp(filter->status, "corrected") == 0);

    if (filter->organisation)
        return is_number(filter->organisation) ? BY_NUMBER : BY_NAME;
    if (filter->item)
        return period ? BY_ITEM_AND_PERIOD : BY_ITEM;
    if (filter->kind)
        return period ? BY_KIND_AND_PERIOD : BY_KIND;
    if (rare)
        return BY_DOUBT;
    return period ? BY_PERIOD : BY_NOTHING;
}

static const char *word(struct tolka_sql_query *query, int column)
{
    return tolka_sql_text(query, column);
}

static struct tolka_fact read_fact(struct tolka_sql_query *query)
{
    return (struct tolka_fact){
        .sha256 = word(query, 0),
        .path = word(query, 1),
        .page = (int)tolka_sql_int(query, 2),
        .report_kind = word(query, 3),
        .organisation = word(query, 4),
        .period_from = word(query, 5),
        .period_to = word(query, 6),
        .table = word(query, 7),
        .kind = word(query, 8),
        .item = word(query, 9),
        .label = word(query, 10),
        .column = word(query, 11),
        .column_from = word(query, 12),
        .column_to = word(query, 13),
        .text = word(query, 14),
        .raw = word(query, 15),
        .value = {tolka_sql_int(query, 16), (int)tolka_sql_int(query, 17)},
        .unit = word(query, 18),
        .confidence = (float)tolka_sql_real(query, 19),
        .status = word(query, 20),
        .box = {(int)tolka_sql_int(query, 21), (int)tolka_sql_int(query, 22), (int)tolka_sql_int(query, 23),
                (int)tolka_sql_int(query, 24)},
    };
}

static const char *asked(const char *text)
{
    return text && text[0] ? text : NULL;
}

enum tolka_status tolka_store_each_fact(struct tolka_store *store, const struct tolka_store_filter *filter,
                                        bool (*take)(const struct tolka_fact *fact, void *data), void *data,
                                        struct tolka_error *err)
{
    struct tolka_arena scratch = {0};
    const struct tolka_store_filter f = {
        asked(filter->kind),  asked(filter->report_kind),
        asked(filter->item),  tolka_store_fold(&scratch, asked(filter->organisation)),
        asked(filter->from),  asked(filter->to),
        asked(filter->status)};
    struct tolka_sql_query *query = NULL;
    bool go_on = true;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query, choose(&f), "ttttttt", f.kind,
                                               f.report_kind, f.item, f.organisation, f.from, f.to, f.status);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_fact fact = read_fact(query);
        if (fact.value.scale < 0 || fact.value.scale > MAX_SCALE)
            status = tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: is damaged: a number that none can be",
                                     store->name);
        go_on = !status && take(&fact, data);
    }
    tolka_sql_done(query);
    tolka_arena_release(&scratch);
    return status;
}
