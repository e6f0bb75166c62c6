/* tolka rules check: what is wrong with rule files. */
#include "cli/cli.h"
#include "schema/rules_lint.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_FINE = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_NOTHING = 3, PATH_BYTES = 4096 };

static const char usage[] =
    "usage: tolka rules check [FILE...]\n"
    "\n"
    "Checks the rule files that ship with the program, and FILE... on top of them:\n"
    "syntax, patterns that do not compile, match nothing or everything, or cost too\n"
    "much, keys used twice, sums of unknown items.\n"
    "\n"
    "Exit status: 0 nothing found; 1 something found; 2 wrong usage; 3 nothing could\n"
    "be read.\n";

static void print_finding(void *context, const char *finding)
{
    (void)context;
    printf("%s\n", finding);
}

static int check(const char *const *files, size_t count)
{
    char shipped[PATH_BYTES];
    const char *dirs[1] = {shipped};
    int findings;

    if (!tolka_cli_find("schema/rules", shipped, sizeof(shipped))) {
        tolka_cli_complain("the rule files that ship with the program are missing");
        return EXIT_NOTHING;
    }
    findings = tolka_rules_lint(dirs, 1, files, count, print_finding, NULL);
    if (findings < 0) {
        tolka_cli_complain("out of memory");
        return EXIT_NOTHING;
    }
    return findings ? EXIT_FINDINGS : EXIT_FINE;
}

int tolka_cmd_rules(int argc, char **argv)
{
    if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(usage, stdout);
        return EXIT_FINE;
    }
    if (argc < 2 || strcmp(argv[1], "check")) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (argc > 2 && argv[2][0] == '-' && argv[2][1]) {
        tolka_cli_complain("rules check: no option %s", argv[2]);
        return EXIT_USAGE;
    }
    return check((const char *const *)argv + 2, (size_t)(argc - 2));
}
