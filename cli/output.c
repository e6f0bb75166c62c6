/* Output files that appear whole or not at all. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A device or a pipe is written as it is: there is nothing to rename into its place. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* A file without a name in the folder of `path`: an interrupted run leaves nothing at all. -1 where the file
 * system has no such. */
static int open_nameless(const char *path, mode_t mode)
{
    char *folder = strdup(path);
    int fd = folder ? open(dirname(folder), O_TMPFILE | O_RDWR | O_CLOEXEC, mode) : -1;

    free(folder);
    return fd;
}

/* Opens a file beside `path`, nameless if that can be, else under the temporary name. */
static FILE *open_temporary(struct tolka_output *output)
{
    FILE *file;
    mode_t mask = umask(0);
    int fd;

    umask(mask);
    fd = open_nameless(output->path, 0666 & ~mask);
    output->nameless = fd >= 0;
    if (fd < 0) {
        memcpy(output->temporary + strlen(output->temporary) - 6, "XXXXXX", 6);
        fd = mkstemp(output->temporary);
        output->named = fd >= 0;
        if (fd >= 0 && fchmod(fd, 0666 & ~mask))
            errno = EACCES;
    }
    file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (!file && fd >= 0)
        close(fd);
    return file;
}

/* Gives a nameless file the temporary name, from which it can be renamed over an earlier output. */
static bool give_name(struct tolka_output *output)
{
    char self[64];

    snprintf(self, sizeof self, "/proc/self/fd/%d", fileno(output->file));
    unlink(output->temporary); /* left by an earlier process of this number */
    output->named = linkat(AT_FDCWD, self, AT_FDCWD, output->temporary, AT_SYMLINK_FOLLOW) == 0;
    return output->named;
}

static FILE *open_file(struct tolka_output *output)
{
    struct stat st;

    if (is_special(output->path))
        return fopen(output->path, "wb");
    if (stat(output->path, &st) == 0 && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return NULL;
    }
    if (asprintf(&output->temporary, "%s.%06ld", output->path, (long)getpid() % 1000000) < 0) {
        output->temporary = NULL;
        return NULL;
    }
    return open_temporary(output);
}

bool tolka_output_open(struct tolka_output *output, const char *path)
{
    *output = (struct tolka_output){.file = stdout};
    if (!path || strcmp(path, "-") == 0)
        return true;
    output->path = path;
    output->file = open_file(output);
    if (output->file)
        return true;
    tolka_cli_complain("%s: cannot be written: %s", path, strerror(errno));
    tolka_output_abandon(output);
    return false;
}

bool tolka_output_commit(struct tolka_output *output, const void *bytes, size_t length)
{
    FILE *file = output->file;
    bool good;
    int reason;

    errno = 0;
    good = (length == 0 || fwrite(bytes, 1, length, file) == length) && fflush(file) == 0;
    if (good && output->temporary)
        good = fsync(fileno(file)) == 0 && (!output->nameless || give_name(output));
    reason = errno;
    if (file != stdout)
        good = fclose(file) == 0 && good;
    output->file = NULL;
    if (good && output->temporary)
        good = rename(output->temporary, output->path) == 0;
    if (!good) {
        tolka_cli_complain("%s: cannot be written: %s", output->path ? output->path : "standard output",
                           strerror(reason ? reason : errno));
        tolka_output_abandon(output);
        return false;
    }
    free(output->temporary);
    output->temporary = NULL;
    return true;
}

void tolka_output_abandon(struct tolka_output *output)
{
    if (output->file && output->file != stdout)
        fclose(output->file);
    if (output->named && output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    *output = (struct tolka_output){0};
}
