#include "tests/support/digit_damage.h"

#include "base/strbuf.h"
#include "extract/pagepack.h"
#include "schema/pipeline.h"
#include "schema/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TARGETS = 4000, WORD_BYTES = 64 };

static const float DAMAGED_CONFIDENCE = 0.45F, TRUTH_CONFIDENCE = 0.4F, DECOY_CONFIDENCE = 0.42F;

/* A word of a checked amount, and the amount's cell. */
struct target {
    size_t page, word;
    int table, row, column;
};

struct damage {
    struct tolka_pipeline pipeline;
    struct tolka_strbuf *packed; /* by page */
    size_t page_count;
    struct tolka_record base;
    struct target *targets;
    int target_count;
    bool verbose;
};

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static bool is_same_box(struct tolka_box a, struct tolka_box b)
{
    return a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1;
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL && strlen(text) < WORD_BYTES;
}

/* The record's cell that a grid's cell became. */
static bool find_cell(const struct tolka_record *record, int page, struct tolka_box box,
                      struct target *target)
{
    for (size_t t = 0; t < record->table_count; t++) {
        const struct tolka_table *table = &record->tables[t];
        for (int i = 0; i < table->row_count * table->column_count; i++) {
            const struct tolka_cell *cell = &table->cells[i];
            if (cell->page != page || !cell->has_value || cell->status != TOLKA_CELL_CONFIRMED ||
                !is_same_box(cell->box, box))
                continue;
            target->table = (int)t;
            target->row = i / table->column_count;
            target->column = i % table->column_count;
            return true;
        }
    }
    return false;
}

static void add_targets(struct damage *damage, const struct tolka_page *page, size_t number)
{
    for (size_t g = 0; g < page->grid_count; g++) {
        const struct tolka_grid *grid = &page->grids[g];
        for (int c = 0; c < grid->row_count * grid->column_count; c++) {
            const struct tolka_grid_cell *cell = &grid->cells[c];
            struct target target = {.page = number};
            if (!cell->word_count ||
                !find_cell(&damage->base, page->number, tolka_page_to_image(page, cell->box), &target))
                continue;
            for (int k = 0; k < cell->word_count && damage->target_count < MAX_TARGETS; k++) {
                target.word = (size_t)cell->words[k];
                if (has_digit(page->words[target.word].text))
                    damage->targets[damage->target_count++] = target;
            }
        }
    }
}

static void release_pages(struct tolka_page *pages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
}

static struct tolka_page *unpack_pages(const struct damage *damage)
{
    struct tolka_page *pages = calloc(damage->page_count, sizeof *pages);
    struct tolka_error err = {0};

    for (size_t i = 0; pages && i < damage->page_count; i++) {
        if (tolka_page_unpack(damage->packed[i].data, damage->packed[i].length, &pages[i], &err)) {
            release_pages(pages, damage->page_count);
            return NULL;
        }
    }
    return pages;
}

/* Puts another digit for one of the word's. */
static const char *spoil(struct tolka_arena *arena, const char *text, uint32_t *random)
{
    char *spoilt = tolka_arena_strdup(arena, text);
    size_t digits = 0, chosen;

    for (const char *c = text; *c; c++)
        digits += *c >= '0' && *c <= '9';
    if (!spoilt || !digits)
        return NULL;
    chosen = next_random(random) % digits;
    for (char *c = spoilt; *c; c++) {
        if (*c < '0' || *c > '9' || chosen-- > 0)
            continue;
        *c = (char)('0' + (*c - '0' + 1 + (int)(next_random(random) % 9)) % 10);
        break;
    }
    return spoilt;
}

static bool damage_word(struct tolka_page *page, size_t index, uint32_t *random, enum digit_damage_help help)
{
    struct tolka_word *word = &page->words[index];
    const char *truth = word->text;
    struct tolka_alternative *others = tolka_arena_array(&page->arena, 2, sizeof *others);

    if (!others)
        return false;
    others[0] = (struct tolka_alternative){truth, TRUTH_CONFIDENCE};
    if (help == DAMAGE_DECOY_OFFERED) {
        others[1] = others[0];
        others[0] = (struct tolka_alternative){spoil(&page->arena, truth, random), DECOY_CONFIDENCE};
    }
    word->raw = word->text = spoil(&page->arena, truth, random);
    word->confidence = DAMAGED_CONFIDENCE;
    word->alternatives = others;
    word->alternative_count = help == DAMAGE_NOTHING_OFFERED ? 0 : help == DAMAGE_DECOY_OFFERED ? 2 : 1;
    return word->text && others[0].text;
}

static int count_misprints(const struct tolka_record *record)
{
    int misprints = 0;

    for (size_t t = 0; t < record->table_count; t++) {
        for (size_t i = 0; i < record->tables[t].check_count; i++)
            misprints += record->tables[t].checks[i].verdict == TOLKA_CHECK_MISPRINT;
    }
    return misprints;
}

static bool is_same_value(const struct tolka_cell *a, const struct tolka_cell *b)
{
    return a->has_value == b->has_value && (!a->has_value || tolka_decimal_compare(a->value, b->value) == 0);
}

static void report_failure(const struct damage *damage, const struct target *target,
                           const struct tolka_cell *was, const struct tolka_cell *now, const char *what)
{
    if (damage->verbose)
        printf("%s: table %d row %d column %d: \"%s\" read as \"%s\", now \"%s\" (%d)\n", what,
               target->table + 1, target->row, target->column, was->text, now->raw, now->text,
               (int)now->status);
}

/* Other cells that were given another value now. */
static int count_collateral(const struct damage *damage, const struct tolka_record *record,
                            const struct target *target)
{
    int wrong = 0;

    for (size_t t = 0; t < record->table_count && t < damage->base.table_count; t++) {
        const struct tolka_table *was = &damage->base.tables[t], *now = &record->tables[t];
        if (was->row_count != now->row_count || was->column_count != now->column_count)
            continue;
        for (int i = 0; i < now->row_count * now->column_count; i++) {
            const struct target other = {
                .table = (int)t, .row = i / now->column_count, .column = i % now->column_count};
            if (((int)t == target->table && other.row == target->row && other.column == target->column) ||
                is_same_value(&was->cells[i], &now->cells[i]) || now->cells[i].status != TOLKA_CELL_REPAIRED)
                continue;
            report_failure(damage, &other, &was->cells[i], &now->cells[i], "another made wrong");
            wrong++;
        }
    }
    return wrong;
}

static void judge(const struct damage *damage, const struct tolka_record *record, const struct target *target,
                  struct digit_damage *result)
{
    const struct tolka_table *table = &record->tables[target->table];
    const struct tolka_cell *was = tolka_table_cell(&damage->base.tables[target->table], target->row,
                                                    target->column),
                            *now;

    result->tried++;
    result->misprints += count_misprints(record) > count_misprints(&damage->base);
    if (target->row >= table->row_count || target->column >= table->column_count) {
        result->flagged++;
        return;
    }
    now = tolka_table_cell(table, target->row, target->column);
    if (is_same_value(was, now)) {
        result->right++;
    } else if (now->status == TOLKA_CELL_DOUBTFUL || !now->has_value) {
        report_failure(damage, target, was, now, "left in doubt");
        result->flagged++;
    } else {
        report_failure(damage, target, was, now, "WRONG SILENTLY");
        result->silent++;
    }
    result->silent += count_collateral(damage, record, target);
}

static bool damage_once(const struct damage *damage, const struct target *target, uint32_t *random,
                        enum digit_damage_help help, struct digit_damage *result)
{
    struct tolka_page *pages = unpack_pages(damage);
    struct tolka_record record = {0};
    struct tolka_error err = {0};
    const bool good =
        pages && damage_word(&pages[target->page], target->word, random, help) &&
        tolka_pipeline_report(&damage->pipeline, pages, damage->page_count, &record, &err) == TOLKA_OK &&
        (size_t)target->table < record.table_count;

    if (good)
        judge(damage, &record, target, result);
    tolka_record_release(&record);
    if (pages)
        release_pages(pages, damage->page_count);
    return good;
}

/* Finds grids, keeps the pages as bytes and makes the undamaged report. */
static bool prepare(struct damage *damage, struct tolka_page *pages)
{
    struct tolka_error err = {0};

    for (size_t i = 0; i < damage->page_count; i++) {
        if (tolka_pipeline_finish_page(&damage->pipeline, &pages[i], &err))
            return false;
        tolka_page_pack(&pages[i], &damage->packed[i]);
    }
    if (tolka_pipeline_report(&damage->pipeline, pages, damage->page_count, &damage->base, &err))
        return false;
    for (size_t i = 0; i < damage->page_count; i++)
        add_targets(damage, &pages[i], i);
    return true;
}

bool digit_damage_run(struct tolka_page *pages, size_t page_count, const struct tolka_rules *rules, int times,
                      uint32_t seed, enum digit_damage_help help, bool verbose, struct digit_damage *result)
{
    struct damage damage = {
        .pipeline = {.rules = rules, .ocr = TOLKA_OCR_NEVER}, .page_count = page_count, .verbose = verbose};
    uint32_t random = seed;
    bool good;

    damage.packed = calloc(page_count + 1, sizeof *damage.packed);
    damage.targets = calloc(MAX_TARGETS, sizeof *damage.targets);
    good = damage.packed && damage.targets && prepare(&damage, pages);
    result->checked += damage.target_count;
    for (int i = 0; good && damage.target_count && i < times; i++)
        good = damage_once(&damage, &damage.targets[next_random(&random) % (uint32_t)damage.target_count],
                           &random, help, result);
    for (size_t i = 0; damage.packed && i < page_count; i++)
        tolka_strbuf_release(&damage.packed[i]);
    free(damage.packed);
    free(damage.targets);
    tolka_record_release(&damage.base);
    return good;
}
