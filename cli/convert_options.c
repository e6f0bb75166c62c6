#include "cli/convert_options.h"

#include "cli/cli.h"
#include "ingest/pages.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PAGE_TIMEOUT_S = 120 };

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
    "      --pages LIST        only these pages: 1-3,7\n"
    "  -j, --jobs N            pages read at once (default: one a processor)\n"
    "      --ocr MODE          auto (own text where it can be trusted), always, never\n"
    "      --rules DIR         more rule files; may be given several times\n"
    "      --model FILE        another language model for the repair\n"
    "      --no-normalize      leave the words as they were read\n"
    "      --debug-images DIR  also draw each page as a PNG with what was found on it\n"
    "      --tables DIR        also each table as a CSV file, DIR/ID-KIND.csv\n"
    "      --page-timeout S    give a page up after S seconds (default 120)\n"
    "  -q, --quiet             no progress\n"
    "\n"
    "Exit status: 0 done; 1 done, with problems; 2 wrong usage; 3 nothing could be\n"
    "read; 4 not written.\n";

enum {
    OPT_PAGES = 256,
    OPT_OCR,
    OPT_RULES,
    OPT_MODEL,
    OPT_NO_NORMALIZE,
    OPT_PAGE_TIMEOUT,
    OPT_TABLES,
    OPT_SUMMARY,
    OPT_DEBUG_IMAGES,
    OPT_HELP
};

static const struct option LONG_OPTIONS[] = {
    {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},
    {"pages", required_argument, NULL, OPT_PAGES},
    {"jobs", required_argument, NULL, 'j'},
    {"ocr", required_argument, NULL, OPT_OCR},
    {"rules", required_argument, NULL, OPT_RULES},
    {"model", required_argument, NULL, OPT_MODEL},
    {"no-normalize", no_argument, NULL, OPT_NO_NORMALIZE},
    {"page-timeout", required_argument, NULL, OPT_PAGE_TIMEOUT},
    {"tables", required_argument, NULL, OPT_TABLES},
    {"summary", no_argument, NULL, OPT_SUMMARY},
    {"debug-images", required_argument, NULL, OPT_DEBUG_IMAGES},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

static bool parse_number(const char *text, int low, int high, int *value)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (end == text || *end || number < low || number > high)
        return false;
    *value = (int)number;
    return true;
}

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

static bool parse_ocr(const char *text, enum tolka_ocr_mode *mode)
{
    static const char *const NAMES[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, NAMES[i]) == 0) {
            *mode = (enum tolka_ocr_mode)i;
            return true;
        }
    }
    return false;
}

/* Takes one option; false when its value makes no sense. A flat switch. */
static bool take_option(struct tolka_convert_options *options, int option, const char *value)
{
    switch (option) {
    case 'f':
        return parse_format(value, &options->format);
    case 'o':
        options->output = value;
        return true;
    case OPT_PAGES:
        options->page_list = value;
        return tolka_pages_valid(value);
    case 'j':
        return parse_number(value, 1, TOLKA_MAX_JOBS, &options->jobs);
    case OPT_OCR:
        return parse_ocr(value, &options->ocr);
    case OPT_RULES:
        if (options->rule_dir_count == TOLKA_MAX_RULE_DIRS)
            return false;
        options->rule_dirs[options->rule_dir_count++] = value;
        return true;
    case OPT_MODEL:
        options->model = value;
        return true;
    case OPT_NO_NORMALIZE:
        options->no_normalize = true;
        return true;
    case OPT_TABLES:
        options->tables = value;
        return true;
    case OPT_PAGE_TIMEOUT:
        return parse_number(value, 1, 86400, &options->page_timeout_s);
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
        return false;
    }
}

int tolka_convert_options_parse(int argc, char **argv, struct tolka_convert_options *options)
{
    int option, which = -1;

    *options = (struct tolka_convert_options){.format = -1, .page_timeout_s = DEFAULT_PAGE_TIMEOUT_S};
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":f:o:j:q", LONG_OPTIONS, &which)) != -1) {
        if (option == OPT_HELP) {
            fputs(HELP, stdout);
            return TOLKA_EXIT_OK;
        }
        if (option == '?' || option == ':') {
            tolka_cli_complain("convert: %s: %s; see `tolka convert --help`", argv[optind - 1],
                               option == ':' ? "a value is missing" : "no such option");
            return TOLKA_EXIT_USAGE;
        }
        if (!take_option(options, option, optarg)) {
            tolka_cli_complain("convert: %s: not a value that this option takes; see `tolka convert --help`",
                               optarg);
            return TOLKA_EXIT_USAGE;
        }
    }
    if (optind == argc) {
        tolka_cli_complain("convert: no FILE given; see `tolka convert --help`");
        return TOLKA_EXIT_USAGE;
    }
    return -1;
}

const char *tolka_format_extension(enum tolka_format format)
{
    return FORMATS[format].extension;
}
