#include "normalize/repair.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_CAPITALS = 6 }; /* letters of a word in capitals that is no abbreviation */

static const char *const REASONS[] = {NULL, "marks", "confusion", "compound", "spelling"};

const char *tolka_reason_name(uint8_t reason)
{
    return reason < sizeof REASONS / sizeof *REASONS ? REASONS[reason] : NULL;
}

void tolka_repair_init(struct tolka_repair *repair, const struct tolka_model *model)
{
    *repair = (struct tolka_repair){.model = model};
    tolka_language_init(&repair->language);
}

void tolka_repair_release(struct tolka_repair *repair)
{
    tolka_cache_free(repair->cache);
    tolka_arena_release(&repair->arena);
    *repair = (struct tolka_repair){.model = NULL};
}

void tolka_repair_lookup(const struct tolka_model *model, struct tolka_item *item)
{
    unsigned char key[TOLKA_WORD_MAX];

    item->key = item->exact = 0;
    if (item->piece.kind != TOLKA_PIECE_WORD)
        return;
    for (size_t i = 0; i < item->piece.size; i++)
        key[i] = tolka_latin_fold[item->piece.raw[i]];
    item->key = tolka_model_lookup(model, key, item->piece.size, item->piece.hash);
    for (uint32_t id = item->key; id; id = tolka_model_next(model, id)) {
        const struct tolka_word *word = tolka_model_word(model, id);
        size_t length;
        const unsigned char *text = tolka_model_text(model, id, &length);

        if (length == item->piece.size && memcmp(text, item->piece.raw, length) == 0)
            item->exact = word->flags & TOLKA_WORD_NO_WORD ? 0 : id;
    }
}

/* Whether the two halves around a line's end are one word: the lexicon has it, or it can be made of parts. */
static bool is_one_word(struct tolka_repair *repair, struct tolka_item *joined)
{
    const struct tolka_found *found;

    tolka_repair_lookup(repair->model, joined);
    if (joined->key)
        return true;
    found = tolka_search(repair, &joined->piece, false);
    return found && (found->count || found->own < 24);
}

/* Puts the second half's letters to the first; the second is then skipped. */
static void join_halves(struct tolka_repair *repair, struct tolka_item *item, struct tolka_item *next)
{
    struct tolka_item joined = *item;

    if (item->piece.kind != TOLKA_PIECE_WORD || next->piece.kind != TOLKA_PIECE_WORD ||
        (next->piece.upper & 1) != 0 || item->piece.size + next->piece.size > TOLKA_WORD_MAX)
        return;
    for (size_t i = 0; i < next->piece.size; i++) {
        joined.piece.raw[joined.piece.size] = next->piece.raw[i];
        joined.piece.upper |= (next->piece.upper >> i & 1) << joined.piece.size;
        joined.piece.hash = tolka_hash_step(joined.piece.hash, tolka_latin_fold[next->piece.raw[i]]);
        joined.piece.size++;
    }
    if (!is_one_word(repair, &joined))
        return;
    joined.half = next->piece;
    *item = joined;
    next->piece.kind = TOLKA_PIECE_JOINED;
}

/* Takes the joined second halves out of the sequence that is decoded; the number left. `order` maps it back.
 */
static size_t compact(struct tolka_item *items, size_t count, struct tolka_item *out, size_t *order)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (items[i].piece.kind == TOLKA_PIECE_JOINED)
            continue;
        order[kept] = i;
        out[kept++] = items[i];
    }
    return kept;
}

/* Whether a capital in front can only be a misread small letter: the text is misread, and the word is no
 * name. */
static bool is_small(const struct tolka_repair *repair, const struct tolka_item *item)
{
    return repair->rates.noisy && item->fix && item->fix->id != TOLKA_ID_UNKNOWN &&
           !(tolka_model_word(repair->model, item->fix->id)->flags & TOLKA_WORD_NAME);
}

static bool in_capitals(const struct tolka_item *item)
{
    return item->piece.kind == TOLKA_PIECE_WORD && item->piece.size >= MIN_CAPITALS &&
           item->piece.upper == (UINT64_C(1) << item->piece.size) - 1;
}

static void mark_capitals(struct tolka_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        items[i].amid_capitals = (i && !items[i].piece.starts && in_capitals(&items[i - 1])) ||
                                 (i + 1 < count && !items[i + 1].piece.starts && in_capitals(&items[i + 1]));
}

static bool repair_sequence(struct tolka_repair *repair, struct tolka_item *items, size_t count)
{
    tolka_language_mark(&repair->language, items, count);
    mark_capitals(items, count);
    if (!tolka_damage_measure(repair, items, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!tolka_candidates(repair, &items[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        tolka_choose(repair->model, items, count, i);
    if (!tolka_decode(repair, items, count))
        return false;
    for (size_t i = 0; i < count; i++)
        items[i].piece.inside = items[i].piece.inside && is_small(repair, &items[i]);
    return true;
}

static void prefetch(const struct tolka_model *model, const struct tolka_item *items, size_t count, size_t at,
                     int step)
{
    if (at < count && items[at].piece.kind == TOLKA_PIECE_WORD)
        tolka_model_prefetch(model, items[at].piece.hash, step);
}

/* Looks all pieces up, the memory's answers for the next ones under way. */
static void look_up(const struct tolka_model *model, struct tolka_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        prefetch(model, items, count, i + 12, 0);
        prefetch(model, items, count, i + 8, 1);
        prefetch(model, items, count, i + 4, 2);
        tolka_repair_lookup(model, &items[i]);
    }
}

bool tolka_repair_batch(struct tolka_repair *repair, struct tolka_item *items, size_t count)
{
    struct tolka_item *sequence;
    size_t *order, kept;

    tolka_cache_trim(repair->cache);
    tolka_arena_release(&repair->arena);
    sequence = tolka_arena_array(&repair->arena, count + 1, sizeof *sequence);
    order = tolka_arena_array(&repair->arena, count + 1, sizeof *order);
    if (!sequence || !order)
        return false;
    look_up(repair->model, items, count);
    for (size_t i = 0; i + 1 < count; i++)
        if (items[i].half.length == SIZE_MAX) { /* marked by the caller: a hyphen at a line's end */
            items[i].half.length = 0;
            join_halves(repair, &items[i], &items[i + 1]);
        }
    kept = compact(items, count, sequence, order);
    if (!repair_sequence(repair, sequence, kept))
        return false;
    for (size_t i = 0; i < kept; i++)
        items[order[i]] = sequence[i];
    return true;
}

static bool all_upper(const struct tolka_piece *piece)
{
    size_t letters = 0;

    for (size_t i = 0; i < piece->size; i++) {
        bool letter = tolka_latin_class[piece->raw[i]] == 1;

        letters += letter;
        if (letter && !(piece->upper >> i & 1))
            return false;
    }
    return letters > 1;
}

/* Capitals and one small letter, as an abbreviation's genitive. */
static bool small_ending(const struct tolka_piece *piece)
{
    return piece->size > 2 && piece->upper == (UINT64_C(1) << (piece->size - 1)) - 1;
}

size_t tolka_repair_text(const struct tolka_piece *piece, const unsigned char *text, size_t length, char *out)
{
    unsigned char cased[TOLKA_WORD_MAX];
    bool capitals = all_upper(piece), ending = length < piece->size && small_ending(piece);

    if (length > TOLKA_WORD_MAX)
        length = TOLKA_WORD_MAX;
    for (size_t i = 0; i < length; i++) {
        bool upper = capitals || (ending && i + 1 < length) ||
                     (length == piece->size ? piece->upper >> i & 1 : !i && (piece->upper & 1));

        /* A capital A amid small letters is an å misread, not an Å. */
        if (upper && !capitals && tolka_latin_is_marked(text[i]) &&
            (i ? !(piece->upper >> (i - 1) & 1) : piece->inside))
            upper = false;
        cased[i] = upper ? tolka_latin_upper(text[i]) : text[i];
    }
    return tolka_latin_to_utf8(cased, length, out);
}

static bool same_fold(const unsigned char *a, const unsigned char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (tolka_latin_fold[a[i]] != tolka_latin_fold[b[i]])
            return false;
    return true;
}

bool tolka_repair_split(const struct tolka_item *item, size_t *first)
{
    size_t second = item->half.size, total = item->fix->length;

    if (total == item->piece.size ||
        (total > second && same_fold(item->fix->text + total - second, item->half.raw, second)))
        *first = total - second;
    else if (total > item->piece.size - second &&
             same_fold(item->fix->text, item->piece.raw, item->piece.size - second))
        *first = item->piece.size - second;
    else
        return false;
    return *first > 0 && *first < total;
}
