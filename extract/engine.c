/*
 * Tesseract behind engine.h. Its result is walked word by word; a word that holds lost thousands spaces
 * becomes several, and a doubtful one keeps what else its characters may be.
 */
#include "extract/engine.h"

#include "base/utf8.h"
#include "extract/alternatives.h"
#include "extract/image.h"
#include "extract/parting.h"
#include "extract/tidy.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

/*
 * Tesseract's own threads spend more time waiting for each other than they save: several times slower on two
 * cores. libgomp reads OMP_THREAD_LIMIT when it is loaded, before main(), so the variable is too late here;
 * parallel regions are made inactive instead, for the thread that asks (the setting is a thread's own) and no
 * longer than a page takes: other code of that thread may want its regions. The library is Tesseract's, not
 * ours, and may be missing: hence the look-up by name. Returns what was set before.
 */
int tolka_engine_set_threads(int levels)
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

/* A word that runs down or up the page has at least so many characters and is read at least so well. */
enum { LEAST_TURNED = 4 };
static const float TURNED_CONFIDENCE = 0.8F;

/* Words read worse than this keep alternatives: figures, and text. */
static const float DOUBTFUL_FIGURE = 0.9F, DOUBTFUL_TEXT = 0.6F;

/* Each round decodes every line once more, a fiftieth of its time, for one more choice a character. The first
 * finds nearly all that are worth keeping. */
static const char CHOICE_ROUNDS[] = "1";

struct tolka_engine {
    TessBaseAPI *api;
    const struct tolka_picture *picture; /* borrowed */
};

/* Engines read and write variables of the process while they are made: one at a time. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static TessBaseAPI *new_api(const char *language)
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
    if (api) {
        TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
        TessBaseAPISetVariable(api, "lstm_choice_mode", "1");
        TessBaseAPISetVariable(api, "lstm_choice_iterations", CHOICE_ROUNDS);
    }
    pthread_mutex_unlock(&making);
    return api;
}

struct tolka_engine *tolka_engine_new(const char *language)
{
    struct tolka_engine *engine = calloc(1, sizeof *engine);

    if (engine && !(engine->api = new_api(language))) {
        free(engine);
        engine = NULL;
    }
    return engine;
}

void tolka_engine_free(struct tolka_engine *engine)
{
    if (!engine)
        return;
    TessBaseAPIEnd(engine->api);
    TessBaseAPIDelete(engine->api);
    free(engine);
}

void tolka_engine_show(struct tolka_engine *engine, const struct tolka_picture *picture)
{
    engine->picture = picture;
    TessBaseAPISetImage2(engine->api, tolka_picture_pix(picture));
    TessBaseAPISetSourceResolution(engine->api, tolka_picture_dpi(picture));
}

void tolka_engine_forget(struct tolka_engine *engine)
{
    engine->picture = NULL;
    TessBaseAPIClear(engine->api);
}

static struct tolka_box element_box(TessResultIterator *it, TessPageIteratorLevel level)
{
    struct tolka_box box = {0};

    if (!TessPageIteratorBoundingBox(TessResultIteratorGetPageIteratorConst(it), level, &box.x0, &box.y0,
                                     &box.x1, &box.y1))
        return (struct tolka_box){0};
    return box;
}

/* The result being taken over. */
struct taking {
    TessResultIterator *it;
    const struct tolka_picture *picture;
    struct tolka_page *page;
    int block;
};

/* Each character's columns by the engine's own symbol boxes, and its confidence. */
static bool place_characters(void *user, struct tolka_characters *chars)
{
    const struct taking *taking = user;
    TessResultIterator *symbol = TessResultIteratorCopy(taking->it);
    size_t i = 0;

    if (!symbol)
        return false;
    do {
        const struct tolka_box place = element_box(symbol, RIL_SYMBOL);
        chars->x0[i] = (float)place.x0;
        chars->x1[i] = (float)place.x1;
        chars->confidence[i] = TessResultIteratorConfidence(symbol, RIL_SYMBOL) / 100;
        i++;
    } while (i < chars->count && TessResultIteratorNext(symbol, RIL_SYMBOL) &&
             !TessPageIteratorIsAtBeginningOf(TessResultIteratorGetPageIteratorConst(symbol), RIL_WORD));
    TessResultIteratorDelete(symbol);
    return i == chars->count;
}

/* What the engine also saw in the place of one character; the first is what stands there. */
static void fill_place(const TessResultIterator *symbol, struct tolka_place *place)
{
    char *text = TessResultIteratorGetUTF8Text(symbol, RIL_SYMBOL);
    TessChoiceIterator *choices = TessResultIteratorGetChoiceIterator(symbol);

    place->count = 0;
    if (text)
        tolka_place_add(place, text, TessResultIteratorConfidence(symbol, RIL_SYMBOL) / 100);
    TessDeleteText(text);
    if (!choices)
        return;
    do {
        const char *other = TessChoiceIteratorGetUTF8Text(choices);
        if (other)
            tolka_place_add(place, other, TessChoiceIteratorConfidence(choices) / 100);
    } while (TessChoiceIteratorNext(choices));
    TessChoiceIteratorDelete(choices);
}

/* The places of the word under the iterator; their number, 0 when there are too many. */
static size_t find_places(const struct taking *taking, struct tolka_place places[TOLKA_MAX_PLACES])
{
    TessResultIterator *symbol = TessResultIteratorCopy(taking->it);
    size_t count = 0;
    bool more = symbol != NULL;

    while (more) {
        if (count == TOLKA_MAX_PLACES) {
            count = 0;
            break;
        }
        fill_place(symbol, &places[count++]);
        more = TessResultIteratorNext(symbol, RIL_SYMBOL) &&
               !TessPageIteratorIsAtBeginningOf(TessResultIteratorGetPageIteratorConst(symbol), RIL_WORD);
    }
    if (symbol)
        TessResultIteratorDelete(symbol);
    return count;
}

static bool is_doubtful(const char *text, float confidence)
{
    return confidence < (strpbrk(text, "0123456789") ? DOUBTFUL_FIGURE : DOUBTFUL_TEXT);
}

/* Gives the words from `first` on, which are pieces of the word under the iterator, their alternatives. */
static void add_alternatives(const struct taking *taking, size_t first)
{
    struct tolka_page *page = taking->page;
    struct tolka_place places[TOLKA_MAX_PLACES];
    size_t count, at = 0;

    if (first == page->word_count || !is_doubtful(page->words[first].raw, page->words[first].confidence))
        return;
    count = find_places(taking, places);
    for (size_t i = first; i < page->word_count; i++) {
        const size_t length = tolka_utf8_count(page->words[i].raw);
        if (length > count - at)
            return;
        tolka_alternatives_compose(&page->arena, places + at, length, &page->words[i]);
        at += length;
    }
}

static bool add_piece(const struct taking *taking, struct tolka_box box, float confidence, const char *text,
                      size_t length)
{
    struct tolka_page *page = taking->page;
    struct tolka_word *word = tolka_page_add_word(page);

    if (!word)
        return false;
    word->box = box;
    word->raw = word->text = tolka_utf8_nfc(&page->arena, text, length);
    word->confidence = confidence;
    word->line = (int)page->line_count - 1;
    return word->raw != NULL;
}

/* Adds the word under the iterator; one that holds lost spaces as several. */
static bool add_pieces(const struct taking *taking, const char *text)
{
    const struct tolka_box box = element_box(taking->it, RIL_WORD);
    const float confidence = TessResultIteratorConfidence(taking->it, RIL_WORD) / 100;
    struct tolka_characters chars;
    uint32_t breaks;
    size_t first = 0;

    if (!tolka_parting_split(text, confidence, &chars))
        return add_piece(taking, box, confidence, text, strlen(text));
    breaks = tolka_parting_find(taking->picture, text, box, place_characters, (void *)taking, &chars);
    for (size_t i = 1; i <= chars.count; i++) {
        struct tolka_box piece = box;
        if (i < chars.count && !(breaks & (uint32_t)1 << i))
            continue;
        piece.x0 = first ? (int)chars.x0[first] : box.x0;
        piece.x1 = i < chars.count ? (int)chars.x1[i - 1] : box.x1;
        if (!add_piece(taking, piece, tolka_parting_confidence(&chars, first, i), text + chars.offset[first],
                       chars.offset[i] - chars.offset[first]))
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
    const size_t first = taking->page->word_count;
    char *text = TessResultIteratorGetUTF8Text(taking->it, RIL_WORD);
    bool good = !text || !*text || *text == ' ' || is_misled(taking, text) || add_pieces(taking, text);

    TessDeleteText(text);
    if (good)
        add_alternatives(taking, first);
    return good;
}

static bool add_line(TessResultIterator *it, int block, struct tolka_page *page)
{
    struct tolka_line *line = tolka_page_add_line(page);

    if (!line)
        return false;
    line->first_word = (int)page->word_count;
    line->block = block;
    line->box = element_box(it, RIL_TEXTLINE);
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
        if (TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE) && !add_line(taking->it, taking->block, page))
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

static void set_rectangle(TessBaseAPI *api, const struct tolka_page *page, struct tolka_box box)
{
    const int rim = tolka_box_height(box) / 4 + 1;
    const int x0 = box.x0 > rim ? box.x0 - rim : 0, y0 = box.y0 > rim ? box.y0 - rim : 0;
    const int x1 = box.x1 + rim < page->width ? box.x1 + rim : page->width,
              y1 = box.y1 + rim < page->height ? box.y1 + rim : page->height;

    TessBaseAPISetRectangle(api, x0, y0, x1 - x0, y1 - y0);
}

enum tolka_status tolka_engine_read(struct tolka_engine *engine, const struct tolka_box *line,
                                    struct tolka_page *page)
{
    struct taking taking = {.picture = engine->picture, .page = page, .block = -1};
    bool good = true;

    TessBaseAPISetPageSegMode(engine->api, line ? PSM_SINGLE_LINE : PSM_AUTO);
    if (line)
        set_rectangle(engine->api, page, *line);
    if (TessBaseAPIRecognize(engine->api, NULL))
        return TOLKA_ERR_LIBRARY;
    taking.it = TessBaseAPIGetIterator(engine->api);
    if (taking.it) {
        good = take_words(&taking);
        TessResultIteratorDelete(taking.it);
    }
    return good ? TOLKA_OK : TOLKA_ERR_MEMORY;
}

char *tolka_engine_read_text(struct tolka_engine *engine, struct tolka_box line,
                             const struct tolka_page *page)
{
    char *text, *copy;

    TessBaseAPISetPageSegMode(engine->api, PSM_SINGLE_LINE);
    set_rectangle(engine->api, page, line);
    text = TessBaseAPIGetUTF8Text(engine->api);
    copy = text ? strdup(text) : NULL;
    TessDeleteText(text);
    return copy;
}
