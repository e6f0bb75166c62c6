/* `tolka normalize`: lines of Swedish in, the same number of lines repaired out. */
#include "cli/cli.h"
#include "cli/options.h"

#include "normalize/normalize.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { READ_BYTES = 1 << 16 };

static const char HELP[] = "usage: tolka normalize [options] [FILE]\n"
                           "\n"
                           "Repairs Swedish text that a recogniser misread: lines in, as many lines out.\n"
                           "\n"
                           "  -c, --changes      tell the changes instead, parted by tabs: line, column,\n"
                           "                     from, to, confidence, reason\n"
                           "  -m, --model PATH   the language model (tolka train makes one)\n"
                           "  -o, --output PATH  a file instead of standard output\n"
                           "      --help\n"
                           "\n"
                           "Exit status: 0 done; 1 done, but some bytes are no UTF-8; 2 wrong usage;\n"
                           "3 nothing could be read; 4 not written.\n";

struct request {
    const char *input, *output, *model;
    bool changes;
};

/* Reads the whole of `path` ("-" or NULL: standard input); false, with a complaint, when it cannot be. */
static bool read_input(const char *path, struct tolka_strbuf *text)
{
    bool standard = !path || strcmp(path, "-") == 0, ok;
    FILE *file = standard ? stdin : fopen(path, "re");
    char bytes[READ_BYTES];
    size_t length;

    if (!file) {
        tolka_cli_complain("%s: %s", path, strerror(errno));
        return false;
    }
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
        tolka_strbuf_add(text, bytes, length);
    ok = !ferror(file) && !text->failed;
    if (!ok)
        tolka_cli_complain("%s: %s", standard ? "standard input" : path,
                           text->failed ? "out of memory" : strerror(errno));
    if (!standard)
        fclose(file);
    return ok;
}

static void tell_change(const struct tolka_change *change, void *data)
{
    tolka_strbuf_addf(data, "%zu\t%zu\t%s\t%s\t%.3f\t%s\n", change->line, change->column, change->from,
                      change->to, (double)change->confidence, change->reason);
}

static int repair(const struct request *request, const struct tolka_model *model,
                  const struct tolka_strbuf *text)
{
    struct tolka_strbuf out = {0}, changes = {0};
    const struct tolka_strbuf *result = request->changes ? &changes : &out;
    struct tolka_output output;
    struct tolka_error err = {0};
    size_t invalid = 0;
    int status = TOLKA_EXIT_UNWRITABLE;

    if (tolka_normalize_text(model, tolka_strbuf_text(text), text->length, &out,
                             request->changes ? tell_change : NULL, &changes, &invalid, &err) != TOLKA_OK) {
        tolka_cli_complain("%s", err.message);
        status = TOLKA_EXIT_UNREADABLE;
    } else if (changes.failed) {
        tolka_cli_complain("out of memory");
    } else if (tolka_output_open(&output, request->output) &&
               tolka_output_commit(&output, tolka_strbuf_text(result), result->length)) {
        status = invalid ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
    }
    if (invalid && status != TOLKA_EXIT_UNREADABLE)
        tolka_cli_complain("%s: %zu bytes are not UTF-8, passed through",
                           request->input ? request->input : "standard input", invalid);
    tolka_strbuf_release(&out);
    tolka_strbuf_release(&changes);
    return status;
}

static const struct option LONG_OPTIONS[] = {
    {"changes", no_argument, NULL, 'c'},
    {"model", required_argument, NULL, 'm'},
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

static bool take_option(int option, const char *value, void *data)
{
    struct request *request = data;

    switch (option) {
    case 'c':
        return request->changes = true;
    case 'm':
        request->model = value;
        return true;
    case 'o':
        request->output = value;
        return true;
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"normalize", HELP, ":cm:o:", LONG_OPTIONS, take_option};

int tolka_cmd_normalize(int argc, char **argv)
{
    struct request request = {NULL, NULL, NULL, false};
    struct tolka_model *model = NULL;
    struct tolka_strbuf text = {0};
    struct tolka_error err = {0};
    char path[PATH_MAX];
    int status = tolka_cli_parse(&COMMAND, argc, argv, &request);

    if (status >= 0)
        return status;
    if (argc - optind > 1)
        return tolka_cli_usage("normalize", "one FILE at most");
    request.input = optind < argc ? argv[optind] : NULL;
    status = TOLKA_EXIT_UNREADABLE;
    if (!request.model && !tolka_cli_find("normalize/data/sv.model", path, sizeof path))
        tolka_cli_complain("the language model sv.model is not installed");
    else if (tolka_model_open(request.model ? request.model : path, &model, &err) != TOLKA_OK)
        tolka_cli_complain("%s", err.message);
    else if (read_input(request.input, &text))
        status = repair(&request, model, &text);
    tolka_strbuf_release(&text);
    tolka_model_free(model);
    return status;
}
