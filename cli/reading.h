/* Files read one by one, as `convert` does, and where their outputs go. cli/ only. */
#ifndef TOLKA_CLI_READING_H
#define TOLKA_CLI_READING_H

#include "cli/read_options.h"
#include "ingest/pool.h"

/* How files are read. Borrows what it was made with. */
struct tolka_reader {
    struct tolka_pipeline pipeline;
    int jobs, page_timeout_s;
    const char *page_list; /* NULL: all */
    bool progress;
};

void tolka_reader_init(struct tolka_reader *reader, const struct tolka_read_options *options,
                       const struct tolka_tools *tools, const char *page_list, bool quiet);

/* One input as it was read. All-zero but for `input_fd` -1 is empty. */
struct tolka_read_report {
    struct tolka_record record;
    struct tolka_page *pages;
    size_t page_count;
    int input_fd; /* what "-" stands for, else -1 */
};

/* Reads the file at `path` ("-": standard input) into the empty `report`, which the caller releases, also
 * after an error. Errors as the pool's and the pipeline's. */
enum tolka_status tolka_reader_read(const struct tolka_reader *reader, const char *path,
                                    struct tolka_read_report *report, struct tolka_error *err);
void tolka_read_report_release(struct tolka_read_report *report);

/* Complains of each problem that the record has. */
void tolka_reader_complain(const struct tolka_record *record, const char *path);

/* The file name without folder and extension; `*length` is its length. Borrowed. */
const char *tolka_input_stem(const char *input, int *length);

/*
 * "report" for "elsewhere/report.pdf"; "report-2" when an earlier input of this run has that name already.
 * `inputs` ends with NULL. The caller frees it. NULL when out of memory.
 */
char *tolka_output_stem(char *const *inputs, int at);

/*
 * "folder/report.json" for "elsewhere/report.pdf"; "report-2.json" when an earlier input of this run has that
 * name already. The caller frees it. NULL when out of memory.
 */
char *tolka_output_name(const char *folder, char *const *inputs, int at, const char *extension);

/* Says whether outputs go into a folder: several inputs need one, and it is made when it is not there.
 * Returns an enum tolka_exit, after a complaint. `output` NULL: standard output. */
int tolka_output_prepare(const char *output, int file_count, bool *to_folder);

/* Appends the whole file at `path` ("-": standard input), at most `max_bytes`. Errors IO, LIMIT, MEMORY, with
 * the name. */
enum tolka_status tolka_cli_read_file(const char *path, size_t max_bytes, struct tolka_strbuf *out,
                                      struct tolka_error *err);

/* The worst of two files' results, so that one status speaks for all: a file that could not be read among
 * others is a problem. */
int tolka_exit_combine(int so_far, int result);

#endif
