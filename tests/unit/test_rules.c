#include "schema/hash.h"
#include "schema/rules_fold.h"
#include "schema/rules_internal.h"
#include "schema/rules_lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tolka_rules_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/a.yaml", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/b.yaml", folder);
    unlink(path);
    return rmdir(folder);
}

static void write_rules(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static enum tolka_status load_text(const char *text, struct tolka_rules **rules, struct tolka_error *err)
{
    const char *dirs[] = {folder};

    write_rules("a.yaml", text);
    return tolka_rules_load(dirs, 1, rules, err);
}

static void expect_error(const char *text, const char *part)
{
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};

    assert_int_equal(load_text(text, &rules, &err), TOLKA_ERR_FORMAT);
    if (!strstr(err.message, part))
        fail_msg("\"%s\" is not in \"%s\"", part, err.message);
    assert_null(rules);
}

static void test_load_names_file_and_line_of_wrong_syntax(void **state)
{
    (void)state;
    expect_error("kinds:\n  - kind: x\n    headng: []\n", "a.yaml:3:");
    expect_error("kinds:\n  - [\n", "a.yaml:");
    expect_error("# nothing\n", "holds no rules");
    expect_error("totals: [a]\ntotals: [b]\n", "already seen");
    expect_error("patterns:\n  - {name: x}\n", "a.yaml:");
}

static void test_load_names_file_and_line_of_a_wrong_pattern(void **state)
{
    (void)state;
    expect_error("kinds:\n  - kind: x\n    items:\n      - {item: y, labels: ['fine', '(open']}\n",
                 "a.yaml:4: \"(open\"");
    expect_error("totals:\n  - '{nothing}'\n", "no pattern is named");
    expect_error("patterns:\n  - {name: a, match: '{a}'}\ntotals:\n  - '{a}'\n", "made of itself");
    expect_error("totals:\n  - '(*LIMIT_MATCH=1)x'\n", "not allowed");
}

static void test_load_refuses_what_is_hostile(void **state)
{
    (void)state;
    expect_error("a: &x [1]\nb: *x\n", "a.yaml");
    expect_error("totals: ['a\xff']\n", "not UTF-8");
    expect_error("patterns:\n  - {name: a, match: 'xxxxxxxxxxxxxxxx'}\n  - {name: b, match: "
                 "'{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}'}\n"
                 "  - {name: c, match: '{b}{b}{b}{b}{b}{b}{b}{b}{b}{b}'}\n  - {name: d, match: "
                 "'{c}{c}{c}{c}{c}{c}{c}{c}{c}{c}'}\n"
                 "totals: ['{d}{d}{d}{d}{d}{d}{d}{d}']\n",
                 "too long");
}

static void test_load_a_missing_folder(void **state)
{
    const char *dirs[] = {"/nonexistent/rules"};
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_rules_load(dirs, 1, &rules, &err), TOLKA_ERR_IO);
    assert_non_null(strstr(err.message, "/nonexistent/rules"));
}

static void test_load_a_later_file_corrects_an_item(void **state)
{
    struct tolka_rules *rules = NULL;
    struct tolka_matcher *matcher = tolka_matcher_new();
    const struct tolka_kind *kind;

    (void)state;
    write_rules("b.yaml", "kinds:\n  - kind: x\n    items:\n      - {item: y, labels: ['nytt']}\n");
    assert_int_equal(
        load_text("kinds:\n  - kind: x\n    items:\n      - {item: y, labels: ['gammalt']}\n", &rules, NULL),
        TOLKA_OK);
    kind = tolka_rules_kind_lookup(rules, "x");
    assert_int_equal(kind->item_count, 1);
    assert_non_null(tolka_kind_item(kind, matcher, "nytt", 4));
    assert_null(tolka_kind_item(kind, matcher, "gammalt", 7));
    tolka_matcher_free(matcher);
    tolka_rules_free(rules);
}

static void test_sha256_changes_with_the_rules(void **state)
{
    struct tolka_rules *one = NULL, *two = NULL;

    (void)state;
    assert_int_equal(load_text("totals: ['summa']\n", &one, NULL), TOLKA_OK);
    assert_int_equal(load_text("totals: ['summor']\n", &two, NULL), TOLKA_OK);
    assert_int_equal(strlen(tolka_rules_sha256(one)), 64);
    assert_string_not_equal(tolka_rules_sha256(one), tolka_rules_sha256(two));
    tolka_rules_free(one);
    tolka_rules_free(two);
}

static void test_sha256_hex_of_a_known_text(void **state)
{
    char hex[65];

    (void)state;
    assert_int_equal(tolka_sha256_hex("abc", 3, hex), TOLKA_OK);
    assert_string_equal(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-4, example */
}

static bool matches(const char *pattern, enum tolka_pattern_mode mode, bool whole, const char *text)
{
    struct tolka_pattern *compiled = NULL;
    struct tolka_matcher *matcher = tolka_matcher_new();
    struct tolka_arena arena = {0};
    char tight[TOLKA_TIGHT_BYTES];
    struct tolka_folded folded;
    bool found;

    assert_int_equal(tolka_pattern_compile(NULL, &pattern, 1, mode, whole, &compiled, NULL), TOLKA_OK);
    tolka_fold_tight(text, tight);
    assert_true(tolka_fold_text(&arena, text, &folded));
    found = mode == TOLKA_PATTERN_TIGHT
                ? tolka_pattern_find(compiled, matcher, tight, strlen(tight), 0, NULL)
                : tolka_pattern_find(compiled, matcher, folded.text, folded.length, 0, NULL);
    tolka_pattern_free(compiled);
    tolka_matcher_free(matcher);
    tolka_arena_release(&arena);
    return found;
}

static void test_tight_pattern_forgives_what_recognisers_do(void **state)
{
    (void)state;
    assert_true(matches("anläggningstillgångar", TOLKA_PATTERN_TIGHT, true, "Anlaggnings- tillgangar"));
    assert_true(matches("externa kostnader", TOLKA_PATTERN_TIGHT, true, "Extema kostnader:"));
    assert_true(matches("resultat", TOLKA_PATTERN_TIGHT, true, "ResuItat"));
    assert_true(matches("kommun", TOLKA_PATTERN_TIGHT, true, "kornmun"));
    assert_true(matches("a{1,2}", TOLKA_PATTERN_TIGHT, true, "aa"));
    assert_false(matches("skulder", TOLKA_PATTERN_TIGHT, true, "Skulder till banken"));
}

static void test_text_pattern_keeps_case_where_told(void **state)
{
    (void)state;
    assert_true(matches("region (?-i:[A-ZÅÄÖ])\\w+", TOLKA_PATTERN_TEXT, false, "i Region Örebro"));
    assert_false(matches("region (?-i:[A-ZÅÄÖ])\\w+", TOLKA_PATTERN_TEXT, false, "en region som"));
}

static void test_pattern_that_blows_up_is_no_match(void **state)
{
    char text[200];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(matches("^(?:a+)+x?$(?<=b)", TOLKA_PATTERN_TEXT, false, text));
}

static void count_finding(void *context, const char *finding)
{
    char *all = context;

    strncat(all, finding, 3999 - strlen(all));
    strncat(all, "\n", 3999 - strlen(all));
}

static void test_lint_tells_all_at_once(void **state)
{
    const char *dirs[] = {folder};
    char all[4000] = "";
    int count;

    (void)state;
    write_rules("a.yaml", "kinds:\n  - kind: x\n    items:\n      - {item: y, labels: ['ett']}\n      - "
                          "{item: y, labels: ['två', 's\\.a']}\n"
                          "    sums:\n      - {name: s, total: y, terms: [nowhere]}\n"
                          "fields:\n  - {field: title, where: moon, match: '(?:(?:a+)+b|x)+$'}\n  - {field: "
                          "dnr, match: 'a*'}\n");
    write_rules("b.yaml", "kinds: 7\n");
    count = tolka_rules_lint(dirs, 1, NULL, 0, count_finding, all);
    assert_true(count >= 5);
    assert_non_null(strstr(all, "told of twice"));
    assert_non_null(strstr(all, "a.yaml:7: \"nowhere\""));
    assert_non_null(strstr(all, "no such place"));
    assert_non_null(strstr(all, "matches an empty text"));
    assert_non_null(strstr(all, "slow"));
    assert_non_null(strstr(all, "a.yaml:5: \"s\\.a\": nothing can match"));
    assert_non_null(strstr(all, "b.yaml:1:"));
}

static void test_lint_finds_nothing_in_the_shipped_rules(void **state)
{
    const char *dirs[] = {"schema/rules"};
    char all[4000] = "";
    int count = tolka_rules_lint(dirs, 1, NULL, 0, count_finding, all);

    (void)state;
    if (count)
        fail_msg("%s", all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_load_names_file_and_line_of_wrong_syntax, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_load_names_file_and_line_of_a_wrong_pattern, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_load_refuses_what_is_hostile, make_folder, remove_folder),
        cmocka_unit_test(test_load_a_missing_folder),
        cmocka_unit_test_setup_teardown(test_load_a_later_file_corrects_an_item, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sha256_changes_with_the_rules, make_folder, remove_folder),
        cmocka_unit_test(test_sha256_hex_of_a_known_text),
        cmocka_unit_test(test_tight_pattern_forgives_what_recognisers_do),
        cmocka_unit_test(test_text_pattern_keeps_case_where_told),
        cmocka_unit_test(test_pattern_that_blows_up_is_no_match),
        cmocka_unit_test_setup_teardown(test_lint_tells_all_at_once, make_folder, remove_folder),
        cmocka_unit_test(test_lint_finds_nothing_in_the_shipped_rules),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
