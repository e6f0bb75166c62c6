/* Tesseract behind recognize.h. */
#include "extract/recognize.h"

#include "base/utf8.h"
#include "extract/amounts.h"
#include "extract/image.h"
#include "extract/layout.h"
#include "extract/symbols.h"
#include "extract/tidy.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

struct tolka_recognizer {
    TessBaseAPI *swe;
    TessBaseAPI *eng; /* for second looks; made when first needed */
    bool no_eng;      /* its data is missing: second looks are left out */
};

/*
 * Tesseract's own threads spend more time waiting for each other than they save: several times slower on two
 * cores. libgomp reads OMP_THREAD_LIMIT when it is loaded, before main(), so the variable is too late here;
 * parallel regions are made inactive instead, for the thread that asks (the setting is a thread's own) and no
 * longer than a page takes: other code of that thread may want its regions. The library is Tesseract's, not
 * ours, and may be missing: hence the look-up by name. Returns what was set before.
 */
static int set_active_levels(int levels)
{
    union {
        void *symbol;
        void (*set)(int);
        int (*ask)(void);
    } set_levels = {dlsym(RTLD_DEFAULT, "omp_set_max_active_levels")},
      ask_levels = {dlsym(RTLD_DEFAULT, "omp_get_max_active_levels")};
    int before = 0;

    if (set_levels.symbol && ask_levels.symbol) {
        before = ask_levels.ask();
        set_levels.set(levels);
    }
    return before;
}

/* What was passed over at first is kept from this confidence on: much of it is stamps, signatures and dirt.
 */
static const float LEFTOVER_CONFIDENCE = 0.6F;

/* A word that runs down or up the page has at least so many characters and is read at least so well. */
enum { LEAST_TURNED = 4 };
static const float TURNED_CONFIDENCE = 0.8F;

/* Figures read worse than this get a second reading, which must be surer by the margin. */
static const float FIGURE_DOUBT = 0.72F, FIGURE_MARGIN = 0.1F;
enum { MAX_FIGURES = 100 };

/* Engines read and write variables of the process while they are made: one at a time. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static TessBaseAPI *new_engine(const char *language)
{
    static bool quiet; /* its messages are the process's: set once, before any engine reads the variable */
    TessBaseAPI *api;

    pthread_mutex_lock(&making);
    api = TessBaseAPICreate();
    if (api && !quiet)
        quiet = TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    if (api && TessBaseAPIInit2(api, NULL, language, OEM_LSTM_ONLY)) {
        TessBaseAPIDelete(api);
        api = NULL;
    }
    if (api)
        TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
    pthread_mutex_unlock(&making);
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
        return tolka_error_set(
            err, TOLKA_ERR_LIBRARY,
            "Tesseract cannot be started: is its Swedish data (tesseract-ocr-swe) installed?");
    }
    *out = recognizer;
    return TOLKA_OK;
}

static struct tolka_box element_box(TessResultIterator *it, TessPageIteratorLevel level, int scale)
{
    struct tolka_box box = {0};

    if (!TessPageIteratorBoundingBox(TessResultIteratorGetPageIteratorConst(it), level, &box.x0, &box.y0,
                                     &box.x1, &box.y1))
        return (struct tolka_box){0};
    return (struct tolka_box){box.x0 / scale, box.y0 / scale, (box.x1 + scale - 1) / scale,
                              (box.y1 + scale - 1) / scale};
}

/* The result being taken over. */
struct taking {
    TessResultIterator *it;
    const struct tolka_picture *picture;
    struct tolka_page *page;
    int scale;
    int block;
};

/* A word's characters, each with the columns of its ink. */
struct characters {
    uint32_t codes[TOLKA_AMOUNT_CHARS];
    size_t offset[TOLKA_AMOUNT_CHARS + 1]; /* in bytes of the text */
    float x0[TOLKA_AMOUNT_CHARS], x1[TOLKA_AMOUNT_CHARS];
    size_t count;
    bool coarse; /* the columns are estimates */
};

/* False for a word too long to be an amount or with fewer than four digits. */
static bool split_text(const char *text, struct characters *chars)
{
    const size_t length = strlen(text);
    size_t digits = 0, at = 0;

    for (chars->count = 0; at < length; chars->count++) {
        if (chars->count == TOLKA_AMOUNT_CHARS)
            return false;
        chars->offset[chars->count] = at;
        at += tolka_utf8_decode(text + at, length - at, &chars->codes[chars->count]);
        digits += chars->codes[chars->count] >= '0' && chars->codes[chars->count] <= '9';
    }
    chars->offset[chars->count] = length;
    return digits >= 4;
}

/* Each character's columns by the ink: a run each, or several in a run where they touch. */
static bool place_by_ink(const struct taking *taking, struct tolka_box box, struct characters *chars)
{
    struct tolka_run runs[TOLKA_AMOUNT_CHARS];
    int first[TOLKA_AMOUNT_CHARS], end[TOLKA_AMOUNT_CHARS];
    const size_t count = tolka_picture_runs(taking->picture, box, runs, TOLKA_AMOUNT_CHARS);

    for (size_t i = 0; i < count && i < TOLKA_AMOUNT_CHARS; i++) {
        first[i] = runs[i].first;
        end[i] = runs[i].end;
        if (count == chars->count) {
            chars->x0[i] = (float)first[i];
            chars->x1[i] = (float)end[i];
        }
    }
    chars->coarse = count != chars->count;
    return !chars->coarse || tolka_amount_share_runs(first, end, count, chars->x0, chars->x1, chars->count);
}

/* By the ink, else by the engine's own symbol boxes, which are coarser. */
static bool place_characters(const struct taking *taking, struct tolka_box box, struct characters *chars)
{
    TessResultIterator *symbol;
    size_t i = 0;

    if (place_by_ink(taking, box, chars))
        return true;
    symbol = TessResultIteratorCopy(taking->it);
    if (!symbol)
        return false;
    do {
        const struct tolka_box place = element_box(symbol, RIL_SYMBOL, taking->scale);
        chars->x0[i] = (float)place.x0;
        chars->x1[i] = (float)place.x1;
        i++;
    } while (i < chars->count && TessResultIteratorNext(symbol, RIL_SYMBOL) &&
             !TessPageIteratorIsAtBeginningOf(TessResultIteratorGetPageIteratorConst(symbol), RIL_WORD));
    TessResultIteratorDelete(symbol);
    return i == chars->count;
}

static bool add_piece(const struct taking *taking, struct tolka_box box, const char *text, size_t length)
{
    struct tolka_page *page = taking->page;
    struct tolka_word *word = tolka_page_add_word(page);

    if (!word)
        return false;
    word->box = box;
    word->raw = word->text = tolka_utf8_nfc(&page->arena, text, length);
    word->confidence = TessResultIteratorConfidence(taking->it, RIL_WORD) / 100;
    word->line = (int)page->line_count - 1;
    return word->raw != NULL;
}

/* Adds the word under the iterator; one that holds lost spaces as several. */
static bool add_pieces(const struct taking *taking, const char *text)
{
    const struct tolka_box box = element_box(taking->it, RIL_WORD, taking->scale);
    struct characters chars;
    uint32_t breaks = 0;
    size_t first = 0;

    if (!split_text(text, &chars) || !place_characters(taking, box, &chars))
        return add_piece(taking, box, text, strlen(text));
    breaks = tolka_amount_breaks(chars.codes, chars.x0, chars.x1, chars.count, chars.coarse);
    for (size_t i = 1; i <= chars.count; i++) {
        struct tolka_box piece = box;
        if (i < chars.count && !(breaks & (uint32_t)1 << i))
            continue;
        piece.x0 = first ? (int)chars.x0[first] : box.x0;
        piece.x1 = i < chars.count ? (int)chars.x1[i - 1] : box.x1;
        if (!add_piece(taking, piece, text + chars.offset[first], chars.offset[i] - chars.offset[first]))
            return false;
        first = i;
    }
    return true;
}

/* A column of lone figures is taken for a line that runs down the page; it is left to be read again as
 * leftovers. Text that truly does is longer and read with more certainty. */
static bool is_misled(const struct taking *taking, const char *text)
{
    TessOrientation orientation = ORIENTATION_PAGE_UP;
    TessWritingDirection direction;
    TessTextlineOrder order;
    float skew;

    TessPageIteratorOrientation(TessResultIteratorGetPageIterator(taking->it), &orientation, &direction,
                                &order, &skew);
    return orientation != ORIENTATION_PAGE_UP &&
           (tolka_utf8_count(text) < LEAST_TURNED ||
            TessResultIteratorConfidence(taking->it, RIL_WORD) / 100 < TURNED_CONFIDENCE);
}

static bool add_word(const struct taking *taking)
{
    char *text = TessResultIteratorGetUTF8Text(taking->it, RIL_WORD);
    bool good = !text || !*text || *text == ' ' || is_misled(taking, text) || add_pieces(taking, text);

    TessDeleteText(text);
    return good;
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
static bool take_words(struct taking *taking)
{
    const TessPageIterator *at = TessResultIteratorGetPageIteratorConst(taking->it);
    struct tolka_page *page = taking->page;
    const size_t lines_before = page->line_count;

    do {
        if (TessPageIteratorIsAtBeginningOf(at, RIL_PARA))
            taking->block++;
        if (TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE) &&
            !add_line(taking->it, taking->scale, taking->block, page))
            return false;
        if (page->line_count == lines_before)
            return true; /* a blank page gives an iterator over nothing */
        if (!add_word(taking))
            return false;
        page->lines[page->line_count - 1].word_count =
            (int)page->word_count - page->lines[page->line_count - 1].first_word;
    } while (TessResultIteratorNext(taking->it, RIL_WORD));
    return true;
}

static void set_rectangle(TessBaseAPI *api, const struct tolka_picture *picture,
                          const struct tolka_page *page, struct tolka_box box)
{
    const int scale = tolka_picture_scale(picture), rim = tolka_box_height(box) / 4 + 1;
    const int x0 = box.x0 > rim ? box.x0 - rim : 0, y0 = box.y0 > rim ? box.y0 - rim : 0;
    const int x1 = box.x1 + rim < page->width ? box.x1 + rim : page->width,
              y1 = box.y1 + rim < page->height ? box.y1 + rim : page->height;

    TessBaseAPISetRectangle(api, x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
}

/* All words from `first` on are sure and the first of them is no lone stroke. */
static bool reads_well(const struct tolka_page *page, size_t first)
{
    for (size_t i = first; i < page->word_count; i++) {
        if (page->words[i].confidence < LEFTOVER_CONFIDENCE)
            return false;
    }
    return page->word_count > first;
}

/* One picture whose places are read again. */
struct second_look {
    struct tolka_recognizer *recognizer;
    const struct tolka_picture *picture;
    bool is_set; /* the engine has the picture */
};

/* Copies `from` without white space; false when it does not fit or nothing is left. */
static bool copy_tight(const char *from, char to[TOLKA_READING_BYTES])
{
    size_t length = 0;

    for (; *from; from++) {
        if (strchr(" \n\r\t\f", *from))
            continue;
        if (length + 1 == TOLKA_READING_BYTES)
            return false;
        to[length++] = *from;
    }
    to[length] = '\0';
    return length > 0;
}

static bool open_second_engine(struct second_look *look)
{
    struct tolka_recognizer *recognizer = look->recognizer;

    if (!recognizer->eng && !recognizer->no_eng)
        recognizer->no_eng = !(recognizer->eng = new_engine("eng"));
    if (recognizer->no_eng)
        return false;
    if (!look->is_set) {
        TessBaseAPISetPageSegMode(recognizer->eng, PSM_SINGLE_LINE);
        TessBaseAPISetImage2(recognizer->eng, tolka_picture_pix(look->picture));
        TessBaseAPISetSourceResolution(recognizer->eng,
                                       tolka_picture_dpi(look->picture) * tolka_picture_scale(look->picture));
        look->is_set = true;
    }
    return true;
}

struct reread_request {
    struct second_look look;
    const struct tolka_page *page;
};

static bool reread(void *user, struct tolka_box box, char text[TOLKA_READING_BYTES])
{
    struct reread_request *request = user;
    bool good = false;
    char *read;

    if (!open_second_engine(&request->look))
        return false;
    set_rectangle(request->look.recognizer->eng, request->look.picture, request->page, box);
    read = TessBaseAPIGetUTF8Text(request->look.recognizer->eng);
    if (read)
        good = copy_tight(read, text);
    TessDeleteText(read);
    return good;
}

/* Reads print that the page segmentation passed over, each as a line of its own, and keeps what reads well.
 */
static bool read_leftovers(struct tolka_recognizer *recognizer, const struct tolka_picture *picture,
                           struct tolka_page *page)
{
    enum { MAX_LEFTOVERS = 60 };
    struct tolka_box boxes[MAX_LEFTOVERS];
    const size_t count = tolka_picture_leftovers(picture, page, boxes, MAX_LEFTOVERS);
    struct taking taking = {.picture = picture, .page = page, .scale = tolka_picture_scale(picture)};
    bool good = true;

    TessBaseAPISetPageSegMode(recognizer->swe, PSM_SINGLE_LINE);
    for (size_t i = 0; good && i < count; i++) {
        const size_t lines = page->line_count, words = page->word_count;
        set_rectangle(recognizer->swe, picture, page, boxes[i]);
        if (TessBaseAPIRecognize(recognizer->swe, NULL) ||
            !(taking.it = TessBaseAPIGetIterator(recognizer->swe)))
            continue;
        good = take_words(&taking);
        TessResultIteratorDelete(taking.it);
        if (!good || !reads_well(page, words)) {
            page->line_count = lines;
            page->word_count = words;
        }
        for (size_t k = lines; k < page->line_count; k++)
            page->lines[k].block = TOLKA_BLOCK_UNPLACED;
    }
    return good;
}

static bool is_figure_word(const struct tolka_word *word)
{
    size_t digits = 0;

    for (const char *c = word->raw; *c; c++)
        digits += *c >= '0' && *c <= '9';
    return digits > 0 && 2 * digits >= strlen(word->raw);
}

static float mean_confidence(const struct tolka_word *words, size_t count)
{
    float sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += words[i].confidence;
    return count ? sum / (float)count : 0;
}

/* Words made of what figures are made of, surer than before. */
static bool is_better_figure(const struct tolka_page *second, const struct tolka_word *words, size_t count)
{
    for (size_t i = 0; i < second->word_count; i++) {
        const char *raw = second->words[i].raw;
        if (strspn(raw, "0123456789,.-+%()") != strlen(raw))
            return false;
    }
    return second->word_count > 0 &&
           mean_confidence(second->words, second->word_count) > mean_confidence(words, count) + FIGURE_MARGIN;
}

/* Puts the words of `second` in the place of `count` words from `at` on, which are of one line. */
static bool replace_words(struct tolka_page *page, size_t at, size_t count, const struct tolka_page *second)
{
    const int line = page->words[at].line, more = (int)second->word_count - (int)count;

    for (int i = 0; i < more; i++) {
        if (!tolka_page_add_word(page))
            return false;
    }
    page->word_count -= more > 0 ? (size_t)more : 0;
    memmove(&page->words[at + second->word_count], &page->words[at + count],
            (page->word_count - at - count) * sizeof *page->words);
    page->word_count = (size_t)((int)page->word_count + more);
    for (size_t i = 0; i < second->word_count; i++) {
        struct tolka_word *word = &page->words[at + i];
        *word = second->words[i];
        word->line = line;
        word->flags = TOLKA_WORD_SECOND_LOOK;
        word->raw = word->text = tolka_arena_strdup(&page->arena, second->words[i].raw);
        if (!word->raw)
            return false;
    }
    page->lines[line].word_count += more;
    for (size_t l = (size_t)line + 1; l < page->line_count; l++)
        page->lines[l].first_word += more;
    return true;
}

/* Reads `count` figure words from `at` on again, alone. */
static bool reread_figure(struct second_look *look, struct tolka_page *page, size_t at, size_t count)
{
    struct tolka_page second = {.number = page->number, .width = page->width, .height = page->height};
    struct taking taking = {
        .picture = look->picture, .page = &second, .scale = tolka_picture_scale(look->picture)};
    struct tolka_box box = {0};
    bool good = true;

    for (size_t i = at; i < at + count; i++)
        box = tolka_box_union(box, page->words[i].box);
    if (!open_second_engine(look))
        return true;
    set_rectangle(look->recognizer->eng, look->picture, page, box);
    if (!TessBaseAPIRecognize(look->recognizer->eng, NULL) &&
        (taking.it = TessBaseAPIGetIterator(look->recognizer->eng))) {
        good = take_words(&taking);
        TessResultIteratorDelete(taking.it);
    }
    if (good && is_better_figure(&second, page->words + at, count))
        good = replace_words(page, at, count, &second);
    tolka_page_release(&second);
    return good;
}

/* The words from `at` on, up to `end`, that make one figure: close to each other and all figures. */
static size_t figure_length(const struct tolka_page *page, size_t at, size_t end)
{
    size_t count = 0;

    while (at + count < end && is_figure_word(&page->words[at + count]) &&
           (count == 0 || page->words[at + count].box.x0 - page->words[at + count - 1].box.x1 <
                              tolka_box_height(page->words[at].box)))
        count++;
    return count;
}

/* Figures that were read badly beside others are often read well alone. */
static bool reread_figures(struct second_look *look, struct tolka_page *page)
{
    int looks = 0;

    for (size_t l = 0; l < page->line_count; l++) {
        for (int i = 0; i < page->lines[l].word_count; i++) {
            const size_t at = (size_t)(page->lines[l].first_word + i);
            const size_t count =
                figure_length(page, at, (size_t)(page->lines[l].first_word + page->lines[l].word_count));
            if (count == 0)
                continue;
            if (mean_confidence(page->words + at, count) < FIGURE_DOUBT && looks++ < MAX_FIGURES &&
                !reread_figure(look, page, at, count))
                return false;
            i += (int)count - 1; /* one reading each, though their number may have changed */
        }
    }
    return true;
}

static void look_again(struct tolka_recognizer *recognizer, const struct tolka_picture *picture,
                       struct tolka_page *page)
{
    struct reread_request request = {{recognizer, picture, false}, page};

    reread_figures(&request.look, page);
    tolka_symbols_settle(page, picture, reread, &request);
    if (request.look.is_set)
        TessBaseAPIClear(recognizer->eng);
}

static void set_confidence(struct tolka_page *page)
{
    double sum = 0;

    for (size_t i = 0; i < page->word_count; i++)
        sum += page->words[i].confidence;
    page->confidence = page->word_count ? (float)(sum / (double)page->word_count) : 1;
}

static enum tolka_status read_page(struct tolka_recognizer *recognizer, const struct tolka_picture *picture,
                                   struct tolka_page *page, struct tolka_error *err)
{
    TessBaseAPI *api = recognizer->swe;
    struct taking taking = {
        .picture = picture, .page = page, .scale = tolka_picture_scale(picture), .block = -1};
    enum tolka_status status = TOLKA_OK;

    TessBaseAPISetPageSegMode(api, PSM_AUTO);
    TessBaseAPISetImage2(api, tolka_picture_pix(picture));
    TessBaseAPISetSourceResolution(api, tolka_picture_dpi(picture) * taking.scale);
    if (TessBaseAPIRecognize(api, NULL))
        status = tolka_error_set(err, TOLKA_ERR_LIBRARY, "Tesseract could not recognise the page");
    else if ((taking.it = TessBaseAPIGetIterator(api)) && !take_words(&taking))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's words");
    if (taking.it)
        TessResultIteratorDelete(taking.it);
    if (!status && !read_leftovers(recognizer, picture, page))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's words");
    TessBaseAPIClear(api);
    if (!status) {
        tolka_tidy_words(picture, page);
        look_again(recognizer, picture, page);
    }
    set_confidence(page);
    return status;
}

enum tolka_status tolka_recognizer_read(struct tolka_recognizer *recognizer,
                                        const struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err)
{
    const int levels = set_active_levels(0);
    enum tolka_status status = read_page(recognizer, picture, page, err);

    set_active_levels(levels);
    return status;
}

void tolka_recognizer_free(struct tolka_recognizer *recognizer)
{
    if (!recognizer)
        return;
    TessBaseAPIEnd(recognizer->swe);
    TessBaseAPIDelete(recognizer->swe);
    if (recognizer->eng) {
        TessBaseAPIEnd(recognizer->eng);
        TessBaseAPIDelete(recognizer->eng);
    }
    free(recognizer);
}
