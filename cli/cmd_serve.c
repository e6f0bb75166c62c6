/* tolka serve: an archive in the browser. */
#include "cli/cli.h"
#include "cli/options.h"

#include "ingest/store.h"
#include "serve/server.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PORT = 8017, MAX_HOSTS = 4, MAX_RULE_DIRS = 16 };

static const char HELP[] =
    "usage: tolka serve STORE [options]\n"
    "\n"
    "Shows an archive in the browser: its reports, words, figures over the years,\n"
    "problems and misprints; figures can be corrected. Prints the address to open,\n"
    "which holds a key: who has the address sees the archive. Ends at an interrupt.\n"
    "\n"
    "      --port N          listen at port N (default 8017; 0: any that is free)\n"
    "      --address ADDRESS listen there, not at 127.0.0.1 (this machine only)\n"
    "      --host NAME       also answer to this name, as browsers send it: NAME or\n"
    "                        NAME:PORT (behind a proxy)\n"
    "      --key-file FILE   the key, 32 hexadecimal digits, instead of a new one\n"
    "      --read-only       take no corrections\n"
    "      --rules DIR       more rule files, for checks that are made anew\n"
    "\n"
    "Exit status: 0 ended by an interrupt; 2 wrong usage; 3 the store cannot be read;\n"
    "4 it cannot listen there.\n";

enum { OPT_PORT = TOLKA_OPTION_HELP + 1, OPT_ADDRESS, OPT_HOST, OPT_KEY_FILE, OPT_READ_ONLY, OPT_RULES };

static const struct option LONG_OPTIONS[] = {
    {"port", required_argument, NULL, OPT_PORT},     {"address", required_argument, NULL, OPT_ADDRESS},
    {"host", required_argument, NULL, OPT_HOST},     {"key-file", required_argument, NULL, OPT_KEY_FILE},
    {"read-only", no_argument, NULL, OPT_READ_ONLY}, {"rules", required_argument, NULL, OPT_RULES},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},  {0},
};

struct options {
    const char *address, *key_file;
    int64_t port;
    const char *hosts[MAX_HOSTS], *rule_dirs[MAX_RULE_DIRS + 1];
    int host_count, rule_dir_count;
    bool read_only;
};

static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case OPT_PORT:
        return tolka_cli_number(value, 0, 65535, &options->port);
    case OPT_ADDRESS:
        options->address = value;
        return true;
    case OPT_HOST:
        if (options->host_count == MAX_HOSTS)
            return false;
        options->hosts[options->host_count++] = value;
        return true;
    case OPT_KEY_FILE:
        options->key_file = value;
        return true;
    case OPT_READ_ONLY:
        options->read_only = true;
        return true;
    case OPT_RULES:
        if (options->rule_dir_count == MAX_RULE_DIRS)
            return false;
        options->rule_dirs[1 + options->rule_dir_count++] = value;
        return true;
    default:
        return false;
    }
}

/* The first line of the file. False, with a complaint, when it cannot be read. */
static bool read_key(const char *path, char *key, size_t size)
{
    FILE *file = fopen(path, "re");

    if (!file || !fgets(key, (int)size, file)) {
        tolka_cli_complain("%s: holds no key", path);
        if (file)
            fclose(file);
        return false;
    }
    fclose(file);
    key[strcspn(key, "\r\n")] = '\0';
    return true;
}

static enum tolka_status load_rules(struct options *options, struct tolka_rules **rules,
                                    struct tolka_error *err)
{
    char path[PATH_MAX];

    if (!tolka_cli_find("schema/rules", path, sizeof path))
        return tolka_error_set(err, TOLKA_ERR_IO, "the rule files are not where the program was installed");
    options->rule_dirs[0] = path;
    return tolka_rules_load(options->rule_dirs, (size_t)options->rule_dir_count + 1, rules, err);
}

/* Brings a store of an older program up to date. A store that can only be read is served for reading. */
static bool prepare_store(const char *name, struct options *options)
{
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};

    if (!options->read_only && !tolka_store_open(name, TOLKA_STORE_WRITE, &store, &err)) {
        tolka_store_close(store);
        return true;
    }
    options->read_only = true;
    if (err.status)
        tolka_cli_complain("%s: no corrections can be taken", err.message);
    tolka_error_clear(&err);
    if (!tolka_store_open(name, TOLKA_STORE_READ, &store, &err)) {
        tolka_store_close(store);
        return true;
    }
    tolka_cli_complain("%s", err.message);
    return false;
}

/* The server's threads leave these signals to us. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigprocmask(SIG_BLOCK, set, NULL);
}

static int serve(const struct tolka_server_options *options)
{
    struct tolka_server *server = NULL;
    struct tolka_error err = {0};
    sigset_t set;
    int received;

    block_signals(&set);
    if (tolka_server_start(options, &server, &err)) {
        tolka_cli_complain("%s", err.message);
        return err.status == TOLKA_ERR_ARGUMENT ? TOLKA_EXIT_USAGE : TOLKA_EXIT_UNWRITABLE;
    }
    printf("%s\n", tolka_server_url(server));
    fflush(stdout);
    while (sigwait(&set, &received) != 0)
        continue;
    tolka_server_stop(server);
    return TOLKA_EXIT_OK;
}

int tolka_cmd_serve(int argc, char **argv)
{
    static const struct tolka_cli_command COMMAND = {"serve", HELP, ":", LONG_OPTIONS, take_option};
    struct options options = {.address = "127.0.0.1", .port = DEFAULT_PORT};
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};
    char key[64];
    int result = tolka_cli_parse(&COMMAND, argc, argv, &options);

    if (result >= 0)
        return result;
    if (optind + 1 != argc)
        return tolka_cli_usage("serve", "a STORE is needed");
    if (options.key_file && !read_key(options.key_file, key, sizeof key))
        return TOLKA_EXIT_USAGE;
    if (!prepare_store(argv[optind], &options))
        return TOLKA_EXIT_UNREADABLE;
    if (load_rules(&options, &rules, &err)) {
        tolka_cli_complain("%s", err.message);
        return TOLKA_EXIT_USAGE;
    }
    result = serve(&(struct tolka_server_options){.store = argv[optind],
                                                  .address = options.address,
                                                  .port = (int)options.port,
                                                  .hosts = options.hosts,
                                                  .host_count = options.host_count,
                                                  .key = options.key_file ? key : NULL,
                                                  .read_only = options.read_only,
                                                  .rules = rules});
    tolka_rules_free(rules);
    return result;
}
