/* tolka convert: one report in, its records out. */
#include "cli/cli.h"
#include "cli/convert_options.h"
#include "cli/reading.h"

#include "ingest/searchable.h"
#include "schema/write.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGES_PER_TIMEOUT = 64 }; /* a searchable PDF of so many pages may take as long as one page */

/* What one run needs, loaded once. */
struct session {
    struct tolka_convert_options options;
    struct tolka_tools tools;
    struct tolka_reader reader;
    bool to_folder, several;
    char *stem; /* of the input at hand: what names its files in a folder */
};

static void write_record(const struct tolka_read_report *report, enum tolka_format format,
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
                                      const struct tolka_read_report *report, bool color,
                                      struct tolka_strbuf *out, struct tolka_error *err)
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

/* DIR/NAME-PAGE.png for each page. */
static bool draw_page(const struct session *session, const char *path, const struct tolka_read_report *report,
                      const struct tolka_page *page)
{
    struct tolka_strbuf png = {0};
    struct tolka_error err = {0};
    struct tolka_output output;
    char *name = NULL;
    bool good = false;

    if (tolka_drawing_write(path, report->input_fd, page, (int)session->options.reading.page_timeout_s, &png,
                            &err))
        tolka_cli_complain("%s", err.message);
    else if (asprintf(&name, "%s/%s-%03d.png", session->options.debug_images, session->stem, page->number) >=
             0)
        good = tolka_output_open(&output, name) && tolka_output_commit(&output, png.data, png.length);
    free(name);
    tolka_strbuf_release(&png);
    return good;
}

static bool draw_pages(const struct session *session, const char *path,
                       const struct tolka_read_report *report)
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
static bool write_table(const struct session *session, const struct tolka_table *table)
{
    struct tolka_strbuf out = {0};
    struct tolka_output output;
    char *name = NULL;
    bool good =
        asprintf(&name, "%s/%s%s%s-%s.csv", session->options.tables, session->several ? session->stem : "",
                 session->several ? "-" : "", table->id, table->kind) >= 0;

    if (!good)
        return false;
    tolka_write_table_csv(table, &out);
    good =
        !out.failed && tolka_output_open(&output, name) && tolka_output_commit(&output, out.data, out.length);
    tolka_strbuf_release(&out);
    free(name);
    return good;
}

static bool write_tables(const struct session *session, const struct tolka_record *record)
{
    bool good = true;

    if (!session->options.tables)
        return true;
    mkdir(session->options.tables, 0777); /* when it cannot be made, writing says so */
    for (size_t i = 0; good && i < record->table_count; i++)
        good = write_table(session, &record->tables[i]);
    return good;
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

/* Converts one file into `output`, which is opened already. */
static int convert_into(struct session *session, const char *path, struct tolka_output *output)
{
    struct tolka_read_report report = {.input_fd = -1};
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};
    const double start = now_s();
    const bool color = output->file == stdout && isatty(1) && !getenv("NO_COLOR");
    int result = TOLKA_EXIT_UNREADABLE;

    if (tolka_reader_read(&session->reader, path, &report, &err) ||
        write_output(session, path, &report, color, &out, &err)) {
        tolka_cli_complain("%s", err.message);
        tolka_output_abandon(output);
        goto out;
    }
    tolka_reader_complain(&report.record, path);
    result = report.record.problems.count ? TOLKA_EXIT_PROBLEMS : TOLKA_EXIT_OK;
    if (!draw_pages(session, path, &report) || !write_tables(session, &report.record)) {
        tolka_output_abandon(output);
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (!tolka_output_commit(output, out.data, out.length)) {
        result = TOLKA_EXIT_UNWRITABLE;
    } else if (session->options.summary && output->path) {
        show_summary(&report.record, report.page_count, now_s() - start, output->path);
    }
out:
    tolka_strbuf_release(&out);
    tolka_read_report_release(&report);
    return result;
}

static int convert_file(struct session *session, char *const *inputs, int at)
{
    struct tolka_output output;
    char *name = NULL;
    int result;

    session->stem = tolka_output_stem(inputs, at);
    if (!session->stem)
        return TOLKA_EXIT_UNWRITABLE;
    if (session->to_folder) {
        name = tolka_output_name(session->options.output, inputs, at,
                                 tolka_format_extension((enum tolka_format)session->options.format));
        if (!name) {
            free(session->stem);
            return TOLKA_EXIT_UNWRITABLE;
        }
    }
    /* Opened before the work begins: a place that cannot be written is known at once, not after an hour. */
    if (tolka_output_open(&output, name ? name : session->options.output))
        result = convert_into(session, inputs[at], &output);
    else
        result = TOLKA_EXIT_UNWRITABLE;
    free(name);
    free(session->stem);
    return result;
}

int tolka_cmd_convert(int argc, char **argv)
{
    struct session session = {0};
    struct tolka_error err = {0};
    int result = tolka_convert_options_parse(argc, argv, &session.options);

    if (result >= 0)
        return result;
    session.several = argc - optind > 1;
    if (session.options.format < 0)
        session.options.format =
            !session.options.output && isatty(1) ? TOLKA_FORMAT_SUMMARY : TOLKA_FORMAT_JSON;
    result = tolka_output_prepare(session.options.output, argc - optind, &session.to_folder);
    if (!result && tolka_tools_load(&session.options.reading, &session.tools, &err)) {
        tolka_cli_complain("%s", err.message);
        result = TOLKA_EXIT_USAGE;
    }
    tolka_reader_init(&session.reader, &session.options.reading, &session.tools, session.options.page_list,
                      session.options.quiet);
    if (!result) {
        result = convert_file(&session, argv + optind, 0);
        for (int i = 1; i < argc - optind; i++)
            result = tolka_exit_combine(result, convert_file(&session, argv + optind, i));
    }
    tolka_tools_release(&session.tools);
    return result;
}
