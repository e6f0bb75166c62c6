/* What the commands share. cli/ only. */
#ifndef TOLKA_CLI_CLI_H
#define TOLKA_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit statuses; the contract fixes them. */
enum tolka_exit {
    TOLKA_EXIT_OK = 0,
    TOLKA_EXIT_PROBLEMS = 1,
    TOLKA_EXIT_USAGE = 2,
    TOLKA_EXIT_UNREADABLE = 3,
    TOLKA_EXIT_UNWRITABLE = 4,
};

/* The commands: argv[0] is the verb. Each returns an enum tolka_exit. */
int tolka_cmd_convert(int argc, char **argv);
int tolka_cmd_ingest(int argc, char **argv);
int tolka_cmd_work(int argc, char **argv);
int tolka_cmd_copy(int argc, char **argv);
int tolka_cmd_normalize(int argc, char **argv);
int tolka_cmd_rules(int argc, char **argv);
int tolka_cmd_train(int argc, char **argv);
int tolka_cmd_facts(int argc, char **argv);
int tolka_cmd_search(int argc, char **argv);
int tolka_cmd_export(int argc, char **argv);
int tolka_cmd_status(int argc, char **argv);
int tolka_cmd_review(int argc, char **argv);
int tolka_cmd_apply(int argc, char **argv);
int tolka_cmd_serve(int argc, char **argv);

/*
 * Finds a file or folder that ships with the program, relative to the program itself: `name` as in the source
 * tree ("normalize/data/sv.model", "schema/rules"), or its last part under ../share/tolka of an installed
 * program. False when it is in neither.
 */
bool tolka_cli_find(const char *name, char *out, size_t size);

/* How many bytes at `text` are a control character, which a terminal might obey: 0, 1, or 2 (U+0080 to
 * U+009F). */
size_t tolka_cli_control(const char *text);

/* Prints "tolka: MESSAGE" as one line to standard error, or logs it (cli/log.h). */
void tolka_cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An output file that appears whole or not at all: written beside its place and renamed into it. */
struct tolka_output {
    FILE *file;
    const char *path; /* borrowed; NULL for standard output */
    char *temporary;
    bool nameless, named; /* the file has no name yet; it has the temporary one */
};

/* Opens `path`, NULL or "-" for standard output. False, with a complaint, when it cannot be written. */
bool tolka_output_open(struct tolka_output *output, const char *path);

/* Writes all of `bytes`, puts the file in its place and closes. False, with a complaint and nothing left
 * behind, when it cannot. */
bool tolka_output_commit(struct tolka_output *output, const void *bytes, size_t length);

/* Gives up an opened output; nothing is left behind. */
void tolka_output_abandon(struct tolka_output *output);

#endif
