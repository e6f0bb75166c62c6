#include "serve/html.h"

#include "base/utf8.h"
#include "schema/xml.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* Embeddings, overrides and isolates of direction: a text could show in another order than it has. */
static bool turns_direction(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
           code == 0x200F || code == 0x061C;
}

static bool is_plain(uint32_t code)
{
    if (code < ' ')
        return code == '\n' || code == '\t';
    return !(code >= 0x7F && code < 0xA0) && code != 0xFFFE && code != 0xFFFF && !turns_direction(code);
}

static void add_text(struct tolka_strbuf *out, const char *text, size_t length)
{
    uint32_t code;

    for (size_t at = 0, step; at < length; at += step) {
        const char *name = tolka_xml_entity((unsigned char)text[at]);
        step = tolka_utf8_decode(text + at, length - at, &code);
        if (name)
            tolka_strbuf_add_str(out, name);
        else if ((unsigned char)text[at] < 0x80 ? is_plain((unsigned char)text[at])
                                                : step > 1 && is_plain(code))
            tolka_strbuf_add(out, text + at, step);
        else
            tolka_strbuf_add_str(out, REPLACEMENT);
    }
}

static void add_url(struct tolka_strbuf *out, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
            tolka_strbuf_add_char(out, (char)c);
        else
            tolka_strbuf_addf(out, "%%%02X", c);
    }
}

static void add_string(struct tolka_strbuf *out, char conversion, const char *text)
{
    if (text && conversion == 's')
        add_text(out, text, strlen(text));
    else if (text)
        add_url(out, text);
}

void tolka_html(struct tolka_strbuf *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    while (*format) {
        const size_t plain = strcspn(format, "%");
        tolka_strbuf_add(out, format, plain);
        format += plain;
        if (!*format)
            break;
        switch (*++format) {
        case 's':
        case 'u':
            add_string(out, *format, va_arg(arguments, const char *));
            break;
        case 'd':
            tolka_strbuf_addf(out, "%d", va_arg(arguments, int));
            break;
        case 'D':
            tolka_strbuf_addf(out, "%lld", (long long)va_arg(arguments, int64_t));
            break;
        default:
            tolka_strbuf_add_char(out, '%');
        }
        format += *format != '\0';
    }
    va_end(arguments);
}

void tolka_html_snippet(struct tolka_strbuf *out, const char *text)
{
    bool marked = false;

    while (*text) {
        const size_t plain = strcspn(text, "\x02\x03");
        add_text(out, text, plain);
        text += plain;
        if (!*text)
            break;
        if (!marked && *text == '\x02')
            tolka_strbuf_add_str(out, "<mark>");
        else if (marked && *text == '\x03')
            tolka_strbuf_add_str(out, "</mark>");
        marked = *text++ == '\x02';
    }
    if (marked)
        tolka_strbuf_add_str(out, "</mark>");
}
