#include "schema/textjoin.h"

#include "base/utf8.h"

#include <string.h>

/* True when `left` is letters and a hyphen at its end. */
static bool ends_in_hyphen(const char *left)
{
    size_t length = strlen(left);

    return length > 2 && left[length - 1] == '-' &&
           (left[length - 2] >= 'A' || (unsigned char)left[length - 2] >= 0x80);
}

/* "mål- och", "in- eller", "person- och/eller": the hyphen stands for a part that follows later. */
static bool is_conjunction(const char *word)
{
    static const char *const WORDS[] = {"och",  "eller", "och/eller", "samt", "respektive",
                                        "resp", "resp.", "till",      "som",  "m.m."};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (strcmp(word, WORDS[i]) == 0)
            return true;
    }
    return false;
}

/* Without a model: a lower-case continuation takes the hyphen out. */
static bool join_plainly(const char *left, const char *right, struct tolka_arena *arena, char **joined)
{
    if (!tolka_utf8_is_small(tolka_utf8_first(right)))
        return false;
    *joined = tolka_arena_printf(arena, "%.*s%s", (int)strlen(left) - 1, left, right);
    return *joined != NULL;
}

char *tolka_textjoin_halves(const char *left, const char *right, const struct tolka_model *model,
                            struct tolka_arena *arena)
{
    char *joined = NULL;

    if (!ends_in_hyphen(left) || is_conjunction(right))
        return NULL;
    if (model ? tolka_normalize_join(model, left, right, arena, &joined)
              : join_plainly(left, right, arena, &joined))
        return joined;
    return NULL;
}

void tolka_textjoin_append(struct tolka_strbuf *text, const char *word, bool broken, size_t *last_start,
                           const struct tolka_model *model, struct tolka_arena *arena)
{
    const char *left = tolka_strbuf_text(text) + (text->length ? *last_start : 0);
    const char *joined = text->length && broken ? tolka_textjoin_halves(left, word, model, arena) : NULL;

    if (joined) {
        tolka_strbuf_truncate(text, *last_start);
        tolka_strbuf_add_str(text, joined);
        return;
    }
    if (text->length)
        tolka_strbuf_add_char(text, ' ');
    *last_start = text->length;
    tolka_strbuf_add_str(text, word);
}

bool tolka_text_same_but_space(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == ' ')
            a++;
        while (*b == ' ')
            b++;
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
}
