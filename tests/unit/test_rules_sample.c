#include "schema/rules_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool can_match(const char *source, enum tolka_pattern_mode mode, bool whole)
{
    struct tolka_pattern *pattern = NULL;
    struct tolka_matcher *matcher = tolka_matcher_new();
    bool can;

    assert_int_equal(tolka_pattern_compile(NULL, &source, 1, mode, whole, &pattern, NULL), TOLKA_OK);
    can = tolka_pattern_can_match(NULL, source, mode, pattern, matcher);
    tolka_pattern_free(pattern);
    tolka_matcher_free(matcher);
    return can;
}

static void test_can_match_what_rules_are_made_of(void **state)
{
    static const char *const patterns[] = {"summa (?:skulder|tillgångar)",
                                           "(?:a|b){2,3}c?",
                                           "[^]x]+y",
                                           "\\d{6} ?- ?\\d{4}",
                                           "^not\\d(?!\\d)",
                                           "(?<=dnr)\\w+",
                                           "\\bkommun(?=, biblioteket)",
                                           "(?<value>(?-i:[A-ZÅÄÖ])\\w*)",
                                           "[[:alpha:]]\\p{Lu}",
                                           "(a)\\1"};

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (!can_match(patterns[i], TOLKA_PATTERN_TEXT, false))
            fail_msg("%s", patterns[i]);
}

static void test_can_match_nothing(void **state)
{
    static const char *const patterns[] = {"a^b", "$resultat", "(?!)", "summa(?<=x)",
                                           "(?:konto$|kassa$)bank"};

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (can_match(patterns[i], TOLKA_PATTERN_TEXT, false))
            fail_msg("%s", patterns[i]);
}

static void test_can_match_no_punctuation_in_a_label(void **state)
{
    (void)state;
    assert_false(can_match("s\\.a skulder", TOLKA_PATTERN_TIGHT, true));
    assert_false(can_match("eget\\skapital", TOLKA_PATTERN_TIGHT, true));
    assert_false(can_match("mark[(]er[)]", TOLKA_PATTERN_TIGHT, true));
    assert_true(can_match("m\\.?m\\.?", TOLKA_PATTERN_TIGHT, true));
    assert_true(can_match("s\\.a skulder", TOLKA_PATTERN_TEXT, false));
    assert_true(can_match("s:a skulder", TOLKA_PATTERN_TIGHT, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_can_match_what_rules_are_made_of),
        cmocka_unit_test(test_can_match_nothing),
        cmocka_unit_test(test_can_match_no_punctuation_in_a_label),
    };

    return cmocka_run_group_tests_name("rules_sample", tests, NULL, NULL);
}
