/* Hostile corrections, and hostile records: read, applied and shown, whatever they hold. The input is lines
 * of corrections, and after a line "---" the JSON of a record; without one the corrections meet a small
 * record. */
#include "schema/amend.h"
#include "schema/record_read.h"
#include "schema/review.h"
#include "schema/write.h"

#include <stdlib.h>
#include <string.h>

static const char RECORD[] = "{\"tolka\": \"0\", \"format\": 1, \"source\": {\"path\": \"a\", \"sha256\": "
                             "\"0000000000000000000000000000000000000000000000000000000000000000\", "
                             "\"bytes\": 1, \"pages\": 1}, \"report\": {}, "
                             "\"pages\": [{\"page\": 1, \"width\": 9, \"height\": 9, \"dpi\": 9, \"origin\": "
                             "\"ocr\", \"rotation\": 0, \"skew\": 0, "
                             "\"confidence\": 1, \"text\": \"a\\t1\\nb\\t2\\nLoner\"}], \"tables\": "
                             "[{\"id\": \"t1\", \"kind\": \"other\", \"unit\": "
                             "null, \"pages\": [1], \"bbox\": [0, 0, 9, 9], \"header_rows\": 0, \"columns\": "
                             "[{\"label\": \"\", \"unit\": null}, "
                             "{\"label\": \"\", \"unit\": null}], \"rows\": [{\"cells\": [{\"text\": \"a\", "
                             "\"raw\": \"a\", \"value\": null, \"unit\": "
                             "null, \"page\": 1, \"bbox\": [0, 0, 3, 3], \"confidence\": 1, \"status\": "
                             "\"read\"}, {\"text\": \"1\", \"raw\": \"1\", "
                             "\"value\": 1, \"unit\": null, \"page\": 1, \"bbox\": [3, 0, 6, 3], "
                             "\"confidence\": 0.5, \"status\": \"doubtful\"}]}], "
                             "\"checks\": []}], \"corrections\": [{\"page\": 1, \"bbox\": [0, 6, 3, 9], "
                             "\"from\": \"Lner\", \"to\": \"Loner\", "
                             "\"confidence\": 1, \"reason\": null}]}";

static void apply(struct tolka_amendments *list, struct tolka_record *record)
{
    struct tolka_amend_outcome *outcomes = calloc(list->count + 1, sizeof *outcomes);
    struct tolka_strbuf json = {0}, page = {0};

    for (size_t i = 0; i < list->count; i++) /* so that more than a hash is looked at */
        memcpy(list->items[i].sha256, record->source.sha256, sizeof record->source.sha256);
    if (outcomes && tolka_amend(NULL, record, list->items, list->count, outcomes, NULL) == TOLKA_OK) {
        struct tolka_record back = {0};

        tolka_write_json(record, &json);
        if (tolka_record_read_json(json.data, json.length, &back, NULL) != TOLKA_OK)
            abort();
        tolka_record_release(&back);
        tolka_review_write(record, &(struct tolka_review_options){0}, &page);
    }
    free(outcomes);
    tolka_strbuf_release(&json);
    tolka_strbuf_release(&page);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const char *text = (const char *)data, *parting = memmem(data, size, "\n---\n", 5);
    const size_t length = parting ? (size_t)(parting - text) : size;
    struct tolka_amendments list = {0};
    struct tolka_record record = {0};
    const char *json = parting ? parting + 5 : RECORD;

    if (tolka_amendments_read(text, length, &list, NULL) == TOLKA_OK &&
        tolka_record_read_json(json, parting ? size - length - 5 : sizeof RECORD - 1, &record, NULL) ==
            TOLKA_OK)
        apply(&list, &record);
    tolka_amendments_release(&list);
    tolka_record_release(&record);
    return 0;
}
