/*
 * Words to tokens, chunks and visual rows. The recogniser's lines are not used: in tables it joins cells of
 * several columns into a line and splits rows. Rows are found from the words' centres instead, which a word
 * with a descender moves by less than a third of the pitch.
 */
#include "base/utf8.h"
#include "extract/grid_internal.h"

#include <stdlib.h>
#include <string.h>

/* All in units of the median word height (about 0.75 em); a word space is about 0.35. */
static const float ROW_STEP = 0.50f;   /* farthest from a row's mean centre: the pitch is at least 1.4 */
static const float ROW_SPREAD = 0.80f; /* first to last centre of a row */
static const float TEXT_GAP = 1.15f;   /* wider than a space of justified text */
/* wider than a thousands space, narrower than the space between columns */
static const float FIGURE_GAP = 0.75f;
static const float SLIM_DIGIT = 0.12f; /* a 1 is so much slimmer on each side than other digits */
static const float MIXED_GAP = 1.00f;
static const float FLAT = 0.4f; /* lower than any letter: the lowest are 0.65 high */
static const float TALL = 3.5f; /* taller than any print of a table: remains of a ruling or a picture */

/* confidence: one or two letters read worse are speckle or remains of rules */
static const float DOUBTED = 0.3f;

enum { DIGITS_OF_GROUP = 3, LETTERS_OF_UNIT = 3, MAX_KIND_BYTES = 64, JOIN_WINDOW = 48 };

struct census {
    int digits, letters, dashes, dots, marks, total;
    bool starts_as_figure;
};

static bool is_dash(uint32_t c)
{
    return c == '-' || c == 0x2212 || (c >= 0x2010 && c <= 0x2015);
}

static void census_add(struct census *n, uint32_t c)
{
    bool digit = c >= '0' && c <= '9';

    if (n->digits + n->letters == 0 && digit)
        n->starts_as_figure = true;
    n->digits += digit;
    n->letters += tolka_utf8_is_letter(c);
    n->dashes += is_dash(c);
    n->dots += c == '.' || c == '_' || c == 0x2026 || c == 0xB7;
    n->marks += c == '%' || c == '+' || c == '(' || c == ')' || c == '*';
    n->total++;
}

static struct census take_census(const char *text)
{
    struct census n = {0};
    size_t length = strnlen(text, MAX_KIND_BYTES), at = 0;
    uint32_t c;

    while (at < length) {
        at += tolka_utf8_decode(text + at, length - at, &c);
        census_add(&n, c);
    }
    return n;
}

/* Letters beside digits: a unit behind ("kr", "st"), or a misread digit among many. */
static bool is_figure(struct census n)
{
    if (!n.digits || !n.starts_as_figure)
        return false;
    return n.letters == 0 || n.digits >= 3 * n.letters;
}

enum grid_kind grid_word_kind(const struct tolka_word *word, float unit_px)
{
    struct census n = take_census(word->text);
    int width, height;

    if (!grid_is_sane(word->box))
        return GRID_NOISE;
    width = tolka_box_width(word->box);
    height = tolka_box_height(word->box);
    if (n.dots >= 3 && n.dots + 2 >= n.total && width > 0)
        return GRID_LEADER;
    if (n.digits == 0 && n.total <= 2 && word->confidence < DOUBTED && strcmp(word->text, "%") != 0)
        return GRID_NOISE;
    if (tolka_box_is_empty(word->box) || ((float)height > TALL * unit_px && width < height))
        return GRID_NOISE;
    if (n.letters + n.digits > 0 && (float)height < FLAT * unit_px) /* dots that were taken for letters */
        return (float)width > 2 * unit_px ? GRID_LEADER : GRID_NOISE;
    if (is_figure(n))
        return GRID_FIGURE;
    if (n.letters + n.digits > 0)
        return GRID_TEXT;
    if (n.dots && (float)width > 3 * unit_px)
        return GRID_LEADER;
    if (n.dashes && n.dashes == n.total && n.total <= 3)
        return GRID_DASH;
    return n.marks &&
                   (n.total <= 2 ||
                    (n.total <= 4 && n.marks > 1 && n.marks + n.dashes + n.dots == n.total)) &&
                   (float)height > 0.3f * unit_px
               ? GRID_TEXT
               : GRID_NOISE;
}

static int year_at(const char *s)
{
    for (int i = 0; i < 4; i++) {
        if (s[i] < '0' || s[i] > '9')
            return 0;
    }
    return (s[0] == '1' && s[1] == '9') || (s[0] == '2' && s[1] == '0') ? 4 : 0;
}

/* A date whose year has two digits: "22-12-31". */
static bool is_short_date(const char *text)
{
    static const char FORM[] = "00-00-00";

    for (size_t i = 0; i < sizeof FORM - 1; i++) {
        if (FORM[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    return !text[sizeof FORM - 1];
}

/* A year, or a date that begins with one: what stands at the head of a column. */
bool grid_text_is_period(const char *text)
{
    size_t length;

    while (*text == '-' || *text == '(' || ((unsigned char)text[0] == 0xE2 && text[1] && text[2]))
        text += *text == '-' || *text == '(' ? 1 : 3;
    length = strlen(text);
    if (is_short_date(text))
        return true;
    if (length < 4 || !year_at(text))
        return false;
    return length == 4 || length == 6 || length == 8 || !(text[4] >= '0' && text[4] <= '9');
}

struct sorted_word {
    int word, centre, x0;
    enum grid_kind kind;
};

static int by_centre(const void *a, const void *b)
{
    const struct sorted_word *p = a, *q = b;

    if (p->centre != q->centre)
        return p->centre < q->centre ? -1 : 1;
    return p->word - q->word;
}

static int by_left(const void *a, const void *b)
{
    const struct sorted_word *p = a, *q = b;

    if (p->x0 != q->x0)
        return p->x0 < q->x0 ? -1 : 1;
    return p->word - q->word;
}

static int collect(const struct grid_search *search, struct sorted_word *out)
{
    const struct tolka_page *page = search->page;
    int count = 0;

    for (size_t i = 0; i < page->word_count; i++) {
        const struct tolka_word *word = &page->words[i];
        enum grid_kind kind = search->taken[i] ? GRID_NOISE : grid_word_kind(word, search->unit_px);

        /* Dots stand on the baseline, half the print's height below the centre of what they lead to. */
        int raise = kind == GRID_LEADER ? grid_px(search, 0.45f) : 0;

        if (kind != GRID_NOISE)
            out[count++] =
                (struct sorted_word){(int)i, grid_centre(search, word->box) - raise, word->box.x0, kind};
    }
    qsort(out, (size_t)count, sizeof *out, by_centre);
    return count;
}

/* "1 160": the white space around a 1 is part of the digit, not of the gap beside it. */
static float figure_gap(const char *left, const char *right)
{
    const size_t length = strlen(left);
    const bool thousands = strspn(right, "0123456789") == DIGITS_OF_GROUP && !right[DIGITS_OF_GROUP];

    if (!thousands || !length)
        return FIGURE_GAP;
    return FIGURE_GAP + SLIM_DIGIT * (float)((left[length - 1] == '1') + (right[0] == '1'));
}

static float gap_limit(const struct grid_search *search, const struct grid_token *left,
                       const struct grid_token *right)
{
    const struct tolka_word *words = search->page->words;

    if (left->kind == GRID_TEXT && right->kind == GRID_TEXT)
        return TEXT_GAP;
    return left->kind == GRID_FIGURE && right->kind == GRID_FIGURE
               ? figure_gap(words[left->word].text, words[right->word].text)
               : MIXED_GAP;
}

static bool starts_chunk(const struct grid_search *search, const struct grid_token *left,
                         const struct grid_token *right)
{
    const struct tolka_box *a = &search->page->words[left->word].box,
                           *b = &search->page->words[right->word].box;

    if ((left->kind == GRID_LEADER) != (right->kind == GRID_LEADER))
        return true;
    return (float)(b->x0 - a->x1) > gap_limit(search, left, right) * search->unit_px;
}

/* The kind of several words together: "1 233 kr" is a figure, "3 st bilar" is text. */
static void judge_chunk(const struct grid_search *search, struct grid_chunk *chunk)
{
    char text[MAX_KIND_BYTES] = "";
    size_t length = 0;
    struct census n;

    for (int i = 0; i < chunk->token_count; i++) {
        const char *word = search->page->words[search->tokens[chunk->first_token + i].word].text;
        size_t bytes = strlen(word);

        if (length + bytes + 1 < sizeof text)
            memcpy(text + length, word, bytes + 1);
        else
            bytes = 0;
        length += bytes;
    }
    chunk->kind = search->tokens[chunk->first_token].kind;
    n = take_census(text);
    if (chunk->token_count > 1 && chunk->kind != GRID_LEADER) {
        bool unit_behind = n.letters <= LETTERS_OF_UNIT &&
                           search->tokens[chunk->first_token].kind != GRID_TEXT &&
                           search->tokens[chunk->first_token + chunk->token_count - 1].kind == GRID_TEXT;
        chunk->kind =
            n.starts_as_figure && n.digits && (is_figure(n) || unit_behind) ? GRID_FIGURE : GRID_TEXT;
    }
    chunk->period = chunk->kind == GRID_FIGURE && grid_text_is_period(text);
    chunk->group = -1;
}

static void add_chunks(struct grid_search *search, struct grid_row *row, int first, int last)
{
    row->first_chunk = search->chunk_count;
    for (int i = first; i < last; i++) {
        struct grid_chunk *chunk = &search->chunks[search->chunk_count];

        if (i == first || starts_chunk(search, &search->tokens[i - 1], &search->tokens[i])) {
            *chunk = (struct grid_chunk){.first_token = i, .row = search->row_count};
            search->chunk_count++;
        } else {
            chunk--;
        }
        chunk->token_count++;
        chunk->box = tolka_box_union(chunk->box, search->page->words[search->tokens[i].word].box);
    }
    row->chunk_count = search->chunk_count - row->first_chunk;
    for (int i = 0; i < row->chunk_count; i++)
        judge_chunk(search, &search->chunks[row->first_chunk + i]);
    if (row->chunk_count > 1) {
        /* "2.2 Mål" at the left of a row is a heading with its number, no amount with its unit. */
        struct grid_chunk *label = &search->chunks[row->first_chunk];
        bool ends_in_text = search->tokens[label->first_token + label->token_count - 1].kind == GRID_TEXT;
        label->kind = label->kind == GRID_FIGURE && ends_in_text ? GRID_TEXT : label->kind;
    }
}

static void add_row(struct grid_search *search, struct sorted_word *words, int count)
{
    struct grid_row *row = &search->rows[search->row_count];
    int first = search->token_count;
    long long sum = 0;

    *row = (struct grid_row){0};
    qsort(words, (size_t)count, sizeof *words, by_left);
    for (int i = 0; i < count; i++) {
        search->tokens[search->token_count++] = (struct grid_token){words[i].word, words[i].kind, -1};
        row->box = tolka_box_union(row->box, search->page->words[words[i].word].box);
        sum += words[i].centre;
    }
    row->centre_px = (int)(sum / (count > 0 ? count : 1));
    add_chunks(search, row, first, search->token_count);
    search->row_count++;
}

bool grid_search_rows(struct grid_search *search)
{
    size_t count = search->page->word_count + 1;
    struct sorted_word *words = tolka_arena_array(&search->scratch, count, sizeof *words);
    long long sum = 0;
    int used, first = 0;

    search->tokens = tolka_arena_array(&search->scratch, count, sizeof *search->tokens);
    search->chunks = tolka_arena_array(&search->scratch, count, sizeof *search->chunks);
    search->rows = tolka_arena_array(&search->scratch, count, sizeof *search->rows);
    if (!words || !search->tokens || !search->chunks || !search->rows)
        return false;
    search->token_count = search->chunk_count = search->row_count = 0;
    used = collect(search, words);
    for (int i = 0; i < used; i++) {
        float mean = i > first ? (float)sum / (float)(i - first) : (float)words[i].centre;

        if ((float)words[i].centre - mean > ROW_STEP * search->unit_px ||
            (float)(words[i].centre - words[first].centre) > ROW_SPREAD * search->unit_px) {
            add_row(search, words + first, i - first);
            first = i;
            sum = 0;
        }
        sum += words[i].centre;
    }
    if (used > first)
        add_row(search, words + first, used - first);
    return true;
}

/* Where a ruling lies across its direction, and its two ends along it. */
static int across(const struct tolka_ruling *r)
{
    return r->vertical ? (r->box.x0 + r->box.x1) / 2 : (r->box.y0 + r->box.y1) / 2;
}

static int by_across(const void *a, const void *b)
{
    const struct tolka_ruling *p = a, *q = b;

    if (across(p) != across(q))
        return across(p) < across(q) ? -1 : 1;
    if (p->box.x0 != q->box.x0)
        return p->box.x0 < q->box.x0 ? -1 : 1;
    return p->box.y0 < q->box.y0 ? -1 : p->box.y0 > q->box.y0;
}

/* Two pieces of one drawn line, or a doubled line: beside each other within `near`, apart along it by at most
 * `gap`. */
static bool same_line(const struct tolka_ruling *a, const struct tolka_ruling *b, int near, int gap)
{
    if (abs(across(a) - across(b)) > near)
        return false;
    if (a->vertical)
        return a->box.y0 <= b->box.y1 + gap && b->box.y0 <= a->box.y1 + gap;
    return a->box.x0 <= b->box.x1 + gap && b->box.x0 <= a->box.x1 + gap;
}

static int join_pass(struct tolka_ruling *r, int count, int near, int gap)
{
    int kept = 0;

    qsort(r, (size_t)count, sizeof *r, by_across);
    for (int i = 0; i < count; i++) {
        int into = -1;

        for (int k = kept - 1; k >= 0 && k >= kept - JOIN_WINDOW && into < 0; k--)
            into = same_line(&r[k], &r[i], near, gap) ? k : -1;
        if (into >= 0)
            r[into].box = tolka_box_union(r[into].box, r[i].box);
        else
            r[kept++] = r[i];
    }
    return kept;
}

bool grid_join_rulings(struct grid_search *search, bool vertical, struct tolka_ruling **out, int *count)
{
    const struct tolka_page *page = search->page;
    struct tolka_ruling *r = tolka_arena_array(&search->scratch, page->ruling_count + 1, sizeof *r);
    int used = 0;

    if (!r)
        return false;
    for (size_t i = 0; i < page->ruling_count; i++) {
        if (page->rulings[i].vertical == vertical && grid_is_sane(page->rulings[i].box) &&
            !tolka_box_is_empty(page->rulings[i].box))
            r[used++] = page->rulings[i];
    }
    for (int pass = 0; pass < 2; pass++)
        used = join_pass(r, used, grid_px(search, 0.4f), grid_px(search, 0.8f));
    qsort(r, (size_t)used, sizeof *r, by_across);
    *out = r;
    *count = used;
    return true;
}

bool grid_search_rules(struct grid_search *search)
{
    return grid_join_rulings(search, false, &search->rules, &search->rule_count);
}

/* Whether rules between y0 and y1 cover at least `share` of x0..x1. */
bool grid_rule_between(const struct grid_search *search, int y0_px, int y1_px, int x0_px, int x1_px,
                       float share)
{
    int low = 0, high = search->rule_count, covered = 0;

    while (low < high) {
        int mid = (low + high) / 2;
        if (across(&search->rules[mid]) < y0_px)
            low = mid + 1;
        else
            high = mid;
    }
    for (int i = low; i < search->rule_count && across(&search->rules[i]) <= y1_px; i++)
        covered += grid_overlap(search->rules[i].box.x0, search->rules[i].box.x1, x0_px, x1_px);
    return x1_px > x0_px && (float)covered >= share * (float)(x1_px - x0_px);
}

/* A capital first and a full stop last: text below a table, not the end of its last label. */
bool grid_is_sentence(const struct grid_search *search, const struct grid_chunk *chunk)
{
    const char *first = search->page->words[search->tokens[chunk->first_token].word].text;
    const char *last =
        search->page->words[search->tokens[chunk->first_token + chunk->token_count - 1].word].text;

    return tolka_utf8_is_upper(tolka_utf8_first(first)) && last[strlen(last) - 1] == '.';
}
