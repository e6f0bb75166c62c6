#include "cli/ingest_progress.h"

#include "cli/cli.h"
#include "cli/log.h"
#include "schema/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const TOLKA_PROGRESS_WORDS[] = {"auto", "bar", "plain", "json", "none", NULL};

/* How often the counts are shown, by mode: a person's eye, a log file, a program. */
static const double BAR_S = 0.2, PLAIN_S = 30, JSON_S = 1;

/* The rate follows the last half minute or so. */
static const double SMOOTHING = 0.1;

enum { BAR_CELLS = 20 };

void tolka_progress_begin(struct tolka_progress *progress, enum tolka_progress_mode mode)
{
    if (tolka_log_is_on() && mode < TOLKA_PROGRESS_JSON)
        mode = TOLKA_PROGRESS_LOG;
    else if (mode == TOLKA_PROGRESS_AUTO)
        mode = isatty(STDERR_FILENO) ? TOLKA_PROGRESS_BAR : TOLKA_PROGRESS_PLAIN;
    *progress = (struct tolka_progress){.mode = mode};
}

void tolka_progress_clear(struct tolka_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

static void keep_rate(struct tolka_progress *progress, const struct tolka_ingest_counts *counts)
{
    const int64_t pages = counts->pages_done + counts->pages_failed;
    const double seconds = counts->seconds - progress->shown_s;
    const double now = seconds > 0 ? (double)(pages - progress->shown_pages) / seconds : 0;

    progress->rate = progress->rate > 0 ? progress->rate * (1 - SMOOTHING) + now * SMOOTHING : now;
    progress->shown_s = counts->seconds;
    progress->shown_pages = pages;
}

/* Seconds left, by the pages that are known and those that reports still unopened will have on average; -1
 * unknown. */
static double seconds_left(const struct tolka_ingest_counts *counts)
{
    const int64_t done = counts->pages_done + counts->pages_failed;
    const int64_t unopened = counts->reports_left - (counts->reports_opened - counts->reports_done);
    const double a_report =
        counts->reports_opened ? (double)counts->pages_opened / (double)counts->reports_opened : 1;

    if (!done || counts->seconds <= 0)
        return -1;
    return ((double)counts->pages_left + (unopened > 0 ? (double)unopened * a_report : 0)) * counts->seconds /
           (double)done;
}

static void format_time(double seconds, char *out, size_t size)
{
    const int64_t s = (int64_t)(seconds + 0.5);

    if (s < 100)
        snprintf(out, size, "%" PRId64 " s", s);
    else if (s < 7200)
        snprintf(out, size, "%" PRId64 " min", (s + 30) / 60);
    else
        snprintf(out, size, "%" PRId64 " h %" PRId64 " min", s / 3600, s % 3600 / 60);
}

static void format_counts(const struct tolka_progress *progress, const struct tolka_ingest_counts *counts,
                          char *out, size_t size)
{
    const int64_t finished = counts->reports_done + counts->reports_failed,
                  failures = counts->reports_failed + counts->pages_failed;
    const double left = seconds_left(counts);
    char time[48];
    int length = snprintf(out, size, "%" PRId64 " of %" PRId64 "%s reports, %" PRId64 " pages, %.1f a second",
                          finished, finished + counts->reports_left, counts->walking ? "+" : "",
                          counts->pages_done, progress->rate);

    if (failures && (size_t)length < size)
        length += snprintf(out + length, size - (size_t)length, ", %" PRId64 " failed", failures);
    if (left >= 0 && counts->reports_left && (size_t)length < size) {
        format_time(left, time, sizeof time);
        snprintf(out + length, size - (size_t)length, ", %s left", time);
    }
}

static void draw_bar(struct tolka_progress *progress, const struct tolka_ingest_counts *counts)
{
    const double left = seconds_left(counts),
                 share = left >= 0 ? counts->seconds / (counts->seconds + left + 1e-9) : 0;
    char text[160], cells[BAR_CELLS + 1];

    for (int i = 0; i < BAR_CELLS; i++)
        cells[i] = i < share * BAR_CELLS ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    format_counts(progress, counts, text, sizeof text);
    fprintf(stderr, "\r\033[K[%s] %s", cells, text);
    progress->drawn = true;
}

static void put_line(struct tolka_strbuf *out)
{
    tolka_strbuf_add_char(out, '\n');
    if (!out->failed) {
        fwrite(out->data, 1, out->length, stdout);
        fflush(stdout);
    }
    tolka_strbuf_release(out);
}

static void add_counts(struct tolka_json *json, const struct tolka_ingest_counts *counts)
{
    const struct {
        const char *name;
        int64_t number;
    } FIELDS[] = {
        {"files", counts->files},
        {"queued", counts->queued},
        {"unchanged", counts->unchanged},
        {"failed_before", counts->failed_before},
        {"duplicates", counts->duplicates},
        {"missing", counts->missing},
        {"other", counts->other},
        {"reports_done", counts->reports_done},
        {"with_problems", counts->with_problems},
        {"reports_failed", counts->reports_failed},
        {"reports_left", counts->reports_left},
        {"pages_done", counts->pages_done},
        {"pages_failed", counts->pages_failed},
        {"pages_left", counts->pages_left},
        {"workers_lost", counts->workers_lost},
        {"workers_replaced", counts->workers_replaced},
    };

    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        tolka_json_int(json, FIELDS[i].name, FIELDS[i].number);
    tolka_json_real(json, "seconds", counts->seconds);
    tolka_json_bool(json, "walking", counts->walking);
}

static void add_event(struct tolka_json *json, const struct tolka_ingest_event *event)
{
    if (event->path)
        tolka_json_string(json, "path", event->path);
    if (event->page)
        tolka_json_int(json, "page", event->page);
    if (event->code)
        tolka_json_string(json, "code", event->code);
    if (event->message)
        tolka_json_string(json, "message", event->message);
}

static void write_json(const char *name, const struct tolka_ingest_event *event,
                       const struct tolka_ingest_counts *counts)
{
    struct tolka_strbuf out = {0};
    struct tolka_json json = {.out = &out};

    tolka_json_open(&json, NULL, '{');
    tolka_json_string(&json, "event", name);
    if (event)
        add_event(&json, event);
    if (counts)
        add_counts(&json, counts);
    tolka_json_close(&json, '}');
    put_line(&out);
}

static void log_event(const char *name, const struct tolka_ingest_event *event)
{
    struct tolka_log_line line;

    tolka_log_line_begin(&line, event->kind == TOLKA_INGEST_PROBLEM ? "warning" : "info", name);
    add_event(&line.json, event);
    tolka_log_line_end(&line);
}

static void log_counts(const char *name, const struct tolka_ingest_counts *counts)
{
    struct tolka_log_line line;

    tolka_log_line_begin(&line, "info", name);
    add_counts(&line.json, counts);
    tolka_log_line_end(&line);
}

static void tick(struct tolka_progress *progress, const struct tolka_ingest_counts *counts)
{
    const double passed = counts->seconds - progress->shown_s;
    char text[160];

    if (progress->mode == TOLKA_PROGRESS_BAR && passed >= BAR_S) {
        keep_rate(progress, counts);
        draw_bar(progress, counts);
    } else if (progress->mode == TOLKA_PROGRESS_PLAIN && passed >= PLAIN_S && counts->reports_left) {
        progress->rate = 0;
        keep_rate(progress, counts);
        format_counts(progress, counts, text, sizeof text);
        fprintf(stderr, "tolka: %s\n", text);
    } else if (progress->mode == TOLKA_PROGRESS_LOG && passed >= PLAIN_S) {
        keep_rate(progress, counts);
        log_counts("progress", counts);
    } else if (progress->mode == TOLKA_PROGRESS_JSON && passed >= JSON_S) {
        keep_rate(progress, counts);
        write_json("progress", NULL, counts);
    }
}

static void count_problem(struct tolka_progress *progress, const char *code)
{
    for (size_t i = 0; i < TOLKA_PROGRESS_CODES && code; i++) {
        if (!progress->problems[i].count)
            snprintf(progress->problems[i].code, sizeof progress->problems[i].code, "%s", code);
        if (strncmp(progress->problems[i].code, code, sizeof progress->problems[i].code - 1) == 0) {
            progress->problems[i].count++;
            return;
        }
    }
}

/* A line of its own about a file; the message of a file that could not be read names it already. */
static void complain(struct tolka_progress *progress, const struct tolka_ingest_event *event)
{
    tolka_progress_clear(progress);
    if (event->page)
        tolka_cli_complain("%s: page %d: %s", event->path, event->page, event->message);
    else if (strncmp(event->message, event->path, strlen(event->path)) == 0)
        tolka_cli_complain("%s", event->message);
    else
        tolka_cli_complain("%s: %s", event->path, event->message);
}

void tolka_progress_event(struct tolka_progress *progress, const struct tolka_ingest_event *event)
{
    static const char *const NAMES[] = {"progress", "page", "report", "problem", "notice"};
    const bool speaks = event->kind == TOLKA_INGEST_PROBLEM || event->kind == TOLKA_INGEST_NOTICE;

    if (event->kind == TOLKA_INGEST_TICK) {
        tick(progress, event->counts);
        return;
    }
    if (speaks && event->code)
        count_problem(progress, event->code);
    if (progress->mode == TOLKA_PROGRESS_JSON)
        write_json(NAMES[event->kind], event, NULL);
    else if (speaks && event->path && !tolka_log_is_on())
        complain(progress, event);
    if (tolka_log_is_on() &&
        (speaks || (event->kind == TOLKA_INGEST_REPORT && progress->mode == TOLKA_PROGRESS_LOG)))
        log_event(NAMES[event->kind], event);
}

static void print_count(int64_t number, const char *what)
{
    if (number)
        printf("%8" PRId64 "  %s\n", number, what);
}

static void print_summary(const struct tolka_progress *progress, const struct tolka_ingest_counts *counts)
{
    char time[48];

    print_count(counts->reports_done, "reports done");
    print_count(counts->with_problems, "of them with problems");
    print_count(counts->reports_failed, "reports failed");
    print_count(counts->unchanged, "done before, unchanged");
    print_count(counts->failed_before, "failed before, not tried again (--retry-failed)");
    print_count(counts->duplicates, "duplicates of other files");
    print_count(counts->missing, "missing or unreadable files");
    print_count(counts->other, "files of other kinds, left alone");
    print_count(counts->reports_left, "reports left to do");
    for (size_t i = 0; i < TOLKA_PROGRESS_CODES && progress->problems[i].count; i++)
        printf("%8" PRId64 "  problems: %s\n", progress->problems[i].count, progress->problems[i].code);
    print_count(counts->workers_lost, "workers lost over their work");
    format_time(counts->seconds, time, sizeof time);
    printf("%8" PRId64 "  pages in %s", counts->pages_done, time);
    if (counts->seconds > 0 && counts->pages_done)
        printf(", %.1f a second", (double)counts->pages_done / counts->seconds);
    putchar('\n');
}

void tolka_progress_end(struct tolka_progress *progress, const struct tolka_ingest_counts *counts)
{
    tolka_progress_clear(progress);
    if (progress->mode == TOLKA_PROGRESS_JSON)
        write_json("summary", NULL, counts);
    else if (progress->mode == TOLKA_PROGRESS_LOG)
        log_counts("summary", counts);
    else if (progress->mode != TOLKA_PROGRESS_NONE)
        print_summary(progress, counts);
    fflush(stdout);
}
