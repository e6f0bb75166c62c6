/*
 * The XML of ocrfile.h, by expat. Opening walks the whole file once and notes where each page begins and
 * ends; reading a page walks that piece alone. Nothing that a hostile file says makes us read another file,
 * grow a text or nest without bound: external entities are not fetched, a file that declares entities is
 * refused, and depth, pages and texts are bounded.
 */
#include "extract/ocrfile.h"

#include "extract/ocrfile_int.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_DEPTH = 200,
    MAX_FILE_PAGES = 100000,
    MAX_TEXT_BYTES = 10000, /* of a word or line */
    LOOK_BYTES = 1 << 16,
    CHUNK_BYTES = 1 << 20,
};

/* Lengths become pixels at this resolution. */
static const double LENGTH_DPI = 300;

struct piece {
    size_t begin, length;
};

struct tolka_ocrfile {
    const char *bytes;
    size_t length;
    enum tolka_ocrfile_kind kind;
    double px_per_unit;
    char encoding[32]; /* "" when the file does not say */
    struct piece *pages;
    size_t page_count, page_capacity;
    struct tolka_arena arena; /* holds `pages` */
};

/* A walk over the file or a page of it. */
struct walk {
    XML_Parser parser;
    struct tolka_ocrfile *file;          /* when pages are looked for */
    struct tolka_ocrfile_reader *reader; /* when one is read */
    enum tolka_ocrfile_kind kind;
    int depth, page_depth; /* page_depth 0: in no page */
    struct tolka_strbuf unit;
    bool in_unit;
    const char *reason; /* why the walk was given up */
    enum tolka_status status;
};

static const char *plain_name(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

static void give_up(struct walk *w, enum tolka_status status, const char *reason)
{
    if (w->status)
        return;
    w->status = status;
    w->reason = reason;
    XML_StopParser(w->parser, XML_FALSE);
}

static bool is_page(const struct walk *w, const char *name, const char **attributes)
{
    if (w->kind == TOLKA_OCRFILE_ALTO)
        return strcmp(name, "Page") == 0;
    return tolka_hocr_has_class((const char *const *)attributes, "ocr_page");
}

static void note_page(struct walk *w)
{
    struct tolka_ocrfile *file = w->file;
    struct piece *pages;

    if (file->page_count >= MAX_FILE_PAGES) {
        give_up(w, TOLKA_ERR_LIMIT, "it has too many pages");
        return;
    }
    pages =
        tolka_arena_grow(&file->arena, file->pages, file->page_count, &file->page_capacity, sizeof *pages);
    if (!pages) {
        give_up(w, TOLKA_ERR_MEMORY, "out of memory");
        return;
    }
    file->pages = pages;
    pages[file->page_count++].begin = (size_t)XML_GetCurrentByteIndex(w->parser);
    w->page_depth = w->depth;
}

static void XMLCALL on_start(void *user, const XML_Char *full_name, const XML_Char **attributes)
{
    struct walk *w = user;
    const char *name = plain_name(full_name);

    if (++w->depth > MAX_DEPTH) {
        give_up(w, TOLKA_ERR_LIMIT, "its elements are nested too deep");
        return;
    }
    if (w->reader) {
        w->reader->depth = w->depth;
        if (w->kind == TOLKA_OCRFILE_ALTO)
            tolka_alto_start(w->reader, name, (const char *const *)attributes);
        else
            tolka_hocr_start(w->reader, name, (const char *const *)attributes);
        if (w->reader->failed)
            give_up(w, TOLKA_ERR_LIMIT, "a page holds too much");
        return;
    }
    w->in_unit = w->kind == TOLKA_OCRFILE_ALTO && strcmp(name, "MeasurementUnit") == 0;
    if (!w->page_depth && is_page(w, name, attributes))
        note_page(w);
}

static void XMLCALL on_end(void *user, const XML_Char *full_name)
{
    struct walk *w = user;

    if (w->reader) {
        w->reader->depth = w->depth;
        if (w->kind == TOLKA_OCRFILE_ALTO)
            tolka_alto_end(w->reader, plain_name(full_name));
        else
            tolka_hocr_end(w->reader, plain_name(full_name));
    } else if (w->page_depth == w->depth) {
        struct piece *page = &w->file->pages[w->file->page_count - 1];
        page->length = (size_t)XML_GetCurrentByteIndex(w->parser) +
                       (size_t)XML_GetCurrentByteCount(w->parser) - page->begin;
        w->page_depth = 0;
    }
    w->in_unit = false;
    w->depth--;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length)
{
    struct walk *w = user;
    struct tolka_strbuf *to = w->reader ? &w->reader->text : w->in_unit ? &w->unit : NULL;

    if (w->reader && !w->reader->in_word && !w->reader->in_line)
        return;
    if (to && to->length < MAX_TEXT_BYTES)
        tolka_strbuf_add(to, text, length > MAX_TEXT_BYTES ? MAX_TEXT_BYTES : (size_t)length);
}

/* An entity that nobody declared: HTML's names. The one that matters is the space. */
static void XMLCALL on_skipped(void *user, const XML_Char *name, int is_parameter)
{
    (void)name;
    if (!is_parameter)
        on_text(user, " ", 1);
}

static void XMLCALL on_entity(void *user, const XML_Char *name, int is_parameter, const XML_Char *value,
                              int length, const XML_Char *base, const XML_Char *system_id,
                              const XML_Char *public_id, const XML_Char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)length, (void)base, (void)system_id, (void)public_id,
        (void)notation;
    give_up(user, TOLKA_ERR_FORMAT, "it declares entities, which such a file has no need of");
}

static void XMLCALL on_declaration(void *user, const XML_Char *version, const XML_Char *encoding,
                                   int standalone)
{
    struct walk *w = user;

    (void)version, (void)standalone;
    if (encoding && w->file)
        snprintf(w->file->encoding, sizeof w->file->encoding, "%s", encoding);
}

static bool feed(struct walk *w, const char *bytes, size_t length, bool last)
{
    bool good = true;

    for (size_t at = 0; good && at < length; at += CHUNK_BYTES) {
        const size_t size = length - at < CHUNK_BYTES ? length - at : CHUNK_BYTES;
        good = XML_Parse(w->parser, bytes + at, (int)size, last && at + size == length) == XML_STATUS_OK;
    }
    return good;
}

static enum tolka_status begin(struct walk *w, const char *encoding, struct tolka_error *err)
{
    w->parser = XML_ParserCreate(encoding && *encoding ? encoding : NULL);
    if (!w->parser)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    XML_SetUserData(w->parser, w);
    XML_SetElementHandler(w->parser, on_start, on_end);
    XML_SetCharacterDataHandler(w->parser, on_text);
    XML_SetSkippedEntityHandler(w->parser, on_skipped);
    XML_SetEntityDeclHandler(w->parser, on_entity);
    XML_SetXmlDeclHandler(w->parser, on_declaration);
    return TOLKA_OK;
}

/* Why the walk stopped. `line` is where the piece begins. */
static enum tolka_status explain(struct walk *w, struct tolka_error *err)
{
    const unsigned long line = (unsigned long)XML_GetCurrentLineNumber(w->parser);

    if (w->status)
        return tolka_error_set(err, w->status, "%s (line %lu)", w->reason, line);
    return tolka_error_set(err, TOLKA_ERR_FORMAT, "it is no well-formed XML: %s (line %lu)",
                           XML_ErrorString(XML_GetErrorCode(w->parser)), line);
}

static const char *find(const char *bytes, size_t length, const char *text)
{
    return memmem(bytes, length < LOOK_BYTES ? length : LOOK_BYTES, text, strlen(text));
}

/* Where the root element begins, as far as one looks. */
static bool has_root(const char *bytes, size_t length, const char *name)
{
    const char *end = bytes + (length < LOOK_BYTES ? length : LOOK_BYTES);
    const char *found = bytes;
    char head[32] = "", *at = head;

    while ((found = memchr(found, '<', (size_t)(end - found))) && end - found > 2 &&
           (found[1] == '?' || found[1] == '!'))
        found++;
    if (!found)
        return false;
    memcpy(head, found + 1, end - found - 1 < 31 ? (size_t)(end - found - 1) : 31);
    if (at[strcspn(at, ": >\t\r\n")] == ':') /* a prefix */
        at = strchr(at, ':') + 1;
    return strncasecmp(at, name, strlen(name)) == 0;
}

bool tolka_ocrfile_is_one(const void *bytes, size_t length)
{
    if (length < 64)
        return false;
    return has_root(bytes, length, "alto") ||
           (has_root(bytes, length, "html") &&
            (find(bytes, length, "ocr_page") || find(bytes, length, "ocr-system")));
}

/* Pixels, unless the file says else. */
static void take_unit(struct tolka_ocrfile *file, const char *unit)
{
    file->px_per_unit = strstr(unit, "mm10")       ? LENGTH_DPI / 254
                        : strstr(unit, "inch1200") ? LENGTH_DPI / 1200
                                                   : 1;
}

enum tolka_status tolka_ocrfile_open(const void *bytes, size_t length, struct tolka_ocrfile **out,
                                     struct tolka_error *err)
{
    struct tolka_ocrfile *file = calloc(1, sizeof *file);
    struct walk w = {.file = file};
    enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!file)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    file->bytes = bytes;
    file->length = length;
    file->kind = w.kind = has_root(bytes, length, "alto") ? TOLKA_OCRFILE_ALTO : TOLKA_OCRFILE_HOCR;
    status = begin(&w, NULL, err);
    if (!status && !feed(&w, bytes, length, true))
        status = explain(&w, err);
    if (!status && !file->page_count)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "it has no pages");
    take_unit(file, tolka_strbuf_text(&w.unit));
    tolka_strbuf_release(&w.unit);
    if (w.parser)
        XML_ParserFree(w.parser);
    if (status)
        tolka_ocrfile_free(file);
    else
        *out = file;
    return status;
}

int tolka_ocrfile_page_count(const struct tolka_ocrfile *file)
{
    return (int)file->page_count;
}

enum tolka_status tolka_ocrfile_read(const struct tolka_ocrfile *file, int number, struct tolka_page *page,
                                     struct tolka_error *err)
{
    /* With a document type of its own, whose text is not fetched, names of entities that nobody knows are
     * passed over. */
    static const char PREFIX[] = "<!DOCTYPE piece SYSTEM \"piece\">";
    struct tolka_ocrfile_reader reader = {
        .page = page, .px_per_unit = file->px_per_unit, .dpi = file->px_per_unit == 1 ? 0 : LENGTH_DPI};
    struct walk w = {.reader = &reader, .kind = file->kind};
    enum tolka_status status;
    bool good;

    if (number < 1 || number > (int)file->page_count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "there is no page %d", number);
    page->origin = TOLKA_ORIGIN_OCR;
    status = begin(&w, file->encoding, err);
    if (status)
        return status;
    good = strncasecmp(file->encoding, "UTF-16", 6) == 0 || feed(&w, PREFIX, sizeof PREFIX - 1, false);
    if (!good || !feed(&w, file->bytes + file->pages[number - 1].begin, file->pages[number - 1].length, true))
        status = explain(&w, err);
    tolka_ocrfile_finish(&reader);
    if (!status && reader.failed)
        status = tolka_error_set(err, TOLKA_ERR_LIMIT, "the page holds too much");
    tolka_strbuf_release(&reader.text);
    XML_ParserFree(w.parser);
    return status;
}

void tolka_ocrfile_free(struct tolka_ocrfile *file)
{
    if (!file)
        return;
    tolka_arena_release(&file->arena);
    free(file);
}
