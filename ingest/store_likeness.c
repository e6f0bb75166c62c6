/*
 * Near duplicates: the same report scanned twice. Sketches are kept with the records; pairs are found when
 * they are asked for, so that they do not depend on the order in which reports came. Among the reports that
 * share a band and end in the same period, each is compared with the first by path: a thousand copies give a
 * thousand lines, not half a million.
 */
#include "ingest/store_int.h"

#include "ingest/likeness.h"

#include <stdlib.h>
#include <string.h>

/* Two scans of one report differ by what was misread; two reports of one office share phrases. Between the
 * two lies this. */
static const double LEAST_LIKENESS = 0.5;

static const size_t MAX_PAIRS = 1000000;

enum tolka_status tolka_store_put_likeness(struct tolka_store *store, int64_t report,
                                           const struct tolka_record *record, struct tolka_error *err)
{
    struct tolka_likeness likeness;
    enum tolka_status status =
        tolka_sql_run(store->sql, err, "DELETE FROM likeness_band WHERE report_id = ?1", "i", report);

    if (!status)
        status = tolka_sql_run(store->sql, err, "DELETE FROM likeness WHERE report_id = ?1", "i", report);
    if (status || !tolka_likeness_make(record, &likeness))
        return status;
    status = tolka_sql_run(store->sql, err, "INSERT INTO likeness (report_id, hashes) VALUES (?1, ?2)", "ib",
                           report, (const void *)likeness.hashes, sizeof likeness.hashes);
    for (int band = 0; !status && band < TOLKA_LIKENESS_BANDS; band++)
        status = tolka_sql_run(
            store->sql, err,
            "INSERT INTO likeness_band (hash, report_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", "ii",
            tolka_likeness_band(&likeness, band), report);
    return status;
}

struct pair {
    int64_t first, other;
    double likeness;
};

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

static enum tolka_status add_pair(struct pairs *pairs, const struct pair *pair, struct tolka_error *err)
{
    if (pairs->count == pairs->capacity) {
        const size_t capacity = pairs->capacity ? pairs->capacity * 2 : 64;
        struct pair *items =
            capacity > MAX_PAIRS * 2 ? NULL : reallocarray(pairs->items, capacity, sizeof *items);
        if (!items)
            return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        pairs->items = items;
        pairs->capacity = capacity;
    }
    pairs->items[pairs->count++] = *pair;
    return TOLKA_OK;
}

static bool read_likeness(struct tolka_sql_query *query, int column, struct tolka_likeness *likeness)
{
    size_t length;
    const void *bytes = tolka_sql_blob(query, column, &length);

    if (length != sizeof likeness->hashes)
        return false;
    memcpy(likeness->hashes, bytes, length);
    return true;
}

/* The reports that share a band with another, band by band, the same period together, then by path. */
static const char CANDIDATES[] =
    "SELECT b.hash, coalesce(r.period_to, ''), r.id, l.hashes FROM likeness_band b JOIN report r ON r.id = "
    "b.report_id "
    "JOIN likeness l ON l.report_id = b.report_id WHERE r.superseded = 0 AND b.hash IN "
    "(SELECT hash FROM likeness_band GROUP BY hash HAVING count(*) > 1) ORDER BY b.hash, 2, r.path";

static enum tolka_status find_pairs(struct tolka_store *store, struct pairs *pairs, struct tolka_error *err)
{
    struct tolka_likeness first, other;
    struct tolka_sql_query *query;
    struct tolka_strbuf period = {0};
    struct pair pair = {0};
    int64_t hash = -1;
    enum tolka_status status = tolka_sql_query(store->sql, err, &query, CANDIDATES, "");

    while (tolka_sql_next(query, &status, err)) {
        if (!read_likeness(query, 3, &other))
            continue;
        if (tolka_sql_int(query, 0) != hash ||
            strcmp(tolka_strbuf_text(&period), tolka_sql_word(query, 1)) != 0) {
            hash = tolka_sql_int(query, 0);
            tolka_strbuf_truncate(&period, 0);
            tolka_strbuf_add_str(&period, tolka_sql_word(query, 1));
            pair.first = tolka_sql_int(query, 2);
            first = other;
            continue;
        }
        pair.other = tolka_sql_int(query, 2);
        pair.likeness = tolka_likeness_compare(&first, &other);
        if (pair.likeness >= LEAST_LIKENESS)
            status = add_pair(pairs, &pair, err);
    }
    tolka_sql_done(query);
    tolka_strbuf_release(&period);
    return status;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->other < y->other ? -1 : x->other > y->other;
}

/* Each pair once: it may share several bands. */
static void drop_repeated(struct pairs *pairs)
{
    size_t kept = 0;

    if (pairs->count)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    for (size_t i = 0; i < pairs->count; i++) {
        if (i == 0 || compare_pairs(&pairs->items[i], &pairs->items[i - 1]) != 0)
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = kept;
}

static enum tolka_status tell_pair(struct tolka_store *store, const struct pair *pair,
                                   bool (*take)(const char *path, const char *like, double likeness,
                                                void *data),
                                   void *data, bool *go_on, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT o.path, f.path FROM report f JOIN report o ON o.id = ?2 WHERE f.id = ?1",
                        "ii", pair->first, pair->other);

    if (tolka_sql_next(query, &status, err))
        *go_on = take(tolka_sql_word(query, 0), tolka_sql_word(query, 1), pair->likeness, data);
    tolka_sql_done(query);
    return status;
}

enum tolka_status tolka_store_each_near_duplicate(struct tolka_store *store,
                                                  bool (*take)(const char *path, const char *like,
                                                               double likeness, void *data),
                                                  void *data, struct tolka_error *err)
{
    struct pairs pairs = {0};
    bool go_on = true;
    enum tolka_status status = find_pairs(store, &pairs, err);

    drop_repeated(&pairs);
    for (size_t i = 0; !status && go_on && i < pairs.count; i++)
        status = tell_pair(store, &pairs.items[i], take, data, &go_on, err);
    free(pairs.items);
    return status;
}

enum tolka_status tolka_store_each_duplicate(struct tolka_store *store,
                                             bool (*take)(const char *path, const char *same, void *data),
                                             void *data, struct tolka_error *err)
{
    struct tolka_sql_query *query;
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT f.path, r.path FROM file f JOIN report r ON r.id = f.report_id "
                        "WHERE f.path <> r.path ORDER BY r.path, f.path",
                        "");

    while (tolka_sql_next(query, &status, err) &&
           take(tolka_sql_word(query, 0), tolka_sql_word(query, 1), data))
        continue;
    tolka_sql_done(query);
    return status;
}
