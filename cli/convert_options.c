#include "cli/convert_options.h"

#include "cli/cli.h"
#include "ingest/pages.h"

#include <string.h>

static const struct {
    const char *name, *extension;
} FORMATS[] = {
    [TOLKA_FORMAT_JSON] = {"json", "json"},     [TOLKA_FORMAT_JSONL] = {"jsonl", "jsonl"},
    [TOLKA_FORMAT_CSV] = {"csv", "csv"},        [TOLKA_FORMAT_MD] = {"md", "md"},
    [TOLKA_FORMAT_TXT] = {"txt", "txt"},        [TOLKA_FORMAT_SUMMARY] = {"summary", "summary.txt"},
    [TOLKA_FORMAT_ALTO] = {"alto", "alto.xml"}, [TOLKA_FORMAT_HOCR] = {"hocr", "hocr"},
    [TOLKA_FORMAT_PDF] = {"pdf", "pdf"},
};

static const char HELP[] =
    "usage: tolka convert [options] FILE...\n"
    "\n"
    "Reads each FILE (PDF, TIFF, PNG, JPEG, ALTO, hOCR or plain text; - is standard\n"
    "input) and writes its records.\n"
    "\n"
    "  -f, --format FORMAT     json (default); jsonl, csv (the facts, one a line);\n"
    "                          md; txt; alto, hocr (each word with its place);\n"
    "                          pdf (the pages as they are, made searchable);\n"
    "                          summary (aligned tables; the default on a terminal)\n"
    "  -o, --output PATH       a file, or a folder for several inputs\n"
    "      --summary           with --output, show the aligned tables too\n"
    "      --pages LIST        only these pages: 1-3,7\n" TOLKA_READ_HELP
    "      --debug-images DIR  also draw each page as a PNG with what was found on it\n"
    "      --tables DIR        also each table as a CSV file, DIR/ID-KIND.csv\n"
    "  -q, --quiet             no progress\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

enum { OPT_PAGES = TOLKA_OPTION_OWN, OPT_TABLES, OPT_SUMMARY, OPT_DEBUG_IMAGES };

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"pages", required_argument, NULL, OPT_PAGES},
    TOLKA_READ_OPTIONS,
    {"tables", required_argument, NULL, OPT_TABLES},
    {"summary", no_argument, NULL, OPT_SUMMARY},
    {"debug-images", required_argument, NULL, OPT_DEBUG_IMAGES},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, TOLKA_OPTION_HELP},
    {0},
};

static bool parse_format(const char *text, int *format)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        if (strcmp(text, FORMATS[i].name) == 0) {
            *format = (int)i;
            return true;
        }
    }
    return false;
}

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(int option, const char *value, void *data)
{
    struct tolka_convert_options *options = data;

    switch (option) {
    case 'f':
        return parse_format(value, &options->format);
    case 'o':
        options->output = value;
        return true;
    case OPT_PAGES:
        options->page_list = value;
        return tolka_pages_valid(value);
    case OPT_TABLES:
        options->tables = value;
        return true;
    case OPT_DEBUG_IMAGES:
        options->debug_images = value;
        return true;
    case OPT_SUMMARY:
        options->summary = true;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    default:
        return tolka_read_options_take(&options->reading, option, value);
    }
}

static const struct tolka_cli_command COMMAND = {"convert", HELP, ":f:o:j:q", LONG_OPTIONS, take_option};

int tolka_convert_options_parse(int argc, char **argv, struct tolka_convert_options *options)
{
    int result;

    *options = (struct tolka_convert_options){.format = -1};
    result = tolka_cli_parse(&COMMAND, argc, argv, options);
    if (result >= 0)
        return result;
    if (optind == argc)
        return tolka_cli_usage("convert", "no FILE given");
    tolka_read_options_complete(&options->reading);
    return -1;
}

const char *tolka_format_extension(enum tolka_format format)
{
    return FORMATS[format].extension;
}
