/* Counting in what was written. */
#ifndef TOLKA_TESTS_COUNT_H
#define TOLKA_TESTS_COUNT_H

#include <string.h>

/* How many times `part`, which is not empty, stands in the text. */
static inline int count_of(const char *text, const char *part)
{
    int count = 0;

    for (text = strstr(text, part); text; text = strstr(text + strlen(part), part))
        count++;
    return count;
}

#endif
