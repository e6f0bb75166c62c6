/* tolka review: a page a report, to look, correct and accept. */
#include "cli/cli.h"
#include "cli/reading.h"

#include "ingest/pages.h"
#include "ingest/searchable.h"
#include "schema/hash.h"
#include "schema/record_read.h"
#include "schema/review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_JSON_BYTES = 1 << 29,
    PAGE_BYTES = 7 * 1024 * 1024, /* of all pictures of a report; as text they take a third more */
    MOST_BYTES = 360 * 1024,      /* of one picture: more shows no more */
    LEAST_BYTES = 48 * 1024,      /* less is not legible */
    PAGES_PER_TIMEOUT = 64,       /* pictures of so many pages may take as long as one page */
    SNIFFED_BYTES = 64,
    OPT_PAGES = TOLKA_OPTION_OWN,
    OPT_LANGUAGE,
    OPT_SOURCE
};

static const char HELP[] =
    "usage: tolka review [options] FILE...\n"
    "\n"
    "Makes one HTML page of each report: the pages' pictures beside what was read, to\n"
    "look, correct and accept. It needs no network; its corrections go back with\n"
    "`tolka apply`. FILE is what convert takes, or the JSON that convert wrote.\n"
    "\n"
    "  -o, --output PATH       a file, or a folder for several inputs\n"
    "      --lang LANGUAGE     what the page begins with: sv (default) or en\n"
    "      --source FILE       the report that a JSON was made from, if it has moved\n"
    "      --pages LIST        only these pages: 1-3,7\n" TOLKA_READ_HELP
    "  -q, --quiet             no progress\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

static const struct option LONG_OPTIONS[] = {
    {"output", required_argument, NULL, 'o'},
    {"lang", required_argument, NULL, OPT_LANGUAGE},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"pages", required_argument, NULL, OPT_PAGES},
    TOLKA_READ_OPTIONS,
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

struct session {
    struct tolka_read_options reading;
    const char *output, *language, *source, *page_list;
    bool quiet, to_folder;
    struct tolka_tools tools;
    struct tolka_reader reader;
};

static bool take_option(int option, const char *value, void *data)
{
    struct session *session = data;

    switch (option) {
    case 'o':
        session->output = value;
        return true;
    case OPT_LANGUAGE:
        session->language = value;
        return tolka_review_speaks(value);
    case OPT_SOURCE:
        session->source = value;
        return true;
    case OPT_PAGES:
        session->page_list = value;
        return tolka_pages_valid(value);
    case 'q':
        session->quiet = true;
        return true;
    default:
        return tolka_read_options_take(&session->reading, option, value);
    }
}

static const struct tolka_cli_command COMMAND = {"review", HELP, ":o:j:q", LONG_OPTIONS, take_option};

/* A JSON begins with a brace and soon names us; a text that some recogniser made does not. */
static bool is_record(const char *path)
{
    char start[SNIFFED_BYTES + 1] = "";
    FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "rbe");
    size_t length = file ? fread(start, 1, SNIFFED_BYTES, file) : 0;

    if (file)
        fclose(file);
    start[length] = '\0';
    return start[strspn(start, " \t\r\n")] == '{' && strstr(start, "\"tolka\"");
}

/* True when the file at `path` is what the record was made from. */
static bool is_source(const char *path, const struct tolka_record *record)
{
    char sha256[65];
    int64_t bytes;

    return path && access(path, R_OK) == 0 && tolka_sha256_file(path, sha256, &bytes, NULL) == TOLKA_OK &&
           strcmp(sha256, record->source.sha256) == 0;
}

/* Where the report lies that the JSON at `json` was made from: as it says, or beside it. The caller frees it;
 * NULL when it is nowhere. */
static char *find_source(const struct session *session, const char *json, const struct tolka_record *record)
{
    const char *path = session->source ? session->source : record->source.path, *name,
               *slash = strrchr(json, '/');
    char *beside = NULL;

    if (is_source(path, record))
        return strdup(path);
    name = path && strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (session->source || !name ||
        asprintf(&beside, "%.*s%s", slash ? (int)(slash - json) + 1 : 0, json, name) < 0)
        return NULL;
    if (is_source(beside, record))
        return beside;
    free(beside);
    return NULL;
}

static enum tolka_status read_record(const char *path, struct tolka_record *record, struct tolka_error *err)
{
    struct tolka_strbuf json = {0};
    struct tolka_error why = {0};
    enum tolka_status status = tolka_cli_read_file(path, MAX_JSON_BYTES, &json, err);

    if (!status && tolka_record_read_json(json.data, json.length, record, &why))
        status = tolka_error_set(err, why.status, "%s: %s", path, why.message);
    tolka_strbuf_release(&json);
    return status;
}

static struct tolka_strbuf *make_pictures(const struct session *session, const char *source,
                                          const struct tolka_read_report *report)
{
    const struct tolka_record *record = &report->record;
    struct tolka_strbuf *pictures = calloc(record->page_count + 1, sizeof *pictures);
    size_t each = PAGE_BYTES / (record->page_count + 1);
    const int timeout_s =
        session->reader.page_timeout_s * (1 + (int)(record->page_count / PAGES_PER_TIMEOUT));
    struct tolka_error err = {0};

    each = each < LEAST_BYTES ? LEAST_BYTES : each > MOST_BYTES ? MOST_BYTES : each;
    if (pictures && tolka_pictures_make(source, report->input_fd, record->pages, record->page_count, each,
                                        timeout_s, pictures, &err))
        tolka_cli_complain("%s: the page is made without its pictures", err.message);
    return pictures;
}

/* Makes the page of what was read. */
static void write_page(const struct session *session, const char *source,
                       const struct tolka_read_report *report, struct tolka_strbuf *out)
{
    struct tolka_strbuf *pictures = source ? make_pictures(session, source, report) : NULL;
    const struct tolka_review_options options = {.language = session->language, .pictures = pictures};

    tolka_review_write(&report->record, &options, out);
    for (size_t i = 0; pictures && i < report->record.page_count; i++)
        tolka_strbuf_release(&pictures[i]);
    free(pictures);
}

/* Reads one input; `*source` is the file with its pictures, the caller's to free, NULL when there is none. */
static enum tolka_status read_input(const struct session *session, const char *path,
                                    struct tolka_read_report *report, char **source, struct tolka_error *err)
{
    if (!is_record(path)) {
        *source = strdup(path);
        return tolka_reader_read(&session->reader, path, report, err);
    }
    if (read_record(path, &report->record, err))
        return err->status;
    *source = find_source(session, path, &report->record);
    if (!*source)
        tolka_cli_complain(
            "%s: the report that it was made from, %s, is not there: the page is made without pictures; "
            "name it with --source",
            path, report->record.source.path ? report->record.source.path : "of no name");
    return TOLKA_OK;
}

static int review_into(const struct session *session, const char *path, struct tolka_output *output)
{
    struct tolka_read_report report = {.input_fd = -1};
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};
    char *source = NULL;
    int result = TOLKA_EXIT_UNREADABLE;

    if (read_input(session, path, &report, &source, &err)) {
        tolka_cli_complain("%s", err.message);
        tolka_output_abandon(output);
        goto out;
    }
    tolka_reader_complain(&report.record, path);
    write_page(session, source, &report, &out);
    result = report.record.problems.count || !source ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
    if (out.failed) {
        tolka_cli_complain("%s: out of memory", path);
        tolka_output_abandon(output);
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (!tolka_output_commit(output, out.data, out.length)) {
        result = TOLKA_EXIT_UNWRITABLE;
    }
out:
    free(source);
    tolka_strbuf_release(&out);
    tolka_read_report_release(&report);
    return result;
}

static int review_file(const struct session *session, char *const *inputs, int at)
{
    struct tolka_output output;
    char *name = session->to_folder ? tolka_output_name(session->output, inputs, at, "review.html") : NULL;
    int result = TOLKA_EXIT_UNWRITABLE;

    if ((name || !session->to_folder) && tolka_output_open(&output, name ? name : session->output))
        result = review_into(session, inputs[at], &output);
    free(name);
    return result;
}

int tolka_cmd_review(int argc, char **argv)
{
    struct session session = {0};
    struct tolka_error err = {0};
    int result = tolka_cli_parse(&COMMAND, argc, argv, &session);

    if (result >= 0)
        return result;
    tolka_read_options_complete(&session.reading);
    if (optind == argc)
        return tolka_cli_usage("review", "no FILE given");
    if (argc - optind > 1 && !session.output)
        return tolka_cli_usage("review", "several inputs need a folder: give --output");
    if (!session.output && isatty(STDOUT_FILENO))
        return tolka_cli_usage("review", "the page is no text for a terminal: give --output FILE.html");
    result = tolka_output_prepare(session.output, argc - optind, &session.to_folder);
    if (!result && tolka_tools_load(&session.reading, &session.tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    }
    tolka_reader_init(&session.reader, &session.reading, &session.tools, session.page_list, session.quiet);
    if (!result) {
        result = review_file(&session, argv + optind, 0);
        for (int i = 1; i < argc - optind; i++)
            result = tolka_exit_combine(result, review_file(&session, argv + optind, i));
    }
    tolka_tools_release(&session.tools);
    return result;
}
