/* tolka rules check: what is wrong with rule files, and what of them a folder of reports makes no use of. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/rules_against.h"
#include "schema/rules_lint.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { TOLKA_OPTION_AGAINST = TOLKA_OPTION_HELP + 1 };

static const char usage[] =
    "usage: tolka rules check [--against DIR] [FILE...]\n"
    "\n"
    "Checks the rule files that ship with the program, and FILE... on top of them:\n"
    "syntax, patterns that do not compile, match nothing or everything, or cost too\n"
    "much, keys used twice, sums of unknown items.\n"
    "\n"
    "      --against DIR   then tells which kinds of tables and reports, lines and\n"
    "                      fields (of FILE..., else of all rule files) no report in\n"
    "                      DIR has: JSON that `tolka convert` wrote, or reports\n"
    "      --help\n"
    "\n"
    "Exit status: 0 nothing found; 1 something found; 2 wrong usage; 3 nothing could\n"
    "be read.\n";

static void print_finding(void *context, const char *finding)
{
    (void)context;
    printf("%s\n", finding);
}

static int check(const char *against, const char *const *files, size_t count)
{
    char shipped[PATH_MAX];
    const char *dirs[1] = {shipped};
    int findings, unmet = 0;

    if (!tolka_cli_find("schema/rules", shipped, sizeof(shipped))) {
        tolka_cli_complain("the rule files that ship with the program are missing");
        return TOLKA_EXIT_UNREADABLE;
    }
    findings = tolka_rules_lint(dirs, 1, files, count, print_finding, NULL);
    if (findings < 0) {
        tolka_cli_complain("out of memory");
        return TOLKA_EXIT_UNREADABLE;
    }
    if (against)
        unmet = tolka_rules_against(shipped, files, count, against, print_finding, NULL);
    if (unmet < 0)
        return TOLKA_EXIT_UNREADABLE;
    return findings || unmet ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
}

static bool take(int option, const char *value, void *data)
{
    const char **against = data;

    if (option == TOLKA_OPTION_AGAINST)
        *against = value;
    return option == TOLKA_OPTION_AGAINST;
}

int tolka_cmd_rules(int argc, char **argv)
{
    static const struct option options[] = {{"against", required_argument, NULL, TOLKA_OPTION_AGAINST},
                                            {"help", no_argument, NULL, TOLKA_OPTION_HELP},
                                            {0}};
    static const struct tolka_cli_command command = {"rules", usage, ":", options, take};
    const char *against = NULL;
    const bool checks = argc >= 2 && strcmp(argv[1], "check") == 0;
    const int result = tolka_cli_parse(&command, argc - checks, argv + checks, &against);

    if (result >= 0)
        return result;
    if (!checks)
        return tolka_cli_usage("rules", "the only thing to do with rules is to check them");
    argv += 1 + optind;
    return check(against, (const char *const *)argv, (size_t)(argc - 1 - optind));
}
