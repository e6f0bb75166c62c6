/* Digits of checked amounts damaged on purpose, in pages of the corpus that were read before
 * (tests/golden/damage). */
#include "tests/support/digit_damage.h"
#include "tests/support/rule_tables.h"
#include "tests/support/saved_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Half of the rest are sums over figures that the recogniser lost on these pages: nothing proves them. */
enum { TIMES = 120, SEED = 7, FLOOR_PERCENT = 93 };

static void damage_file(const char *path, enum digit_damage_help help, struct digit_damage *result)
{
    struct tolka_rules *rules = rule_tables_load();
    size_t count = 0;
    struct tolka_page *pages = saved_words_read(path, &count);

    assert_non_null(pages);
    assert_true(digit_damage_run(pages, count, rules, TIMES, SEED, help, false, result));
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
    tolka_rules_free(rules);
}

static struct digit_damage damage_all(enum digit_damage_help help)
{
    struct digit_damage result = {0};

    damage_file("tests/golden/damage/forbund.words", help, &result);
    damage_file("tests/golden/damage/brf.words", help, &result);
    assert_int_equal(result.tried, 2 * TIMES);
    return result;
}

static void test_damaged_digits_are_put_right_where_the_truth_is_offered(void **state)
{
    const struct digit_damage result = damage_all(DAMAGE_TRUTH_OFFERED);

    (void)state;
    assert_in_range(result.right, FLOOR_PERCENT * result.tried / 100, result.tried);
    assert_int_equal(result.silent, 0);
}

static void test_no_misprint_is_claimed_for_a_damaged_digit(void **state)
{
    (void)state;
    assert_int_equal(damage_all(DAMAGE_NOTHING_OFFERED).misprints, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_digits_are_put_right_where_the_truth_is_offered),
        cmocka_unit_test(test_no_misprint_is_claimed_for_a_damaged_digit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
