/* The layer over the database engine, and small bytes. */
#include "ingest/sql.h"
#include "ingest/squeeze.h"
#include "tests/support/made_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_sql *sql;
static struct tolka_error err;
static const char *path;

static int set_up(void **state)
{
    (void)state;
    path = made_store_path();
    err = (struct tolka_error){0};
    assert_int_equal(tolka_sql_open(path, TOLKA_SQL_CREATE, 50, &sql, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_script(sql, "PRAGMA journal_mode = WAL; CREATE TABLE t (i, r, t, b)", &err),
                     TOLKA_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tolka_sql_close(sql);
    made_store_remove();
    return 0;
}

static void test_values_come_back(void **state)
{
    struct tolka_sql_query *query;
    enum tolka_status status = TOLKA_OK;
    size_t length;

    (void)state;
    assert_int_equal(tolka_sql_run(sql, &err, "INSERT INTO t VALUES (?1, ?2, ?3, ?4)", "irtb", INT64_C(-5),
                                   2.5, "å", "a\0b", (size_t)3),
                     TOLKA_OK);
    assert_int_equal(tolka_sql_run(sql, &err, "INSERT INTO t VALUES (?1, ?2, ?3, ?4)", "iint", TOLKA_SQL_NULL,
                                   INT64_C(1), NULL),
                     TOLKA_OK);
    assert_int_equal(
        tolka_sql_query(sql, &err, &query, "SELECT i, r, t, b FROM t WHERE i = ?1", "i", INT64_C(-5)),
        TOLKA_OK);
    assert_true(tolka_sql_next(query, &status, &err));
    assert_int_equal(tolka_sql_int(query, 0), -5);
    assert_true(tolka_sql_real(query, 1) == 2.5);
    assert_string_equal(tolka_sql_text(query, 2), "å");
    assert_memory_equal(tolka_sql_blob(query, 3, &length), "a\0b", 3);
    assert_int_equal(length, 3);
    assert_false(tolka_sql_next(query, &status, &err));
    assert_int_equal(status, TOLKA_OK);
    tolka_sql_done(query);
}

static void test_wrong_number_of_values(void **state)
{
    (void)state;
    assert_int_equal(tolka_sql_run(sql, &err, "INSERT INTO t (i, r) VALUES (?1, ?2)", "i", INT64_C(1)),
                     TOLKA_ERR_ARGUMENT);
}

static void test_query_within_itself(void **state)
{
    static const char text[] = "SELECT 1 UNION SELECT 2";
    struct tolka_sql_query *query, *inner;
    enum tolka_status status = TOLKA_OK;

    (void)state;
    assert_int_equal(tolka_sql_query(sql, &err, &query, text, ""), TOLKA_OK);
    assert_true(tolka_sql_next(query, &status, &err));
    assert_int_equal(tolka_sql_query(sql, &err, &inner, text, ""), TOLKA_ERR_ARGUMENT);
    assert_null(inner);
    tolka_sql_done(query);
    assert_int_equal(tolka_sql_query(sql, NULL, &query, text, ""), TOLKA_OK);
    tolka_sql_done(query);
}

static void test_locked(void **state)
{
    struct tolka_sql *other = NULL;

    (void)state;
    assert_int_equal(tolka_sql_open(path, TOLKA_SQL_WRITE, 50, &other, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_script(other, "BEGIN IMMEDIATE", &err), TOLKA_OK);
    assert_int_equal(tolka_sql_run(sql, &err, "INSERT INTO t (i) VALUES (1)", ""), TOLKA_ERR_LOCKED);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "another program"));
    tolka_sql_close(other);
    assert_int_equal(tolka_sql_run(sql, NULL, "INSERT INTO t (i) VALUES (1)", ""), TOLKA_OK);
}

static void test_limit_of_time_ends_a_statement_and_no_other(void **state)
{
    int64_t number = 0;

    (void)state;
    assert_int_equal(tolka_sql_limit_time(sql, 20, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_number(sql, &err, &number,
                                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                      "SELECT count(*) FROM n",
                                      ""),
                     TOLKA_ERR_TIMEOUT);
    tolka_error_clear(&err);
    assert_int_equal(tolka_sql_number(sql, &err, &number, "SELECT 7", ""), TOLKA_OK);
    assert_int_equal(tolka_sql_limit_time(sql, 0, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_number(sql, &err, &number, "SELECT count(*) + 1 FROM t", ""), TOLKA_OK);
    assert_int_equal(number, 1);
}

static void test_full(void **state)
{
    char *large = calloc(1, 1 << 20);

    (void)state;
    assert_int_equal(tolka_sql_script(sql, "PRAGMA max_page_count = 20", &err), TOLKA_OK);
    assert_int_equal(tolka_sql_run(sql, &err, "INSERT INTO t (b) VALUES (?1)", "b", large, (size_t)1 << 20),
                     TOLKA_ERR_FULL);
    free(large);
}

static void test_odd_path(void **state)
{
    char odd[160];
    struct tolka_sql *other = NULL;

    (void)state;
    snprintf(odd, sizeof odd, "%.*s/a?mode=ro#%%41 å.db", (int)(strrchr(path, '/') - path), path);
    assert_int_equal(tolka_sql_open(odd, TOLKA_SQL_CREATE, 50, &other, &err), TOLKA_OK);
    assert_int_equal(tolka_sql_script(other, "CREATE TABLE t (i)", &err), TOLKA_OK);
    tolka_sql_close(other);
    assert_int_equal(remove(odd), 0);
}

/* Squeezes and back; the length that was kept. */
static size_t round_trip(const char *bytes, size_t length)
{
    struct tolka_strbuf small = {0}, back = {0};
    size_t kept;

    assert_int_equal(tolka_squeeze(bytes, length, 6, &small, &err), TOLKA_OK);
    assert_int_equal(tolka_unsqueeze(tolka_strbuf_text(&small), small.length, length, &back, &err), TOLKA_OK);
    assert_int_equal(back.length, length);
    assert_memory_equal(tolka_strbuf_text(&back), bytes, length);
    kept = small.length;
    tolka_strbuf_release(&small);
    tolka_strbuf_release(&back);
    return kept;
}

static void test_squeeze_round_trip(void **state)
{
    char *bytes = malloc(300000);
    unsigned noise = 1;

    (void)state;
    memset(bytes, 'a', 300000);
    assert_int_equal(round_trip("", 0), 0);
    assert_int_equal(round_trip("x", 1), 1);
    for (size_t length = 100; length <= 300000; length = length * 3 / 2 + 1)
        assert_true(round_trip(bytes, length) < length);
    for (size_t i = 0; i < 300000; i++)
        bytes[i] = (char)((noise = noise * 1664525 + 1013904223) >> 24);
    assert_int_equal(round_trip(bytes, 300000), 300000);
    free(bytes);
}

static void test_unsqueeze_damaged(void **state)
{
    struct tolka_strbuf small = {0}, back = {0};
    char bytes[1000] = "";

    (void)state;
    assert_int_equal(tolka_squeeze(bytes, sizeof bytes, 6, &small, &err), TOLKA_OK);
    small.data[small.length / 2] ^= 0x55;
    assert_int_equal(tolka_unsqueeze(small.data, small.length, sizeof bytes, &back, &err), TOLKA_ERR_FORMAT);
    assert_int_equal(tolka_unsqueeze(small.data, small.length, 1, &back, NULL), TOLKA_ERR_FORMAT);
    assert_int_equal(back.length, 0);
    tolka_strbuf_release(&small);
    tolka_strbuf_release(&back);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_values_come_back),
        TEST(test_wrong_number_of_values),
        TEST(test_query_within_itself),
        TEST(test_locked),
        TEST(test_limit_of_time_ends_a_statement_and_no_other),
        TEST(test_full),
        TEST(test_odd_path),
        TEST(test_squeeze_round_trip),
        TEST(test_unsqueeze_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
