#include "ingest/watch.h"

#include "ingest/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file must not have changed for so long; files of one batch come close together, so one look serves many.
 */
enum { SETTLE_MS = 1500, EVENT_BYTES = 65536 };

/* Closing after writing and moving in say that a file is there; creating says that a folder, or a file by a
 * link, is. */
enum { EVENTS = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR };

struct settling {
    char *path;
    int64_t since_ms, size, modified_ns;
};

struct tolka_watch {
    int fd;
    char **folders; /* by watch descriptor; owned */
    size_t folder_capacity;
    struct settling *files;
    size_t file_count, file_capacity;
    char **new_folders;
    size_t new_count, new_capacity;
    bool lost;
};

enum tolka_status tolka_watch_new(struct tolka_watch **out, struct tolka_error *err)
{
    struct tolka_watch *watch = calloc(1, sizeof *watch);

    *out = NULL;
    if (!watch)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->fd < 0) {
        free(watch);
        return tolka_error_set(err, TOLKA_ERR_IO, "folders cannot be watched: %s", strerror(errno));
    }
    *out = watch;
    return TOLKA_OK;
}

int tolka_watch_fd(const struct tolka_watch *watch)
{
    return watch->fd;
}

/* Makes room for element `at` of an array; the new part is zeroed. */
static bool grow(void *items, size_t *capacity, size_t at, size_t size)
{
    char **array = items;
    size_t larger = *capacity ? *capacity : 16;
    char *data;

    if (at < *capacity)
        return true;
    while (larger <= at)
        larger *= 2;
    data = realloc(*array, larger * size);
    if (!data)
        return false;
    memset(data + *capacity * size, 0, (larger - *capacity) * size);
    *array = data;
    *capacity = larger;
    return true;
}

enum tolka_status tolka_watch_add(struct tolka_watch *watch, const char *folder, struct tolka_error *err)
{
    const int number = inotify_add_watch(watch->fd, folder, EVENTS);
    char *copy;

    if (number < 0 && (errno == ENOSPC || errno == ENOMEM))
        return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be watched: raise fs.inotify.max_user_watches",
                               folder);
    if (number < 0)
        return TOLKA_OK; /* gone again, or unreadable: the walk says so */
    copy = strdup(folder);
    if (!copy || !grow(&watch->folders, &watch->folder_capacity, (size_t)number, sizeof *watch->folders)) {
        free(copy);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    free(watch->folders[number]);
    watch->folders[number] = copy;
    return TOLKA_OK;
}

/*
 * A read lease is only given where nobody has the file open for writing (fcntl(2)); where it may not be asked
 * for, nobody is assumed to. Should a writer come in that moment, we are told by a signal that means nothing.
 */
static bool is_being_written(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool busy = false;

    if (fd < 0)
        return false;
    fcntl(fd, F_SETSIG, SIGURG);
    if (fcntl(fd, F_SETLEASE, F_RDLCK))
        busy = errno == EAGAIN;
    else
        fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return busy;
}

/* Looks at a file and begins to wait anew if it changed. False when it is no file any more. */
static bool look(struct settling *file)
{
    struct stat info;
    int64_t modified;

    if (stat(file->path, &info) || !S_ISREG(info.st_mode))
        return false;
    modified = tolka_modified_ns(&info);
    if (info.st_size != file->size || modified != file->modified_ns || is_being_written(file->path))
        file->since_ms = tolka_now_ms();
    file->size = info.st_size;
    file->modified_ns = modified;
    return true;
}

enum tolka_status tolka_watch_hold(struct tolka_watch *watch, const char *path, struct tolka_error *err)
{
    struct settling file = {.size = -1};

    for (size_t i = 0; i < watch->file_count; i++) {
        if (strcmp(watch->files[i].path, path) == 0) {
            watch->files[i].size = -1; /* begin again */
            return TOLKA_OK;
        }
    }
    file.path = strdup(path);
    if (!file.path || !grow(&watch->files, &watch->file_capacity, watch->file_count, sizeof file)) {
        free(file.path);
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    }
    if (look(&file))
        watch->files[watch->file_count++] = file;
    else
        free(file.path);
    return TOLKA_OK;
}

static void add_new_folder(struct tolka_watch *watch, const char *path)
{
    char *copy = strdup(path);

    if (copy && grow(&watch->new_folders, &watch->new_capacity, watch->new_count, sizeof copy)) {
        watch->new_folders[watch->new_count++] = copy;
        return;
    }
    free(copy);
    watch->lost = true;
}

static void take_event(struct tolka_watch *watch, const struct inotify_event *event)
{
    char path[PATH_MAX];
    const size_t number = event->wd < 0 ? SIZE_MAX : (size_t)event->wd;
    const char *folder = number < watch->folder_capacity ? watch->folders[number] : NULL;
    int length;

    if (event->mask & IN_Q_OVERFLOW)
        watch->lost = true;
    if (event->mask & IN_IGNORED && folder) {
        free(watch->folders[number]);
        watch->folders[number] = NULL;
    }
    if (!folder || !event->len || event->mask & IN_IGNORED || event->name[0] == '.')
        return;
    length = snprintf(path, sizeof path, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/",
                      event->name);
    if (length < 0 || (size_t)length >= sizeof path)
        return;
    if (event->mask & IN_ISDIR)
        add_new_folder(watch, path);
    else if (tolka_watch_hold(watch, path, NULL))
        watch->lost = true;
}

static void take_events(struct tolka_watch *watch)
{
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    ssize_t n;

    while ((n = read(watch->fd, bytes, sizeof bytes)) > 0) {
        for (const char *at = bytes; at < bytes + n;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            take_event(watch, event);
            at += sizeof *event + event->len;
        }
    }
}

/* The path of a file that has settled; NULL when none has. `*wait_ms` is when the next may have. */
static char *take_settled(struct tolka_watch *watch, int *wait_ms)
{
    const int64_t now = tolka_now_ms();
    int64_t soonest = -1;

    for (size_t i = 0; i < watch->file_count;) {
        struct settling *file = &watch->files[i];
        const bool is_there = now - file->since_ms < SETTLE_MS || look(file);
        const int64_t left = file->since_ms + SETTLE_MS - now;
        if (!is_there || left <= 0) {
            char *path = file->path;
            *file = watch->files[--watch->file_count];
            if (is_there)
                return path;
            free(path);
            continue;
        }
        if (soonest < 0 || left < soonest)
            soonest = left;
        i++;
    }
    *wait_ms = (int)soonest;
    return NULL;
}

enum tolka_watch_news tolka_watch_next(struct tolka_watch *watch, char **path, int *wait_ms)
{
    int wait = -1;

    *path = NULL;
    take_events(watch);
    if (watch->lost) {
        watch->lost = false;
        return TOLKA_WATCH_LOST;
    }
    if (watch->new_count) {
        *path = watch->new_folders[--watch->new_count];
        return TOLKA_WATCH_FOLDER;
    }
    *path = take_settled(watch, &wait);
    if (wait_ms)
        *wait_ms = wait;
    return *path ? TOLKA_WATCH_FILE : TOLKA_WATCH_NOTHING;
}

void tolka_watch_free(struct tolka_watch *watch)
{
    if (!watch)
        return;
    close(watch->fd);
    for (size_t i = 0; i < watch->folder_capacity; i++)
        free(watch->folders[i]);
    for (size_t i = 0; i < watch->file_count; i++)
        free(watch->files[i].path);
    for (size_t i = 0; i < watch->new_count; i++)
        free(watch->new_folders[i]);
    free(watch->folders);
    free(watch->files);
    free(watch->new_folders);
    free(watch);
}
