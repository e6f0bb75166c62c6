#include "schema/json.h"

#include "base/utf8.h"
#include "schema/value.h"

#include <math.h>
#include <string.h>

static void write_string(struct tolka_strbuf *out, const char *text)
{
    size_t length = strlen(text);

    tolka_strbuf_add_char(out, '"');
    for (size_t at = 0; at < length;) {
        uint32_t code;
        char bytes[4];
        size_t n = tolka_utf8_decode(text + at, length - at, &code);

        if (code == '"' || code == '\\') {
            tolka_strbuf_add_char(out, '\\');
            tolka_strbuf_add_char(out, (char)code);
        } else if (code == '\n') {
            tolka_strbuf_add_str(out, "\\n");
        } else if (code == '\t') {
            tolka_strbuf_add_str(out, "\\t");
        } else if (code < 0x20 || code == 0x7F) {
            tolka_strbuf_addf(out, "\\u%04x", (unsigned)code);
        } else {
            tolka_strbuf_add(out, bytes, tolka_utf8_encode(code, bytes));
        }
        at += n;
    }
    tolka_strbuf_add_char(out, '"');
}

/* What stands before a value: comma, line break, key. */
static void begin(struct tolka_json *json, const char *key)
{
    if (json->comma)
        tolka_strbuf_add_char(json->out, ',');
    if (json->newline)
        tolka_strbuf_add_char(json->out, '\n');
    else if (json->comma)
        tolka_strbuf_add_char(json->out, ' ');
    json->newline = false;
    json->comma = true;
    if (key) {
        write_string(json->out, key);
        tolka_strbuf_add_str(json->out, ": ");
    }
}

void tolka_json_open(struct tolka_json *json, const char *key, char bracket)
{
    begin(json, key);
    tolka_strbuf_add_char(json->out, bracket);
    json->comma = false;
}

void tolka_json_close(struct tolka_json *json, char bracket)
{
    if (json->newline)
        tolka_strbuf_add_char(json->out, '\n');
    tolka_strbuf_add_char(json->out, bracket);
    json->newline = false;
    json->comma = true;
}

void tolka_json_null(struct tolka_json *json, const char *key)
{
    begin(json, key);
    tolka_strbuf_add_str(json->out, "null");
}

void tolka_json_string(struct tolka_json *json, const char *key, const char *text)
{
    if (!text) {
        tolka_json_null(json, key);
        return;
    }
    begin(json, key);
    write_string(json->out, text);
}

void tolka_json_int(struct tolka_json *json, const char *key, long long number)
{
    begin(json, key);
    tolka_strbuf_addf(json->out, "%lld", number);
}

void tolka_json_format_real(double number, char out[32])
{
    const double limit = 1e12; /* far over any size, skew or confidence */
    struct tolka_decimal value = {0, 3};

    if (isnan(number))
        number = 0;
    number = number > limit ? limit : number < -limit ? -limit : number;
    value.mantissa = llround(number * 1000);
    tolka_decimal_format(value, out);
}

void tolka_json_real(struct tolka_json *json, const char *key, double number)
{
    char text[32];

    begin(json, key);
    tolka_json_format_real(number, text);
    tolka_strbuf_add_str(json->out, text);
}

void tolka_json_decimal(struct tolka_json *json, const char *key, struct tolka_decimal value)
{
    char text[32];

    begin(json, key);
    tolka_decimal_format(value, text);
    tolka_strbuf_add_str(json->out, text);
}

void tolka_json_bool(struct tolka_json *json, const char *key, bool value)
{
    begin(json, key);
    tolka_strbuf_add_str(json->out, value ? "true" : "false");
}

void tolka_json_box(struct tolka_json *json, const char *key, struct tolka_box box)
{
    if (tolka_box_is_empty(box)) {
        tolka_json_null(json, key);
        return;
    }
    begin(json, key);
    tolka_strbuf_addf(json->out, "[%d, %d, %d, %d]", box.x0, box.y0, box.x1, box.y1);
}

void tolka_json_line(struct tolka_json *json)
{
    json->newline = true;
}
