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
static char text_path[64], list_path[64], table_path[64], out_path[64], own_path[64], sum_path[64];

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
    snprintf(own_path, sizeof own_path, "%s/own", folder);
    snprintf(sum_path, sizeof sum_path, "%s/sum", folder);
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
    unlink(own_path);
    unlink(sum_path);
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
static void hash_of_model(const char *path, char hash[65])
{
    struct tolka_model *model;

    assert_int_equal(tolka_model_open(path, &model, NULL), TOLKA_OK);
    strcpy(hash, tolka_model_sha256(model));
    tolka_model_free(model);
}

static void test_train_twice_is_the_same(void **state)
{
    char first[65], second[65];

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    hash_of_model(out_path, first);
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    hash_of_model(out_path, second);
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

/* Adds `text` to the model at `base`; the result is at sum_path. */
static void add(const char *base, const char *text)
{
    struct tolka_train_text input = {own_path, 1};
    struct tolka_train_options options = {.texts = &input, .text_count = 1, .base = base};

    write_text(own_path, text);
    assert_int_equal(tolka_train(&options, sum_path, NULL), TOLKA_OK);
}

static void assert_repaired(const char *path, const char *in, const char *want)
{
    struct tolka_model *model;
    struct tolka_strbuf out = {0};

    assert_int_equal(tolka_model_open(path, &model, NULL), TOLKA_OK);
    assert_int_equal(tolka_normalize_text(model, in, strlen(in), &out, NULL, NULL, NULL, NULL), TOLKA_OK);
    assert_string_equal(tolka_strbuf_text(&out), want);
    tolka_strbuf_release(&out);
    tolka_model_free(model);
}

#define SHIPPED "normalize/data/sv.model"

static void test_add_damaged_word_repaired(void **state)
{
    static const char in[] = "Har har Fjarrdalsatra inte fatt nagot stod for atgarden.\n";

    (void)state;
    assert_repaired(SHIPPED, in, "Här har Fjärrdalsätra inte fått något stöd för åtgärden.\n");
    add(SHIPPED, "Stöd till Fjärrdalsåtra ges.\n");
    assert_repaired(sum_path, in, "Här har Fjärrdalsåtra inte fått något stöd för åtgärden.\n");
}

static void test_add_own_word_not_repaired_away(void **state)
{
    static const char in[] =
        "For atgarden star Malaro folkhogskola, som nagra manader har haft manga sokande.\n";

    (void)state;
    assert_repaired(SHIPPED, in,
                    "För åtgärden står Mälarö folkhögskola, som några månader har haft många sökande.\n");
    add(SHIPPED, "Vi besökte Malaro en gång.\nDet var på Malaro.\nSedan for vi till Malaro.\n");
    assert_repaired(sum_path, in,
                    "För åtgärden står Malaro folkhögskola, som några månader har haft många sökande.\n");
}

static void test_add_twice_is_the_same(void **state)
{
    char first[65], second[65];

    (void)state;
    add(SHIPPED, "Stöd till Fjärrdalsåtra ges.\n");
    hash_of_model(sum_path, first);
    add(SHIPPED, "Stöd till Fjärrdalsåtra ges.\n");
    hash_of_model(sum_path, second);
    assert_string_equal(first, second);
}

/* A second addition keeps the words of the first, and a key's new spellings follow one another by links. */
static void test_add_to_what_was_added(void **state)
{
    static const char key[] = "forbundet";
    struct tolka_model *model;
    uint32_t id, count = 0;

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    add(out_path, "Forbundet forbundet forbundet.\n");
    assert_int_equal(rename(sum_path, out_path), 0);
    add(out_path, "Fôrbundet fôrbundet fôrbundet och zebran.\n");
    assert_int_equal(tolka_model_open(sum_path, &model, NULL), TOLKA_OK);
    id = tolka_model_lookup(model, (const unsigned char *)key, strlen(key),
                            tolka_form_hash((const unsigned char *)key, strlen(key)));
    for (; id; id = tolka_model_next(model, id))
        count++;
    assert_int_equal(count, 3);
    tolka_model_free(model);
    assert_repaired(sum_path, "Zebran har fatt fagelholk\n", "Zebran har fått fågelholk\n");
}

static void test_add_rare_spelling_of_known_word_is_a_slip(void **state)
{
    (void)state;
    add(SHIPPED, "Den forsorjning som kravs.\n");
    assert_repaired(sum_path, "Den forsorjning som kravs for alla.\n",
                    "Den försörjning som krävs för alla.\n");
}

static void test_add_to_foreign_file(void **state)
{
    struct tolka_train_text input = {text_path, 1};
    struct tolka_train_options options = {.texts = &input, .text_count = 1, .base = text_path};
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_train(&options, sum_path, &err), TOLKA_ERR_FORMAT);
    assert_non_null(strstr(err.message, "not a tolka language model"));
}

/* A word's text said to lie beyond the strings: opening does not look, adding must. */
static void test_add_to_damaged_base(void **state)
{
    struct tolka_train_text input = {text_path, 1};
    struct tolka_train_options options = {.texts = &input, .text_count = 1, .base = out_path};
    const struct tolka_model_section *sections;
    struct tolka_error err = {0};
    unsigned char bytes[1024];
    FILE *file;

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    file = fopen(out_path, "r+");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), sizeof bytes);
    sections = (const void *)(bytes + sizeof(struct tolka_model_header));
    assert_int_equal(sections[0].id, TOLKA_SECTION_WORDS);
    assert_int_equal(fseek(file, (long)sections[0].offset + 5 * (long)sizeof(struct tolka_word), SEEK_SET),
                     0);
    assert_int_equal(fwrite("\xff\xff\xff\x7f", 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(tolka_train(&options, sum_path, &err), TOLKA_ERR_FORMAT);
    assert_non_null(strstr(err.message, "damaged"));
}

/* Repairs `text` with the model at `path`; the caller releases the result. */
static struct tolka_strbuf repair(const char *path, const char *text)
{
    struct tolka_model *model;
    struct tolka_strbuf out = {0};

    assert_int_equal(tolka_model_open(path, &model, NULL), TOLKA_OK);
    assert_int_equal(tolka_normalize_text(model, text, strlen(text), &out, NULL, NULL, NULL, NULL), TOLKA_OK);
    tolka_model_free(model);
    return out;
}

static void test_train_learned_misreading_changes_a_repair(void **state)
{
    static const struct tolka_train_pair PAIRS[] = {
        {"Förbundet", "Förbunqet"}, {"frågan", "frågan"}, {"1 250", "l 2S0"}, {"två ord", "ett"}};
    struct tolka_train_options options = {.base = out_path, .pairs = PAIRS, .pair_count = 4};
    struct tolka_strbuf before, after;

    (void)state;
    assert_int_equal(train(text_path, list_path, table_path, 0, NULL), TOLKA_OK);
    assert_int_equal(tolka_train(&options, own_path, NULL), TOLKA_OK);
    before = repair(out_path, "Förbunqet har fått svar.\n");
    after = repair(own_path, "Förbunqet har fått svar.\n");
    assert_null(strstr(before.data, "Förbundet"));
    assert_non_null(strstr(after.data, "Förbundet"));
    tolka_strbuf_release(&before);
    tolka_strbuf_release(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_train_learned_misreading_changes_a_repair),
        cmocka_unit_test(test_train_twice_is_the_same),
        cmocka_unit_test(test_train_list_gives_words),
        cmocka_unit_test(test_train_known_forms_only_exist),
        cmocka_unit_test(test_train_choices_learn_neighbours),
        cmocka_unit_test(test_train_missing_text),
        cmocka_unit_test(test_train_empty_text),
        cmocka_unit_test(test_train_bad_table_names_line),
        cmocka_unit_test(test_train_too_small_bound),
        cmocka_unit_test(test_add_damaged_word_repaired),
        cmocka_unit_test(test_add_own_word_not_repaired_away),
        cmocka_unit_test(test_add_twice_is_the_same),
        cmocka_unit_test(test_add_to_what_was_added),
        cmocka_unit_test(test_add_rare_spelling_of_known_word_is_a_slip),
        cmocka_unit_test(test_add_to_foreign_file),
        cmocka_unit_test(test_add_to_damaged_base),
    };

    return cmocka_run_group_tests_name("train", tests, set_up, tear_down);
}
