/* What a person, or a program, sees of an ingest. cli/ only. */
#ifndef TOLKA_CLI_INGEST_PROGRESS_H
#define TOLKA_CLI_INGEST_PROGRESS_H

#include "ingest/ingest.h"

#include <stdbool.h>

enum tolka_progress_mode {
    TOLKA_PROGRESS_AUTO,  /* a bar on a terminal, else plain lines */
    TOLKA_PROGRESS_BAR,   /* one line on standard error that is written over */
    TOLKA_PROGRESS_PLAIN, /* a line on standard error now and then */
    TOLKA_PROGRESS_JSON,  /* an object a line on standard output for each event */
    TOLKA_PROGRESS_NONE,
    TOLKA_PROGRESS_LOG, /* in the log, where there is one, in place of AUTO, BAR and PLAIN */
};

/* Their words on a command line; NULL ends them. */
extern const char *const TOLKA_PROGRESS_WORDS[];

enum { TOLKA_PROGRESS_CODES = 64 };

struct tolka_progress {
    enum tolka_progress_mode mode;
    bool drawn;     /* the bar stands on the terminal */
    double shown_s; /* when the counts were last shown */
    int64_t shown_pages;
    double rate; /* pages a second, smoothed */
    struct {
        char code[32];
        int64_t count;
    } problems[TOLKA_PROGRESS_CODES]; /* by kind */
};

/* Ready to show; the mode becomes what fits. */
void tolka_progress_begin(struct tolka_progress *progress, enum tolka_progress_mode mode);

/* Shows an event. */
void tolka_progress_event(struct tolka_progress *progress, const struct tolka_ingest_event *event);

/* Takes the bar away, so that a line can be printed. */
void tolka_progress_clear(struct tolka_progress *progress);

/* The summary at the end. */
void tolka_progress_end(struct tolka_progress *progress, const struct tolka_ingest_counts *counts);

#endif
