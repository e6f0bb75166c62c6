/* A line of figures over the years as a picture (SVG) in a page; each point leads somewhere. serve/ only. */
#ifndef TOLKA_SERVE_CHART_H
#define TOLKA_SERVE_CHART_H

#include "base/strbuf.h"
#include "serve/texts.h"

#include <stdbool.h>

struct tolka_chart_point {
    double year; /* 2023.5: the middle of 2023 */
    double value;
    const char *link; /* an address of ours, relative to the page */
    const char *name; /* what a person is told of the point */
    bool doubtful;    /* drawn hollow */
};

enum { TOLKA_CHART_POINTS = 200 };

/* Appends the picture of `count` (1..TOLKA_CHART_POINTS) points in the order of years; `name` says what it
 * shows. */
void tolka_chart(struct tolka_strbuf *out, enum tolka_language language, const char *name,
                 const struct tolka_chart_point *points, int count);

/* Appends a number as people write it: groups of three, at most `decimals` decimals, the language's comma. */
void tolka_chart_number(struct tolka_strbuf *out, enum tolka_language language, double number, int decimals);

#endif
