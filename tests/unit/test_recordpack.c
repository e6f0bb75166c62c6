/* A record as bytes and back. */
#include "schema/recordpack.h"

#include "schema/write.h"
#include "tests/support/made_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct made_size SIZE = {2, 20, 2, 5};

static void pack_made(struct tolka_strbuf *packed, struct tolka_strbuf *json)
{
    struct tolka_record record = {0};

    made_record(7, "arkiv/sju.pdf", SIZE, &record);
    tolka_diags_add(&record.problems, &record.arena, 2, "crash", "a worker died over it");
    tolka_record_pack(&record, packed);
    if (json)
        tolka_write_json(&record, json);
    tolka_record_release(&record);
    assert_false(packed->failed);
}

static void test_unpack_gives_the_same_record(void **state)
{
    struct tolka_strbuf packed = {0}, json = {0}, again = {0};
    struct tolka_record record = {0};
    struct tolka_error err = {0};

    (void)state;
    pack_made(&packed, &json);
    assert_int_equal(tolka_record_unpack(packed.data, packed.length, &record, &err), TOLKA_OK);
    tolka_write_json(&record, &again);
    assert_string_equal(tolka_strbuf_text(&json), tolka_strbuf_text(&again));
    tolka_record_release(&record);
    tolka_strbuf_release(&packed);
    tolka_strbuf_release(&json);
    tolka_strbuf_release(&again);
}

static void test_unpack_refuses_what_is_cut_off(void **state)
{
    struct tolka_strbuf packed = {0};
    struct tolka_record record = {0};

    (void)state;
    pack_made(&packed, NULL);
    for (size_t length = 0; length < packed.length; length++) {
        char *part = malloc(length + 1); /* of its own, so that a sanitizer sees a read beyond */
        memcpy(part, packed.data, length);
        assert_int_not_equal(tolka_record_unpack(part, length, &record, NULL), TOLKA_OK);
        assert_null(record.arena.head);
        free(part);
    }
    tolka_strbuf_release(&packed);
}

static void test_unpack_survives_changed_bytes(void **state)
{
    struct tolka_strbuf packed = {0}, json = {0};
    struct tolka_record record = {0};

    (void)state;
    pack_made(&packed, NULL);
    for (size_t at = 0; at < packed.length; at++) {
        const char kept = packed.data[at];
        packed.data[at] = (char)(kept ^ (at % 2 ? 0xff : 0x80));
        if (tolka_record_unpack(packed.data, packed.length, &record, NULL) == TOLKA_OK) {
            tolka_write_json(&record, &json);
            tolka_strbuf_truncate(&json, 0);
        }
        tolka_record_release(&record);
        packed.data[at] = kept;
    }
    tolka_strbuf_release(&packed);
    tolka_strbuf_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unpack_gives_the_same_record),
        cmocka_unit_test(test_unpack_refuses_what_is_cut_off),
        cmocka_unit_test(test_unpack_survives_changed_bytes),
    };

    return cmocka_run_group_tests_name("recordpack", tests, NULL, NULL);
}
