#include "ingest/shelf.h"

#include "ingest/input.h"
#include "ingest/store_share.h"
#include "ingest/system.h"
#include "schema/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many stay open although nobody reads them. */
enum { IDLE_MAX = 16 };

static void drop(struct tolka_shelf_file *file)
{
    close(file->fd);
    *file = (struct tolka_shelf_file){0};
}

static struct tolka_shelf_file *find(struct tolka_shelf *shelf, int64_t report)
{
    for (int i = 0; i < TOLKA_SHELF_MAX; i++) {
        if (shelf->files[i].report == report)
            return &shelf->files[i];
    }
    return NULL;
}

/* A free place; the file that was idle longest makes room when too many are. */
static struct tolka_shelf_file *make_place(struct tolka_shelf *shelf)
{
    struct tolka_shelf_file *oldest = NULL;
    int idle = 0;

    for (int i = 0; i < TOLKA_SHELF_MAX; i++) {
        struct tolka_shelf_file *file = &shelf->files[i];
        if (!file->report || file->users)
            continue;
        idle++;
        if (!oldest || file->used < oldest->used)
            oldest = file;
    }
    if (idle >= IDLE_MAX)
        drop(oldest);
    return find(shelf, 0);
}

/* The content is what was hashed, if its size and time of change are those of then; else it is hashed again.
 */
static enum tolka_shelf_answer compare(struct tolka_store *store, const struct tolka_work *work,
                                       const struct stat *info, struct tolka_error *err)
{
    char sha256[65];

    if (info->st_size != work->bytes)
        return TOLKA_SHELF_CHANGED;
    if (tolka_store_known_sha256(store, work->path, info->st_size, tolka_modified_ns(info), sha256, err))
        return TOLKA_SHELF_FAILED;
    if (strcmp(sha256, work->sha256) == 0)
        return TOLKA_SHELF_OK;
    if (tolka_sha256_file(work->path, sha256, NULL, err))
        return TOLKA_SHELF_GONE;
    return strcmp(sha256, work->sha256) == 0 ? TOLKA_SHELF_OK : TOLKA_SHELF_CHANGED;
}

/* A file that this machine does not see, from the store; -1 when it is not there either. */
static int fetch(struct tolka_store *store, const struct tolka_work *work, struct tolka_error *err)
{
    const char *folder = getenv("TMPDIR");
    char name[64], sha256[65] = "";
    bool found = false;
    int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0) {
        tolka_error_set(err, TOLKA_ERR_IO, "no place for a file from the store: %s", strerror(errno));
        return -1;
    }
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if (!tolka_store_download(store, work->sha256, fd, &found, err) && found &&
        !tolka_sha256_file(name, sha256, NULL, err) && strcmp(sha256, work->sha256) == 0)
        return fd;
    close(fd);
    return -1;
}

enum tolka_shelf_answer tolka_shelf_take(struct tolka_shelf *shelf, struct tolka_store *store,
                                         const struct tolka_work *work, int *fd, struct tolka_error *err)
{
    struct tolka_shelf_file *file = find(shelf, work->report);
    enum tolka_shelf_answer answer;
    struct stat info;

    if (!file) {
        int opened = tolka_input_open_plain(work->path, err);
        const bool remote = opened < 0 && tolka_store_is_shared(store);
        if (remote)
            opened = fetch(store, work, NULL);
        if (opened < 0)
            return tolka_store_is_lost(store) ? TOLKA_SHELF_FAILED : TOLKA_SHELF_GONE;
        if (remote)
            tolka_error_clear(err);
        answer = fstat(opened, &info) ? TOLKA_SHELF_GONE
                 : remote             ? TOLKA_SHELF_OK
                                      : compare(store, work, &info, err);
        file = answer == TOLKA_SHELF_OK ? make_place(shelf) : NULL;
        if (!file) {
            close(opened);
            return answer == TOLKA_SHELF_OK ? TOLKA_SHELF_GONE : answer;
        }
        *file = (struct tolka_shelf_file){work->report, opened, 0, info.st_size, tolka_modified_ns(&info), 0};
    }
    file->users++;
    file->used = ++shelf->uses;
    *fd = file->fd;
    return TOLKA_SHELF_OK;
}

bool tolka_shelf_put(struct tolka_shelf *shelf, int64_t report)
{
    struct tolka_shelf_file *file = find(shelf, report);
    struct stat info;
    bool same;

    if (!file)
        return false;
    same = fstat(file->fd, &info) == 0 && info.st_size == file->bytes &&
           tolka_modified_ns(&info) == file->modified_ns;
    file->users -= file->users > 0;
    if (!same && !file->users)
        drop(file);
    return same;
}

void tolka_shelf_clear(struct tolka_shelf *shelf)
{
    for (int i = 0; i < TOLKA_SHELF_MAX; i++) {
        if (shelf->files[i].report)
            drop(&shelf->files[i]);
    }
}
