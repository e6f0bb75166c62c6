/* Runs an ingest for a command: signals, progress, what is said at the end. */
#include "cli/ingest_run.h"

#include "cli/cli.h"
#include "cli/log.h"
#include "ingest/store_share.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_TRIES = 30 }; /* a second apart */

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

static int exit_status(const struct tolka_ingest_counts *counts, bool enqueue_only)
{
    const int64_t good =
        counts->reports_done + counts->unchanged + counts->duplicates + (enqueue_only ? counts->queued : 0);
    const int64_t bad = counts->reports_failed + counts->failed_before + counts->missing;

    if (bad && !good)
        return TOLKA_EXIT_UNREADABLE;
    return bad || counts->with_problems || counts->pages_failed || counts->reports_left ? TOLKA_EXIT_PROBLEMS
                                                                                        : TOLKA_EXIT_OK;
}

static int run(const struct tolka_ingest_command *command, const struct tolka_tools *tools)
{
    const struct tolka_read_options *reading = &command->reading;
    const struct tolka_pipeline pipeline = {
        .model = tools->model, .rules = tools->rules, .ocr = (enum tolka_ocr_mode)reading->ocr};
    char words[32];
    const struct tolka_store_recipe recipe = {TOLKA_VERSION,
                                              tools->model ? tolka_model_sha256(tools->model) : "",
                                              tolka_rules_sha256(tools->rules), words};
    struct tolka_ingest_options options = command->ingest;
    struct tolka_progress progress;
    struct tolka_ingest_counts counts;
    struct tolka_error err = {0};
    enum tolka_status status;
    sigset_t while_waiting;

    snprintf(words, sizeof words, "ocr=%s", tolka_ocr_word(reading->ocr));
    set_signals(&while_waiting);
    tolka_progress_begin(&progress, (enum tolka_progress_mode)command->progress);
    options.recipe = &recipe;
    options.pipeline = &pipeline;
    options.jobs = (int)reading->jobs;
    options.page_timeout_s = (int)reading->page_timeout_s;
    options.interrupts = &interrupts;
    options.wakes = &wakes;
    options.mask = &while_waiting;
    options.on_event = on_event;
    options.data = &progress;
    status = tolka_ingest_run(&options, &counts, &err);
    tolka_progress_end(&progress, &counts);
    if (status) {
        tolka_cli_complain("%s", err.message);
        if (status == TOLKA_ERR_VERSION)
            return TOLKA_EXIT_USAGE;
        return status == TOLKA_ERR_LIBRARY || status == TOLKA_ERR_MEMORY ? TOLKA_EXIT_UNREADABLE
                                                                         : TOLKA_EXIT_UNWRITABLE;
    }
    if (counts.interrupted && !options.watch && !options.worker)
        tolka_cli_complain("interrupted; the same command goes on where this one stopped");
    return options.enqueue_only && !counts.missing ? TOLKA_EXIT_OK
                                                   : exit_status(&counts, options.enqueue_only);
}

/* A worker that comes while the server restarts waits for it a while. */
static enum tolka_status open_store(struct tolka_ingest_command *command, struct tolka_error *err)
{
    const bool worker = command->ingest.worker;
    enum tolka_status status;

    for (int tries = 0;; tries++) {
        tolka_error_clear(err);
        status = tolka_store_open(command->store, worker ? TOLKA_STORE_WRITE : TOLKA_STORE_CREATE,
                                  &command->ingest.store, err);
        if (status != TOLKA_ERR_IO || !worker || tries == OPEN_TRIES)
            return status;
        if (tries == 0)
            tolka_cli_complain("%s; trying again", err->message);
        sleep(1);
    }
}

bool tolka_ingest_command_take(struct tolka_ingest_command *command, int option, const char *value)
{
    switch (option) {
    case TOLKA_OPTION_STORE:
        command->store = value;
        return *value != '\0';
    case TOLKA_OPTION_PROGRESS:
        return tolka_cli_word(value, TOLKA_PROGRESS_WORDS, &command->progress);
    case TOLKA_OPTION_LOG:
        if (strcmp(value, "json") == 0)
            tolka_log_begin();
        return tolka_log_is_on() || strcmp(value, "text") == 0;
    case 'q':
        command->progress = TOLKA_PROGRESS_NONE;
        return true;
    default:
        return tolka_read_options_take(&command->reading, option, value);
    }
}

int tolka_ingest_command_run(struct tolka_ingest_command *command)
{
    struct tolka_tools tools = {0};
    struct tolka_error err = {0};
    int result;

    tolka_read_options_complete(&command->reading);
    if (tolka_tools_load(&command->reading, &tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    } else if (open_store(command, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_UNWRITABLE;
    } else if ((command->ingest.worker || command->ingest.upload) &&
               !tolka_store_is_shared(command->ingest.store)) {
        tolka_cli_complain("%s: is a file, no store that machines share; see tolka-work(1)", command->store);
        result = TOLKA_EXIT_USAGE;
    } else {
        result = run(command, &tools);
    }
    tolka_store_close(command->ingest.store);
    tolka_tools_release(&tools);
    return result;
}
