#include "schema/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct number_case {
    const char *text;
    const char *number; /* NULL: no value */
    enum tolka_unit unit;
};

static void check_numbers(const struct number_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tolka_decimal value = {0, 0};
        enum tolka_unit unit = TOLKA_UNIT_NONE;
        char got[32] = "none";

        if (tolka_value_parse(cases[i].text, &value, &unit))
            tolka_decimal_format(value, got);
        if (strcmp(got, cases[i].number ? cases[i].number : "none") != 0)
            fail_msg("\"%s\" gives %s", cases[i].text, got);
        if (cases[i].number)
            assert_int_equal(unit, cases[i].unit);
    }
}

static void test_value_parse_amounts(void **state)
{
    static const struct number_case CASES[] = {
        {"1 116 050", "1116050", TOLKA_UNIT_NONE},
        {"1\xC2\xA0"
         "116\xE2\x80\x89"
         "050",
         "1116050", TOLKA_UNIT_NONE},
        {"1.116.050", "1116050", TOLKA_UNIT_NONE},
        {"1 116 050,50", "1116050.5", TOLKA_UNIT_NONE},
        {"1.116,25", "1116.25", TOLKA_UNIT_NONE},
        {"26,7", "26.7", TOLKA_UNIT_NONE},
        {"26.7", "26.7", TOLKA_UNIT_NONE},
        {"0", "0", TOLKA_UNIT_NONE},
        {"2020", "2020", TOLKA_UNIT_NONE},
        {" 3 855 ", "3855", TOLKA_UNIT_NONE},
        {"349 743*", "349743", TOLKA_UNIT_NONE},
        {"999999999999999", "999999999999999", TOLKA_UNIT_NONE},
    };

    (void)state;
    check_numbers(CASES, sizeof CASES / sizeof *CASES);
}

static void test_value_parse_signs(void **state)
{
    static const struct number_case CASES[] = {
        {"-143 817", "-143817", TOLKA_UNIT_NONE},
        {"- 143 817", "-143817", TOLKA_UNIT_NONE},
        {"\xE2\x88\x92 5", "-5", TOLKA_UNIT_NONE},
        {"\xE2\x80\x93"
         "5",
         "-5", TOLKA_UNIT_NONE},
        {"143 817-", "-143817", TOLKA_UNIT_NONE},
        {"(1 254)", "-1254", TOLKA_UNIT_NONE},
        {"+3 855", "3855", TOLKA_UNIT_NONE},
        {"-0", "0", TOLKA_UNIT_NONE},
        {"-5-", NULL, TOLKA_UNIT_NONE},
        {"(-5)", NULL, TOLKA_UNIT_NONE},
    };

    (void)state;
    check_numbers(CASES, sizeof CASES / sizeof *CASES);
}

static void test_value_parse_units(void **state)
{
    static const struct number_case CASES[] = {
        {"3 600 000 kr", "3600000", TOLKA_UNIT_SEK},
        {"59 %", "59", TOLKA_UNIT_PERCENT},
        {"59%", "59", TOLKA_UNIT_PERCENT},
        {"2,300 %", "2.3", TOLKA_UNIT_PERCENT},
        {"797 tkr", "797", TOLKA_UNIT_KSEK},
        {"1,5 Mkr", "1.5", TOLKA_UNIT_MSEK},
        {"12 st", "12", TOLKA_UNIT_COUNT},
        {"500 kr.", "500", TOLKA_UNIT_SEK},
        {"SEK 500", "500", TOLKA_UNIT_SEK},
        {"-1 500 kr", "-1500", TOLKA_UNIT_SEK},
        {"500:-", "500", TOLKA_UNIT_SEK},
    };

    (void)state;
    check_numbers(CASES, sizeof CASES / sizeof *CASES);
}

static void test_value_parse_refuses_what_is_no_number(void **state)
{
    static const char *const TEXTS[] = {
        "",           "-",
        "--",         "\xE2\x80\x93",
        "kr",         "%",
        "Summa",      "2020-12-31",
        "20201231",   "9:00-12",
        "1 11 6 050", "12 34",
        "1 116 O50",  "3-4",
        "1,2,3",      "1 1160",
        "1.2.3",      "1 000 000 000 000 000",
        "Not 3",      "1 116. 050",
        "12,",        ",5",
        "()",         "2020 2019",
        "5 kr 3",     "0,1234567891",
        "- -",
    };

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        check_numbers(&(struct number_case){TEXTS[i], NULL, TOLKA_UNIT_NONE}, 1);
}

static void test_value_parse_mends_a_lost_space(void **state)
{
    static const struct number_case CASES[] = {{"1116 050", "1116050", TOLKA_UNIT_NONE},
                                               {"1 116050", "1116050", TOLKA_UNIT_NONE}};

    (void)state;
    check_numbers(CASES, 2);
}

static void test_date_parse_forms(void **state)
{
    static const char *const CASES[][2] = {
        {"2020-12-31", "2020-12-31"},
        {"22-12-31", "2022-12-31"},
        {"20201231", "2020-12-31"},
        {"31 december 2020", "2020-12-31"},
        {"den 5 mars 2021", "2021-03-05"},
        {"31/12 2020", "2020-12-31"},
        {"31/12/2020", "2020-12-31"},
        {"31 dec 2020", "2020-12-31"},
        {"31.12.2020", "2020-12-31"},
        {"29 februari 2020", "2020-02-29"},
        {"2021-02-29", NULL},
        {"31/13 2020", NULL},
        {"5 mars", NULL},
        {"2020", NULL},
        {"mars 2020", NULL},
        {"2020-12-31 kl", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char got[11] = "";
        bool found = tolka_date_parse(CASES[i][0], got);

        if (found != (CASES[i][1] != NULL) || (found && strcmp(got, CASES[i][1]) != 0))
            fail_msg("\"%s\" gives \"%s\"", CASES[i][0], got);
    }
}

static void test_period_parse_forms(void **state)
{
    static const char *const CASES[][3] = {
        {"2021-01-01 -2021-06-30", "2021-01-01", "2021-06-30"},
        {"2021-01-01 2021-06-30", "2021-01-01", "2021-06-30"},
        {"2020-01-01--2020-12-31", "2020-01-01", "2020-12-31"},
        {"200101-201231", "2020-01-01", "2020-12-31"},
        {"Utfall 202401-202408", "2024-01-01", "2024-08-31"},
        {"Utfall 2401-2408", "2024-01-01", "2024-08-31"},
        {"2001-2012", "2001-01-01", "2012-12-31"},
        {"202007-202106", "2020-07-01", "2021-06-30"},
        {"jan-dec 2020", "2020-01-01", "2020-12-31"},
        {"Utfall jan-dec 2020", "2020-01-01", "2020-12-31"},
        {"2020 jan-jun", "2020-01-01", "2020-06-30"},
        {"1 januari-30 juni 2021", "2021-01-01", "2021-06-30"},
        {"1 jan - 31 dec 2020", "2020-01-01", "2020-12-31"},
        {"1-31 december 2020", "2020-12-01", "2020-12-31"},
        {"2020", "2020-01-01", "2020-12-31"},
        {"Budget 2020", "2020-01-01", "2020-12-31"},
        {"helår 2019", "2019-01-01", "2019-12-31"},
        {"Q1-Q2 2021", "2021-01-01", "2021-06-30"},
        {"Q3 2021", "2021-07-01", "2021-09-30"},
        {"kvartal 1-2 2021", "2021-01-01", "2021-06-30"},
        {"första halvåret 2021", "2021-01-01", "2021-06-30"},
        {"tertial 2 2021", "2021-05-01", "2021-08-31"},
        {"2020-12-31", "2020-12-31", "2020-12-31"},
        {"31 dec 2020", "2020-12-31", "2020-12-31"},
        {"februari 2020", "2020-02-01", "2020-02-29"},
        {"2020-06", "2020-06-01", "2020-06-30"},
        {"2025-2027", "2025-01-01", "2027-12-31"},
        {"Avvikelse utfall - budget", NULL, NULL},
        {"jan-dec", NULL, NULL},
        {"2020 2019", NULL, NULL},
        {"Not", NULL, NULL},
        {"2 020", NULL, NULL},
        {"1 116 050", NULL, NULL},
    };
    struct tolka_arena arena = {0};

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct tolka_period got;
        bool found = tolka_period_parse(CASES[i][0], &arena, &got);

        if (found != (CASES[i][1] != NULL) ||
            (found && (strcmp(got.from, CASES[i][1]) || strcmp(got.to, CASES[i][2]))))
            fail_msg("\"%s\" gives %s %s", CASES[i][0], got.from ? got.from : "-", got.to ? got.to : "-");
    }
    tolka_arena_release(&arena);
}

static void test_unit_parse_headings(void **state)
{
    (void)state;
    assert_int_equal(tolka_unit_parse("Belopp i kr."), TOLKA_UNIT_SEK);
    assert_int_equal(tolka_unit_parse("Belopp tkr"), TOLKA_UNIT_KSEK);
    assert_int_equal(tolka_unit_parse("(Mkr)"), TOLKA_UNIT_MSEK);
    assert_int_equal(tolka_unit_parse("Tusental kronor"), TOLKA_UNIT_KSEK);
    assert_int_equal(tolka_unit_parse("Fördelning (%)"), TOLKA_UNIT_PERCENT);
    assert_int_equal(tolka_unit_parse("Antal deltagare"), TOLKA_UNIT_COUNT);
    assert_int_equal(tolka_unit_parse("Kreditgivare"), TOLKA_UNIT_NONE);
    assert_int_equal(tolka_unit_parse(NULL), TOLKA_UNIT_NONE);
}

static void test_decimal_add_keeps_decimals(void **state)
{
    struct tolka_decimal sum;
    char text[32];

    (void)state;
    assert_true(tolka_decimal_add((struct tolka_decimal){12, 1}, (struct tolka_decimal){-25, 2}, &sum));
    tolka_decimal_format(sum, text);
    assert_string_equal(text, "0.95");
    assert_false(
        tolka_decimal_add((struct tolka_decimal){99999999999999999, 0}, (struct tolka_decimal){1, 0}, &sum));
    assert_true(tolka_decimal_compare((struct tolka_decimal){10, 1}, (struct tolka_decimal){1, 0}) == 0);
    assert_true(tolka_decimal_compare((struct tolka_decimal){-11, 1}, (struct tolka_decimal){-1, 0}) < 0);
}

static void test_decimal_format_is_shortest(void **state)
{
    char text[32];

    (void)state;
    tolka_decimal_format((struct tolka_decimal){-143817, 0}, text);
    assert_string_equal(text, "-143817");
    tolka_decimal_format((struct tolka_decimal){-2500, 3}, text);
    assert_string_equal(text, "-2.5");
    tolka_decimal_format((struct tolka_decimal){5, 3}, text);
    assert_string_equal(text, "0.005");
    tolka_decimal_format((struct tolka_decimal){0, 2}, text);
    assert_string_equal(text, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_parse_amounts),
        cmocka_unit_test(test_value_parse_signs),
        cmocka_unit_test(test_value_parse_units),
        cmocka_unit_test(test_value_parse_refuses_what_is_no_number),
        cmocka_unit_test(test_value_parse_mends_a_lost_space),
        cmocka_unit_test(test_date_parse_forms),
        cmocka_unit_test(test_period_parse_forms),
        cmocka_unit_test(test_unit_parse_headings),
        cmocka_unit_test(test_decimal_add_keeps_decimals),
        cmocka_unit_test(test_decimal_format_is_shortest),
    };

    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
