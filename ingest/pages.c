#include "ingest/pages.h"

#include <ctype.h>
#include <stdlib.h>

enum { MAX_PAGE = 10000000 };

/* Reads one number; NULL when there is none or it is out of range. */
static const char *read_number(const char *at, int *number)
{
    char *end;
    long value;

    if (!isdigit((unsigned char)*at))
        return NULL;
    value = strtol(at, &end, 10);
    if (value < 1 || value > MAX_PAGE)
        return NULL;
    *number = (int)value;
    return end;
}

/* Reads "7", "1-3" or "5-"; NULL when it is none of them. */
static const char *read_range(const char *at, int *from, int *to)
{
    at = read_number(at, from);
    if (!at)
        return NULL;
    *to = *from;
    if (*at != '-')
        return at;
    at++;
    *to = MAX_PAGE;
    if (*at && *at != ',')
        at = read_number(at, to);
    return at && *to >= *from ? at : NULL;
}

bool tolka_pages_valid(const char *list)
{
    int from, to;

    for (const char *at = list; at; at++) {
        at = read_range(at, &from, &to);
        if (!at || (*at && *at != ','))
            return false;
        if (!*at)
            break;
    }
    return true;
}

bool tolka_pages_contain(const char *list, int number)
{
    int from, to;

    if (!list)
        return true;
    for (const char *at = list; (at = read_range(at, &from, &to)); at++) {
        if (number >= from && number <= to)
            return true;
        if (!*at)
            break;
    }
    return false;
}
