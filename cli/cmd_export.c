/* tolka export: the JSON of each report of a store, as `tolka convert` writes it. */
#include "cli/store.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    MAX_STEM_BYTES = 200,
    SUFFIX_DIGITS = 12
}; /* a name of 255 bytes with "-", digits and ".json" fits any file system */

static const char HELP[] = "usage: tolka export STORE -o DIR\n"
                           "\n"
                           "Writes the JSON of each report, byte for byte as `tolka convert` does, into\n"
                           "DIR, which is made if needed. A file is named as its report; where several have\n"
                           "one name, or a name is odd, digits of the report's SHA-256 tell them apart, so\n"
                           "that a report keeps its name as long as no other of that name comes.\n"
                           "\n"
                           "  -o, --output DIR   the folder\n"
                           "  -q, --quiet        do not name the reports that have no record\n"
                           "\n"
                           "Exit status: 0 done; 1 done, but some reports have no record; 2 wrong usage;\n"
                           "3 the store cannot be read; 4 not written.\n";

static const struct option LONG_OPTIONS[] = {
    {"output", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct options {
    const char *folder;
    bool quiet;
};

/* A report that has a record. */
struct item {
    int64_t report;
    char *stem;
    char digits[SUFFIX_DIGITS + 1];
    bool odd; /* its name was changed, or looks like one with digits: it carries digits in any case */
};

struct list {
    struct item *items;
    size_t count, capacity;
    int lacking;
    bool quiet, failed;
};

/* True when a name ends like those that carry digits: "-" and twelve hexadecimal digits. */
static bool has_digits(const char *stem)
{
    const size_t length = strlen(stem);

    if (length <= SUFFIX_DIGITS || stem[length - SUFFIX_DIGITS - 1] != '-')
        return false;
    return strspn(stem + length - SUFFIX_DIGITS, "0123456789abcdef") == SUFFIX_DIGITS;
}

/* The name of a path without folder and ending, made fit for any folder: no control characters, no leading
 * dot, not too long. */
static char *make_stem(const char *path, bool *odd)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    char *stem;

    *odd = length == 0 || length > MAX_STEM_BYTES;
    for (length = length > MAX_STEM_BYTES ? MAX_STEM_BYTES : length;
         *odd && length > 0 && ((unsigned char)base[length] & 0xc0) == 0x80;)
        length--; /* not within a character */
    stem = length ? strndup(base, length) : strdup("report");
    for (char *c = stem; c && *c; c++) {
        if ((unsigned char)*c >= ' ' && *c != 0x7f && *c != '\\' && (c > stem || (*c != '.' && *c != '-')))
            continue;
        *c = '_';
        *odd = true;
    }
    *odd = *odd || (stem && has_digits(stem));
    return stem;
}

static bool take_report(const struct tolka_store_report *report, void *data)
{
    static const char *const STATES[] = {"waiting", "at work", "done", "failed", "superseded"};
    struct list *list = data;
    struct item *item;

    if (!report->has_record) {
        list->lacking++;
        if (!list->quiet)
            tolka_cli_complain("%s: has no record: %s", report->path, STATES[report->state]);
        return true;
    }
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity ? list->capacity * 2 : 256;
        struct item *items = reallocarray(list->items, capacity, sizeof *items);
        list->failed = !items;
        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    item = &list->items[list->count++];
    *item = (struct item){.report = report->report};
    item->stem = make_stem(report->path, &item->odd);
    snprintf(item->digits, sizeof item->digits, "%s", report->sha256);
    list->failed = !item->stem;
    return item->stem != NULL;
}

/* By name, in the order of which two names are one on a file system that does not tell capitals apart. */
static int compare(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    const int order = strcasecmp(x->stem, y->stem);

    return order ? order : strcmp(x->digits, y->digits);
}

static char *output_name(const struct list *list, size_t at, const char *folder)
{
    const struct item *item = &list->items[at];
    const bool shared = (at > 0 && strcasecmp(item->stem, list->items[at - 1].stem) == 0) ||
                        (at + 1 < list->count && strcasecmp(item->stem, list->items[at + 1].stem) == 0);
    char *name = NULL;

    if (shared || item->odd)
        return asprintf(&name, "%s/%s-%s.json", folder, item->stem, item->digits) < 0 ? NULL : name;
    return asprintf(&name, "%s/%s.json", folder, item->stem) < 0 ? NULL : name;
}

static int write_report(struct tolka_store *store, int64_t report, const char *name)
{
    struct tolka_output output;
    struct tolka_strbuf json = {0};
    struct tolka_error err = {0};
    int result = TOLKA_EXIT_OK;

    if (tolka_store_read_json(store, report, &json, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_UNREADABLE;
    } else if (!tolka_output_open(&output, name) || !tolka_output_commit(&output, json.data, json.length)) {
        result = TOLKA_EXIT_UNWRITABLE;
    }
    tolka_strbuf_release(&json);
    return result;
}

static int write_all(struct tolka_store *store, const struct list *list, const char *folder)
{
    int result = TOLKA_EXIT_OK;

    for (size_t i = 0; result == TOLKA_EXIT_OK && i < list->count; i++) {
        char *name = output_name(list, i, folder);
        result = name ? write_report(store, list->items[i].report, name) : TOLKA_EXIT_UNWRITABLE;
        free(name);
    }
    return result;
}

static int export_store(struct tolka_store *store, const struct options *options)
{
    struct list list = {.quiet = options->quiet};
    struct tolka_error err = {0};
    int result = TOLKA_EXIT_OK;

    if (mkdir(options->folder, 0777) && errno != EEXIST) {
        tolka_cli_complain("%s: cannot be made a folder: %s", options->folder, strerror(errno));
        return TOLKA_EXIT_UNWRITABLE;
    }
    if (tolka_store_each_report(store, take_report, &list, &err) || list.failed) {
        tolka_cli_complain("%s", list.failed ? "out of memory" : err.message);
        result = TOLKA_EXIT_UNREADABLE;
    } else if (list.count) {
        qsort(list.items, list.count, sizeof *list.items, compare);
        result = write_all(store, &list, options->folder);
    }
    for (size_t i = 0; i < list.count; i++)
        free(list.items[i].stem);
    free(list.items);
    return result == TOLKA_EXIT_OK && list.lacking ? TOLKA_EXIT_PROBLEMS : result;
}

static bool take_option(int option, const char *value, void *data)
{
    struct options *options = data;

    switch (option) {
    case 'o':
        options->folder = value;
        return *value != '\0';
    case 'q':
        return options->quiet = true;
    default:
        return false;
    }
}

static const struct tolka_cli_command COMMAND = {"export", HELP, ":o:q", LONG_OPTIONS, take_option};

int tolka_cmd_export(int argc, char **argv)
{
    struct options options = {0};
    struct tolka_store *store;
    int result = tolka_cli_parse(&COMMAND, argc, argv, &options);

    if (result >= 0)
        return result;
    if (optind + 1 != argc || !options.folder)
        return tolka_cli_usage("export", "one STORE and -o DIR are needed");
    store = tolka_cli_open_store(argv[optind]);
    if (!store)
        return TOLKA_EXIT_UNREADABLE;
    result = export_store(store, &options);
    tolka_store_close(store);
    return result;
}
