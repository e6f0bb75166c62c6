/*
 * Where the library's data lies, relative to the library itself, so that a moved install works:
 * PREFIX/lib/libtolka.so or PREFIX/lib/TRIPLET/libtolka.so, or a program in PREFIX/bin that was linked
 * statically, and PREFIX/share/tolka.
 */
#include "lib/lib_int.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_data(const char *folder, const char *below, char *out, size_t size)
{
    char model[PATH_MAX];
    int length = snprintf(model, sizeof model, "%s%s/sv.model", folder, below);

    if (length < 0 || (size_t)length >= sizeof model || access(model, R_OK))
        return false;
    length = snprintf(out, size, "%s%s", folder, below);
    return length > 0 && (size_t)length < size;
}

/* Cuts the last part off a path. */
static bool cut_name(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash)
        *slash = '\0';
    return slash != NULL;
}

/* The folder of the shared object that this function is in; of the program when it was linked into one. */
static bool own_folder(char out[PATH_MAX])
{
    Dl_info info;

    if (!dladdr((const void *)&tolka_shared_hold, &info) || !info.dli_fname || !strchr(info.dli_fname, '/'))
        return false;
    return realpath(info.dli_fname, out) && cut_name(out);
}

static bool program_folder(char out[PATH_MAX])
{
    return realpath("/proc/self/exe", out) && cut_name(out);
}

bool tolka_data_find(char *out, size_t size)
{
    char folder[PATH_MAX];

    if (own_folder(folder) && (holds_data(folder, "/../share/tolka", out, size) ||
                               holds_data(folder, "/../../share/tolka", out, size)))
        return true;
    if (program_folder(folder) && holds_data(folder, "/../share/tolka", out, size))
        return true;
    return holds_data("/usr/local", "/share/tolka", out, size) ||
           holds_data("/usr", "/share/tolka", out, size);
}
