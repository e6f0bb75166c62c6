/*
 * An organisation's figures over the years. Of each item and end of period one figure is shown: that of the
 * report of that very period before those which later reports compare with, of the statements before notes
 * and follow-ups, and the surer before the less sure. Amounts in thousands and millions are made one.
 */
#include "serve/view.h"

#include "base/arena.h"
#include "serve/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many of the latest reports are looked into, for so many figures; so many items are drawn. */
enum { MAX_REPORTS = 40, MAX_FIGURES = 12000, MAX_CHARTS = 40 };

enum measure { MEASURE_MONEY, MEASURE_PERCENT, MEASURE_OTHER };

struct point {
    const char *item, *label, *kind; /* in the arena */
    char period_to[11];
    double value;
    enum measure measure;
    int rank; /* which figure of a period is shown: the lowest */
    int kind_rank;
    bool doubtful;
    const char *status;
    int64_t report;
    int sheet, row, column;
};

struct points {
    struct tolka_view *view;
    struct tolka_arena arena;
    struct point *items;
    size_t count, capacity;
};

static int place_in(const char *word, const char *const *words, int fallback)
{
    for (int i = 0; words[i]; i++) {
        if (word && strcmp(word, words[i]) == 0)
            return i;
    }
    return fallback;
}

static int rank_kind(const char *kind)
{
    static const char *const KINDS[] = {"income_statement", "balance_sheet", "cash_flow", "multi_year", NULL};

    return place_in(kind, KINDS, 4);
}

/* A plan, a difference or a reference is no figure of the year. */
static bool is_other_column(const char *role)
{
    static const char *const ROLES[] = {"budget", "deviation", "note", "forecast", "percent", NULL};

    return place_in(role, ROLES, -1) >= 0;
}

static int rank_status(const char *status)
{
    static const char *const STATUSES[] = {"corrected", "confirmed", "read", "repaired", NULL};

    return place_in(status, STATUSES, 4);
}

static double measure_value(const struct tolka_browse_figure *figure, enum measure *measure)
{
    static const char *const UNITS[] = {"SEK", "kSEK", "MSEK", "percent", NULL};
    static const double FACTORS[] = {1, 1e3, 1e6, 1, 1};
    const int unit = place_in(figure->unit, UNITS, 4);

    *measure = unit < 3 ? MEASURE_MONEY : unit == 3 ? MEASURE_PERCENT : MEASURE_OTHER;
    return (double)figure->value.mantissa / pow(10, figure->value.scale) * FACTORS[unit];
}

static bool make_room(struct points *points)
{
    const size_t capacity = points->capacity ? points->capacity * 2 : 256;
    struct point *larger;

    if (points->count < points->capacity)
        return true;
    larger = realloc(points->items, capacity * sizeof *larger);
    if (!larger)
        return false;
    points->items = larger;
    points->capacity = capacity;
    return true;
}

static bool take_figure(const struct tolka_browse_figure *figure, void *data)
{
    struct points *points = data;
    struct point point = {.report = figure->report, .sheet = figure->sheet, .row = figure->row};

    if (!figure->item || !figure->period_to || strlen(figure->period_to) != 10 ||
        is_other_column(figure->role))
        return true;
    memcpy(point.period_to, figure->period_to, sizeof point.period_to);
    point.column = figure->column_number;
    point.item = tolka_arena_strdup(&points->arena, figure->item);
    point.label = tolka_arena_strdup(&points->arena, figure->label);
    point.kind = tolka_arena_strdup(&points->arena, figure->kind);
    point.status = tolka_arena_strdup(&points->arena, figure->status);
    point.value = measure_value(figure, &point.measure);
    point.doubtful = strcmp(figure->status, "doubtful") == 0;
    point.kind_rank = rank_kind(figure->kind);
    point.rank = (figure->report_to && strcmp(figure->report_to, figure->period_to) == 0 ? 0 : 100) +
                 point.kind_rank * 10 + rank_status(figure->status);
    if (!point.item || !point.label || !point.kind || !point.status || !make_room(points)) {
        tolka_error_set(points->view->err, TOLKA_ERR_MEMORY, "out of memory");
        return false;
    }
    points->items[points->count++] = point;
    return true;
}

static int by_series(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int order = strcmp(x->item, y->item);

    if (!order)
        order = (int)x->measure - (int)y->measure;
    if (!order)
        order = strcmp(x->period_to, y->period_to);
    if (!order)
        order = x->rank - y->rank;
    if (!order)
        order = (x->report > y->report) - (x->report < y->report);
    if (!order)
        order = x->sheet != y->sheet ? x->sheet - y->sheet : x->row - y->row;
    return order ? order : x->column - y->column;
}

static bool is_same_series(const struct point *a, const struct point *b)
{
    return a->measure == b->measure && strcmp(a->item, b->item) == 0;
}

/* Leaves the best figure of each item and period. */
static void choose(struct points *points)
{
    size_t kept = 0;

    if (points->count)
        qsort(points->items, points->count, sizeof *points->items, by_series);
    for (size_t i = 0; i < points->count; i++) {
        const struct point *last = kept ? &points->items[kept - 1] : NULL;
        if (!last || !is_same_series(last, &points->items[i]) ||
            strcmp(last->period_to, points->items[i].period_to) != 0)
            points->items[kept++] = points->items[i];
    }
    points->count = kept;
}

/* A run of points of one item. */
struct series {
    const struct point *points;
    int count, kind_rank;
};

static int by_importance(const void *a, const void *b)
{
    const struct series *x = a, *y = b;

    if (x->kind_rank != y->kind_rank)
        return x->kind_rank - y->kind_rank;
    if (x->count != y->count)
        return y->count - x->count;
    return strcmp(x->points->item, y->points->item);
}

/* The middle of the year for its end, a part of it for a report within it. */
static double year_of(const char *period_to)
{
    const int year = atoi(period_to), month = atoi(period_to + 5);

    return month >= 12 || month < 1 ? year + 0.5 : year + (month - 6) / 12.0;
}

static void write_number(const struct tolka_view *view, const struct point *point, struct tolka_strbuf *out)
{
    tolka_chart_number(out, view->language, point->value, point->measure == MEASURE_MONEY ? 0 : 1);
    if (point->measure != MEASURE_OTHER)
        tolka_strbuf_add_str(out, point->measure == MEASURE_MONEY ? " kr" : " %");
}

static void add_chart(struct tolka_view *view, const struct series *series)
{
    struct tolka_chart_point points[TOLKA_CHART_POINTS];
    char links[TOLKA_CHART_POINTS][96];
    struct tolka_strbuf names[TOLKA_CHART_POINTS] = {0};
    const struct point *last = &series->points[series->count - 1];
    const int count = series->count < TOLKA_CHART_POINTS ? series->count : TOLKA_CHART_POINTS;

    tolka_html(view->out, "<section><h3>%s</h3><p class=\"of\">%s · %s</p>\n", last->label,
               tolka_text_kind(view->language, last->kind), last->item);
    for (int i = 0; i < count; i++) {
        const struct point *point = &series->points[series->count - count + i];
        tolka_view_cell_link(view, point->report, point->sheet, point->row, point->column, links[i],
                             sizeof *links);
        tolka_strbuf_addf(&names[i], "%s: ", point->period_to);
        write_number(view, point, &names[i]);
        points[i] = (struct tolka_chart_point){year_of(point->period_to), point->value, links[i],
                                               tolka_strbuf_text(&names[i]), point->doubtful};
    }
    tolka_chart(view->out, view->language, last->label, points, count);
    tolka_html(view->out,
               "<details><summary>%s</summary><table class=\"list\"><thead><tr><th scope=\"col\">%s</th>"
               "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
               T(view, FACTS), T(view, YEAR), T(view, VALUE), T(view, STATUS));
    for (int i = 0; i < count; i++) {
        const struct point *point = &series->points[series->count - count + i];
        tolka_html(view->out, "<tr><td>%s</td><td class=\"n\"><a href=\"%s\">%s</a></td><td>%s</td></tr>",
                   point->period_to, links[i], tolka_strbuf_text(&names[i]) + strlen(point->period_to) + 2,
                   tolka_text_status(view->language, point->status));
        tolka_strbuf_release(&names[i]);
    }
    tolka_html(view->out, "</tbody></table></details></section>\n");
}

static void add_charts(struct points *points)
{
    struct series *all = calloc(points->count ? points->count : 1, sizeof *all);
    int count = 0;

    if (!all) {
        tolka_error_set(points->view->err, TOLKA_ERR_MEMORY, "out of memory");
        return;
    }
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->items[i];
        if (!count || !is_same_series(all[count - 1].points, point))
            all[count++] = (struct series){point, 0, point->kind_rank};
        all[count - 1].count++;
        if (point->kind_rank < all[count - 1].kind_rank)
            all[count - 1].kind_rank = point->kind_rank;
    }
    if (count)
        qsort(all, (size_t)count, sizeof *all, by_importance);
    for (int i = 0; i < count && i < MAX_CHARTS; i++)
        add_chart(points->view, &all[i]);
    free(all);
}

/* ---- Its reports ---- */

struct reports {
    struct tolka_view *view;
    int count;
    char last[16]; /* the end of the last one's period, "" without */
    int64_t last_report;
};

static bool take_report(const struct tolka_store_report *report, void *data)
{
    struct reports *reports = data;
    struct tolka_view *view = reports->view;

    if (!reports->count++) {
        tolka_view_begin(view, report->organisation ? report->organisation : T(view, ORGANISATION));
        tolka_html(view->out, "<p>%s</p><details><summary>%s</summary><ul>\n", report->orgnr,
                   T(view, REPORTS));
    }
    tolka_html(view->out, "<li><a href=\"%sreport/%D\">%s</a> %s</li>\n", view->base, report->report,
               report->title ? report->title : report->path, report->period_to);
    snprintf(reports->last, sizeof reports->last, "%s", report->period_to ? report->period_to : "");
    reports->last_report = report->report;
    return true;
}

int tolka_serve_organisation(struct tolka_view *view)
{
    struct points points = {.view = view};
    struct reports reports = {.view = view};
    const char *key = tolka_request_value(view->request, "key");
    const char *before = tolka_request_value(view->request, "before");
    const int64_t report = tolka_request_number(view->request, "r", 0, INT64_MAX, 0);

    before = before ? before : "9999";
    if (!key)
        return 404;
    if (tolka_browse_reports_of(view->store, key, before, report, MAX_REPORTS, take_report, &reports,
                                view->err))
        return 500;
    if (!reports.count)
        return 404;
    tolka_html(view->out, "</ul></details><h2>%s</h2><p>%s</p>\n", T(view, FIGURES), T(view, FIGURES_HELP));
    if (!tolka_browse_figures(view->store, key, before, report, MAX_REPORTS, MAX_FIGURES, take_figure,
                              &points, view->err)) {
        choose(&points);
        add_charts(&points);
    }
    if (reports.count == MAX_REPORTS)
        tolka_html(view->out,
                   "<p><a class=\"more\" rel=\"next\" "
                   "href=\"organisation?key=%u&amp;before=%u&amp;r=%D\">%s</a></p>\n",
                   key, reports.last, reports.last_report, T(view, EARLIER));
    tolka_view_end(view);
    free(points.items);
    tolka_arena_release(&points.arena);
    return view->err->status ? 500 : 200;
}
