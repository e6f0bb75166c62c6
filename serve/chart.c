/*
 * The axis of values holds 0 and has three to six steps of 1, 2 or 5 times a power of ten (Heckbert, "Nice
 * numbers for graph labels", Graphics Gems, 1990); that of years has a mark a year, or every few when they
 * are many.
 */
#include "serve/chart.h"

#include "serve/html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The picture, in its own units; the page scales it. */
enum { WIDTH = 640, HEIGHT = 240, LEFT = 76, RIGHT = 16, TOP = 30, BOTTOM = 30, YEAR_MARKS = 12, STEPS = 4 };

struct axes {
    double first, last;       /* years */
    double low, high, step;   /* values */
    double scale;             /* what marks are divided by */
    enum tolka_text scale_in; /* and its name; TOLKA_TEXT_COUNT: none */
};

/* The nice step for a range. */
static double nice_step(double range)
{
    const double raw = range / STEPS, power = pow(10, floor(log10(raw))), digit = raw / power;

    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static void choose_scale(struct axes *axes)
{
    static const struct {
        double scale;
        enum tolka_text name;
    } SCALES[] = {
        {1e9, TOLKA_TEXT_IN_BILLIONS}, {1e6, TOLKA_TEXT_IN_MILLIONS}, {1e3, TOLKA_TEXT_IN_THOUSANDS}};
    const double most = fmax(fabs(axes->low), fabs(axes->high));

    axes->scale = 1;
    axes->scale_in = TOLKA_TEXT_COUNT;
    for (size_t i = 0; i < sizeof SCALES / sizeof *SCALES; i++) {
        if (most >= SCALES[i].scale * 5) {
            axes->scale = SCALES[i].scale;
            axes->scale_in = SCALES[i].name;
            return;
        }
    }
}

static struct axes make_axes(const struct tolka_chart_point *points, int count)
{
    struct axes axes = {points[0].year, points[0].year, 0, 0, 1, 1, TOLKA_TEXT_COUNT};

    for (int i = 0; i < count; i++) {
        axes.first = fmin(axes.first, points[i].year);
        axes.last = fmax(axes.last, points[i].year);
        axes.low = fmin(axes.low, points[i].value);
        axes.high = fmax(axes.high, points[i].value);
    }
    if (axes.high - axes.low > 0)
        axes.step = nice_step(axes.high - axes.low);
    axes.low = floor(axes.low / axes.step) * axes.step;
    axes.high = ceil(axes.high / axes.step) * axes.step;
    if (axes.high - axes.low < axes.step)
        axes.high = axes.low + axes.step;
    if (axes.last - axes.first < 1) {
        axes.first -= 0.5;
        axes.last += 0.5;
    }
    choose_scale(&axes);
    return axes;
}

static int x_of(const struct axes *axes, double year)
{
    return (int)lround(LEFT + 12 +
                       (year - axes->first) / (axes->last - axes->first) * (WIDTH - LEFT - RIGHT - 24));
}

static int y_of(const struct axes *axes, double value)
{
    return (int)lround(HEIGHT - BOTTOM -
                       (value - axes->low) / (axes->high - axes->low) * (HEIGHT - TOP - BOTTOM));
}

void tolka_chart_number(struct tolka_strbuf *out, enum tolka_language language, double number, int decimals)
{
    char text[64];
    const char *point;
    size_t whole;

    if (!(fabs(number) < 1e18)) { /* no figure of a report; not a number either */
        tolka_strbuf_add_str(out, "?");
        return;
    }
    snprintf(text, sizeof text, "%.*f", decimals, fabs(number));
    point = strpbrk(text, ".,");
    whole = point ? (size_t)(point - text) : strlen(text);
    if (number < 0 && strspn(text, "0.,") != strlen(text))
        tolka_strbuf_add_str(out, "\xE2\x88\x92"); /* a minus sign */
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            tolka_strbuf_add_str(out, language == TOLKA_SWEDISH ? "\xC2\xA0" : ",");
        tolka_strbuf_add_char(out, text[i]);
    }
    if (point) {
        tolka_strbuf_add_char(out, language == TOLKA_SWEDISH ? ',' : '.');
        tolka_strbuf_add_str(out, point + 1);
    }
}

static void add_value_axis(struct tolka_strbuf *out, enum tolka_language language, const struct axes *axes)
{
    const int decimals = axes->step / axes->scale >= 1 ? 0 : axes->step / axes->scale >= 0.1 ? 1 : 2;
    const int steps = (int)lround((axes->high - axes->low) / axes->step);

    for (int i = 0; i <= steps; i++) {
        const double value = axes->low + i * axes->step;
        const int y = y_of(axes, value);
        tolka_html(out,
                   "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/><text x=\"%d\" y=\"%d\" "
                   "class=\"v\">",
                   fabs(value) < axes->step / 2 ? "zero" : "grid", LEFT, y, WIDTH - RIGHT, y, LEFT - 6,
                   y + 4);
        tolka_chart_number(out, language, value / axes->scale, decimals);
        tolka_html(out, "</text>");
    }
}

static void add_year_axis(struct tolka_strbuf *out, const struct axes *axes)
{
    const int first = (int)floor(axes->first), last = (int)floor(axes->last);
    const int every = (last - first) / YEAR_MARKS + 1;

    for (int year = first; year <= last; year += every) {
        const double at = year + 0.5;
        if (at >= axes->first - 0.51 && at <= axes->last + 0.51)
            tolka_html(out, "<text x=\"%d\" y=\"%d\" class=\"y\">%d</text>", x_of(axes, at), HEIGHT - 8,
                       year);
    }
}

void tolka_chart(struct tolka_strbuf *out, enum tolka_language language, const char *name,
                 const struct tolka_chart_point *points, int count)
{
    struct axes axes;

    if (count < 1 || count > TOLKA_CHART_POINTS)
        return;
    axes = make_axes(points, count);
    tolka_html(out, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"group\" aria-label=\"%s\">", WIDTH,
               HEIGHT, name);
    add_value_axis(out, language, &axes);
    add_year_axis(out, &axes);
    if (axes.scale_in != TOLKA_TEXT_COUNT)
        tolka_html(out, "<text x=\"4\" y=\"14\" class=\"unit\">%s</text>",
                   tolka_text(language, axes.scale_in));
    tolka_html(out, "<polyline points=\"");
    for (int i = 0; i < count; i++)
        tolka_html(out, "%d,%d ", x_of(&axes, points[i].year), y_of(&axes, points[i].value));
    tolka_html(out, "\"/>");
    for (int i = 0; i < count; i++)
        tolka_html(out,
                   "<a href=\"%s\" aria-label=\"%s\"><circle class=\"%s\" cx=\"%d\" cy=\"%d\" "
                   "r=\"6\"><title>%s</title></circle></a>",
                   points[i].link, points[i].name, points[i].doubtful ? "doubtful" : "sure",
                   x_of(&axes, points[i].year), y_of(&axes, points[i].value), points[i].name);
    tolka_html(out, "</svg>\n");
}
