#include "ingest/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_valid_takes_lists_and_ranges(void **state)
{
    (void)state;
    assert_true(tolka_pages_valid(NULL));
    assert_true(tolka_pages_valid("7"));
    assert_true(tolka_pages_valid("1-3,7"));
    assert_true(tolka_pages_valid("5-"));
}

static void test_valid_refuses_what_is_no_list(void **state)
{
    static const char *const BAD[] = {"", ",", "1,", "0", "3-1", "a", "1-3;7", "-2", "1--2", "99999999999", "1 "};

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(tolka_pages_valid(BAD[i]));
}

static void test_contain_knows_ends_and_gaps(void **state)
{
    (void)state;
    assert_true(tolka_pages_contain(NULL, 12));
    assert_true(tolka_pages_contain("1-3,7", 1));
    assert_true(tolka_pages_contain("1-3,7", 3));
    assert_false(tolka_pages_contain("1-3,7", 4));
    assert_true(tolka_pages_contain("1-3,7", 7));
    assert_true(tolka_pages_contain("5-", 900));
    assert_false(tolka_pages_contain("5-", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_takes_lists_and_ranges),
        cmocka_unit_test(test_valid_refuses_what_is_no_list),
        cmocka_unit_test(test_contain_knows_ends_and_gaps),
    };

    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
