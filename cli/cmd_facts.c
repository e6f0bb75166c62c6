/* tolka facts: the facts of a store. */
#include "cli/store.h"

#include "schema/write.h"

#include <string.h>

static const char HELP[] = "usage: tolka facts STORE [options]\n"
                           "\n"
                           "Writes the facts of a store, one a line, in the columns of convert's csv.\n"
                           "\n"
                           "  -f, --format FORMAT      csv (default) or jsonl\n"
                           "  -o, --output FILE        else standard output\n"
                           "      --kind KIND          of the table: income_statement, balance_sheet, ...\n"
                           "      --item ITEM          total_assets, result, ...\n"
                           "      --organisation NAME  a part of its name, or its number\n"
                           "      --report-kind KIND   annual_report, interim_report, ...\n"
                           "      --period PERIOD      2023, 2023-06 or 2022..2023: the fact's period ends\n"
                           "                           in it\n"
                           "      --from DAY           as --period, from this day on; --to DAY: up to it\n"
                           "      --status STATUS      confirmed, read, repaired, doubtful, corrected\n"
                           "      --limit N            only the first N\n"
                           "\n"
                           "Exit status: 0 done; 2 wrong usage; 3 the store cannot be read; 4 not written.\n";

enum {
    OPT_KIND = TOLKA_OPTION_HELP + 1,
    OPT_ITEM,
    OPT_ORGANISATION,
    OPT_REPORT_KIND,
    OPT_PERIOD,
    OPT_FROM,
    OPT_TO,
    OPT_STATUS,
    OPT_LIMIT
};

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"kind", required_argument, NULL, OPT_KIND},
    {"item", required_argument, NULL, OPT_ITEM},
    {"organisation", required_argument, NULL, OPT_ORGANISATION},
    {"report-kind", required_argument, NULL, OPT_REPORT_KIND},
    {"period", required_argument, NULL, OPT_PERIOD},
    {"from", required_argument, NULL, OPT_FROM},
    {"to", required_argument, NULL, OPT_TO},
    {"status", required_argument, NULL, OPT_STATUS},
    {"limit", required_argument, NULL, OPT_LIMIT},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    struct tolka_store_filter filter;
    char from[11], to[11];
    bool json;
    const char *output;
    int64_t limit;
};

static bool parse_period(struct options *options, const char *text)
{
    const char *dots = strstr(text, "..");
    char first[16];

    if (!dots)
        return tolka_cli_day(text, false, options->from) && tolka_cli_day(text, true, options->to);
    if (dots - text >= (ptrdiff_t)sizeof first)
        return false;
    snprintf(first, sizeof first, "%.*s", (int)(dots - text), text);
    return tolka_cli_day(first, false, options->from) && tolka_cli_day(dots + 2, true, options->to);
}

static bool parse_status(struct options *options, const char *text)
{
    for (int status = TOLKA_CELL_READ; status <= TOLKA_CELL_CORRECTED; status++) {
        if (strcmp(text, tolka_cell_status_name((enum tolka_cell_status)status)) == 0)
            options->filter.status = text;
    }
    return options->filter.status == text;
}

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case 'f':
        options->json = strcmp(value, "jsonl") == 0;
        return options->json || strcmp(value, "csv") == 0;
    case 'o':
        options->output = value;
        return true;
    case OPT_KIND:
        options->filter.kind = value;
        return true;
    case OPT_ITEM:
        options->filter.item = value;
        return true;
    case OPT_ORGANISATION:
        options->filter.organisation = value;
        return true;
    case OPT_REPORT_KIND:
        options->filter.report_kind = value;
        return true;
    case OPT_PERIOD:
        return parse_period(options, value);
    case OPT_FROM:
        return tolka_cli_day(value, false, options->from);
    case OPT_TO:
        return tolka_cli_day(value, true, options->to);
    case OPT_STATUS:
        return parse_status(options, value);
    case OPT_LIMIT:
        return tolka_cli_number(value, 1, INT64_MAX, &options->limit);
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"facts", HELP, ":f:o:", LONG_OPTIONS, take_option};

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
    const int result = tolka_cli_parse(&COMMAND, argc, argv, options);

    if (result >= 0)
        return result;
    if (optind + 1 != argc)
        return tolka_cli_usage("facts", "one STORE is needed");
    options->filter.from = options->from[0] ? options->from : NULL;
    options->filter.to = options->to[0] ? options->to : NULL;
    return -1;
}

struct sink {
    struct tolka_rows rows;
    bool json;
    int64_t left;
};

static bool take_fact(const struct tolka_fact *fact, void *data)
{
    struct sink *sink = data;

    if (sink->json)
        tolka_write_fact_json(fact, &sink->rows.buffer);
    else
        tolka_write_fact_csv(fact, &sink->rows.buffer);
    return tolka_rows_flow(&sink->rows) && --sink->left > 0;
}

static int write_facts(struct tolka_store *store, const struct options *options, struct sink *sink)
{
    struct tolka_error err = {0};
    bool good;

    if (!sink->json)
        tolka_write_csv_head(&sink->rows.buffer);
    good = tolka_store_each_fact(store, &options->filter, take_fact, sink, &err) == TOLKA_OK;
    if (!good)
        tolka_cli_complain("%s", err.message);
    if (!tolka_rows_close(&sink->rows, good) && good)
        return TOLKA_EXIT_UNWRITABLE;
    return good ? TOLKA_EXIT_OK : TOLKA_EXIT_UNREADABLE;
}

int tolka_cmd_facts(int argc, char **argv)
{
    struct options options = {.limit = INT64_MAX};
    struct tolka_store *store;
    struct sink sink = {0};
    int result = parse_options(argc, argv, &options);

    if (result >= 0)
        return result;
    store = tolka_cli_open_store(argv[optind]);
    if (!store)
        return TOLKA_EXIT_UNREADABLE;
    sink.json = options.json;
    sink.left = options.limit;
    result = TOLKA_EXIT_UNWRITABLE;
    if (tolka_rows_open(&sink.rows, options.output))
        result = write_facts(store, &options, &sink);
    tolka_store_close(store);
    return result;
}
