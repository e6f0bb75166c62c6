#include "normalize/train/train.h"

#include "normalize/train/build.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_MAX_BYTES = 32 << 20, MIN_NGRAM_BYTES = 1 << 16, PROGRESS_BYTES = 256 };

static void tell(const struct tolka_train_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(const struct tolka_train_options *options, const char *format, ...)
{
    char message[PROGRESS_BYTES];
    va_list args;

    if (!options->progress)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    options->progress(message, options->data);
}

static enum tolka_status read_all(const struct tolka_train_options *options, struct tolka_corpus *corpus,
                                  struct tolka_error *err)
{
    enum tolka_status status = TOLKA_OK;

    for (size_t i = 0; status == TOLKA_OK && i < options->text_count; i++) {
        status = tolka_corpus_read(corpus, &options->texts[i], err);
        tell(options, "%s: %zu words so far, %zu different", options->texts[i].path, corpus->stream_count,
             corpus->type_count);
    }
    for (size_t i = 0; status == TOLKA_OK && i < options->list_count; i++)
        status = tolka_corpus_read_list(corpus, options->lists[i], false, err);
    for (size_t i = 0; status == TOLKA_OK && i < options->form_count; i++)
        status = tolka_corpus_read_list(corpus, options->forms[i], true, err);
    return status;
}

static size_t section_bytes(const struct tolka_build *build)
{
    size_t bytes = 4096;

    for (int i = 0; i < TOLKA_SECTION_COUNT; i++)
        bytes += build->sections[i].size + 64;
    return bytes;
}

static enum tolka_status build_all(const struct tolka_train_options *options, struct tolka_build *build,
                                   struct tolka_corpus *corpus, struct tolka_error *err)
{
    struct tolka_section_data *note = &build->sections[TOLKA_SECTION_NOTE];
    size_t limit = options->max_bytes ? options->max_bytes : DEFAULT_MAX_BYTES, used;
    enum tolka_status status = tolka_build_lexicon(build, corpus, err);

    if (status == TOLKA_OK)
        status = tolka_build_spelling(build, corpus, err);
    if (status == TOLKA_OK)
        status = tolka_build_confusions(build, options->confusions, err);
    if (status != TOLKA_OK)
        return status;
    status = tolka_build_choices(build, corpus, err);
    if (status != TOLKA_OK)
        return status;
    note->data = strdup(options->note ? options->note : "");
    if (!note->data)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    note->size = strlen(note->data);
    used = section_bytes(build);
    tell(options, "%u words and parts in %zu bytes", (unsigned)build->word_count, used);
    if (used + MIN_NGRAM_BYTES > limit)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "the words alone need %zu bytes of %zu", used, limit);
    return tolka_build_ngrams(build, corpus, limit - used, err);
}

/* Puts the corpus into a finished model. */
static enum tolka_status add_all(const struct tolka_train_options *options, struct tolka_build *build,
                                 struct tolka_corpus *corpus, struct tolka_error *err)
{
    struct tolka_model *base;
    enum tolka_status status = tolka_model_open(options->base, &base, err);

    if (status != TOLKA_OK)
        return status;
    if (!corpus->type_count && !options->pair_count)
        status = tolka_error_set(err, TOLKA_ERR_FORMAT, "the text holds no words");
    if (status == TOLKA_OK)
        status = tolka_add_words(build, corpus, base, options->note, err);
    if (status == TOLKA_OK)
        status = tolka_add_ngrams(build, corpus, base, err);
    if (status == TOLKA_OK && options->pair_count)
        status = tolka_build_misreadings(build, options->pairs, options->pair_count, err);
    if (status == TOLKA_OK)
        tell(options, "%u words added to %u", (unsigned)(build->word_count - base->word_count),
             (unsigned)base->word_count);
    tolka_model_free(base);
    return status;
}

enum tolka_status tolka_train(const struct tolka_train_options *options, const char *path,
                              struct tolka_error *err)
{
    struct tolka_corpus corpus = {0};
    struct tolka_build build = {.type_of = NULL};
    enum tolka_status status = read_all(options, &corpus, err);

    if (status == TOLKA_OK)
        status =
            options->base ? add_all(options, &build, &corpus, err) : build_all(options, &build, &corpus, err);
    if (status == TOLKA_OK)
        status = tolka_build_write(&build, path, err);
    for (int i = 0; i < TOLKA_SECTION_COUNT; i++)
        free(build.sections[i].data);
    free(build.type_of);
    tolka_corpus_release(&corpus);
    return status;
}
