/*
 * Roles of lines. Page furniture: a line near the top or bottom edge whose text, digits aside, comes again
 * near the same height on one of the next pages; and what stands alone at the very edge, a number or small
 * print. Headings: short lines that are larger or bolder than the body, set apart by their size and weight
 * into classes; numbering (1.2.3) tells a class its level, else the order of sizes does.
 */
#include "extract/layout.h"

#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_BYTES = 96,
    EDGE_LINES = 4, /* looked at from each edge of a page */
    NEAR_PAGES = 4, /* odd and even pages, a chapter's first page */
    HEADING_WORDS = 16,
    HEADING_LINES = 3,
    MAX_LEVEL = 6,
};

/* Shares of the page's height: where furniture stands, and how far it moves from page to page. */
static const float EDGE_ZONE = 0.14F, LAST_ZONE = 0.09F, SAME_HEIGHT = 0.025F;

/* A heading is this much larger than the body; within a class sizes vary by less than CLASS_STEP. */
static const float LARGER = 1.12F, SMALL_PRINT = 0.92F, LARGE_PRINT = 1.25F, CLASS_STEP = 0.92F;

/* Lines of one heading differ in size by less than this. */
static const float SAME_PRINT = 1.08F;

struct body_style {
    float size_pt;
    bool bold;
};

static float size_pt(const struct tolka_page *page, const struct tolka_line *line)
{
    return page->dpi > 0 ? line->size_px * 72 / (float)page->dpi : line->size_px;
}

enum { SIZE_BINS = 400 }; /* of a quarter point */

/* The size that the median letter of running text has. */
static struct body_style find_body_style(const struct tolka_page *pages, size_t page_count, bool with_grids)
{
    size_t bins[SIZE_BINS] = {0}, letters = 0, bold = 0, seen = 0;
    struct body_style style = {0};

    for (size_t p = 0; p < page_count; p++) {
        for (size_t i = 0; i < pages[p].line_count; i++) {
            const struct tolka_line *line = &pages[p].lines[i];
            const int bin = (int)(size_pt(&pages[p], line) * 4);
            const size_t weight = (size_t)line->word_count;
            if (line->role != TOLKA_LINE_BODY || (line->grid >= 0 && !with_grids))
                continue;
            bins[bin < 0 ? 0 : bin >= SIZE_BINS ? SIZE_BINS - 1 : bin] += weight;
            letters += weight;
            bold += line->bold ? weight : 0;
        }
    }
    for (int bin = 0; bin < SIZE_BINS && 2 * seen <= letters; bin++) {
        seen += bins[bin];
        style.size_pt = ((float)bin + 0.5F) / 4;
    }
    style.bold = 2 * bold > letters;
    return style;
}

/* A line at a page's edge, as it is compared over pages. */
struct edge_line {
    struct tolka_line *line;
    char key[KEY_BYTES]; /* lower case, no white space; each run of digits as one # but in large print */
    bool large;          /* as a heading may be: it comes again only if it says the same */
    float y;             /* middle, as a share of the height */
    bool at_top;
};

/* The edge lines of one page. */
struct edges {
    struct edge_line lines[2 * EDGE_LINES];
    int count;
};

static size_t add_key_char(char *key, size_t length, uint32_t code, bool keep_digits)
{
    char bytes[4];
    size_t size;

    if (code >= '0' && code <= '9' && !keep_digits)
        code = '#';
    if (code == '#' && length > 0 && key[length - 1] == '#')
        return length;
    size = tolka_utf8_encode(tolka_utf8_lower(code), bytes);
    if (length + size >= KEY_BYTES)
        return length;
    memcpy(key + length, bytes, size);
    return length + size;
}

static void make_key(const struct tolka_page *page, struct edge_line *edge)
{
    const struct tolka_line *line = edge->line;
    char *key = edge->key;
    size_t length = 0;

    for (int i = 0; i < line->word_count; i++) {
        const char *text = page->words[line->first_word + i].text;
        const size_t end = strlen(text);
        uint32_t code;
        for (size_t at = 0; at < end;) {
            at += tolka_utf8_decode(text + at, end - at, &code);
            length = add_key_char(key, length, code, edge->large);
        }
    }
    key[length] = '\0';
}

static int edit_distance(const char *a, const char *b)
{
    int row[KEY_BYTES + 1];
    const int n = (int)strlen(b);

    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; *a; a++, i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            const int replaced = diagonal + (*a != b[j - 1]);
            const int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[n];
}

static bool are_alike(const struct edge_line *a, const struct edge_line *b)
{
    const int longer = (int)(strlen(a->key) > strlen(b->key) ? strlen(a->key) : strlen(b->key));

    if (a->at_top != b->at_top || a->large != b->large || fabsf(a->y - b->y) >= SAME_HEIGHT || longer == 0)
        return false;
    return a->large ? strcmp(a->key, b->key) == 0 : edit_distance(a->key, b->key) * 5 <= longer;
}

static void insert_edge(struct edges *edges, int first, const struct edge_line *edge)
{
    int at = edges->count;

    while (at > first && (edge->at_top ? edges->lines[at - 1].y > edge->y : edges->lines[at - 1].y < edge->y))
        at--;
    if (at - first >= EDGE_LINES)
        return;
    if (edges->count - first == EDGE_LINES)
        edges->count--;
    memmove(&edges->lines[at + 1], &edges->lines[at], (size_t)(edges->count - at) * sizeof *edge);
    edges->lines[at] = *edge;
    edges->count++;
}

static void find_edges(struct tolka_page *page, struct body_style body, struct edges *edges)
{
    edges->count = 0;
    for (int side = 0; side < 2; side++) {
        const int first = edges->count;
        for (size_t i = 0; i < page->line_count; i++) {
            struct tolka_line *line = &page->lines[i];
            struct edge_line edge = {.line = line, .at_top = side == 0};
            edge.large = size_pt(page, line) > LARGE_PRINT * body.size_pt;
            edge.y = (float)(line->box.y0 + line->box.y1) / 2 / (float)(page->height > 0 ? page->height : 1);
            if (line->grid >= 0 || line->word_count == 0 ||
                (edge.at_top ? edge.y > EDGE_ZONE : edge.y < 1 - EDGE_ZONE))
                continue;
            insert_edge(edges, first, &edge);
        }
        for (int i = first; i < edges->count; i++)
            make_key(page, &edges->lines[i]);
    }
}

/* "12", "- 12 -", "12 (30)", "Sida 12 av 30": one or two numbers and hardly a letter. */
static bool is_page_number(const char *key)
{
    int numbers = 0;

    for (const char *c = key; *c; c++)
        numbers += *c == '#' || (isdigit((unsigned char)*c) && (c == key || !isdigit((unsigned char)c[-1])));
    return numbers >= 1 && numbers <= 2 && tolka_utf8_count_letters(key) <= 6 && strlen(key) <= 12;
}

static void mark_furniture(struct edge_line *edge)
{
    edge->line->heading_level = 0;
    edge->line->role = is_page_number(edge->key) ? TOLKA_LINE_PAGE_NUMBER
                       : edge->at_top            ? TOLKA_LINE_HEADER
                                                 : TOLKA_LINE_FOOTER;
}

static void compare_edges(struct edges *a, struct edges *b)
{
    for (int i = 0; i < a->count; i++) {
        for (int k = 0; k < b->count; k++) {
            if (!are_alike(&a->lines[i], &b->lines[k]))
                continue;
            mark_furniture(&a->lines[i]);
            mark_furniture(&b->lines[k]);
        }
    }
}

/* What the outermost line alone at the very edge looks like furniture by: a page number; at the top small
 * print; at the bottom, where small print is a footnote, a short number at the end. */
static bool looks_running(const struct tolka_page *page, const struct edge_line *edge, struct body_style body)
{
    const size_t length = strlen(edge->key);

    if (is_page_number(edge->key))
        return true;
    if (edge->at_top)
        return length > 0 && size_pt(page, edge->line) < SMALL_PRINT * body.size_pt;
    return length > 0 && edge->line->word_count <= 12 && edge->key[length - 1] == '#';
}

static void mark_lone_lines(const struct tolka_page *page, struct edges *edges, struct body_style body)
{
    for (int i = 0; i < edges->count; i++) {
        struct edge_line *edge = &edges->lines[i];
        const bool outermost = i == 0 || edges->lines[i - 1].at_top != edge->at_top;
        const struct edge_line *next =
            i + 1 < edges->count && edges->lines[i + 1].at_top == edge->at_top ? &edges->lines[i + 1] : NULL;
        const float height =
            (float)tolka_box_height(edge->line->box) / (float)(page->height > 0 ? page->height : 1);
        const bool lone = !next || fabsf(next->y - edge->y) > 2.2F * height;
        if (!outermost || !lone || (edge->at_top ? edge->y > LAST_ZONE : edge->y < 1 - LAST_ZONE))
            continue;
        if (looks_running(page, edge, body))
            mark_furniture(edge);
    }
}

static void mark_all_furniture(struct tolka_page *pages, size_t page_count)
{
    const struct body_style body = find_body_style(pages, page_count, false);
    struct edges *edges = calloc(NEAR_PAGES + 1, sizeof *edges); /* a ring */

    if (!edges)
        return;
    for (size_t p = 0; p < page_count; p++) {
        struct edges *own = &edges[p % (NEAR_PAGES + 1)];
        find_edges(&pages[p], body, own);
        for (size_t back = 1; back <= NEAR_PAGES && back <= p; back++)
            compare_edges(own, &edges[(p - back) % (NEAR_PAGES + 1)]);
        mark_lone_lines(&pages[p], own, body);
    }
    free(edges);
}

/* What a heading is told by. */
struct heading {
    struct tolka_line *line;
    float size_pt;
    int depth; /* of its numbering, 0 without */
};

/* The depth of "1", "1.", "1.2", "1.2.3." before a word, else 0. */
static int numbering_depth(const struct tolka_page *page, const struct tolka_line *line)
{
    const char *c = page->words[line->first_word].text;
    int depth = 0;

    if (line->word_count < 2 || tolka_utf8_count_letters(page->words[line->first_word + 1].text) == 0)
        return 0;
    while (isdigit((unsigned char)*c)) {
        int digits = 0;
        for (; isdigit((unsigned char)*c); c++)
            digits++;
        if (digits > 2)
            return 0;
        depth++;
        if (*c == '.')
            c++;
    }
    return *c ? 0 : depth > MAX_LEVEL ? MAX_LEVEL : depth;
}

static bool is_all_capitals(const struct tolka_page *page, const struct tolka_line *line)
{
    int letters = 0;

    for (int i = 0; i < line->word_count; i++) {
        const char *text = page->words[line->first_word + i].text;
        const size_t length = strlen(text);
        uint32_t code;
        for (size_t at = 0; at < length;) {
            at += tolka_utf8_decode(text + at, length - at, &code);
            if (tolka_utf8_is_small(code))
                return false;
            letters += tolka_utf8_is_letter(code);
        }
    }
    return letters >= 4;
}

static bool ends_sentence(const struct tolka_page *page, const struct tolka_line *line)
{
    const char *last = page->words[line->first_word + line->word_count - 1].text;

    return strchr(".,;", last[strlen(last) - 1]) != NULL;
}

/* Looks like a title: short, opens with a capital or a number, does not end as a sentence. */
static bool reads_as_title(const struct tolka_page *page, const struct tolka_line *line)
{
    const uint32_t code = tolka_utf8_first(page->words[line->first_word].text);
    size_t letters = 0;

    for (int i = 0; i < line->word_count; i++)
        letters += tolka_utf8_count_letters(page->words[line->first_word + i].text);
    return line->word_count <= HEADING_WORDS && letters >= 3 && !ends_sentence(page, line) &&
           (tolka_utf8_is_upper(code) || (code >= '0' && code <= '9') || code == 0xA7);
}

static bool stands_alone(const struct tolka_page *page, const struct tolka_line *line)
{
    const bool same_before = line > page->lines && line[-1].block == line->block;
    const bool same_after = line + 1 < page->lines + page->line_count && line[1].block == line->block;

    return !same_before && !same_after;
}

static bool is_heading(const struct tolka_page *page, const struct tolka_line *line, struct body_style body)
{
    const float size = size_pt(page, line);
    bool stands_out;

    if (line->role != TOLKA_LINE_BODY || line->grid >= 0 || line->word_count == 0 ||
        !reads_as_title(page, line))
        return false;
    stands_out = size > LARGER * body.size_pt || (line->bold && !body.bold && size > 0.9F * body.size_pt);
    if (stands_out)
        return true;
    return stands_alone(page, line) && (numbering_depth(page, line) >= 2 || is_all_capitals(page, line));
}

/* Goes on with the heading, or the paragraph, that `first` opens: print of its kind in its block. */
static bool goes_on(const struct tolka_line *first, const struct tolka_line *line)
{
    return line->block == first->block && line->bold == first->bold && line->role == TOLKA_LINE_BODY &&
           line->grid < 0 && line->word_count > 0 && line->size_px < SAME_PRINT * first->size_px &&
           first->size_px < SAME_PRINT * line->size_px;
}

/* How many lines the heading that begins with line `at` has, 0 when there is none: what runs on over more
 * lines, or ends as a sentence does, is a paragraph in bold or a quotation. */
static size_t heading_lines(const struct tolka_page *page, size_t at, struct body_style body)
{
    const struct tolka_line *lines = page->lines;
    size_t end = at + 1;

    if (!is_heading(page, &lines[at], body))
        return 0;
    while (end < page->line_count && end - at <= HEADING_LINES && goes_on(&lines[at], &lines[end]))
        end++;
    return end - at > HEADING_LINES || (end - at > 1 && ends_sentence(page, &lines[end - 1])) ? 0 : end - at;
}

static int compare_headings(const void *a, const void *b)
{
    const struct heading *p = a, *q = b;

    if (p->size_pt != q->size_pt)
        return p->size_pt < q->size_pt ? 1 : -1;
    return (q->line->bold > p->line->bold) - (q->line->bold < p->line->bold);
}

/* The commonest depth among the numbered of one class, 0 when none is numbered. */
static int class_depth(const struct heading *headings, size_t count)
{
    int votes[MAX_LEVEL + 1] = {0}, best = 0;

    for (size_t i = 0; i < count; i++)
        votes[headings[i].depth]++;
    for (int depth = 1; depth <= MAX_LEVEL; depth++) {
        if (votes[depth] > votes[best] || (best == 0 && votes[depth] > 0))
            best = depth;
    }
    return best;
}

/* Headings come sorted by size; each stretch of about one size is a class. */
static void set_levels(struct heading *headings, size_t count)
{
    int level = 0;

    for (size_t first = 0, end; first < count; first = end) {
        int depth;
        for (end = first + 1; end < count && headings[end].size_pt > CLASS_STEP * headings[first].size_pt;
             end++)
            ;
        depth = class_depth(headings + first, end - first);
        level = depth ? depth : level < MAX_LEVEL ? level + 1 : MAX_LEVEL;
        for (size_t i = first; i < end; i++) {
            headings[i].line->role = TOLKA_LINE_HEADING;
            headings[i].line->heading_level = headings[i].depth ? headings[i].depth : level;
        }
    }
}

static void mark_headings(struct tolka_page *pages, size_t page_count)
{
    struct body_style body = find_body_style(pages, page_count, false);
    struct heading *headings;
    size_t total = 0, count = 0;

    if (body.size_pt <= 0)
        body = find_body_style(pages, page_count, true);
    for (size_t p = 0; p < page_count; p++)
        total += pages[p].line_count;
    headings = calloc(total + 1, sizeof *headings);
    for (size_t p = 0; headings && p < page_count; p++) {
        for (size_t i = 0, end; i < pages[p].line_count; i = end) {
            const size_t lines = heading_lines(&pages[p], i, body);
            const struct tolka_line *first = &pages[p].lines[i];
            for (end = i + (lines ? lines : 1); lines && i < end; i++)
                headings[count++] = (struct heading){&pages[p].lines[i], size_pt(&pages[p], first),
                                                     numbering_depth(&pages[p], first)};
        }
    }
    if (headings) {
        qsort(headings, count, sizeof *headings, compare_headings);
        set_levels(headings, count);
    }
    free(headings);
}

void tolka_layout_roles(struct tolka_page *pages, size_t page_count)
{
    mark_all_furniture(pages, page_count);
    mark_headings(pages, page_count);
}
