#include "extract/pagepack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void make_page(struct tolka_page *page)
{
    struct tolka_alternative *other;
    struct tolka_word *word;
    struct tolka_line *line;
    struct tolka_grid *grid;

    *page = (struct tolka_page){.number = 3,
                                .width = 2480,
                                .height = 3508,
                                .dpi = 300,
                                .rotation_deg = 90,
                                .skew_deg = -0.25f,
                                .confidence = 0.5f};
    word = tolka_page_add_word(page);
    other = tolka_arena_alloc(&page->arena, sizeof *other);
    *other = (struct tolka_alternative){"Målat", 0.25f};
    *word = (struct tolka_word){.box = {1, 2, 30, 40},
                                .raw = "Malet",
                                .text = "Målet",
                                .confidence = 0.75f,
                                .flags = TOLKA_WORD_BOLD,
                                .alternatives = other,
                                .alternative_count = 1,
                                .repair_confidence = 0.5f,
                                .repair_reason = "marks"};
    word = tolka_page_add_word(page);
    *word = (struct tolka_word){.box = {-1, 2, 3, 4}, .raw = "100", .text = NULL, .line = 0};
    word->text = word->raw;
    line = tolka_page_add_line(page);
    *line = (struct tolka_line){.word_count = 2,
                                .block = 7,
                                .size_px = 20,
                                .bold = true,
                                .heading_level = 2,
                                .role = TOLKA_LINE_HEADING};
    *tolka_page_add_ruling(page) = (struct tolka_ruling){{5, 6, 70, 8}, true};
    grid = tolka_page_add_grid(page, 1, 2);
    grid->ruled = true;
    grid->cells[1].words = tolka_arena_array(&page->arena, 1, sizeof(int));
    grid->cells[1].words[0] = 1;
    grid->cells[1].word_count = 1;
    tolka_diags_add(&page->problems, &page->arena, 3, "faint", "a faint page");
}

static void pack(struct tolka_strbuf *out)
{
    struct tolka_page page;

    make_page(&page);
    tolka_page_pack(&page, out);
    tolka_page_release(&page);
    assert_false(out->failed);
}

static void test_unpack_gives_the_words_back(void **state)
{
    struct tolka_strbuf bytes = {0};
    struct tolka_page page = {0};

    (void)state;
    pack(&bytes);
    assert_int_equal(tolka_page_unpack(bytes.data, bytes.length, &page, NULL), TOLKA_OK);
    assert_int_equal(page.word_count, 2);
    assert_string_equal(page.words[0].raw, "Malet");
    assert_string_equal(page.words[0].text, "Målet");
    assert_string_equal(page.words[0].repair_reason, "marks");
    assert_string_equal(page.words[0].alternatives[0].text, "Målat");
    assert_true(page.words[0].confidence == 0.75f && page.words[0].alternatives[0].confidence == 0.25f);
    assert_ptr_equal(page.words[1].text, page.words[1].raw);
    assert_int_equal(page.words[1].box.x0, -1);
    assert_null(page.words[1].repair_reason);
    tolka_page_release(&page);
    tolka_strbuf_release(&bytes);
}

static void test_unpack_gives_the_page_and_its_lists_back(void **state)
{
    struct tolka_strbuf bytes = {0};
    struct tolka_page page = {0};

    (void)state;
    pack(&bytes);
    assert_int_equal(tolka_page_unpack(bytes.data, bytes.length, &page, NULL), TOLKA_OK);
    assert_int_equal(page.number, 3);
    assert_int_equal(page.rotation_deg, 90);
    assert_true(page.skew_deg == -0.25f);
    assert_int_equal(page.lines[0].role, TOLKA_LINE_HEADING);
    assert_int_equal(page.lines[0].block, 7);
    assert_true(page.rulings[0].vertical);
    assert_int_equal(page.grids[0].cells[1].words[0], 1);
    assert_int_equal(page.grids[0].cells[0].word_count, 0);
    assert_string_equal(page.problems.items[0].code, "faint");
    tolka_page_release(&page);
    tolka_strbuf_release(&bytes);
}

static void test_pack_twice_gives_the_same_bytes(void **state)
{
    struct tolka_strbuf first = {0}, second = {0};
    struct tolka_page page = {0};

    (void)state;
    pack(&first);
    assert_int_equal(tolka_page_unpack(first.data, first.length, &page, NULL), TOLKA_OK);
    tolka_page_pack(&page, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    tolka_page_release(&page);
    tolka_strbuf_release(&first);
    tolka_strbuf_release(&second);
}

static void test_unpack_refuses_every_truncation(void **state)
{
    struct tolka_strbuf bytes = {0};
    struct tolka_page page = {0};

    (void)state;
    pack(&bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        char *copy = malloc(length + 1); /* so that a sanitizer sees a read past the end */
        assert_non_null(copy);
        memcpy(copy, bytes.data, length);
        assert_int_equal(tolka_page_unpack(copy, length, &page, NULL), TOLKA_ERR_FORMAT);
        assert_null(page.words);
        free(copy);
    }
    tolka_strbuf_release(&bytes);
}

static void test_unpack_refuses_bytes_behind_the_page(void **state)
{
    struct tolka_strbuf bytes = {0};
    struct tolka_page page = {0};
    struct tolka_error err = {0};

    (void)state;
    pack(&bytes);
    tolka_strbuf_add_char(&bytes, 'x');
    assert_int_equal(tolka_page_unpack(bytes.data, bytes.length, &page, &err), TOLKA_ERR_FORMAT);
    assert_string_equal(err.message, "damaged packed page");
    tolka_strbuf_release(&bytes);
}

/* Whatever a damaged byte says, the reader either refuses or gives a page whose every index is good. */
static void assert_sound(const struct tolka_page *page)
{
    for (size_t i = 0; i < page->word_count; i++)
        assert_in_range(page->words[i].line + 1, 0, page->line_count);
    for (size_t i = 0; i < page->line_count; i++)
        assert_in_range(page->lines[i].first_word + page->lines[i].word_count, 0, page->word_count);
    for (size_t g = 0; g < page->grid_count; g++) {
        for (int c = 0; c < page->grids[g].row_count * page->grids[g].column_count; c++) {
            for (int w = 0; w < page->grids[g].cells[c].word_count; w++)
                assert_in_range(page->grids[g].cells[c].words[w], 0, page->word_count - 1);
        }
    }
}

static void test_unpack_survives_any_byte_changed(void **state)
{
    static const unsigned char changes[] = {1, 0x40, 0x80, 0xff};
    struct tolka_strbuf bytes = {0};
    struct tolka_page page = {0};

    (void)state;
    pack(&bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        for (size_t k = 0; k < sizeof changes; k++) {
            bytes.data[i] = (char)(bytes.data[i] ^ changes[k]);
            if (tolka_page_unpack(bytes.data, bytes.length, &page, NULL) == TOLKA_OK)
                assert_sound(&page);
            tolka_page_release(&page);
            bytes.data[i] = (char)(bytes.data[i] ^ changes[k]);
        }
    }
    tolka_strbuf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unpack_gives_the_words_back),
        cmocka_unit_test(test_unpack_gives_the_page_and_its_lists_back),
        cmocka_unit_test(test_pack_twice_gives_the_same_bytes),
        cmocka_unit_test(test_unpack_refuses_every_truncation),
        cmocka_unit_test(test_unpack_refuses_bytes_behind_the_page),
        cmocka_unit_test(test_unpack_survives_any_byte_changed),
    };

    return cmocka_run_group_tests_name("pagepack", tests, NULL, NULL);
}
