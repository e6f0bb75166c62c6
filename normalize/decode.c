/*
 * Which readings together? A beam search over the pieces (Viterbi over the last two words, at most BEAM
 * states a piece), scored by the word model and the damage. Where only one reading is left and only one
 * state, nothing has to be scored: most of a text goes that way. Each change must then stand against the
 * piece as it was, in its place among its neighbours, by a margin.
 */
#include "normalize/repair.h"

#include <math.h>
#include <string.h>

enum { BEAM = 24, STATES_A_PIECE = 8 * BEAM };
static const float MARGIN = 0.7f, MARGIN_CLEAN = 6.0f, MARGIN_LOST = 0.2f; /* nats */
static const float ALL_LOST =
    0.2f; /* nats a lost mark, below which next to all are lost: nothing speaks for a word as it stands */

struct state {
    float score;
    uint32_t previous; /* index in the states of the piece before */
    uint32_t a, b;     /* ids of the last two words */
    uint8_t candidate;
};

struct row {
    struct state *states;
    uint32_t count;
};

static float own_cost(const struct tolka_candidate *c)
{
    return c->cost + (c->id == TOLKA_ID_UNKNOWN ? c->own : 0);
}

static void sort_states(struct state *states, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct state state = states[i];
        uint32_t at = i;

        for (; at && states[at - 1].score < state.score; at--)
            states[at] = states[at - 1];
        states[at] = state;
    }
}

/* Adds a state; the better of two with the same last words stays. */
static uint32_t offer(struct state *states, uint32_t count, const struct state *state)
{
    for (uint32_t i = 0; i < count; i++)
        if (states[i].a == state->a && states[i].b == state->b && states[i].candidate == state->candidate) {
            if (state->score > states[i].score)
                states[i] = *state;
            return count;
        }
    states[count] = *state;
    return count + 1;
}

static bool extend(struct tolka_repair *repair, const struct tolka_item *item, const struct row *before,
                   struct row *row)
{
    struct state states[STATES_A_PIECE];
    uint32_t count = 0;
    bool sole = before->count == 1 && item->count == 1;

    for (uint32_t s = 0; s < before->count; s++) {
        struct state from = before->states[s];

        if (item->piece.starts) {
            if (before->count > 1)
                from.score += tolka_model_score(repair->model, from.a, from.b, TOLKA_ID_START);
            from.a = from.b = TOLKA_ID_START;
        }
        for (uint8_t c = 0; c < item->count && count < STATES_A_PIECE; c++) {
            const struct tolka_candidate *candidate = &item->candidates[c];
            struct state to = {.previous = s, .a = from.b, .b = candidate->id, .candidate = c};

            if (!sole)
                to.score = from.score - own_cost(candidate) +
                           tolka_model_score(repair->model, from.a, from.b, candidate->id);
            count = offer(states, count, &to);
        }
    }
    sort_states(states, count);
    row->count = count < BEAM ? count : BEAM;
    row->states = tolka_arena_array(&repair->arena, row->count, sizeof *row->states);
    if (!row->states)
        return false;
    memcpy(row->states, states, row->count * sizeof *row->states);
    return true;
}

static void trace_back(struct tolka_item *items, const struct row *rows, size_t count)
{
    uint32_t state = 0; /* the best */

    for (size_t i = count; i > 0; i--) {
        items[i - 1].chosen = rows[i].states[state].candidate;
        state = rows[i].states[state].previous;
    }
}

static uint32_t chosen_id(const struct tolka_item *item)
{
    return item->candidates[item->chosen].id;
}

/* The ids of the two words before piece `at`, as the model sees them. */
static void context_of(const struct tolka_item *items, size_t at, uint32_t *a, uint32_t *b)
{
    *a = *b = TOLKA_ID_START;
    if (items[at].piece.starts || !at)
        return;
    *b = chosen_id(&items[at - 1]);
    if (!items[at - 1].piece.starts && at >= 2)
        *a = chosen_id(&items[at - 2]);
}

/* The score of the pieces that see piece `at`, with its reading `candidate`. */
static float local_score(const struct tolka_model *model, struct tolka_item *items, size_t count, size_t at,
                         uint8_t candidate)
{
    uint8_t chosen = items[at].chosen;
    float score;

    items[at].chosen = candidate;
    score = -own_cost(&items[at].candidates[candidate]);
    for (size_t i = at; i < count && i <= at + 2; i++) {
        uint32_t a, b;

        if (i > at && items[i].piece.starts) {
            context_of(items, i - 1, &a, &b);
            score += tolka_model_score(model, i - 1 == at ? b : chosen_id(&items[i - 2]),
                                       chosen_id(&items[i - 1]), TOLKA_ID_START);
            break;
        }
        context_of(items, i, &a, &b);
        score += tolka_model_score(model, a, b, chosen_id(&items[i]));
    }
    items[at].chosen = chosen;
    return score;
}

/* Whether the chosen reading stands against the others; sets the fix. */
static void judge(struct tolka_repair *repair, struct tolka_item *items, size_t count, size_t at)
{
    struct tolka_item *item = &items[at];
    float best = local_score(repair->model, items, count, at, item->chosen), sum = 0, raw = 0;
    bool all_lost = repair->rates.damage[TOLKA_DAMAGE_LOST] < ALL_LOST;
    float margin = repair->rates.clean ? MARGIN_CLEAN : all_lost ? MARGIN_LOST : MARGIN;

    for (uint8_t c = 0; c < item->count; c++) {
        float score = local_score(repair->model, items, count, at, c);

        if (!c)
            raw = score;
        sum += expf(fminf(score - best, 20));
    }
    if (best - raw < margin) {
        item->chosen = 0;
        return;
    }
    item->fix = &item->candidates[item->chosen];
    item->fix_confidence = 1 / sum;
}

bool tolka_decode(struct tolka_repair *repair, struct tolka_item *items, size_t count)
{
    struct row *rows = tolka_arena_array(&repair->arena, count + 1, sizeof *rows);
    struct state start = {.a = TOLKA_ID_START, .b = TOLKA_ID_START};

    if (!rows)
        return false;
    rows[0] = (struct row){&start, 1};
    for (size_t i = 0; i < count; i++)
        if (!extend(repair, &items[i], &rows[i], &rows[i + 1]))
            return false;
    trace_back(items, rows, count);
    for (size_t i = 0; i < count; i++) {
        items[i].fix = NULL;
        if (items[i].chosen)
            judge(repair, items, count, i);
    }
    return true;
}
