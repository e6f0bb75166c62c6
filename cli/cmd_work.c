/* tolka work: does the work that waits in a database that many machines share. */
#include "cli/cli.h"

#include "cli/ingest_run.h"
#include "cli/metrics.h"

static const char HELP[] =
    "usage: tolka work [options] --store postgresql://...\n"
    "\n"
    "Reads the pages that `tolka ingest --enqueue` put into the database, beside any\n"
    "number of other machines that do. Waits for more when there is none. Interrupt\n"
    "once to stop after the pages in hand, twice to stop now: what is not finished\n"
    "is given back.\n"
    "\n"
    "      --store URL         the database\n"
    "      --until-empty       end when nothing is left to do, here and elsewhere\n"
    "      --metrics ADDR:PORT numbers for Prometheus at this address, over HTTP;\n"
    "                          without ADDR for this machine alone\n"
    "      --progress MODE     auto (bar on a terminal, else plain), json, none\n"
    "      --log json          standard error as a log: an object a line\n" TOLKA_READ_HELP
    "  -q, --quiet             neither progress nor summary; problems are still told\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage, or what waits is for\n"
    "another version, model or rules; 3 nothing could be read; 4 not written.\n";

enum { OPT_UNTIL_EMPTY = TOLKA_OPTION_INGEST_OWN, OPT_METRICS };

static const struct option LONG_OPTIONS[] = {
    TOLKA_INGEST_OPTIONS,
    {"until-empty", no_argument, NULL, OPT_UNTIL_EMPTY},
    {"metrics", required_argument, NULL, OPT_METRICS},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    struct tolka_ingest_command command;
    const char *metrics;
};

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case OPT_UNTIL_EMPTY:
        options->command.ingest.stay = false;
        return true;
    case OPT_METRICS:
        options->metrics = value;
        return *value != '\0';
    default:
        return tolka_ingest_command_take(&options->command, option, value);
    }
}

static const struct tolka_cli_command COMMAND = {"work", HELP, ":j:q", LONG_OPTIONS, take_option};

int tolka_cmd_work(int argc, char **argv)
{
    struct options options = {.command.ingest = {.worker = true, .stay = true}};
    struct tolka_ingest_command *command = &options.command;
    const int result = tolka_cli_parse(&COMMAND, argc, argv, &options);

    if (result >= 0)
        return result;
    if (!command->store)
        return tolka_cli_usage("work", "no --store given");
    if (optind != argc)
        return tolka_cli_usage("work", "no PATH is taken: `tolka ingest --enqueue` takes them in");
    if (options.metrics) {
        command->ingest.visitor_fd = tolka_metrics_listen(options.metrics);
        command->ingest.on_visitor = tolka_metrics_answer;
        if (command->ingest.visitor_fd < 0)
            return TOLKA_EXIT_USAGE;
    }
    return tolka_ingest_command_run(command);
}
