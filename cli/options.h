/* The options of a command, over getopt_long(). cli/ only. */
#ifndef TOLKA_CLI_OPTIONS_H
#define TOLKA_CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    TOLKA_OPTION_HELP = 255
}; /* what --help stands as in a command's table; its other options without a letter follow it */

struct tolka_cli_command {
    const char *name, *help;      /* the verb; what --help prints */
    const char *letters;          /* as getopt_long() wants them, a ':' first */
    const struct option *options; /* as getopt_long() wants them */
    /* Takes one option into `data`; false when its value makes no sense. */
    bool (*take)(int option, const char *value, void *data);
};

/* Takes the options of `argv` one by one and leaves optind at the first operand. Returns -1 to go on, else
 * the exit status: --help was printed, or a complaint. */
int tolka_cli_parse(const struct tolka_cli_command *command, int argc, char **argv, void *data);

/* Complains that `command` was called in a wrong way. Returns TOLKA_EXIT_USAGE. */
int tolka_cli_usage(const char *command, const char *message);

/* Reads a whole number from `low` to `high`. */
bool tolka_cli_number(const char *text, int64_t low, int64_t high, int64_t *number);

/* Finds `text` among `words`, which end with NULL; `*index` is its place. */
bool tolka_cli_word(const char *text, const char *const *words, int *index);

/* Reads "2023", "2023-06" or "2023-06-30" as its first or last day, ISO 8601. */
bool tolka_cli_day(const char *text, bool last, char out[11]);

#endif
