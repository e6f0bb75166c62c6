/* An amendment as a line of JSON. */
#include "schema/amend.h"

#include "base/utf8.h"
#include "schema/json.h"
#include "schema/jsontree.h"

#include <limits.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    MAX_PAGE = 10000000,
    MAX_SIDE_PX = 1 << 24,
    MAX_WORDS = 1 << 24, /* of a page; lines too */
    MAX_NAME_BYTES = 256,
    MAX_LINES = 1000000
};

/* Marks that change the direction of what follows make a text look like another one. */
static bool is_directional(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

static bool is_fit(const char *text)
{
    const size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        uint32_t code;

        at += tolka_utf8_decode(text + at, length - at, &code);
        if (code < ' ' || (code >= 0x7F && code < 0xA0) || is_directional(code) || code == 0x2028 ||
            code == 0x2029 || code == 0xFEFF)
            return false;
    }
    return true;
}

struct line {
    const struct tolka_json_node *root;
    struct tolka_arena *arena;
    const char *bad; /* the name of what is wrong */
    bool no_memory;
};

/* A text in normal form C without blanks at its ends; NULL when it is null. */
static const char *take_text(struct line *line, const char *name, size_t max_bytes, bool needed)
{
    const struct tolka_json_node *node = tolka_json_member(line->root, name);
    const char *text = tolka_json_text(node);
    size_t length;

    if (!text) {
        if (needed || !tolka_json_is_null(node))
            line->bad = name;
        return NULL;
    }
    text += strspn(text, " ");
    length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length > max_bytes || !is_fit(text)) {
        line->bad = name;
        return NULL;
    }
    text = tolka_utf8_nfc(line->arena, text, length);
    line->no_memory = line->no_memory || !text;
    return text;
}

/* What was read may hold anything: it is compared, not shown. */
static const char *take_raw(struct line *line, const char *name)
{
    const char *text = tolka_json_text(tolka_json_member(line->root, name));

    if (!text) {
        line->bad = name;
        return NULL;
    }
    text = tolka_arena_strdup(line->arena, text);
    line->no_memory = line->no_memory || !text;
    return text;
}

static int take_int(struct line *line, const struct tolka_json_node *node, const char *name, int low,
                    int high)
{
    int64_t value = low;

    if (!tolka_json_whole(node, low, high, &value)) {
        line->bad = name;
        return low;
    }
    return (int)value;
}

static void take_place(struct line *line, struct tolka_amendment *out)
{
    const struct tolka_json_node *box = tolka_json_member(line->root, "bbox");
    int edge[4] = {0};

    out->page = take_int(line, tolka_json_member(line->root, "page"), "page", 1, MAX_PAGE);
    for (size_t i = 0; i < 4 && !tolka_json_is_null(box); i++)
        edge[i] = take_int(line, tolka_json_element(box, i), "bbox", -MAX_SIDE_PX, MAX_SIDE_PX);
    out->box = (struct tolka_box){edge[0], edge[1], edge[2], edge[3]};
    out->table = take_text(line, "table", MAX_NAME_BYTES, false);
    if (!out->table && !tolka_json_is_null(tolka_json_member(line->root, "line"))) {
        out->row = take_int(line, tolka_json_member(line->root, "line"), "line", 1, MAX_WORDS);
        out->column = take_int(line, tolka_json_member(line->root, "word"), "word", 1, MAX_WORDS);
    }
    if (!out->table)
        return;
    out->row = take_int(line, tolka_json_member(line->root, "row"), "row", 0, INT_MAX);
    out->column = take_int(line, tolka_json_member(line->root, "column"), "column", 0, INT_MAX);
}

static void take_all(struct line *line, struct tolka_amendment *out)
{
    const char *sha256 = tolka_json_text(tolka_json_member(line->root, "sha256"));

    if (sha256 && strlen(sha256) == 64 && strspn(sha256, "0123456789abcdef") == 64)
        memcpy(out->sha256, sha256, sizeof out->sha256);
    else
        line->bad = "sha256";
    take_place(line, out);
    out->raw = take_raw(line, "raw");
    out->text = take_raw(line, "text");
    out->to = take_text(line, "to", TOLKA_AMENDMENT_BYTES, true);
    out->by = take_text(line, "by", MAX_NAME_BYTES, false);
    out->at = take_text(line, "at", MAX_NAME_BYTES, false);
}

enum tolka_status tolka_amendment_read(const char *text, size_t length, struct tolka_arena *arena,
                                       struct tolka_amendment *amendment, struct tolka_error *err)
{
    struct tolka_json_node *root = NULL;
    struct line line = {.arena = arena};
    int64_t format = 0;
    enum tolka_status status;

    *amendment = (struct tolka_amendment){0};
    if (length > TOLKA_AMENDMENT_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "a line of more than %d bytes", TOLKA_AMENDMENT_BYTES);
    status = tolka_json_read(text, length, &root, err);
    line.root = root;
    if (!status && !tolka_json_whole(tolka_json_member(root, "tolka_correction"), 1, INT_MAX, &format))
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "no correction: it has no `tolka_correction`");
    if (!status && format > FORMAT_VERSION)
        status = tolka_error_set(err, TOLKA_ERR_VERSION, "a correction of format %d, from a newer program",
                                 (int)format);
    if (!status)
        take_all(&line, amendment);
    if (!status && line.bad)
        status =
            tolka_error_set(err, TOLKA_ERR_FORMAT, "a correction whose `%s` is missing or not fit", line.bad);
    if (!status && line.no_memory)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    tolka_json_free(root);
    return status;
}

void tolka_amendment_write(const struct tolka_amendment *amendment, struct tolka_strbuf *out)
{
    struct tolka_json writer = {.out = out}, *json = &writer;

    tolka_json_open(json, NULL, '{');
    tolka_json_int(json, "tolka_correction", FORMAT_VERSION);
    tolka_json_string(json, "sha256", amendment->sha256);
    tolka_json_int(json, "page", amendment->page);
    tolka_json_box(json, "bbox", amendment->box);
    if (amendment->table) {
        tolka_json_string(json, "table", amendment->table);
        tolka_json_int(json, "row", amendment->row);
        tolka_json_int(json, "column", amendment->column);
    } else if (tolka_amendment_is_of_text(amendment)) {
        tolka_json_int(json, "line", amendment->row);
        tolka_json_int(json, "word", amendment->column);
    }
    tolka_json_string(json, "raw", amendment->raw);
    tolka_json_string(json, "text", amendment->text);
    tolka_json_string(json, "to", amendment->to);
    if (amendment->by)
        tolka_json_string(json, "by", amendment->by);
    if (amendment->at)
        tolka_json_string(json, "at", amendment->at);
    tolka_json_close(json, '}');
    tolka_strbuf_add_char(out, '\n');
}

static enum tolka_status add_line(struct tolka_amendments *out, const char *line, size_t length, int number)
{
    struct tolka_amendment *items =
        tolka_arena_grow(&out->arena, out->items, out->count, &out->capacity, sizeof *items);
    int *lines = tolka_arena_grow(&out->arena, out->lines, out->count, &out->line_capacity, sizeof *lines);
    struct tolka_error why = {0};
    enum tolka_status status;

    if (!items || !lines)
        return TOLKA_ERR_MEMORY;
    out->items = items;
    out->lines = lines;
    status = tolka_amendment_read(line, length, &out->arena, &items[out->count], &why);
    if (status == TOLKA_ERR_MEMORY)
        return status;
    if (status) {
        tolka_diags_add(&out->problems, &out->arena, number, "not_a_correction", "%s", why.message);
        return TOLKA_OK;
    }
    lines[out->count++] = number;
    return TOLKA_OK;
}

enum tolka_status tolka_amendments_read(const char *text, size_t length, struct tolka_amendments *out,
                                        struct tolka_error *err)
{
    const char *end = text + length;
    enum tolka_status status = TOLKA_OK;
    int number = 0;

    for (const char *line = text; !status && line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t line_length = (size_t)((stop ? stop : end) - line);

        if (++number > MAX_LINES)
            return tolka_error_set(err, TOLKA_ERR_LIMIT, "more than %d lines of corrections", MAX_LINES);
        while (line_length > 0 && strchr(" \t\r", line[line_length - 1]))
            line_length--;
        if (line_length > 0)
            status = add_line(out, line, line_length, number);
        line = stop ? stop + 1 : end;
    }
    return status ? tolka_error_set(err, status, "out of memory") : TOLKA_OK;
}

void tolka_amendments_release(struct tolka_amendments *amendments)
{
    struct tolka_arena arena = amendments->arena;

    tolka_arena_release(&arena);
    *amendments = (struct tolka_amendments){0};
}
