/* tolka copy: one store into another. */
#include "cli/cli.h"

#include "cli/options.h"
#include "ingest/store_share.h"

static const char HELP[] =
    "usage: tolka copy STORE STORE\n"
    "\n"
    "Copies all of the first store into the second, which is made when it is not\n"
    "there and must be empty: from a file to a database of PostgreSQL, back, or to\n"
    "another of its kind. Only readers may be at the first meanwhile; what waits to\n"
    "be read waits in the copy too.\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the first store cannot be read; 4 not\n"
    "written.\n";

static const struct option LONG_OPTIONS[] = {{"help", no_argument, NULL, TOLKA_OPTION_HELP}, {0}};

static bool take_option(int option, const char *value, void *data)
{
    (void)option;
    (void)value;
    (void)data;
    return false;
}

static const struct tolka_cli_command COMMAND = {"copy", HELP, ":", LONG_OPTIONS, take_option};

static int copy(const char *from_name, const char *to_name)
{
    struct tolka_store *from = NULL, *to = NULL;
    struct tolka_error err = {0};
    int result = TOLKA_EXIT_OK;

    if (tolka_store_open(from_name, TOLKA_STORE_READ, &from, &err))
        result = TOLKA_EXIT_UNREADABLE;
    else if (tolka_store_open(to_name, TOLKA_STORE_CREATE, &to, &err) || tolka_store_copy(from, to, &err))
        result = TOLKA_EXIT_UNWRITABLE;
    if (result != TOLKA_EXIT_OK)
        tolka_cli_complain("%s", err.message);
    tolka_store_close(from);
    tolka_store_close(to);
    return result;
}

int tolka_cmd_copy(int argc, char **argv)
{
    const int result = tolka_cli_parse(&COMMAND, argc, argv, NULL);

    if (result >= 0)
        return result;
    if (optind + 2 != argc)
        return tolka_cli_usage("copy", "two STOREs are needed");
    return copy(argv[optind], argv[optind + 1]);
}
