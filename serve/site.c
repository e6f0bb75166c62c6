#include "serve/site.h"

#include "ingest/store_share.h"
#include "ingest/system.h"

#include <string.h>

enum { COUNTS_MS = 5000 }; /* counting reads an index of the whole store */

static void close_store(void *store)
{
    tolka_store_close(store);
}

enum tolka_status tolka_site_init(struct tolka_site *site, const char *store_name, bool read_only,
                                  const char *key, const struct tolka_rules *rules, struct tolka_error *err)
{
    *site = (struct tolka_site){.store_name = store_name, .read_only = read_only, .rules = rules};
    if (key)
        memcpy(site->key, key, strnlen(key, TOLKA_SECRET_LENGTH));
    else if (tolka_secret_make(site->key, err))
        return err->status;
    if (tolka_secret_make(site->token, err))
        return err->status;
    if (pthread_key_create(&site->stores, close_store) || pthread_mutex_init(&site->lock, NULL) ||
        pthread_mutex_init(&site->writing, NULL) || pthread_mutex_init(&site->drawing, NULL))
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "no room for a lock");
    return TOLKA_OK;
}

void tolka_site_release(struct tolka_site *site)
{
    tolka_store_close(pthread_getspecific(site->stores));
    pthread_setspecific(site->stores, NULL);
    pthread_key_delete(site->stores);
    tolka_store_close(site->writer);
    pthread_mutex_destroy(&site->writing);
    pthread_mutex_destroy(&site->drawing);
    pthread_mutex_destroy(&site->lock);
}

/* The connection; NULL, and closed, when its server went away: it may be back, and is asked anew. */
static struct tolka_store *unless_lost(struct tolka_store *store)
{
    if (!store || !tolka_store_is_lost(store))
        return store;
    tolka_store_close(store);
    return NULL;
}

struct tolka_store *tolka_site_store(struct tolka_site *site, struct tolka_error *err)
{
    struct tolka_store *store = unless_lost(pthread_getspecific(site->stores));

    if (store)
        return store;
    pthread_setspecific(site->stores, NULL);
    if (tolka_store_open(site->store_name, TOLKA_STORE_READ, &store, err))
        return NULL;
    if (pthread_setspecific(site->stores, store)) {
        tolka_store_close(store);
        tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        return NULL;
    }
    return store;
}

/* Only the first count is waited for: while one thread counts anew the others show what was. */
enum tolka_status tolka_site_count(struct tolka_site *site, struct tolka_store *store,
                                   struct tolka_store_counts *counts, struct tolka_error *err)
{
    struct tolka_store_counts fresh;
    enum tolka_status status = TOLKA_OK;

    pthread_mutex_lock(&site->lock);
    if (!site->counted_ms) {
        status = tolka_store_count(store, &site->counts, err);
        site->counted_ms = status ? 0 : tolka_now_ms();
    } else if (tolka_now_ms() - site->counted_ms >= COUNTS_MS) {
        site->counted_ms = tolka_now_ms();
        pthread_mutex_unlock(&site->lock);
        status = tolka_store_count(store, &fresh, err);
        pthread_mutex_lock(&site->lock);
        if (!status)
            site->counts = fresh;
    }
    *counts = site->counts;
    pthread_mutex_unlock(&site->lock);
    return status;
}

struct tolka_store *tolka_site_hold_writer(struct tolka_site *site, struct tolka_error *err)
{
    pthread_mutex_lock(&site->writing);
    site->writer = unless_lost(site->writer);
    if (!site->writer)
        tolka_store_open(site->store_name, TOLKA_STORE_WRITE, &site->writer, err);
    return site->writer;
}

void tolka_site_give_writer(struct tolka_site *site)
{
    pthread_mutex_unlock(&site->writing);
}
