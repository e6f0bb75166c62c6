/*
 * Which words could have been misread as this one, and of which known parts could it be made? A best-first
 * search (Dijkstra) over (place in the read word, prefix of a lexicon key, parts so far): a step reads a
 * letter as it stands, undoes one misreading of the table, or ends a part and begins the next. The lexicon's
 * trie is never stored: a Bloom filter of all prefixes' hashes says whether going on is worth while, and the
 * lexicon itself has the last word. Marks are resolved at a part's end, by the words of that key.
 */
#include "normalize/repair.h"
#include "normalize/spelling.h"

#include <stdlib.h>
#include <string.h>

enum {
    NODES = 6000,        /* bound of one search */
    POPS_MISREAD = 1200, /* steps taken, with misreadings and without */
    POPS_PLAIN = 250,
    FOUND_MAX = 6,
    PARTS_MAX = 3, /* breaks in a compound: four parts */
    MIN_REST = 3,  /* letters after a break */
    CACHE_SLOTS = 1 << 14,
    CACHE_BYTES = 16 << 20,
};

/* Costs that guide the search, in nats; the document's own rates price what it finds. */
static const float GUIDE_LOST = 0.7f, GUIDE_MARK = 2.0f, GUIDE_GENERAL = 5.0f;
static const float GENITIVE_COST = 2.0f;
static const float BREAK_COST = 1.5f;   /* of each further part */
static const float UNKNOWN_COST = 5.0f; /* what an unknown word costs in any context, about */
static const float OWN_BASE =
    1.0f; /* an unknown spelling against the letter model, which knows only good words */
static const float HOPELESS_COST =
    2.0f;                        /* beyond the word as it stands: what is found so late changes nothing */
static const float WIDTH = 9.0f; /* candidates this much worse than the best are not wanted */

struct node {
    uint64_t hash;
    float cost;
    float own;                /* of the parts so far */
    uint32_t parent, part_id; /* part_id: for a break, the part chosen */
    uint8_t at, part, breaks; /* letters read; letters in the part; breaks so far */
    uint8_t out_length, out[TOLKA_CONFUSION_MAX];
    int16_t confusion; /* index, -1: the letter as it stands, -2: a break */
};

struct search {
    const struct tolka_model *model;
    const unsigned char *raw;
    size_t length;
    struct node *nodes;
    uint32_t *heap;
    size_t node_count, heap_count;
    struct tolka_candidate found[FOUND_MAX];
    unsigned char texts[FOUND_MAX][TOLKA_WORD_MAX];
    float guide[FOUND_MAX]; /* what each costs in all */
    size_t found_count;
    float raw_own;
    bool misread;
};

struct entry {
    uint8_t length, level; /* level 0 empty, 1 compounds, 2 misreadings too */
    unsigned char raw[TOLKA_WORD_MAX];
    struct tolka_found found;
};

struct tolka_cache {
    struct entry entries[CACHE_SLOTS];
    struct tolka_arena arena;
    struct search search;
    struct node nodes[NODES];
    uint32_t heap[NODES];
};

static void heap_push(struct search *s, uint32_t node)
{
    size_t at = s->heap_count++;

    while (at && s->nodes[s->heap[(at - 1) / 2]].cost > s->nodes[node].cost) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = node;
}

static uint32_t heap_pop(struct search *s)
{
    uint32_t top = s->heap[0], last = s->heap[--s->heap_count];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= s->heap_count)
            break;
        if (child + 1 < s->heap_count && s->nodes[s->heap[child + 1]].cost < s->nodes[s->heap[child]].cost)
            child++;
        if (s->nodes[s->heap[child]].cost >= s->nodes[last].cost)
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return top;
}

static void push(struct search *s, const struct node *node)
{
    if (s->node_count == NODES)
        return;
    s->nodes[s->node_count] = *node;
    heap_push(s, (uint32_t)s->node_count++);
}

/* The current part's letters: folded for the lookup, and where each is from (a read letter, or a misreading's
 * truth). */
struct part {
    unsigned char key[TOLKA_WORD_MAX], letter[TOLKA_WORD_MAX];
    bool read[TOLKA_WORD_MAX];
    uint8_t damage[TOLKA_DAMAGE_KINDS];
    float base;
    size_t length;
};

static void rebuild_part(const struct search *s, uint32_t at, struct part *part)
{
    const struct node *node = &s->nodes[at];
    size_t end = node->part;

    memset(part->damage, 0, sizeof part->damage);
    part->base = 0;
    part->length = end;
    for (; end > 0; node = &s->nodes[node->parent]) {
        end -= node->out_length;
        for (size_t i = 0; i < node->out_length; i++) {
            part->letter[end + i] = node->out[i];
            part->key[end + i] = tolka_latin_fold[node->out[i]];
            part->read[end + i] = node->confusion == -1;
        }
        if (node->confusion >= 0) {
            const struct tolka_confusion *c = &s->model->confusions[node->confusion];

            part->damage[c->kind]++;
            part->base += TOLKA_SCORE_STEP * (float)c->score;
        }
    }
}

/* Whether `text` can be what the part's letters stand for; adds how. */
static bool match_part(const struct tolka_model *model, const struct part *part, const unsigned char *text,
                       struct tolka_candidate *candidate)
{
    for (size_t i = 0; i < part->length; i++) {
        if (!part->read[i] && text[i] != part->letter[i])
            return false;
        if (part->read[i] && !tolka_count_letter(model, part->letter[i], text[i], candidate))
            return false;
    }
    for (int kind = 0; kind < TOLKA_DAMAGE_KINDS; kind++)
        candidate->damage[kind] = (uint8_t)(candidate->damage[kind] + part->damage[kind]);
    candidate->base += part->base;
    return true;
}

static float guide_cost(const struct tolka_candidate *c)
{
    return c->base + GUIDE_LOST * (float)c->damage[TOLKA_DAMAGE_LOST] +
           GUIDE_MARK * (float)c->damage[TOLKA_DAMAGE_MARK] +
           GUIDE_GENERAL * (float)c->damage[TOLKA_DAMAGE_GENERAL];
}

/* The whole text: parts chosen at the breaks, then `tail`; counts the damage of all parts again. False when
 * one does not match. */
static bool assemble(const struct search *s, uint32_t at, const unsigned char *tail, size_t tail_length,
                     struct tolka_candidate *c, unsigned char *text)
{
    struct part part;
    uint32_t ends[PARTS_MAX + 1];
    size_t parts = 0, used = 0;

    for (uint32_t n = at;; n = s->nodes[n].parent) {
        if (s->nodes[n].confusion == -2)
            ends[parts++] = n;
        if (!n)
            break;
    }
    while (parts--) {
        size_t length;
        const unsigned char *head = tolka_model_text(s->model, s->nodes[ends[parts]].part_id, &length);

        rebuild_part(s, s->nodes[ends[parts]].parent, &part);
        if (used + length > TOLKA_WORD_MAX || part.length != length || !match_part(s->model, &part, head, c))
            return false;
        memcpy(text + used, head, length);
        used += length;
    }
    rebuild_part(s, at, &part);
    if (used + tail_length > TOLKA_WORD_MAX || part.length != tail_length ||
        !match_part(s->model, &part, tail, c))
        return false;
    memcpy(text + used, tail, tail_length);
    c->length = (uint8_t)(used + tail_length);
    return true;
}

/* Keeps a found reading among the best, each text once. */
static void keep(struct search *s, const struct tolka_candidate *c, const unsigned char *text, float guide)
{
    size_t at;

    if (c->length == s->length && memcmp(text, s->raw, s->length) == 0) {
        if (c->id == TOLKA_ID_UNKNOWN && c->own < s->raw_own)
            s->raw_own = c->own;
        return;
    }
    for (at = 0; at < s->found_count; at++)
        if (s->found[at].length == c->length && memcmp(s->texts[at], text, c->length) == 0)
            break;
    if (at == FOUND_MAX)
        for (at = 0; at < FOUND_MAX && s->guide[at] <= guide; at++)
            continue;
    if (at == FOUND_MAX || (at < s->found_count && s->guide[at] <= guide))
        return;
    if (at == s->found_count)
        s->found_count++;
    s->found[at] = *c;
    s->guide[at] = guide;
    memcpy(s->texts[at], text, c->length);
}

static uint32_t part_words(const struct search *s, uint32_t at, struct part *part)
{
    rebuild_part(s, at, part);
    return tolka_model_lookup(s->model, part->key, part->length, s->nodes[at].hash);
}

/* One word that all read letters may be, or all but an s (`genitive`: which any noun takes). */
static void finish_word(struct search *s, uint32_t at, uint32_t id, bool genitive)
{
    const struct node *node = &s->nodes[at];
    const struct tolka_word *word = tolka_model_word(s->model, id);
    struct tolka_candidate c = {.id = node->breaks || genitive ? TOLKA_ID_UNKNOWN : id};
    uint8_t score = node->breaks ? word->tail : word->score;
    float cost = TOLKA_SCORE_STEP * (float)score + (genitive ? GENITIVE_COST : 0);
    unsigned char text[TOLKA_WORD_MAX];
    size_t length;
    const unsigned char *tail = tolka_model_text(s->model, id, &length);

    if (word->flags & TOLKA_WORD_NO_WORD || score == TOLKA_NO_SCORE ||
        !assemble(s, at, tail, length, &c, text))
        return;
    if (genitive && (text[c.length - 1] == 's' || c.length == TOLKA_WORD_MAX))
        return;
    if (genitive)
        text[c.length++] = 's';
    c.tail = c.id == TOLKA_ID_UNKNOWN && !genitive ? id : 0;
    c.own = c.id == TOLKA_ID_UNKNOWN ? node->own + cost : 0;
    c.reason = c.id == TOLKA_ID_UNKNOWN ? TOLKA_REASON_COMPOUND : TOLKA_REASON_CONFUSION;
    keep(s, &c, text, guide_cost(&c) + (c.id == TOLKA_ID_UNKNOWN ? c.own + UNKNOWN_COST : cost));
}

/* All is read, or all but an s: every word of this key that matches is found. */
static void finish(struct search *s, uint32_t at, bool genitive)
{
    struct part part;

    for (uint32_t id = part_words(s, at, &part); id; id = tolka_model_next(s->model, id))
        finish_word(s, at, id, genitive);
}

/* A part may end here: each head of this key that matches begins a compound. */
static void end_part(struct search *s, uint32_t at)
{
    struct node node = s->nodes[at];
    struct part part;

    for (uint32_t id = part_words(s, at, &part); id; id = tolka_model_next(s->model, id)) {
        const struct tolka_word *word = tolka_model_word(s->model, id);
        struct tolka_candidate c = {0};
        size_t length;
        const unsigned char *head = tolka_model_text(s->model, id, &length);

        if (word->head != TOLKA_NO_SCORE && length == part.length && match_part(s->model, &part, head, &c)) {
            float own = TOLKA_SCORE_STEP * (float)word->head + BREAK_COST;
            struct node next = {
                .hash = TOLKA_HASH_START, .parent = at, .part_id = id, .at = node.at, .confusion = -2};

            next.breaks = (uint8_t)(node.breaks + 1);
            next.own = node.own + own;
            next.cost = node.cost + own + GUIDE_LOST * (float)c.damage[TOLKA_DAMAGE_LOST];
            push(s, &next);
        }
    }
}

/* Goes on with `letters` of truth for `used` letters read. */
static void step(struct search *s, uint32_t at, const uint8_t *letters, uint8_t count, uint8_t used,
                 int confusion, float cost)
{
    struct node next = s->nodes[at];

    if (next.part + count > TOLKA_WORD_MAX - 1)
        return;
    for (uint8_t i = 0; i < count; i++) {
        next.hash = tolka_hash_step(next.hash, tolka_latin_fold[letters[i]]);
        next.out[i] = letters[i];
        if (!tolka_model_has_prefix(s->model, next.hash))
            return;
    }
    next.parent = at;
    next.out_length = count;
    next.confusion = (int16_t)confusion;
    next.at = (uint8_t)(next.at + used);
    next.part = (uint8_t)(next.part + count);
    next.cost += cost;
    push(s, &next);
}

static void undo_misreadings(struct search *s, uint32_t at)
{
    const struct tolka_model *model = s->model;
    size_t place = s->nodes[at].at;
    unsigned char first = s->raw[place];

    for (uint32_t i = model->confusion_first[first]; i < model->confusion_first[first + 1]; i++) {
        const struct tolka_confusion *c = &model->confusions[i];

        if (c->raw_length <= s->length - place && memcmp(c->raw, s->raw + place, c->raw_length) == 0)
            step(s, at, c->truth, c->truth_length, c->raw_length, (int)i,
                 TOLKA_SCORE_STEP * (float)c->score +
                     (c->kind == TOLKA_DAMAGE_MARK ? GUIDE_MARK : GUIDE_GENERAL));
    }
}

static void expand(struct search *s, uint32_t at)
{
    const struct node node = s->nodes[at];
    unsigned char letter;

    if (node.at == s->length) {
        if (node.part)
            finish(s, at, false);
        return;
    }
    if (node.at + 1u == s->length && s->raw[node.at] == 's' && node.part >= MIN_REST)
        finish(s, at, true);
    letter = s->raw[node.at];
    if (tolka_latin_class[letter] == 1 || letter == ':' || letter == '\'')
        step(s, at, &letter, 1, 1, -1, 0);
    if (s->misread)
        undo_misreadings(s, at);
    if (node.part >= 2 && node.breaks < PARTS_MAX && s->length - node.at >= MIN_REST)
        end_part(s, at);
}

static void run(struct search *s)
{
    struct node start = {.hash = TOLKA_HASH_START, .confusion = -3};
    size_t pops = s->misread ? POPS_MISREAD : POPS_PLAIN;

    s->node_count = s->heap_count = s->found_count = 0;
    push(s, &start);
    while (s->heap_count && pops--) {
        uint32_t at = heap_pop(s);

        if (s->found_count == FOUND_MAX && s->nodes[at].cost > s->guide[0] + WIDTH)
            break;
        if (s->nodes[at].cost > s->raw_own + HOPELESS_COST)
            break;
        expand(s, at);
    }
}

/* Sorts by guide, drops what is much worse than the best, and copies into the cache's arena. */
static bool store(struct search *s, struct tolka_arena *arena, struct tolka_found *found)
{
    float best = 1e30f;

    for (size_t i = 0; i < s->found_count; i++)
        best = s->guide[i] < best ? s->guide[i] : best;
    found->count = 0;
    found->own = s->raw_own;
    found->candidates = tolka_arena_array(arena, s->found_count + 1, sizeof *found->candidates);
    if (!found->candidates)
        return false;
    for (size_t i = 0; i < s->found_count; i++) {
        struct tolka_candidate *c = &found->candidates[found->count];

        if (s->guide[i] > best + WIDTH)
            continue;
        *c = s->found[i];
        c->text = (unsigned char *)tolka_arena_strndup(arena, (const char *)s->texts[i], c->length);
        if (!c->text)
            return false;
        found->count++;
    }
    return true;
}

static float unknown_cost(const struct tolka_model *model, const struct tolka_piece *piece)
{
    return OWN_BASE - tolka_spelling_score(model, piece->raw, piece->size);
}

static struct entry *find_entry(struct tolka_cache *cache, const struct tolka_piece *piece)
{
    uint64_t hash = TOLKA_HASH_START;
    struct entry *entry = NULL;

    for (size_t i = 0; i < piece->size; i++)
        hash = tolka_hash_step(hash, piece->raw[i]);
    hash = tolka_hash_mix(hash);
    for (int probe = 0; probe < 4; probe++) {
        entry = &cache->entries[(hash + (unsigned)probe) & (CACHE_SLOTS - 1)];
        if (!entry->level ||
            (entry->length == piece->size && memcmp(entry->raw, piece->raw, piece->size) == 0))
            return entry;
    }
    entry->level = 0; /* crowded: the last of the four makes room */
    return entry;
}

const struct tolka_found *tolka_search(struct tolka_repair *repair, const struct tolka_piece *piece,
                                       bool misread)
{
    struct tolka_cache *cache = repair->cache;
    struct search *s;
    struct entry *entry;

    if (!cache && !(cache = repair->cache = calloc(1, sizeof *cache)))
        return NULL;
    entry = find_entry(cache, piece);
    if (entry->level > (misread ? 1 : 0))
        return &entry->found;
    s = &cache->search;
    s->model = repair->model;
    s->raw = piece->raw;
    s->length = piece->size;
    s->nodes = cache->nodes;
    s->heap = cache->heap;
    s->misread = misread;
    s->raw_own = unknown_cost(repair->model, piece);
    run(s);
    if (!store(s, &cache->arena, &entry->found))
        return NULL;
    entry->level = misread ? 2 : 1;
    entry->length = piece->size;
    memcpy(entry->raw, piece->raw, piece->size);
    return &entry->found;
}

void tolka_cache_trim(struct tolka_cache *cache)
{
    if (!cache || cache->arena.used_bytes < CACHE_BYTES)
        return;
    memset(cache->entries, 0, sizeof cache->entries);
    tolka_arena_release(&cache->arena);
}

void tolka_cache_free(struct tolka_cache *cache)
{
    if (!cache)
        return;
    tolka_arena_release(&cache->arena);
    free(cache);
}
