/*
 * Opens a file by what it holds, not by its name: the whole file is read (a file that shrinks while it is
 * mapped would kill us) and its first bytes tell the type. The only use of the name is to notice a text that
 * was given a picture's or a PDF's ending.
 */
#include "extract/document_int.h"

#include "base/utf8.h"
#include "extract/image.h"
#include "extract/layer.h"
#include "extract/layout.h"
#include "extract/recognize.h"
#include "extract/textfile.h"
#include "extract/textlayer.h"
#include "extract/tiff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t MAX_FILE_BYTES = (size_t)1 << 30;

/* A page with own text stays with it unless images fill the page and the text is no more than a stamp on
 * them. */
static const float MOSTLY_IMAGE = 0.6F;
static const size_t STAMP_GLYPHS = 200;

/* More drawn shapes than this on a page without text: its letters may be drawn as outlines. */
static const size_t OUTLINE_PATHS = 50;

static enum tolka_status read_all(FILE *in, const char *name, struct tolka_document *doc,
                                  struct tolka_error *err)
{
    size_t capacity = 0;

    for (;;) {
        if (doc->length == capacity) {
            size_t larger = capacity ? capacity * 2 : (size_t)1 << 16;
            unsigned char *bytes = capacity > MAX_FILE_BYTES ? NULL : realloc(doc->bytes, larger + 1);
            if (!bytes)
                return capacity > MAX_FILE_BYTES
                           ? tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than 1 GiB", name)
                           : tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", name);
            doc->bytes = bytes;
            capacity = larger;
        }
        doc->length += fread(doc->bytes + doc->length, 1, capacity - doc->length, in);
        if (ferror(in))
            return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read: %s", name, strerror(errno));
        if (feof(in))
            break;
    }
    if (doc->length > MAX_FILE_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than 1 GiB", name);
    doc->bytes[doc->length] = '\0';
    return TOLKA_OK;
}

static enum tolka_status load(const char *path, const char *name, struct tolka_document *doc,
                              struct tolka_error *err)
{
    enum tolka_status status;
    struct stat info;
    FILE *in;

    if (strcmp(path, "-") == 0)
        return read_all(stdin, name, doc, err);
    if (stat(path, &info))
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: %s", name,
                               errno == ENOENT ? "there is no such file" : strerror(errno));
    if (S_ISDIR(info.st_mode))
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: is a folder, not a file", name);
    in = fopen(path, "rb");
    if (!in)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be opened: %s", name, strerror(errno));
    status = read_all(in, name, doc, err);
    fclose(in);
    return status;
}

/* Reads what `fd` holds from its beginning; its offset, which others may share, is neither used nor moved. */
static enum tolka_status load_fd(int fd, const char *name, struct tolka_document *doc, struct tolka_error *err)
{
    struct stat info;

    if (fstat(fd, &info))
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read: %s", name, strerror(errno));
    if (info.st_size < 0 || (size_t)info.st_size > MAX_FILE_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than 1 GiB", name);
    doc->bytes = malloc((size_t)info.st_size + 1);
    if (!doc->bytes)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", name);
    while (doc->length < (size_t)info.st_size) {
        ssize_t n = pread(fd, doc->bytes + doc->length, (size_t)info.st_size - doc->length, (off_t)doc->length);
        if (n < 0 && errno != EINTR)
            return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read: %s", name, strerror(errno));
        if (n == 0)
            break;
        doc->length += n > 0 ? (size_t)n : 0;
    }
    doc->bytes[doc->length] = '\0';
    return TOLKA_OK;
}

static bool begins(const struct tolka_document *doc, const char *magic, size_t length)
{
    return doc->length >= length && memcmp(doc->bytes, magic, length) == 0;
}

/* The header may stand anywhere in the first KiB (PDF 1.7, implementation note 13). */
static bool looks_like_pdf(const struct tolka_document *doc)
{
    return memmem(doc->bytes, doc->length < 1024 ? doc->length : 1024, "%PDF-", 5) != NULL;
}

/* Text has no NUL and hardly a control character. Broken UTF-8 is accepted: it is reported with the page. */
static bool looks_like_text(const struct tolka_document *doc)
{
    const size_t look = doc->length < 65536 ? doc->length : 65536;
    size_t odd = 0;

    for (size_t i = 0; i < look; i++) {
        if (doc->bytes[i] == 0)
            return false;
        odd += doc->bytes[i] < 32 && !strchr("\t\n\f\r\v\b\033", doc->bytes[i]);
    }
    return odd * 100 <= look;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);

    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

/* What the file's name says that it should be, or NULL for text and unknown endings. */
static const char *named_kind(const char *name)
{
    static const struct {
        const char *ending, *kind;
    } NAMED[] = {{".pdf", "PDF"}, {".tif", "TIFF"}, {".tiff", "TIFF"},
                 {".png", "PNG"}, {".jpg", "JPEG"}, {".jpeg", "JPEG"}};

    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++) {
        if (has_ending(name, NAMED[i].ending))
            return NAMED[i].kind;
    }
    return NULL;
}

static enum tolka_status tell_kind(struct tolka_document *doc, const char *name, struct tolka_error *err)
{
    const char *named = named_kind(name);

    if (doc->length == 0)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: the file is empty", name);
    if (begins(doc, "\x89PNG\r\n\x1a\n", 8) || begins(doc, "\xff\xd8\xff", 3))
        doc->kind = KIND_PICTURE;
    else if (begins(doc, "II*\0", 4) || begins(doc, "MM\0*", 4) || begins(doc, "II+\0", 4) ||
             begins(doc, "MM\0+", 4))
        doc->kind = KIND_TIFF;
    else if (looks_like_pdf(doc))
        doc->kind = KIND_PDF;
    else if (named)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: is not a %s although it is named so", name, named);
    else if (tolka_ocrfile_is_one(doc->bytes, doc->length))
        doc->kind = KIND_OCRFILE;
    else if (looks_like_text(doc))
        doc->kind = KIND_TEXT;
    else
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "%s: is not a PDF, TIFF, PNG, JPEG, ALTO, hOCR or text file", name);
    return TOLKA_OK;
}

static enum tolka_status open_pdf(struct tolka_document *doc, const char *name, struct tolka_error *err)
{
    struct tolka_error reason = {0};
    enum tolka_status status = tolka_pdf_open(doc->bytes, doc->length, &doc->pdf, &reason);

    if (status == TOLKA_ERR_FORMAT)
        return tolka_error_set(err, status, "%s: the PDF is damaged or cut off: %s", name, reason.message);
    if (status)
        return tolka_error_set(err, status, "%s: %s", name, reason.message);
    doc->page_count = tolka_pdf_page_count(doc->pdf);
    return TOLKA_OK;
}

static enum tolka_status open_picture(struct tolka_document *doc, const char *name, struct tolka_error *err)
{
    struct tolka_error reason = {0};
    enum tolka_status status;

    doc->page_count =
        doc->kind == KIND_TIFF ? tolka_tiff_page_count(doc->bytes, doc->length, &doc->damaged) : 1;
    if (doc->page_count < 1)
        return tolka_error_set(err, TOLKA_ERR_FORMAT,
                               "%s: the TIFF is damaged or cut off: it has no readable page", name);
    status = tolka_picture_check(doc->bytes, doc->length, &reason);
    return status ? tolka_error_set(err, status, "%s: %s", name, reason.message) : TOLKA_OK;
}

static enum tolka_status open_ocrfile(struct tolka_document *doc, const char *name, struct tolka_error *err)
{
    struct tolka_error reason = {0};
    const enum tolka_status status = tolka_ocrfile_open(doc->bytes, doc->length, &doc->ocrfile, &reason);

    if (status)
        return tolka_error_set(err, status, "%s: the ALTO or hOCR cannot be read: %s", name, reason.message);
    doc->page_count = tolka_ocrfile_page_count(doc->ocrfile);
    return TOLKA_OK;
}

static enum tolka_status open_by_kind(struct tolka_document *doc, const char *name, struct tolka_error *err)
{
    switch (doc->kind) {
    case KIND_PDF:
        return open_pdf(doc, name, err);
    case KIND_TIFF:
    case KIND_PICTURE:
        return open_picture(doc, name, err);
    case KIND_OCRFILE:
        return open_ocrfile(doc, name, err);
    case KIND_TEXT:
        break;
    }
    doc->page_count = tolka_textfile_page_count((const char *)doc->bytes, doc->length);
    return TOLKA_OK;
}

/* Opens the loaded `doc`, consuming it unless all went well. */
static enum tolka_status open_loaded(struct tolka_document *doc, enum tolka_status status, const char *name,
                                     struct tolka_document **out, struct tolka_error *err)
{
    if (!status)
        status = tell_kind(doc, name, err);
    if (!status)
        status = open_by_kind(doc, name, err);
    if (status)
        tolka_document_free(doc);
    else
        *out = doc;
    return status;
}

enum tolka_status tolka_document_open(const char *path, struct tolka_document **out, struct tolka_error *err)
{
    struct tolka_document *doc = calloc(1, sizeof *doc);
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

    *out = NULL;
    if (!doc)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", name);
    return open_loaded(doc, load(path, name, doc, err), name, out, err);
}

enum tolka_status tolka_document_open_memory(const void *bytes, size_t length, const char *name,
                                             struct tolka_document **out, struct tolka_error *err)
{
    struct tolka_document *doc = calloc(1, sizeof *doc);
    enum tolka_status status = TOLKA_OK;

    *out = NULL;
    if (!doc)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", name);
    doc->bytes = (unsigned char *)bytes; /* read only */
    doc->length = length;
    doc->borrowed = true;
    if (length > MAX_FILE_BYTES)
        status = tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than 1 GiB", name);
    return open_loaded(doc, status, name, out, err);
}

const void *tolka_document_bytes(const struct tolka_document *doc, size_t *length)
{
    *length = doc->length;
    return doc->bytes;
}

enum tolka_status tolka_document_open_fd(int fd, const char *path, struct tolka_document **out, struct tolka_error *err)
{
    struct tolka_document *doc = calloc(1, sizeof *doc);
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

    *out = NULL;
    if (!doc)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", name);
    return open_loaded(doc, load_fd(fd, name, doc, err), name, out, err);
}

int tolka_document_page_count(const struct tolka_document *doc)
{
    return doc->page_count;
}

bool tolka_document_was_damaged(const struct tolka_document *doc)
{
    return doc->damaged || (doc->pdf && tolka_pdf_was_damaged(doc->pdf));
}

/* Consumes `picture`. */
static enum tolka_status recognize(struct tolka_picture *picture, struct tolka_recognizer *recognizer,
                                   struct tolka_page *page, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    page->origin = TOLKA_ORIGIN_OCR;
    if (!recognizer)
        status = tolka_error_set(err, TOLKA_ERR_ARGUMENT,
                                 "page %d has no text of its own and no recogniser is there", page->number);
    if (!status)
        status = tolka_picture_prepare(picture, page, err);
    if (!status)
        status = tolka_recognizer_read(recognizer, picture, page, err);
    if (!status)
        tolka_picture_restore(picture, page);
    tolka_picture_free(picture);
    return status ? status : tolka_layout_order(page, err);
}

static bool wants_recognition(const struct tolka_pdf_survey *survey, enum tolka_ocr_mode mode)
{
    if (mode != TOLKA_OCR_AUTO)
        return mode == TOLKA_OCR_ALWAYS;
    if (survey->visible_count == 0)
        return survey->image_count > 0 || survey->path_count > OUTLINE_PATHS;
    if (survey->image_cover > MOSTLY_IMAGE && survey->visible_count < STAMP_GLYPHS)
        return true;
    return !tolka_textlayer_is_readable(survey);
}

/* What the page holds, kept for the next question about it. */
static enum tolka_status survey_page(struct tolka_document *doc, int number, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    if (doc->surveyed == number)
        return TOLKA_OK;
    doc->surveyed = 0;
    tolka_pdf_survey_release(&doc->survey);
    status = tolka_pdf_survey(doc->pdf, number, &doc->survey, err);
    doc->surveyed = status ? 0 : number;
    return status;
}

static enum tolka_status read_pdf_page(struct tolka_document *doc, enum tolka_ocr_mode mode,
                                       struct tolka_recognizer *recognizer, struct tolka_page *page,
                                       struct tolka_error *err)
{
    struct tolka_picture *picture = NULL;
    enum tolka_status status = survey_page(doc, page->number, err);

    if (status)
        return status;
    if (!wants_recognition(&doc->survey, mode)) {
        status = tolka_textlayer_read(&doc->survey, page, err);
        return status ? status : tolka_layout_order(page, err);
    }
    memcpy(page->place, doc->survey.place, sizeof page->place);
    status = tolka_pdf_picture(doc->pdf, page->number, &doc->survey, &picture, err);
    return status ? status : recognize(picture, recognizer, page, err);
}

/* The words stay, what is drawn is taken from the picture. */
static enum tolka_status fit_layer(struct tolka_document *doc, struct tolka_page *page, struct tolka_error *err)
{
    struct tolka_picture *picture = NULL;
    enum tolka_status status = tolka_pdf_picture(doc->pdf, page->number, &doc->survey, &picture, err);

    memcpy(page->place, doc->survey.place, sizeof page->place);
    if (!status)
        status = tolka_picture_prepare(picture, page, err);
    if (!status && page->rotation_deg) { /* its words lie sideways */
        tolka_page_release(page);
    } else if (!status) {
        tolka_layer_fit(&doc->survey, page);
        tolka_picture_restore(picture, page);
        status = tolka_layout_order(page, err);
    }
    tolka_picture_free(picture);
    return status;
}

enum tolka_status tolka_document_read_layer(struct tolka_document *doc, int number, tolka_layer_judge *judge, const void *user,
                                            struct tolka_page *page, struct tolka_error *err)
{
    enum tolka_status status;

    if (doc->kind != KIND_PDF || number < 1 || number > doc->page_count)
        return TOLKA_OK;
    status = survey_page(doc, number, err);
    if (status || !tolka_layer_is_there(&doc->survey))
        return status;
    page->number = number;
    status = tolka_textlayer_read_hidden(&doc->survey, page, err);
    if (!status && judge(page, user))
        return fit_layer(doc, page, err);
    tolka_page_release(page);
    return status;
}

bool tolka_document_needs_recognizer(struct tolka_document *doc, int number, enum tolka_ocr_mode mode)
{
    if (mode == TOLKA_OCR_NEVER || doc->kind == KIND_TEXT || doc->kind == KIND_OCRFILE)
        return false;
    if (doc->kind != KIND_PDF || number < 1 || number > doc->page_count)
        return true;
    return survey_page(doc, number, NULL) || wants_recognition(&doc->survey, mode);
}

static enum tolka_status read_picture_page(struct tolka_document *doc, enum tolka_ocr_mode mode,
                                           struct tolka_recognizer *recognizer, struct tolka_page *page,
                                           struct tolka_error *err)
{
    struct tolka_picture *picture = NULL;
    enum tolka_status status =
        doc->kind == KIND_TIFF ? tolka_picture_decode(doc->bytes, doc->length, page->number, &picture, err)
                               : tolka_pdf_decode_image(doc->bytes, doc->length, &picture, err);

    if (status)
        return status;
    if (mode != TOLKA_OCR_NEVER)
        return recognize(picture, recognizer, page, err);
    tolka_picture_measure(picture, page);
    tolka_picture_free(picture);
    page->confidence = 1;
    return TOLKA_OK;
}

static enum tolka_status read_ocrfile_page(struct tolka_document *doc, struct tolka_page *page, struct tolka_error *err)
{
    const enum tolka_status status = tolka_ocrfile_read(doc->ocrfile, page->number, page, err);

    return status ? status : tolka_layout_order(page, err);
}

enum tolka_status tolka_document_read_page(struct tolka_document *doc, int number, enum tolka_ocr_mode mode,
                                           struct tolka_recognizer *recognizer, struct tolka_page *page,
                                           struct tolka_error *err)
{
    if (number < 1 || number > doc->page_count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "there is no page %d", number);
    page->number = number;
    switch (doc->kind) {
    case KIND_PDF:
        return read_pdf_page(doc, mode, recognizer, page, err);
    case KIND_TIFF:
    case KIND_PICTURE:
        return read_picture_page(doc, mode, recognizer, page, err);
    case KIND_OCRFILE:
        return read_ocrfile_page(doc, page, err);
    case KIND_TEXT:
        break;
    }
    return tolka_textfile_read((const char *)doc->bytes, doc->length, number, page, err);
}

void tolka_document_free(struct tolka_document *doc)
{
    if (!doc)
        return;
    tolka_pdf_survey_release(&doc->survey);
    tolka_pdf_free(doc->pdf);
    tolka_ocrfile_free(doc->ocrfile);
    if (!doc->borrowed)
        free(doc->bytes);
    free(doc);
}
