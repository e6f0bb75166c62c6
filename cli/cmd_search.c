/* tolka search: the pages of a store that hold some words. */
#include "cli/store.h"

#include "schema/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_LIMIT = 20, MAX_LIMIT = 100000 };

static const char HELP[] =
    "usage: tolka search STORE [options] WORDS...\n"
    "\n"
    "Finds the pages that hold all WORDS: a line each with the file, the page and\n"
    "some words around. A beginning is written kommun*, a phrase\n"
    "'\"god ekonomisk hushållning\"'. Capitals do not matter; å, ä and ö are letters of\n"
    "their own, but malmo finds Malmö where nothing is called malmo.\n"
    "\n"
    "  -f, --format FORMAT  text (default) or jsonl\n"
    "  -n, --limit N        at most N pages (default 20)\n"
    "\n"
    "Exit status: 0 done, whether or not there were any; 2 wrong usage; 3 the store\n"
    "cannot be read; 4 not written.\n";

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"limit", required_argument, NULL, 'n'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct sink {
    struct tolka_rows rows;
    bool json, color;
    int64_t limit;
};

static bool take_option(int option, const char *value, void *data)
{
    struct sink *sink = data;

    switch (option) {
    case 'f':
        sink->json = strcmp(value, "jsonl") == 0;
        return sink->json || strcmp(value, "text") == 0;
    case 'n':
        return tolka_cli_number(value, 1, MAX_LIMIT, &sink->limit);
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"search", HELP, ":f:n:", LONG_OPTIONS, take_option};

/* Adds text as one line that a terminal can bear; the marks around hits become `begin` and `end`. */
static void add_line(struct tolka_strbuf *out, const char *text, const char *begin, const char *end)
{
    for (; text && *text; text++) {
        if (*text == '\x02')
            tolka_strbuf_add_str(out, begin);
        else if (*text == '\x03')
            tolka_strbuf_add_str(out, end);
        else
            tolka_strbuf_add_char(out, tolka_cli_control(text) ? ' ' : *text);
        text += tolka_cli_control(text) == 2;
    }
}

static void write_text(const struct tolka_store_hit *hit, bool color, struct tolka_strbuf *out)
{
    add_line(out, hit->path, "", "");
    tolka_strbuf_addf(out, ":%d: ", hit->page);
    add_line(out, hit->snippet, color ? "\033[1m" : "", color ? "\033[0m" : "");
    tolka_strbuf_add_char(out, '\n');
}

static void write_json(const struct tolka_store_hit *hit, struct tolka_strbuf *out)
{
    struct tolka_json writer = {.out = out}, *json = &writer;
    struct tolka_strbuf snippet = {0};

    add_line(&snippet, hit->snippet, "\u00ab", "\u00bb");
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "sha256", hit->sha256);
    tolka_json_string(json, "path", hit->path);
    tolka_json_int(json, "page", hit->page);
    tolka_json_string(json, "organisation", hit->organisation);
    tolka_json_string(json, "title", hit->title);
    tolka_json_string(json, "period_to", hit->period_to);
    tolka_json_string(json, "snippet", tolka_strbuf_text(&snippet));
    tolka_json_close(json, '}');
    tolka_strbuf_add_char(out, '\n');
    out->failed = out->failed || snippet.failed;
    tolka_strbuf_release(&snippet);
}

static bool take_hit(const struct tolka_store_hit *hit, void *data)
{
    struct sink *sink = data;

    if (sink->json)
        write_json(hit, &sink->rows.buffer);
    else
        write_text(hit, sink->color, &sink->rows.buffer);
    return tolka_rows_flow(&sink->rows);
}

/* The words of the command line as one text. */
static void join_words(char **words, int count, struct tolka_strbuf *out)
{
    for (int i = 0; i < count; i++) {
        tolka_strbuf_add_str(out, i ? " " : "");
        tolka_strbuf_add_str(out, words[i]);
    }
}

static int search(struct tolka_store *store, const char *words, struct sink *sink)
{
    struct tolka_error err = {0};
    const enum tolka_status status =
        tolka_store_search(store, words, (size_t)sink->limit, take_hit, sink, &err);

    if (status)
        tolka_cli_complain("search: %s", err.message);
    if (!tolka_rows_close(&sink->rows, !status) && !status)
        return TOLKA_EXIT_UNWRITABLE;
    return !status ? TOLKA_EXIT_OK : status == TOLKA_ERR_ARGUMENT ? TOLKA_EXIT_USAGE : TOLKA_EXIT_UNREADABLE;
}

int tolka_cmd_search(int argc, char **argv)
{
    struct sink sink = {.limit = DEFAULT_LIMIT, .color = isatty(1) && !getenv("NO_COLOR")};
    struct tolka_strbuf words = {0};
    struct tolka_store *store;
    int result = tolka_cli_parse(&COMMAND, argc, argv, &sink);

    if (result >= 0)
        return result;
    if (optind + 2 > argc)
        return tolka_cli_usage("search", "a STORE and WORDS are needed");
    store = tolka_cli_open_store(argv[optind]);
    if (!store)
        return TOLKA_EXIT_UNREADABLE;
    join_words(argv + optind + 1, argc - optind - 1, &words);
    result = TOLKA_EXIT_UNWRITABLE;
    if (tolka_rows_open(&sink.rows, NULL))
        result = search(store, tolka_strbuf_text(&words), &sink);
    tolka_strbuf_release(&words);
    tolka_store_close(store);
    return result;
}
