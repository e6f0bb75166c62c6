/* Repair with the shipped model: what is mended, and what is left alone. Run from the repository's root, as
 * `make unit` does. */
#include "normalize/normalize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_model *model;

static int open_model(void **state)
{
    (void)state;
    return tolka_model_open("normalize/data/sv.model", &model, NULL) == TOLKA_OK ? 0 : -1;
}

static int close_model(void **state)
{
    (void)state;
    tolka_model_free(model);
    return 0;
}

/* Two sentences that lost all marks: short inputs are then known to be damaged. */
#define FOLDED                                                                                               \
    "Namnden foreslar att atgarderna genomfors under nasta ar. Vi har gjort en oversyn av kostnaderna for "  \
    "aldreomsorgen. "
#define MENDED                                                                                                        \
    "Nämnden föreslår att åtgärderna genomförs under nästa år. Vi har gjort en översyn av kostnaderna för " \
    "äldreomsorgen. "

static void assert_repair(const char *in, const char *want)
{
    struct tolka_strbuf out = {0};

    assert_int_equal(tolka_normalize_text(model, in, strlen(in), &out, NULL, NULL, NULL, NULL), TOLKA_OK);
    assert_string_equal(tolka_strbuf_text(&out), want);
    tolka_strbuf_release(&out);
}

static void test_text_lost_marks(void **state)
{
    (void)state;
    assert_repair(FOLDED "\n", MENDED "\n");
}

static void test_text_context_decides(void **state)
{
    (void)state;
    assert_repair(FOLDED "Det har ar for oss ett mal.", MENDED "Det här är för oss ett mål.");
}

static void test_text_words_around_decide(void **state)
{
    (void)state;
    assert_repair(FOLDED "Bade man och kvinnor har fatt stod mot hot och vald.",
                  MENDED "Både män och kvinnor har fått stöd mot hot och våld.");
    assert_repair(FOLDED "Barn som ar 12 ar har ratt till stod.",
                  MENDED "Barn som är 12 år har rätt till stöd.");
}

static void test_text_label_stays(void **state)
{
    (void)state;
    assert_repair(FOLDED "a) Namnden, o) kansliet", MENDED "a) Nämnden, o) kansliet");
}

static void test_text_short_words_in_capitals(void **state)
{
    (void)state;
    assert_repair(FOLDED "FORSLAG PA ATGARDER", MENDED "FÖRSLAG PÅ ÅTGÄRDER");
}

static void test_text_plain_form_stays(void **state)
{
    (void)state;
    assert_repair(FOLDED "Det var spelarens val.", MENDED "Det var spelarens val.");
}

static void test_text_digit_in_word(void **state)
{
    (void)state;
    assert_repair(FOLDED "Malet ar en 6kad samverkan.", MENDED "Målet är en ökad samverkan.");
}

static void test_text_misread_letters(void **state)
{
    (void)state;
    assert_repair(FOLDED "Vasentliga hiindelser gav stérre moéjlighet.",
                  MENDED "Väsentliga händelser gav större möjlighet.");
}

static void test_text_compound_of_parts(void **state)
{
    (void)state;
    assert_repair(FOLDED "Vi har en stegforflyttningsovning.", MENDED "Vi har en stegförflyttningsövning.");
}

static void test_text_capitals_kept(void **state)
{
    (void)state;
    assert_repair(FOLDED "FORVALTNINGSBERATTELSE for Orebro", MENDED "FÖRVALTNINGSBERÄTTELSE för Örebro");
}

static void test_text_broken_word(void **state)
{
    (void)state;
    assert_repair(FOLDED "egen for-\nsorjning kravs", MENDED "egen för-\nsörjning krävs");
}

static void test_text_clean_unchanged(void **state)
{
    static const char text[] = "Målet för året är att öka samverkan.\n\n  Vara eller inte vara, var och en "
                               "har sin fars hus.\tSara Berg\r\n";

    (void)state;
    assert_repair(text, text);
}

static void test_text_figures_untouched(void **state)
{
    static const char text[] = "1 116 050 kr, 26.7 %, 2020-12-31, 802000-1234, SFS 2003:1210, dnr 16/44, A4, "
                               "4b 12c, info@mal.se www.for.se/har\n";

    (void)state;
    assert_repair(text, text);
}

static void test_text_other_languages_left_alone(void **state)
{
    static const char text[] =
        "This is the report of the board and it was adopted for the year with an opinion of the auditors.\n";

    (void)state;
    assert_repair(text, text);
}

static void test_text_finnish_amid_swedish_left_alone(void **state)
{
    static const char text[] = FOLDED "\nRahasto on perustettu vuonna 1999 ja sen tarkoituksena on tukea "
                                      "jasenia, jotka ovat mukaan toiminnassa tai kanssa.\n";
    static const char want[] = MENDED "\nRahasto on perustettu vuonna 1999 ja sen tarkoituksena on tukea "
                                      "jasenia, jotka ovat mukaan toiminnassa tai kanssa.\n";

    (void)state;
    assert_repair(text, want);
}

static void test_text_invalid_bytes_pass(void **state)
{
    static const char text[] = "Aret \xff\xfe resultat \xc3";
    struct tolka_strbuf out = {0};
    size_t invalid = 0;

    (void)state;
    assert_int_equal(tolka_normalize_text(model, text, sizeof text - 1, &out, NULL, NULL, &invalid, NULL),
                     TOLKA_OK);
    assert_int_equal(invalid, 3);
    assert_non_null(memmem(out.data, out.length, "\xff\xfe", 2));
    assert_int_equal(out.data[out.length - 1], '\xc3');
    tolka_strbuf_release(&out);
}

static void test_text_line_without_end(void **state)
{
    size_t length = 4 << 20;
    char *text = malloc(length + 1);
    struct tolka_strbuf out = {0};

    (void)state;
    assert_non_null(text);
    memset(text, 'a', length);
    for (size_t i = 0; i < length / 2; i += 7)
        text[i] = ' ';
    text[length] = '\0';
    assert_int_equal(tolka_normalize_text(model, text, length, &out, NULL, NULL, NULL, NULL), TOLKA_OK);
    assert_true(out.length >= length);
    tolka_strbuf_release(&out);
    free(text);
}

struct seen {
    size_t count, line, column;
    float confidence;
};

static void see(const struct tolka_change *change, void *data)
{
    struct seen *seen = data;

    seen->count++;
    if (strcmp(change->from, "mal") != 0)
        return;
    assert_string_equal(change->to, "mål");
    assert_string_equal(change->reason, "marks");
    seen->line = change->line;
    seen->column = change->column;
    seen->confidence = change->confidence;
}

static void test_text_changes_told(void **state)
{
    static const char text[] = FOLDED "\nöö – ett mal for oss\n";
    struct tolka_strbuf out = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(tolka_normalize_text(model, text, sizeof text - 1, &out, see, &seen, NULL, NULL),
                     TOLKA_OK);
    assert_true(seen.count > 5);
    assert_int_equal(seen.line, 2);
    assert_int_equal(seen.column, 10);
    assert_true(seen.confidence > 0.5f && seen.confidence <= 1);
    tolka_strbuf_release(&out);
}

static void test_tokens_repaired(void **state)
{
    struct tolka_token tokens[] = {
        {.text = "Namnden", .confidence = -1},
        {.text = "foreslar", .confidence = -1},
        {.text = "atgarder,", .confidence = -1},
        {.text = "1", .confidence = -1},
        {.text = "116", .confidence = -1},
        {.text = "Arets", .confidence = -1, .line = 1, .block = 1},
        {.text = "resultat", .confidence = -1, .line = 1, .block = 1},
    };
    struct tolka_arena arena = {0};

    (void)state;
    assert_int_equal(tolka_normalize_tokens(model, tokens, 7, &arena, NULL), TOLKA_OK);
    assert_string_equal(tokens[2].repaired, "åtgärder,");
    assert_string_equal(tokens[2].reason, "marks");
    assert_null(tokens[3].repaired);
    assert_string_equal(tokens[5].repaired, "Årets");
    assert_null(tokens[6].repaired);
    tolka_arena_release(&arena);
}

static void test_tokens_sure_known_word_stays(void **state)
{
    struct tolka_token tokens[] = {{.text = "Namnden", .confidence = -1},
                                   {.text = "foreslar", .confidence = -1},
                                   {.text = "har", .confidence = .99f},
                                   {.text = "atgarder", .confidence = -1}};
    struct tolka_arena arena = {0};

    (void)state;
    assert_int_equal(tolka_normalize_tokens(model, tokens, 4, &arena, NULL), TOLKA_OK);
    assert_null(tokens[2].repaired);
    tolka_arena_release(&arena);
}

/* One word, read with `confidence`, amid a sentence read well. */
static void assert_read(const char *word, float confidence, const char *want)
{
    struct tolka_token tokens[] = {
        {.text = "Nämnden", .confidence = .97f},  {.text = "föreslår", .confidence = .97f},
        {.text = "att", .confidence = .97f},      {.text = word, .confidence = confidence},
        {.text = "för", .confidence = .97f},      {.text = "året", .confidence = .97f},
        {.text = "redovisas", .confidence = .97f}};
    struct tolka_arena arena = {0};

    assert_int_equal(tolka_normalize_tokens(model, tokens, sizeof tokens / sizeof *tokens, &arena, NULL),
                     TOLKA_OK);
    if (want)
        assert_string_equal(tokens[3].repaired, want);
    else
        assert_null(tokens[3].repaired);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        assert_true(i == 3 || !tokens[i].repaired);
    tolka_arena_release(&arena);
}

static void test_tokens_specks_are_no_marks(void **state)
{
    (void)state;
    assert_read("köstnader", .86f, "kostnader");
    assert_read("delårsräpporten", .88f, "delårsrapporten");
}

/* Though the heading lost its mark, and a place without the dots is known. */
static void test_tokens_a_name_keeps_its_dots(void **state)
{
    struct tolka_token tokens[] = {{.text = "Arsredovisning", .confidence = .9f},
                                   {.text = "Lövsjö", .confidence = .93f},
                                   {.text = "kommun", .confidence = .96f}};
    struct tolka_arena arena = {0};

    (void)state;
    assert_int_equal(tolka_normalize_tokens(model, tokens, 3, &arena, NULL), TOLKA_OK);
    assert_string_equal(tokens[0].repaired, "Årsredovisning");
    assert_null(tokens[1].repaired);
    tolka_arena_release(&arena);
}

static void test_tokens_letter_read_twice(void **state)
{
    (void)state;
    assert_read("SOFINTSs", .74f, "SOFINTs");
    assert_read("SOFINTSs", .98f, NULL);
    assert_read("SOFINTs", .74f, NULL);
}

static void test_tokens_other_readings_are_candidates(void **state)
{
    struct tolka_reading readings[] = {{"Bokxlut,", .3f}, {"Bokslut;", .3f}, {"Bokslut,", .2f}};
    struct tolka_token tokens[] = {{.text = "Bokxet,", .confidence = .5f},
                                   {.text = "nämnden", .confidence = .97f},
                                   {.text = "föreslår", .confidence = .97f}};
    struct tolka_arena arena = {0};

    (void)state;
    assert_int_equal(tolka_normalize_tokens(model, tokens, 3, &arena, NULL), TOLKA_OK);
    assert_null(tokens[0].repaired);
    tokens[0].readings = readings;
    tokens[0].reading_count = 3;
    assert_int_equal(tolka_normalize_tokens(model, tokens, 3, &arena, NULL), TOLKA_OK);
    assert_string_equal(tokens[0].repaired, "Bokslut,");
    tolka_arena_release(&arena);
}

static void test_tokens_unknown_word_read_with_doubt(void **state)
{
    (void)state;
    assert_read("samverkansornrådet", .91f, "samverkansområdet");
    assert_read("Nordquvist", .91f, NULL);
}

static void assert_join(const char *left, const char *right, const char *want)
{
    struct tolka_arena arena = {0};
    char *joined;
    bool one = tolka_normalize_join(model, left, right, &arena, &joined);

    if (want) {
        assert_true(one);
        assert_string_equal(joined, want);
    } else {
        assert_false(one);
    }
    tolka_arena_release(&arena);
}

static void test_join_broken_word(void **state)
{
    (void)state;
    assert_join("försörj-", "ning,", "försörjning,");
}

static void test_join_keeps_hyphen_of_abbreviation(void **state)
{
    (void)state;
    assert_join("ESF-", "ansökan", "ESF-ansökan");
}

static void test_join_hanging_hyphen(void **state)
{
    (void)state;
    assert_join("mål-", "och", NULL);
}

static void test_join_no_hyphen(void **state)
{
    (void)state;
    assert_join("mål", "och", NULL);
    assert_join("-", "och", NULL);
    assert_join("", "", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_lost_marks),
        cmocka_unit_test(test_text_context_decides),
        cmocka_unit_test(test_text_words_around_decide),
        cmocka_unit_test(test_text_label_stays),
        cmocka_unit_test(test_text_short_words_in_capitals),
        cmocka_unit_test(test_text_plain_form_stays),
        cmocka_unit_test(test_text_digit_in_word),
        cmocka_unit_test(test_text_misread_letters),
        cmocka_unit_test(test_text_compound_of_parts),
        cmocka_unit_test(test_text_capitals_kept),
        cmocka_unit_test(test_text_broken_word),
        cmocka_unit_test(test_text_clean_unchanged),
        cmocka_unit_test(test_text_figures_untouched),
        cmocka_unit_test(test_text_other_languages_left_alone),
        cmocka_unit_test(test_text_finnish_amid_swedish_left_alone),
        cmocka_unit_test(test_text_invalid_bytes_pass),
        cmocka_unit_test(test_text_line_without_end),
        cmocka_unit_test(test_text_changes_told),
        cmocka_unit_test(test_tokens_repaired),
        cmocka_unit_test(test_tokens_sure_known_word_stays),
        cmocka_unit_test(test_tokens_specks_are_no_marks),
        cmocka_unit_test(test_tokens_a_name_keeps_its_dots),
        cmocka_unit_test(test_tokens_letter_read_twice),
        cmocka_unit_test(test_tokens_unknown_word_read_with_doubt),
        cmocka_unit_test(test_tokens_other_readings_are_candidates),
        cmocka_unit_test(test_join_broken_word),
        cmocka_unit_test(test_join_keeps_hyphen_of_abbreviation),
        cmocka_unit_test(test_join_hanging_hyphen),
        cmocka_unit_test(test_join_no_hyphen),
    };

    return cmocka_run_group_tests_name("normalize", tests, open_model, close_model);
}
