/* tolka convert: one report in, its records out. */
#include "cli/cli.h"
#include "cli/convert_options.h"

#include "ingest/input.h"
#include "ingest/pool.h"
#include "ingest/report.h"
#include "ingest/report_worker.h"
#include "ingest/searchable.h"
#include "schema/hash.h"
#include "schema/write.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGES_PER_TIMEOUT = 64 }; /* a searchable PDF of so many pages may take as long as one page */

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
 * "folder/report.json" for "elsewhere/report.pdf"; "report-2.json" when an earlier input of this run has that
 * name already. The caller frees it. NULL when out of memory.
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
    struct tolka_convert_options options;
    struct tolka_tools tools;
    struct tolka_pipeline pipeline;
    bool to_folder, several, progress;
};

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

/* One input as it was read. */
struct report {
    struct tolka_record record;
    struct tolka_page *pages;
    size_t page_count;
    int input_fd; /* what "-" stands for, else -1 */
};

static void write_record(const struct report *report, enum tolka_format format,
                         const struct tolka_model *model, bool color, struct tolka_strbuf *out)
{
    const struct tolka_record *record = &report->record;

    switch (format) {
    case TOLKA_FORMAT_JSON:
        tolka_write_json(record, out);
        break;
    case TOLKA_FORMAT_JSONL:
        tolka_write_jsonl(record, out);
        break;
    case TOLKA_FORMAT_CSV:
        tolka_write_csv(record, out);
        break;
    case TOLKA_FORMAT_MD:
        tolka_write_md(record, report->pages, report->page_count, out);
        break;
    case TOLKA_FORMAT_TXT:
        tolka_write_txt(record, out);
        break;
    case TOLKA_FORMAT_SUMMARY:
        tolka_write_summary(record, color, out);
        break;
    case TOLKA_FORMAT_ALTO:
        tolka_write_alto(record, report->pages, report->page_count, model, out);
        break;
    case TOLKA_FORMAT_HOCR:
        tolka_write_hocr(record, report->pages, report->page_count, model, out);
        break;
    case TOLKA_FORMAT_PDF:
        break; /* not made of the record: write_output */
    }
}

/* The report in the wanted format; a searchable PDF is made of the file once more, in a process of its own.
 */
static enum tolka_status write_output(const struct session *session, const char *path,
                                      const struct report *report, bool color, struct tolka_strbuf *out,
                                      struct tolka_error *err)
{
    const enum tolka_format format = (enum tolka_format)session->options.format;
    const int timeout_s =
        (int)session->options.reading.page_timeout_s * (1 + (int)(report->page_count / PAGES_PER_TIMEOUT));

    if (format == TOLKA_FORMAT_PDF)
        return tolka_searchable_write(path, report->input_fd, report->pages, report->page_count, timeout_s,
                                      out, err);
    write_record(report, format, session->tools.model, color, out);
    return out->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path) : TOLKA_OK;
}

static enum tolka_status read_report(struct session *session, const char *path, struct report *report,
                                     struct tolka_error *err)
{
    struct tolka_pool_options pool = {&session->pipeline,
                                      (int)session->options.reading.jobs,
                                      (int)session->options.reading.page_timeout_s,
                                      -1,
                                      session->options.page_list,
                                      session->progress ? show_progress : NULL,
                                      (void *)path};
    enum tolka_status status;

    if (strcmp(path, "-") == 0) {
        report->input_fd = pool.input_fd = tolka_input_copy(err);
        if (pool.input_fd < 0)
            return err->status;
    }
    describe_source(path, pool.input_fd, &report->record);
    status = tolka_pool_read(&pool, path, &report->pages, &report->page_count, &report->record, err);
    if (session->progress)
        fputs("\r\033[K", stderr);
    if (!status)
        status = tolka_report_in_worker(
            &session->pipeline, report->pages, report->page_count,
            tolka_report_timeout_s((int)session->options.reading.page_timeout_s, (int)report->page_count),
            &report->record, err);
    return status;
}

/* DIR/NAME-PAGE.png for each page. */
static bool draw_page(const struct session *session, const char *path, const struct report *report,
                      const struct tolka_page *page)
{
    struct tolka_strbuf png = {0};
    struct tolka_error err = {0};
    struct tolka_output output;
    char *name = NULL;
    int length;
    const char *base = stem(path, &length);
    bool good = false;

    if (tolka_drawing_write(path, report->input_fd, page, (int)session->options.reading.page_timeout_s, &png,
                            &err))
        tolka_cli_complain("%s", err.message);
    else if (asprintf(&name, "%s/%.*s-%03d.png", session->options.debug_images, length, base, page->number) >=
             0)
        good = tolka_output_open(&output, name) && tolka_output_commit(&output, png.data, png.length);
    free(name);
    tolka_strbuf_release(&png);
    return good;
}

static bool draw_pages(const struct session *session, const char *path, const struct report *report)
{
    bool good = true;

    if (!session->options.debug_images)
        return true;
    mkdir(session->options.debug_images, 0777); /* when it cannot be made, writing says so */
    for (size_t i = 0; good && i < report->page_count; i++)
        good = draw_page(session, path, report, &report->pages[i]);
    return good;
}

/* Writes one table as CSV: DIR/ID-KIND.csv, with the report's name before it when there are several reports.
 */
static bool write_table(const struct session *session, const char *path, const struct tolka_table *table)
{
    struct tolka_strbuf out = {0};
    struct tolka_output output;
    char *name = NULL;
    int length;
    const char *report = stem(path, &length);
    bool good = asprintf(&name, "%s/%.*s%s%s-%s.csv", session->options.tables, session->several ? length : 0,
                         report, session->several ? "-" : "", table->id, table->kind) >= 0;

    if (!good)
        return false;
    tolka_write_table_csv(table, &out);
    good =
        !out.failed && tolka_output_open(&output, name) && tolka_output_commit(&output, out.data, out.length);
    tolka_strbuf_release(&out);
    free(name);
    return good;
}

static bool write_tables(const struct session *session, const char *path, const struct tolka_record *record)
{
    bool good = true;

    if (!session->options.tables)
        return true;
    mkdir(session->options.tables, 0777); /* when it cannot be made, writing says so */
    for (size_t i = 0; good && i < record->table_count; i++)
        good = write_table(session, path, &record->tables[i]);
    return good;
}

static void release_report(struct report *report)
{
    for (size_t i = 0; i < report->page_count; i++)
        tolka_page_release(&report->pages[i]);
    free(report->pages);
    tolka_record_release(&report->record);
    if (report->input_fd >= 0)
        close(report->input_fd);
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The aligned tables for a person, beside a file for programs. */
static void show_summary(const struct tolka_record *record, size_t page_count, double seconds,
                         const char *path)
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
    struct report report = {.input_fd = -1};
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};
    const double start = now_s();
    const bool color = output->file == stdout && isatty(1) && !getenv("NO_COLOR");
    int result = TOLKA_EXIT_UNREADABLE;

    if (read_report(session, path, &report, &err) ||
        write_output(session, path, &report, color, &out, &err)) {
        tolka_cli_complain("%s", err.message);
        tolka_output_abandon(output);
        goto out;
    }
    complain_of_problems(&report.record, path);
    result = report.record.problems.count ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
    if (!draw_pages(session, path, &report) || !write_tables(session, path, &report.record)) {
        tolka_output_abandon(output);
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (!tolka_output_commit(output, out.data, out.length)) {
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (session->options.summary && output->path) {
        show_summary(&report.record, report.page_count, now_s() - start, output->path);
    }
out:
    tolka_strbuf_release(&out);
    release_report(&report);
    return result;
}

static int convert_file(struct session *session, char *const *inputs, int at)
{
    struct tolka_output output;
    char *name = NULL;
    int result;

    if (session->to_folder) {
        name = output_name(session->options.output, inputs, at,
                           tolka_format_extension((enum tolka_format)session->options.format));
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
    session->several = file_count > 1;
    if (file_count > 1 && output && !session->to_folder) {
        if (mkdir(output, 0777)) {
            tolka_cli_complain("%s: is no folder and cannot be made one; several inputs need a folder",
                               output);
            return TOLKA_EXIT_UNWRITABLE;
        }
        session->to_folder = true;
    }
    if (session->options.format < 0)
        session->options.format = !output && isatty(1) ? TOLKA_FORMAT_SUMMARY : TOLKA_FORMAT_JSON;
    return TOLKA_EXIT_OK;
}

/* The worst of two files' results, so that one status speaks for all: a file that could not be read among
 * others is a problem. */
static int combine(int so_far, int result)
{
    if (result == TOLKA_EXIT_UNWRITABLE || so_far == TOLKA_EXIT_UNWRITABLE)
        return TOLKA_EXIT_UNWRITABLE;
    return result == so_far ? result : TOLKA_EXIT_PROBLEMS;
}

int tolka_cmd_convert(int argc, char **argv)
{
    struct session session = {0};
    struct tolka_error err = {0};
    int result = tolka_convert_options_parse(argc, argv, &session.options);

    if (result >= 0)
        return result;
    result = prepare_output(&session, argc - optind);
    if (!result && tolka_tools_load(&session.options.reading, &session.tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    }
    session.pipeline = (struct tolka_pipeline){.model = session.tools.model,
                                               .rules = session.tools.rules,
                                               .ocr = (enum tolka_ocr_mode)session.options.reading.ocr};
    session.progress = !session.options.quiet && isatty(2);
    if (!result) {
        result = convert_file(&session, argv + optind, 0);
        for (int i = 1; i < argc - optind; i++)
            result = combine(result, convert_file(&session, argv + optind, i));
    }
    tolka_tools_release(&session.tools);
    return result;
}
