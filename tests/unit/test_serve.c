/* The archive in a browser, without the network: text into pages, the door, charts. */
#include "serve/chart.h"
#include "serve/html.h"
#include "serve/security.h"
#include "serve/view.h"
#include "tests/support/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Text into pages ---- */

static void check_html(const char *text, const char *expected)
{
    struct tolka_strbuf out = {0};

    tolka_html(&out, "%s", text);
    assert_string_equal(tolka_strbuf_text(&out), expected);
    tolka_strbuf_release(&out);
}

static void test_html_escapes_what_means_something(void **state)
{
    (void)state;
    check_html("<script>alert('a' & \"b\")</script>",
               "&lt;script&gt;alert(&#39;a&#39; &amp; &quot;b&quot;)&lt;/script&gt;");
}

static void test_html_keeps_letters_and_lines(void **state)
{
    (void)state;
    check_html("Årsredovisning – 2023\n\tsumma €", "Årsredovisning – 2023\n\tsumma €");
}

static void test_html_replaces_what_is_no_text(void **state)
{
    (void)state;
    check_html("a\x01\x1b\x7f\xff\xc3", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    check_html("1\xE2\x80\xAE"
               "2",
               "1\xEF\xBF\xBD"
               "2"); /* U+202E turns the writing */
}

static void test_html_encodes_addresses(void **state)
{
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_html(&out, "?a=%u&amp;n=%d&amp;m=%D%%", "å/ &\"<#", 7, INT64_C(1) << 40);
    assert_string_equal(tolka_strbuf_text(&out), "?a=%C3%A5%2F%20%26%22%3C%23&amp;n=7&amp;m=1099511627776%");
    tolka_strbuf_release(&out);
}

static void test_html_adds_nothing_for_null(void **state)
{
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_html(&out, "[%s%u]", (const char *)NULL, (const char *)NULL);
    assert_string_equal(tolka_strbuf_text(&out), "[]");
    tolka_strbuf_release(&out);
}

static void check_snippet(const char *text, const char *expected)
{
    struct tolka_strbuf out = {0};

    tolka_html_snippet(&out, text);
    assert_string_equal(tolka_strbuf_text(&out), expected);
    tolka_strbuf_release(&out);
}

static void test_snippet_marks_hits_and_escapes(void **state)
{
    (void)state;
    check_snippet("a <b> \x02hit\x03 c", "a &lt;b&gt; <mark>hit</mark> c");
    check_snippet("\x03\x02\x02x", "<mark>x</mark>");
}

/* ---- The door ---- */

static void test_secret_is_only_itself(void **state)
{
    char a[TOLKA_SECRET_LENGTH + 1], b[TOLKA_SECRET_LENGTH + 1];

    (void)state;
    assert_int_equal(tolka_secret_make(a, NULL), TOLKA_OK);
    assert_int_equal(tolka_secret_make(b, NULL), TOLKA_OK);
    assert_int_equal(strlen(a), TOLKA_SECRET_LENGTH);
    assert_true(tolka_secret_is(a, a, TOLKA_SECRET_LENGTH));
    assert_false(tolka_secret_is(a, b, TOLKA_SECRET_LENGTH));
    assert_false(tolka_secret_is(a, a, TOLKA_SECRET_LENGTH - 1));
    assert_false(tolka_secret_is(a, NULL, 0));
}

static void test_hosts_are_ours_only(void **state)
{
    struct tolka_hosts hosts = {0};

    (void)state;
    assert_true(tolka_hosts_add(&hosts, "127.0.0.1", 8017));
    assert_true(tolka_hosts_add(&hosts, "::1", 8017));
    assert_true(tolka_hosts_add(&hosts, "arkiv.example", 80));
    assert_false(tolka_hosts_add(&hosts, "a b", 1));
    assert_true(tolka_hosts_has(&hosts, "127.0.0.1:8017"));
    assert_true(tolka_hosts_has(&hosts, "[::1]:8017"));
    assert_true(tolka_hosts_has(&hosts, "Arkiv.Example"));
    assert_false(tolka_hosts_has(&hosts, "127.0.0.1"));
    assert_false(tolka_hosts_has(&hosts, "evil.example:8017"));
    assert_false(tolka_hosts_has(&hosts, NULL));
}

static void test_write_from_elsewhere_is_refused(void **state)
{
    struct tolka_hosts hosts = {0};

    (void)state;
    tolka_hosts_add(&hosts, "a", 1);
    tolka_hosts_add(&hosts, "arkiv.example", 0);
    assert_true(tolka_write_is_ours(&hosts, "https://arkiv.example", "same-origin"));
    assert_true(tolka_write_is_ours(&hosts, "http://a:1", "same-origin"));
    assert_true(tolka_write_is_ours(&hosts, NULL, NULL)); /* no browser */
    assert_false(tolka_write_is_ours(&hosts, "http://b:1", NULL));
    assert_false(tolka_write_is_ours(&hosts, "null", NULL));
    assert_false(tolka_write_is_ours(&hosts, "http://a:1", "cross-site"));
    assert_false(tolka_write_is_ours(&hosts, NULL, "same-site"));
}

/* ---- Requests ---- */

static void test_form_is_decoded(void **state)
{
    static const char BODY[] = "to=1+116%C3%A5%zz&by=&empty&x=%3d";
    struct tolka_request request = {0};

    (void)state;
    assert_true(tolka_request_add_form(&request, BODY, strlen(BODY)));
    assert_string_equal(tolka_request_value(&request, "to"), "1 116å%zz");
    assert_null(tolka_request_value(&request, "by"));
    assert_string_equal(tolka_request_value(&request, "x"), "=");
    tolka_request_release(&request);
}

static void test_form_bounds(void **state)
{
    struct tolka_request request = {0};
    char *body = malloc(TOLKA_MAX_VALUE_BYTES + 8);

    (void)state;
    memset(body, 'a', TOLKA_MAX_VALUE_BYTES + 8);
    memcpy(body, "x=", 2);
    assert_false(tolka_request_add_form(&request, body, TOLKA_MAX_VALUE_BYTES + 8));
    assert_false(tolka_request_add_form(&request, "x=%00", 5));
    assert_false(tolka_request_add_form(&request, "x=\0y", 4));
    for (int i = 0; i < TOLKA_MAX_PARAMETERS; i++)
        assert_true(tolka_request_add(&request, "n", "v"));
    assert_false(tolka_request_add(&request, "n", "v"));
    tolka_request_release(&request);
    free(body);
}

static void test_number_falls_back(void **state)
{
    struct tolka_request request = {0};

    (void)state;
    tolka_request_add(&request, "a", "12");
    tolka_request_add(&request, "b", "12x");
    tolka_request_add(&request, "c", "99999999999999999999");
    assert_int_equal(tolka_request_number(&request, "a", 0, 100, -1), 12);
    assert_int_equal(tolka_request_number(&request, "a", 0, 10, -1), -1);
    assert_int_equal(tolka_request_number(&request, "b", 0, 100, -1), -1);
    assert_int_equal(tolka_request_number(&request, "c", 0, INT64_MAX, -1), -1);
    tolka_request_release(&request);
}

static void test_match_takes_numbers(void **state)
{
    int64_t n[2];

    (void)state;
    assert_true(tolka_view_match("report/5/table/12", "report/%/table/%", n, 2));
    assert_int_equal(n[0], 5);
    assert_int_equal(n[1], 12);
    assert_false(tolka_view_match("report/5/table/", "report/%/table/%", n, 2));
    assert_false(tolka_view_match("report/-5/table/1", "report/%/table/%", n, 2));
    assert_false(tolka_view_match("report/5/table/1/2", "report/%/table/%", n, 2));
    assert_false(tolka_view_match("report/99999999999999/table/1", "report/%/table/%", n, 2));
}

/* ---- Charts ---- */

static void test_chart_has_a_point_a_figure(void **state)
{
    const struct tolka_chart_point points[] = {{2021.5, -3e6, "../a", "2021: <3", false},
                                               {2022.5, 0, "../b", "b", true},
                                               {2023.5, 12.5e6, "../c", "c", false}};
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_chart(&out, TOLKA_SWEDISH, "Årets \"resultat\"", points, 3);
    assert_int_equal(count_of(tolka_strbuf_text(&out), "<circle"), 3);
    assert_int_equal(count_of(tolka_strbuf_text(&out), "class=\"doubtful\""), 1);
    assert_non_null(strstr(out.data, "href=\"../c\""));
    assert_non_null(strstr(out.data, "2021: &lt;3"));
    assert_non_null(strstr(out.data, "&quot;resultat&quot;"));
    assert_non_null(strstr(out.data, "miljoner"));
    tolka_strbuf_release(&out);
}

static void test_chart_bears_odd_figures(void **state)
{
    static const double VALUES[] = {0, 1, -1, 9.2e18, -9.2e18, 1e-9};
    struct tolka_strbuf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
        const struct tolka_chart_point points[] = {{0, VALUES[i], "a", "a", false},
                                                   {9999, VALUES[i], "b", "b", false}};
        tolka_strbuf_truncate(&out, 0);
        tolka_chart(&out, TOLKA_ENGLISH, "x", points, 1 + (int)(i % 2));
        assert_true(out.length > 0 && out.length < 20000);
        assert_null(strstr(out.data, "nan"));
    }
    tolka_strbuf_release(&out);
}

static void test_chart_number_is_written_as_people_do(void **state)
{
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_chart_number(&out, TOLKA_SWEDISH, -1116050.5, 1);
    tolka_strbuf_add_char(&out, '|');
    tolka_chart_number(&out, TOLKA_ENGLISH, 1116050, 0);
    tolka_strbuf_add_char(&out, '|');
    tolka_chart_number(&out, TOLKA_ENGLISH, -0.2, 0);
    assert_string_equal(tolka_strbuf_text(&out), "\xE2\x88\x92"
                                                 "1\xC2\xA0"
                                                 "116\xC2\xA0"
                                                 "050,5|1,116,050|0");
    tolka_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html_escapes_what_means_something),
        cmocka_unit_test(test_html_keeps_letters_and_lines),
        cmocka_unit_test(test_html_replaces_what_is_no_text),
        cmocka_unit_test(test_html_encodes_addresses),
        cmocka_unit_test(test_html_adds_nothing_for_null),
        cmocka_unit_test(test_snippet_marks_hits_and_escapes),
        cmocka_unit_test(test_secret_is_only_itself),
        cmocka_unit_test(test_hosts_are_ours_only),
        cmocka_unit_test(test_write_from_elsewhere_is_refused),
        cmocka_unit_test(test_form_is_decoded),
        cmocka_unit_test(test_form_bounds),
        cmocka_unit_test(test_number_falls_back),
        cmocka_unit_test(test_match_takes_numbers),
        cmocka_unit_test(test_chart_has_a_point_a_figure),
        cmocka_unit_test(test_chart_bears_odd_figures),
        cmocka_unit_test(test_chart_number_is_written_as_people_do),
    };

    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
