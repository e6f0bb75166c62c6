/* What is made of a document's own pictures: its searchable copy, and pictures of what was found on its
 * pages. */
#include "extract/document_int.h"

#include "extract/image.h"

enum tolka_status tolka_document_write_pdf(struct tolka_document *doc, const struct tolka_page *pages,
                                           size_t page_count, struct tolka_strbuf *out,
                                           struct tolka_error *err)
{
    if (doc->kind == KIND_PDF)
        return tolka_pdf_write(doc->pdf, pages, page_count, out, err);
    if (doc->kind == KIND_TIFF || doc->kind == KIND_PICTURE)
        return tolka_pdf_write_pictures(
            &(struct tolka_pdf_pictures){doc->bytes, doc->length, doc->kind == KIND_TIFF, doc->page_count},
            pages, page_count, out, err);
    return tolka_error_set(err, TOLKA_ERR_ARGUMENT,
                           "it holds no picture of its pages: no searchable PDF can be made of it");
}

static enum tolka_status load_picture(struct tolka_document *doc, int number, struct tolka_picture **picture,
                                      struct tolka_error *err)
{
    struct tolka_pdf_survey survey = {0};
    enum tolka_status status;

    if (doc->kind == KIND_TIFF)
        return tolka_picture_decode(doc->bytes, doc->length, number, picture, err);
    if (doc->kind == KIND_PICTURE)
        return tolka_pdf_decode_image(doc->bytes, doc->length, picture, err);
    if (doc->kind != KIND_PDF)
        return TOLKA_OK; /* blank paper */
    status = tolka_pdf_survey(doc->pdf, number, &survey, err);
    if (!status)
        status = tolka_pdf_picture(doc->pdf, number, &survey, picture, err);
    tolka_pdf_survey_release(&survey);
    return status;
}

enum tolka_status tolka_document_draw_page(struct tolka_document *doc, const struct tolka_page *page,
                                           struct tolka_strbuf *png, struct tolka_error *err)
{
    struct tolka_picture *picture = NULL;
    enum tolka_status status;

    if (page->number < 1 || page->number > doc->page_count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "there is no page %d", page->number);
    status = load_picture(doc, page->number, &picture, err);
    if (!status)
        status = tolka_picture_draw(picture, page, png, err);
    tolka_picture_free(picture);
    return status;
}

enum tolka_status tolka_document_shrink_page(struct tolka_document *doc, int number, int rotation_deg,
                                             size_t max_bytes, struct tolka_strbuf *out, struct tolka_error *err)
{
    struct tolka_picture *picture = NULL;
    enum tolka_status status;

    if (number < 1 || number > doc->page_count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "there is no page %d", number);
    status = load_picture(doc, number, &picture, err);
    if (!status && picture)
        status = tolka_picture_shrink(picture, rotation_deg, max_bytes, out, err);
    tolka_picture_free(picture);
    return status;
}
