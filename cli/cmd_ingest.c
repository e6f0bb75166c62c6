/* tolka ingest: many reports into a store, in parallel, resumable. */
#include "cli/cli.h"

#include "cli/ingest_progress.h"
#include "ingest/ingest.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_RULE_DIRS = 16, MAX_JOBS = 256, DEFAULT_PAGE_TIMEOUT_S = 120 };

static const char HELP[] =
    "usage: tolka ingest [options] --store STORE PATH...\n"
    "\n"
    "Reads every report in PATH (files, or folders with all that is in them) into\n"
    "STORE, which is made when it is not there. What is done is not done again; what\n"
    "was interrupted goes on. Interrupt once to stop after the pages in hand, twice\n"
    "to stop now; nothing is lost.\n"
    "\n"
    "      --store STORE       the store: an SQLite file\n"
    "  -j, --jobs N            pages read at once (default: one a processor)\n"
    "      --redo              read again what is done\n"
    "      --retry-failed      read again what failed as a whole\n"
    "      --watch             go on with files that come, until interrupted\n"
    "      --page-timeout S    give a page up after S seconds (default 120)\n"
    "      --progress MODE     auto (bar on a terminal, else plain), json, none\n"
    "      --ocr MODE          auto (a page's own text where it can be trusted),\n"
    "                          always, never\n"
    "      --rules DIR         more rule files; may be given several times\n"
    "      --model FILE        another language model for the repair\n"
    "      --no-normalize      leave the words as they were read\n"
    "  -q, --quiet             neither progress nor summary; problems are still told\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

enum {
    OPT_STORE = 256,
    OPT_REDO,
    OPT_RETRY_FAILED,
    OPT_WATCH,
    OPT_PAGE_TIMEOUT,
    OPT_PROGRESS,
    OPT_OCR,
    OPT_RULES,
    OPT_MODEL,
    OPT_NO_NORMALIZE,
    OPT_HELP
};

static const struct option LONG_OPTIONS[] = {
    {"store", required_argument, NULL, OPT_STORE},
    {"jobs", required_argument, NULL, 'j'},
    {"redo", no_argument, NULL, OPT_REDO},
    {"retry-failed", no_argument, NULL, OPT_RETRY_FAILED},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"page-timeout", required_argument, NULL, OPT_PAGE_TIMEOUT},
    {"progress", required_argument, NULL, OPT_PROGRESS},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"rules", required_argument, NULL, OPT_RULES},
    {"model", required_argument, NULL, OPT_MODEL},
    {"no-normalize", no_argument, NULL, OPT_NO_NORMALIZE},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

struct options {
    const char *store, *model;
    const char *rule_dirs[MAX_RULE_DIRS];
    size_t rule_dir_count;
    int jobs, page_timeout_s, ocr, progress;
    bool redo, retry_failed, watch, no_normalize;
};

/* Interrupts so far, and wake-ups: the handlers do nothing else. */
static volatile sig_atomic_t interrupts, wakes;

static void on_interrupt(int signal)
{
    (void)signal;
    interrupts = interrupts + 1;
}

static void on_wake(int signal)
{
    (void)signal;
    wakes = wakes + 1;
}

/* Signals come only while waiting, so that none is missed between looking and waiting; `*while_waiting` lets
 * them in. */
static void set_signals(sigset_t *while_waiting)
{
    static const int INTERRUPTING[] = {SIGINT, SIGTERM};
    struct sigaction action = {.sa_handler = on_interrupt};
    sigset_t blocked;

    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof INTERRUPTING / sizeof *INTERRUPTING; i++) {
        sigaction(INTERRUPTING[i], &action, NULL);
        sigaddset(&blocked, INTERRUPTING[i]);
    }
    action.sa_handler = on_wake;
    sigaction(SIGHUP, &action, NULL);
    sigaddset(&blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &blocked, while_waiting);
    for (int i = 0; i < 2; i++)
        sigdelset(while_waiting, INTERRUPTING[i]);
    sigdelset(while_waiting, SIGHUP);
}

static bool parse_number(const char *text, int low, int high, int *value)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (end == text || *end || number < low || number > high)
        return false;
    *value = (int)number;
    return true;
}

static bool parse_word(const char *text, const char *const *words, int *value)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}

static const char *const OCR_WORDS[] = {"auto", "always", "never", NULL};
static const char *const PROGRESS_WORDS[] = {"auto", "bar", "plain", "json", "none", NULL};

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(struct options *options, int option, const char *value)
{
    switch (option) {
    case OPT_STORE:
        options->store = value;
        return *value != '\0';
    case 'j':
        return parse_number(value, 1, MAX_JOBS, &options->jobs);
    case OPT_REDO:
        return options->redo = true;
    case OPT_RETRY_FAILED:
        return options->retry_failed = true;
    case OPT_WATCH:
        return options->watch = true;
    case OPT_PAGE_TIMEOUT:
        return parse_number(value, 1, 86400, &options->page_timeout_s);
    case OPT_PROGRESS:
        return parse_word(value, PROGRESS_WORDS, &options->progress);
    case OPT_OCR:
        return parse_word(value, OCR_WORDS, &options->ocr);
    case OPT_RULES:
        if (options->rule_dir_count == MAX_RULE_DIRS)
            return false;
        options->rule_dirs[options->rule_dir_count++] = value;
        return true;
    case OPT_MODEL:
        options->model = value;
        return true;
    case OPT_NO_NORMALIZE:
        return options->no_normalize = true;
    case 'q':
        options->progress = TOLKA_PROGRESS_NONE;
        return true;
    default:
        return false;
    }
}

static int usage_error(const char *what, const char *message)
{
    tolka_cli_complain("ingest: %s%s%s; see `tolka ingest --help`", what, *what ? ": " : "", message);
    return TOLKA_EXIT_USAGE;
}

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":j:q", LONG_OPTIONS, NULL)) != -1) {
        if (option == OPT_HELP) {
            fputs(HELP, stdout);
            return TOLKA_EXIT_OK;
        }
        if (option == '?' || option == ':')
            return usage_error(argv[optind - 1], option == ':' ? "a value is missing" : "no such option");
        if (!take_option(options, option, optarg))
            return usage_error(optarg ? optarg : "", "not a value that this option takes");
    }
    if (!options->store)
        return usage_error("", "no --store given");
    if (optind == argc)
        return usage_error("", "no PATH given");
    return -1;
}

/* What reports are read with. */
struct tools {
    struct tolka_model *model;
    struct tolka_rules *rules;
};

static enum tolka_status load_tools(const struct options *options, struct tools *tools,
                                    struct tolka_error *err)
{
    const char *dirs[MAX_RULE_DIRS + 1];
    char model[PATH_MAX], rules[PATH_MAX];

    if (!tolka_cli_find("schema/rules", rules, sizeof rules))
        return tolka_error_set(err, TOLKA_ERR_IO, "the rule files are not where the program was installed");
    if (!options->no_normalize && !options->model &&
        !tolka_cli_find("normalize/data/sv.model", model, sizeof model))
        return tolka_error_set(err, TOLKA_ERR_IO,
                               "the language model sv.model is not where the program was installed; "
                               "name one with --model, or give --no-normalize");
    if (!options->no_normalize &&
        tolka_model_open(options->model ? options->model : model, &tools->model, err))
        return err->status;
    dirs[0] = rules;
    memcpy(dirs + 1, options->rule_dirs, sizeof options->rule_dirs);
    return tolka_rules_load(dirs, options->rule_dir_count + 1, &tools->rules, err);
}

static void on_event(const struct tolka_ingest_event *event, void *data)
{
    static sig_atomic_t told;
    struct tolka_progress *progress = data;

    if (interrupts && !told) {
        told = 1;
        tolka_progress_clear(progress);
        tolka_cli_complain("stopping after the pages in hand; interrupt again to stop now");
    }
    tolka_progress_event(progress, event);
}

static int exit_status(const struct tolka_ingest_counts *counts)
{
    const int64_t good = counts->reports_done + counts->unchanged + counts->duplicates;
    const int64_t bad = counts->reports_failed + counts->failed_before + counts->missing;

    if (bad && !good)
        return TOLKA_EXIT_UNREADABLE;
    return bad || counts->with_problems || counts->pages_failed || counts->reports_left ? TOLKA_EXIT_PROBLEMS
                                                                                        : TOLKA_EXIT_OK;
}

static int run(const struct options *options, const struct tools *tools, struct tolka_store *store,
               char **paths, int path_count)
{
    const struct tolka_pipeline pipeline = {
        .model = tools->model, .rules = tools->rules, .ocr = (enum tolka_ocr_mode)options->ocr};
    char words[32];
    const struct tolka_store_recipe recipe = {TOLKA_VERSION,
                                              tools->model ? tolka_model_sha256(tools->model) : "",
                                              tolka_rules_sha256(tools->rules), words};
    struct tolka_progress progress;
    struct tolka_ingest_counts counts;
    struct tolka_error err = {0};
    enum tolka_status status;
    sigset_t while_waiting;

    snprintf(words, sizeof words, "ocr=%s", OCR_WORDS[options->ocr]);
    set_signals(&while_waiting);
    tolka_progress_begin(&progress, (enum tolka_progress_mode)options->progress);
    status = tolka_ingest_run(&(struct tolka_ingest_options){.store = store,
                                                             .recipe = &recipe,
                                                             .pipeline = &pipeline,
                                                             .paths = paths,
                                                             .path_count = path_count,
                                                             .jobs = options->jobs,
                                                             .page_timeout_s = options->page_timeout_s,
                                                             .redo = options->redo,
                                                             .retry_failed = options->retry_failed,
                                                             .watch = options->watch,
                                                             .interrupts = &interrupts,
                                                             .wakes = &wakes,
                                                             .mask = &while_waiting,
                                                             .on_event = on_event,
                                                             .data = &progress},
                              &counts, &err);
    tolka_progress_end(&progress, &counts);
    if (status) {
        tolka_cli_complain("%s", err.message);
        return status == TOLKA_ERR_LIBRARY || status == TOLKA_ERR_MEMORY ? TOLKA_EXIT_UNREADABLE
                                                                         : TOLKA_EXIT_UNWRITABLE;
    }
    if (counts.interrupted && !options->watch)
        tolka_cli_complain("interrupted; the same command goes on where this one stopped");
    return exit_status(&counts);
}

int tolka_cmd_ingest(int argc, char **argv)
{
    struct options options = {.page_timeout_s = DEFAULT_PAGE_TIMEOUT_S};
    struct tools tools = {0};
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};
    int result = parse_options(argc, argv, &options);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (result >= 0)
        return result;
    if (!options.jobs)
        options.jobs = processors < 1 ? 1 : processors > MAX_JOBS ? MAX_JOBS : (int)processors;
    if (load_tools(&options, &tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    } else if (tolka_store_open(options.store, TOLKA_STORE_CREATE, &store, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_UNWRITABLE;
    } else {
        result = run(&options, &tools, store, argv + optind, argc - optind);
    }
    tolka_store_close(store);
    tolka_rules_free(tools.rules);
    tolka_model_free(tools.model);
    return result;
}
