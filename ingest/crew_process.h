/* One worker process seen from its master: starting, ordering, weighing, ending. crew.c only. */
#ifndef TOLKA_INGEST_CREW_PROCESS_H
#define TOLKA_INGEST_CREW_PROCESS_H

#include "base/error.h"
#include "ingest/worker.h"

#include <stdbool.h>
#include <sys/types.h>

struct tolka_process {
    pid_t pid;                     /* 0: none */
    int orders_fd, replies_fd;     /* replies do not block */
    volatile unsigned char *stage; /* shared with the worker: what it is at, by its own account */
};

/* How a worker ended. */
struct tolka_ending {
    int signal; /* 0: it exited */
    int exit_status;
    int stage;   /* enum tolka_stage, by its own account */
    bool forced; /* it was killed by this call */
};

/* Starts a worker. Error IO. */
enum tolka_status tolka_process_start(struct tolka_process *process, const struct tolka_pipeline *pipeline,
                                      struct tolka_error *err);

/* Sends an order, with `name` (NULL: none) and a descriptor (-1: none). False when it cannot be heard. */
bool tolka_process_order(const struct tolka_process *process, enum tolka_order_kind kind, int number,
                         const char *name, int fd);

/* Lets the worker use so many more seconds of processor, and a few to spare; then the kernel ends it. */
void tolka_process_allow_cpu(const struct tolka_process *process, int seconds);

/* The processor time that it has used; 0 unknown. */
int64_t tolka_process_cpu_ms(const struct tolka_process *process);

/* True when it could go on but is not let: it waits for a processor, or was stopped by a signal. */
bool tolka_process_is_held_up(const struct tolka_process *process);

/* The memory that it holds; 0 unknown. */
int tolka_process_memory_mb(const struct tolka_process *process);

/* Ends a worker, at once if `kill_it`, else by closing its orders; one that does not go is killed. Nothing
 * for an empty one. */
struct tolka_ending tolka_process_stop(struct tolka_process *process, bool kill_it);

#endif
