/*
 * The whole way of one report. The page half runs in a worker, once a page; the report half runs once, over all pages that came out.
 *
 *     tolka_document_read_page   a page's picture or own text -> words, lines, rulings
 *     tolka_grids_find           words and rulings -> table grids
 *     tolka_layout_columns       columns one behind another
 *     tolka_goal_grids_find      the same for tables of goals in plain text
 *     repair_words               words -> repaired Swedish, each cell of a table for itself
 *     ----
 *     tolka_layout_roles         running headers, footers and headings, over all pages
 *     tolka_tables_build         grids -> typed tables
 *     tolka_rules_settle         units and broken years that the report tells once for all tables
 *     tolka_checks_run           the report's own arithmetic
 *     tolka_doubt_outliers       amounts that no check covers and that are out of line
 *     tolka_rules_describe       the report's description, sections, goals, signatures
 */
#include "schema/pipeline.h"

#include "extract/grid.h"
#include "extract/layout.h"
#include "extract/recognize.h"
#include "schema/check.h"
#include "schema/goaltext.h"
#include "schema/doubt.h"
#include "schema/pagetext.h"
#include "schema/table.h"

#include <string.h>

/* For each word a number of its table cell on the page, below 0; 0 for running text. */
static int *number_cells(const struct tolka_page *page, struct tolka_arena *arena)
{
    const struct tolka_word_place *places = tolka_page_word_places(page, arena);
    int *number = tolka_arena_array(arena, page->word_count + 1, sizeof *number);
    int *first = tolka_arena_array(arena, page->grid_count + 1, sizeof *first); /* of each grid */

    if (!places || !number || !first)
        return NULL;
    for (size_t g = 0; g < page->grid_count; g++)
        first[g + 1] = first[g] - page->grids[g].row_count * page->grids[g].column_count;
    for (size_t i = 0; i < page->word_count; i++)
        number[i] = places[i].grid < 0 ? 0 : first[places[i].grid] - places[i].cell - 1;
    return number;
}

/* Words in the order in which the repair should read them, as indices: running text by lines, then each cell for itself. */
static size_t *order_words(const struct tolka_page *page, const int *cell_of, struct tolka_arena *arena)
{
    size_t *order = tolka_arena_array(arena, page->word_count + 1, sizeof *order), n = 0;

    for (size_t i = 0; order && i < page->word_count; i++) {
        if (!cell_of[i])
            order[n++] = i;
    }
    for (size_t g = 0; order && g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            for (int k = 0; k < grid->cells[c].word_count; k++)
                order[n++] = (size_t)grid->cells[c].words[k];
        }
    }
    return order;
}

static bool take_readings(const struct tolka_word *word, struct tolka_token *token, struct tolka_arena *arena)
{
    struct tolka_reading *readings;

    if (!word->alternative_count)
        return true;
    readings = tolka_arena_array(arena, word->alternative_count, sizeof *readings);
    for (size_t i = 0; readings && i < word->alternative_count; i++)
        readings[i] = (struct tolka_reading){word->alternatives[i].text, word->alternatives[i].confidence};
    token->readings = readings;
    token->reading_count = word->alternative_count;
    return readings != NULL;
}

static enum tolka_status repair_words(const struct tolka_model *model, struct tolka_page *page, struct tolka_error *err)
{
    struct tolka_arena scratch = {0};
    int *cell_of = number_cells(page, &scratch);
    size_t *order = cell_of ? order_words(page, cell_of, &scratch) : NULL;
    struct tolka_token *tokens = tolka_arena_array(&scratch, page->word_count + 1, sizeof *tokens);
    enum tolka_status status = TOLKA_ERR_MEMORY;

    if (order && tokens) {
        for (size_t i = 0; i < page->word_count; i++) {
            const struct tolka_word *word = &page->words[order[i]];
            const int block = word->line >= 0 ? page->lines[word->line].block : 0, cell = cell_of[order[i]];
            tokens[i] = (struct tolka_token){.text = word->raw, .confidence = word->confidence, .line = word->line, .block = cell ? cell : block};
            if (!take_readings(word, &tokens[i], &scratch))
                goto out;
        }
        status = tolka_normalize_tokens(model, tokens, page->word_count, &page->arena, err);
    }
    for (size_t i = 0; status == TOLKA_OK && i < page->word_count; i++) {
        struct tolka_word *word = &page->words[order[i]];
        if (!tokens[i].repaired || strcmp(tokens[i].repaired, word->raw) == 0)
            continue;
        word->text = tokens[i].repaired;
        word->repair_confidence = tokens[i].repair_confidence;
        word->repair_reason = tokens[i].reason;
    }
out:
    tolka_arena_release(&scratch);
    return status ? tolka_error_set(err, status, "out of memory") : TOLKA_OK;
}

const char *tolka_stage_name(int stage)
{
    static const char *const NAMES[] = {NULL,     "open",   "read",   "grids",    "repair",
                                        "layout", "tables", "checks", "describe", "write"};

    return stage > 0 && stage < (int)(sizeof NAMES / sizeof *NAMES) ? NAMES[stage] : NULL;
}

/* Tells where the work stands. */
static void enter(const struct tolka_pipeline *pipeline, enum tolka_stage stage)
{
    if (pipeline->stage)
        *pipeline->stage = (unsigned char)stage;
}

enum tolka_status tolka_pipeline_finish_page(const struct tolka_pipeline *pipeline, struct tolka_page *page, struct tolka_error *err)
{
    enum tolka_status status;

    enter(pipeline, TOLKA_STAGE_GRIDS);
    status = tolka_grids_find(page, err);
    if (!status)
        status = tolka_layout_columns(page, err);
    if (!status)
        status = tolka_goal_grids_find(pipeline->rules, page, err);
    enter(pipeline, TOLKA_STAGE_REPAIR);
    return status || !pipeline->model ? status : repair_words(pipeline->model, page, err);
}

/* The share of a page's words that exist, 1 when there are fewer than can be judged. */
static double known_share(const struct tolka_page *page, const struct tolka_model *model)
{
    enum { LEAST_WORDS = 8 };
    size_t known = 0, words = 0;

    for (size_t i = 0; i < page->word_count; i++)
        tolka_normalize_count_known(model, page->words[i].raw, &known, &words);
    return words < LEAST_WORDS ? 1 : (double)known / (double)words;
}

/* A layer that knew Swedish has 0.91 to 0.96, one that did not 0.74 to 0.77 (two pages each, of two scans). */
static bool layer_is_good(const struct tolka_page *page, const void *model)
{
    static const double GOOD_SHARE = 0.86;

    return known_share(page, model) >= GOOD_SHARE;
}

/* A page's own text that says nothing, in a broken encoding, is given up when recognition makes more sense of the page. */
static enum tolka_status mend_garbled(const struct tolka_pipeline *pipeline, struct tolka_document *doc,
                                      struct tolka_recognizer **recognizer, struct tolka_page *page, struct tolka_error *err)
{
    static const double GARBLED_SHARE = 0.3, GAIN = 0.25;
    const double share = known_share(page, pipeline->model);
    struct tolka_page again = {0};
    enum tolka_status status = TOLKA_OK;

    if (page->origin != TOLKA_ORIGIN_TEXT || page->plain_text || share >= GARBLED_SHARE)
        return TOLKA_OK;
    if (!*recognizer)
        status = tolka_recognizer_new(recognizer, err);
    if (!status)
        status = tolka_document_read_page(doc, page->number, TOLKA_OCR_ALWAYS, *recognizer, &again, err);
    if (!status && known_share(&again, pipeline->model) >= share + GAIN) {
        struct tolka_page garbled = *page;
        *page = again;
        again = garbled;
    }
    tolka_page_release(&again);
    return status;
}

enum tolka_status tolka_pipeline_page(const struct tolka_pipeline *pipeline, struct tolka_document *doc, int number,
                                      struct tolka_recognizer **recognizer, struct tolka_page *page, struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    enter(pipeline, TOLKA_STAGE_READ);
    if (pipeline->ocr == TOLKA_OCR_AUTO && pipeline->model)
        status = tolka_document_read_layer(doc, number, layer_is_good, pipeline->model, page, err);
    if (!status && page->width)
        return tolka_pipeline_finish_page(pipeline, page, err);
    if (!status && !*recognizer && tolka_document_needs_recognizer(doc, number, pipeline->ocr))
        status = tolka_recognizer_new(recognizer, err);
    if (!status)
        status = tolka_document_read_page(doc, number, pipeline->ocr, *recognizer, page, err);
    if (!status && pipeline->ocr == TOLKA_OCR_AUTO && pipeline->model)
        status = mend_garbled(pipeline, doc, recognizer, page, err);
    return status ? status : tolka_pipeline_finish_page(pipeline, page, err);
}

static enum tolka_status summarize_pages(const struct tolka_pipeline *pipeline, const struct tolka_page *pages, size_t page_count,
                                         struct tolka_record *record, struct tolka_error *err)
{
    record->pages = tolka_arena_array(&record->arena, page_count, sizeof *record->pages);
    if (!record->pages)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    record->page_capacity = page_count;
    for (size_t i = 0; i < page_count; i++) {
        const struct tolka_page *p = &pages[i];
        struct tolka_page_summary *summary = &record->pages[record->page_count++];
        *summary = (struct tolka_page_summary){p->number, p->width, p->height, p->dpi, p->origin, p->rotation_deg,
                                               p->skew_deg, p->confidence, tolka_page_text(p, pipeline->model, &record->arena)};
        if (!summary->text)
            return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        for (size_t k = 0; k < p->problems.count; k++)
            tolka_diags_add(&record->problems, &record->arena, p->number, p->problems.items[k].code, "%s",
                            p->problems.items[k].message);
    }
    return TOLKA_OK;
}

/* Every repaired word leaves its trace. */
static enum tolka_status list_repairs(const struct tolka_page *page, struct tolka_record *record, struct tolka_error *err)
{
    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        struct tolka_correction *list;
        if (strcmp(word->text, word->raw) == 0)
            continue;
        list = tolka_arena_grow(&record->arena, record->corrections, record->correction_count, &record->correction_capacity,
                                sizeof *list);
        if (!list)
            return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
        record->corrections = list;
        list[record->correction_count++] = (struct tolka_correction){
            page->number, tolka_page_to_image(page, word->box), tolka_arena_strdup(&record->arena, word->raw),
            tolka_arena_strdup(&record->arena, word->text), word->repair_confidence, word->repair_reason, NULL, NULL, 0, 0};
    }
    return TOLKA_OK;
}

enum tolka_status tolka_pipeline_report(const struct tolka_pipeline *pipeline, struct tolka_page *pages, size_t page_count,
                                        struct tolka_record *record, struct tolka_error *err)
{
    enum tolka_status status;

    enter(pipeline, TOLKA_STAGE_LAYOUT);
    tolka_layout_roles(pages, page_count);
    status = summarize_pages(pipeline, pages, page_count, record, err);
    for (size_t i = 0; !status && i < page_count; i++)
        status = list_repairs(&pages[i], record, err);
    enter(pipeline, TOLKA_STAGE_TABLES);
    if (!status)
        status = tolka_tables_build(pages, page_count, pipeline->rules, pipeline->model, record, err);
    if (!status && pipeline->rules)
        status = tolka_rules_settle(pipeline->rules, pages, page_count, record, err);
    enter(pipeline, TOLKA_STAGE_CHECKS);
    if (!status)
        status = tolka_checks_run(pipeline->rules, record, err);
    enter(pipeline, TOLKA_STAGE_DESCRIBE);
    if (!status)
        tolka_doubt_outliers(record);
    if (!status)
        status = tolka_rules_describe(pipeline->rules, pages, page_count, record, err);
    return status;
}
