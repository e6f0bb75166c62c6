/* What leaves the library as text: reports in the program's formats, repaired Swedish. */
#include "lib/lib_int.h"

#include "schema/write.h"

#include <stdlib.h>
#include <string.h>

/* The buffer becomes the caller's. */
static int hand_over(struct tolka_strbuf *buf, char **out, size_t *length)
{
    if (!buf->data)
        tolka_strbuf_add(buf, "", 0);
    if (buf->failed || !buf->data) {
        tolka_strbuf_release(buf);
        return TOLKA_ERR_MEMORY;
    }
    *out = buf->data;
    if (length)
        *length = buf->length;
    return TOLKA_OK;
}

static bool write_as(const struct tolka_report *report, const char *format, struct tolka_strbuf *out)
{
    const struct tolka_record *record = &report->record;

    if (strcmp(format, "json") == 0)
        tolka_write_json(record, out);
    else if (strcmp(format, "jsonl") == 0)
        tolka_write_jsonl(record, out);
    else if (strcmp(format, "csv") == 0)
        tolka_write_csv(record, out);
    else if (strcmp(format, "md") == 0)
        tolka_write_md(record, report->pages, report->page_count, out);
    else if (strcmp(format, "txt") == 0)
        tolka_write_txt(record, out);
    else if (strcmp(format, "summary") == 0)
        tolka_write_summary(record, false, out);
    else if (strcmp(format, "alto") == 0)
        tolka_write_alto(record, report->pages, report->page_count, NULL, out);
    else if (strcmp(format, "hocr") == 0)
        tolka_write_hocr(record, report->pages, report->page_count, NULL, out);
    else
        return false;
    return true;
}

int tolka_report_write(const struct tolka_report *report, const char *format, char **out, size_t *length)
{
    struct tolka_strbuf buf = {0};

    if (out)
        *out = NULL;
    if (!report || !format || !out || !write_as(report, format, &buf))
        return TOLKA_ERR_ARGUMENT;
    return hand_over(&buf, out, length);
}

void tolka_free(void *memory)
{
    free(memory);
}

struct listener {
    tolka_change_fn on_change;
    void *data;
};

static void tell_change(const struct tolka_change *change, void *data)
{
    const struct listener *listener = data;

    listener->on_change(change->line, change->column, change->from, change->to, change->confidence,
                        change->reason, listener->data);
}

int tolka_normalize(struct tolka_context *context, const char *text, size_t length, tolka_change_fn on_change,
                    void *data, char **out, size_t *out_length)
{
    struct listener listener = {on_change, data};
    struct tolka_strbuf buf = {0};
    int status;

    if (out)
        *out = NULL;
    if (!context)
        return TOLKA_ERR_ARGUMENT;
    tolka_error_clear(&context->err);
    if (!text || !out)
        return tolka_error_set(&context->err, TOLKA_ERR_ARGUMENT,
                               "no text, or nowhere to put the repaired one");
    if (!context->shared->model)
        return tolka_error_set(&context->err, TOLKA_ERR_ARGUMENT,
                               "the context was opened without a language model");
    status = tolka_normalize_text(context->shared->model, text, length, &buf, on_change ? tell_change : NULL,
                                  &listener, NULL, &context->err);
    if (status) {
        tolka_strbuf_release(&buf);
        return status;
    }
    status = hand_over(&buf, out, out_length);
    return status ? tolka_error_set(&context->err, (enum tolka_status)status, "out of memory") : TOLKA_OK;
}
