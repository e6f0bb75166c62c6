/* Small things that the files of the ingest ask of the system. ingest/ only. */
#ifndef TOLKA_INGEST_SYSTEM_H
#define TOLKA_INGEST_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stat;

/* A clock that is never set and stands still while the machine sleeps. */
int64_t tolka_now_ms(void);

/* When the file was last changed, since 1970. */
int64_t tolka_modified_ns(const struct stat *info);

/* Writes all of it, through interrupts and short writes; false when it cannot be. */
bool tolka_write_all(int fd, const void *bytes, size_t length);

/* Standard input and output become the null device, and standard error too in a process that is shut in:
 * libraries talk of damaged pictures there, to nobody. Else someone wants to see a sanitizer's or valgrind's
 * report. */
void tolka_fall_silent(void);

/* What the system says of a process. */
struct tolka_process_state {
    char state;      /* R, S, D, T, Z, ...: proc_pid_stat(5) */
    int64_t started; /* in clock ticks since boot: tells a process from a later one with its number */
};

/* False when there is no such process, or it may not be looked at. */
bool tolka_process_look(int64_t pid, struct tolka_process_state *out);

#endif
