/* tolka: dispatches to the commands. */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} COMMANDS[] = {
    {"convert", tolka_cmd_convert, "one report in, its records out"},
    {"ingest", tolka_cmd_ingest, "many reports into a store, in parallel, resumable"},
    {"work", tolka_cmd_work, "the work that waits in a database, beside other machines"},
    {"normalize", tolka_cmd_normalize, "repair Swedish text: lines in, the same number of lines out"},
    {"rules", tolka_cmd_rules, "check rule files"},
    {"facts", tolka_cmd_facts, "the facts of a store"},
    {"search", tolka_cmd_search, "the pages of a store that hold some words"},
    {"export", tolka_cmd_export, "the JSON of each report of a store"},
    {"status", tolka_cmd_status, "what of a store is done, failed and left"},
    {"review", tolka_cmd_review, "a page to look, correct and accept, one a report"},
    {"apply", tolka_cmd_apply, "corrections of a review page into a record or a store"},
    {"serve", tolka_cmd_serve, "the archive in a browser"},
    {"copy", tolka_cmd_copy, "one store into another: a file, a database of PostgreSQL"},
    {"train", tolka_cmd_train, "build a language model for normalize from clean text"},
};

static void usage(FILE *out)
{
    fputs("usage: tolka COMMAND [options] ...\n\n"
          "Reads scanned Swedish public reports into structured, checked records.\n\n",
          out);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++)
        fprintf(out, "  %-10s  %s\n", COMMANDS[i].name, COMMANDS[i].help);
    fputs("\n`tolka COMMAND --help` says more of each; `tolka --version` names the version.\n", out);
}

/* A file that we open must not become standard error because that was closed: messages would go into it.
 * Reading or writing what was closed still fails. */
static void keep_standard_places(void)
{
    while (true) {
        const int fd = open("/dev/null", O_PATH);

        if (fd > STDERR_FILENO)
            close(fd);
        if (fd < 0 || fd > STDERR_FILENO)
            return;
    }
}

int main(int argc, char **argv)
{
    keep_standard_places();
    signal(SIGPIPE, SIG_IGN); /* a reader that left is a write error, exit status 4 */
    signal(SIGXFSZ, SIG_IGN); /* and so is a limit on the size of files */
    if (argc < 2) {
        usage(stderr);
        return TOLKA_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return TOLKA_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tolka " TOLKA_VERSION);
        return TOLKA_EXIT_OK;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 1, argv + 1);
    }
    tolka_cli_complain("%s: no such command; see `tolka --help`", argv[1]);
    return TOLKA_EXIT_USAGE;
}
