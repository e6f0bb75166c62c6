/* tolka status: what of a store is done, failed and left. */
#include "cli/store.h"

#include "ingest/store_share.h"
#include "schema/json.h"

#include <string.h>

static const char HELP[] =
    "usage: tolka status STORE [options]\n"
    "\n"
    "Says what is done, failed and left, and how fast the last ingest was.\n"
    "\n"
    "  -f, --format FORMAT  text (default) or json\n"
    "      --problems       list every problem: file, page, code, message\n"
    "      --duplicates     list the files that are the same as another, or nearly so\n"
    "                       (scanned twice)\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the store cannot be read; 4 not written.\n";

enum { OPT_PROBLEMS = TOLKA_OPTION_HELP + 1, OPT_DUPLICATES };

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"problems", no_argument, NULL, OPT_PROBLEMS},
    {"duplicates", no_argument, NULL, OPT_DUPLICATES},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    bool json, problems, duplicates;
};

/* The report being written, as text or JSON. */
struct page {
    const struct options *options;
    struct tolka_rows rows;
    struct tolka_json json;
};

/* `name` as a key has no spaces. */
static void add_count(struct page *page, const char *name, int64_t count)
{
    char key[32];

    snprintf(key, sizeof key, "%s", name);
    for (char *c = key; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    if (page->options->json)
        tolka_json_int(&page->json, key, count);
    else if (count)
        tolka_strbuf_addf(&page->rows.buffer, ", %lld %s", (long long)count, name);
}

static void begin_line(struct page *page, const char *name, int64_t total)
{
    if (page->options->json) {
        tolka_json_open(&page->json, name, '{');
        tolka_json_int(&page->json, "total", total);
        return;
    }
    tolka_strbuf_addf(&page->rows.buffer, "%-9s %lld", name, (long long)total);
}

static void end_line(struct page *page)
{
    if (page->options->json)
        tolka_json_close(&page->json, '}');
    else
        tolka_strbuf_add_char(&page->rows.buffer, '\n');
}

/* What JSON puts its parts in; text does without. */
static void open_part(struct page *page, const char *key, char bracket)
{
    if (page->options->json)
        tolka_json_open(&page->json, key, bracket);
}

static void close_part(struct page *page, char bracket)
{
    if (page->options->json)
        tolka_json_close(&page->json, bracket);
}

static void write_counts(struct page *page, const struct tolka_store_counts *counts)
{
    begin_line(page, "files", counts->files + counts->missing);
    add_count(page, "duplicates", counts->duplicates);
    add_count(page, "missing", counts->missing);
    end_line(page);
    begin_line(page, "reports", counts->reports);
    add_count(page, "done", counts->done);
    add_count(page, "with problems", counts->with_problems);
    add_count(page, "failed", counts->failed);
    add_count(page, "at work", counts->working);
    add_count(page, "waiting", counts->waiting);
    add_count(page, "superseded", counts->superseded);
    end_line(page);
    begin_line(page, "pages", counts->pages_done + counts->pages_failed + counts->pages_left);
    add_count(page, "done", counts->pages_done);
    add_count(page, "failed", counts->pages_failed);
    add_count(page, "left", counts->pages_left);
    end_line(page);
    begin_line(page, "facts", counts->facts);
    end_line(page);
}

/* How long what is left may take; only pages that are known count. */
static void write_speed(struct page *page, const struct tolka_store_counts *counts)
{
    const double left_s = counts->pages_per_s > 0 ? (double)counts->pages_left / counts->pages_per_s : 0;

    if (page->options->json) {
        tolka_json_real(&page->json, "pages_per_second", counts->pages_per_s);
        tolka_json_int(&page->json, "seconds_left", (long long)left_s);
        tolka_json_int(&page->json, "ingests_running", counts->runs_alive);
        return;
    }
    if (counts->pages_per_s > 0)
        tolka_strbuf_addf(&page->rows.buffer, "%-9s %.1f pages a second in the last ingest", "speed",
                          counts->pages_per_s);
    if (counts->pages_per_s > 0 && left_s >= 1)
        tolka_strbuf_addf(&page->rows.buffer, "; what is left takes about %d h %02d min",
                          (int)(left_s / 3600), (int)(left_s / 60) % 60);
    if (counts->pages_per_s > 0)
        tolka_strbuf_add_char(&page->rows.buffer, '\n');
    if (counts->runs_alive)
        tolka_strbuf_addf(&page->rows.buffer, "%-9s %lld running\n", "ingest", (long long)counts->runs_alive);
}

/* Makes what was added since `begin` fit for a terminal, and ends the line: a path may hold line breaks or
 * terminal codes. */
static bool end_text(struct page *page, size_t begin)
{
    struct tolka_strbuf *out = &page->rows.buffer;

    for (size_t i = begin; i < out->length; i++)
        memset(out->data + i, '?', tolka_cli_control(out->data + i));
    tolka_strbuf_add_char(out, '\n');
    return tolka_rows_flow(&page->rows);
}

/* Names of machines come from the machines: what a terminal might obey does not get through. */
static bool take_run(const struct tolka_store_run *run, void *data)
{
    struct page *page = data;
    const size_t begin = page->rows.buffer.length;

    if (!page->options->json) {
        tolka_strbuf_addf(&page->rows.buffer,
                          "%-9s %s (%lld): %lld pages, %.1f a second, %lld failed; heard %.0f s ago",
                          "machine", run->host, (long long)run->pid, (long long)run->pages_done,
                          run->pages_per_s, (long long)run->pages_failed, run->silent_s);
        return end_text(page, begin);
    }
    tolka_json_open(&page->json, NULL, '{');
    tolka_json_string(&page->json, "host", run->host);
    tolka_json_int(&page->json, "pid", run->pid);
    tolka_json_int(&page->json, "pages_done", run->pages_done);
    tolka_json_int(&page->json, "pages_failed", run->pages_failed);
    tolka_json_int(&page->json, "reports_done", run->reports_done);
    tolka_json_real(&page->json, "pages_per_second", run->pages_per_s);
    tolka_json_real(&page->json, "silent_seconds", run->silent_s);
    tolka_json_close(&page->json, '}');
    return true;
}

static enum tolka_status write_machines(struct page *page, struct tolka_store *store, struct tolka_error *err)
{
    enum tolka_status status;

    open_part(page, "machines", '[');
    status = tolka_store_each_run(store, take_run, page, err);
    close_part(page, ']');
    return status;
}

static bool take_kind(const char *code, int64_t count, void *data)
{
    struct page *page = data;

    if (page->options->json)
        tolka_json_int(&page->json, code, count);
    else
        tolka_strbuf_addf(&page->rows.buffer, "%-9s %lld %s\n", "problems", (long long)count, code);
    return true;
}

static bool write_problem_json(struct page *page, const char *path, const struct tolka_store_problem *problem)
{
    struct tolka_json *json = &page->json;

    tolka_json_line(json);
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "path", path);
    if (problem->page)
        tolka_json_int(json, "page", problem->page);
    else
        tolka_json_null(json, "page");
    tolka_json_string(json, "code", problem->code);
    tolka_json_string(json, "message", problem->message);
    tolka_json_string(json, "stage", problem->stage);
    tolka_json_int(json, "signal", problem->signal);
    tolka_json_real(json, "seconds", problem->seconds);
    tolka_json_close(json, '}');
    return tolka_rows_flow(&page->rows);
}

static bool take_problem(const char *path, const struct tolka_store_problem *problem, void *data)
{
    struct page *page = data;
    struct tolka_strbuf *out = &page->rows.buffer;
    const size_t begin = out->length;

    if (page->options->json)
        return write_problem_json(page, path, problem);
    tolka_strbuf_addf(out, "%s:", path);
    if (problem->page)
        tolka_strbuf_addf(out, "%d:", problem->page);
    tolka_strbuf_addf(out, " %s: %s", problem->code, problem->message);
    return end_text(page, begin);
}

static bool write_like_json(struct page *page, const char *path, const char *like, double likeness)
{
    struct tolka_json *json = &page->json;

    tolka_json_line(json);
    tolka_json_open(json, NULL, '{');
    tolka_json_string(json, "path", path);
    tolka_json_string(json, "like", like);
    tolka_json_real(json, "likeness", likeness);
    tolka_json_close(json, '}');
    return tolka_rows_flow(&page->rows);
}

static bool take_duplicate(const char *path, const char *same, void *data)
{
    struct page *page = data;
    const size_t begin = page->rows.buffer.length;

    if (page->options->json)
        return write_like_json(page, path, same, 1);
    tolka_strbuf_addf(&page->rows.buffer, "%s: is the same file as %s", path, same);
    return end_text(page, begin);
}

static bool take_near_duplicate(const char *path, const char *like, double likeness, void *data)
{
    struct page *page = data;
    const size_t begin = page->rows.buffer.length;

    if (page->options->json)
        return write_like_json(page, path, like, likeness);
    tolka_strbuf_addf(&page->rows.buffer, "%s: has some %.0f %% of its text in common with %s", path,
                      likeness * 100, like);
    return end_text(page, begin);
}

static enum tolka_status write_duplicates(struct page *page, struct tolka_store *store,
                                          struct tolka_error *err)
{
    enum tolka_status status;

    if (!page->options->duplicates)
        return TOLKA_OK;
    open_part(page, "duplicates", '[');
    status = tolka_store_each_duplicate(store, take_duplicate, page, err);
    if (!status)
        status = tolka_store_each_near_duplicate(store, take_near_duplicate, page, err);
    close_part(page, ']');
    return status;
}

static enum tolka_status write_problems(struct page *page, struct tolka_store *store, struct tolka_error *err)
{
    enum tolka_status status;

    open_part(page, "problems", '{');
    status = tolka_store_each_problem_code(store, take_kind, page, err);
    close_part(page, '}');
    if (status || !page->options->problems)
        return status;
    open_part(page, "problem_list", '[');
    status = tolka_store_all_problems(store, take_problem, page, err);
    close_part(page, ']');
    return status;
}

static enum tolka_status write_status(struct page *page, struct tolka_store *store,
                                      struct tolka_store_counts *counts, struct tolka_error *err)
{
    enum tolka_status status = tolka_store_count(store, counts, err);

    if (status)
        return status;
    open_part(page, NULL, '{');
    write_counts(page, counts);
    write_speed(page, counts);
    status = write_machines(page, store, err);
    if (!status)
        status = write_problems(page, store, err);
    if (!status)
        status = write_duplicates(page, store, err);
    close_part(page, '}');
    if (page->options->json)
        tolka_strbuf_add_char(&page->rows.buffer, '\n');
    return status;
}

static int show(struct tolka_store *store, const struct options *options)
{
    struct page page = {.options = options};
    struct tolka_store_counts counts;
    struct tolka_error err = {0};
    enum tolka_status status;

    if (!tolka_rows_open(&page.rows, NULL))
        return TOLKA_EXIT_UNWRITABLE;
    page.json.out = &page.rows.buffer;
    status = write_status(&page, store, &counts, &err);
    if (status)
        tolka_cli_complain("%s", err.message);
    if (!tolka_rows_close(&page.rows, !status) && !status)
        return TOLKA_EXIT_UNWRITABLE;
    if (status)
        return TOLKA_EXIT_UNREADABLE;
    return TOLKA_EXIT_OK;
}

static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case 'f':
        options->json = strcmp(value, "json") == 0;
        return options->json || strcmp(value, "text") == 0;
    case OPT_PROBLEMS:
        return options->problems = true;
    case OPT_DUPLICATES:
        return options->duplicates = true;
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"status", HELP, ":f:", LONG_OPTIONS, take_option};

int tolka_cmd_status(int argc, char **argv)
{
    struct options options = {0};
    struct tolka_store *store;
    int result = tolka_cli_parse(&COMMAND, argc, argv, &options);

    if (result >= 0)
        return result;
    if (optind + 1 != argc)
        return tolka_cli_usage("status", "one STORE is needed");
    store = tolka_cli_open_store(argv[optind]);
    if (!store)
        return TOLKA_EXIT_UNREADABLE;
    result = show(store, &options);
    tolka_store_close(store);
    return result;
}
