/* The words of a page: repaired together, so that a small table profits from the text around it. And line
 * ends with a hyphen. */
#include "normalize/repair.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 4096 };

static void cut_token(const struct tolka_token *token, size_t source, bool *starts, struct tolka_item *items,
                      size_t *count, size_t room)
{
    size_t length = strlen(token->text), at = 0;
    bool address = tolka_token_is_address(token->text, length);
    struct tolka_piece piece;
    size_t first = *count;

    while (*count < room && tolka_piece_next(token->text, length, &at, &piece)) {
        struct tolka_item *item = &items[(*count)++];

        *item = (struct tolka_item){
            .piece = piece, .source = source, .confidence = token->confidence, .skip = address};
        item->piece.starts = *starts;
        if (address)
            item->piece.kind = TOLKA_PIECE_OTHER;
        *starts = piece.ends;
    }
    if (*count == first + 1 && token->reading_count)
        items[first].token = token; /* a word of one piece: its readings are the piece's */
}

static bool ends_in_hyphen(const struct tolka_token *token, const struct tolka_token *next,
                           const struct tolka_piece *last)
{
    size_t length = strlen(token->text);

    return next && token->block == next->block && token->line != next->line && length >= 2 &&
           token->text[length - 1] == '-' && last->start + last->length == length - 1;
}

/* Whether the token follows a small letter or a comma on the same line. */
static bool follows_small(const struct tolka_token *tokens, size_t at)
{
    size_t length = at ? strlen(tokens[at - 1].text) : 0;
    unsigned char last = length ? (unsigned char)tokens[at - 1].text[length - 1] : 0;

    return at && tokens[at].block == tokens[at - 1].block && tokens[at].line == tokens[at - 1].line &&
           ((last >= 'a' && last <= 'z') || last == ',' || (last & 0xe0) == 0xa0);
}

/* The fix of one piece of a token: what replaces it. */
static void add_fixed(struct tolka_strbuf *buf, const struct tolka_piece *piece, const unsigned char *text,
                      size_t length)
{
    char to[2 * TOLKA_WORD_MAX + 1];

    tolka_strbuf_add(buf, to, tolka_repair_text(piece, text, length, to));
}

static void note_fix(struct tolka_token *token, const struct tolka_item *item)
{
    if (!token->reason || item->fix_confidence < token->repair_confidence)
        token->repair_confidence = item->fix_confidence;
    token->reason = tolka_reason_name(item->fix->reason);
}

/* Where a joined second half's letters come from. */
struct carry {
    const struct tolka_item *item;
    size_t first;
};

/* Writes the token anew from its `count` items; `carry` brings the second half of a word that began on the
 * line before. */
static void rebuild(struct tolka_token *token, const struct tolka_item *items, size_t count,
                    struct carry *carry, struct tolka_strbuf *buf)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tolka_item *item = &items[i];
        struct tolka_piece piece = item->piece;
        const unsigned char *text = item->fix ? item->fix->text : NULL;
        size_t length = item->fix ? item->fix->length : 0;
        const struct tolka_item *by = item;

        if (piece.kind == TOLKA_PIECE_JOINED && carry->item) {
            by = carry->item;
            text = by->fix->text + carry->first;
            length = by->fix->length - carry->first;
            carry->item = NULL;
        } else if (text && item->half.length) {
            *carry = (struct carry){item, 0};
            if (!tolka_repair_split(item, &carry->first)) {
                carry->item = NULL;
                continue;
            }
            piece.size = (unsigned char)(piece.size - item->half.size);
            length = carry->first;
        }
        if (!text)
            continue;
        tolka_strbuf_add(buf, token->text + at, piece.start - at);
        add_fixed(buf, &piece, text, length);
        at = piece.start + piece.length;
        note_fix(token, by);
    }
    if (token->reason)
        tolka_strbuf_add_str(buf, token->text + at);
}

static bool write_tokens(struct tolka_token *tokens, const struct tolka_item *items, size_t count,
                         struct tolka_arena *arena)
{
    struct tolka_strbuf buf = {0};
    struct carry carry = {NULL, 0};
    bool ok = true;

    for (size_t first = 0, end; ok && first < count; first = end) {
        struct tolka_token *token = &tokens[items[first].source];

        for (end = first; end < count && items[end].source == items[first].source; end++)
            continue;
        tolka_strbuf_truncate(&buf, 0);
        rebuild(token, items + first, end - first, &carry, &buf);
        ok = !buf.failed;
        if (!ok || !token->reason)
            continue;
        if (strcmp(tolka_strbuf_text(&buf), token->text) == 0)
            token->reason = NULL;
        else
            ok = (token->repaired = tolka_arena_strndup(arena, buf.data, buf.length)) != NULL;
    }
    tolka_strbuf_release(&buf);
    return ok;
}

enum tolka_status tolka_normalize_tokens(const struct tolka_model *model, struct tolka_token *tokens,
                                         size_t count, struct tolka_arena *arena, struct tolka_error *err)
{
    struct tolka_item *items = calloc(BATCH, sizeof *items);
    struct tolka_repair repair;
    bool ok = items != NULL, starts = true;

    tolka_repair_init(&repair, model);
    for (size_t i = 0; ok && i < count;) {
        size_t used = 0;

        for (; i < count && used < BATCH - 64; i++) {
            size_t before = used;

            tokens[i].repaired = tokens[i].reason = NULL;
            tokens[i].repair_confidence = 0;
            if (!i || tokens[i].block != tokens[i - 1].block)
                starts = true;
            cut_token(&tokens[i], i, &starts, items, &used, BATCH);
            if (used > before && items[before].piece.start == 0)
                items[before].piece.inside = follows_small(tokens, i);
            if (used > before &&
                ends_in_hyphen(&tokens[i], i + 1 < count ? &tokens[i + 1] : NULL, &items[used - 1].piece))
                items[used - 1].half.length = SIZE_MAX;
        }
        ok = tolka_repair_batch(&repair, items, used) && write_tokens(tokens, items, used, arena);
    }
    tolka_repair_release(&repair);
    free(items);
    return ok ? TOLKA_OK : tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
}

/* Words after which a hyphen hangs on purpose: "mål- och aktivitet". */
static const char *const HANGING[] = {"och", "eller", "samt", "respektive", "resp", "el", "men", "till"};

static bool hangs(const char *right)
{
    size_t length = strcspn(right, ".,;:)");

    for (size_t i = 0; i < sizeof HANGING / sizeof *HANGING; i++)
        if (strlen(HANGING[i]) == length && strncmp(right, HANGING[i], length) == 0)
            return true;
    return false;
}

/* The last piece of a text, false when there is none. */
static bool last_piece(const char *text, size_t length, struct tolka_piece *piece, bool *several)
{
    size_t at = 0;
    bool any = false;

    *several = false;
    while (tolka_piece_next(text, length, &at, piece)) {
        *several = any;
        any = true;
    }
    return any;
}

/* An abbreviation, a number or a name before the hyphen keeps it. */
static bool keeps_hyphen(const struct tolka_model *model, const struct tolka_item *left,
                         const struct tolka_piece *right)
{
    const struct tolka_piece *piece = &left->piece;
    bool capitals = piece->size > 1 && piece->upper == (UINT64_C(1) << piece->size) - 1;
    bool all = right->size > 1 && right->upper == (UINT64_C(1) << right->size) - 1;

    if (piece->kind != TOLKA_PIECE_WORD || (capitals && !all) || ((right->upper & 1) && !all))
        return true;
    return (piece->upper & 1) && left->exact &&
           (tolka_model_word(model, left->exact)->flags & TOLKA_WORD_NAME) && left->piece.size > 3;
}

/* Whether the lexicon has the word, or it can be made of parts. */
static bool is_known(const struct tolka_model *model, const struct tolka_piece *left,
                     const struct tolka_piece *right)
{
    struct tolka_item joined = {.piece = *left};
    struct tolka_repair repair;
    const struct tolka_found *found;
    bool known;

    if (left->size + right->size > TOLKA_WORD_MAX || left->kind != TOLKA_PIECE_WORD ||
        right->kind != TOLKA_PIECE_WORD)
        return false;
    for (size_t i = 0; i < right->size; i++) {
        joined.piece.raw[joined.piece.size++] = right->raw[i];
        joined.piece.hash = tolka_hash_step(joined.piece.hash, tolka_latin_fold[right->raw[i]]);
    }
    tolka_repair_lookup(model, &joined);
    if (joined.key)
        return true;
    tolka_repair_init(&repair, model);
    found = tolka_search(&repair, &joined.piece, false);
    known = found && (found->count || found->own < 24);
    tolka_repair_release(&repair);
    return known;
}

bool tolka_normalize_join(const struct tolka_model *model, const char *left, const char *right,
                          struct tolka_arena *arena, char **joined)
{
    size_t length = strlen(left), at = 0;
    struct tolka_item last = {.skip = false};
    struct tolka_piece next;
    bool several, keep;

    *joined = NULL;
    if (length < 2 || left[length - 1] != '-' || left[length - 2] == '-' || hangs(right) ||
        !tolka_piece_next(right, strlen(right), &at, &next) || next.start != 0 ||
        next.kind != TOLKA_PIECE_WORD || !last_piece(left, length - 1, &last.piece, &several) ||
        last.piece.start + last.piece.length != length - 1)
        return false;
    tolka_repair_lookup(model, &last);
    keep = (next.upper & 1 || !is_known(model, &last.piece, &next)) && keeps_hyphen(model, &last, &next);
    if (last.piece.kind == TOLKA_PIECE_NUMBER && !several && last.piece.length == length - 1 && length > 5)
        return false;
    *joined = tolka_arena_printf(arena, "%.*s%s%s", (int)(length - 1), left, keep ? "-" : "", right);
    return *joined != NULL;
}
