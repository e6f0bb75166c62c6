/*
 * A worker process: shut in, it opens the files that it is handed, reads pages of them and makes reports of
 * pages, one order at a time. The crew (crew.h) is its master. ingest/ only.
 */
#ifndef TOLKA_INGEST_WORKER_H
#define TOLKA_INGEST_WORKER_H

#include "ingest/report.h"
#include "schema/pipeline.h"

#include <stdint.h>
#include <sys/types.h>

enum tolka_order_kind {
    TOLKA_ORDER_OPEN = 1, /* with a descriptor: the file that PAGE orders speak of from now on */
    TOLKA_ORDER_PAGE,     /* number = the page */
    TOLKA_ORDER_REPORT,   /* with a descriptor: a parcel (report.h) */
};

/* An order is one message on a SOCK_SEQPACKET socket: this head, then the file's name without a NUL, and its
 * descriptor beside it. */
struct tolka_order {
    uint32_t kind;
    int32_t number;
};

enum { TOLKA_ORDER_NAME_MAX = 8192 };

/* What a worker answers with on its pipe; `length` bytes follow. All fields in the machine's own byte order:
 * both ends are one program. */
enum tolka_reply_kind {
    TOLKA_REPLY_OPENED = 1, /* number = pages of the file; detail = 1 when it was damaged */
    TOLKA_REPLY_PAGE,       /* number = the page; its packed bytes follow */
    TOLKA_REPLY_REPORT,     /* the finished report follows (report.h) */
    TOLKA_REPLY_FAILED,     /* number = the page, 0 for the file or report; detail = the status; the message
                               follows */
};

struct tolka_reply {
    uint32_t kind;
    int32_t number;
    int32_t detail;
    uint32_t length;
};

struct tolka_worker_task {
    struct tolka_pipeline pipeline; /* its `stage` lies in memory that the master sees */
    int orders_fd, replies_fd;
};

/* Runs until `master` closes the orders or is gone. Never returns: call in a forked child. */
_Noreturn void tolka_worker_run(const struct tolka_worker_task *task, pid_t master);

#endif
