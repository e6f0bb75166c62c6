/*
 * Words into a cell. Words are joined by one space; a word hyphenated at a line's end is joined again. An
 * amount whose groups of digits came apart wrongly is grouped anew: white space is no repair. The confidence
 * of an amount is that of its digits.
 */
#include "schema/table_int.h"

#include "base/utf8.h"
#include "schema/doubt.h"
#include "schema/textjoin.h"
#include "schema/value.h"

#include <string.h>

enum {
    MAX_CELL_ALTERNATIVES = 12,
    MAX_AMOUNT_BYTES = 64, /* longer cells are prose */
};

void tolka_table_append_word(struct tolka_table_builder *builder, const char *word, bool broken,
                             size_t *last_start)
{
    tolka_textjoin_append(&builder->scratch, word, broken, last_start, builder->model, builder->arena);
}

static const struct tolka_word *word_at(const struct tolka_page *page, const struct tolka_grid_cell *source,
                                        int i)
{
    return &page->words[source->words[i]];
}

/* A bracket without its other half among the words from `first` to `last`. */
static bool is_lone_bracket(const struct tolka_page *page, const struct tolka_grid_cell *source, char half,
                            int first, int last)
{
    for (int i = first; i <= last; i++) {
        if (strchr(word_at(page, source, i)->text, half))
            return false;
    }
    return true;
}

/* A letter that the recogniser cut off the next word and read once more with it. */
static bool is_read_twice(const struct tolka_page *page, const struct tolka_word *letter,
                          const struct tolka_word *next)
{
    return letter->line >= 0 && page->lines[letter->line].word_count == 1 && next->line != letter->line &&
           next->box.y0 < letter->box.y1 && letter->box.y0 < next->box.y1 &&
           next->text[0] == letter->text[0] && (letter->text[0] | 0x20) >= 'a' &&
           (letter->text[0] | 0x20) <= 'z' &&
           next->box.x0 - letter->box.x1 < tolka_box_height(letter->box) / 2;
}

/* One character that is no word of the cell: what recognition alone makes. */
static bool is_stray(const struct tolka_page *page, const struct tolka_grid_cell *source, int i)
{
    const struct tolka_word *word = word_at(page, source, i);

    if (page->origin != TOLKA_ORIGIN_OCR || !word->text[0] || word->text[1] || source->word_count < 2)
        return false;
    if (word->text[0] == ')')
        return is_lone_bracket(page, source, '(', 0, i - 1);
    if (word->text[0] == '(')
        return is_lone_bracket(page, source, ')', i + 1, source->word_count - 1);
    return i + 1 < source->word_count && is_read_twice(page, word, word_at(page, source, i + 1));
}

/* The cell's text with word `swapped` (an index into the cell, -1 for none) replaced by `other`. Borrowed
 * from the scratch buffer. */
static const char *join_words(struct tolka_table_builder *builder, const struct tolka_page *page,
                              const struct tolka_grid_cell *source, int swapped, const char *other)
{
    size_t last_start = 0;

    tolka_strbuf_truncate(&builder->scratch, 0);
    for (int i = 0; i < source->word_count; i++) {
        const struct tolka_word *word = &page->words[source->words[i]];
        bool broken = i > 0 && page->words[source->words[i - 1]].line != word->line;

        if (is_stray(page, source, i))
            continue;
        tolka_table_append_word(builder, i == swapped ? other : word->text, broken, &last_start);
    }
    return tolka_strbuf_text(&builder->scratch);
}

static const char *join_raw(struct tolka_table_builder *builder, const struct tolka_page *page,
                            const struct tolka_grid_cell *source)
{
    tolka_strbuf_truncate(&builder->scratch, 0);
    for (int i = 0; i < source->word_count; i++) {
        if (i > 0)
            tolka_strbuf_add_char(&builder->scratch, ' ');
        tolka_strbuf_add_str(&builder->scratch, page->words[source->words[i]].raw);
    }
    return tolka_arena_strdup(builder->arena, tolka_strbuf_text(&builder->scratch));
}

/* True when the run of digits and spaces at `text` has a group that is not of three digits, though it is
 * grouped. */
static bool is_grouped_wrongly(const char *text, size_t length)
{
    size_t group = 0;
    bool grouped = false, wrong = false;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && tolka_is_digit(text[i])) {
            group++;
            continue;
        }
        wrong = wrong || group > 3 || (grouped && group != 3);
        grouped = grouped || i < length;
        group = 0;
    }
    return grouped && wrong;
}

/* Groups the whole part of an amount by threes when it came apart wrongly; else returns `text`. */
static const char *regroup(struct tolka_arena *arena, const char *text)
{
    size_t start = strcspn(text, "0123456789"), length = strspn(text + start, "0123456789 "), digits = 0,
           n = 0;
    char whole[MAX_AMOUNT_BYTES * 2];

    while (length > 0 && text[start + length - 1] == ' ')
        length--;
    if (length > MAX_AMOUNT_BYTES || !is_grouped_wrongly(text + start, length))
        return text;
    for (size_t i = 0; i < length; i++)
        digits += tolka_is_digit(text[start + i]);
    for (size_t i = 0; i < length; i++) {
        if (!tolka_is_digit(text[start + i]))
            continue;
        whole[n++] = text[start + i];
        if (--digits % 3 == 0 && digits > 0)
            whole[n++] = ' ';
    }
    return tolka_arena_printf(arena, "%.*s%.*s%s", (int)start, text, (int)n, whole, text + start + length);
}

/* What a recogniser makes of specks and of the ends of rulings; signs are looked at on their own. */
static bool is_specks(uint32_t code)
{
    return code < 0x80 ? code && strchr(" \"'`.,:;+=<>|_~^*/\\-", (int)code) != NULL
                       : code == 0xAB || code == 0xBB || code == 0xB7 || code == 0xB4 || code == 0xB0 ||
                             (code >= 0x2010 && code <= 0x2022) || code == 0x2212;
}

static bool is_dash(uint32_t code)
{
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
}

/* An amount among specks ("=:++-14 240", "--2 100"): the amount alone, with one sign where there was any;
 * NULL when there are no specks before it, or something else. */
static const char *without_specks(struct tolka_arena *arena, const char *text)
{
    size_t length = strlen(text), at = 0;
    bool negative = false;

    while (at < length) {
        uint32_t code;
        size_t step = tolka_utf8_decode(text + at, length - at, &code);

        if (!is_specks(code))
            break;
        negative = negative || is_dash(code);
        at += step;
    }
    while (length > at && strchr(" \"'`.,:;|_~", text[length - 1]))
        length--;
    if (!tolka_is_digit(text[at]) || (at == 0 && !text[length]))
        return NULL;
    return tolka_arena_printf(arena, "%s%.*s", negative ? "-" : "", (int)(length - at), text + at);
}

/* Takes the value out of the cell's text; of one that was recognised, specks around it are no part of it. */
static bool take_value(struct tolka_arena *arena, enum tolka_origin origin, struct tolka_cell *cell)
{
    const char *amount;

    cell->has_value = tolka_value_parse(cell->text, &cell->value, &cell->unit);
    if (!cell->has_value && origin == TOLKA_ORIGIN_OCR && strlen(cell->text) <= MAX_AMOUNT_BYTES) {
        amount = without_specks(arena, cell->text);
        cell->has_value = amount && tolka_value_parse(amount, &cell->value, &cell->unit);
        if (cell->has_value)
            cell->text = amount;
    }
    if (cell->has_value)
        cell->text = regroup(arena, cell->text);
    return cell->text != NULL;
}

static bool holds_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

static bool holds_letter(const char *text)
{
    for (; *text; text++) {
        if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')
            return true;
        if ((unsigned char)*text >= 0xC3)
            return true;
    }
    return false;
}

/* The lowest confidence of the words that matter: those with digits in an amount, those with letters or
 * digits elsewhere. */
static float lowest_confidence(const struct tolka_page *page, const struct tolka_grid_cell *source,
                               bool amount)
{
    float lowest = 1;

    for (int i = 0; i < source->word_count; i++) {
        const struct tolka_word *word = &page->words[source->words[i]];
        bool matters = holds_digit(word->raw) || (!amount && holds_letter(word->raw));

        if ((matters || source->word_count == 1) && word->confidence < lowest)
            lowest = word->confidence;
    }
    return lowest < 0 ? 0 : lowest;
}

/* Other readings of the whole cell: one word at a time replaced by one of its alternatives, as long as the
 * cell stays an amount. */
static bool fill_alternatives(struct tolka_table_builder *builder, const struct tolka_page *page,
                              const struct tolka_grid_cell *source, struct tolka_cell *cell)
{
    struct tolka_alternative found[MAX_CELL_ALTERNATIVES], *kept;
    struct tolka_decimal value;
    enum tolka_unit unit;
    size_t n = 0;

    for (int i = 0; i < source->word_count; i++) {
        const struct tolka_word *word = &page->words[source->words[i]];

        for (size_t k = 0; k < word->alternative_count && n < MAX_CELL_ALTERNATIVES; k++) {
            const char *text = join_words(builder, page, source, i, word->alternatives[k].text);

            if (strcmp(text, cell->text) == 0 || !tolka_value_parse(text, &value, &unit))
                continue;
            found[n].confidence = word->alternatives[k].confidence;
            found[n].text = tolka_arena_strdup(builder->arena, text);
            if (!found[n++].text)
                return false;
        }
    }
    if (n == 0)
        return true;
    kept = tolka_arena_array(builder->arena, n, sizeof *kept);
    if (!kept)
        return false;
    for (size_t i = 0; i < n; i++) { /* best first; the list is short */
        size_t at = i;

        for (; at > 0 && kept[at - 1].confidence < found[i].confidence; at--)
            kept[at] = kept[at - 1];
        kept[at] = found[i];
    }
    cell->alternatives = kept;
    cell->alternative_count = n;
    return true;
}

bool tolka_table_fill_cell(struct tolka_table_builder *builder, const struct tolka_page *page,
                           const struct tolka_grid_cell *source, struct tolka_cell *cell)
{
    *cell = (struct tolka_cell){.text = "", .raw = "", .page = page->number, .confidence = 1};
    if (source->word_count == 0)
        return true;
    cell->raw = join_raw(builder, page, source);
    cell->text = tolka_arena_strdup(builder->arena, join_words(builder, page, source, -1, NULL));
    if (!cell->raw || !cell->text)
        return false;
    if (!take_value(builder->arena, page->origin, cell))
        return false;
    cell->box = tolka_page_to_image(page, source->box);
    cell->confidence = lowest_confidence(page, source, cell->has_value);
    cell->status = tolka_text_same_but_space(cell->text, cell->raw) ? TOLKA_CELL_READ : TOLKA_CELL_REPAIRED;
    return strlen(cell->text) > MAX_AMOUNT_BYTES || fill_alternatives(builder, page, source, cell);
}

/* Digits make up at least half of the letters and digits: meant as an amount. */
static bool looks_like_amount(const char *text)
{
    size_t digits = 0, letters = 0;
    char iso[11];

    for (const char *c = text; *c; c++) {
        digits += tolka_is_digit(*c);
        letters += (*c | 0x20) >= 'a' && (*c | 0x20) <= 'z';
    }
    return digits > 0 && digits >= letters && strlen(text) < MAX_AMOUNT_BYTES && !tolka_date_parse(text, iso);
}

/* "024 252", "01": no report prints a figure so. */
static bool has_idle_nought(const struct tolka_page *page, const char *text)
{
    text += *text == '-';
    return page->origin == TOLKA_ORIGIN_OCR && text[0] == '0' &&
           (tolka_is_digit(text[1]) || (text[1] == ' ' && tolka_is_digit(text[2])));
}

void tolka_table_mark_doubt(struct tolka_table_draft *draft)
{
    const struct tolka_table *table = &draft->table;

    for (int r = table->header_rows; r < table->row_count; r++) {
        for (int c = 0; c < table->column_count; c++) {
            struct tolka_cell *cell = tolka_table_cell(table, r, c);

            if (!draft->numeric[c] || !*cell->text)
                continue;
            if (cell->has_value
                    ? cell->confidence < TOLKA_DOUBT_CONFIDENCE || has_idle_nought(draft->page, cell->text)
                    : looks_like_amount(cell->text))
                cell->status = TOLKA_CELL_DOUBTFUL;
        }
    }
}
