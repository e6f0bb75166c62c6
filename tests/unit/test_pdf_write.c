/* Searchable PDFs are read back by the survey that also reads text layers. */
#include "extract/pdf.h"
#include "extract/pdf_content.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DPI = 300, WIDTH = 833, HEIGHT = 416 }; /* of 200 x 100 points */

/* A page of 200 x 100 points with `content` and `more` entries, a picture /I and a form /X of hidden text;
 * MuPDF rebuilds the cross references that it lacks. */
static struct tolka_pdf *open_pdf(const char *content, const char *more)
{
    static char pdf[4096];
    struct tolka_pdf *out = NULL;
    const int length =
        snprintf(pdf, sizeof pdf,
                 "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 "
                 "R]/Count 1>>endobj\n"
                 "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F "
                 "5 0 R>>/XObject<</I 6 0 R/X 7 0 R>>>>%s>>"
                 "endobj\n4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
                 "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
                 "6 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent "
                 "8/ColorSpace/DeviceGray/Length 1>>stream\n\xff\nendstream endobj\n"
                 "7 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</Font<</F 5 0 "
                 "R>>>>/Length 44>>stream\n"
                 "BT /F 10 Tf 3 Tr 20 60 Td (gammal form) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n",
                 more, strlen(content), content);

    assert_int_equal(tolka_pdf_open(pdf, (size_t)length, &out, NULL), TOLKA_OK);
    return out;
}

static const char SCAN[] = "q 200 0 0 100 0 0 cm /I Do Q";

/* A recognised page with one line of words at (`x0`, `y0`), each 100 px wide and 40 high, 140 px apart. */
static void make_page(struct tolka_page *page, const char *const *texts, int count, int x0, int y0)
{
    struct tolka_line *line = tolka_page_add_line(page);

    page->number = 1;
    page->dpi = DPI;
    page->width = WIDTH;
    page->height = HEIGHT;
    line->word_count = count;
    line->size_px = 50;
    for (int i = 0; i < count; i++) {
        struct tolka_word *word = tolka_page_add_word(page);
        *word = (struct tolka_word){
            .box = {x0 + 140 * i, y0, x0 + 140 * i + 100, y0 + 40}, .raw = texts[i], .text = texts[i]};
        line->box = tolka_box_union(line->box, word->box);
    }
}

/* What the first page of a written PDF holds. */
struct found {
    struct tolka_strbuf pdf;
    struct tolka_pdf_survey survey;
    char text[512]; /* its glyphs that are not seen, then after | those that are */
};

static void add_glyphs(struct found *found, bool visible)
{
    size_t length = strlen(found->text);

    for (size_t i = 0; i < found->survey.glyph_count && length + 8 < sizeof found->text; i++) {
        const struct tolka_glyph *g = &found->survey.glyphs[i];
        if (g->visible == visible)
            length += (size_t)snprintf(found->text + length, 8, g->code < 128 ? "%c" : "<%X>", (int)g->code);
    }
}

static void write_and_read(struct tolka_pdf *pdf, const struct tolka_page *page, struct found *found)
{
    struct tolka_pdf *written = NULL;

    memset(found, 0, sizeof *found);
    assert_int_equal(tolka_pdf_write(pdf, page, 1, &found->pdf, NULL), TOLKA_OK);
    assert_int_equal(tolka_pdf_open(found->pdf.data, found->pdf.length, &written, NULL), TOLKA_OK);
    assert_int_equal(tolka_pdf_survey(written, 1, &found->survey, NULL), TOLKA_OK);
    add_glyphs(found, false);
    strcat(found->text, "|");
    add_glyphs(found, true);
    tolka_pdf_free(written);
    tolka_pdf_free(pdf);
}

static void release(struct found *found, struct tolka_page *page)
{
    tolka_strbuf_release(&found->pdf);
    tolka_pdf_survey_release(&found->survey);
    tolka_page_release(page);
}

static const char *const TWO[] = {"f\xC3\xB6rs\xC3\xB6rjning", "12%"};

static void test_write_puts_words_unseen_in_order_with_spaces(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_string_equal(found.text, "f<F6>rs<F6>rjning 12%|");
    release(&found, &page);
}

/* Glyph `at` begins within a tenth of an inch of (x, y), where a viewer shows it. */
static void assert_place(const struct found *found, size_t at, float x, float y)
{
    assert_true(at < found->survey.glyph_count);
    assert_float_equal(found->survey.glyphs[at].x, x, DPI / 20.0F);
    assert_float_equal(found->survey.glyphs[at].y, y, DPI / 20.0F);
}

static void test_write_puts_words_in_their_places(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_place(&found, 0, 100, 230);
    assert_place(&found, 12, 240, 230);
    release(&found, &page);
}

static void test_write_follows_the_pages_own_turn(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 1, 100, 700);
    page.width = HEIGHT;
    page.height = WIDTH;
    write_and_read(open_pdf(SCAN, "/Rotate 90"), &page, &found);
    assert_int_equal(found.survey.width, page.width + 1);
    assert_place(&found, 0, 100, 730);
    release(&found, &page);
}

/* A page that was turned clockwise to read it: its words lie sideways where a viewer shows them. */
static void assert_turned(int rotation_deg, int width, int height, float x, float y, float step_x,
                          float step_y)
{
    struct tolka_page page = {0};
    struct found found;

    make_page(&page, TWO, 1, 100, 200);
    page.rotation_deg = rotation_deg;
    page.width = width;
    page.height = height;
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_place(&found, 0, x, y);
    assert_true((found.survey.glyphs[5].x - found.survey.glyphs[0].x) * step_x >= 0);
    assert_true((found.survey.glyphs[5].y - found.survey.glyphs[0].y) * step_y >= 0);
    assert_true(fabsf((found.survey.glyphs[5].x - found.survey.glyphs[0].x) * step_x +
                      (found.survey.glyphs[5].y - found.survey.glyphs[0].y) * step_y) > 20);
    release(&found, &page);
}

static void test_write_undoes_a_turn_by_a_quarter(void **state)
{
    (void)state;
    assert_turned(90, HEIGHT, WIDTH, 230, HEIGHT - 100, 0, -1);
}

static void test_write_undoes_a_turn_by_a_half(void **state)
{
    (void)state;
    assert_turned(180, WIDTH, HEIGHT, WIDTH - 100, HEIGHT - 230, -1, 0);
}

static void test_write_undoes_a_turn_by_three_quarters(void **state)
{
    (void)state;
    assert_turned(270, HEIGHT, WIDTH, WIDTH - 230, 100, 0, 1);
}

static void test_write_lets_a_skewed_line_climb(void **state)
{
    struct tolka_page page = {0};
    struct found found;
    struct tolka_box there;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    page.skew_deg = 5;
    there = tolka_page_to_image(&page, page.words[1].box);
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_place(&found, 12, (float)there.x0, (float)there.y1 - 10);
    assert_float_equal(found.survey.glyphs[0].y, found.survey.glyphs[5].y, 0.1);
    release(&found, &page);
}

static void test_write_knows_where_the_picture_lies(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 1, 0, 376);
    memcpy(page.place, (float[4]){0.5F, 0, 1, 1}, sizeof page.place);
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_place(&found, 0, WIDTH / 2.0F, 406);
    release(&found, &page);
}

static void test_write_leaves_a_page_with_its_own_text(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    page.origin = TOLKA_ORIGIN_TEXT;
    write_and_read(open_pdf("BT /F 10 Tf 20 60 Td (eget) Tj ET", ""), &page, &found);
    assert_string_equal(found.text, "|eget");
    release(&found, &page);
}

static void test_write_takes_older_unseen_text_away(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(
        open_pdf("BT /F 10 Tf 3 Tr 20 60 Td (gammal) Tj ET q 200 0 0 100 0 0 cm /I Do Q /X Do", ""), &page,
        &found);
    assert_string_equal(found.text, "f<F6>rs<F6>rjning 12%|");
    assert_int_equal(found.survey.image_count, 1);
    release(&found, &page);
}

static void test_write_takes_text_under_the_picture_away(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(open_pdf("BT /F 10 Tf 20 60 Td (under) Tj ET q 200 0 0 100 0 0 cm /I Do Q", ""), &page,
                   &found);
    assert_string_equal(found.text, "f<F6>rs<F6>rjning 12%|");
    release(&found, &page);
}

static void test_write_does_not_double_a_stamp(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(open_pdf("q 200 0 0 100 0 0 cm /I Do Q BT /F 10 Tf 60 45 Td (12%) Tj ET", ""), &page,
                   &found);
    assert_string_equal(found.text, "f<F6>rs<F6>rjning|12%");
    release(&found, &page);
}

static void test_write_closes_what_the_page_left_open(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 1, 100, 200);
    write_and_read(open_pdf("q q 2 0 0 2 50 50 cm 7 Tc", ""), &page, &found);
    assert_place(&found, 0, 100, 230);
    release(&found, &page);
}

static void test_write_closes_what_the_page_opened_after_it_closed_too_much(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 1, 100, 200);
    write_and_read(open_pdf("Q 2 0 0 2 50 50 cm q", ""), &page, &found);
    assert_place(&found, 0, 100, 230);
    release(&found, &page);
}

static void test_write_keeps_a_form_that_is_seen_and_drawn_unseen(void **state)
{
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, TWO, 1, 100, 200);
    write_and_read(open_pdf("/Y Do 3 Tr /Y Do",
                            "/Resources<</XObject<</Y 8 0 R>>>>>>endobj\n8 0 obj<</Type/XObject/Subtype/Form"
                            "/BBox[0 0 200 100]/Resources<</Font<</F 5 0 R>>>>/Length 31>>stream\n"
                            "BT /F 10 Tf 20 9 Td (sedd) Tj ET\nendstream endobj\n9 0 obj<<"),
                   &page, &found);
    assert_non_null(strstr(found.text, "|sedd"));
    release(&found, &page);
}

/* A form that draws itself by thirty names: to follow each would take a million copies. */
static void test_write_ends_with_forms_that_draw_themselves(void **state)
{
    char names[512] = "", draws[512] = "", more[2048];
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(names + strlen(names), sizeof names - strlen(names), "/S%d 8 0 R", i);
        snprintf(draws + strlen(draws), sizeof draws - strlen(draws), "/S%d Do ", i);
    }
    snprintf(more, sizeof more,
             "/Resources<</XObject<<%s>>>>>>endobj\n8 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]"
             "/Resources<</XObject<<%s>>>>/Length %zu>>stream\n"
             "BT 3 Tr (x) Tj ET %s\nendstream endobj\n9 0 obj<<",
             names, names, strlen(draws) + 18, draws);
    make_page(&page, TWO, 1, 100, 200);
    write_and_read(open_pdf(draws, more), &page, &found);
    assert_true(found.pdf.length < 1000000);
    release(&found, &page);
}

static void test_write_says_characters_that_the_font_lacks(void **state)
{
    static const char *const odd[] = {"\xE2\x89\xA5", "\xE2\x80\x93", "\xF0\x9D\x84\x9E"};
    struct tolka_page page = {0};
    struct found found;

    (void)state;
    make_page(&page, odd, 3, 100, 200);
    write_and_read(open_pdf(SCAN, ""), &page, &found);
    assert_string_equal(found.text, "<2265> <2013> <1D11E>|");
    release(&found, &page);
}

static void test_write_gives_the_same_bytes_again(void **state)
{
    struct tolka_page page = {0};
    struct found once, again;

    (void)state;
    make_page(&page, TWO, 2, 100, 200);
    write_and_read(open_pdf(SCAN, ""), &page, &once);
    write_and_read(open_pdf(SCAN, ""), &page, &again);
    assert_int_equal(once.pdf.length, again.pdf.length);
    assert_memory_equal(once.pdf.data, again.pdf.data, once.pdf.length);
    release(&once, &page);
    release(&again, &page);
}

/* What is left of a content stream. */
static void assert_stripped(const char *content, bool all, const char *left)
{
    struct tolka_pdf_content what = {0};
    struct tolka_arena arena = {0};
    struct tolka_strbuf out = {0};

    tolka_pdf_content_strip(content, strlen(content), all, false, &what, &arena, &out);
    assert_string_equal(tolka_strbuf_text(&out), left);
    tolka_strbuf_release(&out);
    tolka_arena_release(&arena);
}

static void test_strip_keeps_what_is_painted(void **state)
{
    (void)state;
    assert_stripped("BT 3 Tr (dold) Tj 0 Tr (synlig) Tj ET", false, "BT 3 Tr 0 Tr (synlig) Tj ET");
    assert_stripped("BT 3 Tr (dold) Tj 0 Tr (synlig) Tj ET", true, "BT 3 Tr 0 Tr ET");
}

static void test_strip_follows_saved_states(void **state)
{
    (void)state;
    assert_stripped("q 3 Tr [(a)-3<6162>] TJ Q (b) Tj", false, "q 3 Tr Q (b) Tj");
}

static void test_strip_is_not_fooled_by_strings_and_comments(void **state)
{
    static const char odd[] = "(3 Tr \\) (in) ) Tj % 3 Tr\n<33205472> Tj /Tr 3 Do";

    (void)state;
    assert_stripped(odd, false, odd);
}

static void test_strip_passes_inline_images_over(void **state)
{
    static const char image[] = "BI /W 1 /H 1 ID 3 Tr (x EI\x01 EI Q (b) Tj";

    (void)state;
    assert_stripped(image, false, image);
}

static void test_strip_keeps_the_move_of_a_line_operator(void **state)
{
    (void)state;
    assert_stripped("3 Tr (a) ' 1 2 (b) \" ET", false, "3 Tr T* T* ET");
}

static void test_strip_says_what_is_left_open(void **state)
{
    static const char content[] = "EMC /OC /x BDC q BT /F 9 Tf 0 0 9 9 re W n /P BMC EMC Q";
    struct tolka_pdf_content what = {0};
    struct tolka_arena arena = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_pdf_content_strip(content, strlen(content), false, false, &what, &arena, &out);
    assert_true(what.text_open);
    assert_int_equal(what.marks_open, 1);
    assert_false(what.is_odd);
    tolka_pdf_content_strip("0 0 9 9 re W n", 14, false, false, &what, &arena, &out);
    assert_true(what.is_odd);
    tolka_strbuf_release(&out);
    tolka_arena_release(&arena);
}

static void test_strip_reads_escaped_names(void **state)
{
    static const char content[] = "/F#6F#20o Do /Fo#2 Do /#00 Do";
    struct tolka_pdf_content what = {0};
    struct tolka_arena arena = {0};
    struct tolka_strbuf out = {0};

    (void)state;
    tolka_pdf_content_strip(content, strlen(content), false, false, &what, &arena, &out);
    assert_int_equal(what.drawn_count, 3);
    assert_string_equal(what.drawn[0], "Fo o");
    assert_string_equal(what.drawn[1], "Fo#2");
    assert_string_equal(what.drawn[2], "#00");
    tolka_strbuf_release(&out);
    tolka_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_puts_words_unseen_in_order_with_spaces),
        cmocka_unit_test(test_write_puts_words_in_their_places),
        cmocka_unit_test(test_write_follows_the_pages_own_turn),
        cmocka_unit_test(test_write_undoes_a_turn_by_a_quarter),
        cmocka_unit_test(test_write_undoes_a_turn_by_a_half),
        cmocka_unit_test(test_write_undoes_a_turn_by_three_quarters),
        cmocka_unit_test(test_write_lets_a_skewed_line_climb),
        cmocka_unit_test(test_write_knows_where_the_picture_lies),
        cmocka_unit_test(test_write_leaves_a_page_with_its_own_text),
        cmocka_unit_test(test_write_takes_older_unseen_text_away),
        cmocka_unit_test(test_write_takes_text_under_the_picture_away),
        cmocka_unit_test(test_write_does_not_double_a_stamp),
        cmocka_unit_test(test_write_closes_what_the_page_left_open),
        cmocka_unit_test(test_write_closes_what_the_page_opened_after_it_closed_too_much),
        cmocka_unit_test(test_write_keeps_a_form_that_is_seen_and_drawn_unseen),
        cmocka_unit_test(test_write_ends_with_forms_that_draw_themselves),
        cmocka_unit_test(test_write_says_characters_that_the_font_lacks),
        cmocka_unit_test(test_write_gives_the_same_bytes_again),
        cmocka_unit_test(test_strip_keeps_what_is_painted),
        cmocka_unit_test(test_strip_follows_saved_states),
        cmocka_unit_test(test_strip_is_not_fooled_by_strings_and_comments),
        cmocka_unit_test(test_strip_passes_inline_images_over),
        cmocka_unit_test(test_strip_keeps_the_move_of_a_line_operator),
        cmocka_unit_test(test_strip_says_what_is_left_open),
        cmocka_unit_test(test_strip_reads_escaped_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
