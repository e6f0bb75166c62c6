/*
 * A page read with two engines: Swedish for everything, English for a second look at doubtful figures and at
 * symbols that the Swedish model cannot say.
 */
#include "extract/recognize.h"

#include "base/utf8.h"
#include "extract/dashes.h"
#include "extract/engine.h"
#include "extract/figures.h"
#include "extract/groups.h"
#include "extract/image.h"
#include "extract/layout.h"
#include "extract/lone_dashes.h"
#include "extract/signs.h"
#include "extract/symbols.h"
#include "extract/tidy.h"

#include <stdlib.h>
#include <string.h>

struct tolka_recognizer {
    struct tolka_engine *swe;
    struct tolka_engine *eng; /* for second looks; made when first needed */
    bool no_eng;              /* its data is missing: second looks are left out */
};

/* What was passed over at first is kept from this confidence on, for much of it is stamps, signatures and
 * dirt; figures that share this part of their height with another word from a lower one. */
static const float LEFTOVER_CONFIDENCE = 0.6F, LEFTOVER_FIGURE = 0.4F, LEVEL = 0.65F;

/* Figures read worse than this get a second reading, which must be surer by the margin. */
static const float FIGURE_DOUBT = 0.72F, FIGURE_MARGIN = 0.1F;
static const float WRECKED = 0.5F, WHOLE = 0.7F; /* WHOLE: of the width of what is read again */
enum { MAX_FIGURES = 100 };

enum tolka_status tolka_recognizer_new(struct tolka_recognizer **out, struct tolka_error *err)
{
    struct tolka_recognizer *recognizer = calloc(1, sizeof *recognizer);

    *out = NULL;
    if (!recognizer)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    recognizer->swe = tolka_engine_new("swe");
    if (!recognizer->swe) {
        free(recognizer);
        return tolka_error_set(
            err, TOLKA_ERR_LIBRARY,
            "Tesseract cannot be started: is its Swedish data (tesseract-ocr-swe) installed?");
    }
    *out = recognizer;
    return TOLKA_OK;
}

/* As high as a word that is there already and level with it. */
static bool is_in_row(const struct tolka_page *page, size_t word_count, struct tolka_box box)
{
    for (size_t i = 0; i < word_count; i++) {
        const struct tolka_box other = page->words[i].box;
        const int y0 = box.y0 > other.y0 ? box.y0 : other.y0, y1 = box.y1 < other.y1 ? box.y1 : other.y1;
        if ((float)(y1 - y0) >= LEVEL * (float)tolka_box_height(other) &&
            (float)(y1 - y0) >= LEVEL * (float)tolka_box_height(box))
            return true;
    }
    return false;
}

/* All words from `first` on are sure; less is asked of figures in a row, lest an amount be lost. */
static bool reads_well(const struct tolka_page *page, size_t first)
{
    for (size_t i = first; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        if (word->confidence < LEFTOVER_CONFIDENCE &&
            (word->confidence < LEFTOVER_FIGURE || word->raw[strspn(word->raw, "0123456789,.-")] ||
             !strpbrk(word->raw, "0123456789") || !is_in_row(page, first, word->box)))
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
        recognizer->no_eng = !(recognizer->eng = tolka_engine_new("eng"));
    if (recognizer->no_eng)
        return false;
    if (!look->is_set) {
        tolka_engine_show(recognizer->eng, look->picture);
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
    read = tolka_engine_read_text(request->look.recognizer->eng, box, request->page);
    if (read)
        good = copy_tight(read, text);
    free(read);
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
    bool good = true;

    for (size_t i = 0; good && i < count; i++) {
        const size_t lines = page->line_count, words = page->word_count;
        good = tolka_engine_read(recognizer->swe, &boxes[i], page) != TOLKA_ERR_MEMORY;
        if (!good || !reads_well(page, words)) {
            page->line_count = lines;
            page->word_count = words;
        }
        for (size_t k = lines; k < page->line_count; k++)
            page->lines[k].block = TOLKA_BLOCK_UNPLACED;
    }
    return good;
}

/* Half of it digits, or a third where it is read very badly. */
static bool is_figure_word(const struct tolka_word *word)
{
    const size_t share = word->confidence < WRECKED ? 3 : 2;
    size_t digits = 0;

    for (const char *c = word->raw; *c; c++)
        digits += *c >= '0' && *c <= '9';
    return digits > 0 && share * digits >= strlen(word->raw);
}

static float mean_confidence(const struct tolka_word *words, size_t count)
{
    float sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += words[i].confidence;
    return count ? sum / (float)count : 0;
}

/* The words of one reading together. */
struct reading {
    struct tolka_box box;
    size_t digits;
};

static struct reading sum_up(const struct tolka_word *words, size_t count)
{
    struct reading reading = {{0}, 0};

    for (size_t i = 0; i < count; i++) {
        reading.box = tolka_box_union(reading.box, words[i].box);
        for (const char *c = words[i].raw; *c; c++)
            reading.digits += tolka_is_digit(*c);
    }
    return reading;
}

/* Whether the second reading saw a part of the print only: fewer digits, in less room. */
static bool is_partial(struct reading first, struct reading second)
{
    return second.digits > 0 && second.digits < first.digits &&
           (float)tolka_box_width(second.box) < WHOLE * (float)tolka_box_width(first.box);
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
           !is_partial(sum_up(words, count), sum_up(second->words, second->word_count)) &&
           mean_confidence(second->words, second->word_count) > mean_confidence(words, count) + FIGURE_MARGIN;
}

/* Makes the reading that `other` (NULL for none) lost with the first alternative of `word`, and its own
 * alternatives, which may lie in another page's memory, the page's. */
static bool keep_alternatives(struct tolka_page *page, struct tolka_word *word,
                              const struct tolka_word *other)
{
    const bool is_new = other && strcmp(other->raw, word->raw) != 0;
    struct tolka_alternative *kept =
        tolka_arena_array(&page->arena, word->alternative_count + 1, sizeof *kept);
    size_t count = 0;

    if (!kept)
        return false;
    if (is_new)
        kept[count++] =
            (struct tolka_alternative){tolka_arena_strdup(&page->arena, other->raw), other->confidence};
    for (size_t i = 0; i < word->alternative_count; i++) {
        const struct tolka_alternative *from = &word->alternatives[i];
        if (!is_new || strcmp(from->text, other->raw) != 0)
            kept[count++] =
                (struct tolka_alternative){tolka_arena_strdup(&page->arena, from->text), from->confidence};
    }
    word->alternatives = kept;
    word->alternative_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!kept[i].text)
            return false;
    }
    return true;
}

/* A second reading that lost, of as many words, is kept as well. */
static bool keep_losers(struct tolka_page *page, size_t at, size_t count, const struct tolka_page *second)
{
    for (size_t i = 0; second->word_count == count && i < count; i++) {
        if (is_figure_word(&second->words[i]) &&
            !keep_alternatives(page, &page->words[at + i], &second->words[i]))
            return false;
    }
    return true;
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
        struct tolka_word was = *word;
        *word = second->words[i];
        word->line = line;
        word->flags = TOLKA_WORD_SECOND_LOOK;
        word->raw = word->text = tolka_arena_strdup(&page->arena, second->words[i].raw);
        if (!word->raw || !keep_alternatives(page, word, more == 0 ? &was : NULL))
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
    struct tolka_box box = {0};
    bool good = true;

    for (size_t i = at; i < at + count; i++)
        box = tolka_box_union(box, page->words[i].box);
    if (!open_second_engine(look))
        return true;
    good = tolka_engine_read(look->recognizer->eng, &box, &second) != TOLKA_ERR_MEMORY;
    if (good)
        good = is_better_figure(&second, page->words + at, count) ? replace_words(page, at, count, &second)
                                                                  : keep_losers(page, at, count, &second);
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
    tolka_signs_settle(picture, page);
    tolka_symbols_settle(page, picture, reread, &request);
    if (request.look.is_set)
        tolka_engine_forget(recognizer->eng);
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
    enum tolka_status status;

    tolka_engine_show(recognizer->swe, picture);
    status = tolka_engine_read(recognizer->swe, NULL, page);
    if (status == TOLKA_ERR_LIBRARY)
        tolka_error_set(err, status, "Tesseract could not recognise the page");
    else if (status || !read_leftovers(recognizer, picture, page))
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's words");
    tolka_engine_forget(recognizer->swe);
    if (!status) {
        tolka_tidy_words(picture, page);
        tolka_figures_doubt(picture, page);
        look_again(recognizer, picture, page);
        tolka_figures_doubt(picture, page); /* a second reading may have too few digits as well */
        tolka_figures_settle(picture, page);
        tolka_lone_dashes_add(picture, page);
        tolka_groups_settle(page);
        tolka_dashes_settle(picture, page); /* last: second readings know hyphens only */
    }
    set_confidence(page);
    return status;
}

enum tolka_status tolka_recognizer_read(struct tolka_recognizer *recognizer,
                                        const struct tolka_picture *picture, struct tolka_page *page,
                                        struct tolka_error *err)
{
    const int levels = tolka_engine_set_threads(0);
    enum tolka_status status = read_page(recognizer, picture, page, err);

    tolka_engine_set_threads(levels);
    return status;
}

void tolka_recognizer_free(struct tolka_recognizer *recognizer)
{
    if (!recognizer)
        return;
    tolka_engine_free(recognizer->swe);
    tolka_engine_free(recognizer->eng);
    free(recognizer);
}
