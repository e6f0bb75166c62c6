/*
 * The frame of a review page. Style and scripts are known by their hashes to the page's policy, so that
 * nothing else runs, whatever the report holds. Pictures wait as text until their page is looked at: the
 * browser decodes one at a time.
 */
#include "schema/review.h"

#include "base/error.h"
#include "schema/hash.h"
#include "schema/review_int.h"

#include <string.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot have them */
#define EMBED(symbol, files)                                                                                 \
    __asm__(".pushsection .rodata\n" #symbol ":\n" files ".byte 0\n.popsection\n");                          \
    extern const char symbol[] __attribute__((visibility("hidden")))
#define FILE_OF(name) ".incbin \"schema/review/" name "\"\n"
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(tolka_review_style, FILE_OF("review.css"));
EMBED(tolka_review_script,
      FILE_OF("data.js") FILE_OF("picture.js") FILE_OF("checks.js") FILE_OF("edit.js") FILE_OF("text.js") FILE_OF("page.js"));
EMBED(tolka_review_words, FILE_OF("words.json"));
EMBED(tolka_review_body, FILE_OF("body.html"));

static const char *const LANGUAGES[] = {"sv", "en"};

bool tolka_review_speaks(const char *language)
{
    for (size_t i = 0; i < sizeof LANGUAGES / sizeof *LANGUAGES; i++) {
        if (strcmp(language, LANGUAGES[i]) == 0)
            return true;
    }
    return false;
}

static void add_base64(struct tolka_strbuf *out, const unsigned char *bytes, size_t length)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        const size_t left = length - i;
        const unsigned group = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? (unsigned)bytes[i + 2] : 0);
        const char four[4] = {DIGITS[group >> 18], DIGITS[group >> 12 & 63],
                              left > 1 ? DIGITS[group >> 6 & 63] : '=', left > 2 ? DIGITS[group & 63] : '='};
        tolka_strbuf_add(out, four, sizeof four);
    }
}

static unsigned hex_value(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a' + 10);
}

/* 'sha256-...' of a text, as a policy names it. */
static void add_hash(struct tolka_strbuf *out, const char *text)
{
    char hex[65];
    unsigned char digest[32];

    if (tolka_sha256_hex(text, strlen(text), hex)) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    tolka_strbuf_add_str(out, "'sha256-");
    add_base64(out, digest, sizeof digest);
    tolka_strbuf_add_str(out, "'");
}

static void add_policy(struct tolka_strbuf *out, const struct tolka_review_options *options)
{
    tolka_strbuf_add_str(
        out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:");
    tolka_strbuf_add_str(out, options->picture_path ? " 'self'" : "");
    tolka_strbuf_add_str(out, "; style-src ");
    add_hash(out, tolka_review_style);
    tolka_strbuf_add_str(out, "; script-src ");
    add_hash(out, tolka_review_script);
    tolka_strbuf_add_str(out, options->post_path ? "; connect-src 'self'" : "");
    tolka_strbuf_add_str(out, "; base-uri 'none'; form-action 'none'\">\n");
}

/* What the report calls itself, else its file. */
static void add_title(struct tolka_strbuf *out, const struct tolka_record *record)
{
    const char *path = record->source.path ? record->source.path : "", *slash = strrchr(path, '/');

    tolka_review_add_text(out, record->report.title ? record->report.title : slash ? slash + 1 : path);
    if (record->report.organisation) {
        tolka_strbuf_add_str(out, " – ");
        tolka_review_add_text(out, record->report.organisation);
    }
}

static void add_head(struct tolka_strbuf *out, const struct tolka_record *record,
                     const struct tolka_review_options *options)
{
    tolka_strbuf_addf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                      options->language ? options->language : LANGUAGES[0]);
    add_policy(out, options);
    tolka_strbuf_add_str(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                              "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" "
                              "content=\"light dark\">\n<title>");
    add_title(out, record);
    tolka_strbuf_add_str(out, "</title>\n<style>");
    tolka_strbuf_add_str(out, tolka_review_style);
    tolka_strbuf_add_str(out, "</style>\n</head>\n");
}

static void add_pictures(struct tolka_strbuf *out, const struct tolka_record *record,
                         const struct tolka_review_options *options)
{
    for (size_t i = 0; options->pictures && i < record->page_count; i++) {
        const struct tolka_strbuf *picture = &options->pictures[i];

        if (!picture->length)
            continue;
        tolka_strbuf_addf(out, "<script type=\"text/plain\" id=\"i%d\">data:image/%s;base64,",
                          record->pages[i].page, picture->data[0] == '\x89' ? "png" : "jpeg");
        add_base64(out, (const unsigned char *)picture->data, picture->length);
        tolka_strbuf_add_str(out, "</script>\n");
    }
}

/* The body's frame, in which @title@, @home@ and @reading@ stand for those parts. */
static void add_body(struct tolka_strbuf *out, const struct tolka_record *record,
                     const struct tolka_review_options *options)
{
    for (const char *at = tolka_review_body, *mark; *at; at = mark) {
        mark = strchrnul(at, '@');
        tolka_strbuf_add(out, at, (size_t)(mark - at));
        if (strncmp(mark, "@title@", 7) == 0) {
            add_title(out, record);
        } else if (strncmp(mark, "@reading@", 9) == 0) {
            tolka_review_add_reading(record, out);
        } else if (strncmp(mark, "@home@", 6) == 0 && options->home_path) {
            tolka_strbuf_add_str(out, "<a class=\"home\" data-w=\"home\" href=\"");
            tolka_review_add_text(out, options->home_path);
            tolka_strbuf_add_str(out, "\">Arkivet</a>");
        }
        if (*mark)
            mark = strchrnul(mark + 1, '@') + 1;
    }
}

void tolka_review_write(const struct tolka_record *record, const struct tolka_review_options *options,
                        struct tolka_strbuf *out)
{
    add_head(out, record, options);
    add_body(out, record, options);
    tolka_strbuf_add_str(out, "<script type=\"application/json\" id=\"words\">");
    tolka_strbuf_add_str(out, tolka_review_words);
    tolka_strbuf_add_str(out, "</script>\n<script type=\"application/json\" id=\"data\">");
    tolka_review_add_data(record, options, out);
    tolka_strbuf_add_str(out, "</script>\n");
    add_pictures(out, record, options);
    tolka_strbuf_add_str(out, "<script>");
    tolka_strbuf_add_str(out, tolka_review_script);
    tolka_strbuf_add_str(out, "</script>\n</body>\n</html>\n");
}
