/* Words in a store, and texts that are alike. */
#include "ingest/store.h"
#include "tests/support/made_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_store *store;
static struct tolka_error err;

static int set_up(void **state)
{
    (void)state;
    err = (struct tolka_error){0};
    store = made_store_begin();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_store_end(store);
    return 0;
}

/* ---- Search ---- */

static bool keep_hit(const struct tolka_store_hit *hit, void *data)
{
    char *text = data;

    sprintf(text + strlen(text), "%s ", hit->path);
    return true;
}

static const char *search(const char *words)
{
    static char text[256];

    text[0] = '\0';
    assert_int_equal(tolka_store_search(store, words, 100, keep_hit, text, &err), TOLKA_OK);
    return text;
}

static bool keep_snippet(const struct tolka_store_hit *hit, void *data)
{
    snprintf(data, 200, "%s", hit->snippet);
    return true;
}

static void test_search_swedish_letters(void **state)
{
    (void)state;
    made_store_text(store, 1, "får", "Kommunen får bidrag i Malmö");
    made_store_text(store, 2, "far", "En far och hans barn");
    assert_string_equal(search("får"), "får ");
    assert_string_equal(search("FÅR"), "får ");
    assert_string_equal(search("far"), "far ");
    assert_string_equal(search("malmo"), "får ");
    assert_string_equal(search("Malmö kommunen"), "får ");
    assert_string_equal(search("målmo"), "");
}

static void test_search_phrase_and_beginning(void **state)
{
    (void)state;
    made_store_text(store, 1, "a", "God ekonomisk hushållning i kommunen");
    made_store_text(store, 2, "b", "Hushållning med god mat");
    assert_string_equal(search("\"ekonomisk hushållning\""), "a ");
    assert_string_equal(search("kommun*"), "a ");
    assert_string_equal(search("kommun"), made_store_is_shared() ? "a " : ""); /* PostgreSQL knows endings */
    assert_string_equal(search("\"ekonomisk hushållning"), "a ");
}

static void test_search_takes_no_query_language(void **state)
{
    static const char *const ODD[] = {
        "god OR mat", "text : god", "NEAR(god mat)", "god \" mat",   "god ^ mat", "(god",
        "god)",       "god' --",    "-god",          "god AND",      "+god",      "{god} : x",
        "\"\" god",   "* god",      "god**",         "\xff\xfe god", "god\\",     "god;DROP TABLE page"};

    (void)state;
    made_store_text(store, 1, "a", "God mat");
    for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++) {
        char text[256] = "";
        const enum tolka_status status = tolka_store_search(store, ODD[i], 10, keep_hit, text, &err);
        if (status)
            print_message("%s: %s\n", ODD[i], err.message);
        assert_int_equal(status, TOLKA_OK);
    }
    assert_int_equal(tolka_store_search(store, "- \" * ", 10, keep_hit, NULL, &err), TOLKA_ERR_ARGUMENT);
}

static void test_search_snippet_marks_hits(void **state)
{
    char text[200] = "";

    (void)state;
    made_store_text(store, 1, "a", "Kommunens goda ekonomi");
    assert_int_equal(tolka_store_search(store, "goda", 10, keep_snippet, text, &err), TOLKA_OK);
    assert_string_equal(text, "Kommunens \x02goda\x03 ekonomi");
}

static void test_search_forgets_replaced_text(void **state)
{
    struct tolka_record record = {0};

    (void)state;
    made_store_text(store, 1, "a", "gammal text");
    made_record(1, "a", MADE_SMALL, &record);
    record.pages[0].text = "ny text";
    assert_int_equal(tolka_store_replace_record(store, 1, &record, "{}", 2, &err), TOLKA_OK);
    assert_string_equal(search("gammal"), "");
    assert_string_equal(search("ny"), "a ");
    tolka_record_release(&record);
}

/* ---- Duplicates ---- */

/* A text of `words` made words, of which every `every`th is misread in a way of `scan`. */
static char *scanned(int seed, int words, int every, int scan)
{
    struct tolka_strbuf text = {0};

    for (int i = 0; i < words; i++) {
        unsigned dice = (unsigned)(i + 1000 * seed) * 2654435761u;
        char word[9] = "";
        for (int c = 0; c < 7; c++, dice = dice * 1664525 + 1013904223)
            word[c] = (char)('a' + (dice >> 24) % 26);
        if (every && (i + scan) % every == 0)
            word[3] = (char)('a' + scan);
        tolka_strbuf_addf(&text, "%s%c", word, i % 9 ? ' ' : '\n');
    }
    return text.data;
}

static bool keep_pair(const char *path, const char *like, double likeness, void *data)
{
    char *text = data;

    assert_true(likeness >= 0.5 && likeness <= 1);
    sprintf(text + strlen(text), "%s=%s ", path, like);
    return true;
}

/* Puts the texts in, in this order of numbers, and says which are nearly the same. */
static const char *near_duplicates(const int *order)
{
    static char pairs[256];
    char *texts[] = {scanned(1, 800, 0, 0), scanned(1, 800, 40, 1), scanned(2, 800, 0, 0),
                     scanned(1, 20, 0, 0), scanned(1, 20, 0, 0)};

    for (int i = 0; i < 5; i++)
        made_store_text(store, 24 * (order[i] + 1), (const char *[]){"a", "b", "c", "d", "e"}[order[i]],
                        texts[order[i]]); /* all of one year */
    pairs[0] = '\0';
    assert_int_equal(tolka_store_each_near_duplicate(store, keep_pair, pairs, &err), TOLKA_OK);
    for (int i = 0; i < 5; i++)
        free(texts[i]);
    return pairs;
}

static void test_near_duplicates(void **state)
{
    (void)state;
    assert_string_equal(near_duplicates((const int[]){0, 1, 2, 3, 4}), "b=a ");
}

static void test_near_duplicates_whatever_the_order(void **state)
{
    (void)state;
    assert_string_equal(near_duplicates((const int[]){4, 2, 1, 3, 0}), "b=a ");
}

static void test_near_duplicates_not_of_another_year(void **state)
{
    char *text = scanned(1, 800, 0, 0), pairs[64] = "";

    (void)state;
    made_store_text(store, 24, "a", text);
    made_store_text(store, 25, "b", text);
    assert_int_equal(tolka_store_each_near_duplicate(store, keep_pair, pairs, &err), TOLKA_OK);
    assert_string_equal(pairs, "");
    free(text);
}

static bool keep_duplicate(const char *path, const char *same, void *data)
{
    return keep_pair(path, same, 1, data);
}

static void test_duplicates(void **state)
{
    char pairs[64] = "";

    (void)state;
    made_store_report(store, 1, "b", MADE_SMALL);
    made_store_enqueue(store, 1, "c", 0);
    made_store_enqueue(store, 1, "a", 0);
    assert_int_equal(tolka_store_each_duplicate(store, keep_duplicate, pairs, &err), TOLKA_OK);
    assert_string_equal(pairs, "a=b c=b ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_search_swedish_letters),
        TEST(test_search_phrase_and_beginning),
        TEST(test_search_takes_no_query_language),
        TEST(test_search_snippet_marks_hits),
        TEST(test_search_forgets_replaced_text),
        TEST(test_near_duplicates),
        TEST(test_near_duplicates_whatever_the_order),
        TEST(test_near_duplicates_not_of_another_year),
        TEST(test_duplicates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
