/* The trainer: the same bytes each time, limits, bad input. */
#include "normalize/model.h"
#include "normalize/normalize.h"
#include "normalize/train/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_train.XXXXXX";
static char text_path[64], list_path[64], table_path[64], out_path[64];

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(text_path, sizeof text_path, "%s/text", folder);
    snprintf(list_path, sizeof list_path, "%s/list", folder);
    snprintf(table_path, sizeof table_path, "%s/table", folder);
    snprintf(out_path, sizeof out_path, "%s/out", folder);
    write_text(text_path,
               "Förbundet har fått svar på frågan.\nFörbundet har inte fått svar på alla frågor.\n");
    write_text(list_path, "fågelholk/ABC\nTranås\n");
    write_text(table_path, "# truth raw count\nö\t6\t10\nrn\tm\t3\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(text_path);
    unlink(list_path);
    unlink(table_path);
    unlink(out_path);
    return rmdir(folder);
}

static enum tolka_status train(const char *text, const char *list, const char *table, size_t max_bytes,
                               struct tolka_error *err)
{
    struct tolka_train_text input = {text, 1};
    struct tolka_train_options options = {.texts = &input,
                                          .text_count = 1,
                                          .lists = &list,
                                          .list_count = list != NULL,
                                          .confusions = table,
                                          .max_bytes = max_bytes};

    return tolka_train(&options, out_path, err);
}

/* The model's own hash: it covers all that follows the header. */
static void hash_of_model(char hash[65])
{
    struct tolka_model *model;

    assert_int_equal(tolka_model_open(out_path, &model, NULL), TOLKA_OK);
    strcpy(hash, tolka_model_sha256(model));
    tolka_model_free(model);
}

static void test_train_twice_is_the_same(void **state)
{
    char first[65], second[65];

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    hash_of_model(first);
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    hash_of_model(second);
    assert_string_equal(first, second);
}

static void test_train_list_gives_words(void **state)
{
    struct tolka_model *model;
    struct tolka_strbuf out = {0};

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    assert_int_equal(tolka_model_open(out_path, &model, NULL), TOLKA_OK);
    assert_int_equal(tolka_normalize_text(model, "fagelholk fran Tranas\n", 22, &out, NULL, NULL, NULL, NULL),
                     TOLKA_OK);
    assert_non_null(strstr(out.data, "fågelholk"));
    assert_non_null(strstr(out.data, "Tranås"));
    tolka_strbuf_release(&out);
    tolka_model_free(model);
}

static void test_train_known_forms_only_exist(void **state)
{
    const unsigned char form[] = "tabellens", other[] = "tabellerna";
    const char *forms = list_path;
    struct tolka_train_text input = {text_path, 1};
    struct tolka_train_options options = {.texts = &input, .text_count = 1, .forms = &forms, .form_count = 1};
    struct tolka_model *model;

    (void)state;
    write_text(list_path, "Tabellens\n");
    assert_int_equal(tolka_train(&options, out_path, NULL), TOLKA_OK);
    write_text(list_path, "fågelholk/ABC\nTranås\n");
    assert_int_equal(tolka_model_open(out_path, &model, NULL), TOLKA_OK);
    assert_true(tolka_model_has_form(model, form, sizeof form - 1));
    assert_false(tolka_model_has_form(model, other, sizeof other - 1));
    assert_int_equal(tolka_model_lookup(model, form, sizeof form - 1, tolka_form_hash(form, sizeof form - 1)),
                     0);
    tolka_model_free(model);
}

/* The same plain letters mean one word after "en", another after "två": 60 sentences of each. */
static void test_train_choices_learn_neighbours(void **state)
{
    struct tolka_model *model;
    struct tolka_strbuf text = {0}, out = {0};
    const char *in = "Dar satt en man till.\nDar satt tva man till.\n";

    (void)state;
    for (int i = 0; i < 60; i++)
        tolka_strbuf_addf(&text, "Där satt en man %d.\nDär satt två män %d.\n", i, i);
    write_text(list_path, tolka_strbuf_text(&text));
    assert_int_equal(train(list_path, NULL, NULL, 0, NULL), TOLKA_OK);
    write_text(list_path, "fågelholk/ABC\nTranås\n");
    assert_int_equal(tolka_model_open(out_path, &model, NULL), TOLKA_OK);
    assert_non_null(model->choices);
    assert_int_equal(tolka_normalize_text(model, in, strlen(in), &out, NULL, NULL, NULL, NULL), TOLKA_OK);
    assert_string_equal(tolka_strbuf_text(&out), "Där satt en man till.\nDär satt två män till.\n");
    tolka_strbuf_release(&text);
    tolka_strbuf_release(&out);
    tolka_model_free(model);
}

static void test_train_missing_text(void **state)
{
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(train("/nowhere/text", NULL, NULL, 0, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "/nowhere/text"));
}

static void test_train_empty_text(void **state)
{
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(train("/dev/null", NULL, NULL, 0, &err), TOLKA_ERR_FORMAT);
}

static void test_train_bad_table_names_line(void **state)
{
    struct tolka_error err = {0};

    (void)state;
    write_text(list_path, "ö\t6\t10\nnonsense\n");
    assert_int_equal(train(text_path, NULL, list_path, 0, &err), TOLKA_ERR_FORMAT);
    assert_non_null(strstr(err.message, ":2:"));
    write_text(list_path, "fågelholk/ABC\nTranås\n");
}

static void test_train_too_small_bound(void **state)
{
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(train(text_path, NULL, NULL, 1000, &err), TOLKA_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_train_twice_is_the_same),
        cmocka_unit_test(test_train_list_gives_words),
        cmocka_unit_test(test_train_known_forms_only_exist),
        cmocka_unit_test(test_train_choices_learn_neighbours),
        cmocka_unit_test(test_train_missing_text),
        cmocka_unit_test(test_train_empty_text),
        cmocka_unit_test(test_train_bad_table_names_line),
        cmocka_unit_test(test_train_too_small_bound),
    };

    return cmocka_run_group_tests_name("train", tests, set_up, tear_down);
}
