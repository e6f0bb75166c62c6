#include "cli/reading.h"

#include "cli/cli.h"
#include "ingest/input.h"
#include "ingest/report.h"
#include "ingest/report_worker.h"
#include "schema/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *tolka_input_stem(const char *input, int *length)
{
    const char *base = strrchr(input, '/') ? strrchr(input, '/') + 1 : input;
    const char *dot = strrchr(base, '.');

    if (strcmp(input, "-") == 0)
        base = "stdin";
    *length = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
    return base;
}

static bool is_stem_of(const char *input, const char *stem, size_t stem_length)
{
    int length;
    const char *own = tolka_input_stem(input, &length);

    return (size_t)length == stem_length && strncmp(own, stem, stem_length) == 0;
}

static bool is_any_stem(char *const *inputs, const char *stem)
{
    for (; *inputs; inputs++) {
        if (is_stem_of(*inputs, stem, strlen(stem)))
            return true;
    }
    return false;
}

char *tolka_output_stem(char *const *inputs, int at)
{
    int length, earlier = 0;
    const char *name = tolka_input_stem(inputs[at], &length);
    char *stem = NULL;

    for (int i = 0; i < at; i++)
        earlier += is_stem_of(inputs[i], name, (size_t)length);
    if (!earlier)
        return strndup(name, (size_t)length);
    for (int number = 2; earlier; number++) { /* a number that makes no other input's name */
        free(stem);
        if (asprintf(&stem, "%.*s-%d", length, name, number) < 0)
            return NULL;
        earlier -= !is_any_stem(inputs, stem);
    }
    return stem;
}

char *tolka_output_name(const char *folder, char *const *inputs, int at, const char *extension)
{
    char *stem = tolka_output_stem(inputs, at), *path = NULL;

    if (stem && asprintf(&path, "%s/%s.%s", folder, stem, extension) < 0)
        path = NULL;
    free(stem);
    return path;
}

int tolka_output_prepare(const char *output, int file_count, bool *to_folder)
{
    *to_folder = is_folder(output);
    if (file_count > 1 && output && !*to_folder) {
        if (mkdir(output, 0777)) {
            tolka_cli_complain("%s: is no folder and cannot be made one; several inputs need a folder",
                               output);
            return TOLKA_EXIT_UNWRITABLE;
        }
        *to_folder = true;
    }
    return TOLKA_EXIT_OK;
}

enum tolka_status tolka_cli_read_file(const char *path, size_t max_bytes, struct tolka_strbuf *out,
                                      struct tolka_error *err)
{
    const bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rbe");
    char piece[1 << 16];
    size_t got;
    bool failed;

    if (!file)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be opened: %s", path, strerror(errno));
    while (out->length <= max_bytes && (got = fread(piece, 1, sizeof piece, file)) > 0)
        tolka_strbuf_add(out, piece, got);
    failed = ferror(file) != 0;
    if (!standard)
        fclose(file);
    if (failed)
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    if (out->failed)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "%s: out of memory", path);
    if (out->length > max_bytes)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than %zu bytes", path, max_bytes);
    return TOLKA_OK;
}

int tolka_exit_combine(int so_far, int result)
{
    if (result == TOLKA_EXIT_UNWRITABLE || so_far == TOLKA_EXIT_UNWRITABLE)
        return TOLKA_EXIT_UNWRITABLE;
    return result == so_far ? result : TOLKA_EXIT_PROBLEMS;
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

void tolka_reader_init(struct tolka_reader *reader, const struct tolka_read_options *options,
                       const struct tolka_tools *tools, const char *page_list, bool quiet)
{
    *reader = (struct tolka_reader){
        .pipeline = {.model = tools->model, .rules = tools->rules, .ocr = (enum tolka_ocr_mode)options->ocr},
        .jobs = (int)options->jobs,
        .page_timeout_s = (int)options->page_timeout_s,
        .page_list = page_list,
        .progress = !quiet && isatty(STDERR_FILENO),
    };
}

enum tolka_status tolka_reader_read(const struct tolka_reader *reader, const char *path,
                                    struct tolka_read_report *report, struct tolka_error *err)
{
    struct tolka_pool_options pool = {&reader->pipeline,
                                      reader->jobs,
                                      reader->page_timeout_s,
                                      -1,
                                      reader->page_list,
                                      reader->progress ? show_progress : NULL,
                                      (void *)path};
    enum tolka_status status;

    if (strcmp(path, "-") == 0) {
        report->input_fd = pool.input_fd = tolka_input_copy(err);
        if (pool.input_fd < 0)
            return err->status;
    }
    describe_source(path, pool.input_fd, &report->record);
    status = tolka_pool_read(&pool, path, &report->pages, &report->page_count, &report->record, err);
    if (reader->progress)
        fputs("\r\033[K", stderr);
    if (!status)
        status = tolka_report_in_worker(
            &reader->pipeline, report->pages, report->page_count,
            tolka_report_timeout_s(reader->page_timeout_s, (int)report->page_count), &report->record, err);
    return status;
}

void tolka_read_report_release(struct tolka_read_report *report)
{
    for (size_t i = 0; i < report->page_count; i++)
        tolka_page_release(&report->pages[i]);
    free(report->pages);
    tolka_record_release(&report->record);
    if (report->input_fd >= 0)
        close(report->input_fd);
}

void tolka_reader_complain(const struct tolka_record *record, const char *path)
{
    for (size_t i = 0; i < record->problems.count; i++) {
        const struct tolka_diag *problem = &record->problems.items[i];
        if (problem->page)
            tolka_cli_complain("%s: page %d: %s", path, problem->page, problem->message);
        else
            tolka_cli_complain("%s: %s", path, problem->message);
    }
}
