#include "base/arena.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/order.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_error_set_keeps_the_first_message(void **state)
{
    struct tolka_error err = {0};

    (void)state;
    assert_int_equal(tolka_error_set(&err, TOLKA_ERR_IO, "first\n%d", 1), TOLKA_ERR_IO);
    tolka_error_set(&err, TOLKA_ERR_FORMAT, "second");
    assert_int_equal(err.status, TOLKA_ERR_IO);
    assert_string_equal(err.message, "first?1");
}

static void test_arena_array_refuses_an_overflow(void **state)
{
    struct tolka_arena arena = {0};

    (void)state;
    assert_null(tolka_arena_array(&arena, SIZE_MAX / 2, 4));
    tolka_arena_release(&arena);
}

static void test_arena_holds_small_and_large(void **state)
{
    struct tolka_arena arena = {0};
    char *small = tolka_arena_strdup(&arena, "Målet");
    char *large = tolka_arena_alloc(&arena, 1 << 20);
    char *after = tolka_arena_printf(&arena, "%d %s", 7, "kr");

    (void)state;
    memset(large, 'x', 1 << 20);
    assert_string_equal(small, "Målet");
    assert_string_equal(after, "7 kr");
    tolka_arena_release(&arena);
    assert_null(arena.head);
}

static void test_strbuf_grows_and_cuts(void **state)
{
    struct tolka_strbuf buf = {0};

    (void)state;
    assert_string_equal(tolka_strbuf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        tolka_strbuf_addf(&buf, "%03d", i);
    assert_int_equal(buf.length, 3000);
    tolka_strbuf_truncate(&buf, 6);
    assert_string_equal(buf.data, "000001");
    tolka_strbuf_release(&buf);
}

static void test_utf8_decode_an_invalid_byte(void **state)
{
    uint32_t code = 0;

    (void)state;
    assert_int_equal(tolka_utf8_decode("\xff" "a", 2, &code), 1);
    assert_int_equal(code, 0xFFFD);
    assert_int_equal(tolka_utf8_decode("\xc3", 1, &code), 1);
    assert_int_equal(tolka_utf8_decode("ö", 2, &code), 2);
    assert_int_equal(code, 0xF6);
}

static void test_utf8_nfc_composes_and_mends(void **state)
{
    struct tolka_arena arena = {0};

    (void)state;
    assert_string_equal(tolka_utf8_nfc(&arena, "o\xcc\x88", 3), "ö");
    assert_string_equal(tolka_utf8_nfc(&arena, "a\xffz", 3), "a\xef\xbf\xbdz");
    tolka_arena_release(&arena);
}

static void test_utf8_classes(void **state)
{
    (void)state;
    assert_true(tolka_utf8_is_letter(0xC5));
    assert_true(tolka_utf8_is_upper(0xC5));
    assert_int_equal(tolka_utf8_lower(0xC5), 0xE5);
    assert_true(tolka_utf8_is_space(0xA0));
    assert_false(tolka_utf8_is_letter('7'));
}

static void test_diags_add_keeps_the_text(void **state)
{
    struct tolka_arena arena = {0};
    struct tolka_diags diags = {0};

    (void)state;
    tolka_diags_add(&diags, &arena, 3, "unreadable", "page %d", 3);
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].message, "page 3");
    tolka_arena_release(&arena);
}

static void test_utf8_first_and_letters(void **state)
{
    (void)state;
    assert_int_equal(tolka_utf8_first(""), 0);
    assert_int_equal(tolka_utf8_first("\xC3\x85r"), 0xC5);
    assert_int_equal(tolka_utf8_first("\xFF"), 0xFFFD);
    assert_int_equal(tolka_utf8_count_letters("1 \xC3\xA5r, 2 m\xC3\xA5n."), 5);
    assert_true(tolka_utf8_is_small(0xE5));
    assert_false(tolka_utf8_is_small(0xC5));
    assert_false(tolka_utf8_is_small('7'));
}

static void test_medians_of_even_odd_and_no_values(void **state)
{
    int whole[] = {9, 1, 5, 7};
    float parts[] = {2.5f, 0.5f, 1.5f};

    (void)state;
    assert_int_equal(tolka_median_ints(whole, 4), 7);
    assert_int_equal(tolka_median_ints(whole, 0), 0);
    assert_true(tolka_median_floats(parts, 3) == 1.5f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_first_and_letters),
        cmocka_unit_test(test_medians_of_even_odd_and_no_values),
        cmocka_unit_test(test_error_set_keeps_the_first_message),
        cmocka_unit_test(test_arena_array_refuses_an_overflow),
        cmocka_unit_test(test_arena_holds_small_and_large),
        cmocka_unit_test(test_strbuf_grows_and_cuts),
        cmocka_unit_test(test_utf8_decode_an_invalid_byte),
        cmocka_unit_test(test_utf8_nfc_composes_and_mends),
        cmocka_unit_test(test_utf8_classes),
        cmocka_unit_test(test_diags_add_keeps_the_text),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
