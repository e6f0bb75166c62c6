#include "schema/xml.h"

#include "base/utf8.h"
#include "schema/json.h"

#include <string.h>

const char *tolka_xml_entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* XML 1.0, 2.2. */
static bool is_char(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

void tolka_xml_text(struct tolka_strbuf *out, const char *text)
{
    const size_t length = text ? strlen(text) : 0;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        char bytes[4];
        at += tolka_utf8_decode(text + at, length - at, &code);
        if (tolka_xml_entity(code))
            tolka_strbuf_add_str(out, tolka_xml_entity(code));
        else
            tolka_strbuf_add(out, bytes, tolka_utf8_encode(is_char(code) ? code : 0xFFFD, bytes));
    }
}

void tolka_xml_attribute(struct tolka_strbuf *out, const char *name, const char *value)
{
    tolka_strbuf_addf(out, " %s=\"", name);
    tolka_xml_text(out, value);
    tolka_strbuf_add_char(out, '"');
}

void tolka_xml_int(struct tolka_strbuf *out, const char *name, long long value)
{
    tolka_strbuf_addf(out, " %s=\"%lld\"", name, value);
}

void tolka_xml_real(struct tolka_strbuf *out, const char *name, double value)
{
    char text[32];

    tolka_json_format_real(value, text);
    tolka_xml_attribute(out, name, text);
}
