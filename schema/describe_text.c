/* The report's text as the description reads it: lines, parts of lines, paragraphs, and where each stands. */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "schema/describe.h"

#include "schema/pagetext.h"
#include "schema/textjoin.h"

#include <string.h>

/* Bounds of the whole: a report of a thousand full pages stays under them. */
enum { MAX_PIECES = 200000, PARAGRAPH_BYTES = 8000 };

/* White space that parts two texts of a line, in heights of its print. */
static const float segment_gap_sizes = 1.8f;

/* Print this much larger than the report's body is large print. */
static const float large_print = 1.25f;

enum { COVER_PAGES = 2 };

/* A paragraph of more lines than this on the first pages is text, not a cover. */
enum { COVER_LINES = 4 };

/* How far the signing reaches from where it is announced. */
enum { SIGNING_PAGES = 1 };

static bool add_words(struct tolka_strbuf *buf, const struct tolka_page *page, int first, int count)
{
    for (int i = first; i < first + count; i++) {
        if (buf->length > 0)
            tolka_strbuf_add_char(buf, ' ');
        tolka_strbuf_add_str(buf, page->words[i].text ? page->words[i].text : page->words[i].raw);
    }
    return !buf->failed;
}

static struct tolka_piece *add_piece(struct tolka_description *d, struct tolka_pieces *pieces,
                                     const struct tolka_strbuf *text)
{
    struct tolka_piece *grown;
    char *copy;

    if (pieces->count >= MAX_PIECES)
        return NULL;
    grown = tolka_arena_grow(&d->scratch, pieces->items, pieces->count, &pieces->capacity, sizeof(*grown));
    copy = tolka_arena_strdup(&d->scratch, tolka_strbuf_text(text));
    if (!grown || !copy)
        return NULL;
    pieces->items = grown;
    grown[pieces->count] = (struct tolka_piece){0};
    if (!tolka_fold_text(&d->scratch, copy, &grown[pieces->count].text))
        return NULL;
    return &grown[pieces->count++];
}

static unsigned line_places(const struct tolka_line *line, size_t page_index)
{
    unsigned places = page_index == 0 ? TOLKA_PLACE_FIRST : 0;

    if (line->role == TOLKA_LINE_HEADING)
        places |= TOLKA_PLACE_HEADING;
    if (line->role == TOLKA_LINE_HEADER || line->role == TOLKA_LINE_FOOTER ||
        line->role == TOLKA_LINE_PAGE_NUMBER)
        places |= TOLKA_PLACE_RUNNING;
    if (line->grid >= 0)
        places |= TOLKA_PLACE_TABLE;
    return places;
}

static void fill_piece(struct tolka_piece *piece, const struct tolka_page *page,
                       const struct tolka_line *line, size_t page_index)
{
    piece->page = page;
    piece->box = line->box;
    piece->size_px = line->size_px;
    piece->legible = tolka_line_is_legible(page, line);
    piece->level = line->role == TOLKA_LINE_HEADING && piece->legible ? line->heading_level : 0;
    piece->places = line_places(line, page_index);
}

/* The words from `first` up to a wide gap. */
static int segment_end(const struct tolka_page *page, const struct tolka_line *line, int first)
{
    int last = line->first_word + line->word_count, i = first + 1;
    float gap = segment_gap_sizes * (line->size_px > 0 ? line->size_px : (float)tolka_box_height(line->box));

    while (i < last && (float)(page->words[i].box.x0 - page->words[i - 1].box.x1) <= gap)
        i++;
    return i;
}

static bool gather_segments(struct tolka_description *d, const struct tolka_page *page,
                            const struct tolka_line *line, size_t page_index)
{
    bool done = true;

    for (int at = line->first_word; done && at < line->first_word + line->word_count;) {
        struct tolka_strbuf text = {0};
        int end = segment_end(page, line, at);
        struct tolka_piece *piece;

        done = add_words(&text, page, at, end - at);
        piece = done ? add_piece(d, &d->segments, &text) : NULL;
        tolka_strbuf_release(&text);
        done = piece != NULL;
        if (!done)
            break;
        fill_piece(piece, page, line, page_index);
        piece->legible =
            tolka_line_is_legible(page, &(struct tolka_line){.first_word = at, .word_count = end - at});
        piece->box = page->words[at].box;
        for (; at < end; at++)
            piece->box = tolka_box_union(piece->box, page->words[at].box);
    }
    return done;
}

static bool gather_line(struct tolka_description *d, const struct tolka_page *page,
                        const struct tolka_line *line, size_t page_index)
{
    struct tolka_strbuf text = {0};
    struct tolka_piece *piece;

    if (line->word_count <= 0 || line->first_word < 0 ||
        (size_t)line->first_word + (size_t)line->word_count > page->word_count)
        return true;
    piece =
        add_words(&text, page, line->first_word, line->word_count) ? add_piece(d, &d->lines, &text) : NULL;
    tolka_strbuf_release(&text);
    if (!piece)
        return false;
    fill_piece(piece, page, line, page_index);
    return gather_segments(d, page, line, page_index);
}

static bool same_paragraph(const struct tolka_line *a, const struct tolka_line *b)
{
    return a->block == b->block && a->role == b->role && a->grid == b->grid &&
           a->heading_level == b->heading_level;
}

static bool gather_paragraph(struct tolka_description *d, const struct tolka_page *page, size_t first,
                             size_t end, size_t page_index)
{
    struct tolka_strbuf text = {0};
    struct tolka_piece *piece;
    size_t last_start = 0;

    for (size_t i = first; i < end && !text.failed && text.length < PARAGRAPH_BYTES; i++) {
        const struct tolka_line *line = &page->lines[i];

        if (line->first_word < 0 || (size_t)line->first_word + (size_t)line->word_count > page->word_count)
            continue;
        for (int w = line->first_word; w < line->first_word + line->word_count; w++)
            tolka_textjoin_append(&text, page->words[w].text, w == line->first_word, &last_start, NULL, &d->scratch);
    }
    piece = !text.failed ? add_piece(d, &d->paragraphs, &text) : NULL;
    tolka_strbuf_release(&text);
    if (!piece)
        return false;
    fill_piece(piece, page, &page->lines[first], page_index);
    for (size_t i = first; i < end; i++)
        piece->box = tolka_box_union(piece->box, page->lines[i].box);
    return true;
}

static bool gather_page(struct tolka_description *d, const struct tolka_page *page, size_t page_index)
{
    bool done = true;

    for (size_t i = 0; done && i < page->line_count; i++)
        done = gather_line(d, page, &page->lines[i], page_index);
    for (size_t first = 0, end; done && first < page->line_count; first = end) {
        for (end = first + 1;
             end < page->line_count && same_paragraph(&page->lines[first], &page->lines[end]); end++)
            ;
        done = gather_paragraph(d, page, first, end, page_index);
    }
    return done;
}

/* The size of most of the print: the median over lines, by counting in quarter pixels. */
static float body_size(const struct tolka_description *d)
{
    enum { SIZES = 2000 };
    size_t counts[SIZES] = {0}, seen = 0, half = d->lines.count / 2;

    for (size_t i = 0; i < d->lines.count; i++) {
        int size = (int)(4 * d->lines.items[i].size_px);

        counts[size < 0 ? 0 : size >= SIZES ? SIZES - 1 : size]++;
    }
    for (int size = 0; size < SIZES; size++) {
        seen += counts[size];
        if (seen > half)
            return (float)size / 4;
    }
    return 0;
}

static void mark_cover(struct tolka_description *d, struct tolka_pieces *pieces, float body)
{
    for (size_t i = 0; i < pieces->count; i++) {
        struct tolka_piece *piece = &pieces->items[i];
        bool large = piece->size_px > large_print * body && body > 0;
        bool small_piece = (float)tolka_box_height(piece->box) <= COVER_LINES * 2 * piece->size_px;

        if (piece->page >= d->pages + COVER_PAGES ||
            (piece->places & (TOLKA_PLACE_RUNNING | TOLKA_PLACE_TABLE)))
            continue;
        if (piece->level > 0 || (large && small_piece))
            piece->places |= TOLKA_PLACE_COVER;
    }
}

/* From where the text says that it is being signed or decided, to the end of the next page or to a large
 * heading that is none. */
static void mark_signing(struct tolka_description *d, struct tolka_pieces *pieces)
{
    const struct tolka_page *from = NULL;

    for (size_t i = 0; i < pieces->count; i++) {
        struct tolka_piece *piece = &pieces->items[i];
        bool start = false;

        for (size_t r = 0; r < d->rules->field_count && !start; r++)
            start = !strcmp(d->rules->fields[r].field, "signing_start") &&
                    !(piece->places & (TOLKA_PLACE_RUNNING | TOLKA_PLACE_TABLE)) &&
                    tolka_piece_is_at(piece, d->rules->fields[r].where) &&
                    tolka_piece_matches(d, piece, d->rules->fields[r].pattern, NULL);
        if (start)
            from = piece->page;
        else if (from && (piece->page > from + SIGNING_PAGES || piece->level == 1))
            from = NULL;
        if (from)
            piece->places |= TOLKA_PLACE_SIGNING;
    }
}

bool tolka_describe_gather(struct tolka_description *d)
{
    struct tolka_pieces *all[] = {&d->lines, &d->segments, &d->paragraphs};
    float body;

    for (size_t i = 0; i < d->page_count; i++)
        if (!gather_page(d, &d->pages[i], i))
            return false;
    body = body_size(d);
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        mark_cover(d, all[i], body);
        mark_signing(d, all[i]);
    }
    return true;
}

int tolka_place_from_name(const char *where)
{
    static const struct {
        const char *name;
        int place;
    } places[] = {
        {"cover", TOLKA_PLACE_COVER},
        {"heading", TOLKA_PLACE_HEADING},
        {"running", TOLKA_PLACE_RUNNING},
        {"signing", TOLKA_PLACE_SIGNING},
        {"first", TOLKA_PLACE_FIRST},
        {"table", TOLKA_PLACE_TABLE},
        {"kinds", 0},
        {"period", 0},
    };

    if (!where)
        return 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
        if (!strcmp(where, places[i].name))
            return places[i].place;
    return -1;
}

bool tolka_piece_is_at(const struct tolka_piece *piece, const char *where)
{
    int place = tolka_place_from_name(where);

    return !where || (place > 0 && (piece->places & (unsigned)place));
}

bool tolka_piece_matches(struct tolka_description *d, const struct tolka_piece *piece,
                         const struct tolka_pattern *pattern, struct tolka_span *at)
{
    return tolka_pattern_find(pattern, d->matcher, piece->text.text, piece->text.length, 0, at);
}

const char *tolka_piece_group(struct tolka_description *d, const struct tolka_piece *piece,
                              const struct tolka_pattern *pattern, const char *name)
{
    struct tolka_span span;

    if (!tolka_pattern_group(pattern, d->matcher, name, &span))
        return NULL;
    return tolka_folded_source(&piece->text, span.start, span.end, &d->record->arena);
}

void tolka_candidate_add(struct tolka_description *d, struct tolka_candidates *candidates, const char *value,
                         int weight)
{
    enum { MAX_CANDIDATES = 2000, HITS_THAT_COUNT = 6 };
    char tight[TOLKA_TIGHT_BYTES], other[TOLKA_TIGHT_BYTES];
    struct tolka_candidate *grown;

    if (!value || !tolka_fold_tight(value, tight))
        return;
    for (size_t i = 0; i < candidates->count; i++) {
        struct tolka_candidate *at = &candidates->items[i];

        tolka_fold_tight(at->value, other);
        if (strcasecmp(tight, other))
            continue;
        if (at->hits++ < HITS_THAT_COUNT)
            at->weight += weight;
        if (at->value[0] >= 'a' &&
            at->value[0] <= 'z') /* written inside a sentence; elsewhere perhaps with its capital */
            at->value = value;
        return;
    }
    if (candidates->count >= MAX_CANDIDATES)
        return;
    grown = tolka_arena_grow(&d->scratch, candidates->items, candidates->count, &candidates->capacity,
                             sizeof(*grown));
    if (!grown)
        return;
    candidates->items = grown;
    grown[candidates->count++] = (struct tolka_candidate){value, weight, 1};
}

const char *tolka_candidate_best(const struct tolka_candidates *candidates)
{
    const struct tolka_candidate *best = NULL;

    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->items[i].weight > 0 && (!best || candidates->items[i].weight > best->weight))
            best = &candidates->items[i];
    return best ? best->value : NULL;
}
