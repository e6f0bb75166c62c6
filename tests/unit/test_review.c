/* The review page: whole, inert whatever the report holds, and the same for the same record. */
#include "schema/review.h"

#include "tests/support/count.h"
#include "tests/support/made_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void write_page(const struct tolka_record *record, const struct tolka_review_options *options,
                       struct tolka_strbuf *out)
{
    tolka_review_write(record, options, out);
    assert_false(out->failed);
}

static void test_review_write_has_every_cell(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){2, 20, 2, 5}, &record);
    write_page(&record, &(struct tolka_review_options){0}, &out);
    assert_int_equal(count_of(out.data, " id=\"c0-"), 15);
    assert_int_equal(count_of(out.data, " id=\"c1-"), 15);
    assert_non_null(strstr(out.data, "<html lang=\"sv\">"));
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
}

static void test_review_write_is_the_same_twice(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf once = {0}, twice = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &record);
    write_page(&record, &(struct tolka_review_options){.language = "en"}, &once);
    write_page(&record, &(struct tolka_review_options){.language = "en"}, &twice);
    assert_string_equal(once.data, twice.data);
    tolka_strbuf_release(&once);
    tolka_strbuf_release(&twice);
    tolka_record_release(&record);
}

/* A page of the same shape whose texts are harmless has just as many elements. */
static void test_review_write_hostile_text_makes_no_element(void **state)
{
    static const char EVIL[] =
        "</script><script>alert(1)</script><!--\"'><img src=x onerror=alert(2)>@reading@]]>";
    struct tolka_record plain = {0}, evil = {0};
    struct tolka_strbuf harmless = {0}, hostile = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &plain);
    made_record(3, EVIL, (struct made_size){1, 20, 1, 4}, &evil);
    for (int i = 0; i < 12; i++)
        evil.tables[0].cells[i].text = evil.tables[0].cells[i].raw = EVIL;
    for (int i = 0; i < 12; i++)
        plain.tables[0].cells[i].text = plain.tables[0].cells[i].raw = "x";
    evil.tables[0].kind = evil.tables[0].caption = evil.tables[0].id = evil.pages[0].text = EVIL;
    evil.report.title = evil.report.organisation = evil.corrections[0].from = evil.corrections[0].to = EVIL;
    write_page(&plain, &(struct tolka_review_options){0}, &harmless);
    write_page(&evil, &(struct tolka_review_options){0}, &hostile);
    assert_int_equal(count_of(harmless.data, "<"), count_of(hostile.data, "<"));
    assert_null(strstr(hostile.data, "<img src=x"));
    assert_int_equal(count_of(harmless.data, "<script"), count_of(hostile.data, "<script"));
    tolka_strbuf_release(&harmless);
    tolka_strbuf_release(&hostile);
    tolka_record_release(&plain);
    tolka_record_release(&evil);
}

static void test_review_write_marks_of_direction_are_shown_as_such(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &record);
    record.tables[0].cells[3].text = "1\xE2\x80\xAE"
                                     "21"; /* U+202E */
    write_page(&record, &(struct tolka_review_options){0}, &out);
    assert_non_null(strstr(out.data, ">1\xEF\xBF\xBD"
                                     "21</"));
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
}

static void test_review_write_policy_lets_nothing_else_run(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &record);
    write_page(&record, &(struct tolka_review_options){0}, &out);
    assert_non_null(strstr(out.data, "content=\"default-src 'none'; img-src data:; style-src 'sha256-"));
    assert_null(strstr(out.data, "unsafe"));
    assert_null(strstr(out.data, "connect-src"));
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
}

static void test_review_write_with_post_path_may_reach_its_own_host(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &record);
    write_page(&record,
               &(struct tolka_review_options){
                   .post_path = "/r/1/corrections", .picture_path = "/r/1/", .home_path = "/\"x"},
               &out);
    assert_non_null(strstr(out.data, "; connect-src 'self'"));
    assert_non_null(strstr(out.data, "img-src data: 'self'"));
    assert_non_null(strstr(out.data, "\"post_path\": \"/r/1/corrections\""));
    assert_non_null(strstr(out.data, "href=\"/&quot;x\""));
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
}

static void test_review_write_embeds_pictures(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0}, pictures[2] = {{0}, {0}};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){2, 20, 1, 4}, &record);
    tolka_strbuf_add(&pictures[0], "\x89PNG", 4);
    write_page(&record, &(struct tolka_review_options){.pictures = pictures}, &out);
    assert_non_null(strstr(out.data, "id=\"i1\">data:image/png;base64,iVBORw==</script>"));
    assert_null(strstr(out.data, "id=\"i2\""));
    tolka_strbuf_release(&out);
    tolka_strbuf_release(&pictures[0]);
    tolka_record_release(&record);
}

static void test_review_write_table_of_a_missing_page_is_there(void **state)
{
    struct tolka_record record = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    made_record(3, "a.pdf", (struct made_size){1, 20, 1, 4}, &record);
    record.tables[0].pages[0] = 9;
    write_page(&record, &(struct tolka_review_options){0}, &out);
    assert_non_null(strstr(out.data, "id=\"t0\""));
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_review_write_has_every_cell),
        cmocka_unit_test(test_review_write_is_the_same_twice),
        cmocka_unit_test(test_review_write_hostile_text_makes_no_element),
        cmocka_unit_test(test_review_write_marks_of_direction_are_shown_as_such),
        cmocka_unit_test(test_review_write_policy_lets_nothing_else_run),
        cmocka_unit_test(test_review_write_with_post_path_may_reach_its_own_host),
        cmocka_unit_test(test_review_write_embeds_pictures),
        cmocka_unit_test(test_review_write_table_of_a_missing_page_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
