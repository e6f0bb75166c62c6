/* A worker process: opens one file and reads the pages that it is told to. ingest/ only. */
#ifndef TOLKA_INGEST_WORKER_H
#define TOLKA_INGEST_WORKER_H

#include "schema/pipeline.h"

#include <stdint.h>

/* What a worker answers with; `length` bytes follow. All fields in the machine's own byte order: both ends are one program. */
enum tolka_reply_kind {
    TOLKA_REPLY_OPENED = 1, /* number = pages of the file; detail = 1 when it was damaged */
    TOLKA_REPLY_PAGE,       /* number = the page; its packed bytes follow */
    TOLKA_REPLY_FAILED,     /* number = the page, 0 for the file; detail = the status; the message follows */
};

struct tolka_reply {
    uint32_t kind;
    int32_t number;
    int32_t detail;
    uint32_t length;
};

/* Pages to read come in as int32_t numbers, 0 ends the worker. */
struct tolka_worker_task {
    const struct tolka_pipeline *pipeline;
    const char *path;
    int input_fd;  /* when not negative, what stands for standard input ("-") */
    int orders_fd; /* int32_t page numbers in */
    int replies_fd;
};

/* Runs until told to end or its master is gone. Never returns: call in a forked child. */
_Noreturn void tolka_worker_run(const struct tolka_worker_task *task);

#endif
