/*
 * Runs: who works on a store. A run's claims last as long as its lease, which its heartbeat extends. A run of
 * this machine whose process is gone is known at once: `host` names the machine, its boot and its process
 * namespace, so that a process number means the same to both; the time at which the process started tells it
 * from a later one with its number.
 */
#include "ingest/store_int.h"
#include "ingest/system.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEAD = 64, HOST_SIZE = 192 }; /* dead runs taken back at a time: the next beat takes the rest */

static void name_host(char out[HOST_SIZE])
{
    char host[65] = "", boot[48] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    struct stat st;

    if (gethostname(host, sizeof host - 1))
        strcpy(host, "unknown");
    if (file) {
        if (!fgets(boot, sizeof boot, file))
            boot[0] = '\0';
        fclose(file);
    }
    boot[strcspn(boot, "\n")] = '\0';
    if (stat("/proc/self/ns/pid", &st))
        st.st_ino = 0;
    snprintf(out, HOST_SIZE, "%s %s %llu", host, boot, (unsigned long long)st.st_ino);
}

/* When this process started: what is_dead() compares. 0 where /proc does not tell. */
static int64_t own_start(void)
{
    struct tolka_process_state state;

    return tolka_process_look(getpid(), &state) ? state.started : 0;
}

/* A process that may not be looked at (another's, under hidepid) is there as long as its number is: its lease
 * tells. */
static bool is_gone(int64_t pid, int64_t started)
{
    struct tolka_process_state state;

    if (!tolka_process_look(pid, &state))
        return kill((pid_t)pid, 0) && errno == ESRCH;
    return state.state == 'Z' || state.state == 'X' || (started && state.started != started);
}

static bool is_dead(struct tolka_sql_query *query, const char *host, int64_t now_ms)
{
    if (tolka_sql_int(query, 4) < now_ms)
        return true;
    return strcmp(tolka_sql_word(query, 1), host) == 0 &&
           is_gone(tolka_sql_int(query, 2), tolka_sql_int(query, 3));
}

static enum tolka_status list_dead(struct tolka_store *store, int64_t *dead, size_t *count,
                                   struct tolka_error *err)
{
    const int64_t now_ms = tolka_store_now_ms(store);
    struct tolka_sql_query *query;
    char host[HOST_SIZE];
    enum tolka_status status =
        tolka_sql_query(store->sql, err, &query,
                        "SELECT id, host, pid, pid_started, lease_until FROM run WHERE ended_at IS NULL AND "
                        "id <> ?1 " TOLKA_SQL_SHARED("FOR UPDATE SKIP LOCKED"),
                        "i", store->run);

    name_host(host);
    *count = 0;
    while (*count < MAX_DEAD && tolka_sql_next(query, &status, err)) {
        if (is_dead(query, host, now_ms))
            dead[(*count)++] = tolka_sql_int(query, 0);
    }
    tolka_sql_done(query);
    return status;
}

/* The pages that waited for this run wait for any. */
static enum tolka_status leave_near(struct tolka_store *store, int64_t run, struct tolka_error *err)
{
    return tolka_sql_is_shared(store->sql)
               ? tolka_sql_run(store->sql, err,
                               "UPDATE work SET near = NULL WHERE near = ?1 AND run_id IS NULL", "i", run)
               : TOLKA_OK;
}

enum tolka_status tolka_store_tell_waiting(struct tolka_store *store, struct tolka_error *err)
{
    if (!tolka_sql_is_shared(store->sql) || store->within.told)
        return TOLKA_OK;
    store->within.told = true;
    return tolka_sql_run(store->sql, err, "SELECT pg_notify('tolka_work', '')", "");
}

static enum tolka_status bury_dead(struct tolka_store *store, struct tolka_error *err)
{
    int64_t dead[MAX_DEAD];
    char now[TIME_SIZE];
    size_t count;
    enum tolka_status status = list_dead(store, dead, &count, err);

    tolka_store_now(store, now);
    for (size_t i = 0; !status && i < count; i++) {
        status = tolka_sql_run(store->sql, err,
                               "UPDATE work SET run_id = NULL, claim = 0, lost = lost + 1 WHERE run_id = ?1",
                               "i", dead[i]);
        if (!status)
            status = leave_near(store, dead[i], err);
        if (!status)
            status = tolka_sql_run(store->sql, err, "UPDATE run SET ended_at = ?2 WHERE id = ?1", "it",
                                   dead[i], now);
    }
    return !status && count ? tolka_store_tell_waiting(store, err) : status;
}

static enum tolka_status find_recipe(struct tolka_store *store, const struct tolka_store_recipe *recipe,
                                     struct tolka_error *err)
{
    enum tolka_status status = tolka_sql_run(
        store->sql, err,
        "INSERT INTO recipe (program, model_sha256, rules_sha256, options) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO NOTHING",
        "tttt", recipe->program, recipe->model_sha256, recipe->rules_sha256, recipe->options);

    if (status)
        return status;
    return tolka_sql_number(store->sql, err, &store->recipe,
                            "SELECT id FROM recipe WHERE program = ?1 AND model_sha256 = ?2 AND rules_sha256 "
                            "= ?3 AND options = ?4",
                            "tttt", recipe->program, recipe->model_sha256, recipe->rules_sha256,
                            recipe->options);
}

static enum tolka_status insert_run(struct tolka_store *store, struct tolka_error *err)
{
    char host[HOST_SIZE];
    enum tolka_status status;

    name_host(host);
    tolka_store_now(store, store->started);
    status = tolka_sql_number(
        store->sql, err, &store->run,
        "INSERT INTO run (recipe_id, host, pid, pid_started, lease_ms, lease_until, started_at, beat_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) RETURNING id",
        "itiiiit", store->recipe, host, (int64_t)getpid(), own_start(), store->lease_ms,
        tolka_store_now_ms(store) + store->lease_ms, store->started);
    return status;
}

enum tolka_status tolka_store_run_begin(struct tolka_store *store, const struct tolka_store_recipe *recipe,
                                        int lease_s, struct tolka_error *err)
{
    enum tolka_status status;

    if (store->run || lease_s < 1 || !recipe->program || !recipe->model_sha256 || !recipe->rules_sha256 ||
        !recipe->options)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: not how a run begins", store->name);
    status = tolka_store_enter(store, err);
    if (status)
        return status;
    store->lease_ms = lease_s * INT64_C(1000);
    status = bury_dead(store, err);
    if (!status)
        status = find_recipe(store, recipe, err);
    if (!status)
        status = insert_run(store, err);
    status = tolka_store_leave(store, status, err);
    if (!status && tolka_sql_is_shared(store->sql))
        status = tolka_sql_script(store->sql, "LISTEN tolka_work", err);
    if (status)
        store->run = 0;
    return status;
}

enum tolka_status tolka_store_need_run(const struct tolka_store *store, struct tolka_error *err)
{
    return store->run ? TOLKA_OK
                      : tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: no run was begun", store->name);
}

/* A run that was silent for so long that it was taken for dead has lost its claims, which their results will
 * find; it lives on. */
enum tolka_status tolka_store_extend_lease(struct tolka_store *store, struct tolka_error *err)
{
    char now[TIME_SIZE];

    tolka_store_now(store, now);
    return tolka_sql_run(store->sql, err,
                         "UPDATE run SET lease_until = ?2, beat_at = ?3, pages_done = pages_done + ?4, "
                         "pages_failed = pages_failed + ?5, "
                         "reports_done = reports_done + ?6, ended_at = NULL WHERE id = ?1",
                         "iitiii", store->run, tolka_store_now_ms(store) + store->lease_ms, now,
                         store->pages_done, store->pages_failed, store->reports_done);
}

static void forget_counts(struct tolka_store *store)
{
    store->pages_done = store->pages_failed = store->reports_done = 0;
}

enum tolka_status tolka_store_run_beat(struct tolka_store *store, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_need_run(store, err);

    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    status = tolka_store_extend_lease(store, err);
    if (!status)
        status = bury_dead(store, err);
    status = tolka_store_leave(store, status, err);
    if (!status)
        forget_counts(store);
    return status;
}

enum tolka_status tolka_store_run_end(struct tolka_store *store, struct tolka_error *err)
{
    char now[TIME_SIZE];
    enum tolka_status status = tolka_store_need_run(store, err);

    if (!status)
        status = tolka_store_enter(store, err);
    if (status)
        return status;
    tolka_store_now(store, now);
    status = tolka_store_extend_lease(store, err);
    if (!status)
        status = tolka_sql_run(store->sql, err, "UPDATE work SET run_id = NULL, claim = 0 WHERE run_id = ?1",
                               "i", store->run);
    if (!status)
        status = leave_near(store, store->run, err);
    if (!status)
        status = tolka_store_tell_waiting(store, err);
    if (!status)
        status = tolka_sql_run(store->sql, err, "UPDATE run SET ended_at = ?2 WHERE id = ?1", "it",
                               store->run, now);
    status = tolka_store_leave(store, status, err);
    if (!status) {
        store->run = 0;
        forget_counts(store);
    }
    return status;
}
