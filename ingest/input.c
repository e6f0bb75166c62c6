#include "ingest/input.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const off_t MAX_INPUT_BYTES = (off_t)1 << 30;

/* Copies until the end; the status that ended it. */
static enum tolka_status copy_to(int fd, struct tolka_error *err)
{
    char chunk[65536];
    off_t total = 0;
    ssize_t n;

    while ((n = read(STDIN_FILENO, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        total += n;
        if (total > MAX_INPUT_BYTES)
            return tolka_error_set(err, TOLKA_ERR_LIMIT, "standard input: larger than 1 GiB");
        if (write(fd, chunk, (size_t)n) != n)
            return tolka_error_set(err, TOLKA_ERR_IO, "standard input: cannot be kept: %s", strerror(errno));
    }
    return n < 0 ? tolka_error_set(err, TOLKA_ERR_IO, "standard input: %s", strerror(errno)) : TOLKA_OK;
}

int tolka_input_copy(struct tolka_error *err)
{
    int fd = memfd_create("tolka-input", MFD_CLOEXEC);

    if (fd < 0) {
        tolka_error_set(err, TOLKA_ERR_IO, "standard input: cannot be kept: %s", strerror(errno));
        return -1;
    }
    if (copy_to(fd, err)) {
        close(fd);
        return -1;
    }
    return fd;
}
