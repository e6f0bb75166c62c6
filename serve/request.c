#include "serve/request.h"

#include <stdlib.h>
#include <string.h>

void tolka_request_release(struct tolka_request *request)
{
    for (int i = 0; i < request->count; i++) {
        free(request->parameters[i].name);
        free(request->parameters[i].value);
    }
    tolka_strbuf_release(&request->body);
    *request = (struct tolka_request){0};
}

bool tolka_request_add(struct tolka_request *request, const char *name, const char *value)
{
    struct tolka_parameter *parameter = &request->parameters[request->count];

    if (request->count == TOLKA_MAX_PARAMETERS || strlen(name) > TOLKA_MAX_VALUE_BYTES ||
        strlen(value) > TOLKA_MAX_VALUE_BYTES)
        return false;
    parameter->name = strdup(name);
    parameter->value = strdup(value);
    if (parameter->name && parameter->value) {
        request->count++;
        return true;
    }
    free(parameter->name);
    free(parameter->value);
    return false;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes the encoding of a form in `text`, in place. False when a zero byte is in it. */
static bool decode(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        const int high = *from == '%' ? hex(from[1]) : -1, low = high >= 0 ? hex(from[2]) : -1;
        *to++ = low >= 0 ? (char)(high << 4 | low) : *from == '+' ? ' ' : *from;
        if (!to[-1])
            return false;
        from += low >= 0 ? 2 : 0;
    }
    *to = '\0';
    return true;
}

bool tolka_request_add_form(struct tolka_request *request, const char *body, size_t length)
{
    char *copy = strndup(body, length), *rest = copy, *field;
    bool good = copy && strlen(copy) == length;

    while (good && (field = strsep(&rest, "&"))) {
        char *value = strchr(field, '=');
        if (!value)
            continue;
        *value++ = '\0';
        good = decode(field) && decode(value) && tolka_request_add(request, field, value);
    }
    free(copy);
    return good;
}

const char *tolka_request_value(const struct tolka_request *request, const char *name)
{
    for (int i = 0; i < request->count; i++) {
        if (strcmp(request->parameters[i].name, name) == 0)
            return *request->parameters[i].value ? request->parameters[i].value : NULL;
    }
    return NULL;
}

int64_t tolka_request_number(const struct tolka_request *request, const char *name, int64_t low, int64_t high,
                             int64_t fallback)
{
    const char *text = tolka_request_value(request, name);
    char *end;
    long long number;

    if (!text || strspn(text, "-0123456789") != strlen(text) || strlen(text) > 18)
        return fallback;
    number = strtoll(text, &end, 10);
    return *end || number < low || number > high ? fallback : number;
}
