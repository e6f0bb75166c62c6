/* tolka apply: what people found on review pages, into a record or a store. */
#include "cli/cli.h"
#include "cli/reading.h"

#include "ingest/store_corrections.h"
#include "schema/amend.h"
#include "schema/record_read.h"
#include "schema/write.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 29 };

static const char HELP[] =
    "usage: tolka apply [options] CORRECTIONS STORE|JSON\n"
    "\n"
    "Takes the corrections that a review page saved (JSON Lines; - is standard input)\n"
    "into a store, or into the JSON of one report. A cell that a person settled has\n"
    "the status corrected; what it said before stays in the record, and the checks of\n"
    "the report are made anew. Applying the same again changes nothing. A correction\n"
    "is refused when the report, the cell or what was read there is another now.\n"
    "\n"
    "  -o, --output FILE       write the JSON there instead of in its own place\n"
    "      --rules DIR         more rule files; may be given several times\n"
    "  -q, --quiet             do not say what was done, but for what was refused\n"
    "\n"
    "Exit status: 0 all taken in or there already; 1 some were refused; 2 wrong\n"
    "usage; 3 corrections, store or JSON cannot be read; 4 not written.\n";

static const struct option LONG_OPTIONS[] = {
    {"output", required_argument, NULL, 'o'},
    {"rules", required_argument, NULL, TOLKA_OPTION_RULES},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    struct tolka_read_options reading;
    const char *output;
    bool quiet;
};

static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case 'o':
        options->output = value;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case TOLKA_OPTION_RULES:
        return tolka_read_options_take(&options->reading, option, value);
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"apply", HELP, ":o:q", LONG_OPTIONS, take_option};

/* What is applied, and what came of it. */
struct work {
    const struct options *options;
    const char *path, *target;
    struct tolka_tools tools;
    struct tolka_amendments list;
    struct tolka_amend_outcome *outcomes;
};

/* Complains of what was refused and says how much was done. */
static int tell(const struct work *work)
{
    size_t counts[TOLKA_AMEND_REFUSED + 1] = {0};
    const size_t refused = work->list.problems.count;

    for (size_t i = 0; i < work->list.problems.count; i++)
        tolka_cli_complain("%s:%d: %s", work->path, work->list.problems.items[i].page,
                           work->list.problems.items[i].message);
    for (size_t i = 0; i < work->list.count; i++) {
        const struct tolka_amendment *amendment = &work->list.items[i];
        counts[work->outcomes[i].result]++;
        if (work->outcomes[i].result == TOLKA_AMEND_REFUSED)
            tolka_cli_complain("%s:%d: page %d, %s: refused: %s", work->path, work->list.lines[i],
                               amendment->page, amendment->table ? amendment->table : "a word",
                               work->outcomes[i].reason);
    }
    if (!work->options->quiet)
        printf("%zu taken in, %zu there already, %zu refused\n", counts[TOLKA_AMEND_DONE],
               counts[TOLKA_AMEND_SAME] + counts[TOLKA_AMEND_LATER], counts[TOLKA_AMEND_REFUSED] + refused);
    return counts[TOLKA_AMEND_REFUSED] + refused ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
}

static bool changed(const struct work *work)
{
    for (size_t i = 0; i < work->list.count; i++) {
        if (work->outcomes[i].result == TOLKA_AMEND_DONE)
            return true;
    }
    return false;
}

/* Writes the record where it is wanted; one that nothing was done to stays as it lies there. */
static bool write_record(const struct work *work, const struct tolka_record *record)
{
    struct tolka_strbuf out = {0};
    struct tolka_output output;
    bool good;

    if (!work->options->output && !changed(work))
        return true;
    tolka_write_json(record, &out);
    good = !out.failed &&
           tolka_output_open(&output, work->options->output ? work->options->output : work->target) &&
           tolka_output_commit(&output, out.data, out.length);
    tolka_strbuf_release(&out);
    return good;
}

static int apply_to_json(struct work *work, const struct tolka_strbuf *json)
{
    struct tolka_record record = {0};
    struct tolka_error err = {0};
    int result = TOLKA_EXIT_UNREADABLE;

    if (tolka_record_read_json(json->data, json->length, &record, &err))
        tolka_cli_complain("%s: %s", work->target, err.message);
    else if (tolka_amend(work->tools.rules, &record, work->list.items, work->list.count, work->outcomes,
                         &err))
        tolka_cli_complain("%s", err.message);
    else
        result = write_record(work, &record) ? tell(work) : TOLKA_EXIT_UNWRITABLE;
    tolka_record_release(&record);
    return result;
}

static int apply_to_store(struct work *work)
{
    struct tolka_store *store = NULL;
    struct tolka_error err = {0};
    enum tolka_status status;

    if (work->options->output)
        return tolka_cli_usage("apply",
                               "--output is for the JSON of a report: a store is changed in its place");
    if (tolka_store_open(work->target, TOLKA_STORE_WRITE, &store, &err)) {
        tolka_cli_complain("%s", err.message);
        return TOLKA_EXIT_UNREADABLE;
    }
    status =
        tolka_store_amend(store, work->tools.rules, work->list.items, work->list.count, work->outcomes, &err);
    tolka_store_close(store);
    if (!status)
        return tell(work);
    tolka_cli_complain("%s", err.message);
    return status == TOLKA_ERR_IO || status == TOLKA_ERR_FULL ? TOLKA_EXIT_UNWRITABLE : TOLKA_EXIT_UNREADABLE;
}

/* The JSON of a report begins with a brace, whatever its name; anything else is the name of a store. */
static bool is_json(const char *path)
{
    FILE *file = fopen(path, "rbe");
    int first = file ? fgetc(file) : EOF;

    while (first == ' ' || first == '\n' || first == '\r' || first == '\t')
        first = fgetc(file);
    if (file)
        fclose(file);
    return first == '{';
}

static int apply(struct work *work)
{
    struct tolka_strbuf json = {0};
    struct tolka_error err = {0};
    int result = TOLKA_EXIT_UNREADABLE;

    if (!is_json(work->target))
        return apply_to_store(work);
    if (tolka_cli_read_file(work->target, MAX_BYTES, &json, &err))
        tolka_cli_complain("%s", err.message);
    else
        result = apply_to_json(work, &json);
    tolka_strbuf_release(&json);
    return result;
}

static int load(struct work *work)
{
    struct tolka_strbuf text = {0};
    struct tolka_error err = {0};
    enum tolka_status status = tolka_cli_read_file(work->path, MAX_BYTES, &text, &err);

    if (!status)
        status = tolka_amendments_read(text.data, text.length, &work->list, &err);
    tolka_strbuf_release(&text);
    work->outcomes = status ? NULL : calloc(work->list.count + 1, sizeof *work->outcomes);
    if (!status && !work->outcomes)
        status = tolka_error_set(&err, TOLKA_ERR_MEMORY, "out of memory");
    if (status)
        tolka_cli_complain("%s", err.message);
    return status ? TOLKA_EXIT_UNREADABLE : TOLKA_EXIT_OK;
}

int tolka_cmd_apply(int argc, char **argv)
{
    struct options options = {.reading = {.no_normalize = true}};
    struct work work = {.options = &options};
    struct tolka_error err = {0};
    int result = tolka_cli_parse(&COMMAND, argc, argv, &options);

    if (result >= 0)
        return result;
    if (argc - optind != 2)
        return tolka_cli_usage("apply", "CORRECTIONS and one STORE or JSON are needed");
    work.path = argv[optind];
    work.target = argv[optind + 1];
    result = load(&work);
    if (!result && tolka_tools_load(&options.reading, &work.tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    }
    if (!result)
        result = apply(&work);
    tolka_tools_release(&work.tools);
    tolka_amendments_release(&work.list);
    free(work.outcomes);
    return result;
}
