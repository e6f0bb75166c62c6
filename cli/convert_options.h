/* The options of `tolka convert`. cmd_convert.c only. */
#ifndef TOLKA_CLI_CONVERT_OPTIONS_H
#define TOLKA_CLI_CONVERT_OPTIONS_H

#include "cli/read_options.h"

enum tolka_format {
    TOLKA_FORMAT_JSON,
    TOLKA_FORMAT_JSONL,
    TOLKA_FORMAT_CSV,
    TOLKA_FORMAT_MD,
    TOLKA_FORMAT_TXT,
    TOLKA_FORMAT_SUMMARY,
    TOLKA_FORMAT_ALTO,
    TOLKA_FORMAT_HOCR,
    TOLKA_FORMAT_PDF,
};

struct tolka_convert_options {
    struct tolka_read_options reading;
    int format; /* enum tolka_format, -1: by where the output goes */
    const char *output;
    const char *debug_images; /* a folder, NULL for none */
    const char *page_list;
    const char *tables; /* folder for a CSV file of each table; NULL: none */
    bool quiet, summary;
};

/* Fills `options` and leaves optind at the first FILE; the texts are borrowed from `argv`. Returns -1 to go
 * on, else the exit status. */
int tolka_convert_options_parse(int argc, char **argv, struct tolka_convert_options *options);

/* The extension of a file of this format, static. */
const char *tolka_format_extension(enum tolka_format format);

#endif
