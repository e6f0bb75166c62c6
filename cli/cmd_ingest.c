/* tolka ingest: many reports into a store, in parallel, resumable. */
#include "cli/cli.h"

#include "cli/ingest_progress.h"
#include "cli/read_options.h"
#include "ingest/ingest.h"

#include <signal.h>
#include <string.h>

static const char HELP[] =
    "usage: tolka ingest [options] --store STORE PATH...\n"
    "\n"
    "Reads every report in PATH (files, or folders with all that is in them) into\n"
    "STORE, which is made when it is not there. What is done is not done again; what\n"
    "was interrupted goes on. Interrupt once to stop after the pages in hand, twice\n"
    "to stop now; nothing is lost.\n"
    "\n"
    "      --store STORE       the store: an SQLite file\n"
    "      --redo              read again what is done\n"
    "      --retry-failed      read again what failed as a whole\n"
    "      --watch             go on with files that come, until interrupted\n"
    "      --progress MODE     auto (bar on a terminal, else plain), json, none\n" TOLKA_READ_HELP
    "  -q, --quiet             neither progress nor summary; problems are still told\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

enum { OPT_STORE = TOLKA_OPTION_OWN, OPT_REDO, OPT_RETRY_FAILED, OPT_WATCH, OPT_PROGRESS };

static const struct option LONG_OPTIONS[] = {
    {"store", required_argument, NULL, OPT_STORE},
    TOLKA_READ_OPTIONS,
    {"redo", no_argument, NULL, OPT_REDO},
    {"retry-failed", no_argument, NULL, OPT_RETRY_FAILED},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"progress", required_argument, NULL, OPT_PROGRESS},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    struct tolka_read_options reading;
    const char *store;
    int progress; /* enum tolka_progress_mode */
    bool redo, retry_failed, watch;
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

static const char *const PROGRESS_WORDS[] = {"auto", "bar", "plain", "json", "none", NULL};

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case OPT_STORE:
        options->store = value;
        return *value != '\0';
    case OPT_REDO:
        return options->redo = true;
    case OPT_RETRY_FAILED:
        return options->retry_failed = true;
    case OPT_WATCH:
        return options->watch = true;
    case OPT_PROGRESS:
        return tolka_cli_word(value, PROGRESS_WORDS, &options->progress);
    case 'q':
        options->progress = TOLKA_PROGRESS_NONE;
        return true;
    default:
        return tolka_read_options_take(&options->reading, option, value);
    }
}

static const struct tolka_cli_command COMMAND = {"ingest", HELP, ":j:q", LONG_OPTIONS, take_option};

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
    const int result = tolka_cli_parse(&COMMAND, argc, argv, options);

    if (result >= 0)
        return result;
    if (!options->store)
        return tolka_cli_usage("ingest", "no --store given");
    if (optind == argc)
        return tolka_cli_usage("ingest", "no PATH given");
    tolka_read_options_complete(&options->reading);
    return -1;
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

static int run(const struct options *options, const struct tolka_tools *tools, struct tolka_store *store,
               char **paths, int path_count)
{
    const struct tolka_pipeline pipeline = {
        .model = tools->model, .rules = tools->rules, .ocr = (enum tolka_ocr_mode)options->reading.ocr};
    char words[32];
    const struct tolka_store_recipe recipe = {TOLKA_VERSION,
                                              tools->model ? tolka_model_sha256(tools->model) : "",
                                              tolka_rules_sha256(tools->rules), words};
    struct tolka_progress progress;
    struct tolka_ingest_counts counts;
    struct tolka_error err = {0};
    enum tolka_status status;
    sigset_t while_waiting;

    snprintf(words, sizeof words, "ocr=%s", tolka_ocr_word(options->reading.ocr));
    set_signals(&while_waiting);
    tolka_progress_begin(&progress, (enum tolka_progress_mode)options->progress);
    status = tolka_ingest_run(
        &(struct tolka_ingest_options){.store = store,
                                       .recipe = &recipe,
                                       .pipeline = &pipeline,
                                       .paths = paths,
                                       .path_count = path_count,
                                       .jobs = (int)options->reading.jobs,
                                       .page_timeout_s = (int)options->reading.page_timeout_s,
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
    struct options options = {0};
    struct tolka_tools tools = {0};
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};
    int result = parse_options(argc, argv, &options);

    if (result >= 0)
        return result;
    if (tolka_tools_load(&options.reading, &tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    } else if (tolka_store_open(options.store, TOLKA_STORE_CREATE, &store, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_UNWRITABLE;
    } else {
        result = run(&options, &tools, store, argv + optind, argc - optind);
    }
    tolka_store_close(store);
    tolka_tools_release(&tools);
    return result;
}
