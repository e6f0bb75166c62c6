/* Tesseract behind recognize.h. */
#include "extract/recognize.h"

#include "base/utf8.h"
#include "extract/image.h"

#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

struct tolka_recognizer {
    TessBaseAPI *swe;
};

/* With threads of its own it was 4.7 times slower on two cores. */
static TessBaseAPI *new_engine(const char *language)
{
    TessBaseAPI *api;

    setenv("OMP_THREAD_LIMIT", "1", 1);
    api = TessBaseAPICreate();
    if (!api)
        return NULL;
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    if (TessBaseAPIInit2(api, NULL, language, OEM_LSTM_ONLY)) {
        TessBaseAPIDelete(api);
        return NULL;
    }
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
    return api;
}

enum tolka_status tolka_recognizer_new(struct tolka_recognizer **out, struct tolka_error *err)
{
    struct tolka_recognizer *recognizer = calloc(1, sizeof *recognizer);

    *out = NULL;
    if (!recognizer)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    recognizer->swe = new_engine("swe");
    if (!recognizer->swe) {
        free(recognizer);
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "Tesseract cannot be started: is its Swedish data (tesseract-ocr-swe) installed?");
    }
    *out = recognizer;
    return TOLKA_OK;
}

static struct tolka_box element_box(TessResultIterator *it, TessPageIteratorLevel level, int scale)
{
    struct tolka_box box = {0};

    if (!TessPageIteratorBoundingBox(TessResultIteratorGetPageIteratorConst(it), level, &box.x0, &box.y0, &box.x1, &box.y1))
        return (struct tolka_box){0};
    return (struct tolka_box){box.x0 / scale, box.y0 / scale, (box.x1 + scale - 1) / scale, (box.y1 + scale - 1) / scale};
}

static bool add_word(TessResultIterator *it, int scale, struct tolka_page *page)
{
    char *text = TessResultIteratorGetUTF8Text(it, RIL_WORD);
    struct tolka_word *word = text && *text && *text != ' ' ? tolka_page_add_word(page) : NULL;

    if (word) {
        word->box = element_box(it, RIL_WORD, scale);
        word->raw = word->text = tolka_utf8_nfc(&page->arena, text, strlen(text));
        word->confidence = TessResultIteratorConfidence(it, RIL_WORD) / 100;
        word->line = (int)page->line_count - 1;
    }
    TessDeleteText(text);
    return !word || word->raw;
}

static bool add_line(TessResultIterator *it, int scale, int block, struct tolka_page *page)
{
    struct tolka_line *line = tolka_page_add_line(page);

    if (!line)
        return false;
    line->first_word = (int)page->word_count;
    line->block = block;
    line->box = element_box(it, RIL_TEXTLINE, scale);
    return true;
}

/* Walks the result word by word; a new line or paragraph opens where the iterator says that one begins. */
static bool take_words(TessResultIterator *it, int scale, struct tolka_page *page)
{
    const TessPageIterator *at = TessResultIteratorGetPageIteratorConst(it);
    int block = page->line_count ? page->lines[page->line_count - 1].block : -1;

    do {
        if (TessPageIteratorIsAtBeginningOf(at, RIL_PARA))
            block++;
        if (TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE) && !add_line(it, scale, block, page))
            return false;
        if (page->line_count == 0 || !add_word(it, scale, page))
            return false;
        page->lines[page->line_count - 1].word_count =
            (int)page->word_count - page->lines[page->line_count - 1].first_word;
    } while (TessResultIteratorNext(it, RIL_WORD));
    return true;
}

static void set_confidence(struct tolka_page *page)
{
    double sum = 0;

    for (size_t i = 0; i < page->word_count; i++)
        sum += page->words[i].confidence;
    page->confidence = page->word_count ? (float)(sum / (double)page->word_count) : 1;
}

enum tolka_status tolka_recognizer_read(struct tolka_recognizer *recognizer, const struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err)
{
    TessBaseAPI *api = recognizer->swe;
    TessResultIterator *it = NULL;
    enum tolka_status status = TOLKA_OK;
    const int scale = tolka_picture_scale(picture);

    TessBaseAPISetPageSegMode(api, PSM_AUTO);
    TessBaseAPISetImage2(api, tolka_picture_pix(picture));
    TessBaseAPISetSourceResolution(api, tolka_picture_dpi(picture) * scale);
    if (TessBaseAPIRecognize(api, NULL))
        status = tolka_error_set(err, TOLKA_ERR_LIBRARY, "Tesseract could not recognise the page");
    else if ((it = TessBaseAPIGetIterator(api)) && !take_words(it, scale, page))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's words");
    if (it)
        TessResultIteratorDelete(it);
    TessBaseAPIClear(api);
    set_confidence(page);
    return status;
}

void tolka_recognizer_free(struct tolka_recognizer *recognizer)
{
    if (!recognizer)
        return;
    TessBaseAPIEnd(recognizer->swe);
    TessBaseAPIDelete(recognizer->swe);
    free(recognizer);
}
