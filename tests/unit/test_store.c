/* Opening a store of SQLite, its schema, its errors. */
#include "ingest/store_int.h"
#include "tests/support/made_store.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *path;

static int set_up(void **state)
{
    (void)state;
    path = made_store_path();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_store_remove();
    return 0;
}

/* Opens and closes; the status, with its message in `err`. */
static enum tolka_status try_open(enum tolka_store_mode mode, struct tolka_error *err)
{
    struct tolka_store *store = NULL;
    enum tolka_status status;

    *err = (struct tolka_error){0};
    status = tolka_store_open(path, mode, &store, err);
    assert_true((status == TOLKA_OK) == (store != NULL));
    tolka_store_close(store);
    return status;
}

static void write_file(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* Changes four bytes of the header: the schema's version lies at 60, the application's mark at 68. */
static void patch(long offset, uint32_t value)
{
    const unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                    (unsigned char)(value >> 8), (unsigned char)value};
    FILE *file = fopen(path, "r+b");

    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, 4, file), 4);
    fclose(file);
}

static void test_open_missing(void **state)
{
    struct tolka_error err;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_READ, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(try_open(TOLKA_STORE_WRITE, &err), TOLKA_ERR_IO);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void test_open_creates(void **state)
{
    struct tolka_error err;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    assert_int_equal(try_open(TOLKA_STORE_WRITE, &err), TOLKA_OK);
    assert_int_equal(try_open(TOLKA_STORE_READ, &err), TOLKA_OK);
}

static void test_open_folder_missing(void **state)
{
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_store_open("/nowhere/archive.db", TOLKA_STORE_CREATE, &store, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "/nowhere/archive.db"));
    assert_null(store);
}

static void test_open_foreign_file(void **state)
{
    static const char text[] = "%PDF-1.7 this is no database at all, but it is long enough to be looked at "
                               "as one. ....................";
    struct tolka_error err;

    (void)state;
    write_file(text, sizeof text);
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_ERR_FORMAT);
    assert_non_null(strstr(err.message, "is no store of tolka"));
    assert_int_equal(try_open(TOLKA_STORE_READ, &err), TOLKA_ERR_FORMAT);
}

static void test_open_foreign_database(void **state)
{
    struct tolka_error err;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    patch(68, 0);
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_ERR_FORMAT);
    assert_non_null(strstr(err.message, "another program"));
}

static void test_open_newer(void **state)
{
    struct tolka_error err;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    patch(60, 99);
    assert_int_equal(try_open(TOLKA_STORE_WRITE, &err), TOLKA_ERR_VERSION);
    assert_non_null(strstr(err.message, "newer"));
}

static void test_open_older_is_brought_up_to_date(void **state)
{
    struct tolka_sql *sql = NULL;
    struct tolka_store *store;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_sql_open(path, TOLKA_SQL_CREATE, 1000, &sql, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_script(sql, tolka_store_sqlite.migrations[0], &err), TOLKA_OK);
    assert_int_equal(
        tolka_sql_script(sql, "PRAGMA application_id = 0x746f6c6b; PRAGMA user_version = 1", &err), TOLKA_OK);
    tolka_sql_close(sql);
    assert_int_equal(try_open(TOLKA_STORE_READ, &err), TOLKA_ERR_VERSION);
    assert_non_null(strstr(err.message, "older"));
    assert_int_equal(try_open(TOLKA_STORE_WRITE, &err), TOLKA_OK);
    assert_int_equal(try_open(TOLKA_STORE_READ, &err), TOLKA_OK);
    store = made_store_open(path, "1");
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    tolka_store_close(store);
}

/* Runs `body` as a user without special rights: the tests may run as root, who may write anything. */
static int as_nobody(int (*body)(void))
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
            _exit(99);
        _exit(body());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int write_read_only(void)
{
    struct tolka_error err;
    const enum tolka_status status = try_open(TOLKA_STORE_CREATE, &err);
    struct tolka_store *store = NULL;
    const struct tolka_store_recipe recipe = {"1", "", "", ""};

    if (status == TOLKA_OK) {
        tolka_store_open(path, TOLKA_STORE_WRITE, &store, &err);
        if (tolka_store_run_begin(store, &recipe, 60, &err) != TOLKA_ERR_IO)
            return 1;
        tolka_store_close(store);
    } else if (status != TOLKA_ERR_IO) {
        return 2;
    }
    return strstr(err.message, "only read") || strstr(err.message, "cannot be") ? 0 : 3;
}

static void test_write_read_only_store(void **state)
{
    char folder[128];
    struct tolka_error err;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    chmod(path, 0444);
    chmod(folder, 0555);
    assert_int_equal(as_nobody(write_read_only), 0);
    chmod(folder, 0755);
}

static int read_read_only(void)
{
    struct tolka_error err = {0};
    struct tolka_store *store = NULL;
    struct tolka_store_counts counts;
    int result = 1;

    if (tolka_store_open(path, TOLKA_STORE_READ, &store, &err) == TOLKA_OK &&
        tolka_store_count(store, &counts, &err) == TOLKA_OK)
        result = counts.reports == 1 ? 0 : 2;
    tolka_store_close(store);
    return result;
}

static void test_read_read_only_folder(void **state)
{
    char folder[128];
    struct tolka_store *store;

    (void)state;
    store = made_store_open(path, "1");
    made_store_report(store, 1, "a.pdf", MADE_SMALL);
    tolka_store_close(store);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    chmod(path, 0444);
    chmod(folder, 0555);
    assert_int_equal(as_nobody(read_read_only), 0);
    chmod(folder, 0755);
}

/* The limit on file size stands for a full disk. */
static int fill_up(void)
{
    const struct rlimit limit = {300 << 10, 300 << 10};
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};
    enum tolka_status status = TOLKA_OK;
    const struct tolka_store_recipe recipe = {"1", "", "", ""};
    char name[32], sha256[65];

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    if (tolka_store_open(path, TOLKA_STORE_WRITE, &store, &err) ||
        tolka_store_run_begin(store, &recipe, 60, &err))
        return 1;
    for (int i = 0; i < 10000 && !status; i++) {
        struct tolka_store_source source = {name, sha256, 1, 1, 0};
        enum tolka_store_answer answer;
        snprintf(name, sizeof name, "%d.pdf", i);
        made_sha256(i, sha256);
        status = tolka_store_enqueue(store, &source, 0, &answer, &err);
    }
    tolka_store_close(store);
    return status == TOLKA_ERR_FULL || status == TOLKA_ERR_IO ? 0 : 2;
}

static void test_full_disk(void **state)
{
    struct tolka_error err;
    struct tolka_store *store;

    (void)state;
    assert_int_equal(try_open(TOLKA_STORE_CREATE, &err), TOLKA_OK);
    chmod(path, 0666);
    {
        pid_t pid = fork();
        int status = -1;
        if (pid == 0)
            _exit(fill_up());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    store = made_store_open(path, "1"); /* and there is room again */
    made_store_report(store, 99999, "after.pdf", MADE_SMALL);
    tolka_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_open_missing),
        TEST(test_open_creates),
        TEST(test_open_folder_missing),
        TEST(test_open_foreign_file),
        TEST(test_open_foreign_database),
        TEST(test_open_newer),
        TEST(test_open_older_is_brought_up_to_date),
        TEST(test_write_read_only_store),
        TEST(test_read_read_only_folder),
        TEST(test_full_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
