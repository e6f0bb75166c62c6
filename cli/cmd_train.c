/* `tolka train`: a language model from clean text. */
#include "cli/cli.h"
#include "cli/reading.h"
#include "normalize/train/train.h"
#include "schema/amend.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_DONE = 0,
    EXIT_USAGE = 2,
    EXIT_UNREADABLE = 3,
    EXIT_UNWRITTEN = 4,
    INPUTS_MAX = 256,
    PATH_BYTES = 4096,
    CORRECTIONS_BYTES = 1 << 29
};

static const char USAGE[] =
    "usage: tolka train -o MODEL [options] TEXT...\n"
    "       tolka train --add -o MODEL [-b BASE] [-w LIST] [-e N] [-n NOTE] TEXT...\n"
    "\n"
    "Builds a language model for `normalize` from clean text (UTF-8, a paragraph a\n"
    "line; - is standard input). With --add, the texts are added to the shipped model\n"
    "instead: its words and all it knows, and those of the texts.\n"
    "\n"
    "  -a, --add             add to a finished model\n"
    "      --from-corrections FILE  learn what the recogniser misreads from what was\n"
    "                        corrected on review pages; adds to a model\n"
    "  -b, --base MODEL      add to this one, not to the shipped one\n"
    "  -o, --output MODEL    the file to write\n"
    "  -w, --words LIST      words that exist though no text has them: one a line, or\n"
    "                        a hunspell .dic, or a table's columns\n"
    "  -k, --known LIST      words that are right as they stand: kept as a filter\n"
    "  -c, --confusions TSV  what recognisers misread: lines of truth, raw, count\n"
    "  -e, --every N         count only each N-th line of the texts that follow\n"
    "  -m, --max-bytes N     the model's size at most (33554432)\n"
    "  -n, --note TEXT       kept in the model: where its statistics come from\n"
    "  -q, --quiet           no progress\n"
    "      --help\n";

static void show_progress(const char *message, void *data)
{
    (void)data;
    fprintf(stderr, "%s\n", message);
}

struct inputs {
    struct tolka_train_text texts[INPUTS_MAX];
    const char *lists[INPUTS_MAX], *forms[INPUTS_MAX];
    struct tolka_train_options options;
    const char *output;
    unsigned every;
    const char *corrections;
    bool add, fresh; /* --add; an option that only a model from nothing takes */
};

static bool parse_number(const char *text, unsigned long *value)
{
    char *end;

    *value = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end;
}

/* Takes one option; 0, or an exit status above. */
static int take(struct inputs *in, int option, const char *value)
{
    unsigned long number = 0;

    switch (option) {
    case 1:
        if (in->options.text_count == INPUTS_MAX)
            return EXIT_USAGE;
        in->texts[in->options.text_count++] = (struct tolka_train_text){value, in->every};
        return 0;
    case 'o':
        in->output = value;
        return 0;
    case 'w':
        if (in->options.list_count == INPUTS_MAX)
            return EXIT_USAGE;
        in->lists[in->options.list_count++] = value;
        return 0;
    case 'k':
        in->fresh = true;
        if (in->options.form_count == INPUTS_MAX)
            return EXIT_USAGE;
        in->forms[in->options.form_count++] = value;
        return 0;
    case 'c':
        in->fresh = true;
        in->options.confusions = value;
        return 0;
    case 'a':
        in->add = true;
        return 0;
    case 'f':
        in->corrections = value;
        in->add = true;
        return 0;
    case 'b':
        in->options.base = value;
        return 0;
    case 'n':
        in->options.note = value;
        return 0;
    case 'q':
        in->options.progress = NULL;
        return 0;
    case 'e':
        if (!parse_number(value, &number) || !number || number > 1000000)
            return EXIT_USAGE;
        in->every = (unsigned)number;
        return 0;
    case 'm':
        if (!parse_number(value, &number))
            return EXIT_USAGE;
        in->fresh = true;
        in->options.max_bytes = number;
        return 0;
    default:
        return EXIT_USAGE;
    }
}

/* Whether the options make sense together. */
static bool fits_together(const struct inputs *in)
{
    if (in->add)
        return !in->fresh && (in->options.text_count || in->options.list_count || in->corrections);
    return in->options.text_count && !in->options.base;
}

static bool find_shipped(struct inputs *in, char *path, size_t size)
{
    if (!tolka_cli_find("normalize/data/sv.model", path, size)) {
        tolka_cli_complain("the language model sv.model is not installed");
        return false;
    }
    in->options.base = path;
    return true;
}

/* The pairs that the corrections hold, the caller's to free; NULL, with a complaint, when they cannot be
 * read. What a person only accepted, and what was no misreading, teaches nothing. */
static struct tolka_train_pair *read_pairs(const char *path, struct tolka_amendments *list, size_t *count)
{
    struct tolka_strbuf text = {0};
    struct tolka_error err = {0};
    struct tolka_train_pair *pairs = NULL;
    enum tolka_status status = tolka_cli_read_file(path, CORRECTIONS_BYTES, &text, &err);

    if (!status)
        status = tolka_amendments_read(text.data, text.length, list, &err);
    tolka_strbuf_release(&text);
    if (!status)
        pairs = calloc(list->count + 1, sizeof *pairs);
    if (!status && !pairs)
        status = tolka_error_set(&err, TOLKA_ERR_MEMORY, "out of memory");
    if (status)
        tolka_cli_complain("%s", err.message);
    *count = 0;
    for (size_t i = 0; pairs && i < list->count; i++) {
        if (strcmp(list->items[i].to, list->items[i].raw) != 0)
            pairs[(*count)++] = (struct tolka_train_pair){list->items[i].to, list->items[i].raw};
    }
    return pairs;
}

int tolka_cmd_train(int argc, char **argv)
{
    static const struct option LONG[] = {{"output", 1, NULL, 'o'},
                                         {"words", 1, NULL, 'w'},
                                         {"known", 1, NULL, 'k'},
                                         {"confusions", 1, NULL, 'c'},
                                         {"every", 1, NULL, 'e'},
                                         {"max-bytes", 1, NULL, 'm'},
                                         {"note", 1, NULL, 'n'},
                                         {"quiet", 0, NULL, 'q'},
                                         {"add", 0, NULL, 'a'},
                                         {"base", 1, NULL, 'b'},
                                         {"from-corrections", 1, NULL, 'f'},
                                         {"help", 0, NULL, 'h'},
                                         {NULL, 0, NULL, 0}};
    static struct inputs in;
    struct tolka_error err = {0};
    enum tolka_status status;
    struct tolka_amendments list = {0};
    struct tolka_train_pair *pairs = NULL;
    static char path[PATH_BYTES];
    int option;

    memset(&in, 0, sizeof in);
    in.every = 1;
    in.options = (struct tolka_train_options){
        .texts = in.texts, .lists = in.lists, .forms = in.forms, .progress = show_progress};
    optind = 0;
    while ((option = getopt_long(argc, argv, "-ab:o:w:k:c:e:m:n:q", LONG, NULL)) != -1) {
        if (option == 'h')
            return fputs(USAGE, stdout) < 0 ? EXIT_UNWRITTEN : EXIT_DONE;
        if (take(&in, option, optarg))
            return fputs(USAGE, stderr), EXIT_USAGE;
    }
    for (; optind < argc; optind++)
        if (take(&in, 1, argv[optind]))
            return fputs(USAGE, stderr), EXIT_USAGE;
    if (!in.output || !fits_together(&in))
        return fputs(USAGE, stderr), EXIT_USAGE;
    if (in.add && !in.options.base && !find_shipped(&in, path, sizeof path))
        return EXIT_UNREADABLE;
    if (access(in.output, F_OK) == 0 && access(in.output, W_OK) != 0) {
        fprintf(stderr, "tolka: %s: cannot be written\n", in.output);
        return EXIT_UNWRITTEN;
    }
    if (in.corrections) {
        pairs = read_pairs(in.corrections, &list, &in.options.pair_count);
        if (!pairs)
            return tolka_amendments_release(&list), EXIT_UNREADABLE;
        in.options.pairs = pairs;
    }
    status = tolka_train(&in.options, in.output, &err);
    free(pairs);
    tolka_amendments_release(&list);
    if (status == TOLKA_OK)
        return EXIT_DONE;
    fprintf(stderr, "tolka: %s\n", err.message);
    return strstr(err.message, ".part") || strncmp(err.message, in.output, strlen(in.output)) == 0
               ? EXIT_UNWRITTEN
               : EXIT_UNREADABLE;
}
