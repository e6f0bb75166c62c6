/* Output files that appear whole or not at all. */
#include "cli/cli.h"

#include <errno.h>
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

static FILE *open_temporary(struct tolka_output *output)
{
    mode_t mask = umask(0);
    FILE *file = NULL;
    int fd;

    umask(mask);
    if (asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) {
        output->temporary = NULL;
        return NULL;
    }
    fd = mkstemp(output->temporary);
    if (fd < 0) {
        free(output->temporary);
        output->temporary = NULL;
        return NULL;
    }
    if (fchmod(fd, 0666 & ~mask) == 0)
        file = fdopen(fd, "wb");
    if (!file)
        close(fd);
    return file;
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
        good = fsync(fileno(file)) == 0;
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
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    *output = (struct tolka_output){0};
}
