/* tolka ingest: many reports into a store, in parallel, resumable. */
#include "cli/cli.h"

#include "cli/ingest_run.h"

static const char HELP[] =
    "usage: tolka ingest [options] --store STORE PATH...\n"
    "\n"
    "Reads every report in PATH (files, folders) into STORE, which is made when it\n"
    "is not there. What is done is not done again, what was interrupted goes on.\n"
    "Interrupt once to stop after the pages in hand, twice to stop now.\n"
    "\n"
    "      --store STORE       an SQLite file, or postgresql://... (many machines)\n"
    "      --enqueue           only take the files in: `tolka work` reads them\n"
    "      --upload            with the files, for machines that do not see them\n"
    "      --redo              read again what is done\n"
    "      --retry-failed      read again what failed as a whole\n"
    "      --watch             go on with files that come, until interrupted\n"
    "      --progress MODE     auto (bar on a terminal, else plain), json, none\n"
    "      --log json          standard error as a log: an object a line\n" TOLKA_READ_HELP
    "  -q, --quiet             neither progress nor summary; problems are still told\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

enum { OPT_REDO = TOLKA_OPTION_INGEST_OWN, OPT_RETRY_FAILED, OPT_WATCH, OPT_ENQUEUE, OPT_UPLOAD };

static const struct option LONG_OPTIONS[] = {
    TOLKA_INGEST_OPTIONS,
    {"redo", no_argument, NULL, OPT_REDO},
    {"retry-failed", no_argument, NULL, OPT_RETRY_FAILED},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"enqueue", no_argument, NULL, OPT_ENQUEUE},
    {"upload", no_argument, NULL, OPT_UPLOAD},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(int option, const char *value, void *data)
{
    struct tolka_ingest_command *command = data;
    struct tolka_ingest_options *ingest = &command->ingest;

    switch (option) {
    case OPT_REDO:
        return ingest->redo = true;
    case OPT_RETRY_FAILED:
        return ingest->retry_failed = true;
    case OPT_WATCH:
        return ingest->watch = true;
    case OPT_ENQUEUE:
        return ingest->enqueue_only = true;
    case OPT_UPLOAD:
        return ingest->upload = true;
    default:
        return tolka_ingest_command_take(command, option, value);
    }
}

static const struct tolka_cli_command COMMAND = {"ingest", HELP, ":j:q", LONG_OPTIONS, take_option};

int tolka_cmd_ingest(int argc, char **argv)
{
    struct tolka_ingest_command command = {0};
    const int result = tolka_cli_parse(&COMMAND, argc, argv, &command);

    if (result >= 0)
        return result;
    if (!command.store)
        return tolka_cli_usage("ingest", "no --store given");
    if (optind == argc)
        return tolka_cli_usage("ingest", "no PATH given");
    command.ingest.paths = argv + optind;
    command.ingest.path_count = argc - optind;
    return tolka_ingest_command_run(&command);
}
