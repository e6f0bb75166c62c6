/*
 * A walk over files and folders, in a fixed order: what was named in the order given, each folder's entries
 * by their bytes, depth first and without recursion. A folder is entered once, by whatever links it is
 * reached. ingest/ and cli/ only.
 */
#ifndef TOLKA_INGEST_WALK_H
#define TOLKA_INGEST_WALK_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum tolka_walk_kind {
    TOLKA_WALK_FILE, /* to be taken: named by the user, or of a known kind by its first bytes or its ending */
    TOLKA_WALK_OTHER,   /* in a folder, and of no known kind, or hidden */
    TOLKA_WALK_FOLDER,  /* about to be entered */
    TOLKA_WALK_PROBLEM, /* cannot be looked at: `message` says why */
};

/* What the walk came to. Borrowed until the next step. */
struct tolka_walk_item {
    enum tolka_walk_kind kind;
    const char *path; /* as named, or the folder's path, a slash and the entry's name: any bytes */
    const char *message;
    struct stat info; /* of FILE */
};

struct tolka_walk;

/* An empty walk. NULL when out of memory. */
struct tolka_walk *tolka_walk_new(void);

/* Adds a path (copied) to be walked after all that was added before. Error MEMORY. */
enum tolka_status tolka_walk_add(struct tolka_walk *walk, const char *path, struct tolka_error *err);

/* Forgets which folders were entered, so that they can be walked again. */
void tolka_walk_forget(struct tolka_walk *walk);

/* Steps on. False at the end, or when out of memory (`err` is set then). */
bool tolka_walk_next(struct tolka_walk *walk, struct tolka_walk_item *item, struct tolka_error *err);

/* True when a file met in a folder is to be taken: it is not hidden, and of a known kind. */
bool tolka_walk_wants(const char *path);

void tolka_walk_free(struct tolka_walk *walk);

#endif
