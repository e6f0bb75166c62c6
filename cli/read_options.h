/* How reports are read: the options that every reading command has, and what it loads for them. cli/ only. */
#ifndef TOLKA_CLI_READ_OPTIONS_H
#define TOLKA_CLI_READ_OPTIONS_H

#include "cli/options.h"
#include "schema/pipeline.h"

enum { TOLKA_MAX_RULE_DIRS = 16, TOLKA_MAX_JOBS = 256 };

struct tolka_read_options {
    int ocr; /* enum tolka_ocr_mode */
    const char *model;
    const char *rule_dirs[TOLKA_MAX_RULE_DIRS];
    size_t rule_dir_count;
    int64_t jobs, page_timeout_s; /* 0: as many as there are processors; 0: the default */
    bool no_normalize;
};

enum {
    TOLKA_OPTION_OCR = TOLKA_OPTION_HELP + 1,
    TOLKA_OPTION_RULES,
    TOLKA_OPTION_MODEL,
    TOLKA_OPTION_NO_NORMALIZE,
    TOLKA_OPTION_PAGE_TIMEOUT,
    TOLKA_OPTION_OWN /* the first that a command may use for itself */
};

/* For a command's table of long options; 'j' belongs among its letters too. */
#define TOLKA_READ_OPTIONS                                                                                   \
    {"jobs", required_argument, NULL, 'j'}, {"ocr", required_argument, NULL, TOLKA_OPTION_OCR},              \
        {"rules", required_argument, NULL, TOLKA_OPTION_RULES},                                              \
        {"model", required_argument, NULL, TOLKA_OPTION_MODEL},                                              \
        {"no-normalize", no_argument, NULL, TOLKA_OPTION_NO_NORMALIZE},                                      \
    {                                                                                                        \
        "page-timeout", required_argument, NULL, TOLKA_OPTION_PAGE_TIMEOUT                                   \
    }

/* What --help says of them. */
#define TOLKA_READ_HELP                                                                                      \
    "  -j, --jobs N            pages read at once (default: one a processor)\n"                              \
    "      --ocr MODE          auto (own text where it can be trusted), always, never\n"                     \
    "      --rules DIR         more rule files; may be given several times\n"                                \
    "      --model FILE        another language model for the repair\n"                                      \
    "      --no-normalize      leave the words as they were read\n"                                          \
    "      --page-timeout S    give a page up after S seconds (default 120)\n"

/* Takes one of the options above; false when `option` is none of them, or `value` makes no sense. `value` is
 * borrowed. */
bool tolka_read_options_take(struct tolka_read_options *options, int option, const char *value);

/* Puts the defaults in where nothing was given. */
void tolka_read_options_complete(struct tolka_read_options *options);

/* The word for an enum tolka_ocr_mode, static. */
const char *tolka_ocr_word(int ocr);

/* What reports are read with. */
struct tolka_tools {
    struct tolka_model *model; /* NULL with no_normalize */
    struct tolka_rules *rules;
};

/* Loads the model and the rules. The caller gives them back with tolka_tools_release(), also after an error.
 */
enum tolka_status tolka_tools_load(const struct tolka_read_options *options, struct tolka_tools *tools,
                                   struct tolka_error *err);

void tolka_tools_release(struct tolka_tools *tools);

#endif
