#include "schema/jsontree.h"

#include "schema/value.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_JSON_BYTES = 1 << 29, MAX_DIGITS = 15, MAX_SCALE = 9 };

static const json_t *as_json(const struct tolka_json_node *node)
{
    return (const json_t *)node;
}

enum tolka_status tolka_json_read(const char *text, size_t length, struct tolka_json_node **out,
                                  struct tolka_error *err)
{
    json_error_t where;
    json_t *root;

    *out = NULL;
    if (length > MAX_JSON_BYTES)
        return tolka_error_set(err, TOLKA_ERR_LIMIT, "more JSON than %d bytes", MAX_JSON_BYTES);
    root = json_loadb(text, length, 0, &where);
    if (!root && json_error_code(&where) == json_error_out_of_memory)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (!root)
        return tolka_error_set(err, TOLKA_ERR_FORMAT, "no JSON: line %d, column %d: %s", where.line,
                               where.column, where.text);
    *out = (struct tolka_json_node *)root;
    return TOLKA_OK;
}

void tolka_json_free(struct tolka_json_node *root)
{
    json_decref((json_t *)root);
}

const struct tolka_json_node *tolka_json_member(const struct tolka_json_node *node, const char *name)
{
    return (const struct tolka_json_node *)json_object_get(as_json(node), name);
}

const struct tolka_json_node *tolka_json_element(const struct tolka_json_node *node, size_t at)
{
    return (const struct tolka_json_node *)json_array_get(as_json(node), at);
}

size_t tolka_json_length(const struct tolka_json_node *node)
{
    return json_array_size(as_json(node));
}

bool tolka_json_is_null(const struct tolka_json_node *node)
{
    return !node || json_is_null(as_json(node));
}

const char *tolka_json_text(const struct tolka_json_node *node)
{
    return json_string_value(as_json(node));
}

bool tolka_json_whole(const struct tolka_json_node *node, int64_t low, int64_t high, int64_t *value)
{
    if (!node || !json_is_integer(as_json(node)))
        return false;
    *value = json_integer_value(as_json(node));
    return *value >= low && *value <= high;
}

bool tolka_json_number(const struct tolka_json_node *node, double *value)
{
    if (!node || !json_is_number(as_json(node)))
        return false;
    *value = json_number_value(as_json(node));
    return isfinite(*value);
}

bool tolka_json_truth(const struct tolka_json_node *node, bool *value)
{
    if (!node || !json_is_boolean(as_json(node)))
        return false;
    *value = json_is_true(as_json(node));
    return true;
}

/* A number with a fraction: the shortest decimal that the double stands for, as long as that is one of ours.
 */
static bool parse_real(double number, struct tolka_decimal *value)
{
    char digits[64];
    int64_t mantissa = 0;
    int scale = 0, count = 0;
    bool fraction = false;

    if (!isfinite(number) || fabs(number) >= 1e17)
        return false;
    snprintf(digits, sizeof digits, "%.*f", MAX_SCALE, fabs(number));
    for (const char *c = digits; *c; c++) {
        if (*c < '0' || *c > '9') {
            fraction = true;
            continue;
        }
        count += count > 0 || *c != '0';
        if (count > MAX_DIGITS) {
            mantissa *= fraction ? 1 : 10; /* more than a double keeps */
            continue;
        }
        mantissa = mantissa * 10 + (*c - '0');
        scale += fraction;
    }
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        scale--;
    }
    *value = (struct tolka_decimal){number < 0 ? -mantissa : mantissa, scale};
    return true;
}

bool tolka_json_exact(const struct tolka_json_node *node, struct tolka_decimal *value)
{
    static const int64_t LIMIT = INT64_C(100000000000000000);
    int64_t whole;

    if (node && json_is_real(as_json(node)))
        return parse_real(json_real_value(as_json(node)), value);
    if (!tolka_json_whole(node, -LIMIT + 1, LIMIT - 1, &whole))
        return false;
    *value = (struct tolka_decimal){whole, 0};
    return true;
}
