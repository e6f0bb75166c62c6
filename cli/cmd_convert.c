/* tolka convert: one report in, its records out. */
#include "cli/cli.h"

#include "ingest/input.h"
#include "ingest/pages.h"
#include "ingest/pool.h"
#include "schema/hash.h"
#include "schema/write.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RULE_DIRS = 16, MAX_JOBS = 256, DEFAULT_PAGE_TIMEOUT_S = 120 };

enum format { FORMAT_SUMMARY, FORMAT_JSON, FORMAT_JSONL, FORMAT_CSV, FORMAT_MD, FORMAT_TXT };

static const struct {
    const char *name, *extension;
    enum format format;
} FORMATS[] = {
    {"json", "json", FORMAT_JSON}, {"jsonl", "jsonl", FORMAT_JSONL}, {"csv", "csv", FORMAT_CSV},
    {"md", "md", FORMAT_MD},       {"txt", "txt", FORMAT_TXT},       {"summary", "summary.txt", FORMAT_SUMMARY},
};

enum { JSON_INDEX = 0, SUMMARY_INDEX = 5 }; /* of FORMATS */

struct options {
    int format; /* index into FORMATS, -1: by where the output goes */
    const char *output;
    const char *page_list;
    int jobs, page_timeout_s;
    enum tolka_ocr_mode ocr;
    const char *rule_dirs[MAX_RULE_DIRS];
    size_t rule_dir_count;
    const char *model;
    bool no_normalize, quiet, summary;
};

static const char HELP[] =
    "usage: tolka convert [options] FILE...\n"
    "\n"
    "Reads each FILE (PDF, TIFF, PNG, JPEG or plain text; - is standard input) and writes its records.\n"
    "\n"
    "  -f, --format FORMAT     json (default), jsonl or csv (the facts, one a line), md, txt,\n"
    "                          summary (aligned tables; the default on a terminal)\n"
    "  -o, --output PATH       a file, or a folder when there are several inputs; else standard output\n"
    "      --summary           show the aligned tables on standard output too (with --output)\n"
    "      --pages LIST        only these pages: 1-3,7\n"
    "  -j, --jobs N            pages read at once (default: the number of processors)\n"
    "      --ocr MODE          auto (default: a page's own text where it can be trusted), always, never\n"
    "      --rules DIR         more rule files; may be given several times\n"
    "      --model FILE        another language model for the repair\n"
    "      --no-normalize      leave the words as they were read\n"
    "      --page-timeout S    give a page up after S seconds (default 120)\n"
    "  -q, --quiet             no progress\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be read; 4 not written.\n";

enum { OPT_PAGES = 256, OPT_OCR, OPT_RULES, OPT_MODEL, OPT_NO_NORMALIZE, OPT_PAGE_TIMEOUT, OPT_SUMMARY, OPT_HELP };

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"pages", required_argument, NULL, OPT_PAGES},
    {"jobs", required_argument, NULL, 'j'},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"rules", required_argument, NULL, OPT_RULES},
    {"model", required_argument, NULL, OPT_MODEL},
    {"no-normalize", no_argument, NULL, OPT_NO_NORMALIZE},
    {"page-timeout", required_argument, NULL, OPT_PAGE_TIMEOUT},
    {"summary", no_argument, NULL, OPT_SUMMARY},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

static bool parse_number(const char *text, int low, int high, int *value)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (end == text || *end || number < low || number > high)
        return false;
    *value = (int)number;
    return true;
}

static bool parse_format(const char *text, int *format)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        if (strcmp(text, FORMATS[i].name) == 0) {
            *format = (int)i;
            return true;
        }
    }
    return false;
}

static bool parse_ocr(const char *text, enum tolka_ocr_mode *mode)
{
    static const char *const NAMES[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, NAMES[i]) == 0) {
            *mode = (enum tolka_ocr_mode)i;
            return true;
        }
    }
    return false;
}

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(struct options *options, int option, const char *value)
{
    switch (option) {
    case 'f':
        return parse_format(value, &options->format);
    case 'o':
        options->output = value;
        return true;
    case OPT_PAGES:
        options->page_list = value;
        return tolka_pages_valid(value);
    case 'j':
        return parse_number(value, 1, MAX_JOBS, &options->jobs);
    case OPT_OCR:
        return parse_ocr(value, &options->ocr);
    case OPT_RULES:
        if (options->rule_dir_count == MAX_RULE_DIRS)
            return false;
        options->rule_dirs[options->rule_dir_count++] = value;
        return true;
    case OPT_MODEL:
        options->model = value;
        return true;
    case OPT_NO_NORMALIZE:
        options->no_normalize = true;
        return true;
    case OPT_PAGE_TIMEOUT:
        return parse_number(value, 1, 86400, &options->page_timeout_s);
    case OPT_SUMMARY:
        options->summary = true;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    default:
        return false;
    }
}

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
    int option, which = -1;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":f:o:j:q", LONG_OPTIONS, &which)) != -1) {
        if (option == OPT_HELP) {
            fputs(HELP, stdout);
            return TOLKA_EXIT_OK;
        }
        if (option == '?' || option == ':') {
            tolka_cli_complain("convert: %s: %s; see `tolka convert --help`", argv[optind - 1],
                               option == ':' ? "a value is missing" : "no such option");
            return TOLKA_EXIT_USAGE;
        }
        if (!take_option(options, option, optarg)) {
            tolka_cli_complain("convert: %s: not a value that this option takes; see `tolka convert --help`", optarg);
            return TOLKA_EXIT_USAGE;
        }
    }
    if (optind == argc) {
        tolka_cli_complain("convert: no FILE given; see `tolka convert --help`");
        return TOLKA_EXIT_USAGE;
    }
    return -1;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The file name without folder and extension; `*length` is its length. Borrowed. */
static const char *stem(const char *input, int *length)
{
    const char *base = strrchr(input, '/') ? strrchr(input, '/') + 1 : input;
    const char *dot = strrchr(base, '.');

    if (strcmp(input, "-") == 0)
        base = "stdin";
    *length = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
    return base;
}

/*
 * "folder/report.json" for "elsewhere/report.pdf"; "report-2.json" when an earlier input of this run has that name already. The caller
 * frees it. NULL when out of memory.
 */
static char *output_name(const char *folder, char *const *inputs, int at, const char *extension)
{
    int length, other_length, same = 1;
    const char *name = stem(inputs[at], &length);
    char *path = NULL;

    for (int i = 0; i < at; i++) {
        const char *other = stem(inputs[i], &other_length);
        same += other_length == length && strncmp(other, name, (size_t)length) == 0;
    }
    if (same > 1)
        return asprintf(&path, "%s/%.*s-%d.%s", folder, length, name, same, extension) < 0 ? NULL : path;
    return asprintf(&path, "%s/%.*s.%s", folder, length, name, extension) < 0 ? NULL : path;
}

/* What one run needs, loaded once. */
struct session {
    struct options options;
    struct tolka_model *model;
    struct tolka_rules *rules;
    struct tolka_pipeline pipeline;
    bool to_folder, progress;
};

static enum tolka_status load_model(struct session *session, struct tolka_error *err)
{
    char path[PATH_MAX];

    if (session->options.no_normalize)
        return TOLKA_OK;
    if (session->options.model)
        return tolka_model_open(session->options.model, &session->model, err);
    if (!tolka_cli_find("normalize/data/sv.model", path, sizeof path))
        return tolka_error_set(err, TOLKA_ERR_IO, "the language model sv.model is not where the program was installed");
    return tolka_model_open(path, &session->model, err);
}

static enum tolka_status load_rules(struct session *session, struct tolka_error *err)
{
    const char *dirs[MAX_RULE_DIRS + 1];
    char path[PATH_MAX];

    if (!tolka_cli_find("schema/rules", path, sizeof path))
        return tolka_error_set(err, TOLKA_ERR_IO, "the rule files are not where the program was installed");
    dirs[0] = path;
    memcpy(dirs + 1, session->options.rule_dirs, sizeof session->options.rule_dirs);
    return tolka_rules_load(dirs, session->options.rule_dir_count + 1, &session->rules, err);
}

static void show_progress(int done, int total, void *data)
{
    const char *path = data;

    fprintf(stderr, "\r\033[K%s: page %d of %d", path, done, total);
}

/* Hash, size and path of the input. A file that cannot be read is left to the worker, which says why. */
static void describe_source(const char *path, int input_fd, struct tolka_record *record)
{
    char copy[64];
    struct stat st;

    if (input_fd >= 0)
        snprintf(copy, sizeof copy, "/proc/self/fd/%d", input_fd);
    record->source.path = tolka_arena_strdup(&record->arena, path);
    path = input_fd >= 0 ? copy : path;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        tolka_sha256_file(path, record->source.sha256, &record->source.bytes, NULL);
}

static void write_record(const struct tolka_record *record, const struct tolka_page *pages, size_t page_count, enum format format,
                         bool color, struct tolka_strbuf *out)
{
    switch (format) {
    case FORMAT_JSON:
        tolka_write_json(record, out);
        break;
    case FORMAT_JSONL:
        tolka_write_jsonl(record, out);
        break;
    case FORMAT_CSV:
        tolka_write_csv(record, out);
        break;
    case FORMAT_MD:
        tolka_write_md(record, pages, page_count, out);
        break;
    case FORMAT_TXT:
        tolka_write_txt(record, out);
        break;
    case FORMAT_SUMMARY:
        tolka_write_summary(record, color, out);
        break;
    }
}

/* Reads one file into `record` and its pages. */
static enum tolka_status read_report(struct session *session, const char *path, struct tolka_record *record, struct tolka_page **pages,
                                     size_t *page_count, struct tolka_error *err)
{
    struct tolka_pool_options pool = {&session->pipeline, session->options.jobs, session->options.page_timeout_s, -1,
                                      session->options.page_list, session->progress ? show_progress : NULL, (void *)path};
    enum tolka_status status;

    if (strcmp(path, "-") == 0) {
        pool.input_fd = tolka_input_copy(err);
        if (pool.input_fd < 0)
            return err->status;
    }
    describe_source(path, pool.input_fd, record);
    status = tolka_pool_read(&pool, path, pages, page_count, record, err);
    if (session->progress)
        fputs("\r\033[K", stderr);
    if (!status)
        status = tolka_pipeline_report(&session->pipeline, *pages, *page_count, record, err);
    if (pool.input_fd >= 0)
        close(pool.input_fd);
    return status;
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The aligned tables for a person, beside a file for programs. */
static void show_summary(const struct tolka_record *record, size_t page_count, double seconds, const char *path)
{
    struct tolka_strbuf out = {0};

    tolka_write_summary(record, isatty(1) && !getenv("NO_COLOR"), &out);
    fwrite(out.data, 1, out.length, stdout);
    printf("\n%zu pages in %.1f s. All of it, every word with its place: %s\n", page_count, seconds, path);
    tolka_strbuf_release(&out);
}

static void complain_of_problems(const struct tolka_record *record, const char *path)
{
    for (size_t i = 0; i < record->problems.count; i++) {
        const struct tolka_diag *problem = &record->problems.items[i];
        if (problem->page)
            tolka_cli_complain("%s: page %d: %s", path, problem->page, problem->message);
        else
            tolka_cli_complain("%s: %s", path, problem->message);
    }
}

/* Converts one file into `output`, which is opened already. */
static int convert_into(struct session *session, const char *path, struct tolka_output *output)
{
    const enum format format = FORMATS[session->options.format].format;
    struct tolka_record record = {0};
    struct tolka_page *pages = NULL;
    size_t page_count = 0;
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};
    const double start = now_s();
    int result;

    if (read_report(session, path, &record, &pages, &page_count, &err)) {
        tolka_cli_complain("%s", err.message);
        tolka_output_abandon(output);
        result = TOLKA_EXIT_UNREADABLE;
        goto out;
    }
    write_record(&record, pages, page_count, format, output->file == stdout && isatty(1) && !getenv("NO_COLOR"), &out);
    complain_of_problems(&record, path);
    result = record.problems.count ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
    if (out.failed) {
        tolka_cli_complain("%s: out of memory", path);
        tolka_output_abandon(output);
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (!tolka_output_commit(output, out.data, out.length)) {
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (session->options.summary && output->path) {
        show_summary(&record, page_count, now_s() - start, output->path);
    }
out:
    for (size_t i = 0; i < page_count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
    tolka_strbuf_release(&out);
    tolka_record_release(&record);
    return result;
}

static int convert_file(struct session *session, char *const *inputs, int at)
{
    struct tolka_output output;
    char *name = NULL;
    int result;

    if (session->to_folder) {
        name = output_name(session->options.output, inputs, at, FORMATS[session->options.format].extension);
        if (!name)
            return TOLKA_EXIT_UNWRITABLE;
    }
    /* Opened before the work begins: a place that cannot be written is known at once, not after an hour. */
    if (tolka_output_open(&output, name ? name : session->options.output))
        result = convert_into(session, inputs[at], &output);
    else
        result = TOLKA_EXIT_UNWRITABLE;
    free(name);
    return result;
}

/* Several inputs need a folder; it is made when it is not there. */
static int prepare_output(struct session *session, int file_count)
{
    const char *output = session->options.output;

    session->to_folder = is_folder(output);
    if (file_count > 1 && output && !session->to_folder) {
        if (mkdir(output, 0777)) {
            tolka_cli_complain("%s: is no folder and cannot be made one; several inputs need a folder", output);
            return TOLKA_EXIT_UNWRITABLE;
        }
        session->to_folder = true;
    }
    if (session->options.format < 0)
        session->options.format = !output && isatty(1) ? SUMMARY_INDEX : JSON_INDEX;
    return TOLKA_EXIT_OK;
}

/* The worst of two files' results, so that one status speaks for all: a file that could not be read among others is a problem. */
static int combine(int so_far, int result)
{
    if (result == TOLKA_EXIT_UNWRITABLE || so_far == TOLKA_EXIT_UNWRITABLE)
        return TOLKA_EXIT_UNWRITABLE;
    return result == so_far ? result : TOLKA_EXIT_PROBLEMS;
}

int tolka_cmd_convert(int argc, char **argv)
{
    struct session session = {.options = {.format = -1, .page_timeout_s = DEFAULT_PAGE_TIMEOUT_S}};
    struct tolka_error err = {0};
    int result = parse_options(argc, argv, &session.options);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (result >= 0)
        return result;
    if (!session.options.jobs)
        session.options.jobs = processors < 1 ? 1 : processors > MAX_JOBS ? MAX_JOBS : (int)processors;
    result = prepare_output(&session, argc - optind);
    if (!result && (load_model(&session, &err) || load_rules(&session, &err))) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    }
    session.pipeline = (struct tolka_pipeline){.model = session.model, .rules = session.rules, .ocr = session.options.ocr};
    session.progress = !session.options.quiet && isatty(2);
    if (!result) {
        result = convert_file(&session, argv + optind, 0);
        for (int i = 1; i < argc - optind; i++)
            result = combine(result, convert_file(&session, argv + optind, i));
    }
    tolka_rules_free(session.rules);
    tolka_model_free(session.model);
    return result;
}
