#include "schema/write.h"

void tolka_write_txt(const struct tolka_record *record, struct tolka_strbuf *out)
{
    for (size_t i = 0; i < record->page_count; i++) {
        const char *text = record->pages[i].text ? record->pages[i].text : "";

        if (i > 0)
            tolka_strbuf_add_char(out, '\f');
        tolka_strbuf_add_str(out, text);
        if (out->length > 0 && out->data[out->length - 1] != '\n')
            tolka_strbuf_add_char(out, '\n');
    }
}
