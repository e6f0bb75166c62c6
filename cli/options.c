#include "cli/options.h"

#include "cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int complain(const char *command, const char *what, const char *message)
{
    tolka_cli_complain("%s: %s: %s; see `tolka %s --help`", command, what, message, command);
    return TOLKA_EXIT_USAGE;
}

int tolka_cli_usage(const char *command, const char *message)
{
    tolka_cli_complain("%s: %s; see `tolka %s --help`", command, message, command);
    return TOLKA_EXIT_USAGE;
}

int tolka_cli_parse(const struct tolka_cli_command *command, int argc, char **argv, void *data)
{
    int option;

    optind = 0; /* begins afresh, whatever was parsed before */
    opterr = 0;
    while ((option = getopt_long(argc, argv, command->letters, command->options, NULL)) != -1) {
        switch (option) {
        case TOLKA_OPTION_HELP:
            fputs(command->help, stdout);
            return TOLKA_EXIT_OK;
        case ':':
            return complain(command->name, argv[optind - 1], "a value is missing");
        case '?':
            return complain(command->name, argv[optind - 1], "no such option");
        default:
            if (!command->take(option, optarg, data))
                return complain(command->name, optarg ? optarg : argv[optind - 1],
                                "not a value that this option takes");
        }
    }
    return -1;
}

bool tolka_cli_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < low || value > high)
        return false;
    *number = value;
    return true;
}

bool tolka_cli_word(const char *text, const char *const *words, int *index)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

bool tolka_cli_day(const char *text, bool last, char out[11])
{
    static const char shape[] = "dddd-dd-dd";
    const size_t length = strlen(text);

    if (length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
            return false;
    }
    /* The days of a month are not counted: no day of it comes after its 31st in this order. */
    snprintf(out, 11, "%s%s", text, &(last ? "YYYY-12-31" : "YYYY-01-01")[length]);
    if (length == 7 && last)
        memcpy(out + 7, "-31", 4);
    return true;
}
