#include "extract/alternatives.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_place place_of(const char *read, float confidence, const char *other,
                                   float other_confidence)
{
    struct tolka_place place = {.count = 0};

    tolka_place_add(&place, read, confidence);
    if (other)
        tolka_place_add(&place, other, other_confidence);
    return place;
}

static void test_place_add_takes_only_digits_for_a_digit(void **state)
{
    struct tolka_place place = place_of("8", 0.99F, "B", 0.5F);

    (void)state;
    assert_int_equal(place.count, 1);
    tolka_place_add(&place, "3", 0);
    tolka_place_add(&place, "3", 0);
    assert_int_equal(place.count, 2);
}

static void test_place_add_leaves_letters_without_confidence(void **state)
{
    struct tolka_place place = place_of("a", 0.9F, "o", 0);

    (void)state;
    assert_int_equal(place.count, 1);
}

static void test_compose_puts_the_likeliest_change_first(void **state)
{
    struct tolka_arena arena = {0};
    struct tolka_word word = {.raw = "180", .confidence = 0.6F};
    const struct tolka_place places[] = {place_of("1", 0.98F, "7", 0), place_of("8", 0.7F, "3", 0.35F),
                                         place_of("0", 0.9F, "6", 0)};

    (void)state;
    tolka_alternatives_compose(&arena, places, 3, &word);
    assert_int_equal(word.alternative_count, 4);
    assert_string_equal(word.alternatives[0].text, "130");
    assert_string_equal(word.alternatives[1].text, "186");
    assert_string_equal(word.alternatives[2].text, "780");
    assert_string_equal(word.alternatives[3].text, "136"); /* both */
    assert_float_equal(word.alternatives[0].confidence, 0.3, 0.01);
    assert_true(word.alternatives[1].confidence > word.alternatives[3].confidence);
    tolka_arena_release(&arena);
}

static void test_compose_without_choices_gives_none(void **state)
{
    struct tolka_arena arena = {0};
    struct tolka_word word = {.raw = "5", .confidence = 0.5F};
    const struct tolka_place places[] = {place_of("5", 0.5F, NULL, 0)};

    (void)state;
    tolka_alternatives_compose(&arena, places, 1, &word);
    assert_int_equal(word.alternative_count, 0);
    tolka_arena_release(&arena);
}

static void test_compose_is_bounded(void **state)
{
    struct tolka_arena arena = {0};
    struct tolka_word word = {.raw = "", .confidence = 0.5F};
    struct tolka_place places[TOLKA_MAX_PLACES];

    (void)state;
    for (int i = 0; i < TOLKA_MAX_PLACES; i++) {
        places[i] = place_of("1", 0.9F, "7", 0.1F);
        tolka_place_add(&places[i], "4", 0.1F);
    }
    tolka_alternatives_compose(&arena, places, TOLKA_MAX_PLACES, &word);
    assert_in_range(word.alternative_count, 1, TOLKA_WORD_ALTERNATIVES);
    assert_int_equal(strlen(word.alternatives[0].text), TOLKA_MAX_PLACES);
    tolka_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_add_takes_only_digits_for_a_digit),
        cmocka_unit_test(test_place_add_leaves_letters_without_confidence),
        cmocka_unit_test(test_compose_puts_the_likeliest_change_first),
        cmocka_unit_test(test_compose_without_choices_gives_none),
        cmocka_unit_test(test_compose_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
