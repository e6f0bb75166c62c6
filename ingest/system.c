#include "ingest/system.h"

#include "ingest/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int64_t tolka_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t tolka_modified_ns(const struct stat *info)
{
    return info->st_mtim.tv_sec * INT64_C(1000000000) + info->st_mtim.tv_nsec;
}

bool tolka_write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length) {
        const ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

void tolka_fall_silent(void)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        return;
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (tolka_sandbox_is_on())
        dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO)
        close(null);
}

bool tolka_process_look(int64_t pid, struct tolka_process_state *out)
{
    char path[64], line[1024];
    unsigned long long start = 0;
    const char *at;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    file = fopen(path, "re");
    if (!file)
        return false;
    at = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL; /* its name may hold anything */
    fclose(file);
    if (!at ||
        sscanf(at + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &out->state, &start) != 2)
        return false;
    out->started = (int64_t)start;
    return true;
}
