#include "tests/support/made_store.h"

#include "ingest/sql.h"
#include "schema/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], path_of_store[1024];

static void insist(bool good, const struct tolka_error *err)
{
    if (!good) {
        fprintf(stderr, "made_store: %s\n", err->message);
        abort();
    }
}

const char *made_store_path(void)
{
    struct tolka_error err = {0};

    strcpy(folder, "/tmp/tolka-store-XXXXXX");
    insist(mkdtemp(folder) != NULL, &err);
    snprintf(path_of_store, sizeof path_of_store, "%s/archive.db", folder);
    return path_of_store;
}

const char *made_store_new(void)
{
    const char *server = getenv("TOLKA_TEST_STORE");
    struct tolka_error err = {0};
    struct tolka_sql *sql = NULL;

    if (!server)
        return made_store_path();
    snprintf(path_of_store, sizeof path_of_store, "%s", server);
    folder[0] = '\0';
    insist(tolka_sql_open(server, TOLKA_SQL_CREATE, 20000, &sql, &err) == TOLKA_OK, &err);
    insist(tolka_sql_script(sql, "DROP SCHEMA IF EXISTS tolka CASCADE", &err) == TOLKA_OK, &err);
    tolka_sql_close(sql);
    return path_of_store;
}

bool made_store_is_shared(void)
{
    return !folder[0];
}

void made_store_remove(void)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm", "-journal"};
    char path[2048];

    if (made_store_is_shared())
        return;
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", path_of_store, ENDINGS[i]);
        unlink(path);
    }
    rmdir(folder);
}

const char *made_store_name(void)
{
    return path_of_store;
}

struct tolka_store *made_store_begin(void)
{
    made_store_new();
    return made_store_open(NULL, "1");
}

void made_store_end(struct tolka_store *store)
{
    tolka_store_close(store);
    made_store_remove();
}

struct tolka_store *made_store_open(const char *path, const char *program)
{
    const struct tolka_store_recipe recipe = {program, "model", "rules", "ocr=auto"};
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};

    insist(tolka_store_open(path ? path : path_of_store, TOLKA_STORE_CREATE, &store, &err) == TOLKA_OK, &err);
    insist(tolka_store_run_begin(store, &recipe, 60, &err) == TOLKA_OK, &err);
    return store;
}

enum tolka_store_answer made_store_enqueue(struct tolka_store *store, int number, const char *path,
                                           unsigned flags)
{
    char sha256[65];
    const struct tolka_store_source source = {path, sha256, 1000 + number, 77, 0};
    enum tolka_store_answer answer = TOLKA_STORE_QUEUED;
    struct tolka_error err = {0};

    made_sha256(number, sha256);
    insist(tolka_store_enqueue(store, &source, flags, &answer, &err) == TOLKA_OK, &err);
    return answer;
}

bool made_store_claim(struct tolka_store *store, struct tolka_work *work)
{
    struct tolka_error err = {0};
    size_t count = 0;

    insist(tolka_store_claim(store, work, 1, &count, &err) == TOLKA_OK, &err);
    return count == 1;
}

/* `text`, unless NULL, is that of the first page. */
static void finish(struct tolka_store *store, const struct tolka_work *work, int number,
                   struct made_size size, const char *text)
{
    struct tolka_record record = {0};
    struct tolka_strbuf json = {0};
    struct tolka_error err = {0};

    made_record(number, work->path, size, &record);
    if (text)
        record.pages[0].text = text;
    tolka_write_json(&record, &json);
    insist(tolka_store_put_record(store, work, &record, json.data, json.length, &err) == TOLKA_OK, &err);
    tolka_strbuf_release(&json);
    tolka_record_release(&record);
}

void made_store_work(struct tolka_store *store, struct tolka_work *work, int number, struct made_size size)
{
    struct tolka_error err = {0};
    char bytes[64];

    if (work->kind == TOLKA_WORK_OPEN) {
        insist(tolka_store_opened(store, work, size.pages, 0, NULL, &err) == TOLKA_OK, &err);
    } else if (work->kind == TOLKA_WORK_PAGE) {
        snprintf(bytes, sizeof bytes, "report %d page %d", number, work->page);
        insist(tolka_store_put_page(store, work, bytes, strlen(bytes), NULL, &err) == TOLKA_OK, &err);
    } else {
        finish(store, work, number, size, NULL);
    }
    tolka_work_release(work);
}

void made_store_report(struct tolka_store *store, int number, const char *path, struct made_size size)
{
    struct tolka_work work;

    made_store_enqueue(store, number, path, 0);
    while (made_store_claim(store, &work))
        made_store_work(store, &work, number, size);
}

void made_store_text(struct tolka_store *store, int number, const char *path, const char *text)
{
    struct tolka_work work;

    made_store_enqueue(store, number, path, 0);
    for (int step = 0; step < 2 && made_store_claim(store, &work); step++)
        made_store_work(store, &work, number, MADE_SMALL);
    if (!made_store_claim(store, &work))
        abort();
    finish(store, &work, number, MADE_SMALL, text);
    tolka_work_release(&work);
}
