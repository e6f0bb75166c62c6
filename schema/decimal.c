/*
 * Exact decimal arithmetic (schema/value.h). Two numbers are brought to the larger of their scales in 128
 * bits: a mantissa below 10^17 shifted by nine places stays below 10^26.
 */
#include "schema/value.h"

#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

static const int64_t MANTISSA_LIMIT = 100000000000000000; /* 10^17, record.h */

static wide scaled(struct tolka_decimal a, int scale)
{
    wide mantissa = a.mantissa;

    for (int i = a.scale; i < scale; i++)
        mantissa *= 10;
    return mantissa;
}

bool tolka_decimal_add(struct tolka_decimal a, struct tolka_decimal b, struct tolka_decimal *sum)
{
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide total = scaled(a, scale) + scaled(b, scale);

    while (scale > 0 && total % 10 == 0) {
        total /= 10;
        scale--;
    }
    if (total >= MANTISSA_LIMIT || total <= -MANTISSA_LIMIT)
        return false;
    *sum = (struct tolka_decimal){(int64_t)total, scale};
    return true;
}

struct tolka_decimal tolka_decimal_negate(struct tolka_decimal a)
{
    a.mantissa = -a.mantissa;
    return a;
}

int tolka_decimal_compare(struct tolka_decimal a, struct tolka_decimal b)
{
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide left = scaled(a, scale), right = scaled(b, scale);

    return left < right ? -1 : left > right;
}

void tolka_decimal_format(struct tolka_decimal value, char out[32])
{
    uint64_t magnitude =
        value.mantissa < 0 ? (uint64_t)0 - (uint64_t)value.mantissa : (uint64_t)value.mantissa;
    char digits[24];
    int length, whole, scale = value.scale;

    while (scale > 0 && magnitude % 10 == 0) {
        magnitude /= 10;
        scale--;
    }
    length = snprintf(digits, sizeof digits, "%0*llu", scale + 1, (unsigned long long)magnitude);
    whole = length - scale;
    snprintf(out, 32, "%s%.*s%s%s", value.mantissa < 0 && magnitude ? "-" : "", whole, digits,
             scale ? "." : "", digits + whole);
}
