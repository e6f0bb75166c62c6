#include "ingest/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const off_t MAX_INPUT_BYTES = (off_t)1 << 30;

/* Copies until the end; the status that ended it. */
static enum tolka_status copy(int from, int to, const char *name, struct tolka_error *err)
{
    char chunk[65536];
    off_t total = 0;
    ssize_t n;

    while ((n = read(from, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        total += n;
        if (total > MAX_INPUT_BYTES)
            return tolka_error_set(err, TOLKA_ERR_LIMIT, "%s: larger than 1 GiB", name);
        if (write(to, chunk, (size_t)n) != n)
            return tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be kept: %s", name, strerror(errno));
    }
    return n < 0 ? tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be read: %s", name, strerror(errno))
                 : TOLKA_OK;
}

/* A copy in memory of what `from` gives until its end. */
static int copy_to_memory(int from, const char *name, struct tolka_error *err)
{
    int fd = memfd_create("tolka-input", MFD_CLOEXEC);

    if (fd < 0) {
        tolka_error_set(err, TOLKA_ERR_IO, "%s: cannot be kept: %s", name, strerror(errno));
        return -1;
    }
    if (copy(from, fd, name, err)) {
        close(fd);
        return -1;
    }
    return fd;
}

int tolka_input_copy(struct tolka_error *err)
{
    return copy_to_memory(STDIN_FILENO, "standard input", err);
}

static int fail(const char *path, const char *what, const char *reason, struct tolka_error *err)
{
    tolka_error_set(err, TOLKA_ERR_IO, "%s: %s%s", path, what, reason);
    return -1;
}

static int open_input(const char *path, bool plain, struct tolka_error *err)
{
    struct stat info;
    int fd, kept;

    if (stat(path, &info))
        return fail(path, "", errno == ENOENT ? "there is no such file" : strerror(errno), err);
    if (S_ISDIR(info.st_mode))
        return fail(path, "is a folder, not a file", "", err);
    if (plain && !S_ISREG(info.st_mode))
        return fail(path, "is a device or a pipe, not a file", "", err);
    /* Should a pipe take the file's place now, opening it does not wait for a writer. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (S_ISREG(info.st_mode) ? O_NONBLOCK : 0));
    if (fd < 0)
        return fail(path, "cannot be opened: ", strerror(errno), err);
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return fd;
    kept = plain ? fail(path, "is a device or a pipe, not a file", "", err) : copy_to_memory(fd, path, err);
    close(fd);
    return kept;
}

int tolka_input_open(const char *path, struct tolka_error *err)
{
    return open_input(path, false, err);
}

int tolka_input_open_plain(const char *path, struct tolka_error *err)
{
    return open_input(path, true, err);
}
