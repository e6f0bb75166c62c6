/* Words of a page's text, by their line and number: corrected, joined, parted, found again. */
#include "schema/amend.h"
#include "tests/support/made_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A page of three lines, in which a person reads. */
struct fixture {
    struct tolka_record record;
    struct tolka_page_summary page;
};

static int make(void **state)
{
    static struct fixture f;

    f = (struct fixture){.page = {.page = 1, .text = "Det var ett är\n\nsam verkan med komunen\tx\n"}};
    made_sha256(1, f.record.source.sha256);
    f.record.pages = &f.page;
    f.record.page_count = 1;
    *state = &f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;

    tolka_arena_release(&f->record.arena);
    return 0;
}

static struct tolka_amendment about(int line, int word, const char *raw, const char *to)
{
    struct tolka_amendment amendment = {
        .page = 1, .row = line, .column = word, .raw = raw, .text = raw, .to = to, .by = "A. Arkivarie"};

    made_sha256(1, amendment.sha256);
    return amendment;
}

static enum tolka_amend_result amend(struct fixture *f, int line, int word, const char *raw, const char *to)
{
    const struct tolka_amendment amendment = about(line, word, raw, to);
    struct tolka_amend_outcome outcome;

    assert_int_equal(tolka_amend(NULL, &f->record, &amendment, 1, &outcome, NULL), TOLKA_OK);
    assert_int_equal(!outcome.reason, outcome.result != TOLKA_AMEND_REFUSED);
    return outcome.result;
}

static void test_amend_word_of_the_text_leaves_a_trace(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(amend(f, 1, 4, "är", "år"), TOLKA_AMEND_DONE);
    assert_string_equal(f->page.text, "Det var ett år\n\nsam verkan med komunen\tx\n");
    assert_int_equal(f->record.correction_count, 1);
    assert_int_equal(f->record.corrections[0].line, 1);
    assert_int_equal(f->record.corrections[0].word, 4);
    assert_string_equal(f->record.corrections[0].from, "är");
    assert_string_equal(f->record.corrections[0].reason, TOLKA_REASON_PERSON);
}

static void test_amend_word_of_the_text_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;

    amend(f, 1, 4, "är", "år");
    assert_int_equal(amend(f, 1, 4, "är", "år"), TOLKA_AMEND_SAME);
    assert_int_equal(amend(f, 1, 4, "är", "öar"), TOLKA_AMEND_DONE);
    assert_int_equal(f->record.correction_count, 1);
    assert_string_equal(f->record.corrections[0].from, "är");
    assert_non_null(strstr(f->page.text, "ett öar\n"));
}

static void test_amend_words_after_one_that_was_parted_keep_their_numbers(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(amend(f, 3, 1, "sam", "i sam"), TOLKA_AMEND_DONE);
    assert_int_equal(amend(f, 3, 4, "komunen", "kommunen"), TOLKA_AMEND_DONE);
    assert_string_equal(f->page.text, "Det var ett är\n\ni sam verkan med kommunen\tx\n");
}

static void test_amend_word_that_is_none_goes_and_comes_back(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(amend(f, 3, 1, "sam", "samverkan"), TOLKA_AMEND_DONE);
    assert_int_equal(amend(f, 3, 2, "verkan", ""), TOLKA_AMEND_DONE);
    assert_int_equal(amend(f, 1, 4, "är", ""), TOLKA_AMEND_DONE);
    assert_string_equal(f->page.text, "Det var ett\n\nsamverkan med komunen\tx\n");
    assert_int_equal(amend(f, 3, 2, "verkan", "verkan"), TOLKA_AMEND_DONE);
    assert_int_equal(amend(f, 1, 4, "är", "är"), TOLKA_AMEND_DONE);
    assert_string_equal(f->page.text, "Det var ett är\n\nsamverkan verkan med komunen\tx\n");
}

static void test_amend_word_is_found_where_it_stands_now(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(amend(f, 7, 2, "komunen", "kommunen"), TOLKA_AMEND_DONE);
    assert_non_null(strstr(f->page.text, "med kommunen\tx"));
    assert_int_equal(f->record.corrections[0].line, 3);
    assert_int_equal(f->record.corrections[0].word, 4);
}

static void test_amend_word_that_stands_nowhere_or_twice_is_refused(void **state)
{
    struct fixture *f = *state;

    f->page.text = "och eller och";
    assert_int_equal(amend(f, 1, 2, "och", "o"), TOLKA_AMEND_REFUSED);
    assert_int_equal(amend(f, 1, 1, "och eller och allt", "o"), TOLKA_AMEND_REFUSED);
    assert_int_equal(amend(f, 9, 1, "ej", "o"), TOLKA_AMEND_REFUSED);
    f->page.page = 2;
    assert_int_equal(amend(f, 1, 1, "och", "o"), TOLKA_AMEND_REFUSED);
    assert_string_equal(f->page.text, "och eller och");
    assert_int_equal(f->record.correction_count, 0);
}

static void test_amend_several_words_of_a_line_at_once(void **state)
{
    struct fixture *f = *state;
    const struct tolka_amendment all[] = {about(3, 4, "komunen", "en kommun"), about(3, 1, "sam", ""),
                                          about(1, 1, "Det", "Då"), about(3, 2, "verkan", "samverkan")};
    struct tolka_amend_outcome outcomes[4];

    assert_int_equal(tolka_amend(NULL, &f->record, all, 4, outcomes, NULL), TOLKA_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(outcomes[i].result, TOLKA_AMEND_DONE);
    assert_string_equal(f->page.text, "Då var ett är\n\nsamverkan med en kommun\tx\n");
}

static void test_amendment_of_a_word_is_read_as_it_was_written(void **state)
{
    struct tolka_amendment given = about(12, 7, "är", "år"), back;
    struct tolka_strbuf line = {0};
    struct tolka_arena arena = {0};

    (void)state;
    tolka_amendment_write(&given, &line);
    assert_int_equal(tolka_amendment_read(line.data, line.length - 1, &arena, &back, NULL), TOLKA_OK);
    assert_null(back.table);
    assert_int_equal(back.row, 12);
    assert_int_equal(back.column, 7);
    tolka_strbuf_release(&line);
    tolka_arena_release(&arena);
}

static void test_amendment_of_a_line_needs_a_word(void **state)
{
    static const char LINE[] =
        "{\"tolka_correction\": 1, \"page\": 1, \"sha256\": \"%s\", \"bbox\": null, \"raw\": \"a\", "
        "\"text\": \"a\", \"to\": \"b\", \"line\": 1%s}";
    static const char *const WORDS[] = {"", ", \"word\": 0", ", \"word\": \"x\"", ", \"word\": 4294967297"};
    struct tolka_amendment back;
    struct tolka_arena arena = {0};
    char sha256[65], text[400];

    (void)state;
    made_sha256(1, sha256);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        const int length = snprintf(text, sizeof text, LINE, sha256, WORDS[i]);
        assert_int_equal(tolka_amendment_read(text, (size_t)length, &arena, &back, NULL), TOLKA_ERR_FORMAT);
    }
    tolka_arena_release(&arena);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(test_amend_word_of_the_text_leaves_a_trace),
        WITH(test_amend_word_of_the_text_twice_changes_nothing),
        WITH(test_amend_words_after_one_that_was_parted_keep_their_numbers),
        WITH(test_amend_word_that_is_none_goes_and_comes_back),
        WITH(test_amend_word_is_found_where_it_stands_now),
        WITH(test_amend_word_that_stands_nowhere_or_twice_is_refused),
        WITH(test_amend_several_words_of_a_line_at_once),
        cmocka_unit_test(test_amendment_of_a_word_is_read_as_it_was_written),
        cmocka_unit_test(test_amendment_of_a_line_needs_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
