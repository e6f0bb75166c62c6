/* The model file: what is refused, what is looked up. Each test works on a small model that the trainer
 * makes. */
#include "normalize/model.h"
#include "normalize/train/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_model.XXXXXX";
static char model_path[64], text_path[64];

static void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static size_t read_file(const char *path, unsigned char **bytes)
{
    FILE *file = fopen(path, "r");
    long size;

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    *bytes = malloc((size_t)size);
    assert_non_null(*bytes);
    assert_int_equal(fread(*bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return (size_t)size;
}

static int make_model(void **state)
{
    static const char text[] = "Målet är god försörjning.\nMålet är en god försörjning för alla.\nVi har ett "
                               "mål här.\nVi har mål för.\n";
    struct tolka_train_text input = {text_path, 1};
    struct tolka_train_options options = {.texts = &input, .text_count = 1};

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(model_path, sizeof model_path, "%s/m", folder);
    snprintf(text_path, sizeof text_path, "%s/t", folder);
    write_file(text_path, text, sizeof text - 1);
    return tolka_train(&options, model_path, NULL) == TOLKA_OK ? 0 : -1;
}

static int remove_model(void **state)
{
    (void)state;
    unlink(model_path);
    unlink(text_path);
    return rmdir(folder);
}

static void assert_refused(const unsigned char *bytes, size_t length, const char *why)
{
    struct tolka_error err = {0};
    struct tolka_model *model;

    write_file(text_path, bytes, length);
    assert_int_equal(tolka_model_open(text_path, &model, &err), TOLKA_ERR_FORMAT);
    assert_null(model);
    assert_non_null(strstr(err.message, why));
}

static void test_open_missing(void **state)
{
    struct tolka_error err = {0};
    struct tolka_model *model;

    (void)state;
    assert_int_equal(tolka_model_open("/nowhere/at/all", &model, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
}

static void test_open_foreign(void **state)
{
    (void)state;
    assert_refused((const unsigned char
                        *)"%PDF-1.7 and so on and so on, longer than a header must be, or it counts as cut",
                   80, "not a tolka language model");
}

static void test_open_empty(void **state)
{
    (void)state;
    assert_refused((const unsigned char *)"", 0, "not a tolka language model");
}

static void test_open_truncated(void **state)
{
    unsigned char *bytes;
    size_t length = read_file(model_path, &bytes);

    (void)state;
    assert_refused(bytes, length - 100, "truncated");
    free(bytes);
}

static void test_open_other_version(void **state)
{
    unsigned char *bytes;
    size_t length = read_file(model_path, &bytes);

    (void)state;
    bytes[8]++;
    assert_refused(bytes, length, "version");
    free(bytes);
}

static void test_open_damaged_header(void **state)
{
    unsigned char *bytes;
    size_t length = read_file(model_path, &bytes);

    (void)state;
    bytes[30] ^= 1;
    assert_refused(bytes, length, "damaged");
    free(bytes);
}

static uint32_t find(const struct tolka_model *model, const char *key)
{
    uint64_t hash = TOLKA_HASH_START;

    for (const char *c = key; *c; c++)
        hash = tolka_hash_step(hash, (unsigned char)*c);
    return tolka_model_lookup(model, (const unsigned char *)key, strlen(key), hash);
}

static void test_lookup_by_folded_key(void **state)
{
    struct tolka_model *model;
    size_t length;
    uint32_t id;

    (void)state;
    assert_int_equal(tolka_model_open(model_path, &model, NULL), TOLKA_OK);
    id = find(model, "forsorjning");
    assert_int_not_equal(id, 0);
    assert_memory_equal(tolka_model_text(model, id, &length), "f\xf6rs\xf6rjning", 11);
    assert_int_equal(length, 11);
    assert_int_equal(find(model, "forsorjninx"), 0);
    tolka_model_free(model);
}

static void test_has_prefix_of_every_word(void **state)
{
    struct tolka_model *model;
    uint64_t hash = TOLKA_HASH_START;

    (void)state;
    assert_int_equal(tolka_model_open(model_path, &model, NULL), TOLKA_OK);
    for (const char *c = "forsorjning"; *c; c++) {
        hash = tolka_hash_step(hash, (unsigned char)*c);
        assert_true(tolka_model_has_prefix(model, hash));
    }
    tolka_model_free(model);
}

static void test_score_prefers_seen_order(void **state)
{
    struct tolka_model *model;
    uint32_t is, good, goal;

    (void)state;
    assert_int_equal(tolka_model_open(model_path, &model, NULL), TOLKA_OK);
    is = find(model, "ar");
    good = find(model, "god");
    goal = find(model, "malet");
    assert_true(tolka_model_score(model, TOLKA_ID_START, goal, is) >
                tolka_model_score(model, TOLKA_ID_START, goal, good));
    assert_true(tolka_model_score(model, UINT32_MAX, UINT32_MAX, UINT32_MAX) < 0);
    tolka_model_free(model);
}

static void test_text_of_id_out_of_range(void **state)
{
    struct tolka_model *model;
    size_t length = 1;

    (void)state;
    assert_int_equal(tolka_model_open(model_path, &model, NULL), TOLKA_OK);
    tolka_model_text(model, UINT32_MAX, &length);
    assert_int_equal(length, 0);
    assert_int_equal(strlen(tolka_model_sha256(model)), 64);
    tolka_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_missing),
        cmocka_unit_test(test_open_foreign),
        cmocka_unit_test(test_open_empty),
        cmocka_unit_test(test_open_truncated),
        cmocka_unit_test(test_open_other_version),
        cmocka_unit_test(test_open_damaged_header),
        cmocka_unit_test(test_lookup_by_folded_key),
        cmocka_unit_test(test_has_prefix_of_every_word),
        cmocka_unit_test(test_score_prefers_seen_order),
        cmocka_unit_test(test_text_of_id_out_of_range),
    };

    return cmocka_run_group_tests_name("model", tests, make_model, remove_model);
}
