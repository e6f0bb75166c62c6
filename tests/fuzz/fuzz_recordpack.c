/* Any bytes as a packed record: refused, or a record that can be written and packs to bytes which unpack
 * again. */
#include "schema/recordpack.h"
#include "schema/write.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tolka_record record = {0}, again = {0};
    struct tolka_strbuf packed = {0}, json = {0};
    struct tolka_error err = {0};

    if (tolka_record_unpack(data, size, &record, &err) == TOLKA_OK) {
        tolka_write_json(&record, &json);
        tolka_write_csv(&record, &json);
        tolka_record_pack(&record, &packed);
        if (packed.failed || tolka_record_unpack(packed.data, packed.length, &again, &err) != TOLKA_OK)
            abort();
        if (again.table_count != record.table_count || again.page_count != record.page_count)
            abort();
    }
    tolka_strbuf_release(&packed);
    tolka_strbuf_release(&json);
    tolka_record_release(&again);
    tolka_record_release(&record);
    return 0;
}
