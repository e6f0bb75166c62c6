/*
 * The cage of a worker: what a process that parses hostile files may still do. It can compute, read what it
 * was handed, read the recogniser's language data, and write to its pipe; nothing else. ingest/ only.
 */
#ifndef TOLKA_INGEST_SANDBOX_H
#define TOLKA_INGEST_SANDBOX_H

#include "base/error.h"

#include <stdbool.h>

/*
 * Shuts the calling process in for good: limits on memory and open files, no file of its own making, no core
 * dump, no new rights; a system call filter without network, exec, fork and opening for writing; where the
 * kernel has Landlock, no reading but of language data. A refused call fails with EPERM or EACCES. Error
 * LIBRARY: the kernel has no such filter, and the process must not go on.
 *
 * Does nothing but the limits in sanitizer builds, whose runtime needs more, and under TOLKA_SANDBOX=off in
 * the environment (valgrind).
 */
enum tolka_status tolka_sandbox_enter(struct tolka_error *err);

/* True when tolka_sandbox_enter() will shut the process in. */
bool tolka_sandbox_is_on(void);

/* The most memory that a worker may reserve, in bytes. */
long long tolka_sandbox_memory_bytes(void);

#endif
