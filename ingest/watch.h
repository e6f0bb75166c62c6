/*
 * Watching folders for files that have arrived whole (inotify). A file counts as arrived when its writer
 * closed it, or it was moved in, and it has not changed for a moment. ingest/ only.
 */
#ifndef TOLKA_INGEST_WATCH_H
#define TOLKA_INGEST_WATCH_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct tolka_watch;

/* Error IO: the system gives no more watchers. `*out` is the caller's to free. */
enum tolka_status tolka_watch_new(struct tolka_watch **out, struct tolka_error *err);

/* To be polled for POLLIN. */
int tolka_watch_fd(const struct tolka_watch *watch);

/* Watches a folder (not what is beneath it). Error IO: the limit on watchers is reached. */
enum tolka_status tolka_watch_add(struct tolka_watch *watch, const char *folder, struct tolka_error *err);

/* A file that is perhaps still being written: it waits with the others. Error MEMORY. */
enum tolka_status tolka_watch_hold(struct tolka_watch *watch, const char *path, struct tolka_error *err);

enum tolka_watch_news { TOLKA_WATCH_NOTHING, TOLKA_WATCH_FILE, TOLKA_WATCH_FOLDER, TOLKA_WATCH_LOST };

/*
 * Takes up what has happened, and gives one piece of news: a file that is whole, a new folder to walk, or
 * LOST (events were dropped: all must be walked again). `*path` is the caller's to free. To be called until
 * NOTHING; `*wait_ms` (NULL allowed) is then when to come again, -1: when there are events.
 */
enum tolka_watch_news tolka_watch_next(struct tolka_watch *watch, char **path, int *wait_ms);

void tolka_watch_free(struct tolka_watch *watch);

#endif
