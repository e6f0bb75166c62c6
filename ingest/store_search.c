/*
 * Full-text search over the repaired text of pages (FTS5; on PostgreSQL tsvector and tsquery, Swedish). What
 * a user types is taken as words, never as the engine's query language: each word becomes a quoted string, so
 * no sign in it has a meaning but "..." around a phrase and * after a beginning.
 *
 * Letters. The index keeps å, ä, ö apart from a and o (tokenizer unicode61 without removal of diacritics):
 * "får" and "far" are two words. One who has no such keys is still served: when nothing holds the words as
 * typed, each word without marks stands for all words of the store that differ from it in marks alone
 * ("malmo" finds Malmö). The variants are looked up in the index's list of words, so they cost little.
 * PostgreSQL has no such list, and is asked for all of them. It knows Swedish endings besides: kommun finds
 * kommunens.
 *
 * Ranking. FTS5's bm25 counts every page that holds a word, in the whole index, before it can say a number.
 * So that the first hit is there at once in a large store, the first hundred pages (or as many as are asked
 * for) in the order of reports are taken, and those that hold the words most often come first.
 */
#include "ingest/browse.h"
#include "ingest/store_int.h"

#include "base/utf8.h"

#include <string.h>

enum {
    MAX_WORDS = 32, /* of a search; the rest is dropped */
    MAX_WORD_BYTES = 200,
    MAX_PHRASE_BYTES = 2000,
    MAX_MARKABLE = 7,  /* letters of a word that may carry marks: 3^7 spellings at most are looked up */
    MAX_VARIANTS = 32, /* of a word that are found in the index */
};

/* What a letter may stand for when it was typed without marks. */
static const char *const MARKED[][4] = {
    {"a", "å", "ä", NULL},
    {"o", "ö", NULL, NULL},
    {"e", "é", NULL, NULL},
    {"u", "ü", NULL, NULL},
};

/* How an engine writes what is searched for. */
struct language {
    const char *quote;  /* around a text; doubled within */
    const char *escape; /* signs that are doubled too */
    const char *prefix; /* after a beginning */
    const char *and, * or ;
};

static const struct language FTS5 = {"\"", "", " *", " AND ", " OR "};
static const struct language TSQUERY = {"'", "\\", ":*", " & ", " | "};

/* One word or phrase of what was typed. */
struct term {
    const char *text;
    size_t length;
    bool prefix;
};

/* The character at `text`: is it part of a word, as the tokenizer sees it? It takes letters and digits; all
 * beyond ASCII that is no space. */
static bool is_word_start(const char *text, size_t length)
{
    uint32_t code;

    tolka_utf8_decode(text, length, &code);
    return tolka_utf8_is_letter(code) || (code >= '0' && code <= '9');
}

/* Does this piece hold anything that the tokenizer makes a word of? */
static bool holds_word(const char *text, size_t length)
{
    uint32_t code;

    for (size_t at = 0; at < length; at += tolka_utf8_decode(text + at, length - at, &code)) {
        if (is_word_start(text + at, length - at))
            return true;
    }
    return false;
}

/* The end of the piece that begins at `at`: a phrase to its closing quote, else to the next white space or
 * quote. */
static size_t piece_end(const char *words, size_t length, size_t at, bool quoted)
{
    uint32_t code;
    size_t step;

    for (; at < length; at += step) {
        step = tolka_utf8_decode(words + at, length - at, &code);
        if (words[at] == '"' || (!quoted && tolka_utf8_is_space(code)))
            break;
    }
    return at;
}

static size_t split(const char *words, struct term *terms)
{
    const size_t length = strlen(words);
    size_t count = 0, at = 0;

    while (at < length && count < MAX_WORDS) {
        const bool quoted = words[at] == '"';
        const size_t begin = at + quoted;
        size_t end = piece_end(words, length, begin, quoted);
        struct term *term = &terms[count];

        *term = (struct term){words + begin, end - begin, false};
        if (!quoted && term->length > 1 && term->text[term->length - 1] == '*') {
            term->prefix = true;
            term->length--;
        }
        at = quoted && end < length ? end + 1 : end > at ? end : at + 1;
        if (term->length <= (quoted ? MAX_PHRASE_BYTES : MAX_WORD_BYTES) &&
            holds_word(term->text, term->length))
            count++;
    }
    return count;
}

/* A string of the engine's language. NUL cannot be in it. */
static void add_string(struct tolka_strbuf *out, const struct language *language, const char *text,
                       size_t length)
{
    tolka_strbuf_add_str(out, language->quote);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == language->quote[0] || strchr(language->escape, text[i]))
            tolka_strbuf_add_char(out, text[i]);
        tolka_strbuf_add_char(out, text[i]);
    }
    tolka_strbuf_add_str(out, language->quote);
}

static void add_term(struct tolka_strbuf *out, const struct language *language, const struct term *term)
{
    add_string(out, language, term->text, term->length);
    if (term->prefix)
        tolka_strbuf_add_str(out, language->prefix);
}

/* The spellings of one word. */
struct spelling {
    struct tolka_store *store;
    const struct language *language;
    struct tolka_strbuf *out;
    int found;
};

static const char *const *marked(char letter)
{
    for (size_t i = 0; i < sizeof MARKED / sizeof *MARKED; i++) {
        if (MARKED[i][0][0] == letter)
            return MARKED[i];
    }
    return NULL;
}

static enum tolka_status look_up_word(struct spelling *spelling, const struct tolka_strbuf *word,
                                      struct tolka_error *err)
{
    const bool is_shared = tolka_sql_is_shared(spelling->store->sql);
    int64_t there = is_shared;
    enum tolka_status status = TOLKA_OK;

    if (word->failed)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (!is_shared)
        status = tolka_sql_number(spelling->store->sql, err, &there,
                                  "SELECT 1 FROM page_word WHERE term = ?1", "t", tolka_strbuf_text(word));
    if (!status && there && (is_shared || spelling->found < MAX_VARIANTS)) {
        tolka_strbuf_add_str(spelling->out, spelling->found++ ? spelling->language->or : "(");
        add_string(spelling->out, spelling->language, word->data, word->length);
    }
    return status;
}

/* Builds spelling number `number` of `word`: each letter that may carry marks is one digit of the number.
 * False past the last. */
static bool spell(const char *word, size_t length, int number, struct tolka_strbuf *out)
{
    int markable = 0;

    tolka_strbuf_truncate(out, 0);
    for (size_t i = 0; i < length; i++) {
        const char *const *letters = marked(word[i]);
        int count = 0;
        while (letters && markable < MAX_MARKABLE && count < 4 && letters[count])
            count++;
        if (!count) {
            tolka_strbuf_add_char(out, word[i]);
            continue;
        }
        tolka_strbuf_add_str(out, letters[number % count]);
        number /= count;
        markable++;
    }
    return number == 0;
}

/* Adds a word with all spellings that the store has; as it is when it has none, carries marks already, or is
 * a phrase. */
static enum tolka_status add_spellings(struct tolka_store *store, const struct language *language,
                                       struct tolka_strbuf *out, const struct term *term,
                                       struct tolka_error *err)
{
    struct spelling spelling = {store, language, out, 0};
    struct tolka_strbuf word = {0};
    struct tolka_arena scratch = {0};
    enum tolka_status status = TOLKA_OK;
    char *folded = tolka_store_fold(&scratch, tolka_arena_strndup(&scratch, term->text, term->length));
    bool plain = folded && !term->prefix;

    for (const char *c = folded; plain && *c; c++)
        plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
    for (int number = 0; plain && !status && spell(folded, strlen(folded), number, &word); number++)
        status = look_up_word(&spelling, &word, err);
    if (spelling.found)
        tolka_strbuf_add_char(out, ')');
    else
        add_term(out, language, term);
    tolka_strbuf_release(&word);
    tolka_arena_release(&scratch);
    return status;
}

/* The inner part ends at its limit, so it reads no more of the index than it must. */
static const char SEARCH_FTS5[] =
    "SELECT p.report_id, p.page, r.path, r.sha256, r.organisation, r.title, r.period_to, hit.snippet FROM ("
    "SELECT f.rowid AS id, tolka_hits(page_text) AS hits, snippet(page_text, 0, char(2), char(3), '…', 16) "
    "AS snippet "
    "FROM page_text f WHERE page_text MATCH ?1 AND EXISTS (SELECT 1 FROM page p JOIN report r ON r.id = "
    "p.report_id "
    "WHERE p.id = f.rowid AND r.superseded = 0) LIMIT max(?2, 100)) AS hit "
    "JOIN page p ON p.id = hit.id JOIN report r ON r.id = p.report_id ORDER BY hit.hits DESC, hit.id LIMIT "
    "?2";

/*
 * The pages that are looked at one by one before the index of words is asked: of words that stand on every
 * tenth page they hold a hundred, and the index would make a bitmap of all pages in the store first.
 */
#define EARLY_PAGES "1000"

/* Rank first, then headlines of the few that are shown: each costs as much as reading its page. */
static const char SEARCH_TSQUERY[] =
    "WITH early AS MATERIALIZED (SELECT p.id, p.words FROM (SELECT id, report_id, words FROM page ORDER BY "
    "id "
    "LIMIT " EARLY_PAGES ") AS p JOIN report r ON r.id = p.report_id WHERE p.words @@ (SELECT "
    "to_tsquery('swedish', ?1)) AND r.superseded = 0 LIMIT greatest(?2, 100)), "
    "enough AS MATERIALIZED (SELECT count(*) >= greatest(?2, 100) AS so FROM early), "
    "found AS (SELECT id, words FROM early WHERE (SELECT so FROM enough) UNION ALL (SELECT p.id, p.words "
    "FROM "
    "page p JOIN report r ON r.id = p.report_id WHERE NOT (SELECT so FROM enough) AND p.words @@ "
    "to_tsquery('swedish', ?1) AND r.superseded = 0 LIMIT greatest(?2, 100))) "
    "SELECT p.report_id, p.page, r.path, r.sha256, r.organisation, r.title, r.period_to, "
    "ts_headline('swedish', "
    "p.text, to_tsquery('swedish', ?1), 'StartSel=' || chr(2) || ', StopSel=' || chr(3) || ', "
    "MaxFragments=1, "
    "MaxWords=16, MinWords=8') FROM (SELECT id, ts_rank(words, to_tsquery('swedish', ?1)) AS hits FROM found "
    "ORDER BY hits DESC, id LIMIT ?2) AS hit "
    "JOIN page p ON p.id = hit.id JOIN report r ON r.id = p.report_id ORDER BY hit.hits DESC, hit.id";

/* The same by place, from one page on. */
static const char ON_FTS5[] =
    "SELECT p.report_id, p.page, r.path, r.sha256, r.organisation, r.title, r.period_to, "
    "snippet(page_text, 0, char(2), char(3), '…', 16) FROM page_text CROSS JOIN page p ON p.id = "
    "page_text.rowid "
    "CROSS JOIN report r ON r.id = p.report_id WHERE page_text MATCH ?1 AND page_text.rowid > ?3 AND "
    "r.superseded = 0 "
    "ORDER BY page_text.rowid LIMIT ?2";
static const char ON_TSQUERY[] =
    "SELECT p.report_id, p.page, r.path, r.sha256, r.organisation, r.title, r.period_to, "
    "ts_headline('swedish', p.text, to_tsquery('swedish', ?1), 'StartSel=' || chr(2) || ', StopSel=' || "
    "chr(3) || ', "
    "MaxFragments=1, MaxWords=16, MinWords=8') FROM (SELECT p.id FROM page p JOIN report r ON r.id = "
    "p.report_id "
    "WHERE p.words @@ to_tsquery('swedish', ?1) AND p.id > ?3 AND r.superseded = 0 ORDER BY p.id LIMIT ?2) "
    "AS hit "
    "JOIN page p ON p.id = hit.id JOIN report r ON r.id = p.report_id ORDER BY hit.id";

struct search {
    bool (*take)(const struct tolka_store_hit *hit, void *data);
    void *data;
    size_t limit, hits;
    int64_t after; /* the id of a page: by place, after that; -1: the best of all */
};

static enum tolka_status run(struct tolka_store *store, const char *match, struct search *search,
                             struct tolka_error *err)
{
    struct tolka_sql_query *query;
    bool go_on = true;
    const int64_t limit = (int64_t)search->limit;
    enum tolka_status status =
        search->after < 0
            ? tolka_sql_query(store->sql, err, &query,
                              tolka_sql_choose(store->sql, SEARCH_FTS5, SEARCH_TSQUERY), "ti", match, limit)
            : tolka_sql_query(store->sql, err, &query, tolka_sql_choose(store->sql, ON_FTS5, ON_TSQUERY),
                              "tii", match, limit, search->after);

    while (go_on && tolka_sql_next(query, &status, err)) {
        const struct tolka_store_hit hit = {.report = tolka_sql_int(query, 0),
                                            .page = (int)tolka_sql_int(query, 1),
                                            .path = tolka_sql_word(query, 2),
                                            .sha256 = tolka_sql_word(query, 3),
                                            .organisation = tolka_sql_text(query, 4),
                                            .title = tolka_sql_text(query, 5),
                                            .period_to = tolka_sql_text(query, 6),
                                            .snippet = tolka_sql_word(query, 7)};
        search->hits++;
        go_on = search->take(&hit, search->data);
    }
    tolka_sql_done(query);
    return status;
}

/* All of the terms, as they were typed or in all spellings. */
static enum tolka_status search_for(struct tolka_store *store, const struct term *terms, size_t count,
                                    bool spellings, struct search *search, struct tolka_error *err)
{
    const struct language *language = tolka_sql_is_shared(store->sql) ? &TSQUERY : &FTS5;
    struct tolka_strbuf match = {0};
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; !status && i < count; i++) {
        tolka_strbuf_add_str(&match, i ? language->and : "");
        if (spellings)
            status = add_spellings(store, language, &match, &terms[i], err);
        else
            add_term(&match, language, &terms[i]);
    }
    if (!status && match.failed)
        status = tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (!status)
        status = run(store, tolka_strbuf_text(&match), search, err);
    tolka_strbuf_release(&match);
    return status;
}

/* PostgreSQL reads an index of words by bitmaps alone, which all other statements do without. */
static enum tolka_status walk_words(struct tolka_store *store, bool begin, struct tolka_error *err)
{
    if (!tolka_sql_is_shared(store->sql))
        return TOLKA_OK;
    return tolka_sql_script(store->sql, begin ? "SET enable_bitmapscan = on" : "SET enable_bitmapscan = off",
                            err);
}

static enum tolka_status ask(struct tolka_store *store, const char *words, struct search *search,
                             struct tolka_error *err)
{
    struct term terms[MAX_WORDS];
    const size_t count = split(words, terms);
    enum tolka_status status;

    if (!count)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "there is no word in what to search for");
    status = walk_words(store, true, err);
    if (!status)
        status = search_for(store, terms, count, false, search, err);
    if (!status && !search->hits)
        status = search_for(store, terms, count, true, search, err);
    walk_words(store, false, NULL);
    return status;
}

enum tolka_status tolka_browse_limit_time(struct tolka_store *store, int limit_ms, struct tolka_error *err)
{
    return tolka_sql_limit_time(store->sql, limit_ms, err);
}

enum tolka_status tolka_store_search(struct tolka_store *store, const char *words, size_t limit,
                                     bool (*take)(const struct tolka_store_hit *hit, void *data), void *data,
                                     struct tolka_error *err)
{
    return ask(store, words, &(struct search){take, data, limit, 0, -1}, err);
}

enum tolka_status tolka_browse_search(struct tolka_store *store, const char *words, int64_t report, int page,
                                      int limit, bool (*take)(const struct tolka_store_hit *hit, void *data),
                                      void *data, struct tolka_error *err)
{
    return ask(store, words, &(struct search){take, data, (size_t)limit, 0, tolka_page_id(report, page)},
               err);
}
