#include "cli/cli.h"

#include "cli/log.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* The folder that the program lies in. */
static bool program_folder(char *out, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", out, size - 1);
    char *slash;

    if (length <= 0)
        return false;
    out[length] = '\0';
    slash = strrchr(out, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static bool is_there(char *out, size_t size, const char *folder, const char *between, const char *name)
{
    int length = snprintf(out, size, "%s%s%s", folder, between, name);

    return length > 0 && (size_t)length < size && access(out, R_OK) == 0;
}

bool tolka_cli_find(const char *name, char *out, size_t size)
{
    char folder[PATH_MAX];
    const char *last = strrchr(name, '/');

    if (!program_folder(folder, sizeof folder))
        return false;
    return is_there(out, size, folder, "/../share/tolka/", last ? last + 1 : name) ||
           is_there(out, size, folder, "/../../", name);
}

size_t tolka_cli_control(const char *text)
{
    const unsigned char first = (unsigned char)text[0], second = first ? (unsigned char)text[1] : 0;

    if (first == 0xC2 && second >= 0x80 && second < 0xA0)
        return 2;
    return first < ' ' || first == 0x7f;
}

void tolka_cli_complain(const char *format, ...)
{
    struct tolka_log_line line;
    char message[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (tolka_log_is_on()) {
        tolka_log_line_begin(&line, "error", "message");
        tolka_json_string(&line.json, "message", message);
        tolka_log_line_end(&line);
        return;
    }
    for (char *c = message; *c; c++) /* a file name may hold line breaks or terminal codes */
        memset(c, '?', tolka_cli_control(c));
    fprintf(stderr, "tolka: %s\n", message);
}
